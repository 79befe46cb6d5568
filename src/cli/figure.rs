//! `figure`: one figure of an experiment.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel_figure::{AnyView, Fineness, Format, PageSize, draw_survey, draw_until};
use bilevel_files::{
    Experiment, RefereeRows, RunOptions, Shard, StoredRuns, SurveyKind, SurveyPart, judge_stored,
    presets,
};

use super::arguments::experiment::is_standard_output;
use super::arguments::{ExperimentArgs, FigureArgs, ThreadArgs};
use super::console::write_bytes;
use super::interrupt::Interrupt;
use super::messages;
use super::opened::{OpenedExperiment, known_labels, parted};
use super::output::{code_of, tell_undrawn};
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
    // errors of the file are reported before the work, not after it
    if !is_printed {
        bilevel_files::probe_file(&call.out)?;
    }
    let interrupt = Interrupt::watch()?;
    let page = (view, format);
    let picture = match survey_kind(call)? {
        Some(_) if call.at.is_some() => bail!(messages::survey_stays()),
        Some((folder, kind)) => survey_picture(page, (&folder, kind), call, &interrupt)?,
        None => runs_picture(page, call, &interrupt)?,
    };
    if interrupt.is_raised() {
        return Ok(code_of(&interrupt, [0, 0], ExitCode::SUCCESS));
    }
    if is_printed {
        write_bytes(&picture);
    } else {
        bilevel_files::write_file(&call.out, |writer| writer.write_all(&picture))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The page for an experiment; an error is reported before the work.
fn page_for(
    (view, format): (&dyn AnyView, Format),
    call: &FigureArgs,
    experiment: &Experiment,
) -> Result<PageSize> {
    let own = &experiment.view.figure.page;
    let page_size = call.page.page_size(own, view.proportion());
    if format == Format::Png {
        page_size.check_pixels()?;
    }
    Ok(page_size)
}

/// The picture of runs, computed or read from a results folder.
fn runs_picture(
    page: (&dyn AnyView, Format),
    call: &FigureArgs,
    interrupt: &Interrupt,
) -> Result<Vec<u8>> {
    let runs = (&call.experiment, call.threads);
    let drawn = runs_of(runs, call.at, interrupt, |experiment| {
        page_for(page, call, experiment)?;
        Ok(())
    })?;
    let page = (page.0, page_for(page, call, &drawn.experiment)?, page.1);
    let picture = with_spinner(messages::computing_view(page.0.info().id), || {
        draw_until(
            page,
            (&drawn.experiment, &drawn.problem, &drawn.results),
            Fineness::Full,
            &interrupt.token,
        )
    });
    if interrupt.is_raised() {
        return Ok(Vec::new()); // it may be of half the data
    }
    let picture = picture?;
    tell_undrawn(&drawn.experiment, &picture.undrawn);
    Ok(picture.file)
}

/// The runs of a call, computed or read from a results folder, with the iteration that is drawn; `check` sees the experiment
/// before any work.
pub(super) fn runs_of(
    (call, threads): (&ExperimentArgs, ThreadArgs),
    at: Option<u64>,
    interrupt: &Interrupt,
    check: impl FnOnce(&Experiment) -> Result<()>,
) -> Result<StoredRuns> {
    let check = |experiment: &Experiment| {
        if let Some(at) = at.filter(|at| *at > experiment.iterations) {
            bail!(messages::beyond_the_end(at, experiment.iterations));
        }
        check(experiment)
    };
    let mut drawn = if let Some(folder) = stored(call)? {
        let stored = stored_runs(&folder, call, threads, interrupt)?;
        check(&stored.experiment)?;
        stored
    } else {
        let experiment = OpenedExperiment::with_methods(call)?.experiment;
        check(&experiment)?;
        computed_runs(experiment, threads, interrupt)?
    };
    if at.is_some() {
        drawn.experiment.view.figure.playhead = at;
    }
    Ok(drawn)
}

/// The survey of a results folder that a call asks for, if any.
pub(super) fn survey_kind(call: &FigureArgs) -> Result<Option<(PathBuf, SurveyKind)>> {
    let (file, _) = parted(&call.experiment)?;
    let folder = presets::path_of(&file);
    let is_there = |kind: SurveyKind| folder.join(kind.set().manifest()).is_file();
    let asked = match call.view.word() {
        "atlas" => Some(SurveyKind::Basins),
        "sweep" => Some(SurveyKind::Sweep),
        _ => None,
    };
    let is_without_runs = !StoredRuns::is_in(&folder)
        && (is_there(SurveyKind::Basins) || is_there(SurveyKind::Sweep));
    match asked.filter(|kind| is_there(*kind)) {
        Some(kind) => Ok(Some((folder, kind))),
        None if is_without_runs => bail!(messages::only_survey(&folder.display().to_string())),
        None => Ok(None),
    }
}

/// The picture of a survey in a results folder; the runs that an atlas shows are computed.
fn survey_picture(
    page: (&dyn AnyView, Format),
    (folder, kind): (&Path, SurveyKind),
    call: &FigureArgs,
    interrupt: &Interrupt,
) -> Result<Vec<u8>> {
    let changes = &call.experiment;
    if changes.iterations.is_some() || changes.seed.is_some() || !changes.changes.is_empty() {
        bail!(messages::runs_are_there(&folder.display().to_string()));
    }
    let token = &interrupt.token;
    let stored = with_spinner(messages::reading_results(), || {
        SurveyPart::read_kind(folder, kind)?.stored(token)
    })?;
    let experiment = &stored.experiment;
    let page = (page.0, page_for(page, call, experiment)?, page.1);
    let results = match kind {
        SurveyKind::Basins => {
            let recorded = experiment.recorded_for_pictures(&*stored.problem);
            let options = RunOptions {
                threads: call.threads.count(),
                referee: RefereeRows::None,
                ..RunOptions::default()
            };
            finish(&recorded, &stored.problem, options, token)?
        }
        SurveyKind::Sweep => Vec::new(),
    };
    let runs = (experiment, &stored.problem, &results[..]);
    Ok(draw_survey(page, runs, (stored.plan, stored.cells), token)?)
}

/// The runs of an experiment, as pictures need them.
pub(super) fn computed_runs(
    experiment: Experiment,
    threads: ThreadArgs,
    interrupt: &Interrupt,
) -> Result<StoredRuns> {
    let problem = with_minima(&experiment, &interrupt.token);
    let recorded = experiment.recorded_for_pictures(&*problem);
    let options = RunOptions {
        threads: threads.count(),
        ..RunOptions::default()
    };
    let results = finish(&recorded, &problem, options, &interrupt.token)?;
    Ok(StoredRuns {
        shard: Shard::WHOLE,
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
        None => bail!(messages::unknown_format(&out.display().to_string())),
    }
}
