//! `anatomy`: the step that follows the playhead taken apart: its arrows, the parts of the move, the inside of the
//! method, and its operations with their numbers.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{DefaultValue, Parameter, ParameterKind, Problem};
use bilevel::run::RunSpec;
use bilevel::study::{self, Grid, StepAnatomy};
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::anatomy::{
    StepLine, StepSubject, plane_range, step_axes, step_figures, step_lines,
};
use crate::messages;
use crate::{Figure, FigureArrangement, Layer, Page, Proportion, Theme};

/// The name of the lit operation in files.
const PART: &str = "part";
/// The most operations that can be chosen.
const MOST_PARTS: i32 = 99;

/// The `anatomy` view.
pub struct AnatomyPicture;

/// A run with the iterations before the step.
#[derive(Clone, Debug)]
pub struct AnatomyRequest {
    problem: SharedProblem,
    slot: usize,
    iteration: u64,
    spec: RunSpec,
}

impl PartialEq for AnatomyRequest {
    fn eq(&self, other: &Self) -> bool {
        let key = |it: &Self| {
            (
                it.slot,
                it.iteration,
                it.spec.settings.clone(),
                Arc::clone(&it.spec.earlier),
                it.spec.start.clone(),
                (it.spec.seed, it.spec.start_number),
            )
        };
        self.problem == other.problem
            && self.spec.method.id == other.spec.method.id
            && key(self) == key(other)
    }
}

/// The step, with the leader's objective around it.
#[derive(Clone, Debug, Default)]
pub struct AnatomyData {
    step: Option<Arc<ComputedStep>>,
}

#[derive(Debug)]
struct ComputedStep {
    slot: usize,
    anatomy: StepAnatomy,
    grid: Option<Grid>,
}

impl View for AnatomyPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "anatomy",
        title: "anatomy",
        meaning: "one step of a method taken apart: its terms as arrows and in numbers",
        hints: &[[
            "Press ↑ and ↓",
            "One operation of the step after the other is lit.",
        ]],
        options: &[Parameter {
            name: PART,
            label: "operation",
            symbol: "i",
            kind: ParameterKind::Integer {
                min: 0,
                max: MOST_PARTS as u32,
                slider: [0.0, 12.0],
                per_level: false,
            },
            default: DefaultValue::Number(0.0),
            meaning: "The operation of the step that is lit, from 1; 0 for all.",
        }],
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Charts;
    const SAMPLES: [usize; 2] = [25, 65];
    const HAS_AXES_OF_STEP: bool = true;

    type Request = AnatomyRequest;
    type Data = AnatomyData;

    fn needs(problem: &dyn Problem) -> Result<(), String> {
        if problem.online().is_some() {
            Err(messages::anatomy_of_changing_problem().to_owned())
        } else {
            Ok(())
        }
    }

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let mut visible = context.visible_methods().map(|(slot, _)| slot);
        let chosen = context.screen.chosen;
        let slot = chosen.filter(|slot| !context.hidden.contains(slot));
        let slot = slot.or_else(|| visible.next());
        let found = slot.and_then(|slot| {
            let specs = context.experiment.runs_of(slot, context.problem).ok()?;
            let (_, spec) = specs.into_iter().next()?;
            Some((slot, spec))
        });
        let Some((slot, spec)) = found else {
            return Err(ViewError::Unfit(messages::no_step().to_owned()));
        };
        let mut paths = context.paths.iter().filter(|path| !path.is_stale);
        let path = paths.find(|path| path.tag.slot == slot && path.tag.run == 0);
        let last = path.and_then(|path| path.trace.last_iteration());
        let iteration = path.map_or(0, |path| path.until.min(last.unwrap_or(0)));
        Ok(AnatomyRequest {
            problem: context.shared_problem(),
            slot,
            iteration,
            spec,
        })
    }

    fn compute(
        request: &Self::Request,
        earlier: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<AnatomyData, ViewError> {
        let known = earlier.filter(|(known, _)| *known == request);
        let known = known.and_then(|(_, data)| data.step.as_ref());
        let anatomy = match known {
            Some(step) => step.anatomy.clone(),
            None => study::step_anatomy(&request.spec, request.iteration, token)
                .map_err(ViewError::Unfit)?,
        };
        let grid = step_axes(request.problem.metadata()).map(|axes| {
            let range = plane_range(&anatomy, axes);
            let (problem, base) = (&*request.problem, &anatomy.before);
            study::sample(problem, 1, axes, base, range, [samples; 2], token)
        });
        Ok(AnatomyData {
            step: Some(Arc::new(ComputedStep {
                slot: request.slot,
                anatomy,
                grid,
            })),
        })
    }

    fn figures<'a>(context: &ViewContext<'a>, data: &AnatomyData, theme: Theme) -> Vec<Figure<'a>> {
        let Some(step) = &data.step else {
            return Vec::new();
        };
        step_figures(&step.subject(context, theme))
    }

    fn arrange<'a>(
        mut page: Page<'a>,
        context: &ViewContext<'a>,
        data: &AnatomyData,
        theme: Theme,
    ) -> Page<'a> {
        let lines = anatomy_lines(context, data, theme);
        let words = lines.into_iter().map(|(line, is_lit)| {
            if is_lit {
                format!("**›** {}", line.words)
            } else {
                line.words
            }
        });
        page.figures.push(text_figure(words.collect()));
        page.arrangement = FigureArrangement::Pairs;
        page
    }
}

impl ComputedStep {
    fn subject<'b>(&'b self, context: &ViewContext<'b>, theme: Theme) -> StepSubject<'b> {
        let part = context.view.option(&AnatomyPicture::INFO, PART);
        StepSubject {
            metadata: context.problem.metadata(),
            label: context.label(self.slot),
            style: context.look(self.slot).style(theme),
            anatomy: &self.anatomy,
            lit: (part as usize).checked_sub(1),
            grid: self.grid.as_ref(),
        }
    }
}

/// The lines on a step, each with true if it is lit; none while there is no step.
pub fn anatomy_lines(
    context: &ViewContext<'_>,
    data: &AnatomyData,
    theme: Theme,
) -> Vec<(StepLine, bool)> {
    let Some(step) = &data.step else {
        return Vec::new();
    };
    let subject = step.subject(context, theme);
    let lit = subject.lit;
    let lines = step_lines(&subject).into_iter().enumerate();
    lines
        .map(|(place, line)| (line, lit == Some(place)))
        .collect()
}

/// A plain sheet with the lines.
fn text_figure<'a>(lines: Vec<String>) -> Figure<'a> {
    let axis = || crate::Axis {
        label: String::new(),
        scale: crate::AxisScale::Linear,
        range: [0.0, 1.0],
        has_gutter: false,
        ticks: Vec::new(),
        is_bare: true,
    };
    Figure {
        title: "**Operations of the step**".to_owned(),
        subtitle: String::new(),
        x: axis(),
        y: axis(),
        is_equal: false,
        has_axes: false,
        layers: vec![Layer::Lines(lines)],
        foot: None,
    }
}
