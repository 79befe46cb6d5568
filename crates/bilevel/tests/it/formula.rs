//! Typed problems: benchmarks as formulas, accepted and refused syntax, limits, and problem checks.

use std::sync::Arc;

use approx::assert_relative_eq;
use bilevel::formula::{Constant, Draft, FormulaError, FormulaPart, LevelDraft, Model, limits};
use bilevel::method;
use bilevel::numerics::{Levels, Nilpotent, Point, WorkToken};
use bilevel::problem::{self, FORMULA, PROBLEMS, ParameterValue, Problem, Settings};
use bilevel::referee::with_found_minima;
use bilevel::run::{Budget, Recording, Run, RunSpec, Status, StopRules};
use bilevel::study::{CheckResult, problem_checks};
use rstest::rstest;

fn level(variables: &[&str], objective: &str) -> LevelDraft {
    LevelDraft {
        variables: variables.iter().map(|name| (*name).to_owned()).collect(),
        objective: objective.to_owned(),
        ..LevelDraft::default()
    }
}

/// A leader of x and w[3] with this objective over a follower of y, with a slider a, a fixed n = 3 and a definition s.
pub(crate) fn draft(objective: &str) -> Draft {
    Draft {
        levels: vec![level(&["x", "w[3]"], objective), level(&["y"], "(y - x)^2")],
        constants: vec![
            (
                "a".to_owned(),
                Constant {
                    value: 2.5,
                    range: Some([0.0, 10.0]),
                },
            ),
            (
                "n".to_owned(),
                Constant {
                    value: 3.0,
                    range: None,
                },
            ),
        ],
        definitions: vec![("s".to_owned(), "x + y".to_owned())],
        ..Draft::default()
    }
}

/// The problem of a model.
pub(crate) fn typed(model: Model) -> Arc<dyn Problem> {
    (FORMULA.build)(&Settings::of_model(model))
}

fn built(draft: Draft) -> Arc<dyn Problem> {
    typed(Model::parse(draft).expect("the draft is right"))
}

/// The value of a formula at x = 0.7, w = (0.2, −0.4, 1.3), y = −0.6.
fn value(objective: &str) -> f64 {
    let at = Point::from_blocks(&[vec![0.7, 0.2, -0.4, 1.3], vec![-0.6]]);
    built(draft(objective)).value(1, &at, &WorkToken::default())
}

fn troubles(draft: Draft) -> Vec<FormulaError> {
    Model::parse(draft).expect_err("this was accepted")
}

/// The error in an objective: the columns of the wrong characters and the message.
fn complaint(objective: &str) -> String {
    let found = troubles(draft(objective));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].place, FormulaPart::Objective(1));
    format!(
        "{}..{}: {}",
        found[0].span.start, found[0].span.end, found[0]
    )
}

/// A benchmark, built in and as formulas.
fn pair(entry: &'static problem::ProblemInfo) -> [Arc<dyn Problem>; 2] {
    let draft = problem::example(entry).unwrap_or_else(|| panic!("{} ships no formulas", entry.id));
    let built_in = (entry.build)(&Settings::new(entry.parameters));
    [built_in, built(draft)]
}

/// Points spread around the default start, inside the box.
fn points(problem: &dyn Problem) -> Vec<Point> {
    let metadata = problem.metadata();
    (0..12)
        .map(|number| {
            let mut point = metadata.start.clone();
            for (i, value) in point.values_mut().iter_mut().enumerate() {
                *value += 2.0 * ((number * 7 + i * 3) as f64 * 0.754_877_666).fract() - 1.0;
            }
            for level in 1..=point.shape().levels() {
                metadata.bounds.project(level, &mut point[level]);
            }
            point
        })
        .collect()
}

fn assert_same(a: &[f64], b: &[f64], what: &str) {
    for (a, b) in a.iter().zip(b) {
        let scale = a.abs().max(1.0);
        assert!((a - b).abs() <= 1e-12 * scale, "{what}: {a} and {b}");
    }
}

#[rstest]
fn every_small_benchmark_opens_as_formulas_with_its_own_box_start_and_pictures() {
    for entry in PROBLEMS {
        let [built_in, typed] = pair(entry);
        let (own, metadata) = (built_in.metadata(), typed.metadata());
        assert_eq!(own.start, metadata.start, "{}", entry.id);
        assert_eq!(built_in.is_min_max(), typed.is_min_max(), "{}", entry.id);
        for level in 1..=own.shape().levels() {
            assert_eq!(own.bounds.limits(level), metadata.bounds.limits(level));
            assert_eq!(
                own.bounds.is_bounded(level),
                metadata.bounds.is_bounded(level)
            );
        }
    }
}

#[rstest]
fn benchmarks_as_formulas_have_the_same_values_and_derivatives() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        let problems = pair(entry);
        for point in points(&*problems[0]) {
            let shape = point.shape();
            for level in 1..=shape.levels() {
                let values = problems
                    .each_ref()
                    .map(|one| one.value(level, &point, &token));
                assert_same(&values[..1], &values[1..], entry.id);
                let gradients = problems.each_ref().map(|one| {
                    let mut gradient = Point::zeros(shape);
                    one.grad(level, &point, Levels::ALL, &mut gradient, &token);
                    gradient
                });
                assert_same(gradients[0].values(), gradients[1].values(), entry.id);
                for wrt in 1..=shape.levels() {
                    for along in 1..=shape.levels() {
                        let direction: Vec<f64> =
                            (0..shape.size(along)).map(|i| 0.5 + i as f64).collect();
                        let products = problems.each_ref().map(|one| {
                            let mut out = vec![0.0; shape.size(wrt)];
                            one.product(level, &point, [wrt, along], &direction, &mut out, &token);
                            out
                        });
                        assert_same(&products[0], &products[1], entry.id);
                    }
                }
                // order four, in all variables at once
                let mut lifted: Vec<Nilpotent> =
                    point.values().iter().map(|&value| value.into()).collect();
                for generator in 0..4 {
                    for (place, value) in lifted.iter_mut().enumerate() {
                        let share = 0.3 + ((place + generator) % 3) as f64 * 0.2;
                        *value += Nilpotent::generator(generator) * share;
                    }
                }
                let higher = problems
                    .each_ref()
                    .map(|one| one.higher(level, &lifted, &token));
                for subset in 0..16 {
                    assert_same(
                        &[higher[0].coefficient(subset)],
                        &[higher[1].coefficient(subset)],
                        entry.id,
                    );
                }
            }
        }
    }
}

#[rstest]
fn one_sweep_back_gives_the_gradients_that_nilpotent_numbers_give() {
    let token = WorkToken::default();
    for objective in [
        "exp(x)*log(w[3]) - sqrt(w[3])/x + sin(x)*cos(y)*tan(w[1])",
        "asin(w[2]) + acos(w[1]) + atan(x/y) + x^w[3] + a^y + w[3]^-2 + w[3]^1.5",
        "sinh(x)/cosh(y) + tanh(w[2]) + asinh(y) + acosh(1 + w[3]) + atanh(w[1])",
        "abs(y)*x + min(x, y, w[1])*max(w[2], x) + norm2(w - x/2*w) + dot(w, 2*w)",
        "softplus(3*x)*sigmoid(-y) + softplus(40*y) + sigmoid(30*y) + 3/y - (2 - x) - -x",
    ] {
        let problem = built(draft(objective));
        let at = Point::from_blocks(&[vec![0.7, 0.2, -0.4, 1.3], vec![-0.6]]);
        let mut gradient = Point::zeros(at.shape());
        problem.grad(1, &at, Levels::ALL, &mut gradient, &token);
        for (place, slope) in gradient.values().iter().enumerate() {
            let mut lifted: Vec<Nilpotent> =
                at.values().iter().map(|&value| value.into()).collect();
            lifted[place] += Nilpotent::generator(0);
            let exact = problem.higher(1, &lifted, &token).coefficient(1);
            assert_relative_eq!(*slope, exact, epsilon = 1e-13, max_relative = 1e-12);
        }
        // blocks that are not requested stay unchanged
        let mut one = Point::zeros(at.shape());
        one[1].fill(7.0);
        problem.grad(1, &at, Levels::only(2), &mut one, &token);
        assert_eq!(one[1], [7.0; 4]);
        assert_eq!(one[2], gradient[2]);
    }
}

/// The last point of a run of 200 iterations with default parameters, and its final status.
fn end_of_run(problem: &Arc<dyn Problem>, method: &str, start: &Point) -> (Vec<f64>, &'static str) {
    end_after(200, problem, method, start)
}

fn end_after(
    iterations: u64,
    problem: &Arc<dyn Problem>,
    method: &str,
    start: &Point,
) -> (Vec<f64>, &'static str) {
    let method = method::find(method).expect("it ships");
    let mut run = Run::new(
        RunSpec {
            problem: Arc::clone(problem),
            method,
            settings: Settings::new(method.parameters),
            start: start.clone(),
            earlier: Arc::default(),
            start_number: 0,
            seed: 0,
            iterations,
            stop: StopRules::default(),
            recording: Recording::NO_POINTS,
            diverge_at: Some(1e6),
        },
        WorkToken::default(),
    );
    while *run.status() == Status::Running {
        run.advance(Budget::Iterations(iterations));
    }
    (run.point().values().to_vec(), run.status().word())
}

/// The largest relative difference of two points; absolute for values below 1.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    let pairs = a.iter().zip(b);
    pairs
        .map(|(a, b)| (a - b).abs() / a.abs().max(1.0))
        .fold(0.0, f64::max)
}

/// BOME for two levels, and the exact method for more; also the exact method if BOME amplifies a difference in the last
/// digit of the start so far that rounding alone changes the trajectory.
fn method_for(problem: &Arc<dyn Problem>) -> &'static str {
    if problem.metadata().shape().levels() > 2 {
        return "implicit";
    }
    let start = &problem.metadata().start;
    let mut moved = start.clone();
    for (place, value) in moved.values_mut().iter_mut().enumerate() {
        let sign = if place % 2 == 0 { 1.0 } else { -1.0 };
        *value += sign * 1e-15 * value.abs().max(1.0);
    }
    let ends = [start, &moved].map(|start| end_of_run(problem, "bome", start).0);
    if apart(&ends[0], &ends[1]) <= 1e-11 {
        "bome"
    } else {
        "implicit"
    }
}

#[rstest]
fn benchmarks_as_formulas_have_the_same_runs() {
    let mut differing = Vec::new();
    let mut by_bome = 0;
    for entry in PROBLEMS {
        let problems = pair(entry);
        let method = method_for(&problems[0]);
        by_bome += usize::from(method == "bome");
        let start = &problems[0].metadata().start;
        let [own, typed] = problems
            .each_ref()
            .map(|one| end_of_run(one, method, start));
        let difference = apart(&own.0, &typed.0);
        if own.1 != typed.1 || difference > 1e-9 {
            differing.push(format!(
                "{} by {method}: {difference:e}, {} and {}",
                entry.id, own.1, typed.1
            ));
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(by_bome >= 15, "only {by_bome} were run by BOME");
}

#[rstest]
fn formulas_mean_what_they_mean_on_paper() {
    let (x, w, y) = (0.7_f64, [0.2_f64, -0.4, 1.3], -0.6_f64);
    for (formula, expected) in [
        ("-x^2", -x * x),
        ("(-x)^2", x * x),
        ("2^3^2", 512.0),
        ("2^-x^2", 2.0_f64.powf(-x * x)),
        ("x - y - 1", x - y - 1.0),
        ("x/y/2", x / y / 2.0),
        ("2*-x", -2.0 * x),
        ("2e-3*x + .5", 0.002 * x + 0.5),
        ("2·x − 3×y", 2.0 * x - 3.0 * y),
        ("sum(i, 1, n, i*w[i])", w[0] + 2.0 * w[1] + 3.0 * w[2]),
        (
            "sum(i, 1, 2, sum(j, i + 1, 3, w[i]*w[j]))",
            w[0] * w[1] + w[0] * w[2] + w[1] * w[2],
        ),
        ("sum(i, 3, 2, x)", 0.0),
        ("norm2(w)", (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]).sqrt()),
        (
            "dot(w, x*w - w/2)",
            (x - 0.5) * (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]),
        ),
        ("w[4 - 1]", w[2]),
        ("s*a", (x + y) * 2.5),
        ("pi + e", std::f64::consts::PI + std::f64::consts::E),
        ("log(e)", 1.0),
        ("x^0", 1.0),
        ("x^n", x.powi(3)),
        ("min(3, x, y)", y),
        ("max(x, y)", x),
        ("abs(y)", 0.6),
        ("sigmoid(y)", 1.0 / (1.0 + 0.6_f64.exp())),
        ("softplus(800*x)", 560.0),
        ("softplus(80*y)", (-48.0_f64).exp()),
        ("tan(x)", x.tan()),
        ("acosh(1 + w[3])", 2.3_f64.acosh()),
        ("atanh(x)", x.atanh()),
    ] {
        assert_relative_eq!(value(formula), expected, max_relative = 1e-14);
    }
}

#[rstest]
fn whatever_is_wrong_with_a_formula_is_said_with_its_characters() {
    for (formula, expected) in [
        ("", "0..0: expected a number, a name or `(`, found the end"),
        (
            "x + ",
            "4..4: expected a number, a name or `(`, found the end",
        ),
        (
            "2x",
            "1..2: expected one of + - * / ^, found `x`; a product is written with `*`",
        ),
        (
            "x y",
            "2..3: expected one of + - * / ^, found `y`; a product is written with `*`",
        ),
        ("(x + y", "0..1: expected `)` to this bracket, found none"),
        ("x)", "1..2: this `)` has no matching `(`"),
        ("sin x", "4..5: expected `(` as in sin(a), found `x`"),
        (
            "sni(x)",
            "0..3: there is no function `sni` (did you mean `sin`?)",
        ),
        ("x(y + 1)", "0..1: there is no function `x`"),
        (
            "2*xx",
            "2..4: there is no variable, constant or definition `xx` (did you mean `x`?)",
        ),
        (
            "q2z",
            "0..3: there is no variable, constant or definition `q2z`; there are a, n, s, w, x, y, pi, e",
        ),
        (
            "1 + w",
            "4..5: expected a number, found a vector of 3; its entries are `w[1]` and so on",
        ),
        (
            "w[0]",
            "2..3: expected an index from 1 to 3 for `w`, found 0",
        ),
        (
            "w[4]",
            "2..3: expected an index from 1 to 3 for `w`, found 4",
        ),
        ("w[a]", "2..3: `a` cannot be a count"),
        ("w[x]", "2..3: expected a whole number"),
        ("w[1.5]", "2..5: expected a whole number"),
        ("x[1]", "0..4: `x` is one number and has no entries"),
        ("dot(w, x)", "7..8: expected a vector"),
        ("norm2(x)", "6..7: expected a vector"),
        ("w*w + 1", "2..3: two vectors are multiplied by `dot(u, v)`"),
        (
            "exp(x, y)",
            "0..9: expected one argument, as in exp(a), found 2",
        ),
        (
            "max(x)",
            "0..6: expected two arguments or more, as in max(a, b, ...), found 1",
        ),
        (
            "sum(i, 1, 3)",
            "0..12: expected four arguments, as in sum(i, 1, n, a), found 3",
        ),
        (
            "sum(x, 1, 3, x)",
            "0..15: the name of the index `x` is taken",
        ),
        (
            "sum(2, 1, 3, x)",
            "4..5: expected the name of the index, such as i, found a formula",
        ),
        (
            "x # y",
            "2..3: expected a number, a name or one of + - * / ^ ( ) [ ] ,, found `#`",
        ),
        ("x, y", "1..2: a comma separates function arguments only"),
        ("1e999", "0..5: `1e999` is too large a number"),
        ("(x)[1]", "3..4: only a name can be indexed, such as x[1]"),
        (
            "x + .",
            "4..5: expected a digit beside the point, found none",
        ),
    ] {
        let found = complaint(formula);
        assert!(found.starts_with(expected), "{formula}: {found}");
    }
}

#[rstest]
fn a_trouble_knows_its_line_its_column_what_was_expected_and_the_nearest_name() {
    let found = troubles(draft("x +\n  2*softplu(y)"));
    assert_eq!((found[0].line, found[0].column), (2, 5));
    assert_eq!(found[0].span, 8..15);
    assert_eq!(found[0].nearest.as_deref(), Some("softplus"));
    let found = troubles(draft("(x"));
    assert_eq!(found[0].expected.as_deref(), Some("`)` to this bracket"));
}

#[rstest]
fn each_wrong_part_is_said_once_and_no_other_suffers_for_it() {
    let mut wrong = draft("x + zz");
    wrong.levels[1].objective = "y +* x".to_owned();
    let places = |draft: &Draft| -> Vec<FormulaPart> {
        troubles(draft.clone())
            .into_iter()
            .map(|one| one.place)
            .collect()
    };
    // a syntax error comes before an unknown name of another part, and does not hide it
    assert_eq!(
        places(&wrong),
        [FormulaPart::Objective(2), FormulaPart::Objective(1)]
    );
    wrong.levels[1].objective = "y + s".to_owned();
    wrong.definitions[0].1 = "1/ww".to_owned();
    assert_eq!(
        places(&wrong),
        [
            FormulaPart::Definition(0),
            FormulaPart::Objective(1),
            FormulaPart::Objective(2)
        ]
    );
    let said: Vec<String> = troubles(wrong).iter().map(ToString::to_string).collect();
    assert!(
        said[2].contains("`s` has an error; fix it first"),
        "{said:?}"
    );
}

/// The errors in the leader's objective that do not follow from another one: their first characters and the words.
fn independent(objective: &str) -> Vec<(usize, String)> {
    let found = troubles(draft(objective)).into_iter();
    let found = found.filter(|one| !one.is_consequence);
    found.map(|one| (one.span.start, one.to_string())).collect()
}

#[rstest]
#[case::unknown_names_once_each("u + v*u + sin(x)", &[(0, "`u`"), (4, "`v`")])]
#[case::unknown_functions_and_names_in_them("foo(zz) + sni(yy)", &[(0, "`foo`"), (4, "`zz`"), (10, "`sni`"), (14, "`yy`")])]
#[case::numbers_of_arguments("exp(x, zz) + max(x)", &[(0, "one argument"), (7, "`zz`"), (13, "two arguments or more")])]
#[case::indices("w[4] + w[zz] + x[1]", &[(2, "found 4"), (9, "`zz`"), (15, "has no entries")])]
#[case::kinds("x + norm2(x) + w + zz", &[(10, "one number"), (15, "a vector of 3"), (19, "`zz`")])]
#[case::sums_and_their_bodies("sum(i, 1, zz, w[i]*yy) + sum(j, 1, 3)", &[(10, "`zz`"), (19, "`yy`"), (25, "four arguments")])]
#[case::the_index_of_an_unknown_function("mean(i, 1, 3, w[i]*zz)", &[(0, "`mean`"), (19, "`zz`")])]
#[case::an_index_in_the_wrong_place("sum(2, 1, 3, w[i])", &[(4, "the name of the index")])]
#[case::choices("if(zz < 1, yy, x) + if(x < 1, zz, 2, 3)", &[(3, "`zz`"), (11, "`yy`"), (20, "two formulas after")])]
#[case::an_end_beyond_the_entries("sum(i, 1, 99, w[i])", &[(16, "found `i` = 4")])]
#[case::an_end_that_is_too_large_is_told_once("sum(i, 1, 99, w[i + 1]*w[i + 1]*w[i])", &[(16, "found `i + 1` = 4")])]
#[case::signs_once_for_each_sentence("x² + y³ + {x}", &[(1, "`²`"), (10, "`{`")])]
#[case::signs_beside_each_other("x := 1", &[(2, "`:`")])]
fn all_errors_of_a_formula_are_told_at_once(
    #[case] objective: &str,
    #[case] expected: &[(usize, &str)],
) {
    let mut found = independent(objective);
    found.sort();
    let places: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
    let of_expected: Vec<usize> = expected.iter().map(|(at, _)| *at).collect();
    assert_eq!(places, of_expected, "{found:?}");
    for ((_, said), (_, words)) in found.iter().zip(expected) {
        assert!(said.contains(words), "{said}");
    }
}

#[rstest]
fn a_name_that_is_declared_with_an_error_is_no_unknown_name() {
    type Change = fn(&mut Draft);
    let cases: [(Change, &str); 8] = [
        (
            |d| d.levels[1].variables[0] = "y[0]".to_owned(),
            "whole number",
        ),
        (
            |d| d.levels[1].variables[0] = "2y".to_owned(),
            "written x or x[3]",
        ),
        (
            |d| d.levels[1].variables[0] = "x, y".to_owned(),
            "written x or x[3]",
        ),
        (|d| d.levels[1].variables.clear(), "no variables"),
        (|d| d.constants[0].1.value = 11.0, "min <= value <= max"),
        (|d| d.definitions[0].1 = "x + (".to_owned(), "found the end"),
        (|d| d.definitions[0].1 = "s + 1".to_owned(), "circular"),
        (|d| d.levels.truncate(1), "two levels at least"),
    ];
    for (change, words) in cases {
        let mut changed = draft("x + y + a + s");
        change(&mut changed);
        let found = troubles(changed).into_iter();
        let found: Vec<_> = found.filter(|one| !one.is_consequence).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].to_string().contains(words), "{found:?}");
    }
    // nor is that of a function, and other errors are told beside it
    let mut taken = draft("x + max*max + zz");
    taken.levels[1] = level(&["max"], "max^2");
    taken.definitions.clear();
    let found: Vec<FormulaPart> = troubles(taken)
        .into_iter()
        .filter(|one| !one.is_consequence)
        .map(|one| one.place)
        .collect();
    assert_eq!(
        found,
        [FormulaPart::Variable(2, 0), FormulaPart::Objective(1)]
    );
}

#[rstest]
fn names_bounds_and_constants_are_checked() {
    type Change = fn(&mut Draft);
    let cases: [(Change, FormulaPart, &str); 14] = [
        (
            |d| d.levels[1].variables[0] = "x".to_owned(),
            FormulaPart::Variable(2, 0),
            "declared twice",
        ),
        (
            |d| d.levels[1].variables[0] = "sin".to_owned(),
            FormulaPart::Variable(2, 0),
            "is reserved",
        ),
        (
            |d| d.levels[1].variables[0] = "y[0]".to_owned(),
            FormulaPart::Variable(2, 0),
            "a whole number from 1 to 500",
        ),
        (
            |d| d.levels[1].variables[0] = "2y".to_owned(),
            FormulaPart::Variable(2, 0),
            "written x or x[3]",
        ),
        (
            |d| d.levels[1].variables.clear(),
            FormulaPart::Variable(2, 0),
            "level 2 has no variables",
        ),
        (
            |d| d.constants[0].0 = "a b".to_owned(),
            FormulaPart::ConstantName(0),
            "begins with a letter",
        ),
        (
            |d| d.constants[0].1.value = 11.0,
            FormulaPart::Constant(0),
            "min <= value <= max",
        ),
        (
            |d| d.constants[1].1.value = f64::NAN,
            FormulaPart::Constant(1),
            "finite",
        ),
        (
            |d| d.definitions[0].0 = "n".to_owned(),
            FormulaPart::DefinedName(0),
            "declared twice",
        ),
        (
            |d| d.levels[0].bounds = vec![[0.0, 1.0]],
            FormulaPart::Bounds(1),
            "2 in all, or one for each number, 4 in all, not 1",
        ),
        (
            |d| d.levels[1].bounds = vec![[1.0, 1.0]],
            FormulaPart::Bounds(2),
            "a greater one",
        ),
        (
            |d| d.levels[1].range = vec![[0.0, f64::INFINITY]],
            FormulaPart::Range(2),
            "finite",
        ),
        (
            |d| d.levels[0].start = vec![1.0],
            FormulaPart::Start(1),
            "4 in all, not 1",
        ),
        (
            |d| d.levels.truncate(1),
            FormulaPart::Whole,
            "two levels at least",
        ),
    ];
    for (change, place, message) in cases {
        let mut changed = draft("x");
        change(&mut changed);
        let found = troubles(changed);
        assert_eq!(found[0].place, place, "{found:?}");
        assert!(found[0].to_string().contains(message), "{found:?}");
    }
}

#[rstest]
fn definitions_may_need_each_other_in_any_order_but_not_in_a_circle() {
    let mut nested = draft("u");
    nested.definitions = [("u", "v + 1"), ("v", "2*t"), ("t", "x*w")]
        .map(|(name, formula)| (name.to_owned(), formula.to_owned()))
        .to_vec();
    nested.levels[0].objective = "u[2] + v[1]".to_owned();
    let found = troubles(nested.clone());
    assert!(
        found[0]
            .to_string()
            .contains("expected a vector of 3, found a number"),
        "{found:?}"
    );
    nested.definitions[0].1 = "v + w".to_owned();
    let at = Point::from_blocks(&[vec![0.7, 0.2, -0.4, 1.3], vec![-0.6]]);
    let found = built(nested.clone()).value(1, &at, &WorkToken::default());
    assert_relative_eq!(found, 1.4 * -0.4 - 0.4 + 1.4 * 0.2, max_relative = 1e-14);
    nested.definitions[2].1 = "x + u".to_owned();
    let found = troubles(nested);
    assert_eq!(found[0].to_string(), "circular definitions: u, v, t, u");
    assert_eq!(
        (found[0].place.clone(), found[0].span.clone()),
        (FormulaPart::Definition(0), 0..1)
    );
}

#[rstest]
fn what_does_not_matter_has_no_slope_even_where_its_own_is_infinite() {
    for objective in ["max(1, sqrt(x))", "3"] {
        let problem = built(draft(objective));
        let at = Point::zeros(problem.metadata().shape());
        let mut gradient = at.clone();
        gradient.values_mut().fill(7.0);
        problem.grad(1, &at, Levels::ALL, &mut gradient, &WorkToken::default());
        assert_eq!(gradient, at, "{objective}");
    }
}

#[rstest]
fn as_many_levels_as_are_allowed_can_be_raced() {
    let levels = (1..=limits::MOST_LEVELS)
        .map(|at| {
            let objective = if at == 1 {
                format!("(x{} - 1)^2", limits::MOST_LEVELS)
            } else {
                format!("(x{at} - x{})^2/2", at - 1)
            };
            LevelDraft {
                start: vec![2.0],
                ..level(&[&format!("x{at}")], &objective)
            }
        })
        .collect();
    let problem = built(Draft {
        levels,
        ..Draft::default()
    });
    let (end, word) = end_after(2, &problem, "implicit", &problem.metadata().start);
    assert_eq!(word, "budget");
    // each level copies the one above, so the leader descends a parabola
    assert!(1.0 < end[0] && end[0] < 1.99, "{end:?}");
}

#[rstest]
fn limits_are_said_before_anything_large_is_built() {
    for (formula, expected) in [
        ("(".repeat(60), "nested more than 50 deep"),
        ("-".repeat(60) + "x", "nested more than 50 deep"),
        ("x^".repeat(60) + "x", "nested more than 50 deep"),
        ("x".repeat(25), "a name has at most 24 characters"),
        ("x+".repeat(6000), "a formula has at most 10000 characters"),
        (
            "sum(i, 1, 999999999999, x)".to_owned(),
            "a sum of 999999999999 terms is too long",
        ),
        (
            "sum(i, 1, 9999, sum(j, 1, 9999, 1))".to_owned(),
            "more than 20000 operations",
        ),
        (
            "w[999999999*999999999*999999999]".to_owned(),
            "too large for a count",
        ),
        ("sum(i, -9e14, 9e14, x)".to_owned(), "is too long"),
    ] {
        let found = complaint(&formula);
        assert!(found.contains(expected), "{formula:.40}: {found}");
    }
    let mut large = draft("x");
    large.levels[1].variables = (0..400).map(|place| format!("y{place}[2]")).collect();
    assert!(
        troubles(large)[0]
            .to_string()
            .contains("at most 500 variables")
    );
    let mut deep = draft("x");
    deep.levels = (0..9).map(|at| level(&[&format!("x{at}")], "1")).collect();
    assert!(
        troubles(deep)[0]
            .to_string()
            .contains("9 levels, and at most 6")
    );
    // a sum of many terms is not deep
    let long = vec!["x"; 4000].join("+");
    assert_relative_eq!(value(&long), 2800.0, max_relative = 1e-12);
    // a definition that doubles another counts its own operations only, not the expanded ones
    let mut doubling = draft("d60");
    doubling.definitions = (1..=60)
        .map(|at| {
            let before = if at == 1 {
                "x".to_owned()
            } else {
                format!("d{}", at - 1)
            };
            (format!("d{at}"), format!("{before} + {before}"))
        })
        .collect();
    let at = Point::from_blocks(&[vec![1.0, 0.0, 0.0, 0.0], vec![0.0]]);
    let found = built(doubling).value(1, &at, &WorkToken::default());
    assert_eq!(found, 2.0_f64.powi(60));
}

#[rstest]
fn constants_with_a_range_are_parameters_of_the_problem() {
    let model = Model::parse(draft("a*x^2")).unwrap();
    let names: Vec<&str> = model.sliders().map(|(name, _)| name).collect();
    assert_eq!(names, ["a"]);
    let mut settings = Settings::of_model(model);
    let before = settings.clone();
    assert!(settings.declares("a") && !settings.declares("n"));
    assert_eq!(settings.number("a"), 2.5);
    settings.set("a", ParameterValue::Number(4.0)).unwrap();
    assert_eq!(settings.number("a"), 4.0);
    assert_ne!(settings, before);
    let at = Point::from_blocks(&[vec![0.5, 0.0, 0.0, 0.0], vec![0.0]]);
    assert_eq!(
        (FORMULA.build)(&settings).value(1, &at, &WorkToken::default()),
        1.0
    );
    let said = |result: Result<(), _>| {
        let error: problem::ParameterError = result.unwrap_err();
        error.to_string()
    };
    assert_eq!(
        said(settings.set("a", ParameterValue::Number(11.0))),
        "`a` must be a number from 0 to 10, not 11"
    );
    assert_eq!(
        said(settings.set("b", ParameterValue::Number(1.0))),
        "there is no parameter `b` (known: a)"
    );
    assert!(said(settings.set("n", ParameterValue::Number(1.0))).contains("no parameter `n`"));
}

#[rstest]
fn kinks_are_said_in_the_facts_and_smooth_squares_are_none() {
    let note = |objective: &str| {
        let problem = built(draft(objective));
        problem.metadata().lower_level.note.to_string()
    };
    for (kinked, named) in [
        ("abs(x)", "(abs)"),
        ("min(x, y) + abs(x)*min(x, 1)", "(min and abs)"),
        (
            "norm2(w) + floor(y) + if(x < 1, sign(x), max(x, y))",
            "(norm2, floor and 3 more)",
        ),
    ] {
        let note = note(kinked);
        assert!(note.contains(&format!("kinks or jumps {named},")), "{note}");
    }
    for smooth in ["abs(x)^2", "norm2(w)^2", "x"] {
        assert!(!note(smooth).contains("kinks"), "{smooth}");
    }
}

#[rstest]
fn the_referee_finds_the_minima_of_formulas_that_are_known_of_the_benchmarks() {
    for id in [
        "valleys",
        "pbgd",
        "cusp-jump",
        "mb-3-20",
        "tri-sin",
        "two-basin-ridge",
    ] {
        let [built_in, typed] = pair(problem::find(id).unwrap());
        assert!(typed.metadata().minima.is_empty());
        let with_minima = with_found_minima(&typed, &WorkToken::default());
        let known = built_in
            .metadata()
            .minima
            .iter()
            .find(|one| one.is_global)
            .unwrap();
        let found = with_minima
            .metadata()
            .minima
            .iter()
            .find(|one| one.is_global)
            .unwrap();
        assert_relative_eq!(known.value, found.value, epsilon = 1e-7);
        for (known, found) in known.blocks.iter().zip(&found.blocks) {
            for (known, found) in known.iter().flatten().zip(found.iter().flatten()) {
                assert_relative_eq!(known, found, epsilon = 1e-5);
            }
        }
        assert_eq!(known.site, found.site, "{id}");
    }
}

#[rstest]
fn minima_of_leaders_of_several_variables_are_found_by_descent() {
    // φ = (x₁² − 1)² + (x₂ − 1)², in a box that limits x₂ to a half
    let mut two = draft("(x[1]^2 - 1)^2 + (y - 1)^2 + 0.1*x[1]");
    two.levels[0].variables = vec!["x[2]".to_owned()];
    two.levels[0].bounds = vec![[-3.0, 0.5]];
    two.levels[1].objective = "(y - x[2])^2".to_owned();
    two.definitions.clear();
    let found = with_found_minima(&built(two), &WorkToken::default());
    let minima = &found.metadata().minima;
    let best = minima[0].blocks[0].as_ref().unwrap();
    // 4 x (x² − 1) + 0.1 = 0 near −1, by Newton's method
    assert_relative_eq!(best[0], -1.012_273_131_032_681, epsilon = 1e-6);
    assert_relative_eq!(best[1], 0.5, epsilon = 1e-12);
    assert_eq!(minima[0].site, problem::Site::Edge);
    assert!(minima[0].is_global);
    for id in ["chain", "quadratic"] {
        let [built_in, typed] = pair(problem::find(id).unwrap());
        let found = with_found_minima(&typed, &WorkToken::default());
        let (known, found) = (&built_in.metadata().minima[0], &found.metadata().minima[0]);
        assert_relative_eq!(known.value, found.value, epsilon = 1e-8);
        let pairs = known
            .blocks
            .iter()
            .flatten()
            .flatten()
            .zip(found.blocks.iter().flatten().flatten());
        for (known, found) in pairs {
            assert_relative_eq!(known, found, epsilon = 1e-6);
        }
    }
}

#[rstest]
fn badges_say_what_samples_of_the_box_say() {
    let token = WorkToken::default();
    let of = |id: &str| problem_checks(&*pair(problem::find(id).unwrap())[1], &token).unwrap();
    let tame = of("valleys");
    for badge in [&tame.finite, &tame.derivatives, &tame.convex, &tame.unique] {
        assert_eq!(badge.answer, CheckResult::Yes, "{}", badge.words);
    }
    assert_relative_eq!(tame.convex.number.unwrap(), 1.0, epsilon = 1e-12);
    // 2 + 2x cos 2(x + y) is 2 − 2x at its least, but the minimizer is unique
    let bent = of("pbgd");
    assert_eq!(bent.convex.answer, CheckResult::No, "{}", bent.convex.words);
    let at = bent.convex.at.as_ref().unwrap();
    let (x, y) = (at[1][0], at[2][0]);
    assert_relative_eq!(
        bent.convex.number.unwrap(),
        2.0 + 2.0 * x * (2.0 * (x + y)).cos(),
        epsilon = 1e-9
    );
    assert_eq!(
        bent.unique.answer,
        CheckResult::Yes,
        "{}",
        bent.unique.words
    );
    // infinitely many troughs of the same depth
    assert_eq!(of("sine").unique.answer, CheckResult::No);
    // the follower leaves one variable free
    let free = of("degenerate");
    assert_eq!(
        (free.convex.answer, free.unique.answer),
        (CheckResult::Yes, CheckResult::No)
    );
    let three = of("tri-log");
    assert_eq!(
        three.derivatives.answer,
        CheckResult::Yes,
        "{}",
        three.derivatives.words
    );
    let mut infinite = draft("log(x) + 1/y");
    infinite.levels[0].bounds = vec![[-1.0, 1.0], [-1.0, 1.0]];
    let found = problem_checks(&*built(infinite), &token).unwrap();
    assert_eq!(found.finite.answer, CheckResult::No);
    assert!(
        found
            .finite
            .words
            .contains("level 1 or its gradient is not finite at x = -"),
        "{}",
        found.finite.words
    );
    let counted = found
        .finite
        .words
        .contains(" of 96 points in all: `log(x)` in the objective of level 1 is undefined");
    assert!(counted, "{}", found.finite.words);
    let stopped = WorkToken::default();
    stopped.cancel();
    assert_eq!(problem_checks(&*built(draft("x")), &stopped), None);
}

#[rstest]
fn sliders_may_stand_at_any_value_of_their_range_without_another_check() {
    let mut text = draft("x^a + w[1]/a + log(a)*y + a^x");
    text.levels[1].objective = "(y - x^(a - 2))^2".to_owned();
    let mut settings = Settings::of_model(Model::parse(text).unwrap());
    let token = WorkToken::default();
    for value in [0.0, 0.5, 1.0, 2.0, 3.0, 2.5, 10.0] {
        settings.set("a", ParameterValue::Number(value)).unwrap();
        let problem = (FORMULA.build)(&settings);
        let at = Point::from_blocks(&[vec![0.7, 0.2, -0.4, 1.3], vec![-0.6]]);
        let expected = (0.6 + 0.7_f64.powf(value - 2.0)).powi(2);
        assert_relative_eq!(
            problem.value(2, &at, &token),
            expected,
            max_relative = 1e-13
        );
    }
}
