//! Forks: a run that continues another one from one of its iterates.

use std::sync::Arc;

use bilevel::method::{
    self, METHODS, Method, MethodInfo, MethodState, Start, StepDiagnostics, StepError,
};
use bilevel::numerics::{Levels, Point, WorkToken};
use bilevel::problem::{
    DefaultValue, Oracle, OracleCall, Parameter, ParameterKind, ParameterValue, Problem, Settings,
};
use bilevel::run::{Budget, Run, RunSpec, Status, Trace};
use bilevel::study::surrogate;
use rstest::rstest;

/// The iterations of a run.
const ITERATIONS: u64 = 26;
/// The iteration of the fork: not the first one, and not one at which a schedule begins anew.
const FORK: u64 = 9;

fn problem(id: &str) -> Arc<dyn Problem> {
    bilevel::problem::find(id).expect("it ships").instance()
}

/// A run with momentum and noise where the method has them, on two levels or on three.
fn spec(entry: &'static MethodInfo, levels: usize) -> RunSpec {
    spec_on(if levels == 2 { "quadratic" } else { "tri-sin" }, entry)
}

fn spec_on(id: &str, entry: &'static MethodInfo) -> RunSpec {
    let problem = problem(id);
    let mut spec = RunSpec {
        start_number: 3,
        ..RunSpec::new(&problem, entry).seed(5).iterations(ITERATIONS)
    };
    let values = [
        ("inner_steps", 3.0),
        ("inner_step_size", 0.1),
        ("momentum", 0.5),
        ("inner_momentum", 0.25),
        ("gradient_noise", 0.125),
        ("batch_size", 4.0),
        ("tolerance", 1e9), // the penalty grows in every iteration
        ("first_gap_penalty", 1.0),
    ];
    for (name, value) in values {
        if spec.settings.declares(name) {
            let set = spec.settings.set(name, ParameterValue::Number(value));
            set.expect("in range");
        }
    }
    spec
}

/// The methods with the numbers of levels that they can run on.
fn pairs() -> Vec<(&'static MethodInfo, usize)> {
    let can = |(entry, levels): &(&MethodInfo, usize)| *levels == 2 || !entry.needs.two_levels;
    let pairs = METHODS
        .iter()
        .flat_map(|entry| [2, 3].map(|levels| (entry, levels)));
    pairs.filter(can).collect()
}

/// The points and the directions of a trace, bit for bit, and its counts.
fn bits(trace: &Trace) -> (Vec<u64>, Vec<u64>, Vec<u64>) {
    let rows = 0..trace.len();
    let directions = rows
        .clone()
        .filter_map(|row| trace.direction(row))
        .flatten();
    let levels = 1..=trace.shape().levels();
    let calls = OracleCall::ALL
        .into_iter()
        .flat_map(|call| levels.clone().map(move |level| (call, level)));
    let counts = rows.flat_map(|row| {
        let calls = calls.clone();
        calls.map(move |(call, level)| trace.count(call, level, row))
    });
    (
        trace.all_values().iter().map(|it| it.to_bits()).collect(),
        directions.map(|it| it.to_bits()).collect(),
        counts.collect(),
    )
}

fn ended(spec: RunSpec) -> (Run, Trace) {
    Run::to_end(spec)
}

/// Another value of a parameter; twice a number, so that no digit is lost on the way back.
fn other(parameter: &Parameter, settings: &Settings) -> Option<ParameterValue> {
    let value = settings.value(parameter.name);
    Some(match parameter.kind {
        ParameterKind::Number { max, .. } => {
            let number = settings.number(parameter.name);
            let doubled = if number == 0.0 { 0.25 } else { 2.0 * number };
            let number = if doubled <= max {
                doubled
            } else {
                0.5 * number
            };
            ParameterValue::Number(number)
        }
        ParameterKind::Integer { .. } => {
            ParameterValue::Number(settings.number(parameter.name) + 1.0)
        }
        ParameterKind::Choice(choices) => {
            let is_other = |word: &&str| value != ParameterValue::Choice((*word).to_owned());
            let word = choices.iter().map(|choice| choice.name).find(is_other)?;
            ParameterValue::Choice(word.to_owned())
        }
        _ => return None,
    })
}

/// The settings with one parameter changed, for each parameter.
fn changed(spec: &RunSpec) -> Vec<(&'static str, Settings)> {
    let parameters = spec.method.parameters.iter();
    let changed = parameters.filter_map(|parameter| {
        let mut settings = spec.settings.clone();
        let value = other(parameter, &settings)?;
        settings.set(parameter.name, value).expect("in range");
        Some((parameter.name, settings))
    });
    changed.collect()
}

#[rstest]
fn an_unchanged_branch_is_one_run() {
    for (entry, levels) in pairs() {
        let whole = spec(entry, levels);
        let (run, expected) = ended(whole.clone());
        let last = run.iteration();
        for iteration in [0, 1, FORK, last] {
            let (branch, trace) = ended(whole.branch("parent", iteration));
            assert_eq!(bits(&trace), bits(&expected), "{} {iteration}", entry.id);
            assert_eq!(branch.status(), run.status(), "{}", entry.id);
            assert_eq!(branch.counts(), run.counts(), "{}", entry.id);
        }
    }
}

#[rstest]
fn a_branch_does_not_depend_on_how_it_is_cut() {
    for (entry, levels) in pairs() {
        let mut branch = spec(entry, levels).branch("parent", FORK);
        let (_, settings) = changed(&branch).swap_remove(0);
        branch.settings = settings;
        let (_, expected) = ended(branch.clone());
        let mut trace = Trace::new(branch.problem.metadata(), branch.recording);
        let mut run = Run::new(branch, WorkToken::default());
        while run.status().is_running() {
            trace.extend(&run.advance(Budget::Iterations(2)));
        }
        assert_eq!(bits(&trace), bits(&expected), "{}", entry.id);
    }
}

#[rstest]
fn parameters_that_are_changed_and_changed_back_leave_no_trace() {
    for (entry, levels) in pairs() {
        let whole = spec(entry, levels);
        let (_, expected) = ended(whole.clone());
        for (name, settings) in changed(&whole) {
            let there = RunSpec {
                settings,
                ..whole.branch("parent", FORK)
            };
            let back = RunSpec {
                settings: whole.settings.clone(),
                ..there.branch("branch", FORK)
            };
            let (_, trace) = ended(back);
            let (own, expected) = (bits(&trace), bits(&expected));
            assert_eq!(own.0, expected.0, "{} {name}: points", entry.id);
            assert_eq!(own.1, expected.1, "{} {name}: directions", entry.id);
            // answers of other loops and of another tolerance are computed again
            let is_answered_again = own.2 != expected.2;
            let is_inner = ![
                "outer_step_size",
                "outer_step_size_lower",
                "momentum",
                "gradient_noise",
            ]
            .contains(&name);
            assert!(
                !is_answered_again || is_inner,
                "{} {name}: counts",
                entry.id
            );
        }
    }
}

#[rstest]
fn a_branch_from_the_start_is_a_run_with_its_own_parameters() {
    for (entry, levels) in pairs() {
        let whole = spec(entry, levels);
        for (name, settings) in changed(&whole) {
            let own = RunSpec {
                settings: settings.clone(),
                ..whole.clone()
            };
            let branch = RunSpec {
                settings,
                ..whole.branch("parent", 0)
            };
            let [own, branch] = [own, branch].map(|spec| bits(&ended(spec).1));
            assert_eq!(own, branch, "{} {name}", entry.id);
        }
    }
}

#[rstest]
fn a_changed_parameter_takes_effect_from_the_fork_on() {
    for (entry, levels) in pairs() {
        // each moves the leader there
        let whole = spec_on(
            match levels {
                2 if entry.needs.min_max => "minimax",
                2 => "quadratic",
                _ => "tri-sin",
            },
            entry,
        );
        let (_, expected) = ended(whole.clone());
        let first = whole.method.parameters[0].name;
        let (_, settings) = changed(&whole).swap_remove(0);
        let (_, trace) = ended(RunSpec {
            settings,
            ..whole.branch("parent", FORK)
        });
        let values = |trace: &Trace, row: u64| trace.values(row as usize).map(<[f64]>::to_vec);
        assert_eq!(
            values(&trace, FORK),
            values(&expected, FORK),
            "{}",
            entry.id
        );
        let last = expected.last_iteration().expect("a run has rows");
        assert_ne!(
            values(&trace, last),
            values(&expected, last),
            "{} {first}",
            entry.id
        );
    }
}

#[rstest]
fn momentum_that_is_turned_off_stops_at_once() {
    let heavy = RunSpec::new(&problem("valleys"), method::find("itd").expect("it ships"));
    let heavy = heavy
        .with("momentum", 0.9)
        .expect("in range")
        .iterations(40);
    let plain = heavy.branch("ITD", 20).with("momentum", 0.0);
    let (_, trace) = ended(plain.expect("in range"));
    let step_size = heavy.settings.number("outer_step_size");
    let x = |row: usize| trace.values(row).expect("all points are kept")[0];
    let moved = x(21) - x(20);
    let direction = trace.direction(20).expect("directions are kept")[0];
    assert_eq!(x(20) - step_size * direction, x(21));
    // with momentum the step went on along the velocity
    let (_, with) = ended(heavy);
    let x = |row: usize| with.values(row).expect("all points are kept")[0];
    assert!((x(21) - x(20)).abs() > 2.0 * moved.abs());
}

#[rstest]
#[case("bome", "mrbo")]
#[case("stocbio", "itd")]
#[case("implicit", "evolution")]
fn another_method_starts_afresh_at_the_point(#[case] first: &str, #[case] second: &str) {
    let entry = |id| method::find(id).expect("it ships");
    let parent = spec(entry(first), 2);
    let own = spec(entry(second), 2);
    let (before, at) = ended(RunSpec {
        iterations: FORK,
        ..parent.clone()
    });
    let branch = RunSpec {
        method: own.method,
        settings: own.settings.clone(),
        ..parent.branch("parent", FORK)
    };
    let (_, trace) = ended(branch);
    let fresh = RunSpec {
        start: before.point().clone(),
        iterations: ITERATIONS - FORK,
        ..own
    };
    let (_, fresh) = ended(fresh);
    let size = trace.shape().total();
    let split = size * FORK as usize;
    assert_eq!(trace.all_values()[..split], at.all_values()[..split]);
    assert_eq!(trace.all_values()[split..], *fresh.all_values());
    for call in OracleCall::ALL {
        for level in [1, 2] {
            let last = |trace: &Trace| trace.count(call, level, trace.len() - 1);
            assert_eq!(last(&trace), last(&at) + last(&fresh), "{call:?} {level}");
        }
    }
}

#[rstest]
fn a_branch_of_a_branch_continues_the_run_that_its_parent_has_made() {
    let first = spec(method::find("bome").expect("it ships"), 2);
    let second = first.branch("A", FORK).with("outer_step_size", 0.2);
    let second = second.expect("in range");
    // it leaves after its parent has left the first run
    let late = second
        .branch("B", 15)
        .with("momentum", 0.0)
        .expect("in range");
    let names = |spec: &RunSpec| -> Vec<(String, u64)> {
        let parts = spec.earlier.iter();
        parts.map(|part| (part.name.clone(), part.until)).collect()
    };
    assert_eq!(names(&late), [("A".to_owned(), FORK), ("B".to_owned(), 15)]);
    let [(_, trace), (_, parent)] = [late, second.clone()].map(ended);
    let size = 16 * trace.shape().total();
    assert_eq!(trace.all_values()[..size], parent.all_values()[..size]);
    assert_ne!(trace.values(18), parent.values(18));
    // it leaves before, and so continues the first run
    let early = second.branch("B", 4);
    assert_eq!(names(&early), [("A".to_owned(), 4)]);
    assert_eq!(
        early.settings.number("outer_step_size"),
        second.settings.number("outer_step_size")
    );
}

#[rstest]
fn a_parent_that_ends_before_the_fork_fails_the_branch_in_a_sentence() {
    let itd = |id: &str| RunSpec::new(&problem(id), method::find("itd").expect("it ships"));
    let mut converged = itd("valleys");
    converged.stop.gradient = Some(1e-3);
    let (run, _) = ended(converged.clone());
    let end = run.iteration();
    assert!(matches!(run.status(), Status::Converged(_)) && end > 1);
    let lost = itd("quadratic").with("outer_step_size", 1e3);
    let lost = lost.expect("in range");
    let (run, _) = ended(lost.clone());
    assert!(
        matches!(run.status(), Status::Diverged(_)),
        "{:?}",
        run.status()
    );
    for (parent, word, asked) in [
        (converged.clone(), "converged", end + 1),
        (lost, "diverged", run.iteration() + 1),
    ] {
        let last = ended(parent.clone()).0.iteration();
        let (branch, trace) = ended(parent.branch("first", asked));
        let Status::Failed(sentence) = branch.status() else {
            panic!("{:?}", branch.status());
        };
        let begins = format!("first ended after {last} iterations, before the branch at {asked}: ");
        assert!(sentence.starts_with(&begins), "{sentence}");
        assert!(sentence.contains(word), "{sentence}");
        assert_eq!(trace.last_iteration(), Some(last));
    }
    // at its end, the branch ends as the parent did
    let (branch, _) = ended(converged.branch("first", end));
    assert!(matches!(branch.status(), Status::Converged(_)));
}

#[rstest]
fn the_surrogate_of_a_branch_is_that_of_its_own_parameters_at_its_own_point() {
    let whole = spec_on("valleys", method::find("v-pbgd").expect("it ships"));
    let branch = whole.branch("parent", FORK).with("gap_penalty", 3.0);
    let branch = branch.expect("in range");
    let token = WorkToken::default();
    let curve = |spec: &RunSpec, iteration: u64| {
        surrogate(spec, iteration, [-1.0, 1.0], 5, &token).expect("it has one")
    };
    let (_, trace) = ended(branch.clone());
    for iteration in [FORK - 1, FORK, FORK + 4] {
        let at = curve(&branch, iteration).at.expect("it has a value there");
        let row = trace.values(iteration as usize);
        assert_eq!(at[0], row.expect("all points are kept")[0]);
    }
    let points = |spec: &RunSpec, iteration| curve(spec, iteration).points;
    assert_eq!(points(&whole, FORK - 1), points(&branch, FORK - 1));
    assert_ne!(points(&whole, FORK), points(&branch, FORK));
}

/// A method that is not one of this library: a step of gradient descent, shorter from iteration to iteration.
#[derive(Debug)]
struct Shrinking(f64);

#[derive(Clone, Debug)]
struct ShrinkingState {
    step: f64,
    iteration: i32,
    point: Point,
    gradient: Point,
}

const STEP: Parameter = Parameter {
    name: "step",
    label: "step",
    symbol: "s",
    kind: ParameterKind::Number {
        min: 0.0,
        max: 1.0,
        slider: [0.0, 1.0],
        per_level: false,
    },
    default: DefaultValue::Number(0.25),
    meaning: "The first step size.",
};

static SHRINKING: MethodInfo = MethodInfo {
    parameters: &[STEP],
    ..MethodInfo::new("shrinking", |settings| {
        Box::new(Shrinking(settings.number("step")))
    })
};

impl Method for Shrinking {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        Box::new(ShrinkingState {
            step: self.0,
            iteration: 0,
            point: start.point.clone(),
            gradient: Point::zeros(start.point.shape()),
        })
    }
}

impl MethodState for ShrinkingState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.gradient[1]
    }

    fn step(&mut self, oracle: &mut Oracle<'_>, _: &mut StepDiagnostics) -> Result<(), StepError> {
        let size = self.step * 0.9_f64.powi(self.iteration);
        for level in [2, 1] {
            oracle.grad(level, &self.point, Levels::only(level), &mut self.gradient);
            let along = &self.gradient[level];
            for (value, slope) in self.point[level].iter_mut().zip(along) {
                *value -= size * slope;
            }
        }
        self.iteration += 1;
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}

#[rstest]
fn a_method_of_a_users_own_goes_on_or_starts_afresh_under_other_parameters() {
    let whole = RunSpec::new(&problem("valleys"), &SHRINKING).iterations(20);
    let (_, expected) = ended(whole.clone());
    let (_, same) = ended(whole.branch("own", 8));
    assert_eq!(bits(&same), bits(&expected));
    let (_, other) = ended(whole.branch("own", 8).with("step", 0.5).expect("in range"));
    let fresh = whole.clone().with("step", 0.5).expect("in range");
    let at = expected.point(8).expect("all points are kept");
    let (_, fresh) = ended(fresh.starting_at(at).iterations(12));
    let split = 8 * expected.shape().total();
    assert_eq!(other.all_values()[split..], *fresh.all_values());
}
