//! The cause of a bad end: a formula that is undefined, an inner step that is too long, or else the outer step.

use std::sync::{Mutex, PoisonError};

use crate::method::{State, Terms};
use crate::numerics::vectors::dot;
use crate::numerics::{Levels, Nilpotent, Point, Scalar as _, WorkToken};
use crate::problem::{Counts, Facts, LowerSolution, Oracle, Problem, Settings};

/// A run's state every so many iterations, to walk again from there under watch.
const CHECKPOINT_INTERVAL: u64 = 1024;

/// The last state that was kept of a run.
#[derive(Debug)]
pub(super) struct Checkpoint {
    state: Box<dyn State>,
    iteration: u64,
}

impl Checkpoint {
    pub(super) fn new(state: &dyn State) -> Self {
        Self {
            state: state.fork(),
            iteration: 0,
        }
    }

    /// Keeps a state after an iteration, now and then.
    pub(super) fn keep(&mut self, state: &dyn State, iteration: u64) {
        if iteration.is_multiple_of(CHECKPOINT_INTERVAL) {
            self.state = state.fork();
            self.iteration = iteration;
        }
    }

    /// The state after `iteration` iterations, and why the next one met a number that is not finite, in a sentence; `None` where the
    /// problem knows no reason.
    pub(super) fn retrace(
        &self,
        problem: &dyn Problem,
        iteration: u64,
        token: &WorkToken,
    ) -> Option<(Box<dyn State>, String)> {
        let (mut counts, mut terms) = (Counts::default(), Terms::ignored());
        let mut state = self.state.fork();
        for _ in self.iteration..iteration {
            let mut oracle = Oracle::new(problem, &mut counts, token);
            state.step(&mut oracle, &mut terms).ok()?;
        }
        let good = state.fork();
        let watched = Watched {
            problem,
            met: Mutex::new(None),
        };
        let mut oracle = Oracle::new(&watched, &mut counts, token);
        // what becomes of the step is known
        let _ended = state.step(&mut oracle, &mut terms);
        let met = watched
            .met
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let (level, at, order) = met?;
        Some((good, problem.undefined(level, &at, order)?))
    }
}

/// A problem that notes the first call whose result is not finite: level, point and order of the derivative.
struct Watched<'a> {
    problem: &'a dyn Problem,
    met: Mutex<Option<(usize, Point, usize)>>,
}

impl Watched<'_> {
    fn look(&self, level: usize, at: &Point, order: usize, is_finite: bool) {
        let is_known = at.values().iter().all(|value| value.is_finite());
        if !is_finite && is_known {
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            met.get_or_insert_with(|| (level, at.clone(), order));
        }
    }
}

impl Problem for Watched<'_> {
    fn facts(&self) -> &Facts {
        self.problem.facts()
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        let value = self.problem.value(level, at, token);
        self.look(level, at, 0, value.is_finite());
        value
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        self.problem.grad(level, at, wrt, out, token);
        let mut asked = (1..=at.shape().levels()).filter(|block| wrt.contains(*block));
        let is_finite = asked.all(|block| out[block].iter().all(|slope| slope.is_finite()));
        self.look(level, at, 1, is_finite);
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        blocks: [usize; 2],
        along: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        self.problem.product(level, at, blocks, along, out, token);
        let is_finite = out.iter().all(|value| value.is_finite());
        let is_asked = along.iter().all(|value| value.is_finite());
        self.look(level, at, 2, is_finite || !is_asked);
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        let value = self.problem.higher(level, at, token);
        let generators = at.iter().map(Nilpotent::generators).max().unwrap_or(0);
        let is_finite = (0..1 << generators).all(|part| value.coefficient(part).is_finite());
        let real = at.iter().map(|number| number.real()).collect();
        if let Some(real) = Point::from_values(self.facts().shape(), real) {
            self.look(level, &real, generators, is_finite);
        }
        value
    }

    fn lifts_gradients(&self) -> bool {
        self.problem.lifts_gradients()
    }

    fn known_reaction(&self, at: &Point) -> Option<LowerSolution> {
        self.problem.known_reaction(at)
    }

    fn known_answers(&self, at: &Point) -> Option<Point> {
        self.problem.known_answers(at)
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        self.problem.metrics(at, token)
    }
}

/// Beyond so many variables of a level its curvature is not measured: a product there may take seconds.
const MOST_MEASURED: usize = 2000;
/// Products that measure a curvature.
const PRODUCTS: usize = 40;

/// What to change after a divergence: the inner step of the first level whose own curvature at the start it is too long for, else the
/// outer step; empty where there is neither.
pub(super) fn advice(
    problem: &dyn Problem,
    settings: &Settings,
    start: &Point,
    token: &WorkToken,
) -> String {
    let levels = start.shape().levels();
    let inner = (2..=levels).find_map(|level| too_long(problem, settings, level, start, token));
    match inner {
        Some(sentence) => sentence,
        None if settings.declares("outer_step_size") => {
            let step_size = settings.number("outer_step_size");
            format!("; try outer_step_size = {}", step_size / 4.0)
        }
        None => String::new(),
    }
}

/// Why the inner step of a level cannot settle at the start, where that is so: heavy-ball steps do up to 2 (1 + m) / L.
fn too_long(
    problem: &dyn Problem,
    settings: &Settings,
    level: usize,
    start: &Point,
    token: &WorkToken,
) -> Option<String> {
    if !settings.declares("inner_step_size") {
        return None;
    }
    let step_size = settings.number_at("inner_step_size", level);
    let momentum = if settings.declares("inner_momentum") {
        settings.number_at("inner_momentum", level)
    } else {
        0.0
    };
    let curvature = steepest(problem, level, start, token)?;
    let longest = 2.0 * (1.0 + momentum) / curvature;
    (step_size > longest).then(|| {
        let whose = if start.shape().levels() == 2 {
            "the follower's curvature".to_owned()
        } else {
            format!("the curvature of level {level}")
        };
        format!(
            "; the inner step {step_size} is too long: {whose} is {} at the start, where steps up to {} settle; try inner_step_size = {}",
            digits(curvature),
            digits(longest),
            rounded_down(1.0 / curvature)
        )
    })
}

/// The largest curvature of a level's objective in its own block, by power iteration; `None` where it is not positive or too dear.
fn steepest(problem: &dyn Problem, level: usize, at: &Point, token: &WorkToken) -> Option<f64> {
    let size = at.shape().size(level);
    if size > MOST_MEASURED {
        return None;
    }
    // multiples of an irrational number: no direction that a symmetric problem would be blind to
    let share = |i: usize| 0.5 + ((i + 1) as f64 * 0.754_877_666).fract();
    let mut along: Vec<f64> = (0..size).map(share).collect();
    let mut product = vec![0.0; size];
    let mut curvature = 0.0;
    for _ in 0..PRODUCTS {
        let length = dot(&along, &along).sqrt();
        for value in &mut along {
            *value /= length;
        }
        problem.product(level, at, [level, level], &along, &mut product, token);
        curvature = dot(&along, &product);
        along.copy_from_slice(&product);
    }
    (curvature.is_finite() && curvature > 0.0).then_some(curvature)
}

/// A number in three digits.
fn digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// The largest number of one digit that is not above a value, but for rounding.
fn rounded_down(value: f64) -> f64 {
    let power = value.log10().floor();
    let digit = (value / 10_f64.powf(power) + 1e-9).floor();
    let text = format!("{digit}e{power}");
    text.parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::rounded_down;

    #[test]
    fn a_suggestion_has_one_digit_and_is_not_above_what_works() {
        for (value, expected) in [
            (0.1, 0.1),
            (0.0999, 0.09),
            (12.7, 10.0),
            (3e-5, 3e-5),
            (1.0, 1.0),
        ] {
            assert_eq!(rounded_down(value), expected, "{value}");
        }
    }
}
