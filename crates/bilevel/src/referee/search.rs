//! Minima of the reduced objective of a leader of several variables, by descent from many starts.
//!
//! Projected gradient steps on φ with the lengths of Barzilai and Borwein (IMA J. Numer. Anal. 1988), halved until φ
//! falls, from the problem's start and from points spread over the region and, if that is open, beyond it. The end of a
//! descent counts if φ is nowhere lower around it; minima between the starts may be missed.

use super::obstacles;
use super::reduced::Reduced;
use super::reduced_poles::has_pole_between;
use super::region::{Region, span};
use super::searched;
use super::vicinity::{Around, Low, Vicinity};
use super::{NEAR, Referee};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Metadata, Minimum, Problem, Site};

/// The most variables of the leader and of all followers together; larger problems are not searched.
const MOST: [usize; 2] = [16, 64];
/// Samples of φ, descents from the lowest of them, and descents from beyond an open region.
const SPREAD: usize = 96;
const STARTS: usize = 16;
const BEYOND: usize = 4;
/// Factor by which the latter starts are farther from the middle than points of the region.
const FAR: f64 = 8.0;
/// The most steps of a descent, and the most halvings of a step.
const STEPS: usize = 300;
const HALVINGS: usize = 30;
/// Least decrease of a step, as a share of the decrease predicted by its slope.
const GAIN: f64 = 1e-4;
/// Slope tolerance of a descent, in spans per width.
const REST: f64 = 1e-10;
/// Minima closer than this, in widths, are the same.
const SAME: f64 = 1.0 / 800.0;
/// A descent that comes this close to a known minimum, in widths, ends there.
const AGAIN: f64 = 0.5 * SAME;
/// First and last radius, in widths, of gradient sampling from a descent that ended at a kink, in two parts, and the
/// most steps of each.
const RADII: [[f64; 2]; 2] = [[1.0 / 32.0, 1e-3], [1e-3, 1e-6]];
const FALLS: usize = 60;
/// The largest slope, in spans per width, at which a descent has not ended at a kink.
const LEVEL: f64 = 1e-6;
/// The shortest and the longest step, in widths² per span.
const LENGTHS: [f64; 2] = [1e-10, 1e8];
/// The largest difference, in spans, between φ at a minimum and by a search of its own there, or right beside a jump; and
/// the distance of that, in widths.
const CONFIRMED: [f64; 2] = [1e-6, 1e-4];
const BESIDE: f64 = 1e-5;
/// Beside a pole of φ, an end this many spans below a sample is in the pole.
const DEEP: f64 = 1e3;
/// A descent farther from its start than this, in widths, is unbounded.
const FARTHEST: f64 = 1e6;

/// Result of a search.
#[derive(Clone, Debug)]
pub(crate) struct Searched {
    /// The minima, in the order in which they were found.
    pub(crate) minima: Vec<Minimum>,
    /// Span of φ.
    pub(crate) span: f64,
    /// True if φ falls without end somewhere.
    pub(crate) is_open: bool,
    /// True if it does so at a pole.
    pub(crate) has_pole: bool,
    /// True if a descent went below all minima and ended at none.
    pub(crate) is_doubtful: bool,
}

/// Searches for minima of φ; `None` if the problem is too large or an objective jumps, and once the token is cancelled.
pub(crate) fn search(problem: &dyn Problem, token: &WorkToken) -> Option<Searched> {
    let metadata = problem.metadata();
    let shape = metadata.shape();
    let lower = shape.total() - shape.size(1);
    if shape.size(1) > MOST[0] || lower > MOST[1] {
        return None;
    }
    let region = searched::region(problem, token);
    if !obstacles::is_continuous(problem, &region, token) {
        return None;
    }
    let reduced = Reduced::new(problem, &metadata.start, token);
    let (starts, sampled, span) = starts(problem, &region, &reduced);
    let has_pole = has_pole_between(problem, &reduced, &sampled);
    let vicinity = Vicinity::new(problem, &region, span, token);
    let descent = LeaderDescent {
        problem,
        reduced: &reduced,
        region: &region,
        span: if span > 0.0 { span } else { 1.0 },
    };
    let mut found: Vec<Low> = Vec::new();
    let mut is_open = has_pole || obstacles::may_hide_minima(problem, &region, token);
    let mut lowest_lost = f64::INFINITY;
    for start in starts {
        if token.is_cancelled() {
            return None;
        }
        let (end, is_kink) = match descent.from(&start) {
            SearchOutcome::Rest(end) => (end, false),
            SearchOutcome::Kink(end) => (end, true),
            SearchOutcome::Nowhere => {
                is_open = true;
                continue;
            }
            SearchOutcome::Unknown => continue,
        };
        let Some(low) = lowest_near(&vicinity, &reduced, (&end, is_kink), |x, value| {
            let is_known = |low: &Low| region.distance(1, &low.x, x) <= AGAIN && low.value <= value;
            found.iter().any(is_known)
        }) else {
            // the end of a descent that followed a solution beyond a jump, where it is no longer the best, is no minimum
            lowest_lost = lowest_lost.min(reduced.at(&end[1]).map_or(f64::INFINITY, |at| at.0));
            continue;
        };
        if is_confirmed(problem, &region, (&low, span), token) {
            add(&region, &mut found, low);
        }
    }
    if has_pole {
        // where a descent into a pole ended is no minimum
        let usual = sampled.iter().find_map(|point| reduced.at(&point[1]));
        found.retain(|low| {
            usual
                .as_ref()
                .is_none_or(|usual| usual.0 - low.value <= DEEP * span)
        });
    }
    let least = found.iter().map(|low| low.value);
    let least = least.fold(f64::INFINITY, f64::min);
    let is_doubtful = lowest_lost < least - CONFIRMED[0] * span;
    let minima = found.into_iter().filter_map(|low| {
        let (_, answered) = reduced.at(&low.x)?;
        Some(Minimum {
            is_global: false,
            site: match (low.is_jump, low.is_edge) {
                (true, _) => Site::Jump,
                (_, true) => Site::Edge,
                _ => Site::Interior,
            },
            blocks: answered.to_blocks().into_iter().map(Some).collect(),
            value: low.value,
            reason: "",
        })
    });
    let minima = minima.collect();
    (!token.is_cancelled()).then_some(Searched {
        minima,
        span,
        is_open,
        has_pole,
        is_doubtful,
    })
}

/// Adds a minimum, or replaces the same one if it is lower.
fn add(region: &Region, found: &mut Vec<Low>, low: Low) {
    let is_same = |other: &Low| region.distance(1, &other.x, &low.x) <= SAME;
    match found.iter().position(is_same) {
        Some(known) if low.value < found[known].value => found[known] = low,
        Some(_) => {}
        None => found.push(low),
    }
}

/// True if φ at a minimum is the same when the lower levels are searched for independently of the descent, which may
/// have followed solutions that were no longer global; at a jump, if it is so right beside it.
fn is_confirmed(
    problem: &dyn Problem,
    region: &Region,
    (low, span): (&Low, f64),
    token: &WorkToken,
) -> bool {
    let referee = Referee::new(problem, token);
    let bounds = &problem.metadata().bounds;
    let mut point = problem.metadata().start.clone();
    let mut has_value = |x: &[f64], slack: f64| {
        point[1].copy_from_slice(x);
        bounds.project(1, &mut point[1]);
        let found = referee.reduced(&point);
        found.is_some_and(|found| (found - low.value).abs() <= slack * span)
    };
    has_value(&low.x, CONFIRMED[0])
        || low.is_jump
            && region.widths(1).enumerate().any(|(i, width)| {
                [BESIDE, -BESIDE].into_iter().any(|share| {
                    let mut beside = low.x.clone();
                    beside[i] += share * width;
                    has_value(&beside, CONFIRMED[1])
                })
            })
}

/// Starts of descents: the problem's start, the lowest of points spread over the region and some from beyond an open one.
/// Also all those points, and the span of φ over them.
fn starts(
    problem: &dyn Problem,
    region: &Region,
    reduced: &Reduced<'_>,
) -> (Vec<Point>, Vec<Point>, f64) {
    let metadata = problem.metadata();
    let start = |number: usize, far: f64| start(metadata, region, number, far);
    let value = |point: &Point| reduced.at(&point[1]).map_or(f64::NAN, |at| at.0);
    let mut own: Vec<(f64, Point)> = (0..=SPREAD)
        .map(|number| start(number, 1.0))
        .map(|point| (value(&point), point))
        .collect();
    let span = span(own.iter().map(|one| one.0));
    let sampled = own.iter().map(|one| one.1.clone()).collect();
    own[1..].sort_by(|a, b| a.0.total_cmp(&b.0));
    own.truncate(STARTS);
    let beyond = if region.is_boxed(1) { 0 } else { BEYOND };
    let beyond = (0..beyond).map(|number| start(SPREAD + 1 + number, FAR));
    let starts = own.into_iter().map(|one| one.1).chain(beyond);
    (starts.collect(), sampled, span)
}

/// The minimum near the end of a descent; `None` if φ falls on from there, if it is unknown or if that minimum is known.
fn lowest_near(
    vicinity: &Vicinity<'_>,
    reduced: &Reduced<'_>,
    (end, is_kink): (&Point, bool),
    is_known: impl Fn(&[f64], f64) -> bool,
) -> Option<Low> {
    let (mut value, answered) = reduced.at(&end[1])?;
    if is_known(&end[1], value) {
        return None;
    }
    let lowest = |answered: &Point| match vicinity.around(answered, NEAR) {
        Around::Minimum(low) => Some(low),
        _ => None,
    };
    if !is_kink && let Some(low) = lowest(&answered) {
        return Some(low);
    }
    let mut fallen;
    (fallen, value) = vicinity.descend_along_kinks(&end[1], value);
    for radii in RADII {
        if is_known(&fallen, value) {
            return None;
        }
        (fallen, value) = vicinity.fall(&fallen, value, radii, FALLS);
    }
    (fallen, value) = vicinity.slide(&fallen, value, NEAR);
    if is_known(&fallen, value) {
        return None;
    }
    let (_, beneath) = reduced.at(&fallen)?;
    let low = lowest(&beneath);
    if is_kink {
        low.or_else(|| lowest(&answered))
    } else {
        low
    }
}

/// The problem's start for number 0, else a point spread over the leader's region, moved to `far` times its distance
/// from the middle.
fn start(metadata: &Metadata, region: &Region, number: usize, far: f64) -> Point {
    let mut point = metadata.start.clone();
    if number > 0 {
        region.spread(1, number, &mut point[1]);
        for (x, [low, high]) in point[1].iter_mut().zip(region.ranges(1)) {
            let middle = 0.5 * (low + high);
            *x = middle + far * (*x - middle);
        }
    }
    metadata.bounds.project(1, &mut point[1]);
    point
}

/// Result of a descent.
enum SearchOutcome {
    /// The end of the descent: converged, or after its last step.
    Rest(Point),
    /// The end of the descent on a slope along which φ does not fall.
    Kink(Point),
    /// The descent went beyond all scales.
    Nowhere,
    /// φ or its slope is unknown at the start.
    Unknown,
}

struct LeaderDescent<'a> {
    problem: &'a dyn Problem,
    reduced: &'a Reduced<'a>,
    region: &'a Region,
    span: f64,
}

impl LeaderDescent<'_> {
    fn phi(&self, at: &Point) -> Option<f64> {
        self.reduced.at(&at[1]).map(|(value, _)| value)
    }

    /// ∇φ in spans per width.
    fn slope(&self, at: &Point) -> Option<Vec<f64>> {
        let slope = self.reduced.gradient(&at[1])?;
        let widths = self.region.widths(1);
        let scaled = slope
            .iter()
            .zip(widths)
            .map(|(slope, width)| slope * width / self.span);
        let scaled: Vec<f64> = scaled.collect();
        scaled.iter().all(|one| one.is_finite()).then_some(scaled)
    }

    /// Descends from a start until φ is stationary.
    fn from(&self, start: &Point) -> SearchOutcome {
        let bounds = &self.problem.metadata().bounds;
        let mut here = start.clone();
        let (Some(mut value), Some(mut slope)) = (self.phi(&here), self.slope(&here)) else {
            return SearchOutcome::Unknown;
        };
        let steep = slope.iter().map(|one| one * one).sum::<f64>().sqrt();
        let mut step = 0.125 / (0.125 + steep);
        for _ in 0..STEPS {
            let steep = bounds.free_length(1, &here[1], &slope);
            if steep <= REST {
                break;
            }
            let Some((next, fallen)) = self.step(&here, value, &slope, step) else {
                return if steep > LEVEL {
                    SearchOutcome::Kink(here)
                } else {
                    SearchOutcome::Rest(here)
                };
            };
            let Some(next_slope) = self.slope(&next) else {
                return SearchOutcome::Rest(next);
            };
            let moved = next[1].iter().zip(&here[1]).zip(self.region.widths(1));
            let moved: Vec<f64> = moved
                .map(|((to, from), width)| (to - from) / width)
                .collect();
            let turned = next_slope.iter().zip(&slope).map(|(a, b)| a - b);
            let curved: f64 = moved.iter().zip(turned).map(|(a, b)| a * b).sum();
            let square: f64 = moved.iter().map(|one| one * one).sum();
            step = if curved > 0.0 {
                square / curved
            } else {
                4.0 * step
            };
            step = step.clamp(LENGTHS[0], LENGTHS[1]);
            (here, value, slope) = (next, fallen, next_slope);
            if self.region.distance(1, &here[1], &start[1]) > FARTHEST {
                return SearchOutcome::Nowhere;
            }
        }
        SearchOutcome::Rest(here)
    }

    /// A step that decreases φ enough, halved as needed; `None` if there is none.
    fn step(&self, here: &Point, value: f64, slope: &[f64], step: f64) -> Option<(Point, f64)> {
        let bounds = &self.problem.metadata().bounds;
        let mut step = step;
        for _ in 0..HALVINGS {
            let mut next = here.clone();
            let along = slope.iter().zip(self.region.widths(1));
            for (x, (slope, width)) in next[1].iter_mut().zip(along) {
                *x -= step * slope * width;
            }
            bounds.project(1, &mut next[1]);
            let way = next[1].iter().zip(&here[1]).zip(self.region.widths(1));
            let way = way.map(|((to, from), width)| (from - to) / width);
            let promised: f64 = way.zip(slope).map(|(way, slope)| way * slope).sum();
            let enough = value - GAIN * promised * self.span;
            let fallen = self.phi(&next);
            if let Some(fallen) = fallen.filter(|fallen| *fallen <= enough) {
                return (fallen < value).then_some((next, fallen));
            }
            step *= 0.5;
        }
        None
    }
}
