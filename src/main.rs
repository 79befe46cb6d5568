//! Bilevel Lab.
fn main() {}
