//! Random numbers that are the same on every machine; the seed is a problem's number.

/// A stream of random numbers (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The generator of a problem.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed ^ number.wrapping_mul(0xD134_2543_DE82_EF95));
        // similar seeds give similar first numbers
        for _ in 0..4 {
            dice.bits();
        }
        dice
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draws a number from 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws a number in a range.
    pub(crate) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Draws an integer below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.unit() * count as f64) as usize
    }

    /// Draws 1 or −1.
    pub(crate) fn sign(&mut self) -> f64 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    /// Draws a number from 10^`low` to 10^`high` whose logarithm is uniform.
    pub(crate) fn power(&mut self, low: f64, high: f64) -> f64 {
        10_f64.powf(self.within(low, high))
    }

    /// Draws one of several values by their weights.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[(T, f64)]) -> T {
        let total: f64 = choices.iter().map(|(_, weight)| weight).sum();
        let mut left = total * self.unit();
        for (choice, weight) in choices {
            left -= weight;
            if left < 0.0 {
                return *choice;
            }
        }
        choices[choices.len() - 1].0
    }

    /// Draws a direction of length 1.
    pub(crate) fn direction(&mut self, size: usize) -> Vec<f64> {
        loop {
            let drawn: Vec<f64> = (0..size).map(|_| self.within(-1.0, 1.0)).collect();
            let length = drawn.iter().map(|x| x * x).sum::<f64>().sqrt();
            if 0.1 < length && length < 1.0 {
                return drawn.iter().map(|x| x / length).collect();
            }
        }
    }
}
