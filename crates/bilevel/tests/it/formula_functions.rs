//! Functions of typed formulas: values, derivatives against central differences, vectors, and what stands for functions
//! and signs of other languages.

use std::sync::Arc;

use approx::assert_relative_eq;
use bilevel::formula::{Fold, Function, LATER_NAMES, Model, parse, print};
use bilevel::numerics::{Levels, Nilpotent, Point, WorkToken, richardson};
use bilevel::problem::Problem;
use rstest::rstest;

use crate::formula::{draft, typed};

fn built(objective: &str) -> Arc<dyn Problem> {
    let model = Model::parse(draft(objective));
    typed(model.unwrap_or_else(|troubles| panic!("{objective}: {troubles:?}")))
}

/// x = 0.7, w = (0.2, −0.4, 1.3), y = −0.6.
fn place() -> Point {
    Point::from_blocks(&[vec![0.7, 0.2, -0.4, 1.3], vec![-0.6]])
}

fn value(objective: &str) -> f64 {
    built(objective).value(1, &place(), &WorkToken::default())
}

#[rstest]
fn functions_mean_what_they_mean_on_paper() {
    let [x, y] = [0.7_f64, -0.6_f64];
    for (objective, expected) in [
        ("sign(x) + 2*sign(y) + 4*sign(x - x)", -1.0),
        ("floor(x) + 10*floor(y) + 100*floor(-2)", -210.0),
        ("floor(10*x + 1/2)", 7.0),
        // Abramowitz and Stegun, table 7.1: erf(0.7) and erf(0.6)
        ("erf(x)", 0.677_801_193_8),
        ("erf(y)", -0.603_856_090_8),
        ("norm1(w)", 1.9),
        ("norm1(2*w)", 3.8),
        ("logsumexp(x, y)", (x.exp() + y.exp()).ln()),
        (
            "logsumexp(w)",
            (0.2_f64.exp() + (-0.4_f64).exp() + 1.3_f64.exp()).ln(),
        ),
        ("logsumexp([x, y])", (x.exp() + y.exp()).ln()),
        ("logsumexp(1000*x, 1000*x)", 700.0 + 2.0_f64.ln()),
        (
            "logsumexp(x - 2000, y - 2000) + 2000",
            (x.exp() + y.exp()).ln(),
        ),
        ("prod(i, 1, n, w[i])", 0.2 * -0.4 * 1.3),
        ("prod(i, 1, 5, i)", 120.0),
        ("prod(i, 2, 1, x)", 1.0),
        ("sum(i, 1, n, prod(j, 1, i, w[j]))", 0.2 - 0.08 - 0.104),
        ("dot([1, 2, 3], w)", 0.2 - 0.8 + 3.9),
        ("norm2(w - [0.2, x, 2*x])", 1.1_f64.hypot(0.1)),
        ("dot(x*[1, y], [2, 1])", 1.4 - 0.42),
        ("if(x < y, 1, 2) + 10*if(x > y, 1, 2)", 12.0),
        ("if(x <= x, 1, 2) + 10*if(x < x, 1, 2)", 21.0),
        ("if(y >= -0.6, 1, 2) + 10*if(y ≤ x, x, log(y))", 8.0),
        ("if(2 > 1, x, y) + if(n < 3, x, y)", 0.1),
    ] {
        assert_relative_eq!(
            value(objective),
            expected,
            max_relative = 1e-9,
            epsilon = 1e-9
        );
    }
}

#[rstest]
fn derivatives_agree_with_central_differences() {
    let token = WorkToken::default();
    for objective in [
        "erf(x*y)*w[1] + erf(3*x)",
        "exp(erf(w[2] - y))",
        "norm1(w + [x, y, x*y])",
        "logsumexp(x*w[1], y, x^2)",
        "logsumexp(x*w)",
        "prod(i, 1, n, w[i] - x*y)",
        "sign(x)*x^2 + sign(y)*w[1]^3",
        "floor(3*x)*y^2 + x*floor(y)",
        "dot([x, y, x*y], w) + norm2([x, y])",
        "softplus(x - w[3])*sigmoid(y)",
        "if(x*y < 0, x^3*y, exp(x)) + if(x > 1, log(x - 1), w[1]^2*x)",
    ] {
        let problem = built(objective);
        let at = place();
        let shape = at.shape();
        let of =
            |values: &[f64]| Point::from_values(shape, values.to_vec()).expect("of this shape");
        let mut gradient = Point::zeros(shape);
        problem.grad(1, &at, Levels::ALL, &mut gradient, &token);
        let differences = richardson(at.values(), 1e-3, |values| {
            problem.value(1, &of(values), &token)
        });
        let differences = differences.expect("values are finite");
        for (found, expected) in gradient.values().iter().zip(&differences) {
            assert_relative_eq!(*found, *expected, max_relative = 1e-8, epsilon = 1e-9);
        }
        for first in 0..shape.total() {
            // second derivatives by nilpotent numbers, against differences of the gradient
            let differences = richardson(at.values(), 1e-3, |values| {
                let mut gradient = Point::zeros(shape);
                problem.grad(1, &of(values), Levels::ALL, &mut gradient, &token);
                gradient.values()[first]
            });
            let differences = differences.expect("slopes are finite");
            for (second, expected) in differences.iter().enumerate() {
                let mut lifted: Vec<Nilpotent> = at.values().iter().map(|&v| v.into()).collect();
                lifted[first] += Nilpotent::generator(0);
                lifted[second] += Nilpotent::generator(1);
                let found = problem.higher(1, &lifted, &token).coefficient(3);
                assert_relative_eq!(found, *expected, max_relative = 1e-7, epsilon = 1e-8);
            }
        }
    }
}

#[rstest]
fn vectors_and_products_print_as_they_are_read() {
    for text in [
        "dot([1, 2, 3], w)",
        "prod(i, 1, n, w[i]*x)",
        "norm1([x, (x + y)*2, -y])",
        "logsumexp(x, y, 1)",
        "2*if(x + 1 <= -y, x, if(x > y, 1, 2))^2",
    ] {
        let tree = parse(text).expect("the formula is right");
        assert_eq!(parse(&print(&tree)).expect("it reads back"), tree, "{text}");
    }
    assert!(parse("[]").is_err());
    assert!(
        Model::parse(draft("[x, y]")).is_err(),
        "an objective is one number"
    );
}

#[rstest]
fn a_definition_may_be_a_vector() {
    let mut vector = draft("dot(v, w) + v[2]");
    vector
        .definitions
        .push(("v".to_owned(), "[1, x, 2*y]".to_owned()));
    let problem = typed(Model::parse(vector).expect("the draft is right"));
    let found = problem.value(1, &place(), &WorkToken::default());
    assert_relative_eq!(found, 0.2 - 0.28 - 1.56 + 0.7, max_relative = 1e-12);
}

#[rstest]
fn matrices_have_rows_and_entries() {
    let of = |objective: &str| {
        let mut matrix = draft(objective);
        let rows = "[[1, x, 2], [0, -1, y], w]";
        matrix.definitions.push(("A".to_owned(), rows.to_owned()));
        Model::parse(matrix)
    };
    for (objective, expected) in [
        ("A[1, 2] + 10*A[2][3]", 0.7 - 6.0),
        ("dot(A[1], w) + norm1(A[2])", 0.2 - 0.28 + 2.6 + 1.6),
        (
            "sum(i, 1, n, dot(A[i], w)*w[i])",
            0.2 * 2.52 + (-0.4 * (0.4 - 0.78)) + 1.3 * 1.89,
        ),
        ("A[3, n]^2", 1.69),
    ] {
        let problem = typed(of(objective).expect("the draft is right"));
        let found = problem.value(1, &place(), &WorkToken::default());
        assert_relative_eq!(found, expected, max_relative = 1e-12);
        let printed = print(&parse(objective).expect("it is right"));
        assert_eq!(
            parse(&printed).expect("it reads back"),
            parse(objective).expect("it is right")
        );
    }
    for (objective, said) in [
        (
            "2*A",
            "a matrix is used by its rows, such as A[1], and entries, such as A[1, 2]",
        ),
        ("A[1]", "expected a number, found a vector of 3"),
        ("A[4, 1]", "an index from 1 to 3 for `A`, found 4"),
        ("w[1, 2]", "`w` is a vector, and its entries have one index"),
    ] {
        let found = of(objective).expect_err("it is wrong")[0].to_string();
        assert!(found.contains(said), "{objective}: {found}");
    }
    let troubles = Model::parse(draft("dot([[1, 2], [3]], w)")).expect_err("rows differ");
    assert!(
        troubles[0]
            .to_string()
            .contains("a vector of 2, found one of 1"),
        "{troubles:?}"
    );
}

fn complaint(objective: &str) -> String {
    let troubles = Model::parse(draft(objective)).expect_err("this was accepted");
    troubles[0].to_string()
}

#[rstest]
fn what_other_languages_write_is_answered_by_what_this_one_does() {
    for (objective, said) in [
        ("x**2", "a power is written with `^`, such as x^2"),
        (
            "x²",
            "`²` is no sign of formulas: a power is written with `^`, such as x^2",
        ),
        (
            "ln(x)",
            "there is no function `ln`; the natural logarithm is log(x)",
        ),
        (
            "log10(x)",
            "there is no function `log10`; the decimal logarithm is log(x)/log(10)",
        ),
        (
            "pow(x, 2)",
            "there is no function `pow`; a power is written x^2",
        ),
        ("relu(x)", "there is no function `relu`; write max(x, 0)"),
        (
            "if(x, 1, 2)",
            "expected <, <=, > or >=, as in if(a < b, u, v), found `,`",
        ),
        (
            "x <= 1",
            "a comparison stands only in if(a < b, u, v); there are no constraints but `bounds`",
        ),
        (
            "x = 1",
            "`=` is no sign of formulas: there are no equations",
        ),
        (
            "|x|",
            "`|` is no sign of formulas: an absolute value is written abs(x)",
        ),
        (
            "π*x",
            "there is no variable, constant or definition `π`; the number is written pi",
        ),
        (
            "inf*x",
            "there is no variable, constant or definition `inf`; formulas have finite numbers",
        ),
        (
            "foo(x)",
            "there is no function `foo`; a product is written with `*`",
        ),
        (
            "sum(i, 1, 0.5, x)",
            "expected a whole number made of numbers, indices and constants without a range, found 0.5",
        ),
        ("w[x + 1]", "found `x`"),
        ("x & 1", "expected a number, a name or one of"),
        ("norm1(x)", "expected a vector"),
        ("logsumexp(x)", "expected a vector"),
        (
            "prod(i, 1, 3)",
            "expected four arguments, as in prod(i, 1, n, a), found 3",
        ),
    ] {
        let found = complaint(objective);
        assert!(found.contains(said), "{objective}: {found}");
    }
}

#[rstest]
fn reserved_names_tell_their_meaning() {
    let mut taken = draft("x");
    taken.definitions.push(("e".to_owned(), "x".to_owned()));
    let troubles = Model::parse(taken).expect_err("e is a number");
    assert_eq!(
        troubles[0].to_string(),
        "`e` is reserved for the number 2.718…; choose another name"
    );
}

#[rstest]
fn every_function_is_found_by_its_name() {
    for (function, info) in Function::ALL {
        assert_eq!(Function::find(info.name), Some(function));
        assert_eq!(function.info().name, info.name);
        assert!(info.call.starts_with(info.name));
    }
    for fold in Fold::ALL {
        assert_eq!(Fold::find(fold.info().name), Some(fold));
    }
}

#[rstest]
fn later_functions_leave_their_names_to_files_that_declare_them() {
    for name in LATER_NAMES {
        let mut earlier = draft(&format!("{name}*x + y"));
        earlier
            .definitions
            .push((name.to_owned(), "3*x".to_owned()));
        let problem = typed(Model::parse(earlier).expect("an earlier file"));
        let found = problem.value(1, &place(), &WorkToken::default());
        assert_relative_eq!(found, 3.0 * 0.49 - 0.6, max_relative = 1e-12);
    }
}

#[rstest]
fn the_branch_that_is_not_taken_need_not_be_defined() {
    let problem = built("if(x > 0, log(x), log(-x)) + if(y > 0, sqrt(y), 0)");
    let token = WorkToken::default();
    let mut gradient = Point::zeros(place().shape());
    problem.grad(1, &place(), Levels::ALL, &mut gradient, &token);
    assert_relative_eq!(gradient[1][0], 1.0 / 0.7, max_relative = 1e-12);
    assert_eq!(gradient[2][0].to_bits(), 0.0_f64.to_bits());
    assert_eq!(problem.undefined(1, &place(), 1), None);
}
