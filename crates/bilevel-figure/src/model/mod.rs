//! The figure model, in data units: figures and their layers, scales, markup, styles, page sizes, fonts.

pub(crate) mod annotation;
pub(crate) mod figure;
pub(crate) mod fonts;
pub(crate) mod footer;
pub(crate) mod glossary;
pub(crate) mod image;
pub(crate) mod markup;
pub(crate) mod markup_fault;
pub(crate) mod method_look;
pub(crate) mod page_size;
pub(crate) mod patch;
pub(crate) mod relief;
pub(crate) mod scale;
pub(crate) mod short_name;
pub(crate) mod style;
mod superscripts;
