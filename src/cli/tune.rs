//! `tune`: the same number of trial step sizes for every method.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bilevel::numerics::WorkToken;
use bilevel::run::Executor;
use bilevel::study::{Score, TrialCount, Tuning, tune_by, tuning_runs};
use bilevel_files::{Experiment, FileSet, TableCell};

use super::arguments::TableFormat;
use super::messages;
use super::progress::progress_bar;
use super::say;

/// The interval between two updates of the progress bar.
const TICK: Duration = Duration::from_millis(100);

/// The arguments of `tune`.
pub(super) struct TuneArgs {
    pub(super) file: String,
    pub(super) out: PathBuf,
    pub(super) effort: TrialCount,
    /// The word of the score that rates the trials.
    pub(super) judge: String,
    pub(super) tables: Vec<TableFormat>,
    pub(super) iterations: Option<u64>,
    pub(super) threads: Option<usize>,
}

/// Tunes an experiment, writes the results, and prints a line per method.
pub(super) fn tune(call: &TuneArgs) -> Result<()> {
    let mut experiment = bilevel_files::open(&call.file)?;
    let iterations = experiment.iterations;
    if let Some(iterations) = call.iterations {
        experiment.iterations = iterations;
    }
    let mut files = FileSet::new(&call.out)?;
    files.probe()?;
    let (judge, tunings) = tunings(&experiment, call)?;
    let tuned = Experiment {
        iterations,
        ..experiment.tuned(&tunings)
    };
    let table = experiment.tuning_table(&tunings);
    let trials = experiment.trials_csv(&tunings)?;
    let mut texts = vec![
        ("tuned.toml".to_owned(), tuned.write()),
        ("tuning.csv".to_owned(), trials),
    ];
    for format in &call.tables {
        texts.push((format!("table.{}", format.ending()), format.of(&table)?));
    }
    for (name, text) in texts {
        files.add(&name, |writer| writer.write_all(text.as_bytes()))?;
    }
    files.finish()?;
    say(&messages::score_of_trials(judge));
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
    Ok(())
}

/// The score's name and the tunings of all methods, computed with a progress bar on a terminal.
fn tunings(experiment: &Experiment, call: &TuneArgs) -> Result<(&'static str, Vec<Tuning>)> {
    let problem = experiment.problem.build_informed(&WorkToken::default());
    // a method that does not suit the problem is an error here, as it is for `run`
    experiment.runs(&problem)?;
    let judge = Score::from_word(&call.judge, &*problem).map_err(anyhow::Error::msg)?;
    let methods = experiment.tunable(&problem)?;
    let bar = progress_bar(tuning_runs(&methods, call.effort) as u64);
    let done = AtomicUsize::new(0);
    let threads = call.threads.unwrap_or_else(Executor::default_threads);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.context(messages::no_workers())?;
    let (sender, receiver) = crossbeam_channel::bounded::<()>(1);
    let tunings = std::thread::scope(|scope| {
        scope.spawn(|| {
            while receiver
                .recv_timeout(TICK)
                .is_err_and(|error| error.is_timeout())
            {
                bar.set_position(done.load(Ordering::Relaxed) as u64);
            }
        });
        let token = WorkToken::default();
        let tunings = pool.install(|| tune_by(judge, &methods, call.effort, &done, &token));
        drop(sender);
        tunings
    });
    bar.finish_and_clear();
    let tunings = tunings.context(messages::tuning_cancelled())?;
    Ok((judge.name(&*problem), tunings))
}
