"""Writes the seeds of the hostile corpus: small pictures of our own in every form that a format has.

Run it with Pillow 11.3.0, and for the forms that Pillow does not write with tifffile and imagecodecs:

    pip install pillow==11.3.0 numpy tifffile==2026.3.3 imagecodecs==2026.3.6
    python tests/cli/hostile/make_seeds.py

It writes the same bytes each time.
"""

import pathlib
import random
import struct
import zlib

import imagecodecs
import numpy
import tifffile
from PIL import Image

SIDE = 24
FOLDER = pathlib.Path(__file__).parent / "seeds"


def noise(mode, seed):
    """A smooth slope with noise on it, so that every coder has something to do."""
    source = random.Random(seed)
    channels = len(Image.new(mode, (1, 1)).getbands())
    samples = bytes(
        min(255, 5 * x + 4 * y + source.randrange(40)) if channel < 3 else 40 + 7 * x
        for y in range(SIDE)
        for x in range(SIDE)
        for channel in range(channels)
    )
    return Image.frombytes(mode, (SIDE, SIDE), samples)


def interlaced(picture):
    """A grey PNG in the seven passes of Adam7, which Pillow reads but does not write."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
              (0, 1, 1, 2))
    rows = b"".join(
        b"\0" + bytes(picture.getpixel((x, y)) for x in range(left, SIDE, across))
        for left, top, across, down in passes
        for y in range(top, SIDE, down)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


def main():
    FOLDER.mkdir(exist_ok=True)
    gray, rgb, rgba, cmyk = noise("L", 1), noise("RGB", 2), noise("RGBA", 3), noise("CMYK", 4)
    alpha, bits, palette = noise("LA", 5), gray.convert("1"), rgb.quantize(16)
    deep = Image.frombytes("I;16", (SIDE, SIDE), b"".join(
        (257 * value).to_bytes(2, "little") for value in gray.tobytes()))
    real, whole = gray.convert("F"), gray.convert("I")
    frames = [noise("RGB", seed) for seed in (6, 7)]
    many = {"save_all": True, "append_images": frames, "duration": 40}

    def save(name, picture, **options):
        picture.save(FOLDER / name, **options)

    save("gray.png", gray)
    save("rgb.png", rgb)
    save("alpha.png", rgba)
    save("gray_alpha.png", alpha)
    save("bits.png", bits)
    save("deep.png", deep)
    save("palette.png", palette, transparency=3)
    save("animated.png", rgb, **many)
    (FOLDER / "interlaced.png").write_bytes(interlaced(gray))

    save("gray.jpg", gray, quality=80)
    save("rgb.jpg", rgb, quality=80)
    save("unsampled.jpg", rgb, quality=80, subsampling=0)
    save("progressive.jpg", rgb, quality=80, progressive=True)
    save("restarts.jpg", rgb, quality=80, restart_marker_blocks=2)
    save("cmyk.jpg", cmyk, quality=80)
    # The same numbers, said to be luma, two chromas and black: transform 2 of the segment of Adobe.
    ycck = bytearray((FOLDER / "cmyk.jpg").read_bytes())
    ycck[ycck.index(b"Adobe") + 11] = 2
    (FOLDER / "ycck.jpg").write_bytes(ycck)

    save("gray.bmp", gray)
    save("rgb.bmp", rgb)
    save("alpha.bmp", rgba)
    save("bits.bmp", bits)

    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        save(f"rgb_{compression}.tif", rgb, compression=None if compression == "raw" else compression)
    save("gray.tif", gray)
    save("bits.tif", bits)
    save("bits_g4.tif", bits, compression="group4")
    save("deep.tif", deep)
    save("float.tif", real)
    save("whole.tif", whole)
    save("alpha.tif", rgba)
    save("cmyk.tif", cmyk)
    save("palette.tif", palette)
    save("pages.tif", rgb, save_all=True, append_images=frames)

    save("lossy.webp", rgb, quality=70)
    save("lossy_alpha.webp", rgba, quality=70)
    save("lossless.webp", rgb, lossless=True)
    save("lossless_alpha.webp", rgba, lossless=True)
    save("animated.webp", rgb, **many)
    save("animated_lossless.webp", rgb, lossless=True, **many)

    save("gray.gif", gray)
    save("palette.gif", palette, interlace=True)
    save("flat.gif", palette, interlace=False, transparency=2)
    save("animated.gif", rgb, **many)

    save("gray.pgm", gray)
    save("rgb.ppm", rgb)
    save("bits.pnm", bits, format="PPM")
    save("deep.pgm", deep.convert("I"), format="PPM")
    for kind, picture in (("P2", gray), ("P3", rgb)):
        text = f"{kind}\n# by hand\n{SIDE} {SIDE}\n255\n" + " ".join(map(str, picture.tobytes()))
        (FOLDER / f"text_{kind.lower()}.pnm").write_text(text + "\n")

    other_forms(numpy.asarray(gray), numpy.asarray(rgb))


def other_forms(gray, rgb):
    """Forms that Pillow does not write."""
    deep, twelve = gray.astype("uint16") * 257, gray.astype("uint16") * 16

    def tiff(name, samples, **options):
        options = {"photometric": "minisblack", "metadata": None, "software": None, **options}
        tifffile.imwrite(FOLDER / name, samples, **options)

    tiff("gray_4bit.tif", gray // 16, bitspersample=4)
    tiff("gray_12bit.tif", twelve, bitspersample=12)
    tiff("signed.tif", (deep.astype(int) - 32768).astype("int16"), compression="deflate")
    tiff("gray_alpha.tif", numpy.dstack([gray, rgb[..., 0]]), planarconfig="contig",
         extrasamples=["unassalpha"])
    tiff("bands.tif", numpy.dstack([rgb, gray, gray]), planarconfig="contig",
         extrasamples=["unspecified"] * 4)
    tiff("planes.tif", numpy.moveaxis(rgb, 2, 0), photometric="rgb", planarconfig="separate",
         tile=(16, 16))
    tiff("ycbcr.tif", rgb, photometric="rgb", compression="jpeg", subsampling=(2, 2),
         compressionargs={"level": 80, "outcolorspace": "ycbcr"})
    tiff("webp.tif", rgb, photometric="rgb", compression="webp", compressionargs={"lossless": True})

    tiff("zstd.tif", rgb, photometric="rgb", compression="zstd", rowsperstrip=8, predictor=2)

    coded = {
        "gray.jp2": imagecodecs.jpeg2k_encode(gray, level=0, reversible=True),
        "rgb.j2k": imagecodecs.jpeg2k_encode(rgb, codecformat="j2k", level=30),
        "deep.jp2": imagecodecs.jpeg2k_encode(deep, level=0, reversible=True),
        "rgb.jp2": imagecodecs.jpeg2k_encode(rgb, level=0, reversible=True),
        "gray.jxl": imagecodecs.jpegxl_encode(gray, lossless=True),
        "rgb.jxl": imagecodecs.jpegxl_encode(rgb, distance=1.0),
        "deep.jxl": imagecodecs.jpegxl_encode(deep, lossless=True),
        "alpha.jxl": imagecodecs.jpegxl_encode(numpy.dstack([rgb, gray]), lossless=True),
        "lossless.jpg": imagecodecs.ljpeg_encode(twelve, bitspersample=12),
        "gray_12bit.jpg": imagecodecs.jpeg8_encode(twelve, bitspersample=12, level=80),
    }
    for name, content in coded.items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
