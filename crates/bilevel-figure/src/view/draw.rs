//! A figure of an experiment whose runs have ended, as the bytes of a file.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::study::SurveyOutcome;
use bilevel_files::{Experiment, RunResult, SurveyPlan};

use super::context::ViewContext;
use super::error::ViewError;
use super::{AnyData, AnyView, Fineness, survey};
use crate::{Format, PageSize, PageSizeName, Theme, thumbnail};

/// The default page of a figure, which `run` and `claims` use.
pub fn default_page_size(view: &dyn AnyView) -> PageSize {
    PageSizeName::TwoColumns.page_size(view.proportion(), Theme::Light)
}

/// Draws one figure as the bytes of its format.
///
/// # Errors
/// If the view does not apply, its data cannot be computed, or the page is too large.
pub fn draw(
    (view, page_size, format): (&dyn AnyView, PageSize, Format),
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    results: &[RunResult],
    fineness: Fineness,
) -> Result<Vec<u8>, ViewError> {
    let token = WorkToken::default();
    draw_until(
        (view, page_size, format),
        (experiment, problem, results),
        fineness,
        &token,
    )
}

/// Like [`draw`]; once the token is cancelled, the picture is to be discarded.
///
/// # Errors
/// As [`draw`], and if the work was cancelled.
pub fn draw_until(
    (view, page_size, format): (&dyn AnyView, PageSize, Format),
    (experiment, problem, results): (&Experiment, &Arc<dyn Problem>, &[RunResult]),
    fineness: Fineness,
    token: &WorkToken,
) -> Result<Vec<u8>, ViewError> {
    let starts = experiment.start_points(&**problem);
    let context = ViewContext::of_results(experiment, problem, &starts, results);
    let job = view.request(&context)?;
    let data = job.compute(fineness, token)?;
    let page = view.page(&context, &data, page_size.theme);
    Ok(page.file(&page_size, format)?)
}

/// Draws the first figure of a view as a small PNG file of a size in pixels, without words; `None` if the view has no
/// figure.
///
/// # Errors
/// If the view does not apply, or its data cannot be computed.
pub fn draw_thumbnail(
    (view, pixels, theme): (&dyn AnyView, [u32; 2], Theme),
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    results: &[RunResult],
) -> Result<Option<Vec<u8>>, ViewError> {
    let starts = experiment.start_points(&**problem);
    let context = ViewContext::of_results(experiment, problem, &starts, results);
    let job = view.request(&context)?;
    let data = job.compute(Fineness::Full, &WorkToken::default())?;
    let first = view.figures(&context, &data, theme).into_iter().next();
    Ok(first
        .map(|figure| thumbnail(figure, pixels, theme))
        .transpose()?)
}

/// Draws `atlas` or `sweep` with outcomes that are known, as the bytes of the format. The hue of a spurious outcome is that of
/// the nearest minimum where the outcome has it.
///
/// # Errors
/// If the page is too large.
pub fn draw_survey(
    (view, page_size, format): (&dyn AnyView, PageSize, Format),
    (experiment, problem, results): (&Experiment, &Arc<dyn Problem>, &[RunResult]),
    (plan, cells): (SurveyPlan, Vec<Option<SurveyOutcome>>),
    token: &WorkToken,
) -> Result<Vec<u8>, ViewError> {
    let starts = experiment.start_points(&**problem);
    let context = ViewContext::of_results(experiment, problem, &starts, results);
    let data: AnyData = Arc::new(survey::data(&Arc::new(plan), cells, token));
    let page = view.page(&context, &data, page_size.theme);
    Ok(page.file(&page_size, format)?)
}
