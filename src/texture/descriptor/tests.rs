use super::{Descriptor, DescriptorOptions};
use crate::image::ValueRange;
use crate::texture::FamilyOptions;
use crate::texture::first_order::FirstOrderOptions;
use crate::texture::glcm::GlcmOptions;

fn fast() -> Descriptor {
    Descriptor::new(DescriptorOptions::preset("fast").unwrap()).unwrap()
}

#[test]
fn the_names_and_the_digest_of_fast_are_frozen() {
    let descriptor = fast();
    let names: Vec<_> = descriptor.schema().names().collect();
    assert_eq!(names.len(), 90);
    assert_eq!(
        names[..3],
        ["glcm_d1_mean_contrast", "glcm_d1_range_contrast", "glcm_d1_mean_dissimilarity"]
    );
    assert_eq!(names[35], "glcm_d4_range_entropy");
    assert_eq!(names[36..38], ["lbp_p8r1_riu2_0", "lbp_p8r1_riu2_1"]);
    assert_eq!(
        (names[46], names[64], names[89]),
        ("lbp_p16r2_riu2_0", "lbp_p24r3_riu2_0", "lbp_p24r3_riu2_25")
    );
    assert_eq!(descriptor.digest(), FROZEN, "old models would be refused");
}

const FROZEN: &str = "b1c0da4c104ebe645f7bd012a03fe8966ac63db4ac4f79c9e4b7785049b3ade0";

#[test]
fn the_digest_follows_everything_that_decides_a_number() {
    let plain = fast();
    let twelve = plain.reading(Some(ValueRange::Bits(12)), None).unwrap();
    assert_ne!(plain.digest(), twelve.digest());
    let by = |digit: &str| {
        let flat_field = Some(digit.repeat(64));
        Descriptor::new(DescriptorOptions { flat_field, ..plain.options().clone() })
    };
    let divided = by("0").unwrap();
    assert_ne!(plain.digest(), divided.digest());
    assert_ne!(divided.digest(), by("a").unwrap().digest());
    assert!(by("A").is_err() && by("00").is_err());
    let mut options = plain.options().clone();
    options.families[0] =
        FamilyOptions::Glcm(GlcmOptions { levels: Some(16), ..GlcmOptions::default() });
    let coarse = Descriptor::new(options).unwrap();
    assert!(plain.schema().names().eq(coarse.schema().names()), "the names are the same");
    assert_ne!(plain.digest(), coarse.digest());
}

#[test]
fn an_empty_and_a_doubled_list_of_families_are_refused() {
    let empty = DescriptorOptions::of(vec![]);
    assert!(Descriptor::new(empty).is_err());
    let family = FamilyOptions::FirstOrder(FirstOrderOptions {});
    let twice = DescriptorOptions::of(vec![family.clone(), family]);
    assert!(Descriptor::new(twice).unwrap_err().to_string().contains("stat_mean"));
}
