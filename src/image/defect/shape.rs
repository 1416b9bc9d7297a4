//! The shapes of defects.

use std::f64::consts::{PI, TAU};

use crate::image::Area;
use crate::random::Random;

/// Which pixels of a rectangle belong to a defect.
pub(super) struct Shape {
    pub area: Area,
    /// One for those inside, 0 for the others, row by row.
    pub inside: Vec<f32>,
}

/// Defects do not grow further with the picture than with a side of so many pixels.
const LARGEST_SIDE: usize = 500;

/// Fewer pixels are no defect that filters could see.
const FEWEST_PIXELS: usize = 6;

impl Shape {
    /// A blob, a crooked line or a band anywhere in a picture; `None` where too little of it lies inside.
    pub fn draw(width: usize, height: usize, random: &mut Random) -> Option<Self> {
        let size = (width, height);
        let shape = match random.unit() {
            kind if kind < 0.5 => blob(size, random),
            kind if kind < 0.8 => line(size, random),
            _ => band(size, random),
        }?;
        let n = shape.inside.iter().filter(|&&inside| 0.0 < inside).count();
        (FEWEST_PIXELS <= n).then_some(shape)
    }

    /// The pixels of a rectangle, cut off at the picture's edges, that are meant.
    fn of(
        (width, height): (usize, usize),
        (left, right): (f64, f64),
        (top, bottom): (f64, f64),
        mut is_inside: impl FnMut(f64, f64) -> bool,
    ) -> Option<Self> {
        let cut = |v: f64, n: usize| v.clamp(0.0, n as f64) as usize;
        let (x, right) = (cut(left.floor(), width), cut(right.ceil() + 1.0, width));
        let (y, bottom) = (cut(top.floor(), height), cut(bottom.ceil() + 1.0, height));
        if right < x + 2 || bottom < y + 2 {
            return None;
        }
        let area = Area { x, y, width: right - x, height: bottom - y };
        let mut inside = Vec::with_capacity(area.width * area.height);
        for row in y..bottom {
            for column in x..right {
                inside.push(f32::from(u8::from(is_inside(column as f64, row as f64))));
            }
        }
        Some(Self { area, inside })
    }
}

/// From `low` to `high`, every factor alike.
pub(super) fn log_uniform(low: f64, high: f64, random: &mut Random) -> f64 {
    low * (high.max(low) / low).powf(random.unit())
}

fn shorter_side((width, height): (usize, usize)) -> f64 {
    width.min(height).min(LARGEST_SIDE) as f64
}

/// An ellipse with a wavy edge.
fn blob(size: (usize, usize), random: &mut Random) -> Option<Shape> {
    let (width, height) = size;
    let (cx, cy) = (random.unit() * width as f64, random.unit() * height as f64);
    let radius = log_uniform(2.5, shorter_side(size) / 5.0, random);
    let stretch = 1.0 + random.unit();
    let (along, across) = (radius * stretch, radius / stretch);
    let (sin, cos) = (random.unit() * PI).sin_cos();
    // Waves around the edge, the slower ones the larger.
    let waves: Vec<(f64, f64, f64)> = (2..6)
        .map(|n| (f64::from(n), 0.35 * random.normal() / f64::from(n), random.unit() * TAU))
        .collect();
    let reach = 1.8 * along.max(across);
    Shape::of(size, (cx - reach, cx + reach), (cy - reach, cy + reach), |x, y| {
        let (dx, dy) = (x - cx, y - cy);
        let u = (dx * cos + dy * sin) / along;
        let v = (dy * cos - dx * sin) / across;
        let angle = v.atan2(u);
        let edge = 1.0
            + waves.iter().map(|(n, amount, turn)| amount * (n * angle + turn).sin()).sum::<f64>();
        (u * u + v * v).sqrt() < edge.clamp(0.3, 1.8)
    })
}

/// A scratch that bends as it goes.
fn line(size: (usize, usize), random: &mut Random) -> Option<Shape> {
    const STEP: f64 = 4.0;
    let (width, height) = size;
    let length = log_uniform(12.0, 0.8 * shorter_side(size), random);
    let half_width = log_uniform(1.0, 5.0, random) / 2.0;
    let (mut x, mut y) = (random.unit() * width as f64, random.unit() * height as f64);
    let (mut angle, bend) = (random.unit() * TAU, 0.02 * random.normal());
    let mut points = vec![(x, y)];
    for _ in 0..(length / STEP).ceil() as usize {
        let (sin, cos) = angle.sin_cos();
        (x, y) = (x + STEP * cos, y + STEP * sin);
        angle += bend + 0.12 * random.normal();
        points.push((x, y));
    }
    let extent = |of: fn(&(f64, f64)) -> f64| {
        let (low, high) = points
            .iter()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        (low - half_width - 1.0, high + half_width + 1.0)
    };
    let (columns, rows) = (extent(|p| p.0), extent(|p| p.1));
    let is_near = |x: f64, y: f64, ends: &[(f64, f64)]| {
        let ((ax, ay), (bx, by)) = (ends[0], ends[1]);
        let (dx, dy) = (bx - ax, by - ay);
        let part = (((x - ax) * dx + (y - ay) * dy) / (STEP * STEP)).clamp(0.0, 1.0);
        let (ex, ey) = (x - ax - part * dx, y - ay - part * dy);
        ex * ex + ey * ey <= half_width * half_width
    };
    Shape::of(size, columns, rows, |x, y| points.windows(2).any(|ends| is_near(x, y, ends)))
}

/// A stripe across the picture, often at its edge.
fn band(size: (usize, usize), random: &mut Random) -> Option<Shape> {
    let is_across = random.unit() < 0.5;
    let (along, across) = if is_across { (size.0, size.1) } else { (size.1, size.0) };
    let (along, across) = (along as f64, across as f64);
    let thick = (0.05 + 0.45 * random.unit()) * across.min(400.0);
    let first = match random.unit() {
        place if place < 0.3 => random.unit() * (across - thick),
        place if place < 0.65 => 0.0,
        _ => across - thick,
    };
    let length = along.min(600.0);
    let start = random.unit() * (along - length);
    let (waves, turn) = (1.0 + 5.0 * random.unit(), 6.0 * random.unit());
    let (height, slope) = (6.0 * random.unit(), 0.05 * random.symmetric(1.0));
    let edge = move |at: f64| {
        height * ((at - start) / length * waves + turn).sin() + slope * (at - start - length / 2.0)
    };
    let reach = height + slope.abs() * length / 2.0 + 1.0;
    let (far, near) = (first - reach, first + thick + reach);
    let is_inside = move |at: f64, off: f64| {
        let off = off - first - edge(at);
        (0.0..thick).contains(&off)
    };
    match is_across {
        true => Shape::of(size, (start, start + length), (far, near), is_inside),
        false => Shape::of(size, (far, near), (start, start + length), |x, y| is_inside(y, x)),
    }
}
