//! Taylor coefficients of elementary functions: `series[k]` = f⁽ᵏ⁾(a) / k!, for k up to the highest order needed.

use std::sync::LazyLock;

/// The maximum number of generators of a [`Nilpotent`](super::nilpotent::Nilpotent), and so the highest order of
/// derivative.
pub const MAX_GENERATORS: usize = 6;

/// Coefficients of orders 0 to [`MAX_GENERATORS`].
pub(crate) type Series = [f64; MAX_GENERATORS + 1];

pub(crate) fn exp(a: f64) -> Series {
    let mut result = [a.exp(); MAX_GENERATORS + 1];
    for order in 1..result.len() {
        result[order] = result[order - 1] / order as f64;
    }
    result
}

pub(crate) fn ln(a: f64) -> Series {
    integral(a.ln(), reciprocal(a))
}

/// 1 / x: the coefficient of order k is (−1)^k / a^(k+1).
pub(crate) fn reciprocal(a: f64) -> Series {
    let mut coefficient = -1.0;
    std::array::from_fn(|_| {
        coefficient /= -a;
        coefficient
    })
}

/// x to the power `p`: the coefficient of order k is a^(p−k) times the binomial coefficient of p over k.
pub(crate) fn power(a: f64, p: f64) -> Series {
    let mut binomial = 1.0;
    std::array::from_fn(|order| {
        if order > 0 {
            binomial *= (p - (order as f64 - 1.0)) / order as f64;
        }
        // at a = 0 a vanishing binomial coefficient must win over an infinite power
        if binomial == 0.0 {
            0.0
        } else {
            binomial * a.powf(p - order as f64)
        }
    })
}

pub(crate) fn sin(a: f64) -> Series {
    cycle([a.sin(), a.cos(), -a.sin(), -a.cos()])
}

pub(crate) fn cos(a: f64) -> Series {
    cycle([a.cos(), -a.sin(), -a.cos(), a.sin()])
}

pub(crate) fn sinh(a: f64) -> Series {
    cycle([a.sinh(), a.cosh(), a.sinh(), a.cosh()])
}

pub(crate) fn cosh(a: f64) -> Series {
    cycle([a.cosh(), a.sinh(), a.cosh(), a.sinh()])
}

/// tanh, from y' = 1 − y².
pub(crate) fn tanh(a: f64) -> Series {
    let mut y = [0.0; MAX_GENERATORS + 1];
    y[0] = a.tanh();
    for order in 0..MAX_GENERATORS {
        let square: f64 = (0..=order).map(|part| y[part] * y[order - part]).sum();
        let slope = if order == 0 { 1.0 - square } else { -square };
        y[order + 1] = slope / (order + 1) as f64;
    }
    y
}

/// The error function, from y' = 2/√π h and h' = −2 x h for h = exp(−x²).
pub(crate) fn erf(a: f64) -> Series {
    let mut slope = [0.0; MAX_GENERATORS + 1];
    slope[0] = std::f64::consts::FRAC_2_SQRT_PI * (-a * a).exp();
    for order in 0..MAX_GENERATORS {
        let before = if order == 0 { 0.0 } else { slope[order - 1] };
        slope[order + 1] = -2.0 * (a * slope[order] + before) / (order + 1) as f64;
    }
    integral(libm::erf(a), slope)
}

pub(crate) fn asinh(a: f64) -> Series {
    integral(a.asinh(), power_of_quadratic(1.0 + a * a, 1.0, a, -0.5))
}

pub(crate) fn atan(a: f64) -> Series {
    integral(a.atan(), power_of_quadratic(1.0 + a * a, 1.0, a, -1.0))
}

pub(crate) fn asin(a: f64) -> Series {
    integral(a.asin(), power_of_quadratic(room(a), -1.0, a, -0.5))
}

pub(crate) fn acos(a: f64) -> Series {
    let slope = power_of_quadratic(room(a), -1.0, a, -0.5);
    integral(a.acos(), slope.map(|coefficient| -coefficient))
}

pub(crate) fn acosh(a: f64) -> Series {
    integral(acosh_of(a), power_of_quadratic(-room(a), 1.0, a, -0.5))
}

pub(crate) fn atanh(a: f64) -> Series {
    integral(atanh_of(a), power_of_quadratic(room(a), -1.0, a, -1.0))
}

/// 1 − a² without the loss of digits near ±1.
fn room(a: f64) -> f64 {
    (1.0 - a) * (1.0 + a)
}

/// acosh a, accurate near 1.
pub(crate) fn acosh_of(a: f64) -> f64 {
    let above = a - 1.0;
    if above < 1.0 {
        (above + (above * (above + 2.0)).sqrt()).ln_1p()
    } else {
        a.acosh()
    }
}

/// atanh a, accurate near ±1.
pub(crate) fn atanh_of(a: f64) -> f64 {
    let size = a.abs();
    (0.5 * (2.0 * size / (1.0 - size)).ln_1p()).copysign(a)
}

/// tanh whose derivatives keep all digits where it is nearly ±1, from y'' = −2 y y'.
pub(crate) fn flat_tanh(a: f64) -> Series {
    let small = (-2.0 * a.abs()).exp();
    let mut y = [0.0; MAX_GENERATORS + 1];
    y[0] = a.tanh();
    y[1] = 4.0 * small / ((1.0 + small) * (1.0 + small));
    for order in 0..MAX_GENERATORS - 1 {
        let product = |part: usize| y[part] * (order + 1 - part) as f64 * y[order + 1 - part];
        let total: f64 = (0..=order).map(product).sum();
        y[order + 2] = -2.0 * total / ((order + 1) * (order + 2)) as f64;
    }
    y
}

/// log(cosh a) without overflow, accurate near 0.
pub(crate) fn log_cosh_of(a: f64) -> f64 {
    let size = a.abs();
    if size < 1.0 {
        let sinh = a.sinh();
        0.5 * (sinh * sinh).ln_1p()
    } else {
        size + (-2.0 * size).exp().ln_1p() - std::f64::consts::LN_2
    }
}

pub(crate) fn log_cosh(a: f64) -> Series {
    integral(log_cosh_of(a), flat_tanh(a))
}

/// log(1 + eᵃ) without overflow or loss of digits.
pub(crate) fn softplus_of(a: f64) -> f64 {
    if a > 0.0 {
        a + (-a).exp().ln_1p()
    } else {
        a.exp().ln_1p()
    }
}

/// log(1 + eᵃ), from its slope σ: w = σ' obeys w' = w (1 − 2σ).
pub(crate) fn softplus(a: f64) -> Series {
    let small = (-a.abs()).exp();
    let near_one = 1.0 / (1.0 + small);
    let near_zero = small / (1.0 + small);
    let (value, slope) = (
        if a > 0.0 { near_one } else { near_zero },
        near_one * near_zero,
    );
    let mut sigmoid = [0.0; MAX_GENERATORS + 1];
    let mut slopes = [0.0; MAX_GENERATORS + 1];
    (sigmoid[0], slopes[0]) = (value, slope);
    for order in 0..MAX_GENERATORS {
        sigmoid[order + 1] = slopes[order] / (order + 1) as f64;
        let difference = |part: usize| match part {
            0 => -(0.5 * a).tanh(),
            _ => -2.0 * sigmoid[part],
        };
        let total: f64 = (0..=order)
            .map(|part| slopes[order - part] * difference(part))
            .sum();
        slopes[order + 1] = total / (order + 1) as f64;
    }
    integral(softplus_of(a), sigmoid)
}

/// sin a / a.
pub(crate) fn sin_over(a: f64) -> Series {
    static NEAR_ZERO: LazyLock<Near> = LazyLock::new(|| near(|power| alternating(power, 1)));
    quotient(a, 1, || sin(a), &NEAR_ZERO)
}

/// sinh a / a.
pub(crate) fn sinh_over(a: f64) -> Series {
    static NEAR_ZERO: LazyLock<Near> = LazyLock::new(|| near(|power| even(power, 1)));
    quotient(a, 1, || sinh(a), &NEAR_ZERO)
}

/// (eᵃ − 1) / a.
pub(crate) fn exp_over(a: f64) -> Series {
    static NEAR_ZERO: LazyLock<Near> = LazyLock::new(|| near(|power| 1.0 / factorial(power + 1)));
    let above = || with_value(a.exp_m1(), exp(a));
    quotient(a, 1, above, &NEAR_ZERO)
}

/// (1 − cos a) / a².
pub(crate) fn cos_over(a: f64) -> Series {
    static NEAR_ZERO: LazyLock<Near> = LazyLock::new(|| near(|power| alternating(power, 2)));
    let half = (0.5 * a).sin();
    let above = || with_value(2.0 * half * half, cos(a).map(|coefficient| -coefficient));
    quotient(a, 2, above, &NEAR_ZERO)
}

/// (cosh a − 1) / a².
pub(crate) fn cosh_over(a: f64) -> Series {
    static NEAR_ZERO: LazyLock<Near> = LazyLock::new(|| near(|power| even(power, 2)));
    let half = (0.5 * a).sinh();
    quotient(a, 2, || with_value(2.0 * half * half, cosh(a)), &NEAR_ZERO)
}

fn with_value(value: f64, mut series: Series) -> Series {
    series[0] = value;
    series
}

/// Below this magnitude of a, a quotient is evaluated from its own series at 0.
const NEAR: f64 = 3.0;
/// The number of terms of that series: 3³⁴ / 34! is 6e-23.
const TERMS: usize = 34;

/// For each order of a Taylor coefficient, the coefficients of its own power series at 0.
type Near = [[f64; TERMS]; MAX_GENERATORS + 1];

/// Builds these from the function's power series at 0.
fn near(at_zero: impl Fn(usize) -> f64) -> Near {
    std::array::from_fn(|order| {
        std::array::from_fn(|term| binomial(order + term, order) * at_zero(order + term))
    })
}

/// The Taylor series of p(x) / xᵐ from that of p or, near 0 where that cancels, from the quotient's own; NaN at 0
/// itself.
fn quotient(a: f64, divisions: usize, above: impl FnOnce() -> Series, near_zero: &Near) -> Series {
    if a == 0.0 {
        return [f64::NAN; MAX_GENERATORS + 1];
    }
    if a.abs() < NEAR {
        let at =
            |terms: &[f64; TERMS]| terms.iter().rev().fold(0.0, |total, term| total * a + term);
        return near_zero.each_ref().map(at);
    }
    let mut result = above();
    for _ in 0..divisions {
        let mut last = 0.0;
        for coefficient in &mut result {
            last = (*coefficient - last) / a;
            *coefficient = last;
        }
    }
    result
}

/// The coefficient of a power in a series of even powers with the terms 1 / (power + shift)!; 0 for an odd power.
fn even(power: usize, shift: usize) -> f64 {
    if power.is_multiple_of(2) {
        1.0 / factorial(power + shift)
    } else {
        0.0
    }
}

/// The same with alternating signs.
fn alternating(power: usize, shift: usize) -> f64 {
    if power.is_multiple_of(4) {
        even(power, shift)
    } else {
        -even(power, shift)
    }
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|factor| factor as f64).product()
}

fn binomial(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// (u + …)^p from u y' = p u' y, for a quadratic with value `at` at a, the given coefficient of x² and no linear term.
fn power_of_quadratic(at: f64, square: f64, a: f64, p: f64) -> Series {
    let u = [at, 2.0 * square * a, square];
    let mut y = [0.0; MAX_GENERATORS + 1];
    y[0] = u[0].powf(p);
    for order in 1..y.len() {
        let total: f64 = (1..=order.min(2))
            .map(|part| (p * part as f64 - (order - part) as f64) * u[part] * y[order - part])
            .sum();
        y[order] = total / (order as f64 * u[0]);
    }
    y
}

fn cycle(derivatives: [f64; 4]) -> Series {
    let mut factorial = 1.0;
    std::array::from_fn(|order| {
        factorial *= order.max(1) as f64;
        derivatives[order % 4] / factorial
    })
}

fn integral(constant: f64, slope: Series) -> Series {
    std::array::from_fn(|order| {
        if order == 0 {
            constant
        } else {
            slope[order - 1] / order as f64
        }
    })
}
