//! A figure of an experiment whose runs have ended.

use bilevel::numerics::WorkToken;
use bilevel::problem::{Coordinate, Problem};
use bilevel::run::Status;
use bilevel::study::{self, LevelSlice, Measure};
use bilevel_files::{Experiment, RunResult};

use super::error::ViewError;
use super::kind::FigureKind;
use super::runs::{self, run_path, tag};
use crate::build::landscape::{self, Backdrop, RunPath};
use crate::build::levels::{LevelState, LevelsData, levels};
use crate::build::race::{Curve, RaceData, RaceOptions as RaceView, Spread, race};
use crate::build::reduced::reduced;
use crate::{
    Curves, Figure, FigureArrangement, Format, PageSize, PageSizeName, Proportion, Theme, compose,
};

/// The page of the figures that lie beside a table.
pub fn default_page_size(view: FigureKind) -> PageSize {
    PageSizeName::TwoColumns.page_size(proportion(view), Theme::Light)
}

/// The proportion of a page that suits a view.
pub const fn proportion(view: FigureKind) -> Proportion {
    match view {
        FigureKind::Landscape
        | FigureKind::Reaction
        | FigureKind::Assumptions
        | FigureKind::Slice
        | FigureKind::Atlas
        | FigureKind::Learned => Proportion::Square,
        FigureKind::Levels => Proportion::Columns,
        _ => Proportion::Charts,
    }
}

/// One figure in the bytes of its format.
pub fn draw(
    (view, page_size, format): (FigureKind, PageSize, Format),
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &[RunResult],
) -> Result<Vec<u8>, ViewError> {
    let theme = page_size.theme;
    let arrangement = match view {
        FigureKind::Reaction => FigureArrangement::OneAxis,
        FigureKind::Levels => FigureArrangement::Row,
        FigureKind::Learned => FigureArrangement::Beside,
        _ => FigureArrangement::Free,
    };
    let figures: Vec<Figure<'_>> = match view {
        FigureKind::Landscape => vec![landscape_of(experiment, problem, finished, theme).0],
        FigureKind::Reaction => {
            let (mut landscape, strip) = landscape_of(experiment, problem, finished, theme);
            let Some(strip) = strip else {
                return Err(ViewError::Unfit(format!(
                    "`reaction` needs a leader with one variable along the horizontal axis; \
                     {} has none, choose race or landscape",
                    experiment.problem.entry.id
                )));
            };
            landscape.x.label.clear();
            vec![landscape, strip]
        }
        FigureKind::Levels => levels_of(experiment, problem, finished, theme),
        FigureKind::Honesty => runs::honesty_of(experiment, problem, finished, theme),
        FigureKind::Penalty => runs::penalty_of(experiment, problem, finished, theme)?,
        FigureKind::Slice => vec![runs::slice_of(experiment, problem, finished, theme)?],
        FigureKind::Assumptions => vec![runs::assumptions_of(experiment, problem, finished, theme)],
        FigureKind::Learned => runs::learned_of(experiment, problem, finished, theme)?,
        _ => race_of(experiment, problem, finished, theme).into(),
    };
    let is_shown = |slot: usize| view != FigureKind::Learned || slot == 0;
    let page = compose(experiment, figures, is_shown, "", theme).arranged(arrangement);
    Ok(page.file(&page_size, format)?)
}

fn race_of<'a>(
    experiment: &'a Experiment,
    problem: &dyn Problem,
    finished: &'a [RunResult],
    theme: Theme,
) -> [Figure<'a>; 2] {
    let runs = finished.iter().filter(|run| run.key.method == 0).count();
    let view = RaceView::of(&experiment.view, runs, &problem.milestones());
    let is_median = view.spread == Spread::Median;
    let mut labelled = None;
    let curves: Vec<Curve<'_>> = finished
        .iter()
        .map(|run| {
            let is_first = labelled.replace(run.key.method) != Some(run.key.method);
            Curve {
                trace: &run.trace,
                tag: tag(run),
                label: if is_first || is_median {
                    &experiment.methods[run.key.method].label
                } else {
                    ""
                },
                until: u64::MAX,
                is_stale: false,
                finish: None,
                has_diverged: matches!(run.status, Status::Diverged(_)),
            }
        })
        .collect();
    let wants_lines = matches!(view.measure, Measure::Metric(..));
    let lines = wants_lines
        .then(|| problem.reference_lines(&WorkToken::default()))
        .flatten()
        .unwrap_or_default();
    let course = RaceData {
        metadata: problem.metadata(),
        lines: &lines,
        iterations: experiment.iterations,
    };
    race(&curves, course, view, theme)
}

/// The levels side by side, at the answers to where the first run ended.
fn levels_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [RunResult],
    theme: Theme,
) -> Vec<Figure<'a>> {
    let metadata = problem.metadata();
    let token = WorkToken::default();
    let starts = experiment.start_points(problem);
    let all = 1..=metadata.shape().levels();
    let cuts: Vec<LevelSlice> = all
        .map(|level| {
            let along = Coordinate { level, index: 0 };
            let range = metadata.range(along);
            LevelSlice { along, range }
        })
        .collect();
    let at = finished.first().map_or(&starts[0], |run| &run.point);
    let slices = study::slices(problem, at, &cuts, 400, &token).unwrap_or_default();
    let curves: Vec<Curves> = slices.into_iter().map(Curves::new).collect();
    let states: Vec<LevelState<'a>> = finished
        .iter()
        .map(|run| LevelState {
            path: run_path(run),
            unfinished: study::unfinished(problem, &run.point, &token),
            has_row: run.key.start == 0 && run.key.seed == finished[0].key.seed,
        })
        .collect();
    let subject = LevelsData {
        metadata,
        cuts: &cuts,
        curves: &curves,
        starts: &starts,
        current: finished.first().map(tag),
    };
    levels(subject, &states, theme)
}

fn landscape_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [RunResult],
    theme: Theme,
) -> (Figure<'a>, Option<Figure<'a>>) {
    let metadata = problem.metadata();
    let plane = metadata.plane(experiment.view.axes(metadata));
    let starts = experiment.start_points(problem);
    let level = experiment.view.landscape_level.unwrap_or(1);
    let base = metadata.base_point(&starts[0]);
    let range = experiment.view.range.unwrap_or(plane.range);
    // as much more as the page may show where units are equally long
    let wide = range.map(|[low, high]| [low - 0.6 * (high - low), high + 0.6 * (high - low)]);
    let axes = [plane.horizontal, plane.vertical];
    let token = WorkToken::default();
    let grid = study::sample(problem, level, axes, &base, wide, [300, 300], &token);
    let reaction = study::reaction(problem, axes, &base, wide, 600, &token);
    let paths: Vec<RunPath<'a>> = finished
        .iter()
        .filter(|run| run.trace.kept() == bilevel::run::Points::All)
        .map(run_path)
        .collect();
    let subject = landscape::LandscapeData {
        metadata,
        plane: &plane,
        level,
        base: &base,
        starts: &starts,
    };
    let backdrop = Backdrop::answered(&grid, reaction);
    let strip = reduced(metadata, &backdrop, range[0], &paths, theme);
    (
        landscape::landscape(subject, &backdrop, range, &paths, theme),
        strip,
    )
}
