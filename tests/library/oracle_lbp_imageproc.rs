//! Compares local binary patterns with imageproc 0.27, `local_binary_patterns::local_binary_pattern`.
//!
//! imageproc looks at the eight neighbours without interpolation and sets a bit where the neighbour is
//! strictly darker: bits 0, 2, 4, 6 are up, right, down and left. Ours, with P = 4 and R = 1, looks at
//! right, up, left and down and sets a bit where the neighbour is at least as bright. So the four bits
//! must be each other's complement.

use image::GrayImage;
use imageproc::local_binary_patterns::local_binary_pattern;
use textura::image::{Gray, Samples};
use textura::random::Random;
use textura::texture::lbp::{Border, Ring, codes};

#[test]
fn the_four_straight_neighbours_are_the_complement_of_imageproc() {
    let (width, height) = (40, 30);
    let mut random = Random::new(31, 0);
    let mut n_compared = 0;
    // Few values give many ties, which is where the two rules could differ.
    for n_values in [2, 5, 256] {
        let values: Vec<u8> = (0..width * height).map(|_| random.below(n_values) as u8).collect();
        let theirs = GrayImage::from_raw(width as u32, height as u32, values.clone()).unwrap();
        let gray = Gray::new(width, height, Samples::Eight(values)).unwrap();
        let ours = codes(&gray, &Ring::new(4, 1).unwrap(), Border::Interior);
        for (at, code) in ours.into_iter().enumerate() {
            let (x, y) = (at % (width - 2) + 1, at / (width - 2) + 1);
            let other = local_binary_pattern(&theirs, x as u32, y as u32).unwrap();
            let bit = |k: u32| u32::from(other >> k & 1);
            let darker = bit(2) | bit(0) << 1 | bit(6) << 2 | bit(4) << 3;
            assert_eq!(code, !darker & 0b1111, "pixel {x}, {y}");
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 3 * 38 * 28);
}
