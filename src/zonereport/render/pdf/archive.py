"""What makes the file fit for archives and assistive technology: PDF/A-3a and PDF/UA-1 at once.

PDF/UA-1 needs PDF 1.7, so PDF/A-4 is out; PDF/A-2 could not carry the data files. The rules are ISO
19005-3 and ISO 14289-1; veraPDF checks them in CI.
"""

from __future__ import annotations

import re
from hashlib import md5
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from zonereport.render.pdf.structure import add_structure, number_contents

if TYPE_CHECKING:
    from datetime import datetime

    from pikepdf import Object, Pdf

    from zonereport.briefing.blocks import Attachment, Briefing
    from zonereport.render.pdf.tags import Element

RELATIONSHIPS = {"source": Name.Source, "data": Name.Data}
PROFILE_DATE = bytes.fromhex("07d0 0001 0001 0000 0000 0000")
"""1 January 2000: LittleCMS writes the clock's date into a new profile."""
SPACE = "sRGB IEC61966-2.1"
LONG_CODE = re.compile(rb"<([0-9A-F]{5,6})>")
"""A code point that ReportLab wrote as it is."""

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{Title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{Author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{Subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{Keywords}</pdf:Keywords>
<pdf:Producer>{Producer}</pdf:Producer>
<xmp:CreatorTool>{Creator}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""
"""The metadata; PDF/A knows no `pdfuaid`, hence the description of that schema (6.6.2.3)."""
INFO = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer")


def finish_pdf(data: bytes, document: Element, briefing: Briefing) -> bytes:
    """Return a drawn file with its structure, metadata, colour profile and attachments."""
    with pikepdf.open(BytesIO(data)) as pdf:
        files = _attach(pdf, briefing)
        number_contents(pdf)
        _describe(pdf, briefing)
        _set_colours(pdf)
        _mend_maps(pdf)
        del pdf.trailer.ID  # ReportLab's hangs on SOURCE_DATE_EPOCH; one is made of the content below
        out = BytesIO()
        pdf.save(
            out,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return add_structure(out.getvalue(), document, files)


def _describe(pdf: Pdf, briefing: Briefing) -> None:
    """Set dates in Universal Time, and say in the metadata what the information dictionary says."""
    info = pdf.docinfo
    info.CreationDate = info.ModDate = String(_pdf_date(briefing.created))
    facts = {name: str(info.get(f"/{name}", "")) for name in INFO}
    facts |= {"date": f"{briefing.created:%Y-%m-%dT%H:%M:%SZ}", "language": briefing.language}
    packet = XMP.format(**{name: escape(text, quote=False) for name, text in facts.items()})
    pdf.Root.Metadata = Stream(pdf, packet.encode(), Type=Name.Metadata, Subtype=Name.XML)


def _set_colours(pdf: Pdf) -> None:
    """Say that the colours are sRGB."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = PROFILE_DATE
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(SPACE),
        Info=String(SPACE),
        DestOutputProfile=Stream(pdf, bytes(profile), N=3),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _mend_maps(pdf: Pdf) -> None:
    """Write characters beyond U+FFFF as UTF-16 in the maps from glyphs to text, as ReportLab does not."""
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.Font and "/ToUnicode" in thing:
            table = thing.ToUnicode.read_bytes()
            if LONG_CODE.search(table):
                thing.ToUnicode.write(LONG_CODE.sub(_surrogates, table))


def _surrogates(code: re.Match[bytes]) -> bytes:
    return b"<" + chr(int(code[1], 16)).encode("utf-16-be").hex().upper().encode() + b">"


def _attach(pdf: Pdf, briefing: Briefing) -> dict[str, int]:
    """Embed the briefing's files and return the place of those that belong to a chart, by its block."""
    files = {a.name: _embed(pdf, a, briefing.created) for a in briefing.attachments}
    if files:
        ordered = sorted(files, key=lambda name: bytes(String(name)))
        names = [part for name in ordered for part in (String(name), files[name])]
        pdf.Root.AF = Array(list(files.values()))
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(names)))
    places = {name: place for place, name in enumerate(files)}
    return {a.block: places[a.name] for a in briefing.attachments if a.block}


def _embed(pdf: Pdf, attachment: Attachment, when: datetime) -> Object:
    """Return the file specification of an attachment (ISO 19005-3, 6.8)."""
    stamp, name = String(_pdf_date(when)), String(attachment.name)
    checksum = md5(attachment.data, usedforsecurity=False).digest()
    stream = Stream(
        pdf,
        attachment.data,
        Type=Name.EmbeddedFile,
        Subtype=Name(f"/{attachment.media_type}"),
        Params=Dictionary(Size=len(attachment.data), CheckSum=String(checksum), ModDate=stamp),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=name,
            UF=name,
            Desc=String(attachment.description),
            AFRelationship=RELATIONSHIPS[attachment.relationship],
            EF=Dictionary(F=stream, UF=stream),
        )
    )


def _pdf_date(when: datetime) -> str:
    return f"D:{when:%Y%m%d%H%M%SZ}"
