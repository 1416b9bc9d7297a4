use allocation_counter::measure;

use crate::image::{Channels, Gray, Mask, Planes, Samples};
use crate::random::Random;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};
use crate::texture::letrist::LetristOptions;
use crate::texture::{Engine, FamilyOptions};

/// Noise, in which every code and size occurs, and one grey, of which all is one zone.
fn pictures(side: usize, bits: u32) -> [Planes; 2] {
    let mut random = Random::new(3, 0);
    let plane = |values: Vec<u16>| {
        Planes::from_gray(Gray::new(side, side, Samples::of(bits, values.into_iter())).unwrap())
    };
    let unit = if bits == 8 { 1 } else { 251 };
    let noise = (0..side * side).map(|_| random.below(256) as u16 * unit);
    [plane(noise.collect()), plane(vec![200; side * side])]
}

/// What families take of two sizes, of which tables of a size of their own fall out, is at most what is stated, and not
/// far below it. LETRIST needs sizes larger than the band of rows that is filtered at a time.
fn compare(families: &[FamilyOptions], engine: Engine, sides: [usize; 2]) {
    let options = DescriptorOptions { families: families.to_vec(), ..DescriptorOptions::default() };
    let descriptor = Descriptor::new(options).unwrap();
    // Tables that the first picture makes for all count for none.
    drop(descriptor.measure(&pictures(20, 8)[0], None, engine));
    let mut most = 0.0;
    for bits in [8, 16] {
        let bytes = |side: usize, at: usize, masked: bool| {
            let picture = &pictures(side, bits)[at];
            let mask = masked.then(|| Mask::new(side, side, vec![true; side * side]).unwrap());
            // In a thread of its own, for a thread keeps memory for its next picture.
            let counted = std::thread::scope(|scope| {
                let work = || descriptor.measure(picture, mask.as_ref(), engine);
                let counted = scope.spawn(move || measure(|| drop(work())).bytes_max);
                counted.join().unwrap()
            });
            counted as f64
        };
        let stated = |side| descriptor.bytes_to_measure(side, side, engine) as f64;
        for (at, masked) in [(0, false), (1, false), (0, true)] {
            let [small, large] = sides;
            let taken = bytes(large, at, masked) - bytes(small, at, masked);
            let stated = stated(large) - stated(small);
            assert!(taken <= stated, "{families:?}, {bits} bits: {taken} of {stated}");
            most = f64::max(most, taken / stated);
        }
    }
    assert!(0.3 < most, "{families:?} take only {most} of what is stated");
}

/// Every family alone, so that none hides behind a hungrier one.
#[test]
fn measuring_takes_what_is_stated() {
    let full = DescriptorOptions::preset("full").unwrap().families;
    let mut seen = Vec::new();
    for family in &full {
        let kind = std::mem::discriminant(family);
        if !seen.contains(&kind) {
            let is_letrist = matches!(family, FamilyOptions::Letrist(_));
            let sides = if is_letrist { [96, 192] } else { [48, 96] };
            compare(std::slice::from_ref(family), Engine::Fast, sides);
            seen.push(kind);
        }
    }
    assert_eq!(seen.len(), 14);
}

/// LETRIST takes most, measures several families at once, and otherwise by its definition.
#[test]
fn measuring_letrist_takes_what_is_stated() {
    let sets = [[0.8, 2.0, 5.0], [1.0, 2.0, 4.0], [0.5, 3.0, 9.0]];
    let families = sets.map(|scales| FamilyOptions::Letrist(LetristOptions { scales }));
    for n in 1..=2 {
        compare(&families[..n], Engine::Fast, [96, 192]);
        compare(&families[..n], Engine::Reference, [96, 192]);
    }
    // More are measured one group after the other, so they take no more.
    let bytes = |n: usize| {
        let options = DescriptorOptions::of(families[..n].to_vec());
        Descriptor::new(options).unwrap().bytes_to_measure(1000, 1000, Engine::Fast)
    };
    assert_eq!(bytes(3), bytes(2));
}

#[test]
fn colours_that_are_computed_count_too() {
    let fast = DescriptorOptions::preset("fast").unwrap();
    let bytes = |channels| {
        let options = DescriptorOptions { channels, ..fast.clone() };
        Descriptor::new(options).unwrap().bytes_to_measure(100, 100, Engine::Fast)
    };
    assert_eq!(bytes(Channels::Opponent) - bytes(Channels::Rgb), 90_000);
    assert_eq!(bytes(Channels::Rgb), bytes(Channels::Gray));
}
