//! The editor of formulas.

pub(crate) mod check_row;
pub(crate) mod editor;
pub(crate) mod field;
pub(crate) mod rows;
