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
    let survey = &plan.survey;
    let token = WorkToken::default();
    let goals = survey.goals(&token).ok_or(ExecuteError::NoGoals)?;
    let numbers: Vec<usize> = shard.runs(survey.len()).collect();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let cells: Option<Vec<SurveyOutcome>> = pool.install(|| {
        numbers
            .par_iter()
            .map(|&number| {
                let cell = survey.cell(survey.place(number), &goals, &token);
                (progress.advance)(1);
                cell
            })
            .collect()
    });
    cells.ok_or(ExecuteError::Cancelled)
}
