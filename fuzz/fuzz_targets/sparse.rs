//! The fuzz target of `cargo fuzz run sparse --features libfuzzer`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bilevel_lab_fuzz::sparse(data));
