//! `tune`: the same number of trial step sizes for every method.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bilevel::run::Executor;
use bilevel::study::{Score, trial_scores};
use bilevel_files::{ResultSet, SetKind, Table, TableCell, TuningFiles, TuningOptions, TuningPart};

use super::arguments::{FolderArgs, TuneArgs};
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
pub(super) const TUNED: &str = "tuned.toml";

/// Tunes an experiment, writes the results, and prints a line per method.
pub(super) fn tune(call: &TuneArgs) -> Result<ExitCode> {
    let opened = OpenedExperiment::with_methods(&call.experiment)?;
    let interrupt = Interrupt::watch()?;
    if call.folder.is_standard_output() {
        output::check_standard_output(&call.folder, call.resume)?;
        let (mut files, judge) = begun(call, &opened, &interrupt)?;
        let done = compute(&mut files, judge, call, &interrupt)?;
        write_bytes(files.csv()?.as_bytes());
        return Ok(output::code_of(&interrupt, done, ExitCode::SUCCESS));
    }
    let names = vec![TUNED.to_owned()];
    let mut set = output::begin(&call.folder, SetKind::Tuning, &opened.id, names)?;
    let (mut files, judge) = begun(call, &opened, &interrupt)?;
    if call.resume {
        resume(&mut files, call)?;
    }
    let done = compute(&mut files, judge, call, &interrupt)?;
    if let Some(code) = output::code_of_nothing(&set, &interrupt, done) {
        return Ok(code);
    }
    write(&mut set, &files, &call.folder)?;
    Ok(output::code_of(&interrupt, done, ExitCode::SUCCESS))
}

/// Writes a tuning and prints its summary. A part of one has no tuned experiment: others may know better trials.
pub(super) fn write(set: &mut ResultSet, files: &TuningFiles, call: &FolderArgs) -> Result<()> {
    let trials = files.csv()?;
    set.add(SetKind::Tuning.data(), Some(files.columns()), |writer| {
        writer.write_all(trials.as_bytes())
    })?;
    if !files.is_part() {
        let tuned = files.tuned();
        set.add(TUNED, None, |writer| writer.write_all(tuned.as_bytes()))?;
    }
    let table = files.table();
    output::add_tables(set, SetKind::Tuning.word(), &call.tables, &table)?;
    output::report(&set.publish(files.json())?);
    report(files.score(), &table);
    Ok(())
}

/// A tuning without scores, and the score of its trials.
fn begun(
    call: &TuneArgs,
    opened: &OpenedExperiment,
    interrupt: &Interrupt,
) -> Result<(TuningFiles, Score)> {
    let experiment = &opened.experiment;
    let problem = with_minima(experiment, &interrupt.token);
    // a method that does not suit the problem is an error here, as it is for `run`
    experiment.runs(&problem)?;
    let judge = Score::from_word(&call.judge, &*problem).map_err(anyhow::Error::msg)?;
    let options = TuningOptions {
        judge,
        effort: call.trials.effort(),
        shard: call.part.get(),
        tuned_iterations: call.experiment.iterations.map(|_| opened.iterations),
    };
    Ok((TuningFiles::new(experiment, &problem, options)?, judge))
}

/// Takes the trials of an interrupted call, if there are any.
fn resume(files: &mut TuningFiles, call: &TuneArgs) -> Result<()> {
    let folder = &call.folder.out;
    if TuningPart::is_in(folder) && !files.resume(&TuningPart::read(folder)?) {
        bail!(messages::other_tuning(&folder.display().to_string()));
    }
    Ok(())
}

/// Prints a line per method.
fn report(score: &str, table: &Table) {
    say(&messages::score_of_trials(score));
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

/// Computes the trials that have no scores yet, with their progress; returns the numbers of runs that have ended, and of
/// all.
fn compute(
    files: &mut TuningFiles,
    judge: Score,
    call: &TuneArgs,
    interrupt: &Interrupt,
) -> Result<[usize; 2]> {
    let (keys, all) = (files.missing_keys(), files.runs_of(&files.keys()));
    let runs = files.runs_of(&keys);
    let progress = Progress::new(messages::running(), runs as u64, runs);
    let done = AtomicUsize::new(0);
    let threads = call.threads.count();
    let threads = threads.unwrap_or_else(Executor::default_threads);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.context(messages::no_workers())?;
    let (sender, receiver) = crossbeam_channel::bounded::<()>(1);
    let scores = std::thread::scope(|scope| {
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
        let work = files.work();
        let scores = pool.install(|| trial_scores(judge, work, &keys, &done, &interrupt.token));
        drop(sender);
        Ok::<_, anyhow::Error>(scores)
    });
    progress.finish();
    files.add(scores?);
    Ok([all - runs + done.load(Ordering::Relaxed), all])
}
