//! Bilevel Lab.
