//! `sweep`: the share of runs that reach the global minimum, over one or two parameters of a method.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{Parameter, ParameterKind};
use bilevel::run::Weights;
use bilevel::study::OutcomeCounts;
use bilevel_files::{Experiment, SurveyPlan, SweepAxis, ViewInfo};

use super::View;
use super::context::ViewContext;
use super::error::ViewError;
use super::survey::{self, SurveyData, SurveyRequest};
use crate::build::sweep::{SweepData, Varied, sweep};
use crate::{Figure, FigureArrangement, Page, Proportion, Theme};

/// The default number of starts along an axis.
pub const SWEEP_SIDE: usize = 16;
/// The default number of values of a single parameter, and of each of two.
pub const SWEEP_VALUES: [usize; 2] = [10, 6];

/// The `sweep` view.
pub struct SweepPicture;

/// The parameters that are numbers.
pub fn numeric_parameters(table: &'static [Parameter]) -> impl Iterator<Item = &'static Parameter> {
    let is_number = |parameter: &&Parameter| {
        matches!(
            parameter.kind,
            ParameterKind::Number { .. } | ParameterKind::Integer { .. }
        )
    };
    table.iter().filter(is_number)
}

/// The sweep axis of a parameter over the range of its slider.
pub fn usual_axis(label: &str, parameter: &Parameter, count: usize) -> SweepAxis {
    let [low, high] = match parameter.kind {
        ParameterKind::Number { slider, .. } | ParameterKind::Integer { slider, .. } => slider,
        _ => [0.0, 1.0],
    };
    SweepAxis {
        label: label.to_owned(),
        parameter: parameter.name.to_owned(),
        from: low,
        to: high,
        count,
        is_log: low > 0.0,
    }
}

/// The axes of a sweep: the wanted ones if they can be varied, else the first parameter of the method that they name,
/// or of the first method.
pub fn sweep_axes(experiment: &Experiment, wanted: &[SweepAxis]) -> Vec<SweepAxis> {
    if experiment.variants(wanted).is_ok() {
        return wanted.to_vec();
    }
    let named = wanted.first();
    let mut methods = experiment.methods.iter();
    let named = named.and_then(|axis| methods.find(|method| method.label == axis.label));
    let method = named.or_else(|| experiment.methods.first());
    let first = method.and_then(|method| {
        let parameter = numeric_parameters(method.settings.table()).next()?;
        Some(usual_axis(&method.label, parameter, SWEEP_VALUES[0]))
    });
    first.into_iter().collect()
}

/// The varied parameters of a plan, with their values.
pub fn varied_of(plan: &SurveyPlan, experiment: &Experiment) -> Vec<Varied> {
    let method = plan
        .methods
        .first()
        .and_then(|one| experiment.methods.get(one.method));
    let Some(method) = method else {
        return Vec::new();
    };
    let values: Vec<Vec<f64>> = plan.methods.iter().map(|one| one.values.clone()).collect();
    Varied::of(&method.settings, &plan.varied, &values)
}

/// The outcome counts of each setting.
pub fn sweep_counts(data: &SurveyData, weights: &Weights) -> Vec<OutcomeCounts> {
    let Some(plan) = &data.plan else {
        return Vec::new();
    };
    let each = plan.survey.seeds.len() * plan.survey.grid.len();
    let settings = data.cells.chunks(each.max(1));
    let counts = settings.zip(&plan.survey.variants).map(|(cells, variant)| {
        let known = cells.iter().flatten();
        let counts = OutcomeCounts::of(known.map(|cell| (cell.verdict, cell.cost(weights))));
        // without chance, the runs of a start are the same bits, whatever the seed
        counts.repeated(if variant.method.has_chance() {
            1
        } else {
            plan.survey.seeds.len()
        })
    });
    counts.collect()
}

impl View for SweepPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "sweep",
        title: "sweep",
        meaning: "the share of runs that reach the global minimum, over one or two parameters",
        hints: &[
            ["Point at a setting", "Its share and cost are read out."],
            ["Click a setting", "All methods take it."],
        ],
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Charts;

    type Request = SurveyRequest;
    type Data = SurveyData;

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let options = survey::options(context, SWEEP_SIDE);
        let axes = context.view.vary.clone();
        if axes.is_empty() {
            return Err(ViewError::Unfit(
                "`sweep` needs the parameters to vary, such as vary = \"BOME.inner_steps=1:50:8:log\" under [view]"
                    .to_owned(),
            ));
        }
        let plan = context.experiment.sweep(context.problem, &options, axes)?;
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
        let Some(plan) = &data.plan else {
            return Vec::new();
        };
        let slot = plan.methods.first().map_or(0, |variant| variant.method);
        let shown = SweepData {
            slot,
            look: context.look(slot),
            name: context.label(slot),
            varied: &varied_of(plan, context.experiment),
            tallies: &sweep_counts(data, &context.race.weights),
            pointed: context.screen.cell,
        };
        sweep(shown, theme)
    }

    /// None: the shares are of runs at their ends, wherever the playhead is.
    fn said_iteration(_: &ViewContext<'_>, _: &SurveyData) -> Option<u64> {
        None
    }

    fn arrange<'a>(page: Page<'a>, _: &ViewContext<'a>, _: &SurveyData, _: Theme) -> Page<'a> {
        page.keyed(Vec::new()).arranged(FigureArrangement::Tiles)
    }
}
