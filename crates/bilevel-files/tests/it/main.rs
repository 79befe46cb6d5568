//! Tests of experiments, their files, and what is learnt from data as experiments say it.

mod cases;
mod continual;
mod experiment_files;
mod formula_files;
mod learning;
mod oracles;
mod presets;
mod regularization;
mod robust_regression;
mod surveys;
