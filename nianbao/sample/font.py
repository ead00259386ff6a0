"""A small TrueType font with only the characters of one paper.

Chromium draws the common Chinese fonts (OpenType with CFF outlines) glyph by glyph into a PDF: half a megabyte, and
unlike anything a government office prints. Needs fonttools, which nothing else here needs.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

_NO_PROGRAMS = (
    "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions "
    "maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours maxComponentDepth"
)


def truetype(collection: Path, face: str, text: str, target: Path) -> None:
    """Write the characters of `text` from the font `face` of an OpenType collection (.ttc) to `target` (.ttf)."""
    font = _face(collection, face)
    options = subset.Options(layout_features=[], hinting=False, glyph_names=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)

    outlines = font.getGlyphSet()
    order = font.getGlyphOrder()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder = order
    font["glyf"].glyphs = {name: _quadratic(outlines, name) for name in order}
    del font["CFF "], font["VORG"]
    font["maxp"].tableVersion, font["maxp"].maxZones = 0x00010000, 1
    for name in _NO_PROGRAMS.split():
        setattr(font["maxp"], name, 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
    font.save(target)


def _face(collection: Path, face: str) -> TTFont:
    for number in range(100):
        font = TTFont(collection, fontNumber=number)
        if font["name"].getDebugName(4) == face:
            return font
    raise ValueError(f"no font {face} in {collection}")


def _quadratic(outlines: object, name: str) -> object:
    pen = TTGlyphPen(outlines)
    outlines[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))  # type: ignore[index]
    return pen.glyph()
