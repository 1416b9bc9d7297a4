//! What it means that the two engines agree: counts are equal, floats within what rounding allows. The one place that
//! states the tolerances, for `tests/library/engines_agree.rs` and for the fuzzer.

use textura::image::{Gray, Levels, ValueRange};
use textura::texture::glcm::{Counts, FEATURES, Measured, Offset, Statistics};
use textura::texture::lbp::{Lbp, LbpOptions, Mapping, Ring};
use textura::texture::letrist::{Letrist, LetristOptions};
use textura::texture::mrelbp::{Mrelbp, MrelbpOptions};
use textura::texture::texture_score::texture_score;
use textura::texture::{Engine, Input, clbp, first_order};

use super::assert_close;

/// Whatever is computed, by the fast engine and by the reference.
pub fn both<T>(compute: impl Fn(Engine) -> T) -> [T; 2] {
    [Engine::Fast, Engine::Reference].map(compute)
}

/// GLCM counts.
pub fn compare_counts(
    what: &str,
    picture: &Gray,
    n_levels: usize,
    (dx, dy): (isize, isize),
) -> usize {
    let levels = Levels::fixed(picture, n_levels, ValueRange::Nominal);
    let offset = Offset { dx, dy };
    let [fast, reference] = both(|engine| Counts::count(&levels, offset, engine));
    assert_eq!(fast, reference, "{what} levels {n_levels} {offset:?}");
    1
}

/// The largest value that a statistic can take.
fn largest(name: &str, n_levels: usize) -> f64 {
    let most = (n_levels - 1) as f64;
    match name {
        "contrast" | "cluster_tendency" | "sum_variance" => most * most,
        "joint_variance" | "difference_variance" => most * most / 4.0,
        "autocorrelation" => (n_levels * n_levels) as f64,
        "cluster_shade" => most.powi(3),
        "cluster_prominence" => most.powi(4),
        "sum_average" => 2.0 * n_levels as f64,
        // Roots and quotients of differences of entropies, which lose digits where little is told.
        "information_correlation_1" | "information_correlation_2" => 1e3,
        _ => most.max(2.0 * (n_levels as f64).log2()),
    }
}

/// The statistics of GLCM counts.
pub fn compare_statistics(
    what: &str,
    picture: &Gray,
    n_levels: usize,
    at: (isize, isize),
) -> usize {
    let levels = Levels::fixed(picture, n_levels, ValueRange::Nominal);
    let counts = Counts::count(&levels, Offset { dx: at.0, dy: at.1 }, Engine::Fast);
    let fast = Statistics::of_symmetric(&counts);
    let reference = Statistics::of(&counts.symmetric());
    let [fast, reference] =
        [fast, reference].map(|statistics| Measured { statistics, max_correlation: 0.0 });
    for feature in FEATURES {
        let (found, expected) = ((feature.value)(&fast), (feature.value)(&reference));
        let floor = 1e-12 * largest(feature.term.name, n_levels);
        let what = format!("{what} levels {n_levels} {at:?} {}", feature.term.name);
        assert_close(found, expected, 1e-11, floor, what);
    }
    FEATURES.len()
}

/// Counts of rotation invariant uniform patterns.
pub fn compare_ring(what: &str, input: Input<'_>, (p, r): (usize, f64)) -> usize {
    let lbp = Lbp::new(&LbpOptions { p, r, mapping: Mapping::Riu2 }).expect("a ring that can be");
    let [fast, reference] = both(|engine| lbp.counts(Input { engine, ..input }));
    assert_eq!(fast, reference, "{what} P {p} R {r}");
    1
}

/// LETRIST counts.
pub fn compare_letrist(what: &str, input: Input<'_>, scales: [f64; 3]) -> usize {
    let letrist = Letrist::new(&LetristOptions { scales }).expect("scales that rise");
    let [fast, reference] = both(|engine| letrist.counts(Input { engine, ..input }));
    assert_eq!(fast, reference, "{what} {scales:?}");
    fast.len()
}

/// Counts of completed patterns.
pub fn compare_clbp(what: &str, input: Input<'_>, (p, r): (usize, f64)) -> usize {
    let ring = Ring::new(p, r).expect("a ring that can be");
    let [fast, reference] = both(|engine| clbp::counts(Input { engine, ..input }, &ring));
    assert_eq!(fast, reference, "{what} P {p} R {r}");
    fast.len()
}

/// Counts of median robust patterns.
pub fn compare_mrelbp(what: &str, input: Input<'_>) -> usize {
    let mrelbp = Mrelbp::new(&MrelbpOptions {}).expect("rings that can be");
    let [fast, reference] = both(|engine| mrelbp.counts(Input { engine, ..input }));
    assert_eq!(fast, reference, "{what}");
    fast.len()
}

/// Statistics of the grey values, of which there must be some.
pub fn compare_first_order(what: &str, input: Input<'_>) -> usize {
    let [f, r] = both(|engine| first_order::Statistics::of(Input { engine, ..input }));
    let largest = r.maximum.max(1.0);
    let pairs = [
        ("mean", f.mean, r.mean, largest),
        ("variance", f.variance, r.variance, 1.0),
        ("skewness", f.skewness, r.skewness, 100.0),
        ("kurtosis", f.kurtosis, r.kurtosis, 100.0),
        ("minimum", f.minimum, r.minimum, 0.0),
        ("percentile_10", f.percentile_10, r.percentile_10, 0.0),
        ("median", f.median, r.median, 0.0),
        ("percentile_90", f.percentile_90, r.percentile_90, 0.0),
        ("maximum", f.maximum, r.maximum, 0.0),
        ("interquartile_range", f.interquartile_range, r.interquartile_range, 0.0),
        ("deviation", f.mean_absolute_deviation, r.mean_absolute_deviation, largest),
        ("robust", f.robust_mean_absolute_deviation, r.robust_mean_absolute_deviation, largest),
        ("about median", f.median_absolute_deviation, r.median_absolute_deviation, largest),
        ("variation", f.coefficient_of_variation, r.coefficient_of_variation, 1.0),
        (
            "dispersion",
            f.quartile_coefficient_of_dispersion,
            r.quartile_coefficient_of_dispersion,
            1.0,
        ),
        ("energy", f.energy, r.energy, largest),
        ("root mean square", f.root_mean_square, r.root_mean_square, largest),
    ];
    for (name, fast, reference, scale) in pairs {
        assert_close(fast, reference, 1e-10, 1e-12 * scale, format!("{what} {name}"));
    }
    pairs.len()
}

/// The texture score and its flags.
pub fn compare_score(what: &str, input: Input<'_>) -> usize {
    let [(fast, fast_flags), (reference, flags)] =
        both(|engine| texture_score(Input { engine, ..input }));
    assert_close(fast, reference, 0.0, 1e-9, what);
    assert_eq!(fast_flags, flags, "{what}");
    1
}
