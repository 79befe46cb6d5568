//! The data of `atlas` and `sweep`: the outcomes of a survey.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Metadata;
use bilevel::run::Executor;
use bilevel::study::{Reaction, StartGrid, SurveyOutcome, curves};
use bilevel_files::{ProgressReports, Shard, SurveyOptions, SurveyPlan, cells};

use super::context::ViewContext;
use super::error::ViewError;
use crate::OutcomeColours;

/// A planned survey, equal only to itself.
#[derive(Clone, Debug)]
pub struct SurveyRequest(pub Arc<SurveyPlan>);

impl PartialEq for SurveyRequest {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The outcomes of a survey so far.
#[derive(Clone, Debug, Default)]
pub struct SurveyData {
    /// The plan; `None` before the first runs have ended.
    pub plan: Option<Arc<SurveyPlan>>,
    /// The outcomes, by run number.
    pub cells: Vec<Option<SurveyOutcome>>,
    /// The minima, with a hue each.
    pub colours: OutcomeColours,
    /// The reaction curve and φ over the axes of the starts.
    pub reaction: Reaction,
}

/// The options of a survey: a grid of starts over the landscape's plane, with the first seed.
pub(super) fn options(context: &ViewContext<'_>, usual: usize) -> SurveyOptions {
    let metadata: &Metadata = context.problem.metadata();
    let axes = StartGrid::pictured(metadata, &metadata.plane(context.view.axes(metadata)));
    SurveyOptions {
        plane: Some(axes.iter().map(ToString::to_string).collect()),
        side: context.view.grid.unwrap_or(usual),
        seed: context.experiment.seeds.first().copied(),
        ..SurveyOptions::default()
    }
}

/// Runs a survey to its end.
pub(super) fn run(request: &SurveyRequest, token: &WorkToken) -> Result<SurveyData, ViewError> {
    let plan = &request.0;
    let threads = Executor::default_threads();
    let cells = cells(plan, Shard::WHOLE, threads, ProgressReports::SILENT)?;
    Ok(data(plan, cells.into_iter().map(Some).collect(), token))
}

/// The data of a survey with known outcomes.
pub(super) fn data(
    plan: &Arc<SurveyPlan>,
    cells: Vec<Option<SurveyOutcome>>,
    token: &WorkToken,
) -> SurveyData {
    let minima = plan.survey.goals(token).map(|minima| minima.targets());
    SurveyData {
        cells,
        colours: OutcomeColours::new(minima.unwrap_or_default()),
        reaction: curves(&plan.survey, token).unwrap_or_default(),
        plan: Some(Arc::clone(plan)),
    }
}
