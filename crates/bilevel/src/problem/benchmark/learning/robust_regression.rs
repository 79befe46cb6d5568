//! Robust regression: the weight of an l1 penalty, learned against an adversary who perturbs the training features.
//!
//! ```text
//! f₁(λ, P, θ) = 1/m ‖y_v − X_v θ‖²
//! f₂(λ, P, θ) = −1/n ‖y − (X + P) θ‖² + c/(nd) ‖P‖²                 (level 2 maximizes −f₂)
//! f₃(λ, P, θ) = 1/n ‖y − (X + P) θ‖² + e^λ/d Σ s(θᵢ),     λ ∈ R,  P ∈ R^(n × d),  θ ∈ R^d,  all from 0
//! ```
//!
//! s is a smoothed absolute value: see `regression.rs`. With the adversary off there are two levels, λ and θ, and
//! P = 0.
//!
//! Source: Sato, Tanaka, Takeda 2021 (arXiv 2105.13954), with sizes and s as in published code for the same problem.
//! Features and target have mean 0 and deviation 1: over all rows of a table that ships, as in that code, and over the
//! training rows of a table from a file, so that nothing of the test is known before it.
//!
//! f₃ is convex in θ, and strongly where X + P has full rank. −f₂ is concave in P only if c is large enough; for
//! diabetes and c = 10 one maximizer was found for every λ from −4 to 3. There φ rises with λ, so that it has no
//! minimum: with an adversary, further penalty does not pay. Without one, φ is least at λ = 0.2559.
//!
//! At θ = 0 the slope of s is zero, so that one step on θ from there does not depend on λ: methods that unroll a single
//! step see a zero gradient. The answers of all levels come from a system of 2 d equations, in `robust_answers.rs`.

use std::borrow::Cow;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::{Distribution as _, StandardNormal};

use super::declared::part;
use super::regression::{Gradient, Objective, RegressionRows, Role, Variables};
use super::robust_answers::{attacked, fitted};
use super::table_settings::{FEATURE_COLUMNS, MISSING_CELLS, SCALED_BY, TARGET_COLUMN};
use super::table_split::TableSplit;
use crate::data::{Data, DataKind, DataTable, SHIPPED_TABLES};
use crate::numerics::nilpotent::Polynomial;
use crate::numerics::{Bounds, Levels, MAX_GENERATORS, Nilpotent, Point, Scalar, WorkToken};
use crate::problem::benchmark::keys;
use crate::problem::{
    Class, ConfigError, Coordinate, Curvature, DefaultValue, Key, LowerLevel, LowerSolution,
    Metadata, Metric, Parameter, ParameterChoice, ParameterKind, ParameterValue, Plane, Problem,
    ProblemInfo, Settings, UNROLLING, Word,
};

const ADVERSARY: Key<Word> = Key::new("adversary");
const C: Key<f64> = Key::new("c");
const NOISE_DRAWS: Key<usize> = Key::new("noise_draws");
const NOISE_SEED: Key<usize> = Key::new("noise_seed");

/// The catalogue entry.
pub(super) const INFO: ProblemInfo = ProblemInfo {
    id: "robust-regression",
    name: "Robust regression",
    class: Class::Learning,
    summary: "Choice of the l1 penalty of a regression whose training features an adversary perturbs.",
    source: "Sato, Tanaka, Takeda 2021 (arXiv 2105.13954)",
    references: &[UNROLLING],
    look_for: "One inner step on $θ$ from 0 does not depend on $λ$: ITD with $T = (1, 1)$ never moves, although $∇φ ≠ \
               0$. With more steps it ends near the exact method. The adversary lowers accuracy on clean data and \
               raises it on data with noise of $1$.",
    parameters: &[
        Parameter {
            name: keys::DATA.name(),
            label: "data",
            symbol: "D",
            kind: ParameterKind::Data(DataKind::Table),
            default: DefaultValue::Choice(SHIPPED_TABLES[0]),
            meaning: "The table: \"diabetes\" or \"winequality-red\", which ship, or the path of a CSV file, relative to the \
                      experiment's file.",
        },
        TARGET_COLUMN,
        FEATURE_COLUMNS,
        MISSING_CELLS,
        SCALED_BY,
        Parameter {
            name: C.name(),
            label: "attack penalty",
            symbol: "c",
            kind: ParameterKind::Number {
                min: 0.001,
                max: 1e6,
                slider: [0.1, 100.0],
                per_level: false,
            },
            default: DefaultValue::Number(10.0),
            meaning: "Weight of the penalty $‖P‖^2$ of the adversary: the larger, the smaller the perturbation.",
        },
        Parameter {
            name: ADVERSARY.name(),
            label: "adversary",
            symbol: "P",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "on",
                    label: "",
                    meaning: "three levels: the adversary perturbs the training features",
                },
                ParameterChoice {
                    name: "off",
                    label: "",
                    meaning: "two levels: unperturbed features",
                },
            ]),
            default: DefaultValue::Choice("on"),
            meaning: "Perturbation of the training features by an adversary.",
        },
        part(
            keys::TRAIN,
            "training rows",
            "n",
            10_000,
            40.0,
            "Number of rows that the regression is fitted to, or their share of all.",
        ),
        part(
            keys::VALIDATION,
            "validation rows",
            "m",
            100_000,
            100.0,
            "Number of rows in the leader's objective, or their share of all; the rest is for the test.",
        ),
        whole(
            "split_seed",
            "split seed",
            "s_0",
            [0, 1_000_000],
            0.0,
            "The seed of the shuffle of the rows before the split; 0 takes the order that ships with diabetes, and \
             that of the file for other tables.",
        ),
        whole(
            "noise_draws",
            "noise samples",
            "K",
            [1, 100],
            20.0,
            "Number of noise samples on the test features over which errors are averaged.",
        ),
        whole(
            "noise_seed",
            "noise seed",
            "s_1",
            [0, 1_000_000],
            0.0,
            "The seed of that noise.",
        ),
    ],
    text: None,
    build: |settings| Arc::new(RobustRegression::new(settings)),
};

const fn whole(
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    [min, max]: [u32; 2],
    default: f64,
    meaning: &'static str,
) -> Parameter {
    Parameter {
        name,
        label,
        symbol,
        kind: ParameterKind::Integer {
            min,
            max,
            slider: [1.0, 100.0],
            per_level: false,
        },
        default: DefaultValue::Number(default),
        meaning,
    }
}

/// The deviations of the noise on test features.
const DEVIATIONS: [f64; 3] = [0.08, 0.5, 1.0];

const fn error(name: &'static str, meaning: &'static str) -> Metric {
    Metric {
        name,
        meaning,
        suits_logarithm: true,
    }
}

const METRICS: [Metric; 5] = [
    error(
        "validation-mse",
        "the mean square error on the validation rows",
    ),
    error("test-mse", "the mean square error on the test rows"),
    error(
        "test-mse-0.08",
        "the same with noise of deviation 0.08 on the features",
    ),
    error(
        "test-mse-0.5",
        "the same with noise of deviation 0.5 on the features",
    ),
    error(
        "test-mse-1",
        "the same with noise of deviation 1 on the features",
    ),
];

#[derive(Debug)]
struct RobustRegression {
    metadata: Metadata,
    split: TableSplit,
    price: f64,
    has_adversary: bool,
    draws: usize,
    noise_seed: u64,
}

impl RobustRegression {
    fn new(settings: &Settings) -> Self {
        let table = match settings.value(keys::DATA.name()) {
            ParameterValue::Data(Data::Table(table)) => Some(table),
            ParameterValue::Choice(word) => DataTable::shipped(&word),
            _ => None,
        };
        let table = table.expect("a checked value names a table");
        let has_adversary = settings.is(ADVERSARY, "on");
        let split = TableSplit::of(&table, settings, has_adversary);
        Self {
            metadata: metadata(&split.train, has_adversary),
            split,
            price: settings.get(C),
            has_adversary,
            draws: settings.get(NOISE_DRAWS),
            noise_seed: settings.get(NOISE_SEED) as u64,
        }
    }

    fn objective(&self, level: usize) -> Objective<'_> {
        let role = match level {
            1 => Role::Validate,
            2 if self.has_adversary => Role::Attack,
            _ => Role::Fit,
        };
        let rows = if level == 1 {
            &self.split.validation
        } else {
            &self.split.train
        };
        Objective {
            role,
            rows,
            price: self.price,
        }
    }

    /// The level of θ.
    fn last(&self) -> usize {
        self.metadata.shape().levels()
    }

    fn variables<'a, S: Scalar>(&self, at: &'a [S]) -> Variables<'a, S> {
        let (poison, theta) = at[1..].split_at(at.len() - 1 - self.split.train.features);
        Variables {
            lambda: at[0],
            poison,
            theta,
        }
    }

    fn wants(&self, wrt: Levels) -> [bool; 3] {
        [
            wrt.contains(1),
            self.has_adversary && wrt.contains(2),
            wrt.contains(self.last()),
        ]
    }

    fn gradient_over<S: Scalar>(
        &self,
        level: usize,
        at: &[S],
        wrt: Levels,
        token: &WorkToken,
    ) -> Gradient<S> {
        let objective = self.objective(level);
        objective.gradient(self.variables(at), self.wants(wrt), token)
    }

    /// The value of an objective over numbers with room for `SIZE` coefficients.
    fn value_with_room<const SIZE: usize>(
        &self,
        level: usize,
        at: &[Nilpotent],
        token: &WorkToken,
    ) -> Nilpotent {
        let at = resized::<SIZE>(at);
        let value = self.objective(level).value(self.variables(&at), token);
        value.resized()
    }

    /// Writes the gradient of an objective over numbers with room for `SIZE` coefficients.
    fn lifted_with_room<const SIZE: usize>(
        &self,
        level: usize,
        at: &[Nilpotent],
        wrt: Levels,
        out: &mut [Nilpotent],
        token: &WorkToken,
    ) {
        let found = self.gradient_over(level, &resized::<SIZE>(at), wrt, token);
        if wrt.contains(1) {
            out[0] = found.lambda.resized();
        }
        let start = out.len() - self.split.train.features;
        let (upper, theta) = out.split_at_mut(start);
        for (out, found) in upper[1..].iter_mut().zip(&found.poison) {
            *out = found.resized();
        }
        for (out, found) in theta.iter_mut().zip(&found.theta) {
            *out = found.resized();
        }
    }

    /// The mean square errors on the test rows: without noise, and with each of [`DEVIATIONS`], all from the same
    /// draws.
    fn test_errors(&self, theta: &[f64]) -> [f64; 4] {
        let test = &self.split.test;
        let residuals = test.residuals(&[], theta, &WorkToken::default());
        let mut sums = [0.0; 4];
        sums[0] = residuals.iter().map(|r| r * r).sum();
        let mut stream = ChaCha8Rng::seed_from_u64(self.noise_seed);
        // a sum of independent normal numbers times θ is one normal number times ‖θ‖
        let length = theta.iter().map(|theta| theta * theta).sum::<f64>().sqrt();
        for _ in 0..self.draws {
            for residual in &residuals {
                let chance: f64 = StandardNormal.sample(&mut stream);
                for (sum, deviation) in sums[1..].iter_mut().zip(DEVIATIONS) {
                    *sum += (residual - deviation * length * chance).powi(2);
                }
            }
        }
        let count = test.len() as f64;
        let noisy = count * self.draws as f64;
        [
            sums[0] / count,
            sums[1] / noisy,
            sums[2] / noisy,
            sums[3] / noisy,
        ]
    }
}

fn resized<const SIZE: usize>(at: &[Nilpotent]) -> Vec<Polynomial<SIZE>> {
    at.iter().map(Nilpotent::resized).collect()
}

fn generators(at: &[Nilpotent]) -> usize {
    at.iter().map(Nilpotent::generators).max().unwrap_or(0)
}

fn metadata(train: &RegressionRows, has_adversary: bool) -> Metadata {
    let features = train.features;
    let mut blocks = vec![vec![0.0], vec![0.0; features]];
    let mut formulas = vec!["$\\min_λ\\; \\mean_{val}\\, (y - x·θ)^2$".to_owned()];
    let mut symbols = vec!["λ", "θ"];
    if has_adversary {
        blocks.insert(1, vec![0.0; train.x.len()]);
        symbols.insert(1, "P");
        formulas.push("$\\max_P\\; \\mean\\, (y - (x + p)·θ)^2 - c/(nd)\\, ‖P‖^2$".to_owned());
        formulas.push("$\\min_θ\\; \\mean\\, (y - (x + p)·θ)^2 + e^λ/d\\, Σ s(θ_i)$".to_owned());
    } else {
        formulas.push("$θ ∈ \\argmin\\; \\mean\\, (y - x·θ)^2 + e^λ/d\\, Σ s(θ_i)$".to_owned());
    }
    let start = Point::from_blocks(&blocks);
    let last = blocks.len();
    // of the features of diabetes, the third is the most informative
    let index = features.min(3) - 1;
    Metadata {
        formulas,
        symbols,
        names: Vec::new(),
        bounds: Bounds::none(start.shape()),
        planes: vec![Plane {
            horizontal: Coordinate { level: 1, index: 0 },
            vertical: Coordinate { level: last, index },
            range: [[-4.0, 3.0], [-0.5, 1.0]],
            marks: Vec::new(),
        }],
        start,
        minima: Vec::new(),
        doubt: None,
        lower_level: LowerLevel {
            curvature: Curvature::StronglyConvex,
            steepest: None,
            note: Cow::Borrowed(
                "The regression is convex, and strongly where there are more training rows than linearly independent \
                   features.",
            ),
        },
        metrics: METRICS.to_vec(),
        highest_order: MAX_GENERATORS,
    }
}

impl Problem for RobustRegression {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        let at = self.variables(at.values());
        self.objective(level).value(at, token)
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        let found = self.gradient_over(level, at.values(), wrt, token);
        if wrt.contains(1) {
            out[1][0] = found.lambda;
        }
        if self.has_adversary && wrt.contains(2) {
            out[2].copy_from_slice(&found.poison);
        }
        if wrt.contains(self.last()) {
            out[self.last()].copy_from_slice(&found.theta);
        }
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
        let shape = self.metadata.shape();
        let mut lifted: Vec<Polynomial<2>> = at.values().iter().map(|&v| v.into()).collect();
        for (number, &component) in lifted[shape.range(along)].iter_mut().zip(direction) {
            number.set(1, component);
        }
        let found = self.gradient_over(level, &lifted, Levels::only(wrt), token);
        let own = [found.lambda];
        let block = match wrt {
            1 => &own[..],
            2 if self.has_adversary => &found.poison,
            _ => &found.theta,
        };
        for (out, found) in out.iter_mut().zip(block) {
            *out = found.coefficient(1);
        }
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        match generators(at) {
            0 | 1 => self.value_with_room::<2>(level, at, token),
            2 => self.value_with_room::<4>(level, at, token),
            3 => self.value_with_room::<8>(level, at, token),
            _ => self.value_with_room::<{ 1 << MAX_GENERATORS }>(level, at, token),
        }
    }

    fn lifts_gradients(&self) -> bool {
        true
    }

    fn lifted_gradient(
        &self,
        level: usize,
        at: &[Nilpotent],
        wrt: Levels,
        out: &mut [Nilpotent],
        token: &WorkToken,
    ) {
        match generators(at) {
            0 | 1 => self.lifted_with_room::<2>(level, at, wrt, out, token),
            2 => self.lifted_with_room::<4>(level, at, wrt, out, token),
            3 => self.lifted_with_room::<8>(level, at, wrt, out, token),
            _ => self.lifted_with_room::<{ 1 << MAX_GENERATORS }>(level, at, wrt, out, token),
        }
    }

    fn known_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let upper = self.variables(at.values());
        let token = WorkToken::default();
        let theta = fitted(&self.split.train, upper.lambda, upper.poison, &token)?;
        let at = Variables {
            theta: &theta,
            ..upper
        };
        Some(LowerSolution {
            value: self.objective(self.last()).value(at, &token),
            argmin: theta,
            is_unique: true,
        })
    }

    fn known_answers(&self, at: &Point) -> Option<Point> {
        if !self.has_adversary {
            return None;
        }
        let token = WorkToken::default();
        let [poison, theta] = attacked(&self.split.train, at[1][0], self.price, &token)?;
        let mut answered = at.clone();
        answered[2].copy_from_slice(&poison);
        answered[3].copy_from_slice(&theta);
        Some(answered)
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        let validation = self.value(1, at, token);
        let mut metrics = vec![validation];
        metrics.extend(self.test_errors(&at[self.last()]));
        metrics
    }

    fn fault(&self) -> Option<&ConfigError> {
        self.split.fault.as_ref()
    }

    fn data_summary(&self) -> Option<String> {
        Some(self.split.summary.clone())
    }
}
