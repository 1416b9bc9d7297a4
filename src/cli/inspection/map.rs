//! `map` with a model of good pictures: where a picture is odd.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use ndarray::ArrayView2;
use serde_json::json;

use crate::Error;
use crate::image::{ScoreRegion, regions_above};
use crate::io::{Cell, Column, Entry, TiffSamples, path_to_text, read_picture, write_tiff};
use crate::report::maps::{OddPlaces, short, write_odd_places};

use super::load;
use crate::cli::common::ends_in;
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::map::{MapArgs, Show, told};
use crate::cli::output::{Output, print};
use crate::cli::settings::{refuse_given, reject_below};

/// Writes maps of a picture, and a table of its odd regions.
///
/// # Errors
/// [`Error::Setting`] for flags that need classes; those of reading the model and the picture, and of writing.
pub fn map(path: &Path, args: &MapArgs, context: &Context) -> Result<Status> {
    args.check()?;
    told(map_of(path, args, context), context)
}

fn map_of(path: &Path, args: &MapArgs, context: &Context) -> Result<Status> {
    let of_classes = [
        ("window", args.window.is_some()),
        ("stride", args.stride.is_some()),
        ("show", args.show != Show::Label),
    ];
    let found = "one of good pictures, whose maps have a number for every pixel";
    refuse_given(&of_classes, "a model of classes", found)?;
    let share = reject_below(&args.reject_at)?;
    let inspector = load(path, &args.values, context)?;
    let batch = context.batch();
    let extractor = batch.prepared(inspector.extractor());
    let entry = Entry::new(args.image.clone(), None);
    let judgement = inspector.judge(&entry, &extractor)?;
    let (width, height) = (judgement.width, judgement.height);
    let pixels = judgement.map.pixels(width, height);
    let limit = inspector.odd_from(share);
    let view = ArrayView2::from_shape((height, width), &pixels).map_err(|_| Error::Size {
        what: "pixels of a map",
        expected: width * height,
        found: pixels.len(),
    })?;
    let regions = regions_above(view, limit as f32);
    for output in &args.output {
        if ends_in(output, &["png"]) {
            let flat_field = batch.flat_field.map(|flat_field| &**flat_field);
            let picture = read_picture(&args.image, extractor.limits, false)?
                .divided(flat_field, &args.image)?;
            let places = OddPlaces { values: &pixels, limit, regions: &regions };
            write_odd_places(output, picture.planes.gray(), &places)?;
        } else {
            let about = json!({ "values": "anomaly", "odd_from": limit });
            let samples = TiffSamples::Float(pixels.clone());
            write_tiff(output, width, height, &samples, &about.to_string())?;
        }
    }
    if let Some(table) = &args.table {
        write_regions(table, &regions, args)?;
    }
    if !context.quiet {
        let mut text = format!(
            "familiarity {:.4}, anomaly score {}\n",
            judgement.familiarity,
            short(judgement.anomaly_score)
        );
        // Writing to a string cannot fail.
        let _ = match regions.first() {
            None if share == 0.0 => writeln!(text, "no place is odd, since nothing is rejected"),
            None => writeln!(
                text,
                "no place above {}, which one in {:.0} good pictures has anywhere",
                short(limit),
                1.0 / share
            ),
            Some(oddest) => writeln!(
                text,
                "{} odd {}, above {}; the oddest, {}, at x {} to {}, y {} to {}",
                regions.len(),
                if regions.len() == 1 { "region" } else { "regions" },
                short(limit),
                short(f64::from(oddest.score)),
                oddest.bounds.x,
                oddest.bounds.x + oddest.bounds.width - 1,
                oddest.bounds.y,
                oddest.bounds.y + oddest.bounds.height - 1
            ),
        };
        for path in args.output.iter().chain(&args.table) {
            let _ = writeln!(text, "wrote {}", path_to_text(path));
        }
        print(&text)?;
    }
    Ok(Status::Good)
}

fn write_regions(path: &Path, regions: &[ScoreRegion], args: &MapArgs) -> Result<()> {
    let mut columns = ["x", "y", "width", "height", "area"].map(Column::count).to_vec();
    columns.push(Column::number("score"));
    columns.push(Column::text("outline"));
    let mut output = Output::create(Some(path), columns, args.csv)?;
    for region in regions {
        let bounds = region.bounds;
        let counts = [bounds.x, bounds.y, bounds.width, bounds.height, region.area];
        let mut cells = counts.map(Cell::Count).to_vec();
        cells.push(Cell::Number(f64::from(region.score)));
        cells.push(Cell::Text(polygon(&region.outline)));
        output.write(&cells)?;
    }
    output.finish()
}

/// A polygon as well-known text, its first corner repeated at the end.
fn polygon(corners: &[[usize; 2]]) -> String {
    let corners = corners.iter().chain(corners.first());
    let corners: Vec<String> = corners.map(|[x, y]| format!("{x} {y}")).collect();
    format!("POLYGON (({}))", corners.join(", "))
}
