//! Compares medians, blur, distances from the border and zones with imageproc 0.27: `filter::median_filter`,
//! `filter::separable_filter_equal`, `distance_transform::distance_transform` with the norm L1 and
//! `region_labelling::connected_components` with eight neighbours.
//!
//! Both median filters replicate the border, so all bins of MRELBP must be equal, which are made of the medians here by
//! the definition. Our blur leaves out what lies beyond the border and weighs the rest more: imageproc's sums of the
//! picture with zeros around, divided by those of ones with zeros around, are the same, but for 24 bits. The border of a
//! distance is the nearest pixel that is not inside: one column or row beyond the picture, or outside the mask.

use std::collections::BTreeMap;

use image::{GrayImage, ImageBuffer, Luma};
use imageproc::distance_transform::{Norm, distance_transform};
use imageproc::filter::{median_filter, separable_filter_equal};
use imageproc::region_labelling::{Connectivity, connected_components};
use textura::Problem;
use textura::image::change::{Change, Ground};
use textura::image::{Gray, Levels, Mask, Planes, Quantize, Quantizer, Samples, ValueRange};
use textura::random::Random;
use textura::texture::lbp::{Ring, riu2};
use textura::texture::mrelbp::{Mrelbp, MrelbpOptions};
use textura::texture::{Input, gldzm, glszm};

/// Pictures of few and of many values, which are ties and none.
fn pictures(sizes: &[(usize, usize)]) -> Vec<(usize, usize, Vec<u8>)> {
    let mut random = Random::new(37, 0);
    let mut pictures = Vec::new();
    for &(width, height) in sizes {
        for n_values in [2, 5, 256] {
            let values = (0..width * height).map(|_| random.below(n_values) as u8).collect();
            pictures.push((width, height, values));
        }
    }
    pictures
}

fn gray(width: usize, height: usize, values: &[u8]) -> Gray {
    Gray::new(width, height, Samples::Eight(values.to_vec())).unwrap()
}

fn in_image(width: usize, height: usize, values: Vec<u8>) -> GrayImage {
    GrayImage::from_raw(width as u32, height as u32, values).unwrap()
}

/// The samples on a ring in parts of 10^10 grey values. A pixel of no weight may lie outside the picture.
fn samples(plane: &[u8], width: usize, ring: &Ring, at: usize) -> Vec<i64> {
    const UNIT: i64 = 100_000;
    let sample = |(dx, dy): (i64, i64)| {
        let first = at as i64 + dy.div_euclid(UNIT) * width as i64 + dx.div_euclid(UNIT);
        let (right, down) = (dx.rem_euclid(UNIT), dy.rem_euclid(UNIT));
        let value = |step: usize| {
            usize::try_from(first)
                .ok()
                .and_then(|first| plane.get(first + step))
                .map_or(0, |&v| v.into())
        };
        let across = |step| (UNIT - right) * value(step) + right * value(step + 1);
        (UNIT - down) * across(0) + down * across(width)
    };
    ring.offsets().map(sample).collect()
}

/// The riu2 bin of eight comparisons.
fn bin(bits: impl Iterator<Item = bool>) -> usize {
    riu2(bits.fold(0, |code, bit| code << 1 | u32::from(bit)), 8)
}

#[test]
fn patterns_of_medians_are_those_of_imageproc() {
    let mrelbp = Mrelbp::new(&MrelbpOptions {}).unwrap();
    let mut n_compared = 0;
    for (width, height, values) in pictures(&[(40, 30), (17, 23), (70, 18)]) {
        let theirs = in_image(width, height, values.clone());
        let median = |side: u32| median_filter(&theirs, side / 2, side / 2).into_raw();
        let centres = median(3);
        let mut expected = vec![0u64; 4 * 200];
        let mut inner: Option<(Ring, Vec<u8>)> = None;
        for r in [2, 4, 6, 8] {
            let outer = (Ring::new(8, r as f64).unwrap(), median(r as u32 + 1));
            let rows = (r..height - r).flat_map(|y| y * width + r..(y + 1) * width - r);
            let pixels: Vec<usize> = rows.collect();
            let sum: usize = pixels.iter().map(|&at| usize::from(centres[at])).sum();
            for &at in &pixels {
                let around = samples(&outer.1, width, &outer.0, at);
                let nearer = match &inner {
                    Some((ring, plane)) => samples(plane, width, ring, at),
                    None => vec![i64::from(centres[at]) * 10_000_000_000; 8],
                };
                let of_ring: i64 = around.iter().sum();
                let ci = usize::from(sum <= usize::from(centres[at]) * pixels.len());
                let ni = bin(around.iter().map(|&sample| of_ring <= 8 * sample));
                let rd = bin(around.iter().zip(nearer).map(|(&sample, near)| near <= sample));
                expected[(r / 2 - 1) * 200 + 100 * ci + 10 * ni + rd] += 1;
                n_compared += 1;
            }
            inner = Some(outer);
        }
        assert_eq!(mrelbp.counts(Input::whole(&gray(width, height, &values))), expected);
    }
    let n_pixels = |width: usize, height: usize| -> usize {
        [2, 4, 6, 8].iter().map(|r| (width - 2 * r) * (height - 2 * r)).sum()
    };
    assert_eq!(n_compared, 3 * (n_pixels(40, 30) + n_pixels(17, 23) + n_pixels(70, 18)));
}

#[test]
fn blur_is_that_of_imageproc() {
    let (mut n_compared, mut n_equal) = (0, 0);
    for (width, height, values) in pictures(&[(40, 30), (5, 19), (1, 1)]) {
        for sigma in [0.5f32, 1.0, 2.5] {
            let radius = (4.0 * sigma).ceil() as usize;
            let weight = |k: usize| (-0.5 * ((k as f32 - radius as f32) / sigma).powi(2)).exp();
            let kernel: Vec<f32> = (0..=2 * radius).map(weight).collect();
            // Sums over a picture with zeros around, as wide as the kernel reaches.
            let sums = |value: &dyn Fn(usize) -> f32| {
                let inside = |x: u32, y: u32| {
                    let (x, y) = (x as usize, y as usize);
                    let is_inside = (radius..radius + width).contains(&x)
                        && (radius..radius + height).contains(&y);
                    is_inside.then(|| value((y - radius) * width + x - radius))
                };
                let side = |n: usize| (n + 2 * radius) as u32;
                let padded = ImageBuffer::from_fn(side(width), side(height), |x, y| {
                    Luma([inside(x, y).unwrap_or(0.0)])
                });
                separable_filter_equal(&padded, &kernel)
            };
            let weighted = sums(&|at| f32::from(values[at]));
            let weights = sums(&|_| 1.0);
            let planes = Planes::from_gray(gray(width, height, &values));
            let change = Change::from_text(&format!("blur:{sigma}"), 0).unwrap();
            let no_jpeg = |_: &Planes, _: u8| Err(Problem::new("no JPEG", "one", "none"));
            let blurred = change.apply(&planes, Ground::of(&planes), u64::MAX, &no_jpeg).unwrap();
            for y in 0..height {
                for x in 0..width {
                    let place = ((x + radius) as u32, (y + radius) as u32);
                    let theirs = weighted.get_pixel(place.0, place.1)[0]
                        / weights.get_pixel(place.0, place.1)[0];
                    let ours = f32::from(blurred.gray().value(x, y));
                    assert!((ours - theirs).abs() < 0.501, "{x}, {y}: {ours} and {theirs}");
                    n_compared += 1;
                    n_equal += usize::from(ours == theirs.round());
                }
            }
        }
    }
    assert_eq!(n_compared, 3 * 3 * (40 * 30 + 5 * 19 + 1));
    // Only what lies between two grey values may be rounded otherwise.
    assert!(n_compared - n_equal <= n_compared / 1000, "{n_equal} of {n_compared}");
}

/// Levels 0 and 1 with some pixels outside, and the flags of the pixels inside.
fn masked(width: usize, height: usize, values: &[u8], random: &mut Random) -> (Levels, Vec<bool>) {
    let inside: Vec<bool> = values.iter().map(|_| random.below(12) != 0).collect();
    let mask = Mask::new(width, height, inside.clone()).unwrap();
    let quantizer = Quantizer::new(Some(4), Quantize::FixedBinNumber).unwrap();
    let picture = gray(width, height, values);
    (Levels::new(&picture, Some(&mask), ValueRange::Nominal, quantizer), inside)
}

#[test]
fn distances_from_the_border_are_those_of_imageproc() {
    let mut random = Random::new(38, 0);
    let mut n_compared = 0;
    for (width, height, values) in pictures(&[(40, 30), (1, 9), (60, 60)]) {
        let (levels, inside) = masked(width, height, &values, &mut random);
        let whole = Levels::fixed(&gray(width, height, &values), 2, ValueRange::Nominal);
        for (levels, inside) in [(levels, inside), (whole, vec![true; width * height])] {
            let mut outside = vec![1; (width + 2) * (height + 2)];
            let place = |at: usize| (at / width + 1) * (width + 2) + at % width + 1;
            for (at, _) in inside.iter().enumerate().filter(|(_, is_inside)| **is_inside) {
                outside[place(at)] = 0;
            }
            let theirs = distance_transform(&in_image(width + 2, height + 2, outside), Norm::L1);
            for (at, ours) in gldzm::distances(&levels).into_iter().enumerate() {
                assert_eq!(ours, usize::from(theirs.as_raw()[place(at)]), "pixel {at}");
                n_compared += 1;
            }
        }
    }
    assert_eq!(n_compared, 3 * 2 * (40 * 30 + 9 + 60 * 60));
}

#[test]
fn zones_are_the_components_of_imageproc() {
    let mut random = Random::new(39, 0);
    let mut n_zones = 0;
    for (width, height, values) in pictures(&[(40, 30), (1, 9), (60, 60)]) {
        let (levels, inside) = masked(width, height, &values, &mut random);
        let from_1 = levels
            .values
            .iter()
            .zip(&inside)
            .map(|(&level, &is_inside)| if is_inside { level as u8 + 1 } else { 0 });
        let colors = in_image(width, height, from_1.collect());
        let labels = connected_components(&colors, Connectivity::Eight, Luma([0]));
        let mut zones: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        for (label, color) in
            labels.pixels().zip(colors.pixels()).filter(|(label, _)| label[0] != 0)
        {
            let zone = zones.entry(label[0]).or_insert((color[0].into(), 0));
            zone.1 += 1;
        }
        let mut expected: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        zones.values().for_each(|zone| *expected.entry(*zone).or_default() += 1);
        let cells =
            glszm::count(&levels).cells().map(|(level, size, n)| ((level, size), n)).collect();
        assert_eq!(expected, cells);
        n_zones += zones.len();
    }
    assert!(2000 < n_zones, "{n_zones}");
}
