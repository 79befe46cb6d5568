//! Terms of steps with random numbers, compared with formulas written here a second time, with the same draws.

use bilevel::method::{StepTerm, TermKind};
use bilevel::problem::{Key, Word};
use nalgebra::DMatrix;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::{Distribution as _, StandardNormal};
use rstest::rstest;

use crate::known_steps::{
    BOTH, Observed, SEED, TOLERANCE, Vector, answer, b, by_x, by_y, close, fresh, hessian, observe,
    value,
};

/// The random numbers of the run.
fn draws() -> impl Iterator<Item = f64> {
    let mut stream = ChaCha8Rng::seed_from_u64(SEED);
    stream.set_stream(2);
    std::iter::repeat_with(move || StandardNormal.sample(&mut stream))
}

#[rstest]
fn evolution_reports_its_trial() {
    let mut stream = draws();
    let (mut spread, mut kept) = (0.4, 0);
    observe("evolution", &[("sigma0", "0.4")], &[false], |step| {
        let x = step.x();
        step.expect("answers", &answer(&x));
        let now = value(1, &x, &answer(&x));
        step.expect_number("value before", now);
        step.expect_number("spread", spread);
        let draw = Vector::from_iterator(2, stream.by_ref().take(2));
        step.expect("draw", &draw);
        let trial = &x + draw * spread;
        step.expect("trial", &trial);
        let reached = value(1, &trial, &answer(&trial));
        step.expect("trial answers", &answer(&trial));
        step.expect_number("trial value", reached);
        let is_kept = reached <= now;
        step.expect_number("kept", f64::from(u8::from(is_kept)));
        kept += usize::from(is_kept);
        spread *= if is_kept { 1.5 } else { 1.5_f64.powf(-0.25) };
        step.expect_number("new spread", spread);
        let ended = if is_kept { trial } else { x };
        close(&step.after[1], ended.as_slice(), TOLERANCE, "the point");
    });
    assert!((1..12).contains(&kept), "{kept} trials are kept");
}

/// Compares the noise of the first step with the random numbers of the run, in the order of their drawing.
fn expect_draws(step: &Observed, deviation: f64) {
    if step.number > 0 {
        return;
    }
    let is_noise = |term: &&StepTerm| term.info.kind == TermKind::Noise;
    let terms = step.terms.all().iter().filter(is_noise);
    let noise: Vec<f64> = terms.flat_map(|term| term.value.iter().copied()).collect();
    let expected: Vec<f64> = draws()
        .take(noise.len())
        .map(|draw| deviation * draw)
        .collect();
    assert!(noise.len() > 10 || deviation == 0.0, "{}", noise.len());
    close(&noise, &expected, TOLERANCE, "the noise");
}

/// The estimate of the hypergradient from reported gradients, with the reported noise of its products.
fn expect_estimate(
    step: &Observed,
    prefix: &str,
    free: &DMatrix<f64>,
    y: &Vector,
    of_f: &Vector,
) -> Vector {
    let name = |of: &str| format!("{prefix}{of}");
    let zeros = |count: usize, size: usize| vec![Vector::zeros(size); count];
    let noises = |of: &str, count: usize, size: usize| {
        if step.terms.term(&name(of)).is_some() {
            step.rows(&name(of))
        } else {
            zeros(count, size)
        }
    };
    let beta = step.setting("linear_step_size");
    let products = step.steps("neumann_steps");
    let published = step.settings.declares("reference")
        && step.settings.is(Key::<Word>::new("reference"), "published");
    let mut term = free * of_f.rows(of_f.len() - 3, 3);
    step.expect(&name("right-hand side"), &term);
    let mut norms = vec![term.norm()];
    let mut sum = if published {
        Vector::zeros(3)
    } else {
        &term * beta
    };
    let noise = noises("noise of the Hessian products", products, 3);
    for (number, noise) in noise.iter().enumerate() {
        let product = free * (hessian(y) * &term + noise);
        term -= product * beta;
        let weight = match (published, number + 1 == products) {
            (false, _) => beta,
            (true, true) => 1.0 + beta,
            (true, false) => 1.0,
        };
        sum += &term * weight;
        norms.push(term.norm());
    }
    step.expect(&name("norms of the series"), &Vector::from_vec(norms));
    step.expect(&name("linear solution"), &sum);
    let product = -b().transpose() * sum + &noises("noise of the mixed product", 1, 2)[0];
    step.expect(&name("mixed product"), &product);
    if published {
        -product
    } else {
        of_f.rows(0, 2) - product
    }
}

#[rstest]
#[case("textbook", "0.2")]
#[case("published", "0.2")]
#[case("textbook", "0")]
fn stocbio_reports_its_formulas(#[case] reference: &str, #[case] noise: &str) {
    let given = [
        ("reference", reference),
        ("gradient_noise", noise),
        ("inner_steps", "3"),
        ("neumann_steps", "3"),
        ("linear_step_size", "0.3"),
        ("momentum", "0.5"),
    ];
    let mut velocity = Vector::zeros(2);
    observe("stocbio", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        expect_draws(step, noise.parse().expect("a number"));
        let mut y = step.y();
        let mut path = vec![y.clone()];
        for slope in step.rows("inner gradients") {
            y = step.project(2, y - slope * 0.05);
            path.push(y.clone());
        }
        assert_eq!(path.len(), 4);
        step.expect_rows("inner path", &path);
        let free = if step.is_boxed {
            let reached = &y - step.vector("gradient of g") * 0.05;
            let inside = step.project(2, reached.clone());
            DMatrix::from_fn(3, 3, |i, j| {
                f64::from(u8::from(i == j && reached[i] == inside[i]))
            })
        } else {
            DMatrix::identity(3, 3)
        };
        let of_f = step.vector("gradient of f");
        let direction = expect_estimate(step, "", &free, &y, &of_f);
        step.expect("hypergradient", &direction);
        step.turn(&mut velocity, &direction);
    });
}

/// The free coordinates by the test that single-loop methods make with a reported slope.
fn free_by(step: &Observed, y: &Vector, slope: &Vector) -> DMatrix<f64> {
    let reached = y - slope * step.setting("inner_step_size");
    let inside = step.project(2, reached.clone());
    DMatrix::from_fn(3, 3, |i, j| {
        f64::from(u8::from(i == j && reached[i] == inside[i]))
    })
}

#[rstest]
#[case("0.2")]
#[case("0")]
fn mrbo_reports_its_formulas(#[case] noise: &str) {
    let given = [
        ("gradient_noise", noise),
        ("neumann_steps", "3"),
        ("linear_step_size", "0.3"),
        ("momentum", "0.5"),
        ("schedule_delay", "3"),
    ];
    let mut velocity = Vector::zeros(2);
    let (mut w, mut s) = (Vector::zeros(2), Vector::zeros(3));
    observe("mrbo", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        expect_draws(step, noise.parse().expect("a number"));
        let eta = (3.0 + step.number as f64).cbrt().recip();
        step.expect_number("schedule", eta);
        step.expect_number("step size of x", 0.05 * eta);
        let (y, slope) = (step.y(), step.vector("gradient of g"));
        let free = free_by(step, &y, &slope);
        let now = expect_estimate(step, "", &free, &y, &step.vector("gradient of f"));
        step.expect("estimate", &now);
        if step.number == 0 {
            (w, s) = (now, slope);
        } else {
            let kept = 1.0 - (eta * eta).min(1.0);
            step.expect_number("kept share of w", kept);
            let before = step.vector("previous point").rows(2, 3).into_owned();
            let old_slope = step.vector("previous gradient of g");
            let free = free_by(step, &before, &old_slope);
            let of_f = step.vector("previous gradient of f");
            let old = expect_estimate(step, "previous ", &free, &before, &of_f);
            step.expect("previous estimate", &old);
            w = now + (&w - old) * kept;
            s = slope + (&s - old_slope) * kept;
        }
        step.expect("hypergradient", &w);
        step.expect("direction of y", &s);
        step.turn(&mut velocity, &w);
    });
}

#[rstest]
#[case("0.2")]
#[case("0")]
fn vrbo_reports_its_formulas(#[case] noise: &str) {
    let given = [
        ("gradient_noise", noise),
        ("neumann_steps", "3"),
        ("linear_step_size", "0.3"),
        ("inner_steps", "2"),
        ("restart_every", "4"),
    ];
    let mut velocity = Vector::zeros(2);
    let (mut w, mut s) = (Vector::zeros(2), Vector::zeros(3));
    observe("vrbo", &given, BOTH, |step| {
        fresh(step, &mut velocity, 2);
        // a restart draws from batches of four times the size
        let deviation: f64 = noise.parse().expect("a number");
        expect_draws(step, deviation / 2.0);
        if step.number % 4 == 0 {
            let (y, slope) = (step.y(), step.vector("gradient of g"));
            let free = free_by(step, &y, &slope);
            w = expect_estimate(step, "", &free, &y, &step.vector("gradient of f"));
            s = slope;
            step.expect("estimate", &w);
        } else {
            let all: Vec<f64> = w.iter().chain(s.iter()).copied().collect();
            step.expect("previous directions", &Vector::from_vec(all));
        }
        step.expect("hypergradient", &w);
        step.turn(&mut velocity, &w);
        let x = Vector::from_row_slice(&step.after[1]);
        close(
            x.as_slice(),
            step.project(1, step.x() - &w * 0.05).as_slice(),
            TOLERANCE,
            "x",
        );
        let (mut y, mut path) = (step.y(), vec![step.y()]);
        let (mut of_x, mut of_y) = (Vec::new(), Vec::new());
        let changes = |new: &str, old: &str| -> Vec<Vector> {
            let (new, old) = (step.rows(new), step.rows(old));
            new.iter().zip(&old).map(|(new, old)| new - old).collect()
        };
        let of_estimates = changes("new estimates", "old estimates");
        let of_gradients = changes("new gradients of g", "old gradients of g");
        assert_eq!(of_estimates.len(), 3);
        for (of_estimate, of_gradient) in of_estimates.iter().zip(&of_gradients) {
            w += of_estimate;
            s += of_gradient;
            y = step.project(2, y - &s * 0.05);
            path.push(y.clone());
            of_x.push(w.clone());
            of_y.push(s.clone());
        }
        step.expect_rows("directions of x", &of_x);
        step.expect_rows("directions of y", &of_y);
        step.expect_rows("inner path", &path);
        if deviation == 0.0 {
            // without noise each estimate is a function of its point
            for (kind, t) in [("new", 0), ("new", 2), ("old", 1)] {
                let point = &step.rows(&format!("{kind} points"))[t];
                let (x, y) = (point.rows(0, 2).into_owned(), point.rows(2, 3).into_owned());
                let free = free_by(step, &y, &by_y(2, &x, &y));
                let shrink = DMatrix::<f64>::identity(3, 3) - &free * hessian(&y) * &free * 0.3;
                let right = &free * by_y(1, &x, &y);
                let sum: Vector = (0..4).map(|q| shrink.pow(q) * &right * 0.3).sum();
                let expected = by_x(1, &x, &y) + b().transpose() * sum;
                let name = format!("{kind} estimates");
                let found = &step.rows(&name)[t];
                close(found.as_slice(), expected.as_slice(), TOLERANCE, &name);
            }
        }
    });
}
