//! The stages of a run: the objectives of an iteration, and the step from one stage to the next.

use std::sync::Arc;

use super::network::{Blocks, GradientBlocks, chances, log_chances};
use super::samples::LossSample;
use super::sequence::{Keeping, Sequence};
use super::{ContinualShared, METRICS};
use crate::numerics::{Levels, Nilpotent, Point, Scalar as _, WorkToken};
use crate::problem::benchmark::learning::softmax::{ClassRow, likeliest};
use crate::problem::{LowerSolution, Metadata, OnlineProblem, Problem};

/// Both objectives in one iteration.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) common: Arc<ContinualShared>,
    /// The samples that f and g are sums over.
    upper: Vec<LossSample>,
    lower: Vec<LossSample>,
    /// The present task, counted from 0.
    present: usize,
    /// The accuracies of the tasks that are over; `None` outside of a run.
    past: Option<Past>,
}

/// The test accuracies of tasks that are over.
#[derive(Clone, Debug, Default)]
struct Past {
    /// The accuracy of each task at its end.
    learned: Vec<f64>,
    /// The best accuracy of each task at any later end of a task, or its own.
    best: Vec<f64>,
}

impl Stage {
    /// The stage after all tasks, over all samples that are kept.
    pub(super) fn last(common: Arc<ContinualShared>) -> Self {
        let sequence = &common.sequence;
        let end = (sequence.steps() * sequence.tasks) as u64;
        Self {
            upper: sequence.validated(end),
            lower: sequence.replayed(),
            present: sequence.tasks - 1,
            past: None,
            common,
        }
    }

    fn sequence(&self) -> &Sequence {
        &self.common.sequence
    }

    fn lessons(&self, level: usize) -> &[LossSample] {
        if level == 1 { &self.upper } else { &self.lower }
    }

    /// Writes the gradient of g.
    pub(super) fn slope(&self, at: Blocks<'_>, out: GradientBlocks<'_>, token: &WorkToken) {
        let sequence = self.sequence();
        let lessons = (&sequence.train, &*self.lower);
        sequence.network.gradient(at, lessons, out, token);
    }

    /// The test accuracy and the mean cross-entropy of a task.
    fn score(&self, at: Blocks<'_>, task: usize, token: &WorkToken) -> [f64; 2] {
        let sequence = self.sequence();
        let count = sequence.per_task[1];
        let chosen: Vec<usize> = (task * count..(task + 1) * count).collect();
        let network = &sequence.network;
        let logits = network.logits(at, &sequence.test, (&chosen, task), token);
        let (mut right, mut loss) = (0_usize, 0.0);
        for (logits, &sample) in logits.iter().zip(&chosen) {
            let label = usize::from(sequence.test.labels[sample]);
            right += usize::from(likeliest(logits) == label);
            loss -= log_chances(logits)[label];
        }
        [right as f64, loss].map(|sum| sum / count as f64)
    }

    /// The metrics at a point, given by its blocks.
    pub(super) fn measured(&self, at: Blocks<'_>, token: &WorkToken) -> Vec<f64> {
        let scores: Vec<[f64; 2]> = (0..=self.present)
            .map(|task| self.score(at, task, token))
            .collect();
        let mean =
            |part: usize| scores.iter().map(|score| score[part]).sum::<f64>() / scores.len() as f64;
        let [mut forgotten, mut learned] = [f64::NAN; 2];
        if let Some(past) = &self.past {
            let over = self.present.min(past.best.len());
            let lost = past.best[..over].iter().zip(&scores);
            let lost: f64 = lost.map(|(best, now)| best - now[0]).sum();
            if over > 0 {
                forgotten = lost / over as f64;
            }
            let at_end: f64 = past.learned[..over].iter().sum();
            learned = (at_end + scores[self.present][0]) / (over + 1) as f64;
        }
        let mut metrics = vec![forgotten, mean(0), learned, mean(1)];
        metrics.extend(scores.iter().map(|score| score[0]));
        metrics.resize(METRICS + self.sequence().tasks, f64::NAN);
        metrics
    }
}

/// The blocks of a point.
pub(super) fn pair(at: &Point) -> Blocks<'_> {
    Blocks {
        contexts: &at[1],
        theta: &at[2],
    }
}

impl Problem for Stage {
    fn metadata(&self) -> &Metadata {
        &self.common.metadata
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        let sequence = self.sequence();
        let lessons = self.lessons(level);
        let network = &sequence.network;
        let losses = network.losses(pair(at), &sequence.train, lessons, token);
        losses.iter().sum()
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        let sequence = self.sequence();
        let lessons = (&sequence.train, self.lessons(level));
        let shape = out.shape();
        let (contexts, theta) = out.values_mut().split_at_mut(shape.size(1));
        let slopes = GradientBlocks {
            contexts: wrt.contains(1).then_some(contexts),
            theta: wrt.contains(2).then_some(theta),
        };
        sequence.network.gradient(pair(at), lessons, slopes, token);
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        [wrt, along]: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        let sequence = self.sequence();
        let mut whole = Point::zeros(self.common.metadata.shape());
        whole[along].copy_from_slice(direction);
        let mut slopes = GradientBlocks::default();
        if wrt == 1 {
            slopes.contexts = Some(out);
        } else {
            slopes.theta = Some(out);
        }
        let lessons = (&sequence.train, self.lessons(level));
        let network = &sequence.network;
        network.curvature([pair(at), pair(&whole)], lessons, slopes, token);
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        let sequence = self.sequence();
        let (contexts, theta) = at.split_at(self.common.metadata.shape().size(1));
        let lessons = self.lessons(level).iter();
        let lessons = lessons.take_while(|_| !token.is_cancelled());
        let network = &sequence.network;
        Nilpotent::sum(
            lessons.map(|lesson| network.lifted_loss(contexts, theta, &sequence.train, lesson)),
        )
    }

    fn known_reaction(&self, _at: &Point) -> Option<LowerSolution> {
        None
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        self.measured(pair(at), token)
    }
}

/// The stages along one run.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) stage: Stage,
    keeping: Keeping,
    /// The next iteration, counted from 0.
    iteration: u64,
    /// The network's outputs for the samples that are kept, at the end of their task; task after task.
    targets: Vec<Vec<ClassRow>>,
}

impl Way {
    pub(super) fn new(common: Arc<ContinualShared>, keeping: Keeping) -> Self {
        let stage = Stage {
            upper: common.sequence.validated(0),
            lower: common.sequence.met(0, keeping, &[]),
            present: 0,
            past: Some(Past::default()),
            common,
        };
        Self {
            stage,
            keeping,
            iteration: 0,
            targets: Vec::new(),
        }
    }

    /// Advances to the next stage, from a point given by its blocks.
    pub(super) fn go_on(&mut self, at: Blocks<'_>, token: &WorkToken) {
        self.iteration += 1;
        let sequence = &self.stage.common.sequence;
        let (present, steps) = (self.stage.present, sequence.steps() as u64);
        let is_over = self.iteration.is_multiple_of(steps);
        if is_over && self.targets.len() == present {
            self.end_task(at, token);
        }
        let stage = &mut self.stage;
        let sequence = &stage.common.sequence;
        stage.present = sequence.place(self.iteration).0;
        stage.lower = sequence.met(self.iteration, self.keeping, &self.targets);
        stage.upper = sequence.validated(self.iteration);
    }

    /// Stores the network's outputs for the samples kept of the task, and its accuracy on every task so far.
    fn end_task(&mut self, at: Blocks<'_>, token: &WorkToken) {
        let present = self.stage.present;
        let accuracies: Vec<f64> = (0..=present)
            .map(|task| self.stage.score(at, task, token)[0])
            .collect();
        let past = self.stage.past.get_or_insert_default();
        for (best, now) in past.best.iter_mut().zip(&accuracies) {
            *best = best.max(*now);
        }
        past.best.push(accuracies[present]);
        past.learned.push(accuracies[present]);
        let sequence = &self.stage.common.sequence;
        let network = &sequence.network;
        let kept: Vec<usize> = sequence.kept(present).collect();
        let logits = network.logits(at, &sequence.train, (&kept, present), token);
        let soft = |logits: &ClassRow| chances(&logits.map(|logit| logit / network.temperature));
        let mut targets: Vec<ClassRow> = logits.iter().map(soft).collect();
        // a cancelled token cuts work off; the result is discarded, but the length must be right
        targets.resize(kept.len(), [0.0; crate::data::CLASSES]);
        self.targets.push(targets);
    }
}

impl OnlineProblem for Way {
    fn present(&self) -> &dyn Problem {
        &self.stage
    }

    fn pass(&mut self, at: &Point, token: &WorkToken) {
        self.go_on(pair(at), token);
    }
}
