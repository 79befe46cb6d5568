//! A figure of an experiment whose runs have ended, as the bytes of a file.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::study::SurveyOutcome;
use bilevel_files::{Experiment, RunResult, SurveyPlan};

use super::context::ViewContext;
use super::error::ViewError;
use super::list::suited_view;
use super::note_pictures::{UndrawnNote, notes_off};
use super::{AnyData, AnyView, Fineness, ViewJob, survey};
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
    let drawn = draw_until(
        (view, page_size, format),
        (experiment, problem, results),
        fineness,
        &token,
    );
    drawn.map(|drawn| drawn.file)
}

/// A figure in its format.
#[derive(Clone, Debug)]
pub struct DrawnFigure {
    /// The bytes of the file.
    pub file: Vec<u8>,
    /// The notes on the view that the figure does not show.
    pub undrawn: Vec<UndrawnNote>,
}

/// Like [`draw`], with the notes that are not drawn; once the token is cancelled, the picture is to be discarded.
///
/// # Errors
/// As [`draw`], and if the work was cancelled.
pub fn draw_until(
    (view, page_size, format): (&dyn AnyView, PageSize, Format),
    (experiment, problem, results): (&Experiment, &Arc<dyn Problem>, &[RunResult]),
    fineness: Fineness,
    token: &WorkToken,
) -> Result<DrawnFigure, ViewError> {
    let starts = experiment.start_points(&**problem);
    let weighed = weighed(experiment, results);
    let results = weighed.as_deref().unwrap_or(results);
    let context = ViewContext::of_results(experiment, problem, &starts, results);
    let context = on_page(context, view, &page_size);
    let job = view.request(&context)?;
    let data = job.compute(fineness, token)?;
    let page = view.page(&context, &data, page_size.theme);
    let figures = view.figures(&context, &data, page_size.theme);
    Ok(DrawnFigure {
        file: page.file(&page_size, format)?,
        undrawn: notes_off(experiment, view, &figures),
    })
}

/// The context for a page of a view: the ranges of its figures are those that the experiment has for it, and the page is part
/// of the view.
#[must_use]
pub fn on_page<'a>(
    mut context: ViewContext<'a>,
    view: &dyn AnyView,
    page_size: &PageSize,
) -> ViewContext<'a> {
    let figure = &mut context.view.figure;
    let info = view.info();
    let kind = context.view.kind;
    let kind = kind.unwrap_or_else(|| suited_view(&**context.problem));
    context.screen.ranges = if info.is_beside {
        figure.race_ranges.clone()
    } else if info.is_named(kind.word()) {
        figure.figure_ranges.clone()
    } else {
        Vec::new()
    };
    figure.page = page_size.spec(view.proportion());
    context
}

/// The runs with the experiment's weights of calls; `None` if these are the usual ones.
pub(crate) fn weighed(experiment: &Experiment, results: &[RunResult]) -> Option<Vec<RunResult>> {
    let weights = experiment.view.figure.race_weights?;
    let mut results = results.to_vec();
    for result in &mut results {
        result.trace.weigh(weights);
    }
    Some(results)
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

/// Draws the first figure of a view at some iterations, as [`draw_thumbnail`] does at the end; fewer pictures once the token is
/// cancelled.
///
/// # Errors
/// As [`draw_thumbnail`], and if the view has no figure.
pub fn draw_thumbnails(
    (view, pixels, theme): (&dyn AnyView, [u32; 2], Theme),
    (experiment, problem, results): (&Experiment, &Arc<dyn Problem>, &[RunResult]),
    iterations: &[u64],
    token: &WorkToken,
) -> Result<Vec<Vec<u8>>, ViewError> {
    let starts = experiment.start_points(&**problem);
    let mut known: Option<(Box<dyn ViewJob>, AnyData)> = None;
    let mut pictures = Vec::with_capacity(iterations.len());
    for iteration in iterations.iter().take_while(|_| !token.is_cancelled()) {
        let mut experiment = experiment.clone();
        experiment.view.figure.playhead = Some(*iteration);
        let context = ViewContext::of_results(&experiment, problem, &starts, results);
        let job = view.request(&context)?;
        let data = match &known {
            Some((before, data)) if before.is_same(&*job) => Arc::clone(data),
            _ => job.compute(Fineness::Full, token)?,
        };
        known = Some((job, Arc::clone(&data)));
        let first = view.figures(&context, &data, theme).into_iter().next();
        let picture = first.map(|figure| thumbnail(figure, pixels, theme));
        pictures.extend(picture.transpose()?);
    }
    Ok(pictures)
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
    let context = on_page(context, view, &page_size);
    let data: AnyData = Arc::new(survey::data(&Arc::new(plan), cells, token));
    let page = view.page(&context, &data, page_size.theme);
    Ok(page.file(&page_size, format)?)
}
