//! See `textura_fuzz::targets::table`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| textura_fuzz::targets::table(data));
