//! A first look at some of the pictures: how large and how deep they are, and parts of them to paste on others.

use crate::batch::{Batch, Files};
use crate::error::{Error, Result};
use crate::image::{Intensity, ValueRange};
use crate::io::Entry;
use crate::model::inspection::sampling::{DONORS, donor};
use crate::random::Random;
use crate::texture::descriptor::Descriptor;

/// What some pictures tell of all.
pub(super) struct Survey {
    /// With the depth that suits the pictures.
    pub descriptor: Descriptor,
    pub donors: Vec<Intensity>,
    pub mean_pixels: f64,
    pub shortest_side: usize,
}

impl Survey {
    /// Looks at some pictures, chosen at random; those that cannot be read are passed over for now.
    pub fn of(
        entries: &[Entry],
        descriptor: Descriptor,
        batch: Batch<'_>,
        random: &mut Random,
    ) -> Result<Self> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        random.shuffle(&mut order);
        order.truncate(DONORS);
        let mut descriptor = descriptor;
        if descriptor.options().values == ValueRange::Nominal {
            let some: Vec<&Entry> = order.iter().map(|&at| &entries[at]).collect();
            if let Some(bits) = depth_of(&some, &descriptor, batch)? {
                // Only all of them tell the largest value.
                let all: Vec<&Entry> = entries.iter().collect();
                let bits = depth_of(&all, &descriptor, batch)?.unwrap_or(bits);
                let range = if bits < 16 { ValueRange::Bits(bits) } else { ValueRange::Nominal };
                descriptor = descriptor.reading(Some(range), None)?;
            }
        }
        let range = descriptor.options().values;
        let extractor = batch.extractor(&descriptor);
        let (mut donors, mut pixels, mut shortest_side) = (Vec::new(), Vec::new(), usize::MAX);
        let work = |entry: &Entry| {
            let files = Files::read(entry, extractor.limits)?;
            let (picture, _) = files.decode_to_measure(false, &extractor)?;
            extractor.check_range(&entry.path, &picture)?;
            Ok(Intensity::of(picture.planes.gray(), range))
        };
        let some: Vec<Entry> = order.iter().map(|&at| entries[at].again()).collect();
        batch.each(some, work, |_, outcome| {
            match outcome {
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(_) => {}
                Ok(intensity) => {
                    let (width, height) = (intensity.width(), intensity.height());
                    pixels.push((width * height) as f64);
                    shortest_side = shortest_side.min(width).min(height);
                    donors.push(donor(&intensity, random));
                }
            }
            Ok(())
        })?;
        let mean_pixels = pixels.iter().sum::<f64>() / pixels.len().max(1) as f64;
        Ok(Self { descriptor, donors, mean_pixels, shortest_side })
    }
}

/// The smallest depth, from 8 to 16, that holds every picture of 16 bits; `None` where there is none.
fn depth_of(entries: &[&Entry], descriptor: &Descriptor, batch: Batch<'_>) -> Result<Option<u8>> {
    let extractor = batch.extractor(descriptor);
    let mut bits = None;
    let work = |entry: &Entry| {
        let files = Files::read(entry, extractor.limits)?;
        let (picture, _) = files.decode_to_measure(false, &extractor)?;
        let gray = picture.planes.gray();
        let is_deep = gray.bits() == 16 && picture.planes.step() == 1;
        Ok(is_deep.then(|| gray.extent().1))
    };
    let entries: Vec<Entry> = entries.iter().map(|entry| entry.again()).collect();
    batch.each(entries, work, |_, outcome| {
        match outcome {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Ok(Some(brightest)) => {
                let own = (u16::BITS - brightest.leading_zeros()).max(8) as u8;
                bits = Some(bits.map_or(own, |bits: u8| bits.max(own)));
            }
            Ok(None) | Err(_) => {}
        }
        Ok(())
    })?;
    Ok(bits)
}
