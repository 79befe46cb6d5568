//! The messages of the window in words: errors, states and the sentences of cards, a file per subject.
//!
//! A function per message takes plain values and decides nothing but words, so that a translation is made in this folder
//! alone. Words of buttons, menus and headings are where these are drawn.

pub(crate) mod cards;
pub(crate) mod files;
pub(crate) mod formulas;
pub(crate) mod gallery;
pub(crate) mod guide;
pub(crate) mod launching;
pub(crate) mod lessons;
pub(crate) mod notes;
pub(crate) mod prediction;
pub(crate) mod race;
pub(crate) mod runs;
pub(crate) mod starts;
pub(crate) mod status;
pub(crate) mod timeline;
pub(crate) mod tuning;
