//! A picture in a small number of levels.

use super::{Gray, Mask, Quantize, Quantizer, Samples, ValueRange};

/// A picture in levels 0 to `n_levels - 1`; pixels outside the mask have the level `n_levels`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// How many levels there can be, at most 4,096.
    pub n_levels: usize,
    /// Row by row.
    pub values: Vec<u16>,
    /// Whether some pixel may be outside.
    pub is_masked: bool,
}

impl Levels {
    /// Quantisation `fixed` of a whole picture: see [`Quantize::Fixed`]. For the nominal range this is
    /// `floor(v * n_levels / 2^bits)`. `n_levels` is 2 to 4,096; other values are moved into that.
    ///
    /// ```
    /// use textura::image::{Gray, Levels, Samples, ValueRange};
    /// let gray = Gray::new(4, 1, Samples::Eight(vec![0, 7, 8, 255]))?;
    /// let levels = Levels::fixed(&gray, 32, ValueRange::Nominal);
    /// assert_eq!(levels.values, [0, 0, 1, 31]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn fixed(picture: &Gray, n_levels: usize, range: ValueRange) -> Self {
        let n_levels = n_levels.clamp(2, Quantizer::MAX_LEVELS);
        Self::new(picture, None, range, Quantizer::fixed(n_levels))
    }

    /// The pixels inside a mask as large as the picture, or all, by a rule.
    ///
    /// ```
    /// use textura::image::{Gray, Levels, Quantize, Quantizer, Samples, ValueRange};
    /// let gray = Gray::new(5, 1, Samples::Eight(vec![10, 11, 15, 19, 20]))?;
    /// let levels = |rule| {
    ///     let quantizer = Quantizer::new(Some(2), rule)?;
    ///     Ok::<_, textura::Error>(Levels::new(&gray, None, ValueRange::Nominal, quantizer).values)
    /// };
    /// assert_eq!(levels(Quantize::Fixed)?, [0, 0, 0, 0, 0]); // 0 to 127 is dark
    /// assert_eq!(levels(Quantize::FixedBinNumber)?, [0, 0, 1, 1, 1]); // 15 lies in the middle
    /// assert_eq!(levels(Quantize::EqualProbability)?, [0, 0, 0, 1, 1]); // 2 of 5 are darker than 15
    /// assert_eq!(levels(Quantize::Percentile(0.0, 60.0))?, [0, 0, 1, 1, 1]); // from 10 to 15
    /// assert_eq!(levels(Quantize::FixedBinWidth(11))?, [0, 1, 1, 1, 1]); // two levels at the most
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(
        picture: &Gray,
        mask: Option<&Mask>,
        range: ValueRange,
        quantizer: Quantizer,
    ) -> Self {
        let mut n_levels = quantizer.n_levels();
        let (first, count) = range.span(picture);
        let moved = |value: u32| value.saturating_sub(first).min(count - 1);
        let inside = || {
            let values = picture.values().map(move |v| moved(u32::from(v)));
            let flags = mask.map_or(&[][..], Mask::flags);
            values.enumerate().filter(|&(at, _)| flags.get(at) != Some(&false)).map(|(_, v)| v)
        };
        let mut values = match quantizer.rule() {
            Quantize::Fixed => assign_fixed(picture, n_levels, range),
            Quantize::FixedBinNumber => {
                let low = inside().min().unwrap_or(0);
                let high = inside().max().unwrap_or(0);
                assign(picture, |v| between(low, high, n_levels, moved(v)))
            }
            Quantize::Percentile(low, high) => {
                let cumulative = cumulative(inside(), count);
                let low = value_at(&cumulative, low);
                let high = value_at(&cumulative, high);
                assign(picture, |v| between(low, high, n_levels, moved(v)))
            }
            Quantize::EqualProbability => {
                let cumulative = cumulative(inside(), count);
                let total = cumulative[cumulative.len() - 1].max(1);
                assign(picture, |v| {
                    let value = moved(v) as usize;
                    let below = if value == 0 { 0 } else { cumulative[value - 1] };
                    // A pixel outside may be brighter than all inside; it is marked below.
                    (n_levels as u64 * below / total).min(n_levels as u64 - 1) as u16
                })
            }
            Quantize::FixedBinWidth(width) => {
                let most = n_levels as u32 - 1;
                let level = |v: u32| (v / u32::from(width)).min(most) as u16;
                let highest = inside().max().map_or(0, level);
                n_levels = usize::from(highest) + 1;
                assign(picture, |v| level(moved(v)).min(highest))
            }
        };
        let Some(mask) = mask else { return Self::whole(picture, n_levels, values) };
        for (level, _) in values.iter_mut().zip(mask.flags()).filter(|(_, inside)| !**inside) {
            *level = n_levels as u16;
        }
        Self { is_masked: true, ..Self::whole(picture, n_levels, values) }
    }

    fn whole(picture: &Gray, n_levels: usize, values: Vec<u16>) -> Self {
        let (width, height) = (picture.width(), picture.height());
        Self { width, height, n_levels, values, is_masked: false }
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[u16] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    /// The level at a column and a row, `None` outside the mask and outside the picture.
    pub fn get(&self, x: Option<usize>, y: Option<usize>) -> Option<usize> {
        let (x, y) = (x.filter(|&x| x < self.width)?, y.filter(|&y| y < self.height)?);
        Some(usize::from(self.values[y * self.width + x])).filter(|&level| level < self.n_levels)
    }

    /// How many pixels inside have each level.
    pub fn histogram(&self) -> Vec<u64> {
        let mut counts = vec![0; self.n_levels + 1];
        for &level in &self.values {
            counts[usize::from(level)] += 1;
        }
        counts.pop();
        counts
    }
}

/// One level a pixel by a rule for single values; 8-bit pictures need to ask it 256 times only.
fn assign(picture: &Gray, level: impl Fn(u32) -> u16) -> Vec<u16> {
    match picture.samples() {
        Samples::Eight(values) => {
            let mut table = [0; 256];
            for (value, entry) in (0..).zip(&mut table) {
                *entry = level(value);
            }
            values.iter().map(|&v| table[usize::from(v)]).collect()
        }
        Samples::Sixteen(values) => values.iter().map(|&v| level(u32::from(v))).collect(),
    }
}

/// Equal parts of a range. The usual range of 8-bit pictures needs no division, so that many pixels are
/// worked out at once, which is faster than a table.
fn assign_fixed(picture: &Gray, n_levels: usize, range: ValueRange) -> Vec<u16> {
    let (first, count) = range.span(picture);
    // At most 65,535 * 4,096, and below n_levels after the division.
    let n_levels = n_levels as u32;
    match picture.samples() {
        Samples::Eight(values) if (first, count) == (0, 256) => {
            values.iter().map(|&v| (u32::from(v) * n_levels / 256) as u16).collect()
        }
        _ => assign(picture, |value| {
            (value.saturating_sub(first).min(count - 1) * n_levels / count) as u16
        }),
    }
}

/// Bins of equal width from `low` to `high`, both inside; level 0 where they are equal.
fn between(low: u32, high: u32, n_levels: usize, value: u32) -> u16 {
    if high <= low {
        return u16::from(high < value) * (n_levels as u16 - 1);
    }
    let inside = value.clamp(low, high) - low;
    (inside * n_levels as u32 / (high - low)).min(n_levels as u32 - 1) as u16
}

/// How many values are at most each value.
fn cumulative(values: impl Iterator<Item = u32>, count: u32) -> Vec<u64> {
    let mut counts = vec![0u64; count as usize];
    for value in values {
        counts[value as usize] += 1;
    }
    let mut running = 0;
    for count in &mut counts {
        running += *count;
        *count = running;
    }
    counts
}

/// The smallest value that at least so many in a hundred do not exceed.
fn value_at(cumulative: &[u64], percent: f64) -> u32 {
    let total = cumulative[cumulative.len() - 1];
    let wanted = ((percent / 100.0 * total as f64).ceil() as u64).clamp(1, total.max(1));
    cumulative.partition_point(|&running| running < wanted).min(cumulative.len() - 1) as u32
}
