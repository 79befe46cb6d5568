//! The fuzz target of `cargo fuzz run experiment --features libfuzzer`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bilevel_lab_fuzz::experiment(data));
