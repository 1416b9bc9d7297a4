//! What a program's file says in the place of the example's numbers.

use super::given::{Array, Given};

/// The example, or the network and rows of other files, with what a program's file gives itself: inputs, labels, weights and
/// velocities before the update, settings. What it computes is left to be compared.
///
/// Labels of other inputs are the file's own; where the inputs are the example's, so are the labels, and targets in the file
/// are compared with them. Biases and velocities that a file with weights of its own does not have are zeros.
pub(super) fn overlay(base: &Given, file: &Given) -> Given {
    let mut given = base.clone();
    given.settings.extend(file.settings.clone());
    let is_own = |name: &str| match (base.get(name), file.get(name)) {
        (Some(base), Some(own)) => !own.is_like(base),
        (None, own) => own.is_some(),
        (Some(_), None) => false,
    };
    if is_own("inputs") {
        given.fields.remove("labels");
        given.fields.remove("targets");
        for name in ["labels", "targets"] {
            given.fields.extend(file.get(name).map(|array| (name.to_owned(), array.clone())));
        }
    }
    let is_given = |name: &str| {
        let is_after = ["_after", "_gradient", "_velocity", "_moment", "_squares", "_step"];
        let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
        !ends(&is_after)
            && (ends(&["_weights", "_biases", "_gamma", "_beta", "_slopes", "_before"])
                || name == "inputs")
    };
    let has_own_weights = file.fields.keys().any(|name| name.ends_with("_weights") && is_own(name));
    if has_own_weights {
        given.settings.remove("hidden");
        given
            .settings
            .extend(file.settings.get("hidden").map(|hidden| ("hidden".into(), hidden.clone())));
        given.fields.retain(|name, _| {
            let layer = name.rsplit_once('_').map_or("", |(layer, _)| layer);
            let is_base = !is_own(&format!("{layer}_weights"));
            !is_given(name) || name == "inputs" || is_base && !name.ends_with("_before")
        });
    }
    let own = file.fields.iter().filter(|(name, _)| is_given(name));
    given.fields.extend(own.map(|(name, array)| (name.clone(), array.clone())));
    // A single output has targets of its own: 0 or 1.
    if given.n_outputs() == 1 && labels_exceed(&given, 1.0) {
        given.fields.remove("labels");
        given.fields.extend(file.get("targets").map(|array| ("targets".to_owned(), array.clone())));
    }
    given
}

fn labels_exceed(given: &Given, most: f64) -> bool {
    given.get("labels").is_some_and(|labels| labels.values.iter().any(|&label| most < label))
}

/// Lets labels count from 0, where they count from 1 to the number of classes; says whether they did not.
pub(super) fn count_from_zero(file: &mut Given, n_classes: usize) -> bool {
    let Some(labels) = file.fields.get_mut("labels") else { return false };
    let least = labels.values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = labels.values.iter().copied().fold(0.0, f64::max);
    let counts_from_one = least == 1.0 && most == n_classes as f64;
    if counts_from_one {
        labels.values.iter_mut().for_each(|label| *label -= 1.0);
    }
    counts_from_one
}

/// Labels that are not those by which they are compared, as the targets that they mean.
pub(super) fn labels_as_targets(file: &mut Given, given: &Given, n_classes: usize) {
    let Some(labels) = file.get("labels").cloned() else { return };
    let is_same = given.get("labels").is_some_and(|own| own.is_like(&labels));
    let is_too_large = 1_000_000 < n_classes.saturating_mul(labels.values.len());
    if is_same || is_too_large || file.get("targets").is_some() {
        return;
    }
    let one_hot = |&label: &f64| (0..n_classes).map(move |class| f64::from(label == class as f64));
    let values = labels.values.iter().flat_map(one_hot).collect();
    let shape = vec![labels.values.len(), n_classes];
    file.fields.insert("targets".into(), Array { shape, values });
}
