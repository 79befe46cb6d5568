//! `learned`: the learned model of a run, in the problem's own pictures.

use bilevel::numerics::WorkToken;
use bilevel::problem::{ObservedPoint, Problem, Visual};
use bilevel::run::Trace;
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::landscape::RunPath;
use crate::build::visuals::visual_figure;
use crate::{Figure, FigureArrangement, LegendEntry, Page, Proportion, Swatch, Theme, fixed};

/// The `learned` view.
pub struct LearnedPicture;

/// The iterate that the pictures show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LearnedPoint {
    /// The method.
    pub slot: usize,
    /// The edition of the run's record, and its row; `None` for the start, before any row is recorded.
    pub row: Option<(u64, usize)>,
    /// The outer iteration.
    pub iteration: u64,
}

/// An iterate and its problem.
#[derive(Clone, Debug)]
pub struct LearnedRequest {
    problem: SharedProblem,
    /// The iterate.
    pub place: LearnedPoint,
    seen: ObservedPoint,
}

impl PartialEq for LearnedRequest {
    fn eq(&self, other: &Self) -> bool {
        self.problem == other.problem && self.place == other.place
    }
}

impl LearnedRequest {
    /// True if it is the request of a context whose iterate is at `place`.
    pub fn is_of(&self, context: &ViewContext<'_>, place: LearnedPoint) -> bool {
        self.problem == context.shared_problem() && self.place == place
    }
}

/// Pictures with the iterate that they show.
#[derive(Clone, Debug, Default)]
pub struct LearnedVisuals {
    /// The iterate.
    pub place: LearnedPoint,
    /// The pictures.
    pub visuals: Vec<Visual>,
}

/// The method whose run is shown: the chosen one, or the first that is visible.
pub fn learned_slot(context: &ViewContext<'_>) -> Option<usize> {
    let is_shown = |slot: &usize| context.visible_methods().any(|(shown, _)| shown == *slot);
    let first = || context.visible_methods().next().map(|(slot, _)| slot);
    context.screen.chosen.filter(is_shown).or_else(first)
}

/// The iterate that the pictures of a context show; unlike a request, this copies no point, which may have millions of
/// variables.
///
/// # Errors
/// If the run keeps no point.
pub fn learned_point(context: &ViewContext<'_>) -> Result<LearnedPoint, ViewError> {
    located(context).map(|(place, _)| place)
}

/// An iterate, with its trace and row unless it is the start before any row is recorded.
type LocatedPoint<'a> = (LearnedPoint, Option<(&'a Trace, usize)>);

/// The iterate that is shown.
fn located<'a>(context: &ViewContext<'a>) -> Result<LocatedPoint<'a>, ViewError> {
    let unfit = || {
        ViewError::Unfit(
            "`learned` needs the last point of a run; record_points = \"none\" keeps no point"
                .to_owned(),
        )
    };
    let slot = learned_slot(context).ok_or_else(unfit)?;
    let mut paths = context.paths.iter().filter(|path| !path.is_stale);
    let path = paths.find(|path| path.tag.slot == slot);
    let found = path.and_then(|path: &RunPath<'a>| {
        let row = path.trace.row_at(path.until)?;
        Some((path.trace, path.trace.kept_row(row)?))
    });
    if found.is_none() && path.is_some_and(|path| !path.trace.is_empty()) {
        return Err(unfit());
    }
    let place = LearnedPoint {
        slot,
        row: found.map(|(trace, row)| (trace.edition(), row)),
        iteration: found.map_or(0, |(trace, row)| trace.iterations[row] as u64),
    };
    Ok((place, found))
}

impl View for LearnedPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "learned",
        title: "learned",
        meaning: "the learned model of a run, in the problem's own pictures: samples, images, tables",
        hints: &[
            ["Press play", "The pictures follow the run."],
            ["Choose a method", "The pictures are those of its run."],
        ],
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Square;

    type Request = LearnedRequest;
    type Data = LearnedVisuals;

    fn needs(problem: &dyn Problem) -> Result<(), String> {
        if problem.pictured().is_some() {
            Ok(())
        } else {
            Err("needs data to learn from".to_owned())
        }
    }

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let (place, found) = located(context)?;
        let start = || ObservedPoint::alone(context.first_start().clone());
        let milestones = context.problem.milestones();
        let seen = found.and_then(|(trace, row)| trace.observed(row, &milestones));
        Ok(LearnedRequest {
            problem: context.shared_problem(),
            place,
            seen: seen.unwrap_or_else(start),
        })
    }

    fn compute(
        request: &Self::Request,
        _: Option<(&Self::Request, &Self::Data)>,
        _: usize,
        token: &WorkToken,
    ) -> Result<LearnedVisuals, ViewError> {
        Ok(LearnedVisuals {
            place: request.place,
            visuals: request
                .problem
                .pictured()
                .map_or_else(Vec::new, |it| it.visuals(&request.seen, token)),
        })
    }

    fn figures<'a>(_: &ViewContext<'a>, data: &LearnedVisuals, theme: Theme) -> Vec<Figure<'a>> {
        let visuals = data.visuals.iter();
        visuals.map(|visual| visual_figure(visual, theme)).collect()
    }

    fn arrange<'a>(
        page: Page<'a>,
        context: &ViewContext<'a>,
        data: &LearnedVisuals,
        theme: Theme,
    ) -> Page<'a> {
        let LearnedPoint {
            slot, iteration, ..
        } = data.place;
        let entry = LegendEntry {
            looks: Swatch::Method(context.look(slot).style(theme)),
            label: format!(
                "{} at iteration {}",
                context.label(slot),
                fixed(iteration as f64, 0)
            ),
        };
        page.keyed(vec![entry]).arranged(FigureArrangement::Beside)
    }
}
