"""Word files and PDFs for the tests of the importer, untidy as people make them."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import typst

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)

STYLES = f"""<w:styles {SPACES}>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="H1b"><w:name w:val="Our heading"/><w:basedOn w:val="H1"/></w:style>
<w:style w:type="paragraph" w:styleId="C1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="B"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
</w:styles>"""

NUMBERING = f"""<w:numbering {SPACES}>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def run(text: str) -> str:
    """Words of a paragraph; a line break where the text has one."""
    parts = [f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n")]
    return f"<w:r>{'<w:br/>'.join(parts)}</w:r>"


def paragraph(
    text: str = "", *, style: str = "", list_id: int = 0, level: int = 0, inside: str = ""
) -> str:
    """One paragraph; `inside` is XML of its own beside the words."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    numbered = (
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
        if list_id
        else ""
    )
    words = run(text) if text else ""
    return f"<w:p><w:pPr>{named}{numbered}</w:pPr>{words}{inside}</w:p>"


def table(*rows: tuple[str, ...], head: bool = False) -> str:
    """A table of plain cells; a cell may hold several paragraphs, parted by line feeds."""
    out = []
    for at, cells in enumerate(rows):
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if head and not at else ""
        inside = "".join(
            f"<w:tc>{''.join(paragraph(part) for part in cell.split(chr(10)))}</w:tc>"
            for cell in cells
        )
        out.append(f"<w:tr>{mark}{inside}</w:tr>")
    return f"<w:tbl>{''.join(out)}</w:tbl>"


def text_box(*paragraphs: str) -> str:
    """A text box as Word writes it: once for new programs and once for old ones."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{content}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def link(text: str, name: str) -> str:
    """A link whose address is in the relationships, under this name."""
    return f'<w:hyperlink r:id="{name}">{run(text)}</w:hyperlink>'


def docx(
    *body: str,
    header: str = "",
    footer: str = "",
    parts: dict[str, str] | None = None,
    links: dict[str, str] | None = None,
) -> bytes:
    """A Word file of these pieces of XML."""
    files = {"word/styles.xml": STYLES, "word/numbering.xml": NUMBERING, **(parts or {})}
    related = [
        (f"p{at}", name.split("/")[1].split(".")[0], name.split("/")[1])
        for at, name in enumerate(files)
    ]
    references = ""
    for kind, text in (("header", header), ("footer", footer)):
        if text:
            tag = "hdr" if kind == "header" else "ftr"
            files[f"word/{kind}1.xml"] = f"<w:{tag} {SPACES}>{paragraph(text)}</w:{tag}>"
            related.append((kind, kind, f"{kind}1.xml"))
            references += f'<w:{kind}Reference r:id="{kind}"/>'
    relations = "".join(
        f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{target}"/>'
        for name, kind, target in related
    ) + "".join(
        f'<Relationship Id="{name}" Type="{R}/hyperlink" Target="{address}" TargetMode="External"/>'
        for name, address in (links or {}).items()
    )
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONSHIPS}">{relations}</Relationships>'
    )
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="m" Type="{R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="{CONTENT_TYPE}.{kind}+xml"/>'
        for name, kind in (
            ("word/document.xml", "document.main"),
            *(
                (name, name.split("/")[1].split(".")[0].rstrip("1"))
                for name in files
                if name.startswith("word/") and name.endswith(".xml")
            ),
        )
    )
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{kinds}</Types>"
    )
    files["word/document.xml"] = (
        f"<w:document {SPACES}><w:body>{''.join(body)}<w:sectPr>{references}</w:sectPr></w:body></w:document>"
    )
    return zipped(files)


def zipped(files: dict[str, str] | dict[str, bytes]) -> bytes:
    """A zip archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf(source: str) -> bytes:
    """A PDF of this Typst source, on small pages so that its lines break."""
    setting = '#set page(width: 12cm, height: 16cm, margin: 2cm)\n#set text(font: "Libertinus Serif", size: 10pt)\n'
    made: bytes = typst.compile((setting + source).encode(), format="pdf", ignore_system_fonts=True)
    return made


def stripped_of_text() -> bytes:
    """A PDF whose only page is a picture, as a scanner makes them."""
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    return pdf(f'#image(bytes("{svg}"), format: "svg")')
