//! The outcomes of runs from many starts: each run goes to its end, and only its outcome is kept.

use std::sync::Arc;

use super::known_minima::KnownMinima;
use super::outcome::{FinalState, Verdict};
use super::start_grid::StartGrid;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Counts, OracleCall, Problem};
use crate::run::{Budget, Points, Recording, Run, RunSpec, WEIGHTS, Weights};

/// The runs of a survey: every variant of a method from every start of a grid with every seed.
#[derive(Clone, Debug)]
pub struct Survey {
    /// A run of each variant; its start and seed are replaced.
    pub variants: Vec<RunSpec>,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// The starts.
    pub grid: StartGrid,
    /// The tolerance for rest: the greatest norm of a method's direction at rest, in spans of φ per width, for a stride
    /// of at most 1; see [`KnownMinima::longest_at_rest`].
    pub rest: f64,
}

/// The indices of one run of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunIndex {
    /// The index of the variant, from 0.
    pub variant: usize,
    /// The index of the seed, from 0.
    pub seed: usize,
    /// The index of the start in the grid, from 0.
    pub cell: usize,
}

/// The outcome of one run of a survey.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurveyOutcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The minimum that was reached, counted from 1.
    pub index: Option<u16>,
    /// The nearest minimum, reached or not.
    pub nearest: Option<u16>,
    /// The iteration at which the run came to rest; the last one if it never did.
    pub k: u64,
    /// The oracle calls until then, in the order of [`OracleCall::ALL`].
    pub calls: [u32; OracleCall::ALL.len()],
    /// The reduced objective at the end; NaN if it is not known.
    pub phi: f64,
    /// The variables of the grid's axes at the end; NaN for a missing second axis.
    pub end: [f64; 2],
}

impl SurveyOutcome {
    /// The weighted cost of the calls until rest.
    pub fn cost(&self, weights: &Weights) -> f64 {
        let weighed = self.calls.iter().zip(weights);
        weighed
            .map(|(&calls, weight)| f64::from(calls) * weight)
            .sum()
    }

    /// The cost with the default weights, which files use.
    pub fn usual_cost(&self) -> f64 {
        self.cost(&WEIGHTS)
    }
}

impl Survey {
    /// The number of runs.
    pub fn len(&self) -> usize {
        self.variants.len() * self.seeds.len() * self.grid.len()
    }

    /// True if there are no runs.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The indices of a run by its number: variant by variant, then seed by seed, then start by start.
    pub fn place(&self, number: usize) -> RunIndex {
        let starts = self.grid.len();
        RunIndex {
            variant: number / (starts * self.seeds.len()),
            seed: number / starts % self.seeds.len(),
            cell: number % starts,
        }
    }

    /// The number of a run by its indices.
    pub fn number(&self, place: RunIndex) -> usize {
        (place.variant * self.seeds.len() + place.seed) * self.grid.len() + place.cell
    }

    /// The problem of the survey; `None` without variants.
    fn problem(&self) -> Option<&Arc<dyn Problem>> {
        self.variants.first().map(|spec| &spec.problem)
    }

    /// The known minima of the problem, with the survey's tolerance for rest; `None` once the token is cancelled.
    pub fn goals(&self, token: &WorkToken) -> Option<KnownMinima> {
        let problem = self.problem()?;
        Some(KnownMinima::of(&**problem, token)?.resting_at(self.rest))
    }

    /// The specification of a run, as in an experiment with this start except for the recording.
    pub fn spec(&self, place: RunIndex) -> RunSpec {
        RunSpec {
            start: self.grid.start(place.cell),
            start_number: 0,
            seed: self.seeds[place.seed],
            recording: Recording {
                every: 0,
                points: Points::None,
            },
            ..self.variants[place.variant].clone()
        }
    }

    /// Runs one run to its end; `None` once the token is cancelled.
    pub fn cell(
        &self,
        place: RunIndex,
        goals: &KnownMinima,
        token: &WorkToken,
    ) -> Option<SurveyOutcome> {
        self.ended(place, goals, token).map(|(cell, _)| cell)
    }

    /// Runs one run to its end, and returns its last point, too.
    pub fn ended(
        &self,
        place: RunIndex,
        goals: &KnownMinima,
        token: &WorkToken,
    ) -> Option<(SurveyOutcome, Point)> {
        let spec = self.spec(place);
        let problem = Arc::clone(&spec.problem);
        let mut run = Run::new(spec, token.clone());
        run.watch_rest(goals.longest_at_rest(run.stride()));
        run.advance(Budget::Iterations(u64::MAX));
        if token.is_cancelled() {
            return None;
        }
        let ended = FinalState::of(&run);
        let end = goals.end(&*problem, ended, token);
        let end = end.as_ref();
        if token.is_cancelled() {
            return None;
        }
        let (k, counts) = match run.rest() {
            Some(rest) => (rest.iteration, &rest.counts),
            None => (run.iteration(), run.counts()),
        };
        let along = |place: usize| {
            let axis = self.grid.axes().get(place);
            axis.map_or(f64::NAN, |axis| run.point()[axis.level][axis.index])
        };
        let small = |index: usize| u16::try_from(index).ok();
        let cell = SurveyOutcome {
            verdict: end.map_or(Verdict::Unknown, |end| end.verdict),
            index: end.and_then(|end| end.index).and_then(small),
            nearest: end.and_then(|end| end.nearest).and_then(small),
            k,
            calls: calls(counts),
            phi: end.map_or(f64::NAN, |end| end.phi),
            end: [along(0), along(1)],
        };
        Some((cell, run.point().clone()))
    }
}

/// The number of calls of each kind, over all objectives.
fn calls(counts: &Counts) -> [u32; OracleCall::ALL.len()] {
    OracleCall::ALL.map(|call| u32::try_from(counts.total(call)).unwrap_or(u32::MAX))
}
