//! `atlas`: the outcome of each method for every start of a grid.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel_files::{SurveyOptions, ViewInfo};

use super::View;
use super::context::ViewContext;
use super::error::ViewError;
use super::survey::{self, SurveyData, SurveyRequest};
use crate::build::atlas::{AtlasData, AtlasMap, atlas, atlas_legend, depth_entries};
use crate::{Colouring, Figure, FigureArrangement, MethodMap, Page, Proportion, Theme, costs};

/// The `atlas` view.
pub struct AtlasPicture;

/// The map of each method, and the range of their costs.
fn maps(context: &ViewContext<'_>, data: &SurveyData, theme: Theme) -> (Vec<MethodMap>, [f64; 2]) {
    let Some(plan) = &data.plan else {
        return (Vec::new(), [1.0; 2]);
    };
    let weights = &context.race.weights;
    let costs = costs(data.cells.iter().flatten(), weights);
    let colouring = Colouring {
        ends: &data.colours,
        weights,
        costs,
        theme,
    };
    let grid = &plan.survey.grid;
    let of_methods = data.cells.chunks(grid.len().max(1));
    let maps = of_methods.map(|cells| MethodMap::new(grid, cells, colouring));
    (maps.collect(), costs)
}

/// The figures of maps that were made before.
pub fn atlas_figures<'a>(
    context: &ViewContext<'a>,
    data: &SurveyData,
    maps: &[MethodMap],
    theme: Theme,
) -> Vec<Figure<'a>> {
    let Some(plan) = &data.plan else {
        return Vec::new();
    };
    let subject = AtlasData {
        metadata: context.problem.metadata(),
        grid: &plan.survey.grid,
        reaction: &data.reaction,
        pointed: context.screen.cell,
        starts: context.starts,
    };
    let entries: Vec<AtlasMap<'_>> = plan
        .methods
        .iter()
        .enumerate()
        .map(|(place, variant)| AtlasMap {
            slot: variant.method,
            name: context.label(variant.method),
            map: maps.get(place),
        })
        .collect();
    atlas(subject, &entries, &context.recorded(), theme)
}

impl View for AtlasPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "atlas",
        title: "atlas",
        meaning: "the outcome of each method for every start of a grid",
        hints: &[
            [
                "Point at a map",
                "The outcome from this start is read out, in all maps.",
            ],
            [
                "Click a start",
                "All methods run from there in the landscape.",
            ],
        ],
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Square;

    type Request = SurveyRequest;
    type Data = SurveyData;

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let options = survey::options(context, SurveyOptions::SIDE);
        let plan = context.experiment.basins(context.problem, &options)?;
        Ok(SurveyRequest(Arc::new(plan)))
    }

    fn compute(
        request: &Self::Request,
        _: Option<(&Self::Request, &Self::Data)>,
        _: usize,
        token: &WorkToken,
    ) -> Result<SurveyData, ViewError> {
        survey::run(request, token)
    }

    fn figures<'a>(context: &ViewContext<'a>, data: &SurveyData, theme: Theme) -> Vec<Figure<'a>> {
        atlas_figures(context, data, &maps(context, data, theme).0, theme)
    }

    fn arrange<'a>(
        page: Page<'a>,
        context: &ViewContext<'a>,
        data: &SurveyData,
        theme: Theme,
    ) -> Page<'a> {
        let (maps, costs) = maps(context, data, theme);
        let all: Vec<&MethodMap> = maps.iter().collect();
        let metadata = context.problem.metadata();
        let mut legend = atlas_legend(&data.colours, metadata, &all, false, theme);
        legend.extend(depth_entries(costs, theme));
        let plan = data.plan.as_ref();
        let arrangement = match plan {
            Some(plan) if plan.survey.grid.axes().len() == 1 => FigureArrangement::Stack,
            _ => FigureArrangement::Tiles,
        };
        page.keyed(legend).arranged(arrangement)
    }
}
