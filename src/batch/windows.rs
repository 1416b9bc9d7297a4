//! A picture in windows: each is measured as if it were a picture of its own.

use std::cell::LazyCell;
use std::path::Path;

use ndarray::Array2;

use super::example::array;
use super::files::changed;
use super::{Batch, Example, Extractor, memory};
use crate::error::{Error, Problem, Result};
use crate::image::change::{Change, Ground};
use crate::image::flag::Flags;
use crate::image::{Area, Grid, Mask};
use crate::io::{Labels, Limits, Picture};
use crate::texture::Input;
use crate::texture::descriptor::Features;
use crate::texture::texture_score::texture_score;

/// The example of a picture in windows that stand side by side; of a masked one, in those that lie inside the
/// mask as a whole.
pub(super) fn example(
    path: &Path,
    tile: usize,
    extractor: &Extractor<'_>,
    picture: Picture,
    labels: Option<Labels>,
) -> Result<Example> {
    let Extractor { descriptor, engine, .. } = *extractor;
    let mask = labels.as_ref().map(|labels| Mask::nonzero(&labels.values));
    let gray = picture.planes.gray();
    let refuse = |problem| Error::picture(path, problem);
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
    let measured = descriptor.extract_windows(&picture.planes, &windows, engine);
    let (texture_score, mut flags) = descriptor.about(&picture.planes, mask.as_ref(), engine);
    flags.join(measured.flags);
    let features = Features { texture_score, values: measured.values, flags };
    let mut others = Vec::new();
    let ground = LazyCell::new(|| Ground::of(&picture.planes));
    for change in extractor.changes(&picture.planes) {
        let of = |&area: &Area| {
            let change = change.at(area.x, area.y);
            view_of(&picture, area, (change, *ground), path, extractor)
        };
        others.push(windows.iter().map(of).collect::<Result<Vec<_>>>()?.concat());
    }
    let example = Example::of(&picture, features);
    let mut example = Example { views: others, windows: windows.len(), ..example };
    if extractor.count_levels {
        example.levels_used = descriptor.levels_used(&picture.planes, mask.as_ref());
    }
    Ok(example)
}

fn is_all_inside(mask: &Mask, area: Area) -> bool {
    let mut rows = (area.y..area.y + area.height).map(|y| &mask.row(y)[area.x..][..area.width]);
    rows.all(|row| !row.contains(&false))
}

/// What another view of a window cut out gives.
fn view_of(
    picture: &Picture,
    area: Area,
    change: (Change, Ground),
    path: &Path,
    extractor: &Extractor<'_>,
) -> Result<Vec<f64>> {
    extractor.interrupt.check()?;
    let window = Picture { opaque: None, planes: picture.planes.crop(area), ..*picture };
    // The sizes are near that of a picture which was within the limits.
    let limits = Limits { max_pixels: u64::MAX, ..extractor.limits };
    let (planes, _) = changed(path, &window, None, change, limits)?;
    Ok(extractor.descriptor.extract_inside(&planes, None, extractor.engine)?.values)
}

/// Rows of windows whose surroundings are worked on together share what overlaps; more windows than this
/// would take memory rather than save time.
const MAX_WINDOWS: usize = 4096;

impl Batch<'_> {
    /// Measures the windows of a grid over one picture, which lies at `path`, many at once. `work` takes what some rows of windows
    /// give, one array (windows, columns) for each view of the extractor, the picture as it is first; `take` gets
    /// what it made of them, in order. Only the surroundings of those rows are held beside the picture.
    ///
    /// # Errors
    /// [`Error::Interrupted`], those of `work` and `take`.
    pub fn extract_grid<T: Send>(
        &self,
        path: &Path,
        picture: &Picture,
        grid: &Grid,
        extractor: &Extractor<'_>,
        work: impl Fn(Band<'_>) -> Result<T> + Sync,
        mut take: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        extractor.check_range(path, picture)?;
        let width = picture.planes.gray().width();
        let overlapping = grid.window().div_ceil(grid.stride());
        let n_rows = overlapping.min(MAX_WINDOWS / grid.lefts().len()).max(1);
        memory::check_grid(path, picture, grid, n_rows, self.workers.jobs(), extractor)?;
        let bands: Vec<&[usize]> = grid.tops().chunks(n_rows).collect();
        let ground = Ground::of(&picture.planes);
        let of_band = |tops: &[usize]| -> Result<(usize, T)> {
            let (first, last) = (tops[0], tops[tops.len() - 1]);
            let area = Area { x: 0, y: first, width, height: last + grid.window() - first };
            let (planes, flags) = (picture.planes.crop(area), Flags::default());
            let strip = Picture { opaque: None, planes, flags, ..*picture };
            let side = grid.window();
            let row = |&top: &usize| {
                let area = move |&x| Area { x, y: top - first, width: side, height: side };
                grid.lefts().iter().map(area)
            };
            let windows: Vec<Area> = tops.iter().flat_map(row).collect();
            let band = Band { path, ground, strip: &strip, windows: &windows, extractor };
            Ok((tops.len(), work(band)?))
        };
        self.progress.counted("rows of windows", grid.tops().len(), || {
            self.workers.in_order(bands, of_band, |outcome| {
                let (n_rows, result) = outcome?;
                take(result)?;
                (0..n_rows).for_each(|_| self.progress.advance());
                Ok(())
            })
        })
    }
}

/// Some rows of windows of a picture.
pub struct Band<'a> {
    path: &'a Path,
    ground: Ground,
    /// The rows of the picture that they cover.
    strip: &'a Picture,
    windows: &'a [Area],
    extractor: &'a Extractor<'a>,
}

impl Band<'_> {
    /// One array (windows, columns) for each view of the extractor, the picture as it is first.
    ///
    /// # Errors
    /// [`Error::Picture`] where a window cannot be had in another view.
    pub fn views(&self) -> Result<Vec<Array2<f64>>> {
        let planes = &self.strip.planes;
        let original =
            self.extractor.descriptor.extract_windows(planes, self.windows, self.extractor.engine);
        let mut views = vec![self.array(original.values)?];
        for change in self.extractor.changes(planes) {
            let change = (change, self.ground);
            let of = |&area| view_of(self.strip, area, change, self.path, self.extractor);
            let values = self.windows.iter().map(of).collect::<Result<Vec<_>>>()?;
            views.push(self.array(values.concat())?);
        }
        Ok(views)
    }

    /// The texture score of each window.
    pub fn texture_scores(&self) -> Vec<f64> {
        let (range, engine) = (self.extractor.descriptor.options().values, self.extractor.engine);
        let score = |&area| {
            let picture = &self.strip.planes.gray().crop(area);
            texture_score(Input { picture, mask: None, range, engine }).0
        };
        self.windows.iter().map(score).collect()
    }

    fn array(&self, values: Vec<f64>) -> Result<Array2<f64>> {
        let shape = (self.windows.len(), self.extractor.descriptor.schema().len());
        array(shape, values, "features of windows")
    }
}
