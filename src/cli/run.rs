//! `run`: every method from every start with every seed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel::numerics::WorkToken;
use bilevel_figure::{Fineness, default_page_size, draw, view_of_word};
use bilevel_files::{Experiment, FileSet, OutcomeRow, RunResult, Table};

use super::arguments::{FormatName, TableFormat};
use super::messages;
use super::progress::finish;
use super::say;

/// The arguments of `run`.
pub(super) struct RunArgs {
    pub(super) file: String,
    pub(super) out: PathBuf,
    pub(super) figures: Vec<FormatName>,
    pub(super) tables: Vec<TableFormat>,
    pub(super) iterations: Option<u64>,
    pub(super) threads: Option<usize>,
}

/// Runs an experiment and writes its results; status 1 if a run ended otherwise than expected.
pub(super) fn run(call: &RunArgs) -> Result<ExitCode> {
    let formats: Option<Vec<_>> = call.figures.iter().map(|name| name.format()).collect();
    let Some(formats) = formats else {
        bail!(messages::no_pdf_of_run());
    };
    let mut experiment = bilevel_files::open(&call.file)?;
    if let Some(iterations) = call.iterations {
        experiment.iterations = iterations;
    }
    // a folder that cannot be written to is reported before the work, not after it
    let mut files = FileSet::new(&call.out)?;
    files.probe()?;
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let finished = finish(&experiment, &problem, call.threads)?;
    files.add("trace.csv", |writer| {
        let mut table = csv::Writer::from_writer(writer);
        table.write_record(bilevel_files::header(&*problem))?;
        for run in &finished {
            bilevel_files::write_rows(&mut table, &experiment, run.key, &run.trace)?;
        }
        table.flush()
    })?;
    let summary = bilevel_files::summary(&experiment, &*problem, &finished);
    files.add("summary.json", |writer| {
        serde_json::to_writer_pretty(&mut *writer, &summary)?;
        writer.write_all(b"\n")
    })?;
    for format in formats {
        for name in ["race", "landscape"] {
            let Some(view) = view_of_word(name) else {
                continue;
            };
            let file = (view, default_page_size(view), format);
            let picture = draw(file, &experiment, &problem, &finished, Fineness::Full)?;
            files.add(&format!("{name}.{}", format.ending()), |writer| {
                writer.write_all(&picture)
            })?;
        }
    }
    let table = table(&experiment, &finished);
    for format in &call.tables {
        let text = format.of(&table)?;
        files.add(&format!("table.{}", format.ending()), |writer| {
            writer.write_all(text.as_bytes())
        })?;
    }
    files.finish()?;
    Ok(report(&experiment, &summary, &finished))
}

/// The table of the runs' results, a row each.
fn table(experiment: &Experiment, finished: &[RunResult]) -> Table {
    let outcomes: Vec<OutcomeRow<'_>> = finished
        .iter()
        .filter_map(|run| {
            Some(OutcomeRow {
                key: run.key,
                trace: &run.trace,
                row: run.trace.len().checked_sub(1)?,
                status: run.status.word(),
                end: run.end.as_ref().map(|end| end.verdict),
                finish: None,
            })
        })
        .collect();
    Table::of(experiment, &outcomes, None)
}

/// Prints a line per run; status 1 if a run ended otherwise than expected.
fn report(
    experiment: &Experiment,
    summary: &serde_json::Value,
    finished: &[RunResult],
) -> ExitCode {
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
            None => !run.status.is_failure(),
        };
        is_as_expected &= is_meant;
        let mut line = messages::run(
            (&method.label, width),
            [&entry["start"].to_string(), &entry["seed"].to_string()],
            status,
            run.iterations,
            [
                &number(&entry["final"]["f"][0]),
                &number(&entry["final"]["gap"]),
            ],
        );
        if let Some(end) = &run.end {
            line = format!("{line}  {}", end.verdict.word());
            if let Some(index) = end.index {
                line = format!("{line} {index}");
            }
        }
        if !run.status.message().is_empty() {
            line.push_str(&messages::message_of_run(run.status.message()));
        }
        if let Some(expected) = method.expect.filter(|_| !is_meant) {
            line.push_str(&messages::expected_status(expected));
        }
        say(&line);
    }
    report_lines(summary, width);
    if is_as_expected {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Prints the metrics of the runs beside those of reference models, if the problem has any.
fn report_lines(summary: &serde_json::Value, width: usize) {
    let Some(lines) = summary["lines"].as_array() else {
        return;
    };
    let say_metrics = |name: &serde_json::Value, metrics: &serde_json::Value| {
        let metrics = metrics.as_object().into_iter().flatten();
        let words: Vec<String> = metrics
            .filter_map(|(metric, value)| Some(format!("{metric} = {:.4}", value.as_f64()?)))
            .collect();
        let name = name.as_str().unwrap_or_default();
        say(&format!("{name:width$}  {}", words.join("  ")));
    };
    for run in summary["runs"].as_array().into_iter().flatten() {
        say_metrics(&run["run"], &run["final"]["metrics"]);
    }
    for line in lines {
        say_metrics(&line["name"], &line["metrics"]);
    }
}

fn number(value: &serde_json::Value) -> String {
    value.as_f64().map_or_else(
        || messages::unknown_number().to_owned(),
        |number| format!("{number:.6e}"),
    )
}
