//! Figures in data units: axes and layers. Lowering to a [`Scene`](crate::Scene) decides their appearance.
//!
//! Columns of a trace are borrowed and never copied. Texts use the markup of [`RichText`](super::markup::RichText).

use std::borrow::Cow;
use std::sync::Arc;

use bilevel::run::TraceColumn;
use bilevel::study::{Grid, Measure, RunCost};

use super::annotation::Annotations;
use super::footer::Foot;
use super::image::CellMap;
use super::method_look::MethodLook;
use super::patch::Patch;
use super::relief::Relief;
use super::scale::AxisScale;
use super::style::{Colour, LineStyle};

/// A pair of axes with the layers drawn between them.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    /// The title.
    pub title: String,
    /// A remark beside the title.
    pub subtitle: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// True if a unit has the same length on both axes.
    pub is_equal: bool,
    /// True if ticks and a grid are drawn; false for a plain sheet of images.
    pub has_axes: bool,
    /// The layers, from back to front.
    pub layers: Vec<Layer<'a>>,
    /// The table or bar beneath the plot, if any.
    pub foot: Option<Foot>,
}

/// A table of the methods' weights, each from 0 to 1: a bar with its number.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightTable {
    /// The name of the weights, in markup.
    pub title: String,
    /// The names of the columns, in markup.
    pub columns: Vec<String>,
    /// The line style and the weights of each method.
    pub rows: Vec<(LineStyle, Vec<f64>)>,
}

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The label in markup.
    pub label: String,
    /// The scale.
    pub scale: AxisScale,
    /// The range shown, in data units.
    pub range: [f64; 2],
    /// True if values at or below 0, undefined on a logarithmic scale, are drawn in a gutter at its lower end.
    pub has_gutter: bool,
    /// True if the ticks have no numbers.
    pub is_bare: bool,
    /// The values of the ticks; if empty, round numbers.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// An axis with round numbers at its ticks.
    pub fn new(label: impl Into<String>, scale: AxisScale, range: [f64; 2]) -> Self {
        Self {
            label: label.into(),
            scale,
            range,
            has_gutter: false,
            is_bare: false,
            ticks: Vec::new(),
        }
    }

    /// A linear axis with round numbers at its ticks.
    pub fn linear(label: impl Into<String>, range: [f64; 2]) -> Self {
        Self::new(label, AxisScale::Linear, range)
    }
}

/// An element drawn in a figure.
#[derive(Clone, Debug)]
pub enum Layer<'a> {
    /// A line of a chart, over horizontal values that never decrease.
    Line(Line<'a>),
    /// The area between a lower and an upper curve.
    Band(AreaBand),
    /// A horizontal reference line.
    Rule {
        /// The value on the vertical axis.
        at: f64,
        /// The label.
        label: String,
    },
    /// The path of a run through a plane.
    Path(Path<'a>),
    /// The relief of a function: filled bands, contour lines, and the values of main ones.
    Relief(Arc<Relief>),
    /// The scale of a relief: its colours, its least and its greatest value.
    ReliefScale(Arc<Relief>),
    /// The branches of a thick neutral curve, such as the reaction curve.
    Track(Arc<Vec<Vec<[f64; 2]>>>),
    /// Thin neutral curves beside a track, such as other branches of lower-level minimizers.
    Threads {
        /// The curves.
        curves: Arc<Vec<Vec<[f64; 2]>>>,
        /// The line pattern.
        manner: LinePattern,
    },
    /// Jumps of a track: both ends of each.
    Jumps(Arc<Vec<[[f64; 2]; 2]>>),
    /// Small neutral dots, at folds of branches and at isolated values.
    Dots(Arc<Vec<[f64; 2]>>),
    /// A thin dashed neutral curve, for comparison with a track.
    Guide(Vec<[f64; 2]>),
    /// A curve's name, beside it where it is farthest from all other curves and marks.
    Name {
        /// The curve.
        curve: Vec<[f64; 2]>,
        /// Its name.
        label: String,
    },
    /// A filled polygon with an outline.
    Area(Vec<[f64; 2]>),
    /// The edges of a box, horizontally and vertically; infinite where there is none.
    Limits([[f64; 2]; 2]),
    /// A mark at a point.
    Mark {
        /// The position.
        at: [f64; 2],
        /// The symbol.
        symbol: Symbol,
        /// The label.
        label: String,
    },
    /// A thin line in a method's colour, from its marker to the true solution.
    Tie {
        /// The marker and the solution.
        ends: [[f64; 2]; 2],
        /// The method's line style.
        style: LineStyle,
    },
    /// Arrows from their first to their second end.
    Arrows {
        /// The ends of each arrow.
        ends: Vec<[[f64; 2]; 2]>,
        /// Their appearance.
        ink: ArrowInk,
    },
    /// Notes of the user, over everything else.
    Annotations(Annotations),
    /// A message in the middle of an empty picture.
    Note(String),
    /// A run drawn at computed positions instead of at its variables.
    Trail(Trail),
    /// A tinted rectangle with a sentence in it; infinite ends reach the edge of the plot.
    Zone {
        /// The horizontal range.
        x: [f64; 2],
        /// The vertical range.
        y: [f64; 2],
        /// The sentence.
        label: String,
    },
    /// A hatch over the region in which a sampled function is at most a limit.
    Hatch {
        /// The function.
        grid: Arc<Grid>,
        /// The limit.
        least: f64,
    },
    /// A hatch over rectangles, each with its horizontal and vertical edges.
    HatchedAreas(Vec<[[f64; 2]; 2]>),
    /// Bold lines along the border of a region, with a label.
    Border {
        /// The lines.
        lines: Arc<Vec<Vec<[f64; 2]>>>,
        /// The label.
        label: String,
    },
    /// Small dots along a path, and a large one.
    Beads {
        /// The positions of the small dots.
        points: Vec<[f64; 2]>,
        /// The position of the large dot.
        at: [f64; 2],
        /// The number of small dots before the large one; those after it are faint.
        until: usize,
    },
    /// A sentence at the top of the picture.
    Sentence(String),
    /// Lines of text in markup, from the top of a plain sheet down.
    Lines(Vec<String>),
    /// A map of coloured cells.
    Cells(Arc<CellMap>),
    /// Rectangles with the horizontal and vertical edges and the patch of each.
    Patches(Vec<([[f64; 2]; 2], Patch)>),
    /// The bars of a histogram.
    Bars(Bars),
    /// Patches with their names, as a legend at the top of the plot.
    Legend(Vec<(Patch, String)>),
    /// Words in the middle of a rectangle, drawn only if they fit.
    Words {
        /// The middle of the words.
        at: [f64; 2],
        /// The words, in markup.
        words: String,
        /// True if drawn in the colour of warnings.
        is_marked: bool,
        /// The horizontal and vertical edges of the rectangle.
        room: [[f64; 2]; 2],
    },
    /// A table of weights in a free corner of the plot.
    Weights(WeightTable),
    /// A frame around a selected cell.
    Frame([[f64; 2]; 2]),
    /// A hatched strip at the left, for values too small for a logarithmic axis.
    Strip {
        /// The right end.
        until: f64,
        /// The label at the top.
        label: String,
    },
}

impl Layer<'_> {
    /// True for a mark that moves with the playhead.
    pub(crate) fn is_moving(&self) -> bool {
        matches!(
            self,
            Layer::Mark {
                symbol: Symbol::Method(_) | Symbol::Ended(_) | Symbol::Ring(_) | Symbol::Finish(_),
                ..
            }
        )
    }
}

/// Appearance of arrows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ArrowInk {
    /// Hollow, with a dark outline: the true direction.
    Outlined,
    /// In a method's colour.
    Method(LineStyle),
    /// In a method's colour, pale and thin.
    Pale(LineStyle),
}

/// Line pattern of a thin curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePattern {
    /// Without gaps.
    Solid,
    /// In dashes.
    Dashed,
    /// In dots.
    Dotted,
}

/// The run that an element of a picture belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunTag {
    /// The method's slot.
    pub slot: usize,
    /// The index among the method's runs.
    pub run: usize,
    /// The method's look.
    pub look: MethodLook,
}

/// Source of a line's numbers: two lines from the same source agree on the rows of the shorter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSource {
    /// The record, by its [`Trace::edition`](bilevel::run::Trace::edition).
    pub edition: u64,
    /// The column on the horizontal axis.
    pub cost: RunCost,
    /// The column on the vertical axis; `None` for the value gap.
    pub measure: Option<Measure>,
}

/// A line of a chart.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The method's slot.
    pub slot: usize,
    /// The run; `None` for a summary of several.
    pub tag: Option<RunTag>,
    /// The source of its numbers; `None` for numbers computed for one frame.
    pub source: Option<LineSource>,
    /// The horizontal values, never decreasing.
    pub x: Cow<'a, [f64]>,
    /// The vertical values; a shorter column ends the line early, and values that are not finite interrupt it.
    pub y: Cow<'a, TraceColumn>,
    /// The first row drawn, where a branch leaves another line.
    pub from: usize,
    /// The last row drawn in full; later rows are faint.
    pub until: usize,
    /// The line style.
    pub style: LineStyle,
    /// The opacity, from 0 to 1.
    pub opacity: f32,
    /// True if the run diverged: an arrow at the edge of the plot shows where it leaves.
    pub has_diverged: bool,
    /// The name at its end; empty for none.
    pub label: String,
}

impl Line<'_> {
    /// The point of a row; `None` where the line has none.
    pub fn point(&self, row: usize) -> Option<[f64; 2]> {
        Some([*self.x.get(row)?, *self.y.values().get(row)?])
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.x.len().min(self.y.len())
    }
}

/// The area between a lower and an upper curve.
#[derive(Clone, Debug)]
pub struct AreaBand {
    /// The horizontal values, increasing.
    pub x: Vec<f64>,
    /// The lower edge.
    pub low: Vec<f64>,
    /// The upper edge.
    pub high: Vec<f64>,
    /// The style whose colour fills the area.
    pub style: LineStyle,
}

/// Bars of a histogram, side by side from 0.
#[derive(Clone, Debug)]
pub struct Bars {
    /// The edges of the bars, increasing; one more than bars.
    pub edges: Vec<f64>,
    /// The heights of the bars.
    pub heights: Vec<f64>,
    /// The colour of their outline; the fill is fainter.
    pub colour: Colour,
}

/// The path of a run through a plane, taken from points stored one after the other.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    /// The run.
    pub tag: RunTag,
    /// About the number of points sampled after the beginning, which is drawn in full; `None` for all.
    pub most: Option<usize>,
    /// The points' variables, point after point.
    pub values: &'a [f64],
    /// The number of variables of a point.
    pub stride: usize,
    /// The variables drawn, horizontally and vertically.
    pub columns: [usize; 2],
    /// Vertical values in place of a variable, one per point.
    pub heights: Option<&'a TraceColumn>,
    /// The first point drawn, where a branch leaves another path.
    pub from: usize,
    /// The last point drawn in full; later points are faint.
    pub until: usize,
    /// The line style.
    pub style: LineStyle,
    /// The opacity, from 0 to 1.
    pub opacity: f32,
}

impl Path<'_> {
    /// The number of points at the beginning that are always drawn.
    pub(crate) const HEAD: usize = 4096;

    /// The stride with which points after the beginning are sampled.
    pub fn stride_on_screen(&self) -> usize {
        let rest = self.len().saturating_sub(Self::HEAD);
        self.most
            .map_or(1, |most| rest.div_ceil(most.max(1)).max(1))
    }

    /// The position of a point; `None` if there is none.
    pub(crate) fn point(&self, number: usize) -> Option<[f64; 2]> {
        let values = self
            .values
            .get(number * self.stride..(number + 1) * self.stride)?;
        let [x, y] = self.columns.map(|column| values[column]);
        match self.heights {
            Some(heights) => Some([x, *heights.values().get(number)?]),
            None => Some([x, y]),
        }
    }

    /// The number of points.
    pub(crate) fn len(&self) -> usize {
        let points = self.values.len() / self.stride.max(1);
        self.heights
            .map_or(points, |heights| heights.len().min(points))
    }
}

/// The trail of a run through a picture, with a computed position for each row.
#[derive(Clone, Debug)]
pub struct Trail {
    /// The run.
    pub tag: RunTag,
    /// The recorded rows that are drawn, increasing.
    pub rows: Vec<usize>,
    /// The position of each row.
    pub points: Vec<[f64; 2]>,
    /// The opacity of each row, from 0 to 1; empty if all are opaque.
    pub shares: Vec<f32>,
    /// The last row drawn in full; later rows are faint.
    pub until: usize,
    /// The line style.
    pub style: LineStyle,
    /// The opacity of the whole, from 0 to 1.
    pub opacity: f32,
    /// True for a thin line without dashes, drawn beside a full one.
    pub is_thin: bool,
}

impl Trail {
    /// Selects rows of a record as a path does: all at the beginning, then every n-th, and always the playhead's and
    /// the last.
    pub(crate) fn rows(count: usize, until: usize, most: Option<usize>) -> Vec<usize> {
        let rest = count.saturating_sub(Path::HEAD);
        let stride = most.map_or(1, |most| rest.div_ceil(most.max(1)).max(1));
        let head = 0..Path::HEAD.min(count);
        let mut rows: Vec<usize> = head.chain((Path::HEAD..count).step_by(stride)).collect();
        for row in [until, count.saturating_sub(1)] {
            if let Err(place) = rows.binary_search(&row)
                && row < count
            {
                rows.insert(place, row);
            }
        }
        rows
    }

    /// The position of a row, if it is drawn.
    pub fn point(&self, row: usize) -> Option<[f64; 2]> {
        let place = self.rows.binary_search(&row).ok()?;
        self.points.get(place).copied()
    }
}

/// Appearance of a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Symbol {
    /// A small black dot.
    Dot,
    /// A crosshair, for a goal.
    Goal,
    /// A black dot for the true solution; a method's marker may cover it.
    Answer,
    /// A star with an outline, for a global minimum.
    Star,
    /// A hollow circle that can be dragged, for a start.
    Start,
    /// A small hollow circle, for a start among several of which another or none is chosen.
    OtherStart,
    /// A method's marker.
    Method(LineStyle),
    /// A cross in a method's colour, at the end of a run that failed or diverged.
    Ended(LineStyle),
    /// A ring around the selected iterate.
    Ring(LineStyle),
    /// A flag where a run crosses the finish line.
    Finish(LineStyle),
    /// A ring, for a local minimum.
    Minimum,
    /// A hollow diamond, for a guess.
    Guess,
}

/// Several figures on a page, with a legend.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The title of the page.
    pub title: String,
    /// The figures.
    pub figures: Vec<Figure<'a>>,
    /// The iteration that the page says in its upper right corner, if its figures do not.
    pub iteration: Option<u64>,
    /// The arrangement of the figures.
    pub arrangement: FigureArrangement,
    /// The legend.
    pub legend: Vec<LegendEntry>,
    /// The metadata embedded in files: the experiment file, with the version in a comment.
    pub metadata: String,
}

/// Arrangement of the figures of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FigureArrangement {
    /// Side by side or stacked, as the page has room.
    #[default]
    Free,
    /// Two figures stacked on a common horizontal axis, the upper one taller.
    OneAxis,
    /// Side by side on any page.
    Row,
    /// In the rows and columns that leave each picture most room.
    Tiles,
    /// In rows of two.
    Pairs,
    /// Stacked on a common horizontal axis.
    Stack,
    /// The first beside the others, which are stacked.
    Beside,
}

/// An entry of a legend.
#[derive(Clone, Debug)]
pub struct LegendEntry {
    /// The swatch before the label.
    pub looks: Swatch,
    /// The label.
    pub label: String,
}

/// The number of shades of a hue in maps.
pub const SHADES: usize = 8;

/// Sample shown before the label of a legend entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Swatch {
    /// A method's line and marker.
    Method(LineStyle),
    /// An area of a map.
    Area(Patch),
    /// The shades of a hue, the palest first.
    Shades([Colour; SHADES]),
    /// The cross at the end of a run that failed or diverged.
    Cross,
    /// The arrow of a run that diverged beyond the edge of a plot.
    Arrow,
    /// Nothing, before a sentence that explains more than a swatch.
    None,
}
