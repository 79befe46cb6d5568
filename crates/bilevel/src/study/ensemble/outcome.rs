//! What the end of a run is: a minimum of the reduced objective, or only a place where the method came to rest.
//!
//! A method sees its own objective: with too few inner steps that is not φ, and where it rests φ may still slope. So an end is
//! judged by what is known of the problem and by the referee at the last x, never by the method's own value; the method is only
//! asked whether it has come to rest.
//!
//! ```text
//! at rest:   ‖direction‖ ≤ r / max(1, s),   r = 1e-3 unless asked otherwise,   s = ξ / (1 − m)
//! ```
//!
//! The stride s is how far a steady direction of length 1 moves x in an iteration: ξ is the outer step size, m its momentum. With a stride of
//! 1000 a direction of 1e-3 still moves x by 1; with one below 1, r stands as it is, or a method would rest the sooner the smaller its
//! steps are. The slope of φ is called none by the same length: where leaders take long steps, φ is flat by its scale. Near a known minimum
//! ten times as much is enough.

use crate::numerics::{Point, WorkToken, richardson};
use crate::problem::{Problem, Site};
use crate::referee::{Jump, Referee, valleys};
use crate::run::Status;

/// A method whose own direction is at most this long has come to rest, as long as its stride is at most 1.
pub const REST: f64 = 1e-3;
/// Near a minimum, where a slow method takes long to rest, so many times as long a direction is short enough.
const SETTLING: f64 = 10.0;
/// An end within this distance of a minimum belongs to it; in proportion where the range of x is longer than [`WIDE`].
const NEAR: f64 = 0.02;
const WIDE: f64 = 8.0;
/// A value gap above this, in proportion to g, means that the follower has not answered.
const UNANSWERED: f64 = 1e-2;
/// A minimum at a jump is reached on its lower side: within this share of the jump's height.
const LOWER_SIDE: f64 = 0.1;
/// Samples of the reduced objective for two levels, and for more.
const SAMPLES: [usize; 2] = [512, 128];

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A global minimum of the reduced objective.
    Global,
    /// Another minimum within the box.
    Local,
    /// The method rests where φ has no minimum.
    Spurious,
    /// A minimum that is none without the box.
    Boundary,
    /// A jump of the follower's answer that holds the run.
    Jump,
    /// The method has not come to rest.
    Moving,
    /// It left all bounds or could not go on.
    Diverged,
}

impl Verdict {
    /// All of them, best first.
    pub const ALL: [Self; 7] = [
        Self::Global,
        Self::Local,
        Self::Boundary,
        Self::Jump,
        Self::Spurious,
        Self::Moving,
        Self::Diverged,
    ];

    /// The word in files and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Local => "local",
            Self::Spurious => "spurious",
            Self::Boundary => "boundary",
            Self::Jump => "jump",
            Self::Moving => "moving",
            Self::Diverged => "diverged",
        }
    }
}

/// How a run ended, beside the verdict in numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// In a word.
    pub verdict: Verdict,
    /// Which minimum, counted from 1: from the left where the leader has one variable, else in the problem's order.
    pub index: Option<usize>,
    /// The minimum that is nearest, counted in the same way.
    pub nearest: Option<usize>,
    /// The distance to it.
    pub distance: Option<f64>,
    /// The reduced objective at the last x; NaN where it is not known.
    pub phi: f64,
    /// How far that is above the optimum, where one is known.
    pub above: Option<f64>,
    /// How steep φ is there, within the box: what the method does not see where it rests.
    pub bias: Option<f64>,
    /// The value gap of the innermost level.
    pub gap: f64,
    /// How long the method's own direction is, within the box; NaN for a method that follows none.
    pub direction: f64,
    /// How far a steady direction of length 1 moves the leader in an iteration.
    pub stride: f64,
}

impl End {
    /// Whether the follower could still do better by so much that the end is none of the leader's.
    pub fn is_unanswered(&self) -> bool {
        self.verdict == Verdict::Spurious && self.gap > UNANSWERED
    }

    /// What it is in a few words, such as for the place where a path ends.
    pub fn name(&self) -> String {
        match self.index {
            Some(index) if self.verdict == Verdict::Local => format!("local minimum {index}"),
            _ => match self.verdict {
                Verdict::Global => "global optimum".to_owned(),
                Verdict::Local => "local minimum".to_owned(),
                Verdict::Spurious => "spurious end".to_owned(),
                Verdict::Boundary => "edge of the box".to_owned(),
                Verdict::Jump => "held by a jump".to_owned(),
                Verdict::Moving => "still moving".to_owned(),
                Verdict::Diverged => "diverged".to_owned(),
            },
        }
    }

    /// What that means, as markup with numbers from `number`.
    pub fn meaning(&self, number: impl Fn(f64) -> String) -> String {
        let above = self.above.map(|above| number(above.max(0.0)));
        let above = above.map_or_else(String::new, |above| {
            format!("; $φ$ is ${above}$ above the optimum")
        });
        let bias = self.bias.map_or_else(|| "…".to_owned(), &number);
        match self.verdict {
            Verdict::Global => "no $x$ is better for the leader".to_owned(),
            Verdict::Local => format!("no $x$ nearby is better{above}"),
            Verdict::Boundary => format!("only the edge of the box holds it{above}"),
            Verdict::Jump => format!("the follower's answer jumps here, and $φ$ with it{above}"),
            Verdict::Spurious if self.is_unanswered() => format!(
                "it rests, but the follower has a better answer, by $q = {}${above}",
                number(self.gap)
            ),
            // not near zero but zero: nothing that the method does depends on x
            Verdict::Spurious if self.direction == 0.0 && self.bias.is_some_and(|b| b > 0.0) => {
                format!(
                    "its own direction is exactly $0$, as if nothing depended on the leader, but $φ$ slopes by ${bias}$: with so few \
                     inner steps it does not see that{above}"
                )
            }
            Verdict::Spurious => format!(
                "it rests where $φ$ still slopes by ${bias}$: what it descends is not $φ${above}"
            ),
            Verdict::Moving if self.direction.is_nan() => {
                format!("$φ$ still slopes by ${bias}${above}")
            }
            Verdict::Moving => {
                let direction = number(self.direction);
                // what looks short may still go far
                let step = if self.stride > 1.0 {
                    format!(
                        ", and moves the leader by ${}$ times that",
                        number(self.stride)
                    )
                } else {
                    String::new()
                };
                format!("its own direction is still ${direction}$ long{step}{above}")
            }
            Verdict::Diverged => "it left all bounds or could not go on".to_owned(),
        }
    }
}

/// A run that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// Its last point.
    pub point: &'a Point,
    /// Its last own direction in level 1.
    pub direction: &'a [f64],
    /// How far a steady direction of length 1 moves level 1 in an iteration; see [`crate::method::stride`].
    pub stride: f64,
    /// How it ended.
    pub status: &'a Status,
}

/// How long a method's own direction may be at rest: as long as asked, or where the stride is longer than 1, so long that it
/// moves the leader by no more than that in an iteration.
pub fn longest_at_rest(asked: f64, stride: f64) -> f64 {
    asked / stride.max(1.0)
}

/// A minimum to be reached.
#[derive(Clone, Debug)]
struct Known {
    /// The leader's block; `None` where the minimum does not fix it.
    x: Option<Vec<f64>>,
    /// All blocks, as far as it fixes them.
    blocks: Vec<Option<Vec<f64>>>,
    value: f64,
    is_global: bool,
    site: Site,
}

/// A minimum as others may know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The leader's block; `None` where the minimum does not fix it.
    pub x: Option<Vec<f64>>,
    /// φ there.
    pub value: f64,
    /// Whether no other is lower.
    pub is_global: bool,
    /// What makes it a minimum.
    pub site: Site,
}

/// What there is to be reached on a problem: all minima of the reduced objective, and where it jumps.
#[derive(Clone, Debug)]
pub struct Goals {
    minima: Vec<Known>,
    jumps: Vec<Jump>,
    near: f64,
    /// A method whose own direction is at most this long has come to rest, as long as its stride is at most 1.
    rest: f64,
    optimum: Option<f64>,
}

impl Goals {
    /// Minima to judge the ends of runs by.
    ///
    /// ```
    /// use bilevel::prelude::*;
    /// use bilevel::study::{Ended, Verdict};
    ///
    /// let problem = problem::find("valleys").unwrap().instance();
    /// let exact = method::find("implicit").unwrap();
    /// let start = Point::from_blocks(&[vec![1.5], vec![1.5]]);
    /// let (run, _) = Run::to_end(RunSpec::new(&problem, exact).starting_at(start));
    /// let token = WorkToken::default();
    /// let goals = Goals::of(&*problem, &token).unwrap();
    /// let ended = Ended {
    ///     point: run.point(),
    ///     direction: run.direction(),
    ///     stride: run.stride(),
    ///     status: run.status(),
    /// };
    /// let end = goals.end(&*problem, ended, &token).unwrap();
    /// assert_eq!(end.verdict, Verdict::Global);
    /// ```
    ///
    /// They are the minima that a problem knows and, for a leader of one variable, those that the referee finds in its box or, where there
    /// is none, in the problem's own picture and as far again on both sides. `None` once the token is cancelled.
    pub fn of(problem: &dyn Problem, token: &WorkToken) -> Option<Self> {
        let facts = problem.facts();
        let shape = facts.shape();
        let mut goals = Self {
            minima: facts
                .minima
                .iter()
                .map(|minimum| Known {
                    x: minimum.blocks[0].clone(),
                    blocks: minimum.blocks.clone(),
                    value: minimum.value,
                    is_global: minimum.is_global,
                    site: minimum.site,
                })
                .collect(),
            jumps: Vec::new(),
            near: NEAR,
            rest: REST,
            optimum: facts.optimum(),
        };
        if shape.size(1) == 1 {
            let x = crate::problem::Coordinate { level: 1, index: 0 };
            let is_bounded = facts.bounds.is_bounded(1);
            let own = if is_bounded {
                facts.bounds.limits(1)[0]
            } else {
                facts.range(x)
            };
            let width = own[1] - own[0];
            goals.near *= (width / WIDE).max(1.0);
            let samples = SAMPLES[usize::from(shape.levels() > 2)];
            let (range, samples) = if is_bounded {
                (own, samples)
            } else {
                ([own[0] - width, own[1] + width], 3 * samples)
            };
            if let Some(found) = valleys(problem, &facts.start, range, samples, token) {
                goals.take(found.minima.into_iter().map(|found| Known {
                    x: Some(vec![found.x]),
                    blocks: vec![Some(vec![found.x])],
                    value: found.value,
                    is_global: false,
                    site: found.site,
                }));
                goals.jumps = found.jumps;
            }
        }
        (!token.is_cancelled()).then_some(goals)
    }

    /// The same with another length of a method's own direction at which it counts as at rest, as long as its stride is at most 1.
    #[must_use]
    pub fn resting_at(mut self, rest: f64) -> Self {
        self.rest = rest;
        self
    }

    /// All minima, in the order in which verdicts count them.
    pub fn targets(&self) -> Vec<Target> {
        let target = |known: &Known| Target {
            x: known.x.clone(),
            value: known.value,
            is_global: known.is_global,
            site: known.site,
        };
        self.minima.iter().map(target).collect()
    }

    /// Adds minima that are not known already, and numbers all from the left.
    fn take(&mut self, found: impl Iterator<Item = Known>) {
        let place = |known: &Known| known.x.as_ref().map_or(f64::NEG_INFINITY, |x| x[0]);
        for found in found {
            let is_known = |known: &Known| {
                known.x.is_none() || (place(known) - place(&found)).abs() < 0.25 * self.near
            };
            if !self.minima.iter().any(is_known) {
                self.minima.push(found);
            }
        }
        self.minima.sort_by(|a, b| place(a).total_cmp(&place(b)));
    }

    /// What a run came to; `None` where nothing can be said.
    pub fn end(&self, problem: &dyn Problem, ended: Ended<'_>, token: &WorkToken) -> Option<End> {
        let mut end = End {
            verdict: Verdict::Diverged,
            index: None,
            nearest: None,
            distance: None,
            phi: f64::NAN,
            above: None,
            bias: None,
            gap: f64::NAN,
            direction: f64::NAN,
            stride: ended.stride,
        };
        let is_finite = ended.point.values().iter().all(|value| value.is_finite());
        if ended.status.is_trouble() || !is_finite {
            return Some(end);
        }
        let referee = Referee::new(problem, token);
        let (assessed, answered) = referee.assess_answered(ended.point)?;
        let level = ended.point.shape().levels();
        let best = problem.value(level, ended.point, token) - assessed.gap;
        end.phi = assessed.reduced;
        end.gap = assessed.gap;
        end.above = self.optimum.map(|optimum| assessed.reduced - optimum);
        let bounds = &problem.facts().bounds;
        end.direction = bounds.free_length(1, &ended.point[1], ended.direction);
        let slope = self.slope(problem, &referee, &answered);
        end.bias = slope.map(|slope| bounds.free_length(1, &ended.point[1], &slope));
        let distances = self.minima.iter().map(|known| known.distance(&answered));
        let nearest = distances
            .enumerate()
            .min_by(|(_, a), (_, b)| a.total_cmp(b));
        (end.nearest, end.distance) = nearest
            .map(|(place, distance)| (place + 1, distance))
            .unzip();
        let reached = nearest.filter(|(_, distance)| *distance <= self.near);
        let reached = reached.map(|(place, _)| (place, &self.minima[place]));
        let is_answered = assessed.gap <= UNANSWERED * (1.0 + best.abs());
        let is_short = |length: f64| end.direction.is_nan() || end.direction <= length;
        let rest = longest_at_rest(self.rest, ended.stride);
        let (rests, settles) = (is_short(rest), is_short(SETTLING * rest));
        let hold = self.jumps.iter().find(|jump| {
            (jump.x - ended.point[1][0]).abs() <= self.near
                && self.minima.iter().any(|known| known.is_at(jump, self.near))
        });
        (end.verdict, end.index) = match (reached, hold) {
            // on the upper side of a jump, or hovering over it
            (Some((place, known)), Some(jump)) if known.site == Site::Jump && is_answered => {
                let [low, high] = jump.values;
                let is_low = end.phi - known.value <= LOWER_SIDE * (high - low).abs();
                match (is_low && rests, known.is_global) {
                    (true, true) => (Verdict::Global, Some(place)),
                    _ => (Verdict::Jump, Some(place)),
                }
            }
            (Some((place, known)), _) if is_answered && settles => {
                let verdict = match (known.is_global, known.site) {
                    (true, _) => Verdict::Global,
                    (false, Site::Edge) => Verdict::Boundary,
                    (false, Site::Jump) => Verdict::Jump,
                    (false, Site::Interior) => Verdict::Local,
                };
                (verdict, Some(place))
            }
            _ if !rests => (Verdict::Moving, None),
            // a method without a direction may still be on its way
            _ if end.direction.is_nan()
                && is_answered
                && end.bias.is_none_or(|bias| bias > rest) =>
            {
                (Verdict::Moving, None)
            }
            // with several variables there may be minima that nobody knows of
            _ if !self.knows_all(problem) && is_answered && end.bias? <= rest => {
                (Verdict::Local, None)
            }
            _ => (Verdict::Spurious, None),
        };
        end.index = end.index.map(|place| place + 1);
        (!token.is_cancelled()).then_some(end)
    }

    /// Whether all minima were looked for.
    fn knows_all(&self, problem: &dyn Problem) -> bool {
        problem.facts().shape().size(1) == 1 && !self.minima.is_empty()
    }

    /// dφ/dx: the referee's, or differences where that has none.
    fn slope(
        &self,
        problem: &dyn Problem,
        referee: &Referee<'_>,
        answered: &Point,
    ) -> Option<Vec<f64>> {
        referee.reduced_gradient(answered).or_else(|| {
            let limits = problem.facts().bounds.limits(1);
            let phi = |x: &[f64]| {
                let mut moved = answered.clone();
                moved[1].copy_from_slice(x);
                for (x, [low, high]) in moved[1].iter_mut().zip(limits) {
                    *x = x.clamp(*low, *high);
                }
                referee.reduced(&moved).unwrap_or(f64::NAN)
            };
            let slope = richardson(&answered[1], 1e-3 * self.near, phi)?;
            slope.iter().all(|value| value.is_finite()).then_some(slope)
        })
    }
}

impl Known {
    /// The distance over the leader's block, or where the minimum leaves that open, over what it fixes of the answers.
    fn distance(&self, answered: &Point) -> f64 {
        let pairs = |block: &[f64], own: &[f64]| -> f64 {
            block.iter().zip(own).map(|(a, b)| (a - b).powi(2)).sum()
        };
        let square: f64 = match &self.x {
            Some(x) => pairs(x, &answered[1]),
            None => self
                .blocks
                .iter()
                .enumerate()
                .filter_map(|(level, block)| Some(pairs(block.as_ref()?, &answered[level + 1])))
                .sum(),
        };
        square.sqrt()
    }

    fn is_at(&self, jump: &Jump, near: f64) -> bool {
        let is_near = |x: &Vec<f64>| (x[0] - jump.x).abs() <= 0.25 * near;
        self.site == Site::Jump && self.x.as_ref().is_some_and(is_near)
    }
}
