//! The dialogs over the window: palette, keys, claims, opening, export, tuning, sharing, questions.

pub(crate) mod claims;
pub(crate) mod command_palette;
pub(crate) mod export;
pub(crate) mod gallery;
pub(crate) mod keys_sheet;
pub(crate) mod lessons;
pub(crate) mod open;
pub(crate) mod page_setup;
pub(crate) mod palette_rows;
pub(crate) mod question;
pub(crate) mod share;
pub(crate) mod tuning;
