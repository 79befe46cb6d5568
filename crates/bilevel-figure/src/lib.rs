//! Figures: their model, its builders, and the paper pen.
//!
//! Builders make a [`Figure`] from what runs recorded; [`Scene`] lowers it to primitives; the paper pen here and the screen
//! pen in the window only transcribe them. So what you see is what you save.

mod build;
mod lower;
mod model;
mod page;
mod view;

pub use build::contour::{contour, levels};
pub use build::ends::Ends;
pub use build::level_curves::Curves;
pub use build::method_map::{Colouring, MethodMap, costs};
pub use build::{
    assumptions, atlas, exhibit, honesty, landscape, nested, penalty, race, reduced, slice, sweep,
};
pub use lower::hit_test::{Hit, nearest};
pub use lower::layers::swatch;
pub use lower::line_cache::Memory;
pub use lower::scene::{Layout, Scene, sides};
pub use lower::shapes::{Primitive, Rect};
pub use lower::share_bar::patch;
pub use lower::transform::Transform;
pub use model::figure::{
    Arrangement, Axis, Band, Bars, Contour, Figure, Foot, FootRow, FootTable, KeyEntry, Layer,
    Line, Looks, Manner, Part, Patch, Path, RunTag, Shares, Sheet, Source, Symbol, Trail,
};
pub use model::fonts::Face;
pub use model::image::{CellMap, Image};
pub use model::markup::{RichText, TextRun};
pub use model::page_size::{Measure, Paper, PaperError, PaperName, Proportion};
pub use model::scale::{Scale, Tick, brief, fixed, significant};
pub use model::style::{Colour, Marker, Roles, Style, Theme, slot_style};
pub use page::arrange::{beside, tiles};
pub use page::layout::preview;
pub use page::png::{EXPERIMENT_KEYWORD, PngError, png};
pub use page::sheet::{Format, sheet};
pub use page::svg::svg;
pub use view::draw::{draw, proportion, usual_paper};
pub use view::error::ViewError;
pub use view::kind::View;
pub use view::surveys::surveyed;
