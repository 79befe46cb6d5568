//! The editor of formulas.

pub(crate) mod badge_row;
pub(crate) mod draft_fields;
pub(crate) mod editor;
pub(crate) mod field;
pub(crate) mod rows;
