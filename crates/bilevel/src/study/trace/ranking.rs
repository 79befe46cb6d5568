//! The ranking of feasible runs by the reduced objective: while a value gap is open, a low value proves nothing.

use crate::run::Trace;

/// A gap up to this share of its level's span counts as closed.
pub const FEASIBLE: f64 = 1e-3;

/// The values of a run at one row that a ranking needs.
#[derive(Clone, Copy, Debug)]
pub struct RankedRun {
    /// The upper objective.
    pub f: f64,
    /// The reduced objective, above the optimum if that is known; `None` if the referee has not judged the row. Nothing
    /// is below a proven optimum; a value below the best known one is better.
    pub phi: Option<f64>,
    /// The largest gap of all followers, as a share of its level's span; `None` if it is not known.
    pub share: Option<f64>,
    /// True if the run ended in failure or divergence, or at a point that is no minimum of φ.
    pub is_stuck: bool,
}

/// The rank of a run among the others at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// The referee has not judged the row, or found no lower-level solution.
    Unknown,
    /// f or φ is undefined or infinite.
    Undefined,
    /// The run ended in failure or divergence, or at a point that is no minimum of φ.
    Stuck,
    /// A value gap is open.
    Infeasible,
    /// The place among all ranked runs, from 1.
    Place(usize),
}

impl RankedRun {
    /// The values of a trace in a row.
    pub fn of(trace: &Trace, row: usize, is_stuck: bool) -> Option<Self> {
        let f = *trace.objectives.first()?.values().get(row)?;
        let phi = trace.true_suboptimality.values().get(row).copied();
        let share = trace.gap_share.get(row).copied();
        Some(Self {
            f,
            phi,
            share: share.filter(|share| !share.is_nan()),
            is_stuck,
        })
    }

    /// The value that decides about the place, or the rank of a run without a place.
    fn worth(&self) -> Result<f64, Rank> {
        let is_finite = |phi: &f64| phi.is_finite();
        match (self.phi, self.share) {
            _ if self.is_stuck => Err(Rank::Stuck),
            _ if !self.f.is_finite() => Err(Rank::Undefined),
            (_, None) | (None, _) => Err(Rank::Unknown),
            (Some(phi), _) if !is_finite(&phi) => Err(Rank::Undefined),
            (_, Some(share)) if share > FEASIBLE => Err(Rank::Infeasible),
            (Some(phi), _) => Ok(phi),
        }
    }
}

/// Values of φ that agree to this share of the size of f share a place: the rest is rounding, also where φ is given above
/// the optimum.
const TIE: f64 = 1e-12;

/// φ of a run with the size of its rounding, or the rank of a run without a place.
type Worth = Result<(f64, f64), Rank>;

/// The ranks of runs by the reduced objective; values that agree to twelve digits share a place, and runs without rows are
/// unknown.
pub fn ranks(runs: &[Option<RankedRun>]) -> Vec<Rank> {
    places(&runs.iter().copied().map(worth).collect::<Vec<_>>())
}

/// The ranks of methods by the median of the reduced objective over their runs.
///
/// A run without a place counts as worse than all others: a method with too many of these has none either, for the most
/// frequent reason. While a run is unknown, so is its method.
pub fn median_ranks(methods: &[Vec<Option<RankedRun>>]) -> Vec<Rank> {
    let worths = methods
        .iter()
        .map(|runs| median(runs.iter().copied().map(worth).collect()));
    places(&worths.collect::<Vec<_>>())
}

fn worth(run: Option<RankedRun>) -> Worth {
    let run = run.ok_or(Rank::Unknown)?;
    let phi = run.worth()?;
    Ok((phi, TIE * run.f.abs().max(phi.abs())))
}

/// The median of the runs of one method.
fn median(mut worths: Vec<Worth>) -> Worth {
    if worths.is_empty() || worths.contains(&Err(Rank::Unknown)) {
        return Err(Rank::Unknown);
    }
    worths.sort_by(|a, b| match (a, b) {
        (Ok((a, _)), Ok((b, _))) => a.total_cmp(b),
        _ => a.is_err().cmp(&b.is_err()),
    });
    let last = worths.len() - 1;
    match (worths[last / 2], worths[last.div_ceil(2)]) {
        (Ok((low, one)), Ok((high, other))) => Ok((low + 0.5 * (high - low), one.max(other))),
        _ => Err(commonest(&worths)),
    }
}

/// The most frequent reason against a place; of equally frequent ones the first in this order.
fn commonest(worths: &[Worth]) -> Rank {
    let count = |rank: Rank| worths.iter().filter(|one| **one == Err(rank)).count();
    let reasons = [Rank::Stuck, Rank::Infeasible, Rank::Undefined];
    // the last of equal ones is the greatest
    let found = reasons.into_iter().rev().max_by_key(|rank| count(*rank));
    found.unwrap_or(Rank::Unknown)
}

fn places(worths: &[Worth]) -> Vec<Rank> {
    let place = |(own, rounding): &(f64, f64)| {
        let others = worths.iter().filter_map(|one| one.as_ref().ok());
        let is_better = |(other, its): &&(f64, f64)| own - other > rounding.max(*its);
        Rank::Place(1 + others.filter(is_better).count())
    };
    worths
        .iter()
        .map(|own| own.as_ref().map_or_else(|without| *without, place))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(f: f64, phi: f64, share: f64) -> RankedRun {
        RankedRun {
            f,
            phi: Some(phi),
            share: Some(share),
            is_stuck: false,
        }
    }

    #[test]
    fn the_reduced_objective_leads_and_an_open_gap_has_no_place() {
        let stuck = RankedRun {
            is_stuck: true,
            ..run(0.0, 0.0, 0.0)
        };
        let unjudged = RankedRun {
            phi: None,
            share: None,
            ..run(0.2, 0.0, 0.0)
        };
        let runs = [
            Some(run(-1.83, 0.1, 0.5)),
            Some(run(0.5, 0.03, 1e-4)),
            Some(run(0.4, 0.2, 0.0)),
            Some(run(0.9, 0.03 + 1e-14, 0.0)),
            Some(stuck),
            Some(unjudged),
            Some(run(f64::NAN, 0.0, 0.0)),
            Some(run(0.1, f64::INFINITY, 0.0)),
            None,
        ];
        let expected = [
            Rank::Infeasible,
            Rank::Place(1),
            Rank::Place(3),
            Rank::Place(1),
            Rank::Stuck,
            Rank::Unknown,
            Rank::Undefined,
            Rank::Undefined,
            Rank::Unknown,
        ];
        assert_eq!(ranks(&runs), expected);
    }

    #[test]
    fn methods_are_ranked_by_the_median_of_their_runs() {
        let stuck = RankedRun {
            is_stuck: true,
            ..run(0.0, 0.0, 0.0)
        };
        let of = |values: &[f64]| -> Vec<Option<RankedRun>> {
            values.iter().map(|phi| Some(run(1.0, *phi, 0.0))).collect()
        };
        let with = |mut runs: Vec<Option<RankedRun>>, others: &[RankedRun]| {
            runs.extend(others.iter().copied().map(Some));
            runs
        };
        let open = run(0.0, 0.0, 0.5);
        let methods = [
            of(&[9.0, 0.1, 0.2]),                  // 0.2
            of(&[0.0, 0.5]),                       // 0.25
            with(of(&[0.1, 0.0]), &[stuck]),       // 0.1: the stuck run is the worst of three
            with(of(&[0.0, 0.0]), &[open, stuck]), // half of the runs have no place
            with(of(&[0.0]), &[open, stuck, open]),
            vec![Some(run(1.0, 0.0, 0.0)), None],
            Vec::new(),
        ];
        let expected = [
            Rank::Place(2),
            Rank::Place(3),
            Rank::Place(1),
            Rank::Stuck,
            Rank::Infeasible,
            Rank::Unknown,
            Rank::Unknown,
        ];
        assert_eq!(median_ranks(&methods), expected);
        // a single run is its own median
        let singles = [vec![Some(run(0.5, 0.2, 0.0))], vec![Some(open)]];
        let runs: Vec<Option<RankedRun>> = singles.iter().map(|runs| runs[0]).collect();
        assert_eq!(median_ranks(&singles), ranks(&runs));
    }

    #[test]
    fn rounding_of_f_decides_no_place_where_phi_is_above_the_optimum() {
        let runs = [
            Some(run(-0.968, 3.3e-16, 0.0)),
            Some(run(-0.968, 2.2e-16, 0.0)),
            Some(run(-0.968, 1e-9, 0.0)),
        ];
        assert_eq!(
            ranks(&runs),
            [Rank::Place(1), Rank::Place(1), Rank::Place(3)]
        );
        // an optimum of 0 is reached to any digit
        let tiny = [Some(run(1e-20, 1e-20, 0.0)), Some(run(1e-25, 1e-25, 0.0))];
        assert_eq!(ranks(&tiny), [Rank::Place(2), Rank::Place(1)]);
    }
}
