"""One theme file drives charts, PDF, Word and HTML: each is opened and asked."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import docx
import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from lxml import etree, html
from matplotlib.colors import to_hex
from PIL import Image
from test_pdf_tags import File

from reading_back import docx_text, pdf_pages
from zonereport.api import compose, load, render, render_all
from zonereport.briefing.blocks import ChartBlock
from zonereport.charts.svg import svg
from zonereport.fonts import outlines, text_width
from zonereport.render.html.palette import by_name, dark_palette
from zonereport.render.registry import FORMATS
from zonereport.resources import TEMPLATES
from zonereport.theme import AAA, INKS, MM, contrast, load_theme

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style

W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
VAL = f"{{{W['w']}}}val"
ACCENT = "#6a1b4d"

HOUSE = f"""
base = "neutral"
[colours]
accent = "{ACCENT}"
[fonts]
text = "Inter"
"""
BRANDED = """
base = "warm"
[brand]
logo = "logo.png"
logo-alt = "House of examples"
logo-height = 18
classification = { en = "For internal use", zh = "内部资料" }
footer = { en = "House of examples, 2026", zh = "示例单位" }
"""
OFFICIAL = """
base = "gbt-9704"
[brand]
logo = "logo.png"
classification = "For internal use"
footer = "House of examples"
"""
CENTRED = """
base = "neutral"
[layout]
page-number-at = "center"
page-number = "{page} / {pages}"
[brand]
footer = "Said at the foot. "
"""
THEMES = {"house": HOUSE, "branded": BRANDED, "official": OFFICIAL, "centred": CENTRED}


@cache
def folder() -> Path:
    """Return a folder with the theme files and a logo with a clear ground."""
    path = Path(mkdtemp(prefix="zonereport-themes-"))
    for name, text in THEMES.items():
        (path / f"{name}.toml").write_text(text, "utf-8")
    Image.new("RGBA", (60, 20), (10, 200, 30, 128)).save(path / "logo.png")
    return path


@dataclass(frozen=True)
class Made:
    """A briefing under a theme, in every format."""

    briefing: Briefing
    files: dict[str, bytes]

    @cached_property
    def style(self) -> Style:
        from zonereport.api import _style

        return _style(self.briefing)

    def chart(self) -> Drawing:
        block = next(block for block in self.briefing.blocks if isinstance(block, ChartBlock))
        return block.chart.draw(self.style)

    def word(self, part: str) -> etree._Element:
        with zipfile.ZipFile(BytesIO(self.files["docx"])) as package:
            return etree.fromstring(package.read(part))

    @cached_property
    def page(self) -> html.HtmlElement:
        return html.document_fromstring(self.files["html"])

    @cached_property
    def rules(self) -> str:
        return str(self.page.findtext(".//style"))


@cache
def made(name: str) -> Made:
    """Return the briefing of 2022 under a theme of the package or of THEMES."""
    theme = str(folder() / f"{name}.toml") if name in THEMES else name
    briefing = compose(load("baotou-2022"), theme=theme)
    return Made(briefing, render_all(briefing, list(FORMATS)))


# One colour and the font


def test_a_chart_takes_the_theme_s_colour() -> None:
    assert ACCENT in {shape.fill for shape in made("house").chart().shapes}
    assert ACCENT not in {shape.fill for shape in made("neutral").chart().shapes}


def test_a_chart_takes_the_theme_s_font() -> None:
    fonts = made("house").style.fonts
    for label in made("house").chart().labels:
        width = text_width(fonts, label.text, label.size, bold=label.bold, italic=label.italic)
        assert label.width == width
    outline = outlines(fonts.face()).paths[ord("a")]
    assert f'd="{outline}"' in svg(made("house").chart(), fonts).decode()
    assert "Inter" in str(TTFont(made("house").style.fonts.face().path)["name"].getDebugName(0))
    assert "Inter" not in str(TTFont(made("neutral").style.fonts.face().path)["name"].getDebugName(0))


def test_the_pdf_takes_the_theme_s_colour() -> None:
    assert ACCENT in filled(made("house"))
    assert ACCENT not in filled(made("neutral"))
    assert load_theme("neutral").colours.accent not in filled(made("house"))


def filled(file: Made) -> set[str]:
    """Return the colours that are filled in on the pages of the PDF."""
    with pikepdf.open(BytesIO(file.files["pdf"])) as pdf:
        operators = [part for page in pdf.pages for part in pikepdf.parse_content_stream(page)]
        return {to_hex([float(v) for v in values]) for values, name in operators if str(name) == "rg"}


def test_the_pdf_takes_the_theme_s_font() -> None:
    assert base_fonts(made("house"))
    for name in ("house", "neutral"):
        families = made(name).style.fonts.families
        drawn = {face.name.rpartition("-")[0] for family in families for face in family.faces()}
        assert base_fonts(made(name)) <= drawn
    assert not base_fonts(made("house")) & base_fonts(made("neutral"))


def base_fonts(file: Made) -> set[str]:
    with pikepdf.open(BytesIO(file.files["pdf"])) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        return {str(font.BaseFont)[1:].partition("+")[2] for font in fonts}


def test_the_word_file_takes_the_theme_s_colour_and_font() -> None:
    styles = made("house").word("word/styles.xml")
    (colour,) = styles.xpath("//w:style[@w:styleId='Heading1']/w:rPr/w:color", namespaces=W)
    assert colour.get(VAL) == ACCENT[1:].upper()
    (fonts,) = styles.xpath("//w:docDefaults//w:rFonts", namespaces=W)
    assert {fonts.get(f"{{{W['w']}}}{script}") for script in ("ascii", "hAnsi", "cs")} == {"Inter"}
    assert "Calibri" not in etree.tostring(styles, encoding="unicode")
    palette = etree.tostring(made("house").word("word/theme/theme1.xml"), encoding="unicode")
    assert ACCENT[1:].upper() in palette
    assert 'typeface="Inter"' in palette


def test_the_pictures_in_word_take_the_theme_s_colour() -> None:
    with zipfile.ZipFile(BytesIO(made("house").files["docx"])) as package:
        pictures = [package.read(name).decode() for name in package.namelist() if name.endswith(".svg")]
    assert any(ACCENT in picture for picture in pictures)


def test_the_page_takes_the_theme_s_colour_and_font() -> None:
    rules = made("house").rules
    assert f"--accent: {ACCENT};" in rules
    assert re.search(r'--families: "Inter";', rules)
    assert "--sans: var(--families), system-ui" in rules
    assert re.search(r'--families: "Source Sans 3";', made("neutral").rules)


# The paper


def test_paper_that_is_not_white_is_painted_under_every_page_of_the_pdf() -> None:
    file = File(made("warm").files["pdf"])
    for pieces in file.pieces:
        first = pieces[0]
        assert (first.tag, str(first.properties.Type), first.paints) == ("Artifact", "/Background", 1)
    paper = load_theme("warm").colours.paper
    picture = pypdfium2.PdfDocument(made("warm").files["pdf"])[0].render(scale=0.2).to_pil().convert("RGB")
    assert to_hex([channel / 255 for channel in picture.getpixel((0, 0))]) == paper


def test_white_paper_is_left_to_the_printer() -> None:
    file = File(made("neutral").files["pdf"])
    assert not [p for pieces in file.pieces for p in pieces if p.properties.get("/Type") == "/Background"]
    assert made("neutral").word("word/document.xml").find("w:background", W) is None


def test_the_word_file_and_its_pictures_have_the_theme_s_paper() -> None:
    paper = load_theme("warm").colours.paper
    background, _body = made("warm").word("word/document.xml")
    assert background.get(f"{{{W['w']}}}color") == paper[1:].upper()
    assert made("warm").word("word/settings.xml").find("w:displayBackgroundShape", W) is not None
    with zipfile.ZipFile(BytesIO(made("warm").files["docx"])) as package:
        name = next(name for name in package.namelist() if name.endswith(".png"))
        picture = Image.open(BytesIO(package.read(name))).convert("RGB")
    assert to_hex([channel / 255 for channel in picture.getpixel((0, 0))]) == paper


# Classification, footer, logo


def test_the_briefing_says_the_theme_s_words_in_its_language() -> None:
    english, chinese = (
        made("branded").briefing,
        compose(load("baotou-2022"), language="zh", theme=str(folder() / "branded.toml")),
    )
    assert (english.classification, english.footer) == ("For internal use", "House of examples, 2026")
    assert (chinese.classification, chinese.footer) == ("内部资料", "示例单位")


def test_without_a_theme_of_its_own_a_briefing_has_the_template_s() -> None:
    assert compose(load("baotou-2022")).theme == "neutral"


def test_a_theme_s_path_in_a_template_is_seen_from_the_template(tmp_path: Path) -> None:
    template = tmp_path / "own"
    shutil.copytree(TEMPLATES / "briefing", template)
    settings = template / "template.toml"
    settings.write_text(settings.read_text("utf-8").replace('"neutral"', '"house.toml"'), "utf-8")
    (template / "house.toml").write_text(HOUSE, "utf-8")
    briefing = compose(load("baotou-2022"), template=str(template))
    assert briefing.theme == str(template / "house.toml")


@pytest.mark.parametrize("name", ["branded", "official"])
def test_every_page_of_the_pdf_begins_with_the_classification(name: str) -> None:
    file = File(made(name).files["pdf"])
    for number, pieces in enumerate(file.pieces):
        headers = [p.text for p in pieces if p.properties.get("/Subtype") == "/Header"]
        assert headers[0] == "For internal use"
        assert len(headers) == (2 if number and name == "branded" else 1), (
            "official papers have no other head"
        )
    footers = [p.text for pieces in file.pieces for p in pieces if p.properties.get("/Subtype") == "/Footer"]
    assert all(made(name).briefing.footer in footer for footer in footers)


def test_every_header_of_the_word_file_begins_with_the_classification() -> None:
    section = docx.Document(BytesIO(made("branded").files["docx"])).sections[0]
    for header in (section.header, section.first_page_header):
        assert header.paragraphs[0].text == "For internal use"
        assert header.paragraphs[0].style.name == "Classification"
    assert "House of examples, 2026" in section.footer.paragraphs[0].text


def test_the_page_begins_with_the_classification_on_screen_and_on_paper() -> None:
    page, rules = made("branded").page, made("branded").rules
    assert next(iter(page.body.itertext())).strip() == "For internal use"
    assert '@top-center { content: "For internal use";' in rules
    assert page.find(".//footer").text_content() == "House of examples, 2026"


def test_the_logo_of_the_pdf_is_a_figure_with_its_words() -> None:
    file = File(made("branded").files["pdf"])
    figure = file.document.all("Figure")[0]
    assert str(figure.obj.Alt) == "House of examples"
    assert [page for page, _ in figure.marks()] == [0]
    left, bottom, right, top = map(float, figure.obj.A.BBox)
    page = load_theme("warm").page
    assert (right, top - bottom) == pytest.approx(((page.width - page.right) * MM, 18 * MM), abs=0.1)
    assert right - left == pytest.approx(54 * MM, abs=0.1)
    assert top < (page.height - 5) * MM


def test_a_logo_without_words_is_an_artifact() -> None:
    file = File(made("official").files["pdf"])
    assert all(str(figure.obj.Alt) for figure in file.document.all("Figure"))
    plain = File(made("gbt-9704").files["pdf"])
    assert len(file.document.all("Figure")) == len(plain.document.all("Figure"))
    assert len(file.pages[0].Resources.XObject) == 1


def test_the_logo_of_the_word_file_stands_first_with_its_words() -> None:
    document = docx.Document(BytesIO(made("branded").files["docx"]))
    shape = document.inline_shapes[0]
    assert (shape.width.mm, shape.height.mm) == pytest.approx((54, 18), abs=0.1)
    assert shape._inline.docPr.get("descr") == "House of examples"
    assert document.paragraphs[0]._p.xpath("w:pPr/w:jc/@w:val") == ["right"]
    assert "House of examples" in docx_text(made("branded").files["docx"])


def test_a_logo_without_words_is_decoration_in_word() -> None:
    text = etree.tostring(made("official").word("word/document.xml"), encoding="unicode")
    assert "decorative" in text.partition("</wp:docPr>")[0]


def test_the_logo_of_the_page_is_part_of_it() -> None:
    branded, official = (made(name).page.find(".//header/img") for name in ("branded", "official"))
    assert branded.get("src").startswith("data:image/png;base64,")
    assert branded.get("alt") == "House of examples"
    assert official.get("alt") == ""


def test_a_briefing_in_a_corporate_word_file_begins_with_the_classification(tmp_path: Path) -> None:
    template = tmp_path / "house.docx"
    docx.Document().save(template)
    data = render(made("branded").briefing, "docx", word_template=template)
    document = docx.Document(BytesIO(data))
    assert document.paragraphs[0].text == "For internal use"
    assert not [s for s in document.inline_shapes if s._inline.docPr.get("descr") == "House of examples"]


def test_the_same_theme_gives_the_same_bytes() -> None:
    assert render_all(made("branded").briefing, list(FORMATS)) == made("branded").files


# Layout


def lines(file: Made, page: int) -> list[tuple[float, float, str]]:
    """Return the lines of text of a page of the PDF: left, right, text."""
    text = pypdfium2.PdfDocument(file.files["pdf"])[page].get_textpage()
    rects = [text.get_rect(index) for index in range(text.count_rects())]
    return [(rect[0], rect[2], text.get_text_bounded(*rect)) for rect in rects]


def starts(file: Made, page: int, words: str) -> float:
    return next(left for left, _, text in lines(file, page) if text.startswith(words))


def test_prose_of_official_papers_begins_two_ems_in_and_ends_at_the_margin() -> None:
    file = made("gbt-9704")
    theme = load_theme("gbt-9704")
    number = next(n for n, text in enumerate(pdf_pages(file.files["pdf"])) if "The zone has 158" in text)
    left, right = theme.page.left * MM, (theme.page.width - theme.page.right) * MM
    assert starts(file, number, "The zone has 158") == pytest.approx(left + 32, abs=1.5)
    assert starts(file, number, "kinds, which") == pytest.approx(left, abs=1.5)
    # the space at a line's end, which a reader copies, hangs out
    full = [text for _, end, text in lines(file, number) if right - 1.5 < end < right + 5]
    assert len(full) >= 4


def test_prose_of_official_papers_stands_so_in_word_and_on_the_page() -> None:
    styles = made("gbt-9704").word("word/styles.xml")
    (prose,) = styles.xpath("//w:style[@w:styleId='BodyText']/w:pPr", namespaces=W)
    indent = prose.find("w:ind", W)
    assert indent.get(f"{{{W['w']}}}firstLineChars") == "200"
    assert indent.get(f"{{{W['w']}}}firstLine") == str(2 * 16 * 20)
    assert prose.find("w:jc", W).get(VAL) == "both"
    assert styles.xpath("//w:style[@w:styleId='Title']/w:pPr/w:jc/@w:val", namespaces=W) == ["center"]
    assert styles.xpath("//w:style[@w:styleId='ListBullet']/w:pPr/w:ind", namespaces=W) == []
    rules = made("gbt-9704").rules
    for rule in ("--title-align: center", "--prose-indent: 2em", "--prose-align: justify"):
        assert rule in rules


def test_chinese_headings_in_word_have_their_own_families_and_are_not_made_bolder() -> None:
    briefing = compose(load("baotou-2022"), language="zh", theme="gbt-9704")
    data = render(briefing, "docx")
    for file, bold in ((Made(briefing, {"docx": data}), 0), (made("gbt-9704"), 1)):
        styles = file.word("word/styles.xml")
        for style, family in (("Title", "方正小标宋简体"), ("Heading1", "黑体"), ("Heading2", "楷体")):
            (settings,) = styles.xpath(f"//w:style[@w:styleId='{style}']/w:rPr", namespaces=W)
            assert settings.find("w:rFonts", W).get(f"{{{W['w']}}}eastAsia") == family
            assert len(settings.findall("w:b", W)) == bold


def test_page_numbers_of_official_papers_stand_at_the_outer_edge() -> None:
    page = load_theme("gbt-9704").page
    left, right = page.left * MM, (page.width - page.right) * MM
    for number in range(4):
        start, end = next(
            (a, b) for a, b, text in lines(made("official"), number) if f"— {number + 1} —" in text
        )
        if number % 2:
            assert start == pytest.approx(left + 14, abs=2)
        else:
            assert end == pytest.approx(right - 14, abs=2)


def test_pages_of_even_number_have_their_own_edges_in_word() -> None:
    document = docx.Document(BytesIO(made("official").files["docx"]))
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    assert section.even_page_header.paragraphs[0].text == "For internal use"
    assert section.even_page_footer.paragraphs[0].text == "— 1 —\tHouse of examples"
    assert section.footer.paragraphs[0].text == "House of examples\t— 1 —"
    sizes = (
        made("official")
        .word("word/styles.xml")
        .xpath("//w:style[@w:styleId='PageNumber']/w:rPr/w:sz/@w:val", namespaces=W)
    )
    assert sizes == ["28"]
    plain = docx.Document(BytesIO(made("neutral").files["docx"]))
    assert not plain.settings.odd_and_even_pages_header_footer


def test_page_numbers_of_a_page_on_paper_stand_at_the_outer_edge() -> None:
    rules = made("official").rules
    assert re.search(
        r"@page :right \{\s+@bottom-left[^\n]+\s+@bottom-right \{ content: \"[^}]*counter\(page\)", rules
    )
    assert re.search(
        r"@page :left \{\s+@bottom-right[^\n]+\s+@bottom-left \{ content: \"[^}]*counter\(page\)", rules
    )


def test_page_numbers_may_stand_in_the_middle() -> None:
    file = made("centred")
    pages = len(pypdfium2.PdfDocument(file.files["pdf"]))
    start, end = next((a, b) for a, b, text in lines(file, 0) if text.strip() == f"1 / {pages}")
    assert (start + end) / 2 == pytest.approx(105 * MM, abs=1)
    (tab,) = file.word("word/styles.xml").xpath("//w:style[@w:styleId='Footer']//w:tab", namespaces=W)
    assert tab.get(VAL) == "center"
    assert "@bottom-center" in file.rules


def test_official_papers_have_no_running_head() -> None:
    for page in pdf_pages(made("gbt-9704").files["pdf"])[1:]:
        assert "Baotou Rare Earth High-tech Zone\n" not in page[:60]
    section = docx.Document(BytesIO(made("gbt-9704").files["docx"])).sections[0]
    assert section.header.paragraphs[0].text == ""


# The page by dark


def test_a_page_of_high_contrast_keeps_it_by_dark() -> None:
    colours = dark_palette(load_theme("high-contrast").colours)
    inks = by_name(colours)
    assert min(contrast(inks[ink], ground) for ink in INKS for ground in (colours.paper, colours.tint)) >= AAA


def test_a_chinese_page_looks_for_the_theme_s_families_then_for_good_ones() -> None:
    briefing = compose(load("baotou-2022"), language="zh", theme="gbt-9704")
    rules = Made(briefing, {"html": render(briefing, "html")}).rules
    (families,) = re.findall("--families: (.*);", rules)
    names = families.replace("\\5f ", "_").replace('"', "").split(", ")
    assert names[:3] == ["Source Sans 3", "Times New Roman", "FangSong_GB2312"]
    assert names[-4:] == ["Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC"]
    assert ":lang(zh) { text-autospace: normal; line-break: strict; }" in rules
