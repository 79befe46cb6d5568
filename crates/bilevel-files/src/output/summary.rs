//! `summary.json`: how each run ended.

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Counts, OracleCall, Problem, ReferenceLine};
use bilevel::referee::Referee;
use bilevel::run::{Status, Trace, TraceColumn};
use bilevel::study::Outcome;
use serde_json::{Value, json};

use crate::{Experiment, RunKey};

/// Above so many variables the last point is left out, and what was searched.
const MOST_VARIABLES: usize = 10_000;

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// Which one.
    pub key: RunKey,
    /// Its record.
    pub trace: Trace,
    /// How it ended.
    pub status: Status,
    /// The outer iterations done.
    pub iterations: u64,
    /// The calls.
    pub counts: Counts,
    /// The method's own time in seconds.
    pub time: f64,
    /// The last point.
    pub point: Point,
    /// What the end is; `None` where nothing is known.
    pub end: Option<Outcome>,
}

/// The whole file; a problem that has reference lines has them computed for it.
pub fn summary(experiment: &Experiment, problem: &dyn Problem, runs: &[RunResult]) -> Value {
    let mut summary = json!({
        "experiment": experiment.title,
        "version": env!("CARGO_PKG_VERSION"),
        "runs": runs.iter().map(|run| summary_of(experiment, problem, run)).collect::<Vec<_>>(),
    });
    let lines = problem.reference_lines(&WorkToken::default());
    if let Some(lines) = lines.filter(|lines| !lines.is_empty()) {
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

/// A problem's metrics by their names.
fn metrics_json(problem: &dyn Problem, metrics: Vec<f64>) -> Value {
    let names = problem.metadata().metrics.iter();
    let pairs = names.zip(metrics);
    pairs
        .map(|(metric, value)| (metric.name.to_owned(), finite(value)))
        .collect()
}

fn summary_of(experiment: &Experiment, problem: &dyn Problem, run: &RunResult) -> Value {
    let method = &experiment.methods[run.key.method];
    let token = WorkToken::default();
    let levels = run.point.shape().levels();
    let [objectives, metrics] = measured(problem, run, &token);
    // the verdict has asked the referee already
    let gap = match &run.end {
        Some(end) if !end.gap.is_nan() => Some(end.gap),
        _ => Referee::new(problem, &token).gap(&run.point),
    };
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
        notes.push("numbers that are not finite are null".to_owned());
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

/// The objectives and the metrics of the last point: as they were recorded, since only the run knows them where they change as it
/// goes on.
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

/// What the end is, in numbers.
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

/// A number, or null where JSON has none.
pub(crate) fn finite(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number)
}
