use super::Header;
use crate::image::{Gray, Planes, Samples};
use crate::io::jpeg_bytes;

fn jpeg(quality: u8) -> Vec<u8> {
    let values = (0..=255).collect();
    let gray = Gray::new(16, 16, Samples::Eight(values)).unwrap();
    jpeg_bytes(&Planes::from_gray(gray), quality).unwrap()
}

/// A JPEG with another segment behind its first two bytes.
fn with_segment(jpeg: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, data, &jpeg[2..]].concat()
}

#[test]
fn the_quality_of_a_jpeg_is_that_at_which_it_was_written() {
    let mut n_right = 0;
    for quality in 1..=100 {
        let found = Header::of(&jpeg(quality)).jpeg_quality;
        n_right += usize::from(found == Some(quality));
        // At the coarsest, tables of several qualities are equal: no entry is larger than 255.
        assert!(found.is_some_and(|found| found.abs_diff(quality) <= 1), "{quality}: {found:?}");
    }
    assert!(95 <= n_right, "{n_right}");
    // A table of 16 bits, and one that is cut short.
    let wide = with_segment(&jpeg(50), 0xdb, &[&[0x10][..], &[0, 1].repeat(64)].concat());
    assert_eq!(Header::of(&wide).jpeg_quality, Some(100));
    assert_eq!(Header::of(&with_segment(&jpeg(50), 0xdb, &[0; 9])).jpeg_quality, Some(50));
}

#[test]
fn exif_data_are_seen_in_every_format_that_has_them() {
    let of = |bytes: &[u8]| Header::of(bytes).has_exif;
    assert_eq!(of(&jpeg(90)), Some(false));
    assert_eq!(of(&with_segment(&jpeg(90), 0xe1, b"Exif\0\0MM")), Some(true));
    assert_eq!(of(&with_segment(&jpeg(90), 0xe1, b"http://ns.adobe.com/xap/1.0/")), Some(false));
    let chunk = |name: &[u8; 4], data: &[u8]| {
        [&(data.len() as u32).to_be_bytes()[..], name, data, &[0; 4]].concat()
    };
    let png = |chunks: &[Vec<u8>]| [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat();
    let (first, last) = (chunk(b"IHDR", &[0; 13]), chunk(b"IDAT", b"x"));
    assert_eq!(of(&png(&[first.clone(), last.clone()])), Some(false));
    assert_eq!(of(&png(&[first, chunk(b"eXIf", b"MM"), last])), Some(true));
    assert_eq!(of(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x08"), Some(true));
    assert_eq!(of(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x10"), Some(false));
    assert_eq!(of(b"RIFF\0\0\0\0WEBPVP8 "), Some(false));
    assert_eq!(Header::of(b"BM"), Header::default());
}

#[test]
fn what_is_cut_short_or_lies_says_what_it_can() {
    let whole = with_segment(&jpeg(75), 0xe1, b"Exif\0\0MM");
    let mut n_seen = 0;
    for n in 0..whole.len() {
        Header::of(&whole[..n]);
        let mut lying = whole.clone();
        lying[n] = 0xff;
        Header::of(&lying);
        n_seen += 1;
    }
    assert_eq!(n_seen, whole.len());
    // A chunk longer than any file.
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &[0xff; 4], b"tEXt", &[0; 4]].concat();
    assert_eq!(Header::of(&png).has_exif, Some(false));
}
