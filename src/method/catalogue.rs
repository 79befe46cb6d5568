//! The methods that ship: one line each, and what each says of itself.

use super::{Method, aid_cg, bome, bsg1, itd};
use crate::problem::{Curvature, Facts, Parameter, Settings};

/// Every method, in the order of lists and menus.
pub const METHODS: &[Entry] = &[bome::ENTRY, itd::ENTRY, aid_cg::ENTRY, bsg1::ENTRY];

/// A method as lists and cards show it, and how to set it up.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The word in files, kebab-case.
    pub id: &'static str,
    /// The name in the window.
    pub name: &'static str,
    /// One sentence: the idea.
    pub summary: &'static str,
    /// The update rule as maths, a line each.
    pub rule: &'static [&'static str],
    /// Where it comes from.
    pub source: &'static str,
    /// Its calls per outer step.
    pub cost: &'static [Cost],
    /// What it assumes, in a sentence.
    pub assumes: &'static str,
    /// The same in terms that the window can check beforehand.
    pub needs: Needs,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Sets it up from checked settings.
    pub build: fn(&Settings) -> Box<dyn Method>,
}

/// Calls per outer step, as maths in T (inner steps) and K (linear steps).
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// The kind of call and the objective, such as `∇g`.
    pub call: &'static str,
    /// How many, as maths.
    pub count: &'static str,
}

/// What a pairing with a problem depends on.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// Whether it works for two levels only.
    pub two_levels: bool,
    /// Whether the lower Hessian must be invertible.
    pub invertible: bool,
    /// Whether the lower level's answer must be unique for the end point to mean what it says.
    pub unique_answer: bool,
}

impl Entry {
    /// Why this method cannot be run on the problem at all.
    pub fn refusal(&self, facts: &Facts) -> Option<String> {
        let levels = facts.shape().levels();
        (self.needs.two_levels && levels != 2).then(|| {
            format!(
                "{} is for two levels, and this problem has {levels}",
                self.name
            )
        })
    }

    /// Why this method will not work well on the problem, in a sentence.
    pub fn warning(&self, facts: &Facts) -> Option<String> {
        if let Some(refusal) = self.refusal(facts) {
            return Some(refusal);
        }
        match facts.lower_level.curvature {
            Curvature::Linear if self.needs.invertible => {
                Some("cannot work here: the follower has no curvature to invert".to_owned())
            }
            Curvature::Flat if self.needs.invertible => {
                Some("will stop here: the follower's Hessian is singular".to_owned())
            }
            Curvature::Flat if self.needs.unique_answer => Some(
                "may rest short of the optimum: the follower's answer is not unique".to_owned(),
            ),
            Curvature::NonConvex if self.needs.invertible => Some(
                "may stop: the follower's Hessian is not positive definite everywhere".to_owned(),
            ),
            _ => None,
        }
    }
}

/// The method with the given id.
pub fn find(id: &str) -> Option<&'static Entry> {
    METHODS.iter().find(|entry| entry.id == id)
}

/// Parameters that several methods share, worded once.
pub(super) mod shared {
    use crate::problem::{Default, Kind, Parameter};

    /// The step of level 1.
    pub(crate) const OUTER_STEP_SIZE: Parameter = Parameter {
        name: "outer_step_size",
        label: "outer step",
        symbol: "ξ",
        kind: STEP,
        default: Default::Number(0.05),
        meaning: "The step size of the leader's variables.",
    };

    /// T.
    pub(crate) const INNER_STEPS: Parameter = Parameter {
        name: "inner_steps",
        label: "inner steps",
        symbol: "T",
        kind: Kind::Integer {
            min: 0,
            max: 1_000_000,
            slider: [1.0, 100.0],
            per_level: true,
        },
        default: Default::Number(10.0),
        meaning: "How many gradient steps the follower takes per outer iteration.",
    };

    /// α.
    pub(crate) const INNER_STEP_SIZE: Parameter = Parameter {
        name: "inner_step_size",
        label: "inner step",
        symbol: "α",
        kind: Kind::Number {
            min: 0.0,
            max: 1e12,
            slider: [1e-3, 1.0],
            per_level: true,
        },
        default: Default::Number(0.05),
        meaning: "The step size of the follower's own gradient steps.",
    };

    /// Any step size.
    pub(crate) const STEP: Kind = Kind::Number {
        min: 0.0,
        max: 1e12,
        slider: [1e-3, 1.0],
        per_level: false,
    };

    /// A small number that keeps a quotient finite.
    pub(crate) const fn epsilon(default: f64, meaning: &'static str) -> Parameter {
        Parameter {
            name: "epsilon",
            label: "epsilon",
            symbol: "ε",
            kind: Kind::Number {
                min: 0.0,
                max: 1e12,
                slider: [1e-12, 1.0],
                per_level: false,
            },
            default: Default::Number(default),
            meaning,
        }
    }
}
