//! `assumptions`: the region in which the last level's Hessian is positive definite, with a sentence on the methods
//! that need it.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Problem};
use bilevel::run::Status;
use bilevel::study::{self, Visit};
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::assumptions::{
    CurvatureMap, MethodIterates, assumptions, needs_definite, verdict,
};
use crate::build::landscape::LandscapeData;
use crate::{Figure, Proportion, RunTag, Theme};

/// Samples of the reaction curve for each sample along an axis.
const CURVE: usize = 3;

/// The `assumptions` view.
pub struct AssumptionsPicture;

/// The most variables of the last level: its Hessian is decomposed at every sample.
const MOST: usize = 50;

/// The plane, and the iterates of the methods that need a definite Hessian.
#[derive(Clone, Debug, PartialEq)]
pub struct AssumptionsRequest {
    problem: SharedProblem,
    axes: [Coordinate; 2],
    /// The other variables; 0 along the axes.
    base: Point,
    range: [[f64; 2]; 2],
    runs: Vec<(RunTag, Vec<Point>)>,
}

/// The curvature over the plane, and how often each run met an indefinite Hessian.
#[derive(Clone, Debug, Default)]
pub struct Curvature {
    map: Arc<CurvatureMap>,
    samples: usize,
    visits: Vec<(RunTag, Visit)>,
}

impl Curvature {
    /// True if the map has a hatched region, as far as it is sampled.
    pub fn is_hatched(&self) -> bool {
        self.map.hatched().is_some_and(|share| share > 0.0)
    }
}

/// The sentence on the visible methods, and true if it is a warning.
pub fn assumptions_verdict(context: &ViewContext<'_>, data: &Curvature) -> (String, bool) {
    let places: Vec<MethodIterates<'_>> = context
        .visible_methods()
        .map(|(slot, method)| {
            let mut all = Visit::default();
            for (_, visit) in data.visits.iter().filter(|(tag, _)| tag.slot == slot) {
                all.of += visit.of;
                all.inside += visit.inside;
                all.is_inside |= visit.is_inside;
            }
            let mut own = context
                .paths
                .iter()
                .filter(|path| path.tag.slot == slot && !path.is_stale);
            MethodIterates {
                entry: method.entry,
                label: &method.label,
                visit: all,
                has_failed: own.any(|path| {
                    let is_over = path.trace.last_iteration() <= Some(path.until);
                    is_over && matches!(path.status, Status::Failed(_))
                }),
            }
        })
        .collect();
    verdict(&places)
}

impl View for AssumptionsPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "assumptions",
        title: "assumptions",
        meaning: "the region in which the lower level is convex, and the methods that require it",
        hints: &[[
            "Follow a path into the hatched region",
            "There a method that needs a convex lower level has no guarantee.",
        ]],
        most_figures: 1,
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Square;
    const SAMPLES: [usize; 2] = [32, 128];

    type Request = AssumptionsRequest;
    type Data = Curvature;

    fn needs(problem: &dyn Problem) -> Result<(), String> {
        let shape = problem.metadata().shape();
        if shape.size(shape.levels()) <= MOST {
            Ok(())
        } else {
            Err(format!("needs a last level of at most {MOST} variables"))
        }
    }

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let axes = context.axes();
        let mut base = context.base();
        for axis in axes {
            base[axis.level][axis.index] = 0.0;
        }
        let methods = &context.experiment.methods;
        let needy = |slot: usize| {
            let method = methods.get(slot);
            method.is_some_and(|method| needs_definite(method.entry))
        };
        let fresh = context
            .paths
            .iter()
            .filter(|path| !path.is_stale && needy(path.tag.slot));
        let runs = fresh.map(|path| {
            let until = path.trace.row_at(path.until);
            let rows = until.map(study::looked_at).unwrap_or_default();
            let points = rows.into_iter().filter_map(|row| path.trace.point(row));
            (path.tag, points.collect())
        });
        Ok(AssumptionsRequest {
            problem: context.shared_problem(),
            axes,
            base,
            range: context.sampled(),
            runs: runs.collect(),
        })
    }

    fn compute(
        request: &Self::Request,
        earlier: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<Curvature, ViewError> {
        let AssumptionsRequest {
            problem,
            axes,
            base,
            range,
            runs,
        } = request;
        let problem = &**problem;
        let known = earlier.filter(|(earlier, data)| {
            (&earlier.problem, earlier.axes, &earlier.base, earlier.range)
                == (&request.problem, *axes, base, *range)
                && data.samples >= samples
        });
        let (map, samples) = if let Some((_, data)) = known {
            (Arc::clone(&data.map), data.samples)
        } else {
            let grid = study::curvature_map(problem, *axes, base, *range, samples, token);
            let track = study::reaction_curve(problem, *axes, *range, CURVE * samples, token);
            (Arc::new(CurvatureMap::new(grid, track)), samples)
        };
        let visits = runs
            .iter()
            .map(|(tag, points)| (*tag, study::visit(problem, points, token)));
        Ok(Curvature {
            map,
            samples,
            visits: visits.collect(),
        })
    }

    fn figures<'a>(context: &ViewContext<'a>, data: &Curvature, theme: Theme) -> Vec<Figure<'a>> {
        let metadata = context.problem.metadata();
        let plane = context.plane();
        let subject = LandscapeData {
            metadata,
            plane: &plane,
            level: metadata.shape().levels(),
            base: &context.base(),
            starts: context.starts,
            chosen: context.screen.start,
        };
        // on a screen the sentence stands above the picture
        let sentence = (!context.screen.is_there).then(|| assumptions_verdict(context, data).0);
        let paths = context.recorded();
        vec![assumptions(
            subject,
            &data.map,
            sentence,
            plane.range,
            (&paths, theme),
        )]
    }
}
