//! Experiment files with typed formulas: reading, writing back, and errors with their positions.

use bilevel::formula::Model;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{self, PROBLEMS, Settings};
use bilevel_files::{Experiment, ProblemSpec};
use rstest::rstest;

const HEAD: &str = "\
[problem]
id = \"formula\"
[[problem.level]]
variables = [\"x\", \"w[2]\"]
objective = \"a*(x - 1)^2 + y^2 + dot(w, w)\"
bounds = [[-10, 10], [0, inf]]
[[problem.level]]
variables = [\"y\"]
objective = \"(y - s)^2\"
start = [0.5]
range = [[-3, 3]]
[problem.constants]
a = { value = 2.0, min = 0.0, max = 10.0 }
b = 3
[problem.definitions]
s = \"x + b\"
[[method]]
id = \"bome\"
";

#[rstest]
fn a_file_with_formulas_is_read_and_written_back_the_same() {
    let experiment = Experiment::read("x.toml", HEAD).unwrap();
    let model = experiment.problem.settings.model().unwrap();
    assert_eq!(model.draft().levels[0].bounds[1], [0.0, f64::INFINITY]);
    assert_eq!(model.draft().constants[1].1.range, None);
    let written = experiment.write();
    assert_eq!(Experiment::read("y.toml", &written).unwrap(), experiment);
    for entry in PROBLEMS {
        let model = Model::parse(problem::example(entry).unwrap()).unwrap();
        // a method for any number of levels
        let any = Experiment::read("x.toml", &HEAD.replace("bome", "implicit")).unwrap();
        let copy = Experiment {
            problem: ProblemSpec::typed(model),
            ..any
        };
        let written = copy.write();
        let read = Experiment::read("z.toml", &written)
            .unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_eq!(read.problem, copy.problem, "{}", entry.id);
    }
    // the problem with all defaults is the editor's initial one
    let starter = Experiment {
        problem: ProblemSpec {
            entry: problem::FORMULA,
            settings: Settings::new(problem::FORMULA.parameters),
        },
        ..experiment
    };
    assert_eq!(
        Experiment::read("z.toml", &starter.write())
            .unwrap()
            .problem,
        starter.problem
    );
    assert_eq!(starter.problem, ProblemSpec::new(problem::FORMULA));
}

#[rstest]
fn what_is_wrong_in_a_file_with_formulas_is_said_where_it_stands() {
    for (from, to, expected) in [
        (
            "y^2 +",
            "z^2 +",
            "x.toml:5:28: there is no variable, constant or definition `z`",
        ),
        (
            "y^2 +",
            "y^2 ++*",
            "x.toml:5:34: expected a number, a name or `(`, found `*`, at character 21 of `objective`",
        ),
        (
            "x + b",
            "x + c",
            "x.toml:16:10: there is no variable, constant or definition `c`; there are a, b, ",
        ),
        (
            "objective = \"(y",
            "objectiv = \"(y",
            "x.toml:9:1: unknown key `objectiv` in [[problem.level]] (did you mean `objective`?)",
        ),
        (
            "[problem.constants]",
            "[problem.constant]",
            "unknown key `constant` in [problem] (did you mean `constants`?)",
        ),
        (
            "max = 10.0",
            "most = 10.0",
            "x.toml:13:31: unknown key `most` in { value, min, max } (known: value, min, max)",
        ),
        (
            "max = 10.0",
            "max = 1.0",
            "x.toml:13:5: `a` must have finite numbers with min <= value <= max",
        ),
        (
            ", min = 0.0",
            "",
            "x.toml:13:5: `a` has one of `min` and `max`",
        ),
        (
            "[0, inf]",
            "[0]",
            "x.toml:6:22: `bounds` must be a list of pairs",
        ),
        (
            "[0, inf]",
            "0, inf",
            "x.toml:6:22: `bounds` must be a list of pairs",
        ),
        (
            "[0, inf]",
            "[1, 0]",
            "x.toml:6:10: a number and a greater one are expected, not [1, 0]",
        ),
        (
            "\"w[2]\"",
            "\"w[\"",
            "x.toml:4:19: expected a variable, written x or x[3]",
        ),
        ("\"w[2]\"", "\"x\"", "x.toml:4:19: `x` is declared twice"),
        (
            "start = [0.5]",
            "start = [0.5, 1]",
            "x.toml:10:9: a start has a number for each variable",
        ),
        (
            "objective = \"(y - s)^2\"\n",
            "",
            "x.toml:7:1: [[problem.level]] has no `objective`",
        ),
    ] {
        let text = HEAD.replacen(from, to, 1);
        assert_ne!(text, HEAD);
        let said = Experiment::read("x.toml", &text).unwrap_err().to_string();
        assert!(
            said.starts_with(expected)
                || (!expected.starts_with("x.toml") && said.contains(expected)),
            "{said}"
        );
    }
    let no_levels = "[problem]\nid = \"formula\"\n[[method]]\nid = \"bome\"\n";
    let said = Experiment::read("x.toml", no_levels)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("formulas need [[problem.level]] tables"),
        "{said}"
    );
    // errors in a text with escapes are placed at its quotes
    let escaped = HEAD.replacen("\"(y - s)^2\"", "\"(y - \\u0073)^2 +\"", 1);
    let said = Experiment::read("x.toml", &escaped)
        .unwrap_err()
        .to_string();
    assert!(
        said.starts_with("x.toml:9:13: ") && said.contains("at character 12"),
        "{said}"
    );
}

#[rstest]
fn constants_that_are_lists_are_vectors() {
    let text = "[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"x\"]\nobjective = \"dot(a, [x, y])\"\n\
                [[problem.level]]\nvariables = [\"y\"]\nobjective = \"(y - a[2]*x)^2 + 0*A[1, 2]\"\n\
                [problem.constants]\na = [2, -0.5]\nA = [[1, 2], [3, 4]]\nb = 3\n[problem.definitions]\nc = \"b*x\"\n[[method]]\nid = \"bome\"\n";
    let experiment = Experiment::read("x.toml", text).expect("the file is right");
    let problem = experiment.problem.build();
    let at = Point::from_blocks(&[vec![3.0], vec![4.0]]);
    let token = WorkToken::default();
    assert_eq!(problem.value(1, &at, &token).to_bits(), 4.0_f64.to_bits());
    assert_eq!(problem.value(2, &at, &token).to_bits(), 30.25_f64.to_bits());
    let written = experiment.write();
    assert_eq!(
        Experiment::read("y.toml", &written).expect("it reads back"),
        experiment
    );
    let said = |from: &str, to: &str| {
        let text = text.replace(from, to);
        Experiment::read("x.toml", &text)
            .expect_err("it is wrong")
            .to_string()
    };
    assert_eq!(
        said("a = [2, -0.5]", "a = [2, \"x\"]"),
        "x.toml:10:9: `a` must be a finite number, not \"x\""
    );
    assert_eq!(
        said("c = \"b*x\"", "c = \"b*z\""),
        "x.toml:14:8: there is no variable, constant or definition `z`; there are A, a, b, x, y, pi, e, at character 3 of `c`"
    );
}

#[rstest]
fn what_files_do_not_have_is_named() {
    let said = |line: &str| {
        let text = format!(
            "[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"x\"]\nobjective = \"x^2\"\n{line}\n\
             [[problem.level]]\nvariables = [\"y\"]\nobjective = \"y^2\"\n[[method]]\nid = \"bome\"\n"
        );
        Experiment::read("x.toml", &text)
            .expect_err("it is wrong")
            .to_string()
    };
    for (line, sentence) in [
        (
            "constraints = [\"x <= 1\"]",
            "unknown key `constraints` in [[problem.level]]; there are no constraints but `bounds`",
        ),
        (
            "integer = true",
            "unknown key `integer` in [[problem.level]]; all variables are real numbers",
        ),
        (
            "maximize = true",
            "unknown key `maximize` in [[problem.level]]; every level minimizes its objective",
        ),
        (
            "bound = [[0, 1]]",
            "unknown key `bound` in [[problem.level]] (did you mean `bounds`?)",
        ),
    ] {
        let said = said(line);
        assert!(
            said.starts_with(&format!("x.toml:6:1: {sentence}")),
            "{said}"
        );
    }
}

#[rstest]
fn bounds_may_be_formulas_of_constants_and_pairs_for_each_number() {
    let text = "[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"x\", \"w[2]\"]\nobjective = \"x^2 + dot(w, w)\"\n\
                bounds = [[\"-b\", \"2*pi\"], [0, 1], [-inf, \"b^2\"]]\nstart = [\"b/2\", 0.5, 1]\n\
                [[problem.level]]\nvariables = [\"y\"]\nobjective = \"(y - x)^2\"\n\
                [problem.constants]\na = { value = 1, min = 0, max = 2 }\nb = 3\n[[method]]\nid = \"bome\"\n";
    let experiment = Experiment::read("x.toml", text).expect("the file is right");
    let problem = experiment.problem.build();
    let limits = problem.metadata().bounds.limits(1).to_vec();
    let tau = std::f64::consts::TAU;
    assert_eq!(limits, [[-3.0, tau], [0.0, 1.0], [f64::NEG_INFINITY, 9.0]]);
    assert_eq!(problem.metadata().start[1], [1.5, 0.5, 1.0]);
    let written = experiment.write();
    assert_eq!(
        Experiment::read("y.toml", &written).expect("it reads back"),
        experiment
    );
    let said = |from: &str, to: &str| {
        let text = text.replace(from, to);
        Experiment::read("x.toml", &text)
            .expect_err("it is wrong")
            .to_string()
    };
    for (from, to, sentence) in [
        (
            "2*pi",
            "2*a",
            "x.toml:6:21: `a` has a slider and may change; only fixed constants have a place here",
        ),
        (
            "2*pi",
            "2*q",
            "x.toml:6:21: there is no fixed constant `q`, and only these have a place here",
        ),
        (
            "2*pi",
            "inf",
            "x.toml:6:19: there is no fixed constant `inf`, and only these have a place here; an open side is inf or -inf, without quotes",
        ),
        ("2*pi", "1/0", "x.toml:6:19: this is no finite number"),
        (
            "[0, 1], [-inf, \"b^2\"]",
            "[0, 1], [1, 2], [3, 4]",
            "x.toml:6:10: one pair for each name in `variables` is expected, 2 in all, or one for each number, 3 in all, not 4",
        ),
    ] {
        let found = said(from, to);
        assert!(found.starts_with(sentence), "{found}");
    }
}
