//! Execution of a survey or of a part of it.

use bilevel::numerics::WorkToken;
use bilevel::study::SurveyOutcome;
use rayon::prelude::*;

use super::{ExecuteError, ProgressReports};
use crate::experiment::plan::shard::Shard;
use crate::experiment::plan::survey_plan::SurveyPlan;

/// The outcomes of a part's runs, in their order.
pub fn cells(
    plan: &SurveyPlan,
    shard: Shard,
    threads: usize,
    progress: ProgressReports<'_>,
) -> Result<Vec<SurveyOutcome>, ExecuteError> {
    let numbers: Vec<usize> = shard.runs(plan.survey.len()).collect();
    let token = WorkToken::default();
    let outcomes = cells_until(plan, &numbers, threads, progress, &token)?;
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// The outcomes of the runs with these numbers, in their order; once the token is cancelled, those of the runs that have
/// ended.
pub fn cells_until(
    plan: &SurveyPlan,
    numbers: &[usize],
    threads: usize,
    progress: ProgressReports<'_>,
    token: &WorkToken,
) -> Result<Vec<(usize, SurveyOutcome)>, ExecuteError> {
    let survey = &plan.survey;
    let Some(goals) = survey.goals(token) else {
        return if token.is_cancelled() {
            Ok(Vec::new())
        } else {
            Err(ExecuteError::NoGoals)
        };
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let outcomes = pool.install(|| {
        numbers
            .par_iter()
            .filter_map(|&number| {
                if token.is_cancelled() {
                    return None;
                }
                let outcome = survey.cell(survey.place(number), &goals, token)?;
                (progress.advance)(1);
                Some((number, outcome))
            })
            .collect()
    });
    Ok(outcomes)
}
