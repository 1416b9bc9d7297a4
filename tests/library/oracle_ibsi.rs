//! Every family that IBSI describes against mirp 2.7.0 (fixed bin number, 2-D) and an independent numpy
//! calculation beside it, and against the digital phantom of the IBSI reference manual.
//!
//! Column names are mirp's. Where mirp is wrong it is not followed: see [`inverse_variance_deviates`].

use std::collections::BTreeMap;
use std::path::Path;

use crate::common::assert_close;
use crate::common::golden::{self, indices, list, number};
use serde_json::{Value, json};
use textura::image::{Gray, Levels, Mask, Quantize, Quantizer, Samples, ValueRange};
use textura::texture::glcm::{self, Measured, Offset};
use textura::texture::level_size::{self, Counts};
use textura::texture::ngtdm::{self, Differences};
use textura::texture::{Engine, FamilyOptions, Feature, Input, gldzm, glrlm, glszm, ngldm, topics};

/// IBSI's families: ours, by the name in a descriptor file, and the start of its columns.
const FAMILIES: [(&str, &str, &str); 8] = [
    ("STAT", "first_order", "stat"),
    ("IH", "intensity_histogram", "ih"),
    ("GLCM", "ibsi_glcm", "cm"),
    ("GLRLM", "glrlm", "rlm"),
    ("GLSZM", "glszm", "szm"),
    ("GLDZM", "gldzm", "dzm"),
    ("NGTDM", "ngtdm", "ngt"),
    ("NGLDM", "ngldm", "ngl"),
];

/// Columns of all families, of which numpy knows all but STAT's 18 and IH's 23.
const COLUMNS: usize = 18 + 23 + 50 + 32 + 16 + 16 + 5 + 17;
const NUMPY_COLUMNS: usize = COLUMNS - 18 - 23;

const ENGINES: [Engine; 2] = [Engine::Fast, Engine::Reference];

/// Every column of every family.
fn extract(input: Input<'_>, quantizing: &Value) -> BTreeMap<String, f64> {
    let mut columns = BTreeMap::new();
    for (_, key, _) in FAMILIES {
        let settings = if key == "first_order" { &json!({}) } else { quantizing };
        let options: FamilyOptions = serde_json::from_value(json!({ key: settings })).unwrap();
        let family = options.check().unwrap();
        let mut numbers = Vec::new();
        assert!(family.extract(input, &mut numbers).is_empty(), "{key}");
        let names = family.blocks().into_iter().flat_map(|block| block.columns);
        columns.extend(names.zip(numbers));
    }
    assert_eq!(columns.len(), COLUMNS);
    columns
}

/// What was compared: an empty list must not pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    cases: usize,
    mirp: usize,
    numpy: usize,
    /// Values of mirp that are wrong, and wrong in the known way.
    deviations: usize,
    /// Pictures whose levels were written down.
    levels: usize,
    histograms: usize,
}

#[test]
fn the_synthetic_pictures_as_mirp_and_numpy() {
    let golden = golden::fixture("ibsi_2d_mirp.json");
    let expected = Compared {
        cases: 10,
        mirp: 10 * 2 * COLUMNS - 2 * 2, // cases, engines, columns less deviations
        numpy: 10 * 2 * NUMPY_COLUMNS,
        deviations: 2 * 2, // grad_h_32 at two numbers of levels, engines
        levels: 9,
        histograms: 10,
    };
    assert_eq!(compare(&golden, &golden::fixtures(), |_| true), expected);
}

#[test]
fn the_photographs_as_mirp_and_numpy() {
    let Some(oracles) = golden::shared("oracle_ibsi") else { return };
    let golden = golden::read(&oracles.join("ibsi_2d_mirp.json"));
    let is_photograph = |name: &str| name.starts_with("camera");
    let expected = Compared {
        cases: 2,
        mirp: 2 * 2 * COLUMNS,
        numpy: 2 * 2 * NUMPY_COLUMNS,
        histograms: 2,
        ..Compared::default()
    };
    assert_eq!(compare(&golden, &oracles.join("images"), is_photograph), expected);
}

/// mirp's columns of a case, whatever their family.
fn mirp_of(case: &Value) -> BTreeMap<String, f64> {
    let families = FAMILIES.iter().flat_map(|(ibsi, ..)| case["mirp"][ibsi].as_object().unwrap());
    families.map(|(name, value)| (name.clone(), number(value))).collect()
}

fn compare(golden: &Value, pictures: &Path, is_wanted: impl Fn(&str) -> bool) -> Compared {
    let mut compared = Compared::default();
    let all = list(&golden["cases"]);
    // Near zero some values are what cancellation left over.
    let mut largest: BTreeMap<String, f64> = BTreeMap::new();
    for (name, value) in all.iter().flat_map(mirp_of) {
        let most = largest.entry(name).or_default();
        *most = most.max(value.abs());
    }
    for case in all {
        let name = case["image"].as_str().unwrap();
        if !is_wanted(name) {
            continue;
        }
        compared.cases += 1;
        let picture = golden::picture(&pictures.join(name));
        let n_levels = number(&case["Ng"]) as usize;
        compare_levels(&picture, n_levels, case, &mut compared);
        let mirp = mirp_of(case);
        assert_eq!(mirp.len(), COLUMNS, "{name}");
        assert_eq!(case["numpy_own"].as_object().unwrap().len(), NUMPY_COLUMNS, "{name}");
        for engine in ENGINES {
            let input = Input { engine, ..Input::whole(&picture) };
            for (column, found) in extract(input, &json!({ "levels": n_levels })) {
                let what = format!("{name} levels {n_levels} {engine:?} {column}");
                let floor = 1e-12 * largest[&column];
                if inverse_variance_deviates(&column, found, mirp[&column]) {
                    compared.deviations += 1;
                } else {
                    assert_close(found, mirp[&column], 1e-7, floor, format!("{what}, mirp"));
                    compared.mirp += 1;
                }
                if let Some(numpy) = case["numpy_own"].get(&column) {
                    assert_close(found, number(numpy), 1e-9, floor, format!("{what}, numpy"));
                    compared.numpy += 1;
                }
            }
        }
    }
    compared
}

/// mirp leaves directions without pairs of unlike levels out of the mean of the inverse variance, while
/// by IBSI's formula they are 0. In a gradient that rises to the right that is one direction of four.
fn inverse_variance_deviates(column: &str, found: f64, mirp: f64) -> bool {
    let by_three = column == "cm_inv_var_d1_2d_avg" && (found * 4.0 / 3.0 - mirp).abs() < 1e-12;
    by_three && found > 0.0
}

fn compare_levels(picture: &Gray, n_levels: usize, case: &Value, compared: &mut Compared) {
    assert_eq!(case["discretisation"], "FBN");
    assert_eq!(indices(&case["crop"]), [picture.height(), picture.width()]);
    let quantizer = Quantizer::new(Some(n_levels), Quantize::FixedBinNumber).unwrap();
    let levels = Levels::new(picture, None, ValueRange::Nominal, quantizer);
    if !case["levels_1_based"].is_null() {
        let found: Vec<usize> = levels.values.iter().map(|&level| usize::from(level) + 1).collect();
        assert_eq!(found, indices(&case["levels_1_based"]), "{}", case["image"]);
        compared.levels += 1;
    }
    let found: Vec<usize> = levels.histogram().iter().map(|&count| count as usize).collect();
    assert_eq!(found, indices(&case["level_histogram"]), "{}", case["image"]);
    compared.histograms += 1;
}

/// The digital phantom: four slices of 4 rows and 5 columns, 0 outside.
struct Phantom {
    slices: Vec<(Gray, Mask)>,
    /// All slices one below the other.
    tower: (Gray, Mask),
}

/// Grey values are levels already.
fn as_levels() -> Value {
    json!({ "quantize": { "fixed_bin_width": 1 } })
}

const RANGE: ValueRange = ValueRange::Between(1, 255);

impl Phantom {
    fn new(golden: &Value) -> Self {
        let values: Vec<u8> = indices(&golden["voxels"]).iter().map(|&v| v as u8).collect();
        assert_eq!(values.len(), 4 * 4 * 5);
        let picture = |values: &[u8]| {
            let gray = Gray::new(5, values.len() / 5, Samples::Eight(values.to_vec())).unwrap();
            let mask = Mask::nonzero(&gray);
            (gray, mask)
        };
        Self { slices: values.chunks_exact(20).map(picture).collect(), tower: picture(&values) }
    }

    fn columns((picture, mask): &(Gray, Mask), engine: Engine) -> BTreeMap<String, f64> {
        let input = Input { picture, mask: Some(mask), range: RANGE, engine };
        extract(input, &as_levels())
    }

    /// The slices in levels 0 to 5.
    fn levels(&self) -> Vec<Levels> {
        let quantizer = Quantizer::new(None, Quantize::FixedBinWidth(1)).unwrap();
        let of =
            |(picture, mask): &(Gray, Mask)| Levels::new(picture, Some(mask), RANGE, quantizer);
        let levels: Vec<Levels> = self.slices.iter().map(of).collect();
        assert!(levels.iter().all(|levels| levels.n_levels == 6));
        levels
    }

    /// By column, the mean over the slices.
    fn mean_over_slices(&self, engine: Engine) -> BTreeMap<String, f64> {
        let mut means = BTreeMap::new();
        for slice in &self.slices {
            for (name, value) in Self::columns(slice, engine) {
                *means.entry(name).or_default() += value / self.slices.len() as f64;
            }
        }
        means
    }
}

/// Values by family, aggregation and IBSI code.
type Table = BTreeMap<(&'static str, &'static str, &'static str), f64>;

const DIRECTION_MERGED: &str = "2.5D, direction-merged";
const MERGED: &str = "2.5D, merged";

/// Everything that IBSI calls 2.5D: matrices of the slices are merged before anything is measured.
fn two_and_a_half(phantom: &Phantom, engine: Engine) -> Table {
    let levels = phantom.levels();
    let mut table = Table::new();
    fn enter<S>(
        table: &mut Table,
        family: &'static str,
        how: &'static str,
        features: &[Feature<S>],
        measured: &[S],
    ) {
        for Feature { term, value } in features.iter().filter(|f| !f.term.ibsi.is_empty()) {
            let mean = measured.iter().map(value).sum::<f64>() / measured.len() as f64;
            table.insert((family, how, term.ibsi), mean);
        }
    }

    let pairs = Offset::directions(1).map(|offset| {
        let mut slices = levels.iter().map(|l| glcm::Counts::count(l, offset, engine));
        let mut merged = slices.next().unwrap();
        slices.for_each(|slice| merged.merge(&slice).unwrap());
        merged
    });
    let mut all_pairs = pairs[0].clone();
    pairs[1..].iter().for_each(|other| all_pairs.merge(other).unwrap());
    let measure = |counts: &glcm::Counts| Measured {
        statistics: glcm::Statistics::of_symmetric(counts),
        max_correlation: 0.0,
    };
    let each = pairs.each_ref().map(measure);
    enter(&mut table, "GLCM", DIRECTION_MERGED, &glcm::FEATURES, &each);
    enter(&mut table, "GLCM", MERGED, &glcm::FEATURES, &[measure(&all_pairs)]);

    let merged = |count: &dyn Fn(&Levels) -> Counts| {
        let mut merged = Counts::default();
        levels.iter().for_each(|levels| merged.merge(&count(levels)));
        merged
    };
    let runs = Offset::directions(1).map(|offset| merged(&|levels| glrlm::count(levels, offset)));
    let mut all_runs = Counts::default();
    runs.iter().for_each(|runs| all_runs.merge(runs));
    let measure = level_size::Statistics::of;
    let each = runs.each_ref().map(measure);
    enter(&mut table, "GLRLM", DIRECTION_MERGED, &glrlm::FEATURES, &each);
    enter(&mut table, "GLRLM", MERGED, &glrlm::FEATURES, &[measure(&all_runs)]);
    let zones = measure(&merged(&glszm::count));
    enter(&mut table, "GLSZM", "2.5D", &glszm::FEATURES, &[zones]);
    let zones = measure(&merged(&gldzm::count));
    enter(&mut table, "GLDZM", "2.5D", &gldzm::FEATURES, &[zones]);
    let dependences = measure(&merged(&|levels| ngldm::count(levels, 1, 0)));
    enter(&mut table, "NGLDM", "2.5D", &ngldm::FEATURES, &[dependences]);
    let mut differences = Differences::default();
    levels.iter().for_each(|levels| differences.merge(&Differences::of(levels, 1)));
    let differences = ngtdm::Measured::of(&differences);
    enter(&mut table, "NGTDM", "2.5D", &ngtdm::FEATURES, &[differences]);
    table
}

/// The column of a feature in a picture's own features.
fn column(prefix: &str, name: &str, how: &str) -> String {
    match prefix {
        "stat" | "ih" => format!("{prefix}_{name}"),
        "cm" => format!("cm_{name}_d1_{how}"),
        "ngl" => format!("ngl_{name}_d1_a0.0_{how}"),
        _ => format!("{prefix}_{name}_{how}"),
    }
}

#[test]
fn the_digital_phantom_as_the_ibsi_manual() {
    let golden = golden::fixture("ibsi_phantom_open.json");
    let phantom = Phantom::new(&golden);
    assert_eq!(phantom.tower.1.count(), 74);
    let topics = topics();
    let (mut in_2d, mut in_2d_and_a_half, mut codes) = (0, 0, 0);
    for engine in ENGINES {
        let whole = Phantom::columns(&phantom.tower, engine);
        let means = phantom.mean_over_slices(engine);
        let merged = two_and_a_half(&phantom, engine);
        for entry in list(&golden["table"]) {
            let text = |key: &str| entry[key].as_str().unwrap();
            let (family, how, name) = (text("family"), text("aggregation"), text("name"));
            let (family, key, prefix) = FAMILIES.into_iter().find(|f| f.0 == family).unwrap();
            // The manual prints the minimum's code beside the 10th percentile of levels.
            let misprint = (family, name) == ("IH", "p10");
            let code = if misprint { "GPMT" } else { text("code") };
            let topic = topics.iter().find(|topic| topic.key == key).unwrap();
            let term = topic.terms.iter().find(|term| term.name == name).unwrap();
            assert_eq!(term.ibsi, code, "{family} {name}");
            codes += 1;
            let found = match how {
                "(none)" => whole[&column(prefix, name, "")],
                "2D" => means[&column(prefix, name, "2d")],
                "2D, averaged" => means[&column(prefix, name, "2d_avg")],
                "2D, slice-merged" => means[&column(prefix, name, "2d_s_mrg")],
                _ => *merged.iter().find(|(k, _)| **k == (family, how, code)).unwrap().1,
            };
            let what = format!("{family} {how} {name} {engine:?}");
            let printed = number(&entry["value"]);
            assert_close(found, printed, 0.0, number(&entry["abs_tol"]), &what);
            let relative = match family {
                // Computed in 32 bits; of the phantom's levels the same is computed in 64.
                "STAT" => 2.0 * f64::from(f32::EPSILON),
                "IH" => 1e-7,
                _ => 1e-9,
            };
            assert_close(found, number(&entry["full_precision"]), relative, 0.0, &what);
            if let ("STAT", Some(&of_levels)) = (family, whole.get(&column("ih", name, ""))) {
                assert_close(found, of_levels, 1e-14, 0.0, &what);
            }
            *(if how.starts_with("2.5D") { &mut in_2d_and_a_half } else { &mut in_2d }) += 1;
        }
    }
    assert_eq!((in_2d, in_2d_and_a_half, codes), (2 * 113, 2 * 87, 2 * 200));
}

#[test]
fn two_slices_of_the_phantom_as_numpy() {
    let golden = golden::fixture("ibsi_phantom_open.json");
    let phantom = Phantom::new(&golden);
    let (mut slices, mut values) = (0, 0);
    for golden in list(&golden["per_slice_2d"]["slices"]) {
        let slice = &phantom.slices[number(&golden["z"]) as usize];
        let pixels: Vec<usize> = slice.0.values().map(usize::from).collect();
        assert_eq!(indices(&golden["voxels"]), pixels);
        assert_eq!(slice.1.count(), number(&golden["roi_pixels"]) as usize);
        assert_eq!(golden["Ng"], 6);
        slices += 1;
        for engine in ENGINES {
            let found = Phantom::columns(slice, engine);
            let parts = golden.as_object().unwrap().iter().filter(|(_, part)| part.is_object());
            for (part, expected) in parts {
                let (family, how) = part.split_once('_').unwrap_or((part, "2d"));
                let how = match how {
                    "per_direction_averaged" => "2d_avg",
                    "directions_merged" => "2d_s_mrg",
                    other => other,
                };
                let (_, _, prefix) = FAMILIES.into_iter().find(|f| f.0 == family).unwrap();
                for (name, expected) in expected.as_object().unwrap() {
                    let what = format!("{part} {name} {engine:?}");
                    let found = found[&column(prefix, name, how)];
                    assert_close(found, number(expected), 1e-9, 0.0, what);
                    values += 1;
                }
            }
        }
    }
    assert_eq!((slices, values), (2, 2 * 2 * NUMPY_COLUMNS));
}
