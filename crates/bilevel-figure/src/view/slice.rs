//! `slice`: an objective over a plane through all variables, with the runs' trajectories projected onto it.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::slice::{PlaneChoice, PlaneSample, SliceData, iterates, slice};
use crate::{Figure, Proportion, Theme};

/// The `slice` view.
pub struct SlicePicture;

/// The choice of a plane, and the iterates that it depends on.
#[derive(Clone, Debug)]
pub struct SliceRequest {
    problem: SharedProblem,
    choice: PlaneChoice,
    range: Option<[[f64; 2]; 2]>,
    /// The editions of the records whose iterates are taken, and their lengths.
    records: Vec<(u64, usize)>,
    trail: Arc<Vec<f64>>,
}

impl PartialEq for SliceRequest {
    fn eq(&self, other: &Self) -> bool {
        self.problem == other.problem
            && self.choice == other.choice
            && self.range == other.range
            && self.records == other.records
    }
}

impl View for SlicePicture {
    const INFO: ViewInfo = ViewInfo {
        id: "slice",
        title: "slice",
        meaning: "an objective over a plane through all variables, with projected paths",
        hints: &[[
            "Choose the plane",
            "The paths are projected onto it; faint parts are far from it.",
        ]],
        most_figures: 1,
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Square;
    const SAMPLES: [usize; 2] = [40, 140];

    type Request = SliceRequest;
    type Data = Option<PlaneSample>;

    fn needs(problem: &dyn Problem) -> Result<(), String> {
        if problem.metadata().shape().total() > 2 {
            Ok(())
        } else {
            Err("needs more than the two variables of the landscape".to_owned())
        }
    }

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let paths = context.recorded();
        let metadata = context.problem.metadata();
        let of = context.view.slice.unwrap_or_default();
        let choice = PlaneChoice::of(metadata, &paths, of, context.level());
        let Some((choice, _)) = choice else {
            return Err(ViewError::Unfit(
                "`slice` needs a run whose points are kept and that has not diverged".to_owned(),
            ));
        };
        let fresh = paths.iter().filter(|path| !path.is_stale);
        Ok(SliceRequest {
            problem: context.shared_problem(),
            choice,
            range: context.screen.sampled,
            records: fresh
                .map(|path| (path.trace.edition(), path.trace.len()))
                .collect(),
            trail: Arc::new(iterates(&paths)),
        })
    }

    fn compute(
        request: &Self::Request,
        _: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<Option<PlaneSample>, ViewError> {
        let around = (request.trail.as_slice(), request.range);
        Ok(PlaneSample::new(
            &*request.problem,
            &request.choice,
            around,
            samples,
            token,
        ))
    }

    fn figures<'a>(
        context: &ViewContext<'a>,
        data: &Option<PlaneSample>,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        let metadata = context.problem.metadata();
        let paths = context.recorded();
        let of = context.view.slice.unwrap_or_default();
        let (choice, tag) = PlaneChoice::of(metadata, &paths, of, context.level()).unzip();
        let subject = SliceData {
            metadata,
            choice: choice.as_ref(),
            plane_sample: data.as_ref(),
            run: tag.map_or("", |tag| context.label(tag.slot)),
            starts: context.starts,
            chosen: context.screen.start,
        };
        // on a screen the share that the plane misses stands above the picture
        let badge = data
            .as_ref()
            .filter(|_| !context.screen.is_there)
            .map(|sample| sample.badge(&paths));
        vec![slice(subject, context.range(0), badge, (&paths, theme))]
    }
}
