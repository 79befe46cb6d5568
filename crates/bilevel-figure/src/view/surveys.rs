//! The figures of surveys: the atlas, and a sweep.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::run::{Pool, WEIGHTS};
use bilevel::study::{Cell, StartGrid, Tally, curves};
use bilevel_files::{Ask, Experiment, Progress, Shard, SurveyPlan, cells};

use super::error::ViewError;
use super::kind::View;
use crate::build::atlas::{Entry, Subject, atlas, depth_entry, key};
use crate::build::sweep::{Sweep, Varied, sweep};
use crate::{Arrangement, Colouring, Ends, MethodMap, Sheet, Theme, costs, sheet};

/// The starts along an axis of a sweep, unless the file has others.
const SWEEP: usize = 16;

/// The sheet of a survey of an experiment.
pub fn surveyed(
    view: View,
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    theme: Theme,
) -> Result<Sheet<'static>, ViewError> {
    let facts = problem.facts();
    let plane = facts.plane(experiment.view.axes(facts));
    let axes = StartGrid::pictured(facts, &plane);
    let usual = if view == View::Atlas {
        Ask::SIDE
    } else {
        SWEEP
    };
    let ask = Ask {
        plane: Some(axes.iter().map(ToString::to_string).collect()),
        side: experiment.view.grid.unwrap_or(usual),
        seed: experiment.seeds.first().copied(),
        ..Ask::default()
    };
    if view == View::Atlas {
        let plan = experiment.basins(problem, &ask)?;
        let cells = cells(
            &plan,
            Shard::WHOLE,
            Pool::default_workers(),
            Progress::SILENT,
        )?;
        return Ok(maps(experiment, &plan, cells, theme));
    }
    let vary = experiment.view.vary.clone();
    if vary.is_empty() {
        return Err(ViewError::Unfit("`sweep` needs to know what is varied, such as vary = \"BOME.inner_steps=1:50:8:log\" under [view]".to_owned()));
    }
    let plan = experiment.sweep(problem, &ask, vary)?;
    let cells = cells(
        &plan,
        Shard::WHOLE,
        Pool::default_workers(),
        Progress::SILENT,
    )?;
    Ok(charts(experiment, &plan, &cells, theme))
}

fn maps(
    experiment: &Experiment,
    plan: &SurveyPlan,
    cells: Vec<Cell>,
    theme: Theme,
) -> Sheet<'static> {
    let survey = &plan.survey;
    let grid = &survey.grid;
    let token = WorkToken::default();
    let problem = &survey.variants[0].problem;
    let targets = survey.goals(&token).map(|goals| goals.targets());
    let ends = Ends::new(targets.unwrap_or_default());
    let colouring = Colouring {
        ends: &ends,
        weights: &WEIGHTS,
        costs: costs(&cells, &WEIGHTS),
        theme,
    };
    let cells: Vec<Option<Cell>> = cells.into_iter().map(Some).collect();
    let of_methods = cells.chunks(grid.len().max(1));
    let maps: Vec<MethodMap> = of_methods
        .map(|cells| MethodMap::new(grid, cells, colouring))
        .collect();
    let starts = experiment.start_points(&**problem);
    let subject = Subject {
        facts: problem.facts(),
        grid,
        reaction: &curves(survey, &token).unwrap_or_default(),
        pointed: None,
        starts: &starts,
    };
    let entrants = plan.entrants.iter().zip(&maps);
    let entries: Vec<Entry<'_>> = entrants
        .map(|(entrant, map)| Entry {
            slot: entrant.method,
            name: &experiment.methods[entrant.method].label,
            map: Some(map),
        })
        .collect();
    let figures = atlas(subject, &entries, &[], theme);
    let arrangement = if grid.axes().len() == 1 {
        Arrangement::Stack
    } else {
        Arrangement::Tiles
    };
    let all: Vec<&MethodMap> = maps.iter().collect();
    let mut key = key(&ends, problem.facts(), &all, theme);
    key.push(depth_entry(colouring.costs));
    sheet(experiment, figures, |_| false, "", theme)
        .keyed(key)
        .arranged(arrangement)
}

fn charts(
    experiment: &Experiment,
    plan: &SurveyPlan,
    cells: &[Cell],
    theme: Theme,
) -> Sheet<'static> {
    let each = plan.survey.seeds.len() * plan.survey.grid.len();
    let tallies: Vec<Tally> = cells.chunks(each.max(1)).map(Tally::of_cells).collect();
    let slot = plan.entrants[0].method;
    let method = &experiment.methods[slot];
    let values: Vec<Vec<f64>> = plan.entrants.iter().map(|one| one.values.clone()).collect();
    let varied = Varied::of(&method.settings, &plan.varied, &values);
    let shown = Sweep {
        slot,
        name: &method.label,
        varied: &varied,
        tallies: &tallies,
        pointed: None,
    };
    let figures = sweep(shown, theme);
    sheet(experiment, figures, |_| false, "", theme).arranged(Arrangement::Tiles)
}
