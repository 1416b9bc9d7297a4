//! Colours that people with any kind of colour vision tell apart.

use colorous::CIVIDIS;

/// Red, green and blue.
pub(super) type Rgb = [u8; 3];

pub(super) const BLACK: Rgb = [0; 3];
pub(super) const GRAY: Rgb = [150; 3];

/// Seven hues by Okabe and Ito 2008, "Color universal design".
const HUES: [Rgb; 7] = [
    [230, 159, 0],
    [0, 114, 178],
    [0, 158, 115],
    [240, 228, 66],
    [213, 94, 0],
    [86, 180, 233],
    [204, 121, 167],
];

/// Classes whose colours all differ.
pub const MAX_COLORS: usize = 3 * HUES.len();

/// The colour of a class by its number: seven hues, then the same darker, then paler, then again.
pub(super) fn of_class(number: usize) -> Rgb {
    let hue = HUES[number % HUES.len()];
    match number / HUES.len() % 3 {
        0 => hue,
        1 => mixed(hue, BLACK, 0.55),
        _ => mixed(hue, [255; 3], 0.6),
    }
}

/// The colour of a number from 0 to 1: cividis, whose steps look even and which people with any kind of colour
/// vision see alike (Nunez, Anderton, Renslow 2018).
pub(super) fn of_number(share: f64) -> Rgb {
    let color = CIVIDIS.eval_continuous(share.clamp(0.0, 1.0));
    [color.r, color.g, color.b]
}

/// So much of the second colour in the first.
pub(super) fn mixed(first: Rgb, second: Rgb, share: f64) -> Rgb {
    [0, 1, 2].map(|at| {
        let (a, b) = (f64::from(first[at]), f64::from(second[at]));
        (a + (b - a) * share).round() as u8
    })
}
