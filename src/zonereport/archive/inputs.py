"""What an edition is made from, gathered under safe names: it needs nothing beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.api import compose
from zonereport.archive.record import Parameters
from zonereport.briefing.template import load_template
from zonereport.files import read_file
from zonereport.inputs.gathering import add_template, add_theme, ending, read_given
from zonereport.inputs.shelf import INPUTS, Shelf
from zonereport.resources import CATALOGUE

if TYPE_CHECKING:
    from zonereport.archive.contents import Request

KEPT = "kept"


def gather(request: Request) -> tuple[Parameters, Shelf]:
    """Return what is asked for, and the files that are needed for it, each as it was given.

    Raises what `api.compose` raises, in the names that the files have now.
    """
    name, data, zone = read_given(request.zone)
    earlier = [read_given(given) for given in request.previous]
    languages = tuple(dict.fromkeys(request.languages))
    for language in languages:
        compose(
            zone,
            previous=[found for _, _, found in earlier],
            template=request.template,
            language=language,
            theme=request.theme,
            date=request.date,
            stamp=request.stamp,
        )
    shelf = Shelf()
    earlier.sort(key=lambda given: given[2].edition.snapshot.end)
    template = load_template(request.template)
    word = request.word_template
    word_template = shelf.put(INPUTS, "word-template.docx", read_file(word), word.name) if word else None
    parameters = Parameters(
        zone=shelf.put(INPUTS, f"zone.{ending(name)}", data, name),
        previous=tuple(
            shelf.put(f"{INPUTS}/previous", f"{found.edition.snapshot}.{ending(called)}", content, called)
            for called, content, found in earlier
        ),
        template=add_template(shelf, template, languages),
        theme=add_theme(shelf, request.theme or template.theme, Path() if request.theme else template.folder),
        languages=languages,
        formats=tuple(dict.fromkeys(request.formats)),
        date=request.date or zone.edition.date,
        stamp=request.stamp,
        word_template=word_template,
    )
    shelf.put(INPUTS, CATALOGUE.name, read_file(CATALOGUE))
    for path in request.kept:
        shelf.put(KEPT, path.name, read_file(path))
    return parameters, shelf
