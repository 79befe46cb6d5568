//! `penalty`: f + γ q over the plane of a leader and a follower with one variable each, the path of its minimizer as γ
//! grows, and the longest safe step over γ.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, DefaultValue, Parameter, ParameterKind, Problem};
use bilevel::study::{self, PENALTIES, PathSample, PenaltySurface};
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::landscape::{Backdrop, LandscapeData};
use crate::build::penalty::{PenaltyOverlay, penalty};
use crate::{Figure, Proportion, Theme};

/// Samples of the reaction curve for each sample along an axis.
const CURVE: usize = 2;

/// The `penalty` view.
pub struct PenaltyPicture;

/// The plane, the penalty and the start.
#[derive(Clone, Debug, PartialEq)]
pub struct PenaltyRequest {
    problem: SharedProblem,
    axes: [Coordinate; 2],
    range: [[f64; 2]; 2],
    gamma: f64,
    start: Point,
}

/// f and q over a plane, contours of f + γ q, and the path of its minimizer.
#[derive(Clone, Debug, Default)]
pub struct PenaltyCurves {
    surface: Option<Arc<PenaltySurface>>,
    samples: usize,
    backdrop: Backdrop,
    path: Arc<Vec<PathSample>>,
}

/// The name of the penalty in files.
const GAMMA: &str = "penalty";

impl View for PenaltyPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "penalty",
        title: "penalty",
        meaning: "the leader's objective with a penalty on the follower's gap, f + γ q",
        hints: &[[
            "Move the weight γ",
            "The trench along the reaction curve deepens.",
        ]],
        options: &[Parameter {
            name: GAMMA,
            label: "penalty",
            symbol: "γ",
            kind: ParameterKind::Number {
                min: PENALTIES[0],
                max: PENALTIES[1],
                slider: PENALTIES,
                per_level: false,
            },
            default: DefaultValue::Number(10.0),
            meaning: "The weight of the follower's value gap.",
        }],
        most_figures: 2,
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Charts;
    const SAMPLES: [usize; 2] = [40, 160];

    type Request = PenaltyRequest;
    type Data = PenaltyCurves;

    fn needs(problem: &dyn Problem) -> Result<(), String> {
        if study::is_plane(problem.metadata()) {
            Ok(())
        } else {
            Err("needs a leader and a follower with one variable each".to_owned())
        }
    }

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        Ok(PenaltyRequest {
            problem: context.shared_problem(),
            axes: context.axes(),
            range: context.sampled(),
            gamma: context.view.option(&Self::INFO, GAMMA),
            start: context.first_start().clone(),
        })
    }

    fn compute(
        request: &Self::Request,
        earlier: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<PenaltyCurves, ViewError> {
        let PenaltyRequest {
            problem,
            axes,
            range,
            gamma,
            start,
        } = request;
        let problem = &**problem;
        let of_problem = earlier.filter(|(earlier, _)| earlier.problem == request.problem);
        let known = of_problem.filter(|(earlier, data)| {
            (earlier.axes, earlier.range) == (*axes, *range) && data.samples >= samples
        });
        let path = match of_problem.filter(|(earlier, _)| earlier.start == *start) {
            Some((_, data)) => Arc::clone(&data.path),
            None => Arc::new(study::path_samples(problem, start, token)),
        };
        let known = known.and_then(|(_, data)| {
            let track = Arc::clone(&data.backdrop.track);
            Some((Arc::clone(data.surface.as_ref()?), track, data.samples))
        });
        let (surface, track, samples) = known.unwrap_or_else(|| {
            let surface = PenaltySurface::sample(problem, *axes, *range, samples, token);
            let track = study::reaction_curve(problem, *axes, *range, CURVE * samples, token);
            (Arc::new(surface), Arc::new(track), samples)
        });
        let mut backdrop = Backdrop::new(&surface.penalised(*gamma), Vec::new(), Vec::new());
        backdrop.track = track;
        Ok(PenaltyCurves {
            surface: Some(surface),
            samples,
            backdrop,
            path,
        })
    }

    fn figures<'a>(
        context: &ViewContext<'a>,
        data: &PenaltyCurves,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        let metadata = context.problem.metadata();
        let plane = context.plane();
        let subject = LandscapeData {
            metadata,
            plane: &plane,
            level: 1,
            base: context.first_start(),
            starts: context.starts,
            chosen: context.screen.start,
        };
        let overlay = PenaltyOverlay {
            gamma: context.view.option(&Self::INFO, GAMMA),
            backdrop: &data.backdrop,
            path_samples: &data.path,
        };
        penalty(subject, overlay, plane.range, &context.recorded(), theme).into()
    }
}
