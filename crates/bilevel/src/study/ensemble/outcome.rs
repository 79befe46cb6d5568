//! The outcome of a run: a minimum of the reduced objective, or only a point where the method came to rest.
//!
//! A method sees its own objective: with too few inner steps that is not φ, and φ may still have a slope where the
//! method rests. So a run is judged by the known minima and by the referee at the last x, never by the method's own
//! value; only rest is decided from the method's own direction and iterates. `judge.rs` has the rules.

use crate::messages;
use crate::numerics::Point;
use crate::problem::{Coordinate, Metadata};
use crate::referee::{Gap, NEAR};
use crate::run::{Run, Status, Trace};
use crate::study::FEASIBLE;

/// The verdict on a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A global minimum of the reduced objective.
    Global,
    /// Another minimum of the reduced objective, inside the box.
    Local,
    /// The method rests where φ has no minimum.
    Spurious,
    /// A point that is a minimum only because of the box.
    Boundary,
    /// A jump of the lower-level solution that holds the run.
    Jump,
    /// A saddle or maximum of the reduced objective, where ∇φ vanishes, too.
    Saddle,
    /// The method has not come to rest.
    Moving,
    /// No other verdict can be justified; [`Outcome::reason`] has the reason.
    Unknown,
    /// The method could not continue, or an objective is undefined at the point.
    Failed,
    /// The run diverged.
    Diverged,
}

impl Verdict {
    /// All verdicts, best first.
    pub const ALL: [Self; 10] = [
        Self::Global,
        Self::Local,
        Self::Boundary,
        Self::Jump,
        Self::Saddle,
        Self::Spurious,
        Self::Moving,
        Self::Unknown,
        Self::Failed,
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
            Self::Saddle => "saddle",
            Self::Moving => "moving",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::Diverged => "diverged",
        }
    }

    /// The word in tables for readers: that of files, but the plain name where the word of files says less.
    pub fn plain_word(self) -> &'static str {
        match self {
            Self::Spurious => messages::outcome::spurious_end(),
            _ => self.word(),
        }
    }

    /// True if such a run is at rest.
    pub const fn is_at_rest(self) -> bool {
        matches!(
            self,
            Self::Global
                | Self::Local
                | Self::Boundary
                | Self::Jump
                | Self::Saddle
                | Self::Spurious
        )
    }

    /// True if such a run has no place in a ranking, however good φ may be at its last point.
    pub const fn is_without_place(self) -> bool {
        matches!(
            self,
            Self::Spurious | Self::Saddle | Self::Failed | Self::Diverged
        )
    }
}

/// The outcome of a run: its verdict and the numbers behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The minimum that was reached, counted from 1: from the left if the leader has one variable, else in the
    /// problem's order.
    pub index: Option<usize>,
    /// The nearest minimum, counted in the same way.
    pub nearest: Option<usize>,
    /// The distance to the nearest minimum.
    pub distance: Option<f64>,
    /// The reduced objective at the last x; NaN if it is not known.
    pub phi: f64,
    /// The reduced objective minus the optimum, if one is known.
    pub above: Option<f64>,
    /// The norm of ∇φ at the last x, within the box: the slope that a method at rest does not see.
    pub bias: Option<f64>,
    /// The value gap of the innermost level.
    pub gap: f64,
    /// The value gaps of levels 2 to n; empty if one of them is not known.
    pub gaps: Vec<Gap>,
    /// |d − ∇φ| / |∇φ| of the method's own direction d, both without components that the bounds block; `None` if ∇φ is
    /// not certified.
    pub mismatch: Option<f64>,
    /// The reason for the verdict "unknown"; `None` for all others.
    pub reason: Option<String>,
    /// The searched range of each variable, level after level.
    pub searched: Vec<[f64; 2]>,
    /// True if the whole domain was searched, so that the best minimum found is a global one.
    pub complete: bool,
    /// The norm of the method's own direction, within the box; NaN for a method without one.
    pub direction: f64,
    /// The displacement of the leader per iteration for a constant direction of length 1.
    pub stride: f64,
    /// True if the run moves along ∇φ, but so slowly that it could be mistaken for at rest.
    pub(super) is_slow: bool,
    /// The number of the leader's variables.
    pub(super) leader: usize,
}

impl Outcome {
    /// True if the run is spurious because of a follower's gap.
    pub fn is_unanswered(&self) -> bool {
        self.verdict == Verdict::Spurious && self.worst().is_some_and(|gap| gap.share() > FEASIBLE)
    }

    /// The first row of the run's trace from which on every kept x is within 1/200 of the width of the shown range from the
    /// last one; `None` for a run that is not at rest, or whose points are not kept.
    pub fn resting_row(&self, trace: &Trace, metadata: &Metadata) -> Option<usize> {
        if !self.verdict.is_at_rest() {
            return None;
        }
        let last = trace.len().checked_sub(1)?;
        let end = trace.point(last)?;
        let width = |index: usize| {
            let [low, high] = metadata.start_range(Coordinate { level: 1, index });
            high - low
        };
        let widths: Vec<f64> = (0..end[1].len()).map(width).collect();
        let is_near = |row: &usize| {
            let Some(point) = trace.point(*row) else {
                return false;
            };
            let pairs = point[1].iter().zip(&end[1]).zip(&widths);
            pairs
                .map(|((x, end), width)| (x - end).abs() / width)
                .all(|share| share <= NEAR)
        };
        (0..=last).rev().take_while(is_near).last()
    }

    /// The gap that is the largest share of its level's span.
    pub fn worst(&self) -> Option<Gap> {
        let gaps = self.gaps.iter().copied();
        gaps.max_by(|a, b| a.share().total_cmp(&b.share()))
    }

    /// φ above the optimum, as words say it: 0 below it, and within the rounding of φ.
    pub fn visible_above(&self) -> Option<f64> {
        let rounding = 64.0 * f64::EPSILON * self.phi.abs();
        let visible = |above: f64| if above <= rounding { 0.0 } else { above };
        self.above.map(visible)
    }

    /// The searched ranges of the leader's variables, as in `(searched in [−5, 5])`; empty if the whole domain was
    /// searched.
    fn extent(&self, number: impl Fn(f64) -> String) -> String {
        if self.complete || self.searched.is_empty() {
            return String::new();
        }
        let leader = self.searched.iter().take(self.leader);
        let ranges: Vec<String> = leader
            .map(|[low, high]| format!("$[{}, {}]$", number(*low), number(*high)))
            .collect();
        messages::outcome::searched_in(&ranges)
    }

    /// The outcome in a few words, such as for a label at the end of a path.
    pub fn name(&self) -> String {
        let name = match (self.verdict, self.index) {
            (Verdict::Local, Some(index)) => {
                return messages::outcome::numbered_local_minimum(index);
            }
            (Verdict::Local, None) => messages::outcome::local_minimum(),
            (Verdict::Global, _) if !self.complete => messages::outcome::best_known_optimum(),
            (Verdict::Global, _) => messages::outcome::global_optimum(),
            (Verdict::Spurious, _) if self.is_unanswered() => messages::outcome::infeasible_end(),
            (Verdict::Spurious, _) => messages::outcome::spurious_end(),
            (Verdict::Boundary, _) => messages::outcome::active_bound(),
            (Verdict::Jump, _) => messages::outcome::stopped_at_jump(),
            (Verdict::Saddle, _) => messages::outcome::saddle_or_maximum(),
            (Verdict::Moving, _) => messages::outcome::not_converged(),
            (Verdict::Unknown, _) => messages::outcome::not_known(),
            (Verdict::Failed, _) => messages::outcome::failed(),
            (Verdict::Diverged, _) => messages::outcome::diverged(),
        };
        name.to_owned()
    }

    /// The outcome in a sentence: markup with numbers formatted by `number`.
    pub fn meaning(&self, number: impl Fn(f64) -> String) -> String {
        let above = self.visible_above().map(&number);
        let above = above.map_or_else(String::new, |above| {
            messages::outcome::above_optimum(&above)
        });
        let bias = self.bias.map_or_else(|| "…".to_owned(), &number);
        match self.verdict {
            Verdict::Global if !self.complete => {
                messages::outcome::no_better_found(&self.extent(number))
            }
            Verdict::Global => {
                let above = self.visible_above().map(number);
                match above.filter(|above| above != "0") {
                    Some(above) => messages::outcome::near_smallest_value(&above),
                    None => messages::outcome::no_smaller_value().to_owned(),
                }
            }
            Verdict::Saddle => messages::outcome::stationary_without_minimum(&above),
            Verdict::Unknown => {
                let reason = self.reason.as_deref();
                let reason = reason.unwrap_or_else(|| messages::outcome::not_evaluated());
                messages::outcome::unknown(reason)
            }
            Verdict::Failed => messages::outcome::method_failed().to_owned(),
            Verdict::Local => messages::outcome::no_smaller_value_nearby(&above),
            Verdict::Boundary => messages::outcome::minimum_by_bound(&above),
            Verdict::Jump => messages::outcome::solution_jumps(&above),
            Verdict::Spurious if self.is_unanswered() => {
                let worst = self.worst();
                let gap = number(worst.map_or(self.gap, |gap| gap.value));
                match worst {
                    Some(worst) if self.gaps.len() > 1 => {
                        messages::outcome::level_not_optimal(worst.level, &gap, &above)
                    }
                    _ => messages::outcome::follower_not_optimal(&gap, &above),
                }
            }
            // an exact zero means that nothing in the method depends on x
            Verdict::Spurious if self.direction == 0.0 && self.bias.is_some_and(|b| b > 0.0) => {
                messages::outcome::update_is_zero(&bias, &above)
            }
            Verdict::Spurious => messages::outcome::stopped_at_slope(&bias, &above),
            Verdict::Moving if self.is_slow => messages::outcome::descends_slowly(&bias, &above),
            Verdict::Moving if self.direction.is_nan() => messages::outcome::slope(&bias, &above),
            Verdict::Moving => {
                // a short direction may still move the leader far
                let step = if self.stride > 1.0 {
                    messages::outcome::step_and_momentum(&number(self.stride))
                } else {
                    String::new()
                };
                messages::outcome::update_norm(&number(self.direction), &step, &above)
            }
            Verdict::Diverged => messages::outcome::iterates_grew().to_owned(),
        }
    }
}

/// The final state of a run.
#[derive(Clone, Copy, Debug)]
pub struct FinalState<'a> {
    /// The last point.
    pub point: &'a Point,
    /// The last direction of level 1; NaN for a method without one.
    pub direction: &'a [f64],
    /// The displacement of level 1 per iteration for a constant direction of length 1; see [`crate::method::stride`].
    pub stride: f64,
    /// The last blocks of level 1, oldest first and the current one last, as from [`crate::run::Run::recent`]; empty if
    /// they are not known. A single block means a run without a step.
    pub recent: &'a [f64],
    /// The status.
    pub status: &'a Status,
}

impl<'a> FinalState<'a> {
    /// The current state of a run.
    pub fn of(run: &'a Run) -> Self {
        Self {
            point: run.point(),
            direction: run.direction(),
            stride: run.stride(),
            recent: run.recent(),
            status: run.status(),
        }
    }
}
