//! Invariance of the referee: its verdict on an end does not depend on the units.
//!
//! Ends of random and built-in problems are judged as they are, and again in other units: objectives times 10⁻⁸ to 10⁸,
//! or plus up to 10⁶ times their span; blocks shifted by up to 10⁶ times their range, or scaled by 10⁻⁶ to 10⁶.
//! `INVARIANCE=pbgd` or `INVARIANCE='random 12'` selects one problem.

mod transformed;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Differentiated, PROBLEMS, Problem};
use bilevel::referee::Referee;
use bilevel::run::Status;
use bilevel::study::KnownMinima;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rstest::rstest;

use self::transformed::{Transformed, Units};
use crate::planted::dice::Dice;
use crate::planted::judged::{Asked, Word, goals, judged};
use crate::planted::{SEED, ends, is_quick, random};

/// The number of random problems, besides the built-in ones.
const RANDOM: usize = 4;
/// The number of ends judged per problem.
const ENDS: usize = 10;
/// The largest number of variables; larger problems take too long.
const LARGEST: usize = 2;
/// The largest accepted share of verdicts that become unknown.
const MOST_UNKNOWN: f64 = 0.2;
/// The number of differences shown.
const SHOWN: usize = 40;

/// An end of a run, in any units.
#[derive(Clone, Debug)]
struct End {
    kind: &'static str,
    point: Point,
    direction: Vec<f64>,
    stride: f64,
    recent: Vec<f64>,
}

impl End {
    fn judged(&self, problem: &dyn Problem, goals: &KnownMinima) -> Word {
        let asked = Asked {
            point: &self.point,
            direction: &self.direction,
            stride: self.stride,
            recent: &self.recent,
            status: &Status::Budget,
        };
        judged(problem, goals, asked)
    }

    fn in_units(&self, units: &Units) -> Self {
        let blocks = self.recent.chunks(self.point[1].len());
        Self {
            kind: self.kind,
            point: units.outward(&self.point),
            direction: units.direction(&self.direction),
            stride: units.stride(self.stride),
            recent: blocks.flat_map(|block| units.block(1, 0, block)).collect(),
        }
    }
}

/// A kind of change of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Factors,
    Constants,
    Scales,
    Shifts,
    /// All of these changes, each a smaller one.
    All,
}

const CHANGES: [Change; 5] = [
    Change::Factors,
    Change::Constants,
    Change::Scales,
    Change::Shifts,
    Change::All,
];

#[derive(Debug, Default)]
struct Report {
    /// The numbers of ends, of verdicts that became unknown, and of different verdicts.
    counts: BTreeMap<Change, [usize; 3]>,
    faults: Vec<String>,
}

impl Report {
    fn with(mut self, other: Self) -> Self {
        for (change, counts) in other.counts {
            let own = self.counts.entry(change).or_default();
            for (own, other) in own.iter_mut().zip(counts) {
                *own += other;
            }
        }
        self.faults.extend(other.faults);
        self
    }

    fn table(&self) -> String {
        let rows = self.counts.iter().map(|(change, [total, unknown, other])| {
            let share = 100.0 * *unknown as f64 / (*total).max(1) as f64;
            format!("{change:?}: {total} ends, {share:.1} % became unknown, of {other} something else is said")
        });
        rows.collect::<Vec<String>>().join("\n")
    }
}

/// The pictured range of a variable, within the box.
fn range(problem: &dyn Problem, variable: usize) -> [f64; 2] {
    let metadata = problem.metadata();
    let (level, index) = metadata.shape().locate(variable);
    let [low, high] = metadata.range(Coordinate { level, index });
    let [least, greatest] = metadata.bounds.limits(level)[index];
    [low.max(least), high.min(greatest)]
}

fn somewhere(problem: &dyn Problem, dice: &mut Dice) -> Point {
    let mut point = problem.metadata().start.clone();
    for variable in 0..point.values().len() {
        let [low, high] = range(problem, variable);
        point.values_mut()[variable] = dice.within(low, high);
    }
    point
}

/// Random units for a problem.
fn units(problem: &dyn Problem, change: Change, dice: &mut Dice) -> Units {
    let mut units = Units::same(problem);
    let shape = problem.metadata().shape();
    let token = WorkToken::default();
    let is_all = change == Change::All;
    let less = if is_all { 0.4 } else { 1.0 };
    let places: Vec<Point> = (0..60).map(|_| somewhere(problem, dice)).collect();
    for level in 1..=shape.levels() {
        if is_all || change == Change::Factors {
            units.factors[level - 1] = dice.power(-8.0 * less, 8.0 * less);
        }
        if is_all || change == Change::Scales {
            units.scales[level - 1] = dice.power(-6.0 * less, 6.0 * less);
        }
        if is_all || change == Change::Constants {
            let values = places
                .iter()
                .map(|place| problem.value(level, place, &token));
            let [low, high] = values
                .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
                    [low.min(value), high.max(value)]
                });
            let span = (high - low) * units.factors[level - 1];
            units.constants[level - 1] = dice.sign() * span * dice.power(0.0, 6.0 * less);
        }
        if is_all || change == Change::Shifts {
            for variable in shape.range(level) {
                let [low, high] = range(problem, variable);
                let width = (high - low) * units.scales[level - 1];
                units.shifts[variable] = dice.sign() * width * dice.power(0.0, 6.0 * less);
            }
        }
    }
    units
}

/// Ends of a built-in problem: its minima, and random points with and without lower-level solutions.
fn ends_of(problem: &dyn Problem, dice: &mut Dice) -> Vec<End> {
    let token = WorkToken::default();
    let referee = Referee::new(problem, &token);
    let mut ends = Vec::new();
    let mut add = |kind: &'static str, point: &Point, direction: Vec<f64>| {
        ends.push(End {
            kind,
            point: point.clone(),
            direction,
            stride: 0.05,
            recent: point[1].repeat(50),
        });
    };
    let metadata = problem.metadata();
    let zero = vec![0.0; metadata.shape().size(1)];
    for minimum in metadata.minima.iter().take(3) {
        let Some(x) = &minimum.blocks[0] else {
            continue;
        };
        let mut point = metadata.start.clone();
        point[1].copy_from_slice(x);
        if let Some(answered) = referee.answered(&point) {
            add("minimum", &answered, zero.clone());
        }
    }
    for number in 0..3 {
        let mut point = somewhere(problem, dice);
        if number == 0 {
            point = metadata.start.clone();
        }
        add("not answered", &point, zero.clone());
        if let Some(answered) = referee.answered(&point) {
            add("answered, no direction", &answered, zero.clone());
            if let Some(slope) = referee.reduced_gradient(&answered) {
                add("answered, true direction", &answered, slope);
            }
        }
    }
    ends
}

fn reported(name: &str, problem: &Arc<dyn Problem>, mut ends: Vec<End>, dice: &mut Dice) -> Report {
    while ends.len() > ENDS {
        ends.remove(dice.below(ends.len()));
    }
    let mut report = Report::default();
    let own = goals(&**problem);
    let words: Vec<Word> = ends
        .iter()
        .map(|end| end.judged(&**problem, &own))
        .collect();
    for change in CHANGES {
        let units = units(&**problem, change, dice);
        let other = Transformed::new(problem, units.clone());
        let goals = goals(&other);
        for (end, word) in ends.iter().zip(&words) {
            let moved = end.in_units(&units);
            let again = moved.judged(&other, &goals);
            let counts = report.counts.entry(change).or_default();
            counts[0] += 1;
            if again.verdict == "unknown" || word.verdict == "unknown" {
                counts[1] += usize::from(word.verdict != "unknown");
                continue;
            }
            if (again.verdict, again.index) != (word.verdict, word.index) {
                counts[2] += 1;
                report.faults.push(format!(
                    "{name}, {change:?}, {}: {:?} {:?} became {:?} {:?}\n    at {:?}, direction {:?}\n    in {units:?}\n    at {:?}\n    \
                     first: {}\n    then:  {}",
                    end.kind,
                    word.verdict,
                    word.index,
                    again.verdict,
                    again.index,
                    end.point.values(),
                    end.direction,
                    moved.point.values(),
                    word.text,
                    again.text
                ));
            }
        }
    }
    report
}

fn drawn(number: u64) -> (Arc<dyn Problem>, Vec<End>) {
    let truth = random::problem(SEED, number);
    let ends = ends::planted(&truth, &mut Dice::new(SEED + 1, number));
    let ends = ends.into_iter().map(|planted| End {
        kind: planted.kind,
        point: planted.point,
        direction: planted.direction,
        stride: planted.stride,
        recent: planted.recent,
    });
    let ends = ends.collect();
    (Arc::new(Differentiated::new(truth.chain)), ends)
}

fn check(names: Vec<String>, one: impl Fn(&str) -> Report + Sync + Send) {
    let asked = std::env::var("INVARIANCE").ok();
    let is_asked = |name: &String| asked.as_ref().is_none_or(|asked| asked == name);
    let names: Vec<String> = names.into_iter().filter(is_asked).collect();
    let report = names
        .into_par_iter()
        .map(|name| one(&name))
        .reduce(Report::default, Report::with);
    let is_known =
        |[total, unknown, _]: &[usize; 3]| *unknown as f64 <= MOST_UNKNOWN * *total as f64;
    let shown = report.faults.iter().take(SHOWN);
    let shown: Vec<&str> = shown.map(String::as_str).collect();
    assert!(
        report.faults.is_empty() && report.counts.values().all(is_known),
        "{}\n{} differences, of which {} are shown\n{}",
        shown.join("\n"),
        report.faults.len(),
        shown.len(),
        report.table()
    );
}

#[rstest]
#[timeout(Duration::from_mins(5))]
fn units_do_not_change_what_is_said_of_random_problems() {
    let quick = (0..).filter(|number| is_quick(*number)).take(RANDOM);
    let names = quick.map(|number| format!("random {number}"));
    check(names.collect(), |name| {
        let number = name
            .trim_start_matches("random ")
            .parse()
            .expect("a number");
        let (problem, ends) = drawn(number);
        reported(name, &problem, ends, &mut Dice::new(SEED + 2, number))
    });
}

#[rstest]
#[timeout(Duration::from_mins(5))]
fn units_do_not_change_what_is_said_of_problems_that_ship() {
    let small = PROBLEMS.iter().filter(|entry| {
        let problem = entry.instance();
        problem.metadata().shape().total() <= LARGEST && problem.online().is_none()
    });
    check(small.map(|entry| entry.id.to_owned()).collect(), |name| {
        let problem = bilevel::problem::find(name)
            .expect("it is listed")
            .instance();
        let mut dice = Dice::new(SEED + 3, name.len() as u64);
        let ends = ends_of(&*problem, &mut dice);
        reported(name, &problem, ends, &mut dice)
    });
}
