//! `landscape`: an objective over a plane of two variables with the runs' paths, and beneath it the reduced objective φ
//! where the horizontal axis is the leader's only variable.

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::Coordinate;
use bilevel::study;
use bilevel_files::{AxisWords, ViewInfo};

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::landscape::{Backdrop, LandscapeData, REDUCED, landscape};
use crate::build::reduced::{reduced, unknown_reduced};
use crate::{Figure, FigureArrangement, Page, Proportion, Theme};

/// Samples of the reaction curve and of φ at the full fineness.
const CURVE: usize = 512;
/// The interval between the samples of φ along each axis: each of them solves all lower levels.
const SOLVED: usize = 3;

/// The word of the axis of φ.
const REDUCED_WORD: &str = "phi";

/// The `landscape` view.
pub struct LandscapePicture;

/// The objective, plane and range of a landscape.
#[derive(Clone, Debug, PartialEq)]
pub struct LandscapeRequest {
    problem: SharedProblem,
    /// The level whose objective is drawn; [`REDUCED`] for φ.
    level: usize,
    axes: [Coordinate; 2],
    /// The other variables; 0 along the axes.
    base: Point,
    range: [[f64; 2]; 2],
}

impl LandscapeRequest {
    /// True if the two requests differ at most in the objective.
    fn has_same_reaction(&self, other: &Self) -> bool {
        let level = self.level;
        *self
            == Self {
                level,
                ..other.clone()
            }
    }
}

impl View for LandscapePicture {
    const INFO: ViewInfo = ViewInfo {
        id: "landscape",
        old_ids: &["reaction"],
        title: "landscape",
        meaning: "an objective over a plane of two variables, with the reaction curve, the paths of the runs, and φ beneath",
        hints: &[
            [
                "Drag the hollow circle",
                "All methods run again from there.",
            ],
            [
                "Click elsewhere",
                "The start moves there; the pointer on a path reads it out.",
            ],
        ],
        most_figures: 2,
        axis_words: AxisWords::Variables(REDUCED_WORD),
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Square;
    const SAMPLES: [usize; 2] = [48, 240];

    type Request = LandscapeRequest;
    type Data = Backdrop;

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let axes = context.axes();
        let mut base = context.base();
        for axis in axes {
            base[axis.level][axis.index] = 0.0;
        }
        Ok(LandscapeRequest {
            problem: context.shared_problem(),
            level: context.level(),
            axes,
            base,
            range: context.sampled(),
        })
    }

    fn compute(
        request: &Self::Request,
        earlier: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<Backdrop, ViewError> {
        let LandscapeRequest {
            problem,
            level,
            axes,
            base,
            range,
        } = request;
        let problem = &**problem;
        let grid = if *level == REDUCED {
            let resolution = [samples / SOLVED; 2];
            study::sample_reduced(problem, *axes, base, *range, resolution, token)
        } else {
            study::sample(problem, *level, *axes, base, *range, [samples; 2], token)
        };
        // contours change with the objective, the reaction does not
        let curve = CURVE * samples / Self::SAMPLES[1];
        let known = earlier.filter(|(earlier, backdrop)| {
            earlier.has_same_reaction(request) && backdrop.samples >= curve
        });
        let reaction = match known {
            Some((_, backdrop)) => backdrop.reaction.clone(),
            None => study::reaction(problem, *axes, base, *range, curve, token),
        };
        let mut backdrop = Backdrop::answered(&grid, reaction);
        backdrop.samples = known.map_or(curve, |(_, backdrop)| backdrop.samples);
        Ok(backdrop)
    }

    fn figures<'a>(context: &ViewContext<'a>, data: &Backdrop, theme: Theme) -> Vec<Figure<'a>> {
        let metadata = context.problem.metadata();
        let plane = context.plane();
        let subject = LandscapeData {
            metadata,
            plane: &plane,
            level: context.level(),
            base: &context.base(),
            starts: context.starts,
            chosen: context.screen.start,
        };
        let paths = context.recorded();
        let strip = reduced(metadata, data, plane.range[0], &paths, theme);
        // without samples the curve is still computed
        let is_unknown = data.samples > 0 && metadata.has_reduced_over(&plane);
        let strip = strip.or_else(|| is_unknown.then(|| unknown_reduced(metadata, plane.range[0])));
        let mut picture = landscape(subject, data, plane.range, &paths, theme);
        if strip.is_some() && !context.screen.is_there {
            // the axis is labelled once, beneath both
            picture.x.label.clear();
        }
        [picture].into_iter().chain(strip).collect()
    }

    fn axis_words(context: &ViewContext<'_>, place: usize, _: &Figure<'_>) -> [String; 2] {
        let [horizontal, vertical] = context.axes().map(|axis| axis.to_string());
        match place {
            0 => [horizontal, vertical],
            _ => [horizontal, REDUCED_WORD.to_owned()],
        }
    }

    fn arrange<'a>(page: Page<'a>, _: &ViewContext<'a>, _: &Backdrop, _: Theme) -> Page<'a> {
        page.arranged(FigureArrangement::OneAxis)
    }
}
