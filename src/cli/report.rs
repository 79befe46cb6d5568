//! `report` and `handout`: an experiment as one HTML page, and as sheets for a class.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel_figure::{AnimationError, Fineness, ReportSubject, handout as sheets, report as page};
use bilevel_files::{Experiment, StoredRuns, probe_file, write_file};

use super::arguments::experiment::is_standard_output;
use super::arguments::{ExperimentArgs, HandoutArgs, ReportArgs, ThreadArgs};
use super::console::write_bytes;
use super::figure::{computed_runs, runs_of};
use super::interrupt::Interrupt;
use super::messages;
use super::opened::parted;
use super::output::code_of;
use super::progress::with_spinner;

/// Writes the report of an experiment.
pub(super) fn report(call: &ReportArgs) -> Result<ExitCode> {
    check_ending(&call.out, &["html", "htm"])?;
    let runs = (&call.experiment, call.threads);
    write_document(
        runs,
        &call.out,
        messages::making_report(),
        |subject, _, interrupt| match page(subject, &interrupt.token) {
            Err(AnimationError::Cancelled) => Ok(Vec::new()),
            page => Ok(page?.into_bytes()),
        },
    )
}

/// Writes the handout of an experiment.
pub(super) fn handout(call: &HandoutArgs) -> Result<ExitCode> {
    check_ending(&call.out, &["pdf"])?;
    let runs = (&call.experiment, call.threads);
    write_document(
        runs,
        &call.out,
        messages::making_handout(),
        |subject, drawn, interrupt| {
            let start = Experiment {
                iterations: 0,
                ..drawn.experiment.clone()
            };
            let start = computed_runs(start, call.threads, interrupt)?;
            Ok(sheets(subject, &start.results, &interrupt.token)?)
        },
    )
}

/// Refuses a file with another ending than a document of its kind has.
fn check_ending(out: &Path, endings: &[&str]) -> Result<()> {
    let ending = out.extension().unwrap_or_default().to_string_lossy();
    let ending = ending.to_lowercase();
    if is_standard_output(out) || endings.contains(&ending.as_str()) {
        return Ok(());
    }
    let known: Vec<String> = endings.iter().map(|it| format!(".{it}")).collect();
    let words = messages::wrong_ending_of_document(&out.display().to_string(), &known.join(" or "));
    bail!(words)
}

/// Computes the runs of a call, or reads them from a folder, and writes a document of them; an interrupted call writes nothing.
fn write_document(
    runs: (&ExperimentArgs, ThreadArgs),
    out: &Path,
    words: &str,
    make: impl FnOnce(&ReportSubject<'_>, &StoredRuns, &Interrupt) -> Result<Vec<u8>>,
) -> Result<ExitCode> {
    let is_printed = is_standard_output(out);
    if !is_printed {
        probe_file(out)?;
    }
    let interrupt = Interrupt::watch()?;
    let (name, _) = parted(runs.0)?;
    let drawn = runs_of(runs, None, &interrupt, |_| Ok(()))?;
    let subject = ReportSubject {
        experiment: &drawn.experiment,
        name: &name,
        problem: &drawn.problem,
        results: &drawn.results,
        fineness: Fineness::Full,
        threads: runs.1.count(),
    };
    let bytes = with_spinner(words.to_owned(), || make(&subject, &drawn, &interrupt));
    if interrupt.is_raised() {
        return Ok(code_of(&interrupt, [0, 0], ExitCode::SUCCESS));
    }
    let bytes = bytes?;
    if is_printed {
        write_bytes(&bytes);
    } else {
        write_file(out, |writer| writer.write_all(&bytes))?;
    }
    Ok(ExitCode::SUCCESS)
}
