//! Places that searches along slopes miss: jumps of the objectives, poles of the followers', and features narrower than
//! the samples of a search lie apart.
//!
//! Slopes do not show a jump: `floor(y)` has slope 0 beside each of them. A problem whose objectives jump therefore has
//! no minima or lower-level solutions that the referee could vouch for. A follower whose objective falls without bound
//! has no solution; poles of the leader's objective may be nowhere near the lower levels' solutions, and are searched
//! for along these.

use super::narrow::{is_narrow_follower, narrow};
use super::objective_jumps::objective_jump;
use super::poles::pole;
use super::region::{LARGE, Region};
use crate::messages::outcome;
use crate::numerics::WorkToken;
use crate::problem::{Obstacle, ObstacleKind, Obstacles, Problem};

/// The place for which no search of a problem can be trusted; `None` if none is found, and once the token is cancelled.
pub(crate) fn worst_obstacle(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> Option<Obstacle> {
    obstacles(problem, region, token).worst
}

/// The obstacles that are found; none once the token is cancelled. Levels below the leader jump, fall or turn along
/// their own or deeper variables, since those above are fixed for them.
pub(crate) fn obstacles(problem: &dyn Problem, region: &Region, token: &WorkToken) -> Obstacles {
    let Some(kept) = problem.obstacles() else {
        return Obstacles::default();
    };
    if let Some(known) = kept.get() {
        return known.clone();
    }
    let shape = problem.metadata().shape();
    if shape.total() > LARGE {
        return Obstacles::default();
    }
    let mut levels = (1..=shape.levels()).rev();
    let broken = levels.find_map(|level| {
        let pole = (level > 1).then(|| pole(problem, region, level, token));
        pole.flatten()
            .or_else(|| objective_jump(problem, region, level, token))
    });
    let found = Obstacles {
        worst: broken.or_else(|| narrow(problem, region, token)),
        is_narrow: is_narrow_follower(problem, region, token),
    };
    if token.is_cancelled() {
        return Obstacles::default();
    }
    kept.get_or_init(|| found).clone()
}

/// The reason for which nothing is known of minima beside an obstacle, in a sentence.
pub(crate) fn obstacle_reason(obstacle: &Obstacle) -> String {
    match obstacle.kind {
        ObstacleKind::Jump => outcome::objective_jumps(obstacle.level),
        ObstacleKind::Pole => outcome::objective_has_pole(obstacle.level),
        ObstacleKind::Narrow => outcome::objective_is_narrow(obstacle.level),
    }
}

/// True if no objective is found to jump, and no lower one to fall without bound.
pub(super) fn is_continuous(problem: &dyn Problem, region: &Region, token: &WorkToken) -> bool {
    worst_obstacle(problem, region, token).is_none_or(|found| found.kind == ObstacleKind::Narrow)
}

/// The same for the lower levels alone.
pub(crate) fn are_answers_continuous(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> bool {
    is_continuous(problem, region, token)
        || worst_obstacle(problem, region, token).is_none_or(|found| found.level == 1)
}

/// True if the innermost objective is found to turn between usual samples.
pub(crate) fn turns_between_samples(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> bool {
    let innermost = problem.metadata().shape().levels();
    let found = obstacles(problem, region, token);
    let is_innermost =
        |worst: &Obstacle| worst.level == innermost && worst.kind == ObstacleKind::Narrow;
    found.is_narrow || found.worst.as_ref().is_some_and(is_innermost)
}

/// True if an objective is found to turn so often or within so short a way that a search may miss minima.
pub(super) fn may_hide_minima(problem: &dyn Problem, region: &Region, token: &WorkToken) -> bool {
    worst_obstacle(problem, region, token).is_some_and(|found| found.kind == ObstacleKind::Narrow)
}
