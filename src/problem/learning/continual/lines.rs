//! What continual learning is compared with: the same network, trained without a leader.
//!
//! All but the joint line take the same steps on the same samples in the same order; where there is nobody to look at validation
//! samples, these are replayed too.

use std::sync::Arc;

use rayon::prelude::*;

use super::Common;
use super::network::Pair;
use super::sequence::Keeping;
use super::stage::{Stage, Way};
use crate::problem::{ReferenceLine, WorkToken};

/// The step of the network, and that of the contexts where they are learnt in the same level.
const STEP: f64 = 0.1;
const CONTEXT_STEP: f64 = 0.1;
/// The step where samples of all tasks come mixed.
const JOINT_STEP: f64 = 0.4;
/// How many steps are taken on the samples of an iteration.
const STEPS: usize = 2;

/// A way to train.
struct Training {
    name: &'static str,
    meaning: &'static str,
    keeping: Keeping,
    has_contexts: bool,
    is_joint: bool,
}

/// The metrics of each way to train at its end; `None` once the token is cancelled.
pub(super) fn all(common: &Arc<Common>, token: &WorkToken) -> Option<Vec<ReferenceLine>> {
    let keeping = common.sequence.keeping;
    let nothing = Keeping {
        validation: 0,
        replay: 0,
        distillation: 0.0,
    };
    let replay = Keeping {
        validation: 0,
        distillation: 0.0,
        ..keeping
    };
    let distilled = Keeping {
        validation: 0,
        ..keeping
    };
    let plain = |name, meaning, keeping| Training {
        name,
        meaning,
        keeping,
        has_contexts: false,
        is_joint: false,
    };
    let trainings = [
        plain("sequential", "one task after the other, and nothing is kept", nothing),
        plain("replay only", "kept samples are replayed, validation samples included", replay),
        plain(
            "replay and distillation",
            "the same, and the network keeps to what it said of them",
            distilled,
        ),
        Training {
            has_contexts: true,
            ..plain(
                "one level",
                "the same with contexts, which are learnt on the same samples as the network",
                distilled,
            )
        },
        Training {
            is_joint: true,
            ..plain("joint", "all tasks at once, in as many steps on as many samples", nothing)
        },
    ];
    let lines: Vec<Option<ReferenceLine>> = trainings
        .par_iter()
        .map(|training| {
            Some(ReferenceLine {
                name: training.name,
                meaning: training.meaning,
                metrics: training.metrics(common, token)?,
            })
        })
        .collect();
    lines.into_iter().collect()
}

impl Training {
    fn metrics(&self, common: &Arc<Common>, token: &WorkToken) -> Option<Vec<f64>> {
        let sequence = &common.sequence;
        let mut contexts = sequence.network.plain_contexts();
        let mut theta = sequence.theta.clone();
        let mut way = Way::new(Arc::clone(common), self.keeping);
        let iterations = (sequence.steps() * sequence.tasks) as u64;
        for iteration in 0..iterations {
            let drawn = self
                .is_joint
                .then(|| sequence.drawn(iteration, sequence.most_met()));
            for _ in 0..STEPS {
                if token.is_cancelled() {
                    return None;
                }
                let at = Pair {
                    contexts: &contexts,
                    theta: &theta,
                };
                let sum = match &drawn {
                    Some(lessons) => {
                        let network = &sequence.network;
                        network.gradient(at, &sequence.train, lessons, token)
                    }
                    None => way.stage.slope(at, token),
                };
                let step = if self.is_joint { JOINT_STEP } else { STEP };
                descend(&mut theta, step, &sum.theta);
                if self.has_contexts {
                    descend(&mut contexts, CONTEXT_STEP, &sum.contexts);
                }
            }
            if !self.is_joint && iteration + 1 < iterations {
                let at = Pair {
                    contexts: &contexts,
                    theta: &theta,
                };
                way.go_on(at, token);
            }
        }
        let at = Pair {
            contexts: &contexts,
            theta: &theta,
        };
        let metrics = if self.is_joint {
            Stage::last(Arc::clone(common)).measured(at)
        } else {
            way.stage.measured(at)
        };
        (!token.is_cancelled()).then_some(metrics)
    }
}

fn descend(values: &mut [f64], step: f64, slope: &[f64]) {
    for (value, slope) in values.iter_mut().zip(slope) {
        *value -= step * slope;
    }
}
