//! `tune`: the same number of trial step sizes for every method.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bilevel::run::Executor;
use bilevel::study::{Score, Tuning, tune_until, tuning_runs};
use bilevel_files::{Experiment, SetKind, Table, TableCell};
use serde_json::{Value, json};

use super::arguments::TuneArgs;
use super::console::{say, write_bytes};
use super::interrupt::Interrupt;
use super::messages;
use super::opened::OpenedExperiment;
use super::output;
use super::progress::Progress;
use super::run::with_minima;

/// The interval between two updates of the progress.
const TICK: Duration = Duration::from_millis(100);
/// The name of the tuned experiment.
const TUNED: &str = "tuned.toml";

/// The trials of all methods.
struct TuningOutput {
    /// The name of the score.
    score: &'static str,
    tunings: Vec<Tuning>,
    /// The numbers of runs that ended, and of all.
    runs: [usize; 2],
}

/// Tunes an experiment, writes the results, and prints a line per method.
pub(super) fn tune(call: &TuneArgs) -> Result<ExitCode> {
    let opened = OpenedExperiment::with_methods(&call.experiment)?;
    let experiment = &opened.experiment;
    let interrupt = Interrupt::watch()?;
    if call.folder.is_standard_output() {
        output::check_standard_output(&call.folder, false)?;
        let done = tunings(experiment, call, &interrupt)?;
        write_bytes(experiment.trials_csv(&done.tunings)?.as_bytes());
        return Ok(output::code_of(&interrupt, done.runs, ExitCode::SUCCESS));
    }
    let names = vec![TUNED.to_owned()];
    let mut set = output::begin(&call.folder, SetKind::Tuning, &opened.id, names)?;
    let done = tunings(experiment, call, &interrupt)?;
    if let Some(code) = output::code_of_nothing(&set, &interrupt, done.runs) {
        return Ok(code);
    }
    let mut tuned = experiment.tuned(&done.tunings);
    if call.experiment.iterations.is_some() {
        // the trials' own number is no setting of the experiment
        tuned.iterations = opened.iterations;
    }
    let trials = experiment.trials_csv(&done.tunings)?;
    let columns = trials_columns(&trials);
    set.add("tuning.csv", Some(columns), |writer| {
        writer.write_all(trials.as_bytes())
    })?;
    let tuned = tuned.write_anywhere();
    set.add(TUNED, None, |writer| writer.write_all(tuned.as_bytes()))?;
    let table = experiment.tuning_table(&done.tunings);
    output::add_tables(
        &mut set,
        SetKind::Tuning.word(),
        &call.folder.tables,
        &table,
    )?;
    let replaced = set.publish(summary(experiment, call, &done))?;
    output::report(&replaced);
    report(&done, &table);
    Ok(output::code_of(&interrupt, done.runs, ExitCode::SUCCESS))
}

/// The content of `tuning.json`.
fn summary(experiment: &Experiment, call: &TuneArgs, done: &TuningOutput) -> Value {
    let methods = experiment.methods.iter().zip(&done.tunings);
    let methods = methods.map(|(method, tuning)| {
        let best = tuning.trials.get(tuning.best);
        let values = best.map(|_| {
            let values = tuning.values(tuning.best).into_iter();
            let values = values.map(|(name, value)| (name.to_owned(), json!(value.to_string())));
            Value::Object(values.collect())
        });
        json!({
            "label": method.label,
            "method": method.entry.id,
            "trials": tuning.trials.len(),
            "best": values,
            "median": best.map(|trial| trial.median).filter(|median| median.is_finite()),
        })
    });
    let mut summary = json!({
        "experiment": experiment.title,
        "version": env!("CARGO_PKG_VERSION"),
        "score": done.score,
        "trials": call.trials.effort().trials(),
        "iterations": experiment.iterations,
        "methods": methods.collect::<Vec<_>>(),
        "file": experiment.write_anywhere(),
    });
    if done.runs[0] < done.runs[1] {
        summary["complete"] = json!(false);
    }
    summary
}

fn trials_columns(trials: &str) -> Vec<String> {
    let first = trials.lines().next().unwrap_or_default();
    first.split(',').map(ToOwned::to_owned).collect()
}

/// Prints a line per method.
fn report(done: &TuningOutput, table: &Table) {
    say(&messages::score_of_trials(done.score));
    for row in &table.rows {
        let words = row.iter().zip(&table.head).skip(1);
        let words = words
            .filter(|(cell, _)| **cell != TableCell::Unknown)
            .map(|(cell, name)| format!("{name} {}", cell.short()));
        say(&format!(
            "{}: {}",
            row[0].short(),
            words.collect::<Vec<_>>().join(", ")
        ));
    }
}

/// The tunings of all methods, computed with their progress.
fn tunings(
    experiment: &Experiment,
    call: &TuneArgs,
    interrupt: &Interrupt,
) -> Result<TuningOutput> {
    let problem = with_minima(experiment, &interrupt.token);
    // a method that does not suit the problem is an error here, as it is for `run`
    experiment.runs(&problem)?;
    let judge = Score::from_word(&call.judge, &*problem).map_err(anyhow::Error::msg)?;
    let methods = experiment.tunable(&problem)?;
    let effort = call.trials.effort();
    let runs = tuning_runs(&methods, effort);
    let progress = Progress::new(messages::running(), runs as u64, runs);
    let done = AtomicUsize::new(0);
    let threads = call.threads.count();
    let threads = threads.unwrap_or_else(Executor::default_threads);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.context(messages::no_workers())?;
    let (sender, receiver) = crossbeam_channel::bounded::<()>(1);
    let tunings = std::thread::scope(|scope| {
        let counter = std::thread::Builder::new().spawn_scoped(scope, || {
            let mut shown = 0;
            while receiver
                .recv_timeout(TICK)
                .is_err_and(|error| error.is_timeout())
            {
                let now = done.load(Ordering::Relaxed);
                progress.advance((now - shown) as u64);
                shown = now;
            }
        });
        counter.context(messages::no_workers())?;
        let (tunings, _) =
            pool.install(|| tune_until(judge, &methods, effort, &done, &interrupt.token));
        drop(sender);
        Ok::<_, anyhow::Error>(tunings)
    });
    progress.finish();
    Ok(TuningOutput {
        score: judge.name(&*problem),
        tunings: tunings?,
        runs: [done.load(Ordering::Relaxed), runs],
    })
}
