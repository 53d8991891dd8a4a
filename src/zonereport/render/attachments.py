"""Getting back from a finished briefing the files it carries: its zone files and its charts' tables."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Attachment
from zonereport.errors import RenderError

if TYPE_CHECKING:
    import pikepdf

MAX_ATTACHMENT = 16 * 2**20
"""Bytes; a zone file has some kilobytes, and what unpacks to more is not one of ours."""


def read_attachments(data: bytes, name: str) -> list[Attachment]:
    """Return the attachments of a PDF or Word briefing; `name` names the file in messages.

    Raises RenderError for a file that is neither, is damaged, or carries nothing.
    """
    if data.startswith(b"%PDF-"):
        found = _from_pdf(data, name)
    elif data.startswith(b"PK"):
        from zonereport.render.word.attachments import read_attachments as from_word

        found = from_word(data, name)
    else:
        raise RenderError(f"{name}: expected a PDF or Word briefing, found another kind of file")
    if not found:
        raise RenderError(f"{name}: the file carries no data", hint="only briefings made by zonereport do")
    return found


def _from_pdf(data: bytes, name: str) -> list[Attachment]:
    import pikepdf

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            return [_attachment(key, spec, name) for key, spec in pdf.attachments.items()]
    except pikepdf.PasswordError:
        raise RenderError(f"{name}: the file is protected by a password") from None
    except pikepdf.PdfError as error:
        raise RenderError(f"{name}: the PDF is damaged: {str(error).lower()}") from None


def _attachment(key: str, spec: pikepdf.AttachedFileSpec, name: str) -> Attachment:
    file = spec.get_file()
    if file.size is not None and file.size > MAX_ATTACHMENT:
        raise RenderError(f"{name}: the attachment `{key}` is larger than {MAX_ATTACHMENT // 2**20} MB")
    return Attachment(
        name=safe_name(spec.filename or key),
        media_type=file.mime_type,
        relationship="source" if "Source" in str(spec.relationship) else "data",
        description=spec.description,
        data=file.read_bytes(),
    )


def safe_name(name: str) -> str:
    """Return a file name that is one, whatever the file says: no folder, no hidden file, plain letters."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^A-Za-z0-9._-]", "_", last).lstrip(".") or "attachment"
