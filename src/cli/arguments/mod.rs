//! The command-line arguments.

mod animation;
pub(crate) mod experiment;
pub(crate) mod formats;
pub(crate) mod page;
mod shard;
pub(crate) mod usage;

use std::path::PathBuf;

use bilevel_files::{Experiment, SweepAxis, ViewKind};
use clap::{Args, Parser, Subcommand};

pub(crate) use self::animation::AnimationArgs;
use self::experiment::whole;
pub(crate) use self::experiment::{ExperimentArgs, FolderArgs, ShardArgs, SurveyArgs, ThreadArgs};
pub(crate) use self::formats::{
    FormatName, ListKind, TableFormat, TraceColumnName, TrialsArg, VariableNames,
};
pub(crate) use self::page::PageArgs;

/// Explore, teach and compare methods for bilevel and n-level optimization.
///
/// Without a command, the window opens on FILE, or on the experiment of the last window.
#[derive(Debug, Parser)]
#[command(name = "bilevel-lab", version)]
pub struct Arguments {
    /// The command to run without a window.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
    /// The experiment or the lesson that the window opens on: a file, or the name of a preset or a lesson.
    pub file: Option<String>,
    /// Neither read nor keep the state of the window: its arrangement, recent experiments and unsaved changes.
    #[arg(long)]
    pub fresh: bool,
    /// Number of runs that the window advances at a time; 0 does all work within frames, without threads.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| whole(text, 0, 256))]
    pub threads: Option<u64>,
    /// The amount of text.
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
}

/// The amount of text that a command prints.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct VerbosityArgs {
    /// Print nothing but errors and what was asked for.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Print a line for every run and every phase, too.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

/// The commands; all but `lesson` run without a window.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// List problems, methods, presets or lessons.
    List {
        /// The kind of the list.
        what: ListKind,
        /// As JSON, with all parameters.
        #[arg(long)]
        json: bool,
    },
    /// Print the file of a preset, or that of an experiment.
    Show {
        /// The name of a preset, an experiment file, or - for the standard input.
        file: String,
        /// As one line of text, which every command takes in place of a file.
        #[arg(long)]
        line: bool,
    },
    /// Open the window on a lesson.
    Lesson {
        /// A lesson's file or name.
        name: String,
    },
    /// Check experiment files: the place and reason of errors, and the properties and minima of small problems; of lessons,
    /// each claim of their texts.
    Check {
        /// Experiment files, lessons, or names of either; - for the standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
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
    Run(RunArgs),
    /// Draw one figure, in the format of its extension.
    Figure(FigureArgs),
    /// Write figures, results and settings as one HTML page that needs nothing else.
    Report(ReportArgs),
    /// Write a sheet with a figure, a question and room for the answer, and a sheet with the answer, as PDF.
    Handout(HandoutArgs),
    /// Make a table of the results in a folder of `run`, `basins` or `sweep`, in the format of its extension.
    Table(TableArgs),
    /// Tune step sizes with the same budget for each method, and write the experiment with the best ones.
    Tune(TuneArgs),
    /// Find the outcome of each method from each start of a grid.
    Basins {
        /// The starts, the work and the files.
        #[command(flatten)]
        survey: SurveyArgs,
    },
    /// Find the outcomes of one method from each start of a grid, for each value of a parameter or of two.
    Sweep {
        /// Varied parameter: LABEL.parameter=from:to:count, with :log for equal ratios; twice for a pair. That of the file if not
        /// given.
        #[arg(long, value_name = "LABEL.parameter=a:b:n[:log]")]
        vary: Vec<SweepAxis>,
        /// The starts, the work and the files.
        #[command(flatten)]
        survey: SurveyArgs,
    },
    /// Merge the parts of `run`, `tune`, `basins` or `sweep` that were computed with --shard, to the same bytes as without it,
    /// but for times.
    Merge {
        /// The folders of the parts.
        #[arg(required = true, value_name = "DIR")]
        parts: Vec<PathBuf>,
        /// The folder.
        #[command(flatten)]
        folder: FolderArgs,
    },
    /// Measure the claims of two papers, and write claims.md and guide.md with tables and pictures.
    Claims {
        /// The folder for the documents; tables and pictures go into claims and guide within it.
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
        /// Few starts and few iterations, for a test run of seconds.
        #[arg(long)]
        quick: bool,
        /// The threads.
        #[command(flatten)]
        threads: ThreadArgs,
    },
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write the pages of all commands.
    Man {
        /// The folder for the pages of all commands; without it, the page of the program is printed.
        #[arg(short, long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

/// The tables that `run` writes on request beside those of its runs.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct FurtherTables {
    /// A table of the methods too, with medians, quartiles and shares over starts and seeds, in the formats of --tables.
    #[arg(long)]
    pub(crate) by_method: bool,
    /// Write diagnostics.csv too: every quantity of the steps to recorded rows. It grows by tens to thousands of lines a step; `record_every` in the file thins it out.
    #[arg(long)]
    pub(crate) diagnostics: bool,
}

/// The arguments of `run`.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// The experiment.
    #[command(flatten)]
    pub(super) experiment: ExperimentArgs,
    /// The folder.
    #[command(flatten)]
    pub(super) folder: FolderArgs,
    /// Figures to write beside them.
    #[arg(long, value_delimiter = ',', value_name = "svg,png")]
    pub(super) figures: Vec<FormatName>,
    /// Further tables.
    #[command(flatten)]
    pub(super) further: FurtherTables,
    /// The page of the figures.
    #[command(flatten)]
    pub(super) page: PageArgs,
    /// Further columns of trace.csv, after the variables.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub(super) columns: Vec<TraceColumnName>,
    /// Names of the variables in trace.csv.
    #[arg(long, default_value = "levels")]
    pub(super) names: VariableNames,
    /// Judge the first row, the last one and every N-th iteration alone.
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with = "no_referee", value_parser = |text: &str| whole(text, 1, u64::MAX))]
    pub(super) judge_every: Option<u64>,
    /// The part.
    #[command(flatten)]
    pub(super) part: ShardArgs,
    /// Compute only the runs that an interrupted call has not finished.
    #[arg(long)]
    pub(super) resume: bool,
    /// Do without the referee: no gaps and no verdicts.
    #[arg(long)]
    pub(super) no_referee: bool,
    /// The threads.
    #[command(flatten)]
    pub(super) threads: ThreadArgs,
}

/// The arguments of `figure`.
#[derive(Clone, Debug, Args)]
pub struct FigureArgs {
    /// The experiment.
    #[command(flatten)]
    pub(super) experiment: ExperimentArgs,
    /// The picture: OUT.svg, OUT.pdf or OUT.png, or its series as numbers: OUT.dat; - prints an SVG. With --animate OUT.png,
    /// OUT.gif, OUT.mp4, or a folder of frames.
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: PathBuf,
    /// The view to draw.
    #[arg(long, default_value = "race", value_parser = page::views())]
    pub(super) view: ViewKind,
    /// The iteration that is drawn, in place of the end.
    #[arg(long, value_name = "K", allow_negative_numbers = true, conflicts_with = "animate", value_parser = |text: &str| whole(text, 0, Experiment::MOST_ITERATIONS))]
    pub(super) at: Option<u64>,
    /// The animation, if any.
    #[command(flatten)]
    pub(super) animation: AnimationArgs,
    /// The page.
    #[command(flatten)]
    pub(super) page: PageArgs,
    /// The threads.
    #[command(flatten)]
    pub(super) threads: ThreadArgs,
}

/// The arguments of `report`.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    /// The experiment.
    #[command(flatten)]
    pub(super) experiment: ExperimentArgs,
    /// The page: OUT.html; - prints it.
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: PathBuf,
    /// The threads.
    #[command(flatten)]
    pub(super) threads: ThreadArgs,
}

/// The arguments of `handout`.
#[derive(Clone, Debug, Args)]
pub struct HandoutArgs {
    /// The experiment; `question` and `answer` of its view are those of the sheets.
    #[command(flatten)]
    pub(super) experiment: ExperimentArgs,
    /// The sheets: OUT.pdf; - prints them.
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: PathBuf,
    /// The threads.
    #[command(flatten)]
    pub(super) threads: ThreadArgs,
}

/// The arguments of `table`.
#[derive(Clone, Debug, Args)]
pub struct TableArgs {
    /// The folder of results.
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// The table: OUT.md, OUT.tex or OUT.csv; - prints Markdown.
    #[arg(short, long, value_name = "OUT")]
    pub(super) out: PathBuf,
    /// A row per method, with medians, quartiles and shares over starts and seeds, in place of a row per run.
    #[arg(long)]
    pub(super) by_method: bool,
    /// The columns, by their heads in the Markdown table; all if not given.
    #[arg(long, value_delimiter = ',', value_name = "HEADS")]
    pub(super) columns: Vec<String>,
    /// Significant digits of numbers, for Markdown and LaTeX.
    #[arg(long, value_name = "N", default_value = "4", allow_negative_numbers = true, value_parser = |text: &str| whole(text, 1, 17))]
    pub(super) digits: u64,
    /// The best value of each column in bold, for Markdown and LaTeX.
    #[arg(long)]
    pub(super) bold: bool,
    /// Numbers in the columns of the package siunitx, for LaTeX.
    #[arg(long)]
    pub(super) siunitx: bool,
    /// The caption in plain words, for LaTeX: the table is then a float.
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub(super) caption: String,
    /// The label for references, such as tab:ends, for LaTeX.
    #[arg(long, value_name = "KEY", default_value = "", value_parser = formats::label_key)]
    pub(super) label: String,
}

/// The arguments of `tune`.
#[derive(Clone, Debug, Args)]
pub struct TuneArgs {
    /// The experiment.
    #[command(flatten)]
    pub(super) experiment: ExperimentArgs,
    /// The folder.
    #[command(flatten)]
    pub(super) folder: FolderArgs,
    /// Number of settings of each method: a grid over two step sizes, a finer one for a single step size.
    #[arg(long, value_name = "N", default_value = "9")]
    pub(super) trials: TrialsArg,
    /// Score to minimize: phi, f, or a loss among the problem's metrics.
    #[arg(long, value_name = "WORD", default_value = "phi")]
    pub(super) judge: String,
    /// The part.
    #[command(flatten)]
    pub(super) part: ShardArgs,
    /// Compute only the trials that an interrupted call has not finished.
    #[arg(long)]
    pub(super) resume: bool,
    /// The threads.
    #[command(flatten)]
    pub(super) threads: ThreadArgs,
}
