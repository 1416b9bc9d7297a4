//! Files that claim far more than they hold: refused at the usual limits, at once and without memory.

use super::support::{Folder, row, seed};

/// What is needed beside pictures, with some room.
const LITTLE_MEMORY: u64 = 192 << 20;

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// A PNG with another size in its header, whose check sum is right.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = seed("gray.png");
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|found| found == wanted).unwrap()
}

fn jpeg(name: &str, marker: u8, width: u16, height: u16) -> Vec<u8> {
    let mut bytes = seed(name);
    let at = find(&bytes, &[0xff, marker]) + 5;
    bytes[at..at + 2].copy_from_slice(&height.to_be_bytes());
    bytes[at + 2..at + 4].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn bmp(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = seed("rgb.bmp");
    bytes[18..22].copy_from_slice(&width.to_le_bytes());
    bytes[22..26].copy_from_slice(&height.to_le_bytes());
    bytes
}

fn gif(screen: [u16; 2], frame: [u16; 2]) -> Vec<u8> {
    let mut bytes = seed("flat.gif");
    let at = find(&bytes, &[0x2c, 0, 0, 0, 0]) + 5;
    for (at, sides) in [(6, screen), (at, frame)] {
        bytes[at..at + 2].copy_from_slice(&sides[0].to_le_bytes());
        bytes[at + 2..at + 4].copy_from_slice(&sides[1].to_le_bytes());
    }
    bytes
}

/// A WebP of some chunks.
fn webp(chunks: &[(&[u8; 4], u32, &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, size, content) in chunks {
        body.extend_from_slice(*name);
        body.extend_from_slice(&size.to_le_bytes());
        body.extend_from_slice(content);
    }
    [b"RIFF".to_vec(), (body.len() as u32).to_le_bytes().to_vec(), body].concat()
}

fn lossless(width: u32, height: u32) -> Vec<u8> {
    let size = (width - 1) | (height - 1) << 14;
    let content = [&[0x2f][..], &size.to_le_bytes(), &[0; 27]].concat();
    webp(&[(b"VP8L", content.len() as u32, &content)])
}

/// A TIFF of tags with one value of four bytes each, and some content behind them at offset [`CONTENT`].
pub fn tiff(tags: &[(u16, u32)], next: u32, content: &[u8]) -> Vec<u8> {
    let tags: Vec<_> = tags.iter().map(|&(tag, value)| (tag, 1, value)).collect();
    tiff_of_lists(&tags, next, content)
}

/// The same with the number of values of each tag, several of which stand where the value says.
fn tiff_of_lists(tags: &[(u16, u32, u32)], next: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = [b"II*\0".as_slice(), &8u32.to_le_bytes()].concat();
    bytes.extend_from_slice(&(tags.len() as u16).to_le_bytes());
    for (tag, count, value) in tags {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&4u16.to_le_bytes());
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(&next.to_le_bytes());
    assert!(bytes.len() <= CONTENT as usize);
    bytes.resize(CONTENT as usize, 0);
    bytes.extend_from_slice(content);
    bytes
}

const CONTENT: u32 = 256;

/// The tags of a grey picture in one strip.
pub fn strip(width: u32, height: u32, compression: u32, bytes: u32) -> Vec<(u16, u32)> {
    vec![
        (256, width),
        (257, height),
        (258, 8),
        (259, compression),
        (262, 1),
        (273, CONTENT),
        (277, 1),
        (278, height),
        (279, bytes),
    ]
}

/// A grey picture in tiles that all are the same sixteen bytes.
fn tiles(sides: [u32; 2], tile: [u32; 2], samples: u32) -> Vec<u8> {
    let across = |at: usize| sides[at].div_ceil(tile[at].max(1));
    let n = across(0) * across(1);
    // One value stands in its tag, a list of them behind the header.
    let (places, sizes) = if n == 1 { (CONTENT, 16) } else { (CONTENT + 16, CONTENT + 16 + 4 * n) };
    let tags = [
        (256, 1, sides[0]),
        (257, 1, sides[1]),
        (258, 1, 8),
        (259, 1, 8),
        (262, 1, 1),
        (277, 1, samples),
        (322, 1, tile[0]),
        (323, 1, tile[1]),
        (324, n, places),
        (325, n, sizes),
    ];
    let list = |value: u32| value.to_le_bytes().repeat(n as usize);
    tiff_of_lists(&tags, 0, &[vec![0; 16], list(CONTENT), list(16)].concat())
}

fn claims() -> Vec<(&'static str, Vec<u8>)> {
    let exif = [0x08, 0, 0, 0, 23, 0, 0, 23, 0, 0];
    let vast = jpeg("gray.jpg", 0xc0, 16_384, 16_384);
    let mut twice = seed("gray.jpg");
    let at = find(&twice, &[0xff, 0xc0]);
    let header = jpeg("gray.jpg", 0xc0, 65_535, 65_535)[at..at + 13].to_vec();
    twice.splice(at + 13..at + 13, header);
    let mut many = strip(24, 24, 7, vast.len() as u32);
    many[8].1 = u32::MAX;
    vec![
        ("vast.png", png(65_535, 65_535)),
        ("most.png", png(0x7fff_ffff, 0x7fff_ffff)),
        ("wide.png", png(0x7fff_ffff, 1)),
        ("none.png", png(0, 24)),
        ("flat.png", png(24, 0)),
        ("more.png", png(16_384, 16_384)),
        ("vast.jpg", jpeg("gray.jpg", 0xc0, 65_535, 65_535)),
        ("vast_color.jpg", jpeg("rgb.jpg", 0xc0, 65_535, 65_535)),
        ("vast_steps.jpg", jpeg("progressive.jpg", 0xc2, 65_535, 65_535)),
        ("vast_inks.jpg", jpeg("cmyk.jpg", 0xc0, 65_535, 65_535)),
        ("none.jpg", jpeg("gray.jpg", 0xc0, 0, 24)),
        ("later.jpg", jpeg("gray.jpg", 0xc0, 24, 0)),
        ("twice.jpg", twice),
        ("vast.bmp", bmp(65_535, 65_535)),
        ("most.bmp", bmp(i32::MAX, i32::MAX)),
        ("least.bmp", bmp(i32::MIN, i32::MIN)),
        ("none.bmp", bmp(0, 24)),
        ("vast.gif", gif([65_535; 2], [65_535; 2])),
        ("frame.gif", gif([1; 2], [65_535; 2])),
        ("frame_within_memory.gif", gif([1; 2], [30_000; 2])),
        ("none.gif", gif([0; 2], [0; 2])),
        ("vast.pgm", b"P5\n65535 65535\n255\n\0".to_vec()),
        ("most.pgm", b"P5\n99999999999999999999 9\n255\n\0".to_vec()),
        ("none.pgm", b"P5\n0 9\n255\n\0".to_vec()),
        ("vast_text.ppm", b"P3\n65535 65535\n255\n1 2 3".to_vec()),
        ("vast_bits.pnm", b"P4\n65535 65535\n\0".to_vec()),
        ("wide.pnm", b"P6\n4294967295 1\n65535\n\0".to_vec()),
        (
            "any.pnm",
            b"P7\nWIDTH 65535\nHEIGHT 65535\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
                .to_vec(),
        ),
        ("vast.webp", lossless(16_384, 16_384)),
        ("canvas.webp", {
            let size = [0x02, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0];
            webp(&[(b"VP8X", 10, &size), (b"ANIM", 6, &[0; 6])])
        }),
        ("chunk.webp", {
            let (start, image) = (lossless(24, 24), [0; 40]);
            let own = (b"VP8L", 32, &start[20..52]);
            webp(&[(b"VP8X", 10, &exif), own, (b"EXIF", u32::MAX - 1, &image)])
        }),
        ("vast.tif", tiff(&strip(65_535, 65_535, 1, 16), 0, &[0; 16])),
        ("most.tif", tiff(&strip(u32::MAX, u32::MAX, 8, 16), 0, &[0; 16])),
        ("none.tif", tiff(&strip(0, 24, 1, 16), 0, &[0; 16])),
        ("strip.tif", tiff(&strip(24, 24, 1, u32::MAX), 0, &[0; 16])),
        ("tile.tif", tiles([24, 24], [1 << 20, 1 << 20], 1)),
        ("tile_of_nothing.tif", tiles([24, 24], [0, 0], 1)),
        ("padded.tif", tiles([1, 4096], [1 << 20, 16], 1)),
        ("samples.tif", tiles([24, 24], [32, 32], 65_535)),
        ("jpeg_within.tif", tiff(&strip(24, 24, 7, vast.len() as u32), 0, &vast)),
        ("jpeg_shared.tif", tiff(&many, 0, &vast)),
    ]
}

#[test]
fn claims_beyond_the_file_are_refused_at_once_and_without_memory() {
    let folder = Folder::new();
    let claims = claims();
    for (name, bytes) in &claims {
        folder.write(format!("claims/{name}"), bytes);
    }
    assert_eq!(claims.len(), 41);
    folder.write("claims/good.png", &seed("gray.png"));
    let args = ["score", "claims", "--descriptor", "fast"];
    // At 2^20 pixels a decoder that believed a claim would be seen as well.
    for limits in [&[][..], &["--max-pixels", "1048576", "--max-memory", "67108864"]] {
        let run = folder.run(args.iter().chain(limits)).expect(3).within(LITTLE_MEMORY + (1 << 30));
        let rows = run.table();
        assert_eq!(rows.len(), claims.len() + 1);
        for (name, _) in &claims {
            let row = row(&rows, &format!("claims/{name}"));
            assert_eq!(row["status"], "error", "{name}");
        }
        assert_eq!(row(&rows, "claims/good.png")["status"], "ok");
        println!("{limits:?}: {:.1?}, {} MiB", run.time, run.peak >> 20);
        if !limits.is_empty() {
            assert!(run.peak <= LITTLE_MEMORY, "{} bytes", run.peak);
        }
        for name in ["tile.tif", "padded.tif"] {
            let error = &row(&rows, &format!("claims/{name}"))["error"];
            assert!(error.contains("tiles of at most"), "{name}: {error}");
        }
        for (name, word) in [
            ("jpeg_within.tif", "a JPEG of 16384"),
            ("jpeg_shared.tif", "strips or tiles in a file"),
            ("samples.tif", "samples a pixel"),
            ("chunk.webp", "WebP chunk"),
            ("vast.png", "--max-pixels"),
            ("vast.jpg", "--max-pixels"),
        ] {
            let error = &row(&rows, &format!("claims/{name}"))["error"];
            assert!(error.contains(word), "{name}: {error}");
        }
    }
}

/// A BMP of a kilobyte that is black from its first run on.
fn bomb_bmp(side: u32) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    for number in [1080, 0, 1078, 40, side, side, 8 << 16 | 1, 1, 2, 0, 0, 256, 256] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend((0..=255u8).flat_map(|value| [value, value, value, 0]));
    bytes.extend([0, 1]);
    bytes
}

/// As much as `image` can write of nothing.
fn bomb(side: u32, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(side, side).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn bombs_are_work_of_their_pixels_and_refused_beyond_the_limit_before_they_go_off() {
    let folder = Folder::new();
    let side = 1500;
    folder.write("bombs/run.bmp", &bomb_bmp(side));
    for (name, format) in [
        ("flat.png", image::ImageFormat::Png),
        ("flat.webp", image::ImageFormat::WebP),
        ("flat.gif", image::ImageFormat::Gif),
        ("flat.jpg", image::ImageFormat::Jpeg),
    ] {
        folder.write(format!("bombs/{name}"), &bomb(side, format));
    }
    let args = ["scan", "bombs", "-o", "t.csv"];
    let run = folder.run(args.iter().chain(&["--max-memory", "67108864"]));
    println!("bombs: {:.1?}, {} MiB", run.time, run.peak >> 20);
    let run = run.within(2 * (64 << 20) + LITTLE_MEMORY / 2);
    assert_eq!(run.status, Some(0), "{}", run.err);
    let args = ["score", "bombs", "--descriptor", "fast", "--max-pixels", "2249999"];
    let run = folder.run(args).expect(3).within(LITTLE_MEMORY / 2);
    let rows = run.table();
    assert_eq!(rows.len(), 5);
    for row in rows {
        assert!(row["error"].contains("--max-pixels"), "{row:?}");
    }
}
