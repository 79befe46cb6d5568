//! `anatomy`: the step that follows the playhead taken apart: its arrows, the parts of the move, the inside of the
//! method, and its operations with their numbers.

use std::sync::{Arc, Mutex, PoisonError};

use bilevel::numerics::WorkToken;
use bilevel::problem::{DefaultValue, Parameter, ParameterKind, Problem};
use bilevel::run::{RunSpec, StepReplay};
use bilevel::study::{self, StepAnatomy};
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::anatomy::{
    ProblemStep, StepLine, StepSubject, SurrogateMap, map_range, plane_range, step_axes,
    step_figures, step_lines,
};
use crate::messages;
use crate::{Figure, FigureArrangement, Layer, Page, Proportion, Relief, Theme};

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

impl AnatomyRequest {
    /// True if another request is about a step of the same run.
    fn has_run_of(&self, other: &Self) -> bool {
        let key = |it: &Self| {
            (
                it.slot,
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

impl PartialEq for AnatomyRequest {
    fn eq(&self, other: &Self) -> bool {
        self.iteration == other.iteration && self.has_run_of(other)
    }
}

/// The step, with the leader's objective around it, and the run's states from which the steps beside it are reached.
#[derive(Clone, Debug, Default)]
pub struct AnatomyData {
    step: Option<Arc<ComputedStep>>,
    replay: Option<Arc<Mutex<StepReplay>>>,
}

#[derive(Debug)]
struct ComputedStep {
    slot: usize,
    anatomy: Arc<StepAnatomy>,
    lines: Arc<[StepLine]>,
    relief: Option<Arc<Relief>>,
    surrogate: Option<SurrogateMap>,
}

/// The lines on a step: its operations, and the facts behind them.
#[derive(Clone, Debug, Default)]
pub struct AnatomyLines {
    /// The lines, operations first; none while there is no step.
    pub lines: Arc<[StepLine]>,
    /// The index of the lit one; `None` for all.
    pub lit: Option<usize>,
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
        let (chosen, run) = (context.screen.chosen, context.screen.run);
        let slot = chosen.filter(|slot| !context.hidden.contains(slot));
        let slot = slot.or_else(|| visible.next());
        let found = slot.and_then(|slot| {
            let specs = context.experiment.runs_of(slot, context.problem).ok()?;
            let (_, spec) = specs.into_iter().nth(run)?;
            Some((slot, spec))
        });
        let Some((slot, spec)) = found else {
            return Err(ViewError::Unfit(messages::no_step().to_owned()));
        };
        let mut paths = context.paths.iter().filter(|path| !path.is_stale);
        let path = paths.find(|path| path.tag.slot == slot && path.tag.run == run);
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
        let earlier = earlier.filter(|(known, _)| known.has_run_of(request));
        let replay = earlier.and_then(|(_, data)| data.replay.clone());
        let replay =
            replay.unwrap_or_else(|| Arc::new(Mutex::new(StepReplay::new(request.spec.clone()))));
        let mut steps = replay.lock().unwrap_or_else(PoisonError::into_inner);
        let known = earlier.filter(|(known, _)| known.iteration == request.iteration);
        let known = known.and_then(|(_, data)| data.step.as_ref());
        let anatomy = match known {
            Some(step) => Arc::clone(&step.anatomy),
            None => study::step_anatomy_of(&mut steps, request.iteration, token)
                .map(Arc::new)
                .map_err(ViewError::Unfit)?,
        };
        let metadata = request.problem.metadata();
        let (mut relief, mut surrogate) = (None, None);
        if let Some(axes) = step_axes(metadata) {
            let (problem, base) = (&*request.problem, &anatomy.before);
            let range = plane_range(&anatomy, axes);
            let grid = study::sample(problem, 1, axes, base, range, [samples; 2], token);
            relief = Some(Arc::new(Relief::new(&grid)));
            let at = axes.map(|axis| base[axis.level][axis.index]);
            let range = map_range(metadata, axes, at);
            let iteration = request.iteration;
            let plane =
                study::surrogate_plane(&mut steps, iteration, axes, range, [samples; 2], token)
                    .map_err(ViewError::Unfit)?;
            surrogate = plane.map(|plane| SurrogateMap::new(&plane));
        }
        let step = ProblemStep {
            metadata,
            anatomy: &anatomy,
        };
        let lines = step_lines(step, surrogate.as_ref()).into();
        drop(steps);
        Ok(AnatomyData {
            step: Some(Arc::new(ComputedStep {
                slot: request.slot,
                anatomy,
                lines,
                relief,
                surrogate,
            })),
            replay: Some(replay),
        })
    }

    fn figures<'a>(context: &ViewContext<'a>, data: &AnatomyData, theme: Theme) -> Vec<Figure<'a>> {
        let Some(step) = &data.step else {
            return Vec::new();
        };
        step_figures(&step.subject(context, theme), context.screen.joins_levels)
    }

    /// The iterate at which the step begins: the last one of its run, if that ends before the chosen iteration.
    fn said_iteration(context: &ViewContext<'_>, data: &AnatomyData) -> Option<u64> {
        let step = data.step.as_ref()?;
        context.said_iteration().map(|_| step.anatomy.iteration)
    }

    fn arrange<'a>(
        mut page: Page<'a>,
        context: &ViewContext<'a>,
        data: &AnatomyData,
        _: Theme,
    ) -> Page<'a> {
        let AnatomyLines { lines, lit } = anatomy_lines(context, data);
        let words = lines.iter().enumerate().map(|(place, line)| {
            if lit == Some(place) {
                format!("**›** {}", line.words)
            } else {
                line.words.clone()
            }
        });
        page.figures.push(text_figure(words.collect()));
        page.arrangement = FigureArrangement::Pairs;
        page
    }
}

impl ComputedStep {
    fn subject<'b>(&'b self, context: &ViewContext<'b>, theme: Theme) -> StepSubject<'b> {
        StepSubject {
            metadata: context.problem.metadata(),
            label: context.label(self.slot),
            style: context.look(self.slot).style(theme),
            anatomy: &self.anatomy,
            lines: &self.lines,
            lit: lit(context),
            relief: self.relief.as_ref(),
            surrogate: self.surrogate.as_ref(),
        }
    }
}

/// The index of the lit line.
fn lit(context: &ViewContext<'_>) -> Option<usize> {
    let part = context.view.option(&AnatomyPicture::INFO, PART);
    (part as usize).checked_sub(1)
}

/// The lines on a step; none while there is no step.
pub fn anatomy_lines(context: &ViewContext<'_>, data: &AnatomyData) -> AnatomyLines {
    let step = data.step.as_ref();
    AnatomyLines {
        lines: step.map_or_else(Arc::default, |step| Arc::clone(&step.lines)),
        lit: lit(context),
    }
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
