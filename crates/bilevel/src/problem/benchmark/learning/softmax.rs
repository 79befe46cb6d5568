//! Linear softmax model over images of ten classes: losses, gradients and second-derivative products, one block of rows at a time.
//!
//! ```text
//! z = Θᵀ x + b,  p = softmax(z):   CE = log Σ exp z − z_label,   ∇CE = x (p − e_label)ᵀ,
//! ∇²CE D = x (p ∘ (s − ⟨p, s⟩))ᵀ   with s = Dᵀ x
//! ```
//!
//! Θ is stored pixel after pixel, ten numbers each, with b after the last pixel. A standardized pixel is a multiple of
//! a byte plus a constant, and four bytes of five are zero in MNIST (one of two in Fashion-MNIST): so only the other
//! bytes are stored and multiplied, and the constant is added once per row. That takes a third of the time of a dense
//! product and a twelfth of its memory.
//!
//! Blocks have a fixed size and their sums are added in order, so no bit depends on the number of threads.

use rayon::prelude::*;

use crate::data::{CLASSES, Images};
use crate::numerics::{Nilpotent, Scalar as _, WorkToken};

/// Ten numbers, one per class.
pub(super) type ClassRow = [f64; CLASSES];

/// The number of rows of a block; the token is polled before each.
const ROWS: usize = 250;

/// The standardization of a byte: `factor · byte + shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Standard {
    factor: f64,
    shift: f64,
}

impl Standard {
    /// The standardization to bytes / 255, minus the mean, over the deviation + 1e-4, both taken over all pixels of the
    /// chosen images.
    pub(super) fn of(images: &Images, chosen: &[usize]) -> Self {
        let (mut sum, mut square) = (0_u64, 0_u64);
        for &number in chosen {
            for &byte in images.image(number) {
                sum += u64::from(byte);
                square += u64::from(byte).pow(2);
            }
        }
        let count = (chosen.len() * images.pixels) as f64;
        let mean = sum as f64 / count / 255.0;
        let variance = square as f64 / count / 65_025.0 - mean * mean;
        let deviation = variance.max(0.0).sqrt() + 1e-4;
        Self {
            factor: 1.0 / (255.0 * deviation),
            shift: -mean / deviation,
        }
    }

    /// A standardized byte.
    pub(super) fn of_byte(self, byte: u8) -> f64 {
        self.factor * f64::from(byte) + self.shift
    }
}

/// Standardized images with their classes.
#[derive(Clone, Debug)]
pub(super) struct LabelledImages {
    standard: Standard,
    pixels: usize,
    /// The width of an image in pixels.
    width: usize,
    /// The end of each row's bytes.
    ends: Vec<usize>,
    /// The positions and values of the bytes that are not zero, row after row.
    places: Vec<u16>,
    bytes: Vec<u8>,
    /// The class of each row.
    pub(super) labels: Vec<u8>,
}

/// A range of consecutive rows.
struct Block<'a> {
    samples: &'a LabelledImages,
    first: usize,
    end: usize,
}

/// Θ and b with the standardization multiplied in.
struct Scaled {
    weights: Vec<ClassRow>,
    constant: ClassRow,
}

impl LabelledImages {
    /// The chosen images, with `labels` in the same order.
    pub(super) fn new(
        images: &Images,
        chosen: &[usize],
        labels: Vec<u8>,
        standard: Standard,
    ) -> Self {
        let mut samples = Self {
            standard,
            pixels: images.pixels,
            width: images.width,
            ends: Vec::with_capacity(chosen.len()),
            places: Vec::new(),
            bytes: Vec::new(),
            labels,
        };
        for &number in chosen {
            for (place, &byte) in images.image(number).iter().enumerate() {
                if byte > 0 {
                    samples.places.push(place as u16);
                    samples.bytes.push(byte);
                }
            }
            samples.ends.push(samples.places.len());
        }
        samples.places.shrink_to_fit();
        samples.bytes.shrink_to_fit();
        samples
    }

    /// A selection of the rows, in the given order.
    pub(super) fn some(&self, rows: &[usize]) -> Self {
        let mut some = Self {
            ends: Vec::with_capacity(rows.len()),
            places: Vec::new(),
            bytes: Vec::new(),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            ..*self
        };
        for &row in rows {
            let range = self.range(row);
            some.places.extend_from_slice(&self.places[range.clone()]);
            some.bytes.extend_from_slice(&self.bytes[range]);
            some.ends.push(some.places.len());
        }
        some
    }

    /// The same rows with other classes.
    pub(super) fn labelled(&self, labels: &[u8]) -> Self {
        Self {
            labels: labels.to_vec(),
            ..self.clone()
        }
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// The length of Θ and b together.
    pub(super) fn parameters(&self) -> usize {
        (self.pixels + 1) * CLASSES
    }

    /// The width of an image in pixels.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The pixels of one image from 0 to 1.
    pub(super) fn image(&self, row: usize) -> Vec<f32> {
        let mut image = vec![0.0; self.pixels];
        for at in self.range(row) {
            image[usize::from(self.places[at])] = f32::from(self.bytes[at]) / 255.0;
        }
        image
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }

    /// Runs `work` on every block, on all threads, and returns the results in the order of the blocks; those that a
    /// cancelled token cuts off are missing.
    fn blocks<T: Send>(&self, token: &WorkToken, work: impl Fn(&Block<'_>) -> T + Sync) -> Vec<T> {
        (0..self.len().div_ceil(ROWS))
            .into_par_iter()
            .filter(|_| !token.is_cancelled())
            .map(|number| {
                work(&Block {
                    samples: self,
                    first: number * ROWS,
                    end: ((number + 1) * ROWS).min(self.len()),
                })
            })
            .collect()
    }

    fn scaled(&self, parameters: &[f64]) -> Scaled {
        let rows = parameters.as_chunks::<CLASSES>().0;
        let (weights, bias) = rows.split_at(self.pixels);
        let mut constant = bias[0];
        for row in weights {
            for (total, weight) in constant.iter_mut().zip(row) {
                *total += self.standard.shift * weight;
            }
        }
        Scaled {
            weights: weights
                .iter()
                .map(|row| row.map(|weight| self.standard.factor * weight))
                .collect(),
            constant,
        }
    }

    /// The cross-entropy of each row; fewer once the token is cancelled.
    pub(super) fn losses(&self, parameters: &[f64], token: &WorkToken) -> Vec<f64> {
        let scaled = self.scaled(parameters);
        let losses = self.blocks(token, |block| {
            let loss = |row| residual(block.product(row, &scaled), self.labels[row]).1;
            block.rows().map(loss).collect::<Vec<_>>()
        });
        losses.concat()
    }

    /// Adds the weighted sum of the rows' gradients to `out` and returns the weighted sum of their losses.
    pub(super) fn gradient(
        &self,
        parameters: &[f64],
        weight: impl Fn(usize) -> f64 + Sync,
        out: &mut [f64],
        token: &WorkToken,
    ) -> f64 {
        let scaled = self.scaled(parameters);
        let sums = self.blocks(token, |block| {
            let mut sum = block.sum();
            for row in block.rows() {
                let weight = weight(row);
                let (residual, loss) = residual(block.product(row, &scaled), self.labels[row]);
                sum.value += weight * loss;
                block.add(&mut sum, row, residual.map(|part| weight * part));
            }
            sum
        });
        self.collect(&sums, out)
    }

    /// Adds the weighted sum of the rows' Hessians times a direction to `out`.
    pub(super) fn curvature(
        &self,
        [parameters, direction]: [&[f64]; 2],
        weight: impl Fn(usize) -> f64 + Sync,
        out: &mut [f64],
        token: &WorkToken,
    ) {
        let [scaled, along] = [parameters, direction].map(|numbers| self.scaled(numbers));
        let sums = self.blocks(token, |block| {
            let mut sum = block.sum();
            for row in block.rows() {
                let label = usize::from(self.labels[row]);
                let (mut chances, _) = residual(block.product(row, &scaled), self.labels[row]);
                chances[label] += 1.0;
                let slopes = block.product(row, &along);
                let mean = dot(&chances, &slopes);
                let weight = weight(row);
                let bent = |class| weight * chances[class] * (slopes[class] - mean);
                block.add(&mut sum, row, std::array::from_fn(bent));
            }
            sum
        });
        self.collect(&sums, out);
    }

    /// The derivative of each row's loss along a direction; fewer once the token is cancelled.
    pub(super) fn slopes(
        &self,
        parameters: &[f64],
        direction: &[f64],
        token: &WorkToken,
    ) -> Vec<f64> {
        let [scaled, along] = [parameters, direction].map(|numbers| self.scaled(numbers));
        let slopes = self.blocks(token, |block| {
            let slope = |row| {
                let (residual, _) = residual(block.product(row, &scaled), self.labels[row]);
                dot(&residual, &block.product(row, &along))
            };
            block.rows().map(slope).collect::<Vec<_>>()
        });
        slopes.concat()
    }

    /// The mean cross-entropy, and the share of rows whose class is the likeliest; of equally likely ones the first
    /// counts.
    pub(super) fn score(&self, parameters: &[f64], token: &WorkToken) -> [f64; 2] {
        let scaled = self.scaled(parameters);
        let scores = self.blocks(token, |block| {
            let (mut loss, mut right) = (0.0, 0_usize);
            for row in block.rows() {
                let logits = block.product(row, &scaled);
                right += usize::from(likeliest(&logits) == usize::from(self.labels[row]));
                loss += residual(logits, self.labels[row]).1;
            }
            (loss, right)
        });
        let count = self.len() as f64;
        let loss: f64 = scores.iter().map(|score| score.0).sum();
        let right: usize = scores.iter().map(|score| score.1).sum();
        [loss / count, right as f64 / count]
    }

    /// The likeliest class of each row; fewer once the token is cancelled.
    pub(super) fn classes(&self, parameters: &[f64], token: &WorkToken) -> Vec<usize> {
        let scaled = self.scaled(parameters);
        let classes = self.blocks(token, |block| {
            let class = |row| likeliest(&block.product(row, &scaled));
            block.rows().map(class).collect::<Vec<_>>()
        });
        classes.concat()
    }

    /// The cross-entropy of one row over numbers that carry derivatives.
    pub(super) fn lifted_loss(&self, row: usize, parameters: &[Nilpotent]) -> Nilpotent {
        let shift = self.standard.shift;
        let bytes = self.range(row);
        let logits: [Nilpotent; CLASSES] = std::array::from_fn(|class| {
            let weight = |pixel: usize| parameters[pixel * CLASSES + class];
            let constant = Nilpotent::sum((0..self.pixels).map(weight)) * shift;
            let lit = bytes.clone().map(|at| {
                let byte = f64::from(self.bytes[at]);
                weight(usize::from(self.places[at])) * (self.standard.factor * byte)
            });
            Nilpotent::sum(lit) + constant + weight(self.pixels)
        });
        let most = logits
            .iter()
            .map(|logit| logit.real())
            .fold(f64::MIN, f64::max);
        let total = Nilpotent::sum(logits.iter().map(|&logit| (logit - most).exp()));
        total.ln() + most - logits[usize::from(self.labels[row])]
    }

    /// Adds the sums of the blocks to `out`, in their order, and returns the sum of their values.
    fn collect(&self, sums: &[Sum], out: &mut [f64]) -> f64 {
        let (out, bias) = out.as_chunks_mut::<CLASSES>().0.split_at_mut(self.pixels);
        let mut value = 0.0;
        for sum in sums {
            value += sum.value;
            for (out, row) in out.iter_mut().zip(&sum.lit) {
                for class in 0..CLASSES {
                    let lit = self.standard.factor * row[class];
                    out[class] += lit + self.standard.shift * sum.rows[class];
                }
            }
            for (out, row) in bias[0].iter_mut().zip(&sum.rows) {
                *out += row;
            }
        }
        value
    }
}

/// The sums over the rows of a block.
struct Sum {
    value: f64,
    /// Σ byte · row for each pixel.
    lit: Vec<ClassRow>,
    /// Σ row.
    rows: ClassRow,
}

impl Block<'_> {
    fn rows(&self) -> std::ops::Range<usize> {
        self.first..self.end
    }

    fn sum(&self) -> Sum {
        Sum {
            value: 0.0,
            lit: vec![[0.0; CLASSES]; self.samples.pixels],
            rows: [0.0; CLASSES],
        }
    }

    /// The logits Θᵀ x + b of a row.
    fn product(&self, row: usize, scaled: &Scaled) -> ClassRow {
        let range = self.samples.range(row);
        let mut total = scaled.constant;
        let bytes = &self.samples.bytes[range.clone()];
        for (&place, &byte) in self.samples.places[range].iter().zip(bytes) {
            let (byte, weights) = (f64::from(byte), &scaled.weights[usize::from(place)]);
            for class in 0..CLASSES {
                total[class] += byte * weights[class];
            }
        }
        total
    }

    /// Adds x rowᵀ to a sum.
    fn add(&self, sum: &mut Sum, number: usize, row: ClassRow) {
        let range = self.samples.range(number);
        let bytes = &self.samples.bytes[range.clone()];
        for (&place, &byte) in self.samples.places[range].iter().zip(bytes) {
            let (byte, lit) = (f64::from(byte), &mut sum.lit[usize::from(place)]);
            for class in 0..CLASSES {
                lit[class] += byte * row[class];
            }
        }
        for (total, part) in sum.rows.iter_mut().zip(row) {
            *total += part;
        }
    }
}

/// The class with the largest logit, the first of equal ones.
pub(super) fn likeliest(logits: &ClassRow) -> usize {
    (1..CLASSES).fold(0, |best, class| {
        if logits[class] > logits[best] {
            class
        } else {
            best
        }
    })
}

/// The residual p − e and the cross-entropy.
fn residual(logits: ClassRow, label: u8) -> (ClassRow, f64) {
    let label = usize::from(label);
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    // without the largest logit, no exponential overflows
    let mut parts = logits.map(|logit| (logit - most).exp());
    let total: f64 = parts.iter().sum();
    let loss = total.ln() + most - logits[label];
    for part in &mut parts {
        *part /= total;
    }
    parts[label] -= 1.0;
    (parts, loss)
}

/// The inner product ⟨a, b⟩.
pub(super) fn dot(a: &ClassRow, b: &ClassRow) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
