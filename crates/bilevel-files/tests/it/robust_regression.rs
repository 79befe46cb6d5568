//! Robust regression: derivatives, exact lower-level solutions against recorded ones, results of unrolling, and
//! messages about invalid tables.

use std::sync::Arc;
use std::time::Duration;

use approx::assert_relative_eq;
use bilevel::data::{Data, DataKind};
use bilevel::nested::{ChainOrder, Exact};
use bilevel::numerics::{Levels, Nilpotent, Point, WorkToken};
use bilevel::problem::{self, Counts, Oracle, ParameterValue, Problem, Settings};
use bilevel::referee::Referee;
use bilevel::run::{Budget, Run, Status};
use bilevel::study::{FinalState, KnownMinima, Verdict};
use bilevel_files::Experiment;
use rstest::rstest;

use crate::oracles::{assert_blocks, assert_gradients, assert_products};
use crate::presets::open;

fn built(choices: &[(&str, &str)], numbers: &[(&str, f64)]) -> Arc<dyn Problem> {
    let entry = problem::find("robust-regression").expect("it ships");
    let mut settings = Settings::new(entry.parameters);
    for (name, word) in choices {
        settings
            .set(name, ParameterValue::Choice((*word).to_owned()))
            .expect("a word");
    }
    for (name, number) in numbers {
        settings
            .set(name, ParameterValue::Number(*number))
            .expect("in range");
    }
    let problem = (entry.build)(&settings);
    assert_eq!(problem.fault(), None);
    problem
}

/// A problem on a file of five rows with two features.
fn small(adversary: &str) -> Arc<dyn Problem> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("small.csv");
    let rows = (0..12).map(|i: i32| {
        let x = f64::from(i);
        format!(
            "{},{},{}\n",
            (x * 1.7).sin(),
            (x * 0.6).cos(),
            (x * 2.3).sin() + 0.1 * x
        )
    });
    std::fs::write(&path, format!("a,b,t\n{}", rows.collect::<String>())).expect("written");
    let read = DataKind::Table.read(&path.to_string_lossy());
    let data = read.expect("the table is right");
    assert!(matches!(data, Data::Table(_)));
    let entry = problem::find("robust-regression").expect("it ships");
    let mut settings = Settings::new(entry.parameters);
    settings
        .set("data", ParameterValue::Data(data))
        .expect("a table");
    settings
        .set("adversary", ParameterValue::Choice(adversary.to_owned()))
        .expect("a word");
    for (name, number) in [("train", 5.0), ("validation", 4.0)] {
        settings
            .set(name, ParameterValue::Number(number))
            .expect("in range");
    }
    (entry.build)(&settings)
}

fn at(problem: &dyn Problem, lambda: f64) -> Point {
    let mut point = problem.metadata().start.clone();
    point[1][0] = lambda;
    point
}

#[rstest]
fn derivatives_agree_with_differences_and_with_nilpotent_numbers() {
    for adversary in ["on", "off"] {
        let problem = small(adversary);
        assert_gradients(&*problem);
        assert_products(&*problem);
        assert_blocks(&*problem);
    }
}

#[rstest]
fn lifted_gradients_are_those_of_lifted_values() {
    let problem = small("on");
    let token = WorkToken::default();
    let shape = problem.metadata().shape();
    for point in crate::oracles::points(&*problem) {
        let mut lifted: Vec<Nilpotent> = point.values().iter().map(|&v| v.into()).collect();
        for (i, number) in lifted.iter_mut().enumerate() {
            for generator in 0..2 {
                *number += Nilpotent::generator(generator) * ((i + 5 * generator) as f64).sin();
            }
        }
        for level in 1..=3 {
            let mut found = lifted.clone();
            problem.lifted_gradient(level, &lifted, Levels::ALL, &mut found, &token);
            for variable in 0..shape.total() {
                let mut varied = lifted.clone();
                varied[variable] += Nilpotent::generator(2);
                let exact = problem.higher(level, &varied, &token).derivative(2);
                for subset in 0..4 {
                    let pair = [&found[variable], &exact].map(|value| value.coefficient(subset));
                    assert_relative_eq!(pair[0], pair[1], epsilon = 1e-11);
                }
            }
        }
    }
}

#[rstest]
fn the_referee_has_the_recorded_profile() {
    let problem = built(&[], &[]);
    let token = WorkToken::default();
    let referee = Referee::new(&*problem, &token);
    for (lambda, recorded) in [
        (-4.0, 0.513_143_437_214_619_2),
        (-2.0, 0.515_182_100_420_619_8),
        (0.0, 0.526_294_639_690_521_9),
        (1.5, 0.556_830_657_894_677_2),
        (3.0, 0.641_378_153_969_984_1),
    ] {
        let found = referee.reduced(&at(&*problem, lambda)).expect("an answer");
        assert_relative_eq!(found, recorded, epsilon = 1e-9);
    }
    for lambda in [-20.0, 8.0] {
        assert!(
            referee.reduced(&at(&*problem, lambda)).is_some(),
            "{lambda}"
        );
    }
}

#[rstest]
fn nested_solves_find_the_same_answers_and_the_recorded_hypergradient() {
    let problem = built(&[], &[]);
    let token = WorkToken::default();
    let mut counts = Counts::default();
    let mut oracle = Oracle::new(&*problem, &mut counts, &token);
    let mut exact = Exact::new(problem.metadata().shape(), 1e-11);
    let mut answered = at(&*problem, 0.0);
    exact.solve(&mut oracle, &mut answered).expect("solved");
    let known = problem.known_answers(&answered).expect("known");
    for (found, known) in answered.values().iter().zip(known.values()) {
        assert_relative_eq!(found, known, epsilon = 1e-8);
    }
    let mut gradient = Point::zeros(answered.shape());
    oracle.grad(1, &answered, Levels::ALL, &mut gradient);
    exact
        .hypergradient(&mut oracle, &answered, ChainOrder::Reverse, &mut gradient)
        .expect("a positive definite Hessian");
    assert_relative_eq!(gradient[1][0], 0.010_916_180_264_007, epsilon = 1e-9);
}

/// Runs a method of the preset for some iterations; returns λ, the method's own f₁, and φ.
fn ended(problem: &Arc<dyn Problem>, place: usize, steps: [f64; 2], iterations: u64) -> [f64; 3] {
    let mut experiment = open("robust-regression");
    let mut method = experiment.methods.swap_remove(place);
    if place > 0 {
        let steps = ParameterValue::List(steps.to_vec());
        method.settings.set("inner_steps", steps).expect("in range");
    }
    experiment.methods = vec![method];
    let runs = experiment.runs(problem).expect("the plan is right");
    let mut run = Run::new(runs[0].1.clone(), WorkToken::default());
    run.advance(Budget::Iterations(iterations));
    assert_eq!(*run.status(), Status::Budget);
    let token = WorkToken::default();
    let own = problem.value(1, run.point(), &token);
    let phi = Referee::new(&**problem, &token).reduced(run.point());
    [run.point()[1][0], own, phi.expect("an answer")]
}

#[rstest]
fn unrolling_few_steps_ends_at_the_recorded_place() {
    let problem = built(&[], &[]);
    let [lambda, own, phi] = ended(&problem, 1, [1.0, 1.0], 100);
    assert_eq!(lambda, 0.0, "it never moves");
    assert_relative_eq!(own, 0.601_568_287_370_950_8, epsilon = 1e-9);
    assert_relative_eq!(phi, 0.526_294_639_690_521_9, epsilon = 1e-9);
    let [lambda, own, phi] = ended(&problem, 1, [3.0, 3.0], 100);
    assert_relative_eq!(lambda, -0.432_954_586_951_086_5, epsilon = 1e-6);
    assert_relative_eq!(own, 0.550_538_537_756_816_2, epsilon = 1e-6);
    // the recorded φ is that of one iteration later
    assert_relative_eq!(phi, 0.522_274_443_363_108_8, epsilon = 3e-5);
}

#[rstest]
#[ignore = "follows long runs to their recorded ends, for minutes: cargo test --test it -- --ignored"]
#[timeout(Duration::from_mins(20))]
fn more_steps_and_exact_answers_end_at_the_recorded_places() {
    let problem = built(&[], &[]);
    for (place, steps, recorded) in [
        (
            1,
            [10.0, 10.0],
            [-2.339_674_188, 0.527_841_742, 0.514_507_457],
        ),
        (
            1,
            [30.0, 3.0],
            [-0.972_828_044, 0.556_749_366, 0.518_811_813],
        ),
        (
            1,
            [30.0, 30.0],
            [-3.770_689_996, 0.515_023_524, 0.513_222_424],
        ),
        (
            0,
            [0.0, 0.0],
            [-3.569_758_835, 0.513_319_537, 0.513_319_537],
        ),
    ] {
        let found = ended(&problem, place, steps, 100);
        for (found, recorded) in found.into_iter().zip(recorded) {
            assert_relative_eq!(found, recorded, epsilon = 5e-5);
        }
    }
}

#[rstest]
fn a_run_that_feels_nothing_of_the_leader_is_said_to() {
    let problem = built(&[], &[]);
    let token = WorkToken::default();
    let mut point = at(&*problem, 0.0);
    let [poison, theta] =
        [2, 3].map(|level| problem.known_answers(&point).unwrap()[level].to_vec());
    point[2].copy_from_slice(&poison);
    point[3].copy_from_slice(&theta);
    let goals = KnownMinima::of(&*problem, &token).expect("nobody cancels");
    let end = FinalState {
        point: &point,
        direction: &[0.0],
        stride: 20.0,
        recent: &[],
        status: &Status::Budget,
    };
    let end = goals.end(&*problem, end, &token).expect("it can be said");
    assert_eq!(end.verdict, Verdict::Spurious);
    let said = end.meaning(|value| format!("{value:.4}"));
    assert!(
        said.contains("exactly $0$") && said.contains("= 0.0109$"),
        "{said}"
    );
}

#[rstest]
fn without_an_adversary_there_is_a_minimum_and_its_test_errors_are_as_recorded() {
    let problem = built(&[("adversary", "off")], &[]);
    let token = WorkToken::default();
    let referee = Referee::new(&*problem, &token);
    let answered = referee
        .answered(&at(&*problem, 0.255_904_419))
        .expect("an answer");
    let slope = referee.reduced_gradient(&answered).expect("a slope");
    assert!(slope[0].abs() < 1e-8, "{slope:?}");
    let metrics = problem.metrics(&answered, &WorkToken::default());
    assert_relative_eq!(metrics[0], 0.508_960_047, epsilon = 1e-8);
    assert_relative_eq!(metrics[1], 0.535_003_848, epsilon = 1e-6);
    for (found, recorded) in metrics[2..].iter().zip([0.536_67, 0.594_72, 0.771_82]) {
        assert_relative_eq!(*found, recorded, max_relative = 0.05);
    }
}

fn complaint(lines: &str) -> String {
    let text =
        format!("[problem]\nid = \"robust-regression\"\n{lines}\n[[method]]\nid = \"implicit\"\n");
    let refused = Experiment::read("x.toml", &text).expect_err("the file is wrong");
    refused.to_string()
}

#[rstest]
fn bad_tables_are_refused_in_one_sentence_at_their_line() {
    let said = |table: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("t.csv");
        std::fs::write(&path, table).expect("written");
        let path = path.to_string_lossy().replace('\\', "/");
        complaint(&format!("data = {path:?}")).replace(&path, "T")
    };
    for (table, sentence) in [
        (
            "a,b\n1,2\n3\n",
            "T, line 3: the row has 1 cell, and the header 2",
        ),
        (
            "a,b\n1,2\n3,x\n4,5\n",
            "T, line 3: \"x\" in column \"b\" is not a finite number",
        ),
        (
            "a,b\n1,inf\n2,3\n3,5\n",
            "T, line 2: \"inf\" in column \"b\" is not a finite number",
        ),
        (
            "a,b\n1,2\n",
            "T has 1 row of numbers; a table has at least 3",
        ),
        (
            "a\n1\n2\n3\n",
            "T has 1 column; a table has at least 2, parted by commas, semicolons, tabs or blanks",
        ),
        ("a,a\n1,2\n", "T, line 1: two columns are called \"a\""),
        (
            "a,b\n1,2\n1,3\n1,4\n",
            "T: column \"a\" is constant, so it cannot be standardized",
        ),
    ] {
        assert_eq!(said(table), format!("x.toml:3:8: {sentence}"));
    }
    let missing = complaint("data = \"no-such.csv\"");
    assert!(
        missing.starts_with("x.toml:3:8: no-such.csv cannot be read: "),
        "{missing}"
    );
    assert_eq!(
        complaint("train = 400"),
        "x.toml:3:9: the split takes 500 rows for training and validation and needs one more for the test, and diabetes has 442"
    );
}
