//! `race`: a measure of every run over its cost, and the value gap.

use bilevel::numerics::WorkToken;
use bilevel::problem::ReferenceLine;
use bilevel::run::Status;
use bilevel::study::Measure;
use bilevel_files::{AxisWords, ViewInfo};

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::race::{Curve, RaceData, Spread, race};
use crate::{Figure, Proportion, Theme};

/// The word of the axis of the value gap.
const GAP_WORD: &str = "gap";

/// The `race` view.
pub struct RacePicture;

/// The problem whose reference lines are drawn, if the race compares one of its metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct RaceRequest(Option<SharedProblem>);

impl View for RacePicture {
    const INFO: ViewInfo = ViewInfo {
        id: "race",
        title: "race",
        meaning: "a measure of every run over its cost, and the value gap",
        is_beside: true,
        most_figures: 2,
        axis_words: AxisWords::Costs(GAP_WORD),
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Charts;

    type Request = RaceRequest;
    type Data = Vec<ReferenceLine>;

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let wants_lines = matches!(context.race.measure, Measure::Metric(..));
        Ok(RaceRequest(wants_lines.then(|| context.shared_problem())))
    }

    fn compute(
        RaceRequest(problem): &Self::Request,
        _: Option<(&Self::Request, &Self::Data)>,
        _: usize,
        token: &WorkToken,
    ) -> Result<Vec<ReferenceLine>, ViewError> {
        let lines = problem
            .as_ref()
            .and_then(|problem| problem.reference_lines(token));
        Ok(lines.unwrap_or_default())
    }

    fn figures<'a>(
        context: &ViewContext<'a>,
        lines: &Vec<ReferenceLine>,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        let is_median = context.race.spread == Spread::Median;
        let curves: Vec<Curve<'a>> = context
            .paths
            .iter()
            .map(|path| {
                let has_label = !path.is_stale && (path.tag.run == 0 || is_median);
                Curve {
                    trace: path.trace,
                    tag: path.tag,
                    label: if has_label {
                        context.label(path.tag.slot)
                    } else {
                        ""
                    },
                    leaves: path.leaves,
                    until: path.until,
                    is_stale: path.is_stale,
                    finish: path.finish,
                    has_diverged: !path.is_stale && matches!(path.status, Status::Diverged(_)),
                }
            })
            .collect();
        let subject = RaceData {
            metadata: context.problem.metadata(),
            lines,
            iterations: context.experiment.iterations,
        };
        race(&curves, subject, context.race, theme).into()
    }

    fn axis_words(context: &ViewContext<'_>, place: usize, _: &Figure<'_>) -> [String; 2] {
        let vertical = match place {
            0 => context.race.measure.word(),
            _ => GAP_WORD,
        };
        [context.race.cost.word(), vertical].map(str::to_owned)
    }
}
