//! What is drawn: the figure model, its builders, and the paper pen.
//!
//! Builders make a [`Figure`] from what runs recorded; [`Scene`] lowers it to primitives; the paper pen here and the screen
//! pen in the window only transcribe them. So what you see is what you save.

mod arrange;
mod bars;
mod cells;
mod contour;
mod ends;
mod fonts;
mod foot;
mod image;
mod ink;
mod labels;
mod layers;
mod level_curves;
mod maths;
mod memory;
mod method_map;
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
mod share_bar;
mod sheet;
mod sketch;
mod svg;
mod threads;
mod transform;

pub mod assumptions;
pub mod atlas;
pub mod exhibit;
pub mod honesty;
pub mod landscape;
pub mod nested;
pub mod penalty;
pub mod race;
pub mod reduced;
pub mod slice;
pub mod sweep;

pub use arrange::{beside, tiles};
pub use contour::{contour, levels};
pub use ends::Ends;
pub use fonts::Face;
pub use image::{CellMap, Image};
pub use layers::swatch;
pub use level_curves::Curves;
pub use maths::{RichText, TextRun};
pub use memory::Memory;
pub use method_map::{Colouring, MethodMap, costs};
pub use model::{
    Arrangement, Axis, Band, Bars, Contour, Figure, Foot, FootRow, FootTable, KeyEntry, Layer,
    Line, Looks, Manner, Part, Patch, Path, RunTag, Shares, Sheet, Source, Symbol, Trail,
};
pub use page::preview;
pub use palette::{Colour, Marker, Roles, Style, Theme, slot_style};
pub use paper::{Measure, Paper, PaperError, PaperName, Proportion};
pub use png::{EXPERIMENT_KEYWORD, PngError, png};
pub use pointing::{Hit, nearest};
pub use scale::{Scale, Tick, brief, fixed, significant};
pub use scene::{Layout, Scene, sides};
pub use shapes::{Primitive, Rect};
pub use share_bar::patch;
pub use sheet::{Format, sheet};
pub use svg::svg;
pub use transform::Transform;
