use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, RgbImage};

use super::{
    AtomicFile, Decoded, Encoding, Layout, Limits, Part, PictureFormat, Source, decode,
    list_labelled, list_whole, path_from_text, path_to_text,
};
use crate::image::{Gray, Orientation, Samples, luma};
use crate::random::Random;

fn noise(n: usize) -> Vec<u8> {
    let mut random = Random::new(6, 0);
    (0..n).map(|_| random.below(256) as u8).collect()
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn read(bytes: &[u8], ending: &str) -> (Gray, String) {
    let Decoded { planes, flags, .. } = decode(bytes, ending, Limits::default(), false).unwrap();
    (planes.gray().clone(), flags.to_string())
}

#[test]
fn every_lossless_format_gives_the_same_gray_values_by_our_rule() {
    let (width, height) = (31, 17);
    let rgb = RgbImage::from_raw(width, height, noise(31 * 17 * 3)).unwrap();
    let expected: Vec<u8> =
        rgb.pixels().map(|p| luma(p[0].into(), p[1].into(), p[2].into()) as u8).collect();
    let color = DynamicImage::ImageRgb8(rgb);
    let mut with_alpha = color.to_rgba8();
    with_alpha.get_pixel_mut(3, 2)[3] = 254;
    let with_alpha = DynamicImage::ImageRgba8(with_alpha);
    let opaque = DynamicImage::ImageRgba8(color.to_rgba8());
    for (format, ending) in [
        (ImageFormat::Png, "png"),
        (ImageFormat::Bmp, "bmp"),
        (ImageFormat::Tiff, "tif"),
        (ImageFormat::WebP, "webp"),
        (ImageFormat::Pnm, "ppm"),
    ] {
        let (gray, flags) = read(&written(&color, format), ending);
        assert_eq!((gray.width(), gray.height()), (31, 17));
        assert_eq!(gray.samples(), &Samples::Eight(expected.clone()), "{ending}");
        assert_eq!(flags, "", "{ending}");
    }
    for (format, ending) in [(ImageFormat::Png, "png"), (ImageFormat::Tiff, "tiff")] {
        for (picture, expected_flags) in [(&with_alpha, "alpha_ignored"), (&opaque, "")] {
            let (gray, flags) = read(&written(picture, format), ending);
            let expected = Samples::Eight(expected.clone());
            assert_eq!((gray.samples(), flags.as_str()), (&expected, expected_flags));
        }
    }
}

#[test]
fn grey_formats_keep_their_values_and_their_depth() {
    let values = noise(20 * 10);
    let eight =
        DynamicImage::ImageLuma8(image::GrayImage::from_raw(20, 10, values.clone()).unwrap());
    for (format, ending) in [
        (ImageFormat::Png, "PNG"),
        (ImageFormat::Bmp, "bmp"),
        (ImageFormat::Tiff, "tif"),
        (ImageFormat::Pnm, "pgm"),
    ] {
        assert_eq!(
            read(&written(&eight, format), ending).0.samples(),
            &Samples::Eight(values.clone())
        );
    }
    let deep: Vec<u16> = values.iter().map(|&v| u16::from(v) * 251 + 13).collect();
    let buffer = image::ImageBuffer::from_raw(20, 10, deep.clone()).unwrap();
    let sixteen = DynamicImage::ImageLuma16(buffer);
    for (format, ending) in
        [(ImageFormat::Png, "png"), (ImageFormat::Tiff, "tif"), (ImageFormat::Pnm, "pgm")]
    {
        assert_eq!(
            read(&written(&sixteen, format), ending).0.samples(),
            &Samples::Sixteen(deep.clone())
        );
    }
    // Deep colour stays deep.
    let color = DynamicImage::ImageRgb16(sixteen.to_rgb16());
    for (format, ending) in [(ImageFormat::Png, "png"), (ImageFormat::Tiff, "tif")] {
        assert_eq!(
            read(&written(&color, format), ending).0.samples(),
            &Samples::Sixteen(deep.clone())
        );
    }
}

#[test]
fn how_a_file_stores_its_picture_is_known() {
    let gray = DynamicImage::new_luma8(4, 4);
    let color = DynamicImage::new_rgb8(4, 4);
    let orientation = Orientation::UPRIGHT;
    let mut n_seen = 0;
    for (picture, stored, format, bits, has_color) in [
        (&gray, ImageFormat::Png, PictureFormat::Png, 8, false),
        (&color, ImageFormat::Png, PictureFormat::Png, 8, true),
        (&DynamicImage::new_luma16(4, 4), ImageFormat::Tiff, PictureFormat::Tiff, 16, false),
        (&DynamicImage::new_rgba16(4, 4), ImageFormat::Png, PictureFormat::Png, 16, true),
        (&color, ImageFormat::Jpeg, PictureFormat::Jpeg, 8, true),
        (&gray, ImageFormat::Jpeg, PictureFormat::Jpeg, 8, false),
        (&color, ImageFormat::Bmp, PictureFormat::Bmp, 8, true),
        (&color, ImageFormat::WebP, PictureFormat::Webp, 8, true),
        (&gray, ImageFormat::Pnm, PictureFormat::Pnm, 8, false),
    ] {
        let bytes = written(picture, stored);
        let found = decode(&bytes, "png", Limits::default(), false).unwrap().encoding;
        assert_eq!(found, Encoding { format, bits, has_color, orientation });
        n_seen += 1;
    }
    assert_eq!(n_seen, 9);
}

#[test]
fn a_gif_gives_its_first_picture() {
    let values: Vec<u8> = noise(64).iter().map(|v| v / 32 * 32).collect();
    let gray = DynamicImage::ImageLuma8(image::GrayImage::from_raw(8, 8, values.clone()).unwrap());
    let bytes = written(&DynamicImage::ImageRgba8(gray.to_rgba8()), ImageFormat::Gif);
    assert_eq!(read(&bytes, "gif").0.samples(), &Samples::Eight(values));
}

/// 4x2 pixels, palette 0, 50, 200, in run-length encoding: lines from the bottom up, as pairs of a count
/// and an index; 0 0 ends a line, 0 1 the picture.
#[test]
fn a_run_length_encoded_bitmap_is_read() {
    let mut bmp = b"BM".to_vec();
    let pixels = [3u8, 1, 1, 2, 0, 0, 1, 0, 2, 2, 1, 1, 0, 0, 0, 1];
    let offset = 14 + 40 + 3 * 4;
    for value in [offset + pixels.len() as u32, 0, offset, 40, 4, 2] {
        bmp.extend(value.to_le_bytes());
    }
    bmp.extend([1, 0, 8, 0]);
    for value in [1, pixels.len() as u32, 0, 0, 3, 0] {
        bmp.extend(value.to_le_bytes());
    }
    for gray in [0, 50, 200] {
        bmp.extend([gray, gray, gray, 0]);
    }
    bmp.extend(pixels);
    assert_eq!(
        read(&bmp, "bmp").0.samples(),
        &Samples::Eight(vec![0, 200, 200, 50, 50, 50, 50, 200])
    );
}

/// Blocks of 8x8 equal pixels survive JPEG at full quality without loss.
fn blocks(columns: usize, rows: usize) -> Vec<u8> {
    let tones = noise(columns * rows);
    (0..64 * columns * rows)
        .map(|at| (at % (8 * columns) / 8, at / (8 * columns) / 8))
        .map(|(x, y)| tones[y * columns + x])
        .collect()
}

fn jpeg(
    values: &[u8],
    width: u32,
    height: u32,
    color: ExtendedColorType,
    exif: Option<u8>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
    if let Some(tag) = exif {
        let mut block = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        block.extend([tag, 0, 0, 0, 0, 0, 0, 0]);
        encoder.set_exif_metadata(block).unwrap();
    }
    encoder.encode(values, width, height, color).unwrap();
    bytes
}

#[test]
fn a_jpeg_gives_its_luma_as_it_is_stored() {
    let values = blocks(3, 2);
    let gray = jpeg(&values, 24, 16, ExtendedColorType::L8, None);
    assert_eq!(read(&gray, "jpeg").0.samples(), &Samples::Eight(values.clone()));
    // Red, green and blue alike: the luma plane holds them, whatever the chroma planes are.
    let tripled: Vec<u8> = values.iter().flat_map(|&v| [v, v, v]).collect();
    let color = jpeg(&tripled, 24, 16, ExtendedColorType::Rgb8, None);
    assert_eq!(read(&color, "jpg").0.samples(), &Samples::Eight(values));
}

#[test]
fn colours_are_kept_where_they_are_wanted() {
    let values = noise(6 * 5 * 3);
    let plane = |channel: usize| values.iter().copied().skip(channel).step_by(3).collect();
    let expected = [0, 1, 2].map(|channel| Samples::Eight(plane(channel)));
    let color = DynamicImage::ImageRgb8(RgbImage::from_raw(6, 5, values.clone()).unwrap());
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP] {
        let bytes = written(&color, format);
        let planes = decode(&bytes, "png", Limits::default(), true).unwrap().planes;
        assert_eq!(planes.rgb().map(|p| p.samples().clone()), expected, "{format:?}");
        assert_eq!(planes.gray(), &read(&bytes, "png").0, "{format:?}");
    }
    // 16 bits, turned; and a grey picture, whose planes are all the grey one.
    let deep =
        DynamicImage::ImageRgb8(RgbImage::from_raw(6, 5, values.clone()).unwrap()).to_rgb16();
    let bytes = written(&DynamicImage::ImageRgb16(deep), ImageFormat::Png);
    let planes = decode(&bytes, "png", Limits::default(), true).unwrap().planes;
    assert_eq!(planes.rgb()[2].value(3, 4), 257 * u16::from(values[(4 * 6 + 3) * 3 + 2]));
    let bytes = written(&DynamicImage::new_luma8(3, 2), ImageFormat::Png);
    let planes = decode(&bytes, "png", Limits::default(), true).unwrap().planes;
    assert!(planes.rgb().iter().all(|plane| *plane == planes.gray()));
    // A JPEG of blocks of one colour each keeps its luma plane as the grey picture.
    let blocks: Vec<u8> = blocks(2, 1).iter().flat_map(|&v| [v, 128, 255 - v]).collect();
    let bytes = jpeg(&blocks, 16, 8, ExtendedColorType::Rgb8, Some(6));
    let planes = decode(&bytes, "jpg", Limits::default(), true).unwrap().planes;
    assert_eq!(planes.gray(), &read(&bytes, "jpg").0);
    assert_eq!((planes.rgb()[0].width(), planes.rgb()[0].height()), (8, 16));
    assert!(planes.rgb()[0].value(0, 0).abs_diff(u16::from(blocks[0])) <= 3);
}

#[test]
fn a_jpeg_may_have_anything_behind_its_end_but_must_have_one() {
    let values = blocks(3, 2);
    let mut bytes = jpeg(&values, 24, 16, ExtendedColorType::L8, None);
    assert!(bytes.ends_with(&[0xff, 0xd9]));
    let whole = bytes.len();
    bytes.extend(b"\xff\xda camera notes \xff\xda\x00");
    assert_eq!(read(&bytes, "jpg").0.samples(), &Samples::Eight(values));
    // The end of a thumbnail, in a comment here, is not the end of the picture.
    bytes.truncate(whole - 2);
    let comment = b"\xff\xfe\x00\x06\xff\xd8\xff\xd9";
    bytes.splice(2..2, comment.iter().copied());
    assert!(decode(&bytes, "jpg", Limits::default(), false).is_err());
}

#[test]
fn an_orientation_tag_is_applied_in_jpeg_and_png() {
    let values = blocks(2, 1);
    let (left, right) = (values[0], values[15]);
    assert_ne!(left, right);
    let (gray, flags) = read(&jpeg(&values, 16, 8, ExtendedColorType::L8, Some(6)), "jpg");
    assert_eq!((gray.width(), gray.height(), flags.as_str()), (8, 16, "oriented"));
    assert_eq!((gray.value(0, 0), gray.value(0, 15)), (left.into(), right.into()));

    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder
        .set_exif_metadata(
            b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0".to_vec(),
        )
        .unwrap();
    encoder.write_image(&[1, 2, 3], 3, 1, ExtendedColorType::L8).unwrap();
    assert_eq!(read(&png, "png").0.samples(), &Samples::Eight(vec![3, 2, 1]));
}

#[test]
fn a_file_cut_short_anywhere_is_an_error_in_every_format() {
    let rgb = RgbImage::from_raw(24, 24, noise(24 * 24 * 3)).unwrap();
    let color = DynamicImage::ImageRgb8(rgb);
    let mut n_cuts = 0;
    for (format, ending) in [
        (ImageFormat::Png, "png"),
        (ImageFormat::Jpeg, "jpg"),
        (ImageFormat::Bmp, "bmp"),
        (ImageFormat::Tiff, "tif"),
        (ImageFormat::WebP, "webp"),
        (ImageFormat::Gif, "gif"),
        (ImageFormat::Pnm, "ppm"),
    ] {
        let bytes = written(&color, format);
        for percent in (0..95).step_by(5) {
            let cut = &bytes[..bytes.len() * percent / 100];
            let outcome = decode(cut, ending, Limits::default(), true);
            assert!(outcome.is_err(), "{ending} cut at {percent} %");
            n_cuts += 1;
        }
    }
    assert_eq!(n_cuts, 7 * 19);
}

#[test]
fn random_damage_never_panics() {
    let mut random = Random::new(8, 0);
    let color = DynamicImage::ImageRgb8(RgbImage::from_raw(16, 16, noise(16 * 16 * 3)).unwrap());
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Pnm,
    ] {
        let bytes = written(&color, format);
        for round in 0..200 {
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(damaged.len());
                damaged[at] ^= 1 << random.below(8);
            }
            // Any outcome will do, except a panic or a picture that lies about its size.
            let limits = Limits { max_pixels: 1 << 20, max_memory: 1 << 26, ..Limits::default() };
            if let Ok(Decoded { planes, .. }) = decode(&damaged, "png", limits, round % 2 == 0) {
                assert!(planes.gray().area() <= 1 << 20);
            }
        }
    }
}

#[test]
fn headers_that_claim_too_much_are_refused_before_memory_is_taken() {
    let mut bmp = written(&DynamicImage::new_luma8(4, 4), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&60_000u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&60_000u32.to_le_bytes());
    let problem = decode(&bmp, "bmp", Limits::default(), false).unwrap_err();
    assert!(problem.to_string().contains("--max-pixels"), "{problem}");
    let gray = written(&DynamicImage::new_luma8(64, 64), ImageFormat::Png);
    let problem =
        decode(&gray, "png", Limits { max_memory: 1000, ..Limits::default() }, false).unwrap_err();
    assert!(problem.to_string().contains("--max-memory"), "{problem}");
}

#[test]
fn paths_come_back_from_text() {
    for path in ["plain/name.png", r"back\slash", r"\x41", r"\\x41", r"a\x5cx41", "猫\n,\""] {
        let path = std::path::Path::new(path);
        assert_eq!(path_from_text(&path_to_text(path)), path, "{path:?}");
    }
    assert_eq!(path_to_text(r"a\xzz".as_ref()), r"a\xzz");
}

#[cfg(unix)]
#[test]
fn paths_of_any_bytes_come_back_from_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let mut random = Random::new(4, 0);
    for _ in 0..2000 {
        let alphabet = b"\\x5cab09\xff\xc3\xa9/";
        let bytes: Vec<u8> =
            (0..random.below(12)).map(|_| alphabet[random.below(alphabet.len())]).collect();
        let path = std::path::Path::new(OsStr::from_bytes(&bytes));
        let text = path_to_text(path);
        assert_eq!(path_from_text(&text), path, "{bytes:?} as {text}");
    }
}

#[test]
fn a_file_given_up_leaves_the_old_one_and_nothing_beside_it() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, "old").unwrap();
    let mut file = AtomicFile::create(&path).unwrap();
    file.write_all(b"half").unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    drop(file);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let mut file = AtomicFile::create(&path).unwrap();
    file.write_all(b"new").unwrap();
    file.finish().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
}

#[test]
fn a_manifest_may_be_split_and_pass_over_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.csv");
    let names = |listing: &super::Listing| {
        let name = |entry: &super::Entry| entry.path.display().to_string();
        listing.entries.iter().map(name).collect::<Vec<_>>().join(" ")
    };
    let rows =
        "path,label,split,skip\na,x,train,\nb,y,test,no\nc,x,valid,0\nd,z,,\ne,y,train,yes\n";
    std::fs::write(&path, rows).unwrap();
    let part = |part| list_labelled(&path, part);
    let train = part(Part::Train).unwrap();
    assert_eq!((names(&train).as_str(), train.classes.join(" ").as_str()), ("a", "x"));
    assert_eq!(train.warnings.len(), 2, "{:?}", train.warnings);
    assert_eq!(names(&part(Part::Val).unwrap()), "c");
    assert_eq!(names(&part(Part::Test).unwrap()), "b");
    let source = Source::Path(path.clone());
    let whole = list_whole(&source, Layout::default(), &mut std::io::empty()).unwrap();
    assert_eq!(names(&whole.listing), "a b c d");
    assert_eq!(whole.places.len(), 4);

    std::fs::write(&path, "path,label,split\na,x,val\n").unwrap();
    assert_eq!(names(&part(Part::Test).unwrap()), "a");
    let error = part(Part::Train).unwrap_err().to_string();
    assert!(error.contains("`train`"), "{error}");
    std::fs::write(&path, "path,label,split\na,x,learn\n").unwrap();
    let error = part(Part::Train).unwrap_err().to_string();
    assert!(error.contains("`learn` in line 2"), "{error}");
    // Without a split all is train and test, and nothing is val.
    std::fs::write(&path, "path,label\na,x\nb,y\n").unwrap();
    assert_eq!(names(&part(Part::Train).unwrap()), "a b");
    assert_eq!(names(&part(Part::Test).unwrap()), "a b");
    assert_eq!(names(&part(Part::Val).unwrap()), "");
}
