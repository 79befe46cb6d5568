//! Functions of one number in compiled formulas, over any scalar, and their slopes in plain numbers.

use super::tree::Function;
use crate::numerics::{Scalar, series};

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elementary {
    Exp,
    Log,
    Sqrt,
    /// The square root of a sum of squares, whose slope at 0 is taken as 0.
    Length,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    /// The absolute value, whose slope at 0 is taken as 1.
    Abs,
    /// -1, 0 or 1, with slope 0.
    Sign,
    /// The next lower whole number, with slope 0.
    Floor,
    /// The error function.
    Erf,
    Softplus,
    Sigmoid,
    /// log(cosh a).
    LogCosh,
    /// sin(a)/a. For this and the quotients below, derivatives by the quotient rule lose all digits near 0 and are
    /// undefined at 0.
    SinOver,
    /// sinh(a)/a.
    SinhOver,
    /// (exp(a) - 1)/a.
    ExpOver,
    /// (1 - cos(a))/a^2.
    CosOver,
    /// (cosh(a) - 1)/a^2.
    CoshOver,
}

impl Elementary {
    /// The function of one number that formulas call so.
    pub(super) fn of(function: Function) -> Self {
        match function {
            Function::Exp => Self::Exp,
            Function::Log => Self::Log,
            Function::Sqrt => Self::Sqrt,
            Function::Sin => Self::Sin,
            Function::Cos => Self::Cos,
            Function::Tan => Self::Tan,
            Function::Asin => Self::Asin,
            Function::Acos => Self::Acos,
            Function::Atan => Self::Atan,
            Function::Sinh => Self::Sinh,
            Function::Cosh => Self::Cosh,
            Function::Tanh => Self::Tanh,
            Function::Asinh => Self::Asinh,
            Function::Acosh => Self::Acosh,
            Function::Atanh => Self::Atanh,
            Function::Softplus => Self::Softplus,
            Function::Sigmoid => Self::Sigmoid,
            Function::Abs => Self::Abs,
            Function::Sign => Self::Sign,
            Function::Floor => Self::Floor,
            Function::Erf => Self::Erf,
            Function::Min
            | Function::Max
            | Function::Dot
            | Function::Norm2
            | Function::Norm1
            | Function::LogSumExp
            | Function::Rows
            | Function::Cols => unreachable!("these are compiled on their own"),
        }
    }
}

impl Elementary {
    /// True if it has a kink or a jump.
    pub(super) const fn has_kink(self) -> bool {
        matches!(self, Self::Abs | Self::Length | Self::Sign | Self::Floor)
    }

    /// True if there are places without a value or without a finite slope.
    pub(super) const fn is_partial(self) -> bool {
        matches!(
            self,
            Self::Log
                | Self::Sqrt
                | Self::Tan
                | Self::Asin
                | Self::Acos
                | Self::Acosh
                | Self::Atanh
                | Self::SinOver
                | Self::SinhOver
                | Self::ExpOver
                | Self::CosOver
                | Self::CoshOver
        )
    }
}

/// A whole power; small ones by products, which are faster than a loop.
pub(super) fn whole_power<S: Scalar>(a: S, power: i32) -> S {
    match power {
        3 => a.square() * a,
        4 => a.square().square(),
        // derivatives of the reciprocal of a power overflow sooner
        ..0 if S::CARRIES => {
            let exponent = f64::from(power);
            a.of_series(|a| a.powi(power), |a| series::power(a, exponent))
        }
        _ => a.powi(power),
    }
}

/// A real power.
pub(super) fn real_power<S: Scalar>(a: S, power: f64) -> S {
    let real = a.real();
    if S::CARRIES && is_tiny(real) {
        // without the infinite powers of a, which belong to no derivative
        a.of_series(|a| a.powf(power), |a| series::power(a, power))
    } else if S::CARRIES && is_huge(real) {
        let scale = scale(real);
        (a * scale).powf(power) * scale.powf(-power)
    } else {
        a.powf(power)
    }
}

/// The quotient; a large or tiny denominator must not be squared.
pub(super) fn divide<S: Scalar>(a: S, b: S) -> S {
    let real = b.real();
    if S::CARRIES && (is_tiny(real) || is_huge(real)) && real != 0.0 {
        let scale = scale(real);
        (a * scale) / (b * scale)
    } else {
        a / b
    }
}

/// The logarithm; a large or tiny argument must not be squared.
fn log<S: Scalar>(a: S) -> S {
    let real = a.real();
    if S::CARRIES && (is_tiny(real) || is_huge(real)) && real > 0.0 {
        let scale = scale(real);
        (a * scale).ln() - scale.ln()
    } else {
        a.ln()
    }
}

/// Beyond this, and below its reciprocal, the powers in derivatives overflow or underflow.
const HUGE: f64 = 1e40;

fn is_huge(a: f64) -> bool {
    a.abs() > HUGE && a.is_finite()
}

fn is_tiny(a: f64) -> bool {
    a.abs() < HUGE.recip()
}

/// A power of 4 that brings a number near to 1.
fn scale(a: f64) -> f64 {
    let exponent = -(a.abs().log2() / 2.0).floor().clamp(-500.0, 500.0);
    4.0_f64.powi(exponent as i32)
}

/// Beyond this, asinh and acosh are log(2a) to all digits.
const LOGARITHMIC: f64 = 1e10;

/// A function of any scalar.
pub(super) fn elementary<S: Scalar>(function: Elementary, a: S) -> S {
    let real = a.real();
    match function {
        Elementary::Exp => a.exp(),
        Elementary::Log => log(a),
        Elementary::Length if real == 0.0 => 0.0.into(),
        Elementary::Sqrt | Elementary::Length if S::CARRIES && is_huge(real) => {
            let scale = scale(real);
            (a * scale).sqrt() * scale.sqrt().recip()
        }
        Elementary::Sqrt | Elementary::Length => a.sqrt(),
        Elementary::Sin => a.sin(),
        Elementary::Cos => a.cos(),
        Elementary::Tan => a.tan(),
        Elementary::Asin => a.of_series(f64::asin, series::asin),
        Elementary::Acos => a.of_series(f64::acos, series::acos),
        Elementary::Atan => a.of_series(f64::atan, series::atan),
        Elementary::Sinh => a.sinh(),
        Elementary::Cosh => a.cosh(),
        Elementary::Tanh => a.of_series(f64::tanh, series::flat_tanh),
        Elementary::Asinh | Elementary::Acosh if S::CARRIES && real > LOGARITHMIC => log(a * 2.0),
        Elementary::Asinh if S::CARRIES && real < -LOGARITHMIC => -log(a * -2.0),
        Elementary::Asinh => a.of_series(f64::asinh, series::asinh),
        Elementary::Acosh => a.of_series(series::acosh_of, series::acosh),
        Elementary::Atanh => a.of_series(series::atanh_of, series::atanh),
        Elementary::Abs if real < 0.0 => -a,
        Elementary::Abs => a,
        Elementary::Sign => sign(real).into(),
        Elementary::Floor => real.floor().into(),
        Elementary::Erf => a.of_series(libm::erf, series::erf),
        Elementary::Softplus => a.of_series(series::softplus_of, series::softplus),
        Elementary::Sigmoid if real >= 0.0 => S::from(1.0) / ((-a).exp() + 1.0),
        Elementary::Sigmoid => {
            let power = a.exp();
            power / (power + 1.0)
        }
        Elementary::LogCosh => a.of_series(series::log_cosh_of, series::log_cosh),
        Elementary::SinOver => a.of_series(|a| a.sin() / a, series::sin_over),
        Elementary::SinhOver => a.of_series(|a| a.sinh() / a, series::sinh_over),
        Elementary::ExpOver => a.of_series(|a| a.exp_m1() / a, series::exp_over),
        Elementary::CosOver => a.of_series(
            |a| 0.5 * ((0.5 * a).sin() / (0.5 * a)).powi(2),
            series::cos_over,
        ),
        Elementary::CoshOver => a.of_series(
            |a| 0.5 * ((0.5 * a).sinh() / (0.5 * a)).powi(2),
            series::cosh_over,
        ),
    }
}

/// -1, 0 or 1.
fn sign(a: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a.signum() }
}

/// A function's value and its derivative, with common parts computed once.
#[inline]
pub(super) fn with_slope(function: Elementary, a: f64) -> [f64; 2] {
    match function {
        Elementary::Sin => {
            let (sin, cos) = a.sin_cos();
            [sin, cos]
        }
        Elementary::Cos => {
            let (sin, cos) = a.sin_cos();
            [cos, -sin]
        }
        function => {
            let value = elementary(function, a);
            [value, derivative(function, a, value)]
        }
    }
}

/// The derivative of a function at `a`, where its value is `value`.
fn derivative(function: Elementary, a: f64, value: f64) -> f64 {
    match function {
        Elementary::Exp => value,
        Elementary::Log => 1.0 / a,
        Elementary::Length if value == 0.0 => 0.0,
        Elementary::Sqrt | Elementary::Length => 0.5 / value,
        Elementary::Sin => a.cos(),
        Elementary::Cos => -a.sin(),
        Elementary::Tan => 1.0 + value * value,
        Elementary::Asin => 1.0 / ((1.0 - a) * (1.0 + a)).sqrt(),
        Elementary::Acos => -1.0 / ((1.0 - a) * (1.0 + a)).sqrt(),
        Elementary::Atan => 1.0 / (1.0 + a * a),
        Elementary::Sinh => a.cosh(),
        Elementary::Cosh => a.sinh(),
        Elementary::Tanh => {
            let cosh = a.cosh();
            1.0 / (cosh * cosh)
        }
        Elementary::Asinh => 1.0 / a.hypot(1.0),
        // two roots: the product overflows
        Elementary::Acosh => 1.0 / ((a - 1.0).sqrt() * (a + 1.0).sqrt()),
        Elementary::Atanh => 1.0 / ((1.0 - a) * (1.0 + a)),
        Elementary::Abs if a < 0.0 => -1.0,
        Elementary::Abs => 1.0,
        Elementary::Sign | Elementary::Floor => 0.0,
        Elementary::Erf => std::f64::consts::FRAC_2_SQRT_PI * (-a * a).exp(),
        Elementary::Softplus => elementary(Elementary::Sigmoid, a),
        Elementary::Sigmoid => value * elementary(Elementary::Sigmoid, -a),
        Elementary::LogCosh => a.tanh(),
        Elementary::SinOver => series::sin_over(a)[1],
        Elementary::SinhOver => series::sinh_over(a)[1],
        Elementary::ExpOver => series::exp_over(a)[1],
        Elementary::CosOver => series::cos_over(a)[1],
        Elementary::CoshOver => series::cosh_over(a)[1],
    }
}
