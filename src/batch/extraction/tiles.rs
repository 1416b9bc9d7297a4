//! A picture in windows: each is measured as if it were a picture of its own.

use std::cell::LazyCell;
use std::path::Path;

use ndarray::Array2;

use super::files::changed;
use super::{Example, Setup, check_range, described, looks, memory};
use crate::error::{Error, Problem, Result};
use crate::image::change::{Change, Ground};
use crate::image::flag::Flags;
use crate::image::{Area, Grid, Mask};
use crate::io::{Entry, Labels, Limits, Picture};
use crate::texture::View;
use crate::texture::descriptor::{Descriptor, Features};
use crate::texture::texture_score::texture_score;

/// The example of a picture in windows that stand side by side; of a masked one, in those that lie inside the
/// mask as a whole.
pub(super) fn example(
    entry: &Entry,
    tile: usize,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    picture: Picture,
    labels: Option<Labels>,
) -> Result<Example> {
    let mask = labels.as_ref().map(|labels| Mask::nonzero(&labels.values));
    let gray = picture.planes.gray();
    let refuse = |problem| Error::picture(&entry.path, problem);
    let grid = Grid::new(gray.width(), gray.height(), tile, tile).map_err(refuse)?;
    let is_inside = |area: &Area| mask.as_ref().is_none_or(|mask| is_all_inside(mask, *area));
    let windows: Vec<Area> = grid.areas().filter(is_inside).collect();
    if windows.is_empty() {
        return Err(refuse(Problem::new(
            format!("a mask with room for a window of {tile} x {tile} pixels"),
            "none that lies inside it",
            "leave the picture out, or use a smaller window (and a model made for it)",
        )));
    }
    let measured = descriptor.extract_windows(&picture.planes, &windows, setup.engine);
    let (texture_score, mut flags) = descriptor.about(&picture.planes, mask.as_ref(), setup.engine);
    flags.join(measured.flags);
    let features = Features { texture_score, values: measured.values, flags };
    let mut others = Vec::new();
    let ground = LazyCell::new(|| Ground::of(&picture.planes));
    for look in setup.looks.iter() {
        if let Some(change) = looks::change(look, &picture.planes, descriptor) {
            let of = |&area: &Area| {
                let change = change.at(area.x, area.y);
                look_at(&picture, area, (change, *ground), &entry.path, descriptor, setup)
            };
            others.push(windows.iter().map(of).collect::<Result<Vec<_>>>()?.concat());
        }
    }
    let levels_used = if setup.count_levels {
        descriptor.levels_used(&picture.planes, mask.as_ref())
    } else {
        Vec::new()
    };
    let example = described(&picture, features);
    Ok(Example { levels_used, looks: others, windows: windows.len(), ..example })
}

fn is_all_inside(mask: &Mask, area: Area) -> bool {
    let mut rows = (area.y..area.y + area.height).map(|y| &mask.row(y)[area.x..][..area.width]);
    rows.all(|row| !row.contains(&false))
}

/// What another look at a window cut out gives.
fn look_at(
    picture: &Picture,
    area: Area,
    change: (Change, Ground),
    path: &Path,
    descriptor: &Descriptor,
    setup: Setup<'_>,
) -> Result<Vec<f64>> {
    setup.workers.interrupt().check()?;
    let window = Picture {
        opaque: None,
        planes: picture.planes.crop(area),
        content: picture.content,
        identity: picture.identity,
        flags: picture.flags,
        encoding: picture.encoding,
        header: picture.header,
    };
    // The sizes are near that of a picture which was within the limits.
    let limits = Limits { max_pixels: u64::MAX, ..setup.limits };
    let (planes, _) = changed(path, &window, None, change, limits)?;
    Ok(descriptor.extract_inside(&planes, None, setup.engine)?.values)
}

/// Rows of windows whose surroundings are worked on together share what overlaps; more windows than this
/// would take memory rather than save time.
const MOST_WINDOWS: usize = 4096;

/// Measures the windows of a grid over one picture, which lies at `path`, many at once. `work` takes what some rows of windows
/// give, one array (windows, columns) for each look of the setup, the picture as it is first; `take` gets
/// what it made of them, in order. Only the surroundings of those rows are held beside the picture.
///
/// # Errors
/// [`Error::Interrupted`], those of `work` and `take`.
pub fn extract_grid<T: Send>(
    path: &Path,
    picture: &Picture,
    grid: &Grid,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    work: impl Fn(Band<'_>) -> Result<T> + Sync,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    check_range(path, picture, descriptor)?;
    let width = picture.planes.gray().width();
    let overlapping = grid.window().div_ceil(grid.stride());
    let n_rows = overlapping.min(MOST_WINDOWS / grid.lefts().len()).max(1);
    memory::check_grid(path, picture, grid, n_rows, descriptor, setup)?;
    let bands: Vec<&[usize]> = grid.tops().chunks(n_rows).collect();
    let ground = Ground::of(&picture.planes);
    setup.progress.begin("rows of windows", grid.tops().len());
    let of_band = |tops: &[usize]| -> Result<(usize, T)> {
        let (first, last) = (tops[0], tops[tops.len() - 1]);
        let area = Area { x: 0, y: first, width, height: last + grid.window() - first };
        let planes = picture.planes.crop(area);
        let side = grid.window();
        let windows: Vec<Area> = tops
            .iter()
            .flat_map(|top| {
                let y = top - first;
                grid.lefts().iter().map(move |&x| Area { x, y, width: side, height: side })
            })
            .collect();
        let strip = Picture {
            opaque: None,
            planes,
            content: picture.content,
            identity: picture.identity,
            flags: Flags::default(),
            encoding: picture.encoding,
            header: picture.header,
        };
        let band = Band { path, ground, strip: &strip, windows: &windows, descriptor, setup };
        Ok((tops.len(), work(band)?))
    };
    let outcome = setup.workers.in_order(bands, of_band, |outcome| {
        let (n_rows, result) = outcome?;
        take(result)?;
        (0..n_rows).for_each(|_| setup.progress.advance());
        Ok(())
    });
    setup.progress.end();
    outcome
}

/// Some rows of windows of a picture.
pub struct Band<'a> {
    path: &'a Path,
    ground: Ground,
    /// The rows of the picture that they cover.
    strip: &'a Picture,
    windows: &'a [Area],
    descriptor: &'a Descriptor,
    setup: Setup<'a>,
}

impl Band<'_> {
    /// One array (windows, columns) for each look of the setup, the picture as it is first.
    ///
    /// # Errors
    /// [`Error::Picture`] where a window cannot be had in another look.
    pub fn looks(&self) -> Result<Vec<Array2<f64>>> {
        let planes = &self.strip.planes;
        let as_it_is = self.descriptor.extract_windows(planes, self.windows, self.setup.engine);
        let mut looks = vec![self.array(as_it_is.values)?];
        for look in self.setup.looks.iter() {
            if let Some(change) = looks::change(look, planes, self.descriptor) {
                let of = |&area| {
                    let change = (change, self.ground);
                    look_at(self.strip, area, change, self.path, self.descriptor, self.setup)
                };
                let values = self.windows.iter().map(of).collect::<Result<Vec<_>>>()?;
                looks.push(self.array(values.concat())?);
            }
        }
        Ok(looks)
    }

    /// The texture score of each window.
    pub fn texture_scores(&self) -> Vec<f64> {
        let (range, engine) = (self.descriptor.options().values, self.setup.engine);
        let score = |&area| {
            let picture = &self.strip.planes.gray().crop(area);
            texture_score(View { picture, mask: None, range, engine }).0
        };
        self.windows.iter().map(score).collect()
    }

    fn array(&self, values: Vec<f64>) -> Result<Array2<f64>> {
        let (rows, columns) = (self.windows.len(), self.descriptor.schema().len());
        let (what, expected, found) = ("features of windows", rows * columns, values.len());
        Array2::from_shape_vec((rows, columns), values).map_err(|_| Error::Size {
            what,
            expected,
            found,
        })
    }
}
