//! Methods on the toy coreset as the app runs them: through trait objects, with every call counted.

use std::sync::Arc;

use bilevel::method::{self, MethodState, Start, StepDiagnostics};
use bilevel::numerics::WorkToken;
use bilevel::problem::{self, Counts, Oracle, Problem, Settings};
use bilevel::run::{Recording, RunSpec, StopRules};

/// The toy coreset.
pub(crate) fn coreset() -> Arc<dyn Problem> {
    let entry = problem::find("coreset").expect("the coreset ships");
    (entry.build)(&Settings::new(entry.parameters))
}

/// A run of a method with its default settings from the published start; every row is recorded.
pub(crate) fn spec(method: &str, iterations: u64) -> RunSpec {
    let problem = coreset();
    let method = method::find(method).expect("the method ships");
    RunSpec {
        method,
        settings: Settings::new(method.parameters),
        earlier: Arc::default(),
        start: problem.metadata().start.clone(),
        start_number: 0,
        seed: 0,
        iterations,
        stop: StopRules::default(),
        recording: Recording::default_for(problem.metadata().shape().total()),
        diverge_at: Some(1e6),
        problem,
    }
}

/// A method without a recorder.
pub(crate) struct Unrecorded {
    problem: Arc<dyn Problem>,
    state: Box<dyn MethodState>,
    counts: Counts,
    token: WorkToken,
}

impl Unrecorded {
    /// Starts the method at the published start.
    pub(crate) fn new(method: &str) -> Self {
        let spec = spec(method, u64::MAX);
        let state = (spec.method.build)(&spec.settings).start(&Start {
            point: &spec.start,
            seed: spec.seed,
            number: spec.start_number,
        });
        Self {
            problem: spec.problem,
            state,
            counts: Counts::default(),
            token: WorkToken::default(),
        }
    }

    /// Performs an outer iteration.
    pub(crate) fn step(&mut self) {
        let mut oracle = Oracle::new(&*self.problem, &mut self.counts, &self.token);
        self.state
            .step(&mut oracle, &mut StepDiagnostics::ignored())
            .expect("nothing stops a method on the coreset");
    }

    /// The values of all variables.
    pub(crate) fn values(&self) -> &[f64] {
        self.state.point().values()
    }
}
