//! Description of a method, for lists, cards and checks before a run.

use super::Method;
use super::assembly::{self, Operation, Replay};
use super::diagnostics::StepDiagnostics;
use super::keys;
use crate::messages;
use crate::numerics::{Bounds, Point};
use crate::problem::{Curvature, Metadata, Parameter, Problem, Reference, Settings};

/// Description of a method for lists and cards, and its constructor.
#[derive(Clone, Copy, Debug)]
pub struct MethodInfo {
    /// The id in files, kebab-case.
    pub id: &'static str,
    /// The name in the window.
    pub name: &'static str,
    /// The idea, in one sentence.
    pub summary: &'static str,
    /// The update rule as maths, a line each.
    pub rule: &'static [&'static str],
    /// The source, in words.
    pub source: &'static str,
    /// The source as references; empty if nothing is published.
    pub references: &'static [Reference],
    /// Its calls per outer step.
    pub cost: &'static [StepCost],
    /// Its assumptions, in a sentence.
    pub assumes: &'static str,
    /// The assumptions that the window can check before a run.
    pub needs: Requirements,
    /// True if the levels move by parts of one joint step. The part of level 1 alone is then no estimate of the
    /// hypergradient: the response of the lower levels is in the other parts.
    pub joint_step: bool,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// The operations that make the new point from the terms of a step; empty if they are not declared.
    pub assembly: &'static [Operation],
    /// Creates the method from checked settings.
    pub build: fn(&Settings) -> Box<dyn Method>,
}

/// Calls per outer step, as maths in T (inner steps), K (linear steps), m (variables of the leader) and p (of the
/// follower).
#[derive(Clone, Copy, Debug)]
pub struct StepCost {
    /// The kind of call and the objective: maths such as `∇g`, or words.
    pub call: &'static str,
    /// The number of calls, as maths.
    pub count: &'static str,
}

/// Requirements of a method on a problem.
#[derive(Clone, Copy, Debug)]
pub struct Requirements {
    /// True if it works for two levels only.
    pub two_levels: bool,
    /// Need of an invertible lower Hessian.
    pub inverse: Inverse,
    /// True if the end point is meaningful only where the lower-level solution is unique.
    pub unique_answer: bool,
    /// True if the leader's direction is right only for g = −f, because it leaves out the follower's response.
    pub min_max: bool,
    /// The most variables of a lower level, if the method forms and factorizes its Hessian.
    pub most_variables: Option<usize>,
}

/// The most variables of a Hessian that is factorized in every step.
pub(super) const MOST_FACTORISED: usize = 1000;

/// The most numbers that a step may hold besides some points: 200 MB for each run at work.
pub(super) const MOST_HELD: u64 = 25_000_000;

/// Inversion of the lower Hessian by a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inverse {
    /// No inversion.
    Never,
    /// At an approximate solution, regardless of bounds.
    Everywhere,
    /// At an exact solution, over the variables that no bound holds.
    OffTheBounds,
}

impl MethodInfo {
    /// A method without words, parameters or needs, to be filled in: `MethodInfo { name: "Mine",
    /// ..MethodInfo::new("mine", build) }`.
    pub const fn new(id: &'static str, build: fn(&Settings) -> Box<dyn Method>) -> Self {
        Self {
            id,
            name: id,
            summary: "",
            rule: &[],
            source: "",
            references: &[],
            cost: &[],
            assumes: "",
            needs: Requirements {
                two_levels: true,
                inverse: Inverse::Never,
                unique_answer: false,
                min_max: false,
                most_variables: None,
            },
            joint_step: false,
            parameters: &[],
            assembly: &[],
            build,
        }
    }

    /// Repeats a step by the declared operations, from the point before it, the quantities that it reported and the
    /// bounds of the problem. `None` if the method declares no operations, or the quantities are not those of a step
    /// from this point.
    pub fn replay(
        &self,
        before: &Point,
        terms: &StepDiagnostics,
        bounds: &Bounds,
    ) -> Option<Replay> {
        assembly::replay(self.assembly, before, terms.all(), bounds)
    }

    /// True if runs may differ by their seed: the method declares a parameter of noise, batches or random steps.
    pub fn has_chance(&self) -> bool {
        let random = [
            keys::GRADIENT_NOISE.name(),
            keys::BATCH_SIZE.name(),
            keys::SIGMA0.name(),
        ];
        self.parameters.iter().any(|one| random.contains(&one.name))
    }

    /// The reason for which this method cannot run on the problem, if there is one.
    pub fn refusal(&self, metadata: &Metadata) -> Option<String> {
        let shape = metadata.shape();
        let levels = shape.levels();
        if self.needs.two_levels && levels != 2 {
            return Some(messages::settings::only_two_levels(self.name, levels));
        }
        let largest = (2..=levels).map(|level| shape.size(level)).max()?;
        let is_too_large = self.needs.most_variables.is_some_and(|most| largest > most);
        is_too_large.then(|| messages::settings::hessian_too_large(self.name, largest))
    }

    /// The reason for which this method cannot run with these settings, which hold a value for each lower level or one for all.
    pub fn refusal_of(&self, settings: &Settings, metadata: &Metadata) -> Option<String> {
        let held = (self.build)(settings).held_numbers(metadata.shape());
        (held > MOST_HELD).then(|| messages::settings::tape_too_long(self.name, held, MOST_HELD))
    }

    /// The reason for which the inner step size must diverge on the problem, in a sentence: if the follower's curvature
    /// is known to be at most L everywhere, gradient steps with inner momentum β diverge beyond 2 (1 + β) / L along its
    /// steepest direction.
    pub fn too_long(&self, settings: &Settings, metadata: &Metadata) -> Option<String> {
        let steepest = metadata.lower_level.steepest?;
        let declares = |name: &str| self.parameters.iter().any(|one| one.name == name);
        if !declares("inner_step_size") {
            return None;
        }
        let momentum = if declares("inner_momentum") {
            settings.get(keys::INNER_MOMENTUM)
        } else {
            0.0
        };
        let longest = 2.0 * (1.0 + momentum) / steepest;
        (settings.get(keys::INNER_STEP_SIZE) > longest)
            .then(|| messages::settings::inner_step_diverges(longest, steepest))
    }

    /// True if the method cannot run on the problem, or stops at once for lack of curvature.
    pub fn is_hopeless(&self, problem: &dyn Problem) -> bool {
        let curvature = problem.metadata().lower_level.curvature;
        self.refusal(problem.metadata()).is_some()
            || (curvature, self.needs.inverse) == (Curvature::Linear, Inverse::Everywhere)
    }

    /// The reason for which this method will not work well on the problem, or its end point is not meaningful, in a
    /// sentence.
    pub fn warning(&self, problem: &dyn Problem) -> Option<String> {
        let metadata = problem.metadata();
        if let Some(refusal) = self.refusal(metadata) {
            return Some(refusal);
        }
        let sentence = match (metadata.lower_level.curvature, self.needs.inverse) {
            _ if self.needs.min_max && !problem.is_min_max() => messages::settings::only_min_max(),
            (Curvature::Linear, Inverse::Everywhere) => {
                messages::settings::fails_for_zero_hessian()
            }
            (Curvature::Linear, Inverse::OffTheBounds) => {
                messages::settings::fails_off_the_bounds()
            }
            (Curvature::Flat, Inverse::Everywhere | Inverse::OffTheBounds) => {
                messages::settings::fails_for_singular_hessian()
            }
            (Curvature::Flat, Inverse::Never) if self.needs.unique_answer => {
                messages::settings::may_converge_short_of_optimum()
            }
            (Curvature::NonConvex | Curvature::Unimodal, Inverse::Everywhere) => {
                messages::settings::may_fail()
            }
            (Curvature::NonConvex, Inverse::OffTheBounds) => {
                messages::settings::tracks_one_local_solution()
            }
            _ => return None,
        };
        Some(sentence.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::METHODS;
    use crate::problem::{PROBLEMS, ParameterValue, Reference, Settings};

    /// All citations, with the words that stand for them in lists.
    fn cited() -> impl Iterator<Item = (&'static str, &'static Reference)> {
        let methods = METHODS.iter().map(|entry| (entry.source, entry.references));
        let problems = PROBLEMS
            .iter()
            .map(|entry| (entry.source, entry.references));
        methods.chain(problems).flat_map(|(source, references)| {
            references.iter().map(move |reference| (source, reference))
        })
    }

    #[test]
    fn a_step_that_must_diverge_is_known_beforehand() {
        let coreset = crate::problem::find("coreset").unwrap();
        let problem = (coreset.build)(&Settings::new(coreset.parameters));
        let itd = super::super::find("itd").unwrap();
        let mut settings = Settings::new(itd.parameters);
        for (step, momentum, is_too_long) in [
            (0.9, 0.0, false),
            (1.01, 0.0, true),
            (1.4, 0.5, false),
            (1.6, 0.5, true),
        ] {
            settings
                .set("inner_step_size", ParameterValue::Number(step))
                .unwrap();
            settings
                .set("inner_momentum", ParameterValue::Number(momentum))
                .unwrap();
            let warning = itd.too_long(&settings, problem.metadata());
            assert_eq!(warning.is_some(), is_too_long, "{step} {momentum}");
            // the follower's own steps on g = ‖θ − m‖² from a distance of 1 confirm the bound
            let (mut distance, mut speed) = (1.0_f64, 0.0_f64);
            for _ in 0..400 {
                speed = momentum * speed + 2.0 * distance;
                distance -= step * speed;
            }
            assert_eq!(
                distance.abs() > 1.0,
                is_too_long,
                "{step} {momentum}: {distance}"
            );
        }
    }

    #[test]
    fn every_bibtex_entry_is_well_formed_and_its_key_is_its_own() {
        let mut by_key: HashMap<&str, &Reference> = HashMap::new();
        for (_, reference) in cited() {
            let entry = reference.bibtex();
            let mut depth = 0_i32;
            for character in entry.chars() {
                depth += match character {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                assert!(depth >= 0, "{entry}");
            }
            assert_eq!(depth, 0, "{entry}");
            assert!(!entry.contains("{}"), "an empty field: {entry}");
            assert!(!entry.contains(['&', '%', '#', '$', '_']), "{entry}");
            let key = reference.key;
            assert!(
                !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric()),
                "{key}"
            );
            let same = by_key
                .insert(key, reference)
                .is_none_or(|it| it == reference);
            assert!(same, "{key} stands for two texts");
        }
    }

    #[test]
    fn what_lists_say_of_a_source_agrees_with_what_is_cited() {
        for (source, reference) in cited() {
            let (author, year) = (reference.first_author(), reference.year.to_string());
            assert!(
                source.contains(author) && source.contains(&year),
                "{source} does not name {author} {year}"
            );
            assert!(reference.key.contains(&year), "{}", reference.key);
        }
    }
}
