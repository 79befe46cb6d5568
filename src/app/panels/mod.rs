//! The panels around the pictures.

pub(crate) mod formula;
pub(crate) mod guide;
pub(crate) mod methods;
pub(crate) mod noise_row;
pub(crate) mod problem;
pub(crate) mod problem_picker;
pub(crate) mod start;
pub(crate) mod timeline;
pub(crate) mod top_bar;
