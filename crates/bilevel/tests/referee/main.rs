//! The referee on random problems, and in random units.

mod invariance;
mod planted;
mod rows;
