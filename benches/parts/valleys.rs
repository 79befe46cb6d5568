//! The reduced objective of a one-variable leader over its whole range, and all branches of its follower: the one-time
//! cost of a problem.

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Settings, find};
use bilevel::referee::{Referee, branches, reduced_curve};

use crate::in_turn::{in_turn, median, ratio};

/// The number of samples of φ, and of columns of branches.
const SAMPLES: usize = 512;

/// The measurements on one problem.
pub(crate) struct Findings {
    pub(crate) id: &'static str,
    /// Milliseconds of φ with its jumps and minima.
    pub(crate) valleys_ms: f64,
    /// Milliseconds of the branches.
    pub(crate) branches_ms: f64,
    /// The time of both over that of as many solves by the referee without closed forms.
    pub(crate) over_solves: f64,
}

/// Measures problems with one variable per level: smooth ones, a wave, and some with folds and jumps.
pub(crate) fn measure() -> Vec<Findings> {
    let ids = [
        "pbgd",
        "sine",
        "minimax",
        "cusp-jump",
        "mirrlees",
        "iaptt-sin",
    ];
    ids.into_iter().filter_map(of).collect()
}

fn of(id: &'static str) -> Option<Findings> {
    let entry = find(id)?;
    let problem = (entry.build)(&Settings::new(entry.parameters));
    let (problem, token) = (&*problem, &WorkToken::default());
    let metadata = problem.metadata();
    let [x, y] = [1, 2].map(|level| metadata.range(Coordinate { level, index: 0 }));
    let limits = metadata.bounds.limits(1)[0];
    let inside = |share: f64| (x[0] + share * (x[1] - x[0])).clamp(limits[0], limits[1]);
    let referee = Referee::new(problem, token).without_closed_forms();
    let solve = |number: usize| {
        let x = inside(number as f64 / (SAMPLES - 1) as f64);
        let at = Point::from_blocks(&[vec![x], metadata.start[2].to_vec()]);
        std::hint::black_box(referee.reduced(&at));
    };
    let [of_valleys, of_branches, of_solves] = in_turn(
        20,
        &mut [
            &mut || drop(reduced_curve(problem, &metadata.start, x, SAMPLES, token)),
            &mut || drop(branches(problem, [x, y], SAMPLES, token)),
            &mut || (0..SAMPLES).for_each(solve),
        ],
    );
    Some(Findings {
        id,
        valleys_ms: 1e3 * median(&of_valleys.rounds),
        branches_ms: 1e3 * median(&of_branches.rounds),
        over_solves: ratio(&of_valleys, &of_solves) + ratio(&of_branches, &of_solves),
    })
}
