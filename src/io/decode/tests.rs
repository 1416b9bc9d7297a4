use super::{Decoded, Limits, decode};
use crate::image::{Samples, Spread};
use crate::random::Random;

const WIDTH: usize = 13;
const HEIGHT: usize = 6;

/// A TIFF in the making: tags with numbers of four bytes, and what the last two of them, the strips, hold.
#[derive(Clone)]
struct Tiff {
    is_little: bool,
    tags: Vec<(u16, Vec<u32>)>,
    strips: Vec<Vec<u8>>,
}

impl Tiff {
    /// Grey, in one strip.
    fn new(bits: u32, content: Vec<u8>) -> Self {
        let tags = [(256, WIDTH as u32), (257, HEIGHT as u32), (258, bits), (259, 1), (262, 1)];
        let mut tiff = Self { is_little: true, tags: Vec::new(), strips: vec![content] };
        tags.iter()
            .chain(&[(277, 1), (278, HEIGHT as u32)])
            .for_each(|&(tag, v)| tiff.set(tag, &[v]));
        tiff
    }

    fn set(&mut self, tag: u16, values: &[u32]) {
        self.tags.retain(|(known, _)| *known != tag);
        self.tags.push((tag, values.to_vec()));
    }

    fn with(mut self, tag: u16, values: &[u32]) -> Self {
        self.set(tag, values);
        self
    }

    /// The file, with so many more pages of one pixel behind the picture.
    fn bytes(mut self, n_more: usize) -> Vec<u8> {
        let order = |value: u32| match self.is_little {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let short = |value: u16| match self.is_little {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let mut bytes = if self.is_little { b"II".to_vec() } else { b"MM".to_vec() };
        bytes.extend(short(42));
        bytes.extend([0; 4]);
        let put = |bytes: &mut Vec<u8>, content: &[u8]| {
            let at = bytes.len() as u32;
            bytes.extend(content);
            at
        };
        let offsets: Vec<u32> = self.strips.iter().map(|strip| put(&mut bytes, strip)).collect();
        let sizes: Vec<u32> = self.strips.iter().map(|strip| strip.len() as u32).collect();
        self.tags.extend([(273, offsets.clone()), (279, sizes)]);
        self.tags.sort();
        let one = [
            (256, 1),
            (257, 1),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, 8),
            (277, 1),
            (278, 1),
            (279, 1),
        ];
        let more = one.map(|(tag, value)| (tag, vec![value])).to_vec();
        let pages = [vec![self.tags.clone()], vec![more; n_more]].concat();
        let mut link = 4;
        for tags in pages {
            let mut entries = Vec::new();
            for (tag, values) in &tags {
                entries.extend(short(*tag));
                entries.extend(short(4));
                entries.extend(order(values.len() as u32));
                let list: Vec<u8> = values.iter().flat_map(|&value| order(value)).collect();
                let field = if values.len() == 1 { values[0] } else { put(&mut bytes, &list) };
                entries.extend(order(field));
            }
            let directory = bytes.len();
            bytes[link..link + 4].copy_from_slice(&order(directory as u32));
            bytes.extend(short(tags.len() as u16));
            bytes.extend(entries);
            link = bytes.len();
            bytes.extend([0; 4]);
        }
        bytes
    }
}

/// Rows of samples of some bits, the first bit of a byte being its highest.
fn packed(rows: &[Vec<u32>], bits: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in rows {
        let digits = |&value: &u32| (0..bits).rev().map(move |bit| (value >> bit & 1) as u8);
        let row: Vec<u8> = row.iter().flat_map(digits).collect();
        let byte =
            |eight: &[u8]| eight.iter().enumerate().map(|(at, bit)| bit << (7 - at)).sum::<u8>();
        bytes.extend(row.chunks(8).map(byte));
    }
    bytes
}

fn random_rows(bits: u32, n: usize) -> Vec<Vec<u32>> {
    let mut random = Random::new(bits.into(), 3);
    (0..HEIGHT).map(|_| (0..n).map(|_| random.below(1 << bits) as u32).collect()).collect()
}

/// By the definition: the largest value becomes the largest, others the nearest.
fn wide(value: u32, bits: u32) -> u16 {
    let most = if bits <= 8 { 255.0 } else { 65_535.0 };
    (f64::from(value) * most / f64::from((1 << bits) - 1)).round() as u16
}

fn read(bytes: &[u8]) -> Decoded {
    decode(bytes, "tif", Limits::default(), true).unwrap()
}

fn values(decoded: &Decoded, plane: usize) -> Vec<u16> {
    decoded.planes.rgb()[plane].values().collect()
}

fn reason(bytes: &[u8]) -> String {
    decode(bytes, "tif", Limits::default(), false).unwrap_err().to_string()
}

#[test]
fn a_tiff_of_any_depth_is_read_as_the_nearest_of_8_or_16_bits() {
    let mut n_seen = 0;
    for bits in (1..16).filter(|&bits| bits != 8) {
        let rows = random_rows(bits, WIDTH);
        let expected: Vec<u16> = rows.iter().flatten().map(|&v| wide(v, bits)).collect();
        for is_little in [true, false] {
            let mut tiff = Tiff::new(bits, packed(&rows, bits));
            tiff.is_little = is_little;
            let found = read(&tiff.clone().bytes(0));
            assert_eq!(values(&found, 0), expected, "{bits}");
            assert_eq!(
                (u32::from(found.encoding.bits), found.flags.to_string()),
                (bits, "".into())
            );
            let eight = matches!(found.planes.gray().samples(), Samples::Eight(_));
            assert_eq!(eight, bits <= 8);
            // Black and white exchanged; and the bits of each byte turned round.
            let most = (1 << bits) - 1;
            let other = read(&tiff.clone().with(262, &[0]).bytes(0));
            let inverse: Vec<u16> = rows.iter().flatten().map(|&v| wide(most - v, bits)).collect();
            assert_eq!(values(&other, 0), inverse, "{bits}");
            let mut turned = tiff.with(266, &[2]);
            turned.strips[0].iter_mut().for_each(|byte| *byte = byte.reverse_bits());
            assert_eq!(values(&read(&turned.bytes(0)), 0), expected, "{bits}");
            n_seen += 3;
        }
    }
    assert_eq!(n_seen, 14 * 2 * 3);
}

#[test]
fn colours_may_lie_side_by_side_or_in_planes_at_any_depth() {
    let mut n_seen = 0;
    for bits in [2, 4, 5, 8, 10, 12] {
        let planes = [0, 1, 2].map(|plane| {
            random_rows(bits, 3 * WIDTH)[..HEIGHT]
                .iter()
                .map(|row| row[plane * WIDTH..(plane + 1) * WIDTH].to_vec())
                .collect::<Vec<_>>()
        });
        let beside =
            |y: usize| (0..WIDTH).flat_map(|x| planes.each_ref().map(|p| p[y][x])).collect();
        let rows: Vec<Vec<u32>> = (0..HEIGHT).map(beside).collect();
        let colored = |content| Tiff::new(bits, content).with(262, &[2]).with(277, &[3]);
        let together = colored(packed(&rows, bits)).with(258, &[bits; 3]);
        let mut apart = colored(Vec::new()).with(284, &[2]);
        apart.strips = planes.iter().map(|plane| packed(plane, bits)).collect();
        for tiff in [together, apart] {
            let found = read(&tiff.bytes(0));
            for (nth, plane) in planes.iter().enumerate() {
                let expected: Vec<u16> = plane.iter().flatten().map(|&v| wide(v, bits)).collect();
                assert_eq!(values(&found, nth), expected, "{bits}");
            }
            assert!(found.encoding.has_color && found.flags.is_empty());
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 12);
}

#[test]
fn palettes_are_resolved_whether_their_colours_have_8_or_16_bits() {
    let mut n_seen = 0;
    for bits in [1, 2, 4, 8] {
        let rows = random_rows(bits, WIDTH);
        let mut random = Random::new(9, 9);
        let colors: Vec<u32> = (0..3 << bits).map(|_| random.below(256) as u32).collect();
        for factor in [1, 256, 257] {
            let map: Vec<u32> = colors.iter().map(|color| color * factor).collect();
            let tiff = Tiff::new(bits, packed(&rows, bits)).with(262, &[3]).with(320, &map);
            let found = read(&tiff.bytes(0));
            for plane in 0..3 {
                let color = |&index: &u32| colors[(plane << bits) + index as usize] as u16;
                let expected: Vec<u16> = rows.iter().flatten().map(color).collect();
                assert_eq!(values(&found, plane), expected, "{bits} {factor}");
            }
            n_seen += 1;
        }
        let short = Tiff::new(bits, packed(&rows, bits)).with(262, &[3]).with(320, &[1, 2]);
        assert!(reason(&short.bytes(0)).contains("palette"));
    }
    assert_eq!(n_seen, 12);
}

#[test]
fn signed_numbers_keep_their_order() {
    let numbers = [-128_i8, -1, 0, 1, 127];
    let content: Vec<u8> = (0..WIDTH * HEIGHT).map(|at| numbers[at % 5] as u8).collect();
    let found = values(&read(&Tiff::new(8, content).with(339, &[2]).bytes(0)), 0);
    assert_eq!(found[..5], [0, 127, 128, 129, 255]);
    let numbers = [i16::MIN, -1, 0, 1, i16::MAX];
    let content = (0..WIDTH * HEIGHT).flat_map(|at| numbers[at % 5].to_le_bytes()).collect();
    let found = values(&read(&Tiff::new(16, content).with(339, &[2]).bytes(0)), 0);
    assert_eq!(found[..5], [0, 32_767, 32_768, 32_769, 65_535]);
}

#[test]
fn a_range_reads_signed_numbers_as_they_are() {
    let numbers = [-300_i16, -1, 0, 100, 400];
    let content = (0..WIDTH * HEIGHT).flat_map(|at| numbers[at % 5].to_le_bytes()).collect();
    let bytes = Tiff::new(16, content).with(339, &[2]).bytes(0);
    for (low, high, expected, flags) in [
        (-1.0, 100.0, [0, 0, 649, 65_535, 65_535], "clipped"),
        (-300.0, 400.0, [0, 27_993, 28_086, 37_449, 65_535], ""),
    ] {
        let limits = Limits { spread: Spread::new(low, high), ..Limits::default() };
        let found = decode(&bytes, "tif", limits, false).unwrap();
        assert_eq!(values(&found, 0)[..5], expected);
        assert_eq!(found.flags.to_string(), flags);
        assert!(found.planes.gray().is_spread());
    }
}

#[test]
fn labels_stay_as_they_are_stored() {
    let limits = Limits { keeps_values: true, ..Limits::default() };
    let labels = |bytes: &[u8]| values(&decode(bytes, "tif", limits, true).unwrap(), 0);
    let content = (0..WIDTH * HEIGHT).map(|at| [0, 1, 2, 255][at % 4]).collect::<Vec<u8>>();
    let signed = Tiff::new(8, content).with(339, &[2]).bytes(0);
    assert_eq!(labels(&signed)[..4], [0, 1, 2, 0]);
    let mut n_seen = 0;
    for bits in [2, 4, 7, 9, 12, 15] {
        let rows = random_rows(bits, WIDTH);
        let expected: Vec<u16> = rows.iter().flatten().map(|&value| value as u16).collect();
        assert_eq!(labels(&Tiff::new(bits, packed(&rows, bits)).bytes(0)), expected, "{bits}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 6);
}

#[test]
fn a_small_copy_or_a_mask_before_the_first_page_is_no_page() {
    for kind in [1, 4, 5] {
        let tiff = Tiff::new(8, vec![9; WIDTH * HEIGHT]).with(254, &[kind]);
        let found = read(&tiff.bytes(1));
        assert_eq!((found.planes.gray().width(), found.flags.to_string().as_str()), (1, ""));
        let alone = read(&Tiff::new(8, vec![9; WIDTH * HEIGHT]).with(254, &[kind]).bytes(0));
        assert_eq!(alone.planes.gray().width(), WIDTH);
    }
}

#[test]
fn transparency_bands_and_pages_are_flagged_where_something_is_left_out() {
    let n = WIDTH * HEIGHT;
    let pixels = |pixel: &[u8]| Tiff::new(8, pixel.repeat(n)).with(277, &[pixel.len() as u32]);
    for (tiff, n_more, expected, first) in [
        (pixels(&[7, 255]).with(338, &[2]), 0, "", 7),
        (pixels(&[7, 254]).with(338, &[2]), 0, "alpha_ignored", 7),
        (pixels(&[7, 254]).with(338, &[1]).with(262, &[0]), 0, "alpha_ignored", 248),
        (pixels(&[7, 9]).with(338, &[0]), 0, "bands_ignored", 7),
        (pixels(&[1, 2, 3]).with(338, &[0, 0]), 0, "", 1),
        (pixels(&[1, 2, 3, 4, 5]).with(338, &[0; 4]), 0, "bands_ignored", 1),
        (pixels(&[1, 2, 3, 4]).with(262, &[2]), 0, "alpha_ignored", 1),
        (pixels(&[1, 2, 3, 255]).with(262, &[2]), 0, "", 1),
        (pixels(&[1, 2, 3, 4]).with(262, &[2]).with(338, &[0]), 0, "bands_ignored", 1),
        (pixels(&[7]), 1, "pages_ignored", 7),
        (pixels(&[7]), 2, "pages_ignored", 7),
    ] {
        let found = read(&tiff.bytes(n_more));
        assert_eq!((found.flags.to_string().as_str(), values(&found, 0)[0]), (expected, first));
    }
}

#[test]
fn forms_that_cannot_be_read_are_named_and_not_called_damaged() {
    let mut n_seen = 0;
    let mut check = |bytes: &[u8], word: &str| {
        let reason = reason(bytes);
        let found = reason.split_once("found").map_or("", |(_, found)| found);
        assert!(found.contains(word), "{word}: {reason}");
        for never in ["damaged", "cut short", "emove the file", "Unknown", "gave up"] {
            assert!(!reason.contains(never), "{word}: {reason}");
        }
        n_seen += 1;
    };
    let plain = |bits: u32| Tiff::new(bits, vec![0; WIDTH * HEIGHT * bits.div_ceil(8) as usize]);
    for (tiff, word) in [
        (plain(32), "integers of 32 bits"),
        (plain(32).with(339, &[3]), "floating point numbers of 32 bits"),
        (plain(16).with(339, &[3]), "floating point numbers of 16 bits"),
        (plain(64).with(339, &[6]), "complex"),
        (plain(8).with(259, &[34_925]), "LZMA"),
        (plain(8).with(259, &[6]), "old-style JPEG"),
        (plain(8).with(259, &[33_005]), "JPEG 2000"),
        (plain(12).with(259, &[7]), "JPEG of 12 bits"),
        (plain(8).with(262, &[8]), "L*a*b*"),
        (plain(16).with(262, &[32_803]), "camera"),
        (plain(8).with(262, &[6]).with(277, &[3]), "YCbCr"),
        (plain(8).with(258, &[5, 6, 5]).with(277, &[3]), "5, 6, 5"),
        (plain(12).with(317, &[2]), "predictor"),
    ] {
        check(&tiff.bytes(0), word);
    }
    let jpeg = |marker: u8, bits: u8| {
        [&[0xff, 0xd8, 0xff, marker, 0, 11, bits, 0, 8, 0, 8, 1, 1, 0x11, 0][..], &[0xff, 0xd9]]
            .concat()
    };
    check(&jpeg(0xc1, 12), "12 bits");
    check(&jpeg(0xc9, 8), "arithmetic");
    check(&jpeg(0xc5, 8), "hierarchical");
    let heif = |brand: &[u8]| [b"\0\0\0\x18ftyp", brand, b"\0\0\0\0mif1", brand].concat();
    check(&heif(b"heic"), "HEIC");
    check(&heif(b"avif"), "AVIF");
    check(b"\0\0\0\x10ftypcrx \0\0\0\0", "CR3");
    check(b"\0\0\0\x10ftypisom\0\0\0\0", "film");
    check(&[&[0; 128][..], b"DICM\x02\0"].concat(), "DICOM");
    check(b"8BPS\0\x01", "Photoshop");
    check(b"%PDF-1.7", "PDF");
    check(b"version https://git-lfs.github.com/spec/v1\n", "Git LFS");
    check(b"<!DOCTYPE html>", "web");
    check(b"v/1\x01\x02", "OpenEXR");
    check(b"", "empty");
    assert_eq!(n_seen, 13 + 3 + 11);
}

/// The same pictures in other forms, which other programs wrote.
#[test]
fn other_forms_of_a_picture_give_the_values_of_its_png() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/hostile/seeds");
    let seed = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let (gray, rgb) = (read(&seed("gray.png")).planes, read(&seed("rgb.png")).planes);
    let rounded = |planes: &crate::image::Planes, to: &dyn Fn(u16) -> u16| -> Vec<u16> {
        planes.gray().values().map(to).collect()
    };
    let mut n_seen = 0;
    for (name, to) in [
        ("gray.jp2", (|v| v) as fn(u16) -> u16),
        ("gray.jxl", |v| v),
        ("deep.jp2", |v| 257 * v),
        ("deep.jxl", |v| 257 * v),
        ("gray_4bit.tif", |v| v / 16 * 17),
        ("gray_12bit.tif", |v| wide(u32::from(v) * 16, 12)),
        ("lossless.jpg", |v| wide(u32::from(v) * 16, 12)),
        ("signed.tif", |v| 257 * v),
        ("gray_alpha.tif", |v| v),
    ] {
        let found = decode(&seed(name), "", Limits::default(), true).unwrap();
        assert_eq!(rounded(&found.planes, &|v| v), rounded(&gray, &to), "{name}");
        n_seen += 1;
    }
    for name in ["rgb.jp2", "planes.tif", "webp.tif", "zstd.tif", "bands.tif"] {
        let found = decode(&seed(name), "", Limits::default(), true).unwrap();
        assert_eq!(found.planes, rgb, "{name}");
        n_seen += 1;
    }
    for name in ["rgb.jxl", "rgb.j2k", "ycbcr.tif"] {
        // With losses: like the picture, not equal to it.
        let found = decode(&seed(name), "", Limits::default(), true).unwrap().planes;
        let apart = found.gray().values().zip(rgb.gray().values()).map(|(a, b)| a.abs_diff(b));
        assert!(apart.map(u32::from).sum::<u32>() < 8 * 24 * 24, "{name}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 17);
}
