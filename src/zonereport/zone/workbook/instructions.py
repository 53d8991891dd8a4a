"""What the form says about itself, in both languages."""

INSTRUCTIONS = (
    (
        "One workbook says what is known of one zone in one year. Fill in the sheets Zone, Sources "
        "and Figures; the others where there is something to say.",
        "一个工作簿记录一个园区一年的数据。请填写Zone、Sources和Figures三张表；其余各表有内容才填。",
    ),
    (
        "Type only in the columns with a dark heading. The rest is locked, without a password. The "
        "first row of each sheet holds keys by which the workbook is read: do not change them. "
        "Columns and rows may be moved, sheets not renamed.",
        "只在深色表头的列中填写，其余已锁定（无密码）。每张表的首行是读取用的键名，请勿改动。行、列可"
        "以移动，表名不可更改。",
    ),
    (
        "A figure is a number and how it is known: choose “more than” for “more than 500” and type "
        "500. Leave the choice empty for an exact number. For a range type both ends.",
        "一项数据由数值及其确切程度组成：“500余家”请选“多于”并填500；确切的数值可不选；范围请填上下限。",
    ),
    (
        "Type numbers as numbers. A text such as 1,234,567 or 1 234,5 is read too, but 36.300 and "
        "12,439 as text are asked back, for they can mean two things. Percentages are typed without "
        "the sign: 76.",
        "数值请按数字输入。1,234,567、1 234,5等文本也可识别，但文本36.300或12,439有歧义，会要求更正。"
        "百分数不带符号：76。",
    ),
    (
        "206 million is the number 206 and the scale “million”, 2.06亿 is 2.06 and 亿; nothing is converted.",
        "206 million即数值206、数量级million；2.06亿即数值2.06、数量级亿；不作换算。",
    ),
    (
        "Where there is no number, choose “not published”, “not applicable” or “confidential”. Cells "
        "with “-”, “n/a” or “在建” are asked back; “…” means not published. An empty row says "
        "nothing at all.",
        "没有数值时，请选“未公布”、“不适用”或“保密”。填“-”、“n/a”或“在建”会要求更正；“…”表示未公布。"
        "空行表示未作任何说明。",
    ),
    (
        "Dates are typed as text, as precise as the source has them: 2022, 2022-12, 2022-12-31, "
        "2022-H1, 2022-Q3, FY2022, or: not stated.",
        "日期按文本输入，精确到来源所给程度：2022、2022-12、2022-12-31、2022-H1、2022-Q3、FY2022，或"
        "：not stated。",
    ),
    (
        "A text in the zone file's own language stands in the column without a code (note), in "
        "another language beside it (note.zh). The sheet Zone says which language that is.",
        "以文件语言写的文字填在不带代码的列（note），其他语言填在旁边（note.zh）。文件语言见Zone表的"
        "language。",
    ),
    (
        "The sheet Earlier shows earlier years for comparison; it is never read.",
        "Earlier表列出往年数据，仅供对照，不会被读取。",
    ),
    (
        "“zonereport check” names every cell that does not hold; “zonereport generate” makes the briefing.",
        "“zonereport check”逐格指出问题；“zonereport generate”生成简报。",
    ),
)
