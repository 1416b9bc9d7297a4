//! Every family, under the settings that show all of its features, and the laws that it obeys.

use serde_json::{Value, json};
use textura::texture::{Family, FamilyOptions};

/// A family under some settings.
pub struct Case {
    pub name: String,
    pub family: Box<dyn Family>,
    pub laws: Laws,
}

/// What leaves its numbers alone, exactly or but for rounding.
#[derive(Debug, Clone, Copy)]
pub struct Laws {
    /// A turn by 90 degrees.
    pub turn: bool,
    /// A mirror, left and right or top and bottom.
    pub mirror: bool,
    /// A constant added below clipping.
    pub brighter: bool,
    /// 16 bits instead of 8, every value times 257.
    pub deeper: bool,
}

const ALL: Laws = Laws { turn: true, mirror: true, brighter: true, deeper: true };
/// Families of raw grey values: they are what they are.
const RAW: Laws = Laws { turn: true, mirror: true, brighter: false, deeper: false };
/// Families of levels over the nominal range.
const NOMINAL: Laws = Laws { turn: true, mirror: true, brighter: false, deeper: true };
/// Patterns that tell left turns from right turns.
const HANDED: Laws = Laws { mirror: false, ..ALL };
/// Features that tell directions apart.
const DIRECTED: Laws = Laws { turn: false, mirror: false, brighter: true, deeper: true };

fn settings() -> Vec<(&'static str, Value, Laws)> {
    let raw_bins = json!({"fixed_bin_width": 25});
    vec![
        ("first_order", json!({}), RAW),
        ("intensity_histogram", json!({}), ALL),
        ("intensity_histogram", json!({"quantize": raw_bins, "levels": 99}), RAW),
        ("glcm", json!({"statistics": "all"}), NOMINAL),
        ("glcm", json!({"statistics": "all", "quantize": "min_max", "aggregate": ["merged"]}), ALL),
        (
            "glcm",
            json!({"quantize": "equal_probability", "aggregate": ["each"], "distances": [3]}),
            DIRECTED,
        ),
        (
            "glcm",
            json!({"quantize": {"percentile": [5, 95]}, "offsets": [[2, -1], [0, 5]], "symmetric": false}),
            DIRECTED,
        ),
        ("ibsi_glcm", json!({}), ALL),
        (
            "ibsi_glcm",
            json!({"quantize": {"fixed_bin_width": 9}, "levels": 300, "distance": 2}),
            RAW,
        ),
        ("glrlm", json!({}), ALL),
        ("glszm", json!({"levels": 8}), ALL),
        ("gldzm", json!({"levels": 3, "quantize": "equal_probability"}), ALL),
        ("gldzm", json!({"quantize": {"fixed_bin_width": 40}}), RAW),
        ("ngtdm", json!({"distance": 2}), ALL),
        ("ngtdm", json!({"quantize": "fixed"}), NOMINAL),
        ("ngldm", json!({"distance": 2, "alpha": 1}), ALL),
        ("clbp", json!({}), ALL),
        ("clbp", json!({"p": 16, "r": 2}), ALL),
        ("mrelbp", json!({}), ALL),
        // A turn moves pixels within rounding of a threshold: see invariant_descriptors.
        ("letrist", json!({}), DIRECTED),
        ("lbp", json!({"p": 8, "r": 1}), ALL),
        ("lbp", json!({"p": 12, "r": 1.5, "mapping": "ror"}), HANDED),
        ("lbp", json!({"p": 6, "r": 2, "mapping": "default"}), DIRECTED),
        ("lbp", json!({"p": 24, "r": 3, "mapping": "u2"}), DIRECTED),
        ("lbp", json!({"p": 8, "r": 2.5, "mapping": "var"}), ALL),
        ("tamura", json!({}), ALL),
    ]
}

/// How many cases there are.
pub const N_CASES: usize = 26;

/// All of them.
pub fn all() -> Vec<Case> {
    let case = |(key, settings, laws): (&str, Value, Laws)| {
        let entry = json!({ key: settings });
        let name = entry.to_string();
        let options: FamilyOptions =
            serde_json::from_value(entry).unwrap_or_else(|e| panic!("{name}: {e}"));
        let family = options.check().unwrap_or_else(|e| panic!("{name}: {e}"));
        Case { name, family, laws }
    };
    settings().into_iter().map(case).collect()
}
