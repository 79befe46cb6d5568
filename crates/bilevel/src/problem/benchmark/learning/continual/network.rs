//! Network with one hidden layer, whose units each task scales and shifts in its own way.
//!
//! ```text
//! a = Wᵀ p + b,   h = tanh a,   u = γ_t ∘ h + β_t,   z = Vᵀ u + c
//! loss of a sample = w CE(z, label) + d T² KL(target ‖ softmax(z / T))
//! ```
//!
//! p holds the pixels from 0 to 1. θ holds W pixel after pixel, H numbers each, then b, V unit after unit, ten numbers
//! each, and c. The leader's block holds γ and β of each task, task after task: 2 H numbers each.
//!
//! Scaling and shifting features by context is feature-wise modulation, as in Pham, Liu, Sahoo, Hoi, "Contextual
//! Transformation Networks for Online Continual Learning", 2021; there the numbers are outputs of another network, here
//! they are the variables themselves.
//!
//! The contributions of samples are computed on all threads, in blocks, and added up on one, sample after sample. So no
//! bit depends on the number of threads, and no thread needs a copy of θ.

use rayon::prelude::*;

use super::samples::{LossSample, PermutedImages};
use crate::data::CLASSES;
use crate::numerics::vectors::add;
use crate::numerics::{Nilpotent, Scalar as _, WorkToken};
use crate::problem::benchmark::learning::softmax::{ClassRow, dot};

/// The number of samples of a block; the token is polled before each block.
const BLOCK: usize = 25;

/// The sizes of a network, and its temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Network {
    pub(super) pixels: usize,
    pub(super) hidden: usize,
    pub(super) tasks: usize,
    /// The temperature that softens targets.
    pub(super) temperature: f64,
}

/// The leader's and the follower's block: a point, a direction or a gradient.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks<'a> {
    pub(super) contexts: &'a [f64],
    pub(super) theta: &'a [f64],
}

/// θ split into its parts.
struct NetworkWeights<'a> {
    weights: &'a [f64],
    biases: &'a [f64],
    heads: &'a [ClassRow],
    head_biases: &'a ClassRow,
}

/// The forward pass of a sample.
struct Passage {
    /// The hidden units h, before the context.
    units: Vec<f64>,
    /// The hidden units u, after the context.
    modulated: Vec<f64>,
    logits: ClassRow,
}

/// The destinations of sums over samples, for the blocks asked for.
#[derive(Debug, Default)]
pub(super) struct GradientBlocks<'a> {
    pub(super) contexts: Option<&'a mut [f64]>,
    pub(super) theta: Option<&'a mut [f64]>,
}

/// The contribution of a sample to a sum, part by part.
struct SampleContribution {
    /// The part for a, unit after unit.
    units: Vec<f64>,
    /// The part for V: a sum of products of units and classes.
    heads: Vec<(Vec<f64>, ClassRow)>,
    /// The part for c.
    head_biases: ClassRow,
    /// The parts for γ and β of its task.
    contexts: [Vec<f64>; 2],
}

impl Network {
    /// The length of θ.
    pub(super) fn parameters(&self) -> usize {
        self.hidden * (self.pixels + 1) + CLASSES * (self.hidden + 1)
    }

    /// γ = 1 and β = 0 for every task.
    pub(super) fn plain_contexts(&self) -> Vec<f64> {
        let of_task = [vec![1.0; self.hidden], vec![0.0; self.hidden]].concat();
        of_task.repeat(self.tasks)
    }

    fn parts<'a>(&self, theta: &'a [f64]) -> NetworkWeights<'a> {
        let (weights, rest) = theta.split_at(self.pixels * self.hidden);
        let (biases, rest) = rest.split_at(self.hidden);
        let (heads, head_biases) = rest.as_chunks::<CLASSES>().0.split_at(self.hidden);
        NetworkWeights {
            weights,
            biases,
            heads,
            head_biases: &head_biases[0],
        }
    }

    /// γ and β of a task.
    fn context<'a>(&self, contexts: &'a [f64], task: usize) -> [&'a [f64]; 2] {
        let (scale, shift) =
            contexts[2 * self.hidden * task..][..2 * self.hidden].split_at(self.hidden);
        [scale, shift]
    }

    /// Wᵀ p + b, for weights and biases of a point or of a direction.
    fn activate(
        &self,
        parts: &NetworkWeights<'_>,
        samples: &PermutedImages,
        sample: usize,
    ) -> Vec<f64> {
        let mut total = parts.biases.to_vec();
        for (place, pixel) in samples.pixels(sample) {
            let weights = &parts.weights[place * self.hidden..][..self.hidden];
            add(&mut total, pixel, weights);
        }
        total
    }

    fn pass(
        &self,
        at: Blocks<'_>,
        samples: &PermutedImages,
        sample: usize,
        task: usize,
    ) -> Passage {
        let parts = self.parts(at.theta);
        let mut units = self.activate(&parts, samples, sample);
        for unit in &mut units {
            *unit = unit.tanh();
        }
        let [scale, shift] = self.context(at.contexts, task);
        let modulated = units.iter().zip(scale).zip(shift);
        let modulated: Vec<f64> = modulated.map(|((h, g), b)| g * h + b).collect();
        let logits = heads_of(parts.heads, *parts.head_biases, &modulated);
        Passage {
            units,
            modulated,
            logits,
        }
    }

    /// The loss of each sample; fewer once the token is cancelled.
    pub(super) fn losses(
        &self,
        at: Blocks<'_>,
        samples: &PermutedImages,
        lessons: &[LossSample],
        token: &WorkToken,
    ) -> Vec<f64> {
        let losses = in_blocks(lessons, token, |block| {
            let loss = |lesson: &LossSample| {
                let passage = self.pass(at, samples, lesson.sample, lesson.task);
                self.loss(lesson, &passage.logits)
            };
            block.iter().map(loss).collect::<Vec<_>>()
        });
        losses.concat()
    }

    /// The loss of a sample from its logits.
    fn loss(&self, lesson: &LossSample, logits: &ClassRow) -> f64 {
        let own = lesson.weight * -log_chances(logits)[lesson.label];
        let Some(target) = &lesson.target else {
            return own;
        };
        let soft = log_chances(&logits.map(|logit| logit / self.temperature));
        let divergence = target.chances.iter().zip(soft);
        let divergence: f64 = divergence
            .map(|(target, soft)| {
                if *target > 0.0 {
                    target * (target.ln() - soft)
                } else {
                    0.0
                }
            })
            .sum();
        own + target.weight * self.temperature.powi(2) * divergence
    }

    /// The derivative of the loss of a sample by its logits.
    fn residual(&self, lesson: &LossSample, logits: &ClassRow) -> ClassRow {
        let mut residual = chances(logits).map(|chance| lesson.weight * chance);
        residual[lesson.label] -= lesson.weight;
        if let Some(target) = &lesson.target {
            let soft = chances(&logits.map(|logit| logit / self.temperature));
            for class in 0..CLASSES {
                let miss = soft[class] - target.chances[class];
                residual[class] += target.weight * self.temperature * miss;
            }
        }
        residual
    }

    /// The directional derivative of the residual if the logits change by `slopes`.
    fn bent(&self, lesson: &LossSample, logits: &ClassRow, slopes: &ClassRow) -> ClassRow {
        let through = |logits: &ClassRow, weight: f64| {
            let chances = chances(logits);
            let mean = dot(&chances, slopes);
            std::array::from_fn(|class| weight * chances[class] * (slopes[class] - mean))
        };
        let mut bent: ClassRow = through(logits, lesson.weight);
        if let Some(target) = &lesson.target {
            // T² over T² is one
            let soft = logits.map(|logit| logit / self.temperature);
            let of_target: ClassRow = through(&soft, target.weight);
            for (bent, part) in bent.iter_mut().zip(of_target) {
                *bent += part;
            }
        }
        bent
    }

    /// Writes the gradient of the sum of all losses.
    pub(super) fn gradient(
        &self,
        at: Blocks<'_>,
        (samples, lessons): (&PermutedImages, &[LossSample]),
        out: GradientBlocks<'_>,
        token: &WorkToken,
    ) {
        let parts = self.parts(at.theta);
        let trail = |lesson: &LossSample| {
            let passage = self.pass(at, samples, lesson.sample, lesson.task);
            let residual = self.residual(lesson, &passage.logits);
            let back: Vec<f64> = parts.heads.iter().map(|v| dot(v, &residual)).collect();
            let [scale, _] = self.context(at.contexts, lesson.task);
            let h = &passage.units;
            let units = 0..self.hidden;
            let on_unit = |i: usize| back[i] * scale[i] * (1.0 - h[i] * h[i]);
            SampleContribution {
                units: units.clone().map(on_unit).collect(),
                heads: vec![(passage.modulated, residual)],
                head_biases: residual,
                contexts: [units.map(|i| back[i] * h[i]).collect(), back],
            }
        };
        self.add_up((samples, lessons), trail, out, token);
    }

    /// Writes the Hessian of the sum of all losses times a direction over both blocks.
    pub(super) fn curvature(
        &self,
        [at, along]: [Blocks<'_>; 2],
        (samples, lessons): (&PermutedImages, &[LossSample]),
        out: GradientBlocks<'_>,
        token: &WorkToken,
    ) {
        let [parts, slopes] = [at, along].map(|pair| self.parts(pair.theta));
        let trail = |lesson: &LossSample| {
            let passage = self.pass(at, samples, lesson.sample, lesson.task);
            let [scale, _] = self.context(at.contexts, lesson.task);
            let [scale_slope, shift_slope] = self.context(along.contexts, lesson.task);
            let (h, u) = (&passage.units, &passage.modulated);
            let units = 0..self.hidden;
            // forward: the derivatives of a, h, u and z along the direction
            let mut h_slope = self.activate(&slopes, samples, lesson.sample);
            for (slope, h) in h_slope.iter_mut().zip(h) {
                *slope *= 1.0 - h * h;
            }
            let u_slope: Vec<f64> = units
                .clone()
                .map(|i| scale_slope[i] * h[i] + scale[i] * h_slope[i] + shift_slope[i])
                .collect();
            let constant = heads_of(slopes.heads, *slopes.head_biases, u);
            let logit_slopes = heads_of(parts.heads, constant, &u_slope);
            // backward: the gradient and its derivative along the direction
            let residual = self.residual(lesson, &passage.logits);
            let bent = self.bent(lesson, &passage.logits, &logit_slopes);
            let back: Vec<f64> = parts.heads.iter().map(|v| dot(v, &residual)).collect();
            let back_slope: Vec<f64> = units
                .clone()
                .map(|i| dot(&slopes.heads[i], &residual) + dot(&parts.heads[i], &bent))
                .collect();
            let on_unit = |i: usize| {
                let changed = back_slope[i] * scale[i] + back[i] * scale_slope[i];
                changed * (1.0 - h[i] * h[i]) - 2.0 * back[i] * scale[i] * h[i] * h_slope[i]
            };
            let on_scale = |i: usize| back_slope[i] * h[i] + back[i] * h_slope[i];
            SampleContribution {
                units: units.clone().map(on_unit).collect(),
                contexts: [units.map(on_scale).collect(), back_slope],
                heads: vec![(u_slope, residual), (passage.modulated, bent)],
                head_biases: bent,
            }
        };
        self.add_up((samples, lessons), trail, out, token);
    }

    /// Adds up the contributions of all samples.
    fn add_up(
        &self,
        (samples, lessons): (&PermutedImages, &[LossSample]),
        trail: impl Fn(&LossSample) -> SampleContribution + Sync + Send,
        mut out: GradientBlocks<'_>,
        token: &WorkToken,
    ) {
        for block in [&mut out.contexts, &mut out.theta].into_iter().flatten() {
            block.fill(0.0);
        }
        let trails = in_blocks(lessons, token, |block| {
            block.iter().map(&trail).collect::<Vec<_>>()
        });
        for (lesson, trail) in lessons.iter().zip(trails.iter().flatten()) {
            if let Some(theta) = &mut out.theta {
                self.add_to_network(samples.pixels(lesson.sample), trail, theta);
            }
            if let Some(contexts) = &mut out.contexts {
                let context = &mut contexts[2 * self.hidden * lesson.task..];
                let parts = context.chunks_mut(self.hidden).zip(&trail.contexts);
                for (totals, parts) in parts {
                    add(totals, 1.0, parts);
                }
            }
        }
    }

    fn add_to_network(
        &self,
        pixels: impl Iterator<Item = (usize, f64)>,
        trail: &SampleContribution,
        theta: &mut [f64],
    ) {
        let (weights, rest) = theta.split_at_mut(self.pixels * self.hidden);
        let (biases, rest) = rest.split_at_mut(self.hidden);
        let (heads, head_biases) = rest.as_chunks_mut::<CLASSES>().0.split_at_mut(self.hidden);
        for (place, pixel) in pixels {
            let weights = &mut weights[place * self.hidden..][..self.hidden];
            add(weights, pixel, &trail.units);
        }
        add(biases, 1.0, &trail.units);
        for (units, row) in &trail.heads {
            for (head, unit) in heads.iter_mut().zip(units) {
                add(head, *unit, row);
            }
        }
        add(&mut head_biases[0], 1.0, &trail.head_biases);
    }

    /// The logits of samples in the context of a task; fewer once the token is cancelled.
    pub(super) fn logits(
        &self,
        at: Blocks<'_>,
        samples: &PermutedImages,
        (chosen, task): (&[usize], usize),
        token: &WorkToken,
    ) -> Vec<ClassRow> {
        let logits = in_blocks(chosen, token, |block| {
            let logits = |&sample: &usize| self.pass(at, samples, sample, task).logits;
            block.iter().map(logits).collect::<Vec<_>>()
        });
        logits.concat()
    }

    /// The loss of a sample over numbers that carry derivatives.
    pub(super) fn lifted_loss(
        &self,
        contexts: &[Nilpotent],
        theta: &[Nilpotent],
        samples: &PermutedImages,
        lesson: &LossSample,
    ) -> Nilpotent {
        let hidden = self.hidden;
        let (weights, rest) = theta.split_at(self.pixels * hidden);
        let (biases, heads) = rest.split_at(hidden);
        let context = &contexts[2 * hidden * lesson.task..][..2 * hidden];
        let modulated: Vec<Nilpotent> = (0..hidden)
            .map(|unit| {
                let pixels = samples.pixels(lesson.sample);
                let lit = pixels.map(|(place, pixel)| weights[place * hidden + unit] * pixel);
                let active = (Nilpotent::sum(lit) + biases[unit]).tanh();
                context[unit] * active + context[hidden + unit]
            })
            .collect();
        let logits: [Nilpotent; CLASSES] = std::array::from_fn(|class| {
            let parts = (0..hidden).map(|unit| heads[unit * CLASSES + class] * modulated[unit]);
            Nilpotent::sum(parts) + heads[hidden * CLASSES + class]
        });
        let log_total = |logits: &[Nilpotent; CLASSES]| {
            let largest = logits
                .iter()
                .map(|logit| logit.real())
                .fold(f64::MIN, f64::max);
            let parts = logits.iter().map(|&logit| (logit - largest).exp());
            Nilpotent::sum(parts).ln() + largest
        };
        let own = (log_total(&logits) - logits[lesson.label]) * lesson.weight;
        let Some(target) = &lesson.target else {
            return own;
        };
        let soft = logits.map(|logit| logit * (1.0 / self.temperature));
        let total = log_total(&soft);
        let parts = target.chances.iter().zip(soft);
        let parts = parts.filter(|(chance, _)| **chance > 0.0);
        let divergence = parts.map(|(chance, soft)| (total - soft + chance.ln()) * *chance);
        own + Nilpotent::sum(divergence) * (target.weight * self.temperature.powi(2))
    }
}

/// Runs `work` on blocks of a list, on all threads, and returns the results in the order of the blocks; those that a
/// cancelled token cuts off are missing.
fn in_blocks<I: Sync, T: Send>(
    list: &[I],
    token: &WorkToken,
    work: impl Fn(&[I]) -> T + Sync + Send,
) -> Vec<T> {
    list.par_chunks(BLOCK)
        .filter(|_| !token.is_cancelled())
        .map(work)
        .collect()
}

/// The logits Vᵀ u plus a constant.
fn heads_of(heads: &[ClassRow], constant: ClassRow, units: &[f64]) -> ClassRow {
    let mut total = constant;
    for (head, unit) in heads.iter().zip(units) {
        for class in 0..CLASSES {
            total[class] += unit * head[class];
        }
    }
    total
}

/// The logarithm of the softmax.
pub(super) fn log_chances(logits: &ClassRow) -> ClassRow {
    // without the largest logit, no exponential overflows
    let largest = logits.iter().copied().fold(f64::MIN, f64::max);
    let total: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    logits.map(|logit| logit - largest - total.ln())
}

/// The softmax.
pub(super) fn chances(logits: &ClassRow) -> ClassRow {
    log_chances(logits).map(f64::exp)
}
