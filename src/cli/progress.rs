//! Progress: a bar on a terminal, a line now and then in a log.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bilevel_files::{ProgressReports, RunResult};
use indicatif::{ProgressBar, ProgressStyle};

use super::console::{is_quiet, is_verbose, note};
use super::messages;

/// The time between two lines in a log.
const PAUSE: Duration = Duration::from_secs(30);

/// The progress of a command through its phases.
pub(super) struct Progress {
    bar: ProgressBar,
    /// True where lines are printed in place of a bar.
    is_log: bool,
    length: AtomicU64,
    done: AtomicU64,
    ended: AtomicUsize,
    runs: usize,
    phase: Mutex<Phase>,
}

/// A kind of work.
struct Phase {
    words: String,
    begun: Instant,
    /// The time of the last line in a log.
    last: Instant,
}

impl Progress {
    /// The progress of `runs` runs, with `length` units in all.
    pub(super) fn new(words: &str, length: u64, runs: usize) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = if is_terminal && !is_quiet() {
            ProgressBar::new(length)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed}  {msg}")
        {
            bar.set_style(style);
        }
        bar.set_message(words.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        let now = Instant::now();
        Self {
            bar,
            is_log: !is_terminal && !is_quiet(),
            length: AtomicU64::new(length),
            done: AtomicU64::new(0),
            ended: AtomicUsize::new(0),
            runs,
            phase: Mutex::new(Phase {
                words: words.to_owned(),
                begun: now,
                last: now,
            }),
        }
    }

    /// Begins another kind of work of `length` units.
    pub(super) fn begin(&self, words: &str, length: u64) {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        words.clone_into(&mut phase.words);
        let is_due = phase.begun.elapsed() >= PAUSE;
        phase.begun = Instant::now();
        drop(phase);
        self.length.store(length, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.bar.set_length(length);
        self.bar.set_position(0);
        self.bar.set_message(words.to_owned());
        if is_verbose() || self.is_log && is_due {
            self.line(&messages::phase(words));
        }
    }

    /// Counts units that are done.
    pub(super) fn advance(&self, units: u64) {
        self.bar.inc(units);
        let done = self.done.fetch_add(units, Ordering::Relaxed) + units;
        if !self.is_log {
            return;
        }
        // whoever finds it taken leaves the line to the holder
        let Ok(mut phase) = self.phase.try_lock() else {
            return;
        };
        if phase.last.elapsed() < PAUSE {
            return;
        }
        phase.last = Instant::now();
        let share = done as f64 / self.length.load(Ordering::Relaxed).max(1) as f64;
        let seconds = phase.begun.elapsed().as_secs();
        note(&messages::progress(&phase.words, 100.0 * share, seconds));
    }

    /// Notes the end of a run.
    pub(super) fn run_ended(&self, label: &str, status: &str) {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        if is_verbose() {
            self.line(&messages::run_ended([ended, self.runs], label, status));
        }
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| note(text));
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The reports of an experiment's runs; `label` names the method of a run.
pub(super) fn with_reports<T>(
    progress: &Progress,
    label: &(dyn Fn(&RunResult) -> String + Sync),
    work: impl FnOnce(ProgressReports<'_>) -> T,
) -> T {
    work(ProgressReports {
        advance: &|units| progress.advance(units),
        stage: &|words| progress.begin(words, progress.runs as u64),
        ended: &|run| progress.run_ended(&label(run), run.status.word()),
        judged: &|runs| progress.advance(runs as u64),
    })
}

/// Shows a spinner with the elapsed time on a terminal while work of unknown length is done.
pub(super) fn with_spinner<T>(message: String, work: impl FnOnce() -> T) -> T {
    let spinner = if std::io::stderr().is_terminal() && !is_quiet() {
        ProgressBar::new_spinner()
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed}  {msg}") {
        spinner.set_style(style);
    }
    if is_verbose() {
        note(&messages::phase(&message));
    }
    spinner.set_message(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let result = work();
    spinner.finish_and_clear();
    result
}
