//! Windows that share work give what each of them gives alone, bit for bit.

use proptest::prelude::*;
use textura::image::{Channels, Gray, Grid, Planes, Quantize, Samples, ValueRange};
use textura::texture::descriptor::{Descriptor, DescriptorOptions};
use textura::texture::glcm::{Aggregate, GlcmOptions, Group, Selection};
use textura::texture::lbp::{LbpOptions, Mapping};
use textura::texture::{Engine, FamilyOptions};

/// Families that share work, every setting of theirs that decides how, and one that does not.
fn families() -> Vec<FamilyOptions> {
    let glcm = |options| FamilyOptions::Glcm(options);
    let ring = |p, r, mapping| FamilyOptions::Lbp(LbpOptions { p, r, mapping });
    vec![
        glcm(GlcmOptions {
            levels: Some(9),
            distances: vec![1, 2, 7],
            aggregate: vec![Aggregate::Mean, Aggregate::Range, Aggregate::Each, Aggregate::Merged],
            statistics: Selection::Group(Group::All),
            ..GlcmOptions::default()
        }),
        glcm(GlcmOptions {
            levels: Some(300),
            offsets: Some(vec![(3, -2), (-1, 4), (0, 1)]),
            symmetric: false,
            ..GlcmOptions::default()
        }),
        glcm(GlcmOptions {
            offsets: Some(vec![(2, 3), (-5, 0)]),
            quantize: Quantize::EqualProbability,
            ..GlcmOptions::default()
        }),
        glcm(GlcmOptions {
            offsets: Some(vec![(3, -2), (-1, 4), (0, 1)]),
            quantize: Quantize::Fixed,
            ..GlcmOptions::default()
        }),
        ring(8, 1.0, Mapping::Riu2),
        ring(16, 2.0, Mapping::Riu2),
        ring(24, 3.0, Mapping::Riu2),
        ring(5, 1.5, Mapping::U2),
        ring(18, 1.5, Mapping::U2),
        ring(8, 1.0, Mapping::Default),
        ring(10, 2.0, Mapping::Ror),
        ring(8, 2.5, Mapping::Var),
        FamilyOptions::FirstOrder(Default::default()),
    ]
}

/// Values of few or many steps, in both depths.
fn picture(width: usize, height: usize, deep: bool, steps: u16, seed: u64) -> Gray {
    let mut random = textura::random::Random::new(seed, 0);
    let value = |_| (random.symmetric(0.5) + 0.5).clamp(0.0, 0.999) * f64::from(steps);
    let values: Vec<f64> = (0..width * height).map(value).collect();
    let samples = if deep {
        let scale = 65_535 / steps;
        Samples::Sixteen(values.iter().map(|&v| v as u16 * scale).collect())
    } else {
        let scale = 255 / steps.min(255);
        Samples::Eight(values.iter().map(|&v| (v as u16 * scale).min(255) as u8).collect())
    };
    Gray::new(width, height, samples).unwrap()
}

/// Each window cut out, one after the other.
fn one_by_one(descriptor: &Descriptor, planes: &Planes, grid: &Grid) -> Vec<f64> {
    let alone = |area| {
        let window = planes.crop(area);
        descriptor.extract_inside(&window, None, Engine::Fast).unwrap().values
    };
    grid.areas().flat_map(alone).collect()
}

fn assert_same_bits(shared: &[f64], alone: &[f64], names: &[&str]) {
    assert_eq!(shared.len(), alone.len());
    for (at, (shared, alone)) in shared.iter().zip(alone).enumerate() {
        let (window, name) = (at / names.len(), names[at % names.len()]);
        assert_eq!(
            shared.to_bits(),
            alone.to_bits(),
            "{name} of window {window}: {shared} {alone}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn each_family_gives_the_numbers_of_the_window_cut_out(
        (window, more) in (4usize..20, (0usize..40, 0usize..12)),
        stride in 1usize..24,
        deep in any::<bool>(),
        steps in prop_oneof![Just(1u16), Just(2), Just(17), Just(255)],
        family in 0usize..13,
        seed in any::<u64>(),
    ) {
        let gray = picture(window + more.0, window + more.1, deep, steps, seed);
        let options = DescriptorOptions {
            values: if seed % 2 == 0 { ValueRange::Nominal } else { ValueRange::Between(3, 200) },
            ..DescriptorOptions::of(vec![families()[family].clone()])
        };
        let descriptor = Descriptor::new(options).unwrap();
        let names: Vec<&str> = descriptor.schema().names().collect();
        let grid = Grid::new(gray.width(), gray.height(), window, stride).unwrap();
        let planes = Planes::from_gray(gray);
        let windows: Vec<_> = grid.areas().collect();
        let shared = descriptor.extract_windows(&planes, &windows, Engine::Fast);
        assert_same_bits(&shared.values, &one_by_one(&descriptor, &planes, &grid), &names);
        // The plain engine shares nothing, and the order of the windows makes no difference.
        let backwards: Vec<_> = windows.iter().rev().copied().collect();
        let mut turned = descriptor.extract_windows(&planes, &backwards, Engine::Fast).values;
        turned.reverse();
        let n = names.len();
        for (turned, own) in turned.chunks(n).zip(shared.values.chunks(n)) {
            prop_assert!(turned.iter().rev().eq(own));
        }
    }

    #[test]
    fn the_descriptor_fast_gives_the_numbers_of_the_window_cut_out(
        (width, height) in (16usize..90, 16usize..40),
        stride in 1usize..20,
        deep in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let planes: Vec<Gray> =
            (0..4).map(|k| picture(width, height, deep, 200, seed ^ k)).collect();
        let [gray, red, green, blue] = <[Gray; 4]>::try_from(planes).unwrap();
        let planes = Planes::new(gray, [red, green, blue]).unwrap();
        let channels =
            [Channels::Gray, Channels::Rgb, Channels::Opponent][(seed % 3) as usize];
        let fast = DescriptorOptions::preset("fast").unwrap();
        let descriptor = Descriptor::new(DescriptorOptions { channels, ..fast }).unwrap();
        let names: Vec<&str> = descriptor.schema().names().collect();
        let grid = Grid::new(width, height, 16, stride).unwrap();
        let windows: Vec<_> = grid.areas().collect();
        let shared = descriptor.extract_windows(&planes, &windows, Engine::Fast);
        assert_same_bits(&shared.values, &one_by_one(&descriptor, &planes, &grid), &names);
        prop_assert!(shared.flags.is_empty());
    }
}

#[test]
fn windows_smaller_than_a_ring_or_an_offset_are_flagged() {
    let gray = picture(30, 9, false, 255, 1);
    let fast = DescriptorOptions::preset("fast").unwrap();
    let descriptor = Descriptor::new(fast).unwrap();
    let names: Vec<&str> = descriptor.schema().names().collect();
    let planes = Planes::from_gray(gray);
    let mut n_seen = 0;
    for window in 1..7 {
        let grid = Grid::new(30, 9, window, 1).unwrap();
        let windows: Vec<_> = grid.areas().collect();
        let shared = descriptor.extract_windows(&planes, &windows, Engine::Fast);
        assert_same_bits(&shared.values, &one_by_one(&descriptor, &planes, &grid), &names);
        assert_eq!(shared.flags.to_string(), "too_small");
        n_seen += windows.len();
    }
    assert_eq!(n_seen, (1..7).map(|window| (31 - window) * (10 - window)).sum::<usize>());
}
