//! Taylor coefficients of elementary functions: `series[k]` = f⁽ᵏ⁾(a) / k!, for k up to the highest order needed.

/// The most generators that a [`Nilpotent`](super::nilpotent::Nilpotent) can hold, and so the highest order of derivative.
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
    integral(a.ln(), power(a, -1.0))
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

pub(crate) fn asinh(a: f64) -> Series {
    integral(a.asinh(), power_of_quadratic([1.0, 1.0], a, -0.5))
}

pub(crate) fn atan(a: f64) -> Series {
    integral(a.atan(), power_of_quadratic([1.0, 1.0], a, -1.0))
}

pub(crate) fn asin(a: f64) -> Series {
    integral(a.asin(), power_of_quadratic([1.0, -1.0], a, -0.5))
}

pub(crate) fn acos(a: f64) -> Series {
    let slope = power_of_quadratic([1.0, -1.0], a, -0.5);
    integral(a.acos(), slope.map(|coefficient| -coefficient))
}

pub(crate) fn acosh(a: f64) -> Series {
    integral(a.acosh(), power_of_quadratic([-1.0, 1.0], a, -0.5))
}

pub(crate) fn atanh(a: f64) -> Series {
    integral(a.atanh(), power_of_quadratic([1.0, -1.0], a, -1.0))
}

/// (b + c x²)^p, from u y' = p u' y with u = b + c x².
fn power_of_quadratic([constant, square]: [f64; 2], a: f64, p: f64) -> Series {
    let u = [constant + square * a * a, 2.0 * square * a, square];
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
