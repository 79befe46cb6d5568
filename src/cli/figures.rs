//! `figure`, and the figures of `run`.

use std::path::Path;

use anyhow::{Result, bail};

use super::arguments::{Page, View};
use super::finish::finish;
use super::survey_figures::surveyed;
use super::views::{self, tag, walk};
use crate::experiment::{self, Experiment, Finished};
use crate::figure::landscape::{self, Ground, Walk};
use crate::figure::nested::{Standing, Subject, nested};
use crate::figure::race::{Course, Curve, Spread, View as RaceView, race};
use crate::figure::reduced::reduced;
use crate::figure::{
    Arrangement, Curves, Figure, Format, Paper, PaperName, Proportion, Theme, sheet,
};
use crate::problem::{Coordinate, Problem, WorkToken};
use crate::run::Status;
use crate::study::{self, Cut, Measure};

/// Draws one figure of an experiment into a file.
pub(super) fn figure(file: &str, out: &Path, view: View, page: Page) -> Result<()> {
    let format = format_of(out)?;
    let paper = page.paper(proportion(view));
    // better known before the work than after it
    if format == Format::Png {
        paper.check_pixels()?;
    }
    let experiment = experiment::open(file)?;
    let problem = experiment.problem.build_informed(&WorkToken::default());
    if matches!(view, View::Atlas | View::Sweep) {
        let sheet = surveyed(view, &experiment, &problem, paper.theme)?;
        let picture = sheet.file(&paper, format)?;
        experiment::write_file(out, |writer| writer.write_all(&picture))?;
        return Ok(());
    }
    let finished = finish(&experiment, &problem, None)?;
    let picture = draw((view, paper, format), &experiment, &*problem, &finished)?;
    experiment::write_file(out, |writer| writer.write_all(&picture))?;
    Ok(())
}

/// The page of the figures that lie beside a table.
pub(super) fn usual_paper(view: View) -> Paper {
    PaperName::TwoColumns.paper(proportion(view), Theme::Light)
}

fn proportion(view: View) -> Proportion {
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

fn format_of(out: &Path) -> Result<Format> {
    let ending = out
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match Format::of_ending(&ending) {
        Some(format) => Ok(format),
        None if ending == "pdf" => {
            bail!("pdf does not exist yet; name the figure OUT.svg or OUT.png")
        }
        None => bail!(
            "the format of {} is not known; name the figure OUT.svg or OUT.png",
            out.display()
        ),
    }
}

/// One figure in the bytes of its format.
pub(super) fn draw(
    (view, paper, format): (View, Paper, Format),
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &[Finished],
) -> Result<Vec<u8>> {
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
                bail!(
                    "`reaction` needs a leader with one variable along the horizontal axis; \
                     {} has none, choose race or landscape",
                    experiment.problem.entry.id
                );
            };
            landscape.x.label.clear();
            vec![landscape, strip]
        }
        View::Nested => levels_of(experiment, problem, finished, theme),
        View::Honesty => views::honesty_of(experiment, problem, finished, theme),
        View::Penalty => views::penalty_of(experiment, problem, finished, theme)?,
        View::Slice => vec![views::slice_of(experiment, problem, finished, theme)?],
        View::Assumptions => vec![views::assumptions_of(experiment, problem, finished, theme)],
        View::Learned => views::learned_of(experiment, problem, finished, theme)?,
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
        .filter(|run| run.trace.kept() == crate::run::Points::All)
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
