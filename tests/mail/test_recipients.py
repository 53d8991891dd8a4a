"""Recipients: read from what an office has, every one checked, nobody twice."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from zonereport.errors import InputError, MailError
from zonereport.mail.mailboxes import Mailbox
from zonereport.mail.recipients import COLUMNS, MOST, Recipient, gather_recipients, read_recipients

WANG = Recipient(Mailbox("wang@example.org", "王小明"), "zh", ("testonia", "examplia"), ("pdf", "docx"))
ANN = Recipient(Mailbox("ann@example.org", "Ann O'Neil"), "en")

CSV = """name,address,language,zones,formats
王小明,wang@example.org,zh,testonia;examplia,pdf docx
Ann O'Neil,ann@example.org,en,,
"""
TOML = """
[[recipient]]
name = "王小明"
address = "wang@example.org"
language = "zh"
zones = ["testonia", "examplia"]
formats = ["pdf", "docx"]

[[recipient]]
name = "Ann O'Neil"
address = "ann@example.org"
language = "en"
"""


def file(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(folder: Path, content: str | bytes, name: str = "list.csv") -> list[str]:
    with pytest.raises(InputError) as refused:
        read_recipients(file(folder, content, name))
    return [problem.describe("list") for problem in refused.value.problems]


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        "\ufeff" + CSV,
        CSV.replace("\n", "\r\n"),
        CSV.replace(",", "\t"),
        "Name;E-Mail;Lang;Zone;Format\n王小明;wang@example.org;ZH-CN;\"testonia; examplia\";PDF,docx\n"
        "Ann O'Neil;ann@example.org;en;;\n",
        "姓名,邮箱,语言,园区,格式\n王小明,wang@example.org,zh,testonia、examplia,pdf，docx\n\n,,,,\n"
        "Ann O'Neil,ann@EXAMPLE.ORG,en,,\n",
        "address,name,formats,zones,language\n wang@example.org , 王小明 ,pdf|docx,testonia examplia,zh\n"
        "ann@example.org,Ann O'Neil,,,en\n",
    ],
)  # fmt: skip
def test_a_csv_is_read_as_spreadsheets_write_it(tmp_path: Path, content: str) -> None:
    found = read_recipients(file(tmp_path, content))
    assert found.entries == (WANG, ANN)
    assert found.notes == ()


def test_a_toml_file_says_the_same(tmp_path: Path) -> None:
    assert read_recipients(file(tmp_path, TOML, "list.toml")).entries == (WANG, ANN)


def test_a_csv_of_chinese_excel_is_read_and_that_is_said(tmp_path: Path) -> None:
    found = read_recipients(file(tmp_path, CSV.encode("gb18030")))
    assert found.entries == (WANG, ANN)
    (note,) = found.notes
    assert (
        "read as GB18030, because it is not UTF-8; see whether line 2 is right: `王小明,wang@example.org"
        in note
    )


def test_what_is_neither_utf_8_nor_gb18030_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, b"name,address\nok,a@example.org\n\xff\xff,b@example.org\n") == [
        "list:3: expected UTF-8 or GB18030 text, found neither\n  hint: save the file again with the encoding UTF-8"
    ]


def test_only_the_address_is_needed(tmp_path: Path) -> None:
    assert read_recipients(file(tmp_path, "address\na@example.org")).entries == (
        Recipient(Mailbox("a@example.org")),
    )


def test_every_problem_is_named_with_its_line_and_a_hint(tmp_path: Path) -> None:
    content = (
        "name,address,language,zones,formats\n"
        "A,a@example,en,,\n"
        "B,b@example.org,fr,,\n"
        '"C\nC",c@example.org,en,,\n'
        "D,d@example.org,en,,pfd\n"
        ",,,,\n"
        "E,,en,,\n"
        "F,f@example.org,eng,,\n"
    )
    found = problems(tmp_path, content)
    assert [line.partition(" ")[0] for line in found] == [
        "list:2:", "list:3:", "list:4:", "list:6:", "list:8:", "list:9:"
    ]  # fmt: skip
    assert all("\n  hint: " in line for line in found)
    assert "it should have a period" in found[0] or "should have a period" in found[0]
    assert "list:3: language: no language `fr`\n  hint: there are de, en, zh" in found
    assert "list:6: formats: no format `pfd`\n  hint: did you mean `pdf`?" in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no recipients"),
        ("\n\n", "no recipients"),
        ("name,address\n", "no recipients"),
        ("name,language\nA,en\n", "list:1: no column `address`"),
        ("nam,address\nA,a@example.org\n", "list:1: unknown column `nam`\n  hint: did you mean `name`?"),
        ("address,email\na@example.org,b@example.org\n", "list:1: two columns for `address`"),
        ("name,address\nLee, Ann,a@example.org\n", "list:2: 3 cells, expected 2\n  hint: put what holds a `,`"),
        ('name,address\n"A,a@example.org\n', "not valid CSV"),
        (b"PK\x03\x04\x00\x00", "expected text, found binary data\n  hint: save it as CSV, not as XLSX"),
        ("a@example.org\n", "unknown column `a@example.org`"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    assert message in "\n".join(problems(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected tables `[[recipient]]` alone"),
        ("recipient = 1", "expected tables `[[recipient]]` alone"),
        ("recipient = [1]", "list:1: recipient.0: expected a table"),
        ("[[recipients]]\naddress = 'a@example.org'", "recipients: expected tables `[[recipient]]` alone"),
        ("[[recipient]]\nadress = 'a@example.org'", "recipient.0.adress: unknown key\n  hint: did you mean `address`?"),
        ("\n[[recipient]]\naddress = 1", "list:2: recipient.0: `address`: expected a text"),
        ("[[recipient]]\naddress = 'a@example.org'\nformats = ['doc']", "no format `doc`"),
        ("[[recipient]]\naddress = 'a@example.org'\nzones = 3", "`zones`: expected a list of texts"),
        ("[[recipient]]\naddress = 'a@example.org'\nzones = { a = 1 }", "`zones`: expected a list of texts"),
        ("[[recipient]]\naddress = 'a@example.org'\nformats = true", "`formats`: expected a list of texts"),
        ("[[recipient]]\naddress = 'a@example.org'\nformats = [1]", "`formats`: expected a list of texts"),
        ("[[recipient]]\naddress = ", "list:2: not valid TOML"),
    ],
)  # fmt: skip
def test_a_toml_file_that_does_not_hold_is_refused(tmp_path: Path, content: str, message: str) -> None:
    assert message in "\n".join(problems(tmp_path, content, "list.toml"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_recipients(tmp_path / "none.csv")


def test_a_file_of_endless_lines_is_not_read_to_its_end(tmp_path: Path) -> None:
    lines = "".join(f"r{number}@example.org\n" for number in range(MOST + 1))
    assert problems(tmp_path, "address\n" + lines) == ["list:100001: more than 100000 lines"]


def test_a_mailbox_that_stands_twice_gets_one_message_for_the_zones_of_both(tmp_path: Path) -> None:
    content = (
        "address,zones\na@example.org,testonia\nb@example.org,\nA@EXAMPLE.org,examplia\nb@example.org,x\n"
    )
    found = read_recipients(file(tmp_path, content))
    assert [(entry.mailbox.address, entry.zones) for entry in found.entries] == [
        ("a@example.org", ("testonia", "examplia")),
        ("b@example.org", ()),
    ]
    assert found.notes == (
        "`A@example.org` stands on the lines 2 and 4, and gets one message",
        "`b@example.org` stands on the lines 3 and 5, and gets one message",
    )


def test_an_international_domain_is_the_same_mailbox_in_both_spellings(tmp_path: Path) -> None:
    found = read_recipients(file(tmp_path, "address\na@例子.cn\na@xn--fsqu00a.cn\n"))
    assert [entry.mailbox.address for entry in found.entries] == ["a@xn--fsqu00a.cn"]
    assert len(found.notes) == 1


@pytest.mark.parametrize("second", ["a@example.org,zh,", "a@Example.org,en,docx"])
def test_a_mailbox_that_stands_twice_with_other_wishes_is_refused(tmp_path: Path, second: str) -> None:
    assert problems(tmp_path, f"address,language,formats\na@example.org,en,\n{second}\n") == [
        "list:3: `a@example.org` stands twice\n"
        "  hint: line 2 has the same address with another language or other formats"
    ]


def test_a_recipient_is_read_from_the_command_line() -> None:
    found = gather_recipients(["王小明 <wang@example.org>"])
    assert found.entries == (Recipient(Mailbox("wang@example.org", "王小明")),)
    with pytest.raises(MailError, match="must have an @-sign"):
        gather_recipients(["王小明"])


def test_who_is_named_twice_on_the_command_line_gets_one_message() -> None:
    found = gather_recipients(["Ann <ann@example.org>", "ann@EXAMPLE.org"])
    assert found.entries == (Recipient(Mailbox("ann@example.org", "Ann")),)
    assert found.notes == ("`ann@example.org` is named more than once, and gets one message",)


def test_who_is_named_in_the_file_too_gets_every_zone_as_the_file_says(tmp_path: Path) -> None:
    found = gather_recipients(["Wang@example.org", "x@example.org"], file(tmp_path, CSV))
    assert [entry.mailbox.address for entry in found.entries] == [
        "wang@example.org", "ann@example.org", "x@example.org"
    ]  # fmt: skip
    assert found.entries[0] == replace(WANG, zones=())


@pytest.mark.parametrize(
    "content",
    ["name,address,language,,\nA,a@example.org,en,,\n", "sep=;\nname;address\nA;a@example.org\n",
     '"sep=,"\r\naddress\r\na@example.org\r\n'],
)  # fmt: skip
def test_what_excel_writes_around_the_cells_is_no_column(tmp_path: Path, content: str) -> None:
    assert [entry.mailbox.address for entry in read_recipients(file(tmp_path, content)).entries] == [
        "a@example.org"
    ]


def test_below_a_line_that_names_the_separator_lines_keep_their_numbers(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "sep=;\nname;address\nA;a@example\n")
    assert found.startswith("list:3: ")


def test_the_page_names_every_column_and_its_example_holds(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/email.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(\[\[recipient.*?)```", page, re.DOTALL)
    (entry,) = read_recipients(file(tmp_path, example, "list.toml")).entries
    assert entry == replace(WANG, zones=("baotou",))
    assert [name for name in COLUMNS if f"`{name}`" not in page] == []
