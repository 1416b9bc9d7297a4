//! `cv`: how good settings are.

use anyhow::Result;
use textura::extraction::Setup;
use textura::training::{Plan, Request, cross_validate};

use super::args::CvArgs;
use super::context::Context;
use super::exit::Status;
use super::output::print;
use super::settings::corruption;

pub fn run(args: &CvArgs, context: &Context) -> Result<Status> {
    let descriptor = args.descriptor.descriptor()?;
    let corruption = corruption(args.corrupt.as_deref(), context)?;
    let settings = args.fit.over(args.network.settings());
    let request = Request {
        source: &args.source,
        settings: &settings,
        holdout: 0.0,
        group_by: args.group_by.as_ref(),
        seed: context.seed,
    };
    let plan = match args.train_per_class {
        Some(n) => Plan::PerClass { n, repeats: args.repeats as usize },
        None => Plan::Folds(args.folds.unwrap_or(5)),
    };
    let setup = Setup { corruption, ..context.setup() };
    let (result, remarks) = cross_validate(&request, plan, descriptor, setup)?;
    let status = context.say(&remarks);
    for (number, fit) in (1..).zip(&result.fits) {
        let (right, n) = (100.0 * fit.evaluation.accuracy, fit.evaluation.images);
        context.tell(&format!("fit {number}: accuracy {right:.2} % on {n} pictures"));
    }
    if args.json {
        print(&format!("{}\n", serde_json::to_string(&result)?))?;
    } else {
        let fits = || result.fits.iter().map(|fit| &fit.evaluation);
        let pictures = fits().next().map_or(0, |fit| fit.images);
        let log_loss = fits().map(|fit| fit.log_loss).sum::<f64>() / result.splits.max(1) as f64;
        let [low, high] = result.accuracy_interval.map(|share| 100.0 * share);
        print(&format!(
            "{} fits, each tested on about {pictures} pictures it had not learned from\n\
             accuracy          {:.2} % (standard deviation {:.2})\nbalanced accuracy {:.2} %\n\
             macro F1          {:.4}\ncalibration error {:.4}\nlog loss          {log_loss:.4}\n\
             accuracy interval {low:.2} to {high:.2} % (95 %, {})\n",
            result.splits,
            100.0 * result.accuracy_mean,
            100.0 * result.accuracy_std,
            100.0 * result.balanced_accuracy_mean,
            result.macro_f1_mean,
            result.ece_mean,
            if result.splits == 1 {
                "Wilson"
            } else {
                "t; splits share pictures, so it may be wider"
            }
        ))?;
    }
    Ok(status)
}
