//! The contrast of a picture of three by two pixels, which can be checked by hand.

use ndarray::array;
use textura::glcm::{Offset, Statistics, count};

fn main() -> textura::Result<()> {
    // At two levels the pairs to the right are 00, 01, 01, 11: half of them differ, by one.
    let picture = array![[0u8, 0, 255], [0, 255, 255]];
    let counts = count(&picture, 2, Offset { dx: 1, dy: 0 })?;
    assert_eq!(counts.cells(), [1, 2, 0, 1]);
    assert_eq!(Statistics::of(&counts.symmetric()).contrast, 0.5);
    println!("contrast 0.5");
    Ok(())
}
