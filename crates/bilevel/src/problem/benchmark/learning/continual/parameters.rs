//! The parameters of continual learning.

use crate::data::{DataKind, SHIPPED};
use crate::problem::benchmark::keys;
use crate::problem::benchmark::learning::declared::{count, number, seed};
use crate::problem::{DefaultValue, Key, Parameter, ParameterKind};

pub(super) const BATCH: Key<usize> = Key::new("batch");
pub(super) const UPDATES: Key<usize> = Key::new("updates");
pub(super) const MEMORY: Key<usize> = Key::new("memory");
pub(super) const REPLAY: Key<usize> = Key::new("replay");
pub(super) const DISTILLATION: Key<f64> = Key::new("distillation");
pub(super) const TEMPERATURE: Key<f64> = Key::new("temperature");
pub(super) const HIDDEN: Key<usize> = Key::new("hidden");
pub(super) const TASK_SEED: Key<usize> = Key::new("task_seed");
pub(super) const TASKS: Key<usize> = Key::new("tasks");

/// The largest number of tasks, since each has a metric of its own.
pub(super) const MOST_TASKS: u32 = 20;

/// The table of parameters for files and panels.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: keys::DATA.name(),
        label: "data",
        symbol: "D",
        kind: ParameterKind::Data(DataKind::Images),
        default: DefaultValue::Choice(SHIPPED),
        meaning: "The images: \"mnist-10k\", which ships, or a folder with the standard files of MNIST or Fashion-MNIST.",
    },
    Parameter {
        name: TASKS.name(),
        label: "tasks",
        symbol: "N",
        kind: ParameterKind::Integer {
            min: 1,
            max: MOST_TASKS,
            slider: [2.0, 20.0],
            per_level: false,
        },
        default: DefaultValue::Number(10.0),
        meaning: "Number of tasks in the sequence.",
    },
    count(
        keys::TRAIN,
        "samples of a task",
        "n",
        [1, 1_000_000],
        1000.0,
        "Number of training samples of a task; each is used once.",
    ),
    count(
        keys::TEST,
        "test samples",
        "n_t",
        [1, 1_000_000],
        500.0,
        "Number of test images, for the metrics only, in each task's permutation.",
    ),
    count(
        BATCH,
        "batch",
        "b",
        [1, 100_000],
        10.0,
        "Number of samples of the current task in an iteration.",
    ),
    count(
        UPDATES,
        "iterations of a batch",
        "u",
        [1, 1000],
        2.0,
        "Number of iterations with the same batch; replayed samples are drawn anew in each.",
    ),
    count(
        MEMORY,
        "memory of a task",
        "m",
        [0, 100_000],
        50.0,
        "Number of samples of each task that are kept, its first ones.",
    ),
    count(
        keys::VALIDATION,
        "validation samples",
        "m_v",
        [1, 100_000],
        10.0,
        "Number of kept samples in the leader's objective; the follower replays the others.",
    ),
    count(
        REPLAY,
        "replayed",
        "r",
        [0, 100_000],
        64.0,
        "Number of kept samples of earlier tasks that an iteration replays; they are drawn anew for each.",
    ),
    number(
        DISTILLATION,
        "distillation",
        "d",
        [0.0, 1000.0],
        1.0,
        "Weight of the distillation toward the network's outputs on replayed samples at the end of their task.",
    ),
    number(
        TEMPERATURE,
        "temperature",
        "T",
        [0.1, 100.0],
        2.0,
        "Divisor of the logits in the distillation.",
    ),
    count(
        HIDDEN,
        "hidden units",
        "H",
        [1, 10_000],
        100.0,
        "Number of units of the network's hidden layer.",
    ),
    seed(
        TASK_SEED,
        "task seed",
        "s",
        "The seed of the permutations, of the samples and their order, of what is replayed and of the first weights.",
    ),
];
