//! Windows that slide over a picture: what neighbours have in common is counted once.

use crate::image::Area;
use crate::image::flag::Flags;

/// One family on one picture, window by window.
pub trait Slide {
    /// Appends the numbers of a window that lies inside the picture, bit for bit those that
    /// [`super::Family::extract`] gives of the window cut out. They do not depend on the windows before; but
    /// a window a few columns to the right of the last one costs least.
    fn measure(&mut self, window: Area, numbers: &mut Vec<f64>) -> Flags;
}

/// Where a rectangle of counted places stood last.
#[derive(Debug, Default)]
pub(super) struct Track {
    last: Option<Area>,
}

/// How to get from the counts of the last rectangle to those of the next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// They share too little: count all of the next.
    Anew,
    /// Take away the columns on the left and add those on the right.
    Along { leaving: Area, coming: Area },
}

impl Track {
    /// Moves to the next rectangle.
    pub fn step(&mut self, next: Area) -> Step {
        let Some(last) = self.last.replace(next) else { return Step::Anew };
        let on_same_rows = (last.y, last.width, last.height) == (next.y, next.width, next.height);
        match next.x.checked_sub(last.x) {
            Some(shift) if on_same_rows && 2 * shift < next.width => Step::Along {
                leaving: Area { width: shift, ..last },
                coming: Area { x: last.x + last.width, width: shift, ..last },
            },
            _ => Step::Anew,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_short_step_to_the_right_keeps_what_was_counted() {
        let at = |x, y| Area { x, y, width: 8, height: 5 };
        let mut track = Track::default();
        assert_eq!(track.step(at(2, 1)), Step::Anew);
        let leaving = Area { x: 2, y: 1, width: 3, height: 5 };
        let coming = Area { x: 10, y: 1, width: 3, height: 5 };
        assert_eq!(track.step(at(5, 1)), Step::Along { leaving, coming });
        assert_eq!(track.step(at(4, 1)), Step::Anew, "to the left");
        assert_eq!(track.step(at(4, 2)), Step::Anew, "down");
        assert_eq!(track.step(at(8, 2)), Step::Anew, "half of it");
        assert_eq!(track.step(Area { width: 7, ..at(9, 2) }), Step::Anew, "another size");
    }
}
