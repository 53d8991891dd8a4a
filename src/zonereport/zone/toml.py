"""Plain data as TOML that a person would have written: short tables on one line, long ones on their own."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDTH = 110


def write_toml(data: Mapping[str, Any]) -> str:
    """Return a zone file's data as TOML: texts, Decimal and int, booleans, days, lists and tables.

    Entries keep their order, but for figures: those that fit on a line come first.
    """
    return "\n".join(_document(data)).strip() + "\n"


def _document(data: Mapping[str, Any]) -> Iterator[str]:
    tables = {key: value for key, value in data.items() if _is_table(value)}
    for key, value in data.items():
        if key not in tables:
            yield from _pair(key, value)
    for key, value in tables.items():
        if isinstance(value, list):
            for entry in value:
                yield from _table(f"[[{key}]]", entry)
            continue
        alone = {name: entry for name, entry in value.items() if _stands_alone(key, name, entry)}
        if len(alone) < len(value):
            yield from _table(f"[{key}]", {name: entry for name, entry in value.items() if name not in alone})
        for name, entry in alone.items():
            yield from _table(f"[{key}.{_key(name)}]", entry)


def _table(header: str, pairs: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n{header}"
    for key, value in pairs.items():
        yield from _pair(key, value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _stands_alone(table: str, name: str, entry: Any) -> bool:
    """Whether an entry has a header of its own: sources, lists, indicators; figures that are long."""
    if not isinstance(entry, dict) or table in ("zone", "edition", "defaults"):
        return False
    return table != "figures" or len(f"{name} = {_inline(entry)}") > WIDTH


def _pair(key: str, value: Any, before: str = "") -> Iterator[str]:
    """Yield a pair on a line; one that is too long as dotted keys, or as a list with an entry a line."""
    name = f"{before}{_key(key)}"
    line = f"{name} = {_inline(value)}"
    if len(line) <= WIDTH or not isinstance(value, (dict, list)):
        yield line
    elif isinstance(value, dict):
        for inner, entry in value.items():
            yield from _pair(inner, entry, f"{name}.")
    else:
        yield f"{name} = ["
        yield from (f"    {_inline(entry)}," for entry in value)
        yield "]"


def _inline(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Decimal() | int():
            return str(value)
        case date():
            return value.isoformat()
        case dict():
            pairs = ", ".join(f"{_key(key)} = {_inline(entry)}" for key, entry in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list():
            return f"[{', '.join(map(_inline, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)  # a JSON text is a TOML text too


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
