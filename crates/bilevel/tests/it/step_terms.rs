//! Terms of steps without random numbers, compared with formulas written here a second time.

use bilevel::method::{SystemPart, TermKind};
use nalgebra::DMatrix;
use rstest::rstest;

use crate::known_steps::{
    BOTH, Observed, TOLERANCE, Vector, answer, b, by_x, by_y, close, fresh, gradient, hessian,
    observe, value,
};

#[rstest]
#[case(&[("inner_step_size", "0.3"), ("outer_step_size", "0.2")])]
#[case(&[("momentum", "0.8"), ("barrier", "gap"), ("epsilon", "0.01")])]
fn bome_reports_its_formulas(#[case] given: &[(&str, &str)]) {
    let mut velocity = Vector::zeros(5);
    observe("bome", given, BOTH, |step| {
        fresh(step, &mut velocity, 5);
        let (x, y) = (step.x(), step.y());
        let last = step.descend(&x, y.clone(), &mut Vector::zeros(3));
        let mut gap = gradient(2, &x, &y);
        let inner = by_x(2, &x, &last);
        gap[0] -= inner[0];
        gap[1] -= inner[1];
        step.expect("gradient of the gap", &gap);
        let of_f = gradient(1, &x, &y);
        let (square, alignment) = (gap.norm_squared(), of_f.dot(&gap));
        step.expect_number("squared gradient of the gap", square);
        step.expect_number("alignment", alignment);
        let (eta, below) = (step.setting("eta"), square + step.setting("epsilon"));
        let multiplier = if given.len() == 2 {
            eta - alignment / below
        } else {
            let q = value(2, &x, &y) - value(2, &x, &last);
            step.expect_number("estimated gap", q);
            (eta * q - alignment) / below
        };
        let multiplier = multiplier.max(0.0);
        step.expect_number("multiplier", multiplier);
        let direction = of_f + gap * multiplier;
        step.expect("direction", &direction);
        step.turn(&mut velocity, &direction);
        step.expect_number("step size of x", step.setting("outer_step_size"));
    });
}

#[rstest]
fn gda_reports_its_formulas() {
    observe("gda", &[("outer_step_size_lower", "0.2")], BOTH, |step| {
        step.expect_number("step size of x", 0.05);
        step.expect_number("step size of y", 0.2);
        step.expect("gradient of f", &by_x(1, &step.x(), &step.y()));
        step.expect("gradient of g", &by_y(2, &step.x(), &step.y()));
    });
}

#[rstest]
#[case("textbook")]
#[case("published")]
fn ogda_reports_its_formulas(#[case] form: &str) {
    let mut reference = [Vector::zeros(2), Vector::zeros(3)];
    observe("ogda", &[("reference", form)], BOTH, |step| {
        let (x, y) = (step.x(), step.y());
        let now = [by_x(1, &x, &y), by_y(2, &x, &y)];
        let is_published = form == "published";
        if is_published && step.number == 0 {
            let (x, y) = (&x * 2.0, &y * 2.0);
            reference = [by_x(1, &x, &y), by_y(2, &x, &y)];
        } else if step.number == 0 || is_published && [1, 10].contains(&step.number) {
            reference = now.clone();
        }
        step.expect("reference gradient of f", &reference[0]);
        step.expect("reference gradient of g", &reference[1]);
        let moved = Vector::from_row_slice(&step.after[1]);
        let of_y = by_y(2, if is_published { &moved } else { &x }, &y);
        step.expect("direction of x", &(&now[0] * 2.0 - &reference[0]));
        step.expect("direction of y", &(&of_y * 2.0 - &reference[1]));
        if !is_published {
            reference = now;
        }
    });
}

#[rstest]
#[case(&[("momentum", "0.7")])]
#[case(&[("inner_momentum", "0.4"), ("inner_step_size", "0.3")])]
fn alternating_descent_reports_its_formulas(#[case] given: &[(&str, &str)]) {
    let (mut velocity, mut inner) = (Vector::zeros(2), Vector::zeros(3));
    observe("alternating", given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        fresh(step, &mut inner, 3);
        let x = step.x();
        let y = step.descend(&x, step.y(), &mut inner);
        let direction = by_x(1, &x, &y);
        step.expect("hypergradient", &direction);
        step.turn(&mut velocity, &direction);
    });
}

#[rstest]
fn bsg1_reports_its_formulas() {
    let (mut velocity, mut inner) = (Vector::zeros(2), Vector::zeros(3));
    let given = [
        ("momentum", "0.7"),
        ("inner_momentum", "0.4"),
        ("epsilon", "0.01"),
    ];
    observe("bsg1", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        fresh(step, &mut inner, 3);
        let x = step.x();
        let y = step.descend(&x, step.y(), &mut inner);
        let (f, g) = (by_y(1, &x, &y), by_y(2, &x, &y));
        let quotient = f.dot(&g) / (g.norm_squared() + 0.01);
        step.expect_number("quotient", quotient);
        let direction = by_x(1, &x, &y) - by_x(2, &x, &y) * quotient;
        step.expect("hypergradient", &direction);
        step.turn(&mut velocity, &direction);
    });
}

#[rstest]
fn v_pbgd_reports_its_formulas() {
    let mut velocity = Vector::zeros(5);
    let given = [
        ("momentum", "0.3"),
        ("first_gap_penalty", "0.5"),
        ("penalty_ramp", "8"),
    ];
    observe("v-pbgd", &given, BOTH, |step| {
        fresh(step, &mut velocity, 5);
        let (x, y) = (step.x(), step.y());
        let last = step.descend(&x, y.clone(), &mut Vector::zeros(3));
        let mut gap = gradient(2, &x, &y);
        let inner = by_x(2, &x, &last);
        gap[0] -= inner[0];
        gap[1] -= inner[1];
        step.expect("gradient of the gap", &gap);
        let penalty = 0.5 + 9.5 * (step.number as f64 / 8.0).min(1.0);
        step.expect_number("penalty", penalty);
        step.expect_number("step size of y", 0.05 / penalty.max(1.0));
        let direction = gradient(1, &x, &y) + gap * penalty;
        step.expect("direction", &direction);
        step.turn(&mut velocity, &direction);
    });
}

/// The system of implicit differentiation at a point: the free coordinates, the Hessian over them, the right-hand side.
fn system(step: &Observed, x: &Vector, y: &Vector) -> (DMatrix<f64>, DMatrix<f64>, Vector) {
    let free = step.free(x, y);
    let right = &free * by_y(1, x, y);
    step.expect("right-hand side", &right);
    (free.clone(), &free * hessian(y) * &free, right)
}

/// Checks the product and the hypergradient for an adjoint.
fn expect_response(step: &Observed, x: &Vector, y: &Vector, adjoint: &Vector) -> Vector {
    step.expect("linear solution", adjoint);
    let product = -b().transpose() * adjoint;
    step.expect("mixed product", &product);
    let direction = by_x(1, x, y) - product;
    step.expect("hypergradient", &direction);
    direction
}

#[rstest]
#[case(10)]
#[case(2)]
fn aid_cg_reports_its_formulas(#[case] linear_steps: usize) {
    let mut velocity = Vector::zeros(2);
    let steps = linear_steps.to_string();
    let given = [("momentum", "0.5"), ("linear_steps", steps.as_str())];
    observe("aid-cg", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        let x = step.x();
        let y = step.descend(&x, step.y(), &mut Vector::zeros(3));
        let (free, matrix, right) = system(step, &x, &y);
        let norms = &step.term("residual norms").value;
        close(
            &norms[..1],
            &[right.norm()],
            TOLERANCE,
            "the first residual norm",
        );
        let size = free.trace() as usize;
        // K steps minimize the energy over the first K Krylov vectors; as many as there are free coordinates solve
        let adjoint = if linear_steps >= size {
            let identity = DMatrix::<f64>::identity(3, 3);
            (&matrix + (identity - &free))
                .lu()
                .solve(&right)
                .expect("definite")
        } else {
            let basis = DMatrix::from_columns(&[right.clone(), &matrix * &right]);
            let small = basis.transpose() * &matrix * &basis;
            &basis
                * small
                    .lu()
                    .solve(&(basis.transpose() * &right))
                    .expect("definite")
        };
        let residual = (&right - &matrix * &adjoint).norm();
        let last = norms[norms.len() - 1];
        close(&[last], &[residual], TOLERANCE, "the last residual norm");
        assert!(norms.len() <= linear_steps.min(size + 1) + 1);
        let direction = expect_response(step, &x, &y, &adjoint);
        step.turn(&mut velocity, &direction);
    });
}

#[rstest]
fn aid_fp_reports_its_formulas() {
    let given = [
        ("linear_steps", "4"),
        ("linear_step_size", "0.3"),
        ("inner_momentum", "0.3"),
    ];
    let mut velocity = Vector::zeros(2);
    observe("aid-fp", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        let x = step.x();
        let y = step.descend(&x, step.y(), &mut Vector::zeros(3));
        let (_, matrix, right) = system(step, &x, &y);
        let shrink = DMatrix::<f64>::identity(3, 3) - &matrix * 0.3;
        let terms: Vec<Vector> = (0..4).map(|j| shrink.pow(j) * &right * 0.3).collect();
        let mut norms: Vec<f64> = terms.iter().map(Vector::norm).collect();
        // a step shorter than this is the last
        if let Some(last) = norms.iter().position(|norm| *norm < 1e-10) {
            norms.truncate(last + 1);
        }
        step.expect("changes of the linear solution", &Vector::from_vec(norms));
        let adjoint = terms.iter().sum();
        let direction = expect_response(step, &x, &y, &adjoint);
        step.turn(&mut velocity, &direction);
    });
}

/// The path of the follower's loop with its Jacobians by x, and the Jacobian of each step by the iterate before it.
fn sensitivities(
    step: &Observed,
    x: &Vector,
    start: Vector,
) -> (Vector, DMatrix<f64>, Vec<DMatrix<f64>>) {
    let alpha = step.setting("inner_step_size");
    let (mut y, mut by_x_of_y) = (start, DMatrix::<f64>::zeros(3, 2));
    let mut steps = Vec::new();
    for _ in 0..step.steps("inner_steps") {
        let reached = &y - by_y(2, x, &y) * alpha;
        let next = step.project(2, reached.clone());
        let free = DMatrix::from_fn(3, 3, |i, j| {
            f64::from(u8::from(i == j && reached[i] == next[i]))
        });
        let of_step = &free * (DMatrix::<f64>::identity(3, 3) - hessian(&y) * alpha);
        by_x_of_y = &of_step * &by_x_of_y + &free * b() * alpha;
        steps.push(of_step);
        y = next;
    }
    (y, by_x_of_y, steps)
}

#[rstest]
#[case("reverse")]
#[case("forward")]
fn itd_reports_its_formulas(#[case] mode: &str) {
    let given = [
        ("inner_steps", "5"),
        ("inner_step_size", "0.3"),
        ("mode", mode),
        ("momentum", "0.5"),
    ];
    let mut velocity = Vector::zeros(2);
    observe("itd", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        let x = step.x();
        let (y, responses, steps) = sensitivities(step, &x, step.y());
        let path = step.rows("inner path");
        close(
            path[5].as_slice(),
            y.as_slice(),
            TOLERANCE,
            "the end of the path",
        );
        step.expect("answers", &y);
        let indirect = responses.transpose() * by_y(1, &x, &y);
        if mode == "forward" {
            let columns: Vec<Vector> = (0..2).map(|i| responses.column(i).into_owned()).collect();
            step.expect_rows("responses", &columns);
            step.expect("indirect part", &indirect);
        } else {
            let mut adjoints = vec![by_y(1, &x, &y)];
            for of_step in steps.iter().rev() {
                let last = &adjoints[adjoints.len() - 1];
                adjoints.push(of_step.transpose() * last);
            }
            step.expect_rows("adjoints", &adjoints);
            let swept: Vec<Vector> = path[..5].iter().rev().cloned().collect();
            step.expect_rows("swept iterates", &swept);
            let sum: Vector = step.rows("mixed products").iter().sum();
            let alpha = step.number("swept step size");
            close(
                (sum * -alpha).as_slice(),
                indirect.as_slice(),
                TOLERANCE,
                "the products",
            );
        }
        let direction = by_x(1, &x, &y) + indirect;
        step.expect("hypergradient", &direction);
        step.turn(&mut velocity, &direction);
    });
}

#[rstest]
#[case("implicit", "reverse")]
#[case("implicit", "forward")]
#[case("chain-rule", "")]
fn exact_methods_report_their_formulas(#[case] method: &str, #[case] sweep: &str) {
    let mut given = vec![("momentum", "0.5"), ("outer_step_size", "0.2")];
    if !sweep.is_empty() {
        given.push(("sweep", sweep));
    }
    let mut velocity = Vector::zeros(2);
    observe(method, &given, &[false], |step| {
        fresh(step, &mut velocity, 2);
        let x = step.x();
        let y = answer(&x);
        step.expect("answers", &y);
        let moved = Vector::from_row_slice(&step.after[1]);
        step.expect("new answers", &answer(&moved));
        let right = by_y(1, &x, &y);
        let inverse = hessian(&y).try_inverse().expect("definite");
        let responses = &inverse * b();
        let indirect = responses.transpose() * &right;
        if sweep == "forward" {
            let columns: Vec<Vector> = (0..2).map(|i| responses.column(i).into_owned()).collect();
            step.expect_rows("responses", &columns);
            step.expect("indirect part", &indirect);
        } else {
            step.expect("right-hand side", &right);
            step.expect("linear solution", &(&inverse * &right));
            step.expect("mixed products", &-&indirect);
        }
        let direction = by_x(1, &x, &y) + indirect;
        step.expect("hypergradient", &direction);
        step.turn(&mut velocity, &direction);
    });
}

#[rstest]
#[case("forward")]
#[case("central")]
fn finite_differences_report_their_formulas(#[case] difference: &str) {
    let given = [
        ("difference", difference),
        ("difference_step", "0.01"),
        ("inner_steps", "4"),
        ("inner_step_size", "0.3"),
    ];
    let mut velocity = Vector::zeros(2);
    observe("finite-difference", &given, &[false], |step| {
        fresh(step, &mut velocity, 2);
        let x = step.x();
        let start = Vector::from_row_slice(&[0.1, 0.2, -0.1]);
        let loops = |x: &Vector| sensitivities(step, x, start.clone()).0;
        let truncated = |x: &Vector| value(1, x, &loops(x));
        step.expect_number("difference step", 0.01);
        let shifted = |by: f64| -> Vec<f64> {
            let at = |i: usize| {
                let mut moved = x.clone();
                moved[i] += by;
                truncated(&moved)
            };
            vec![at(0), at(1)]
        };
        let above = Vector::from_vec(shifted(0.01));
        step.expect("shifted values", &above);
        let direction = if difference == "central" {
            let below = Vector::from_vec(shifted(-0.01));
            step.expect("opposite values", &below);
            (above - below) / 0.02
        } else {
            step.expect_number("value", truncated(&x));
            (above.map(|value| value - truncated(&x))) / 0.01
        };
        let what = "difference quotients";
        close(&step.term(what).value, direction.as_slice(), 1e-8, what);
        let reported = step.vector("hypergradient");
        step.turn(&mut velocity, &reported);
        let moved = Vector::from_row_slice(&step.after[1]);
        step.expect("new answers", &loops(&moved));
    });
}

#[rstest]
#[case("textbook")]
#[case("published")]
fn bvfsm_reports_its_formulas(#[case] reference: &str) {
    let given = [
        ("reference", reference),
        ("inner_steps", "4"),
        ("momentum", "0.5"),
    ];
    let (mut velocity, mut z) = (Vector::zeros(2), Vector::zeros(3));
    observe("bvfsm", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        let (x, mut y) = (step.x(), step.y());
        if step.number == 0 {
            z = y.clone();
        }
        let r = 1.0 / (1.1 * (step.number as f64 + 1.0)).ln();
        let (mu, tau) = (0.01 * r, 0.1 * r);
        step.expect_number("regularization", mu);
        step.expect_number("barrier", tau);
        let mut path = vec![z.clone()];
        let mut directions = Vec::new();
        for _ in 0..4 {
            let direction = by_y(2, &x, &z) + &z * (2.0 * mu);
            z = step.project(2, &z - &direction * 0.05);
            directions.push(direction);
            path.push(z.clone());
        }
        step.expect_rows("inner path", &path);
        step.expect_rows("inner directions", &directions);
        let least = value(2, &x, &z) + mu * z.norm_squared();
        step.expect_number("regularized value", least);
        let weight = |y: &Vector| match reference {
            "published" => tau / (least + 1.0 + 1e-4),
            _ => tau / (least - value(2, &x, y) + 1.0).max(0.1),
        };
        let (mut path, mut weights) = (vec![y.clone()], Vec::new());
        for _ in 0..4 {
            weights.push(weight(&y));
            let direction = by_y(1, &x, &y) + &y * (2.0 * mu) + by_y(2, &x, &y) * weight(&y);
            y = step.project(2, &y - direction * 0.05);
            path.push(y.clone());
        }
        step.expect_rows("path of y", &path);
        step.expect("weights of y", &Vector::from_vec(weights));
        step.expect_number("weight", weight(&y));
        let direction = by_x(1, &x, &y) + (by_x(2, &x, &y) - by_x(2, &x, &z)) * weight(&y);
        step.expect("hypergradient", &direction);
        step.turn(&mut velocity, &direction);
    });
}

#[rstest]
#[case("sum", 1.0)]
#[case("mean", 3.0)]
fn penalty_reports_its_formulas(#[case] scaling: &str, #[case] scale: f64) {
    let given = [
        ("scaling", scaling),
        ("inner_steps", "3"),
        ("tolerance", "1.5"),
        ("momentum", "0.5"),
    ];
    let mut velocity = Vector::zeros(2);
    let [mut gamma, mut lambda, mut epsilon, mut steps] = [0.0; 4];
    let mut nu = Vector::zeros(3);
    let mut grown = 0;
    observe("penalty", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        if step.number == 0 {
            [gamma, lambda, epsilon, steps] = [0.01, 0.1, 1.5, 0.05];
            nu = Vector::from_element(3, 1e-4);
        }
        let (x, mut y) = (step.x(), step.y());
        step.expect_number("penalty", gamma);
        step.expect_number("gradient weight", lambda);
        step.expect_number("tolerance", epsilon);
        step.expect("multipliers", &nu);
        step.expect_number("step size of y", steps);
        let (mut path, mut products, mut square) = (vec![y.clone()], Vec::new(), 0.0);
        for _ in 0..3 {
            let weights = &nu / scale + by_y(2, &x, &y) * gamma;
            let product = hessian(&y) * weights;
            let direction = by_y(1, &x, &y) + &product + by_y(2, &x, &y) * lambda;
            square = direction.norm_squared();
            products.push(product);
            y = step.project(2, y - direction * steps);
            path.push(y.clone());
        }
        step.expect_rows("inner path", &path);
        step.expect_rows("Hessian products", &products);
        let slope = by_y(2, &x, &y);
        let weights = &nu / scale + &slope * gamma;
        step.expect("curvature weights", &weights);
        let product = -b().transpose() * weights;
        step.expect("mixed product", &product);
        let direction = by_x(1, &x, &y) + product;
        step.expect("hypergradient", &direction);
        square += direction.norm_squared();
        step.expect_number("squared length of both directions", square);
        step.turn(&mut velocity, &direction);
        let grows = square < epsilon * epsilon;
        step.expect_number("penalty grows", f64::from(u8::from(grows)));
        if grows {
            grown += 1;
            [gamma, lambda, epsilon, steps] =
                [1.1 * gamma, 0.9 * lambda, 0.9 * epsilon, 0.9 * steps];
            nu += slope * gamma;
            velocity = Vector::zeros(2);
        }
    });
    assert!((1..24).contains(&grown), "the penalty grows {grown} times");
}

#[rstest]
fn norms_of_linear_systems_are_lists() {
    observe("aid-cg", &[], BOTH, |step| {
        let norms = step.term("residual norms");
        assert_eq!(norms.info.kind, TermKind::LinearSystem(SystemPart::Norms));
        assert!(norms.value.iter().all(|norm| *norm >= 0.0));
    });
}
