"""Drafts: every recipient's message in his or her language, made once, of a size that arrives."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from typing import TYPE_CHECKING

import pytest

from reading_back import docx_text, flat, html_text, pdf_pages
from test_same_in_every_format import worded_figures
from zonereport.api import compose, load, render, render_mail
from zonereport.errors import InputError, MailError, UsageError
from zonereport.mail import drafting
from zonereport.mail.drafting import Mailing, digest_figures, draft
from zonereport.mail.envelope import Envelope
from zonereport.mail.mailboxes import parse_mailbox
from zonereport.mail.outbox import Outbox
from zonereport.mail.recipients import Recipient
from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from pathlib import Path

    from zonereport.mail.outbox import Draft
    from zonereport.zone.model import Zone

ZONE = """
format = 1
[zone]
id = "testonia"
name = { en = "Testonia Sample Zone", zh = "测试样例园区" }
short_name = { en = "Testonia Zone", zh = "测试园区" }
place = { en = "Testonia", zh = "测试市" }
[edition]
snapshot = 2002
date = 2002-12-31
[defaults]
source = "S"
as_of = "2002-12"
currency = "CNY"
[sources.S]
title = { en = "Invented for a test", zh = "为测试而编" }
publisher = { en = "Nobody", zh = "无" }
date = 2002
[figures]
innovation-platforms = 158
rd-professionals = 3228
rd-projects = 1235
invention-patents-held = { more_than = 500 }
patents-granted = 700
"""
MAILING = Mailing(
    job="testonia-2002-1",
    sender=parse_mailbox("测试园区简报 <news@example.org>"),
    time=datetime(2002, 12, 31, 9, 30, tzinfo=UTC),
    content=digest_figures([parse_zone(ZONE, "testonia.toml")]),
)
WANG, ANN, MAX, LI = (
    Recipient(parse_mailbox("王小明 <wang@example.org>"), "zh", formats=("pdf", "docx")),
    Recipient(parse_mailbox("ann@example.org")),
    Recipient(parse_mailbox('"Müller, Max" <max@example.org>'), "de", ("testonia",)),
    Recipient(parse_mailbox("李四 <li@example.org>"), "zh"),
)
LIST = """
[lists.focus-sectors]
label = "Focus sectors"
items = [{ id = "glass", name = "Glass" }]
"""
LISTS = (
    LIST,
    LIST.replace('"glass"', '"clay"'),
    LIST.replace("Glass", "Clay"),
    LIST.replace('"Glass"', '"Glass", relation = "new"'),
    LIST.replace("Focus", "Main"),
)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def zone(text: str = ZONE) -> Zone:
    return parse_zone(text, "testonia.toml")


@cache
def drafts() -> tuple[Draft, ...]:
    return tuple(draft(zone(), [WANG, ANN, MAX, LI], MAILING))


def parsed(found: Draft) -> EmailMessage:
    message = email.message_from_bytes(found.message, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def files(message: EmailMessage) -> dict[str, tuple[str, bytes]]:
    return {
        str(part.get_filename()): (part.get_content_type(), part.get_content())
        for part in message.iter_attachments()
    }


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return flat(part.get_content())


def test_each_recipient_has_a_message_in_his_or_her_language() -> None:
    found = [(each.language, each.subject, parsed(each)["Content-Language"]) for each in drafts()]
    assert found == [
        ("zh", "测试园区2002年科技创新简报", "zh-CN"),
        ("en", "Testonia Zone: science, technology and innovation 2002", "en-GB"),
        ("de", "Testonia Zone: Wissenschaft, Technologie und Innovation 2002", "de-DE"),
        ("zh", "测试园区2002年科技创新简报", "zh-CN"),
    ]
    assert [str(parsed(each)["Subject"]) for each in drafts()] == [each.subject for each in drafts()]
    for each, greeting in zip(drafts(), ("您好！", "Good day,", "Guten Tag,", "您好！"), strict=True):
        assert greeting in plain(parsed(each))


def test_each_recipient_gets_the_files_that_were_asked_for_with_names_of_the_language() -> None:
    assert [sorted(files(parsed(each))) for each in drafts()] == [
        ["测试园区-2002-简报.docx", "测试园区-2002-简报.pdf"],
        ["testonia-2002-briefing-en.pdf"],
        ["testonia-2002-briefing-de.pdf"],
        ["测试园区-2002-简报.pdf"],
    ]
    for each in drafts():
        for name, (kind, data) in files(parsed(each)).items():
            assert kind == TYPES[name.rpartition(".")[2]]
            assert name in plain(parsed(each))
            assert data.startswith(b"%PDF" if name.endswith("pdf") else b"PK")


def test_the_message_and_its_files_say_the_same_figures() -> None:
    for each in drafts():
        message = parsed(each)
        html = message.get_body(("related", "html"))
        assert html is not None
        forms = [plain(message), flat(html_text(html.get_body(("html",)).get_content().encode()))]  # type: ignore[union-attr]
        for name, (_, data) in files(message).items():
            forms.append(flat("\n".join(pdf_pages(data)) if name.endswith("pdf") else docx_text(data)))
        figures = worded_figures(compose(zone(), template="message", language=each.language))
        assert len(figures) >= 5
        for form in forms:
            assert {figure for figure in figures if figure not in form} == set()


def test_every_picture_of_the_html_is_in_the_message() -> None:
    for each in drafts():
        html = next(
            part for part in parsed(each).walk() if part.get_content_type() == "text/html"
        ).get_content()
        pictures = {
            str(part["Content-ID"]).strip("<>"): part
            for part in parsed(each).walk()
            if part.get_content_type() == "image/png"
        }
        assert pictures
        assert all(f'src="cid:{cid}"' in html for cid in pictures)
        assert html.count("cid:") == len(pictures)
        assert all(part.get_content().startswith(b"\x89PNG") for part in pictures.values())


def test_a_draft_is_what_the_outbox_takes() -> None:
    first = drafts()[0]
    assert first.envelope == Envelope("news@example.org", "wang@example.org")
    assert (first.zone, first.snapshot, first.template) == ("testonia", "2002", "briefing")
    assert parsed(first)["Message-ID"] == first.message_id
    assert parsed(first)["To"].addresses[0].display_name == "王小明"
    assert parsed(drafts()[2])["To"].addresses[0].display_name == "Müller, Max"
    assert len({each.message_id for each in drafts()}) == 4
    assert {each.content for each in drafts()} == {digest_figures([zone()])}


def test_the_outbox_keeps_each_message_byte_for_byte(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    numbers = outbox.add_drafts(MAILING.job, drafts())
    assert [outbox.message(number) for number in numbers] == [each.message for each in drafts()]
    outbox.close()


def test_the_same_input_gives_the_same_drafts() -> None:
    assert draft(zone(), [MAX, ANN], MAILING) == [drafts()[2], drafts()[1]]


def test_messages_about_different_things_have_different_ids_and_the_sender_may_differ_from_the_envelope() -> (
    None
):
    others = [
        draft(zone(), [ANN], replace(MAILING, **change))[0].message_id  # type: ignore[arg-type]
        for change in (
            {"job": "other"},
            {"content": "other"},
            {"template": "onepage"},
            {"message": "onepage"},
        )
    ]
    others += [draft(zone(ZONE.replace("2002", "2003")), [ANN], MAILING)[0].message_id]
    assert len({drafts()[1].message_id, *others}) == 6
    (found,) = draft(zone(), [ANN], replace(MAILING, envelope_sender="bounce@example.org"))
    assert found.message_id == drafts()[1].message_id
    assert found.envelope.sender == "bounce@example.org"
    assert parsed(found)["From"].addresses[0].addr_spec == "news@example.org"


def test_who_does_not_get_the_zone_gets_nothing() -> None:
    assert draft(zone(), [replace(ANN, zones=("examplia",))], MAILING) == []


def test_each_language_and_format_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    whole, text = drafting.render_all, drafting.render_mail

    def render_all(briefing, formats):  # type: ignore[no-untyped-def]
        made.extend(f"{briefing.language} {format}" for format in formats)
        return whole(briefing, formats)

    def render_mail(briefing):  # type: ignore[no-untyped-def]
        made.append(f"{briefing.language} text")
        return text(briefing)

    monkeypatch.setattr(drafting, "render_all", render_all)
    monkeypatch.setattr(drafting, "render_mail", render_mail)
    crowd = [replace(ANN, mailbox=parse_mailbox(f"r{number}@example.org")) for number in range(50)]
    assert len({each.message_id for each in draft(zone(), crowd, MAILING)}) == 50
    assert made == ["en-GB pdf", "en-GB text"]


# Size


def size_of(recipient: Recipient, mailing: Mailing) -> int:
    (found,) = draft(zone(), [recipient], mailing)
    return len(found.message)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Not attached, because the message would be too large: Word.", "The full briefing is here:")),
        ("zh", ("因邮件过大而未附：Word。", "完整简报见：")),
        (
            "de",
            (
                "Nicht beigefügt, weil die Nachricht zu groß würde: Word.",
                "Der vollständige Bericht steht hier:",
            ),
        ),
    ],
)
def test_a_message_too_large_goes_with_the_pdf_alone_then_with_a_link_and_says_so(
    language: str, words: tuple[str, str]
) -> None:
    recipient = replace(WANG, language=language)
    link = "https://example.org/briefings/2002"
    mailing = replace(MAILING, link=link)
    full = size_of(recipient, mailing)
    (smaller,) = draft(zone(), [recipient], replace(mailing, max_bytes=full - 1))
    assert [name.rpartition(".")[2] for name in files(parsed(smaller))] == ["pdf"]
    assert words[0] in plain(parsed(smaller))
    assert words[1] in plain(parsed(smaller))
    assert link in plain(parsed(smaller))
    (smallest,) = draft(zone(), [recipient], replace(mailing, max_bytes=len(smaller.message) - 1))
    assert files(parsed(smallest)) == {}
    assert words[0].replace(
        "Word", "PDF和Word" if language == "zh" else f"PDF {'and' if language == 'en' else 'und'} Word"
    ) in plain(parsed(smallest))
    assert link in plain(parsed(smallest))
    assert len(smallest.message) < len(smaller.message) < full


def test_what_fits_says_nothing_of_a_link() -> None:
    (found,) = draft(zone(), [ANN], replace(MAILING, link="https://example.org/b"))
    assert "example.org/b" not in plain(parsed(found))


def test_without_a_link_a_message_too_large_is_an_error_that_says_how_large() -> None:
    with pytest.raises(
        MailError, match=r"to `ann@example.org` has 0\.\d MB, expected at most 0\.1"
    ) as refused:
        draft(zone(), [ANN], replace(MAILING, max_bytes=50_000))
    assert "--link" in refused.value.hint


# What it says


def text_of(figures: str, language: str = "en") -> str:
    text = ZONE.partition("[figures]")[0] + f"[figures]\n{figures}\n"
    return flat(render_mail(compose(zone(text), template="message", language=language)).text)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Gross industrial output is 3 billion yuan (estimated; 2001)."),
        ("zh", "工业总产值30亿元（估计数；2001年）。"),
        ("de", "beträgt 3 Mrd. Yuan (geschätzt; 2001)."),
    ],
)
def test_a_figure_of_another_year_says_its_year_in_the_sentence(language: str, said: str) -> None:
    output = 'industrial-output = { value = 3, scale = "billion", period = %s, status = ["estimated"] }'
    more = "innovation-platforms = 158\nrd-projects = { value = 9, as_of = '2001-12' }\n"
    assert said in text_of(more + output % 2001, language)
    assert re.sub("[;；] ?2001年?", "", said) in text_of(more + output % 2002, language)
    briefing = compose(zone(ZONE + output % 2001), language=language)
    assert said in flat(html_text(render(briefing, "html")))


@pytest.mark.parametrize(
    ("language", "opening", "said"),
    [
        ("en", "these are the headline figures", "none of the headline figures of 2002 is known"),
        ("zh", "各数均依来源原样列出", "2002年的各项主要数据均无公布值"),
        ("de", "dies sind die Eckdaten", "ist keines der Eckdaten 2002 bekannt"),
    ],
)
def test_without_a_headline_figure_none_is_announced(language: str, opening: str, said: str) -> None:
    for figures in ("", "area = 12"):
        assert opening not in text_of(figures, language)
        assert said in text_of(figures, language)
    assert opening in text_of("rd-projects = 9", language)
    assert said not in text_of("rd-projects = 9", language)


def test_a_figure_that_stands_alone_is_named_as_its_language_does() -> None:
    exports = 'exports = { less_than = 5, scale = "million", period = 2002 }'
    assert "出口总额：不足500万元。" in text_of(exports, "zh")
    assert "Export earnings: less than 5 million yuan." in text_of(exports)


# What is never drafted


def test_a_zone_that_fails_its_checks_is_never_drafted() -> None:
    with pytest.raises(InputError):
        draft(zone(ZONE.replace("158", "'158'")), [ANN], MAILING)


def test_what_a_reader_would_stumble_over_is_never_drafted_if_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from zonereport.render.preflight import Finding

    monkeypatch.setattr(drafting, "preflight", lambda briefing: (Finding("Figure 1", "a fault"),))
    assert len(draft(zone(), [ANN], MAILING)) == 1
    with pytest.raises(MailError, match="Figure 1: a fault\nnothing was drafted"):
        draft(zone(), [ANN], replace(MAILING, strict=True))


def test_an_address_to_unsubscribe_at_that_does_not_hold_stops_the_job() -> None:
    with pytest.raises(UsageError, match="unsubscribe"):
        draft(zone(), [ANN], replace(MAILING, unsubscribe=("http://example.org",)))


# What a message is about


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("= 158", "= 159"),
        ("= 158", "= { about = 158 }"),
        ("more_than = 500", "at_least = 500"),
        ("= 3228", '= { value = 3228, status = ["provisional"] }'),
        ("= 3228", '= { value = 3228, as_of = "2002-11" }'),
        ("= 1235", '= { value = 1235, period = "not stated" }'),
        ("= 700", '= "not published"'),
        ("patents-granted = 700", ""),
        ("= 700", '= { value = 700, scope = "the host city" }'),
        ("snapshot = 2002", "snapshot = '2002-Q4'"),
        (
            "= 158",
            '= { value = 158, breakdown = { by = "kind", parts = [{ name = "centres", value = 5 }] } }',
        ),
        ("= 700", '= { value = 700, label = "Patents of another kind" }'),
        ("patents-granted = 700\n", f"patents-granted = 700\n{LIST}"),
    ],
)
def test_other_figures_are_another_content(old: str, new: str) -> None:
    assert old in ZONE
    assert digest_figures([zone(ZONE.replace(old, new))]) != digest_figures([zone()])


def test_a_list_is_told_too_with_each_of_its_entries() -> None:
    assert len({digest_figures([zone(ZONE + more)]) for more in LISTS}) == len(LISTS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Testonia Sample Zone", "Testonia Zone of Samples"),
        ("Invented for a test", "Invented for two tests"),
        ("= 158", "= { value = 158, note = 'A caveat.' }"),
        ("= 158", "= { value = 158.0 }"),
        ("date = 2002-12-31", "date = 2003-01-31"),
        ("rd-professionals = 3228\nrd-projects = 1235\n", "rd-projects = 1235\nrd-professionals = 3228\n"),
        ("[zone]", "# a remark\n\n[zone]"),
    ],
)
def test_other_words_are_the_same_content(old: str, new: str) -> None:
    assert old in ZONE
    assert digest_figures([zone(ZONE.replace(old, new))]) == digest_figures([zone()])


def test_an_earlier_snapshot_beside_it_is_another_content() -> None:
    assert digest_figures([load("baotou-2022"), load("baotou-2021")]) != digest_figures([load("baotou-2022")])
