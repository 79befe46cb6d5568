//! `run`: every method from every start with every seed.

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::{Format, View};
use super::{figures, say};
use crate::experiment::{self, Experiment, FileSet, Finished, RunKey};
use crate::problem::{Problem, WorkToken};
use crate::run::{Batch, Pool, RunId, RunSpec, Trace};
use crate::study::fill_gaps;

/// What was asked for.
pub(super) struct Call {
    pub(super) file: String,
    pub(super) out: PathBuf,
    pub(super) figures: Vec<Format>,
    pub(super) iterations: Option<u64>,
    pub(super) threads: Option<usize>,
}

/// Runs an experiment and writes what came of it; status 1 if a run ended otherwise than it was meant to.
pub(super) fn run(call: &Call) -> Result<ExitCode> {
    if call.figures.contains(&Format::Pdf) {
        bail!("pdf does not exist yet; choose svg or png");
    }
    let mut experiment = experiment::open(&call.file)?;
    if let Some(iterations) = call.iterations {
        experiment.iterations = iterations;
    }
    // a folder that cannot be written to is better known before the work than after it
    let mut files = FileSet::new(&call.out)?;
    files.probe()?;
    let problem = experiment.problem.build();
    let finished = finish(&experiment, &problem, call.threads)?;
    files.add("trace.csv", |writer| {
        let mut table = csv::Writer::from_writer(writer);
        table.write_record(experiment::header(&*problem))?;
        for run in &finished {
            experiment::write_rows(&mut table, &experiment, run.key, &run.trace)?;
        }
        table.flush()
    })?;
    let summary = experiment::summary(&experiment, &*problem, &finished);
    files.add("summary.json", |writer| {
        serde_json::to_writer_pretty(&mut *writer, &summary)?;
        writer.write_all(b"\n")
    })?;
    for &format in &call.figures {
        for (view, name) in [(View::Race, "race"), (View::Landscape, "landscape")] {
            let picture = figures::draw(view, format, &experiment, &*problem, &finished)?;
            files.add(&format!("{name}.{}", format.ending()), |writer| {
                writer.write_all(&picture)
            })?;
        }
    }
    files.finish()?;
    Ok(report(&experiment, &summary, &finished))
}

/// Runs everything to its end, in the order of [`Experiment::runs`].
pub(super) fn finish(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    threads: Option<usize>,
) -> Result<Vec<Finished>> {
    let runs = experiment.runs(problem)?;
    let bar = progress_bar(runs.len() as u64 * experiment.iterations);
    let workers = threads.unwrap_or_else(Pool::default_workers);
    let mut pool = Pool::new(workers, || {}).context("the worker threads cannot be started")?;
    let mut order = Vec::new();
    let mut under_way: HashMap<RunId, Following> = HashMap::new();
    for (key, spec) in runs {
        let following = Following::new(key, &spec);
        let id = pool.start(spec, u64::MAX);
        order.push(id);
        under_way.insert(id, following);
    }
    let mut finished: HashMap<RunId, Finished> = HashMap::new();
    while let Some(batch) = pool.receive() {
        let id = batch.run;
        let Some(mut following) = under_way.remove(&id) else {
            continue;
        };
        bar.inc(batch.iteration - following.iteration);
        match following.take(batch) {
            Some(run) => {
                bar.inc(experiment.iterations - run.iterations);
                finished.insert(id, run);
            }
            None => {
                under_way.insert(id, following);
            }
        }
    }
    drop(pool);
    let mut finished: Vec<Finished> = order
        .into_iter()
        .filter_map(|id| finished.remove(&id))
        .collect();
    bar.set_message("value gaps");
    let threads = rayon::ThreadPoolBuilder::new().num_threads(workers);
    threads
        .build()
        .context("the threads for the value gaps cannot be started")?
        .install(|| {
            for run in &mut finished {
                fill_gaps(&mut run.trace, &**problem, &WorkToken::default());
            }
        });
    bar.finish_and_clear();
    Ok(finished)
}

/// A run on its way.
struct Following {
    key: RunKey,
    trace: Trace,
    iteration: u64,
}

impl Following {
    fn new(key: RunKey, spec: &RunSpec) -> Self {
        let facts = spec.problem.facts();
        Self {
            key,
            trace: Trace::new(facts.shape(), facts.metrics.len(), spec.recording.points),
            iteration: 0,
        }
    }

    /// Takes what was recorded; the run itself once it has ended.
    fn take(&mut self, batch: Batch) -> Option<Finished> {
        self.trace.extend(&batch.rows);
        self.iteration = batch.iteration;
        let point = batch.end?;
        Some(Finished {
            key: self.key,
            trace: self.trace.clone(),
            status: batch.status,
            iterations: batch.iteration,
            counts: batch.counts,
            time: batch.time,
            point,
        })
    }
}

/// A bar where somebody looks, nothing elsewhere.
fn progress_bar(length: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed}  {msg}") {
        bar.set_style(style);
    }
    bar
}

/// A line per run, and whether all ended as they were meant to.
fn report(experiment: &Experiment, summary: &serde_json::Value, finished: &[Finished]) -> ExitCode {
    let width = experiment
        .methods
        .iter()
        .map(|method| method.label.chars().count())
        .max()
        .unwrap_or(0);
    let mut is_as_expected = true;
    for (run, entry) in finished
        .iter()
        .zip(summary["runs"].as_array().into_iter().flatten())
    {
        let method = &experiment.methods[run.key.method];
        let status = run.status.word();
        let is_meant = match method.expect {
            Some(expected) => expected == status,
            None => !run.status.is_trouble(),
        };
        is_as_expected &= is_meant;
        let mut line = format!(
            "{:width$}  start {}  seed {}  {status:9}  {:>8} iterations  f = {}  gap = {}",
            method.label,
            entry["start"],
            entry["seed"],
            run.iterations,
            number(&entry["final"]["f"][0]),
            number(&entry["final"]["gap"])
        );
        if !run.status.message().is_empty() {
            line = format!("{line}  ({})", run.status.message());
        }
        if let Some(expected) = method.expect.filter(|_| !is_meant) {
            line = format!("{line}  (expected: {expected})");
        }
        say(&line);
    }
    if is_as_expected {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn number(value: &serde_json::Value) -> String {
    value
        .as_f64()
        .map_or_else(|| "unknown".to_owned(), |number| format!("{number:.6e}"))
}
