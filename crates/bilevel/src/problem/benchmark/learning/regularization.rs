//! Learnable regularization: an exponent for each word, learned so that a model of sparse documents fits others well.
//!
//! ```text
//! f(v, Θ) = mean of CE over the validation samples
//! g(v, Θ) = mean of CE over the training samples
//!           + 1/(2 D C) Σⱼ exp(vⱼ) Σ_c θⱼc²,      v ∈ [−b, b]^D from 0,  Θ ∈ R^(D × C)
//! ```
//!
//! Source: the benchmark of Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709), there on 20 Newsgroups and without a
//! box. CE is the cross-entropy of a linear softmax model of D words and C classes, without a bias.
//!
//! The box keeps exp(v) finite, and the follower's largest curvature within the range of a fixed inner step. g(v, ·) is
//! strongly convex with a modulus of e^(−b) / (D C). `pretrained` starts from the follower's answer to v = 0. The
//! published start was trained for a number of steps without any regularization; on separable data such a model has no
//! minimum. With the 2.6 million numbers of 20 Newsgroups the weight at v = 0 is 2e-7, which is negligible; with fewer
//! numbers, a start that is not the answer to v = 0 would make methods that control the value gap lower all exponents
//! first.
//!
//! A word that occurs in no training sample has no gradient: its weights stay zero and its exponent does not move. The
//! metrics about noise words leave such words out. Mini-batches take some of the training samples for g; f stays the
//! mean over all validation samples.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::corpus::PARTS;
use super::corpus_source::CorpusSource;
use super::noise::NoiseWords;
use super::regularization_parameters::{
    BOUND, CONTRAST, DATA_SEED, FEATURES, NOISE, PARAMETERS, TOPICS, WORDS,
};
use super::sparse::SparseSamples;
use super::topics::Drawing;
use crate::data::Data;
use crate::numerics::lbfgs::{self, Limits};
use crate::numerics::vectors::dot;
use crate::numerics::{
    Bounds, Levels, MAX_GENERATORS, Nilpotent, Point, Scalar as _, Shape, WorkToken,
};
use crate::problem::benchmark::keys;
use crate::problem::{
    BOME, Class, Compared, ConfigError, Coordinate, Curvature, Histogram, HistogramGroup,
    LowerLevel, LowerSolution, Metadata, Metric, ObservedPoint, ParameterValue, Pictured, Plane,
    Pretrained, Problem, ProblemInfo, ReferenceLine, Sampled, Settings, Visual,
};

/// The catalogue entry.
pub(super) const INFO: ProblemInfo = ProblemInfo {
    id: "regularization",
    name: "Learnable regularization",
    class: Class::Learning,
    summary: "Every word has its own regularization weight: those that minimize the validation loss reveal the noise \
              words.",
    source: "Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
    references: &[BOME],
    look_for: "The test loss below the line of the best single number, and exponents of noise words above those of \
               topic words.",
    parameters: PARAMETERS,
    text: None,
    build: |settings| Arc::new(Regularization::new(settings)),
};

/// The stopping limits of training.
const TRAINED: Limits = Limits {
    tolerance: 1e-6,
    steps: 3000,
};
/// The number of even steps of the box at which single numbers are tried, and of trials between the best one's
/// neighbors.
const TRIALS: [u32; 2] = [10, 9];
/// The ratio by which a golden-section step shrinks its bracket.
const GOLDEN: f64 = 0.618_033_988_749_894_8;

const METRICS: [Metric; 5] = [
    Metric {
        name: "validation-loss",
        meaning: "the mean cross-entropy over the validation samples",
        suits_logarithm: true,
    },
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
        name: "noise-auc",
        meaning: "the chance that a noise word has a higher exponent than a topic's word, of those that occur in training",
        suits_logarithm: false,
    },
    Metric {
        name: "noise-removed",
        meaning: "the share of noise words whose weights are shorter than a quarter of the median of topics' words, of those that occur in training",
        suits_logarithm: false,
    },
];

/// The problem, or a mini-batch of it.
#[derive(Debug)]
struct Regularization {
    common: Arc<RegularizationShared>,
    /// The training samples that g is a mean over; `None` for all.
    batch: Option<SparseSamples>,
}

/// The data shared by the problem and its mini-batches.
#[derive(Debug)]
struct RegularizationShared {
    metadata: Metadata,
    classes: usize,
    bound: f64,
    source: CorpusSource,
    /// The documents, drawn or split on first use: a check of an experiment needs none.
    documents: OnceLock<Documents>,
    /// The data and their split in words.
    summary: String,
    fault: Option<ConfigError>,
    /// The follower's answer to v = 0, computed on first use.
    trained: OnceLock<Vec<f64>>,
}

/// The documents in the form of the model.
#[derive(Debug)]
struct Documents {
    train: SparseSamples,
    validation: SparseSamples,
    test: SparseSamples,
    noise: Option<NoiseWords>,
}

impl RegularizationShared {
    fn documents(&self) -> &Documents {
        self.documents.get_or_init(|| {
            let corpus = self.source.corpus();
            let sizes = [corpus.features, corpus.classes];
            let [train, validation, test] =
                corpus.parts.map(|rows| SparseSamples::new(rows, sizes));
            let noise = corpus
                .noise
                .map(|is_noise| NoiseWords::new(&is_noise, |word| train.has(word)));
            Documents {
                train,
                validation,
                test,
                noise,
            }
        })
    }
}

impl Regularization {
    fn new(settings: &Settings) -> Self {
        let seed = settings.get(DATA_SEED) as u64;
        let source = match settings.value(keys::DATA.name()) {
            ParameterValue::Data(Data::Sparse(set)) => CorpusSource::of_file(set, settings, seed),
            _ => CorpusSource::Drawn(Drawing {
                documents: PARTS.map(|part| settings.number(part.name())),
                features: settings.get(FEATURES),
                topics: settings.get(TOPICS),
                words: settings.get(WORDS),
                noise: settings.get(NOISE),
                contrast: settings.get(CONTRAST),
                seed,
            }),
        };
        let sizes = source.sizes();
        let bound = settings.get(BOUND);
        Self {
            common: Arc::new(RegularizationShared {
                metadata: metadata(sizes, bound),
                classes: sizes[1],
                bound,
                documents: OnceLock::new(),
                summary: source.summary(),
                fault: source.fault(),
                source,
                trained: OnceLock::new(),
            }),
            batch: None,
        }
    }

    /// The training samples that g is a mean over.
    fn training(&self) -> &SparseSamples {
        self.batch
            .as_ref()
            .unwrap_or_else(|| &self.common.documents().train)
    }

    /// Trains `theta` in place to the least training loss; `None` once the token is cancelled.
    fn train(&self, exponents: &[f64], theta: &mut [f64], token: &WorkToken) -> Option<()> {
        let weights = self.weights(exponents);
        lbfgs::minimise(
            theta,
            TRAINED,
            || token.is_cancelled(),
            |theta, gradient| self.penalized(&weights, theta, gradient, token),
        )?;
        Some(())
    }

    /// Writes the gradient of g in Θ and returns the value of g, from one pass over the samples.
    fn penalized(&self, weights: &[f64], theta: &[f64], out: &mut [f64], token: &WorkToken) -> f64 {
        self.penalty_slope(weights, theta, out);
        0.5 * dot(out, theta) + self.training().gradient(theta, out, token)
    }

    fn trained(&self, token: &WorkToken) -> Option<&[f64]> {
        if let Some(known) = self.common.trained.get() {
            return Some(known);
        }
        let start = &self.common.metadata.start;
        let mut theta = start[2].to_vec();
        self.train(&start[1], &mut theta, token)?;
        Some(self.common.trained.get_or_init(|| theta))
    }

    /// The model of the least single number, then the best single number by the validation loss, and its model.
    fn tuned(&self, token: &WorkToken) -> Option<(Vec<f64>, f64, Vec<f64>)> {
        let bound = &self.common.bound;
        let validation = &self.common.documents().validation;
        let mut theta = self.common.metadata.start[2].to_vec();
        let words = theta.len() / self.common.classes;
        let mut best = (f64::INFINITY, 0.0, Vec::new());
        let mut trial = |exponent: f64, theta: &mut Vec<f64>| {
            self.train(&vec![exponent; words], theta, token)?;
            let loss = validation.loss(theta, token);
            if loss < best.0 {
                best = (loss, exponent, theta.clone());
            }
            Some((loss, best.1))
        };
        // from strong to weak regularization, each from the one before
        let step = 2.0 * bound / f64::from(TRIALS[0]);
        let mut around = 0.0;
        for number in 0..=TRIALS[0] {
            (_, around) = trial(bound - step * f64::from(number), &mut theta)?;
        }
        let least = theta.clone();
        let mut low = (around - step).max(-bound);
        let mut high = (around + step).min(*bound);
        let inside =
            |low: f64, high: f64| [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
        let [mut left, mut right] = inside(low, high);
        let (mut at_left, _) = trial(left, &mut theta)?;
        let (mut at_right, _) = trial(right, &mut theta)?;
        for _ in 2..TRIALS[1] {
            if at_left < at_right {
                (high, right, at_right) = (right, left, at_left);
                left = inside(low, high)[0];
                (at_left, _) = trial(left, &mut theta)?;
            } else {
                (low, left, at_left) = (left, right, at_right);
                right = inside(low, high)[1];
                (at_right, _) = trial(right, &mut theta)?;
            }
        }
        let (_, exponent, theta) = best;
        (!token.is_cancelled()).then_some((least, exponent, theta))
    }

    /// The penalty weights exp(v) / (D C).
    fn weights(&self, exponents: &[f64]) -> Vec<f64> {
        let count = exponents.len() * self.common.classes;
        let share = 1.0 / count as f64;
        exponents.iter().map(|v| v.exp() * share).collect()
    }

    /// Writes the gradient of the penalty in Θ, which is linear in Θ.
    fn penalty_slope(&self, weights: &[f64], theta: &[f64], out: &mut [f64]) {
        let classes = self.common.classes;
        let rows = theta
            .chunks_exact(classes)
            .zip(out.chunks_exact_mut(classes));
        for ((theta, out), weight) in rows.zip(weights) {
            for (out, theta) in out.iter_mut().zip(theta) {
                *out = weight * theta;
            }
        }
    }

    /// Yields for each word its weight times ⟨a, b⟩.
    fn of_words<'a>(
        &self,
        weights: &'a [f64],
        [a, b]: [&'a [f64]; 2],
    ) -> impl Iterator<Item = f64> + 'a {
        let classes = self.common.classes;
        let rows = a.chunks_exact(classes).zip(b.chunks_exact(classes));
        rows.zip(weights).map(|((a, b), weight)| weight * dot(a, b))
    }

    /// The metrics of a model, with its exponents if it has some.
    fn scores(&self, theta: &[f64], exponents: Option<&[f64]>, token: &WorkToken) -> Vec<f64> {
        let classes = &self.common.classes;
        let Documents {
            validation,
            test,
            noise,
            ..
        } = self.common.documents();
        let [loss, accuracy] = test.score(theta, token);
        let auc = noise.as_ref().zip(exponents);
        let removed = noise.as_ref().map(|noise| noise.removed(theta, *classes));
        vec![
            validation.loss(theta, token),
            loss,
            accuracy,
            auc.map_or(f64::NAN, |(noise, exponents)| noise.auc(exponents)),
            removed.unwrap_or(f64::NAN),
        ]
    }
}

fn metadata([words, classes]: [usize; 2], bound: f64) -> Metadata {
    let shape = Shape::new(&[words, words * classes]);
    let coordinate = |level| Coordinate { level, index: 0 };
    let half = bound.max(1.0);
    Metadata {
        formulas: vec![
            "$\\min_v\\; \\mean_{val}\\, CE(Θ)$".to_owned(),
            "$Θ ∈ \\argmin\\; \\mean_{train}\\, CE(Θ) + 0.5\\, \\mean_{jc}\\, e^{v_j} θ_{jc}^2$"
                .to_owned(),
        ],
        symbols: vec!["v", "Θ"],
        names: Vec::new(),
        bounds: Bounds::none(shape).with(1, -bound, bound),
        start: Point::zeros(shape),
        planes: vec![Plane {
            horizontal: coordinate(1),
            vertical: coordinate(2),
            range: [[-half, half], [-5.0, 5.0]],
            marks: Vec::new(),
        }],
        minima: Vec::new(),
        doubt: None,
        lower_level: LowerLevel {
            curvature: Curvature::StronglyConvex,
            steepest: None,
            note: Cow::Borrowed(
                "The follower is strongly convex by its regularization alone, which is tiny for rare words and low \
                   exponents.",
            ),
        },
        metrics: METRICS.to_vec(),
        highest_order: MAX_GENERATORS,
    }
}

impl Problem for Regularization {
    fn metadata(&self) -> &Metadata {
        &self.common.metadata
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        if level == 1 {
            return self.common.documents().validation.loss(&at[2], token);
        }
        let weights = self.weights(&at[1]);
        let penalty: f64 = self.of_words(&weights, [&at[2]; 2]).sum();
        self.training().loss(&at[2], token) + 0.5 * penalty
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        if level == 1 {
            if wrt.contains(1) {
                out[1].fill(0.0);
            }
            if wrt.contains(2) {
                out[2].fill(0.0);
                let validation = &self.common.documents().validation;
                validation.gradient(&at[2], &mut out[2], token);
            }
            return;
        }
        let weights = self.weights(&at[1]);
        if wrt.contains(1) {
            let squares = self.of_words(&weights, [&at[2]; 2]);
            for (out, square) in out[1].iter_mut().zip(squares) {
                *out = 0.5 * square;
            }
        }
        if wrt.contains(2) {
            self.penalty_slope(&weights, &at[2], &mut out[2]);
            self.training().gradient(&at[2], &mut out[2], token);
        }
    }

    fn value_and_grad(
        &self,
        level: usize,
        at: &Point,
        wrt: Levels,
        out: &mut Point,
        token: &WorkToken,
    ) -> f64 {
        if level == 1 || wrt != Levels::only(2) {
            self.grad(level, at, wrt, out, token);
            return self.value(level, at, token);
        }
        let weights = self.weights(&at[1]);
        self.penalized(&weights, &at[2], &mut out[2], token)
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
        let theta = &at[2];
        if level == 1 {
            // f does not depend on the exponents
            if wrt_along == [2, 2] {
                let validation = &self.common.documents().validation;
                validation.curvature([theta, direction], out, token);
            }
            return;
        }
        let mut weights = self.weights(&at[1]);
        match wrt_along {
            [1, 1] => {
                let squares = self.of_words(&weights, [theta; 2]);
                for ((out, square), along) in out.iter_mut().zip(squares).zip(direction) {
                    *out = 0.5 * square * along;
                }
            }
            [1, 2] => {
                let products = self.of_words(&weights, [theta, direction]);
                for (out, product) in out.iter_mut().zip(products) {
                    *out = product;
                }
            }
            [2, 1] => {
                for (weight, along) in weights.iter_mut().zip(direction) {
                    *weight *= along;
                }
                self.penalty_slope(&weights, theta, out);
            }
            _ => {
                self.penalty_slope(&weights, direction, out);
                self.training().curvature([theta, direction], out, token);
            }
        }
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        let (exponents, theta) = at.split_at(self.common.metadata.shape().size(1));
        if level == 1 {
            return self.common.documents().validation.lifted_loss(theta, token);
        }
        let rows = theta.chunks_exact(self.common.classes).zip(exponents);
        let penalties = rows.map(|(theta, exponent)| {
            exponent.exp() * Nilpotent::sum(theta.iter().map(|theta| theta.square()))
        });
        let share = 0.5 / theta.len() as f64;
        self.training().lifted_loss(theta, token) + Nilpotent::sum(penalties) * share
    }

    fn known_reaction(&self, _at: &Point) -> Option<LowerSolution> {
        None
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        self.scores(&at[2], Some(&at[1]), token)
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

impl Sampled for Regularization {
    fn samples(&self) -> usize {
        self.training().len()
    }

    fn on_batch(&self, batch: &[usize]) -> Box<dyn Problem> {
        Box::new(Self {
            common: Arc::clone(&self.common),
            batch: Some(self.training().some(batch)),
        })
    }
}

impl Pretrained for Regularization {
    fn pretrained(&self, token: &WorkToken) -> Option<Point> {
        let mut start = self.common.metadata.start.clone();
        start[2].copy_from_slice(self.trained(token)?);
        Some(start)
    }
}

impl Pictured for Regularization {
    fn visuals(&self, seen: &ObservedPoint, _token: &WorkToken) -> Vec<Visual> {
        let at = &seen.point;
        let bound = &self.common.bound;
        let Documents { noise, train, .. } = self.common.documents();
        let all = || {
            let occurring = (0..at[1].len()).filter(|&word| train.has(word));
            vec![HistogramGroup {
                name: "words",
                values: occurring.map(|word| at[1][word]).collect(),
            }]
        };
        vec![Visual::Histogram(Histogram {
            title: "The learned spectrum".to_owned(),
            remark: "of the words that occur in training".to_owned(),
            quantity: "exponent $v_j$".to_owned(),
            range: [-bound, *bound],
            groups: noise
                .as_ref()
                .map_or_else(all, |noise| noise.groups(&at[1])),
        })]
    }
}

impl Compared for Regularization {
    fn reference_lines(&self, token: &WorkToken) -> Option<Vec<ReferenceLine>> {
        let (least, exponent, best) = self.tuned(token)?;
        let line = |name, meaning, theta: &[f64], exponent| {
            let exponents = vec![exponent; theta.len() / self.common.classes];
            ReferenceLine {
                name,
                meaning,
                metrics: self.scores(theta, Some(&exponents), token),
            }
        };
        Some(vec![
            line(
                "no regularization",
                "a model trained with almost no regularization: all exponents at their lower bound, as without any \
                 there may be no minimum",
                &least,
                -self.common.bound,
            ),
            line(
                "one number",
                "a model trained with the same exponent for all words, the best by the validation loss",
                &best,
                exponent,
            ),
        ])
    }
}
