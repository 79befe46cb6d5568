//! Execution of a survey or of a part of it.

use bilevel::numerics::WorkToken;
use bilevel::study::SurveyOutcome;
use rayon::prelude::*;

use super::{ExecuteError, ProgressReports};
use crate::experiment::plan::shard::Shard;
use crate::experiment::plan::survey_plan::SurveyPlan;

/// The number of runs whose outcomes are handed over together.
const AT_ONCE: usize = 16_384;

/// The outcomes of a part's runs, in their order.
pub fn cells(
    plan: &SurveyPlan,
    shard: Shard,
    threads: usize,
    progress: ProgressReports<'_>,
) -> Result<Vec<SurveyOutcome>, ExecuteError> {
    let mut outcomes = Vec::new();
    let mut numbers = shard.runs(plan.survey.len());
    let token = WorkToken::default();
    each_cells(
        plan,
        &mut numbers,
        threads,
        (progress, &token),
        &mut |some| {
            outcomes.extend(some.iter().map(|(_, outcome)| *outcome));
            Ok(())
        },
    )?;
    Ok(outcomes)
}

/// A receiver of the outcomes of runs with their numbers.
pub type OutcomeReceiver<'a> = dyn FnMut(&[(usize, SurveyOutcome)]) -> std::io::Result<()> + 'a;

/// Hands over the outcomes of the runs with these numbers, some thousands at a time and in their order.
///
/// Once the token is cancelled, these are the outcomes of the runs that have ended. None is kept, so that the memory does not grow with the survey.
pub fn each_cells(
    plan: &SurveyPlan,
    numbers: &mut dyn Iterator<Item = usize>,
    threads: usize,
    (progress, token): (ProgressReports<'_>, &WorkToken),
    hand_over: &mut OutcomeReceiver<'_>,
) -> Result<(), ExecuteError> {
    let survey = &plan.survey;
    let Some(goals) = survey.goals(token) else {
        return if token.is_cancelled() {
            Ok(())
        } else {
            Err(ExecuteError::NoGoals)
        };
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    loop {
        let some: Vec<usize> = numbers.take(AT_ONCE).collect();
        if some.is_empty() || token.is_cancelled() {
            return Ok(());
        }
        let cell = |number: usize| {
            if token.is_cancelled() {
                return None;
            }
            let outcome = survey.cell(survey.place(number), &goals, token)?;
            (progress.advance)(1);
            Some((number, outcome))
        };
        let outcomes: Vec<_> = pool.install(|| some.into_par_iter().filter_map(cell).collect());
        hand_over(&outcomes).map_err(ExecuteError::Table)?;
    }
}
