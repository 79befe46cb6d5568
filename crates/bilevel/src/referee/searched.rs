//! The searched region of a problem, moved to its followers' answers if its box is open.

use super::nest::Nest;
use super::region::{LARGE, Region};
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// The number of leader's points whose answers locate the followers, the start included.
const PLACES: usize = 3;

/// The region of a problem. A follower's open range that misses its answers to a few points of the leader is moved to
/// these, with the picture's width.
pub(crate) fn region(problem: &dyn Problem, token: &WorkToken) -> Region {
    let shown = Region::picture(problem.metadata());
    let Some(kept) = problem.searched() else {
        return shown;
    };
    if let Some(ranges) = kept.get() {
        return shown.over(ranges);
    }
    let found = moved_to_answers(&shown, problem, token);
    if token.is_cancelled() {
        return shown;
    }
    shown.over(kept.get_or_init(|| found))
}

/// The ranges of all variables, those of followers moved to their answers.
fn moved_to_answers(shown: &Region, problem: &dyn Problem, token: &WorkToken) -> Vec<[f64; 2]> {
    let metadata = problem.metadata();
    let shape = metadata.shape();
    let levels = 1..=shape.levels();
    let mut ranges: Vec<[f64; 2]> = levels
        .clone()
        .flat_map(|level| shown.ranges(level))
        .copied()
        .collect();
    let is_closed: Vec<[bool; 2]> = levels
        .flat_map(|level| shown.is_closed(level))
        .copied()
        .collect();
    let lower = shape.size(1)..shape.total();
    let is_open = |place: &usize| is_closed[*place] != [true; 2];
    if shape.total() > LARGE || !lower.clone().any(|place| is_open(&place)) {
        return ranges;
    }
    let nest = Nest::within(problem, shown.clone(), true, token);
    let answered = |number: usize| {
        let mut point = metadata.start.clone();
        if let Some(number) = number.checked_sub(1) {
            shown.spread(1, number, &mut point[1]);
        }
        nest.answer(2, &mut point).map(|_| point)
    };
    let answers: Vec<Point> = (0..PLACES).filter_map(answered).collect();
    for place in lower.filter(is_open) {
        let mut values: Vec<f64> = answers.iter().map(|one| one.values()[place]).collect();
        values.sort_unstable_by(f64::total_cmp);
        let [low, high] = ranges[place];
        let Some(&middle) = values.get(values.len() / 2) else {
            continue;
        };
        if (low..=high).contains(&middle) || !middle.is_finite() {
            continue;
        }
        let half = 0.5 * (high - low);
        ranges[place] = match is_closed[place] {
            // the range between an end of the box and the answers stays covered
            [true, false] => [low, middle + half],
            [false, true] => [middle - half, high],
            _ => [middle - half, middle + half],
        };
    }
    ranges
}
