//! `run`: every method from every start with every seed.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::run::Status;
use bilevel::study::{KnownMinima, Measure, Verdict};
use bilevel_files::{
    DiagnosticsTable, Experiment, ROOM_FOR_ROWS, RefereeRows, RowSink, RowSpool, RunKey,
    RunOptions, RunResult, SetKind, StoredFolder, StoredRuns, TraceLayout, judge_stored, run_rest,
    run_streamed, stream_stored,
};
use serde_json::Value;

use super::arguments::{RunArgs, TraceColumnName, VariableNames};
use super::console::complain;
use super::interrupt::Interrupt;
use super::memory_need::MemoryNeed;
use super::messages;
use super::opened::OpenedExperiment;
use super::output;
use super::progress::{Progress, with_reports, with_spinner};
use super::run_output::{RunOutput, picture_names};

/// The exit status of a run whose numbers are written and a picture of which is not.
const NO_PICTURE: u8 = 3;

/// A run with its verdict and, if it is of an earlier call, its part of the summary.
type FinishedRun = (RunResult, Option<Verdict>, Option<Value>);

/// Runs an experiment and writes its results; status 1 if a run ended otherwise than expected.
pub(super) fn run(call: &RunArgs) -> Result<ExitCode> {
    let formats: Vec<_> = call.figures.iter().map(|name| name.format()).collect();
    let opened = OpenedExperiment::with_methods(&call.experiment)?;
    if call.folder.is_standard_output() {
        output::check_standard_output(
            &call.folder,
            !formats.is_empty() || call.resume || call.further.diagnostics,
        )?;
        check_memory(call, &opened.experiment)?;
        let interrupt = Interrupt::watch()?;
        let done = execute(call, opened.experiment, &interrupt)?;
        let mut text = Vec::new();
        done.write_trace(&mut text)?;
        super::console::write_bytes(&text);
        done.complain_of_failures();
        return Ok(output::code_of(&interrupt, done.counts(), done.code()));
    }
    let pictures = picture_names(&formats, &opened.experiment);
    let mut names: Vec<String> = pictures.into_iter().map(|(name, ..)| name).collect();
    if call.further.by_method {
        let tables = call.folder.tables.iter();
        names.extend(tables.map(|format| output::table_name("methods", *format)));
    }
    if call.further.diagnostics {
        names.push(DiagnosticsTable::FILE.to_owned());
    }
    // a folder that cannot be written to, or holds something else, is reported before the work
    let interrupt = Interrupt::watch()?;
    let mut set = output::begin(&call.folder, SetKind::Run, &opened.id, names)?;
    if call.further.diagnostics {
        check_diagnostics(call, &opened.experiment, &interrupt.token)?;
    }
    check_memory(call, &opened.experiment)?;
    let done = execute(call, opened.experiment, &interrupt)?;
    if let Some(code) = output::code_of_nothing(&set, &interrupt, done.counts()) {
        return Ok(code);
    }
    let summary = done.summary(call, &interrupt.token);
    set.add(
        "trace.csv",
        Some(done.layout.header(&*done.problem)),
        |writer| done.write_trace(writer),
    )?;
    if call.further.diagnostics && !interrupt.is_raised() {
        done.add_diagnostics(&mut set, &interrupt)?;
    }
    let tables = &call.folder.tables;
    output::add_tables(&mut set, SetKind::Run.word(), tables, &done.table())?;
    if call.further.by_method {
        output::add_tables(&mut set, "methods", tables, &done.table_of_methods())?;
    }
    let replaced = set.publish(summary.clone())?;
    // the numbers are safe before any picture is drawn
    let failed = done.draw(&mut set, (&formats, call.page), &interrupt);
    if !formats.is_empty() && !interrupt.is_raised() {
        set.publish(summary.clone())?;
    }
    output::report(&replaced);
    done.report(&summary);
    for failure in &failed {
        complain(failure);
    }
    let code = if failed.is_empty() {
        done.code()
    } else {
        ExitCode::from(NO_PICTURE)
    };
    Ok(output::code_of(&interrupt, done.counts(), code))
}

/// Refuses runs that would need more memory than there is, before the work: pictures need all rows at once.
fn check_memory(call: &RunArgs, experiment: &Experiment) -> Result<()> {
    let runs = call.part.get().runs(experiment.run_count()).count();
    let need = MemoryNeed::of(experiment, &*experiment.problem.build(), runs);
    MemoryNeed::check(if call.figures.is_empty() {
        need.streamed
    } else {
        need.bytes
    })
}

/// Refuses a table of diagnostics that would be too long, before the work.
fn check_diagnostics(call: &RunArgs, experiment: &Experiment, token: &WorkToken) -> Result<()> {
    let runs = experiment.runs(&experiment.problem.build())?;
    let own = call.part.get().runs(runs.len());
    let rows = DiagnosticsTable::rows(own.map(|place| &runs[place].1), token);
    if rows > DiagnosticsTable::MOST_ROWS {
        bail!(messages::too_many_diagnostics(
            rows,
            DiagnosticsTable::MOST_ROWS
        ));
    }
    Ok(())
}

fn options_of(call: &RunArgs) -> RunOptions {
    RunOptions {
        threads: call.threads.count(),
        referee: match (call.no_referee, call.judge_every) {
            (true, _) => RefereeRows::None,
            (_, Some(every)) => RefereeRows::Every(every),
            _ => RefereeRows::All,
        },
        shard: call.part.get(),
        has_errors: call.columns.contains(&TraceColumnName::HypergradientError),
    }
}

/// The runs that an interrupted call has finished; `None` if there are none. A sink takes their rows.
fn earlier_runs(
    call: &RunArgs,
    experiment: &Experiment,
    sink: Option<&mut dyn RowSink>,
    token: &WorkToken,
) -> Result<Option<StoredRuns>> {
    let (folder, options) = (&call.folder.out, options_of(call));
    // the errors of directions need the directions, which no file has
    let needs_all =
        options.has_errors || experiment.view.race_y == Some(Measure::HypergradientError);
    if needs_all || !StoredRuns::is_in(folder) {
        return Ok(None);
    }
    let mut stored = with_spinner(messages::reading_results(), || {
        StoredFolder::open(folder, token)
    })?;
    if stored.experiment.write() != experiment.write() || stored.shard != options.shard {
        bail!(messages::other_runs(&folder.display().to_string()));
    }
    let is_judged = options.referee != RefereeRows::None;
    let has_verdicts = is_judged && KnownMinima::of(&*stored.problem, token).is_some();
    stored.retain_runs(|status, verdict| {
        !matches!(status, Status::Stopped(_)) && (verdict.is_some() || !has_verdicts)
    });
    let stored = with_spinner(messages::judging_results(), || {
        if let Some(sink) = sink {
            return stream_stored(stored, options, (sink, ROOM_FOR_ROWS), token);
        }
        let mut stored = stored.read_all()?;
        judge_stored(&mut stored, options, token)?;
        Ok(stored)
    })?;
    Ok(Some(stored))
}

/// Runs an experiment to its end, or until it is interrupted.
fn execute(call: &RunArgs, experiment: Experiment, interrupt: &Interrupt) -> Result<RunOutput> {
    let options = options_of(call);
    let problem = if call.no_referee {
        experiment.problem.build()
    } else {
        with_minima(&experiment, &interrupt.token)
    };
    let layout = TraceLayout {
        extra: call.columns.iter().map(|name| name.column()).collect(),
        has_own_names: call.names == VariableNames::Own,
    };
    // pictures need all rows
    let mut spool = if call.figures.is_empty() {
        Some(RowSpool::new(&call.folder.out)?)
    } else {
        None
    };
    let mut runs: Vec<FinishedRun> = Vec::new();
    if call.resume {
        let mut sink = spool.as_mut().map(|spool| spool.sink(&experiment, &layout));
        let sink = sink.as_mut().map(|sink| sink as &mut dyn RowSink);
        if let Some(earlier) = earlier_runs(call, &experiment, sink, &interrupt.token)? {
            let verdicts = earlier.verdicts.into_iter().zip(earlier.entries);
            let stored = earlier.results.into_iter().zip(verdicts);
            runs.extend(stored.map(|(result, (verdict, entry))| (result, verdict, Some(entry))));
        }
    }
    let known: Vec<RunKey> = runs.iter().map(|(run, ..)| run.key).collect();
    let finished = {
        let mut sink = spool.as_mut().map(|spool| spool.sink(&experiment, &layout));
        let sink = sink.as_mut().map(|sink| sink as &mut dyn RowSink);
        let rest = (options, &known[..]);
        finish_rest(&experiment, &problem, rest, sink, &interrupt.token)?
    };
    runs.extend(finished.into_iter().map(|run| {
        let verdict = run.end.as_ref().map(|end| end.verdict);
        (run, verdict, None)
    }));
    let seed = |seed: u64| experiment.seeds.iter().position(|&one| one == seed);
    runs.sort_by_key(|(run, ..)| (run.key.method, run.key.start, seed(run.key.seed)));
    let asked = options.shard.runs(experiment.run_count()).count();
    let mut done = RunOutput {
        problem,
        finished: Vec::new(),
        verdicts: Vec::new(),
        entries: Vec::new(),
        layout,
        spool,
        asked,
        experiment,
    };
    for (run, verdict, entry) in runs {
        done.finished.push(run);
        done.verdicts.push(verdict);
        done.entries.push(entry);
    }
    Ok(done)
}

/// The problem of an experiment, with the minima that the referee finds.
pub(super) fn with_minima(experiment: &Experiment, token: &WorkToken) -> Arc<dyn Problem> {
    let words = messages::searching_minima(experiment.problem.entry.id);
    with_spinner(words, || experiment.problem.build_informed(token))
}

/// Runs an experiment to its end with its progress; results are in the order of [`Experiment::runs`].
pub(super) fn finish(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    options: RunOptions,
    token: &WorkToken,
) -> Result<Vec<RunResult>> {
    finish_rest(experiment, problem, (options, &[]), None, token)
}

/// Like [`finish`], without the runs of an earlier call; a sink takes the rows from the runs.
fn finish_rest(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    (options, earlier): (RunOptions, &[RunKey]),
    sink: Option<&mut dyn RowSink>,
    token: &WorkToken,
) -> Result<Vec<RunResult>> {
    let runs = options.shard.runs(experiment.run_count()).count() - earlier.len();
    let progress = Progress::new(
        messages::running(),
        runs as u64 * experiment.iterations,
        runs,
    );
    let label = |run: &RunResult| {
        let method = &experiment.methods[run.key.method];
        messages::label_of_run(&method.label, run.key.start + 1, run.key.seed)
    };
    let finished = with_reports(&progress, &label, |reports| {
        let rest = (options, earlier);
        match sink {
            Some(sink) => {
                let sink = (sink, ROOM_FOR_ROWS);
                run_streamed(experiment, problem, rest, sink, (reports, token))
            }
            None => run_rest(experiment, problem, rest, reports, token),
        }
    });
    progress.finish();
    Ok(finished?)
}
