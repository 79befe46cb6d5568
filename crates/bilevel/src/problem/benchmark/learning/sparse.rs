//! Linear softmax model over sparse rows: losses, gradients and second-derivative products.
//!
//! ```text
//! zᵢ = Θᵀ xᵢ,  pᵢ = softmax(zᵢ):   CEᵢ = log Σ exp zᵢ − zᵢ,label,
//! ∇ Σ wᵢ CEᵢ = Xᵀ R  with rows  Rᵢ = wᵢ (pᵢ − e_label),
//! ∇² Σ wᵢ CEᵢ · D = Xᵀ S  with rows  Sᵢ = wᵢ pᵢ ∘ (sᵢ − ⟨pᵢ, sᵢ⟩),   sᵢ = Dᵀ xᵢ
//! ```
//!
//! Θ is stored feature after feature, one number per class each; there is no bias. X is stored twice, by rows for X Θ
//! and by features for Xᵀ R: so every number of a result is one sum in a fixed order, for any number of threads, and no
//! thread needs a copy of Θ.

use rayon::prelude::*;

use crate::data::SparseRows;
use crate::numerics::{Nilpotent, Scalar as _, WorkToken};

/// The number of rows of a chunk of work; the token is polled before each.
const ROWS: usize = 250;
/// The number of features of a chunk of work.
const FEATURES: usize = 500;

/// Sparse samples with their classes.
#[derive(Clone, Debug)]
pub(super) struct SparseSamples {
    rows: SparseRows,
    classes: usize,
    /// X by features: the end of each feature's entries, and their rows and values.
    ends: Vec<usize>,
    places: Vec<u32>,
    values: Vec<f64>,
}

impl SparseSamples {
    /// All rows of a matrix with the given numbers of features and classes.
    pub(super) fn new(rows: SparseRows, [features, classes]: [usize; 2]) -> Self {
        let mut ends = vec![0; features];
        for &feature in &rows.features {
            ends[feature as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            // for now the start of the feature's entries
            (*end, total) = (total, total + *end);
        }
        let mut places = vec![0; total];
        let mut values = vec![0.0; total];
        for row in 0..rows.len() {
            for at in rows.range(row) {
                let next = &mut ends[rows.features[at] as usize];
                places[*next] = row as u32;
                values[*next] = rows.values[at];
                *next += 1;
            }
        }
        Self {
            rows,
            classes,
            ends,
            places,
            values,
        }
    }

    /// A selection of the rows, in the given order.
    pub(super) fn some(&self, chosen: &[usize]) -> Self {
        Self::new(
            chosen_rows(&self.rows, chosen),
            [self.ends.len(), self.classes],
        )
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if a feature occurs in any row.
    pub(super) fn has(&self, feature: usize) -> bool {
        !self.entries(feature).is_empty()
    }

    fn entries(&self, feature: usize) -> std::ops::Range<usize> {
        let start = if feature == 0 {
            0
        } else {
            self.ends[feature - 1]
        };
        start..self.ends[feature]
    }

    /// Computes X Θ with `change` applied to every row; rows that a cancelled token cuts off are zero.
    fn each_row(
        &self,
        theta: &[f64],
        token: &WorkToken,
        change: impl Fn(usize, &mut [f64]) + Sync,
    ) -> Vec<f64> {
        let classes = self.classes;
        let mut out = vec![0.0; self.len() * classes];
        out.par_chunks_mut(ROWS * classes)
            .enumerate()
            .filter(|_| !token.is_cancelled())
            .for_each(|(chunk, rows)| {
                for (place, row) in rows.chunks_exact_mut(classes).enumerate() {
                    let number = chunk * ROWS + place;
                    self.product(number, theta, row);
                    change(number, row);
                }
            });
        out
    }

    /// Adds the logits Θᵀ x of a row to `out`.
    fn product(&self, row: usize, theta: &[f64], out: &mut [f64]) {
        let range = self.rows.range(row);
        let values = &self.rows.values[range.clone()];
        for (&feature, &value) in self.rows.features[range].iter().zip(values) {
            let weights = &theta[feature as usize * self.classes..][..self.classes];
            for (out, weight) in out.iter_mut().zip(weights) {
                *out += value * weight;
            }
        }
    }

    /// Adds share · Xᵀ R to `out`.
    fn transposed(&self, of_rows: &[f64], share: f64, out: &mut [f64], token: &WorkToken) {
        let classes = self.classes;
        out.par_chunks_mut(FEATURES * classes)
            .enumerate()
            .filter(|_| !token.is_cancelled())
            .for_each(|(chunk, features)| {
                for (place, out) in features.chunks_exact_mut(classes).enumerate() {
                    for at in self.entries(chunk * FEATURES + place) {
                        let value = share * self.values[at];
                        let row = &of_rows[self.places[at] as usize * classes..][..classes];
                        for (out, part) in out.iter_mut().zip(row) {
                            *out += value * part;
                        }
                    }
                }
            });
    }

    /// The mean cross-entropy.
    pub(super) fn loss(&self, theta: &[f64], token: &WorkToken) -> f64 {
        self.score(theta, token)[0]
    }

    /// Adds the gradient of the mean cross-entropy to `out` and returns the mean cross-entropy.
    pub(super) fn gradient(&self, theta: &[f64], out: &mut [f64], token: &WorkToken) -> f64 {
        let residuals = self.each_row(theta, token, |row, logits| {
            let label = self.label(row);
            softmax(logits);
            logits[label] -= 1.0;
        });
        let share = 1.0 / self.len() as f64;
        self.transposed(&residuals, share, out, token);
        let of_labels = (0..self.len()).map(|row| residuals[row * self.classes + self.label(row)]);
        // log p of the label, which is 1 + its residual; if that is near 0, it comes from the logits
        share
            * of_labels
                .enumerate()
                .map(|(row, residual)| {
                    if residual > -0.999 {
                        -residual.ln_1p()
                    } else {
                        self.row_loss(row, theta)
                    }
                })
                .sum::<f64>()
    }

    fn row_loss(&self, row: usize, theta: &[f64]) -> f64 {
        let mut logits = vec![0.0; self.classes];
        self.product(row, theta, &mut logits);
        let label = logits[self.label(row)];
        softmax(&mut logits) - label
    }

    /// Adds the Hessian of the mean cross-entropy times a direction to `out`.
    pub(super) fn curvature(
        &self,
        [theta, direction]: [&[f64]; 2],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        let slopes = self.each_row(direction, token, |row, slopes| {
            let mut chances = vec![0.0; self.classes];
            self.product(row, theta, &mut chances);
            softmax(&mut chances);
            let mean: f64 = chances.iter().zip(&*slopes).map(|(p, s)| p * s).sum();
            for (slope, chance) in slopes.iter_mut().zip(&chances) {
                *slope = chance * (*slope - mean);
            }
        });
        self.transposed(&slopes, 1.0 / self.len() as f64, out, token);
    }

    /// The mean cross-entropy, and the share of rows whose class is the likeliest; of equally likely ones the first
    /// counts.
    pub(super) fn score(&self, theta: &[f64], token: &WorkToken) -> [f64; 2] {
        let logits = self.each_row(theta, token, |_, _| {});
        let (mut loss, mut right) = (0.0, 0_usize);
        let mut rows = logits;
        for (number, row) in rows.chunks_exact_mut(self.classes).enumerate() {
            let label = self.label(number);
            let best = (1..self.classes).fold(
                0,
                |best, class| {
                    if row[class] > row[best] { class } else { best }
                },
            );
            right += usize::from(best == label);
            let own = row[label];
            loss += softmax(row) - own;
        }
        let count = self.len() as f64;
        [loss / count, right as f64 / count]
    }

    /// The mean cross-entropy over numbers that carry derivatives.
    pub(super) fn lifted_loss(&self, theta: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        let rows = (0..self.len()).take_while(|_| !token.is_cancelled());
        let losses = rows.map(|row| {
            let logits: Vec<Nilpotent> = (0..self.classes)
                .map(|class| {
                    Nilpotent::sum(self.rows.range(row).map(|at| {
                        let feature = self.rows.features[at] as usize;
                        theta[feature * self.classes + class] * self.rows.values[at]
                    }))
                })
                .collect();
            let most = logits
                .iter()
                .map(|logit| logit.real())
                .fold(f64::MIN, f64::max);
            let total = Nilpotent::sum(logits.iter().map(|&logit| (logit - most).exp()));
            total.ln() + most - logits[self.label(row)]
        });
        Nilpotent::sum(losses) * (1.0 / self.len() as f64)
    }

    fn label(&self, row: usize) -> usize {
        self.rows.classes[row] as usize
    }
}

/// A selection of the rows, in the given order.
pub(super) fn chosen_rows(rows: &SparseRows, chosen: &[usize]) -> SparseRows {
    let mut some = SparseRows::default();
    for &row in chosen {
        let range = rows.range(row);
        some.features
            .extend_from_slice(&rows.features[range.clone()]);
        some.values.extend_from_slice(&rows.values[range]);
        some.ends.push(some.features.len());
        some.classes.push(rows.classes[row]);
    }
    some
}

/// Turns logits into probabilities and returns log Σ exp.
fn softmax(logits: &mut [f64]) -> f64 {
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let mut total = 0.0;
    // without the largest logit, no exponential overflows
    for logit in &mut *logits {
        *logit = (*logit - most).exp();
        total += *logit;
    }
    for logit in &mut *logits {
        *logit /= total;
    }
    total.ln() + most
}
