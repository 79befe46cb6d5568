//! `surrogate`: beside the reduced objective φ, the function of the leader's variable that each method descends at the
//! playhead.

use std::borrow::Cow;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Problem};
use bilevel::run::{RunSpec, TraceColumn};
use bilevel::study::{self, LevelSlice, SurrogateCurve};
use bilevel_files::ViewInfo;

use super::View;
use super::context::{SharedProblem, ViewContext};
use super::error::ViewError;
use crate::{Axis, Figure, Layer, Line, Proportion, Symbol, Theme};

/// The leader's only variable.
const X: Coordinate = Coordinate { level: 1, index: 0 };
/// The free space below the curves, and above them for the sentence, as shares of their height.
const MARGINS: [f64; 2] = [0.08, 0.36];
/// The opacity of a curve: one that is less than opaque has no marker at its end.
const UNMARKED: f32 = 0.99;

/// The `surrogate` view.
pub struct SurrogatePicture;

/// The runs at their iterations, and a range of x.
#[derive(Clone, Debug)]
pub struct SurrogateRequest {
    problem: SharedProblem,
    range: [f64; 2],
    start: Point,
    runs: Vec<(usize, u64, RunSpec)>,
}

impl PartialEq for SurrogateRequest {
    fn eq(&self, other: &Self) -> bool {
        let key = |(slot, iteration, spec): &(usize, u64, RunSpec)| {
            (
                *slot,
                *iteration,
                spec.settings.clone(),
                std::sync::Arc::clone(&spec.earlier),
                spec.start.clone(),
                spec.seed,
            )
        };
        self.problem == other.problem
            && (self.range, &self.start) == (other.range, &other.start)
            && self.runs.iter().map(key).eq(other.runs.iter().map(key))
    }
}

/// φ and the surrogates, each with its method, or the reason why the method has none.
#[derive(Clone, Debug, Default)]
pub struct SurrogateCurves {
    phi: Vec<Vec<[f64; 2]>>,
    runs: Vec<(usize, u64, Result<SurrogateCurve, String>)>,
}

impl View for SurrogatePicture {
    const INFO: ViewInfo = ViewInfo {
        id: "surrogate",
        title: "surrogate",
        meaning: "the function of the leader's variable that each method descends, beside φ",
        hints: &[[
            "Change the inner steps",
            "The curve that the method descends changes, and φ does not.",
        ]],
        most_figures: 1,
        ..ViewInfo::EMPTY
    };
    const PROPORTION: Proportion = Proportion::Charts;
    const SAMPLES: [usize; 2] = [61, 401];

    type Request = SurrogateRequest;
    type Data = SurrogateCurves;

    fn needs(problem: &dyn Problem) -> Result<(), String> {
        let shape = problem.metadata().shape();
        if shape.levels() == 2 && shape.size(1) == 1 {
            Ok(())
        } else {
            Err("needs two levels and a leader with one variable".to_owned())
        }
    }

    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError> {
        let mut runs = Vec::new();
        for (slot, _) in context.visible_methods() {
            let mut paths = context.paths.iter().filter(|path| !path.is_stale);
            let path = paths.find(|path| path.tag.slot == slot && path.tag.run == 0);
            let specs = context.experiment.runs_of(slot, context.problem);
            // a method that does not suit the problem has no run
            let Some((_, spec)) = specs.unwrap_or_default().into_iter().next() else {
                continue;
            };
            let last = path
                .and_then(|path| path.trace.last_iteration())
                .unwrap_or(0);
            let until = path.map_or(0, |path| path.until.min(last));
            runs.push((slot, until, spec));
        }
        let range = context.screen.sampled.map(|[x, _]| x);
        Ok(SurrogateRequest {
            problem: context.shared_problem(),
            range: range.unwrap_or_else(|| context.problem.metadata().range(X)),
            start: context.first_start().clone(),
            runs,
        })
    }

    fn compute(
        request: &Self::Request,
        _: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<SurrogateCurves, ViewError> {
        let range = request.range;
        let slice = LevelSlice { along: X, range };
        let slices = study::slices(&*request.problem, &request.start, &[slice], samples, token);
        let phi = slices.and_then(|slices| Some(slices.into_iter().next()?.reduced));
        let runs = request.runs.iter().map(|(slot, iteration, spec)| {
            let curve = study::surrogate(spec, *iteration, range, samples, token);
            (*slot, *iteration, curve)
        });
        Ok(SurrogateCurves {
            phi: phi.unwrap_or_default(),
            runs: runs.collect(),
        })
    }

    fn figures<'a>(
        context: &ViewContext<'a>,
        data: &SurrogateCurves,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        vec![surrogates(context, data, theme)]
    }

    fn sentence(context: &ViewContext<'_>, data: &SurrogateCurves) -> Option<String> {
        sentence(context, data)
    }
}

fn surrogates<'a>(context: &ViewContext<'a>, data: &SurrogateCurves, theme: Theme) -> Figure<'a> {
    let metadata = context.problem.metadata();
    let range = context
        .range(0)
        .map_or_else(|| metadata.range(X), |[x, _]| x);
    let longest = data.phi.iter().max_by_key(|piece| piece.len());
    let mut layers = vec![
        Layer::Track(std::sync::Arc::new(data.phi.clone())),
        Layer::Name {
            curve: longest.cloned().unwrap_or_default(),
            label: "$φ$".to_owned(),
        },
    ];
    for (slot, _, curve) in &data.runs {
        let style = context.look(*slot).style(theme);
        let name = context.label(*slot);
        if let Ok(curve) = curve {
            let inside = clipped(&curve.points, range);
            if inside.is_empty() {
                continue;
            }
            let [x, y] = [0, 1].map(|axis| {
                let values = inside.iter().map(|point| point[axis]);
                values.collect::<Vec<f64>>()
            });
            layers.push(Layer::Line(Line {
                slot: *slot,
                tag: None,
                source: None,
                from: 0,
                until: x.len(),
                x: Cow::Owned(x),
                y: Cow::Owned(TraceColumn::from(y)),
                style,
                opacity: UNMARKED,
                has_diverged: false,
                label: name.to_owned(),
            }));
            layers.extend(curve.at.map(|at| Layer::Mark {
                at,
                symbol: Symbol::Method(style),
                label: String::new(),
            }));
        }
    }
    // on a screen the sentence stands above the picture
    if !context.screen.is_there
        && let Some(words) = sentence(context, data)
    {
        layers.push(Layer::Sentence(words));
    }
    let variable = metadata.variable(X);
    Figure {
        title: "Surrogates".to_owned(),
        subtitle: "loops start from each run's $y$, or from a start of their own".to_owned(),
        x: Axis::linear(format!("${variable}$"), range),
        y: Axis::linear(String::new(), heights(data, range)),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// The function of each method, and the reasons why others have none.
fn sentence(context: &ViewContext<'_>, data: &SurrogateCurves) -> Option<String> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (slot, _, curve) in &data.runs {
        let words = match curve {
            Ok(curve) => curve.label.to_owned(),
            Err(reason) => format!("none, {reason}"),
        };
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, names)) => names.push(context.label(*slot)),
            None => groups.push((words, vec![context.label(*slot)])),
        }
    }
    let lines = groups
        .iter()
        .map(|(words, names)| format!("{}: {words}", names.join(", ")));
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// The part of a curve within a range, with its ends at the edges.
fn clipped(points: &[[f64; 2]], [low, high]: [f64; 2]) -> Vec<[f64; 2]> {
    let mut inside = Vec::new();
    for pair in points.windows(2) {
        let [[a, at_a], [b, at_b]] = [pair[0], pair[1]];
        let at = |x: f64| [x, at_a + (at_b - at_a) * (x - a) / (b - a)];
        if a < low && low < b {
            inside.push(at(low));
        }
        if low <= a && a <= high {
            inside.push(pair[0]);
        }
        if a < high && high < b {
            inside.push(at(high));
        }
    }
    inside.extend(
        points
            .last()
            .filter(|point| low <= point[0] && point[0] <= high),
    );
    inside
}

/// The vertical range: that of φ, and of the surrogates within a band of three times its height, so that a steep
/// surrogate hides no other.
fn heights(data: &SurrogateCurves, range: [f64; 2]) -> [f64; 2] {
    let is_inside = |point: &&[f64; 2]| range[0] <= point[0] && point[0] <= range[1];
    let span = |values: &mut dyn Iterator<Item = f64>| {
        values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
            [low.min(value), high.max(value)]
        })
    };
    let of_phi = data.phi.iter().flatten().filter(is_inside);
    let [low, high] = span(&mut of_phi.map(|point| point[1]));
    let height = if high > low { high - low } else { 1.0 };
    let curves = data
        .runs
        .iter()
        .filter_map(|(_, _, curve)| curve.as_ref().ok());
    let others = curves
        .flat_map(|curve| &curve.points)
        .filter(is_inside)
        .map(|point| point[1])
        .filter(|value| !low.is_finite() || (low - height..=high + height).contains(value));
    let [least, most] = span(&mut others.chain([low, high]).filter(|value| value.is_finite()));
    if least > most {
        return [0.0, 1.0];
    }
    let height = (most - least).max(1e-9);
    [least - MARGINS[0] * height, most + MARGINS[1] * height]
}
