//! The inside of a method's derivative: the residuals of its linear system, or the weights of its sweep back through the
//! follower's steps.

use std::borrow::Cow;

use bilevel::method::{StepTerm, SystemPart, TermKind, term_names};
use bilevel::run::TraceColumn;

use super::symbols::in_symbols;
use super::{StepSubject, norm};
use crate::{Axis, AxisScale, Bars, Figure, Layer, Line, brief};

/// The figure; `None` for a method without either.
pub(super) fn inside<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    residuals(subject).or_else(|| sweep(subject))
}

fn residuals<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    let terms = &subject.anatomy.terms;
    let is_norms = |term: &&StepTerm| term.info.kind == TermKind::LinearSystem(SystemPart::Norms);
    let norms = terms.iter().find(is_norms)?;
    let values = norms.value.clone();
    if values.is_empty() {
        return None;
    }
    let positive = values.iter().copied().filter(|value| *value > 0.0);
    let least = positive.clone().fold(f64::INFINITY, f64::min);
    let most = positive.fold(0.0, f64::max);
    let rows = values.len();
    let x: Vec<f64> = (0..rows).map(|row| row as f64).collect();
    let hessian = in_symbols(subject.metadata, "∇^2_{yy} g");
    let spectrum = match &subject.anatomy.spectrum[..] {
        [least, .., most] if *least > 0.0 => {
            format!("; condition of ${hessian}$: {}", brief(most / least, 3))
        }
        [only] | [only, ..] => format!("; least eigenvalue of ${hessian}$: {}", brief(*only, 3)),
        [] => String::new(),
    };
    Some(Figure {
        title: "**Linear system**".to_owned(),
        subtitle: format!(
            "${}${spectrum}",
            in_symbols(subject.metadata, norms.info.symbol)
        ),
        x: Axis::new(
            "iteration",
            AxisScale::Linear,
            [-0.2, (rows.max(2) - 1) as f64 + 0.2],
        ),
        y: Axis::new(
            "",
            AxisScale::Log,
            if least.is_finite() {
                [0.3 * least, 3.0 * most]
            } else {
                [0.1, 10.0]
            },
        ),
        is_equal: false,
        has_axes: true,
        layers: vec![Layer::Line(Line {
            slot: 0,
            tag: None,
            source: None,
            has_diverged: false,
            from: 0,
            until: rows,
            x: Cow::Owned(x),
            y: Cow::Owned(TraceColumn::from(values)),
            style: subject.style,
            opacity: 1.0,
            label: String::new(),
        })],
        foot: None,
    })
}

/// The parts that the steps of the follower's loop contribute to the hypergradient, the earliest step first.
fn sweep<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    let anatomy = subject.anatomy;
    let products = anatomy.term(term_names::MIXED_PRODUCTS)?;
    // other sweeps go from level to level, not from step to step
    let scale = anatomy.number(term_names::SWEPT_STEP_SIZE)?;
    let shape = subject.metadata.shape();
    let mut weights: Vec<f64> = products
        .rows(shape)
        .map(|row| scale * norm(row))
        .filter(|weight| weight.is_finite())
        .collect();
    weights.reverse();
    if weights.is_empty() {
        return None;
    }
    let rows = weights.len();
    let most = weights.iter().copied().fold(0.0, f64::max);
    let path = anatomy
        .term(term_names::INNER_PATH)
        .map_or(0, |path| path.rows(shape).count());
    let first = path.saturating_sub(1).saturating_sub(rows);
    let edges = (0..=rows).map(|row| (first + row) as f64 - 0.5);
    Some(Figure {
        title: "**Sweep back**".to_owned(),
        subtitle: "$α ‖N_{21}^T s‖$: part of each step of the loop in the hypergradient".to_owned(),
        x: Axis::new(
            "step $t$",
            AxisScale::Linear,
            [first as f64 - 1.0, (first + rows) as f64],
        ),
        y: Axis::new(
            "",
            AxisScale::Linear,
            [0.0, if most > 0.0 { 1.15 * most } else { 1.0 }],
        ),
        is_equal: false,
        has_axes: true,
        layers: vec![Layer::Bars(Bars {
            edges: edges.collect(),
            heights: weights,
            colour: subject.style.colour,
        })],
        foot: None,
    })
}
