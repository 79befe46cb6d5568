//! Functions of one variable with known minima and maxima.
//!
//! ```text
//! w(u) = scale · p(m(u)) + bend · max(u − b, 0) + step · σ(u),   p' = ∏ (u − root)
//! ```
//!
//! m is u itself, or |u − r| (a kink), or u with an interval around a root collapsed (a plateau). σ is the sign of ∏ (u
//! − place), which jumps.

use bilevel::numerics::Scalar;

/// The smallest distance of two breaks; curves with closer ones are drawn again.
pub(crate) const APART: f64 = 0.2;

/// A function of one variable.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    /// The factor of p.
    pub(crate) scale: f64,
    /// The zeros of p', in ascending order.
    pub(crate) roots: Vec<f64>,
    /// The coefficients of p, lowest power first.
    pub(crate) coefficients: Vec<f64>,
    /// The r in |u − r|.
    pub(crate) fold: Option<f64>,
    /// The root of a plateau, and half of the plateau's width.
    pub(crate) flat: Option<[f64; 2]>,
    /// The position and the slope of a bend; p has one root then.
    pub(crate) bend: Option<[f64; 2]>,
    /// The jumps, if any.
    pub(crate) step: Option<Step>,
}

/// The jumps of a curve: their height, the sign on the far right, and the sign changes of σ.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) height: f64,
    pub(crate) sign: f64,
    pub(crate) places: Vec<f64>,
}

/// The kind of a feature by its neighborhood: minimum, maximum or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    Bottom,
    Top,
    /// A zero slope with the same sign on both sides.
    Pass,
}

/// The cause of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Smooth,
    Kink,
    Jump,
    Edge,
}

/// A feature of a curve: a minimum, a maximum or an inflection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feature {
    pub(crate) at: f64,
    /// The right end: greater than `at` for plateaus.
    pub(crate) until: f64,
    pub(crate) nature: Nature,
    pub(crate) sort: Sort,
    pub(crate) value: f64,
    /// The side of a jump with the lower value: −1 or 1; 0 without a jump.
    pub(crate) side: f64,
}

impl Curve {
    /// A curve with the polynomial p of these roots.
    pub(crate) fn new(roots: Vec<f64>) -> Self {
        let mut slope = vec![1.0];
        for root in &roots {
            let mut longer = vec![0.0; slope.len() + 1];
            for (power, coefficient) in slope.iter().enumerate() {
                longer[power + 1] += coefficient;
                longer[power] -= root * coefficient;
            }
            slope = longer;
        }
        let mut coefficients = vec![0.0];
        let powers = slope.iter().enumerate();
        coefficients.extend(powers.map(|(power, one)| one / (power + 1) as f64));
        Self {
            scale: 1.0,
            roots,
            coefficients,
            fold: None,
            flat: None,
            bend: None,
            step: None,
        }
    }

    /// The value of w without its steps, which the leader receives through the lower-level solutions.
    pub(crate) fn smooth<S: Scalar>(&self, u: S) -> S {
        let moved = if let Some(fold) = self.fold {
            if u.real() < fold {
                -(u - fold)
            } else {
                u - fold
            }
        } else if let Some([root, half]) = self.flat {
            if u.real() < root - half {
                u + half
            } else if u.real() > root + half {
                u - half
            } else {
                S::from(root)
            }
        } else {
            u
        };
        let mut value = S::from(0.0);
        for coefficient in self.coefficients.iter().rev() {
            value = value * moved + *coefficient;
        }
        value * self.scale
    }

    /// The value of w.
    pub(crate) fn value(&self, u: f64) -> f64 {
        let bend = self
            .bend
            .map_or(0.0, |[place, slope]| slope * (u - place).max(0.0));
        let step = self
            .step
            .as_ref()
            .map_or(0.0, |step| step.height * step.sigma(u));
        self.smooth(u) + bend + step
    }

    /// The derivative of w, from the right if it has none.
    pub(crate) fn slope(&self, u: f64) -> f64 {
        let product = |u: f64| self.roots.iter().map(|root| u - root).product::<f64>();
        let own = if let Some(fold) = self.fold {
            let sign = if u < fold { -1.0 } else { 1.0 };
            sign * product((u - fold).abs())
        } else if let Some([root, half]) = self.flat {
            if u < root - half {
                product(u + half)
            } else if u > root + half {
                product(u - half)
            } else {
                0.0
            }
        } else {
            product(u)
        };
        let bend = self
            .bend
            .map_or(0.0, |[place, slope]| if u < place { 0.0 } else { slope });
        self.scale * own + bend
    }

    /// All intervals at which the slope may change its sign: start, end and cause.
    fn breaks(&self) -> Vec<(f64, f64, Sort)> {
        let mut found = Vec::new();
        let smooth = |at: f64| (at, at, Sort::Smooth);
        if let Some(fold) = self.fold {
            found.push((fold, fold, Sort::Kink));
            for root in self.roots.iter().filter(|root| **root > 0.0) {
                found.extend([smooth(fold - root), smooth(fold + root)]);
            }
        } else if let Some([flat, half]) = self.flat {
            for root in &self.roots {
                found.push(if root == &flat {
                    (flat - half, flat + half, Sort::Smooth)
                } else {
                    smooth(root + half * (root - flat).signum())
                });
            }
        } else if let Some([place, slope]) = self.bend {
            found.push((place, place, Sort::Kink));
            let root = self.roots[0];
            let moved = root - slope / self.scale;
            found.extend((root < place).then(|| smooth(root)));
            found.extend((moved > place).then(|| smooth(moved)));
        } else {
            found.extend(self.roots.iter().map(|root| smooth(*root)));
        }
        let jumps = self.step.iter().flat_map(|step| &step.places);
        found.extend(jumps.map(|place| (*place, *place, Sort::Jump)));
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.dedup_by(|a, b| a.2 == Sort::Smooth && b.2 == Sort::Smooth && a.0 == b.0);
        found
    }

    /// The intervals of all breaks.
    pub(crate) fn places(&self) -> Vec<[f64; 2]> {
        self.breaks().iter().map(|one| [one.0, one.1]).collect()
    }

    /// The distance to the nearest break; 0 on a plateau.
    pub(crate) fn clearance(&self, u: f64) -> f64 {
        let places = self.places();
        let distances = places
            .iter()
            .map(|[from, to]| (from - u).max(u - to).max(0.0));
        distances.fold(f64::INFINITY, f64::min)
    }

    /// True if all breaks and edges are at least [`APART`] from each other.
    pub(crate) fn is_clear(&self, limits: [f64; 2]) -> bool {
        let places = self.places();
        let pairs = places
            .windows(2)
            .all(|pair| pair[1][0] - pair[0][1] >= APART);
        pairs
            && limits
                .iter()
                .all(|&edge| !edge.is_finite() || self.clearance(edge) >= APART)
    }

    /// All minima, maxima and inflections within limits.
    pub(crate) fn features(&self, limits: [f64; 2]) -> Vec<Feature> {
        let inside = |one: &(f64, f64, Sort)| limits[0] < one.1 && one.0 < limits[1];
        let breaks: Vec<_> = self.breaks().into_iter().filter(inside).collect();
        // the slope has one sign between two breaks
        let mut signs = Vec::new();
        for place in 0..=breaks.len() {
            let from = place
                .checked_sub(1)
                .map_or(limits[0], |before| breaks[before].1);
            let to = breaks.get(place).map_or(limits[1], |next| next.0);
            let middle = match (from.is_finite(), to.is_finite()) {
                (true, true) => 0.5 * (from + to),
                (true, false) => from + 1.0,
                (false, true) => to - 1.0,
                (false, false) => 0.0,
            };
            signs.push(self.slope(middle).signum());
        }
        let mut found = Vec::new();
        let feature = |at: f64, until: f64, nature, sort| Feature {
            at,
            until,
            nature,
            sort,
            value: self.value(0.5 * (at + until)),
            side: 0.0,
        };
        let edges = [(limits[0], signs[0]), (limits[1], -signs[breaks.len()])];
        for (edge, inward) in edges.into_iter().filter(|(edge, _)| edge.is_finite()) {
            let nature = if inward > 0.0 {
                Nature::Bottom
            } else {
                Nature::Top
            };
            found.push(feature(edge, edge, nature, Sort::Edge));
        }
        for (place, (at, until, sort)) in breaks.into_iter().enumerate() {
            let (left, right) = (signs[place], signs[place + 1]);
            if sort == Sort::Jump {
                found.extend(self.at_jump(at, [left, right]));
                continue;
            }
            let nature = match (left < 0.0, right < 0.0) {
                (true, false) => Nature::Bottom,
                (false, true) => Nature::Top,
                // a kink without a change of sign is no feature
                _ if sort == Sort::Kink => continue,
                _ => Nature::Pass,
            };
            found.push(feature(
                at.max(limits[0]),
                until.min(limits[1]),
                nature,
                sort,
            ));
        }
        found.sort_by(|a, b| a.at.total_cmp(&b.at));
        found
    }

    /// The feature at a jump that is a minimum: the curve decreases towards it on its lower side, and the leader may
    /// choose the lower value.
    fn at_jump(&self, at: f64, [left, right]: [f64; 2]) -> Option<Feature> {
        let step = self.step.as_ref()?;
        let before = step.height * step.sigma(at - 0.5 * APART);
        let after = step.height * step.sigma(at + 0.5 * APART);
        let (side, falls) = if before < after {
            (-1.0, left < 0.0)
        } else {
            (1.0, right > 0.0)
        };
        let bend = self
            .bend
            .map_or(0.0, |[place, slope]| slope * (at - place).max(0.0));
        falls.then(|| Feature {
            at,
            until: at,
            nature: Nature::Bottom,
            sort: Sort::Jump,
            value: self.smooth(at) + bend + before.min(after),
            side,
        })
    }
}

impl Step {
    /// The sign σ of the step at u.
    pub(crate) fn sigma(&self, u: f64) -> f64 {
        let signs = self
            .places
            .iter()
            .map(|place| if u < *place { -1.0 } else { 1.0 });
        self.sign * signs.product::<f64>()
    }
}
