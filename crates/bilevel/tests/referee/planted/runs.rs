//! Actual runs on a chain: only verdicts that are certainly false count as faults.

use std::sync::Arc;

use bilevel::method;
use bilevel::problem::Problem;
use bilevel::run::{Points, Recording, Run, RunSpec, Status};
use bilevel::study::KnownMinima;

use super::curve::Sort;
use super::dice::Dice;
use super::judged::{Asked, Word, judged};
use super::truth::{Spot, Truth};

/// The verdict on a run, and the reason if it is certainly false.
pub(crate) struct Said {
    pub(crate) method: &'static str,
    pub(crate) word: Word,
    pub(crate) fault: Option<String>,
    pub(crate) end: String,
}

/// The distance from a minimum, in widths, beyond which an end is not at it.
const FAR: f64 = 1.0 / 200.0;

/// Runs up to three methods, those that apply to the problem, and judges them.
pub(crate) fn said(truth: &Truth, problem: &Arc<dyn Problem>, goals: &KnownMinima) -> Vec<Said> {
    let mut dice = Dice::new(23, 0);
    let mut all = Vec::new();
    let levels = truth.chain.levels.len() + 1;
    let rivals = if levels == 2 { "bome" } else { "itd" };
    for (number, id) in ["implicit", "itd", rivals].into_iter().enumerate() {
        let method = method::find(id).expect("a method");
        if method.refusal(problem.metadata()).is_some() {
            continue;
        }
        let Some(spec) = spec(truth, problem, method, number, &mut dice) else {
            continue;
        };
        let (run, _) = Run::to_end(spec);
        if run.status() != &Status::Budget {
            continue;
        }
        let asked = Asked {
            point: run.point(),
            direction: run.direction(),
            stride: run.stride(),
            recent: run.recent(),
            status: run.status(),
        };
        let word = judged(&**problem, goals, asked);
        all.push(Said {
            method: id,
            fault: fault(truth, &word, asked, id == "implicit"),
            end: format!(
                "{:?}, direction {:?}",
                run.point().values(),
                run.direction()
            ),
            word,
        });
    }
    all
}

/// A run with step sizes that suit the problem's units; `None` if a setting is out of range.
fn spec(
    truth: &Truth,
    problem: &Arc<dyn Problem>,
    method: &'static method::MethodInfo,
    number: usize,
    dice: &mut Dice,
) -> Option<RunSpec> {
    let chain = &truth.chain;
    let mut steepest = 0.0_f64;
    for _ in 0..40 {
        let slope = truth.slope(&truth.somewhere(dice));
        let pairs = slope.iter().zip(&truth.widths);
        steepest = pairs
            .map(|(slope, width)| (slope / width).abs())
            .fold(steepest, f64::max);
    }
    let outer = 0.03 / steepest;
    let inner = chain.levels.iter().map(|level| {
        let finest = level
            .frame
            .scale
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        0.05 * finest * finest / level.factor
    });
    let inner: Vec<f64> = inner.collect();
    let levels = chain.levels.len() + 1;
    let mut spec = RunSpec::new(problem, method)
        .iterations(if levels < 4 { 300 } else { 60 })
        .with("outer_step_size", outer)
        .ok()?;
    spec.recording = Recording {
        every: 0,
        points: Points::None,
    };
    match method.id {
        "implicit" => {
            let least = chain
                .levels
                .iter()
                .map(|level| level.factor / level.frame.scale.iter().copied().fold(0.0, f64::max));
            let least = least.fold(f64::INFINITY, f64::min);
            spec = spec.with("inner_tolerance", 1e-11 * least).ok()?;
        }
        "itd" => {
            let steps = if levels > 3 || number == 2 { 2.0 } else { 4.0 };
            spec = spec
                .with("inner_steps", steps)
                .ok()?
                .with("inner_step_size", inner)
                .ok()?;
        }
        _ => {
            let last = inner[inner.len() - 1];
            spec = spec
                .with("inner_step_size", last)
                .ok()?
                .with("outer_step_size_lower", last)
                .ok()?;
        }
    }
    Some(spec)
}

/// The reason why a verdict is certainly false; `None` if it may be true.
fn fault(truth: &Truth, word: &Word, asked: Asked<'_>, is_exact: bool) -> Option<String> {
    let x = &asked.point[1];
    let (gap, level) = truth.largest_gap(asked.point);
    let nearest = |is_meant: &dyn Fn(&Spot) -> bool| {
        let meant = truth.spots.iter().filter(|spot| is_meant(spot));
        meant
            .map(|spot| truth.distance(x, spot))
            .fold(f64::INFINITY, f64::min)
    };
    let to_minimum = nearest(&|spot| spot.is_minimum());
    let to_saddle = nearest(&|spot| !spot.is_minimum() && !spot.has(Sort::Jump));
    let slope = truth.slope(x);
    let steepness = truth.steepness(x, &slope);
    let above = (truth.phi(x) - truth.optimum) / truth.span;
    let says = |words: &[&str]| words.contains(&word.verdict);
    let known = format!(
        "phi = {} ({above:.3e} of the span above the optimum), slope {steepness:.3e}, {to_minimum:.3e} widths from a minimum, gap {gap:.3e} \
         at level {level}",
        truth.phi(x)
    );
    let is_false = if says(&["global", "local", "boundary"]) && gap > 0.02 {
        "its followers have not answered"
    } else if says(&["global"]) && above > 1e-3 && !is_at_best(truth, x, word) {
        "another x is better"
    } else if says(&["local", "boundary"]) && to_minimum > FAR && steepness > 0.02 {
        "φ falls on"
    } else if says(&["global", "local", "boundary"]) && to_minimum > FAR && to_saddle < 1e-4 {
        "it is a saddle"
    } else if says(&["spurious", "saddle"]) && to_minimum < 1e-6 && gap < 1e-10 {
        "it is a minimum"
    } else if says(&["saddle"]) && steepness > 0.05 && to_saddle > FAR {
        "φ slopes"
    } else if says(&["spurious"]) && is_exact && gap < 1e-10 && clearance(truth, x) > 0.05 {
        "it follows the slope of φ itself"
    } else if says(&["moving"]) && asked.direction.iter().all(|one| *one == 0.0) {
        "its direction is zero"
    } else {
        return None;
    };
    Some(format!("{is_false}: {known}"))
}

/// True if the end is at an acceptable minimum: close to the best or, if the search was not complete, to the best in
/// the picture.
fn is_at_best(truth: &Truth, x: &[f64], word: &Word) -> bool {
    let best = if word.complete == Some(false) {
        truth.best_shown
    } else {
        truth.optimum
    };
    truth.spots.iter().any(|spot| {
        spot.is_minimum() && truth.is_best(spot.value, best)[1] && truth.distance(x, spot) <= FAR
    })
}

fn clearance(truth: &Truth, x: &[f64]) -> f64 {
    let s = truth.coordinates(x);
    let curves = truth.chain.curves.iter().zip(s);
    curves
        .map(|(curve, s)| curve.clearance(s))
        .fold(f64::INFINITY, f64::min)
}
