//! A figure of an experiment whose runs have ended.

use bilevel::numerics::WorkToken;
use bilevel::problem::{Coordinate, Problem};
use bilevel::run::Status;
use bilevel::study::{self, Cut, Measure};
use bilevel_files::{Experiment, Finished};

use super::error::ViewError;
use super::kind::View;
use super::runs::{self, tag, walk};
use crate::build::landscape::{self, Ground, Walk};
use crate::build::nested::{Standing, Subject, nested};
use crate::build::race::{Course, Curve, Spread, View as RaceView, race};
use crate::build::reduced::reduced;
use crate::{Arrangement, Curves, Figure, Format, Paper, PaperName, Proportion, Theme, sheet};

/// The page of the figures that lie beside a table.
pub fn usual_paper(view: View) -> Paper {
    PaperName::TwoColumns.paper(proportion(view), Theme::Light)
}

/// The proportion of a page that suits a view.
pub const fn proportion(view: View) -> Proportion {
    match view {
        View::Landscape
        | View::Reaction
        | View::Assumptions
        | View::Slice
        | View::Atlas
        | View::Learned => Proportion::Square,
        View::Nested => Proportion::Columns,
        _ => Proportion::Charts,
    }
}

/// One figure in the bytes of its format.
pub fn draw(
    (view, paper, format): (View, Paper, Format),
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &[Finished],
) -> Result<Vec<u8>, ViewError> {
    let theme = paper.theme;
    let arrangement = match view {
        View::Reaction => Arrangement::OneAxis,
        View::Nested => Arrangement::Row,
        View::Learned => Arrangement::Beside,
        _ => Arrangement::Free,
    };
    let figures: Vec<Figure<'_>> = match view {
        View::Landscape => vec![landscape_of(experiment, problem, finished, theme).0],
        View::Reaction => {
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
        View::Nested => levels_of(experiment, problem, finished, theme),
        View::Honesty => runs::honesty_of(experiment, problem, finished, theme),
        View::Penalty => runs::penalty_of(experiment, problem, finished, theme)?,
        View::Slice => vec![runs::slice_of(experiment, problem, finished, theme)?],
        View::Assumptions => vec![runs::assumptions_of(experiment, problem, finished, theme)],
        View::Learned => runs::learned_of(experiment, problem, finished, theme)?,
        _ => race_of(experiment, problem, finished, theme).into(),
    };
    let is_shown = |slot: usize| view != View::Learned || slot == 0;
    let sheet = sheet(experiment, figures, is_shown, "", theme).arranged(arrangement);
    Ok(sheet.file(&paper, format)?)
}

fn race_of<'a>(
    experiment: &'a Experiment,
    problem: &dyn Problem,
    finished: &'a [Finished],
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
    let course = Course {
        facts: problem.facts(),
        lines: &lines,
        iterations: experiment.iterations,
    };
    race(&curves, course, view, theme)
}

/// The levels side by side, at the answers to where the first run ended.
fn levels_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [Finished],
    theme: Theme,
) -> Vec<Figure<'a>> {
    let facts = problem.facts();
    let token = WorkToken::default();
    let starts = experiment.start_points(problem);
    let levels = 1..=facts.shape().levels();
    let cuts: Vec<Cut> = levels
        .map(|level| {
            let along = Coordinate { level, index: 0 };
            let range = facts.range(along);
            Cut { along, range }
        })
        .collect();
    let at = finished.first().map_or(&starts[0], |run| &run.point);
    let slices = study::slices(problem, at, &cuts, 400, &token).unwrap_or_default();
    let curves: Vec<Curves> = slices.into_iter().map(Curves::new).collect();
    let standings: Vec<Standing<'a>> = finished
        .iter()
        .map(|run| Standing {
            walk: walk(run),
            unfinished: study::unfinished(problem, &run.point, &token),
            has_row: run.key.start == 0 && run.key.seed == finished[0].key.seed,
        })
        .collect();
    let subject = Subject {
        facts,
        cuts: &cuts,
        curves: &curves,
        starts: &starts,
        current: finished.first().map(tag),
    };
    nested(subject, &standings, theme)
}

fn landscape_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [Finished],
    theme: Theme,
) -> (Figure<'a>, Option<Figure<'a>>) {
    let facts = problem.facts();
    let plane = facts.plane(experiment.view.axes(facts));
    let starts = experiment.start_points(problem);
    let level = experiment.view.landscape_level.unwrap_or(1);
    let base = facts.base_point(&starts[0]);
    let range = experiment.view.range.unwrap_or(plane.range);
    // as much more as the page may show where units are equally long
    let wide = range.map(|[low, high]| [low - 0.6 * (high - low), high + 0.6 * (high - low)]);
    let axes = [plane.horizontal, plane.vertical];
    let token = WorkToken::default();
    let grid = study::sample(problem, level, axes, &base, wide, [300, 300], &token);
    let reaction = study::reaction(problem, axes, &base, wide, 600, &token);
    let walks: Vec<Walk<'a>> = finished
        .iter()
        .filter(|run| run.trace.kept() == bilevel::run::Points::All)
        .map(walk)
        .collect();
    let subject = landscape::Subject {
        facts,
        plane: &plane,
        level,
        base: &base,
        starts: &starts,
    };
    let ground = Ground::answered(&grid, reaction);
    let strip = reduced(facts, &ground, range[0], &walks, theme);
    (
        landscape::landscape(subject, &ground, range, &walks, theme),
        strip,
    )
}
