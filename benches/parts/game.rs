//! Methods on the Stackelberg game as the app runs them: through trait objects, with every call counted, each run from
//! the start of the presets. Whole runs are timed, not single steps: near the optimum a step is cheaper, because little
//! is left to solve.

use std::sync::Arc;

use bilevel::method::{self, Method, Start, StepDiagnostics};
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{self, Counts, Oracle, ParameterValue, Problem, Settings};

/// A method with its settings on the game.
#[derive(Debug)]
pub(crate) struct Game {
    problem: Arc<dyn Problem>,
    method: Box<dyn Method>,
}

impl Game {
    /// The method with these settings on the game with `players` players; the outer step size is 0.5.
    pub(crate) fn new(
        players: usize,
        demand: &str,
        method: &str,
        settings: &[(&str, f64)],
    ) -> Self {
        let entry = problem::find("stackelberg").expect("the game ships");
        let mut of_problem = Settings::new(entry.parameters);
        let players = ParameterValue::Number(players as f64);
        let demand = ParameterValue::Choice(demand.to_owned());
        for (name, value) in [("players", players), ("demand", demand)] {
            of_problem.set(name, value).expect("the game has it");
        }
        let method = method::find(method).expect("the method ships");
        let mut of_method = Settings::new(method.parameters);
        for (name, value) in settings.iter().chain(&[("outer_step_size", 0.5)]) {
            let value = ParameterValue::Number(*value);
            of_method.set(name, value).expect("the method has it");
        }
        Self {
            problem: (entry.build)(&of_problem),
            method: (method.build)(&of_method),
        }
    }

    /// Performs a number of outer iterations from the start; returns the point and the calls.
    pub(crate) fn run(&self, iterations: u32) -> (Point, Counts) {
        let (mut counts, token) = (Counts::default(), WorkToken::default());
        let mut state = self.method.start(&Start {
            point: &self.problem.metadata().start,
            seed: 0,
            number: 0,
        });
        let mut oracle = Oracle::new(&*self.problem, &mut counts, &token);
        for _ in 0..iterations {
            state
                .step(&mut oracle, &mut StepDiagnostics::ignored())
                .expect("nothing stops a method near this start");
        }
        (state.point().clone(), counts)
    }
}
