//! The number type in which objectives are written.
//!
//! An objective is written once, generic over [`Scalar`]. The same lines then give a value (`f64`), first and second
//! derivatives (static dual numbers of `num-dual`, no allocation) and derivatives of higher order
//! ([`Nilpotent`](super::nilpotent::Nilpotent)).

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use num_dual::DualNum;

use super::series::MAX_GENERATORS;

/// A real number that may carry derivatives along.
pub trait Scalar:
    Copy
    + Debug
    + 'static
    + From<f64>
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
    + SubAssign
{
    /// True if the type carries derivatives.
    const CARRIES: bool;

    /// The value without its derivatives.
    fn real(self) -> f64;
    /// A function of this number, from its value and its Taylor coefficients f⁽ᵏ⁾ / k! at the real part.
    fn of_series(
        self,
        value: impl FnOnce(f64) -> f64,
        taylor: impl FnOnce(f64) -> [f64; MAX_GENERATORS + 1],
    ) -> Self;
    /// `exp(self)`.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// `self` to an integer power.
    fn powi(self, power: i32) -> Self;
    /// `self` to a real power.
    fn powf(self, power: f64) -> Self;
    /// The sine.
    fn sin(self) -> Self;
    /// The cosine.
    fn cos(self) -> Self;
    /// The hyperbolic sine.
    fn sinh(self) -> Self;
    /// The hyperbolic cosine.
    fn cosh(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// The inverse hyperbolic sine.
    fn asinh(self) -> Self;
    /// The inverse tangent.
    fn atan(self) -> Self;
    /// The tangent.
    fn tan(self) -> Self;
    /// The inverse sine.
    fn asin(self) -> Self;
    /// The inverse cosine.
    fn acos(self) -> Self;
    /// The inverse hyperbolic cosine.
    fn acosh(self) -> Self;
    /// The inverse hyperbolic tangent.
    fn atanh(self) -> Self;

    /// `self` times itself.
    fn square(self) -> Self {
        self * self
    }

    /// The sum of an iterator; zero when it is empty.
    fn sum(terms: impl Iterator<Item = Self>) -> Self {
        // a loop instead of a fold, which would pass large numbers through closures
        let mut total = Self::from(0.0);
        for term in terms {
            total += term;
        }
        total
    }
}

impl<T> Scalar for T
where
    T: DualNum<Primitive = f64> + Copy,
{
    const CARRIES: bool = T::NDERIV > 0;

    fn real(self) -> f64 {
        self.re()
    }
    fn of_series(
        self,
        value: impl FnOnce(f64) -> f64,
        taylor: impl FnOnce(f64) -> [f64; MAX_GENERATORS + 1],
    ) -> Self {
        let real = self.re();
        if !Self::CARRIES {
            return value(real).into();
        }
        let taylor = taylor(real);
        let part = self - real;
        let mut result = Self::from(taylor[T::NDERIV]);
        for &coefficient in taylor[..T::NDERIV].iter().rev() {
            result = result * part + coefficient;
        }
        result
    }
    fn exp(self) -> Self {
        DualNum::exp(&self)
    }
    fn ln(self) -> Self {
        DualNum::ln(&self)
    }
    fn sqrt(self) -> Self {
        DualNum::sqrt(&self)
    }
    fn powi(self, power: i32) -> Self {
        DualNum::powi(&self, power)
    }
    fn powf(self, power: f64) -> Self {
        DualNum::powf(&self, power)
    }
    fn sin(self) -> Self {
        DualNum::sin(&self)
    }
    fn cos(self) -> Self {
        DualNum::cos(&self)
    }
    fn sinh(self) -> Self {
        DualNum::sinh(&self)
    }
    fn cosh(self) -> Self {
        DualNum::cosh(&self)
    }
    fn tanh(self) -> Self {
        DualNum::tanh(&self)
    }
    fn asinh(self) -> Self {
        DualNum::asinh(&self)
    }
    fn atan(self) -> Self {
        DualNum::atan(&self)
    }
    fn tan(self) -> Self {
        DualNum::tan(&self)
    }
    fn asin(self) -> Self {
        DualNum::asin(&self)
    }
    fn acos(self) -> Self {
        DualNum::acos(&self)
    }
    fn acosh(self) -> Self {
        DualNum::acosh(&self)
    }
    fn atanh(self) -> Self {
        DualNum::atanh(&self)
    }
}
