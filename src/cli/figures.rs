//! `figure`, and the figures of `run`.

use std::path::Path;

use anyhow::{Result, bail};

use super::arguments::View;
use super::finish::finish;
use crate::experiment::{self, Experiment, Finished};
use crate::figure::landscape::{Ground, Subject, Walk, landscape};
use crate::figure::race::{Curve, Spread, View as RaceView, race};
use crate::figure::{Figure, Format, RunTag, SQUARE, Theme, WIDE, picture};
use crate::problem::{Problem, WorkToken};
use crate::study;

/// Draws one figure of an experiment into a file.
pub(super) fn figure(file: &str, out: &Path, view: View) -> Result<()> {
    let format = format_of(out)?;
    refuse_what_is_not_there(view)?;
    let experiment = experiment::open(file)?;
    let problem = experiment.problem.build();
    let finished = finish(&experiment, &problem, None)?;
    let picture = draw(view, format, &experiment, &*problem, &finished)?;
    experiment::write_file(out, |writer| writer.write_all(&picture))?;
    Ok(())
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

fn refuse_what_is_not_there(view: View) -> Result<()> {
    match view {
        View::Race | View::Landscape => Ok(()),
        View::Reaction => bail!("the view `reaction` does not exist yet; choose race or landscape"),
        View::Atlas => bail!("the view `atlas` does not exist yet; choose race or landscape"),
    }
}

/// One figure in the bytes of its format.
pub(super) fn draw(
    view: View,
    format: Format,
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &[Finished],
) -> Result<Vec<u8>> {
    refuse_what_is_not_there(view)?;
    let theme = Theme::Light;
    let (figures, size): (Vec<Figure<'_>>, _) = match view {
        View::Landscape => (
            vec![landscape_of(experiment, problem, finished, theme)],
            SQUARE,
        ),
        _ => (race_of(experiment, problem, finished, theme).into(), WIDE),
    };
    Ok(picture(
        experiment,
        figures,
        |_| true,
        "",
        (size, theme, format),
    )?)
}

fn race_of<'a>(
    experiment: &'a Experiment,
    problem: &dyn Problem,
    finished: &'a [Finished],
    theme: Theme,
) -> [Figure<'a>; 2] {
    let runs = finished.iter().filter(|run| run.key.method == 0).count();
    let view = RaceView::of(&experiment.view, runs);
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
            }
        })
        .collect();
    race(&curves, problem.facts(), view, experiment.iterations, theme)
}

/// Which run it is, for pictures that only look at methods.
const fn tag(run: &Finished) -> RunTag {
    RunTag {
        slot: run.key.method,
        run: run.key.start,
    }
}

fn landscape_of<'a>(
    experiment: &Experiment,
    problem: &dyn Problem,
    finished: &'a [Finished],
    theme: Theme,
) -> Figure<'a> {
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
    let track = study::reaction_curve(problem, axes, wide, 400, &token);
    let walks: Vec<Walk<'a>> = finished
        .iter()
        .filter(|run| run.trace.kept() == crate::run::Points::All)
        .map(|run| Walk {
            trace: &run.trace,
            status: &run.status,
            tag: tag(run),
            until: u64::MAX,
            is_stale: false,
            most: None,
        })
        .collect();
    let subject = Subject {
        facts,
        plane: &plane,
        level,
        base: &base,
        starts: &starts,
    };
    landscape(subject, &Ground::new(&grid, track), range, &walks, theme)
}
