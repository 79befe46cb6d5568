//! What a picture shows, in true units: axes and layers. How it looks is decided when it is lowered to a
//! [`Scene`](crate::Scene).
//!
//! Columns of a trace are borrowed and never copied. Texts use the markup of [`RichText`](super::markup::RichText).

use std::borrow::Cow;
use std::sync::Arc;

use bilevel::run::TraceColumn;
use bilevel::study::{Grid, Measure, RunCost};

use super::image::CellMap;
use super::scale::AxisScale;
use super::style::{Colour, LineStyle};

/// One pair of axes with what is drawn between them.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    /// What the picture is.
    pub title: String,
    /// A remark beside the title.
    pub subtitle: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Whether a unit is equally long on both axes.
    pub is_equal: bool,
    /// Whether ticks and a grid are drawn; without them the picture is no plot but a sheet of images.
    pub has_axes: bool,
    /// What is drawn, from back to front.
    pub layers: Vec<Layer<'a>>,
    /// What stands beneath, if anything does.
    pub foot: Option<Foot>,
}

/// What can stand beneath a picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Foot {
    /// A small table.
    Table(FootTable),
    /// A bar of shares.
    Shares(Shares),
}

/// A bar whose parts are shares of a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    /// The parts, from the left.
    pub parts: Vec<Part>,
    /// Where the end of the first part may lie as well.
    pub interval: [f64; 2],
}

/// A part of a bar of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Of the whole, 1.
    pub share: f64,
    /// What it looks like.
    pub patch: Patch,
}

/// A small area with a colour, as areas of a map have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The fill.
    pub colour: Colour,
    /// The hatch over it.
    pub hatch: Option<Colour>,
}

/// A small table beneath a picture: an amount of each method as a bar on a logarithmic scale, and a number beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct FootTable {
    /// What the amounts and the numbers are.
    pub heads: [String; 2],
    /// A row for each method.
    pub rows: Vec<FootRow>,
    /// The amount that a bar as long as can be stands for.
    pub most: f64,
}

/// A row of a [`FootTable`].
#[derive(Clone, Debug, PartialEq)]
pub struct FootRow {
    /// The method's looks.
    pub style: LineStyle,
    /// The amount.
    pub amount: f64,
    /// The number beside it, in words; empty where there is none.
    pub number: String,
}

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is laid out along it.
    pub label: String,
    /// How.
    pub scale: AxisScale,
    /// The range shown, in true units.
    pub range: [f64; 2],
    /// Whether values that a logarithm has no place for are shown in a gutter below the axis.
    pub has_gutter: bool,
    /// Whether its ticks go without numbers.
    pub is_bare: bool,
}

/// Something drawn.
#[derive(Clone, Debug)]
pub enum Layer<'a> {
    /// A quantity against another that never decreases.
    Line(Line<'a>),
    /// The area between two quantities over a third.
    Band(AreaBand),
    /// A level that lines are compared with.
    Rule {
        /// Where, vertically.
        at: f64,
        /// Its name.
        label: String,
    },
    /// A way through the plane.
    Path(Path<'a>),
    /// Contour lines; every fourth is stronger.
    Contours(Arc<Vec<Contour>>),
    /// A thick neutral track, such as the reaction curve.
    Track {
        /// Its branches.
        branches: Arc<Vec<Vec<[f64; 2]>>>,
        /// Its name.
        label: String,
    },
    /// Thin neutral curves beside a track, such as other branches.
    Threads {
        /// The curves.
        curves: Arc<Vec<Vec<[f64; 2]>>>,
        /// How they are drawn.
        manner: LinePattern,
    },
    /// Where a track jumps: both ends of each jump.
    Jumps(Arc<Vec<[[f64; 2]; 2]>>),
    /// Small neutral dots, where branches meet or a value stands alone.
    Dots(Arc<Vec<[f64; 2]>>),
    /// A thin dashed neutral curve, to be compared with a track.
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
        /// Where.
        at: [f64; 2],
        /// What it looks like.
        symbol: Symbol,
        /// Its name.
        label: String,
    },
    /// A thin line in a method's colour from where it stands to where it should.
    Tie {
        /// Both.
        ends: [[f64; 2]; 2],
        /// The looks.
        style: LineStyle,
    },
    /// Words in the middle of an empty picture.
    Note(String),
    /// A run laid out along something else than its variables.
    Trail(Trail),
    /// A tinted part of the picture with a sentence in it; as far as the plot goes where an end is infinite.
    Zone {
        /// From where to where, horizontally.
        x: [f64; 2],
        /// The same vertically.
        y: [f64; 2],
        /// The sentence.
        label: String,
    },
    /// A hatch where a sampled function is not above a limit.
    Hatch {
        /// The function.
        grid: Arc<Grid>,
        /// The limit.
        least: f64,
    },
    /// Bold lines where something ends, with a name.
    Border {
        /// The lines.
        lines: Arc<Vec<Vec<[f64; 2]>>>,
        /// The name.
        label: String,
    },
    /// Small dots along a way, with one that is large.
    Beads {
        /// Where.
        points: Vec<[f64; 2]>,
        /// Where the large one is.
        at: [f64; 2],
        /// How many of the others come before it; those after it are faint.
        until: usize,
    },
    /// A sentence at the top of the picture.
    Sentence(String),
    /// A map in cells.
    Cells(Arc<CellMap>),
    /// Areas between horizontal and vertical edges, each with its looks.
    Patches(Vec<([[f64; 2]; 2], Patch)>),
    /// The bars of a histogram.
    Bars(Bars),
    /// Areas with their names, in a row at the top.
    Legend(Vec<(Patch, String)>),
    /// Words in the middle of a place, where they have room between its edges.
    Words {
        /// Where.
        at: [f64; 2],
        /// What is said.
        words: String,
        /// Whether they stand out.
        is_marked: bool,
        /// The edges.
        room: [[f64; 2]; 2],
    },
    /// A frame about a cell that is looked at.
    Frame([[f64; 2]; 2]),
    /// A hatched strip on the left, for what is too small for a logarithmic axis.
    Strip {
        /// Where it ends.
        until: f64,
        /// What stands at its top.
        label: String,
    },
}

impl Layer<'_> {
    /// Whether it is the mark of a run, which moves with the playhead.
    pub(crate) fn is_moving(&self) -> bool {
        matches!(
            self,
            Layer::Tie { .. }
                | Layer::Beads { .. }
                | Layer::Mark {
                    symbol: Symbol::Method(_)
                        | Symbol::Ended(_)
                        | Symbol::Ring(_)
                        | Symbol::Finish(_),
                    ..
                }
        )
    }
}

/// How a thin curve is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePattern {
    /// Without gaps.
    Solid,
    /// In dashes.
    Dashed,
    /// In dots.
    Dotted,
}

/// Which run something in a picture belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunTag {
    /// The method's slot.
    pub slot: usize,
    /// Which of the method's runs.
    pub run: usize,
}

/// Where the numbers of a line are from: two lines from the same source have the same numbers, as far as the shorter one goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSource {
    /// The record, as [`Trace::edition`](bilevel::run::Trace::edition) tells it apart.
    pub edition: u64,
    /// Which of its columns is laid out horizontally.
    pub cost: RunCost,
    /// Which of its columns is laid out vertically; `None` for the value gap.
    pub measure: Option<Measure>,
}

/// A line of a chart.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The method's slot.
    pub slot: usize,
    /// The run that it shows; `None` for a line that sums up several.
    pub tag: Option<RunTag>,
    /// Where its numbers are from; `None` for numbers made for one frame.
    pub source: Option<LineSource>,
    /// The horizontal values, never decreasing.
    pub x: Cow<'a, [f64]>,
    /// The vertical values; a shorter column ends the line early, what is not finite interrupts it.
    pub y: Cow<'a, TraceColumn>,
    /// The last row that is drawn in full; what comes later is faint.
    pub until: usize,
    /// The looks.
    pub style: LineStyle,
    /// The share of full opacity.
    pub opacity: f32,
    /// The name at its end; empty for none.
    pub label: String,
}

impl Line<'_> {
    /// The point of a row; `None` where the line has none.
    pub fn point(&self, row: usize) -> Option<[f64; 2]> {
        Some([*self.x.get(row)?, *self.y.values().get(row)?])
    }

    /// How many rows it has.
    pub(crate) fn len(&self) -> usize {
        self.x.len().min(self.y.len())
    }
}

/// The area between two quantities.
#[derive(Clone, Debug)]
pub struct AreaBand {
    /// The horizontal values, rising.
    pub x: Vec<f64>,
    /// The lower edge.
    pub low: Vec<f64>,
    /// The upper edge.
    pub high: Vec<f64>,
    /// The looks.
    pub style: LineStyle,
}

/// Bars side by side from 0.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Where bars begin and end, rising; one more than bars.
    pub edges: Vec<f64>,
    /// How high they are.
    pub heights: Vec<f64>,
    /// The colour of their outline; the fill is fainter.
    pub colour: Colour,
}

/// A way through a plane, taken from points that are stored one after the other.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    /// The run that it shows.
    pub tag: RunTag,
    /// About how many points are looked at; `None` for all.
    pub most: Option<usize>,
    /// The points' variables, point after point.
    pub values: &'a [f64],
    /// How many variables a point has.
    pub stride: usize,
    /// Which of them are drawn, horizontally and vertically.
    pub columns: [usize; 2],
    /// What is drawn vertically in place of a variable, a number per point.
    pub heights: Option<&'a TraceColumn>,
    /// The last point that is drawn in full; what comes later is faint.
    pub until: usize,
    /// The looks.
    pub style: LineStyle,
    /// The share of full opacity.
    pub opacity: f32,
}

impl Path<'_> {
    /// So many points at the beginning are always drawn.
    pub(crate) const HEAD: usize = 4096;

    /// One of so many points after the head is looked at.
    pub fn stride_on_screen(&self) -> usize {
        let rest = self.len().saturating_sub(Self::HEAD);
        self.most
            .map_or(1, |most| rest.div_ceil(most.max(1)).max(1))
    }

    /// A point of the way.
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

    /// How many points there are.
    pub(crate) fn len(&self) -> usize {
        let points = self.values.len() / self.stride.max(1);
        self.heights
            .map_or(points, |heights| heights.len().min(points))
    }
}

/// A way of a run through a picture, point for point.
#[derive(Clone, Debug)]
pub struct Trail {
    /// The run that it shows.
    pub tag: RunTag,
    /// The rows of its record that are drawn, rising.
    pub rows: Vec<usize>,
    /// Where each of them lies.
    pub points: Vec<[f64; 2]>,
    /// The share of full opacity of each; empty where all are opaque.
    pub shares: Vec<f32>,
    /// The last row that is drawn in full; what comes later is faint.
    pub until: usize,
    /// The looks.
    pub style: LineStyle,
    /// The share of full opacity of the whole.
    pub opacity: f32,
    /// Whether it is a thin line without dashes, beside one in full.
    pub is_thin: bool,
}

impl Trail {
    /// Some rows of a record, as a way over many points is thinned: all at the beginning, then one of so many, and always
    /// the playhead's and the last.
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

    /// The point of a row, if it is drawn.
    pub fn point(&self, row: usize) -> Option<[f64; 2]> {
        let place = self.rows.binary_search(&row).ok()?;
        self.points.get(place).copied()
    }
}

/// A contour line.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// Its points.
    pub points: Vec<[f64; 2]>,
    /// Whether it is drawn stronger.
    pub is_main: bool,
}

/// What a mark looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Symbol {
    /// A small black dot.
    Dot,
    /// A crosshair.
    Goal,
    /// A black dot that a method's marker may lie on: the true answer.
    Answer,
    /// A star with an outline: an optimum.
    Star,
    /// A hollow circle that can be dragged: the start.
    Start,
    /// A method's marker.
    Method(LineStyle),
    /// A method's marker where its run could not go on.
    Ended(LineStyle),
    /// A ring about the iterate that is looked at.
    Ring(LineStyle),
    /// Where a run crosses the finish line.
    Finish(LineStyle),
    /// A local minimum.
    Minimum,
}

/// Several figures on a page, with a key to the methods.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The title of the page.
    pub title: String,
    /// The figures.
    pub figures: Vec<Figure<'a>>,
    /// How the figures lie.
    pub arrangement: FigureArrangement,
    /// The methods: looks and name.
    pub legend: Vec<LegendEntry>,
    /// What a machine may want to know: the experiment file, with the version in a comment.
    pub metadata: String,
}

/// How the figures of a sheet lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FigureArrangement {
    /// Side by side or one over the other, as the page has room.
    #[default]
    Free,
    /// On a common horizontal axis: each over the next, the first one highest.
    OneAxis,
    /// Side by side, whatever room there is.
    Row,
    /// In as many rows and columns as leave the pictures most comfortable.
    Tiles,
    /// One over the other on a common horizontal axis.
    Stack,
    /// The first beside the others, which stand over each other.
    Beside,
}

/// A line of the key.
#[derive(Clone, Debug)]
pub struct LegendEntry {
    /// The looks.
    pub looks: Swatch,
    /// The label.
    pub label: String,
}

/// What stands in a key before a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Swatch {
    /// A method's line and marker.
    Method(LineStyle),
    /// An area of a map.
    Area(Patch),
}
