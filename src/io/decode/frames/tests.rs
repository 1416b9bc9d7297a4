use image::codecs::gif::GifEncoder;
use image::{DynamicImage, GrayImage, ImageFormat};

use crate::io::decode::{Decoded, Limits, decode};

fn whole(bytes: &[u8]) -> Decoded {
    decode(bytes, "png", Limits::default(), false).unwrap()
}

#[test]
fn a_png_is_whole_without_its_last_chunk_and_not_without_its_last_pixel() {
    let picture = GrayImage::from_fn(9, 7, |x, y| image::Luma([(x * 20 + y) as u8]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    let planes = whole(&bytes).planes;
    for cut in 1..=12 {
        assert_eq!(whole(&bytes[..bytes.len() - cut]).planes, planes, "{cut}");
    }
    for cut in 13..bytes.len() {
        assert!(decode(&bytes[..bytes.len() - cut], "png", Limits::default(), false).is_err());
    }
}

#[test]
fn frames_behind_the_first_are_flagged() {
    let frame =
        |tone: u8| DynamicImage::ImageLuma8(GrayImage::from_pixel(6, 5, image::Luma([tone])));
    for (n_frames, expected) in [(1, ""), (2, "pages_ignored")] {
        let mut gif = Vec::new();
        let mut encoder = GifEncoder::new(&mut gif);
        for nth in 0..n_frames {
            encoder.encode_frame(image::Frame::new(frame(40 * nth + 9).to_rgba8())).unwrap();
        }
        drop(encoder);
        let found = decode(&gif, "gif", Limits::default(), false).unwrap();
        assert_eq!(
            (found.flags.to_string().as_str(), found.planes.gray().value(0, 0)),
            (expected, 9)
        );

        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 6, 5);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_animated(n_frames.into(), 0).unwrap();
        let mut writer = encoder.write_header().unwrap();
        (0..n_frames).for_each(|nth| writer.write_image_data(&[40 * nth + 9; 30]).unwrap());
        writer.finish().unwrap();
        let found = decode(&bytes, "png", Limits::default(), false).unwrap();
        assert_eq!(
            (found.flags.to_string().as_str(), found.planes.gray().value(0, 0)),
            (expected, 9)
        );
    }
}
