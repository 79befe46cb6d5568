//! Hyper-cleaning: a weight for each training sample, learned so that a model of the weighted samples fits clean ones
//! well.
//!
//! ```text
//! f(v, Θ) = mean of CE over the validation samples
//! g(v, Θ) = 1/n Σᵢ clip(vᵢ, 0, 1) CEᵢ(Θ) + 0.001 ‖Θ‖²,      v ∈ [0, 1]ⁿ from 1/2,  Θ ∈ R^(785 × 10)
//! ```
//!
//! Source: the benchmark of Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709). CE is the cross-entropy of a linear
//! softmax model on standardized pixels; a share of the training labels is replaced by random ones, some of which
//! happen to be right.
//!
//! In the published code the last pixel's weights serve as bias, too. Here the bias is a row of its own, the last of Θ,
//! and part of ‖Θ‖²: without that, adding a constant to all of it would change nothing, and the follower's Hessian
//! would be singular. So g(v, ·) is strongly convex for all v ≥ 0, with a modulus of 0.002. The derivative of the clip
//! at the ends of the box is the one-sided derivative from within. `pretrained` starts from the model of the noisy
//! training samples and the validation samples together.
//!
//! Mini-batches take some of the training samples for g; f stays the mean over all validation samples, which are few.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::cleaning_visuals::Cleaning;
use super::declared::{part, seed};
use super::labelled_samples::LabelledSamples;
use super::part_sizes::part_sizes;
use super::split::{CLEANING_PARTS, Split, SplitSizes};
use super::table_cleaning::split_table;
use super::table_settings::{FEATURE_COLUMNS, MISSING_CELLS, SCALED_BY, TARGET_COLUMN};
use crate::data::{Data, DataKind, DataSet, SHIPPED};
use crate::numerics::lbfgs::{self, Limits};
use crate::numerics::{
    Bounds, Levels, MAX_GENERATORS, Nilpotent, Point, Scalar as _, Shape, WorkToken,
};
use crate::problem::benchmark::keys;
use crate::problem::{
    BOME, Class, Compared, ConfigError, Coordinate, Curvature, DefaultValue, Key, LowerLevel,
    LowerSolution, Metadata, Metric, ObservedPoint, Parameter, ParameterKind, ParameterValue,
    Pictured, Plane, Pretrained, Problem, ProblemInfo, ReferenceLine, Sampled, Settings, Visual,
};

const RANDOM_LABELS: Key<f64> = Key::new("random_labels");
const LABEL_SEED: Key<usize> = Key::new("label_seed");

/// The catalogue entry.
pub(super) const INFO: ProblemInfo = ProblemInfo {
    id: "hyper-cleaning",
    name: "Hyper-cleaning",
    class: Class::Learning,
    summary: "Some labels of the training images are random: sample weights that minimize the validation loss reveal \
              them.",
    source: "Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
    references: &[BOME],
    look_for: "The F1 score of the cleaning, and the test accuracy between the lines of a model with all given labels \
               and of one with the true labels.",
    parameters: &[
        Parameter {
            name: keys::DATA.name(),
            label: "data",
            symbol: "D",
            kind: ParameterKind::Data(DataKind::Samples),
            default: DefaultValue::Choice(SHIPPED),
            meaning: "The samples: \"mnist-10k\", which ships, a folder with the standard files of MNIST or Fashion-MNIST, or the path \
                      of a CSV file with a column of classes; relative to the experiment's file.",
        },
        TARGET_COLUMN,
        FEATURE_COLUMNS,
        MISSING_CELLS,
        SCALED_BY,
        part(
            keys::TRAIN,
            "training samples",
            "n",
            1_000_000,
            5000.0,
            "Number of samples with a weight, or their share of all.",
        ),
        part(
            keys::VALIDATION,
            "validation samples",
            "n_v",
            1_000_000,
            1000.0,
            "Number of clean samples in the leader's objective, or their share of all.",
        ),
        part(
            keys::TEST,
            "test samples",
            "n_t",
            1_000_000,
            2000.0,
            "Number of test samples, for the metrics only, or their share of all.",
        ),
        Parameter {
            name: RANDOM_LABELS.name(),
            label: "random labels",
            symbol: "r",
            kind: ParameterKind::Number {
                min: 0.0,
                max: 1.0,
                slider: [0.0, 1.0],
                per_level: false,
            },
            default: DefaultValue::Number(0.5),
            meaning: "The share of training labels that are replaced by random ones.",
        },
        seed(
            LABEL_SEED,
            "label seed",
            "s",
            "The seed of the random labels.",
        ),
        seed(
            keys::SPLIT_SEED,
            "split seed",
            "s_0",
            "The seed of the shuffle before the split; 0 leaves its own order, in which the digits that ship are \
             shuffled.",
        ),
    ],
    text: None,
    build: |settings| Arc::new(HyperCleaning::new(settings)),
};

/// The weight of ‖Θ‖² in g.
const REGULARISATION: f64 = 0.001;
/// The stopping limits of training; at this norm of the gradient the loss is within 3e-6 of its minimum.
const TRAINED: Limits = Limits {
    tolerance: 1e-4,
    steps: 5000,
};
/// The weight above which a sample counts as clean.
const CLEAN: f64 = 0.5;
/// The constant added to the denominators of precision and recall, as published.
const NO_QUOTIENT: f64 = 1e-4;

const METRICS: [Metric; 4] = [
    Metric {
        name: "test-loss",
        meaning: "the mean cross-entropy over the test samples",
        suits_logarithm: true,
    },
    Metric {
        name: "test-accuracy",
        meaning: "the share of test samples whose class is found",
        suits_logarithm: false,
    },
    Metric {
        name: "validation-loss",
        meaning: "the mean cross-entropy over the validation samples",
        suits_logarithm: true,
    },
    Metric {
        name: "f1",
        meaning: "the F1 score of weights above one half as a detector of unchanged labels",
        suits_logarithm: false,
    },
];

/// The problem, or a mini-batch of it.
#[derive(Debug)]
struct HyperCleaning {
    common: Arc<CleaningShared>,
    /// The training samples that g is a mean over.
    train: LabelledSamples,
    /// The indices of these rows among all training samples; `None` for all.
    members: Option<Vec<usize>>,
}

/// The data shared by the problem and its mini-batches.
#[derive(Debug)]
struct CleaningShared {
    metadata: Metadata,
    validation: LabelledSamples,
    test: LabelledSamples,
    true_labels: Vec<u8>,
    /// For each training sample, true if its label was not changed.
    unchanged: Vec<bool>,
    /// The data and their split in words.
    summary: String,
    fault: Option<ConfigError>,
    /// Θ trained on the noisy training and the validation samples, computed on first use.
    noisy: OnceLock<Vec<f64>>,
}

impl HyperCleaning {
    fn new(settings: &Settings) -> Self {
        let split = match settings.value(keys::DATA.name()) {
            ParameterValue::Data(Data::Images(set)) => images(&set, settings),
            ParameterValue::Data(Data::Table(table)) => {
                let labels = [
                    settings.get(RANDOM_LABELS),
                    settings.number(LABEL_SEED.name()),
                ];
                split_table(&table, settings, labels).unwrap_or_else(|fault| Split {
                    fault: Some(fault),
                    ..images(&DataSet::shipped(), settings)
                })
            }
            _ => images(&DataSet::shipped(), settings),
        };
        let labels = split.train.labels().iter().zip(&split.true_labels);
        let sizes = [
            split.train.len(),
            split.train.parameters(),
            split.train.classes(),
        ];
        Self {
            common: Arc::new(CleaningShared {
                metadata: metadata(sizes),
                summary: split.summary,
                unchanged: labels.map(|(label, before)| label == before).collect(),
                validation: split.validation,
                test: split.test,
                true_labels: split.true_labels,
                fault: split.fault,
                noisy: OnceLock::new(),
            }),
            train: split.train,
            members: None,
        }
    }

    /// The index of a row among all training samples.
    fn member(&self, row: usize) -> usize {
        self.members.as_ref().map_or(row, |members| members[row])
    }

    /// The clipped weight of a row, over n, as a function of the row.
    fn weight<'a>(&'a self, at: &'a Point) -> impl Fn(usize) -> f64 + Sync + 'a {
        let share = 1.0 / self.train.len() as f64;
        move |row| share * at[1][self.member(row)].clamp(0.0, 1.0)
    }

    /// Writes the value of each row, over n, to its entry of the leader's block; zero if the weight lies outside [0,
    /// 1].
    fn spread(&self, at: &Point, of_rows: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        let share = 1.0 / self.train.len() as f64;
        for (row, value) in of_rows.iter().enumerate() {
            let member = self.member(row);
            if (0.0..=1.0).contains(&at[1][member]) {
                out[member] += share * value;
            }
        }
    }

    /// Θ of the least mean loss over some samples with the penalty of g; `None` once the token is cancelled.
    fn trained(parts: &[&LabelledSamples], token: &WorkToken) -> Option<Vec<f64>> {
        let count: usize = parts.iter().map(|samples| samples.len()).sum();
        let share = 1.0 / count as f64;
        let mut theta = vec![0.0; parts[0].parameters()];
        lbfgs::minimise(
            &mut theta,
            TRAINED,
            || token.is_cancelled(),
            |theta, gradient| {
                let own = regularised(theta, gradient);
                let losses = parts
                    .iter()
                    .map(|samples| samples.gradient(theta, |_| share, gradient, token));
                own + losses.sum::<f64>()
            },
        )?;
        Some(theta)
    }

    fn noisy(&self, token: &WorkToken) -> Option<&[f64]> {
        if let Some(known) = self.common.noisy.get() {
            return Some(known);
        }
        let trained = Self::trained(&[&self.train, &self.common.validation], token)?;
        Some(self.common.noisy.get_or_init(|| trained))
    }

    /// The loss and the accuracy on the test samples, and the loss on the validation samples.
    fn scores(&self, theta: &[f64], token: &WorkToken) -> [f64; 3] {
        let [loss, accuracy] = self.common.test.score(theta, token);
        let [validation, _] = self.common.validation.score(theta, token);
        [loss, accuracy, validation]
    }
}

/// Writes the gradient of 0.001 ‖Θ‖² and returns its value.
fn regularised(theta: &[f64], gradient: &mut [f64]) -> f64 {
    for (gradient, theta) in gradient.iter_mut().zip(theta) {
        *gradient = 2.0 * REGULARISATION * theta;
    }
    REGULARISATION * theta.iter().map(|theta| theta * theta).sum::<f64>()
}

/// The split of an image set.
fn images(set: &DataSet, settings: &Settings) -> Split {
    let is_own = set.name() != SHIPPED;
    let there = set.pool.len();
    let sizes = match &set.test {
        None => part_sizes(settings, &CLEANING_PARTS, 0.0, there, is_own),
        Some(own) => {
            let of_pool = part_sizes(settings, &CLEANING_PARTS[..2], 0.0, there, is_own);
            let test = part_sizes(settings, &CLEANING_PARTS[2..], 0.0, own.len(), is_own);
            [of_pool, test].concat()
        }
    };
    let sizes = SplitSizes {
        train: sizes[0],
        validation: sizes[1],
        test: sizes[2],
        random_labels: settings.get(RANDOM_LABELS),
        split_seed: settings.get(keys::SPLIT_SEED) as u64,
        label_seed: settings.get(LABEL_SEED) as u64,
    };
    Split::of(set, sizes)
}

fn metadata([train, parameters, classes]: [usize; 3]) -> Metadata {
    let shape = Shape::new(&[train, parameters]);
    let coordinate = |level, index| Coordinate { level, index };
    Metadata {
        formulas: vec![
            "$\\min_v\\; \\mean_{val}\\, CE(Θ)$".to_owned(),
            "$Θ ∈ \\argmin\\; \\mean_i\\, v_i CE_i(Θ) + 0.001 ‖Θ‖^2$".to_owned(),
        ],
        symbols: vec!["v", "Θ"],
        names: Vec::new(),
        bounds: Bounds::none(shape).with(1, 0.0, 1.0),
        start: Point::from_blocks(&[vec![0.5; train], vec![0.0; parameters]]),
        planes: vec![Plane {
            horizontal: coordinate(1, 0),
            vertical: coordinate(2, parameters - classes),
            range: [[0.0, 1.0], [-1.0, 1.0]],
            marks: Vec::new(),
        }],
        minima: Vec::new(),
        doubt: None,
        lower_level: LowerLevel {
            curvature: Curvature::StronglyConvex,
            steepest: None,
            note: Cow::Borrowed(
                "The follower is strongly convex by its regularization alone: by 0.002, which is small against its \
                   largest curvature.",
            ),
        },
        metrics: METRICS.to_vec(),
        highest_order: MAX_GENERATORS,
    }
}

impl Problem for HyperCleaning {
    fn metadata(&self) -> &Metadata {
        &self.common.metadata
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        if level == 1 {
            let losses = self.common.validation.losses(&at[2], token);
            return losses.iter().sum::<f64>() / self.common.validation.len() as f64;
        }
        let weight = self.weight(at);
        let losses = self.train.losses(&at[2], token);
        let weighted = losses.iter().enumerate();
        let own: f64 = at[2].iter().map(|theta| theta * theta).sum();
        weighted.map(|(row, loss)| weight(row) * loss).sum::<f64>() + REGULARISATION * own
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        if level == 1 {
            if wrt.contains(1) {
                out[1].fill(0.0);
            }
            if wrt.contains(2) {
                let samples = &self.common.validation;
                let share = 1.0 / samples.len() as f64;
                out[2].fill(0.0);
                samples.gradient(&at[2], |_| share, &mut out[2], token);
            }
            return;
        }
        if wrt.contains(1) {
            let losses = self.train.losses(&at[2], token);
            self.spread(at, &losses, &mut out[1]);
        }
        if wrt.contains(2) {
            regularised(&at[2], &mut out[2]);
            self.train
                .gradient(&at[2], self.weight(at), &mut out[2], token);
        }
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        wrt_along: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        out.fill(0.0);
        let point = &at[2];
        match (level, wrt_along) {
            (1, [2, 2]) => {
                let samples = &self.common.validation;
                let share = 1.0 / samples.len() as f64;
                samples.curvature([point, direction], |_| share, out, token);
            }
            (2, [2, 2]) => {
                regularised(direction, out);
                self.train
                    .curvature([point, direction], self.weight(at), out, token);
            }
            (2, [1, 2]) => {
                let slopes = self.train.slopes(point, direction, token);
                self.spread(at, &slopes, out);
            }
            (2, [2, 1]) => {
                let share = 1.0 / self.train.len() as f64;
                let weight = |row| {
                    let member = self.member(row);
                    let counts = (0.0..=1.0).contains(&at[1][member]);
                    if counts {
                        share * direction[member]
                    } else {
                        0.0
                    }
                };
                self.train.gradient(point, weight, out, token);
            }
            // f does not depend on the weights, and g is linear in them
            _ => {}
        }
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        let (weights, theta) = at.split_at(self.common.metadata.shape().size(1));
        let samples = if level == 1 {
            &self.common.validation
        } else {
            &self.train
        };
        let share = 1.0 / samples.len() as f64;
        let rows = (0..samples.len()).take_while(|_| !token.is_cancelled());
        let losses = rows.map(|row| {
            let loss = samples.lifted_loss(row, theta) * share;
            if level == 1 {
                return loss;
            }
            let weight = weights[self.member(row)];
            if (0.0..=1.0).contains(&weight.real()) {
                loss * weight
            } else {
                loss * weight.real().clamp(0.0, 1.0)
            }
        });
        let mean = Nilpotent::sum(losses);
        if level == 1 {
            return mean;
        }
        Nilpotent::sum(theta.iter().map(|theta| theta.square())) * REGULARISATION + mean
    }

    fn known_reaction(&self, _at: &Point) -> Option<LowerSolution> {
        None
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        let [loss, accuracy, validation] = self.scores(&at[2], token);
        vec![
            loss,
            accuracy,
            validation,
            f1(&at[1], &self.common.unchanged),
        ]
    }

    fn fault(&self) -> Option<&ConfigError> {
        self.common.fault.as_ref()
    }

    fn data_summary(&self) -> Option<String> {
        Some(self.common.summary.clone())
    }

    fn sampled(&self) -> Option<&dyn Sampled> {
        Some(self)
    }

    fn pretrained(&self) -> Option<&dyn Pretrained> {
        Some(self)
    }

    fn pictured(&self) -> Option<&dyn Pictured> {
        Some(self)
    }

    fn compared(&self) -> Option<&dyn Compared> {
        Some(self)
    }
}

impl Sampled for HyperCleaning {
    fn samples(&self) -> usize {
        self.train.len()
    }

    fn on_batch(&self, batch: &[usize]) -> Box<dyn Problem> {
        Box::new(Self {
            common: Arc::clone(&self.common),
            train: self.train.some(batch),
            members: Some(batch.iter().map(|&row| self.member(row)).collect()),
        })
    }
}

impl Pretrained for HyperCleaning {
    fn pretrained(&self, token: &WorkToken) -> Option<Point> {
        let mut start = self.common.metadata.start.clone();
        start[2].copy_from_slice(self.noisy(token)?);
        Some(start)
    }
}

impl Pictured for HyperCleaning {
    fn visuals(&self, seen: &ObservedPoint, token: &WorkToken) -> Vec<Visual> {
        let at = &seen.point;
        let cleaning = Cleaning {
            train: &self.train,
            unchanged: &self.common.unchanged,
            weights: &at[1],
            theta: &at[2],
        };
        cleaning.visuals(token)
    }
}

impl Compared for HyperCleaning {
    fn reference_lines(&self, token: &WorkToken) -> Option<Vec<ReferenceLine>> {
        let validation = &self.common.validation;
        let clean = self.train.labelled(&self.common.true_labels);
        let of_validation = Self::trained(&[validation], token)?;
        let of_clean = Self::trained(&[&clean, validation], token)?;
        let line = |name, meaning, theta: &[f64]| ReferenceLine {
            name,
            meaning,
            metrics: [&self.scores(theta, token)[..], &[f64::NAN]].concat(),
        };
        Some(vec![
            line(
                "noisy",
                "a model of the training samples with their given labels, and of the validation samples",
                self.noisy(token)?,
            ),
            line(
                "validation only",
                "a model of the validation samples alone",
                &of_validation,
            ),
            line(
                "clean",
                "a model of the training samples with their true labels, and of the validation samples",
                &of_clean,
            ),
        ])
    }
}

/// The harmonic mean of precision and recall, if weights above one half predict unchanged labels.
fn f1(weights: &[f64], unchanged: &[bool]) -> f64 {
    let count = |of: &dyn Fn(bool, bool) -> bool| {
        let pairs = weights.iter().zip(unchanged);
        pairs
            .filter(|(weight, unchanged)| of(**weight > CLEAN, **unchanged))
            .count() as f64
    };
    let right = count(&|kept, unchanged| kept && unchanged);
    let precision = right / (count(&|kept, _| kept) + NO_QUOTIENT);
    let recall = right / (count(&|_, unchanged| unchanged) + NO_QUOTIENT);
    if right == 0.0 {
        return 0.0;
    }
    2.0 * precision * recall / (precision + recall)
}
