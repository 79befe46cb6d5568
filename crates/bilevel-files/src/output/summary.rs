//! `summary.json`: the outcome of each run.

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Counts, OracleCall, Problem, ReferenceLine};
use bilevel::referee::Referee;
use bilevel::run::{Status, Trace, TraceColumn};
use bilevel::study::{Outcome, Verdict};
use serde_json::{Value, json};

use super::tables::OutcomeRow;
use crate::messages;
use crate::{Experiment, MethodSpec, RunKey};

/// The number of variables above which the last point and the searched ranges are left out.
pub(super) const MOST_VARIABLES: usize = 10_000;

/// The result of a run that has ended.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// Identification of the run.
    pub key: RunKey,
    /// The trace of the run.
    pub trace: Trace,
    /// The final status.
    pub status: Status,
    /// The number of outer iterations.
    pub iterations: u64,
    /// The numbers of oracle calls.
    pub counts: Counts,
    /// The method's own time in seconds.
    pub time: f64,
    /// The last point.
    pub point: Point,
    /// The referee's outcome; `None` if no minima are known.
    pub end: Option<Outcome>,
}

impl RunResult {
    /// The last row of the trace as a row of a table, with a verdict; `None` if there is no row.
    pub fn outcome_row(&self, end: Option<Verdict>) -> Option<OutcomeRow<'_>> {
        Some(OutcomeRow {
            key: self.key,
            trace: &self.trace,
            row: self.trace.len().checked_sub(1)?,
            status: self.status.word(),
            end,
            finish: None,
        })
    }
}

/// The content of the file; computes the reference lines of the problem, if it has any.
pub fn summary(experiment: &Experiment, problem: &dyn Problem, runs: &[RunResult]) -> Value {
    summary_until(experiment, problem, runs, &WorkToken::default())
}

/// Like [`summary`]; once the token is cancelled, reference lines and gaps that are not known yet are left out.
pub fn summary_until(
    experiment: &Experiment,
    problem: &dyn Problem,
    runs: &[RunResult],
    token: &WorkToken,
) -> Value {
    let runs = runs
        .iter()
        .map(|run| summary_of(experiment, problem, run, token));
    let mut summary = json!({
        "experiment": experiment.title,
        "version": env!("CARGO_PKG_VERSION"),
        "runs": runs.collect::<Vec<_>>(),
    });
    if token.is_cancelled() {
        return summary;
    }
    let lines = problem.reference_lines(token);
    if let Some(lines) = lines.filter(|lines| !lines.is_empty() && !token.is_cancelled()) {
        let line = |line: ReferenceLine| {
            json!({
                "name": line.name,
                "meaning": line.meaning,
                "metrics": metrics_json(problem, line.metrics),
            })
        };
        summary["lines"] = lines.into_iter().map(line).collect();
    }
    summary
}

/// The metrics keyed by name.
fn metrics_json(problem: &dyn Problem, metrics: Vec<f64>) -> Value {
    let names = problem.metadata().metrics.iter();
    let pairs = names.zip(metrics);
    pairs
        .map(|(metric, value)| (metric.name.to_owned(), finite(value)))
        .collect()
}

/// The gap of the last row, if that is the run's last iterate and has one.
fn gap_of_last_row(run: &RunResult) -> Option<f64> {
    let trace = &run.trace;
    let last = trace.len().checked_sub(1)?;
    let gap = *trace.gap.values().get(last)?;
    (trace.last_iteration() == Some(run.iterations) && !gap.is_nan()).then_some(gap)
}

fn summary_of(
    experiment: &Experiment,
    problem: &dyn Problem,
    run: &RunResult,
    referee: &WorkToken,
) -> Value {
    let method = &experiment.methods[run.key.method];
    let token = WorkToken::default();
    let levels = run.point.shape().levels();
    let [objectives, metrics] = measured(problem, run, &token);
    // the verdict holds the referee's gap already, or the last row does
    let known = run.end.as_ref().map(|end| end.gap);
    let known = known.filter(|gap| !gap.is_nan());
    let gap = known.or_else(|| gap_of_last_row(run)).or_else(|| {
        let gap = Referee::new(problem, referee).gap(&run.point);
        gap.filter(|_| !referee.is_cancelled())
    });
    let mut oracle = serde_json::Map::new();
    for call in OracleCall::ALL {
        for level in 1..=levels {
            oracle.insert(
                format!("{}{level}", call.name()),
                json!(run.counts.of(call, level)),
            );
        }
    }
    let mut notes = vec![run.status.message().to_owned()];
    if objectives
        .iter()
        .chain(run.point.values())
        .any(|value| !value.is_finite())
    {
        notes.push(messages::files::numbers_are_null().to_owned());
    }
    notes.retain(|note| !note.is_empty());
    let blocks: Vec<Vec<Value>> = run
        .point
        .to_blocks()
        .into_iter()
        .map(|block| block.into_iter().map(finite).collect())
        .collect();
    json!({
        "run": method.label,
        "method": method.entry.id,
        "from": from_json(method),
        "start": run.key.start + 1,
        "seed": run.key.seed,
        "status": run.status.word(),
        "iterations": run.iterations,
        "time_s": run.time,
        "final": {
            "f": objectives.into_iter().map(finite).collect::<Vec<_>>(),
            "gap": gap.map(finite),
            "metrics": metrics_json(problem, metrics),
            "x": (run.point.values().len() <= MOST_VARIABLES).then_some(blocks),
        },
        "oracle": oracle,
        "end": run.end.as_ref().map(end_of),
        "message": notes.join("; "),
    })
}

/// The iterate from which a method continues another one, whose counts and time its own include; null for none.
pub(super) fn from_json(method: &MethodSpec) -> Value {
    let from = method.from.as_ref();
    from.map_or(Value::Null, |from| json!({ "run": from.run, "k": from.k }))
}

/// The objectives and the metrics of the last point. Recorded values come first: objectives that change during a run
/// are known to the run alone.
fn measured(problem: &dyn Problem, run: &RunResult, token: &WorkToken) -> [Vec<f64>; 2] {
    let trace = &run.trace;
    if trace.last_iteration() == Some(run.iterations) {
        let last = |column: &TraceColumn| column.values().last().copied();
        return [&trace.objectives, &trace.metrics]
            .map(|columns| columns.iter().filter_map(last).collect());
    }
    let levels = 1..=run.point.shape().levels();
    [
        levels
            .map(|level| problem.value(level, &run.point, token))
            .collect(),
        problem.metrics(&run.point, token),
    ]
}

/// An outcome as JSON.
fn end_of(end: &Outcome) -> Value {
    let ranges = end.searched.iter();
    let searched: Vec<[Value; 2]> = ranges.map(|range| range.map(finite)).collect();
    json!({
        "verdict": end.verdict.word(),
        "index": end.index,
        "distance": end.distance.map(finite),
        "phi": finite(end.phi),
        "bias": end.bias.map(finite),
        "mismatch": end.mismatch.map(finite),
        "gaps": end.gaps.iter().map(|gap| finite(gap.value)).collect::<Vec<_>>(),
        "searched": (end.searched.len() <= MOST_VARIABLES).then_some(searched),
        "complete": end.complete,
        "reason": end.reason,
    })
}

/// A number, or null if it is not finite.
pub(crate) fn finite(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number)
}
