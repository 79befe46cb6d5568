//! Reference lines of continual learning: the same network, trained without a leader.
//!
//! Each takes a step in every iteration of a run; all but the joint line take it on the same samples in the same order.
//! Without a leader, validation samples are replayed, too. Step sizes were chosen with seeds that no table of ours
//! uses.

use std::sync::Arc;

use rayon::prelude::*;

use super::ContinualShared;
use super::network::GradientBlocks;
use super::sequence::Keeping;
use super::stage::{Stage, Way, pair};
use crate::numerics::vectors::add;
use crate::numerics::{Point, WorkToken};
use crate::problem::ReferenceLine;

/// The step size of the network, and that of contexts that are learned in the same level.
const STEP: f64 = 0.1;
const CONTEXT_STEP: f64 = 0.1;
/// The step size on mixed samples of all tasks.
const JOINT_STEP: f64 = 0.4;

/// A training scheme.
struct TrainingSetup {
    name: &'static str,
    meaning: &'static str,
    keeping: Keeping,
    has_contexts: bool,
    is_joint: bool,
}

/// The metrics at the end of each training scheme; `None` once the token is cancelled.
pub(super) fn all(common: &Arc<ContinualShared>, token: &WorkToken) -> Option<Vec<ReferenceLine>> {
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
    let plain = |name, meaning, keeping| TrainingSetup {
        name,
        meaning,
        keeping,
        has_contexts: false,
        is_joint: false,
    };
    let trainings = [
        plain("sequential", "sequential tasks, without replay", nothing),
        plain(
            "replay only",
            "kept samples are replayed, validation samples included",
            replay,
        ),
        plain(
            "distillation",
            "the same, with distillation toward its outputs at the end of their tasks",
            distilled,
        ),
        TrainingSetup {
            has_contexts: true,
            ..plain(
                "one level",
                "the same with contexts, which are learned on the same samples as the network",
                distilled,
            )
        },
        TrainingSetup {
            is_joint: true,
            ..plain(
                "joint",
                "all tasks at once, in as many steps on as many samples",
                nothing,
            )
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

impl TrainingSetup {
    fn metrics(&self, common: &Arc<ContinualShared>, token: &WorkToken) -> Option<Vec<f64>> {
        let sequence = &common.sequence;
        let mut at = common.metadata.start.clone();
        let mut way = Way::new(Arc::clone(common), self.keeping);
        let mut slope = Point::zeros(at.shape());
        let (contexts, theta) = slope.values_mut().split_at_mut(at[1].len());
        let iterations = (sequence.steps() * sequence.tasks) as u64;
        for iteration in 0..iterations {
            let slopes = GradientBlocks {
                contexts: self.has_contexts.then_some(&mut *contexts),
                theta: Some(&mut *theta),
            };
            let step = if self.is_joint {
                let drawn = sequence.draw(iteration, sequence.most_met());
                let lessons = (&sequence.train, &*drawn);
                sequence.network.gradient(pair(&at), lessons, slopes, token);
                JOINT_STEP
            } else {
                way.stage.slope(pair(&at), slopes, token);
                STEP
            };
            if token.is_cancelled() {
                return None;
            }
            add(&mut at[2], -step, theta);
            if self.has_contexts {
                add(&mut at[1], -CONTEXT_STEP, contexts);
            }
            // the metrics are those of the last stage, so it is not left
            if !self.is_joint && iteration + 1 < iterations {
                way.go_on(pair(&at), token);
            }
        }
        let metrics = if self.is_joint {
            Stage::last(Arc::clone(common)).measured(pair(&at), token)
        } else {
            way.stage.measured(pair(&at), token)
        };
        (!token.is_cancelled()).then_some(metrics)
    }
}
