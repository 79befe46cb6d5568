//! The referee on problems that nobody picked, and in units that nobody chose.

mod invariance;
mod planted;
mod rows;
