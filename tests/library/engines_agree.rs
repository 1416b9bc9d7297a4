//! Each fast engine against its reference, over pictures made to hurt and over random ones. Counts are
//! equal; floats agree within what rounding allows. Says nothing of truth: that is what oracles are for.

use std::cell::Cell;

use crate::common::assert_close;
use crate::common::engines::{
    both, compare_clbp, compare_counts, compare_first_order, compare_letrist, compare_mrelbp,
    compare_ring, compare_score, compare_statistics,
};
use crate::common::pictures::{self, KINDS, Named, n_pictures, sizes};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use textura::image::{Gray, Levels, Mask, Quantize, Quantizer};
use textura::random::Random;
use textura::texture::Input;
use textura::texture::descriptor::{Descriptor, DescriptorOptions};
use textura::texture::glcm::{Counts, Offset};

const LEVELS: [usize; 5] = [2, 3, 16, 32, 256];

/// Right, down and back, each sign, nothing at all, and larger than every picture.
const OFFSETS: [(isize, isize); 12] = [
    (1, 0),
    (1, -1),
    (0, -1),
    (-1, -1),
    (-1, 0),
    (0, 1),
    (0, 0),
    (2, -3),
    (-5, 4),
    (31, 2),
    (200, 0),
    (-3, -300),
];

const RINGS: [(usize, f64); 9] =
    [(8, 1.0), (16, 2.0), (24, 3.0), (1, 1.0), (5, 4.0), (24, 9.0), (12, 1.5), (7, 0.5), (13, 5.3)];

/// Rings of whole and of other radii, and one that no picture holds.
const CLBP_RINGS: [(usize, f64); 7] =
    [(8, 1.0), (16, 2.0), (24, 3.0), (1, 0.5), (7, 2.7), (24, 9.0), (3, 1000.0)];

/// The one runner: hands every picture to a comparison, which returns how many values it compared.
/// Returns the numbers of pictures and of values.
fn run(compare: impl Fn(&Named) -> usize) -> (usize, usize) {
    pictures::all().fold((0, 0), |(n, values), named| (n + 1, values + compare(&named)))
}

/// The same for every picture with every mask: none, and such that let everything through, nothing, the
/// border alone, every other four rows, and some pixels drawn at random. Returns the numbers of views and of values.
fn run_masked(compare: impl Fn(&str, Input<'_>) -> usize) -> (usize, usize) {
    let compared = Cell::new((0, 0));
    let (n_seen, _) = run(|Named { name, picture }| {
        let (width, height) = (picture.width(), picture.height());
        let mut random = Random::new(7, (width * 1000 + height) as u64);
        let drawn: Vec<bool> =
            (0..width * height).map(|at| random.below(3) == 0 || at == 0).collect();
        let places = || (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let border = |(x, y)| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
        let masks = [
            ("full", vec![true; width * height]),
            ("empty", vec![false; width * height]),
            ("border", places().map(border).collect()),
            ("bands", places().map(|(_, y)| y / 4 % 2 == 1 || (width, height) == (1, 1)).collect()),
            ("random", drawn),
        ];
        let view = |what: &str, mask: Option<&Mask>| {
            let input = Input { mask, ..Input::whole(picture) };
            let n = compare(&format!("{name} {what}"), input);
            let (views, values) = compared.get();
            compared.set((views + 1, values + n));
            n
        };
        let mut n = view("without mask", None);
        for (what, inside) in masks {
            let mask = Mask::new(width, height, inside).expect("a flag a pixel");
            n += view(what, Some(&mask));
        }
        n
    });
    assert_eq!(n_seen, n_pictures());
    compared.get()
}

/// Scales whose filters are smaller than a block of columns, about as large, and larger than most pictures.
const SCALES: [[f64; 3]; 4] =
    [[1.0, 2.0, 4.0], [1.414, 2.828, 5.657], [0.3, 0.31, 0.34], [0.5, 3.0, 11.0]];

#[test]
fn glcm_counts() {
    let compared = run(|Named { name, picture }| {
        let pairs = LEVELS.iter().flat_map(|&n| OFFSETS.iter().map(move |&at| (n, at)));
        pairs.map(|(n, at)| compare_counts(name, picture, n, at)).sum()
    });
    assert_eq!(compared, (n_pictures(), n_pictures() * 5 * 12));
}

#[test]
fn glcm_counts_inside_masks() {
    let compared = run_masked(|name, input| {
        let mut n = 0;
        for n_levels in [2, 32, 64] {
            let quantizer = Quantizer::new(Some(n_levels), Quantize::Fixed).expect("levels");
            let levels = Levels::new(input.picture, input.mask, input.range, quantizer);
            for (dx, dy) in [(1, 0), (1, -1), (-4, 3), (0, 2)] {
                let offset = Offset { dx, dy };
                let [fast, reference] = both(|engine| Counts::count(&levels, offset, engine));
                assert_eq!(fast, reference, "{name} levels {n_levels} {offset:?}");
                n += 1;
            }
        }
        n
    });
    assert_eq!(compared, (6 * n_pictures(), n_pictures() * 6 * 3 * 4));
}

#[test]
fn glcm_statistics() {
    let compared = run(|Named { name, picture }| {
        // Fewer offsets: the counts decide, and reading 65,536 cells one by one takes its time.
        let offsets = [(1, 0), (1, -1), (0, -4), (200, 0)];
        let pairs = LEVELS.iter().flat_map(|&n| offsets.into_iter().map(move |at| (n, at)));
        pairs.map(|(n, at)| compare_statistics(name, picture, n, at)).sum()
    });
    assert_eq!(compared, (n_pictures(), n_pictures() * 5 * 4 * 29));
}

#[test]
fn lbp_counts() {
    let compared = run_masked(|name, input| {
        RINGS.into_iter().map(|ring| compare_ring(name, input, ring)).sum()
    });
    assert_eq!(compared, (6 * n_pictures(), n_pictures() * 6 * RINGS.len()));
}

#[test]
fn first_order_statistics() {
    let compared = run_masked(|name, input| {
        // Without a pixel there are no statistics.
        if input.values().next().is_some() { compare_first_order(name, input) } else { 0 }
    });
    // Four masks leave pixels inside, and bands do where there are more than four rows or a single pixel.
    let has_bands = |&(w, h): &(usize, usize)| 4 < h || (w, h) == (1, 1);
    let n_bands = sizes().filter(has_bands).count() * KINDS.len() * 2;
    assert_eq!(compared, (6 * n_pictures(), (n_pictures() * 4 + n_bands) * 17));
}

#[test]
fn clbp_counts() {
    let compared = run_masked(|name, input| {
        CLBP_RINGS.into_iter().map(|ring| compare_clbp(name, input, ring)).sum()
    });
    assert_eq!(compared, (6 * n_pictures(), n_pictures() * 6 * 3_782)); // bins of 7 rings
}

#[test]
fn mrelbp_counts() {
    let compared = run_masked(compare_mrelbp);
    assert_eq!(compared, (6 * n_pictures(), n_pictures() * 6 * 800));
}

#[test]
fn letrist_counts() {
    let compared = run_masked(|name, input| {
        SCALES.into_iter().map(|scales| compare_letrist(name, input, scales)).sum()
    });
    assert_eq!(compared, (6 * n_pictures(), n_pictures() * 6 * 4 * 413));
}

#[test]
fn texture_scores() {
    // The reference makes 256 histograms: pictures of up to 33 x 33 must do.
    let compared = run_masked(|name, input| {
        let is_small = input.picture.width() <= 33 && input.picture.height() <= 33;
        if is_small { compare_score(name, input) } else { 0 }
    });
    let n_small = sizes().filter(|&(w, h)| w <= 33 && h <= 33).count() * KINDS.len() * 2;
    assert_eq!(compared, (6 * n_pictures(), n_small * 6));
}

#[test]
fn the_whole_descriptor() {
    let options = DescriptorOptions::preset("fast").expect("a preset");
    let descriptor = Descriptor::new(options).expect("settings that can be");
    let names: Vec<&String> =
        descriptor.schema().blocks().iter().flat_map(|b| &b.columns).collect();
    let compared = run(|Named { name, picture }| {
        if picture.area() > 33 * 33 {
            return 0; // its texture score is slow in the reference
        }
        let [fast, reference] = both(|engine| descriptor.extract(picture, engine));
        assert_eq!(fast.flags, reference.flags, "{name}");
        assert_eq!(fast.values.len(), names.len(), "{name}");
        assert_close(fast.texture_score, reference.texture_score, 0.0, 1e-9, name);
        let pairs = fast.values.iter().zip(&reference.values).zip(&names);
        for ((&fast, &reference), column) in pairs {
            let is_lbp = column.starts_with("lbp");
            // Shares of equal counts are equal; of the others contrast is the largest, up to 31 squared.
            let floor = if is_lbp { 0.0 } else { 1e-12 * 961.0 };
            let relative = if is_lbp { 0.0 } else { 1e-11 };
            assert_close(fast, reference, relative, floor, format!("{name} {column}"));
        }
        fast.values.len()
    });
    let n_small = sizes().filter(|&(w, h)| w * h <= 33 * 33).count() * KINDS.len() * 2;
    assert_eq!(compared, (n_pictures(), n_small * 90));
}

/// A random picture: a size, a depth, and values from a narrow or a wide range.
fn picture() -> impl Strategy<Value = Gray> {
    let sides = (1usize..40, 1usize..40, prop::bool::ANY);
    let shape = (sides, 0u16..=200, prop_oneof![Just(1u16), Just(2), Just(16), Just(55)]);
    shape.prop_flat_map(|((width, height, is_deep), base, spread)| {
        let (bits, step) = if is_deep { (16, 257) } else { (8, 1) };
        let value = (base..=base + spread, 0..step)
            .prop_map(move |(v, fine)| (v * step).saturating_add(fine));
        prop::collection::vec(value, width * height)
            .prop_map(move |values| pictures::gray(width, height, bits, &values))
    })
}

#[test]
fn random_pictures() {
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    // The same cases in every run: a test that fails today must fail again tomorrow.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let settings = (2usize..=256, (-42isize..=42, -42isize..=42), (1usize..=24, 0.5..12.0));
    let compared = Cell::new(0);
    let outcome = runner.run(&(picture(), settings), |(picture, (n_levels, at, ring))| {
        let mut n = compare_counts("random", &picture, n_levels, at);
        n += compare_statistics("random", &picture, n_levels, at);
        n += compare_ring("random", Input::whole(&picture), ring);
        n += compare_first_order("random", Input::whole(&picture));
        let n_bins = compare_clbp("random", Input::whole(&picture), ring);
        assert_eq!(n_bins, 2 * (ring.0 + 2) * (ring.0 + 2));
        n += compare_mrelbp("random", Input::whole(&picture));
        n += compare_letrist("random", Input::whole(&picture), [1.0, 2.0, 4.0]);
        compared.set(compared.get() + n);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert_eq!(compared.get(), 256 * (1 + 29 + 1 + 17 + 800 + 413));
}
