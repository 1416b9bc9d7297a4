//! CLBP at (8,1), (16,2), (24,3), MRELBP, and LETRIST at the scales 1, 2, 4 and sqrt 2, 2 sqrt 2, 4 sqrt 2,
//! against counts that a plain reading of their definitions with numpy 2.4.6 gives, for the pictures of at
//! least 20 pixels a side.
//!
//! CLBP and MRELBP are decided in whole numbers, so their counts are equal. LETRIST is computed in 32-bit
//! floats, where a pixel within rounding of a threshold may fall in a neighbouring bin: 1 in 1,000 codes
//! at most, and each lies within a ten-thousandth of its threshold.

use crate::common::golden::{self, Texture, indices};
use crate::common::letrist_margins::{Clear, clear_counts};
use serde_json::Value;
use textura::texture::Input;
use textura::texture::clbp;
use textura::texture::lbp::Ring;
use textura::texture::letrist::{Letrist, LetristOptions};
use textura::texture::mrelbp::{Mrelbp, MrelbpOptions};

/// What was compared: an empty list must not pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    files: usize,
    /// Bins of CLBP and MRELBP: all equal.
    equal_bins: usize,
    /// Codes of LETRIST, three for each pixel and scale set.
    letrist_codes: usize,
    /// Those in another bin than the golden one.
    letrist_strays: usize,
}

const BINS: usize = 2 * (10 * 10 + 18 * 18 + 26 * 26) + 4 * 200;

#[test]
fn the_synthetic_pictures() {
    let textures = golden::synthetic();
    let expected = Compared {
        files: 5,
        equal_bins: 5 * BINS,
        letrist_codes: 2 * 3 * (24 * 24 + 32 * 32 + 40 * 32 + 48 * 48 + 24 * 24),
        letrist_strays: 0,
    };
    assert_eq!(compare(&textures, &golden::fixture("descriptors_numpy.json")), expected);
}

#[test]
fn the_photographs() {
    let Some(oracles) = golden::shared("oracle_descriptors_numpy") else { return };
    let Some(textures) = golden::photographs("oracle_descriptors_numpy") else { return };
    let golden = golden::read(&oracles.join("descriptors_numpy.json"));
    let expected = Compared {
        files: 3,
        equal_bins: 3 * BINS,
        letrist_codes: 2 * 3 * (128 * 128 + 64 * 64 + 96 * 96),
        letrist_strays: 0,
    };
    assert_eq!(compare(&textures, &golden), expected);
}

fn compare(textures: &[Texture], golden: &Value) -> Compared {
    let mut compared = Compared::default();
    for texture in textures {
        let Some(golden) = golden["images"].get(format!("{}.png", texture.name)) else { continue };
        compared.files += 1;
        compare_equal(texture, golden, &mut compared);
        compare_letrist(texture, golden, &mut compared);
    }
    compared
}

fn compare_equal(texture: &Texture, golden: &Value, compared: &mut Compared) {
    let input = Input::whole(&texture.picture);
    let mut compare = |found: Vec<u64>, name: &str| {
        let found: Vec<usize> = found.into_iter().map(|count| count as usize).collect();
        assert_eq!(found, indices(&golden[name]), "{} {name}", texture.name);
        compared.equal_bins += found.len();
    };
    for (p, r) in [(8, 1), (16, 2), (24, 3)] {
        let ring = Ring::new(p, r).expect("a ring that can be");
        compare(clbp::counts(input, &ring), &format!("clbp_p{p}r{r}"));
    }
    let mrelbp = Mrelbp::new(&MrelbpOptions {}).expect("rings that can be");
    compare(mrelbp.counts(input), "mrelbp");
}

fn compare_letrist(texture: &Texture, golden: &Value, compared: &mut Compared) {
    let root = std::f64::consts::SQRT_2;
    let sets = [
        ([1.0, 2.0, 4.0], "letrist_1_2_4"),
        ([root, 2.0 * root, 4.0 * root], "letrist_half_octave"),
    ];
    for (sigmas, name) in sets {
        let letrist = Letrist::new(&LetristOptions { scales: sigmas }).expect("rising scales");
        let found = letrist.counts(Input::whole(&texture.picture));
        let expected = indices(&golden[name]);
        assert_eq!(found.len(), expected.len(), "{} {name}", texture.name);
        let distances = found.iter().zip(&expected).map(|(&f, &e)| f.abs_diff(e as u64) as usize);
        let strays = distances.sum::<usize>() / 2;
        compared.letrist_codes += found.iter().sum::<u64>() as usize;
        compared.letrist_strays += strays;
        // All that lie clear of their thresholds are in their bins, so what strays is among the others.
        let Clear { counts, near } = clear_counts(&texture.picture, sigmas);
        assert!(strays <= near, "{} {name}: {strays} of {near}", texture.name);
        for (bin, (clear, found)) in counts.iter().zip(&found).enumerate() {
            assert!(clear <= found, "{} {name} bin {bin}: {clear} {found}", texture.name);
        }
        let n_codes: u64 = found.iter().sum();
        assert_eq!(counts.iter().sum::<u64>() + near as u64, n_codes);
        // Stripes and ramps are full of ties; in a photograph few pixels are near anything.
        if 4000 < texture.picture.area() {
            assert!(100 * near as u64 <= n_codes, "{} {name}: {near} are near", texture.name);
        }
    }
}
