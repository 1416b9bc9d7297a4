//! Eight classes of synthetic textures, twenty pictures each.
//!
//! Picture number k has the same mean and the same contrast in every class, so that neither can tell
//! any two classes apart; position, scale, direction and grain vary within each class.

use std::f64::consts::{PI, TAU};
use std::path::Path;

use textura::random::Random;

use super::{Outcome, write_png};

const SIDE: usize = 64;
const PICTURES: usize = 20;

/// A height over the plane, made once for each picture.
type Draw = fn(&mut Random) -> Vec<f64>;

const CLASSES: [(&str, Draw); 8] = [
    ("brick", brick),
    ("checks", checks),
    ("clouds", clouds),
    ("dots", dots),
    ("grain", grain),
    ("scratches", scratches),
    ("stripes", stripes),
    ("weave", weave),
];

pub fn write(folder: &Path) -> Outcome {
    for (stream, (name, draw)) in (0..).zip(CLASSES) {
        let class = folder.join(name);
        std::fs::create_dir_all(&class)?;
        let mut random = Random::new(20, stream);
        let mut shared = Random::new(21, 0);
        for k in 0..PICTURES {
            let (mean, contrast) = (128.0 + shared.symmetric(25.0), 22.0 + shared.symmetric(8.0));
            let noise = 0.15 + 0.2 * random.unit();
            let mut field = standardise(draw(&mut random));
            field.iter_mut().for_each(|v| *v += noise * random.normal());
            let values: Vec<u8> = standardise(field)
                .into_iter()
                .map(|v| (mean + contrast * v).round().clamp(0.0, 255.0) as u8)
                .collect();
            write_png(
                &class.join(format!("{name}_{k:02}.png")),
                SIDE as u32,
                SIDE as u32,
                &values,
            )?;
        }
    }
    Ok(())
}

/// Mean 0, standard deviation 1.
fn standardise(field: Vec<f64>) -> Vec<f64> {
    let n = field.len() as f64;
    let mean = field.iter().sum::<f64>() / n;
    let std = (field.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt().max(1e-9);
    field.into_iter().map(|v| (v - mean) / std).collect()
}

fn field(mut height: impl FnMut(f64, f64) -> f64) -> Vec<f64> {
    (0..SIDE * SIDE).map(|at| height((at % SIDE) as f64, (at / SIDE) as f64)).collect()
}

/// Coordinates turned by an angle and moved.
fn turned(random: &mut Random, spread: f64) -> impl Fn(f64, f64) -> (f64, f64) + use<> {
    let angle = random.symmetric(spread);
    let (sin, cos) = angle.sin_cos();
    let (dx, dy) = (64.0 * random.unit(), 64.0 * random.unit());
    move |x, y| (cos * x - sin * y + dx, sin * x + cos * y + dy)
}

/// Staggered rows of bricks with dark joints.
fn brick(random: &mut Random) -> Vec<f64> {
    let place = turned(random, 0.1);
    let (w, h) = (15.0 + 3.0 * random.unit(), 7.0 + 1.5 * random.unit());
    field(|x, y| {
        let (x, y) = place(x, y);
        let row = (y / h).floor();
        let x = x + 0.5 * w * row.rem_euclid(2.0);
        f64::from(x.rem_euclid(w) > 1.6 && y.rem_euclid(h) > 1.6)
    })
}

/// A chess board.
fn checks(random: &mut Random) -> Vec<f64> {
    let place = turned(random, 0.3);
    let side = 5.0 + 2.0 * random.unit();
    field(|x, y| {
        let (x, y) = place(x, y);
        ((x / side).floor() + (y / side).floor()).rem_euclid(2.0)
    })
}

/// Smooth noise of several scales.
fn clouds(random: &mut Random) -> Vec<f64> {
    let waves: Vec<[f64; 4]> = (0..60)
        .map(|_| {
            let (angle, period) = (TAU * random.unit(), 8.0 + 40.0 * random.unit());
            let f = TAU / period;
            [f * angle.cos(), f * angle.sin(), TAU * random.unit(), period]
        })
        .collect();
    field(|x, y| waves.iter().map(|w| w[3] * (w[0] * x + w[1] * y + w[2]).sin()).sum())
}

/// Soft spots at random places.
fn dots(random: &mut Random) -> Vec<f64> {
    let spots: Vec<[f64; 3]> = (0..60)
        .map(|_| [64.0 * random.unit(), 64.0 * random.unit(), 1.6 + 0.8 * random.unit()])
        .collect();
    field(|x, y| {
        let near =
            |s: &[f64; 3]| (-((x - s[0]).powi(2) + (y - s[1]).powi(2)) / (2.0 * s[2] * s[2])).exp();
        spots.iter().map(near).sum::<f64>().min(1.0)
    })
}

/// Fine noise, hardly smoothed.
fn grain(random: &mut Random) -> Vec<f64> {
    let noise: Vec<f64> = (0..SIDE * SIDE).map(|_| random.normal()).collect();
    let share = 0.3 + 0.2 * random.unit();
    let value = |x: usize, y: usize| noise[(y % SIDE) * SIDE + x % SIDE];
    (0..SIDE * SIDE)
        .map(|at| (at % SIDE, at / SIDE))
        .map(|(x, y)| value(x, y) + share * (value(x + 1, y) + value(x, y + 1)))
        .collect()
}

/// Thin bright lines in any direction.
fn scratches(random: &mut Random) -> Vec<f64> {
    let lines: Vec<[f64; 3]> = (0..14)
        .map(|_| {
            let angle = PI * random.unit();
            [angle.cos(), angle.sin(), random.symmetric(40.0)]
        })
        .collect();
    field(|x, y| {
        let off = |l: &[f64; 3]| (l[0] * (x - 32.0) + l[1] * (y - 32.0) + l[2]).abs();
        f64::from(lines.iter().any(|line| off(line) < 0.8))
    })
}

/// Parallel waves.
fn stripes(random: &mut Random) -> Vec<f64> {
    let place = turned(random, PI);
    let period = 6.0 + 3.0 * random.unit();
    field(|x, y| (TAU * place(x, y).0 / period).sin())
}

/// Threads that pass over and under each other.
fn weave(random: &mut Random) -> Vec<f64> {
    let place = turned(random, 0.3);
    let period = 9.0 + 2.0 * random.unit();
    field(|x, y| {
        let (x, y) = place(x, y);
        let (a, b) = (PI * x / period, PI * y / period);
        let over = ((x / period).floor() + (y / period).floor()).rem_euclid(2.0) < 1.0;
        if over { a.sin().abs() } else { b.sin().abs() - 0.3 }
    })
}
