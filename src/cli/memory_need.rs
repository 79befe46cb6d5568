//! The memory that the runs of an experiment take, told and compared with that of the machine before anything runs.

use anyhow::{Result, bail};
use bilevel::problem::Problem;
use bilevel::run::{Points, Recording, Trace};
use bilevel_files::{Experiment, ROOM_FOR_ROWS};

use super::messages;

/// The size from which it is told, in bytes.
pub(super) const TOLD: f64 = 100e6;
/// Points that a run under way holds: its start, those of its method, and the last one.
const POINTS: usize = 6;
/// Points of a run that has ended, and of one that has not begun.
const POINTS_AT_REST: usize = 4;

/// The memory that some runs take.
#[derive(Clone, Copy, Debug)]
pub(super) struct MemoryNeed {
    /// The number of runs.
    pub(super) runs: usize,
    /// The number of recorded rows, if no run ends early.
    pub(super) rows: f64,
    /// The number of bytes if all rows are held at once, as pictures need them.
    pub(super) bytes: f64,
    /// The number of bytes if rows are written as the runs advance.
    pub(super) streamed: f64,
}

impl MemoryNeed {
    /// The need of a number of an experiment's runs.
    pub(super) fn of(experiment: &Experiment, problem: &dyn Problem, runs: usize) -> Self {
        let metadata = problem.metadata();
        let variables = metadata.shape().total();
        let usual = Recording::default_for(variables);
        let points = experiment.record_points.unwrap_or(usual.points);
        let rows = match experiment.record_every {
            0 => 0.0,
            every => (experiment.iterations / every) as f64,
        };
        let row = Trace::bytes_of_row(metadata, points == Points::All);
        let of_points = |number: usize| (number * variables * size_of::<f64>()) as f64;
        let all_rows = (rows + 2.0) * row * runs as f64;
        Self {
            runs,
            rows: (rows + 2.0) * runs as f64,
            bytes: all_rows + of_points(POINTS) * runs as f64,
            streamed: all_rows.min(ROOM_FOR_ROWS)
                + (of_points(POINTS_AT_REST) + 2.0 * row) * runs as f64,
        }
    }

    /// Refuses bytes that are more than the machine has; nothing where the machine's memory is not known.
    pub(super) fn check(bytes: f64) -> Result<()> {
        match memory_of_machine() {
            Some(there) if bytes > there => {
                bail!(messages::too_much_memory(&size(bytes), &size(there)))
            }
            _ => Ok(()),
        }
    }
}

/// A number of bytes in words, to two digits.
pub(super) fn size(bytes: f64) -> String {
    let rounded = bilevel::numerics::rounded(bytes, 2);
    match rounded {
        _ if rounded >= 1e12 => messages::terabytes(rounded / 1e12),
        _ if rounded >= 1e9 => messages::gigabytes(rounded / 1e9),
        _ => messages::megabytes(rounded / 1e6),
    }
}

/// The memory of the machine, or of the container, in bytes, where the system tells it.
fn memory_of_machine() -> Option<f64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let total = read("/proc/meminfo").and_then(|text| total_of(&text));
    let container = read("/sys/fs/cgroup/memory.max");
    let container = container.and_then(|text| text.trim().parse::<f64>().ok());
    match (total, container) {
        (Some(total), Some(container)) => Some(total.min(container)),
        (total, container) => total.or(container),
    }
}

/// The total in Linux's list of memory.
fn total_of(text: &str) -> Option<f64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024.0 * kilobytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_need_grows_with_rows_runs_and_variables() {
        let text = "iterations = 1000000\n[problem]\nid = 'coreset'\n[[method]]\nid = 'bome'\n";
        let need = |text: &str, runs: usize| {
            let experiment = Experiment::read("a.toml", text).expect("an experiment");
            let problem = experiment.problem.build();
            MemoryNeed::of(&experiment, &*problem, runs)
        };
        // 2 levels, 10 counts and 6 variables: measured are 240 bytes a row
        let one = need(text, 1);
        assert!((200.0..280.0).contains(&(one.bytes / one.rows)), "{one:?}");
        assert_eq!(need(text, 15).bytes, 15.0 * one.bytes);
        assert!(need(text, 15).streamed < 1.1 * ROOM_FOR_ROWS);
        let thin = need(&format!("record_every = 1000\n{text}"), 1);
        assert_eq!(thin.rows, 1002.0);
    }

    #[test]
    fn sizes_and_the_systems_list_are_read() {
        assert_eq!(size(3.61e9), "3.6 GB");
        assert_eq!(size(4.04e10), "40 GB");
        assert_eq!(size(123_456_789.0), "120 MB");
        let list = "MemTotal:       24689016 kB\nMemFree:         1 kB\n";
        assert_eq!(total_of(list), Some(24_689_016.0 * 1024.0));
        assert_eq!(total_of("MemFree: 1 kB"), None);
    }
}
