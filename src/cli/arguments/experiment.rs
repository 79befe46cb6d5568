//! The arguments that commands on an experiment share.

use std::path::PathBuf;

use bilevel::study::{REST, StartGrid};
use bilevel_files::{Experiment, SettingChange, Shard};
use clap::Args;

use super::formats::TableFormat;
use crate::cli::messages;

/// The experiment, and changes of it.
#[derive(Clone, Debug, Args)]
pub(crate) struct ExperimentArgs {
    /// An experiment file, the name of a preset, or - for the standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<String>,
    /// The methods that take part, by label; all if not given.
    #[arg(long, value_name = "LABEL", num_args = 1..)]
    pub(crate) methods: Vec<String>,
    /// Seed of the runs; all of the file if not given.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| whole(text, 0, u64::MAX))]
    pub(crate) seed: Option<u64>,
    /// A parameter's value in place of the file's; LABEL may be a method's id, or `problem`. May be repeated.
    #[arg(long = "set", value_name = "LABEL.parameter=VALUE")]
    pub(crate) changes: Vec<SettingChange>,
    /// Outer iterations, in place of the file's.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| whole(text, 0, Experiment::MOST_ITERATIONS))]
    pub(crate) iterations: Option<u64>,
}

/// The folder of results.
#[derive(Clone, Debug, Args)]
pub struct FolderArgs {
    /// The folder for the results, which is created if necessary; - prints the table of data instead.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Replace results of another experiment in the folder.
    #[arg(long)]
    pub(crate) force: bool,
    /// Tables of results to write beside them.
    #[arg(long, value_delimiter = ',', value_name = "md,tex,csv")]
    pub(crate) tables: Vec<TableFormat>,
}

impl FolderArgs {
    /// True if the table of data goes to the standard output.
    pub(crate) fn is_standard_output(&self) -> bool {
        is_standard_output(&self.out)
    }
}

/// True for `-`, the standard output.
pub(crate) fn is_standard_output(out: &std::path::Path) -> bool {
    out.as_os_str() == "-"
}

/// The number of threads.
#[derive(Clone, Copy, Debug, Args)]
pub struct ThreadArgs {
    /// Number of worker threads; the number of cores if not given.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| whole(text, 1, 256))]
    threads: Option<u64>,
}

impl ThreadArgs {
    /// The number of threads, if it is given.
    pub(crate) fn count(self) -> Option<usize> {
        self.threads
            .and_then(|threads| usize::try_from(threads).ok())
    }
}

/// The part of the work.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ShardArgs {
    /// Only the i-th of n parts, to divide the work among machines; `merge` joins them. `auto` or `auto/n` takes i from the
    /// variables of Slurm, an indexed job of Kubernetes, or GNU parallel.
    #[arg(long, value_name = "i/n", value_parser = super::shard::shard)]
    shard: Option<Shard>,
}

impl ShardArgs {
    /// The part; the whole if none is named.
    pub(crate) fn get(self) -> Shard {
        self.shard.unwrap_or_default()
    }
}

/// The arguments that surveys share.
#[derive(Clone, Debug, Args)]
pub struct SurveyArgs {
    /// The experiment.
    #[command(flatten)]
    pub(crate) experiment: ExperimentArgs,
    /// The starts along each axis.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| whole(text, StartGrid::SIDES[0] as u64, StartGrid::SIDES[1] as u64))]
    pub(crate) grid: Option<u64>,
    /// The variables that the starts vary in, such as x1[1],x2[1] or x,y; the leader's only one if not given.
    #[arg(long, value_delimiter = ',', value_name = "X,Y")]
    pub(crate) plane: Vec<String>,
    /// Convergence threshold on the norm of a method's direction, divided by its outer step size over 1 - momentum if that exceeds 1.
    #[arg(long, value_name = "LENGTH", default_value_t = REST, allow_negative_numbers = true, value_parser = rest)]
    pub(crate) rest: f64,
    /// The part.
    #[command(flatten)]
    pub(crate) part: ShardArgs,
    /// Compute only the runs that an interrupted call has left out.
    #[arg(long)]
    pub(crate) resume: bool,
    /// The folder.
    #[command(flatten)]
    pub(crate) folder: FolderArgs,
    /// The threads.
    #[command(flatten)]
    pub(crate) threads: ThreadArgs,
}

/// Reads a length at which a method is at rest.
fn rest(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rest) if rest >= 0.0 && rest.is_finite() => Ok(rest),
        _ => Err(messages::wrong_rest(text)),
    }
}

/// Reads a whole number between two limits.
pub(super) fn whole(text: &str, least: u64, most: u64) -> Result<u64, String> {
    let number = text.parse().ok();
    let number = number.filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| messages::wrong_whole(least, (most < u64::MAX).then_some(most)))
}
