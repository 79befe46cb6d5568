//! `feasibility`: the leader's objective over the value gap, and beneath it the f that runs report beside φ at the same x.

use bilevel::numerics::WorkToken;
use bilevel_files::ViewInfo;

use super::View;
use super::context::ViewContext;
use super::error::ViewError;
use crate::build::feasibility::{FeasibilityData, feasibility};
use crate::{Figure, Proportion, Theme};

/// The `feasibility` view.
pub struct FeasibilityPicture;

impl View for FeasibilityPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "feasibility",
        old_ids: &["honesty"],
        title: "feasibility",
        meaning: "the leader's objective against the value gap, and reported against true values",
        hints: &[[
            "Drag the timeline",
            "A run that solves both levels moves to the lower left.",
        ]],
        most_figures: 2,
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Charts;

    type Request = ();
    type Data = ();

    fn request(_: &ViewContext<'_>) -> Result<(), ViewError> {
        Ok(())
    }

    fn compute((): &(), _: Option<(&(), &())>, _: usize, _: &WorkToken) -> Result<(), ViewError> {
        Ok(())
    }

    fn figures<'a>(context: &ViewContext<'a>, (): &(), theme: Theme) -> Vec<Figure<'a>> {
        let subject = FeasibilityData {
            metadata: context.problem.metadata(),
            methods: &context.experiment.methods,
            iterations: context.experiment.iterations,
        };
        feasibility(subject, &context.paths, theme).into()
    }
}
