//! The figures of surveys: the atlas, and a sweep.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::run::{Pool, WEIGHTS};
use bilevel::study::{OutcomeCounts, StartGrid, SurveyOutcome, curves};
use bilevel_files::{Experiment, ProgressReports, Shard, SurveyOptions, SurveyPlan, cells};

use super::error::ViewError;
use super::kind::FigureKind;
use crate::build::atlas::{AtlasData, AtlasMap, atlas, atlas_legend, depth_entry};
use crate::build::sweep::{SweepData, Varied, sweep};
use crate::{Colouring, FigureArrangement, MethodMap, OutcomeColours, Page, Theme, compose, costs};

/// The starts along an axis of a sweep, unless the file has others.
const SWEEP: usize = 16;

/// The sheet of a survey of an experiment.
pub fn surveyed(
    view: FigureKind,
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    theme: Theme,
) -> Result<Page<'static>, ViewError> {
    let metadata = problem.metadata();
    let plane = metadata.plane(experiment.view.axes(metadata));
    let axes = StartGrid::pictured(metadata, &plane);
    let usual = if view == FigureKind::Atlas {
        SurveyOptions::SIDE
    } else {
        SWEEP
    };
    let ask = SurveyOptions {
        plane: Some(axes.iter().map(ToString::to_string).collect()),
        side: experiment.view.grid.unwrap_or(usual),
        seed: experiment.seeds.first().copied(),
        ..SurveyOptions::default()
    };
    if view == FigureKind::Atlas {
        let plan = experiment.basins(problem, &ask)?;
        let cells = cells(
            &plan,
            Shard::WHOLE,
            Pool::default_workers(),
            ProgressReports::SILENT,
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
        ProgressReports::SILENT,
    )?;
    Ok(charts(experiment, &plan, &cells, theme))
}

fn maps(
    experiment: &Experiment,
    plan: &SurveyPlan,
    cells: Vec<SurveyOutcome>,
    theme: Theme,
) -> Page<'static> {
    let survey = &plan.survey;
    let grid = &survey.grid;
    let token = WorkToken::default();
    let problem = &survey.variants[0].problem;
    let targets = survey.goals(&token).map(|goals| goals.targets());
    let ends = OutcomeColours::new(targets.unwrap_or_default());
    let colouring = Colouring {
        ends: &ends,
        weights: &WEIGHTS,
        costs: costs(&cells, &WEIGHTS),
        theme,
    };
    let cells: Vec<Option<SurveyOutcome>> = cells.into_iter().map(Some).collect();
    let of_methods = cells.chunks(grid.len().max(1));
    let maps: Vec<MethodMap> = of_methods
        .map(|cells| MethodMap::new(grid, cells, colouring))
        .collect();
    let starts = experiment.start_points(&**problem);
    let subject = AtlasData {
        metadata: problem.metadata(),
        grid,
        reaction: &curves(survey, &token).unwrap_or_default(),
        pointed: None,
        starts: &starts,
    };
    let variants = plan.methods.iter().zip(&maps);
    let entries: Vec<AtlasMap<'_>> = variants
        .map(|(variant, map)| AtlasMap {
            slot: variant.method,
            name: &experiment.methods[variant.method].label,
            map: Some(map),
        })
        .collect();
    let figures = atlas(subject, &entries, &[], theme);
    let arrangement = if grid.axes().len() == 1 {
        FigureArrangement::Stack
    } else {
        FigureArrangement::Tiles
    };
    let all: Vec<&MethodMap> = maps.iter().collect();
    let mut key = atlas_legend(&ends, problem.metadata(), &all, theme);
    key.push(depth_entry(colouring.costs));
    compose(experiment, figures, |_| false, "", theme)
        .keyed(key)
        .arranged(arrangement)
}

fn charts(
    experiment: &Experiment,
    plan: &SurveyPlan,
    cells: &[SurveyOutcome],
    theme: Theme,
) -> Page<'static> {
    let each = plan.survey.seeds.len() * plan.survey.grid.len();
    let tallies: Vec<OutcomeCounts> = cells
        .chunks(each.max(1))
        .map(OutcomeCounts::of_cells)
        .collect();
    let slot = plan.methods[0].method;
    let method = &experiment.methods[slot];
    let values: Vec<Vec<f64>> = plan.methods.iter().map(|one| one.values.clone()).collect();
    let varied = Varied::of(&method.settings, &plan.varied, &values);
    let shown = SweepData {
        slot,
        name: &method.label,
        varied: &varied,
        tallies: &tallies,
        pointed: None,
    };
    let figures = sweep(shown, theme);
    compose(experiment, figures, |_| false, "", theme).arranged(FigureArrangement::Tiles)
}
