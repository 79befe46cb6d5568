//! A run-time scalar for mixed derivatives of any order up to six.
//!
//! A [`Nilpotent`] is a polynomial in m commuting generators ε₁ … εₘ with εᵢ² = 0: one coefficient for each subset of
//! the generators, 2^m in all. Evaluating an objective at x + ε₁ d₁ + … + εₘ dₘ leaves in the coefficient of ε₁ ⋯ εₘ the
//! exact derivative of order m along d₁ … dₘ. The number of generators is chosen at run time, because a recursion over
//! nested generic dual numbers would need a new type for each level and does not compile.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use super::scalar::Scalar;
use super::series::{self, MAX_GENERATORS, Series};

/// A polynomial in as many commuting nilpotent generators as may ever be asked for.
pub type Nilpotent = Polynomial<{ 1 << MAX_GENERATORS }>;

/// A polynomial in commuting nilpotent generators with room for `SIZE` coefficients, a power of two; coefficient `s` belongs to
/// the subset with bit pattern `s`. A smaller one is copied faster: see [`Polynomial::resized`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Polynomial<const SIZE: usize> {
    generators: usize,
    coefficients: [f64; SIZE],
}

impl<const SIZE: usize> Polynomial<SIZE> {
    /// How many generators there is room for.
    const ROOM: usize = SIZE.ilog2() as usize;

    /// The plain number `value`.
    pub const fn constant(value: f64) -> Self {
        let mut coefficients = [0.0; SIZE];
        coefficients[0] = value;
        Self {
            generators: 0,
            coefficients,
        }
    }

    /// The generator ε with the given number, counted from 0; [`Nilpotent`] has [`MAX_GENERATORS`] of them.
    pub fn generator(number: usize) -> Self {
        assert!(number < Self::ROOM, "there are {} generators", Self::ROOM);
        let mut result = Self::constant(0.0);
        result.generators = number + 1;
        result.coefficients[1 << number] = 1.0;
        result
    }

    /// The coefficient of the product of the generators whose bits are set in `subset`.
    pub fn coefficient(&self, subset: usize) -> f64 {
        self.coefficients[subset]
    }

    /// The factor that multiplies the generator: the derivative along it, still carrying the other generators.
    pub fn derivative(&self, generator: usize) -> Self {
        let bit = 1 << generator;
        let mut result = Self::constant(0.0);
        // without the last generator, what is left needs half of the coefficients
        result.generators = if generator + 1 == self.generators {
            generator
        } else {
            self.generators
        };
        if generator < self.generators {
            for subset in result.subsets().filter(|subset| subset & bit == 0) {
                result.coefficients[subset] = self.coefficients[subset | bit];
            }
        }
        result
    }

    /// Sets the coefficient of the product of the generators in `subset`, in place: such a number is long to copy.
    pub fn set(&mut self, subset: usize, coefficient: f64) {
        let highest = (usize::BITS - subset.leading_zeros()) as usize;
        self.generators = self.generators.max(highest);
        self.coefficients[subset] = coefficient;
    }

    /// Takes all generators from `first` on off, in place.
    pub fn strip(&mut self, first: usize) {
        if self.generators > first {
            self.coefficients[1 << first..1 << self.generators].fill(0.0);
            self.generators = first;
        }
    }

    /// How many generators, from the first on, the number may carry.
    pub(crate) fn generators(&self) -> usize {
        self.generators
    }

    /// The same number with other room, which has to suffice for its generators.
    pub(crate) fn resized<const OTHER: usize>(&self) -> Polynomial<OTHER> {
        let mut result = Polynomial::constant(0.0);
        result.generators = self.generators;
        let used = 1 << self.generators;
        result.coefficients[..used].copy_from_slice(&self.coefficients[..used]);
        result
    }

    fn subsets(&self) -> std::ops::Range<usize> {
        0..1 << self.generators
    }

    fn zip(self, other: Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        let mut result = self;
        result.generators = self.generators.max(other.generators);
        for subset in result.subsets() {
            result.coefficients[subset] =
                combine(self.coefficients[subset], other.coefficients[subset]);
        }
        result
    }

    fn map(mut self, change: impl Fn(f64) -> f64) -> Self {
        for subset in self.subsets() {
            self.coefficients[subset] = change(self.coefficients[subset]);
        }
        self
    }

    /// A function of this number, from its Taylor coefficients at the real part: Σₖ cₖ Nᵏ, which ends by itself.
    fn compose(self, taylor: Series) -> Self {
        let mut nilpotent_part = self;
        nilpotent_part.coefficients[0] = 0.0;
        let mut result = Self::constant(taylor[self.generators]);
        result.generators = self.generators;
        for &coefficient in taylor[..self.generators].iter().rev() {
            result = result * nilpotent_part + coefficient;
        }
        result
    }
}

impl<const SIZE: usize> From<f64> for Polynomial<SIZE> {
    fn from(value: f64) -> Self {
        Self::constant(value)
    }
}

impl<const SIZE: usize> Add for Polynomial<SIZE> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl<const SIZE: usize> Sub for Polynomial<SIZE> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

impl<const SIZE: usize> Mul for Polynomial<SIZE> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let mut result = Self::constant(0.0);
        result.generators = self.generators.max(other.generators);
        for subset in result.subsets() {
            // all ways to split the subset in two: part runs over its own subsets, from full to empty
            let mut total = 0.0;
            let mut part = subset;
            loop {
                total += self.coefficients[part] * other.coefficients[subset & !part];
                if part == 0 {
                    break;
                }
                part = (part - 1) & subset;
            }
            result.coefficients[subset] = total;
        }
        result
    }
}

impl<const SIZE: usize> Div for Polynomial<SIZE> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self * other.compose(series::power(other.coefficients[0], -1.0))
    }
}

impl<const SIZE: usize> Add<f64> for Polynomial<SIZE> {
    type Output = Self;
    fn add(mut self, other: f64) -> Self {
        self.coefficients[0] += other;
        self
    }
}

impl<const SIZE: usize> Sub<f64> for Polynomial<SIZE> {
    type Output = Self;
    fn sub(mut self, other: f64) -> Self {
        self.coefficients[0] -= other;
        self
    }
}

impl<const SIZE: usize> Mul<f64> for Polynomial<SIZE> {
    type Output = Self;
    fn mul(self, other: f64) -> Self {
        self.map(|coefficient| coefficient * other)
    }
}

impl<const SIZE: usize> Div<f64> for Polynomial<SIZE> {
    type Output = Self;
    fn div(self, other: f64) -> Self {
        self.map(|coefficient| coefficient / other)
    }
}

impl<const SIZE: usize> Neg for Polynomial<SIZE> {
    type Output = Self;
    fn neg(self) -> Self {
        self.map(|coefficient| -coefficient)
    }
}

impl<const SIZE: usize> AddAssign for Polynomial<SIZE> {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const SIZE: usize> SubAssign for Polynomial<SIZE> {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl<const SIZE: usize> Scalar for Polynomial<SIZE> {
    fn real(self) -> f64 {
        self.coefficients[0]
    }
    fn exp(self) -> Self {
        self.compose(series::exp(self.real()))
    }
    fn ln(self) -> Self {
        self.compose(series::ln(self.real()))
    }
    fn sqrt(self) -> Self {
        self.compose(series::power(self.real(), 0.5))
    }
    fn powi(self, power: i32) -> Self {
        // by squaring, so that powers of zero have derivatives too
        if power < 0 {
            return Self::constant(1.0) / self.powi(-power);
        }
        let (mut result, mut factor, mut rest) = (Self::constant(1.0), self, power);
        while rest > 0 {
            if rest % 2 == 1 {
                result = result * factor;
            }
            factor = factor * factor;
            rest /= 2;
        }
        result
    }
    fn powf(self, power: f64) -> Self {
        self.compose(series::power(self.real(), power))
    }
    fn sin(self) -> Self {
        self.compose(series::sin(self.real()))
    }
    fn cos(self) -> Self {
        self.compose(series::cos(self.real()))
    }
    fn sinh(self) -> Self {
        self.compose(series::sinh(self.real()))
    }
    fn cosh(self) -> Self {
        self.compose(series::cosh(self.real()))
    }
    fn tanh(self) -> Self {
        self.compose(series::tanh(self.real()))
    }
    fn asinh(self) -> Self {
        self.compose(series::asinh(self.real()))
    }
    fn atan(self) -> Self {
        self.compose(series::atan(self.real()))
    }
    fn tan(self) -> Self {
        self.sin() / self.cos()
    }
    fn asin(self) -> Self {
        self.compose(series::asin(self.real()))
    }
    fn acos(self) -> Self {
        self.compose(series::acos(self.real()))
    }
    fn acosh(self) -> Self {
        self.compose(series::acosh(self.real()))
    }
    fn atanh(self) -> Self {
        self.compose(series::atanh(self.real()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_sixth_mixed_derivative_of_a_product_of_powers_is_exact() {
        // x³ y³ along x, x, x, y, y, y: 6 · 6
        let x = Nilpotent::constant(1.3)
            + Nilpotent::generator(0)
            + Nilpotent::generator(1)
            + Nilpotent::generator(2);
        let y = Nilpotent::constant(-0.7)
            + Nilpotent::generator(3)
            + Nilpotent::generator(4)
            + Nilpotent::generator(5);
        let product = x.powi(3) * y * y * y;
        assert_relative_eq!(product.coefficient(63), 36.0, epsilon = 1e-12);
        assert_relative_eq!(
            product.derivative(0).real(),
            3.0 * 1.69 * (-0.343),
            epsilon = 1e-12
        );
    }

    #[test]
    fn repeated_derivatives_of_every_function_satisfy_an_identity() {
        let mut x = Nilpotent::constant(0.4);
        for generator in 0..MAX_GENERATORS {
            x += Nilpotent::generator(generator);
        }
        let same = |a: Nilpotent, b: Nilpotent| {
            for subset in 0..64 {
                assert_relative_eq!(
                    a.coefficient(subset),
                    b.coefficient(subset),
                    epsilon = 1e-8,
                    max_relative = 1e-10
                );
            }
        };
        same(x.exp().ln(), x);
        same(x.sqrt().square(), x);
        same(x.powf(2.5), x.square() * x.sqrt());
        same(
            x.sin().square() + x.cos().square(),
            Nilpotent::constant(1.0),
        );
        same(
            x.cosh().square() - x.sinh().square(),
            Nilpotent::constant(1.0),
        );
        same(x.tanh() * x.cosh(), x.sinh());
        same(x.asinh().sinh(), x);
        same((x.sin() / x.cos()).atan(), x);
        same(x.tan().atan(), x);
        same(x.sin().asin(), x);
        same(x.cos().acos(), x);
        same(x.cosh().acosh(), x);
        same(x.tanh().atanh(), x);
        same(x.powi(-2) * x * x, Nilpotent::constant(1.0));
    }
}
