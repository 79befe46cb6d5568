//! Options of figures in an experiment: axes and ranges, hidden methods, the playhead, and the page.

use bilevel::run::Weights;

/// The ranges of a figure, horizontally and vertically.
pub type FigureRanges = [[f64; 2]; 2];

/// The figures of an experiment; what is not set has its default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureSpec {
    /// The scales of the race's axes, the horizontal one first.
    pub race_scales: Option<[AxisWord; 2]>,
    /// The display of several runs of a method in the race.
    pub race_runs: Option<RunsWord>,
    /// The value of the race's finish line.
    pub race_target: Option<f64>,
    /// The weights of calls for the weighted cost: values, gradients, Hessian-vector and mixed products, higher derivatives.
    pub race_weights: Option<Weights>,
    /// The ranges of the race's charts; `None` for one that follows its data.
    pub race_ranges: Vec<Option<FigureRanges>>,
    /// The ranges of the figures of the view of the runs.
    pub figure_ranges: Vec<Option<FigureRanges>>,
    /// The labels of the hidden methods.
    pub hidden: Vec<String>,
    /// The iteration of the playhead; `None` for the end of all runs.
    pub playhead: Option<u64>,
    /// The question of a handout; empty for one made of the methods.
    pub question: String,
    /// The answer of a handout, besides the results.
    pub answer: String,
    /// The page.
    pub page: PageSpec,
}

/// The scale of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisWord {
    /// Equal steps for equal differences.
    Linear,
    /// Equal steps for equal ratios.
    Log,
}

impl AxisWord {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Linear, Self::Log];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
        }
    }
}

/// The display of several runs of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunsWord {
    /// A line each.
    Each,
    /// Their median with a band.
    Median,
}

impl RunsWord {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Each, Self::Median];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Median => "median",
        }
    }
}

/// The page of figures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PageSpec {
    /// The width in millimetres.
    pub width: Option<f64>,
    /// The height in millimetres.
    pub height: Option<f64>,
    /// The size of the text in points.
    pub font: Option<f64>,
    /// Pixels to the inch.
    pub dpi: Option<f64>,
    /// Dark instead of light.
    pub is_dark: Option<bool>,
    /// True if the page has the experiment's title.
    pub title: Option<bool>,
    /// True if the page has a legend.
    pub legend: Option<bool>,
    /// True if the page is opaque.
    pub background: Option<bool>,
}

impl PageSpec {
    /// The least and the greatest width and height in millimetres.
    pub const LENGTHS: [f32; 2] = [10.0, 1000.0];
    /// The least and the greatest size of text in points.
    pub const FONTS: [f32; 2] = [4.0, 72.0];
    /// The least and the greatest number of pixels to the inch.
    pub const DPI: [f32; 2] = [36.0, 1200.0];
    /// The words of the themes: light and dark.
    pub const THEMES: [&str; 2] = ["light", "dark"];
}
