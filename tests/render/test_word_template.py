"""A briefing in a corporate template, and the zone files inside a Word file. All of it is invented."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, RGBColor
from lxml import etree
from PIL import Image

from conftest import CASES, composed, rendered
from invented_peers import home
from zonereport.api import load
from zonereport.briefing.blocks import Attachment, Listing, Paragraph, Run
from zonereport.briefing.text import every_text
from zonereport.charts.style import Style
from zonereport.errors import RenderError
from zonereport.fonts import prepare_fonts
from zonereport.render.word import opc
from zonereport.render.word.attachments import NAMESPACE, read_attachments
from zonereport.render.word.document import write_docx
from zonereport.render.word.template import missing_styles
from zonereport.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docx.document import Document

    from zonereport.briefing.blocks import Briefing

ITEMS = tuple((Paragraph((Run(text),)),) for text in ("one", "two"))
LISTS = (Listing(ITEMS), Listing(ITEMS, ordered=True))
NOTE = Paragraph((Run("Noted"), Run("1", note=(Run("a note"),))))


def style_for(briefing: Briefing) -> Style:
    theme = load_theme(briefing.theme)
    return Style(theme, prepare_fonts(every_text(briefing), theme.fonts.text))


def write(template: Path | None, *extra: Paragraph | Listing, case: str = "2021") -> bytes:
    briefing = composed(case)
    briefing = replace(briefing, blocks=(*briefing.blocks, *extra))
    return write_docx(briefing, style_for(briefing), template)


def corporate(document: Document) -> None:
    """Landscape, with a logo in the header, own fonts and colours, and text that must not stay."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(40)
    document.styles["Normal"].font.name = "Georgia"
    document.styles["Heading 1"].font.color.rgb = RGBColor(0xC0, 0x00, 0x40)
    logo = BytesIO()
    Image.new("RGB", (60, 20), (192, 0, 64)).save(logo, "PNG")
    section.header.paragraphs[0].add_run("Corporation of Examplia ").add_picture(logo, height=Mm(8))
    section.footer.paragraphs[0].text = "Internal"
    document.add_heading("Sample title", 0)
    picture = BytesIO()
    Image.new("RGB", (40, 40), (1, 2, 3)).save(picture, "PNG")
    document.add_picture(picture)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "corporate.docx"
    document = docx.Document()
    corporate(document)
    document.save(path)
    return path


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(contents: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, blob in contents.items():
            archive.writestr(name, blob)
    return out.getvalue()


def edit(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    contents = parts(path.read_bytes())
    before = contents[part]
    contents[part] = change(before)
    assert contents[part] != before
    path.write_bytes(zipped(contents))


def ask(root: etree._Element, path: str) -> list:
    return root.xpath(path, namespaces=nsmap)


def body(data: bytes) -> etree._Element:
    return etree.fromstring(parts(data)["word/document.xml"])


def styles_of(data: bytes) -> dict[str, bytes]:
    parser = etree.XMLParser(remove_blank_text=True)
    root = etree.fromstring(parts(data)["word/styles.xml"], parser)
    return {s.get(qn("w:styleId")): etree.tostring(s, method="c14n") for s in ask(root, "w:style")}


def test_the_template_s_own_styles_and_defaults_are_kept_to_the_byte(template: Path) -> None:
    before, after = styles_of(template.read_bytes()), styles_of(write(template))
    assert {key: after[key] for key in before} == before
    defaults = [
        etree.tostring(
            ask(etree.fromstring(parts(data)["word/styles.xml"], etree.XMLParser(remove_blank_text=True)),
                "w:docDefaults")[0], method="c14n",
        )
        for data in (template.read_bytes(), write(template))
    ]  # fmt: skip
    assert defaults[0] == defaults[1]
    assert (
        parts(write(template))["word/theme/theme1.xml"]
        == parts(template.read_bytes())["word/theme/theme1.xml"]
    )


def test_header_logo_footer_and_page_are_the_template_s(template: Path) -> None:
    written = docx.Document(BytesIO(write(template)))
    section = written.sections[0]
    assert len(written.sections) == 1
    assert section.header.paragraphs[0].text.startswith("Corporation of Examplia")
    assert section.footer.paragraphs[0].text == "Internal"
    assert (section.page_width, section.left_margin) == (
        pytest.approx(Mm(297), abs=635),
        pytest.approx(Mm(40), abs=635),
    )
    assert [r.target_part.content_type for r in section.header.part.rels.values()] == ["image/png"]


def test_the_template_s_text_and_pictures_do_not_stay(template: Path) -> None:
    contents = parts(write(template))
    assert b"Sample title" not in contents["word/document.xml"]
    assert parts(template.read_bytes())["word/media/image2.png"] not in contents.values()
    title = docx.Document(BytesIO(zipped(contents))).core_properties.title
    assert title == composed("2021").title


def test_charts_are_as_wide_as_the_template_s_text(template: Path) -> None:
    data = write(template, case="2022")
    (width,) = {int(width) for width in ask(body(data), "//wp:extent/@cx")}
    assert width == pytest.approx(Mm(217), abs=1300)
    drawn = etree.fromstring(parts(data)["word/media/image1.svg"])
    assert float(drawn.get("width").removesuffix("pt")) == pytest.approx(217 * 72 / 25.4, abs=0.1)


def test_styles_that_are_used_are_there_and_those_added_are_named(template: Path) -> None:
    data = write(template, NOTE)
    used = {str(name) for part in ("word/document.xml", "word/footnotes.xml")
            for name in ask(etree.fromstring(parts(data)[part]), "//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val")}  # fmt: skip
    assert used <= set(styles_of(data))
    missing = missing_styles(template)
    assert "heading 1" not in missing
    assert {"Lead", "Tile Value", "Zonereport Table"} <= set(missing)
    assert len(missing) == len(styles_of(data)) - len(styles_of(template.read_bytes()))


def test_a_template_made_from_a_briefing_lacks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    path.write_bytes(rendered("2022")["docx"])
    assert missing_styles(path) == []
    assert [a.name for a in read_attachments(write(path))] == ["baotou-2021.toml"]


def test_styles_are_found_by_name_whatever_their_id(template: Path) -> None:
    edit(template, "word/styles.xml", lambda xml: xml.replace(b'"Heading1"', b'"berschrift1"'))
    assert ask(body(write(template)), "//w:p[w:pPr/w:pStyle/@w:val='berschrift1']")
    assert not ask(body(write(template)), "//w:p[w:pPr/w:pStyle/@w:val='Heading1']")


def test_a_style_of_another_name_keeps_the_id_that_ours_would_have(template: Path) -> None:
    edit(template, "word/styles.xml",
         lambda xml: xml.replace(b"</w:styles>", b'<w:style w:type="paragraph" w:styleId="Fact"><w:name w:val="Fakt"/></w:style></w:styles>'))  # fmt: skip
    assert ask(body(write(template)), "//w:p[w:pPr/w:pStyle/@w:val='ZonereportFact']")
    assert b"Fakt" in styles_of(write(template))["Fact"]


def test_prose_is_the_template_s_normal_where_it_has_no_body_text(template: Path) -> None:
    edit(template, "word/styles.xml", lambda xml: xml.replace(b'"Body Text"', b'"Other Text"'))
    assert "Body Text" not in missing_styles(template)
    assert ask(body(write(template, NOTE)), "//w:p[w:pPr/w:pStyle/@w:val='Normal'][w:r/w:t='Noted']")


def test_lists_keep_the_template_s_bullets_and_numbers_and_start_at_one(template: Path) -> None:
    data = write(template, *LISTS)
    items = ask(body(data), "//w:p[w:r/w:t='one' or w:r/w:t='two']")
    bullets, numbers = items[:2], items[2:]
    assert not any(ask(p, "w:pPr/w:numPr") for p in bullets)
    (instance,) = {ask(p, "string(w:pPr/w:numPr/w:numId/@w:val)") for p in numbers}
    numbering = etree.fromstring(parts(data)["word/numbering.xml"])
    own = ask(etree.fromstring(parts(data)["word/styles.xml"]),
              "string(w:style[w:name/@w:val='List Number']/w:pPr/w:numPr/w:numId/@w:val)")  # fmt: skip
    definition = "string(w:num[@w:numId='{}']/w:abstractNumId/@w:val)"
    assert ask(numbering, definition.format(instance)) == ask(numbering, definition.format(own)) != ""
    assert ask(numbering, f"w:num[@w:numId='{instance}']/w:lvlOverride/w:startOverride/@w:val") == ["1"]


def test_list_definitions_have_ids_of_their_own_and_stand_before_their_instances(template: Path) -> None:
    numbering = etree.fromstring(parts(write(template, *LISTS))["word/numbering.xml"])
    for ids in (ask(numbering, "w:num/@w:numId"), ask(numbering, "w:abstractNum/@w:abstractNumId")):
        assert len(set(ids)) == len(ids)
    assert not ask(numbering, "w:abstractNum[preceding-sibling::w:num]")
    assert set(ask(numbering, "w:num/w:abstractNumId/@w:val")) <= set(
        ask(numbering, "w:abstractNum/@w:abstractNumId")
    )


def test_a_template_without_styles_numbering_and_settings_gets_ours(template: Path) -> None:
    edit(template, "word/_rels/document.xml.rels",
         lambda xml: re.sub(rb"<Relationship [^>]*(styles|numbering|settings)[^>]*/>", b"", xml))  # fmt: skip
    data = write(template, *LISTS, NOTE)
    document = docx.Document(BytesIO(data))
    assert {"Heading1", "BodyText", "ListBullet"} <= {style.style_id for style in document.styles}
    assert len(document.part.numbering_part.element.xpath("w:num")) == 3
    assert document.settings.element.xpath("w:footnotePr")


def test_the_last_section_shows_the_headers_it_took_from_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "two.docx"
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "From the first"
    document.add_section().left_margin = Mm(50)
    document.save(path)
    section = docx.Document(BytesIO(write(path))).sections[0]
    assert section.header.paragraphs[0].text == "From the first"
    assert section.left_margin == pytest.approx(Mm(50), abs=635)


def test_tables_stand_at_the_edge_of_the_text_in_a_template_of_older_layout(template: Path) -> None:
    def places(data: bytes) -> list[str]:
        return ask(
            body(data), "//w:body/w:tbl[w:tblPr/w:tblStyle/@w:val='ZonereportTable']/w:tblPr/w:tblInd/@w:w"
        )

    assert set(places(write(template))) == {"100"}
    setting = b'<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    edit(
        template,
        "word/settings.xml",
        lambda xml: re.sub(rb"<w:compat>(<w:compatSetting[^>]*compatibilityMode[^>]*/>)?", setting, xml),
    )
    assert places(write(template)) == []


def test_text_of_another_language_than_the_template_s_says_so(template: Path) -> None:
    assert set(ask(body(write(template)), "//w:r/w:rPr/w:lang/@w:val")) >= {"en-GB"}
    assert not ask(body(write(None)), "//w:r/w:rPr/w:lang[@w:val='en-GB']")


def test_a_word_template_gives_a_document(template: Path) -> None:
    edit(template, "[Content_Types].xml", lambda xml: xml.replace(b"document.main+xml", b"template.main+xml"))
    assert b"document.main+xml" in parts(write(template))["[Content_Types].xml"]


def test_the_template_of_a_template_and_its_mail_merge_are_dropped(template: Path) -> None:
    contents = parts(template.read_bytes())
    settings = contents["word/settings.xml"]
    pointer = b'<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/>'
    contents["word/settings.xml"] = re.sub(rb"(<w:settings[^>]*>)", rb"\1" + pointer, settings, count=1)
    contents["word/_rels/settings.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        b'Target="https://corporation.example/a.dotx" TargetMode="External"/></Relationships>'
    )
    template.write_bytes(zipped(contents))
    written = parts(write(template))
    assert b"attachedTemplate" not in written["word/settings.xml"]
    assert not [name for name, blob in written.items() if b"corporation.example" in blob]


@pytest.mark.parametrize(
    ("part", "old", "new", "found"),
    [
        ("[Content_Types].xml", rb"application/vnd[^\"]*document[.]main[+]xml", b"application/vnd.ms-word.document.macroEnabled.main+xml", "macros"),
        ("[Content_Types].xml", rb"wordprocessingml.document.main", b"spreadsheetml.sheet.main", "another kind of Office file"),
        ("_rels/.rels", rb"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument", b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument", "strict"),
        ("_rels/.rels", rb"officeDocument\"", b'other"', "without a document"),
        ("word/styles.xml", rb"<w:styles", b'<!DOCTYPE a [<!ENTITY b "c">]><w:styles', "document type"),
        ("word/styles.xml", rb"</w:styles>", b"", "no valid XML: `word/styles.xml`"),
        ("word/header1.xml", rb"</w:hdr>", b"", "a damaged one"),
        ("word/document.xml", rb"<w:body>.*</w:body>", b"", "without a body"),
        ("word/document.xml", rb'w:left="[0-9]+"', b'w:left="13000"', "mm wide"),
        ("word/_rels/header1.xml.rels", rb'Target="[^"]*"', b'Target="https://corporation.example/x.png" TargetMode="External"', "from `https://corporation.example/x.png`"),
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused(
    template: Path, part: str, old: bytes, new: bytes, found: str
) -> None:
    edit(template, part, lambda xml: re.sub(old, new, xml, flags=re.DOTALL))
    with pytest.raises(
        RenderError, match=re.escape(f"{template}: expected a Word template (.docx or .dotx), found")
    ) as caught:
        write(template)
    assert found in caught.value.message


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"hello", "no Word file, or a damaged one"),
        (b"\xd0\xcf\x11\xe0", "an older Word file"),
        (zipped({"a": b"b"}), "a ZIP archive that is no Word file"),
        (zipped({"[Content_Types].xml": b"<a/>"}), "valid XML: `_rels/.rels`"),
        (zipped({str(n): b"" for n in range(opc.MOST_PARTS + 1)}), "a package of 5001 parts"),
        (zipped({"bomb": bytes(opc.LARGEST_PART + 1)}), "a part that unpacks to more than 64 MB: `bomb`"),
    ],
)
def test_what_is_no_word_file_is_refused(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "given.docx"
    path.write_bytes(data)
    with pytest.raises(RenderError, match=re.escape(found)):
        missing_styles(path)


def test_a_template_that_cannot_be_read_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"none\.docx: cannot be read: No such file"):
        write(tmp_path / "none.docx")


def test_the_same_template_gives_the_same_bytes(template: Path) -> None:
    assert write(template, *LISTS, NOTE) == write(template, *LISTS, NOTE)


def attached(data: bytes, **changes: object) -> Attachment:
    whole = Attachment("zone.toml", "application/toml", "source", "What it was made from", data)
    return replace(whole, **changes)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b'title = "a"\n\tb\n', None),
        ("包头\u2028 ]]> &amp; <a b='c'>\n".encode(), None),
        (b"", None),
        (b"\xef\xbb\xbfwith a mark", None),
        (b"one\r\ntwo\r\n", "base64"),
        (b"a\rb", "base64"),
        (b"a\x00b", "base64"),
        (b"\xff\xfe", "base64"),
        (b" \n ", "base64"),
        ("\ufffe".encode(), "base64"),
        (bytes(range(256)) * 40, "base64"),
    ],
)
def test_an_attachment_comes_back_byte_for_byte(data: bytes, encoding: str | None) -> None:
    given = attached(data)
    saved = write_docx(replace(composed("2021"), attachments=(given,)), style_for(composed("2021")))
    root = etree.fromstring(parts(saved)["customXml/item1.xml"])
    assert root.get("encoding") == encoding
    assert read_attachments(saved) == [given]


def test_every_case_carries_its_zone_files(case: str) -> None:
    expected = [a for a in composed(case).attachments if a.relationship == "source"]
    assert read_attachments(rendered(case)["docx"]) == expected
    zone = home() if CASES[case].has_peers else load(CASES[case].zones[0])
    assert expected[0].data == zone.origin.text.encode()


def test_a_custom_xml_part_is_tied_to_the_document_with_an_id_and_its_namespace() -> None:
    contents = parts(rendered("2022 beside 2021")["docx"])
    assert b"customXml/item1.xml" in contents["word/_rels/document.xml.rels"]
    assert b"itemProps1.xml" in contents["customXml/_rels/item1.xml.rels"]
    ids = {re.search(rb"itemID=\"([^\"]*)\"", contents[f"customXml/itemProps{n}.xml"])[1] for n in (1, 2)}
    assert len(ids) == 2
    assert all(re.fullmatch(rb"\{[0-9A-F-]{36}\}", key) for key in ids)
    assert NAMESPACE.encode() in contents["customXml/itemProps1.xml"]


def test_a_name_with_folders_loses_them_and_odd_attributes_are_tamed() -> None:
    given = attached(b"x", name="../../etc/passwd", description='a\n"<\x00>')
    saved = write_docx(replace(composed("2021"), attachments=(given,)), style_for(composed("2021")))
    assert read_attachments(saved) == [attached(b"x", name="passwd", description='a\n"<\ufffd>')]


def test_a_word_file_without_attachments_gives_none_whatever_else_it_holds(template: Path) -> None:
    contents = parts(template.read_bytes()) | {
        "customXml/item7.xml": b"<broken",
        "customXml/item8.xml": b"<a/>",
    }
    assert read_attachments(zipped(contents)) == []


@pytest.mark.parametrize(
    ("xml", "found"),
    [
        (f'<attachment xmlns="{NAMESPACE}" encoding="base64">***</attachment>', "no base64"),
        (f'<!DOCTYPE a [<!ENTITY b "c">]><attachment xmlns="{NAMESPACE}">&b;</attachment>', "document type"),
        (f'<attachment xmlns="{NAMESPACE}">', "no valid XML: `customXml/item1.xml`"),
    ],
)
def test_an_attachment_that_was_tampered_with_is_refused(xml: str, found: str) -> None:
    data = zipped({"[Content_Types].xml": b"<Types/>", "customXml/item1.xml": xml.encode()})
    with pytest.raises(RenderError, match=f"given.docx: expected a Word file .*{found}"):
        read_attachments(data, "given.docx")


def test_a_file_that_is_no_word_file_has_no_attachments_to_read() -> None:
    with pytest.raises(RenderError, match="the Word file: expected a Word file"):
        read_attachments(b"PK\x03\x04 and nothing more")
