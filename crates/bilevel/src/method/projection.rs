//! Derivatives of the projection onto the box: a coordinate that it cuts off passes none.
//!
//! ```text
//! y⁺ = P(y − α d):   ∂y⁺_i = ∂(y_i − α d_i)   where y_i − α d_i lies in the box, its edges included
//!                    ∂y⁺_i = 0                where it lies strictly outside
//! ```
//!
//! Methods that differentiate their steps leave out such coordinates step by step. Those that differentiate the
//! follower's optimality condition solve it over the coordinates that are free by the same test at the last y; at an
//! exact answer these are the ones that no bound holds.
//! Cost: if level 2 has a box, the test may take one more gradient of g at the last y.

use super::diagnostics::{StepDiagnostics, TermInfo};
use super::entry::StepCost;
use super::keys;
use super::terms::flags;
use crate::numerics::{Bounds, Levels, Point};
use crate::problem::{DefaultValue, Oracle, Parameter, ParameterChoice, ParameterKind, Settings};

/// Treatment of the box in derivatives.
pub(super) const PROJECTION: Parameter = Parameter {
    name: keys::PROJECTION.name(),
    label: "box in derivatives",
    symbol: "P",
    kind: ParameterKind::Choice(&[
        ParameterChoice {
            name: "exact",
            label: "",
            meaning: "a follower's coordinate that the box clips passes no derivative",
        },
        ParameterChoice {
            name: "ignored",
            label: "",
            meaning: "derivatives pass as if there were no box, as in published code",
        },
    ]),
    default: DefaultValue::Choice("exact"),
    meaning: "Treatment of the follower's box in derivatives.",
};

/// Calls of the test at the last y, for methods that do not know the slope there.
pub(super) const COST: StepCost = StepCost {
    call: "gradients of g more where $y$ has a box",
    count: "1",
};

/// True if the settings ask for derivatives that respect the box.
pub(super) fn is_exact(settings: &Settings) -> bool {
    settings.is(keys::PROJECTION, "exact")
}

/// The coordinates of level 2 that the box cuts off.
#[derive(Clone, Debug)]
pub(super) struct ActiveBounds {
    is_exact: bool,
    /// α of the test.
    step_size: f64,
    /// Gradient of the test; created when first needed.
    gradient: Option<Point>,
    /// Flags of the coordinates that are cut off; empty before the first test.
    marks: Vec<bool>,
    /// True if any coordinate is cut off; spares most steps the work.
    is_any: bool,
}

impl ActiveBounds {
    /// Creates an empty set; reads `projection` and `inner_step_size`.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            is_exact: is_exact(settings),
            step_size: settings.get_at(keys::INNER_STEP_SIZE, 2),
            gradient: None,
            marks: Vec::new(),
            is_any: false,
        }
    }

    /// True if derivatives respect the box and level 2 has one.
    pub(super) fn applies(&self, bounds: &Bounds) -> bool {
        self.is_exact && bounds.is_bounded(2)
    }

    /// Marks the coordinates that the box cuts off the next gradient step; costs a gradient of g if level 2 has a box.
    pub(super) fn look(&mut self, oracle: &mut Oracle<'_>, at: &Point) {
        let bounds = oracle.bounds();
        if self.applies(bounds) {
            let gradient = &mut self.gradient;
            let gradient = gradient.get_or_insert_with(|| Point::zeros(at.shape()));
            oracle.grad(2, at, Levels::only(2), gradient);
            let slope = &gradient[2];
            self.is_any = mark(&mut self.marks, bounds, &at[2], slope, self.step_size);
        }
    }

    /// Marks the coordinates that the box cuts off a step along a known slope.
    pub(super) fn mark(&mut self, bounds: &Bounds, at: &Point, slope: &[f64]) {
        if self.applies(bounds) {
            self.is_any = mark(&mut self.marks, bounds, &at[2], slope, self.step_size);
        }
    }

    /// Records the flags of the coordinates, if any is cut off.
    pub(super) fn report(&self, terms: &mut StepDiagnostics, info: &'static TermInfo) {
        if terms.is_enabled() && self.is_any {
            flags(terms, info, &self.marks);
        }
    }

    /// Sets the coordinates of a vector that are cut off to 0.
    #[inline]
    pub(super) fn clear(&self, vector: &mut [f64]) {
        if self.is_any {
            clear(&self.marks, vector);
        }
    }
}

/// Marks the coordinates of level 2 in which a step ends strictly outside of the box; returns true if there are any.
fn mark(marks: &mut Vec<bool>, bounds: &Bounds, at: &[f64], slope: &[f64], step_size: f64) -> bool {
    marks.clear();
    let places = at.iter().zip(slope).zip(bounds.limits(2));
    marks.extend(places.map(|((y, slope), limits)| is_outside(y - step_size * slope, *limits)));
    marks.contains(&true)
}

/// True if a value lies strictly outside of its limits; false for NaN.
#[inline]
pub(super) fn is_outside(value: f64, [low, high]: [f64; 2]) -> bool {
    value < low || value > high
}

/// Sets the marked coordinates of a vector to 0.
pub(super) fn clear(is_cut: &[bool], vector: &mut [f64]) {
    for (value, is_cut) in vector.iter_mut().zip(is_cut) {
        if *is_cut {
            *value = 0.0;
        }
    }
}
