"""The form as data: its sheets, the columns of each, and the words of what is chosen from a list.

A column's key is a key of the zone file, as in `also.value`; the reader goes by keys, so columns may be
moved. A text has a column in the file's own language under its key, and one for each other language under
`key.zh`. What has no key explains and is never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from zonereport.zone.catalogue import UNITS, load_catalogue
from zonereport.zone.model import Direction, Kind, Relation, Status
from zonereport.zone.schema import SCALES

if TYPE_CHECKING:
    from collections.abc import Sequence

Kinds = Literal[
    "text", "words", "phrase", "number", "whole", "qualifier", "when", "day", "many", "flag", "choice"
]

Said = tuple[str, str]
"""In English and in Chinese."""

LANGUAGES = ("en", "zh")

QUALIFIERS: Mapping[str, Said] = {
    "value": ("exactly", "等于"),
    "about": ("about", "约"),
    "more_than": ("more than", "多于"),
    "at_least": ("at least", "至少"),
    "less_than": ("less than", "少于"),
    "up_to": ("up to", "至多"),
    "range": ("range", "范围"),
    "not published": ("not published", "未公布"),
    "not applicable": ("not applicable", "不适用"),
    "confidential": ("confidential", "保密"),
}
"""How a figure is known, by its key in the zone file, or why it is not."""

HOW: Mapping[str, Said] = {"quotation": ("quotation", "原话"), "paraphrase": ("paraphrase", "转述")}
FLAGS: Mapping[str, Said] = {"true": ("yes", "是"), "false": ("no", "否")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands in its cells, and how it is explained."""

    key: str
    said: Said
    kind: Kinds = "text"
    width: float = 16
    choices: Sequence[str] | Mapping[str, Said] = ()
    wraps: bool = False

    @property
    def known(self) -> Mapping[str, Said]:
        """What may be chosen, by its key in the zone file."""
        if isinstance(self.choices, Mapping):
            return self.choices
        return {word: (word, word) for word in self.choices}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with a row an entry: its name, what it is for, its columns, how many rows may be filled."""

    name: str
    said: Said
    columns: tuple[Column, ...]
    rows: int


def value_columns(prefix: str = "") -> tuple[Column, ...]:
    """Return the columns of a value: how it is known, its number, its upper end, its scale."""
    return (
        Column(f"{prefix}qualifier", ("How it is known", "确切程度"), "qualifier", 15, QUALIFIERS),
        Column(f"{prefix}value", ("Number", "数值"), "number", 13),
        Column(f"{prefix}to", ("… to, of a range", "范围上限"), "number", 10),
        Column(f"{prefix}scale", ("In what scale", "数量级"), "choice", 11, tuple(SCALES)),
    )


_SOURCE = Column("source", ("Source: an id of the sheet Sources", "来源：Sources表中的编号"), "text", 13)
_SOURCES = Column("source", ("Sources: ids of the sheet Sources", "来源：Sources表中的编号"), "many", 13)
_AS_OF = Column(
    "as_of", ("As of: 2022, 2022-12, 2022-12-31 …", "截至：2022、2022-12、2022-12-31等"), "when", 12
)
_PERIOD = Column(
    "period", ("Period, of a flow: 2022, 2022-H1, FY2022 …", "时期（流量）：2022、2022-H1等"), "when", 12
)
_NOTE = Column("note", ("Note: a caveat", "注：须说明之处"), "words", 32, wraps=True)
_LABEL = Column("label", ("Label", "名称"), "words", 28, wraps=True)
_PHRASE = Column("phrase", ("In a sentence, with {n}", "句中写法，含{n}"), "phrase", 22)

FIGURES = Sheet(
    "Figures",
    ("What is known: one row an indicator", "数据：每行一项指标"),
    (
        *value_columns(),
        Column("unit", ("Currency, of money: CNY, USD …", "币种：CNY、USD等"), "text", 9),
        Column("printed", ("As the source prints it", "原文写法"), "text", 22),
        Column(
            "growth", ("Growth on the year before, %, as printed", "比上年增长（%，依原文）"), "number", 10
        ),
        _AS_OF,
        _PERIOD,
        Column(
            "status",
            ("Status; several with commas", "数据状态；多项以逗号分隔"),
            "many",
            15,
            get_args(Status),
        ),
        _SOURCES,
        _NOTE,
        Column(
            "label", ("Label, if the source's differs", "来源所用名称（如不同）"), "words", 28, wraps=True
        ),
        _PHRASE,
        Column("scope", ("What is covered, if it matters", "统计范围（如需说明）"), "words", 22, wraps=True),
        *value_columns("also."),
        Column("also.unit", ("Second printed value: currency", "第二数值：币种"), "text", 9),
    ),
    30,
)
BREAKDOWNS = Sheet(
    "Breakdowns",
    ("Kinds of what a figure counts: one row a kind", "分项：每行一类"),
    (
        Column("figure", ("The figure: an indicator's id", "所属指标的编号"), "text", 34),
        Column("by", ("By what, on the first row", "分类依据（首行填写）"), "words", 16),
        Column("complete", ("Are these all? On the first row", "是否齐全（首行填写）"), "flag", 10, FLAGS),
        Column(
            "overlapping",
            ("May one be of several kinds? On the first row", "是否可重叠（首行填写）"),
            "flag",
            10,
            FLAGS,
        ),
        Column("note", ("Note, on the first row", "注（首行填写）"), "words", 28, wraps=True),
        Column("name", ("Kind", "类别"), "words", 28, wraps=True),
        *value_columns(),
    ),
    300,
)
SOURCES = Sheet(
    "Sources",
    ("Where figures were published", "来源"),
    (
        Column("id", ("Id of your choice: YB22", "自定编号：如YB22"), "text", 12),
        Column("title", ("Title", "标题"), "words", 40, wraps=True),
        Column("publisher", ("Publisher", "发布者"), "words", 30, wraps=True),
        Column("date", ("Published: 2022, 2022-12 …", "发布日期：2022、2022-12等"), "when", 12),
        Column("address", ("Address: https://…", "网址：https://…"), "text", 40),
        _NOTE,
    ),
    100,
)
LISTS = Sheet(
    "Lists",
    ("Lists that a source names: one row an entry", "清单：每行一项"),
    (
        Column("list", ("The list: focus-sectors, present-industries", "清单编号"), "text", 20),
        Column(
            "label", ("The list's label, on its first row", "清单名称（首行填写）"), "words", 24, wraps=True
        ),
        Column("source", ("Its source, on the first row", "来源（首行填写）"), "text", 13),
        Column("as_of", ("As of, on the first row", "截至（首行填写）"), "when", 12),
        Column("note", ("Its note, on the first row", "注（首行填写）"), "words", 28, wraps=True),
        Column("id", ("The entry's id: new-energy", "条目编号：如new-energy"), "text", 22),
        Column("name", ("The entry", "条目"), "words", 28, wraps=True),
        Column(
            "relation", ("How it follows from today's", "与现有产业的关系"), "choice", 12, get_args(Relation)
        ),
        Column("origin", ("From which entry: its id", "源自条目的编号"), "text", 22),
    ),
    200,
)
MILESTONES = Sheet(
    "Milestones",
    ("Events: one row an event", "大事记：每行一件"),
    (
        Column("date", ("When: 2022, 2022-09 …", "时间：2022、2022-09等"), "when", 12),
        Column("title", ("What happened", "事件"), "words", 40, wraps=True),
        Column("detail", ("More about it", "详情"), "words", 40, wraps=True),
        _SOURCE,
        _NOTE,
    ),
    200,
)
VOICES = Sheet(
    "Voices",
    ("What somebody said: one row a statement", "引述：每行一条"),
    (
        Column("speaker", ("Who", "何人"), "words", 22),
        Column("role", ("In what role", "身份"), "words", 30, wraps=True),
        Column("how", ("Quotation or paraphrase", "原话或转述"), "choice", 12, HOW),
        Column("text", ("What was said", "内容"), "words", 48, wraps=True),
        _SOURCE,
    ),
    50,
)
INDICATORS = Sheet(
    "Indicators",
    ("Indicators of your own, for what the catalogue lacks", "自定义指标：目录中没有的指标"),
    (
        Column("id", ("Id: robots-per-100-staff", "编号：如robots-per-100-staff"), "text", 24),
        Column("section", ("Section", "栏目"), "choice", 13, tuple(load_catalogue().sections)),
        Column("unit", ("Unit", "单位"), "choice", 16, UNITS),
        Column("kind", ("Kind", "类型"), "choice", 11, get_args(Kind)),
        _LABEL,
        Column("definition", ("What is counted, in a sentence", "定义"), "words", 40, wraps=True),
        _PHRASE,
        Column("measure", ("Measure word", "量词"), "words", 9),
        Column("family", ("Family of related indicators", "相关指标组"), "text", 14),
        Column("standard", ("Whose term it is", "术语出处"), "text", 14),
        Column("formula", ("Formula: 100 * {a} / {b}", "公式"), "text", 26),
        Column("decimals", ("Decimals", "小数位"), "whole", 9),
        Column("significant", ("Significant digits", "有效数字"), "whole", 9),
        Column("about", ("Always approximate?", "总为近似？"), "flag", 9, FLAGS),
        Column("signed", ("May be negative?", "可为负？"), "flag", 9, FLAGS),
        Column("better", ("Which is better", "何者为优"), "choice", 9, get_args(Direction)),
        Column("within", ("Part of which indicator", "所属总指标"), "text", 24),
        Column("change_limit", ("Believed change, times", "可信变动倍数"), "number", 9),
        Column("caveat", ("Caveat", "须附说明"), "words", 28, wraps=True),
    ),
    100,
)

ZONE = "Zone"
HEAD: tuple[Column, ...] = (
    Column("format", ("Format of this form", "表格格式版本"), "whole"),
    Column(
        "language", ("Language of the columns without a code: en, zh …", "不带语言代码的列所用语言：en、zh等")
    ),
    Column("zone.id", ("The zone's id: letters, digits, hyphens", "园区编号：字母、数字、连字符")),
    Column("zone.name", ("Name", "全称"), "words"),
    Column("zone.short_name", ("Short name, for running heads", "简称，用于页眉"), "words"),
    Column("zone.place", ("Place", "所在地"), "words"),
    Column("zone.host", ("The city or region that shares are of", "占比所依的城市或地区"), "words"),
    Column("edition.snapshot", ("Which year this is", "数据年份"), "when"),
    Column("edition.date", ("The document's date: 2022-12-31", "文件日期：2022-12-31"), "day"),
    Column("edition.as_of", ("As of", "截至"), "when"),
    Column("edition.issued_by", ("Issued by", "编制单位"), "words"),
    Column("edition.status", ("State: Draft …", "状态：草案等"), "words"),
    Column("edition.note", ("Note on the edition", "版本说明"), "words"),
    Column("defaults.source", ("Source, where a figure names none", "默认来源"), "many"),
    Column("defaults.as_of", ("As of, where a figure says nothing", "默认截至日期"), "when"),
    Column("defaults.period", ("Period of flows that name none", "流量的默认时期"), "when"),
    Column("defaults.currency", ("Currency of money: CNY, USD …", "默认币种：CNY、USD等")),
    Column(
        "headline",
        ("Up to five indicators to lead with: ids with commas", "最多五项重点指标：编号以逗号分隔"),
        "many",
    ),
)
"""The rows of the sheet on the zone as a whole."""

SHEETS = (FIGURES, BREAKDOWNS, SOURCES, LISTS, MILESTONES, VOICES, INDICATORS)
FIRST_ROW = 2
"""The first row of entries, from 0: keys stand above them, then explanations."""

INSTRUCTIONS = "Instructions"
EARLIER = "Earlier"


def column_key(key: str, language: str, own: str) -> str:
    """Return the key of the column for a text in a language."""
    return key if language == own else f"{key}.{language}"
