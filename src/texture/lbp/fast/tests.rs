use pulp::Simd;

use super::super::{Border, Close, Mapping, Ring, codes, riu2};
use super::close::WithClose;
use super::kernels::{Kernels, Plain};
use super::listed::{Bins, Codes};
use super::value::Value;
use super::{Counter, STRIP, Walk};
use crate::image::{Gray, Samples};
use crate::texture::Input;
use crate::texture::lbp::ring_samples::{ONE, RingSamples, interior, pattern};

/// Pictures on which samples often tie with their centres or nearly do: few grey values, of 8 bits and of 16, in widths
/// around those of blocks and strips.
fn pictures() -> Vec<Gray> {
    let mut state = 1u64;
    let mut next = move |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % n
    };
    let mut pictures = Vec::new();
    for width in [7, 8, 33, 38, 39, 64, 70, STRIP + 5, STRIP + 6, STRIP + 7, STRIP + 40] {
        for n_values in [1, 2, 3, 256] {
            let values: Vec<u64> = (0..width * 9).map(|_| next(n_values)).collect();
            let eight = values.iter().map(|&v| (255 - v) as u8).collect();
            pictures.push(Gray::new(width, 9, Samples::Eight(eight)).unwrap());
            let sixteen = values.iter().map(|&v| (65_535 - 200 * v) as u16).collect();
            pictures.push(Gray::new(width, 9, Samples::Sixteen(sixteen)).unwrap());
        }
    }
    pictures
}

/// All codes, all bins, the pixels with close samples, and how often each bin occurs, by some kernels.
struct Walked {
    codes: Vec<u32>,
    bins: Vec<u8>,
    /// None where they are more than half.
    close: Option<Vec<Close>>,
    counts: Vec<u64>,
}

impl Walked {
    fn by(kernels: impl Kernels<i16> + Kernels<f32>, picture: &Gray, ring: &Ring) -> Self {
        let (columns, rows) = ring.interior(picture.width(), picture.height());
        let (mut codes, mut bins) = (vec![u32::MAX; columns * rows], vec![u8::MAX; columns * rows]);
        let take = |y: usize, left: usize, some: &[u32]| {
            codes[y * columns + left..][..some.len()].copy_from_slice(some);
        };
        let mut first = WithClose::new(Codes(take), picture, ring);
        let take = |y: usize, left: usize, some: &[u8]| {
            bins[y * columns + left..][..some.len()].copy_from_slice(some);
        };
        let mut second = WithClose::new(Bins(take), picture, ring);
        let mut counter = Counter::new(ring.p());
        let simd = pulp::Scalar::new();
        simd.vectorize(Walk { picture, mask: None, ring, sink: &mut first, kernels });
        simd.vectorize(Walk { picture, mask: None, ring, sink: &mut second, kernels });
        simd.vectorize(Walk { picture, mask: None, ring, sink: &mut counter, kernels });
        let close = first.close();
        assert_eq!(close, second.close());
        Self { codes, bins, close, counts: counter.counts() }
    }
}

/// By the definition, which samples between pixels equal their centres exactly.
fn exact_ties(picture: &Gray, ring: &Ring) -> Vec<u32> {
    let values: Vec<u16> = match picture.samples() {
        Samples::Eight(values) => values.iter().map(|&value| value.into()).collect(),
        Samples::Sixteen(values) => values.clone(),
    };
    let samples = RingSamples::new(ring, picture.width());
    let is_between = || ring.places().iter().map(|place| place.right != 0 || place.down != 0);
    let ties = |at: usize| {
        let samples = samples.around(&values, at).zip(is_between());
        let centre = i64::from(values[at]) * ONE;
        pattern(samples.map(|(sample, is_between)| is_between && sample == centre))
    };
    interior(Input::whole(picture), ring).map(ties).collect()
}

#[test]
fn all_kernels_find_the_codes_of_the_definition_and_all_ties() {
    let rings = [(8, 1.0), (16, 2.0), (24, 3.0), (1, 0.5), (5, 1.5), (12, 2.5), (4, 4.0)];
    let (mut n_compared, mut n_close, mut n_ties, mut n_without) = (0, 0, 0, 0);
    for picture in &pictures() {
        for (p, r) in rings {
            let ring = Ring::new(p, r).unwrap();
            let expected = codes(picture, &ring, Border::Interior);
            let mut counts = vec![0; p + 2];
            expected.iter().for_each(|&code| counts[riu2(code, p)] += 1);
            let ties = exact_ties(picture, &ring);
            let mut check =
                |walked: Walked| {
                    assert_eq!((&walked.codes, &walked.counts), (&expected, &counts));
                    assert!(walked.bins.iter().zip(&expected).all(|(&bin, &code)| usize::from(
                        bin
                    ) == riu2(
                        code, p
                    )));
                    n_compared += expected.len();
                    let Some(found) = walked.close else {
                        // Of many close pixels nearly all tie exactly.
                        let n_with_ties = ties.iter().filter(|ties| **ties != 0).count();
                        assert!(expected.len() / 2 < n_with_ties + n_with_ties / 20);
                        n_without += 1;
                        return;
                    };
                    let mut close = vec![0; expected.len()];
                    for found in found {
                        assert_eq!(found.code, expected[found.at]);
                        close[found.at] = found.samples;
                    }
                    for (&close, &ties) in close.iter().zip(&ties) {
                        assert_eq!(close & ties, ties);
                        n_close += close.count_ones();
                        n_ties += ties.count_ones();
                    }
                };
            check(Walked::by(Plain, picture, &ring));
            #[cfg(target_arch = "x86_64")]
            if let Some(simd) = pulp::x86::V3::try_new() {
                check(Walked::by(simd, picture, &ring));
            }
        }
    }
    assert!(n_compared > 100_000 && n_ties > 10_000, "{n_compared} {n_ties}");
    assert!(n_without > 20, "{n_without}");
    // Few others are so close that they are said to be.
    assert!(n_close < n_ties + n_ties / 20, "{n_close} {n_ties}");
}

#[test]
fn a_difference_in_fixed_point_or_floats_is_off_by_less_than_stated() {
    // Where all pixels around a sample and its centre are extreme, errors of weights weigh most.
    fn check<V: Value>(pixels: &[V::Pixel], most: f64) -> usize
    where
        V::Pixel: Into<u16>,
    {
        let mut n = 0;
        for right in (0..=50_000i64).step_by(4_999) {
            for down in (0..=50_000i64).step_by(4_999) {
                for corners in 0..16usize {
                    let corner = |k: usize| pixels[corners >> k & 1];
                    let value = |k| V::of(corner(k));
                    let above = V::between(value(0), value(1), V::weight(right));
                    let below = V::between(value(2), value(3), V::weight(right));
                    let sample = V::between(above, below, V::weight(down));
                    let exact = |k: usize| f64::from(corner(k).into());
                    let (x, y) = (right as f64 / 1e5, down as f64 / 1e5);
                    let first = exact(0) + (exact(1) - exact(0)) * x;
                    let second = exact(2) + (exact(3) - exact(2)) * x;
                    let true_sample = first + (second - first) * y;
                    for &centre in pixels {
                        let side = sample.side(V::of(centre).reference());
                        let difference = true_sample - f64::from(centre.into());
                        if side < 0 {
                            assert!(difference < 0.0, "{right} {down} {corners:b} {difference}");
                        } else if side > V::UNDECIDED {
                            assert!(difference >= 0.0, "{right} {down} {corners:b} {difference}");
                        } else {
                            assert!(difference.abs() < most, "{difference}");
                        }
                        n += 1;
                    }
                }
            }
        }
        n
    }
    assert_eq!(check::<i16>(&[0, 255], 4.0 / 128.0), 11 * 11 * 16 * 2);
    assert_eq!(check::<f32>(&[0, 65_535], 4.0 / 64.0), 11 * 11 * 16 * 2);
}

#[test]
fn codes_reach_every_mapping() {
    use super::super::{Lbp, LbpOptions};
    use crate::texture::Engine;
    let pictures = pictures();
    for picture in pictures.iter().step_by(5) {
        for mapping in [Mapping::Default, Mapping::Ror, Mapping::Riu2, Mapping::U2, Mapping::Var] {
            let lbp = Lbp::new(&LbpOptions { p: 8, r: 1.0, mapping }).unwrap();
            let counts = |engine| lbp.counts(Input { engine, ..Input::whole(picture) });
            assert_eq!(counts(Engine::Fast), counts(Engine::Reference), "{mapping:?}");
        }
    }
}
