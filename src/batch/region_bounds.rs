//! What measuring the regions of a picture may cost.

use crate::error::Problem;
use crate::image::Region;
use crate::io::Limits;

/// The part of a picture's memory, one in so many, that the numbers of its regions may take: as many results of a
/// job may wait to be written.
const SHARE_OF_ROWS: u64 = 16;

/// Checks that the rectangles around all regions have no more pixels than a picture may have, and that their
/// numbers fit into memory. Every region is measured in its rectangle, so that scattered labels, each of which
/// spans the picture, would multiply the work by their number.
pub(super) fn check_regions(
    regions: &[Region],
    n_columns: usize,
    limits: Limits,
) -> Result<(), Problem> {
    let area = |region: &Region| region.bounds.width as u64 * region.bounds.height as u64;
    let pixels: u64 = regions.iter().map(area).sum();
    if 1 < regions.len() && limits.max_pixels < pixels {
        return Err(Problem::new(
            format!("regions in rectangles of at most {} pixels in all", limits.max_pixels),
            format!("{} regions in {pixels} pixels", regions.len()),
            "part the picture, give a larger --max-pixels, or name one file a region as masks",
        ));
    }
    let bytes = (regions.len() as u64).saturating_mul(n_columns as u64).saturating_mul(8);
    let most = limits.max_memory / SHARE_OF_ROWS;
    if most < bytes {
        return Err(Problem::new(
            format!("at most {most} bytes for the numbers of a picture's regions"),
            format!("{} regions of {n_columns} numbers", regions.len()),
            "part the picture, give a larger --max-memory or choose fewer features",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
