"""Zone files drawn at random that hold and use everything a zone file may say."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from zonereport.zone.catalogue import WHOLE_UNITS, load_catalogue

CATALOGUE = load_catalogue()
TOTALS = ("value", "about", "at_least", "more_than")
FORMS = (*TOTALS, "less_than", "up_to", "range")
SCALES = ("one", "hundred", "thousand", "万", "million", "亿", "trillion")
CURRENCIES = ("CNY", "EUR", "USD")

# A number is drawn as a text such as `@1.50@` and loses its marks in the file, so that it keeps its zeros.


def as_json(data: dict[str, Any]) -> str:
    return re.sub(r'"@([^"@]*)@"', r"\1", json.dumps(data, ensure_ascii=False))


def number(text: object) -> str:
    return f"@{text}@"


words = st.text("abc XYZé测试样本&<%{}\"\\'0", min_size=1, max_size=12).map(lambda text: f"Testonia {text}x")
texts = words | st.dictionaries(st.sampled_from(["zh", "en", "de", "en-GB"]), words, min_size=1, max_size=3)
periods = st.sampled_from(
    ["2021", "2021-07", "2021-07-31", "2021-H2", "2021-Q3", "FY2021", "not stated", "1990"]
)
dates = st.sampled_from(["2020", "2021-07", "2021-07-31", "FY2021"])
sources = st.sampled_from(["S1", "Yearbook-2", ["S1", "Yearbook-2"], ["Yearbook-2"]])
one_source = st.sampled_from(["S1", "Yearbook-2"])
phrases = st.dictionaries(
    st.sampled_from(["en", "zh"]),
    st.sampled_from(["{n} sheds", {"other": "{n} sheds"}, {"one": "{n} shed", "other": "{n} sheds"}]),
    max_size=2,
)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def numbers(unit: str, kind: str, *, signed: bool) -> st.SearchStrategy[str]:
    """Numbers that an indicator may have, some with zeros at the end or an exponent."""
    low, high = (-(10**6) if signed or kind == "rate" else 0), 10**6
    if kind == "rank":
        low, high = 1, 50
    if kind == "share" and unit == "percent":
        low, high = (-100 if signed else 0), 100
    whole = st.integers(low, high).map(str)
    if unit in WHOLE_UNITS or kind == "rank":
        return whole
    fractions = st.decimals(low, high, places=2).map(str)
    return whole | fractions | st.sampled_from(["1E+1", "1.50", "3.10", "0.000", "7E-3"])


@st.composite
def values(draw: st.DrawFn, unit: str, kind: str, *, signed: bool = False) -> dict[str, Any]:
    form = draw(st.sampled_from((*(TOTALS if kind == "rank" else FORMS), "missing")))
    if form == "missing":
        return {"missing": draw(st.sampled_from(["not published", "not applicable", "confidential"]))}
    drawn = numbers(unit, kind, signed=signed)
    if form == "range":
        low, high = draw(
            st.lists(drawn, min_size=2, max_size=2, unique_by=Decimal).map(lambda n: sorted(n, key=Decimal))
        )
        value: dict[str, Any] = {"range": [number(low), number(high)]}
    else:
        value = {form: number(draw(drawn))}
    if (kind, unit) != ("share", "percent") and draw(st.booleans()):
        value["scale"] = draw(st.sampled_from(SCALES))
    return value


@st.composite
def figures(draw: st.DrawFn, unit: str, kind: str, *, signed: bool) -> Any:
    figure = draw(values(unit, kind, signed=signed))
    figure |= draw(
        optional(
            as_of=periods, period=periods, status=st.sampled_from(["revised", ["break", "provisional"]]),
            source=sources, label=texts, phrase=phrases, scope=texts, printed=words, note=texts,
            growth=st.sampled_from(["-3.50", "0", "13"]).map(number),
        )
    )  # fmt: skip
    if unit.startswith("money") and draw(st.booleans()):
        figure["unit"] = draw(st.sampled_from(CURRENCIES))
    if draw(st.booleans()):
        shown = draw(values(unit, kind, signed=signed).filter(lambda value: "missing" not in value))
        figure["also"] = {**shown, "unit": draw(st.sampled_from(CURRENCIES))}
    if any(form in figure for form in ("at_least", "more_than", "missing")) and draw(st.booleans()):
        figure["breakdown"] = draw(breakdowns(unit, kind))
    if "missing" in figure and len(figure) == 1 and draw(st.booleans()):
        return figure["missing"]
    return figure


@st.composite
def breakdowns(draw: st.DrawFn, unit: str, kind: str) -> dict[str, Any]:
    count = draw(st.integers(1, 3))
    parts = [
        {"name": f"Testonia kind {place}"} | draw(st.just({}) | values(unit, kind)) for place in range(count)
    ]
    return {"by": draw(texts), "parts": parts} | draw(
        optional(complete=st.booleans(), overlapping=st.booleans(), note=texts)
    )


@st.composite
def indicators(draw: st.DrawFn) -> dict[str, Any]:
    required = st.fixed_dictionaries(
        {
            "section": st.sampled_from(list(CATALOGUE.sections)),
            "unit": st.sampled_from(["number", "money", "percent", "money-per-person", "index", "years"]),
            "kind": st.sampled_from(["stock", "flow", "share", "rate", "target", "rank"]),
            "label": texts,
            "definition": texts,
        },
        optional={
            "phrase": phrases, "measure": texts, "family": st.just("sheds"), "standard": words,
            "decimals": st.integers(0, 6), "significant": st.integers(1, 12), "about": st.booleans(),
            "signed": st.booleans(), "better": st.sampled_from(["higher", "lower"]), "caveat": texts,
            "within": st.just("innovation-platforms"), "change_limit": st.just(number("2.5")),
            "formula": st.just("100 * {innovation-platforms} / {rd-professionals}"),
        },
    )  # fmt: skip
    return draw(required)


lists = st.fixed_dictionaries(
    {
        "label": texts,
        "items": st.lists(
            st.fixed_dictionaries(
                {"name": texts},
                optional={"relation": st.sampled_from(["continuing", "widened", "new"])},
            ),
            min_size=1,
            max_size=3,
        ),
    },
    optional={"source": one_source, "as_of": periods, "note": texts},
)
milestones = st.fixed_dictionaries(
    {"date": periods, "title": texts}, optional={"detail": texts, "source": one_source, "note": texts}
)
voices = st.builds(
    lambda how, text, rest: {how: text, **rest},
    st.sampled_from(["quotation", "paraphrase"]),
    texts,
    st.fixed_dictionaries({"speaker": texts, "role": texts}, optional={"source": one_source}),
)
source_entries = st.fixed_dictionaries(
    {"title": texts, "publisher": texts, "date": dates},
    optional={"address": st.just("https://example.org/yearbook?a=1"), "note": texts},
)


@st.composite
def zone_files(draw: st.DrawFn) -> dict[str, Any]:
    """Zone files that hold, using everything a zone file may say, with defaults and without."""
    own = draw(
        st.dictionaries(st.sampled_from(["sheds", "shed-tax", "shed-profit"]), indicators(), max_size=3)
    )
    kinds = {id: (entry.unit, entry.kind, entry.signed) for id, entry in CATALOGUE.indicators.items()}
    kinds |= {id: (entry["unit"], entry["kind"], entry.get("signed", False)) for id, entry in own.items()}
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=4, unique=True)) + list(own)
    found = {
        id: draw(figures(kinds[id][0], kinds[id][1], signed=kinds[id][2])) for id in dict.fromkeys(chosen)
    }
    named = draw(st.dictionaries(st.sampled_from(["present", "focus"]), lists, max_size=2))
    ids = [
        item.setdefault("id", f"{id}-{place}")
        for id, entry in named.items()
        for place, item in enumerate(entry["items"])
    ]
    for entry in named.values():
        for item in entry["items"]:
            if draw(st.booleans()):
                item["origin"] = draw(st.sampled_from(ids))
    return {
        "format": 1,
        "zone": {"id": "testonia", "name": draw(texts), "place": draw(texts)}
        | draw(optional(short_name=texts, host=texts)),
        "edition": {"snapshot": "2022", "date": "2022-12-31"}
        | draw(optional(as_of=periods, issued_by=texts, status=texts, note=texts)),
        "defaults": {"source": draw(sources), "as_of": "2021-12", "period": draw(periods), "currency": "CNY"},
        "sources": {"S1": draw(source_entries), "Yearbook-2": draw(source_entries)},
        "indicators": own,
        "figures": found,
        "lists": named,
        "milestones": draw(st.lists(milestones, max_size=2)),
        "voices": draw(st.lists(voices, max_size=2)),
        "headline": chosen[:5],
    } | draw(optional(language=st.sampled_from(["en", "zh", "de"])))
