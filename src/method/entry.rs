//! What a method says of itself: for lists, cards and checks beforehand.

use super::Method;
use crate::problem::{Curvature, Facts, Parameter, Settings};

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
