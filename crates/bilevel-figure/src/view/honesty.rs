//! `honesty`: the leader's objective over the value gap, and beneath it the f that runs report beside φ at the same x.

use bilevel::numerics::WorkToken;
use bilevel_files::ViewInfo;

use super::View;
use super::context::ViewContext;
use super::error::ViewError;
use crate::build::honesty::{HonestyData, honesty};
use crate::{Figure, Proportion, Theme};

/// The `honesty` view.
pub struct HonestyPicture;

impl View for HonestyPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "honesty",
        title: "honesty",
        meaning: "the leader's objective against the value gap, and reported against true values",
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
        let subject = HonestyData {
            metadata: context.problem.metadata(),
            methods: &context.experiment.methods,
            iterations: context.experiment.iterations,
        };
        honesty(subject, &context.paths, theme).into()
    }
}
