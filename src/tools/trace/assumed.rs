//! What a file with a network of its own does not say of it, and what is taken in its place.

use super::given::Given;
use super::subject::Settings;

/// Activations that are tried where the file does not say one, after that of the base.
pub(super) const ACTIVATIONS: [&str; 5] = ["sigmoid", "tanh", "relu", "leaky-relu", "identity"];

/// Whether the file has weights that are not those of the base, so that the settings of the base need not be its own.
pub(super) fn has_own_network(base: &Given, file: &Given) -> bool {
    file.fields
        .iter()
        .filter(|(name, _)| name.ends_with("_weights"))
        .any(|(name, weights)| base.get(name).is_none_or(|of_base| !weights.is_like(of_base)))
}

/// Names what the file leaves open, with what was taken; nothing where it says everything.
pub(super) fn note(file: &Given, settings: &Settings) -> Option<String> {
    let mut open = Vec::new();
    let mut add = |name: &str, taken: String| {
        if !file.settings.contains_key(name) {
            open.push(format!("{name} ({taken} was taken)"));
        }
    };
    let word = serde_json::to_value(settings.activation).ok();
    add("activation", word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().to_owned());
    add("rate", settings.rate.to_string());
    add("momentum", settings.momentum.to_string());
    if !file.fields.keys().any(|name| name.ends_with("_velocity_before")) {
        open.push("velocities before the update (0 was taken)".into());
    }
    (!open.is_empty()).then(|| {
        format!(
            "the file does not say {}. Where yours differ, write them beside the numbers, such as \"activation\": \"tanh\", \
             \"rate\": 0.3",
            open.join(", ")
        )
    })
}
