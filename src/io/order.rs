//! The order of files and classes: runs of digits count as numbers, so that `p_2` comes before `p_10`.

use std::cmp::Ordering;

/// Compares two names byte by byte, but each run of digits as one number of any length. Names that differ in nothing
/// but zeros before their numbers, such as `img1` and `img01`, are compared byte by byte, so that only equal names
/// are equal.
pub(crate) fn by_number(a: impl AsRef<[u8]>, b: impl AsRef<[u8]>) -> Ordering {
    let (a, b) = (a.as_ref(), b.as_ref());
    let (mut left, mut right) = (a, b);
    loop {
        let (Some((&x, after_x)), Some((&y, after_y))) = (left.split_first(), right.split_first())
        else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (number, after_number) = number(left);
            let (other, after_other) = self::number(right);
            (left, right) = (after_number, after_other);
            // Without zeros before it, the longer number is the larger one.
            number.len().cmp(&other.len()).then_with(|| number.cmp(other))
        } else {
            (left, right) = (after_x, after_y);
            x.cmp(&y)
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The digits that a name begins with, without zeros before them, and what follows.
fn number(name: &[u8]) -> (&[u8], &[u8]) {
    let end = name.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(name.len());
    let (digits, rest) = name.split_at(end);
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    (&digits[zeros..], rest)
}

/// A name whose order is that of [`by_number`], for sorted maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByNumber<T>(pub T);

impl<T: AsRef<[u8]> + Eq> Ord for ByNumber<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        by_number(self.0.as_ref(), other.0.as_ref())
    }
}

impl<T: AsRef<[u8]> + Eq> PartialOrd for ByNumber<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests;
