//! Names of fields, as people write them.

/// Settings that stand beside the numbers.
pub(super) const SETTINGS: [&str; 14] = [
    "hidden",
    "activation",
    "norm",
    "residual",
    "dropout",
    "init",
    "init_scale",
    "loss_function",
    "label_smoothing",
    "optimizer",
    "rate",
    "momentum",
    "weight_decay",
    "steps_before",
];

/// Other names for fields of a network with one hidden layer. `y` is not one of them: it is the output in some books and the
/// target in others.
const ALIASES: [(&str, &str); 36] = [
    ("x", "inputs"),
    ("input", "inputs"),
    ("label", "labels"),
    ("target", "targets"),
    ("t", "targets"),
    ("a", "hidden_sums"),
    ("h", "hidden_outputs"),
    ("hidden", "hidden_outputs"),
    ("z", "logits"),
    ("output_sums", "logits"),
    ("p", "probabilities"),
    ("outputs", "probabilities"),
    ("output_outputs", "probabilities"),
    ("probs", "probabilities"),
    ("softmax", "probabilities"),
    ("error", "loss"),
    ("delta1", "hidden_deltas"),
    ("delta2", "output_deltas"),
    ("output_delta", "output_deltas"),
    ("hidden_delta", "hidden_deltas"),
    ("w1", "hidden_weights"),
    ("b1", "hidden_biases"),
    ("w2", "output_weights"),
    ("b2", "output_biases"),
    ("v1", "hidden_weights_velocity"),
    ("v2", "output_weights_velocity"),
    ("vb1", "hidden_biases_velocity"),
    ("vb2", "output_biases_velocity"),
    ("dw1", "hidden_weights_gradient"),
    ("db1", "hidden_biases_gradient"),
    ("dw2", "output_weights_gradient"),
    ("db2", "output_biases_gradient"),
    ("lr", "rate"),
    ("learning_rate", "rate"),
    ("eta", "rate"),
    ("factor", "momentum"),
];

/// Words within names that are written in several ways.
const WORDS: [(&str, &str); 9] = [
    ("bias", "biases"),
    ("weight", "weights"),
    ("grad", "gradient"),
    ("gradients", "gradient"),
    ("velocities", "velocity"),
    ("new", "after"),
    ("old", "before"),
    ("hiddens", "hidden"),
    ("sum", "sums"),
];

/// The name of a field, whichever way it is written: `W1` is `hidden_weights`, `w2_after` is `output_weights_after`.
/// Numbers of weights before the update need no ending.
pub(super) fn canonical(written: &str, is_list: bool) -> String {
    let lower = written.trim().to_lowercase().replace(['-', ' ', '.'], "_");
    // The sizes of hidden layers are a setting, the numbers of hidden units a field.
    if SETTINGS.contains(&lower.as_str()) && !(lower == "hidden" && is_list) {
        return lower;
    }
    if lower.starts_with("probability_grad") {
        return "probability_gradients".to_owned();
    }
    let known =
        |word: &str| ALIASES.iter().find(|(alias, _)| *alias == word).map(|(_, name)| *name);
    if let Some(name) = known(&lower) {
        return name.to_owned();
    }
    let (first, rest) = lower.split_once('_').unwrap_or((&lower, ""));
    let start = match known(first) {
        Some(name) if !rest.is_empty() && first != "hidden" => name,
        _ => first,
    };
    let words = rest.split('_').filter(|word| !word.is_empty());
    let words = words.map(|word| WORDS.iter().find(|w| w.0 == word).map_or(word, |w| w.1));
    let name = std::iter::once(start).chain(words).collect::<Vec<_>>().join("_");
    match name.strip_suffix("_before") {
        Some(weights) if !weights.ends_with("_velocity") && !is_memory(weights) => {
            weights.to_owned()
        }
        _ => name,
    }
}

fn is_memory(name: &str) -> bool {
    name.ends_with("_moment") || name.ends_with("_squares")
}

/// What the numbers of a field belong to, which decides how they may be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// (in, out).
    Weights,
    /// One a unit.
    Row,
    /// (N, units).
    Batch,
    /// A single number, or matrices.
    Other,
}

pub(super) fn kind(name: &str) -> Kind {
    let has = |word: &str| name.split('_').any(|part| part == word);
    if has("weights") {
        Kind::Weights
    } else if ["biases", "gamma", "beta", "slopes", "means", "variances", "running", "labels"]
        .into_iter()
        .any(has)
    {
        Kind::Row
    } else if ["loss", "jacobian"].contains(&name) {
        Kind::Other
    } else {
        Kind::Batch
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, canonical, kind};

    #[test]
    fn names_are_found_however_they_are_written() {
        for (written, name) in [
            ("W1", "hidden_weights"),
            ("w2_after", "output_weights_after"),
            ("w2_before", "output_weights"),
            ("Output Deltas", "output_deltas"),
            ("hidden-weights-grad", "hidden_weights_gradient"),
            ("v2_before", "output_weights_velocity_before"),
            ("vb1_before", "hidden_biases_velocity_before"),
            ("hidden2_bias", "hidden2_biases"),
            ("p", "probabilities"),
            ("learning_rate", "rate"),
            ("hidden", "hidden"),
            ("probability_gradients", "probability_gradients"),
        ] {
            assert_eq!(canonical(written, false), name);
        }
        assert_eq!(canonical("hidden", true), "hidden_outputs");
        assert_eq!(kind("hidden_weights_velocity"), Kind::Weights);
        assert_eq!(kind("hidden_back"), Kind::Batch);
    }
}
