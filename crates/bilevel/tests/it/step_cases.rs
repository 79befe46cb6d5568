//! Methods with problems and settings on which their steps are examined one by one.

use std::sync::Arc;

use bilevel::method::{self, MethodInfo, MethodState, Start, StepDiagnostics};
use bilevel::numerics::{Blocks, Bounds, Point, Scalar, Shape, WorkToken};
use bilevel::problem::{
    Counts, Differentiated, Metadata, Objectives, Oracle, ParameterValue, Problem, Settings,
};

/// A follower with third derivatives and coupled variables, and boxes on both levels that become active.
#[derive(Debug)]
pub(crate) struct Boxed;

impl Objectives for Boxed {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[2, 3]);
        let start = Point::from_blocks(&[vec![0.4, -0.3], vec![0.1, 0.2, -0.1]]);
        Metadata {
            bounds: Bounds::none(shape).with(1, -0.5, 0.45).with(2, -0.25, 0.6),
            ..Metadata::new(start)
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (&at[1], &at[2]);
        if level == 1 {
            x[0].sin() * y[0] + (y[1] - 0.3).square() + x[1] * y[2] - x[0] * x[1].cos()
        } else {
            let drift = y[0] - x[0] * x[1];
            drift.square() * (x[0].square() + 1.0) * 0.5
                + (y[1] - x[0] * 0.5).cosh()
                + (y[2] + x[1]).exp() * 0.4
                + y[2].square()
                + y[0] * y[1] * 0.2
                + y[1] * y[2] * 0.3
        }
    }
}

/// Values of parameters by name.
pub(crate) type Given = &'static [(&'static str, Value)];

/// The value of a parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    Number(f64),
    Word(&'static str),
}
use Value::{Number, Word};

/// A method on a problem with settings.
#[derive(Clone, Debug)]
pub(crate) struct StepCase {
    pub(crate) method: &'static MethodInfo,
    pub(crate) problem: Arc<dyn Problem>,
    pub(crate) settings: Settings,
    pub(crate) name: String,
}

impl StepCase {
    fn new(method: &str, problem: &str, given: Given) -> Self {
        let entry = method::find(method).expect("the method is in the list");
        let mut settings = Settings::new(entry.parameters);
        for (name, value) in given {
            let value = match *value {
                Number(number) => ParameterValue::Number(number),
                Word(word) => ParameterValue::Choice(word.to_owned()),
            };
            settings.set(name, value).expect("a valid value");
        }
        let instance: Arc<dyn Problem> = if problem == "boxed" {
            Arc::new(Differentiated::new(Boxed))
        } else {
            let entry = bilevel::problem::find(problem).expect("the problem is in the catalogue");
            entry.instance()
        };
        Self {
            method: entry,
            problem: instance,
            settings,
            name: format!("{method} on {problem} with {given:?}"),
        }
    }

    /// The state before the first step.
    pub(crate) fn start(&self) -> Box<dyn MethodState> {
        let start = Start {
            point: &self.problem.metadata().start,
            seed: 3,
            number: 1,
        };
        (self.method.build)(&self.settings).start(&start)
    }

    /// Performs a step and adds its calls to `counts`.
    ///
    /// # Panics
    /// If the step fails.
    pub(crate) fn step(
        &self,
        state: &mut dyn MethodState,
        counts: &mut Counts,
        terms: &mut StepDiagnostics,
    ) {
        let token = WorkToken::default();
        let mut oracle = Oracle::new(&*self.problem, counts, &token);
        let ended = state.step(&mut oracle, terms);
        assert!(ended.is_ok(), "{}: {ended:?}", self.name);
    }
}

/// The cases of a method: its variants on each of its problems.
///
/// # Panics
/// If the method has no cases.
pub(crate) fn cases(method: &'static str) -> Vec<StepCase> {
    let (problems, variants) = PROBLEMS_AND_VARIANTS
        .iter()
        .find(|(methods, _, _)| methods.contains(&method))
        .map(|(_, problems, variants)| (problems, variants))
        .expect("every method has cases");
    let mut cases = Vec::new();
    for problem in *problems {
        cases.extend(
            variants
                .iter()
                .map(|given| StepCase::new(method, problem, given)),
        );
    }
    cases
}

type Row = (
    &'static [&'static str],
    &'static [&'static str],
    &'static [Given],
);

/// Methods, their problems, and their settings.
const PROBLEMS_AND_VARIANTS: &[Row] = &[
    (
        &["bome"],
        &["coreset", "boxed", "minimax", "quadratic"],
        &[
            &[],
            &[("momentum", Number(0.9)), ("inner_steps", Number(3.0))],
            &[("barrier", Word("gap")), ("eta", Number(0.9))],
            &[("epsilon", Number(0.0)), ("outer_step_size", Number(0.3))],
        ],
    ),
    (
        &["aid-cg", "aid-fp"],
        &["coreset", "boxed", "quadratic"],
        &[
            &[],
            &[("momentum", Number(0.9)), ("outer_step_size", Number(0.2))],
            &[
                ("inner_momentum", Number(0.5)),
                ("linear_steps", Number(2.0)),
            ],
            &[("projection", Word("ignored"))],
        ],
    ),
    (
        &["itd"],
        &["coreset", "boxed", "stackelberg"],
        &[
            &[("inner_steps", Number(4.0))],
            &[
                ("inner_steps", Number(3.0)),
                ("momentum", Number(0.9)),
                ("inner_momentum", Number(0.5)),
            ],
            &[
                ("inner_steps", Number(4.0)),
                ("mode", Word("forward")),
                ("inner_start", Word("warm")),
            ],
            &[
                ("inner_steps", Number(4.0)),
                ("mode", Word("reverse")),
                ("inner_start", Word("fixed")),
                ("truncation", Number(2.0)),
            ],
            &[
                ("inner_steps", Number(4.0)),
                ("mode", Word("reverse")),
                ("inner_start", Word("warm")),
                ("projection", Word("ignored")),
            ],
        ],
    ),
    (
        &["gda"],
        &["minimax", "boxed", "quadratic"],
        &[&[], &[("outer_step_size", Number(0.4))]],
    ),
    (
        &["ogda"],
        &["minimax", "boxed", "quadratic"],
        &[&[], &[("reference", Word("published"))]],
    ),
    (
        &["alternating", "bsg1"],
        &["coreset", "boxed", "quadratic"],
        &[
            &[],
            &[
                ("momentum", Number(0.9)),
                ("inner_momentum", Number(0.5)),
                ("outer_step_size", Number(0.02)),
            ],
        ],
    ),
    (
        &["v-pbgd"],
        &["coreset", "boxed", "quadratic"],
        &[
            &[],
            &[("momentum", Number(0.5))],
            &[
                ("inner_start", Word("warm")),
                ("first_gap_penalty", Number(0.0)),
                ("penalty_ramp", Number(10.0)),
            ],
        ],
    ),
    (
        &["implicit", "chain-rule"],
        &["coreset", "boxed", "stackelberg"],
        &[&[], &[("momentum", Number(0.9))]],
    ),
    (
        &["evolution"],
        &["coreset", "boxed", "stackelberg"],
        &[&[], &[("sigma0", Number(0.1))]],
    ),
    (
        &["finite-difference"],
        &["coreset", "boxed", "stackelberg"],
        &[
            &[("inner_steps", Number(3.0))],
            &[
                ("inner_steps", Number(3.0)),
                ("difference", Word("central")),
                ("momentum", Number(0.9)),
            ],
            &[
                ("inner_steps", Number(2.0)),
                ("inner_start", Word("warm")),
                ("innermost", Word("difference")),
            ],
        ],
    ),
    (
        &["bvfsm"],
        &["coreset", "boxed", "quadratic"],
        &[
            &[],
            &[("reference", Word("published")), ("momentum", Number(0.9))],
            &[("decay", Word("horizon")), ("horizon", Number(100.0))],
        ],
    ),
    (
        &["penalty"],
        &["coreset", "boxed", "quadratic"],
        &[
            &[("inner_steps", Number(3.0))],
            &[
                ("inner_steps", Number(3.0)),
                ("tolerance", Number(100.0)),
                ("momentum", Number(0.9)),
            ],
            &[("scaling", Word("mean")), ("tolerance", Number(0.5))],
        ],
    ),
    (
        &["stocbio"],
        &["coreset", "boxed", "quadratic"],
        &[
            &[("inner_steps", Number(3.0))],
            &[
                ("gradient_noise", Number(0.3)),
                ("batch_size", Number(2.0)),
                ("momentum", Number(0.5)),
            ],
            &[
                ("reference", Word("published")),
                ("gradient_noise", Number(0.1)),
            ],
            &[("projection", Word("ignored"))],
        ],
    ),
    (
        &["mrbo", "vrbo"],
        &["coreset", "boxed", "quadratic"],
        &[
            &[],
            &[
                ("gradient_noise", Number(0.3)),
                ("batch_size", Number(2.0)),
                ("momentum", Number(0.5)),
            ],
            &[
                ("projection", Word("ignored")),
                ("neumann_steps", Number(2.0)),
            ],
        ],
    ),
];
