//! `basins`, `sweep` and `merge`: the outcomes of runs from many starts.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel::run::Executor;
use bilevel_files::{
    Experiment, ProgressReports, ResultSet, Shard, SurveyFiles, SurveyOptions, SurveyPart,
    SurveyPlan, SweepAxis,
};

use super::arguments::{FolderArgs, SurveyArgs};
use super::console::{say, write_bytes};
use super::interrupt::Interrupt;
use super::messages;
use super::opened::OpenedExperiment;
use super::output;
use super::progress::Progress;
use super::run::with_minima;

/// Runs every method from every start of a grid.
pub(super) fn basins(call: &SurveyArgs) -> Result<ExitCode> {
    let opened = OpenedExperiment::new(&call.experiment)?;
    let interrupt = Interrupt::watch()?;
    let problem = with_minima(&opened.experiment, &interrupt.token);
    let ask = SurveyOptions {
        methods: opened.methods.clone(),
        ..survey_options(&opened.experiment, call)
    };
    let plan = opened.experiment.basins(&problem, &ask)?;
    run_survey(&opened, &plan, call, &interrupt)
}

/// Runs one method with every setting from every start of a grid.
pub(super) fn sweep(vary: Vec<SweepAxis>, call: &SurveyArgs) -> Result<ExitCode> {
    let opened = OpenedExperiment::new(&call.experiment)?;
    if !opened.methods.is_empty() {
        bail!(messages::sweep_names_its_method());
    }
    let interrupt = Interrupt::watch()?;
    let experiment = &opened.experiment;
    let problem = with_minima(experiment, &interrupt.token);
    let vary = if vary.is_empty() {
        experiment.view.vary.clone()
    } else {
        vary
    };
    let plan = experiment.sweep(&problem, &survey_options(experiment, call), vary)?;
    run_survey(&opened, &plan, call, &interrupt)
}

/// Joins the parts of a survey, writes the whole and prints its summary.
pub(super) fn merge(parts: &[PathBuf], call: &FolderArgs) -> Result<ExitCode> {
    // a signal ends the command before its files change, or after
    let interrupt = Interrupt::watch()?;
    let (merged, id) = SurveyPart::merge(parts)?;
    if call.is_standard_output() {
        output::check_standard_output(call, false)?;
        write_bytes(merged.csv()?.as_bytes());
        return Ok(code_of(&interrupt));
    }
    let real = |path: &PathBuf| path.canonicalize().ok();
    let out = real(&call.out);
    if let Some(part) = parts.iter().find(|part| out.is_some() && real(part) == out) {
        bail!(messages::merge_into_part(&part.display().to_string()));
    }
    if interrupt.is_raised() {
        return Ok(code_of(&interrupt));
    }
    let mut set = output::begin(call, merged.kind().set(), &id, Vec::new())?;
    write(&mut set, &merged, call)?;
    Ok(ExitCode::SUCCESS)
}

/// The exit status of a command without runs of its own.
fn code_of(interrupt: &Interrupt) -> ExitCode {
    output::code_of(interrupt, [0, 0], ExitCode::SUCCESS)
}

fn survey_options(experiment: &Experiment, call: &SurveyArgs) -> SurveyOptions {
    let side = call.grid.and_then(|side| usize::try_from(side).ok());
    SurveyOptions {
        plane: (!call.plane.is_empty()).then(|| call.plane.clone()),
        side: side.or(experiment.view.grid).unwrap_or(SurveyOptions::SIDE),
        methods: Vec::new(),
        seed: call.experiment.seed,
        rest: call.rest,
    }
}

/// Runs a survey or a part of it, and writes the outcomes.
fn run_survey(
    opened: &OpenedExperiment,
    plan: &SurveyPlan,
    call: &SurveyArgs,
    interrupt: &Interrupt,
) -> Result<ExitCode> {
    let shard = call.shard.unwrap_or(Shard::WHOLE);
    let experiment = &opened.experiment;
    let empty = SurveyFiles::of_outcomes(experiment, plan, shard, &[]);
    let runs = shard.runs(plan.survey.len()).count();
    if call.folder.is_standard_output() {
        output::check_standard_output(&call.folder, call.resume)?;
        let found = computed(experiment, plan, (shard, empty), call, interrupt)?;
        write_bytes(found.csv()?.as_bytes());
        let done = [found.numbers().len(), runs];
        return Ok(output::code_of(interrupt, done, ExitCode::SUCCESS));
    }
    let kind = empty.kind().set();
    let mut set = output::begin(&call.folder, kind, &opened.id, Vec::new())?;
    let earlier = if call.resume {
        resumed(empty, call)?
    } else {
        empty
    };
    let found = computed(experiment, plan, (shard, earlier), call, interrupt)?;
    let done = [found.numbers().len(), runs];
    if let Some(code) = output::code_of_nothing(&set, interrupt, done) {
        return Ok(code);
    }
    write(&mut set, &found, &call.folder)?;
    Ok(output::code_of(interrupt, done, ExitCode::SUCCESS))
}

/// The rows of an interrupted call, if there are any.
fn resumed(empty: SurveyFiles, call: &SurveyArgs) -> Result<SurveyFiles> {
    let kind = empty.kind();
    let folder = &call.folder.out;
    if !folder.join(kind.set().manifest()).exists() {
        return Ok(empty);
    }
    let earlier = SurveyPart::read_kind(folder, kind)?;
    match empty.resume(earlier) {
        Some(resumed) => Ok(resumed),
        None => bail!(messages::other_survey(&folder.display().to_string())),
    }
}

/// Computes the runs that have no row yet.
fn computed(
    experiment: &Experiment,
    plan: &SurveyPlan,
    (shard, earlier): (Shard, SurveyFiles),
    call: &SurveyArgs,
    interrupt: &Interrupt,
) -> Result<SurveyFiles> {
    let known = earlier.numbers();
    let numbers: Vec<usize> = shard
        .runs(plan.survey.len())
        .filter(|number| !known.contains(number))
        .collect();
    let threads = call.threads.count();
    let threads = threads.unwrap_or_else(Executor::default_threads);
    let progress = Progress::new(messages::running(), numbers.len() as u64, numbers.len());
    let reports = ProgressReports {
        advance: &|runs| progress.advance(runs),
        ..ProgressReports::SILENT
    };
    let outcomes = bilevel_files::cells_until(plan, &numbers, threads, reports, &interrupt.token);
    progress.finish();
    Ok(SurveyFiles::of_outcomes(experiment, plan, shard, &outcomes?).with_rows_of(earlier))
}

fn write(set: &mut ResultSet, found: &SurveyFiles, call: &FolderArgs) -> Result<()> {
    let kind = found.kind().set();
    let text = found.csv()?;
    set.add(kind.data(), Some(found.columns().to_vec()), |writer| {
        writer.write_all(text.as_bytes())
    })?;
    output::add_tables(set, kind.word(), &call.tables, &found.table())?;
    output::report(&set.publish(found.json())?);
    for line in found.lines() {
        say(&line);
    }
    Ok(())
}
