//! The messages of this crate in words: errors, warnings and states, a file per subject.
//!
//! A function per message takes plain values and decides nothing but words, so that a translation is made in this folder
//! alone.

pub(crate) mod experiment;
pub(crate) mod files;
pub(crate) mod lessons;
pub(crate) mod share;
pub(crate) mod surveys;
pub(crate) mod toml;
