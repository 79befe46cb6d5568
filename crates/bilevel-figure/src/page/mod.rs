//! Pages of figures, as SVG or PNG.

pub(crate) mod arrange;
pub(crate) mod compose;
pub(crate) mod data;
pub(crate) mod embedded_faces;
pub(crate) mod fit;
pub(crate) mod layout;
pub(crate) mod outlines;
pub(crate) mod pdf;
pub(crate) mod png;
pub(crate) mod regions;
pub(crate) mod svg;
pub(crate) mod thumbnail;
