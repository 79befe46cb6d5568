//! The context of `summary.json`: all that its runs depend on, so that the file stands alone.

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Metadata, Minimum, PROBLEMS, ParameterValue, Problem, Settings, Site};
use bilevel::run::Executor;
use bilevel::study::{CheckResult, ProblemCheck, ProblemChecks, problem_checks};
use serde_json::{Map, Value, json};

use super::summary::{MOST_VARIABLES, RunResult, finite, from_json};
use crate::Experiment;

/// The number of variables above which a problem's properties are not checked.
const MOST_CHECKED: usize = 64;

/// Adds the experiment's text, its settings, starts, names and known minima, the checks of the problem, and the machine to a
/// summary. Once the token is cancelled, the checks are left out.
pub fn add_context(
    summary: &mut Value,
    experiment: &Experiment,
    problem: &dyn Problem,
    (runs, threads): (&[RunResult], Option<usize>),
    token: &WorkToken,
) {
    let metadata = problem.metadata();
    let shape = metadata.shape();
    let is_small = shape.total() <= MOST_VARIABLES;
    let names = |level: usize| {
        let own = metadata
            .coordinates()
            .into_iter()
            .filter(move |at| at.level == level);
        let plain = own.map(|at| metadata.variable(at).replace(['{', '}', '\\'], ""));
        plain.collect::<Vec<_>>()
    };
    summary["file"] = json!(experiment.write_anywhere());
    summary["settings"] = settings(experiment);
    summary["starts"] = if is_small { starts(runs) } else { Value::Null };
    summary["names"] = if is_small {
        json!((1..=shape.levels()).map(names).collect::<Vec<_>>())
    } else {
        Value::Null
    };
    summary["optimum"] = metadata.optimum().map_or(Value::Null, finite);
    summary["minima"] = minima_as_json(metadata);
    let checks = checks_of(experiment, problem, token);
    summary["badges"] = checks.as_ref().map_or(Value::Null, checks_as_json);
    summary["threads"] = json!(threads.unwrap_or_else(Executor::default_threads));
    summary["platform"] = json!(format!(
        "{}-{}",
        std::env::consts::OS,
        std::env::consts::ARCH
    ));
}

/// The values in force of all parameters.
fn settings(experiment: &Experiment) -> Value {
    let methods = experiment.methods.iter().map(|method| {
        json!({
            "label": method.label,
            "method": method.entry.id,
            "from": from_json(method),
            "parameters": parameters(&method.settings),
        })
    });
    json!({
        "problem": {
            "id": experiment.problem.entry.id,
            "parameters": parameters(&experiment.problem.settings),
        },
        "methods": methods.collect::<Vec<_>>(),
        "iterations": experiment.iterations,
        "seeds": experiment.seeds,
        "record_every": experiment.record_every,
        "diverge_at": experiment.diverge_at,
        "stop": {
            "gap": experiment.stop.gap,
            "gradient": experiment.stop.gradient,
            "time_s": experiment.stop.time_s,
        },
    })
}

fn parameters(settings: &Settings) -> Value {
    let mut values: Map<String, Value> = Map::new();
    for parameter in settings.table() {
        let value = value(&settings.value(parameter.name));
        values.insert(parameter.name.to_owned(), value);
    }
    for (name, constant) in settings
        .model()
        .into_iter()
        .flat_map(|model| model.sliders())
    {
        values.insert(name.to_owned(), finite(constant.value));
    }
    Value::Object(values)
}

fn value(value: &ParameterValue) -> Value {
    match value {
        ParameterValue::Number(number) => finite(*number),
        ParameterValue::List(numbers) => numbers.iter().copied().map(finite).collect(),
        ParameterValue::Words(words) => json!(words),
        ParameterValue::Choice(_) | ParameterValue::Data(_) => json!(value.to_string()),
    }
}

/// The first recorded point from each start, level by level; null for a start of another part.
pub(super) fn starts(runs: &[RunResult]) -> Value {
    let mut starts: Vec<Value> = Vec::new();
    let mut runs: Vec<&RunResult> = runs.iter().collect();
    runs.sort_by_key(|run| run.key.start);
    for run in runs {
        if run.key.start >= starts.len() {
            starts.resize(run.key.start, Value::Null);
            starts.push(run.trace.point(0).as_ref().map_or(Value::Null, blocks));
        }
    }
    Value::Array(starts)
}

fn blocks(point: &Point) -> Value {
    let block = |block: Vec<f64>| block.into_iter().map(finite).collect::<Vec<_>>();
    json!(point.to_blocks().into_iter().map(block).collect::<Vec<_>>())
}

/// A minimum of the reduced objective; a block is null where any value will do.
fn minimum(minimum: &Minimum) -> Value {
    let block = |block: &Option<Vec<f64>>| {
        let numbers = block
            .as_ref()
            .map(|block| block.iter().copied().map(finite));
        numbers.map_or(Value::Null, Iterator::collect)
    };
    json!({
        "kind": if minimum.is_global { "global" } else { "local" },
        "site": match minimum.site {
            Site::Interior => "interior",
            Site::Edge => "edge",
            Site::Jump => "jump",
        },
        "value": finite(minimum.value),
        "x": minimum.blocks.iter().map(block).collect::<Vec<_>>(),
    })
}

/// True if the properties of an experiment's problem are checked from samples: it is small, and does not learn from data.
pub fn is_sampled(experiment: &Experiment, problem: &dyn Problem) -> bool {
    let entry = experiment.problem.entry;
    let is_closed = experiment.problem.settings.model().is_some()
        || PROBLEMS.iter().any(|known| known.id == entry.id);
    is_closed && problem.metadata().shape().total() <= MOST_CHECKED
}

/// The checks of a small problem's properties from samples; `None` for another one, and once the token is cancelled.
pub fn checks_of(
    experiment: &Experiment,
    problem: &dyn Problem,
    token: &WorkToken,
) -> Option<ProblemChecks> {
    if !is_sampled(experiment, problem) || token.is_cancelled() {
        return None;
    }
    problem_checks(problem, token)
}

/// The checks of a problem, as `badges` of `summary.json` has them.
pub fn checks_as_json(checks: &ProblemChecks) -> Value {
    let badge = |check: &ProblemCheck| {
        json!({
            "answer": match check.answer {
                CheckResult::Yes => "yes",
                CheckResult::No => "no",
                CheckResult::Unknown => "unknown",
            },
            "number": check.number.map(finite),
            "at": check.at.as_ref().map(blocks),
            "words": check.words,
        })
    };
    json!({
        "finite": badge(&checks.finite),
        "derivatives": badge(&checks.derivatives),
        "convex": badge(&checks.convex),
        "unique": badge(&checks.unique),
        "samples": checks.samples,
    })
}

/// The known minima, as `minima` of `summary.json` has them.
pub fn minima_as_json(metadata: &Metadata) -> Value {
    metadata.minima.iter().map(minimum).collect()
}
