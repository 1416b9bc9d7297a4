//! The page of one update: the network to click through, mistakes to switch on, rate and momentum to move.
//!
//! All numbers are those of [`crate::nn::trace`]: the update as it is and with every mistake, and the loss over further
//! updates for every place of the sliders. The page's own script computes nothing but the step `w -= rate v` with `v = m v +
//! g` for another rate and momentum, which `scripts/test-browser` compares with the command.

mod run;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Problem, Result};
use crate::nn::OptimizerKind;
use crate::nn::trace::{Mistake, Update, Variation};
use run::{Run, Sliders};

const STYLE: &str = include_str!("trace.css");
const WORDS: &str = include_str!("words.js");
const NUMBERS: &str = include_str!("numbers.js");
const VIEW: &str = include_str!("view.js");

/// The page around the script.
#[derive(Template)]
#[template(path = "trace/trace.html")]
struct Page {
    style: &'static str,
    script: String,
    data: String,
    style_hash: String,
    script_hash: String,
}

/// More than this is not pleasant to open.
const MAX_BYTES: usize = 400_000;

/// A larger network takes long, and is no longer to be overlooked.
const MAX_WORK: usize = 5_000;

/// The page of an update, in HTML, for a browser without a network. `settings` are those that `textura trace --json` prints.
///
/// # Errors
/// [`Error::Setting`] where the page would have more than 400 KB.
pub fn trace_page(update: &Update, settings: Value, labels: &[usize]) -> Result<String> {
    // Hundreds of updates are made for each mistake and each place of the sliders.
    let work = update.network.n_parameters().saturating_mul(update.x.nrows());
    if MAX_WORK < work {
        let expected = format!("at most {MAX_WORK} weights times rows, for a page");
        let problem = Problem::new(expected, work.to_string(), "give fewer rows or smaller layers");
        return Err(Error::setting("output", problem));
    }
    let sliders = sliders(update);
    let right = Run::new(update, &[], &sliders, None)?;
    let (n_rows, n_classes) = update.targets.dim();
    let mut runs = vec![right.to_json(None)];
    let forms = Variation::all(n_rows, n_classes);
    for mistake in Mistake::ALL {
        let Some(form) = forms.iter().find(|form| form.mistake() == *mistake) else { continue };
        let run = Run::new(update, std::slice::from_ref(form), &sliders, Some(&right))?;
        runs.push(run.to_json(Some(*mistake)));
    }
    let data = json!({
        "settings": settings,
        "labels": labels,
        "rates": sliders.rates,
        "momenta": sliders.momenta,
        "own": sliders.own,
        "every": sliders.every,
        "layers": run::layers(update),
        "names": run::names(&right.fields),
        "runs": runs,
    });
    // Nothing in the data can end the element that holds it.
    let data = data.to_string().replace('<', "\\u003c");
    let script = [WORDS, NUMBERS, VIEW].concat();
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let (style_hash, script_hash) = (hash(STYLE), hash(&script));
    let page = Page { style: STYLE, script, data, style_hash, script_hash };
    let html = page.render().map_err(|e| {
        let problem = Problem::new("a page", e.to_string(), "leave --output away, and report this");
        Error::data("page", problem)
    })?;
    if MAX_BYTES < html.len() {
        let expected = format!("a network whose page has at most {MAX_BYTES} bytes");
        let problem =
            Problem::new(expected, html.len().to_string(), "give fewer rows or smaller layers");
        return Err(Error::setting("output", problem));
    }
    Ok(html)
}

/// Where the sliders may stand: at the update's own rate and momentum, and at others.
fn sliders(update: &Update) -> Sliders {
    let with = |own: f64, others: &[f64]| {
        let mut places = others.to_vec();
        places.push(own);
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    };
    let (own, momenta) = match update.kind() {
        OptimizerKind::Momentum { momentum } | OptimizerKind::Nesterov { momentum } => {
            (momentum, with(momentum, &[0.0, 0.5, 0.9]))
        }
        _ => (0.0, vec![0.0]),
    };
    // Of a large network fewer places, for the sake of the page's size.
    let is_large = 60 < update.network.n_parameters();
    let rates: &[f64] = if is_large { &[0.01, 1.0] } else { &[0.01, 0.03, 0.1, 0.3, 1.0, 3.0] };
    let rates = with(update.rate(), rates);
    Sliders { rates, momenta, own, every: 5 }
}
