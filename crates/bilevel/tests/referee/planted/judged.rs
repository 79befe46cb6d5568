//! The interface to the referee: the only place that depends on its functions.

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::Problem;
use bilevel::run::Status;
use bilevel::study::{FinalState, KnownMinima};

use super::planting::Fit;

/// The end of a run, as the referee gets it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) point: &'a Point,
    pub(crate) direction: &'a [f64],
    pub(crate) stride: f64,
    pub(crate) recent: &'a [f64],
    pub(crate) status: &'a Status,
}

/// The verdict of the referee.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) verdict: &'static str,
    pub(crate) index: Option<usize>,
    /// True if the search was complete; `None` if the referee gives no verdict.
    pub(crate) complete: Option<bool>,
    /// The whole outcome as text.
    pub(crate) text: String,
}

impl Word {
    /// True if the verdict is among the admissible ones.
    pub(crate) fn is_among(&self, fits: &[Fit]) -> bool {
        fits.iter().any(|fit| match fit {
            Fit::Word(word) => self.verdict == *word,
            Fit::Incomplete(word) => self.verdict == *word && self.complete == Some(false),
        })
    }
}

/// The minima that the referee knows.
pub(crate) fn goals(problem: &dyn Problem) -> KnownMinima {
    KnownMinima::of(problem, &WorkToken::default()).expect("it is not cancelled")
}

/// The referee's verdict on an end.
pub(crate) fn judged(problem: &dyn Problem, goals: &KnownMinima, asked: Asked<'_>) -> Word {
    let ended = FinalState {
        point: asked.point,
        direction: asked.direction,
        stride: asked.stride,
        recent: asked.recent,
        status: asked.status,
    };
    let Some(end) = goals.end(problem, ended, &WorkToken::default()) else {
        return Word {
            verdict: "unknown",
            index: None,
            complete: None,
            text: "nothing is said".to_owned(),
        };
    };
    Word {
        verdict: end.verdict.word(),
        index: end.index,
        complete: Some(end.complete),
        text: format!("{end:?}"),
    }
}
