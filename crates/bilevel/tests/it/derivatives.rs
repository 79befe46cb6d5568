//! Every problem's derivatives against the nilpotent scalar and central differences, and the referee against itself.

use std::borrow::Cow;

use approx::assert_relative_eq;
use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::numerics::{Blocks, Levels, Nilpotent, Point, Scalar, Shape, WorkToken, richardson};
use bilevel::problem::{PROBLEMS, Problem, Settings};
use bilevel::referee::Referee;
use rstest::rstest;

/// Points spread around the default start, the same in every run of the test; inside the box, with room for
/// differences.
fn points(problem: &dyn Problem) -> Vec<Point> {
    const ROOM: f64 = 0.01;
    let metadata = problem.metadata();
    let start = &metadata.start;
    (0..10)
        .map(|number| {
            let mut point = start.clone();
            for (i, value) in point.values_mut().iter_mut().enumerate() {
                *value += 2.0 * ((number * 7 + i * 3) as f64 * 0.754_877_666).fract() - 1.0;
            }
            for level in 1..=start.shape().levels() {
                for (value, [low, high]) in
                    point[level].iter_mut().zip(metadata.bounds.limits(level))
                {
                    *value = value.clamp(low + ROOM, high - ROOM);
                }
            }
            point
        })
        .collect()
}

fn with_generators(point: &Point, directions: &[usize]) -> Vec<Nilpotent> {
    let mut lifted: Vec<Nilpotent> = point.values().iter().map(|&value| value.into()).collect();
    for (generator, &variable) in directions.iter().enumerate() {
        lifted[variable] += Nilpotent::generator(generator);
    }
    lifted
}

#[rstest]
fn gradients_agree_with_nilpotent_numbers_and_with_differences() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        for point in points(&*problem) {
            for level in 1..=point.shape().levels() {
                let mut gradient = Point::zeros(point.shape());
                problem.grad(level, &point, Levels::ALL, &mut gradient, &token);
                let differences = richardson(point.values(), 1e-3, |values| {
                    let moved = Point::from_values(point.shape(), values.to_vec()).unwrap();
                    problem.value(level, &moved, &token)
                });
                for (i, difference) in differences.unwrap().into_iter().enumerate() {
                    let exact = problem
                        .higher(level, &with_generators(&point, &[i]), &token)
                        .coefficient(1);
                    assert_relative_eq!(
                        gradient.values()[i],
                        exact,
                        epsilon = 1e-12,
                        max_relative = 1e-12
                    );
                    assert_relative_eq!(
                        gradient.values()[i],
                        difference,
                        epsilon = 1e-7,
                        max_relative = 1e-7
                    );
                }
            }
        }
    }
}

#[rstest]
fn second_derivative_products_agree_with_nilpotent_numbers() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        for point in points(&*problem) {
            let shape = point.shape();
            let levels = 1..=shape.levels();
            for level in levels.clone() {
                for (wrt, along) in levels
                    .clone()
                    .flat_map(|wrt| levels.clone().map(move |along| (wrt, along)))
                {
                    let direction: Vec<f64> =
                        (0..shape.size(along)).map(|i| 0.5 + i as f64).collect();
                    let mut product = vec![0.0; shape.size(wrt)];
                    problem.product(
                        level,
                        &point,
                        [wrt, along],
                        &direction,
                        &mut product,
                        &token,
                    );
                    for (i, row) in shape.range(wrt).enumerate() {
                        let exact: f64 = shape
                            .range(along)
                            .zip(&direction)
                            .map(|(column, component)| {
                                let at = with_generators(&point, &[row, column]);
                                problem.higher(level, &at, &token).coefficient(3) * component
                            })
                            .sum();
                        assert_relative_eq!(
                            product[i],
                            exact,
                            epsilon = 1e-11,
                            max_relative = 1e-11
                        );
                    }
                }
            }
        }
    }
}

#[rstest]
fn a_closed_form_gradient_fills_just_the_blocks_that_are_asked_for() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let point = &points(&*problem)[3];
        let mut all = Point::zeros(point.shape());
        for objective in 1..=point.shape().levels() {
            problem.grad(objective, point, Levels::ALL, &mut all, &token);
            for wanted in 1..=point.shape().levels() {
                let mut one = Point::zeros(point.shape());
                one.values_mut().fill(f64::NAN);
                problem.grad(objective, point, Levels::only(wanted), &mut one, &token);
                for level in 1..=point.shape().levels() {
                    if level == wanted {
                        assert_eq!(one[level], all[level], "{}", entry.id);
                    } else {
                        assert!(
                            one[level].iter().all(|value| value.is_nan()),
                            "{}",
                            entry.id
                        );
                    }
                }
            }
        }
    }
}

#[rstest]
fn the_referee_finds_by_its_own_solves_what_closed_forms_say() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let referee = Referee::new(&*problem, &token);
        for point in points(&*problem) {
            let Some(known) = problem.known_reaction(&point) else {
                let has_none = point.shape().levels() > 2 || entry.id == "mirrlees";
                assert!(has_none, "{}: a closed form", entry.id);
                continue;
            };
            let solved = referee
                .without_closed_forms()
                .lower(&point)
                .expect("a solution");
            assert_relative_eq!(
                known.value,
                solved.value,
                epsilon = 1e-11,
                max_relative = 1e-11
            );
            assert_eq!(known.is_unique, solved.is_unique, "{}", entry.id);
            // if the minimizer is not unique, both must have the value that the level above prefers
            let [of_known, of_solved] = [&known, &solved].map(|solution| {
                let mut answered = point.clone();
                let level = point.shape().levels();
                answered[level].copy_from_slice(&solution.argmin);
                problem.value(level - 1, &answered, &token)
            });
            assert_relative_eq!(of_known, of_solved, epsilon = 1e-7, max_relative = 1e-7);
            if known.is_unique {
                for (a, b) in known.argmin.iter().zip(&solved.argmin) {
                    assert_relative_eq!(a, b, epsilon = 1e-7);
                }
            }
            assert!(referee.gap(&point).expect("a gap") >= 0.0);
        }
    }
}

#[rstest]
fn nested_solves_find_the_answers_that_closed_forms_give() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        // two tied answers: a solve may find either
        if entry.id == "tsg-quartic" {
            continue;
        }
        for point in points(&*problem) {
            let Some(known) = problem.known_answers(&point) else {
                continue;
            };
            let solved = Referee::new(&*problem, &token)
                .without_closed_forms()
                .answered(&point)
                .expect("answers");
            for (known, solved) in known.values().iter().zip(solved.values()) {
                assert_relative_eq!(known, solved, epsilon = 1e-10);
            }
        }
    }
}

#[rstest]
fn the_reduced_gradient_agrees_with_differences_of_the_reduced_objective() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        // the answers are not unique, and solves switch between them
        if entry.id == "tsg-quartic" {
            continue;
        }
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let referee = Referee::new(&*problem, &token);
        for point in points(&*problem) {
            let gradient = referee.reduced_gradient(&point).expect("a gradient");
            let differences = richardson(&point[1], 1e-3, |x| {
                let mut moved = point.clone();
                moved[1].copy_from_slice(x);
                referee.reduced(&moved).unwrap()
            });
            for (a, b) in gradient.iter().zip(differences.unwrap()) {
                assert_relative_eq!(*a, b, epsilon = 1e-7, max_relative = 1e-7);
            }
        }
    }
}

#[rstest]
fn known_optima_are_where_the_reduced_objective_is_least() {
    let token = WorkToken::default();
    for entry in PROBLEMS {
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let referee = Referee::new(&*problem, &token);
        let minimum = problem
            .metadata()
            .minima
            .iter()
            .find(|minimum| minimum.is_global)
            .expect("an optimum");
        for point in points(&*problem) {
            assert!(
                referee.reduced(&point).unwrap() >= minimum.value - 1e-12,
                "{}",
                entry.id
            );
        }
        if let Some(x) = &minimum.blocks[0] {
            let mut optimum = problem.metadata().start.clone();
            optimum[1].copy_from_slice(x);
            assert_relative_eq!(
                referee.reduced(&optimum).unwrap(),
                minimum.value,
                epsilon = 1e-12
            );
        }
    }
}

#[rstest]
fn the_coresets_infimum_is_approached_along_the_edge() {
    let entry = bilevel::problem::find("coreset").unwrap();
    let problem = (entry.build)(&Settings::new(entry.parameters));
    let mut point = problem.metadata().start.clone();
    // weights 0.8 on the second point and 0.2 on the fourth, e⁻⁴⁰ on the others
    point[1].copy_from_slice(&[-40.0, 4.0_f64.ln(), -40.0, 0.0]);
    let phi = Referee::new(&*problem, &WorkToken::default())
        .reduced(&point)
        .unwrap();
    assert_relative_eq!(phi, 0.72, epsilon = 1e-12);
}

/// The scalar objectives of a trilevel chain, as the test of `higher` needs them.
trait ThreeLevels {
    fn f1<S: Scalar>(&self, x: S, y: S, z: S) -> S;
    fn f2<S: Scalar>(&self, x: S, y: S, z: S) -> S;
    fn f3<S: Scalar>(&self, x: S, y: S, z: S) -> S;
}

/// f1 = (z − ln 2)² + 0.05 (x − 1)²; f2 = eᶻ/2 − x y; f3 = eᶻ − z (1 + y²).
struct TriLog;

impl ThreeLevels for TriLog {
    fn f1<S: Scalar>(&self, x: S, _y: S, z: S) -> S {
        (z - 2.0_f64.ln()).square() + (x - 1.0).square() * 0.05
    }
    fn f2<S: Scalar>(&self, x: S, y: S, z: S) -> S {
        z.exp() * 0.5 - x * y
    }
    fn f3<S: Scalar>(&self, _x: S, y: S, z: S) -> S {
        z.exp() - z * (y.square() + 1.0)
    }
}

/// Player k's loss is −xₖ (10 exp(−Σ xᵢ / 4) − 1).
struct ExponentialStackelberg;

impl ExponentialStackelberg {
    fn loss<S: Scalar>(own: S, x: S, y: S, z: S) -> S {
        -own * (((x + y + z) * -0.25).exp() * 10.0 - 1.0)
    }
}

impl ThreeLevels for ExponentialStackelberg {
    fn f1<S: Scalar>(&self, x: S, y: S, z: S) -> S {
        Self::loss(x, x, y, z)
    }
    fn f2<S: Scalar>(&self, x: S, y: S, z: S) -> S {
        Self::loss(y, x, y, z)
    }
    fn f3<S: Scalar>(&self, x: S, y: S, z: S) -> S {
        Self::loss(z, x, y, z)
    }
}

/// An adapter of the objectives to the object-safe trait that methods see.
struct Wrapped<P>(P);

impl<P: ThreeLevels + Send + Sync + 'static> bilevel::problem::Objectives for Wrapped<P> {
    fn metadata(&self) -> bilevel::problem::Metadata {
        use bilevel::numerics::{Bounds, MAX_GENERATORS};
        use bilevel::problem::{Curvature, LowerLevel, Metadata};
        let start = Point::from_blocks(&[vec![1.0], vec![1.0], vec![1.0]]);
        Metadata {
            formulas: Vec::new(),
            symbols: vec!["x", "y", "z"],
            names: Vec::new(),
            bounds: Bounds::none(Shape::new(&[1, 1, 1])),
            start,
            planes: Vec::new(),
            minima: Vec::new(),
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: None,
                note: Cow::Borrowed(""),
            },
            metrics: Vec::new(),
            highest_order: MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y, z) = (at[1][0], at[2][0], at[3][0]);
        match level {
            1 => self.0.f1(x, y, z),
            2 => self.0.f2(x, y, z),
            _ => self.0.f3(x, y, z),
        }
    }
}

/// Index of the generator along a level's own variable; the others follow the responses.
const OWN: usize = 5;
const ALONG_X: usize = 0;
const ALONG_Y: usize = 1;
const SECOND: usize = 2;

/// A response in nilpotent numbers by chord steps y ← y − G(y) / H, each of which makes one more order exact.
fn chord(start: f64, mut slope: impl FnMut(Nilpotent) -> Nilpotent) -> Nilpotent {
    let mut y = Nilpotent::constant(start);
    // Newton's method in the real part; one more generator gives the curvature
    let mut curvature = 1.0;
    for _ in 0..100 {
        let at = slope(Nilpotent::constant(y.real()) + Nilpotent::generator(SECOND + 1));
        curvature = at.coefficient(1 << (SECOND + 1));
        let step = slope(Nilpotent::constant(y.real())).real() / curvature;
        y = Nilpotent::constant(y.real() - step);
        if step.abs() < 1e-15 {
            break;
        }
    }
    for _ in 0..4 {
        y = y - slope(y) / curvature;
    }
    y
}

/// (dy*/dx, dz*/dx, dφ/dx) at x, through the object-safe `higher` alone.
fn responses(problem: &dyn Problem, x: f64, near: [f64; 2]) -> [f64; 3] {
    let token = WorkToken::default();
    let higher = |level: usize, x: Nilpotent, y: Nilpotent, z: Nilpotent| {
        problem.higher(level, &[x, y, z], &token)
    };
    // z*(x, y), from ∂f₃/∂z = 0
    let third = |x: Nilpotent, y: Nilpotent| {
        chord(near[1], |z| {
            let real = |value: Nilpotent| {
                if z.coefficient(1 << (SECOND + 1)) == 0.0 {
                    value
                } else {
                    Nilpotent::constant(value.real())
                }
            };
            higher(3, real(x), real(y), z + Nilpotent::generator(OWN)).derivative(OWN)
        })
    };
    // y*(x), from d/dy f₂(x, y, z*(x, y)) = 0
    let second_slope = |x: Nilpotent, y: Nilpotent| {
        let y = y + Nilpotent::generator(ALONG_Y);
        higher(2, x, y, third(x, y)).derivative(ALONG_Y)
    };
    let mut y = near[0];
    let mut curvature = 1.0;
    for _ in 0..100 {
        let at = second_slope(
            x.into(),
            Nilpotent::constant(y) + Nilpotent::generator(SECOND),
        );
        curvature = at.coefficient(1 << SECOND);
        let step = at.real() / curvature;
        y -= step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    let moved = Nilpotent::constant(x) + Nilpotent::generator(ALONG_X);
    let mut answer = Nilpotent::constant(y);
    for _ in 0..2 {
        answer = answer - second_slope(moved, answer) / curvature;
    }
    let deepest = third(moved, answer);
    let reduced = higher(1, moved, answer, deepest);
    [
        answer.coefficient(1 << ALONG_X),
        deepest.coefficient(1 << ALONG_X),
        reduced.coefficient(1 << ALONG_X),
    ]
}

#[rstest]
fn three_level_responses_of_tri_log_are_exact() {
    let problem = bilevel::problem::Differentiated::new(Wrapped(TriLog));
    for x in [0.6, 1.0, 1.7] {
        // y*(x) = x and z*(x) = ln(1 + x²)
        let [dy, dz, dphi] = responses(&problem, x, [x + 0.1, 0.7]);
        let slope = 2.0 * x / (1.0 + x * x);
        let phi = 2.0 * ((x * x).ln_1p() - 2.0_f64.ln()) * slope + 0.1 * (x - 1.0);
        assert_relative_eq!(dy, 1.0, epsilon = 1e-11);
        assert_relative_eq!(dz, slope, epsilon = 1e-11);
        assert_relative_eq!(dphi, phi, epsilon = 1e-11);
    }
}

#[rstest]
fn the_exponential_stackelberg_game_rests_at_its_known_optimum() {
    let problem = bilevel::problem::Differentiated::new(Wrapped(ExponentialStackelberg));
    let [dy, dz, dphi] = responses(&problem, 3.560_414_00, [2.4, 1.5]);
    assert!(
        dphi.abs() < 1e-8,
        "the optimum is known to eight decimals, and the slope there is {dphi}"
    );
    // central differences of the nested answers, found by bisection on first-order conditions
    let third = |s: f64| bisect(|z| 10.0 * (-(s + z) / 4.0).exp() * (1.0 - z / 4.0) - 1.0);
    let second = |x: f64| {
        let value = |y: f64| -y * (10.0 * (-(x + y + third(x + y)) / 4.0).exp() - 1.0);
        bisect(|y| -(value(y + 1e-5) - value(y - 1e-5)))
    };
    let h = 1e-3;
    let difference = (second(3.560_414 + h) - second(3.560_414 - h)) / (2.0 * h);
    assert_relative_eq!(dy, difference, epsilon = 1e-5);
    let deep = |x: f64| third(x + second(x));
    assert_relative_eq!(
        dz,
        (deep(3.560_414 + h) - deep(3.560_414 - h)) / (2.0 * h),
        epsilon = 1e-5
    );
}

/// The zero in [0, 4] of a function that is positive below its zero.
fn bisect(f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 4.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if f(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Formulas of one variable, a point, and the derivatives there from order 0 on, from 60 digits.
fn recorded_derivatives() -> Vec<(String, f64, Vec<f64>)> {
    let json: serde_json::Value =
        serde_json::from_str(include_str!("reference_data/derivatives.json")).expect("it is JSON");
    let row = |row: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let derivatives = row["derivatives"].as_array().expect("a list").iter();
        (
            text(&row["formula"]),
            row["x"].as_f64().expect("a number"),
            derivatives
                .map(|one| text(one).parse().expect("a number"))
                .collect(),
        )
    };
    json.as_array().expect("a list").iter().map(row).collect()
}

#[rstest]
fn formulas_have_the_derivatives_of_sixty_digits() {
    let token = WorkToken::default();
    let mut failures = Vec::new();
    for (formula, place, expected) in recorded_derivatives() {
        let problem = one_variable(&formula);
        let at = Point::from_blocks(&[vec![place], vec![0.0]]);
        let mut check = |way: &str, order: usize, found: f64| {
            let truth = expected[order];
            // subnormal numbers have fewer digits
            let digits = if order < 5 { 2e-12 } else { 2e-10 };
            let allowed = (digits * truth.abs()).max(1e-305);
            let error = (found - truth).abs();
            if truth.is_finite() && (error.is_nan() || error > allowed) {
                failures.push(format!(
                    "{formula} at {place:e}, {way} of order {order}: {found:e}, and {truth:e} by 60 digits"
                ));
            }
        };
        check("value", 0, problem.value(1, &at, &token));
        let mut gradient = Point::zeros(at.shape());
        problem.grad(1, &at, Levels::only(1), &mut gradient, &token);
        check("gradient", 1, gradient[1][0]);
        let mut product = [0.0];
        problem.product(1, &at, [1, 1], &[1.0], &mut product, &token);
        check("product", 2, product[0]);
        for order in 0..expected.len() {
            let lifted = with_generators(&at, &vec![0; order]);
            let found = problem.higher(1, &lifted, &token);
            check("higher", order, found.coefficient((1 << order) - 1));
            if order == 3 {
                check("higher, in passing,", 2, found.coefficient(0b101));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A leader with this formula of x above a follower that has no influence.
fn one_variable(formula: &str) -> std::sync::Arc<dyn Problem> {
    let level = |variable: &str, objective: &str| LevelDraft {
        variables: vec![variable.to_owned()],
        objective: objective.to_owned(),
        start: vec![1.0],
        ..LevelDraft::default()
    };
    let draft = Draft {
        levels: vec![level("x", formula), level("y", "y^2")],
        ..Draft::default()
    };
    bilevel::problem::typed(Model::parse(draft).expect("the formula is right"))
}

#[rstest]
#[case("sin(x)/x", 0)]
#[case("(1 - cos(x))/x^2", 0)]
#[case("log(x)", 0)]
#[case("1/x", 0)]
#[case("sqrt(x)", 1)]
#[case("x^1.5", 2)]
#[case("x^2.5", 3)]
fn a_formula_has_at_zero_the_derivatives_that_exist(#[case] formula: &str, #[case] first: usize) {
    let (token, problem) = (WorkToken::default(), one_variable(formula));
    let at = Point::from_blocks(&[vec![0.0], vec![0.0]]);
    for order in 0..5 {
        let lifted = with_generators(&at, &vec![0; order]);
        let found = problem.higher(1, &lifted, &token);
        for lower in 0..=order {
            let derivative = found.coefficient((1 << lower) - 1);
            if lower < first {
                assert_eq!(derivative, 0.0, "{formula}: {lower} of {order}");
            } else {
                assert!(!derivative.is_finite(), "{formula}: {derivative}");
            }
        }
    }
    assert_eq!(problem.value(1, &at, &token).is_finite(), first > 0);
    let mut product = [0.0];
    problem.product(1, &at, [1, 1], &[1.0], &mut product, &token);
    assert_eq!(product[0].is_finite(), first > 2, "{formula}: {product:?}");
}
