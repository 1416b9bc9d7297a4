//! `map`: what a large picture shows where.

mod numbers;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Problem;
use crate::image::{Channels, Grid};
use crate::io::{AtomicFile, Cell, Column, Format, Picture, path_to_text, read_picture};
use crate::learn::evaluation::is_rejected;
use crate::model::regression::Regressor;
use crate::report::maps::{MAX_COLORS, Values, extent, short, write_overlay, write_values};
use crate::texture::descriptor::{Descriptor, DescriptorOptions};
use anyhow::Result;
use clap::ValueEnum;

use super::common::ends_in;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::{CsvArgs, Output, print};
use super::settings::{DescriptorArgs, REJECT_AT, ValuesArgs, reject_below, tile_of};

/// Which picture, by what, and where to write.
#[derive(Debug, clap::Args)]
#[command(allow_missing_positional = true, after_help = examples::MAP)]
pub struct MapArgs {
    /// The model; none with --feature
    #[arg(required_unless_present = "feature", conflicts_with = "feature")]
    pub model: Option<PathBuf>,
    /// The picture
    #[arg(required = true)]
    pub image: PathBuf,
    /// Write the map: a .png to look at, a .tif or .tiff of 16 bits to compute with; may be given several times
    #[arg(short, long, value_name = "FILE", required_unless_present = "table")]
    pub output: Vec<PathBuf>,
    /// Write one row a window to a file, .csv, .jsonl or .parquet
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    #[command(flatten)]
    pub csv: CsvArgs,
    /// The side of the windows in pixels [default: the model's; with --feature 64]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(4..))]
    pub window: Option<u16>,
    /// Pixels from one window to the next [default: half a window]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub stride: Option<u16>,
    /// What of a model's opinion to show
    #[arg(long, value_enum, default_value_t = Show::Label, value_name = "WHAT", conflicts_with = "feature")]
    pub show: Show,
    /// With a model of several numbers: which one to show [default: the first]
    #[arg(long, value_name = "NAME", conflicts_with = "feature")]
    pub target: Option<String>,
    /// Leave windows without a label that are less familiar than this; none rejects nothing
    #[arg(long, value_name = "P", default_value = REJECT_AT, conflicts_with = "feature")]
    pub reject_at: String,
    /// Write the numbers in a .tif as floats of 32 bits
    #[arg(long)]
    pub float: bool,
    /// Map a feature by its name, without a model: texture_score, or one of a descriptor
    #[arg(long, value_name = "NAME")]
    pub feature: Option<String>,
    /// Where to look for the feature: default, fast, full, ibsi, or a JSON file [default: the first of these that has it]
    #[arg(long, value_name = "NAME|FILE", requires = "feature")]
    pub descriptor: Option<PathBuf>,
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// What of a model's opinion a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Show {
    /// The most probable class.
    Label,
    /// How probable that class is.
    Probability,
    /// How familiar the window is.
    Familiarity,
}

pub fn run(args: &MapArgs, context: &Context) -> Result<Status> {
    args.check()?;
    told(
        match (&args.model, &args.feature) {
            (Some(model), _) if Regressor::is_one(model) => {
                numbers::of_numbers(args, model, context)
            }
            (Some(model), _) => of_model(args, model, context),
            (None, feature) => of_feature(args, feature.as_deref().unwrap_or_default(), context),
        },
        context,
    )
}

/// A picture that cannot be used is a failure of that picture.
pub fn told(outcome: Result<Status>, context: &Context) -> Result<Status> {
    match outcome {
        Err(error) if matches!(error.downcast_ref(), Some(Error::Picture { .. })) => {
            context.error(&error.to_string());
            Ok(Status::SomeFailed)
        }
        other => other,
    }
}

/// The picture and the windows over it.
struct Scene {
    picture: Picture,
    grid: Grid,
}

impl Scene {
    fn new(
        args: &MapArgs,
        window: usize,
        descriptor: &Descriptor,
        context: &Context,
    ) -> Result<Self> {
        let path = &args.image;
        let DescriptorOptions { channels, values, alpha, .. } = descriptor.options();
        let limits = context.limits.reading(*values, *alpha);
        let flat_field = context.batch().flat_field.map(|flat_field| &**flat_field);
        let picture = read_picture(path, limits, *channels != Channels::Gray)?;
        let picture = picture.divided(flat_field, path)?;
        let stride = args.stride.map_or((window / 2).max(1), usize::from);
        let gray = picture.planes.gray();
        let grid = Grid::new(gray.width(), gray.height(), window, stride)
            .map_err(|problem| Error::picture(path, problem))?;
        Ok(Self { picture, grid })
    }

    /// Writes the maps and says what was found.
    fn write(&self, args: &MapArgs, values: &Values, context: &Context) -> Result<Status> {
        for path in &args.output {
            if ends_in(path, &["png"]) {
                write_overlay(path, self.picture.planes.gray(), &self.grid, values)?;
            } else {
                write_values(path, &self.grid, values, args.float)?;
            }
        }
        let (window, stride) = (self.grid.window(), self.grid.stride());
        let (across, down) = (self.grid.lefts().len(), self.grid.tops().len());
        let mut text =
            format!("{across} x {down} windows of {window} x {window} pixels, stride {stride}\n");
        // Writing to a string cannot fail.
        if let Values::Numbers { name, of, .. } = values {
            let (low, high) = extent(of);
            let mean = of.iter().sum::<f64>() / of.len() as f64;
            let (low, high, mean) = (short(low), short(high), short(mean));
            let _ = writeln!(text, "{name}: {low} to {high}, mean {mean}");
        }
        for (_, name, share) in values.shares() {
            let _ = writeln!(text, "{name}: {:.1} %", 100.0 * share);
        }
        for path in args.output.iter().chain(&args.table) {
            let _ = writeln!(text, "wrote {}", path_to_text(path));
        }
        if !context.quiet {
            print(&text)?;
        }
        Ok(Status::Good)
    }
}

/// The table of the windows, where one is wanted.
struct Table<'a> {
    output: Option<Output>,
    grid: &'a Grid,
    n_windows: usize,
}

impl<'a> Table<'a> {
    /// Begins it; the columns of a window's corner come first.
    fn create(args: &MapArgs, grid: &'a Grid, columns: Vec<Column>) -> Result<Self> {
        let columns = ["x", "y"].map(Column::count).into_iter().chain(columns).collect();
        let create = |path: &PathBuf| Output::create(Some(path), columns, args.csv);
        let output = args.table.as_ref().map(create).transpose()?;
        Ok(Self { output, grid, n_windows: 0 })
    }

    /// Adds the next window.
    fn write(&mut self, cells: impl FnOnce() -> Vec<Cell>) -> crate::Result<()> {
        let n_across = self.grid.lefts().len();
        let (left, top) = (self.n_windows % n_across, self.n_windows / n_across);
        self.n_windows += 1;
        let Some(output) = &mut self.output else { return Ok(()) };
        let corner = [self.grid.lefts()[left], self.grid.tops()[top]].map(Cell::Count);
        output.write(&corner.into_iter().chain(cells()).collect::<Vec<_>>())
    }

    fn finish(self) -> Result<()> {
        self.output.map_or(Ok(()), Output::finish)
    }
}

fn of_model(args: &MapArgs, path: &Path, context: &Context) -> Result<Status> {
    let reject_below = reject_below(&args.reject_at)?;
    let model = args.values.load(path, context)?;
    let Some(window) = tile_of(model.tile, path, "window", args.window)? else {
        let expected = "the side of the windows, since the model was made for whole pictures";
        let advice = "give --window N, about as large as the pictures it learned from; or train with --tile N";
        return Err(Error::setting("window", Problem::new(expected, "none", advice)).into());
    };
    if args.float && args.show == Show::Label {
        let advice = "leave it out, or give --show probability or --show familiarity";
        let problem = Problem::new("a map of numbers to write as floats", "one of labels", advice);
        return Err(Error::setting("float", problem).into());
    }
    let scene = Scene::new(args, window, &model.descriptor, context)?;
    if args.show == Show::Label && MAX_COLORS < model.classes.len() {
        context.warn(&format!(
            "{} classes share {MAX_COLORS} colours: the table tells them apart",
            model.classes.len()
        ));
    }
    let mut columns = vec![Column::text("label")];
    columns.extend(["probability", "familiarity"].map(Column::number));
    columns.extend(model.classes.iter().map(|class| Column::number(format!("p_{class}"))));
    let Scene { picture, grid } = &scene;
    let mut table = Table::create(args, grid, columns)?;
    let (mut labels, mut numbers) = (Vec::new(), Vec::new());
    let batch = context.batch();
    let extractor = batch.prepared(model.extractor());
    batch.extract_grid(
        &args.image,
        picture,
        grid,
        &extractor,
        |band| model.classifier.predict(&band.views()?),
        |predictions| {
            let rows = predictions.probs.rows().into_iter().zip(&predictions.familiarity);
            for ((probs, &familiarity), class) in rows.zip(predictions.labels()) {
                let probability = probs[class];
                let label = (!is_rejected(familiarity, reject_below)).then_some(class);
                match args.show {
                    Show::Label => labels.push(label.map(|class| class as u16)),
                    Show::Probability => numbers.push(probability),
                    Show::Familiarity => numbers.push(familiarity),
                }
                table.write(|| {
                    let name = label.map(|class| Cell::Text(model.classes[class].clone()));
                    let mut cells = vec![name.unwrap_or(Cell::Empty)];
                    cells.extend([probability, familiarity].map(Cell::Number));
                    cells.extend(probs.iter().map(|&p| Cell::Number(p)));
                    cells
                })?;
            }
            Ok(())
        },
    )?;
    table.finish()?;
    let number = |name: &str, of| Values::Numbers { name: name.into(), of, ends: Some((0.0, 1.0)) };
    let values = match args.show {
        Show::Label => Values::Classes { names: model.classes.clone(), of: labels },
        Show::Probability => number("probability of the label", numbers),
        Show::Familiarity => number("familiarity", numbers),
    };
    scene.write(args, &values, context)
}

fn of_feature(args: &MapArgs, name: &str, context: &Context) -> Result<Status> {
    let is_score = name == "texture_score";
    let (descriptor, column) = match is_score {
        true => (args.descriptor_args("fast".into()).descriptor(context)?, 0),
        false => find_feature(args, name, context)?,
    };
    let window = args.window.map_or(64, usize::from);
    let scene = Scene::new(args, window, &descriptor, context)?;
    let Scene { picture, grid } = &scene;
    let mut table = Table::create(args, grid, vec![Column::number(name)])?;
    let mut of = Vec::new();
    let batch = context.batch();
    batch.extract_grid(
        &args.image,
        picture,
        grid,
        &batch.extractor(&descriptor),
        |band| {
            if is_score {
                return Ok(band.texture_scores());
            }
            Ok(band.views()?.iter().flat_map(|view| view.column(column).to_vec()).collect())
        },
        |values| {
            for value in values {
                table.write(|| vec![Cell::Number(value)])?;
                of.push(value);
            }
            Ok(())
        },
    )?;
    table.finish()?;
    scene.write(args, &Values::Numbers { name: name.into(), of, ends: None }, context)
}

/// The one family that has a feature, and the feature's place among its columns.
fn find_feature(args: &MapArgs, name: &str, context: &Context) -> Result<(Descriptor, usize)> {
    let named = args.descriptor.as_ref().map(|descriptor| vec![descriptor.clone()]);
    let names = named.unwrap_or_else(|| DescriptorOptions::PRESETS.map(PathBuf::from).to_vec());
    for descriptor in names {
        let whole = args.descriptor_args(descriptor).descriptor(context)?;
        // The name says in which plane; a picture read without its colours has only the grey one.
        let mut planes = vec![whole.options().channels];
        planes.extend([Channels::Gray, Channels::Rgb, Channels::Opponent]);
        for channels in planes {
            for family in &whole.options().families {
                let families = vec![family.clone()];
                let options = DescriptorOptions { channels, families, ..whole.options().clone() };
                let alone = Descriptor::new(options)?;
                let column = alone.schema().names().position(|known| known == name);
                if let Some(column) = column {
                    return Ok((alone, column));
                }
            }
        }
    }
    let expected = "texture_score or the name of a feature, such as glcm_d1_mean_contrast";
    let advice = "docs/features.md lists them, and the first line of `textura score` names those of a descriptor";
    Err(Error::setting("feature", Problem::new(expected, format!("`{name}`"), advice)).into())
}

impl MapArgs {
    /// Checks, before the work, that what is made can be written.
    ///
    /// # Errors
    /// [`Error::Setting`] for names that say no format; [`Error::Io`] for places that cannot be written to.
    pub fn check(&self) -> Result<()> {
        for path in &self.output {
            if !ends_in(path, &["png", "tif", "tiff"]) {
                let expected = "a name that ends in .png, .tif or .tiff";
                let advice = "the ending decides how the map is written; tables go to --table";
                let problem = Problem::new(expected, path.display().to_string(), advice);
                return Err(Error::setting("output", problem).into());
            }
            // A place that cannot be written to is better known before the work than after it.
            drop(AtomicFile::create(path)?);
        }
        if let Some(path) = &self.table {
            Format::of(path)?;
        }
        Ok(())
    }

    fn descriptor_args(&self, descriptor: PathBuf) -> DescriptorArgs {
        DescriptorArgs { descriptor, values: self.values.clone(), channels: None }
    }
}
