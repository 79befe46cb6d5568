//! What the end of a run is: a minimum of the reduced objective, or only a place where the method came to rest.
//!
//! A method sees its own objective: with too few inner steps that is not φ, and where it rests φ may still slope. So an end is
//! judged by what is known of the problem and by the referee at the last x, never by the method's own value; the method is only
//! asked whether it has come to rest. `goals.rs` says by which rules.

use crate::numerics::Point;
use crate::referee::Gap;
use crate::run::{Run, Status};
use crate::study::FEASIBLE;

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
    /// A saddle or maximum of the reduced objective, where it has no slope either.
    Saddle,
    /// The method has not come to rest.
    Moving,
    /// Nothing can be said; [`End::reason`] says why.
    Unknown,
    /// The method could not go on, or an objective is undefined there.
    Failed,
    /// It left all bounds.
    Diverged,
}

impl Verdict {
    /// All of them, best first.
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

    /// Whether a run that has ended so has no place among others, however good φ may be there.
    pub const fn is_without_place(self) -> bool {
        matches!(
            self,
            Self::Spurious | Self::Saddle | Self::Failed | Self::Diverged
        )
    }
}

/// How a run ended, beside the verdict in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
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
    /// The gaps of levels 2 to n; empty where one of them is not known.
    pub gaps: Vec<Gap>,
    /// |d − ∇φ| / |∇φ| of the method's own direction d, both without what the box holds back; `None` where ∇φ is not certified.
    pub mismatch: Option<f64>,
    /// Why nothing can be said; `None` for all other words.
    pub reason: Option<String>,
    /// From where to where each variable was searched, level after level.
    pub searched: Vec<[f64; 2]>,
    /// Whether that is all of the problem's domain, so that a global minimum is one.
    pub complete: bool,
    /// How long the method's own direction is, within the box; NaN for a method that follows none.
    pub direction: f64,
    /// How far a steady direction of length 1 moves the leader in an iteration.
    pub stride: f64,
    /// Whether it moves along ∇φ, but by so little that it could be taken for at rest.
    pub(super) is_slow: bool,
    /// How many variables the leader has.
    pub(super) leader: usize,
}

impl Outcome {
    /// Whether the follower could still do better by so much that the end is none of the leader's.
    pub fn is_unanswered(&self) -> bool {
        self.verdict == Verdict::Spurious && self.worst().is_some_and(|gap| gap.share() > FEASIBLE)
    }

    /// The gap that is largest in units of what its level's objective spans.
    pub fn worst(&self) -> Option<Gap> {
        let gaps = self.gaps.iter().copied();
        gaps.max_by(|a, b| a.share().total_cmp(&b.share()))
    }

    /// Where it was searched, as in `(searched in [−5, 5])`, of the leader's variables; empty where that is all there is.
    fn extent(&self, number: impl Fn(f64) -> String) -> String {
        if self.complete || self.searched.is_empty() {
            return String::new();
        }
        let leader = self.searched.iter().take(self.leader);
        let ranges: Vec<String> = leader
            .map(|[low, high]| format!("$[{}, {}]$", number(*low), number(*high)))
            .collect();
        format!(" (searched in {})", ranges.join(" × "))
    }

    /// What it is in a few words, such as for the place where a path ends.
    pub fn name(&self) -> String {
        match self.index {
            Some(index) if self.verdict == Verdict::Local => format!("local minimum {index}"),
            _ => match self.verdict {
                Verdict::Global if !self.complete => "best known optimum".to_owned(),
                Verdict::Global => "global optimum".to_owned(),
                Verdict::Local => "local minimum".to_owned(),
                Verdict::Spurious => "spurious end".to_owned(),
                Verdict::Boundary => "edge of the box".to_owned(),
                Verdict::Jump => "held by a jump".to_owned(),
                Verdict::Saddle => "saddle or maximum".to_owned(),
                Verdict::Moving => "still moving".to_owned(),
                Verdict::Unknown => "not known".to_owned(),
                Verdict::Failed => "failed".to_owned(),
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
            Verdict::Global if !self.complete => {
                format!("no better $x$ is known{}", self.extent(number))
            }
            Verdict::Global => "no $x$ is better for the leader".to_owned(),
            Verdict::Saddle => {
                format!("$φ$ has no slope here, but falls on some side: no minimum{above}")
            }
            Verdict::Unknown => {
                let reason = self
                    .reason
                    .as_deref()
                    .unwrap_or("nothing is known of $φ$ here");
                format!("not known: {reason}")
            }
            Verdict::Failed => "the method could not go on".to_owned(),
            Verdict::Local => format!("no $x$ nearby is better{above}"),
            Verdict::Boundary => format!("only the edge of the box holds it{above}"),
            Verdict::Jump => format!("the follower's answer jumps here, and $φ$ with it{above}"),
            Verdict::Spurious if self.is_unanswered() => {
                let worst = self.worst();
                let gap = worst.map_or(self.gap, |gap| gap.value);
                match worst {
                    Some(worst) if self.gaps.len() > 1 => format!(
                        "it rests, but level {} has a better answer, by ${}${above}",
                        worst.level,
                        number(gap)
                    ),
                    _ => format!(
                        "it rests, but the follower has a better answer, by $q = {}${above}",
                        number(gap)
                    ),
                }
            }
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
            Verdict::Moving if self.is_slow => {
                format!("slow: it descends $φ$, which still slopes by ${bias}${above}")
            }
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
            Verdict::Diverged => "it left all bounds".to_owned(),
        }
    }
}

/// A run that has ended.
#[derive(Clone, Copy, Debug)]
pub struct FinalState<'a> {
    /// Its last point.
    pub point: &'a Point,
    /// Its last own direction in level 1; NaN for a method that follows none.
    pub direction: &'a [f64],
    /// How far a steady direction of length 1 moves level 1 in an iteration; see [`crate::method::stride`].
    pub stride: f64,
    /// The last blocks of level 1, oldest first, the present one last, as [`crate::run::Run::recent`] gives them; empty where they are not
    /// known. A single one is that of a run without a step.
    pub recent: &'a [f64],
    /// How it ended.
    pub status: &'a Status,
}

impl<'a> FinalState<'a> {
    /// The run as it stands.
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
