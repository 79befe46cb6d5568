//! The values of a claim's quantity, at a row of a run or at a point of a problem.

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{OracleCall, Problem};
use bilevel::referee::Referee;
use bilevel::run::Trace;

use super::claim::{ClaimMoment, Quantity};
use crate::{RunResult, messages};

/// The row of a run at a moment.
///
/// # Errors
/// A reason in words if the run has no such row.
pub(super) fn row_of(run: &RunResult, moment: &ClaimMoment) -> Result<usize, String> {
    let trace = &run.trace;
    match moment {
        ClaimMoment::End => trace
            .len()
            .checked_sub(1)
            .ok_or_else(|| messages::lessons::not_recorded().to_owned()),
        ClaimMoment::At(k) if *k > run.iterations => {
            Err(messages::lessons::ended_before(run.iterations))
        }
        ClaimMoment::At(k) => {
            let row = trace.row_at(*k);
            let row = row.filter(|&row| trace.iterations[row] == *k as f64);
            row.ok_or_else(|| messages::lessons::not_recorded().to_owned())
        }
        ClaimMoment::Reaching(quantity, limit) => {
            let reached = |&row: &usize| number_of(run, row, quantity).is_ok_and(|it| it <= *limit);
            let row = (0..trace.len()).find(reached);
            row.ok_or_else(|| messages::lessons::never_reached().to_owned())
        }
    }
}

/// The number of a quantity at a row of a run.
///
/// # Errors
/// A reason in words if it is not known.
pub(super) fn number_of(run: &RunResult, row: usize, quantity: &Quantity) -> Result<f64, String> {
    let trace = &run.trace;
    let number = match quantity {
        Quantity::Variable(at) => {
            let values = trace.values(row);
            let values = values.ok_or_else(|| messages::lessons::not_recorded().to_owned())?;
            values[trace.shape().range(at.level).start + at.index]
        }
        Quantity::Objective(level) => trace.objectives[level - 1].values()[row],
        Quantity::Phi => trace.true_suboptimality.values()[row] + trace.optimum(),
        Quantity::PhiGap if trace.has_optimum() => trace.true_suboptimality.values()[row],
        Quantity::ObjectiveGap if trace.has_optimum() => trace.suboptimality.values()[row],
        Quantity::Gap => trace.gap.values()[row],
        Quantity::LargestGap => trace.largest_gap_at(row).map_or(f64::NAN, |(gap, _)| gap),
        Quantity::Distance => trace.distance.values()[row],
        Quantity::HypergradientError => {
            let errors = trace.hypergradient_error.values();
            errors.get(row).copied().unwrap_or(f64::NAN)
        }
        Quantity::Metric(at) => trace.metrics[*at].values()[row],
        Quantity::Iterations => trace.iterations[row],
        Quantity::Calls => {
            let kinds = OracleCall::ALL.into_iter();
            kinds.map(|kind| calls(trace, kind, row)).sum::<u64>() as f64
        }
        Quantity::CallsOf(kind) => calls(trace, *kind, row) as f64,
        Quantity::Cost => trace.cost[row],
        Quantity::PhiGap
        | Quantity::ObjectiveGap
        | Quantity::Slope(_)
        | Quantity::Verdict
        | Quantity::Status => f64::NAN,
    };
    known(number)
}

/// The calls of a kind for the objectives of all levels, up to a row.
fn calls(trace: &Trace, kind: OracleCall, row: usize) -> u64 {
    let levels = 1..=trace.shape().levels();
    levels.map(|level| trace.count(kind, level, row)).sum()
}

/// The number of a quantity at a point of a problem.
///
/// # Errors
/// A reason in words if it is not known.
pub(super) fn number_at(
    problem: &dyn Problem,
    (point, is_answered): (&Point, bool),
    quantity: &Quantity,
) -> Result<f64, String> {
    let token = WorkToken::default();
    let referee = Referee::new(problem, &token);
    let answered;
    let point = if is_answered {
        let found = referee.answered(point);
        answered = found.ok_or_else(|| messages::lessons::not_known().to_owned())?;
        &answered
    } else {
        point
    };
    let metadata = problem.metadata();
    let number = match quantity {
        Quantity::Variable(at) => Some(point[at.level][at.index]),
        Quantity::Objective(level) => Some(problem.value(*level, point, &token)),
        Quantity::Phi => referee.reduced(point),
        Quantity::PhiGap => referee
            .reduced(point)
            .and_then(|phi| Some(phi - metadata.optimum()?)),
        Quantity::Gap => referee.gap(point),
        Quantity::Slope(index) => {
            let slope = referee.reduced_gradient(point);
            slope.and_then(|slope| slope.get(*index).copied())
        }
        _ => None,
    };
    known(number.unwrap_or(f64::NAN))
}

/// A number that is known: not NaN. An infinite one is a value.
fn known(number: f64) -> Result<f64, String> {
    if number.is_nan() {
        Err(messages::lessons::not_known().to_owned())
    } else {
        Ok(number)
    }
}
