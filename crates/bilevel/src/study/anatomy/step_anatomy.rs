//! One step of a run with its quantities, repeated from the start.

use std::sync::Arc;

use nalgebra::DMatrix;

use super::follower_path::follower_path;
use super::step_parts::{LevelMove, level_moves};
use super::surrogate_plane::reason_of;
use crate::messages;
use crate::method::{MethodInfo, Replay, StepDiagnostics, StepTerm, term_names};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Counts, Oracle, Problem, Settings};
use crate::run::{RunSpec, StateBeforeStep, StepReplay};

/// The most variables of a follower whose Hessian is decomposed.
const MOST_DECOMPOSED: usize = 64;

/// A step of a run taken apart.
#[derive(Clone, Debug)]
pub struct StepAnatomy {
    /// The outer iterations before the step.
    pub iteration: u64,
    /// The method of the step: that of the parent before a branch begins.
    pub method: &'static MethodInfo,
    /// Its parameters.
    pub settings: Settings,
    /// The point before the step.
    pub before: Point,
    /// The point after it; the same point if the step failed.
    pub after: Point,
    /// The reason why the step failed.
    pub failure: Option<String>,
    /// The quantities that the method reported.
    pub terms: Vec<StepTerm>,
    /// The repetition of the step from these quantities; `None` if the method declares no operations.
    pub replay: Option<Replay>,
    /// The moves of the levels along directions, in order, each with the parts of which it is the sum.
    pub moves: Vec<LevelMove>,
    /// The follower's path from the point before the step by its own steps, continued until it rests: a row a step,
    /// thinned. Empty for more than two levels or more than 64 variables of the follower.
    pub followed: Vec<Vec<f64>>,
    /// The eigenvalues of the lower Hessian at the end of the follower's loop, ascending; empty for more than two
    /// levels or more than 64 variables.
    pub spectrum: Vec<f64>,
}

impl StepAnatomy {
    /// The quantity of a name.
    pub fn term(&self, name: &str) -> Option<&StepTerm> {
        self.terms.iter().find(|term| term.info.name == name)
    }

    /// The first number of the quantity of a name.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.term(name)?.value.first().copied()
    }
}

/// Takes apart the step that follows an outer iteration of a run, which is computed anew from the start. Its oracle
/// calls are not counted to the run.
///
/// # Errors
/// If the problem changes along a run, an earlier step fails, or the work is cancelled; with the reason.
pub fn step_anatomy(
    spec: &RunSpec,
    iteration: u64,
    token: &WorkToken,
) -> Result<StepAnatomy, String> {
    step_anatomy_of(&mut StepReplay::new(spec.clone()), iteration, token)
}

/// The same, from the states that a replay of the run has kept: the steps after and before the last one are cheap.
///
/// # Errors
/// As those of [`step_anatomy`].
pub fn step_anatomy_of(
    replay: &mut StepReplay,
    iteration: u64,
    token: &WorkToken,
) -> Result<StepAnatomy, String> {
    let problem = Arc::clone(&replay.spec().problem);
    if problem.online().is_some() {
        return Err(messages::run::problem_changes().to_owned());
    }
    let StateBeforeStep {
        mut state,
        method,
        settings,
    } = replay
        .state_after(iteration, token)
        .map_err(|error| reason_of(&error))?;
    let problem = &*problem;
    let mut counts = Counts::default();
    let mut oracle = Oracle::new(problem, &mut counts, token);
    let before = state.point().clone();
    let mut diagnostics = StepDiagnostics::enabled();
    let step = state.step(&mut oracle, &mut diagnostics);
    if token.is_cancelled() {
        return Err(messages::run::work_cancelled().to_owned());
    }
    let failure = step.err().map(|error| error.to_string());
    let after = if failure.is_some() {
        before.clone()
    } else {
        state.point().clone()
    };
    let bounds = &problem.metadata().bounds;
    let replay = method.replay(&before, &diagnostics, bounds);
    let terms = diagnostics.all().to_vec();
    let moves = replay
        .as_ref()
        .filter(|_| failure.is_none())
        .map(|replay| level_moves(replay, &terms, before.shape()));
    let at = end_of_loop(&before, &terms);
    Ok(StepAnatomy {
        iteration,
        method,
        followed: follower_path(&mut oracle, &before, &terms),
        settings,
        spectrum: spectrum(problem, &at, token),
        before,
        after,
        failure,
        terms,
        replay,
        moves: moves.unwrap_or_default(),
    })
}

/// The point before the step with the follower at the end of its loop, if the step has one.
fn end_of_loop(before: &Point, terms: &[StepTerm]) -> Point {
    let mut at = before.clone();
    let path = terms
        .iter()
        .find(|term| term.info.name == term_names::INNER_PATH);
    let shape = at.shape();
    if let Some(last) = path.and_then(|path| path.rows(shape).next_back())
        && last.len() == shape.size(2)
    {
        at[2].copy_from_slice(last);
    }
    at
}

/// The eigenvalues of `∇²_yy g` at a point.
fn spectrum(problem: &dyn Problem, at: &Point, token: &WorkToken) -> Vec<f64> {
    let shape = at.shape();
    let size = shape.size(2);
    if shape.levels() != 2 || size > MOST_DECOMPOSED {
        return Vec::new();
    }
    let mut hessian = DMatrix::zeros(size, size);
    let (mut along, mut product) = (vec![0.0; size], vec![0.0; size]);
    for column in 0..size {
        along.fill(0.0);
        along[column] = 1.0;
        problem.product(2, at, [2, 2], &along, &mut product, token);
        hessian.set_column(column, &nalgebra::DVectorView::from_slice(&product, size));
    }
    if hessian.iter().any(|entry| !entry.is_finite()) {
        return Vec::new();
    }
    let mut found: Vec<f64> = hessian.symmetric_eigenvalues().iter().copied().collect();
    found.sort_by(f64::total_cmp);
    found
}
