use std::io::Cursor;
use std::path::PathBuf;

use tiff::encoder::{TiffEncoder, colortype::Gray8};
use tiff::tags::Tag;

use super::super::{Entry, Limits, read_encoded};
use super::by_page;

/// A file with one page a grey value, each twice as wide as the one before; every second page is followed by a
/// smaller one of it.
fn stack(values: &[u8], is_big: bool) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    fn write<K: tiff::encoder::TiffKind>(
        mut encoder: TiffEncoder<&mut Cursor<Vec<u8>>, K>,
        values: &[u8],
    ) {
        for (at, &value) in values.iter().enumerate() {
            let width = 8 << at;
            encoder.write_image::<Gray8>(width, 4, &vec![value; 4 * width as usize]).unwrap();
            if at % 2 == 1 {
                let mut small = encoder.new_image::<Gray8>(2, 2).unwrap();
                small.encoder().write_tag(Tag::NewSubfileType, 1_u32).unwrap();
                small.write_data(&[0; 4]).unwrap();
            }
        }
    }
    if is_big {
        write(TiffEncoder::new_big(&mut bytes).unwrap(), values);
    } else {
        write(TiffEncoder::new(&mut bytes).unwrap(), values);
    }
    bytes.into_inner()
}

#[test]
fn every_page_is_a_picture_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut n_seen = 0;
    for is_big in [false, true] {
        let path = folder.path().join(format!("{is_big}.tif"));
        std::fs::write(&path, stack(&[10, 20, 30], is_big)).unwrap();
        let entries = by_page(vec![Entry::new(path, None)]);
        assert_eq!(entries.len(), 3);
        let mut contents = Vec::new();
        for (entry, (at, value)) in entries.iter().zip([10, 20, 30].into_iter().enumerate()) {
            assert_eq!(entry.page, Some(at + 1));
            let encoded = read_encoded(&entry.path, Limits::default()).unwrap();
            let file = encoded.content;
            let encoded = encoded.at_page(at + 1).unwrap();
            assert_eq!(encoded.content == file, at == 0, "page {at}");
            contents.push(encoded.content);
            let picture = encoded.decode(Limits::default(), false).unwrap();
            let gray = picture.planes.gray();
            assert_eq!((gray.width(), gray.value(3, 3)), (8 << at, value));
            n_seen += 1;
        }
        contents.dedup();
        assert_eq!(contents.len(), 3);
        let encoded = read_encoded(&entries[0].path, Limits::default()).unwrap();
        assert!(encoded.at_page(4).unwrap_err().to_string().contains("at least 4 pages"));
    }
    assert_eq!(n_seen, 6);
}

#[test]
fn other_files_are_one_page_and_damaged_ones_stay() {
    let folder = tempfile::tempdir().unwrap();
    let whole = stack(&[1, 2], false);
    let mut entries = vec![Entry::new(PathBuf::from("gone.tif"), None)];
    for (name, bytes) in
        [("cut.tif", &whole[..whole.len() - 6]), ("text.tiff", b"text"), ("a.png", b"")]
    {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        entries.push(Entry::new(folder.path().join(name), Some("x".into())));
    }
    let pages = by_page(entries);
    assert_eq!(pages.len(), 4);
    assert!(pages.iter().all(|entry| entry.page == Some(1)));
    assert_eq!(pages[3].label.as_deref(), Some("x"));
}
