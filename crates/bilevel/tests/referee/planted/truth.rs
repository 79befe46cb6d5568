//! The known properties of a chain: φ, its gradient, its minima and all other stationary points, and each level's gap.

use bilevel::numerics::{Bounds, Point};

use super::chain::{Answer, Chain, Level, MOST, Tilt};
use super::curve::{Feature, Nature, Sort};
use super::dice::Dice;

/// An error of a level, which replaces its solution.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Astray {
    /// An index of d, and the amount added to that entry.
    Beside(usize, f64),
    /// The other well.
    OtherWell,
}

/// A stationary point of φ, or a point at an edge, a kink or a jump.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// One feature for each of the leader's coordinates.
    pub(crate) features: Vec<Feature>,
    pub(crate) x: Vec<f64>,
    pub(crate) value: f64,
}

impl Spot {
    /// True if the point is a minimum: the coordinates of the leader are separable.
    pub(crate) fn is_minimum(&self) -> bool {
        self.features.iter().all(|one| one.nature == Nature::Bottom)
    }

    /// True if any coordinate has this cause.
    pub(crate) fn has(&self, sort: Sort) -> bool {
        self.features.iter().any(|one| one.sort == sort)
    }

    /// True if any coordinate is on a plateau.
    pub(crate) fn is_flat(&self) -> bool {
        self.features.iter().any(|one| one.at < one.until)
    }
}

/// A chain with its known properties.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    pub(crate) chain: Chain,
    pub(crate) bounds: Bounds,
    /// All stationary points of φ, and all points at edges, kinks or jumps.
    pub(crate) spots: Vec<Spot>,
    pub(crate) optimum: f64,
    /// The least value among the minima in the picture.
    pub(crate) best_shown: f64,
    /// The largest less the least φ in the picture.
    pub(crate) span: f64,
    /// The picture's width in each of the leader's variables.
    pub(crate) widths: Vec<f64>,
}

impl Truth {
    /// The properties that do not depend on the pictures.
    pub(crate) fn unmeasured(chain: Chain, bounds: Bounds) -> Self {
        let leader = chain.leader.size();
        Self {
            bounds,
            spots: Vec::new(),
            optimum: 0.0,
            best_shown: 0.0,
            span: 0.0,
            widths: chain.shown[..leader].iter().map(|[a, b]| b - a).collect(),
            chain,
        }
    }

    /// All properties of a chain.
    pub(crate) fn new(chain: Chain, bounds: Bounds) -> Self {
        let mut truth = Self::unmeasured(chain, bounds);
        truth.spots = truth.all_spots();
        let minima = || truth.spots.iter().filter(|spot| spot.is_minimum());
        let least = |least: f64, spot: &Spot| least.min(spot.value);
        let optimum = minima().fold(f64::INFINITY, least);
        let best_shown = minima()
            .filter(|spot| truth.is_shown(&spot.x))
            .fold(f64::INFINITY, least);
        (truth.optimum, truth.best_shown) = (optimum, best_shown);
        truth.span = truth.measured_span();
        truth
    }

    fn all_spots(&self) -> Vec<Spot> {
        let chain = &self.chain;
        let mut products: Vec<Vec<Feature>> = vec![Vec::new()];
        for (curve, limits) in chain.curves.iter().zip(&chain.limits) {
            let features = curve.features(*limits);
            products = (products.iter())
                .flat_map(|product| {
                    features.iter().map(move |feature| {
                        let mut longer = product.clone();
                        longer.push(*feature);
                        longer
                    })
                })
                .collect();
        }
        let spot = |features: Vec<Feature>| {
            let mut s = [0.0; MOST];
            for (s, feature) in s.iter_mut().zip(&features) {
                *s = 0.5 * (feature.at + feature.until);
            }
            let total: f64 = features.iter().map(|feature| feature.value).sum();
            Spot {
                x: self.placed(s),
                value: chain.factor * (total + self.offset()) + chain.constant,
                features,
            }
        };
        products.into_iter().map(spot).collect()
    }

    /// Converts s to x.
    pub(crate) fn placed(&self, s: [f64; MOST]) -> Vec<f64> {
        let chain = &self.chain;
        let mut u = s;
        for place in 1..chain.shear.len() {
            u[place] = s[place] + chain.shear[place] * s[0] * s[0];
        }
        let mut x = chain.leader.outward(&u);
        // rounding must not push an edge out of the box
        self.bounds.project(1, &mut x);
        x
    }

    /// Converts x to s.
    pub(crate) fn coordinates(&self, x: &[f64]) -> [f64; MOST] {
        self.chain.unsheared(&self.chain.leader.inward(x))
    }

    /// The contribution to φ of wells that do not depend on x.
    fn offset(&self) -> f64 {
        let levels = self.chain.levels.iter().enumerate();
        let share = |(place, level): (usize, &Level)| match &level.answer {
            Answer::Wells {
                tilt: Tilt::Constant(_),
                ..
            } => level.favour * self.well(place + 2, 0.0),
            _ => 0.0,
        };
        levels.map(share).sum()
    }

    /// The better well of a level: 1 or −1. A tie is broken by the nearest level above with a preference, else by f₁.
    pub(crate) fn well(&self, level: usize, first: f64) -> f64 {
        let own = &self.chain.levels[level - 2];
        match &own.answer {
            Answer::Wells {
                tilt: Tilt::Switch { step, .. },
                ..
            } => step.sigma(first),
            Answer::Wells {
                tilt: Tilt::Constant(tilt),
                ..
            } if *tilt != 0.0 => tilt.signum(),
            _ => {
                let above = self.chain.levels[..level - 2].iter().rev();
                let likes = above.map(|one| one.likes).find(|likes| *likes != 0.0);
                -likes.unwrap_or(own.favour).signum()
            }
        }
    }

    /// The value of φ.
    pub(crate) fn phi(&self, x: &[f64]) -> f64 {
        let s = self.coordinates(x);
        let curves = self.chain.curves.iter().zip(s);
        let total: f64 = curves.map(|(curve, s)| curve.value(s)).sum();
        self.chain.factor * (total + self.offset()) + self.chain.constant
    }

    /// The gradient ∇φ, from the right at kinks.
    pub(crate) fn slope(&self, x: &[f64]) -> Vec<f64> {
        let chain = &self.chain;
        let u = chain.leader.inward(x);
        let s = chain.unsheared(&u);
        let mut slope: Vec<f64> = chain
            .curves
            .iter()
            .zip(s)
            .map(|(one, s)| one.slope(s))
            .collect();
        for place in 1..slope.len() {
            slope[0] -= 2.0 * chain.shear[place] * u[0] * slope[place];
        }
        let mut slope = chain.leader.covariant(&slope);
        for slope in &mut slope {
            *slope *= chain.factor;
        }
        slope
    }

    /// The length of a direction within the box, in units of span over width.
    pub(crate) fn steepness(&self, x: &[f64], direction: &[f64]) -> f64 {
        let scaled: Vec<f64> = direction
            .iter()
            .zip(&self.widths)
            .map(|(slope, width)| slope * width / self.span)
            .collect();
        self.bounds.free_length(1, x, &scaled)
    }

    /// The point with the solutions of all levels for x, except for one level with an error.
    pub(crate) fn answered(&self, x: &[f64], astray: Option<(usize, Astray)>) -> Point {
        let chain = &self.chain;
        let mut blocks = vec![chain.leader.inward(x)];
        let mut values = vec![x.to_vec()];
        for (place, level) in chain.levels.iter().enumerate() {
            let number = place + 2;
            let mut u = level.reached(&blocks);
            let mut well = self.well(number, blocks[0][0]);
            if matches!(astray, Some((level, Astray::OtherWell)) if level == number) {
                well = -well;
            }
            match &level.answer {
                Answer::Bowl { .. } => {}
                Answer::Wells { width, .. } => u[0] += well * width,
                Answer::Held => u[0] = u[0].max(0.0),
            }
            if let Some((level, Astray::Beside(index, amount))) = astray
                && level == number
            {
                u[index] += amount;
            }
            let mut x = level.frame.outward(&u);
            self.bounds.project(number, &mut x);
            blocks.push(level.frame.inward(&x));
            values.push(x);
        }
        Point::from_blocks(&values)
    }

    /// The value gap of a level, over the span of its objective in the range of its solutions.
    pub(crate) fn gap(&self, level: usize, at: &Point) -> f64 {
        let own = &self.chain.levels[level - 2];
        let blocks = self.chain.inward(at.blocks(), self.chain.levels.len() + 1);
        let tilt = own.tilt(blocks[0][0]);
        let objective = |d: &[f64; MOST]| own.objective(d, tilt);
        let d = self.chain.beside(level, &blocks);
        let mut best = [0.0; MOST];
        match &own.answer {
            Answer::Bowl { .. } => {}
            Answer::Wells { width, .. } => best[0] = self.well(level, blocks[0][0]) * width,
            Answer::Held => best[0] = (d[0] - blocks[level - 1][0]).max(0.0),
        }
        let shape = self.chain.shape();
        let shown = &self.chain.answers[shape.range(level)];
        let mut moved = at.clone();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut dice = Dice::new(7, level as u64);
        for number in 0..64 {
            let corner = |index: usize| f64::from((number >> index) & 1);
            for (index, [from, to]) in shown.iter().enumerate() {
                let share = if number < 8 {
                    corner(index)
                } else {
                    dice.unit()
                };
                moved[level][index] = from + (to - from) * share;
            }
            self.bounds.project(level, &mut moved[level]);
            let value = objective(
                &self
                    .chain
                    .beside(level, &self.chain.inward(moved.blocks(), level)),
            );
            (low, high) = (low.min(value), high.max(value));
        }
        (objective(&d) - objective(&best)) / (high - low)
    }

    /// The largest gap of all levels, with its level.
    pub(crate) fn largest_gap(&self, at: &Point) -> (f64, usize) {
        let levels = 2..=self.chain.levels.len() + 1;
        let gaps = levels.map(|level| (self.gap(level, at), level));
        gaps.max_by(|a, b| a.0.total_cmp(&b.0))
            .expect("there is a follower")
    }

    pub(crate) fn is_shown(&self, x: &[f64]) -> bool {
        let mut shown = x.iter().zip(&self.chain.shown);
        shown.all(|(x, [low, high])| low <= x && x <= high)
    }

    /// Draws an x in the picture.
    pub(crate) fn somewhere(&self, dice: &mut Dice) -> Vec<f64> {
        let shown = self.chain.shown[..self.chain.leader.size()].iter();
        shown.map(|[low, high]| dice.within(*low, *high)).collect()
    }

    fn measured_span(&self) -> f64 {
        let mut dice = Dice::new(11, 0);
        let values: Vec<f64> = (0..400)
            .map(|_| self.phi(&self.somewhere(&mut dice)))
            .collect();
        let low = values.iter().copied().fold(self.best_shown, f64::min);
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low
    }

    /// The distance to a spot in units of the picture; 0 along a plateau.
    pub(crate) fn distance(&self, x: &[f64], spot: &Spot) -> f64 {
        let mut s = self.coordinates(x);
        for (s, feature) in s.iter_mut().zip(&spot.features) {
            *s = s.clamp(feature.at, feature.until);
        }
        let nearest = self.placed(s);
        let square: f64 = (nearest.iter().zip(x).zip(&self.widths))
            .map(|((near, x), width)| ((near - x) / width).powi(2))
            .sum();
        square.sqrt()
    }

    /// Two comparisons with a best value: equal to it, and close enough to be accepted for it.
    pub(crate) fn is_best(&self, value: f64, of: f64) -> [bool; 2] {
        [
            value - of <= 1e-9 * self.span,
            value - of <= 1e-3 * self.span,
        ]
    }
}
