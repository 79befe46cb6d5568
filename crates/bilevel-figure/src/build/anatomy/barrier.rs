//! BOME's dynamic barrier, in the plane spanned by ∇f and ∇q̂: the half-space of directions that keep the gap falling,
//! and its point nearest to ∇f.

use bilevel::method::term_names;
use bilevel::problem::ParameterValue;
use bilevel::study::StepAnatomy;

use super::{StepSubject, dot, norm};
use crate::{ArrowInk, Axis, Figure, Layer, LineStyle, brief};

/// The free margin, as a share of the extent.
const MARGIN: f64 = 0.2;

/// The numbers of a barrier.
struct Barrier<'b> {
    of_f: &'b [f64],
    of_gap: &'b [f64],
    multiplier: f64,
    /// ‖∇q̂‖.
    length: f64,
    /// b.
    level: f64,
}

impl<'b> Barrier<'b> {
    /// The barrier of a step of BOME.
    fn of(anatomy: &'b StepAnatomy) -> Option<Self> {
        if anatomy.method.id != "bome" {
            return None;
        }
        let term = |name| anatomy.term(name).map(|term| &term.value[..]);
        let of_gap = term(term_names::GRADIENT_OF_GAP)?;
        let (eta, length) = (anatomy.settings.number("eta"), norm(of_gap));
        let barrier = anatomy.settings.value("barrier");
        // as the multiplier has it
        let level = if matches!(barrier, ParameterValue::Choice(word) if word == "gap") {
            eta * anatomy.number(term_names::ESTIMATED_GAP)?
        } else {
            eta * length * length
        };
        Some(Self {
            of_f: term(term_names::GRADIENT_OF_F)?,
            of_gap,
            multiplier: anatomy.number(term_names::MULTIPLIER)?,
            length,
            level,
        })
    }

    /// ⟨∇q̂, d⟩ − b.
    fn slack(&self) -> f64 {
        dot(self.of_f, self.of_gap) + self.multiplier * self.length * self.length - self.level
    }
}

/// The barrier in a line.
pub(super) fn barrier_line(anatomy: &StepAnatomy) -> Option<String> {
    let barrier = Barrier::of(anatomy)?;
    let state = if barrier.multiplier > 0.0 {
        "the barrier is active, and $d$ lies on its edge"
    } else {
        "the multiplier is off, and $d = ∇f$"
    };
    Some(format!(
        "{state}: $b$ = {}, $⟨∇q̂, d⟩ − b$ = {}",
        brief(barrier.level, 3),
        brief(barrier.slack(), 2)
    ))
}

/// The figure; `None` for another method.
pub(super) fn barrier<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    let Barrier {
        of_f,
        of_gap,
        multiplier,
        length,
        level,
    } = Barrier::of(subject.anatomy)?;
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
    let layers = barrier_layers(subject.style, edge, range[1], [gradient, gap, direction]);
    Some(Figure {
        title: "**Barrier**".to_owned(),
        subtitle: "$⟨∇q̂, d⟩ ≥ b$; upwards: across $∇q̂$".to_owned(),
        x: Axis::linear("along $∇q̂$", range[0]),
        y: Axis::linear("", range[1]),
        is_equal: true,
        has_axes: true,
        layers,
        foot: None,
    })
}

/// The half-space, and the arrows of ∇f, ∇q̂, d and the move along −d.
fn barrier_layers<'a>(
    style: LineStyle,
    edge: f64,
    [low, high]: [f64; 2],
    [gradient, gap, direction]: [[f64; 2]; 3],
) -> Vec<Layer<'a>> {
    let mut layers = vec![
        Layer::Zone {
            x: [edge, f64::INFINITY],
            y: [f64::NEG_INFINITY, f64::INFINITY],
            label: String::new(),
        },
        Layer::Guide(vec![[edge, low], [edge, high]]),
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
    layers
}
