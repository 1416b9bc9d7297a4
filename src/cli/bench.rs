//! `bench`: how fast it is here.

use super::examples;
use super::settings::ValuesArgs;
use crate::tools::bench::bench;
use anyhow::Result;
use std::path::PathBuf;

use super::context::Context;
use super::exit::Status;
use super::output::{print, print_json};

#[derive(Debug, clap::Args)]
#[command(after_help = examples::BENCH)]
pub struct BenchArgs {
    /// A folder of pictures; training is timed where it is labelled
    pub source: PathBuf,
    #[command(flatten)]
    pub values: ValuesArgs,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &BenchArgs, context: &Context) -> Result<Status> {
    let (values, batch) = args.values.batch(context)?;
    let t = bench(&args.source, values, batch)?;
    if args.json {
        print_json(&t)?;
        return Ok(Status::Good);
    }
    let train = match (t.train_s, t.test_accuracy) {
        (Some(seconds), Some(accuracy)) => {
            format!("{seconds:.2} s, and {:.1} % of the other half right", 100.0 * accuracy)
        }
        _ => "not measured, since the folder is not labelled".into(),
    };
    print(&format!(
        "{} pictures, {:.1} megapixels, {} jobs\n\n\
         nanoseconds a pixel, one thread\n  decode          {:8.2}\n  glcm            {:8.2}\n  \
         lbp             {:8.2}\n  letrist         {:8.2}\n  fast            {:8.2}\n\n\
         pictures a second, all jobs\n  decode only     {:8.1}\n  fast            {:8.1}\n\n\
         training (half of the pictures, 128 hidden units, 200 epochs): {train}\n",
        t.images,
        t.megapixels,
        t.jobs,
        t.decode_ns_per_px,
        t.glcm_ns_per_px,
        t.lbp_ns_per_px,
        t.letrist_ns_per_px,
        t.fast_ns_per_px,
        t.decode_only_images_per_s,
        t.fast_images_per_s,
    ))?;
    Ok(Status::Good)
}
