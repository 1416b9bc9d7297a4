//! `gradcheck`: whether back-propagation is right.

use std::fmt::Write as _;

use crate::nn::gradient_check::{Row, suite};
use crate::random::Random;
use anyhow::Result;
use serde_json::{Value, json};

use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::{print, print_json};

#[derive(Debug, clap::Args)]
#[command(after_help = examples::GRADCHECK)]
pub struct GradcheckArgs {
    /// Print one JSON array, an object a row
    #[arg(long)]
    pub json: bool,
}

/// A stream of the seed that nothing else draws from.
const STREAM: u64 = 4;

pub fn run(args: &GradcheckArgs, context: &Context) -> Result<Status> {
    let rows = suite(&mut Random::new(context.seed, STREAM))?;
    if args.json {
        print_json(&rows.iter().map(as_json).collect::<Vec<_>>())?;
    } else {
        print(&table(&rows))?;
    }
    let is_right = rows.iter().all(|row| row.comparison.is_right());
    Ok(if is_right { Status::Good } else { Status::Failed })
}

fn table(rows: &[Row]) -> String {
    // What was compared comes last: names of networks may be long.
    let mut text = "compared  at kinks  worst error  verdict  what\n".to_owned();
    let (mut n_compared, mut n_at_kinks, mut n_wrong, mut worst) = (0, 0, 0, 0.0f64);
    for Row { what, comparison, .. } in rows {
        let (compared, at_kinks) = (comparison.n_compared, comparison.n_at_kinks);
        let (error, is_right) = (comparison.worst, comparison.is_right());
        let verdict = if is_right { "ok" } else { "WRONG" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{compared:8}  {at_kinks:8}  {error:11.1e}  {verdict:7}  {what}");
        text += &match &comparison.place {
            Some(place) if !is_right => {
                format!(": {} wrong, worst at {place}\n", comparison.n_wrong)
            }
            _ => "\n".to_owned(),
        };
        n_compared += compared;
        n_at_kinks += at_kinks;
        n_wrong += usize::from(!is_right);
        worst = worst.max(error);
    }
    let n_rows = rows.len();
    let _ = writeln!(
        text,
        "{n_rows} rows, {n_wrong} wrong: {n_compared} derivatives compared, {n_at_kinks} left out at \
         kinks, worst relative error {worst:.1e}"
    );
    text
}

fn as_json(Row { what, comparison, .. }: &Row) -> Value {
    json!({
        "what": what,
        "n_compared": comparison.n_compared,
        "n_at_kinks": comparison.n_at_kinks,
        "n_wrong": comparison.n_wrong,
        "worst": comparison.worst,
        "place": comparison.place,
        "ok": comparison.is_right(),
    })
}
