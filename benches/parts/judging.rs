//! The referee's work on finished runs: minima of the problem, the gap of every row, and a verdict for every run.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::referee::ColumnCache;
use bilevel::run::Run;
use bilevel::study::{FinalState, KnownMinima, judge_all};
use bilevel_files::Experiment;
use bilevel_lab::embedded::open;

use crate::in_turn::processor_seconds;

/// The allowed time: seconds per problem, and seconds per second of the methods.
const ALLOWED: [f64; 2] = [0.15, 2.0];

/// A typed problem with one variable per level, twelve starts and 3,000 rows a run.
const TYPED: &str = r#"
title = "Judged"
iterations = 3000
starts = [[[-2.9], [0]], [[-2.4], [1]], [[-1.9], [2]], [[-1.3], [-1]], [[-0.8], [-2]], [[-0.2], [3]], [[0.3], [-3]], [[0.9], [4]], [[1.4], [0]], [[1.9], [-4]], [[2.3], [1]], [[2.8], [2]]]

[problem]
id = "formula"

[[problem.level]]
variables = ["x"]
objective = "(x-1)^2 + sin(3*y)/2 + y^2/10"
bounds = [[-3, 3]]

[[problem.level]]
variables = ["y"]
objective = "(y-x)^2/2 + cos(2*y)/3"
bounds = [[-6, 6]]

[[method]]
id = "itd"
"#;

/// Times of one experiment, in seconds of one processor.
pub(crate) struct Findings {
    pub(crate) name: &'static str,
    pub(crate) methods: f64,
    pub(crate) judging: f64,
}

impl Findings {
    /// The time of judging over its limit.
    pub(crate) fn share(&self) -> f64 {
        let [of_problem, of_methods] = ALLOWED;
        self.judging / (of_problem + of_methods * self.methods)
    }
}

/// Measures the presets with a limit, and the typed problem.
pub(crate) fn measure() -> Vec<Findings> {
    let mut found: Vec<Findings> = ["welcome", "pbgd", "stackelberg"]
        .into_iter()
        .map(|name| of(name, &open(name).expect("it ships")))
        .collect();
    let typed = Experiment::read("typed", TYPED).expect("it can be read");
    found.push(of("a typed problem, 12 starts x 3,000 rows", &typed));
    found
}

fn of(name: &'static str, experiment: &Experiment) -> Findings {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    one.expect("a thread").install(|| {
        let problem = experiment.problem.build();
        let methods = 0..experiment.methods.len();
        let specs = methods.flat_map(|method| experiment.runs_of(method, &problem).expect("runs"));
        let mut runs: Vec<_> = specs.map(|(_, spec)| Run::to_end(spec)).collect();
        let clock = processor_seconds();
        let token = WorkToken::default();
        // a typed problem gets its minima here
        let problem = experiment.problem.build_informed(&token);
        let goals = KnownMinima::of(&*problem, &token).expect("nobody cancels");
        let memory = Arc::<ColumnCache>::default();
        for (run, trace) in &mut runs {
            judge_all(trace, &*problem, &memory, &token);
            std::hint::black_box(goals.end(&*problem, FinalState::of(run), &token));
        }
        Findings {
            name,
            judging: processor_seconds() - clock,
            methods: runs.iter().map(|(run, _)| run.time().as_secs_f64()).sum(),
        }
    })
}
