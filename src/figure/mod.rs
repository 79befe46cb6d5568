//! What is drawn: the figure model, its builders, and the paper pen.
//!
//! Builders make a [`Figure`] from what runs recorded; [`Scene`] lowers it to primitives; the paper pen here and the screen
//! pen in the window only transcribe them. So what you see is what you save.

mod contour;
mod fonts;
mod foot;
mod ink;
mod labels;
mod layers;
mod level_curves;
mod maths;
mod memory;
mod model;
mod overlays;
mod page;
mod palette;
mod paper;
mod png;
mod pointing;
mod sampling;
mod scale;
mod scene;
mod shapes;
mod sheet;
mod sketch;
mod svg;
mod threads;
mod transform;

pub mod assumptions;
pub mod honesty;
pub mod landscape;
pub mod nested;
pub mod penalty;
pub mod race;
pub mod reduced;
pub mod slice;

pub use contour::{contour, levels};
pub use fonts::Face;
pub use layers::swatch;
pub use level_curves::Curves;
pub use maths::{RichText, TextRun};
pub use memory::Memory;
pub use model::{
    Arrangement, Axis, Band, Contour, Figure, Foot, FootRow, KeyEntry, Layer, Line, Manner, Path,
    RunTag, Sheet, Source, Symbol, Trail,
};
pub use page::preview;
pub use palette::{Colour, Marker, Roles, Style, Theme, slot_style};
pub use paper::{Measure, Paper, PaperError, PaperName, Proportion};
pub use png::{EXPERIMENT_KEYWORD, PngError, png};
pub use pointing::{Hit, nearest};
pub use scale::{Scale, Tick, brief, fixed, significant};
pub use scene::{Layout, Scene, sides};
pub use shapes::{Primitive, Rect};
pub use sheet::{Format, sheet};
pub use svg::svg;
pub use transform::Transform;
