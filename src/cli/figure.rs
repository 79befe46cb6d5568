//! `figure`: one figure of an experiment.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel_figure::{Fineness, Format, draw_until};
use bilevel_files::{RunOptions, StoredRuns, judge_stored, presets};

use super::arguments::experiment::is_standard_output;
use super::arguments::{ExperimentArgs, FigureArgs, ThreadArgs};
use super::console::write_bytes;
use super::interrupt::Interrupt;
use super::messages;
use super::opened::{OpenedExperiment, known_labels, parted};
use super::output::code_of;
use super::progress::with_spinner;
use super::run::{finish, with_minima};

/// Draws one figure of an experiment into a file, or as SVG to the standard output.
pub(super) fn figure(call: &FigureArgs) -> Result<ExitCode> {
    let view = bilevel_figure::view(call.view);
    let is_printed = is_standard_output(&call.out);
    let format = if is_printed {
        Format::Svg
    } else {
        format_of(&call.out)?
    };
    let page_size = call.page.page_size(view.proportion());
    // errors of the page size and of the file are reported before the work, not after it
    if format == Format::Png {
        page_size.check_pixels()?;
    }
    if !is_printed {
        bilevel_files::probe_file(&call.out)?;
    }
    let interrupt = Interrupt::watch()?;
    let drawn = match stored(&call.experiment)? {
        Some(folder) => stored_runs(&folder, &call.experiment, call.threads, &interrupt)?,
        None => computed_runs(call, &interrupt)?,
    };
    let picture = with_spinner(messages::computing_view(view.info().id), || {
        draw_until(
            (view, page_size, format),
            (&drawn.experiment, &drawn.problem, &drawn.results),
            Fineness::Full,
            &interrupt.token,
        )
    });
    if interrupt.is_raised() {
        return Ok(code_of(&interrupt, [0, 0], ExitCode::SUCCESS));
    }
    let picture = picture?;
    if is_printed {
        write_bytes(&picture);
    } else {
        bilevel_files::write_file(&call.out, |writer| writer.write_all(&picture))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The runs of an experiment, as pictures need them.
fn computed_runs(call: &FigureArgs, interrupt: &Interrupt) -> Result<StoredRuns> {
    let experiment = OpenedExperiment::with_methods(&call.experiment)?.experiment;
    let problem = with_minima(&experiment, &interrupt.token);
    let recorded = experiment.recorded_for_pictures(&*problem);
    let options = RunOptions {
        threads: call.threads.count(),
        ..RunOptions::default()
    };
    let results = finish(&recorded, &problem, options, &interrupt.token)?;
    Ok(StoredRuns {
        verdicts: vec![None; results.len()],
        entries: Vec::new(),
        experiment,
        problem,
        results,
    })
}

/// The results folder of a call, if it names one.
pub(super) fn stored(call: &ExperimentArgs) -> Result<Option<PathBuf>> {
    let (file, _) = parted(call)?;
    let folder = presets::path_of(&file);
    Ok(StoredRuns::is_in(&folder).then_some(folder))
}

/// The runs in a results folder, judged.
pub(super) fn stored_runs(
    folder: &Path,
    call: &ExperimentArgs,
    threads: ThreadArgs,
    interrupt: &Interrupt,
) -> Result<StoredRuns> {
    if call.iterations.is_some() || call.seed.is_some() || !call.changes.is_empty() {
        bail!(messages::runs_are_there(&folder.display().to_string()));
    }
    let token = &interrupt.token;
    let mut stored = with_spinner(messages::reading_results(), || {
        StoredRuns::read(folder, token)
    })?;
    let (_, methods) = parted(call)?;
    let labels = known_labels(&stored.experiment, methods)?;
    if !labels.is_empty() {
        stored.retain_methods(&labels);
    }
    let options = RunOptions {
        threads: threads.count(),
        ..RunOptions::default()
    };
    with_spinner(messages::judging_results(), || {
        judge_stored(&mut stored, options, token)
    })?;
    Ok(stored)
}

fn format_of(out: &Path) -> Result<Format> {
    let ending = out
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match Format::of_ending(&ending) {
        Some(format) => Ok(format),
        None if ending == "pdf" => {
            bail!(messages::no_pdf_of_figure())
        }
        None => bail!(messages::unknown_format(&out.display().to_string())),
    }
}
