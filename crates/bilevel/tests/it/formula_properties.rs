//! Random formulas: printing and reading, values, gradients, and text that is no formula.

use approx::assert_relative_eq;
use bilevel::formula::{Expr, Factor, Fold, Function, Model, Node, Over, TermSign, parse, print};
use bilevel::numerics::{Levels, Nilpotent, Point, WorkToken, richardson};
use bilevel::problem::Problem;
use proptest::prelude::*;
use rstest::rstest;

use crate::formula::{draft, typed};

/// Random formulas over x, y, w, a and s; indices of sums occur as numbers.
fn tree(is_smooth: bool) -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (0_u32..100).prop_map(|whole| Node::Number(f64::from(whole))),
        (0.0..1e3_f64).prop_map(Node::Number),
        prop::sample::select(vec!["x", "y", "a", "s", "pi", "e"])
            .prop_map(|name| Node::Name(name.to_owned())),
        (1_u32..4).prop_map(|index| {
            let index = expr(Node::Number(f64::from(index)));
            Node::Element("w".to_owned(), Box::new(index))
        }),
    ];
    let functions: Vec<Function> = Function::ALL
        .iter()
        .map(|(function, _)| *function)
        .filter(|function| match function {
            // these take vectors
            Function::Dot | Function::Norm1 | Function::Norm2 | Function::Rows | Function::Cols => {
                false
            }
            Function::Abs | Function::Min | Function::Max | Function::Sign | Function::Floor => {
                !is_smooth
            }
            _ => true,
        })
        .collect();
    leaf.prop_map(expr).prop_recursive(5, 40, 3, move |inner| {
        let terms = (
            prop::sample::select(vec![TermSign::Plus, TermSign::Minus]),
            inner.clone(),
        );
        let factors = (
            prop::sample::select(vec![Factor::Times, Factor::Over]),
            inner.clone(),
        );
        let several = prop::collection::vec(inner.clone(), 2..4);
        let over = (
            0_i32..3,
            0_i32..4,
            inner.clone(),
            prop::sample::select(vec!["i", "j", "k"]),
            prop::sample::select(Fold::ALL.to_vec()),
        );
        prop_oneof![
            inner.clone().prop_map(|of| Node::Negative(Box::new(of))),
            (inner.clone(), prop::collection::vec(terms, 1..4))
                .prop_map(|(first, rest)| Node::Sum(Box::new(first), rest)),
            (inner.clone(), prop::collection::vec(factors, 1..4))
                .prop_map(|(first, rest)| Node::Product(Box::new(first), rest)),
            (inner.clone(), inner.clone())
                .prop_map(|(base, power)| Node::Power(Box::new(base), Box::new(power))),
            (prop::sample::select(functions.clone()), several).prop_map(|(function, mut all)| {
                if !matches!(
                    function,
                    Function::Min | Function::Max | Function::LogSumExp
                ) {
                    all.truncate(1);
                }
                Node::Call(function, all)
            }),
            over.prop_map(|(from, to, body, index, fold)| Node::Over(Box::new(Over {
                fold,
                index: index.to_owned(),
                from: expr(Node::Number(f64::from(from))),
                to: expr(Node::Number(f64::from(to))),
                body,
            }))),
        ]
        .prop_map(expr)
    })
}

fn expr(node: Node) -> Expr {
    Expr { node, span: 0..0 }
}

/// Intermediate results up to this leave digits for steps of 1e-4.
const MODERATE: f64 = 1e6;
/// The size of an intermediate result from which it is taken for a pole.
const POLE: f64 = 1e12;

/// The value of a formula at (x, w, y) by the arithmetic of its tree, NaN where rounding decides it or its slopes, and the
/// largest intermediate result.
fn plainly(formula: &Expr, at: &[f64; 5]) -> (f64, f64) {
    let mut largest = 0.0;
    let value = plain(formula, at, &mut largest);
    (value, largest)
}

fn plain(formula: &Expr, at: &[f64; 5], largest: &mut f64) -> f64 {
    let value = match &formula.node {
        Node::Number(number) => *number,
        Node::Name(name) => match name.as_str() {
            "x" => at[0],
            "y" => at[4],
            "s" => at[0] + at[4],
            "a" => 2.5,
            "pi" => std::f64::consts::PI,
            "e" => std::f64::consts::E,
            other => unreachable!("no leaf is {other}"),
        },
        Node::Element(_, index) => at[plain(index, at, largest) as usize],
        Node::Negative(of) => -plain(of, at, largest),
        Node::Sum(first, rest) => {
            let first = plain(first, at, largest);
            rest.iter().fold(first, |sum, (sign, term)| {
                let term = plain(term, at, largest);
                match sign {
                    TermSign::Plus => sum + term,
                    TermSign::Minus => sum - term,
                }
            })
        }
        Node::Product(first, rest) => {
            let first = plain(first, at, largest);
            rest.iter().fold(first, |product, (kind, factor)| {
                let factor = plain(factor, at, largest);
                match kind {
                    Factor::Times => product * factor,
                    Factor::Over => product / factor,
                }
            })
        }
        Node::Power(base, exponent) => {
            let base = plain(base, at, largest);
            let exponent = plain(exponent, at, largest);
            // a large exponent multiplies the last digit of the base
            if exponent.abs() > MODERATE {
                f64::NAN
            } else {
                base.powf(exponent)
            }
        }
        Node::Call(Function::LogSumExp, arguments) => {
            let terms = arguments.iter().map(|term| plain(term, at, largest));
            let terms: Vec<f64> = terms.collect();
            let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            most + terms
                .iter()
                .map(|term| (term - most).exp())
                .sum::<f64>()
                .ln()
        }
        Node::Call(function, arguments) => called(*function, plain(&arguments[0], at, largest)),
        Node::Vector(_) | Node::Entry(..) | Node::If(_) | Node::Broken(_) => {
            unreachable!("none is drawn")
        }
        Node::Over(over) => {
            let (from, to) = (plain(&over.from, at, largest), plain(&over.to, at, largest));
            let count = (to - from + 1.0).max(0.0);
            // the body does not mention the index
            match over.fold {
                Fold::Sum if count > 0.0 => count * plain(&over.body, at, largest),
                Fold::Product if count > 0.0 => plain(&over.body, at, largest).powf(count),
                Fold::Sum => 0.0,
                Fold::Product => 1.0,
            }
        }
    };
    *largest = if value.is_nan() {
        f64::INFINITY
    } else {
        largest.max(value.abs())
    };
    value
}

/// A function's value; NaN where the last digit of `a` decides it, or its slope.
fn called(function: Function, a: f64) -> f64 {
    match function {
        Function::Exp => a.exp(),
        Function::Log => a.ln(),
        Function::Sqrt => a.sqrt(),
        // a large angle has no digit left after the period
        Function::Sin | Function::Cos | Function::Tan if a.abs() > MODERATE => f64::NAN,
        // an infinite slope multiplies the last digit
        Function::Asin | Function::Acos | Function::Acosh | Function::Atanh
            if (a.abs() - 1.0).abs() < 1e-6 =>
        {
            f64::NAN
        }
        Function::Sin => a.sin(),
        Function::Cos => a.cos(),
        Function::Tan => a.tan(),
        Function::Asin => a.asin(),
        Function::Acos => a.acos(),
        Function::Atan => a.atan(),
        Function::Sinh => a.sinh(),
        Function::Cosh => a.cosh(),
        Function::Tanh => a.tanh(),
        Function::Asinh => a.asinh(),
        Function::Acosh => a.acosh(),
        Function::Atanh => a.atanh(),
        Function::Softplus => a.exp().ln_1p(),
        Function::Sigmoid => 1.0 / (1.0 + (-a).exp()),
        Function::Erf => libm::erf(a),
        other => unreachable!("no smooth tree calls {other:?}"),
    }
}

/// The gradient of the leader's objective by the sweep back, and by numbers that carry their derivatives.
fn gradients(problem: &dyn Problem, at: &[f64]) -> [Vec<f64>; 2] {
    let (shape, token) = (problem.metadata().shape(), WorkToken::default());
    let point = Point::from_values(shape, at.to_vec()).expect("one number for each variable");
    let mut gradient = Point::zeros(shape);
    problem.grad(1, &point, Levels::ALL, &mut gradient, &token);
    let exact = (0..at.len()).map(|place| {
        let mut lifted: Vec<Nilpotent> = at.iter().map(|&value| value.into()).collect();
        lifted[place] += Nilpotent::generator(0);
        problem.higher(1, &lifted, &token).coefficient(1)
    });
    [gradient.values().to_vec(), exact.collect()]
}

/// The value of the leader's objective.
fn value(problem: &dyn Problem, at: &[f64]) -> f64 {
    let point = Point::from_values(problem.metadata().shape(), at.to_vec())
        .expect("one number for each variable");
    problem.value(1, &point, &WorkToken::default())
}

/// One, the size of a value and of its slopes: terms that cancel leave the rounding of their own size.
fn size(value: f64, slopes: &[f64]) -> f64 {
    slopes
        .iter()
        .fold(1.0 + value.abs(), |size, slope| size + slope.abs())
}

/// x = 1.7, and powers of it whose squares overflow or underflow.
#[rstest]
#[case("acosh(x^700)", 700.0 / 1.7)]
#[case("asinh(-x^700)", -700.0 / 1.7)]
#[case("log(x^-700)", -700.0 / 1.7)]
#[case("x^701/x^700", 1.0)]
#[case("x^-700/x^-701", 1.0)]
#[case("sqrt(x^1300)/x^650", 0.0)]
#[case("(x^1300)^(1/650)", 2.0 * 1.7)]
#[case("abs(x^700)/x^699", 1.0)]
#[case("log(exp(400*x))", 400.0)]
#[case("log(cosh(600*x))", 600.0)]
#[case("tanh(x^700)", 0.0)]
#[case("atan(x^700)", 0.0)]
#[case("sigmoid(-x^700)", 0.0)]
#[case("softplus(x^700)/x^699", 1.0)]
fn slopes_outlast_large_and_tiny_intermediate_results(#[case] formula: &str, #[case] slope: f64) {
    let problem = typed(Model::parse(draft(formula)).unwrap());
    for gradient in gradients(&*problem, &[1.7; 5]) {
        assert_relative_eq!(gradient[0], slope, max_relative = 1e-10, epsilon = 1e-10);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn what_is_printed_reads_as_the_same_formula(formula in tree(false)) {
        let printed = print(&formula);
        let read = parse(&printed).unwrap_or_else(|trouble| panic!("{printed}: {trouble}"));
        prop_assert_eq!(&read, &formula, "{}", printed);
        prop_assert_eq!(print(&read), printed);
    }

    #[test]
    fn values_and_gradients_of_any_formula_are_right(
        formula in tree(true),
        at in prop::array::uniform5(0.1..1.9_f64),
    ) {
        let printed = print(&formula);
        let (plain, largest) = plainly(&formula, &at);
        // a sum within a sum over the same index is refused
        let Ok(model) = Model::parse(draft(&printed)) else {
            return Ok(());
        };
        if plain.is_nan() {
            return Ok(());
        }
        let problem = typed(model);
        let value_here = value(&*problem, &at);
        let [gradient, exact] = gradients(&*problem, &at);
        let scale = size(value_here, &exact);
        for (slope, exact) in gradient.iter().zip(&exact) {
            // beside a pole the last digit of an argument decides its size, as in 1/sin(pi)
            if slope.is_finite() && scale.is_finite() && largest < POLE {
                prop_assert!((slope - exact).abs() <= 1e-6 * scale, "{printed}: {slope} and {exact} exactly");
            }
        }

        // a large number swallows digits, and the steps of differences
        if largest > MODERATE || !scale.is_finite() {
            return Ok(());
        }
        prop_assert!((value_here - plain).abs() <= 1e-7 * scale, "{printed}: {value_here} and {plain}");
        let differences = |step| richardson(&at, step, |at| value(&*problem, at));
        let (Some(coarse), Some(fine)) = (differences(1e-3), differences(1e-4)) else {
            return Ok(());
        };
        let scale = size(value_here, &coarse);
        for ((slope, coarse), fine) in gradient.iter().zip(&coarse).zip(&fine) {
            // differences that disagree with each other prove nothing
            if slope.is_finite() && (coarse - fine).abs() <= 1e-7 * scale {
                prop_assert!((slope - coarse).abs() <= 1e-5 * scale, "{printed}: {slope} and {coarse}");
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_of_formulas_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        words in prop::collection::vec(prop::sample::select(vec![
            "x", "w", "[", "]", "(", ")", "sum(", "i", ",", "1", "0.5", "^", "-", "*", "/", "+", "dot(", "max(", "e", "\u{2212}", "1e9", "s",
        ]), 0..30),
    ) {
        let _either = Model::parse(draft(&String::from_utf8_lossy(&bytes)));
        if let Ok(model) = Model::parse(draft(&words.concat())) {
            let problem = typed(model);
            let mut gradient = Point::zeros(problem.metadata().shape());
            problem.grad(1, &problem.metadata().start, Levels::ALL, &mut gradient, &WorkToken::default());
        }
        let mut named = draft("x");
        named.levels[0].variables[0] = words.concat();
        named.definitions[0].0 = words.concat();
        let _either = Model::parse(named);
    }
}
