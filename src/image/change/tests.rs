use super::{Change, Ground};
use crate::error::{Error, Problem};
use crate::image::{Gray, Planes, Samples, Views};
use crate::io::{Limits, jpeg_again};

fn applied(change: &Change, planes: &Planes, ground: Ground) -> Result<Planes, Problem> {
    within(change, planes, ground, Limits::default())
}

fn within(
    change: &Change,
    planes: &Planes,
    ground: Ground,
    limits: Limits,
) -> Result<Planes, Problem> {
    let recompress = |planes: &Planes, quality| jpeg_again(planes, quality, limits);
    change.apply(planes, ground, limits.max_pixels, &recompress)
}

fn eight(width: usize, values: &[u8]) -> Gray {
    Gray::new(width, values.len() / width, Samples::Eight(values.to_vec())).unwrap()
}

fn sixteen(width: usize, values: &[u16]) -> Gray {
    Gray::new(width, values.len() / width, Samples::Sixteen(values.to_vec())).unwrap()
}

fn changed(text: &str, planes: &Planes) -> Planes {
    let change = Change::from_text(text, 0).unwrap();
    applied(&change, planes, Ground::of(planes)).unwrap()
}

fn grey(text: &str, gray: Gray) -> Vec<u16> {
    changed(text, &Planes::from_gray(gray)).gray().values().collect()
}

#[test]
fn brightness_multiplies_and_clips() {
    assert_eq!(grey("brightness:1.2", eight(3, &[10, 100, 250])), [12, 120, 255]);
    assert_eq!(grey("brightness:0.5", sixteen(2, &[3, 65535])), [2, 32768]);
    assert_eq!(grey("brightness:2", sixteen(2, &[300, 65535])), [600, 65535]);
}

#[test]
fn contrast_multiplies_the_distances_to_the_mean() {
    // The mean is 100.
    assert_eq!(grey("contrast:0.5", eight(3, &[40, 100, 160])), [70, 100, 130]);
    assert_eq!(grey("contrast:3", eight(3, &[40, 100, 160])), [0, 100, 255]);
    // The mean of the grey values holds for every plane.
    let planes = Planes::new(eight(1, &[100]), [90, 110, 40].map(|v| eight(1, &[v]))).unwrap();
    let worse = changed("contrast:0.5", &planes);
    assert_eq!(worse.rgb().map(|plane| plane.value(0, 0)), [95, 105, 70]);
}

#[test]
fn scale_halves_by_a_triangle_of_two_pixels_to_each_side() {
    // Middles of the new pixels lie at 0.5 and 2.5 of the old ones, and weights are 1 - distance / 2:
    // (0.75 * 0 + 0.75 * 100 + 0.25 * 200) / 1.75 and (0.25 * 100 + 0.75 * 200 + 0.75 * 40) / 1.75.
    assert_eq!(grey("scale:0.5", eight(4, &[0, 100, 200, 40])), [71, 117]);
    // Twice as large: a quarter and three quarters of the neighbours.
    assert_eq!(grey("scale:2", eight(2, &[0, 100]))[..4], [0, 25, 75, 100]);
    let small = changed("scale:0.01", &Planes::from_gray(eight(3, &[9; 6])));
    assert_eq!((small.gray().width(), small.gray().height(), small.gray().value(0, 0)), (1, 1, 9));
    let labels = Change::from_text("scale:0.5", 0)
        .unwrap()
        .apply_to_labels(&sixteen(4, &[1, 2, 3, 4, 5, 6, 7, 8]))
        .unwrap();
    assert_eq!(labels, sixteen(2, &[6, 8]));
    let limits = Limits { max_pixels: 7, ..Limits::default() };
    let twice = Change::from_text("scale:2", 0).unwrap();
    let planes = Planes::from_gray(eight(2, &[0, 1]));
    let scaled = within(&twice, &planes, Ground { start: 0, step: 1 }, limits);
    assert!(scaled.unwrap_err().to_string().contains("4 x 2"));
}

#[test]
fn blur_spreads_a_point_as_a_gaussian() {
    let mut values = [0; 81];
    values[40] = 250;
    let blurred = grey("blur:1", eight(9, &values));
    // 250 / (2 pi), and times exp(-1/2), exp(-1), exp(-2).
    assert_eq!((blurred[40], blurred[41], blurred[31], blurred[30]), (40, 24, 24, 15));
    assert_eq!((blurred[42], blurred[22]), (5, 5));
    assert_eq!(grey("blur:3", eight(9, &[77; 81])), [77; 81]);
}

#[test]
fn noise_has_its_deviation_and_is_drawn_from_seed_and_values() {
    let n = 10_000;
    let moments = |values: &[u16], middle: f64| {
        let mean = values.iter().map(|&v| f64::from(v) - middle).sum::<f64>() / n as f64;
        let squares = values.iter().map(|&v| (f64::from(v) - middle - mean).powi(2)).sum::<f64>();
        (mean, (squares / n as f64).sqrt())
    };
    // Standard errors: of the mean 0.05, of the deviation 0.035; rounding adds a twelfth to the variance.
    let (mean, deviation) = moments(&grey("noise:5", eight(100, &vec![128; n])), 128.0);
    assert!(mean.abs() < 0.2 && (deviation - 5.0).abs() < 0.15, "{mean} {deviation}");
    let (mean, deviation) = moments(&grey("noise:5", sixteen(100, &vec![30_000; n])), 30_000.0);
    assert!(mean.abs() < 52.0 && (deviation / 257.0 - 5.0).abs() < 0.15, "{mean} {deviation}");

    let planes = Planes::from_gray(eight(100, &vec![128; n]));
    let noisy = |seed, start| {
        let change = Change::from_text("noise:5", seed).unwrap();
        applied(&change, &planes, Ground { start, step: 1 }).unwrap()
    };
    assert_eq!(noisy(0, 1), noisy(0, 1));
    assert_ne!(noisy(0, 1), noisy(1, 1));
    assert_ne!(noisy(0, 1), noisy(0, 2));
}

#[test]
fn every_plane_gets_the_same_noise() {
    let planes = Planes::new(eight(2, &[100; 4]), [120, 100, 70].map(|v| eight(2, &[v; 4])));
    let worse = changed("noise:9", &planes.unwrap());
    let [red, green, blue] = worse.rgb();
    for at in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let [r, g, b] = [red, green, blue].map(|plane| i32::from(plane.value(at.0, at.1)));
        let gray = i32::from(worse.gray().value(at.0, at.1));
        assert_eq!((r - 120, g - 100, b - 70), (gray - 100, gray - 100, gray - 100));
    }
}

#[test]
fn jpeg_loses_more_at_a_lower_quality_and_holds_eight_bits_only() {
    let values: Vec<u8> = (0..32 * 32).map(|at| (at * 37 % 251) as u8).collect();
    let loss = |text| -> u32 {
        let after = grey(text, eight(32, &values));
        after.iter().zip(&values).map(|(&a, &b)| u32::from(a.abs_diff(b.into()))).sum()
    };
    assert!(0 < loss("jpeg:90") && loss("jpeg:90") < loss("jpeg:30"));
    // A block of one value is a single whole coefficient.
    assert_eq!(grey("jpeg:100", eight(8, &[90; 64])), [90; 64]);
    let colored = Planes::new(eight(8, &[76; 64]), [254, 0, 0].map(|v| eight(8, &[v; 64])));
    let [red, green, blue] = changed("jpeg:95", &colored.unwrap()).rgb().map(|p| p.value(3, 3));
    assert!(red > 245 && green < 10 && blue < 10, "{red} {green} {blue}");
    let deep = Planes::from_gray(sixteen(8, &[90; 64]));
    let change = Change::from_text("jpeg:50", 0).unwrap();
    let problem = applied(&change, &deep, Ground::of(&deep)).unwrap_err();
    assert!(problem.to_string().contains("16 bits"), "{problem}");
}

#[test]
fn values_beyond_their_bounds_and_other_kinds_are_settings_that_cannot_be_used() {
    let mut n_refused = 0;
    for text in [
        "",
        "noise",
        "noise:",
        "noise:-1",
        "noise:nan",
        "noise:256",
        "jpeg:0",
        "jpeg:50.5",
        "jpeg:101",
        "brightness:inf",
        "contrast:-1",
        "scale:0",
        "scale:11",
        "blur:0",
        "fog:1",
        "noise:5:5",
    ] {
        let error = Change::from_text(text, 0).unwrap_err();
        assert!(matches!(error, Error::Setting { .. }));
        for kind in ["noise", "jpeg", "brightness", "contrast", "scale", "blur"] {
            assert!(error.to_string().contains(kind), "{error}");
        }
        n_refused += 1;
    }
    assert_eq!(n_refused, 16);
}

#[test]
fn a_gradient_multiplies_linearly_from_corner_to_corner() {
    let flat = eight(9, &[100; 81]);
    let values = grey("gradient:0.4", flat.clone());
    // Opposite pixels are as far below the middle as above it, which stays what it is.
    assert_eq!(values[40], 100);
    let n_pairs = (0..40).filter(|&at| (values[at] + values[80 - at]).abs_diff(200) <= 1).count();
    assert_eq!(n_pairs, 40);
    let corners = [0, 8, 72, 80].map(|at| values[at]);
    assert_eq!(corners.iter().min(), Some(&80), "{corners:?}");
    assert_eq!(corners.iter().max(), Some(&120), "{corners:?}");
    assert_eq!(grey("gradient:0", flat.clone()), [100; 81]);
    // Another picture, another direction; the same for every plane.
    let change = Change::from_text("gradient:0.4", 0).unwrap();
    let planes = Planes::new(flat.clone(), [&flat, &flat, &flat].map(Clone::clone)).unwrap();
    let [one, other] =
        [7, 1 << 40].map(|start| applied(&change, &planes, Ground { start, step: 1 }).unwrap());
    assert_ne!(one.gray(), other.gray());
    assert!(one.rgb().iter().all(|plane| *plane == one.gray()));
    // Bright values are clipped.
    assert_eq!(grey("gradient:2", eight(2, &[200; 4])).into_iter().max(), Some(255));
}

#[test]
fn views_are_drawn_from_values_and_place() {
    let picture = |bits: u16| {
        let values = (0..64 * 64).map(|at: u16| (at.wrapping_mul(31) % 200 + 20) * bits);
        let samples = Samples::of(if bits == 1 { 8 } else { 16 }, values);
        Planes::from_gray(Gray::new(64, 64, samples).unwrap())
    };
    let mut n_views = 0;
    for view in Views::all().iter().skip(1) {
        for (planes, span) in [(picture(1), (0, 256)), (picture(257), (0, 65536))] {
            let change = Change::view(view, span).unwrap();
            let made = |change: Change, start| {
                let ground = Ground { start, ..Ground::of(&planes) };
                applied(&change, &planes, ground).unwrap()
            };
            let one = made(change, 1);
            assert_eq!(one.gray(), made(change, 1).gray(), "{view:?}");
            assert_eq!(one.gray().bits(), planes.gray().bits());
            assert_ne!(one.gray(), planes.gray(), "{view:?}");
            let is_drawn = !matches!(view.transform(), crate::image::Transform::Size(_));
            assert_eq!(one.gray() != made(change, 2).gray(), is_drawn, "{view:?}");
            // Windows at other places of a picture have other noise.
            assert_eq!(one.gray() != made(change.at(8, 0), 1).gray(), is_drawn, "{view:?}");
            n_views += 1;
        }
    }
    assert_eq!(n_views, 2 * 9);
    assert!(Change::view(crate::image::View::AsItIs, (0, 256)).is_none());
}

/// A picture of 8 bits, in colour or in grey, and the same in 16 bits, each value times a step.
fn in_two_depths(step: u16, in_color: bool) -> [Planes; 2] {
    let plane = |step: u16, seed: u16| {
        let values =
            (0..40 * 33).map(move |at: u16| (at.wrapping_mul(31 + seed) ^ (at / 7)) % 256 * step);
        Gray::new(40, 33, Samples::of(if step == 1 { 8 } else { 16 }, values)).unwrap()
    };
    [1, step].map(|step| match in_color {
        false => Planes::from_gray(plane(step, 0)),
        true => Planes::new(plane(step, 0), [2, 4, 6].map(|seed| plane(step, seed))).unwrap(),
    })
}

#[test]
fn a_picture_of_eight_bits_is_changed_alike_in_sixteen() {
    let kinds = ["noise:9", "jpeg:50", "brightness:1.3", "contrast:0.7", "scale:0.6", "blur:1.2"];
    let kinds = kinds.iter().chain(&["gradient:0.7", "scale:1.7"]);
    let kinds: Vec<Change> = kinds.map(|text| Change::from_text(text, 3).unwrap()).collect();
    let all_views = || Views::all().with(crate::image::Purpose::Former).iter().skip(1);
    let windows = [(0, 0, 40, 33), (5, 3, 24, 20), (16, 13, 24, 20)];
    let mut n_compared = 0;
    for (step, in_color) in [(257, false), (257, true), (256, false), (256, true)] {
        let [eight, sixteen] = in_two_depths(step, in_color);
        let grounds = [Ground::of(&eight), Ground::of(&sixteen)];
        assert_eq!(grounds[0].start, grounds[1].start);
        for (x, y, width, height) in windows {
            let parts = [&eight, &sixteen]
                .map(|planes| planes.crop(crate::image::Area { x, y, width, height }));
            let views = [256, 65_536].map(|count| -> Vec<Change> {
                let of = |view| Change::view(view, (0, count)).unwrap().at(x, y);
                kinds.iter().copied().chain(all_views().map(of)).collect()
            });
            for (of_eight, of_sixteen) in views[0].iter().zip(&views[1]) {
                let [eight, sixteen] = [(of_eight, 0), (of_sixteen, 1)]
                    .map(|(change, at)| applied(change, &parts[at], grounds[at]).unwrap());
                assert_eq!(sixteen.gray().bits(), 16);
                let planes = std::iter::once(eight.gray()).chain(eight.rgb());
                let deep = std::iter::once(sixteen.gray()).chain(sixteen.rgb());
                for (plane, deep) in planes.zip(deep) {
                    assert!(plane.values().map(|v| v * step).eq(deep.values()), "{of_eight:?}");
                }
                n_compared += 1;
            }
        }
    }
    assert_eq!(n_compared, 4 * 3 * (8 + 10));
}

#[test]
fn a_range_says_that_sixteen_bits_hold_values_of_eight_as_they_are() {
    let [eight, _] = in_two_depths(257, false);
    let wide = Gray::new(40, 33, Samples::of(16, eight.gray().values())).unwrap();
    let wide = Planes::from_gray(wide);
    for view in Views::all().iter().skip(1) {
        let change = Change::view(view, (0, 256)).unwrap();
        let [one, other] =
            [&eight, &wide].map(|planes| applied(&change, planes, Ground::of(planes)).unwrap());
        assert!(one.gray().values().eq(other.gray().values()), "{view:?}");
    }
}

#[test]
fn values_that_fill_sixteen_bits_are_changed_in_sixteen() {
    let mut values: Vec<u16> = (0..64).map(|at| at * 257).collect();
    values[20] += 1;
    let deep = Planes::from_gray(sixteen(8, &values));
    assert_eq!((deep.step(), Ground::of(&deep).step), (1, 1));
    let blurred = changed("blur:1", &deep);
    assert!(blurred.gray().values().any(|v| v % 257 != 0 && v % 256 != 0));
}
