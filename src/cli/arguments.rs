//! The command-line arguments.

use std::path::PathBuf;

use bilevel::study::{REST, StartGrid, TrialCount};
use bilevel_figure::{Format, PageMeasure, PageSize, Proportion, Theme};
use bilevel_figure::{VIEWS, view_of_word};
use bilevel_files::{Experiment, Shard, SweepAxis, Table, ViewKind};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::messages;

/// Explore, teach and compare methods for bilevel and n-level optimization.
///
/// Without a command, the window opens on FILE, or on the experiment of the last window.
#[derive(Debug, Parser)]
#[command(name = "bilevel-lab", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// The command to run without a window.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
    /// The experiment that the window opens on: a file, or the name of a preset.
    pub file: Option<String>,
    /// Neither read nor keep the state of the window: its arrangement, recent experiments and unsaved changes.
    #[arg(long)]
    pub fresh: bool,
    /// Number of runs that the window advances at a time; 0 does all work within frames, without threads.
    #[arg(long, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(0..=256))]
    pub threads: Option<u16>,
}

/// The commands that run without a window.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// List problems, methods or presets.
    List {
        /// The kind of the list.
        what: ListKind,
        /// As JSON, with all parameters.
        #[arg(long)]
        json: bool,
    },
    /// Check experiment files, and report the place and reason of errors.
    Check {
        /// Experiment files or names of presets.
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Print the minima of a problem's reduced objective to twelve digits.
    Minima {
        /// An experiment file, the name of a preset or the id of a problem.
        file: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Run every method from every start with every seed.
    Run {
        /// An experiment file or the name of a preset.
        file: String,
        /// The folder for trace.csv, summary.json and figures.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Figures to write beside them.
        #[arg(long, value_delimiter = ',', value_name = "svg,png")]
        figures: Vec<FormatName>,
        /// Tables of results to write beside them.
        #[arg(long, value_delimiter = ',', value_name = "md,tex,csv")]
        tables: Vec<TableFormat>,
        /// Outer iterations, in place of the file's.
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=Experiment::MOST_ITERATIONS))]
        iterations: Option<u64>,
        /// Number of worker threads; the number of cores if not given.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
        threads: Option<u16>,
    },
    /// Draw one figure, in the format of its extension.
    Figure {
        /// An experiment file or the name of a preset.
        file: String,
        /// The picture: OUT.svg or OUT.png.
        #[arg(short, long, value_name = "OUT")]
        out: PathBuf,
        /// The view to draw.
        #[arg(long, default_value = "race", value_parser = views())]
        view: ViewKind,
        /// The page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Tune step sizes with the same budget for each method, and write the experiment with the best ones.
    Tune {
        /// An experiment file or the name of a preset.
        file: String,
        /// The folder for tuned.toml, tuning.csv and tables.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Number of settings of each method: a grid over two step sizes, a finer one for a single step size.
        #[arg(long, value_name = "N", default_value = "9")]
        trials: TrialsArg,
        /// Score to minimize: phi, f, or a loss among the problem's metrics.
        #[arg(long, value_name = "WORD", default_value = "phi")]
        judge: String,
        /// Tables of the trials to write beside them.
        #[arg(long, value_delimiter = ',', value_name = "md,tex,csv")]
        tables: Vec<TableFormat>,
        /// Outer iterations of every trial, in place of the file's.
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=Experiment::MOST_ITERATIONS))]
        iterations: Option<u64>,
        /// Number of worker threads; the number of cores if not given.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
        threads: Option<u16>,
    },
    /// Find the outcome of each method from each start of a grid.
    Basins {
        /// An experiment file or the name of a preset.
        file: String,
        /// The methods that take part, by label; all if not given.
        #[arg(long, value_name = "LABEL", num_args = 1..)]
        methods: Vec<String>,
        /// The starts, the work and the files.
        #[command(flatten)]
        survey: SurveyArgs,
    },
    /// Find the outcomes of one method from each start of a grid, for each value of a parameter or of two.
    Sweep {
        /// An experiment file or the name of a preset.
        file: String,
        /// Varied parameter: LABEL.parameter=from:to:count, with :log for equal ratios; twice for a pair. That of the file if not
        /// given.
        #[arg(long, value_name = "LABEL.parameter=a:b:n[:log]")]
        vary: Vec<SweepAxis>,
        /// The starts, the work and the files.
        #[command(flatten)]
        survey: SurveyArgs,
    },
    /// Merge the parts of a survey that were computed with --shard, to the same bytes as without it.
    Merge {
        /// The folders of the parts.
        #[arg(required = true, value_name = "DIR")]
        parts: Vec<PathBuf>,
        /// The folder for the whole.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Tables to write beside it.
        #[arg(long, value_delimiter = ',', value_name = "md,tex,csv")]
        tables: Vec<TableFormat>,
    },
    /// Measure the claims of two papers, and write claims.md and guide.md with tables and pictures.
    Claims {
        /// The folder for the documents; tables and pictures go into claims and guide within it.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Few starts and few iterations, for a test run of seconds.
        #[arg(long)]
        quick: bool,
        /// Number of worker threads; the number of cores if not given.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
        threads: Option<u16>,
    },
}

/// The arguments that surveys share.
#[derive(Clone, Debug, Args)]
pub struct SurveyArgs {
    /// The folder for the table of all runs, their summary and tables.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// The starts along each axis.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(StartGrid::SIDES[0] as i64..=StartGrid::SIDES[1] as i64))]
    pub(super) grid: Option<u16>,
    /// The variables that the starts vary in, such as x1[1],x2[1] or x,y; the leader's only one if not given.
    #[arg(long, value_delimiter = ',', value_name = "X,Y")]
    pub(super) plane: Vec<String>,
    /// Seed of the runs; all of the file if not given.
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Convergence threshold on the norm of a method's direction, divided by its outer step size over 1 - momentum if that exceeds 1.
    #[arg(long, value_name = "LENGTH", default_value_t = REST, allow_negative_numbers = true, value_parser = rest)]
    pub(super) rest: f64,
    /// Outer iterations, in place of the file's.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=Experiment::MOST_ITERATIONS))]
    pub(super) iterations: Option<u64>,
    /// Only the i-th of n parts, to divide the work among machines; `merge` joins them.
    #[arg(long, value_name = "i/n")]
    pub(super) shard: Option<Shard>,
    /// Tables of shares to write beside the files.
    #[arg(long, value_delimiter = ',', value_name = "md,tex,csv")]
    pub(super) tables: Vec<TableFormat>,
    /// Number of worker threads; the number of cores if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
}

/// Reads a length at which a method is at rest.
fn rest(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rest) if rest >= 0.0 && rest.is_finite() => Ok(rest),
        _ => Err(messages::wrong_rest(text)),
    }
}

/// The page that a figure is drawn on.
#[derive(Clone, Copy, Debug, Args)]
pub struct PageArgs {
    /// The width in millimetres: a column of a journal has about 84, a page 174.
    #[arg(long, value_name = "MM", default_value = "174", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::WIDTH.read(text))]
    width: f32,
    /// The height in millimetres; in proportion to the width if not given.
    #[arg(long, value_name = "MM", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::HEIGHT.read(text))]
    height: Option<f32>,
    /// The size of the text in points; lines and markers keep their proportion to it.
    #[arg(long, value_name = "PT", default_value = "8", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::FONT.read(text))]
    font: f32,
    /// Pixels to the inch, for PNG.
    #[arg(long, value_name = "N", default_value = "300", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::DPI.read(text))]
    dpi: f32,
    /// Dark on white, or light on a dark background.
    #[arg(long, default_value = "light")]
    theme: ThemeName,
}

impl PageArgs {
    /// The page of a figure with a proportion.
    pub fn page_size(self, proportion: Proportion) -> PageSize {
        PageSize {
            width_mm: self.width,
            height_mm: self
                .height
                .unwrap_or_else(|| proportion.height_mm(self.width, self.font)),
            font_pt: self.font,
            dpi: self.dpi,
            theme: match self.theme {
                ThemeName::Light => Theme::Light,
                ThemeName::Dark => Theme::Dark,
            },
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeName {
    /// Dark on white.
    Light,
    /// Light on a dark background.
    Dark,
}

/// The kinds of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListKind {
    /// Benchmarks.
    Problems,
    /// Algorithms.
    Methods,
    /// Experiments that ship.
    Presets,
    /// Benchmarks and algorithms as a Markdown document.
    Catalogue,
    /// Terms of the field as a Markdown document.
    Glossary,
}

/// A format as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// Vector graphics.
    Svg,
    /// Pixel graphics.
    Png,
    /// Not supported yet.
    Pdf,
}

impl FormatName {
    /// The figure format; `None` if it is not supported yet.
    pub fn format(self) -> Option<Format> {
        match self {
            Self::Svg => Some(Format::Svg),
            Self::Png => Some(Format::Png),
            Self::Pdf => None,
        }
    }
}

/// A format of the table of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Markdown.
    Md,
    /// LaTeX, with the rules of booktabs.
    Tex,
    /// Numbers in full precision.
    Csv,
}

impl TableFormat {
    /// The extension of the table's file.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Tex => "tex",
            Self::Csv => "csv",
        }
    }

    /// Formats a table.
    pub fn of(self, table: &Table) -> anyhow::Result<String> {
        Ok(match self {
            Self::Md => table.markdown(),
            Self::Tex => table.latex(),
            Self::Csv => table.csv()?,
        })
    }
}

/// The trials of each method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TrialsArg {
    /// Factors of a tenth, one and ten for each of two step sizes.
    #[value(name = "9")]
    Nine,
    /// Half decades.
    #[value(name = "25")]
    TwentyFive,
    /// Thirds of decades.
    #[value(name = "49")]
    FortyNine,
}

impl TrialsArg {
    /// The number of trials as the library counts it.
    pub const fn effort(self) -> TrialCount {
        match self {
            Self::Nine => TrialCount::Nine,
            Self::TwentyFive => TrialCount::TwentyFive,
            Self::FortyNine => TrialCount::FortyNine,
        }
    }
}

/// The words of the views as possible values, each with its help.
fn views() -> impl TypedValueParser<Value = ViewKind> {
    let words = VIEWS.map(|view| {
        let info = view.info();
        PossibleValue::new(info.id)
            .aliases(info.old_ids)
            .help(info.meaning)
    });
    PossibleValuesParser::new(words).map(|word| {
        let view = view_of_word(&word).unwrap_or(VIEWS[0]);
        ViewKind::new(view.info())
    })
}

/// The message of an invalid call, in one sentence.
pub(super) fn usage_error(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let what: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .filter(|line| !line.is_empty() && !line.starts_with("tip:"))
        .collect();
    let what = what.join(" ");
    messages::wrong_call(what.trim_start_matches("error: "))
}
