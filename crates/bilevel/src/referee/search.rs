//! Minima of the reduced objective of a leader of several variables, by descent from many starts.
//!
//! Projected gradient steps on φ with the lengths of Barzilai and Borwein (IMA J. Numer. Anal. 1988), halved until φ falls, from the
//! problem's start and from points spread over the region and, where that is open, beyond it. What comes to rest counts if φ falls nowhere
//! around it; minima between the starts may be missed.

use super::NEAR;
use super::reduced::Reduced;
use super::region::{Region, span};
use super::searched;
use super::vicinity::{Around, Low, Vicinity};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Metadata, Minimum, Problem, Site};

/// Leaders and followers of more variables are not searched.
const MOST: [usize; 2] = [16, 64];
/// Places where φ is looked at, descents from the lowest of them, and those from beyond an open region.
const SPREAD: usize = 96;
const STARTS: usize = 16;
const BEYOND: usize = 4;
/// How many times as far from the middle as the region's edge the latter start.
const FAR: f64 = 8.0;
/// Steps of a descent, and halvings of one.
const STEPS: usize = 300;
const HALVINGS: usize = 30;
/// What a step has to gain, as a share of what its slope promises.
const GAIN: f64 = 1e-4;
/// A slope of φ that counts as rest, in spans per width.
const REST: f64 = 1e-10;
/// Two minima within this distance, in widths, are one.
const SAME: f64 = 1.0 / 800.0;
/// Where a descent ends at a kink, gradients are sampled within these shares of the widths, so often.
const RADII: [f64; 2] = [1.0 / 32.0, 1e-6];
const FALLS: usize = 80;
/// The shortest and the longest step, in widths² per span.
const LENGTHS: [f64; 2] = [1e-10, 1e8];
/// A leader beyond this, in widths, is on its way to nowhere.
const FARTHEST: f64 = 1e6;

/// What a search found.
#[derive(Clone, Debug)]
pub(crate) struct Searched {
    /// The minima, as they come.
    pub(crate) minima: Vec<Minimum>,
    /// What φ differs by.
    pub(crate) span: f64,
    /// Whether φ falls without end somewhere.
    pub(crate) is_open: bool,
}

/// The minima that are found; `None` where the problem is too large and once the token is cancelled.
pub(crate) fn search(problem: &dyn Problem, token: &WorkToken) -> Option<Searched> {
    let metadata = problem.metadata();
    let shape = metadata.shape();
    let lower = shape.total() - shape.size(1);
    if shape.size(1) > MOST[0] || lower > MOST[1] {
        return None;
    }
    let region = searched::region(problem, token);
    let reduced = Reduced::new(problem, &metadata.start, token);
    let (starts, span) = starts(problem, &region, &reduced);
    let vicinity = Vicinity::new(problem, &region, span, token);
    let descent = LeaderDescent {
        problem,
        reduced: &reduced,
        region: &region,
        span: if span > 0.0 { span } else { 1.0 },
    };
    let mut found: Vec<Low> = Vec::new();
    let mut is_open = false;
    for start in starts {
        if token.is_cancelled() {
            return None;
        }
        let end = match descent.from(&start) {
            SearchOutcome::Rest(end) => end,
            SearchOutcome::Nowhere => {
                is_open = true;
                continue;
            }
            SearchOutcome::Unknown => continue,
        };
        let Some(low) = lowest_near(&vicinity, &reduced, &end) else {
            continue;
        };
        let is_same = |other: &&mut Low| region.distance(1, &other.x, &low.x) <= SAME;
        match found.iter_mut().find(is_same) {
            Some(known) if low.value < known.value => *known = low,
            Some(_) => {}
            None => found.push(low),
        }
    }
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
    })
}

/// The problem's start, the lowest of points spread over the region and some from beyond an open one, with the span of φ over those within.
fn starts(problem: &dyn Problem, region: &Region, reduced: &Reduced<'_>) -> (Vec<Point>, f64) {
    let metadata = problem.metadata();
    let start = |number: usize, far: f64| start(metadata, region, number, far);
    let value = |point: &Point| reduced.at(&point[1]).map_or(f64::NAN, |at| at.0);
    let mut own: Vec<(f64, Point)> = (0..=SPREAD)
        .map(|number| start(number, 1.0))
        .map(|point| (value(&point), point))
        .collect();
    let span = span(own.iter().map(|one| one.0));
    own[1..].sort_by(|a, b| a.0.total_cmp(&b.0));
    own.truncate(STARTS);
    let beyond = if region.is_boxed(1) { 0 } else { BEYOND };
    let beyond = (0..beyond).map(|number| start(SPREAD + 1 + number, FAR));
    let starts = own.into_iter().map(|one| one.1).chain(beyond);
    (starts.collect(), span)
}

/// The minimum near the end of a descent; `None` where φ falls on, or nothing is known.
fn lowest_near(vicinity: &Vicinity<'_>, reduced: &Reduced<'_>, end: &Point) -> Option<Low> {
    let (value, answered) = reduced.at(&end[1])?;
    if let Around::Minimum(low) = vicinity.around(&answered, NEAR) {
        return Some(low);
    }
    // a descent along one slope ends on a kink
    let (fallen, _) = vicinity.fall(&end[1], value, RADII, FALLS);
    let (_, answered) = reduced.at(&fallen)?;
    match vicinity.around(&answered, NEAR) {
        Around::Minimum(low) => Some(low),
        _ => None,
    }
}

/// The problem's start, and points spread over the leader's region, `far` times as far from its middle.
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

/// What a descent came to.
enum SearchOutcome {
    /// It came to rest, or to its last step.
    Rest(Point),
    /// φ falls beyond all scales.
    Nowhere,
    /// φ or its slope is not known on the way.
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

    /// Where φ comes to rest.
    fn from(&self, start: &Point) -> SearchOutcome {
        let bounds = &self.problem.metadata().bounds;
        let mut here = start.clone();
        let (Some(mut value), Some(mut slope)) = (self.phi(&here), self.slope(&here)) else {
            return SearchOutcome::Unknown;
        };
        let steep = slope.iter().map(|one| one * one).sum::<f64>().sqrt();
        let mut step = 0.125 / (0.125 + steep);
        for _ in 0..STEPS {
            if bounds.free_length(1, &here[1], &slope) <= REST {
                break;
            }
            let Some((next, fallen)) = self.step(&here, value, &slope, step) else {
                break;
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

    /// A step that lowers φ enough.
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
