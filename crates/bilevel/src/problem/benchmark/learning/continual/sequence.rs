//! The sequence of tasks: the order of samples, the kept samples, and the samples of each iteration.

use rand::seq::SliceRandom as _;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::{Distribution as _, StandardNormal};

use super::network::Network;
use super::parameters::{
    BATCH, DISTILLATION, HIDDEN, MEMORY, REPLAY, TASK_SEED, TASKS, TEMPERATURE, UPDATES,
};
use super::samples::{LossSample, PermutedImages, SoftTarget};
use crate::data::{CLASSES, Data, DataSet, Images};
use crate::messages;
use crate::problem::benchmark::keys;
use crate::problem::benchmark::learning::softmax::ClassRow;
use crate::problem::{ConfigError, ParameterValue, Settings};

/// The deviation of the first weights W, times the root of the number of pixels.
const SPREAD: f64 = 3.0;

/// The use of the samples that are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Keeping {
    /// The number of samples of each task that the leader validates by, and that are not replayed.
    pub(super) validation: usize,
    /// The number of samples replayed in an iteration.
    pub(super) replay: usize,
    /// The weight of distillation to earlier outputs.
    pub(super) distillation: f64,
}

/// The sequence of all tasks.
#[derive(Debug)]
pub(super) struct Sequence {
    pub(super) network: Network,
    /// The training samples, task after task, in the order of their use.
    pub(super) train: PermutedImages,
    /// The test images in the permutation of each task, task after task.
    pub(super) test: PermutedImages,
    pub(super) tasks: usize,
    /// The numbers of training and test samples of a task.
    pub(super) per_task: [usize; 2],
    batch: usize,
    /// The number of iterations for each batch.
    updates: usize,
    memory: usize,
    pub(super) keeping: Keeping,
    seed: u64,
    /// The initial weights.
    pub(super) theta: Vec<f64>,
    /// The error if the tasks are smaller than asked for.
    pub(super) fault: Option<ConfigError>,
}

impl Sequence {
    /// Draws the tasks. Settings that do not fit the set or each other are reduced and set `fault`.
    pub(super) fn new(settings: &Settings) -> Self {
        let set = match settings.value(keys::DATA.name()) {
            ParameterValue::Data(Data::Images(set)) => set,
            _ => DataSet::shipped(),
        };
        let fault = fault(&set, settings);
        let tasks = settings.get(TASKS);
        let seed = settings.get(TASK_SEED) as u64;
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        let (pool, own) = (&set.pool, set.test.as_ref());
        let mut order: Vec<usize> = (0..pool.len()).collect();
        order.shuffle(&mut stream);
        // without a test set of its own, test images are taken off the pool, and training samples from the rest
        let test_there = own.map_or(pool.len() / 2, Images::len);
        let test_count = settings.get(keys::TEST).min(test_there);
        let rest = pool.len() - if own.is_some() { 0 } else { test_count };
        let (rest, left) = order.split_at(rest);
        let tested: Vec<usize> = match own {
            Some(_) => (0..test_count).collect(),
            None => left.to_vec(),
        };
        let count = settings.get(keys::TRAIN).min(rest.len());
        let network = Network {
            pixels: pool.pixels,
            hidden: settings.get(HIDDEN),
            tasks,
            temperature: settings.get(TEMPERATURE),
        };
        let theta = first_weights(&network, &mut stream);
        let (mut train, mut test) = (PermutedImages::default(), PermutedImages::default());
        for task in 0..tasks {
            // positions of pixels are stored in two bytes
            let mut permutation: Vec<u16> = (0..=u16::MAX).take(pool.pixels).collect();
            if task > 0 {
                permutation.shuffle(&mut stream);
            }
            for place in sample(&mut stream, rest.len(), count) {
                train.push(pool, rest[place], &permutation);
            }
            for &number in &tested {
                test.push(own.unwrap_or(pool), number, &permutation);
            }
        }
        let memory = settings.get(MEMORY).min(count);
        Self {
            network,
            train,
            test,
            tasks,
            per_task: [count, test_count],
            batch: settings.get(BATCH).min(count),
            updates: settings.get(UPDATES),
            memory,
            keeping: Keeping {
                validation: settings.get(keys::VALIDATION).min(count),
                replay: settings.get(REPLAY),
                distillation: settings.get(DISTILLATION),
            },
            seed,
            theta,
            fault,
        }
    }

    /// The number of iterations of a task.
    pub(super) fn steps(&self) -> usize {
        self.per_task[0].div_ceil(self.batch) * self.updates
    }

    /// The task of an iteration, counted from 0, and the index of its batch; the last task goes on without end.
    pub(super) fn place(&self, iteration: u64) -> (usize, usize) {
        let steps = self.steps() as u64;
        let task = (iteration / steps).min(self.tasks as u64 - 1);
        (task as usize, (iteration % steps) as usize / self.updates)
    }

    /// The index of a task's sample among all.
    pub(super) fn sample(&self, task: usize, number: usize) -> usize {
        task * self.per_task[0] + number
    }

    fn lesson(&self, (task, number): (usize, usize), weight: f64) -> LossSample {
        let sample = self.sample(task, number);
        LossSample {
            sample,
            task,
            label: usize::from(self.train.labels[sample]),
            weight,
            target: None,
        }
    }

    /// The range of the samples kept of a task.
    pub(super) fn kept(&self, task: usize) -> std::ops::Range<usize> {
        self.sample(task, 0)..self.sample(task, self.memory)
    }

    /// The follower's samples in an iteration: a batch of the present task, and samples of earlier tasks; `targets`
    /// holds the network's outputs for all samples that are kept of those.
    pub(super) fn met(
        &self,
        iteration: u64,
        keeping: Keeping,
        targets: &[Vec<ClassRow>],
    ) -> Vec<LossSample> {
        let (task, step) = self.place(iteration);
        let batch = step * self.batch..((step + 1) * self.batch).min(self.per_task[0]);
        let share = 1.0 / batch.len() as f64;
        let mut lessons: Vec<LossSample> = batch.map(|it| self.lesson((task, it), share)).collect();
        let of_task = self.memory.saturating_sub(keeping.validation);
        let there = task * of_task;
        let count = keeping.replay.min(there);
        // keyed by the iteration: replay depends on nothing else
        let mut stream = ChaCha8Rng::seed_from_u64(self.seed);
        stream.set_stream(iteration + 1);
        let share = 1.0 / count.max(1) as f64;
        for place in sample(&mut stream, there, count) {
            let (earlier, number) = (place / of_task, keeping.validation + place % of_task);
            let mut lesson = self.lesson((earlier, number), share);
            if keeping.distillation > 0.0 {
                lesson.target = targets.get(earlier).map(|of_task| SoftTarget {
                    chances: of_task[number],
                    weight: keeping.distillation * share,
                });
            }
            lessons.push(lesson);
        }
        lessons
    }

    /// The leader's samples in an iteration: the validation samples of all tasks that have arrived so far.
    pub(super) fn validated(&self, iteration: u64) -> Vec<LossSample> {
        let (present, step) = self.place(iteration);
        let come = if iteration < (present + 1) as u64 * self.steps() as u64 {
            ((step + 1) * self.batch).min(self.per_task[0])
        } else {
            self.per_task[0]
        };
        let numbers = (0..=present).flat_map(|task| {
            let all = self.keeping.validation;
            let count = if task == present { all.min(come) } else { all };
            (0..count).map(move |number| (task, number))
        });
        evenly(numbers.map(|place| self.lesson(place, 1.0)).collect())
    }

    /// All samples that are replayed once every task is over.
    pub(super) fn replayed(&self) -> Vec<LossSample> {
        let numbers = (0..self.tasks).flat_map(|task| {
            let kept = self.keeping.validation..self.memory;
            kept.map(move |number| (task, number))
        });
        evenly(numbers.map(|place| self.lesson(place, 1.0)).collect())
    }

    /// Draws `count` samples of all tasks for an iteration.
    pub(super) fn draw(&self, iteration: u64, count: usize) -> Vec<LossSample> {
        let mut stream = ChaCha8Rng::seed_from_u64(self.seed);
        stream.set_stream(iteration + 1);
        let places = sample(&mut stream, self.train.len(), count.min(self.train.len()));
        let of_task = self.per_task[0];
        let lessons = places.into_iter();
        evenly(
            lessons
                .map(|place| self.lesson((place / of_task, place % of_task), 1.0))
                .collect(),
        )
    }

    /// The number of samples of an iteration with replay.
    pub(super) fn most_met(&self) -> usize {
        self.batch + self.keeping.replay
    }
}

/// Sets equal weights that add up to one.
fn evenly(mut lessons: Vec<LossSample>) -> Vec<LossSample> {
    let share = 1.0 / lessons.len() as f64;
    for lesson in &mut lessons {
        lesson.weight = share;
    }
    lessons
}

/// The initial weights: normal numbers for W and V, zeros for b and c.
fn first_weights(network: &Network, stream: &mut ChaCha8Rng) -> Vec<f64> {
    let mut theta = vec![0.0; network.parameters()];
    let (weights, rest) = theta.split_at_mut(network.pixels * network.hidden);
    let (_, heads) = rest.split_at_mut(network.hidden);
    let heads = &mut heads[..network.hidden * CLASSES];
    let deviations = [
        SPREAD / (network.pixels as f64).sqrt(),
        1.0 / (network.hidden as f64).sqrt(),
    ];
    for (block, deviation) in [weights, heads].into_iter().zip(deviations) {
        for weight in block {
            let chance: f64 = StandardNormal.sample(stream);
            *weight = deviation * chance;
        }
    }
    theta
}

/// Returns the error in settings that do not fit the set or each other.
fn fault(set: &DataSet, settings: &Settings) -> Option<ConfigError> {
    let [train, test, memory, validation] =
        [keys::TRAIN, keys::TEST, MEMORY, keys::VALIDATION].map(|key| settings.get(key));
    let (name, there) = (set.name(), set.pool.len());
    let reason = |parameter, reason: String| Some(ConfigError { parameter, reason });
    if set.classes() > CLASSES {
        let classes = set.classes();
        return reason(
            keys::DATA.name(),
            messages::learning::too_many_classes(classes, CLASSES),
        );
    }
    match &set.test {
        Some(own) if test > own.len() => {
            let there = own.len();
            return reason(
                "test",
                messages::learning::too_few_test_samples(test, name, there),
            );
        }
        None if train + test > there => {
            let parameter = if test > train { "test" } else { "train" };
            return reason(
                parameter,
                messages::learning::task_takes_too_many(train, test, name, there),
            );
        }
        _ if train > there => {
            return reason(
                "train",
                messages::learning::task_trains_on_too_many(train, name, there),
            );
        }
        _ => {}
    }
    if memory > train {
        return reason(
            "memory",
            messages::learning::memory_too_large(memory, train),
        );
    }
    (validation > memory).then(|| ConfigError {
        parameter: "validation",
        reason: messages::learning::too_many_for_validation(validation, memory),
    })
}
