//! Continual learning: tasks come one after the other, and a network is to learn each without forgetting the others.
//!
//! ```text
//! f(c, θ) = mean of CE over the validation samples of all tasks so far
//! g(c, θ) = mean of CE over the batch
//!           + mean over replayed samples of CE + d T² KL(earlier output ‖ present output)
//! ```
//!
//! θ is a network with one hidden layer, c the contexts: for each task a scale and a shift of each hidden unit, from 1
//! and 0. The tasks are the same images with permuted pixels; the first task does not permute them. An iteration uses a
//! batch of the present task and stored samples of earlier tasks, so f and g change from iteration to iteration: see
//! [`OnlineProblem`](crate::problem::OnlineProblem). A run makes one pass through each task, with two iterations a
//! batch.
//!
//! Source: the third learning task of Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709), after Pham, Liu, Sahoo, Hoi,
//! "Contextual Transformation Networks for Online Continual Learning", 2021. No code of it is public: batches of 10,
//! two updates a batch, 50 samples kept of each task, a fifth of them for validation, 1,000 samples a task and 100
//! hidden units are theirs; the rest is a reconstruction. Contexts are variables here and not the outputs of another
//! network, tanh replaces the rectifier so that second derivatives exist, distillation has weight one at temperature 2,
//! and 64 samples are replayed.
//!
//! Outside of a run, the problem is that at the end of all tasks: f over all validation samples, g over all others that
//! are kept.

mod lines;
mod network;
mod parameters;
mod samples;
mod sequence;
mod stage;
mod visuals;
mod whole;

use std::borrow::Cow;
use std::sync::Arc;

use self::parameters::{MOST_TASKS, PARAMETERS};
use self::sequence::Sequence;
use self::whole::Whole;
use crate::numerics::{Bounds, MAX_GENERATORS, Point};
use crate::problem::{
    BOME, Class, Coordinate, Curvature, LowerLevel, Metadata, Metric, Plane, ProblemInfo,
};

/// The catalogue entry.
pub(super) const INFO: ProblemInfo = ProblemInfo {
    id: "continual",
    name: "Continual learning",
    class: Class::Learning,
    summary: "Ten tasks in sequence: contexts with which one network learns the next task without forgetting earlier \
              ones.",
    source: "Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
    references: &[BOME],
    look_for: "Columns of the accuracy matrix that fade upwards: forgotten tasks. The average accuracy between the \
               lines of replay alone and of all tasks at once.",
    parameters: PARAMETERS,
    text: None,
    build: |settings| {
        let sequence = Sequence::new(settings);
        Arc::new(Whole::new(ContinualShared {
            metadata: metadata(&sequence),
            sequence,
        }))
    },
};

/// The number of metrics before those of single tasks.
const METRICS: usize = 4;

const ALL_METRICS: [Metric; METRICS + MOST_TASKS as usize] = {
    let names = [
        "task-1", "task-2", "task-3", "task-4", "task-5", "task-6", "task-7", "task-8", "task-9",
        "task-10", "task-11", "task-12", "task-13", "task-14", "task-15", "task-16", "task-17",
        "task-18", "task-19", "task-20",
    ];
    let mut all = [Metric {
        name: "average-accuracy",
        meaning: "the mean test accuracy over the tasks so far",
        suits_logarithm: false,
    }; METRICS + MOST_TASKS as usize];
    all[0].name = "forgetting";
    all[0].meaning =
        "the mean loss of accuracy of earlier tasks since their best value at the end of a task";
    all[2].name = "learning-accuracy";
    all[2].meaning = "the mean test accuracy of each task when it ended";
    all[3].name = "test-loss";
    all[3].meaning = "the mean cross-entropy over the test samples of the tasks so far";
    all[3].suits_logarithm = true;
    let mut task = 0;
    while task < names.len() {
        all[METRICS + task].name = names[task];
        all[METRICS + task].meaning = "the test accuracy in this task";
        task += 1;
    }
    all
};

/// The data that stay the same along a run.
#[derive(Debug)]
struct ContinualShared {
    metadata: Metadata,
    sequence: Sequence,
}

fn metadata(sequence: &Sequence) -> Metadata {
    let network = &sequence.network;
    let start = Point::from_blocks(&[network.plain_contexts(), sequence.theta.clone()]);
    let shape = start.shape();
    let coordinate = |level| Coordinate { level, index: 0 };
    Metadata {
        formulas: vec![
            "$\\min_c\\; \\mean_{val}\\, CE(c, Θ)$".to_owned(),
            "$Θ ∈ \\argmin\\; \\mean_{batch}\\, CE + \\mean_{replay} (CE + d\\, T^2 KL)$"
                .to_owned(),
        ],
        symbols: vec!["c", "Θ"],
        names: Vec::new(),
        bounds: Bounds::none(shape),
        start,
        planes: vec![Plane {
            horizontal: coordinate(1),
            vertical: coordinate(2),
            range: [[0.0, 2.0], [-1.0, 1.0]],
            marks: Vec::new(),
        }],
        minima: Vec::new(),
        doubt: None,
        lower_level: LowerLevel {
            curvature: Curvature::NonConvex,
            steepest: None,
            note: Cow::Borrowed(
                "The follower is a network on a few samples, which change in every iteration: its solution is never \
                   exact.",
            ),
        },
        metrics: ALL_METRICS[..METRICS + sequence.tasks].to_vec(),
        highest_order: MAX_GENERATORS,
    }
}
