//! Micro-benchmarks of the texture kernels, on generated pictures: `cargo bench`, or `cargo bench -- lbp` for some.
//!
//! What they are good for is comparing two versions of a kernel. How fast textura is on pictures, and beside
//! other tools, is what `scripts/bench` measures.

use divan::Bencher;
use divan::counter::ItemsCount;
use textura::image::{Gray, Samples};
use textura::random::Random;
use textura::texture::clbp::ClbpOptions;
use textura::texture::glcm::GlcmOptions;
use textura::texture::lbp::{LbpOptions, Mapping};
use textura::texture::letrist::{Letrist, LetristOptions};
use textura::texture::mrelbp::MrelbpOptions;
use textura::texture::texture_score::texture_score;
use textura::texture::{Family, FamilyOptions, Input};

fn main() {
    divan::main();
}

const SIDES: [usize; 3] = [64, 200, 1024];

/// Waves with some grain: neighbours are alike, as in pictures.
fn picture(side: usize) -> Gray {
    let mut random = Random::new(1, 0);
    let value = |at: usize| {
        let (x, y) = ((at % side) as f64, (at / side) as f64);
        let value = 120.0 + 50.0 * (x / 7.0).sin() * (y / 11.0).cos() + 8.0 * random.normal();
        value.round().clamp(0.0, 255.0) as u8
    };
    let values = (0..side * side).map(value).collect();
    Gray::new(side, side, Samples::Eight(values)).expect("as many values as pixels")
}

fn measure(bencher: Bencher<'_, '_>, side: usize, options: &[FamilyOptions]) {
    let picture = picture(side);
    let check = |options: &FamilyOptions| options.check().expect("settings that can be");
    let families: Vec<Box<dyn Family>> = options.iter().map(check).collect();
    let mut numbers = Vec::new();
    bencher.counter(ItemsCount::new(side * side)).bench_local(|| {
        numbers.clear();
        for family in &families {
            family.extract(Input::whole(&picture), &mut numbers);
        }
        divan::black_box(numbers.len())
    });
}

#[divan::bench(args = SIDES)]
fn glcm(bencher: Bencher<'_, '_>, side: usize) {
    measure(bencher, side, &[FamilyOptions::Glcm(GlcmOptions::default())]);
}

#[divan::bench(args = SIDES)]
fn lbp_8_1(bencher: Bencher<'_, '_>, side: usize) {
    measure(bencher, side, &[ring(8, 1.0)]);
}

#[divan::bench(args = SIDES)]
fn lbp_16_2(bencher: Bencher<'_, '_>, side: usize) {
    measure(bencher, side, &[ring(16, 2.0)]);
}

#[divan::bench(args = SIDES)]
fn lbp_24_3(bencher: Bencher<'_, '_>, side: usize) {
    measure(bencher, side, &[ring(24, 3.0)]);
}

fn ring(p: usize, r: f64) -> FamilyOptions {
    FamilyOptions::Lbp(LbpOptions { p, r, mapping: Mapping::Riu2 })
}

#[divan::bench(args = SIDES)]
fn clbp(bencher: Bencher<'_, '_>, side: usize) {
    let ring = |(p, r)| FamilyOptions::Clbp(ClbpOptions { p, r });
    measure(bencher, side, &[(8, 1.0), (16, 2.0), (24, 3.0)].map(ring));
}

#[divan::bench(args = SIDES)]
fn mrelbp(bencher: Bencher<'_, '_>, side: usize) {
    measure(bencher, side, &[FamilyOptions::Mrelbp(MrelbpOptions {})]);
}

#[divan::bench(args = SIDES)]
fn letrist(bencher: Bencher<'_, '_>, side: usize) {
    measure(bencher, side, &[FamilyOptions::Letrist(LetristOptions::default())]);
}

/// Both families of the descriptor `default`, which measures them together.
#[divan::bench(args = SIDES)]
fn letrist_of_default(bencher: Bencher<'_, '_>, side: usize) {
    let sets = [[0.8, 2.0, 5.0], [1.0, 2.0, 4.0]].map(|scales| LetristOptions { scales });
    let letrist = Letrist::joined(&sets).expect("scales that rise");
    let (picture, mut numbers) = (picture(side), Vec::new());
    bencher.counter(ItemsCount::new(side * side)).bench_local(|| {
        numbers.clear();
        letrist.extract(Input::whole(&picture), &mut numbers);
        divan::black_box(numbers.len())
    });
}

#[divan::bench(args = SIDES)]
fn first_order(bencher: Bencher<'_, '_>, side: usize) {
    measure(bencher, side, &[FamilyOptions::FirstOrder(Default::default())]);
}

#[divan::bench(args = SIDES)]
fn score(bencher: Bencher<'_, '_>, side: usize) {
    let picture = picture(side);
    bencher
        .counter(ItemsCount::new(side * side))
        .bench_local(|| texture_score(Input::whole(&picture)));
}
