//! Packs the letters of legends for `src/report/maps/letters.rs`: as the crate `unifont` has them they take 2 MB.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "report")]
    {
        let folder = std::env::var_os("OUT_DIR").ok_or(std::io::ErrorKind::NotFound)?;
        let letters = letters();
        let mut packed = Vec::with_capacity(zstd_safe::compress_bound(letters.len()));
        zstd_safe::compress(&mut packed, &letters, 19).map_err(|_| std::io::ErrorKind::Other)?;
        std::fs::write(std::path::Path::new(&folder).join("letters.zst"), packed)?;
    }
    Ok(())
}

/// For each code of the basic plane how many columns its letter has, 0 for none, a byte each; then letter by letter the
/// columns of its upper half, then those of its lower half: eight pixels a byte, the uppermost in the lowest bit. In this
/// order it packs to 430 kB, row by row, as the crate has it, to 580 kB.
#[cfg(feature = "report")]
fn letters() -> Vec<u8> {
    let (mut widths, mut halves) = (vec![0; 1 << 16], Vec::new());
    for letter in '\0'..='\u{ffff}' {
        let Some(glyph) = unifont::get_glyph(letter) else { continue };
        let width = glyph.get_width();
        widths[letter as usize] = width as u8;
        for (top, column) in [0, 8].into_iter().flat_map(|top| (0..width).map(move |c| (top, c))) {
            let dot = |row: usize| u8::from(glyph.get_pixel(column, top + row)) << row;
            halves.push((0..8).map(dot).sum());
        }
    }
    [widths, halves].concat()
}
