//! A typed problem as methods see it: values over any scalar, gradients by one reverse sweep.

use std::sync::Arc;

use super::view::metadata;
use crate::formula::Model;
use crate::formula::{FeatureTerm, PoleTerm, Program};
use crate::numerics::{Blocks, Feature, Levels, Point, Scalar};
use crate::problem::{Class, Differentiated, Metadata, Objectives, ProblemInfo};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "formula",
    name: "Your own formulas",
    class: Class::Own,
    summary: "A problem of two levels and more whose objectives are typed, with constants that have sliders.",
    source: "typed formulas",
    references: &[],
    look_for: "Your own problem: minima are found numerically, within the leader's bounds or the plotted range.",
    // the constants of the model take the place of parameters, see `Settings::model`
    parameters: &[],
    text: None,
    build: |settings| {
        let model = settings.model().unwrap_or_else(|| Model::starter());
        Arc::new(Differentiated::new(Typed::new(model)))
    },
};

/// All objectives with their metadata.
#[derive(Clone, Debug)]
struct Typed {
    /// The model, used only to explain undefined values.
    model: Model,
    programs: Arc<[Program]>,
    /// The terms of each objective at whose zeros it may have a pole.
    pole_terms: Arc<[Vec<PoleTerm>]>,
    /// The terms with which each objective turns.
    feature_terms: Arc<[Vec<FeatureTerm>]>,
    metadata: Arc<Metadata>,
    is_min_max: bool,
}

impl Typed {
    fn new(model: &Model) -> Self {
        let objectives = model.programs();
        let programs: Arc<[Program]> = objectives.iter().map(|one| one.value.clone()).collect();
        let has_kinks = programs.iter().any(Program::has_kinks);
        let metadata = metadata(model, has_kinks);
        let is_min_max = is_min_max(&programs, &metadata);
        Self {
            model: model.clone(),
            programs,
            pole_terms: objectives
                .iter()
                .map(|one| one.pole_terms.clone())
                .collect(),
            feature_terms: objectives
                .into_iter()
                .map(|one| one.feature_terms)
                .collect(),
            metadata: Arc::new(metadata),
            is_min_max,
        }
    }
}

impl Objectives for Typed {
    fn metadata(&self) -> Metadata {
        Metadata::clone(&self.metadata)
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        self.programs[level - 1].value(at.values())
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        self.programs[level - 1].gradient(at, wrt, out);
        true
    }

    fn again(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn is_min_max(&self) -> bool {
        self.is_min_max
    }

    fn may_jump(&self) -> bool {
        self.programs.iter().any(Program::may_jump)
    }

    fn pole_terms(&self, level: usize, at: &Point) -> Vec<f64> {
        let terms = self.pole_terms[level - 1].iter();
        terms.map(|term| term.value(at.values())).collect()
    }

    fn features(&self, level: usize, at: &Point) -> Vec<Feature> {
        let terms = self.feature_terms[level - 1].iter();
        terms.map(|term| term.value(at.values())).collect()
    }

    fn may_be_undefined(&self) -> bool {
        self.programs.iter().any(Program::is_partial)
    }

    fn data_summary(&self) -> Option<String> {
        self.model.data_summary().map(ToOwned::to_owned)
    }

    fn undefined(&self, level: usize, at: &Point, order: usize) -> Option<String> {
        self.model.undefined(level, at, order)
    }
}

/// The number of points at which f₂ = −f₁ is tested.
const POINTS: usize = 16;

/// True if f₁ + f₂ = 0 exactly at all test points, however the formulas write the sign.
fn is_min_max(programs: &[Program], metadata: &Metadata) -> bool {
    let [leader, follower] = programs else {
        return false;
    };
    let start = metadata.start.values();
    (0..POINTS).all(|number| {
        let values: Vec<f64> = start
            .iter()
            .enumerate()
            .map(|(place, value)| {
                // fractional parts of multiples of an irrational number
                let share = ((number * 7 + place * 3 + 1) as f64 * 0.754_877_666).fract();
                value + 2.0 * share - 1.0
            })
            .collect();
        let sum: f64 = leader.value(&values) + follower.value(&values);
        sum == 0.0
    })
}
