//! A median filter in whole numbers.

/// The median of the square window around every pixel, the border replicated. The window is odd and
/// at most 255 wide; the picture has at least one pixel, none of more than `bits` bits.
///
/// A histogram slides along each row (Huang 1979): a column of pixels enters and one leaves. It is kept
/// twice, in single values and in runs of them, so that the middle is found in few steps.
pub(super) fn median(values: &[u16], width: usize, window: usize, bits: u32) -> Vec<u16> {
    let (height, half) = (values.len() / width, window / 2);
    let row = |y: usize| &values[y * width..(y + 1) * width];
    let mut seen = Histogram::new(bits);
    let mut medians = Vec::with_capacity(values.len());
    for y in 0..height {
        let rows: Vec<&[u16]> =
            (y..y + window).map(|below| row(below.saturating_sub(half).min(height - 1))).collect();
        // Column number `half` is the first of the picture.
        let column = |x: usize| {
            let x = x.saturating_sub(half).min(width - 1);
            rows.iter().map(move |row| row[x])
        };
        (0..window).flat_map(column).for_each(|value| seen.add(value));
        for x in 0..width {
            medians.push(seen.number(window * window / 2));
            column(x).for_each(|value| seen.remove(value));
            column(x + window).for_each(|value| seen.add(value));
        }
        (width..width + window).flat_map(column).for_each(|value| seen.remove(value));
    }
    medians
}

struct Histogram {
    counts: Vec<u16>,
    /// Counts of `1 << shift` neighbouring values together.
    runs: Vec<u16>,
    shift: u32,
}

impl Histogram {
    fn new(bits: u32) -> Self {
        let shift = bits / 2;
        Self { counts: vec![0; 1 << bits], runs: vec![0; 1 << (bits - shift)], shift }
    }

    fn add(&mut self, value: u16) {
        self.counts[usize::from(value)] += 1;
        self.runs[usize::from(value >> self.shift)] += 1;
    }

    fn remove(&mut self, value: u16) {
        self.counts[usize::from(value)] -= 1;
        self.runs[usize::from(value >> self.shift)] -= 1;
    }

    /// The value with as many others before it as `below` says, all being in order. There are more.
    fn number(&self, below: usize) -> u16 {
        let (run, below) = locate(&self.runs, below);
        let first = run << self.shift;
        (first + locate(&self.counts[first..], below).0) as u16
    }
}

/// The first entry up to which the counts exceed `below`, and what `below` is without those before it.
fn locate(counts: &[u16], mut below: usize) -> (usize, usize) {
    let mut at = 0;
    while usize::from(counts[at]) <= below {
        below -= usize::from(counts[at]);
        at += 1;
    }
    (at, below)
}
