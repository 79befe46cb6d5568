//! Figures: their model, the builders, their lowering to primitives, and pages as SVG and PNG.
//!
//! Builders make a [`Figure`] from recorded runs; [`Scene`] lowers it to primitives; the SVG writer here and the
//! painter of the window only transcribe these, so that a saved picture equals the one on screen.

mod animation;
mod build;
mod lower;
mod messages;
mod model;
mod page;
mod report;
mod view;

pub use animation::encode::{
    Animation, AnimationFormat, AnimationPlan, AnimationProgress, animate,
};
pub use animation::error::AnimationError;
pub use animation::frames::{AnimationSubject, Frames};
pub use animation::mp4::check_ffmpeg;
pub use animation::schedule::{Speed, Timing, frame_iterations};
pub use build::anatomy::{LineTone, StepLine};
pub use build::contour::{contour, levels};
pub use build::ends::OutcomeColours;
pub use build::level_curves::Curves;
pub use build::method_map::{Colouring, MethodMap, costs};
pub use build::{
    assumptions, atlas, compass, feasibility, landscape, levels, penalty, race, reduced, slice,
    sweep, visuals,
};
pub use lower::annotations::DrawnNote;
pub use lower::canvas::SceneLayout;
pub use lower::hit_test::{Hit, nearest};
pub use lower::layers::swatch;
pub use lower::line_cache::LineCache;
pub use lower::scene::{Scene, sides, sides_within};
pub use lower::shapes::{Primitive, Rect};
pub use lower::share_bar::{patch, shades};
pub use lower::transform::Transform;
pub use messages::{counted, grouped, size_in_words};
pub use model::annotation::{Annotation, Annotations, PictureKey};
pub use model::figure::{
    AreaBand, ArrowInk, Axis, Bars, Figure, FigureArrangement, Layer, LegendEntry, Line,
    LinePattern, LineSource, Page, Path, RunTag, SHADES, Swatch, Symbol, Trail, WeightTable,
};
pub use model::fonts::Face;
pub use model::footer::{ColourKey, Foot, FootRow, FootTable, Part, Shares};
pub use model::glossary::{GLOSSARY, Term, extent, terms_in};
pub use model::image::{CellMap, Image};
pub use model::markup::{RichText, TextRun};
pub use model::markup_fault::MarkupFault;
pub use model::method_look::{HOME_COUNT, MethodLook, home_name, home_of, method_looks};
pub use model::page_size::{
    Letters, PageMeasure, PageParts, PageSize, PageSizeError, PageSizeName, Proportion,
};
pub use model::patch::Patch;
pub use model::relief::{Contour, Relief};
pub use model::scale::{AxisScale, Tick, brief, fixed, significant};
pub use model::short_name::short_name;
pub use model::style::{Colour, LineStyle, Marker, Roles, Theme};
pub use page::arrange::{beside, pairs, tiles};
pub use page::compose::{Format, PageError, compose};
pub use page::layout::preview;
pub use page::pdf::{EXPERIMENT_FILE, PdfError, pdf};
pub use page::png::{EXPERIMENT_KEYWORD, PngError, png};
pub use page::svg::svg;
pub use page::thumbnail::thumbnail;
pub use report::document::report;
pub use report::handout::handout;
pub use report::sections::Subject as ReportSubject;
pub use view::anatomy::{AnatomyData, AnatomyLines, AnatomyPicture, anatomy_lines};
pub use view::assumptions::{AssumptionsPicture, Curvature, assumptions_verdict};
pub use view::atlas::{AtlasPicture, atlas_figures};
pub use view::compass::{
    CompassPicture, CompassPointerRequest, CompassReading, compass_arrangement,
};
pub use view::context::{Screen, SharedProblem, ViewContext, leaves};
pub use view::draw::{
    DrawnFigure, default_page_size, draw, draw_survey, draw_thumbnail, draw_thumbnails, draw_until,
    on_page,
};
pub use view::error::ViewError;
pub use view::feasibility::FeasibilityPicture;
pub use view::landscape::LandscapePicture;
pub use view::learned::{
    LearnedPicture, LearnedPoint, LearnedRequest, LearnedVisuals, learned_point, learned_slot,
};
pub use view::levels::{LevelCurves, LevelsPicture, level_slices};
pub use view::list::{VIEWS, chosen_views, register_views, suited_view, view, view_of_word};
pub use view::note_pictures::UndrawnNote;
pub use view::penalty::PenaltyPicture;
pub use view::race::RacePicture;
pub use view::slice::SlicePicture;
pub use view::surrogate::SurrogatePicture;
pub use view::survey::SurveyData;
pub use view::sweep::{
    SWEEP_SIDE, SWEEP_VALUES, SweepPicture, numeric_parameters, sweep_axes, sweep_counts,
    usual_axis, varied_of,
};
pub use view::undrawn_notes::undrawn_notes;
pub use view::{AnyData, AnyView, Fineness, View, ViewJob, figures, page};
