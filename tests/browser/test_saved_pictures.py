"""Every figure saved as a picture: painted by the browser itself, with its title, dates and source, by keyboard too."""

from __future__ import annotations

import struct

import pytest

# Between them every kind of drawing: bars of words, weeks, a line, small pictures side by side, facts, a network, fields.
PAGES = (
    ("light", "/?viewer=mt&lang=nl"),
    ("dark", "/coordination?viewer=mt&lang=en&period=2026"),
    ("light", "/ties?viewer=mt&lang=en"),
    ("dark", "/scan?viewer=hr&lang=nl&show=load"),
)
# Notes what is written on every canvas.
LISTEN = """() => {
  window.painted = [];
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text) { window.painted.push(text); return write.apply(this, arguments); };
}"""
# How many colours a picture has, and whether its drawing is more than letters on one ground.
COLOURS = """async (bytes) => {
  const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const brush = new OffscreenCanvas(image.width, image.height).getContext("2d");
  brush.drawImage(image, 0, 0);
  const seen = new Set(), data = brush.getImageData(0, 0, image.width, image.height).data;
  for (let at = 0; at < data.length; at += 4 * 7) { seen.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]); }
  return seen.size;
}"""


def size(png: bytes) -> tuple[int, int]:
    """Width and height, from the head of the file."""
    return struct.unpack(">II", png[16:24])


def saved(reader, press) -> tuple[str, bytes]:
    with reader.page.expect_download() as download:
        press()
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.mark.parametrize(("scheme", "path"), PAGES)
def test_every_figure_can_be_saved_as_it_is_shown(readers, scheme, path):
    reader = readers[scheme]
    reader.errors.clear()
    reader.open(path)
    page = reader.page
    page.evaluate(LISTEN)
    figures = page.locator("main figure")
    assert figures.count() > 0
    for place in range(figures.count()):
        figure = figures.nth(place)
        page.evaluate("window.painted = []")
        called, png = saved(reader, figure.locator("[data-picture]").click)
        assert png.startswith(b"\x89PNG")
        assert size(png)[0] == pytest.approx(2 * figure.locator("figcaption").bounding_box()["width"] + 112, abs=3)
        assert page.evaluate(COLOURS, list(png)) > 20
        written = " ".join(page.evaluate("window.painted"))
        for said in (figure.locator("figcaption h2"), page.locator("main h1"), page.locator(".eyebrow span").last):
            assert " ".join(said.inner_text().split()) in written
        assert page.locator("#source").inner_text() in written
        assert "Demo:" in written
        (reader.pictures / f"saved-{called}").write_bytes(png)
    with page.expect_download() as numbers:
        figures.last.locator("a.download").click()
    assert called.removesuffix(".png") == numbers.value.suggested_filename.removesuffix(".csv")
    assert (reader.errors, reader.outside) == ([], [])


def test_the_keyboard_saves_a_picture(readers):
    reader = readers["light"]
    reader.open("/?lang=en")
    page = reader.page
    page.locator("a.download").first.focus()
    page.keyboard.press("Tab")
    assert reader.focused().get_attribute("aria-label").startswith("PNG, Save as a picture: ")
    called, png = saved(reader, lambda: page.keyboard.press("Enter"))
    assert called.startswith("meetload-time-division-self_")
    assert png.startswith(b"\x89PNG")
