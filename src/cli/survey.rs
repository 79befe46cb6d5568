//! `basins` and `sweep`: the outcomes of runs from many starts.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel::run::Executor;
use bilevel_files::{
    ExecuteError, Experiment, ProgressReports, ResultSet, Shard, SurveyFiles, SurveyOptions,
    SurveyPart, SurveyPlan, SurveyStream, SweepAxis, each_cells,
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
    let shard = call.part.get();
    let experiment = &opened.experiment;
    let empty = SurveyFiles::of_outcomes(experiment, plan, shard, &[]);
    let runs = shard.runs(plan.survey.len()).count();
    if call.folder.is_standard_output() {
        output::check_standard_output(&call.folder, call.resume)?;
        let mut text = Vec::new();
        let found = compute((opened, plan), (shard, empty), call, interrupt, &mut text)?;
        write_bytes(&text);
        return Ok(output::code_of(
            interrupt,
            [found.len(), runs],
            ExitCode::SUCCESS,
        ));
    }
    let kind = empty.kind().set();
    let mut set = output::begin(&call.folder, kind, &opened.id, Vec::new())?;
    let earlier = if call.resume {
        resumed(empty, call)?
    } else {
        empty
    };
    let columns = Some(earlier.columns().to_vec());
    let mut computed = None;
    let added = set.add(kind.data(), columns, |writer| {
        let found = compute((opened, plan), (shard, earlier), call, interrupt, writer);
        let (found, result) = match found {
            Err(ExecuteError::Table(error)) => (None, Err(error)),
            Err(error) => (Some(Err(error)), Ok(())),
            Ok(found) => (Some(Ok(found)), Ok(())),
        };
        computed = found;
        result
    });
    added?;
    let Some(found) = computed.transpose()? else {
        bail!(messages::no_workers());
    };
    let done = [found.len(), runs];
    if let Some(code) = output::code_of_nothing(&set, interrupt, done) {
        return Ok(code);
    }
    publish(&mut set, &found, &call.folder)?;
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

/// Computes the runs that have no row yet, and writes the table meanwhile.
fn compute(
    (opened, plan): (&OpenedExperiment, &SurveyPlan),
    (shard, earlier): (Shard, SurveyFiles),
    call: &SurveyArgs,
    interrupt: &Interrupt,
    writer: &mut dyn Write,
) -> Result<SurveyFiles, ExecuteError> {
    let known = earlier.numbers();
    let runs = shard.runs(plan.survey.len()).count() - known.len();
    let mut numbers = shard
        .runs(plan.survey.len())
        .filter(|number| !known.contains(number));
    let threads = call.threads.count();
    let threads = threads.unwrap_or_else(Executor::default_threads);
    let progress = Progress::new(messages::running(), runs as u64, runs);
    let reports = ProgressReports {
        advance: &|runs| progress.advance(runs),
        ..ProgressReports::SILENT
    };
    let stream = SurveyStream::new(writer, (&opened.experiment, plan), earlier);
    let mut stream = stream.map_err(ExecuteError::Table)?;
    let done = each_cells(
        plan,
        &mut numbers,
        threads,
        (reports, &interrupt.token),
        &mut |outcomes| stream.write(outcomes),
    );
    progress.finish();
    done?;
    stream.finish().map_err(ExecuteError::Table)
}

/// Writes a survey that was read, and prints its summary.
pub(super) fn write(set: &mut ResultSet, found: &SurveyFiles, call: &FolderArgs) -> Result<()> {
    let text = found.csv()?;
    let columns = Some(found.columns().to_vec());
    set.add(found.kind().set().data(), columns, |writer| {
        writer.write_all(text.as_bytes())
    })?;
    publish(set, found, call)
}

/// Writes the files of a survey besides its table, and prints its summary.
fn publish(set: &mut ResultSet, found: &SurveyFiles, call: &FolderArgs) -> Result<()> {
    let word = found.kind().set().word();
    output::add_tables(set, word, &call.tables, &found.table())?;
    output::report(&set.publish(found.json())?);
    for line in found.lines() {
        say(&line);
    }
    Ok(())
}
