//! Tests of experiments, their files, and learning problems as experiment files describe them.

mod attacks;
mod cases;
mod continual;
mod experiment_files;
mod file_errors;
mod forks;
mod formula_files;
mod learning;
mod method_table;
mod notes;
mod oracles;
mod presets;
mod regularization;
mod robust_regression;
mod saving;
mod share;
mod surveys;
mod table_constants;
mod tables;

/// The seeds of a test that takes minutes: all of them, or as many as the variable `SEEDS` says.
fn seeds(all: u32) -> std::ops::Range<u32> {
    let fewer = std::env::var("SEEDS").ok();
    let fewer = fewer.map(|text| text.parse().expect("SEEDS is a number"));
    0..fewer.unwrap_or(all).clamp(2, all)
}
