//! Numerical checks of a problem on samples of its box: finite objectives, correct derivatives, convexity of the
//! innermost level, and uniqueness of its minimizer.
//!
//! Samples can refute but not prove a property: a yes means that no counterexample was found. A variable without bounds
//! is sampled over the range that pictures show.

use crate::messages;
use crate::numerics::short_number;
use crate::numerics::{Levels, Point, WorkToken, richardson};
use crate::problem::{Coordinate, Metadata, Obstacle, ObstacleKind, Problem};
use crate::referee::follower::Follower;
use crate::referee::newton::hessian;
use crate::referee::obstacles::{obstacles, turns_between_samples, worst_obstacle};
use crate::referee::searched;
use crate::referee::{Referee, Region};

/// The number of points checked for a small problem; a large one has fewer, down to [`FEWEST`].
const SAMPLES: usize = 96;
const FEWEST: usize = 8;
/// A problem with at most this many variables is small.
const SMALL: usize = 16;
/// The number of the leader's points at which the lower level is solved.
const SOLVES: usize = 24;
/// Tolerance between gradients and differences, as a share of the gradient's usual size.
const AGREE: f64 = 1e-5;
/// Step sizes of differences, in widths; the second is for points where the first meets a kink.
const STEPS: [f64; 2] = [1e-3, 1e-6];
/// A negative eigenvalue below this share of the largest, or of the slope over the width of the range, is rounding error.
const ROUNDING: f64 = 1e-9;
/// A continuum of equally good minimizers narrower than this share of its position counts as one.
const NARROW: f64 = 1e-4;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckResult {
    /// No counterexample was found.
    Yes,
    /// The property fails somewhere.
    No,
    /// The property could not be checked.
    Unknown,
}

/// The check of one property.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemCheck {
    /// The result.
    pub answer: CheckResult,
    /// The decisive number: a relative difference, an eigenvalue, the number of minimizers.
    pub number: Option<f64>,
    /// The point of failure, or of the worst value.
    pub at: Option<Point>,
    /// The findings as a sentence.
    pub words: String,
}

/// The checks of a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemChecks {
    /// All objectives and gradients are finite.
    pub finite: ProblemCheck,
    /// Gradients agree with central differences.
    pub derivatives: ProblemCheck,
    /// The innermost objective is convex in its own variables.
    pub convex: ProblemCheck,
    /// The innermost level has one minimizer for each point of the levels above.
    pub unique: ProblemCheck,
    /// The number of points checked.
    pub samples: usize,
}

/// Checks a problem; `None` once the token is cancelled, which is polled at every point.
pub fn problem_checks(problem: &dyn Problem, token: &WorkToken) -> Option<ProblemChecks> {
    let metadata = problem.metadata();
    let points = samples(metadata);
    let region = searched::region(problem, token);
    let broken = worst_obstacle(problem, &region, token);
    let broken = broken.as_ref();
    let finite = finite(problem, &points, token)?;
    // a narrow feature is no reason against derivatives or convexity
    let torn = broken.filter(|found| found.kind != ObstacleKind::Narrow);
    let derivatives = match torn {
        Some(broken) => refuted_by(problem, broken),
        None => derivatives(problem, &points, &region, token)?,
    };
    let convex = match torn {
        Some(broken) if broken.level == metadata.shape().levels() => refuted_by(problem, broken),
        _ => {
            let found = convex(problem, &points, &region, token)?;
            unless_narrow(found, turns_between_samples(problem, &region, token))
        }
    };
    let unique = match broken {
        Some(broken) if broken.level > 1 => ProblemCheck {
            answer: CheckResult::Unknown,
            ..refuted_by(problem, broken)
        },
        _ => unique(problem, &points, &convex, token)?,
    };
    Some(ProblemChecks {
        finite,
        derivatives,
        convex,
        unique,
        samples: points.len(),
    })
}

/// The jump or pole of an objective that a check or a search of the problem has found, in words.
pub fn known_obstacle(problem: &dyn Problem) -> Option<String> {
    let found = problem.obstacles()?.get()?.worst.as_ref()?;
    Some(obstacle_words(problem, found))
}

fn obstacle_words(problem: &dyn Problem, broken: &Obstacle) -> String {
    let place = point_text(problem, &broken.at);
    match broken.kind {
        ObstacleKind::Jump => messages::checks::objective_jumps(broken.level, &place),
        ObstacleKind::Pole => messages::checks::objective_has_pole(broken.level, &place),
        ObstacleKind::Narrow => messages::checks::objective_is_narrow(broken.level, &place),
    }
}

/// The check of convexity, which samples do not show of an objective that turns between them.
fn unless_narrow(found: ProblemCheck, is_narrow: bool) -> ProblemCheck {
    if !is_narrow || found.answer != CheckResult::Yes {
        return found;
    }
    ProblemCheck {
        answer: CheckResult::Unknown,
        words: messages::checks::curvature_between_samples().to_owned(),
        ..found
    }
}

/// The check of a property that no objective with such a place has.
fn refuted_by(problem: &dyn Problem, broken: &Obstacle) -> ProblemCheck {
    ProblemCheck {
        answer: CheckResult::No,
        number: None,
        at: Some(broken.at.clone()),
        words: obstacle_words(problem, broken),
    }
}

/// The start and points spread evenly over the box.
fn samples(metadata: &Metadata) -> Vec<Point> {
    let total = metadata.shape().total();
    let count = (SAMPLES * SMALL / total.max(SMALL)).max(FEWEST);
    let sides: Vec<[f64; 2]> = metadata
        .coordinates()
        .into_iter()
        .map(|at| side(metadata, at))
        .collect();
    let mut points = vec![metadata.start.clone()];
    for number in 1..count {
        let mut point = metadata.start.clone();
        for (place, (value, [low, high])) in point.values_mut().iter_mut().zip(&sides).enumerate() {
            // multiples of different irrational square roots, modulo 1, fill a box evenly
            let root = ((place + 2) as f64 + 0.5).sqrt();
            *value = low + (number as f64 * root).fract() * (high - low);
        }
        points.push(point);
    }
    points
}

/// The range in which a variable is sampled: its box with a small inset, or the range that pictures show.
fn side(metadata: &Metadata, at: Coordinate) -> [f64; 2] {
    let [low, high] = metadata.bounds.limits(at.level)[at.index];
    let shown = metadata.range(at);
    let low = if low.is_finite() {
        low
    } else {
        shown[0].min(high)
    };
    let high = if high.is_finite() {
        high
    } else {
        shown[1].max(low)
    };
    let inset = 1e-3 * (high - low);
    [low + inset, high - inset]
}

fn finite(problem: &dyn Problem, points: &[Point], token: &WorkToken) -> Option<ProblemCheck> {
    let mut first: Option<(usize, f64, &Point)> = None;
    let mut undefined = 0;
    for point in points {
        if token.is_cancelled() {
            return None;
        }
        let mut levels = 1..=point.shape().levels();
        let found = levels.find_map(|level| {
            let mut gradient = Point::zeros(point.shape());
            problem.grad(level, point, Levels::ALL, &mut gradient, token);
            let value = problem.value(level, point, token);
            let is_finite = gradient.values().iter().all(|slope| slope.is_finite());
            (!(value.is_finite() && is_finite)).then_some((level, value))
        });
        if let Some((level, value)) = found {
            undefined += 1;
            first.get_or_insert((level, value, point));
        }
    }
    let Some((level, value, point)) = first else {
        return Some(ProblemCheck {
            answer: CheckResult::Yes,
            number: None,
            at: None,
            words: messages::checks::all_finite(points.len()),
        });
    };
    let order = usize::from(value.is_finite());
    let reason = problem.undefined(level, point, order);
    Some(ProblemCheck {
        answer: CheckResult::No,
        number: Some(value),
        at: Some(point.clone()),
        words: messages::checks::not_finite(
            level,
            &point_text(problem, point),
            [undefined, points.len()],
            reason.as_deref(),
        ),
    })
}

fn derivatives(
    problem: &dyn Problem,
    points: &[Point],
    region: &Region,
    token: &WorkToken,
) -> Option<ProblemCheck> {
    let mut worst: Option<(f64, &Point)> = None;
    for level in 1..=problem.metadata().shape().levels() {
        let compared = Compared {
            problem,
            level,
            widths: (1..=problem.metadata().shape().levels())
                .flat_map(|level| region.widths(level))
                .collect(),
            token,
        };
        let mut sizes = Vec::with_capacity(points.len());
        for point in points {
            if token.is_cancelled() {
                return None;
            }
            sizes.push(compared.size(point));
        }
        sizes.sort_unstable_by(f64::total_cmp);
        let usual = sizes[sizes.len() / 2];
        for point in points {
            if token.is_cancelled() {
                return None;
            }
            if let Some(difference) = compared.difference(point, usual)
                && worst.is_none_or(|(largest, _)| difference > largest)
            {
                worst = Some((difference, point));
            }
        }
    }
    let Some((largest, point)) = worst else {
        return Some(ProblemCheck {
            answer: CheckResult::Unknown,
            number: None,
            at: None,
            words: messages::checks::nothing_compared().to_owned(),
        });
    };
    let (answer, words) = if largest <= AGREE {
        (CheckResult::Yes, messages::checks::gradients_agree(largest))
    } else {
        let place = point_text(problem, point);
        (
            CheckResult::No,
            messages::checks::gradient_differs(largest, &place),
        )
    };
    Some(ProblemCheck {
        answer,
        number: Some(largest),
        at: Some(point.clone()),
        words,
    })
}

/// The gradient of an objective beside central differences, with all variables in widths.
struct Compared<'a> {
    problem: &'a dyn Problem,
    level: usize,
    widths: Vec<f64>,
    token: &'a WorkToken,
}

impl Compared<'_> {
    fn gradient(&self, at: &Point) -> Vec<f64> {
        let mut gradient = Point::zeros(at.shape());
        (self.problem).grad(self.level, at, Levels::ALL, &mut gradient, self.token);
        let pairs = gradient.values().iter().zip(&self.widths);
        pairs.map(|(slope, width)| slope * width).collect()
    }

    /// The largest entry of the gradient.
    fn size(&self, at: &Point) -> f64 {
        largest(self.gradient(at).into_iter())
    }

    /// The difference of the gradient from central differences, as a share of the larger of its own size and the usual
    /// one; `None` if one of them is not finite.
    fn difference(&self, at: &Point, usual: f64) -> Option<f64> {
        let gradient = self.gradient(at);
        let value = self.problem.value(self.level, at, self.token).abs();
        // an objective that is constant but for rounding has no slope to compare with
        let size = largest(gradient.iter().copied());
        let size = size.max(usual).max(ROUNDING * value);
        let places: Vec<f64> = (at.values().iter().zip(&self.widths))
            .map(|(value, width)| value / width)
            .collect();
        let of = |step: f64| {
            let differences = richardson(&places, step, |places| {
                let values = places.iter().zip(&self.widths);
                let values = values.map(|(place, width)| place * width).collect();
                let moved = Point::from_values(at.shape(), values);
                moved.map_or(f64::NAN, |moved| {
                    self.problem.value(self.level, &moved, self.token)
                })
            })?;
            let pairs = gradient.iter().zip(&differences);
            let apart = largest(pairs.map(|(slope, other)| slope - other));
            let share = if apart == 0.0 { 0.0 } else { apart / size };
            share.is_finite().then_some(share)
        };
        let first = of(STEPS[0])?;
        if first <= AGREE {
            return Some(first);
        }
        Some(of(STEPS[1]).map_or(first, |second| first.min(second)))
    }
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |most, value| most.max(value.abs()))
}

fn convex(
    problem: &dyn Problem,
    points: &[Point],
    region: &Region,
    token: &WorkToken,
) -> Option<ProblemCheck> {
    let level = problem.metadata().shape().levels();
    let mut least: Option<(f64, &Point)> = None;
    let mut is_strong = true;
    let mut bend: Option<(f64, &Point)> = None;
    for point in points {
        if token.is_cancelled() {
            return None;
        }
        let matrix = hessian(problem, level, point, token);
        if matrix.iter().any(|entry| !entry.is_finite()) {
            continue;
        }
        let eigenvalues = matrix.symmetric_eigenvalues();
        // the curvature of a line is the rounding of its slope
        let steepest = steepest(problem, point, region, token);
        let rounding = ROUNDING * eigenvalues.amax().max(steepest);
        let smallest = eigenvalues.min();
        is_strong &= smallest > rounding;
        if least.is_none_or(|(least, _)| smallest < least) {
            least = Some((smallest, point));
        }
        if smallest < -rounding && bend.is_none_or(|(most, _)| smallest < most) {
            bend = Some((smallest, point));
        }
    }
    let Some((least, point)) = least else {
        return Some(ProblemCheck {
            answer: CheckResult::Unknown,
            number: None,
            at: None,
            words: messages::checks::hessian_finite_nowhere().to_owned(),
        });
    };
    let place = |point: &Point| point_text(problem, point);
    let (answer, number, at, words) = if let Some((curvature, point)) = bend {
        let words = messages::checks::not_convex(curvature, &place(point));
        (CheckResult::No, curvature, point, words)
    } else if let Some((curvature, point)) = falling_slope(problem, points, token) {
        let words = messages::checks::not_convex_beyond(curvature, &place(point));
        (CheckResult::No, curvature, point, words)
    } else if is_strong {
        let words = messages::checks::strongly_convex(least, points.len());
        (CheckResult::Yes, least, point, words)
    } else {
        let words = messages::checks::convex(points.len());
        (CheckResult::Yes, least, point, words)
    };
    Some(ProblemCheck {
        answer,
        number: Some(number),
        at: Some(at.clone()),
        words,
    })
}

/// The largest slope of the innermost objective in its own variables, each over the width of its range.
fn steepest(problem: &dyn Problem, point: &Point, region: &Region, token: &WorkToken) -> f64 {
    let level = point.shape().levels();
    let mut gradient = Point::zeros(point.shape());
    problem.grad(level, point, Levels::only(level), &mut gradient, token);
    let pairs = gradient[level].iter().zip(region.widths(level));
    pairs
        .map(|(slope, width)| slope.abs() / width)
        .fold(0.0, f64::max)
}

/// A sample from which the slope of the innermost objective falls towards the own block of the next one, with the mean
/// curvature between them: a kink that bends downwards has no Hessian.
fn falling_slope<'a>(
    problem: &dyn Problem,
    points: &'a [Point],
    token: &WorkToken,
) -> Option<(f64, &'a Point)> {
    let level = points.first()?.shape().levels();
    let pairs = points.iter().zip(points.iter().cycle().skip(1));
    let bends = pairs.filter_map(|(point, next)| {
        let mut other = point.clone();
        other[level].copy_from_slice(&next[level]);
        let [here, there] = [point, &other].map(|at| {
            let mut gradient = Point::zeros(at.shape());
            problem.grad(level, at, Levels::only(level), &mut gradient, token);
            gradient
        });
        let (mut rise, mut scale, mut square) = (0.0, 0.0, 0.0);
        for i in 0..point[level].len() {
            let step = other[level][i] - point[level][i];
            let slopes = [here[level][i], there[level][i]];
            rise += (slopes[1] - slopes[0]) * step;
            scale += (slopes[0].abs() + slopes[1].abs()) * step.abs();
            square += step * step;
        }
        (rise < -ROUNDING * scale && rise.is_finite()).then(|| (rise / square, point))
    });
    bends.min_by(|a, b| a.0.total_cmp(&b.0))
}

fn unique(
    problem: &dyn Problem,
    points: &[Point],
    convex: &ProblemCheck,
    token: &WorkToken,
) -> Option<ProblemCheck> {
    let is_planar = problem.metadata().shape().total() == 2;
    let region = searched::region(problem, token);
    let follower = is_planar
        .then(|| Follower::new(problem, &region, None, token))
        .flatten()
        .map(|follower| follower.resolving(obstacles(problem, &region, token).is_narrow));
    let referee = Referee::new(problem, token).without_closed_forms();
    let mut looked_at = 0;
    for point in points.iter().take(SOLVES) {
        if token.is_cancelled() {
            return None;
        }
        let count = match &follower {
            Some(follower) => follower.column_at(point[1][0]).and_then(|column| {
                let best = column.points.iter().filter(|one| one.kind.is_global());
                let is_wide = |[from, to]: [f64; 2]| to - from > NARROW * follower.height();
                let answers = best.map(|one| {
                    if is_wide(one.stretch) {
                        f64::INFINITY
                    } else {
                        1.0
                    }
                });
                Some(answers.sum()).filter(|count| *count > 0.0)
            }),
            None => referee
                .lower(point)
                .map(|lower| if lower.is_unique { 1.0 } else { 2.0 }),
        };
        let Some(count) = count else {
            continue;
        };
        looked_at += 1;
        if count > 1.0 {
            let place = point_text(problem, point);
            return Some(ProblemCheck {
                answer: CheckResult::No,
                number: Some(count),
                at: Some(point.clone()),
                words: messages::checks::tied_minima(&place),
            });
        }
    }
    if token.is_cancelled() {
        return None;
    }
    let is_strong =
        convex.answer == CheckResult::Yes && convex.number.is_some_and(|least| least > 0.0);
    let (answer, words) = if looked_at > 0 {
        (CheckResult::Yes, messages::checks::one_solution(looked_at))
    } else if is_strong {
        (
            CheckResult::Yes,
            messages::checks::one_solution_at_most().to_owned(),
        )
    } else {
        (
            CheckResult::Unknown,
            messages::checks::no_solution_found().to_owned(),
        )
    };
    Some(ProblemCheck {
        answer,
        number: (looked_at > 0).then_some(1.0),
        at: None,
        words,
    })
}

/// A point as text, with the names of its first few variables.
fn point_text(problem: &dyn Problem, point: &Point) -> String {
    const FEW: usize = 4;
    let metadata = problem.metadata();
    let plain = |at: Coordinate| metadata.variable(at).replace(['{', '}', '\\'], "");
    let words: Vec<String> = metadata
        .coordinates()
        .into_iter()
        .take(FEW)
        .map(|at| {
            format!(
                "{} = {}",
                plain(at),
                short_number(point[at.level][at.index], 3)
            )
        })
        .collect();
    let more = if point.values().len() > FEW {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", words.join(", "))
}
