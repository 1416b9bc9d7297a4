//! What measuring the regions of a picture may cost.

use crate::error::Problem;
use crate::io::Limits;
use crate::raster::Region;

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
mod tests {
    use super::*;
    use crate::raster::Area;

    #[test]
    fn scattered_regions_and_too_many_numbers_are_refused() {
        let whole = Area { x: 0, y: 0, width: 100, height: 100 };
        let region = |label| Region { label, bounds: whole, n_pixels: 2 };
        let limits = Limits { max_pixels: 20_000, max_memory: 16 * 800 };
        let check = |n: u16, columns, limits| {
            check_regions(&(1..=n).map(region).collect::<Vec<_>>(), columns, limits)
        };
        check(2, 50, limits).unwrap();
        let problem = check(3, 50, limits).unwrap_err().to_string();
        assert!(problem.contains("--max-pixels"), "{problem}");
        let problem = check(2, 51, limits).unwrap_err().to_string();
        assert!(problem.contains("--max-memory"), "{problem}");
        // One region is no more than its picture.
        check(1, 50, Limits { max_pixels: 1, ..limits }).unwrap();
    }
}
