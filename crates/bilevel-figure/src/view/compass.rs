//! `compass`: the direction of each method beside the hypergradient ∇φ, over the leader's variables and at the playhead.

mod pointer;

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{
    Coordinate, DefaultValue, Parameter, ParameterChoice, ParameterKind, Problem,
};
use bilevel::run::{Recording, RunSpec};
use bilevel::study::{self, CompassMethod, RecordedDirection};
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::build::compass::{
    CompassData, CompassSubject, Heading, Lower, MethodCompass, MethodField, NamedStyle,
    TruthField, compass, legend, length, sentences,
};
pub use pointer::{CompassPointerRequest, CompassReading};

use crate::{Figure, FigureArrangement, LegendEntry, Page, Proportion, Relief, Swatch, Theme};

/// The most rows of a run whose directions are compared.
const ROWS: usize = 48;
/// Samples of φ along an axis for each cell of a grid.
const RELIEF: usize = 2;

/// The `compass` view.
pub struct CompassPicture;

/// A visible method with its run at the playhead.
#[derive(Clone, Debug)]
struct RequestedMethod {
    slot: usize,
    spec: RunSpec,
    /// The point whose lower blocks fresh states have; `None` for the reference solution.
    lower: Option<Point>,
    heading: Option<RecordedDirection>,
    course: Vec<RecordedDirection>,
}

impl PartialEq for RequestedMethod {
    fn eq(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.slot, it.spec.seed, it.spec.start_number);
        key(self) == key(other)
            && self.spec.method.id == other.spec.method.id
            && self.spec.settings == other.spec.settings
            && self.lower == other.lower
            && self.heading == other.heading
            && self.course == other.course
    }
}

/// False for the direction of a method that follows none: a request with it would equal no other, and be made again and
/// again.
fn is_finite(known: &RecordedDirection) -> bool {
    let velocity = known.velocity.iter().flatten();
    let mut all = known.direction.iter().chain(velocity);
    all.all(|entry| entry.is_finite())
}

/// The methods, and the range of the leader's variables.
#[derive(Clone, Debug, PartialEq)]
pub struct CompassRequest {
    problem: SharedProblem,
    base: Point,
    range: [[f64; 2]; 2],
    methods: Vec<RequestedMethod>,
}

/// The compass with the fields of ∇φ that it may be computed from again.
#[derive(Clone, Debug, Default)]
pub struct CompassFields {
    data: CompassData,
    /// The fields of ∇φ by their number of samples: coarse, then full.
    truths: Vec<(usize, Arc<TruthField>)>,
}

const CHOICES: &[ParameterChoice] = &[
    ParameterChoice {
        name: "run",
        label: "of the run",
        meaning: "fresh states have the lower blocks of the run at the playhead",
    },
    ParameterChoice {
        name: "start",
        label: "of the start",
        meaning: "fresh states have the lower blocks of the start",
    },
    ParameterChoice {
        name: "reference",
        label: "solved",
        meaning: "fresh states have the reference solution at each x",
    },
];

/// The name of the choice of lower blocks in files.
const LOWER: &str = "compass_y";

impl CompassPicture {
    /// The choice of lower blocks.
    fn lower(context: &ViewContext<'_>) -> Lower {
        let number = context.view.option(&Self::INFO, LOWER);
        let choice = Lower::ALL.get(number as usize);
        choice.copied().unwrap_or(Lower::Run)
    }

    /// The visible ranges of the leader's first two variables. Not those of a screen, on which equally long units show
    /// more: cells would not be square.
    fn range(context: &ViewContext<'_>) -> [[f64; 2]; 2] {
        let metadata = context.problem.metadata();
        let own = |index: usize| metadata.range(Coordinate { level: 1, index });
        let second = usize::from(metadata.shape().size(1) > 1);
        let [x, y] = context.range(0).unwrap_or_else(|| [own(0), own(second)]);
        // over one variable the vertical axis is that of φ
        [x, if second == 0 { x } else { y }]
    }

    /// The meaning of arrows and hatches in the figures of a context, in sentences.
    pub fn legend(context: &ViewContext<'_>, fields: &CompassFields) -> Vec<String> {
        let metadata = context.problem.metadata();
        legend(metadata, &fields.data, Self::lower(context))
    }
}

/// The arrangement of the compass of a leader with so many variables.
pub fn compass_arrangement(variables: usize) -> FigureArrangement {
    match variables {
        1 => FigureArrangement::Stack,
        2 => FigureArrangement::Tiles,
        _ => FigureArrangement::Beside,
    }
}

impl View for CompassPicture {
    const INFO: ViewInfo = ViewInfo {
        id: "compass",
        title: "compass",
        meaning: "each method's direction beside the hypergradient ∇φ, and where its move is no descent of φ",
        hints: &[
            [
                "Solve the lower levels",
                "A biased method stays wrong; others are wrong only with the lower levels of their run.",
            ],
            [
                "Change the inner steps",
                "A truncated loop leaves a part of the response out, and the method's curve moves off $−∇φ$.",
            ],
        ],
        options: &[Parameter {
            name: LOWER,
            label: "lower levels",
            symbol: "",
            kind: ParameterKind::Choice(CHOICES),
            default: DefaultValue::Choice("run"),
            meaning: "The lower blocks of the fresh states whose first steps are drawn.",
        }],
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Square;
    const SAMPLES: [usize; 2] = [8, 15];

    type Request = CompassRequest;
    type Data = CompassFields;

    fn needs(problem: &dyn Problem) -> Result<(), String> {
        if problem.online().is_some() {
            return Err("needs a problem that does not change along the run".to_owned());
        }
        if problem.metadata().shape().total() > Recording::MOST_VARIABLES {
            return Err(format!(
                "needs at most {} variables: beyond, $∇φ$ and the directions of all steps are not known",
                Recording::MOST_VARIABLES
            ));
        }
        Ok(())
    }

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let base = context.first_start().clone();
        let lower = Self::lower(context);
        let (variables, run) = (base[1].len(), context.screen.run);
        let mut methods = Vec::new();
        for (slot, _) in context.visible_methods() {
            let specs = context.experiment.runs_of(slot, context.problem);
            // a method that does not suit the problem has no run
            let Some((_, spec)) = specs.unwrap_or_default().into_iter().nth(run) else {
                continue;
            };
            let mut paths = context.paths.iter().filter(|path| !path.is_stale);
            let path = paths.find(|path| path.tag.slot == slot && path.tag.run == run);
            let row = path.and_then(|path| path.trace.row_at(path.until));
            let at = |row: usize| {
                let known = study::recorded_direction(path?.trace, row, &spec.settings);
                known.filter(is_finite)
            };
            let own = path
                .zip(row)
                .and_then(|(path, row)| path.trace.point(row))
                .unwrap_or_else(|| spec.start.clone());
            let count = path.map_or(0, |path| path.trace.len());
            let course = if variables > 2 {
                rows(count).into_iter().filter_map(at).collect()
            } else {
                Vec::new()
            };
            methods.push(RequestedMethod {
                slot,
                lower: match lower {
                    Lower::Run => Some(own),
                    Lower::Start => Some(spec.start.clone()),
                    Lower::Reference => None,
                },
                heading: row.and_then(at),
                course,
                spec,
            });
        }
        Ok(CompassRequest {
            problem: context.shared_problem(),
            base,
            range: Self::range(context),
            methods,
        })
    }

    fn compute(
        request: &Self::Request,
        earlier: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<CompassFields, ViewError> {
        let problem = &*request.problem;
        let key = |it: &CompassRequest| (it.problem.clone(), it.range, it.base.clone());
        let mut truths = match earlier {
            Some((earlier, fields)) if key(earlier) == key(request) => fields.truths.clone(),
            _ => Vec::new(),
        };
        let known = truths.iter().find(|(known, _)| *known == samples);
        let truth = if let Some((_, truth)) = known {
            Arc::clone(truth)
        } else {
            let truth = Arc::new(truth(problem, request, samples, token));
            truths.push((samples, Arc::clone(&truth)));
            truth
        };
        let methods = request.methods.iter();
        let methods = methods.map(|method| of_method(problem, method, &truth, token));
        let methods = methods.collect();
        let usual = usual_length(problem, &truth, &request.base, token);
        Ok(CompassFields {
            data: CompassData {
                truth,
                usual,
                methods,
            },
            truths,
        })
    }

    fn figures<'a>(
        context: &ViewContext<'a>,
        fields: &CompassFields,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        let subject = CompassSubject {
            metadata: context.problem.metadata(),
            named: &|slot| named(context, slot, theme),
            lower: Self::lower(context),
            range: Self::range(context),
            theme,
        };
        compass(&subject, &fields.data)
    }

    fn sentence(context: &ViewContext<'_>, fields: &CompassFields) -> Option<String> {
        let metadata = context.problem.metadata();
        sentences(metadata, &fields.data, &|slot| context.label(slot)).text()
    }

    fn arrange<'a>(
        mut page: Page<'a>,
        context: &ViewContext<'a>,
        fields: &CompassFields,
        _: Theme,
    ) -> Page<'a> {
        let metadata = context.problem.metadata();
        let mut words = Self::legend(context, fields);
        let sentences = sentences(metadata, &fields.data, &|slot| context.label(slot));
        words.extend(sentences.lines());
        page.legend
            .extend(words.into_iter().map(|label| LegendEntry {
                looks: Swatch::None,
                label,
            }));
        let variables = metadata.shape().size(1);
        page.arranged(compass_arrangement(variables))
    }
}

fn named<'a>(context: &ViewContext<'a>, slot: usize, theme: Theme) -> NamedStyle<'a> {
    NamedStyle {
        name: context.label(slot),
        style: context.look(slot).style(theme),
    }
}

/// Rows of a record, evenly spaced on a logarithmic axis.
fn rows(count: usize) -> Vec<usize> {
    let Some(last) = count.checked_sub(2) else {
        return Vec::new();
    };
    let place = |step: usize| (last as f64).powf(step as f64 / (ROWS - 1) as f64).round() as usize;
    let mut rows: Vec<usize> = [0].into_iter().chain((0..ROWS).map(place)).collect();
    rows.retain(|row| *row <= last);
    rows.dedup();
    rows
}

fn truth(
    problem: &dyn Problem,
    request: &CompassRequest,
    samples: usize,
    token: &WorkToken,
) -> TruthField {
    let shape = problem.metadata().shape();
    let CompassRequest { base, range, .. } = request;
    match shape.size(1) {
        1 => {
            // deeper levels cost more
            let count = samples * samples / (shape.levels() - 1).pow(2);
            let line = study::true_line(problem, base, range[0], count, token);
            line.map_or(TruthField::None, TruthField::Line)
        }
        2 => {
            let side = samples * side_share(request.methods.len()) / FULL_SHARE;
            let Some(grid) = study::true_grid(problem, base, *range, side, token) else {
                return TruthField::None;
            };
            let axes = [0, 1].map(|index| Coordinate { level: 1, index });
            let resolution = [RELIEF * samples; 2];
            let values = study::sample_reduced(problem, axes, base, grid.range, resolution, token);
            TruthField::Grid(grid, Arc::new(Relief::new(&values)))
        }
        _ => TruthField::None,
    }
}

/// The side of a grid as a share of 15: panels of more methods are smaller.
const FULL_SHARE: usize = 15;

const fn side_share(methods: usize) -> usize {
    match methods {
        0..=2 => FULL_SHARE,
        3..=4 => 12,
        _ => 10,
    }
}

/// The greatest length of ∇φ over the field, or without one that at the start.
fn usual_length(problem: &dyn Problem, truth: &TruthField, base: &Point, token: &WorkToken) -> f64 {
    match truth {
        TruthField::Line(line) => {
            let slopes = line.slope.iter().flatten().map(|at| at[1].abs());
            slopes.fold(0.0, f64::max)
        }
        TruthField::Grid(grid, _) => {
            let cells = grid.cells.iter().flatten();
            let gradients = cells.filter_map(|cell| cell.gradient.as_deref());
            gradients.map(length).fold(0.0, f64::max)
        }
        TruthField::None => study::true_direction(problem, base, token)
            .and_then(|found| found.gradient)
            .map_or(0.0, |gradient| length(&gradient)),
    }
}

fn of_method(
    problem: &dyn Problem,
    method: &RequestedMethod,
    truth: &TruthField,
    token: &WorkToken,
) -> MethodCompass {
    let mut found = MethodCompass {
        slot: method.slot,
        entry: method.spec.method,
        reason: study::no_direction(&method.spec).map(ToOwned::to_owned),
        field: MethodField::None,
        heading: None,
        draws: None,
        course: Vec::new(),
    };
    if found.reason.is_some() {
        return found;
    }
    let fresh = CompassMethod {
        spec: method.spec.clone(),
        lower: method.lower.clone(),
    };
    match truth {
        TruthField::None => {}
        TruthField::Line(line) => {
            let line = study::method_line(problem, line, &fresh, token);
            found.reason.clone_from(&line.reason);
            found.field = MethodField::Line(line);
        }
        TruthField::Grid(grid, _) => {
            found.field = MethodField::Grid(study::method_grid(grid, &fresh, token));
        }
    }
    found.heading = method.heading.as_ref().map(|one| {
        let there = study::true_direction(problem, &one.point, token);
        Heading {
            iteration: one.iteration,
            x: one.point[1].to_vec(),
            value: there.as_ref().map_or(f64::NAN, |there| there.value),
            gradient: there.and_then(|there| there.gradient),
            direction: one.direction.clone(),
            velocity: one.velocity.clone(),
        }
    });
    if let (TruthField::None, Some(heading)) = (truth, &method.heading) {
        let fresh = fresh.at(&heading.point, token).ok();
        found.draws = fresh.filter(|fresh| !fresh.draws.is_empty());
    }
    found.course = study::course(problem, &method.course, token);
    found
}
