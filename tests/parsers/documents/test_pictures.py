"""Pictures of tables: every figure right, or a question mark; never another number."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from parsers.documents import read
from parsers.documents.model import Document
from parsers.documents.pictures import read_picture, read_pictures
from parsers.documents.pixels import decode
from parsers.errors import Unreadable
from parsers.pictures import recognition
from tests.parsers.documents import invented
from tests.parsers.documents.files import fixture
from tests.shared import shared

needs_ocr = pytest.mark.skipif(not recognition.available(), reason="the extra `ocr` is not installed: make ocr")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def as_document(contents: Sequence[bytes]) -> Document:
    return Document(blocks=read_pictures(contents), media_type="image/png", ocr=True)


def saved(picture: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(fixture(name))).convert("L")


@needs_ocr
def test_a_form_cut_into_two_pictures() -> None:
    assert invented.wrong(as_document([fixture("form_1.png"), fixture("form_2.png")])) == {}


@needs_ocr
def test_a_picture_of_its_own_has_the_text_around_the_tables() -> None:
    document = read(fixture("form_1.png"), media_type="text/html")
    assert document.media_type == "image/png" and document.ocr
    text = document.text()
    assert invented.TITLE in text and "二、主动公开政府信息情况" in text
    assert any(document.grids())


@needs_ocr
@pytest.mark.parametrize("harm", ["turned", "jpeg", "small"])
def test_worse_pictures_lose_figures_but_make_none_up(harm: str) -> None:
    picture = opened("form_2.png")
    if harm == "turned":
        content = saved(picture.rotate(0.7, Image.Resampling.BICUBIC, fillcolor=255))
    elif harm == "jpeg":
        content = saved(picture, "JPEG")
    else:
        content = saved(picture.resize((picture.width * 2 // 3, picture.height * 2 // 3), Image.Resampling.LANCZOS))
    first = fixture("form_1.png")
    wrong = invented.wrong(as_document([first, content]))
    assert {path: pair for path, pair in wrong.items() if pair[1] is not None} == {}


def sealed(picture: Image.Image, red: tuple[int, int, int] = (214, 30, 40)) -> Image.Image:
    """A round seal with a star-like middle over the table, its ink on the print as it is on paper."""
    ink = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(ink)
    x, y, radius = picture.width * 2 // 3, picture.height // 2, picture.width // 8
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=6)
    draw.regular_polygon((x, y, radius // 3), 5, fill=red)
    return ImageChops.multiply(picture.convert("RGB"), ink)


@needs_ocr
def test_a_red_seal_over_the_table_takes_no_figure_away() -> None:
    second = sealed(Image.open(io.BytesIO(fixture("form_2.png"))))
    assert invented.wrong(as_document([fixture("form_1.png"), saved(second)])) == {}


def ruled(line: int, head: int | None = None) -> Image.Image:
    """Three rows of four figures between lines of one grey value; `head`: the first row white on that ground."""
    picture = Image.new("L", (640, 200), 255)
    draw = ImageDraw.Draw(picture)
    if head is not None:
        draw.rectangle((20, 20, 620, 70), fill=head)
    for n in range(5):
        draw.line((20 + 150 * n, 20, 20 + 150 * n, 170), fill=line)
    for n in range(4):
        draw.line((20, 20 + 50 * n, 620, 20 + 50 * n), fill=line)
    font = ImageFont.load_default(22)
    for n in range(12):
        fill = 255 if head is not None and n < 4 else 0
        draw.text((60 + 150 * (n % 4), 32 + 50 * (n // 4)), str(2048 + 111 * n), fill=fill, font=font)
    return picture


@needs_ocr
@pytest.mark.parametrize("gap", [2, 4])
def test_figures_in_a_low_row_keep_their_upper_ends(gap: int) -> None:
    """Their tops stand in one line as long as a ruled one, close below one: without them a 6 is a 0, a 7 a 1. Where they touch
    it nothing is made of them."""
    picture = Image.new("L", (640, 130), 255)
    draw = ImageDraw.Draw(picture)
    for n in range(5):
        draw.line((20 + 150 * n, 20, 20 + 150 * n, 104), fill=0)
    for n in range(4):
        draw.line((20, 20 + 28 * n, 620, 20 + 28 * n), fill=0)
    texts = [["75577", "65566", "77757", "66766"], ["57575", "7", "67676", "1"], ["0", "77777", "6", "56655"]]
    for row, some in enumerate(texts):
        for column, text in enumerate(some):
            place = (60 + 150 * column, 20 + gap + 28 * row)
            draw.text(place, text, fill=0, font=ImageFont.load_default(20), anchor="lt")
    read = [cell.text for grid in as_document([saved(picture)]).grids() for row in grid.rows for cell in row if cell]
    wanted = [text for some in texts for text in some]
    assert [got for got in read if got not in wanted and not got.endswith("?")] == []
    assert gap == 2 or read == wanted


@needs_ocr
@pytest.mark.parametrize("overhang", [6, 4])
def test_of_a_figure_wider_than_its_cell_nothing_is_made(overhang: int) -> None:
    """What 42117 leaves inside its borders is 2117, in the cell and in its total."""
    picture = Image.new("L", (400, 148), 255)
    draw = ImageDraw.Draw(picture)
    for n in range(5):
        draw.line((20 + 80 * n, 20, 20 + 80 * n, 116), fill=0)
    for n in range(4):
        draw.line((20, 20 + 32 * n, 340, 20 + 32 * n), fill=0)
    figures = [str(42006 + 111 * n) for n in range(12)]
    for n, text in enumerate(figures):
        place = (20 + 80 * (n % 4) + (-overhang if n % 4 == 1 else 12), 27 + 32 * (n // 4))
        draw.text(place, text, fill=0, font=ImageFont.load_default(16))
    read = [cell.text for grid in as_document([saved(picture)]).grids() for row in grid.rows for cell in row if cell]
    assert [text for text in read if text.isdecimal() and text not in figures] == []


@needs_ocr
@pytest.mark.parametrize(("line", "head"), [(0, None), (221, None), (0, 110), (0, 40)])
def test_faint_lines_and_coloured_heads(line: int, head: int | None) -> None:
    (grid,) = as_document([saved(ruled(line, head))]).grids()
    texts = [[cell.text if cell else "" for cell in row] for row in grid.rows]
    assert texts == [[str(2048 + 111 * (4 * row + n)) for n in range(4)] for row in range(3)]


@needs_ocr
def test_small_print_in_black_and_white_alone_is_disputed() -> None:
    small = ruled(0).resize((256, 80), Image.Resampling.LANCZOS).point(lambda value: 255 if value > 128 else 0)
    texts = as_document([saved(small)]).text()
    assert not any(str(2048 + 111 * n) in texts.split("\t") for n in range(12))


@needs_ocr
def test_greys_of_sixteen_bits_are_greys() -> None:
    picture = ruled(0)
    deep = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    assert np.array_equal(decode(saved(deep)), decode(saved(picture)))


@needs_ocr
@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((800, 6000), (800, 6000)),
        ((2480, 3508), (1838, 2600)),
        ((4000, 1000), (4000, 1000)),
        ((900, 40000), (600, 26667)),
    ],
)
def test_a_tall_picture_keeps_its_width(size: tuple[int, int], kept: tuple[int, int]) -> None:
    assert decode(saved(Image.new("L", size, 255))).shape[::-1] == kept


@needs_ocr
def test_red_figures_are_no_seal() -> None:
    """What is painted red and does not hang together as a rim or a star does is print."""
    picture = Image.new("RGB", (400, 300), "white")
    for n in range(20):
        place = (130 + 36 * (n % 4), 100 + 24 * (n // 4))
        ImageDraw.Draw(picture).text(place, "128", fill=(200, 0, 0), font=ImageFont.load_default(20))
    assert int((decode(saved(picture)) < 120).sum()) > 500
    assert int(decode(saved(sealed(Image.new("RGB", (400, 300), "white")))).min()) > 240


@needs_ocr
def test_pictures_on_their_side_and_upside_down() -> None:
    upside_down = opened("form_1.png").rotate(180)
    on_its_side = opened("form_2.png").rotate(90, expand=True)
    assert invented.wrong(as_document([saved(upside_down), saved(on_its_side)])) == {}


@needs_ocr
def test_a_nine_stays_a_nine() -> None:
    """The direction classifier would turn it round: 69, 906, 96 and 9 are in the form."""
    text = as_document([fixture("form_1.png")]).text()
    assert "906" in text and "69" in text


@needs_ocr
def test_a_chart_and_a_blank_sheet_are_no_tables() -> None:
    chart = Image.new("L", (560, 320), 255)
    draw = ImageDraw.Draw(chart)
    for n, height in enumerate((80, 220, 140, 30)):
        draw.rectangle((60 + 110 * n, 280 - height, 120 + 110 * n, 280), fill=90)
    for y in range(40, 300, 40):
        draw.line((40, y, 540, y), fill=180)
    assert read_pictures([saved(chart), saved(Image.new("L", (400, 300), 255)), b"no picture"]) == ()


@needs_ocr
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (saved(Image.new("L", (400, 300), 255)), "no_text"),
        (saved(Image.new("L", (400, 10), 255)), "too_small"),
        (fixture("form_1.png")[:2000], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged"),
    ],
)
def test_what_cannot_be_read(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.reason == reason


@needs_ocr
def test_a_picture_of_a_thousand_million_pixels_is_refused_unopened() -> None:
    content = bytearray(fixture("form_1.png"))
    content[16:24] = (40_000).to_bytes(4, "big") * 2
    with pytest.raises(Unreadable) as caught:
        read(bytes(content))
    assert caught.value.reason in ("too_large", "damaged")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "available", lambda: False)
    for attempt in (lambda: read(fixture("form_1.png")), lambda: read_pictures([fixture("form_1.png")])):
        with pytest.raises(Unreadable) as caught:
            attempt()
        assert caught.value.reason == "ocr_missing"
        assert "make ocr" in caught.value.detail


ORDER = ("df84", "1607", "0423", "c618", "ddb6")


@needs_ocr
def test_the_five_real_pictures() -> None:
    """四川省教育厅 2019: 83 figures, read by eye."""
    folder = shared("real", "sites", "portal_a", "scedu", "c100529", "2020", "1", "17")
    pictures = {path.name[:4]: path.read_bytes() for path in folder.rglob("images/*.png")}
    first, second, third = read_pictures([pictures[name] for name in ORDER])
    figures = [line.split("\t")[-1] for line in first.text().split("\n")]
    assert [f for f in figures if f[0].isdigit()] == ["0", "72", "18", "2351", "0", "0", "0", "4837205.23"]
    assert "行政许可\t9\t0\t18" in first.text()
    lines = second.text().split("\n")[3:]
    assert [line.split("\t")[-1] for line in lines] == (
        [
            "35",
            "0",
            "17",
            "0",
            "1",
            "0",
            "0",
            "0",
            "2",
            "0",
            "0",
            "4",
            "0",
            "0",
            "0",
            "0",
            "0",
            "0",
            "0",
            "0",
            "11",
            "35",
            "0",
        ]
    )
    assert third.text().split("\n")[-1].split("\t") == [
        "0",
        "0",
        "1",
        "0",
        "1",
        "2",
        "0",
        "0",
        "0",
        "2",
        "0",
        "0",
        "0",
        "0",
        "0",
    ]
    assert not any("?" in cell.text for grid in (first, second, third) for row in grid.rows for cell in row if cell)


@needs_ocr
def test_reading_is_the_same_every_time() -> None:
    content = fixture("form_2.png")
    assert read_picture(content, "image/png") == read_picture(content, "image/png")
