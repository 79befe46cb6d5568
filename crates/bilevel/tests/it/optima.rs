//! Every claimed minimum of a one-variable reduced objective is found again by brute force, and no other.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, PROBLEMS, ParameterKind, ParameterValue, Problem, Settings};
use bilevel::referee::Referee;
use rstest::rstest;

/// The largest error of a claimed x or φ, relative to one plus its magnitude.
const TOLERANCE: f64 = 1e-5;
/// The rise that separates a minimum from lower points on both sides must exceed this.
const PROMINENCE: f64 = 1e-5;
/// The numbers of samples over the range of x, and of y.
const COLUMNS: usize = 801;
const ROWS: usize = 2001;
/// The number of samples per level of nested grids.
const SECTIONS: usize = 61;
/// The leader's variable.
const UPPER: Coordinate = Coordinate { level: 1, index: 0 };

/// A problem whose minima are searched without its closed form.
struct Searched {
    name: String,
    problem: Arc<dyn Problem>,
    token: WorkToken,
}

/// Two independent solvers of the lower levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The referee's own descent.
    Referee,
    /// A grid over each one-variable lower level, nested.
    Grid,
}

/// The benchmarks with a one-variable leader, with default parameters and, if they have a `dimension`, in one, two and
/// three dimensions.
fn searched() -> Vec<Searched> {
    let mut all = Vec::new();
    for entry in PROBLEMS {
        let mut settings = vec![Settings::new(entry.parameters)];
        for parameter in entry.parameters {
            if parameter.name == "dimension"
                && matches!(parameter.kind, ParameterKind::Integer { .. })
            {
                for dimension in [1.0, 2.0, 3.0] {
                    let mut given = Settings::new(entry.parameters);
                    given
                        .set("dimension", ParameterValue::Number(dimension))
                        .expect("it is in range");
                    settings.push(given);
                }
            }
        }
        for settings in settings {
            let problem = (entry.build)(&settings);
            let shape = problem.metadata().shape();
            if shape.size(1) == 1 {
                let lower = shape.total() - 1;
                all.push(Searched {
                    name: format!("{}, {lower} lower variables", entry.id),
                    problem,
                    token: WorkToken::default(),
                });
            }
        }
    }
    all
}

impl Searched {
    /// The range in which minima are searched: the box or, if there is none, the default plane's range.
    fn range(&self) -> [f64; 2] {
        let metadata = self.problem.metadata();
        if metadata.bounds.is_bounded(1) {
            return metadata.bounds.limits(1)[0];
        }
        let plane = &metadata.planes[0];
        let axes = [plane.horizontal, plane.vertical];
        let place = axes.iter().position(|axis| *axis == UPPER);
        plane.range[place.expect("the best plane shows the leader's variable")]
    }

    fn phi(&self, x: f64, way: Way) -> f64 {
        let mut point = self.problem.metadata().start.clone();
        point[1][0] = x;
        match way {
            Way::Referee => {
                let referee = Referee::new(&*self.problem, &self.token).without_closed_forms();
                point = referee.answered(&point).expect("an answer");
            }
            Way::Grid if point.shape().levels() == 2 => point[2][0] = self.answer_on_grid(&point),
            Way::Grid => self.answer_by_sections(2, &mut point),
        }
        self.problem.value(1, &point, &self.token)
    }

    /// The lower-level solution that the leader prefers, among the least values of g on a grid of y, each refined.
    fn answer_on_grid(&self, at: &Point) -> f64 {
        let metadata = self.problem.metadata();
        let [low, high] = metadata.bounds.limits(2)[0];
        // a grid wider than the picture, as far as the box permits, so that no answer outside is missed
        let shown = metadata.range(Coordinate { level: 2, index: 0 });
        let (low, high) = (low.max(shown[0].min(-15.0)), high.min(shown[1].max(15.0)));
        let mut point = at.clone();
        let mut value = |level: usize, y: f64| {
            point[2][0] = y;
            self.problem.value(level, &point, &self.token)
        };
        let minima: Vec<[f64; 2]> = minima_of([low, high], ROWS, |y| value(2, y))
            .into_iter()
            .map(|[y, _]| {
                let y = polished(y, |y| value(2, y))[0].clamp(low, high);
                [y, value(2, y)]
            })
            .collect();
        let best = minima.iter().map(|[_, g]| *g).fold(f64::INFINITY, f64::min);
        minima
            .iter()
            .filter(|[_, g]| g - best <= 1e-11)
            .map(|[y, _]| (*y, value(1, *y)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .expect("a continuous function has a minimum on an interval")
            .0
    }
}

impl Searched {
    /// True if a solver finds the lower-level solutions of this problem.
    fn allows(&self, way: Way) -> bool {
        let shape = self.problem.metadata().shape();
        // the innermost level has two tied answers, which meet near x = 0: see tests/it/nested.rs
        if self.name.starts_with("tsg-quartic") {
            return false;
        }
        // near x = 0 the two answers differ by 2|x|³ only, which no tie tolerance can distinguish: see below
        if self.name.starts_with("mb-3-13") {
            return false;
        }
        match way {
            // where answers separate slowly, the referee's tie tolerance moves the point of separation: by 3e-4 where a
            // branch enters the box of iaptt-sin, by 4e-4 at the fork of mb-3-12
            Way::Referee => !["iaptt-sin", "mb-3-12"]
                .iter()
                .any(|id| self.name.starts_with(id)),
            Way::Grid => {
                shape.levels() <= 3 && (2..=shape.levels()).all(|level| shape.size(level) == 1)
            }
        }
    }

    /// Stores the lower-level solutions from `level` on in `at`: the least value on a coarse grid over three times the
    /// pictured range, refined, with all deeper levels solved likewise. Ties go to the answer that the level above
    /// prefers.
    fn answer_by_sections(&self, level: usize, at: &mut Point) {
        let metadata = self.problem.metadata();
        if level > metadata.shape().levels() {
            return;
        }
        let plane = metadata
            .planes
            .iter()
            .find(|plane| plane.vertical.level == level)
            .expect("each level has a picture");
        let mut trial = at.clone();
        let mut value = |objective: usize, x: f64| {
            trial[level][0] = x;
            self.answer_by_sections(level + 1, &mut trial);
            self.problem.value(objective, &trial, &self.token)
        };
        let [low, high] = plane.range[1];
        let range = [2.0 * low - high, 2.0 * high - low];
        let minima: Vec<[f64; 2]> = minima_of(range, SECTIONS, |x| value(level, x))
            .into_iter()
            .map(|[x, _]| polished(x, |x| value(level, x)))
            .collect();
        let best = minima.iter().map(|[_, f]| *f).fold(f64::INFINITY, f64::min);
        at[level][0] = minima
            .iter()
            .filter(|[_, f]| f - best <= 1e-11)
            .map(|[x, _]| (*x, value(level - 1, *x)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .expect("a continuous function has a minimum on an interval")
            .0;
        self.answer_by_sections(level + 1, at);
    }
}

/// The minima of a function on an interval, both ends included, as (x, value); the sample itself if the search between
/// its neighbors finds nothing better.
fn minima_of(
    interval: [f64; 2],
    samples: usize,
    function: impl FnMut(f64) -> f64,
) -> Vec<[f64; 2]> {
    let (minima, _) = minima_and_samples(interval, samples, function);
    minima.into_iter().map(|(_, minimum)| minimum).collect()
}

/// The minima with a prominence: a rise above [`PROMINENCE`] separates each from lower points.
fn prominent_minima_of(
    interval: [f64; 2],
    samples: usize,
    function: impl FnMut(f64) -> f64,
) -> Vec<[f64; 2]> {
    let (minima, values) = minima_and_samples(interval, samples, function);
    let rise = |side: &mut dyn Iterator<Item = &f64>, own: f64| {
        let mut highest = own;
        for &value in side {
            if value < own {
                return highest - own;
            }
            highest = highest.max(value);
        }
        // the end of the interval acts as a wall
        f64::INFINITY
    };
    minima
        .into_iter()
        .filter(|(number, _)| {
            let own = values[*number];
            let left = rise(&mut values[..*number].iter().rev(), own);
            let right = rise(&mut values[number + 1..].iter(), own);
            left.min(right) > PROMINENCE
        })
        .map(|(_, minimum)| minimum)
        .collect()
}

/// The minima, each with the index of its sample; and all samples.
fn minima_and_samples(
    [low, high]: [f64; 2],
    samples: usize,
    mut function: impl FnMut(f64) -> f64,
) -> (Vec<(usize, [f64; 2])>, Vec<f64>) {
    let place = |number: usize| low + (high - low) * number as f64 / (samples - 1) as f64;
    let values: Vec<f64> = (0..samples).map(|number| function(place(number))).collect();
    let mut minima = Vec::new();
    for number in 0..samples {
        let left = number.checked_sub(1);
        let right = (number + 1 < samples).then_some(number + 1);
        let is_lower =
            |other: Option<usize>| other.is_none_or(|other| values[number] < values[other]);
        let is_not_higher =
            |other: Option<usize>| other.is_none_or(|other| values[number] <= values[other]);
        if !(is_lower(left) && is_not_higher(right)) {
            continue;
        }
        let bracket = [left, right].map(|side| place(side.unwrap_or(number)));
        let found = golden_section(bracket, &mut function);
        let sample = [place(number), values[number]];
        let best = if found[1] < sample[1] { found } else { sample };
        minima.push((number, best));
    }
    (minima, values)
}

/// The minimum between two points of a function with one valley there.
fn golden_section(
    [mut low, mut high]: [f64; 2],
    function: &mut impl FnMut(f64) -> f64,
) -> [f64; 2] {
    let share = 0.5 * (5.0_f64.sqrt() - 1.0);
    let edges = [low, high];
    let mut inner = [high - share * (high - low), low + share * (high - low)];
    let mut values = inner.map(&mut *function);
    for _ in 0..60 {
        if values[0] < values[1] {
            high = inner[1];
            inner = [high - share * (high - low), inner[0]];
            values = [function(inner[0]), values[0]];
        } else {
            low = inner[0];
            inner = [inner[1], low + share * (high - low)];
            values = [values[1], function(inner[1])];
        }
    }
    let middle = 0.5 * (low + high);
    // on an edge of the interval the least value may be at the end itself
    [edges[0], middle, edges[1]]
        .map(|place| [place, function(place)])
        .into_iter()
        .min_by(|a, b| a[1].total_cmp(&b[1]))
        .expect("three places")
}

/// Refines a minimum by Newton steps on differences: a golden section is exact only to the square root of the rounding
/// error, which nested searches would magnify level by level.
fn polished(mut x: f64, mut function: impl FnMut(f64) -> f64) -> [f64; 2] {
    const H: f64 = 0.01;
    for _ in 0..3 {
        let [b2, b1, here, a1, a2] = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|i| function(x + i * H));
        let slope = (8.0 * (a1 - b1) - (a2 - b2)) / (12.0 * H);
        let curvature = (16.0 * (a1 + b1) - (a2 + b2) - 30.0 * here) / (12.0 * H * H);
        if !(curvature > 0.0 && slope.abs() < H * curvature) {
            break;
        }
        x -= slope / curvature;
    }
    [x, function(x)]
}

fn check(way: Way) {
    for searched in searched() {
        if !searched.allows(way) {
            continue;
        }
        let name = &searched.name;
        let range = searched.range();
        let is_bounded = searched.problem.metadata().bounds.is_bounded(1);
        let minima = &searched.problem.metadata().minima;
        if let [flat] = &minima[..]
            && flat.blocks[0].is_none()
        {
            for number in 0..COLUMNS {
                let x = range[0] + (range[1] - range[0]) * number as f64 / (COLUMNS - 1) as f64;
                let phi = searched.phi(x, way);
                assert!((phi - flat.value).abs() < 1e-7, "{name}: φ({x}) = {phi}");
            }
            continue;
        }
        let mut found = prominent_minima_of(range, COLUMNS, |x| searched.phi(x, way));
        // an end of the picture is not an end of the problem
        found.retain(|[x, _]| is_bounded || (*x > range[0] && *x < range[1]));
        let listed: Vec<[f64; 2]> = minima
            .iter()
            .filter_map(|minimum| Some([minimum.coordinate(UPPER)?, minimum.value]))
            .collect();
        assert_eq!(listed.len(), minima.len(), "{name}: every minimum fixes x");
        let is_near = |a: &[f64; 2], b: &[f64; 2]| {
            a.iter()
                .zip(b)
                .all(|(a, b)| (a - b).abs() <= TOLERANCE * (1.0 + a.abs()))
        };
        for minimum in &listed {
            assert!(
                found.iter().any(|other| is_near(minimum, other)),
                "{name}: {minimum:?} is listed but not found among {found:?}"
            );
        }
        for minimum in &found {
            assert!(
                listed.iter().any(|other| is_near(minimum, other)),
                "{name}: {minimum:?} is found but not listed among {listed:?}"
            );
        }
    }
}

#[rstest]
fn every_minimum_is_found_again_by_the_referee_without_closed_forms_and_no_other() {
    check(Way::Referee);
}

#[rstest]
fn every_minimum_is_found_again_by_grids_alone_and_no_other() {
    check(Way::Grid);
}

#[rstest]
fn minima_are_listed_from_the_least_and_only_the_least_are_global() {
    for entry in PROBLEMS {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let minima = &problem.metadata().minima;
        assert!(
            minima.is_sorted_by(|a, b| a.value <= b.value),
            "{}",
            entry.id
        );
        for minimum in minima {
            let is_least = minimum.value - minima[0].value <= 1e-12;
            assert_eq!(minimum.is_global, is_least, "{}", entry.id);
        }
    }
}

#[rstest]
fn a_minimum_lies_in_the_box_on_the_answer_beside_it_and_in_the_picture() {
    let token = WorkToken::default();
    for searched in searched() {
        let metadata = searched.problem.metadata();
        for minimum in &metadata.minima {
            let mut point = metadata.start.clone();
            for (place, block) in minimum.blocks.iter().enumerate() {
                if let Some(block) = block {
                    point[place + 1].copy_from_slice(block);
                }
            }
            assert!(metadata.bounds.contain(&point), "{}", searched.name);
            let referee = Referee::new(&*searched.problem, &token);
            assert!(referee.gap(&point).expect("a gap") <= 1e-12);
            let value = searched.problem.value(1, &point, &token);
            let slack = 1e-12 * (1.0 + value.abs());
            assert!((value - minimum.value).abs() <= slack, "{}", searched.name);
            let plane = &metadata.planes[0];
            for (axis, [low, high]) in [plane.horizontal, plane.vertical]
                .into_iter()
                .zip(plane.range)
            {
                let Some(shown) = minimum.coordinate(axis) else {
                    continue;
                };
                assert!(low < shown && shown < high, "{}", searched.name);
            }
        }
    }
}

#[rstest]
fn the_optimum_of_mb_3_13_is_one_point_and_its_edges_are_minima_by_the_answers_alone() {
    let token = WorkToken::default();
    let entry = bilevel::problem::find("mb-3-13").expect("it ships");
    let problem = (entry.build)(&Settings::new(entry.parameters));
    let referee = Referee::new(&*problem, &token);
    let phi = |x: f64| {
        let mut point = problem.metadata().start.clone();
        point[1][0] = x;
        // the answer is the least value on a grid of y, up to the grid's spacing
        let answer = referee.lower(&point).expect("a closed form");
        for number in 0..=200 {
            point[2][0] = -1.0 + f64::from(number) / 100.0;
            assert!(
                problem.value(2, &point, &token) >= answer.value - 1e-15,
                "{x}"
            );
        }
        point[2].copy_from_slice(&answer.argmin);
        assert!((problem.value(2, &point, &token) - answer.value).abs() <= 1e-15);
        problem.value(1, &point, &token)
    };
    assert_eq!(phi(0.0), -1.0);
    for number in 1..=400 {
        let x = f64::from(number) / 400.0;
        assert!((phi(x) - (x - x * x)).abs() < 1e-14 && phi(x) >= 0.0);
        assert!((phi(-x) - (1.0 - x)).abs() < 1e-14 && phi(-x) >= 0.0);
    }
    for x in [1e-3, 1e-6, 1e-9, 1e-12] {
        assert!(phi(x) > 0.0 && phi(-x) > 0.9, "no neighbour is as good");
    }
}
