//! The score of a tuning trial.

use std::sync::Arc;

use crate::messages;
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;
use crate::referee::{Bench, ColumnCache, Referee, large};
use crate::study::FEASIBLE;

/// The quantity evaluated at the final point of a trial; the least is the best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Score {
    /// φ − φ* from the referee, φ if no optimum is known, and f if φ is unknown; infinite at a point with an open gap,
    /// where φ is no result of the method.
    #[default]
    Referee,
    /// f, whether the follower is optimal or not.
    Objective,
    /// The problem's metric with this index.
    Metric(usize),
}

impl Score {
    /// The score that a word names: `phi`, `f` or a metric of the problem. The error lists these words.
    ///
    /// Only those metrics are accepted that suit a logarithm, which are losses: of others, such as an accuracy, the
    /// least is not the best.
    pub fn from_word(word: &str, problem: &dyn Problem) -> Result<Self, String> {
        let losses = || {
            let metrics = problem.metadata().metrics.iter().enumerate();
            metrics.filter(|(_, metric)| metric.suits_logarithm)
        };
        let found = match word {
            "phi" => Some(Self::Referee),
            "f" => Some(Self::Objective),
            _ => losses()
                .find(|(_, metric)| metric.name == word)
                .map(|(place, _)| Self::Metric(place)),
        };
        found.ok_or_else(|| {
            let names = losses().map(|(_, metric)| metric.name);
            let known: Vec<&str> = ["phi", "f"].into_iter().chain(names).collect();
            messages::settings::unknown_score(word, &known)
        })
    }

    /// The name of the score in tables.
    pub fn name(self, problem: &dyn Problem) -> &'static str {
        let metadata = problem.metadata();
        match self {
            Self::Referee if metadata.optimum().is_some() => "phi - phi*",
            Self::Referee => "phi",
            Self::Objective => "f",
            Self::Metric(place) => metadata.metrics[place].name,
        }
    }

    /// The score at a point; infinite if it is not a number.
    pub(crate) fn at(self, problem: &dyn Problem, point: &Point, token: &WorkToken) -> f64 {
        let found = match self {
            Self::Referee => return referee(problem, point, token),
            Self::Objective => problem.value(1, point, token),
            Self::Metric(place) => problem.metrics(point, token)[place],
        };
        if found.is_nan() { f64::INFINITY } else { found }
    }
}

fn referee(problem: &dyn Problem, point: &Point, token: &WorkToken) -> f64 {
    match Referee::new(problem, token).assess(point) {
        Some(found) if found.share > FEASIBLE && has_open_gap(problem, point, token) => {
            f64::INFINITY
        }
        Some(found) if found.reduced.is_finite() => match problem.metadata().optimum() {
            Some(optimum) => (found.reduced - optimum).max(0.0),
            None => found.reduced,
        },
        _ => problem.value(1, point, token),
    }
}

/// True if a gap is open in the spans that ranks are measured in: at a single x a span may be tiny, and that of a large
/// level is not known.
fn has_open_gap(problem: &dyn Problem, point: &Point, token: &WorkToken) -> bool {
    if large::is_large(point) {
        return false;
    }
    let memory = Arc::new(ColumnCache::default());
    let found = Bench::new(problem, &memory, token).assess(point);
    found.is_some_and(|(found, _)| found.share > FEASIBLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, ParameterValue, Settings};

    #[test]
    fn an_infeasible_point_has_no_finite_score() {
        let valleys = problem::find("valleys").unwrap().instance();
        let token = WorkToken::default();
        let score = |y: f64| {
            let point = Point::from_blocks(&[vec![1.0], vec![y]]);
            Score::Referee.at(&*valleys, &point, &token)
        };
        let solved = Referee::new(&*valleys, &token)
            .lower(&Point::from_blocks(&[vec![1.0], vec![0.0]]))
            .unwrap();
        let y = solved.argmin[0];
        assert!(score(y).is_finite() && score(y) == score(y + 1e-6));
        assert_eq!(score(y + 1.0), f64::INFINITY);
    }

    #[test]
    fn a_word_is_phi_f_or_a_loss_and_an_accuracy_is_refused() {
        let entry = problem::find("hyper-cleaning").unwrap();
        let mut settings = Settings::new(entry.parameters);
        for name in ["train", "validation", "test"] {
            settings.set(name, ParameterValue::Number(20.0)).unwrap();
        }
        let problem = (entry.build)(&settings);
        let named = |word| Score::from_word(word, &*problem);
        assert_eq!(named("phi"), Ok(Score::Referee));
        assert_eq!(Score::Referee.name(&*problem), "phi", "no optimum is known");
        let coreset = problem::find("coreset").unwrap().instance();
        assert_eq!(Score::Referee.name(&*coreset), "phi - phi*");
        let token = WorkToken::default();
        let mut point = problem.metadata().start.clone();
        for (i, theta) in point[2].iter_mut().enumerate() {
            *theta = (i as f64).sin() * 0.05;
        }
        let at = |word| named(word).unwrap().at(&*problem, &point, &token);
        assert_eq!(at("f"), at("validation-loss"));
        assert_ne!(at("f"), at("test-loss"));
        assert!(at("phi").is_finite() && at("phi") != at("f"));
        assert_eq!(
            named("f1"),
            Err(
                "there is no score `f1` here; there are phi, f, test-loss, validation-loss"
                    .to_owned()
            )
        );
    }
}
