//! Tests of experiments, their files, and learning problems as experiment files describe them.

mod cases;
mod continual;
mod experiment_files;
mod formula_files;
mod learning;
mod oracles;
mod presets;
mod regularization;
mod robust_regression;
mod saving;
mod surveys;
