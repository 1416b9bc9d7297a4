use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgb, RgbImage};
use ndarray::{Array2, Array3, s};

use super::{AsPicture, Classifier, Descriptor, Model};
use crate::Error;

fn gray(x: u32, y: u32) -> u8 {
    (x * 37 + y * 91 + x * y) as u8
}

fn rgb(x: u32, y: u32) -> [u8; 3] {
    [gray(x, y), gray(y, x), gray(x + 3, y)]
}

fn json_in_color() -> Descriptor {
    Descriptor::from_json(r#"{"channels":"rgb","families":[{"glcm":{}},{"lbp":{"p":8,"r":1}}]}"#)
        .unwrap()
}

fn values(descriptor: &Descriptor, picture: &impl AsPicture) -> Vec<f64> {
    descriptor.features(picture).unwrap().values().to_vec()
}

#[test]
fn a_picture_has_the_same_features_in_every_form() {
    let mut n_seen = 0;
    for descriptor in [Descriptor::fast(), json_in_color()] {
        let image = GrayImage::from_fn(24, 17, |x, y| Luma([gray(x, y)]));
        let expected = values(&descriptor, &image);
        let array = Array2::from_shape_fn((17, 24), |(y, x)| gray(x as u32, y as u32));
        let wider = Array2::from_shape_fn((17, 30), |(y, x)| gray(x as u32, y as u32));
        let turned = array.t().to_owned();
        let with_alpha = DynamicImage::from(image.clone()).to_luma_alpha8();
        for found in [
            values(&descriptor, &array),
            values(&descriptor, &array.view()),
            values(&descriptor, &wider.slice(s![.., ..24])),
            values(&descriptor, &turned.t()),
            values(&descriptor, &DynamicImage::from(image.clone())),
            values(&descriptor, &DynamicImage::from(with_alpha)),
        ] {
            assert_eq!(found, expected);
            n_seen += 1;
        }
        let image = RgbImage::from_fn(24, 17, |x, y| Rgb(rgb(x, y)));
        let expected = values(&descriptor, &image);
        let array = Array3::from_shape_fn((17, 24, 3), |(y, x, c)| rgb(x as u32, y as u32)[c]);
        let planes_first = array.view().permuted_axes([2, 0, 1]).as_standard_layout().into_owned();
        for found in [
            values(&descriptor, &array),
            values(&descriptor, &planes_first.permuted_axes([1, 2, 0])),
            values(&descriptor, &DynamicImage::from(image.clone())),
            values(&descriptor, &DynamicImage::from(DynamicImage::from(image).to_rgba8())),
        ] {
            assert_eq!(found, expected);
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 20);
}

#[test]
fn presets_measure_what_they_are_for() {
    let count = |descriptor: Descriptor| descriptor.names().count();
    assert_eq!(count(Descriptor::fast()), 90);
    assert_eq!(count(Descriptor::default()), 862);
    assert_eq!(Descriptor::full().digest(), Descriptor::read("full").unwrap().digest());
}

#[test]
fn sixteen_bits_keep_their_depth() {
    let image = ImageBuffer::from_fn(20, 20, |x, y| Luma([x as u16 * 3001 + y as u16 * 17]));
    let array = Array2::from_shape_fn((20, 20), |(y, x)| x as u16 * 3001 + y as u16 * 17);
    let descriptor = Descriptor::fast();
    assert_eq!(values(&descriptor, &image), values(&descriptor, &array));
    assert_eq!(values(&descriptor, &DynamicImage::from(image)), values(&descriptor, &array));
}

#[test]
fn a_file_has_the_features_of_its_pixels() {
    let path = "fixtures/textures/stripes/stripes_00.png";
    let image = image::open(path).unwrap();
    for descriptor in [Descriptor::fast(), Descriptor::default(), Descriptor::full()] {
        assert_eq!(
            values(&descriptor, &image),
            descriptor.features_of_file(path).unwrap().values()
        );
    }
    let model = Model::load("models/demo.json").unwrap();
    assert_eq!(model.classify(&image).unwrap(), model.classify_file(path).unwrap());
}

#[test]
fn what_cannot_be_measured_is_refused_by_kind() {
    let descriptor = Descriptor::fast();
    let floats = DynamicImage::ImageRgb32F(ImageBuffer::new(2, 2));
    let is_picture = |error: &Error| matches!(error, Error::Picture { .. });
    for error in [
        descriptor.features(&floats).unwrap_err(),
        descriptor.features(&GrayImage::new(0, 0)).unwrap_err(),
        descriptor.features(&Array3::<u8>::zeros((4, 4, 2))).unwrap_err(),
    ] {
        assert!(is_picture(&error), "{error}");
    }
    let missing = descriptor.features_of_file("no/such/file.png").unwrap_err();
    assert!(matches!(missing, Error::Io { .. }), "{missing}");
    assert!(std::error::Error::source(&missing).is_some(), "the system's own words are lost");
    assert!(matches!(Descriptor::read("fsat").unwrap_err(), Error::Setting { .. }));
    assert!(matches!(Model::from_json(b"{}").unwrap_err(), Error::Model { .. }));
    let image = GrayImage::new(8, 8);
    let one = Model::trainer().fit(std::slice::from_ref(&image), &["a", "b"]).unwrap_err();
    assert!(matches!(one, Error::Size { .. }), "{one}");
    let same = Model::trainer().fit(&[image.clone(), image], &["a", "a"]).unwrap_err();
    assert!(matches!(same, Error::Data { .. }), "{same}");
}

#[test]
fn a_folder_is_learned_and_gone_on_from_in_memory() {
    let model = Model::trainer().descriptor(Descriptor::fast()).jobs(2);
    let model = model.fit_folder("fixtures/textures").unwrap();
    assert!(model.accuracy().unwrap() > 0.9);
    let stripe = |n: u32| GrayImage::from_fn(64, 64, |x, y| Luma([(40 * ((x + y + n) % 6)) as u8]));
    let images: Vec<GrayImage> = (0..12).map(stripe).collect();
    let further = model.retrainer().jobs(2).fit(&images, &["diagonal"; 12]).unwrap();
    assert_eq!(further.classes().len(), model.classes().len() + 1);
    assert_eq!(further.classify(&stripe(3)).unwrap().label, "diagonal");
    let brick = further.classify_file("fixtures/textures/brick/brick_00.png").unwrap();
    assert_eq!(brick.label, "brick");
    let again = Model::from_json(&further.to_json().unwrap()).unwrap();
    assert_eq!(again.classify(&images[0]).unwrap(), further.classify(&images[0]).unwrap());
}

#[test]
fn a_classifier_refuses_what_it_cannot_learn_or_predict() {
    let descriptor = Descriptor::fast();
    let of = |descriptor: &Descriptor, n: u32| {
        let image = GrayImage::from_fn(24, 24, |x, y| Luma([gray(x + n, y * (1 + n % 2))]));
        descriptor.features(&image).unwrap()
    };
    let features: Vec<_> = (0..8).map(|n| of(&descriptor, n)).collect();
    let reason = |outcome: crate::Result<Classifier>| outcome.unwrap_err().to_string();
    assert!(reason(Classifier::fit(&features, &["a"; 8])).contains("at least two classes"));
    assert!(reason(Classifier::fit(&[], &[] as &[&str])).contains("at least two classes"));
    assert!(reason(Classifier::fit(&features, &["a", "b"])).contains('8'));
    let labels = ["a", "b"].repeat(4);
    let color = json_in_color();
    let of_two = (0..8).map(|n| of(if n == 5 { &color } else { &descriptor }, n));
    let mixed: Vec<_> = of_two.collect();
    assert!(reason(Classifier::fit(&mixed, &labels)).contains("one descriptor"));
    let classifier = Classifier::fit(&features, &labels).unwrap();
    // The same settings by another value are the same descriptor.
    assert_eq!(classifier.predict(&of(&Descriptor::fast(), 3)).unwrap().probabilities.len(), 2);
    assert!(classifier.predict(&of(&json_in_color(), 3)).is_err());
}
