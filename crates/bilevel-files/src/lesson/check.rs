//! The check of a lesson: the runs that its claims are about, and each claim measured.

use std::sync::Arc;

use bilevel::numerics::{WorkToken, rounded};
use bilevel::problem::Problem;
use bilevel::study::KnownMinima;

use super::claim::{ClaimMoment, ClaimSubject, Condition, LessonClaim, Quantity};
use super::measured::{number_at, number_of, row_of};
use super::model::{Lesson, LessonStep};
use crate::execute::ProgressReports;
use crate::execute::run_all::{RefereeRows, RunOptions, run_until};
use crate::{Experiment, RunResult, messages};

/// The digits of measured numbers in sentences.
const DIGITS: usize = 8;

/// A claim after measuring it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimCheck {
    /// The number of the step, from 1.
    pub step: usize,
    /// The line of the claim in its file, from 1.
    pub line: usize,
    /// True if the claim holds.
    pub holds: bool,
    /// The subject, the measured value and the claimed one, in words.
    pub sentence: String,
}

/// Runs what the claims of a lesson need, and measures each. Steps with equal runs share them.
pub fn check_lesson(lesson: &Lesson, threads: Option<usize>, token: &WorkToken) -> Vec<ClaimCheck> {
    let mut checks = Vec::new();
    let mut last: Option<MeasuredStep> = None;
    for (number, step) in lesson.steps.iter().enumerate() {
        if step.claims.is_empty() || token.is_cancelled() {
            continue;
        }
        let needed = Needed::of(step);
        let measured = match last.take() {
            Some(measured) if measured.needed == needed => measured,
            _ => MeasuredStep::new(needed, threads, token),
        };
        checks.extend(step.claims.iter().map(|claim| {
            let (holds, sentence) = measured.check(claim, token);
            ClaimCheck {
                step: number + 1,
                line: claim.line,
                holds,
                sentence,
            }
        }));
        last = Some(measured);
    }
    checks
}

/// The runs that the claims of a step need.
#[derive(Clone, Debug, PartialEq)]
struct Needed {
    experiment: Experiment,
    /// True if all rows are judged, and not the first and the last one alone.
    is_judged: bool,
    has_errors: bool,
    has_runs: bool,
}

impl Needed {
    fn of(step: &LessonStep) -> Self {
        let mut experiment = step.experiment.clone();
        // the view changes no run
        experiment.view = crate::ViewSpec::default();
        let mut labels = Vec::new();
        let (mut is_judged, mut has_errors) = (false, false);
        for claim in &step.claims {
            let ClaimSubject::Run {
                run, at, quantity, ..
            } = &claim.subject
            else {
                continue;
            };
            labels.push(run.clone());
            if let Condition::LessThan { run, .. } | Condition::MoreThan { run, .. } =
                &claim.condition
            {
                labels.push(run.clone());
            }
            let reached = match at {
                ClaimMoment::Reaching(quantity, _) => Some(quantity),
                _ => None,
            };
            is_judged |= quantity.is_judged() && *at != ClaimMoment::End;
            is_judged |= reached.is_some_and(Quantity::is_judged);
            let is_error = |one: &Quantity| *one == Quantity::HypergradientError;
            has_errors |= is_error(quantity) || reached.is_some_and(is_error);
        }
        let kept = experiment.with_parents(&labels);
        experiment.methods.retain(|one| kept.contains(&one.label));
        Self {
            has_runs: !labels.is_empty(),
            experiment,
            is_judged,
            has_errors,
        }
    }
}

/// The runs of a step, with its problem.
struct MeasuredStep {
    needed: Needed,
    problem: Arc<dyn Problem>,
    runs: Result<Vec<RunResult>, String>,
}

impl MeasuredStep {
    fn new(needed: Needed, threads: Option<usize>, token: &WorkToken) -> Self {
        let problem = needed.experiment.problem.build_informed(token);
        let options = RunOptions {
            threads,
            referee: if needed.is_judged {
                RefereeRows::All
            } else {
                RefereeRows::Every(u64::MAX)
            },
            has_errors: needed.has_errors,
            ..RunOptions::default()
        };
        let runs = if needed.has_runs {
            let reports = ProgressReports::SILENT;
            run_until(&needed.experiment, &problem, options, reports, token)
                .map_err(|error| messages::lessons::no_runs(&error.to_string()))
        } else {
            Ok(Vec::new())
        };
        Self {
            needed,
            problem,
            runs,
        }
    }

    /// Measures a claim: whether it holds, and a sentence.
    fn check(&self, claim: &LessonClaim, token: &WorkToken) -> (bool, String) {
        let subject = self.words(&claim.subject);
        match self.outcome(claim, token) {
            Ok((holds, value, claimed)) => {
                let sentence = messages::lessons::measured(&subject, &value, &claimed);
                (holds, sentence)
            }
            Err(reason) => (false, messages::lessons::not_measured(&subject, &reason)),
        }
    }

    /// The outcome of a claim, with the measured value and the claimed one in words.
    fn outcome(
        &self,
        claim: &LessonClaim,
        token: &WorkToken,
    ) -> Result<(bool, String, String), String> {
        let number = match &claim.subject {
            ClaimSubject::Run {
                run,
                start,
                seed,
                at,
                quantity,
            } => {
                let result = self.run(run, *start, *seed)?;
                if let Condition::Word(word) = claim.condition {
                    let found = word_of(result, quantity)?;
                    return Ok((found == word, found.to_owned(), word.to_owned()));
                }
                let value = number_of(result, row_of(result, at)?, quantity)?;
                if let Condition::LessThan { run: other, factor }
                | Condition::MoreThan { run: other, factor } = &claim.condition
                {
                    let result = self.run(other, *start, *seed)?;
                    let against = number_of(result, row_of(result, at)?, quantity)?;
                    let is_less = matches!(claim.condition, Condition::LessThan { .. });
                    let words = [&short(against), &short(*factor)];
                    let (holds, claimed) = if is_less {
                        let claimed = messages::lessons::less_than(other, words[0], words[1]);
                        (factor * value < against, claimed)
                    } else {
                        let claimed = messages::lessons::more_than(other, words[0], words[1]);
                        (value > factor * against, claimed)
                    };
                    return Ok((holds, short(value), claimed));
                }
                value
            }
            ClaimSubject::Point {
                point,
                is_answered,
                quantity,
            } => number_at(&*self.problem, (point, *is_answered), quantity)?,
            ClaimSubject::Minima => self.minima(token)?.targets().len() as f64,
            ClaimSubject::OptimumValue => self
                .problem
                .metadata()
                .optimum()
                .ok_or_else(|| messages::lessons::not_known().to_owned())?,
            ClaimSubject::Optimum(x) => return self.optimum(x, &claim.condition, token),
        };
        Ok(compared(number, &claim.condition))
    }

    fn minima(&self, token: &WorkToken) -> Result<KnownMinima, String> {
        let minima = KnownMinima::of(&*self.problem, token);
        minima.ok_or_else(|| messages::lessons::not_known().to_owned())
    }

    /// The nearest global minimum to a leader's block.
    fn optimum(
        &self,
        x: &[f64],
        condition: &Condition,
        token: &WorkToken,
    ) -> Result<(bool, String, String), String> {
        let distance = |other: &[f64]| {
            let differences = x.iter().zip(other).map(|(a, b)| (a - b).abs());
            differences.fold(0.0, f64::max)
        };
        let targets = self.minima(token)?.targets();
        let globals = targets.into_iter().filter(|one| one.is_global);
        let blocks = globals.filter_map(|one| one.x);
        let nearest = blocks.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let nearest = nearest.ok_or_else(|| messages::lessons::not_known().to_owned())?;
        let Condition::Between { at_most, .. } = condition else {
            return Err(messages::lessons::not_known().to_owned());
        };
        let claimed = messages::lessons::near(&list(x), &short(*at_most));
        Ok((distance(&nearest) <= *at_most, list(&nearest), claimed))
    }

    fn run(&self, label: &str, start: usize, seed: u64) -> Result<&RunResult, String> {
        let runs = self.runs.as_ref().map_err(Clone::clone)?;
        let methods = &self.needed.experiment.methods;
        let mut runs = runs.iter();
        let found = runs.find(|run| {
            methods[run.key.method].label == label && run.key.start == start && run.key.seed == seed
        });
        found.ok_or_else(|| messages::lessons::not_recorded().to_owned())
    }

    /// The subject of a claim in words.
    fn words(&self, subject: &ClaimSubject) -> String {
        let name = |quantity: &Quantity| self.name(quantity);
        match subject {
            ClaimSubject::Run {
                run, at, quantity, ..
            } => {
                let moment = match at {
                    ClaimMoment::End => messages::lessons::at_end().to_owned(),
                    ClaimMoment::At(k) => messages::lessons::at_iterate(*k),
                    ClaimMoment::Reaching(quantity, limit) => {
                        messages::lessons::on_reaching(&name(quantity), &short(*limit))
                    }
                };
                messages::lessons::of_run(run, &moment, &name(quantity))
            }
            ClaimSubject::Point {
                point,
                is_answered,
                quantity,
            } => {
                let blocks: Vec<String> = point.to_blocks().iter().map(|it| list(it)).collect();
                if *is_answered {
                    messages::lessons::at_x(&blocks[0], &name(quantity))
                } else {
                    messages::lessons::at_point(&blocks.join(", "), &name(quantity))
                }
            }
            ClaimSubject::Minima => messages::lessons::number_of_minima().to_owned(),
            ClaimSubject::Optimum(_) => messages::lessons::global_minimum().to_owned(),
            ClaimSubject::OptimumValue => messages::lessons::optimal_value().to_owned(),
        }
    }

    fn name(&self, quantity: &Quantity) -> String {
        super::read_claim::name_of(quantity, self.problem.metadata())
    }
}

/// The outcome of a condition on a number, with both in words.
fn compared(number: f64, condition: &Condition) -> (bool, String, String) {
    let (holds, claimed) = match condition {
        Condition::Near { value, within } => (
            (number - value).abs() <= *within,
            if *within == 0.0 {
                short(*value)
            } else {
                messages::lessons::near(&short(*value), &short(*within))
            },
        ),
        Condition::Between { at_least, at_most } => (
            (*at_least..=*at_most).contains(&number),
            match [at_least.is_finite(), at_most.is_finite()] {
                [false, _] => messages::lessons::at_most(&short(*at_most)),
                [true, false] => messages::lessons::at_least(&short(*at_least)),
                [true, true] => messages::lessons::from_to(&short(*at_least), &short(*at_most)),
            },
        ),
        Condition::Word(_) | Condition::LessThan { .. } | Condition::MoreThan { .. } => {
            (false, String::new())
        }
    };
    (holds, short(number), claimed)
}

/// The word of a run's verdict or status.
fn word_of(run: &RunResult, quantity: &Quantity) -> Result<&'static str, String> {
    match quantity {
        Quantity::Verdict => {
            let verdict = run.end.as_ref().map(|end| end.verdict.word());
            verdict.ok_or_else(|| messages::lessons::not_known().to_owned())
        }
        _ => Ok(run.status.word()),
    }
}

/// A number with few digits, in the shortest form.
fn short(number: f64) -> String {
    let number = rounded(number, DIGITS);
    let is_plain = number == 0.0 || (1e-4..1e9).contains(&number.abs());
    if is_plain {
        format!("{number}")
    } else {
        format!("{number:e}")
    }
}

fn list(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|&number| short(number)).collect();
    format!("[{}]", numbers.join(", "))
}
