//! Problems as numbers, for independent programs.

use std::fs;
use std::path::Path;

use bilevel::problem::Objectives as _;
use serde_json::{Value, json};

use super::chain::{Answer, Frame, Level, Tilt};
use super::curve::{Curve, Nature, Sort, Step};
use super::dice::Dice;
use super::ends;
use super::random;
use super::truth::Truth;

/// Writes a file for each problem: its parameters, values at some points, and its claimed properties.
pub(crate) fn write(folder: &str, seed: u64, numbers: Vec<u64>) {
    for number in numbers {
        let truth = random::problem(seed, number);
        let text = format!("{:#}", problem(&truth, seed, number));
        let path = Path::new(folder).join(format!("{number}.json"));
        fs::write(path, text).expect("the folder is there");
    }
}

fn problem(truth: &Truth, seed: u64, number: u64) -> Value {
    let chain = &truth.chain;
    let mut dice = Dice::new(3, number);
    let limit = |[low, high]: &[f64; 2]| {
        json!([
            low.is_finite().then_some(low),
            high.is_finite().then_some(high)
        ])
    };
    let planted = ends::planted(truth, &mut Dice::new(seed + 1, number));
    let samples = planted.iter().take(40).map(|one| {
        let levels = 1..=chain.levels.len() + 1;
        let values: Vec<f64> = levels.map(|level| chain.value(level, one.point.blocks())).collect();
        json!({ "kind": one.kind, "point": one.point.values(), "values": values, "truth": one.truth,
            "direction": one.direction.iter().map(|d| d.is_finite().then_some(d)).collect::<Vec<_>>() })
    });
    let samples: Vec<Value> = samples.collect();
    let looks = (0..30).map(|_| {
        let x = truth.somewhere(&mut dice);
        json!({ "x": x, "phi": truth.phi(&x), "slope": truth.slope(&x), "answered": truth.answered(&x, None).values() })
    });
    let looks: Vec<Value> = looks.collect();
    let spots = truth.spots.iter().map(|spot| {
        let sorts: Vec<&str> = spot.features.iter().map(|one| word(one.sort)).collect();
        let natures: Vec<&str> = spot.features.iter().map(|one| nature(one.nature)).collect();
        json!({ "x": spot.x, "value": spot.value, "is_minimum": spot.is_minimum(), "sorts": sorts, "natures": natures })
    });
    let spots: Vec<Value> = spots.collect();
    json!({
        "number": number,
        "factor": chain.factor, "constant": chain.constant, "heed": chain.heed, "shear": chain.shear,
        "leader": frame(&chain.leader),
        "curves": chain.curves.iter().map(curve).collect::<Vec<_>>(),
        "levels": chain.levels.iter().map(level).collect::<Vec<_>>(),
        "bounds": chain.bounds.iter().map(limit).collect::<Vec<_>>(),
        "shown": chain.shown, "answers": chain.answers, "start": chain.start,
        "span": truth.span, "optimum": truth.optimum, "best_shown": truth.best_shown,
        "samples": samples, "looks": looks, "spots": spots,
    })
}

fn word(sort: Sort) -> &'static str {
    match sort {
        Sort::Smooth => "smooth",
        Sort::Kink => "kink",
        Sort::Jump => "jump",
        Sort::Edge => "edge",
    }
}

fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Bottom => "bottom",
        Nature::Top => "top",
        Nature::Pass => "pass",
    }
}

fn frame(frame: &Frame) -> Value {
    json!({ "shift": frame.shift, "scale": frame.scale, "rotation": frame.rotation })
}

fn step(step: &Step) -> Value {
    json!({ "height": step.height, "sign": step.sign, "places": step.places })
}

fn curve(curve: &Curve) -> Value {
    json!({
        "scale": curve.scale, "coefficients": curve.coefficients, "fold": curve.fold, "flat": curve.flat, "bend": curve.bend,
    })
}

fn level(level: &Level) -> Value {
    let answer = match &level.answer {
        Answer::Bowl { quartic } => json!({ "kind": "bowl", "quartic": quartic }),
        Answer::Wells {
            width,
            tilt: Tilt::Constant(tilt),
        } => {
            json!({ "kind": "wells", "width": width, "tilt": tilt })
        }
        Answer::Wells {
            width,
            tilt: Tilt::Switch { step: one, steep },
        } => {
            json!({ "kind": "wells", "width": width, "step": step(one), "steep": steep })
        }
        Answer::Held => json!({ "kind": "held" }),
    };
    let reach: Vec<Value> = level
        .reach
        .iter()
        .map(|one| {
            json!({ "constant": one.constant, "linear": one.linear, "square": one.square, "wave": one.wave })
        })
        .collect();
    json!({
        "frame": frame(&level.frame), "factor": level.factor, "constant": level.constant, "weights": level.weights,
        "answer": answer, "reach": reach, "heed": level.heed, "likes": level.likes, "favour": level.favour,
    })
}
