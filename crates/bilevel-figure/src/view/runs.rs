//! The figures that look at runs from another side than the landscape.

use bilevel::numerics::WorkToken;
use bilevel::problem::{Plane, Problem};
use bilevel::run::{Points, Status};
use bilevel::study::{self, PenaltySurface, Visit};
use bilevel_files::{Experiment, RunResult, ViewSpec};

use super::error::ViewError;
use crate::build::assumptions::{CurvatureMap, MethodIterates, assumptions, verdict};
use crate::build::honesty::{HonestyData as HonestySubject, honesty};
use crate::build::landscape::{Backdrop, LandscapeData, RunPath};
use crate::build::penalty::{PenaltyOverlay, penalty};
use crate::build::slice::{self, PlaneChoice, PlaneSample, iterates, slice};
use crate::build::visuals::visual_figure;
use crate::{Figure, RunTag, Theme};

/// Which run it is, for pictures that only look at methods.
pub(crate) const fn tag(run: &RunResult) -> RunTag {
    RunTag {
        slot: run.key.method,
        run: run.key.start,
    }
}

/// A run with all of its way.
pub(crate) fn run_path(run: &RunResult) -> RunPath<'_> {
    RunPath {
        trace: &run.trace,
        status: &run.status,
        tag: tag(run),
        until: u64::MAX,
        is_stale: false,
        most: None,
        end: run.end.as_ref(),
    }
}

/// The leader's objective over the value gap, and what runs report beside what is true.
pub(crate) fn honesty_of<'a>(
    experiment: &'a Experiment,
    problem: &'a dyn Problem,
    finished: &'a [RunResult],
    theme: Theme,
) -> Vec<Figure<'a>> {
    let subject = HonestySubject {
        metadata: problem.metadata(),
        methods: &experiment.methods,
        iterations: experiment.iterations,
    };
    let paths: Vec<RunPath<'a>> = finished.iter().map(run_path).collect();
    honesty(subject, &paths, theme).into()
}

/// The plane of an experiment, with its range.
fn plane_of(experiment: &Experiment, problem: &dyn Problem) -> Plane {
    let metadata = problem.metadata();
    let mut plane = metadata.plane(experiment.view.axes(metadata));
    plane.range = experiment.view.range.unwrap_or(plane.range);
    plane
}

/// As much more as a page may show where units are equally long.
fn widened(range: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    range.map(|[low, high]| [low - 0.6 * (high - low), high + 0.6 * (high - low)])
}

/// The runs whose every point is kept.
fn recorded_runs(finished: &[RunResult]) -> Vec<RunPath<'_>> {
    let kept = finished
        .iter()
        .filter(|run| run.trace.kept() == Points::All);
    kept.map(run_path).collect()
}

/// f with a penalty on the follower's gap, and the longest safe step over the penalty.
pub(crate) fn penalty_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [RunResult],
    theme: Theme,
) -> Result<Vec<Figure<'a>>, ViewError> {
    let metadata = problem.metadata();
    if !study::is_plane(metadata) {
        return Err(ViewError::Unfit(format!(
            "`penalty` needs a leader and a follower with one variable each; {} has others, choose race or honesty",
            experiment.problem.entry.id
        )));
    }
    let token = WorkToken::default();
    let plane = plane_of(experiment, problem);
    let axes = [plane.horizontal, plane.vertical];
    let gamma = experiment.view.penalty.unwrap_or(ViewSpec::PENALTY);
    let starts = experiment.start_points(problem);
    let surface = PenaltySurface::sample(problem, axes, plane.range, 300, &token);
    let track = study::reaction_curve(problem, axes, plane.range, 400, &token);
    let subject = LandscapeData {
        metadata,
        plane: &plane,
        level: 1,
        base: &starts[0],
        starts: &starts,
    };
    let shown = PenaltyOverlay {
        gamma,
        backdrop: &Backdrop::new(&surface.penalised(gamma), track, Vec::new()),
        path_samples: &study::path_samples(problem, &starts[0], &token),
    };
    Ok(penalty(subject, shown, plane.range, &recorded_runs(finished), theme).into())
}

/// What the first run has learnt, in the problem's own pictures.
pub(crate) fn learned_of(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &[RunResult],
    theme: Theme,
) -> Result<Vec<Figure<'static>>, ViewError> {
    let milestones = problem.milestones();
    let last = |run: &RunResult| {
        run.trace
            .observed(run.trace.len().checked_sub(1)?, &milestones)
    };
    let Some(seen) = finished.first().and_then(last) else {
        return Err(ViewError::Unfit(
            "`learned` needs the last point of a run; record_points = \"none\" keeps no point"
                .to_owned(),
        ));
    };
    let visuals = problem.visuals(&seen, &WorkToken::default());
    if visuals.is_empty() {
        return Err(ViewError::Unfit(format!(
            "`learned` is for problems that learn from data; {} does not, choose race or landscape",
            experiment.problem.entry.id
        )));
    }
    Ok(visuals.iter().map(|it| visual_figure(it, theme)).collect())
}

/// Where the follower is convex, with a sentence on the methods that need that.
pub(crate) fn assumptions_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [RunResult],
    theme: Theme,
) -> Figure<'a> {
    let metadata = problem.metadata();
    let token = WorkToken::default();
    let plane = plane_of(experiment, problem);
    let axes = [plane.horizontal, plane.vertical];
    let starts = experiment.start_points(problem);
    let base = metadata.base_point(&starts[0]);
    let wide = widened(plane.range);
    let map = CurvatureMap::new(
        study::curvature_map(problem, axes, &base, wide, 200, &token),
        study::reaction_curve(problem, axes, wide, 400, &token),
    );
    let places: Vec<MethodIterates<'_>> = experiment
        .methods
        .iter()
        .enumerate()
        .map(|(slot, method)| {
            let mut all = Visit::default();
            let mut has_failed = false;
            for run in finished.iter().filter(|run| run.key.method == slot) {
                let rows = study::looked_at(run.trace.len().saturating_sub(1));
                let points = rows.into_iter().filter_map(|row| run.trace.point(row));
                let visit = study::visit(problem, &points.collect::<Vec<_>>(), &token);
                all.of += visit.of;
                all.inside += visit.inside;
                all.is_inside |= visit.is_inside;
                has_failed |= matches!(run.status, Status::Failed(_));
            }
            MethodIterates {
                entry: method.entry,
                label: &method.label,
                visit: all,
                has_failed,
            }
        })
        .collect();
    let subject = LandscapeData {
        metadata,
        plane: &plane,
        level: metadata.shape().levels(),
        base: &base,
        starts: &starts,
    };
    let (words, _) = verdict(&places);
    assumptions(
        subject,
        &map,
        Some(words),
        plane.range,
        (&recorded_runs(finished), theme),
    )
}

/// An objective over a plane through all variables, with the trails projected.
pub(crate) fn slice_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [RunResult],
    theme: Theme,
) -> Result<Figure<'a>, ViewError> {
    let metadata = problem.metadata();
    if metadata.shape().total() <= 2 {
        return Err(ViewError::Unfit(format!(
            "`slice` is for more than two variables; the landscape shows all of {}",
            experiment.problem.entry.id
        )));
    }
    let paths = recorded_runs(finished);
    let token = WorkToken::default();
    let of = experiment.view.slice.unwrap_or_default();
    let level = experiment.view.landscape_level.unwrap_or(1);
    let (choice, tag) = PlaneChoice::of(metadata, &paths, of, level).unzip();
    let trail = iterates(&paths);
    let plane_sample = choice
        .as_ref()
        .and_then(|choice| PlaneSample::new(problem, choice, (&trail, None), 300, &token));
    let method = tag.and_then(|tag| experiment.methods.get(tag.slot));
    let subject = slice::SliceData {
        metadata,
        choice: choice.as_ref(),
        plane_sample: plane_sample.as_ref(),
        run: method.map_or("", |method| &method.label),
        starts: &experiment.start_points(problem),
    };
    let badge = plane_sample
        .as_ref()
        .map(|plane_sample| plane_sample.badge(&paths));
    Ok(slice(subject, None, badge, (&paths, theme)))
}
