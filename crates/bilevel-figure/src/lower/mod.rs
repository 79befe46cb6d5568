//! Lowering of a figure to primitives, which SVG writer and screen painter only transcribe.

pub(crate) mod annotations;
pub(crate) mod arrows;
mod bars;
pub(crate) mod canvas;
pub(crate) mod caption;
pub(crate) mod cells;
pub(crate) mod clip;
pub(crate) mod colour_key;
pub(crate) mod curves;
pub(crate) mod decimate;
pub(crate) mod footer;
pub(crate) mod header;
pub(crate) mod heads;
pub(crate) mod hit_test;
pub(crate) mod labels;
pub(crate) mod layers;
pub(crate) mod line_cache;
pub(crate) mod line_names;
pub(crate) mod line_style;
pub(crate) mod obstacles;
pub(crate) mod overlays;
pub(crate) mod rects;
pub(crate) mod relief;
pub(crate) mod rules;
pub(crate) mod scene;
#[cfg(test)]
mod scene_tests;
pub(crate) mod shapes;
pub(crate) mod share_bar;
pub(crate) mod text_lines;
pub(crate) mod thin_curves;
pub(crate) mod transform;
pub(crate) mod weights;
