//! Every level's objective along its own variable, around the lower-level solutions for one decision of the leader; and
//! the distance of a point from these solutions.
//!
//! ```text
//! reduced:  F_k(x_k) = f_k with all levels below k at their solutions for x_1 … x_k
//! held:     f_k(x_k) with every other variable at its solution for x_1
//! ```
//!
//! The two touch at the solution, and coincide at the innermost level. Where they differ, level k has to anticipate the
//! responses of the levels below.

use super::curves::{CurveSample, cut_at_jumps, sample};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Coordinate, Problem};
use crate::referee::Referee;

/// The variable and the range of a level's slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelSlice {
    /// The variable.
    pub along: Coordinate,
    /// The range.
    pub range: [f64; 2],
}

/// A level's objective along one of its own variables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slice {
    /// The objective with the levels below solved again at each position: pieces, split at jumps of their solutions.
    pub reduced: Vec<Vec<[f64; 2]>>,
    /// The objective with all other variables held.
    pub held: Vec<[f64; 2]>,
    /// The solution, or for level 1 the leader's decision, and the objective there.
    pub at: [f64; 2],
}

/// The slice of each level, level 1 first, at the true lower-level solutions for the leader's block of `at`; `None` if
/// there are none, or once the token is cancelled.
pub fn slices(
    problem: &dyn Problem,
    at: &Point,
    cuts: &[LevelSlice],
    samples: usize,
    token: &WorkToken,
) -> Option<Vec<Slice>> {
    let referee = Referee::new(problem, token);
    let answered = referee.answered(at)?;
    let mut slices = Vec::with_capacity(cuts.len());
    for cut in cuts {
        slices.push(slice(problem, referee, &answered, *cut, samples, token));
        if token.is_cancelled() {
            return None;
        }
    }
    Some(slices)
}

fn slice(
    problem: &dyn Problem,
    referee: Referee<'_>,
    answered: &Point,
    LevelSlice { along, range }: LevelSlice,
    samples: usize,
    token: &WorkToken,
) -> Slice {
    let level = along.level;
    let beneath = answered.shape().range(level).end;
    let moved = |x: f64| {
        let mut moved = answered.clone();
        moved[level][along.index] = x;
        moved
    };
    let reduced = |x: f64| {
        let there = referee.answered_below(level, &moved(x))?;
        let shown = problem.value(level, &there, token);
        shown.is_finite().then(|| CurveSample {
            x,
            answer: there.values()[beneath..].to_vec(),
            shown,
        })
    };
    let held = |x: f64| {
        let shown = problem.value(level, &moved(x), token);
        shown.is_finite().then(|| CurveSample {
            x,
            answer: Vec::new(),
            shown,
        })
    };
    let limits = problem.metadata().bounds.limits(level)[along.index];
    let sampled = sample(limits, range, samples, &reduced, token);
    let x = answered[level][along.index];
    let fixed = sample(limits, range, samples, &held, token);
    Slice {
        reduced: cut_at_jumps(&sampled, &reduced, token),
        held: fixed.iter().flatten().map(|it| [it.x, it.shown]).collect(),
        at: [x, problem.value(level, answered, token)],
    }
}

/// The true lower-level solutions for the leader of a point, and the point's distance from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// The point with all lower levels at their solutions.
    pub answered: Point,
    /// The objective of each level there, level 1 first.
    pub values: Vec<f64>,
    /// The distance of the block of each level below the first from its solution, level 2 first.
    pub off: Vec<f64>,
}

/// The distance of a point from the lower-level solutions; `None` if there are no solutions for its leader.
pub fn unfinished(problem: &dyn Problem, at: &Point, token: &WorkToken) -> Option<Unfinished> {
    let answered = Referee::new(problem, token).answered(at)?;
    let distance = |level: usize| {
        let pairs = at[level].iter().zip(&answered[level]);
        pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    let levels = at.shape().levels();
    Some(Unfinished {
        values: (1..=levels)
            .map(|level| problem.value(level, &answered, token))
            .collect(),
        off: (2..=levels).map(distance).collect(),
        answered,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, PROBLEMS, Settings};
    use std::sync::Arc;

    fn problem(id: &str) -> Arc<dyn Problem> {
        let entry = problem::find(id).unwrap();
        (entry.build)(&Settings::new(entry.parameters))
    }

    fn cuts(problem: &dyn Problem) -> Vec<LevelSlice> {
        let metadata = problem.metadata();
        (1..=metadata.shape().levels())
            .map(|level| {
                let along = Coordinate { level, index: 0 };
                let range = metadata.range(along);
                LevelSlice { along, range }
            })
            .collect()
    }

    #[test]
    fn a_player_of_the_linear_game_foresees_the_halves_that_the_others_take() {
        let problem = problem("stackelberg");
        let at = Point::from_blocks(&[vec![3.0], vec![0.0], vec![0.0]]);
        let token = WorkToken::default();
        let slices = slices(&*problem, &at, &cuts(&*problem), 41, &token).unwrap();
        assert_eq!(slices.len(), 3);
        // 5 are left: player 2 takes 5/2 and player 3 half of the rest; the price is the final remainder
        assert_eq!(slices[0].at, [3.0, -3.0 * 1.25]);
        assert_eq!(slices[1].at, [2.5, -2.5 * 1.25]);
        assert_eq!(slices[2].at, [1.25, -1.25 * 1.25]);
        for [x, value] in slices[1].reduced.iter().flatten() {
            assert!((value + x * (5.0 - x) / 2.0).abs() < 1e-12, "F_2({x})");
        }
        for [x, value] in &slices[1].held {
            assert!((value + x * (3.75 - x)).abs() < 1e-12, "f_2({x})");
        }
    }

    #[test]
    fn at_every_level_of_every_problem_the_curves_touch_at_the_answer_which_is_the_least() {
        for entry in PROBLEMS {
            let problem = (entry.build)(&Settings::new(entry.parameters));
            let token = WorkToken::default();
            let start = &problem.metadata().start;
            let Some(slices) = slices(&*problem, start, &cuts(&*problem), 25, &token) else {
                panic!("{}: no answer to the start", entry.id);
            };
            for (level, slice) in slices.iter().enumerate().skip(1) {
                let slack = 1e-6 * (1.0 + slice.at[1].abs());
                for [x, value] in slice.reduced.iter().flatten() {
                    assert!(*value > slice.at[1] - slack, "{} {level} {x}", entry.id);
                }
            }
            let last = slices.last().unwrap();
            let pieces: Vec<[f64; 2]> = last.reduced.iter().flatten().copied().collect();
            assert_eq!(pieces, last.held, "{}: nobody is beneath", entry.id);
        }
    }

    #[test]
    fn answers_that_are_there_are_finished_and_others_by_how_far_they_are_off() {
        let token = WorkToken::default();
        let problem = problem("stackelberg");
        let off = |blocks: [f64; 3]| {
            let at = Point::from_blocks(&blocks.map(|x| vec![x]));
            unfinished(&*problem, &at, &token).unwrap().off
        };
        assert_eq!(off([4.0, 2.0, 1.0]), [0.0, 0.0]);
        assert_eq!(off([4.0, 1.5, 1.25]), [0.5, 0.25]);
    }

    #[test]
    fn cancelled_work_ends_at_once_with_nothing() {
        let problem = problem("tri-sin");
        let token = WorkToken::default();
        token.cancel();
        let begun = std::time::Instant::now();
        let cuts = cuts(&*problem);
        assert!(slices(&*problem, &problem.metadata().start, &cuts, 100_000, &token).is_none());
        assert!(begun.elapsed() < std::time::Duration::from_millis(50));
    }
}
