//! A progress bar or a spinner on a terminal.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bilevel::problem::Problem;
use bilevel::study::SurveyOutcome;
use bilevel_files::{Experiment, ProgressReports, RunResult, Shard, SurveyPlan};
use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar on a terminal, hidden elsewhere.
pub(super) fn progress_bar(length: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed}  {msg}") {
        bar.set_style(style);
    }
    bar
}

/// Shows a spinner with the elapsed time on a terminal while work of unknown length is done.
pub(super) fn with_spinner<T>(message: String, work: impl FnOnce() -> T) -> T {
    let spinner = if std::io::stderr().is_terminal() {
        ProgressBar::new_spinner()
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed}  {msg}") {
        spinner.set_style(style);
    }
    spinner.set_message(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let result = work();
    spinner.finish_and_clear();
    result
}

/// Runs an experiment to its end with a progress bar; results are in the order of [`Experiment::runs`].
pub(super) fn finish(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    threads: Option<usize>,
) -> Result<Vec<RunResult>> {
    let bar = progress_bar(experiment.run_count() as u64 * experiment.iterations);
    let progress = ProgressReports {
        advance: &|done| bar.inc(done),
        stage: &|words| bar.set_message(words),
    };
    let finished = bilevel_files::run_all(experiment, problem, threads, progress);
    bar.finish_and_clear();
    Ok(finished?)
}

/// The outcomes of the runs of a survey's shard, with a progress bar.
pub(super) fn cells(plan: &SurveyPlan, shard: Shard, threads: usize) -> Result<Vec<SurveyOutcome>> {
    let bar = progress_bar(shard.runs(plan.survey.len()).count() as u64);
    let progress = ProgressReports {
        advance: &|done| bar.inc(done),
        stage: &|_| (),
    };
    let cells = bilevel_files::cells(plan, shard, threads, progress);
    bar.finish_and_clear();
    Ok(cells?)
}
