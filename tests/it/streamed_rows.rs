//! Rows that are written part after part are those of runs that are held in memory.

use std::io::Write as _;

use bilevel::numerics::WorkToken;
use bilevel::run::Status;
use bilevel_files::{
    Experiment, ExtraColumn, ProgressReports, RefereeRows, RowSpool, RunOptions, RunResult,
    StoredFolder, StoredRuns, TraceLayout, run_rest, run_streamed, stream_stored, summary,
};
use bilevel_lab::embedded;
use rstest::rstest;
use serde_json::Value as Json;

/// The layout with every further column.
fn layout() -> TraceLayout {
    TraceLayout {
        extra: vec![
            ExtraColumn::Phi,
            ExtraColumn::Distance,
            ExtraColumn::HypergradientError,
            ExtraColumn::Cost,
        ],
        has_own_names: false,
    }
}

/// The lines of a table without the times, which differ from run to run.
fn untimed(table: &[u8]) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).from_reader(table);
    let rows = reader.into_records().map(|row| {
        let row = row.expect("a row");
        let cells = row.iter().enumerate().filter(|(column, _)| *column != 4);
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",")
    });
    rows.collect()
}

/// The summary without times.
fn untimed_summary(experiment: &Experiment, runs: &[RunResult]) -> Json {
    let problem = experiment.problem.build();
    let mut summary = summary(experiment, &*problem, runs);
    for run in summary["runs"].as_array_mut().expect("runs") {
        run.as_object_mut().expect("a run").remove("time_s");
    }
    summary
}

/// Runs an experiment in both ways, with the least room, and compares rows and summaries.
#[track_caller]
fn assert_same(experiment: &Experiment, options: RunOptions) {
    let token = WorkToken::default();
    let problem = experiment.problem.build_informed(&token);
    let layout = layout();
    let rest = (options, &[][..]);
    let silent = ProgressReports::SILENT;
    let held = run_rest(experiment, &problem, rest, silent, &token).expect("runs");
    let mut expected = Vec::new();
    for run in &held {
        let mut writer = csv::Writer::from_writer(&mut expected);
        let rows = (experiment, run.key, &run.trace);
        let written = layout.write_rows(&mut writer, rows, 0..run.trace.len());
        written.expect("written");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut spool = RowSpool::new(folder.path()).expect("a spool");
    let streamed = {
        let mut sink = spool.sink(experiment, &layout);
        let both = (silent, &token);
        run_streamed(experiment, &problem, rest, (&mut sink, 0.0), both).expect("runs")
    };
    let mut found = Vec::new();
    for run in &streamed {
        assert!(run.trace.len() <= 2);
        assert!(spool.copy(run.key, &mut found).expect("copied"));
    }
    let (expected, found) = (untimed(&expected), untimed(&found));
    assert_eq!(found.len(), expected.len());
    for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(found, expected, "row {row}");
    }
    assert_eq!(
        untimed_summary(experiment, &streamed),
        untimed_summary(experiment, &held)
    );
    // nothing is left in the folder
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0);
}

#[rstest]
fn rows_in_parts_are_those_of_runs_in_memory(
    #[values("pbgd", "noise", "fork", "stackelberg-exponential")] preset: &str,
    #[values(1, 3)] record_every: u64,
) {
    let mut experiment = embedded::open(preset).expect("the preset is right");
    experiment.iterations = experiment.iterations.min(1500);
    experiment.record_every = record_every;
    let options = RunOptions {
        threads: Some(2),
        referee: RefereeRows::Every(50),
        has_errors: true,
        ..RunOptions::default()
    };
    assert_same(&experiment, options);
}

#[rstest]
fn rows_of_runs_that_diverge_or_are_not_judged_are_the_same_in_parts() {
    let text = "iterations = 3000\nstarts = [[[1.0], [1.0]], [[0.5], [1.0]]]\n[problem]\nid = 'pbgd'\n\
                [[method]]\nid = 'itd'\nouter_step_size = 50.0\n[[method]]\nid = 'bome'\n";
    let experiment = Experiment::read("a.toml", text).expect("an experiment");
    for referee in [RefereeRows::All, RefereeRows::None] {
        let options = RunOptions {
            referee,
            ..RunOptions::default()
        };
        assert_same(&experiment, options);
    }
}

#[rstest]
fn a_run_that_was_interrupted_has_its_rows_and_others_do_not_begin() {
    let mut experiment = embedded::open("pbgd").expect("the preset is right");
    experiment.iterations = 2_000_000;
    experiment.seeds = vec![1];
    let problem = experiment.problem.build();
    let token = WorkToken::default();
    let layout = TraceLayout::default();
    let mut spool = RowSpool::new(std::path::Path::new("")).expect("a spool");
    let mut sink = spool.sink(&experiment, &layout);
    let advance = |_: u64| token.cancel();
    let progress = ProgressReports {
        advance: &advance,
        ..ProgressReports::SILENT
    };
    let options = RunOptions {
        threads: Some(1),
        ..RunOptions::default()
    };
    let rest = (options, &[][..]);
    let runs = run_streamed(
        &experiment,
        &problem,
        rest,
        (&mut sink, 0.0),
        (progress, &token),
    );
    drop(sink);
    let runs = runs.expect("runs");
    assert!(!runs.is_empty());
    for run in &runs {
        assert!(matches!(run.status, Status::Stopped(_)), "{:?}", run.status);
        let mut table = Vec::new();
        assert!(spool.copy(run.key, &mut table).expect("copied"));
        table.flush().expect("flushed");
        let rows = untimed(&table);
        assert_eq!(rows.len() as u64, run.iterations + 1);
    }
}

#[rstest]
fn rows_of_a_folder_are_streamed_as_they_were_written(
    #[values("all", "some", "ends", "none")] points: &str,
    #[values("1", "100")] judge_every: &str,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("two.toml");
    // one of the runs diverges after a few rows
    let text = format!(
        "iterations = 1500\nrecord_points = \"{points}\"\nstarts = [[[1.0], [1.0]], [[0.5], [1.0]]]\n\
         [problem]\nid = 'pbgd'\n[[method]]\nid = 'bome'\n[[method]]\nid = 'itd'\nouter_step_size = 50.0\n"
    );
    std::fs::write(&file, text).expect("written");
    let out = folder.path().join("out");
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
        .args(["run", "--judge-every", judge_every, "--out"])
        .args([&out, &file])
        .output();
    let words = program.expect("the program starts").stderr;
    let table = std::fs::read(out.join("trace.csv")).expect("a table");
    assert!(table.len() > 100_000, "{}", String::from_utf8_lossy(&words));
    let token = WorkToken::default();
    let options = RunOptions {
        threads: Some(2),
        referee: RefereeRows::Every(judge_every.parse().expect("a number")),
        ..RunOptions::default()
    };
    let (layout, mut spool) = (
        TraceLayout::default(),
        RowSpool::new(folder.path()).expect("a spool"),
    );
    let stored = StoredFolder::open(&out, &token).expect("a folder of results");
    let experiment = stored.experiment.clone();
    let streamed = {
        let mut sink = spool.sink(&experiment, &layout);
        stream_stored(stored, options, (&mut sink, 0.0), &token).expect("rows")
    };
    let mut found = layout.header(&*streamed.problem).join(",").into_bytes();
    found.push(b'\n');
    let held = StoredRuns::read(&out, &token).expect("a folder of results");
    assert_eq!(streamed.results.len(), 4);
    for (run, whole) in streamed.results.iter().zip(&held.results) {
        assert!(run.trace.len() <= 2 && whole.trace.len() > 2);
        assert_eq!((run.key, &run.point), (whole.key, &whole.point));
        assert_eq!(run.trace.last_iteration(), whole.trace.last_iteration());
        assert!(spool.copy(run.key, &mut found).expect("copied"));
    }
    assert!(found == table, "the rows differ");
}
