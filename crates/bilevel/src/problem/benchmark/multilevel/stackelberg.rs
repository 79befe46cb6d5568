//! Generalized Stackelberg game: players choose quantities in turn, each knowing the earlier choices and anticipating
//! the later ones.
//!
//! ```text
//! linear:       f_k = −x_k (10 − Σᵢ xᵢ − 2)
//! exponential:  f_k = −x_k (10 exp(−Σᵢ xᵢ / 4) − 1)
//! ```
//!
//! Source: sequential Cournot competition; as a benchmark for n levels after Gu, Chen 2024 (arXiv 2410.11312), whose
//! constants could not be read: these are our own.
//!
//! Derived for this app. Linear: `x_k* = (8 − Σ_{j<k} x_j) / 2`, so the optimum is `x_k = 8 / 2^k`. Exponential: let Q
//! be the total of all quantities and `S_k(Q)` that of the players before k when all others answer to it, w = 4 − 0.4
//! exp(Q/4). Each player's condition of first order is `x_k = w S_{k+1}'(Q)`, so
//!
//! ```text
//! S_{n+1} = Q,   S_k = S_{k+1} − w S_{k+1}'
//! or, with S_k = Q − p_k(w):   p_{n+1} = 0,   p_k = p_{k+1} + w − w (w − 4)/4 · p_{k+1}'
//! ```
//!
//! Each `S_k` rises with Q, so there is one answer to every `x_1`, where `S_2(Q) = x_1`, and one optimum, where
//! `S_1(Q) = 0`.

use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, MAX_GENERATORS, Point, Scalar, Shape};
use crate::problem::{
    Class, Coordinate, Curvature, DefaultValue, Differentiated, FormulaText, Key, LowerLevel,
    LowerSolution, Metadata, Metric, Minimum, Objectives, Parameter, ParameterChoice,
    ParameterKind, Plane, ProblemInfo, Site, Word,
};

const PLAYERS: Key<usize> = Key::new("players");
const DEMAND: Key<Word> = Key::new("demand");

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("x", "-x*price"), ("y", "-y*price"), ("z", "-z*price")],
    constants: &[("margin", 8.0, [1.0, 20.0])],
    definitions: &[("price", "margin - (x + y + z)")],
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "stackelberg",
    name: "Stackelberg game",
    class: Class::Levels,
    summary: "Players choose quantities in turn; each observes those before it and anticipates those after it. The \
              first mover earns most.",
    source: "Sequential Cournot competition; after Gu, Chen 2024 (arXiv 2410.11312)",
    references: &[],
    look_for: "There is one optimum and no other minimum. ITD and finite differences converge to the optimum of their \
               truncated objective, beside the true one, the nearer the larger $T$.",
    parameters: &[
        Parameter {
            name: PLAYERS.name(),
            label: "players",
            symbol: "n",
            kind: ParameterKind::Integer {
                min: 2,
                max: MAX_GENERATORS as u32,
                slider: [2.0, MAX_GENERATORS as f64],
                per_level: false,
            },
            default: DefaultValue::Number(3.0),
            meaning: "Number of players, one per level.",
        },
        Parameter {
            name: DEMAND.name(),
            label: "demand",
            symbol: "P",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "linear",
                    label: "",
                    meaning: "the price falls by 1 for each unit sold: every objective is quadratic",
                },
                ParameterChoice {
                    name: "exponential",
                    label: "",
                    meaning: "the price decays with the quantity: derivatives of every order matter",
                },
            ]),
            default: DefaultValue::Choice("linear"),
            meaning: "Price as a function of the quantity sold.",
        },
    ],
    text: Some(&TEXT),
    build: |settings| {
        Arc::new(Differentiated::new(Stackelberg::new(
            settings.get(PLAYERS),
            settings.is(DEMAND, "linear"),
        )))
    },
};

const SYMBOLS: [&str; MAX_GENERATORS] = ["x_1", "x_2", "x_3", "x_4", "x_5", "x_6"];
/// The linear price at quantity 0, less the cost of a unit.
const MARGIN: f64 = 8.0;

#[derive(Debug)]
struct Stackelberg {
    players: usize,
    is_linear: bool,
    /// The coefficients of `p_1 … p_{n+1}`, from the constant on.
    polynomials: Vec<Vec<f64>>,
    /// All quantities at the optimum.
    optimum: Vec<f64>,
}

impl Stackelberg {
    /// Computes the polynomials and the optimum once, for all rows and answers.
    fn new(players: usize, is_linear: bool) -> Self {
        let mut game = Self {
            players,
            is_linear,
            polynomials: polynomials(players),
            optimum: Vec::new(),
        };
        game.optimum = game.answers(0.0, 1);
        game
    }

    /// The quantities of player `first` and later ones if the players before have chosen `before` in total.
    fn answers(&self, before: f64, first: usize) -> Vec<f64> {
        if self.is_linear {
            let mut left = MARGIN - before;
            let halve = |_| {
                left /= 2.0;
                left
            };
            return (first..=self.players).map(halve).collect();
        }
        let polynomials = &self.polynomials;
        let total = total(&polynomials[first - 1], before);
        let w = margin(total);
        (first..=self.players)
            .map(|k| value_of(&polynomials[k - 1], w) - value_of(&polynomials[k], w))
            .collect()
    }

    /// The price at a total quantity, less the cost of a unit.
    fn price<S: Scalar>(&self, total: S) -> S {
        if self.is_linear {
            -total + MARGIN
        } else {
            (total * -0.25).exp() * 10.0 - 1.0
        }
    }
}

/// Returns the coefficients of `p_1 … p_{n+1}`, from the constant on.
fn polynomials(players: usize) -> Vec<Vec<f64>> {
    let mut all = vec![vec![0.0]];
    for _ in 0..players {
        let last = &all[all.len() - 1];
        let mut next = vec![0.0; last.len() + 1];
        next[..last.len()].copy_from_slice(last);
        next[1] += 1.0;
        // w (4 − w)/4 · p' takes the term c wⁱ to i c (wⁱ − wⁱ⁺¹/4)
        for (i, c) in last.iter().enumerate().skip(1) {
            next[i] += i as f64 * c;
            next[i + 1] -= i as f64 * c / 4.0;
        }
        all.push(next);
    }
    all.reverse();
    all
}

fn margin(total: f64) -> f64 {
    4.0 - 0.4 * (total / 4.0).exp()
}

fn value_of(polynomial: &[f64], w: f64) -> f64 {
    polynomial.iter().rev().fold(0.0, |sum, c| sum * w + c)
}

fn slope_of(polynomial: &[f64], w: f64) -> f64 {
    let terms = polynomial.iter().enumerate().skip(1).rev();
    terms.fold(0.0, |sum, (i, c)| sum * w + i as f64 * c)
}

/// The total Q with Q − p(w(Q)) = `before`, by bisection and one Newton step.
fn total(polynomial: &[f64], before: f64) -> f64 {
    let rest = |total: f64| total - value_of(polynomial, margin(total)) - before;
    let (mut low, mut high) = (before.min(0.0) - 1.0, before.max(0.0) + 10.0);
    while rest(low) > 0.0 {
        low -= high - low;
    }
    while rest(high) < 0.0 {
        high += high - low;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if rest(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let middle = 0.5 * (low + high);
    let w = margin(middle);
    middle - rest(middle) / (1.0 - slope_of(polynomial, w) * (w - 4.0) / 4.0)
}

impl Objectives for Stackelberg {
    fn metadata(&self) -> Metadata {
        let n = self.players;
        let shape = Shape::new(&vec![1; n]);
        let price = if self.is_linear {
            "(10 − Σ_i x_i − 2)"
        } else {
            "(10 \\exp(−¼ Σ_i x_i) − 1)"
        };
        let formula = |k: usize| {
            if k == 1 {
                format!("$\\min\\; −x_1 {price}$")
            } else {
                format!("$x_{k} ∈ \\argmin\\; −x_{k} {price}$")
            }
        };
        let total: f64 = self.optimum.iter().sum();
        let loss = -self.optimum[0] * self.price(total);
        let plane = |vertical: usize| Plane {
            horizontal: Coordinate { level: 1, index: 0 },
            vertical: Coordinate {
                level: vertical,
                index: 0,
            },
            range: [[-1.0, 9.0], [-1.0, 5.0]],
            marks: Vec::new(),
        };
        Metadata {
            formulas: (1..=n).map(formula).collect(),
            symbols: SYMBOLS[..n].to_vec(),
            names: Vec::new(),
            bounds: Bounds::none(shape),
            start: Point::from_blocks(&vec![vec![1.0]; n]),
            planes: (2..=n).map(plane).collect(),
            minima: vec![Minimum {
                is_global: true,
                site: Site::Interior,
                blocks: self.optimum.iter().map(|&x| Some(vec![x])).collect(),
                value: loss,
                reason: if self.is_linear {
                    "each player takes half of what those before it have left of 8"
                } else {
                    "the only zero of $S_1(Q)$, the total quantity before the leader's move"
                },
            }],
            doubt: None,
            lower_level: LowerLevel {
                curvature: if self.is_linear {
                    Curvature::StronglyConvex
                } else {
                    Curvature::Unimodal
                },
                steepest: self.is_linear.then_some(2.0),
                note: if self.is_linear {
                    "Every player's loss is a parabola, the flatter the earlier it moves: $H_k = 2 / 2^{n−k}$."
                } else {
                    "Every player has one best response, but its loss is not convex far from it: too long a step ends \
                     in the flat tail."
                }
                .into(),
            },
            metrics: vec![Metric {
                name: "mse",
                meaning: "the mean square of the distance from the optimum, over the players",
                suits_logarithm: true,
            }],
            highest_order: MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let total = S::sum(at.values().iter().copied());
        -at[level][0] * self.price(total)
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        let total: f64 = at.values().iter().sum();
        let price = self.price(total);
        let fall = if self.is_linear {
            1.0
        } else {
            0.25 * (price + 1.0)
        };
        for player in (1..=self.players).filter(|&player| wrt.contains(player)) {
            let own = if player == level { price } else { 0.0 };
            out[player][0] = at[level][0] * fall - own;
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let before: f64 = at.values()[..self.players - 1].iter().sum();
        let argmin = self.answers(before, self.players);
        let value = -argmin[0] * self.price(before + argmin[0]);
        Some(LowerSolution {
            argmin,
            value,
            is_unique: true,
        })
    }

    fn closed_answers(&self, at: &Point) -> Option<Point> {
        let mut answered = at.clone();
        let answers = self.answers(at[1][0], 2);
        answered.values_mut()[1..].copy_from_slice(&answers);
        Some(answered)
    }

    /// The mean square of the distance from the optimum, over the players.
    fn metrics(&self, at: &Point) -> Vec<f64> {
        let squares = at
            .values()
            .iter()
            .zip(&self.optimum)
            .map(|(x, best)| (x - best).powi(2));
        vec![squares.sum::<f64>() / self.players as f64]
    }
}
