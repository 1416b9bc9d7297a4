use super::Statistics;
use crate::image::{Gray, Samples};
use crate::texture::{Engine, Input};

#[test]
fn a_flat_picture_has_its_documented_values() {
    let flat = Gray::new(3, 5, Samples::Sixteen(vec![40_000; 15])).unwrap();
    for engine in [Engine::Fast, Engine::Reference] {
        let s = Statistics::of(Input { engine, ..Input::whole(&flat) });
        assert_eq!((s.mean, s.median, s.maximum), (40_000.0, 40_000.0, 40_000.0));
        assert_eq!((s.variance, s.skewness, s.kurtosis), (0.0, 0.0, 0.0));
        assert_eq!((s.mean_absolute_deviation, s.interquartile_range), (0.0, 0.0));
    }
}

#[test]
fn percentiles_interpolate_between_neighbours() {
    let picture = Gray::new(5, 1, Samples::Eight(vec![50, 10, 40, 20, 30])).unwrap();
    for engine in [Engine::Fast, Engine::Reference] {
        let s = Statistics::of(Input { engine, ..Input::whole(&picture) });
        assert_eq!((s.percentile_10, s.median, s.percentile_90), (14.0, 30.0, 46.0), "{engine:?}");
        assert_eq!(s.interquartile_range, 20.0);
        assert_eq!(s.skewness, 0.0);
    }
}

#[test]
fn skewness_and_kurtosis_of_a_two_valued_picture() {
    // One of four pixels is bright: p = 1/4, so skewness = (1 - 2p) / sqrt(p (1 - p)) and excess
    // kurtosis = (1 - 6 p (1 - p)) / (p (1 - p)).
    let picture = Gray::new(2, 2, Samples::Eight(vec![0, 0, 0, 200])).unwrap();
    for engine in [Engine::Fast, Engine::Reference] {
        let s = Statistics::of(Input { engine, ..Input::whole(&picture) });
        assert!((s.skewness - 0.5 / 0.1875f64.sqrt()).abs() < 1e-12);
        assert!((s.kurtosis - (1.0 - 6.0 * 0.1875) / 0.1875).abs() < 1e-12);
    }
}
