//! Shared tests of large problems: their derivatives against differences and against nilpotent numbers.

use approx::assert_relative_eq;
use bilevel::numerics::{Levels, Nilpotent, Point, WorkToken, richardson};
use bilevel::problem::Problem;

/// Lifts a point, with a generator on each of the given variables.
fn with_generators(point: &Point, directions: &[usize]) -> Vec<Nilpotent> {
    let mut lifted: Vec<Nilpotent> = point.values().iter().map(|&value| value.into()).collect();
    for (generator, &variable) in directions.iter().enumerate() {
        lifted[variable] += Nilpotent::generator(generator);
    }
    lifted
}

/// Four points near the start, the same in every run of a test.
pub(crate) fn points(problem: &dyn Problem) -> Vec<Point> {
    (0..4)
        .map(|number| {
            let mut point = problem.metadata().start.clone();
            for (i, value) in point.values_mut().iter_mut().enumerate() {
                *value += 0.9 * (((number * 7 + i * 3) as f64 * 0.754_877_666).fract() - 0.5);
            }
            point
        })
        .collect()
}

/// Compares all gradients with differences and with nilpotent numbers, and the latter's values with plain ones.
#[track_caller]
pub(crate) fn assert_gradients(problem: &dyn Problem) {
    let token = WorkToken::default();
    for point in points(problem) {
        for level in 1..=point.shape().levels() {
            let mut gradient = Point::zeros(point.shape());
            problem.grad(level, &point, Levels::ALL, &mut gradient, &token);
            let differences = richardson(point.values(), 1e-3, |values| {
                let moved = Point::from_values(point.shape(), values.to_vec())
                    .expect("the shape is the same");
                problem.value(level, &moved, &token)
            })
            .expect("values are finite");
            for (i, difference) in differences.into_iter().enumerate() {
                let lifted = with_generators(&point, &[i]);
                let exact = problem.higher(level, &lifted, &token);
                let found = gradient.values()[i];
                assert_relative_eq!(found, exact.coefficient(1), epsilon = 1e-12);
                assert_relative_eq!(found, difference, epsilon = 1e-7);
                let value = problem.value(level, &point, &token);
                assert_relative_eq!(exact.coefficient(0), value, epsilon = 1e-12);
            }
        }
    }
}

/// Compares all products of second derivatives with nilpotent numbers.
#[track_caller]
pub(crate) fn assert_products(problem: &dyn Problem) {
    let token = WorkToken::default();
    for point in points(problem) {
        let shape = point.shape();
        let all = 1..=shape.levels();
        for (level, wrt, along) in all.clone().flat_map(|level| {
            let all = all.clone();
            all.clone()
                .flat_map(move |wrt| all.clone().map(move |along| (level, wrt, along)))
        }) {
            let direction: Vec<f64> = (0..shape.size(along))
                .map(|i| (i as f64 * 0.37).sin())
                .collect();
            let mut product = vec![f64::NAN; shape.size(wrt)];
            let pair = [wrt, along];
            problem.product(level, &point, pair, &direction, &mut product, &token);
            for (i, row) in shape.range(wrt).enumerate() {
                let exact: f64 = shape
                    .range(along)
                    .zip(&direction)
                    .map(|(column, component)| {
                        let at = with_generators(&point, &[row, column]);
                        problem.higher(level, &at, &token).coefficient(3) * component
                    })
                    .sum();
                assert_relative_eq!(product[i], exact, epsilon = 1e-11);
            }
        }
    }
}

/// Checks that a gradient leaves the blocks unchanged that it is not asked for.
#[track_caller]
pub(crate) fn assert_blocks(problem: &dyn Problem) {
    let token = WorkToken::default();
    let point = &points(problem)[2];
    let mut all = Point::zeros(point.shape());
    let levels = 1..=point.shape().levels();
    for level in levels.clone() {
        problem.grad(level, point, Levels::ALL, &mut all, &token);
        for wanted in levels.clone() {
            let mut one = Point::zeros(point.shape());
            one.values_mut().fill(f64::NAN);
            problem.grad(level, point, Levels::only(wanted), &mut one, &token);
            assert_eq!(one[wanted], all[wanted]);
            for other in levels.clone().filter(|other| *other != wanted) {
                assert!(one[other].iter().all(|value| value.is_nan()));
            }
        }
    }
}
