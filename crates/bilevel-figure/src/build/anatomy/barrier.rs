//! BOME's dynamic barrier, in the plane spanned by ∇f and ∇q̂: the half-space of directions that keep the gap falling,
//! and its point nearest to ∇f.

use bilevel::problem::ParameterValue;

use super::{StepSubject, dot, norm};
use crate::{ArrowInk, Axis, AxisScale, Figure, Layer, brief};

/// The free margin, as a share of the extent.
const MARGIN: f64 = 0.2;

/// The figure; `None` for another method.
pub(super) fn barrier<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    let anatomy = subject.anatomy;
    if subject.method.id != "bome" {
        return None;
    }
    let [of_f, of_gap] = ["gradient of f", "gradient of the gap"]
        .map(|name| anatomy.term(name).map(|term| &term.value[..]));
    let (of_f, of_gap) = (of_f?, of_gap?);
    let multiplier = anatomy.number("multiplier")?;
    let eta = subject.settings.number("eta");
    let length = norm(of_gap);
    // the barrier's level b, as the multiplier has it
    let barrier = subject.settings.value("barrier");
    let level = if matches!(barrier, ParameterValue::Choice(word) if word == "gap") {
        eta * anatomy.number("estimated gap")?
    } else {
        eta * length * length
    };
    let along = |vector: &[f64]| {
        if length > 0.0 {
            dot(vector, of_gap) / length
        } else {
            0.0
        }
    };
    let across = |vector: &[f64]| {
        let along = along(vector);
        (dot(vector, vector) - along * along).max(0.0).sqrt()
    };
    let gradient = [along(of_f), across(of_f)];
    let gap = [length, 0.0];
    let direction = [gradient[0] + multiplier * length, gradient[1]];
    let edge = if length > 0.0 { level / length } else { 0.0 };
    let points = [
        [0.0; 2],
        gradient,
        gap,
        direction,
        [edge, 0.0],
        [-direction[0], -direction[1]],
    ];
    let range = [0, 1].map(|axis| {
        let values = points.map(|point| point[axis]);
        let low = values.into_iter().fold(f64::INFINITY, f64::min);
        let high = values.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let margin = MARGIN * (high - low).max(1e-300);
        [low - margin, high + margin]
    });
    let slack = direction[0] * length - level;
    let state = if multiplier > 0.0 {
        "barrier active: $d$ lies on its edge"
    } else {
        "multiplier off: $d = ∇f$"
    };
    let style = subject.style;
    let mut layers = vec![
        Layer::Zone {
            x: [edge, f64::INFINITY],
            y: [f64::NEG_INFINITY, f64::INFINITY],
            label: String::new(),
        },
        Layer::Guide(vec![[edge, range[1][0]], [edge, range[1][1]]]),
    ];
    let move_ends = [[0.0; 2], [-direction[0], -direction[1]]];
    let arrows = [
        ([[0.0; 2], gradient], ArrowInk::Pale(style), "$∇f$"),
        ([[0.0; 2], gap], ArrowInk::Pale(style), "$∇q̂$"),
        ([[0.0; 2], direction], ArrowInk::Method(style), "$d$"),
        (move_ends, ArrowInk::Outlined, "move, along $−d$"),
    ];
    for (ends, ink, label) in arrows {
        layers.push(Layer::Arrows {
            ends: vec![ends],
            ink,
        });
        let at =
            |share: f64| [0, 1].map(|axis| ends[0][axis] + share * (ends[1][axis] - ends[0][axis]));
        layers.push(Layer::Name {
            curve: (2..=8).map(|step| at(f64::from(step) / 8.0)).collect(),
            label: label.to_owned(),
        });
    }
    let axis = |label: &str, range| Axis {
        label: label.to_owned(),
        scale: AxisScale::Linear,
        range,
        has_gutter: false,
        ticks: Vec::new(),
        is_bare: false,
    };
    Some(Figure {
        title: "**Barrier** $⟨∇q̂, d⟩ ≥ b$".to_owned(),
        subtitle: format!(
            "{state}; $λ = {}$, $b = {}$, $⟨∇q̂, d⟩ − b = {}$",
            brief(multiplier, 3),
            brief(level, 3),
            brief(slack, 2)
        ),
        x: axis("along $∇q̂$", range[0]),
        y: axis("across it", range[1]),
        is_equal: true,
        has_axes: true,
        layers,
        foot: None,
    })
}
