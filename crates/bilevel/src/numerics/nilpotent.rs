//! A run-time scalar for mixed derivatives of any order up to six.
//!
//! A [`Nilpotent`] is a polynomial in m commuting generators ε₁ … εₘ with εᵢ² = 0: one coefficient for each subset of
//! the generators, 2^m in all. Evaluating an objective at x + ε₁ d₁ + … + εₘ dₘ leaves in the coefficient of ε₁ ⋯ εₘ
//! the exact derivative of order m along d₁ … dₘ. The number of generators is chosen at run time, because a recursion
//! over nested generic dual numbers would need a new type for each level and does not compile.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use super::scalar::Scalar;
use super::series::{self, MAX_GENERATORS, Series};

/// A polynomial in up to [`MAX_GENERATORS`] commuting nilpotent generators.
pub type Nilpotent = Polynomial<{ 1 << MAX_GENERATORS }>;

/// Up to this many coefficients, loops run over the whole array whether used or not.
const SMALL: usize = 16;

/// A polynomial in commuting nilpotent generators with room for `SIZE` coefficients, a power of two; coefficient `s`
/// belongs to the subset with bit pattern `s`. A smaller size is copied faster: see [`Polynomial::resized`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Polynomial<const SIZE: usize> {
    generators: usize,
    coefficients: [f64; SIZE],
}

impl<const SIZE: usize> Polynomial<SIZE> {
    /// The number of generators that fit.
    const ROOM: usize = SIZE.ilog2() as usize;

    /// The constant `value`.
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

    /// The derivative along a generator: its factor, which still carries the other generators.
    pub fn derivative(&self, generator: usize) -> Self {
        let bit = 1 << generator;
        let mut result = Self::constant(0.0);
        // without the last generator half of the coefficients suffice
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

    /// Sets the coefficient of the product of the generators in `subset`, in place, because copies are slow.
    pub fn set(&mut self, subset: usize, coefficient: f64) {
        let highest = (usize::BITS - subset.leading_zeros()) as usize;
        self.generators = self.generators.max(highest);
        self.coefficients[subset] = coefficient;
    }

    /// Drops all generators from `first` on, in place.
    pub fn strip(&mut self, first: usize) {
        if self.generators > first {
            self.coefficients[1 << first..1 << self.generators].fill(0.0);
            self.generators = first;
        }
    }

    /// Copies another number, whose generators must fit.
    #[inline]
    pub(crate) fn copy_from<const OTHER: usize>(&mut self, other: &Polynomial<OTHER>) {
        let room = SIZE.min(OTHER);
        if room <= SMALL {
            // a fixed size is copied in the same pieces in which it was written, which the processor can forward
            self.strip(room.ilog2() as usize);
            self.coefficients[..room].copy_from_slice(&other.coefficients[..room]);
        } else {
            self.strip(other.generators);
            let used = 1 << other.generators;
            self.coefficients[..used].copy_from_slice(&other.coefficients[..used]);
        }
        self.generators = other.generators;
    }

    /// Copies [`Polynomial::derivative`] of another number.
    #[inline]
    pub(crate) fn copy_derivative<const OTHER: usize>(
        &mut self,
        other: &Polynomial<OTHER>,
        generator: usize,
    ) {
        if OTHER <= SMALL
            && other.generators == Polynomial::<OTHER>::ROOM
            && generator + 1 == other.generators
        {
            self.strip(generator);
            self.coefficients[..OTHER / 2].copy_from_slice(&other.coefficients[OTHER / 2..]);
            self.generators = generator;
        } else {
            self.copy_from(&other.derivative(generator));
        }
    }

    /// self ← factor · self + other, in place.
    pub(crate) fn scale_and_add(&mut self, factor: f64, other: &Self) {
        for coefficient in &mut self.coefficients[..1 << self.generators] {
            *coefficient *= factor;
        }
        self.generators = self.generators.max(other.generators);
        let used = 1 << self.generators;
        for (coefficient, other) in self.coefficients[..used]
            .iter_mut()
            .zip(&other.coefficients[..used])
        {
            *coefficient += other;
        }
    }

    /// self ← self + factor · other, in place.
    pub(crate) fn add_scaled(&mut self, factor: f64, other: &Self) {
        self.generators = self.generators.max(other.generators);
        let used = 1 << self.generators;
        for (coefficient, other) in self.coefficients[..used]
            .iter_mut()
            .zip(&other.coefficients[..used])
        {
            *coefficient += other * factor;
        }
    }

    /// self ← self − factor · other, in place.
    pub(crate) fn subtract_scaled(&mut self, factor: f64, other: &Self) {
        self.generators = self.generators.max(other.generators);
        let used = 1 << other.generators;
        for (coefficient, other) in self.coefficients[..used]
            .iter_mut()
            .zip(&other.coefficients[..used])
        {
            *coefficient -= other * factor;
        }
    }

    /// The number of leading generators that the number may carry.
    pub(crate) fn generators(&self) -> usize {
        self.generators
    }

    /// The same number in another size, in which its generators must fit.
    pub(crate) fn resized<const OTHER: usize>(&self) -> Polynomial<OTHER> {
        let mut result = Polynomial::constant(0.0);
        result.copy_from(self);
        result
    }

    fn subsets(&self) -> std::ops::Range<usize> {
        0..1 << self.generators
    }

    /// The number of coefficients that a loop runs over: all of a small number's, which needs no branches.
    #[inline]
    fn looped(&self) -> usize {
        if SIZE <= SMALL {
            SIZE
        } else {
            1 << self.generators
        }
    }

    /// Combines two numbers coefficient by coefficient; `combine` must map two zeros to 0.
    #[inline]
    fn zip(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        let mut result = Self::constant(0.0);
        result.generators = self.generators.max(other.generators);
        for subset in 0..result.looped() {
            result.coefficients[subset] =
                combine(self.coefficients[subset], other.coefficients[subset]);
        }
        result
    }

    #[inline]
    fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        let mut result = Self::constant(0.0);
        result.generators = self.generators;
        let used = 1 << self.generators;
        for subset in 0..self.looped() {
            let changed = change(self.coefficients[subset]);
            // coefficients beyond the generators are always +0
            result.coefficients[subset] = if subset < used { changed } else { 0.0 };
        }
        result
    }

    /// Composes a function, given by its Taylor coefficients at the real part: Σₖ cₖ Nᵏ, where N is nilpotent.
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

    /// The same for infinite coefficients, which count only if their power of N is not 0.
    fn compose_singular(self, taylor: Series) -> Self {
        let mut nilpotent_part = self;
        nilpotent_part.coefficients[0] = 0.0;
        let mut result = Self::constant(taylor[0]);
        result.generators = self.generators;
        let mut power = Self::constant(1.0);
        for &coefficient in &taylor[1..=self.generators] {
            power = power * nilpotent_part;
            for subset in self.subsets() {
                if power.coefficients[subset] != 0.0 {
                    result.coefficients[subset] += coefficient * power.coefficients[subset];
                }
            }
        }
        result
    }

    /// Raises to a real power; at 0 some of its derivatives are infinite.
    fn power(self, power: f64) -> Self {
        let taylor = series::power(self.real(), power);
        if self.real() == 0.0 {
            self.compose_singular(taylor)
        } else {
            self.compose(taylor)
        }
    }
}

impl<const SIZE: usize> From<f64> for Polynomial<SIZE> {
    fn from(value: f64) -> Self {
        Self::constant(value)
    }
}

impl<const SIZE: usize> Add for Polynomial<SIZE> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        self.zip(&other, |a, b| a + b)
    }
}

impl<const SIZE: usize> Sub for Polynomial<SIZE> {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        self.zip(&other, |a, b| a - b)
    }
}

impl<const SIZE: usize> Mul for Polynomial<SIZE> {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        let mut result = Self::constant(0.0);
        result.generators = self.generators.max(other.generators);
        if result.generators < 2 {
            let (a, b) = (&self.coefficients, &other.coefficients);
            result.coefficients[0] += a[0] * b[0];
            if result.generators == 1 {
                result.coefficients[1] = result.coefficients[1] + a[1] * b[0] + a[0] * b[1];
            }
            return result;
        }
        // in fours, one for each subset of the first two generators, whose products are written out
        let (ours, theirs) = (
            self.coefficients.as_chunks::<4>().0,
            other.coefficients.as_chunks::<4>().0,
        );
        let fours = (1 << result.generators) / 4;
        for (subset, totals) in result.coefficients.as_chunks_mut::<4>().0[..fours]
            .iter_mut()
            .enumerate()
        {
            // all ways to split the subset in two: part runs over its own subsets, from full to empty
            let mut part = subset;
            loop {
                add_products(totals, &ours[part], &theirs[subset & !part]);
                if part == 0 {
                    break;
                }
                part = (part - 1) & subset;
            }
        }
        result
    }
}

/// Adds the product of two numbers of two generators, each coefficient from the full part to the empty one.
#[inline]
fn add_products(totals: &mut [f64; 4], a: &[f64; 4], b: &[f64; 4]) {
    totals[0] += a[0] * b[0];
    totals[1] = totals[1] + a[1] * b[0] + a[0] * b[1];
    totals[2] = totals[2] + a[2] * b[0] + a[0] * b[2];
    totals[3] = totals[3] + a[3] * b[0] + a[2] * b[1] + a[1] * b[2] + a[0] * b[3];
}

impl<const SIZE: usize> Div for Polynomial<SIZE> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let reciprocal = other.compose(series::reciprocal(other.coefficients[0]));
        self.mul(reciprocal)
    }
}

impl<const SIZE: usize> Add<f64> for Polynomial<SIZE> {
    type Output = Self;
    #[inline]
    fn add(mut self, other: f64) -> Self {
        self.coefficients[0] += other;
        self
    }
}

impl<const SIZE: usize> Sub<f64> for Polynomial<SIZE> {
    type Output = Self;
    #[inline]
    fn sub(mut self, other: f64) -> Self {
        self.coefficients[0] -= other;
        self
    }
}

impl<const SIZE: usize> Mul<f64> for Polynomial<SIZE> {
    type Output = Self;
    #[inline]
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
    #[inline]
    fn neg(self) -> Self {
        self.map(|coefficient| -coefficient)
    }
}

impl<const SIZE: usize> AddAssign for Polynomial<SIZE> {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = self.zip(&other, |a, b| a + b);
    }
}

impl<const SIZE: usize> SubAssign for Polynomial<SIZE> {
    #[inline]
    fn sub_assign(&mut self, other: Self) {
        *self = self.zip(&other, |a, b| a - b);
    }
}

impl<const SIZE: usize> Scalar for Polynomial<SIZE> {
    const CARRIES: bool = true;

    fn real(self) -> f64 {
        self.coefficients[0]
    }
    fn of_series(
        self,
        _value: impl FnOnce(f64) -> f64,
        taylor: impl FnOnce(f64) -> [f64; MAX_GENERATORS + 1],
    ) -> Self {
        let taylor = taylor(self.real());
        if taylor[..=self.generators].iter().all(|one| one.is_finite()) {
            self.compose(taylor)
        } else {
            self.compose_singular(taylor)
        }
    }
    fn exp(self) -> Self {
        self.compose(series::exp(self.real()))
    }
    fn ln(self) -> Self {
        self.compose(series::ln(self.real()))
    }
    fn sqrt(self) -> Self {
        self.power(0.5)
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
        self.power(power)
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

    /// A number with `generators` generators; some of its coefficients are zeros of either sign.
    fn sample<const SIZE: usize>(generators: usize, seed: usize) -> Polynomial<SIZE> {
        let mut number = Polynomial::constant(0.0);
        for subset in 0..1 << generators {
            let value = ((subset * 7919 + seed * 31) % 13) as f64 - 6.0;
            number.set(subset, if value == 0.0 { -0.0 } else { value / 7.0 });
        }
        number
    }

    fn products_are_sums_over_subsets<const SIZE: usize>() {
        for generators in 0..=Polynomial::<SIZE>::ROOM {
            for fewer in 0..=generators {
                let (a, b) = (sample::<SIZE>(generators, 1), sample::<SIZE>(fewer, 2));
                for product in [[a, b], [b, a]] {
                    let found = product[0] * product[1];
                    for subset in 0..SIZE {
                        let parts = (0..=subset).rev().filter(|part| part & !subset == 0);
                        let mut total = 0.0;
                        for part in parts.filter(|_| subset < 1 << generators) {
                            total += product[0].coefficient(part)
                                * product[1].coefficient(subset & !part);
                        }
                        assert_eq!(found.coefficient(subset).to_bits(), total.to_bits());
                    }
                }
            }
        }
    }

    #[test]
    fn products_are_the_same_bits_in_every_room() {
        products_are_sums_over_subsets::<2>();
        products_are_sums_over_subsets::<4>();
        products_are_sums_over_subsets::<16>();
        products_are_sums_over_subsets::<64>();
    }

    #[test]
    fn work_in_place_makes_the_bits_of_operators() {
        for generators in 0..=4 {
            for others in 0..=4 {
                let (a, b) = (sample::<64>(generators, 3), sample::<64>(others, 4));
                let mut found = a;
                found.scale_and_add(0.9, &b);
                let same = |found: Nilpotent, expected: Nilpotent| {
                    assert_eq!(found.generators(), expected.generators());
                    let bits = |number: Nilpotent| number.coefficients.map(f64::to_bits);
                    assert_eq!(bits(found), bits(expected));
                };
                same(found, a * 0.9 + b);
                found = a;
                found.add_scaled(0.3, &b);
                same(found, a + b * 0.3);
                found = a;
                found.subtract_scaled(-0.3, &b);
                same(found, a - b * -0.3);
                found = a;
                found.copy_from(&b.resized::<16>());
                same(found, b);
                found = a;
                found.copy_derivative(&b.resized::<16>(), others.saturating_sub(1));
                same(found, b.derivative(others.saturating_sub(1)));
            }
        }
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
