//! Linear softmax model over dense rows with any number of classes, one row at a time.
//!
//! ```text
//! z = Θᵀ x + b,  p = softmax(z):   CE = log Σ exp z − z_label,   ∇CE = x (p − e_label)ᵀ,
//! ∇²CE D = x (p ∘ (s − ⟨p, s⟩))ᵀ   with s = Dᵀ x
//! ```
//!
//! Θ is stored feature after feature, one number per class each, with b after the last feature. Blocks have a fixed
//! size and their sums are added in order, so no bit depends on the number of threads. `softmax.rs` has the same model
//! for images of ten classes, where most pixels are zero.

use rayon::prelude::*;

use crate::numerics::vectors::dot;
use crate::numerics::{Nilpotent, Scalar as _, WorkToken};

/// The number of rows of a block; the token is polled before each.
const ROWS: usize = 250;

/// Dense rows with their classes.
#[derive(Clone, Debug)]
pub(super) struct DenseRows {
    features: usize,
    classes: usize,
    /// The features of all rows, row after row.
    x: Vec<f64>,
    /// The class of each row.
    pub(super) labels: Vec<u8>,
}

impl DenseRows {
    /// Rows of `labels.len()` times as many numbers as there are features.
    pub(super) fn new(x: Vec<f64>, labels: Vec<u8>, [features, classes]: [usize; 2]) -> Self {
        Self {
            features,
            classes,
            x,
            labels,
        }
    }

    /// A selection of the rows, in the given order.
    pub(super) fn some(&self, rows: &[usize]) -> Self {
        Self {
            x: rows
                .iter()
                .flat_map(|&row| self.row(row))
                .copied()
                .collect(),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            ..*self
        }
    }

    /// The same rows with other classes.
    pub(super) fn labelled(&self, labels: &[u8]) -> Self {
        Self {
            labels: labels.to_vec(),
            ..self.clone()
        }
    }

    /// The number of classes.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// The number of features.
    pub(super) fn features(&self) -> usize {
        self.features
    }

    /// The features of a row.
    pub(super) fn row(&self, number: usize) -> &[f64] {
        &self.x[number * self.features..][..self.features]
    }

    fn len(&self) -> usize {
        self.labels.len()
    }

    /// Runs `work` on the rows of every block, on all threads, and returns the results in the order of the blocks;
    /// those that a cancelled token cuts off are missing.
    fn blocks<T: Send>(
        &self,
        token: &WorkToken,
        work: impl Fn(std::ops::Range<usize>) -> T + Sync,
    ) -> Vec<T> {
        (0..self.len().div_ceil(ROWS))
            .into_par_iter()
            .filter(|_| !token.is_cancelled())
            .map(|number| work(number * ROWS..((number + 1) * ROWS).min(self.len())))
            .collect()
    }

    /// The logits Θᵀ x + b of a row.
    fn product(&self, row: usize, parameters: &[f64]) -> Vec<f64> {
        let (weights, bias) = parameters.split_at(self.features * self.classes);
        let mut logits = bias.to_vec();
        for (x, weights) in self.row(row).iter().zip(weights.chunks_exact(self.classes)) {
            for (logit, weight) in logits.iter_mut().zip(weights) {
                *logit += x * weight;
            }
        }
        logits
    }

    /// The residual p − e and the cross-entropy of a row.
    fn residual(&self, row: usize, parameters: &[f64]) -> (Vec<f64>, f64) {
        let mut parts = self.product(row, parameters);
        let label = usize::from(self.labels[row]);
        let most = parts.iter().copied().fold(f64::MIN, f64::max);
        let of_label = parts[label];
        // without the largest logit, no exponential overflows
        for part in &mut parts {
            *part = (*part - most).exp();
        }
        let total: f64 = parts.iter().sum();
        for part in &mut parts {
            *part /= total;
        }
        parts[label] -= 1.0;
        (parts, total.ln() + most - of_label)
    }

    /// Adds x rowᵀ to a sum.
    fn add(&self, sum: &mut [f64], number: usize, row: &[f64]) {
        let (sums, bias) = sum.split_at_mut(self.features * self.classes);
        for (x, sums) in self
            .row(number)
            .iter()
            .zip(sums.chunks_exact_mut(self.classes))
        {
            for (sum, part) in sums.iter_mut().zip(row) {
                *sum += x * part;
            }
        }
        for (sum, part) in bias.iter_mut().zip(row) {
            *sum += part;
        }
    }

    /// The cross-entropy of each row; fewer once the token is cancelled.
    pub(super) fn losses(&self, parameters: &[f64], token: &WorkToken) -> Vec<f64> {
        let loss = |row| self.residual(row, parameters).1;
        self.blocks(token, |rows| rows.map(loss).collect::<Vec<_>>())
            .concat()
    }

    /// Adds the weighted sum of the rows' gradients to `out` and returns the weighted sum of their losses.
    pub(super) fn gradient(
        &self,
        parameters: &[f64],
        weight: impl Fn(usize) -> f64 + Sync,
        out: &mut [f64],
        token: &WorkToken,
    ) -> f64 {
        let sums = self.blocks(token, |rows| {
            let (mut sum, mut value) = (vec![0.0; out.len()], 0.0);
            for row in rows {
                let (mut residual, loss) = self.residual(row, parameters);
                let weight = weight(row);
                value += weight * loss;
                for part in &mut residual {
                    *part *= weight;
                }
                self.add(&mut sum, row, &residual);
            }
            (sum, value)
        });
        let mut total = 0.0;
        for (sum, value) in sums {
            total += value;
            add_to(out, &sum);
        }
        total
    }

    /// Adds the weighted sum of the rows' Hessians times a direction to `out`.
    pub(super) fn curvature(
        &self,
        [parameters, direction]: [&[f64]; 2],
        weight: impl Fn(usize) -> f64 + Sync,
        out: &mut [f64],
        token: &WorkToken,
    ) {
        let sums = self.blocks(token, |rows| {
            let mut sum = vec![0.0; out.len()];
            for row in rows {
                let (mut chances, _) = self.residual(row, parameters);
                chances[usize::from(self.labels[row])] += 1.0;
                let slopes = self.product(row, direction);
                let mean = dot(&chances, &slopes);
                let weight = weight(row);
                for (chance, slope) in chances.iter_mut().zip(&slopes) {
                    *chance *= weight * (slope - mean);
                }
                self.add(&mut sum, row, &chances);
            }
            sum
        });
        for sum in sums {
            add_to(out, &sum);
        }
    }

    /// The derivative of each row's loss along a direction; fewer once the token is cancelled.
    pub(super) fn slopes(
        &self,
        parameters: &[f64],
        direction: &[f64],
        token: &WorkToken,
    ) -> Vec<f64> {
        let slope = |row| {
            let (residual, _) = self.residual(row, parameters);
            dot(&residual, &self.product(row, direction))
        };
        self.blocks(token, |rows| rows.map(slope).collect::<Vec<_>>())
            .concat()
    }

    /// The mean cross-entropy, and the share of rows whose class is the likeliest; of equally likely ones the first
    /// counts.
    pub(super) fn score(&self, parameters: &[f64], token: &WorkToken) -> [f64; 2] {
        let count = self.len() as f64;
        let loss: f64 = self.losses(parameters, token).iter().sum();
        let likeliest = self.likeliest(parameters, token);
        let pairs = likeliest.iter().zip(&self.labels);
        let right = pairs
            .filter(|(class, label)| **class == usize::from(**label))
            .count();
        [loss / count, right as f64 / count]
    }

    /// The likeliest class of each row, the first of equal ones; fewer once the token is cancelled.
    pub(super) fn likeliest(&self, parameters: &[f64], token: &WorkToken) -> Vec<usize> {
        let class = |row| {
            let logits = self.product(row, parameters);
            (1..logits.len()).fold(0, |best, class| {
                if logits[class] > logits[best] {
                    class
                } else {
                    best
                }
            })
        };
        self.blocks(token, |rows| rows.map(class).collect::<Vec<_>>())
            .concat()
    }

    /// The cross-entropy of one row over numbers that carry derivatives.
    pub(super) fn lifted_loss(&self, row: usize, parameters: &[Nilpotent]) -> Nilpotent {
        let logits: Vec<Nilpotent> = (0..self.classes)
            .map(|class| {
                let weight = |feature: usize| parameters[feature * self.classes + class];
                let terms = self.row(row).iter().enumerate();
                Nilpotent::sum(terms.map(|(feature, &x)| weight(feature) * x))
                    + weight(self.features)
            })
            .collect();
        let most = logits
            .iter()
            .map(|logit| logit.real())
            .fold(f64::MIN, f64::max);
        let total = Nilpotent::sum(logits.iter().map(|&logit| (logit - most).exp()));
        total.ln() + most - logits[usize::from(self.labels[row])]
    }
}

fn add_to(out: &mut [f64], sum: &[f64]) {
    for (out, sum) in out.iter_mut().zip(sum) {
        *out += sum;
    }
}
