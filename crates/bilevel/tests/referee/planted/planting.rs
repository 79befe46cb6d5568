//! How an end is planted: the point, the way to it, and the words that fit.

use bilevel::numerics::Point;

use super::curve::Sort;
use super::dice::Dice;
use super::truth::{Astray, Spot, Truth};

/// How far a step goes that hovers around a place, in widths.
const HOVER: f64 = 2e-4;
/// How many iterates a run remembers.
const RECENT: usize = 50;

/// A word that may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Whatever was searched.
    Word(&'static str),
    /// Only where it is said that the search was not complete.
    Incomplete(&'static str),
}

/// An end.
#[derive(Clone, Debug)]
pub(crate) struct Planted {
    pub(crate) kind: &'static str,
    pub(crate) point: Point,
    pub(crate) direction: Vec<f64>,
    pub(crate) stride: f64,
    /// The leader's last blocks, oldest first.
    pub(crate) recent: Vec<f64>,
    pub(crate) fits: Vec<Fit>,
    /// Whether the run rests there.
    pub(crate) rests: bool,
    /// What is true of it, in words.
    pub(crate) truth: String,
}

/// How a run came to an end.
pub(crate) enum Way {
    /// Its direction is zero, and it has been there for long.
    Still,
    /// Its direction is this, which a step follows so many widths far, but it has been there for long.
    Pinned(Vec<f64>, f64),
    /// It goes along this, so many widths in an iteration.
    Going(Vec<f64>, f64),
    /// Its direction is this, and it goes to and fro between two places.
    Hovering(Vec<f64>, [Vec<f64>; 2]),
}

/// Ends in the making.
pub(crate) struct Planting<'a> {
    pub(crate) truth: &'a Truth,
    pub(crate) dice: &'a mut Dice,
    pub(crate) ends: Vec<Planted>,
}

impl Planting<'_> {
    /// Plants an end at x, where a level may have gone astray.
    pub(crate) fn add(
        &mut self,
        kind: &'static str,
        place: (&[f64], Option<(usize, Astray)>),
        way: Way,
        fits: &[Fit],
        note: &str,
    ) {
        let truth = self.truth;
        let (x, astray) = place;
        let point = truth.answered(x, astray);
        let size = x.len();
        let zero = vec![0.0; size];
        // how long a step is that goes so many widths far
        let stride = |direction: &[f64], step: f64| {
            let pairs = direction.iter().zip(&truth.widths);
            let longest = pairs
                .map(|(d, width)| (d / width).abs())
                .fold(0.0, f64::max);
            if longest > 0.0 { step / longest } else { 1.0 }
        };
        let (direction, stride, recent, rests) = match way {
            Way::Still => (zero, 1.0, x.repeat(RECENT), true),
            Way::Pinned(direction, step) => {
                let stride = stride(&direction, step);
                (direction, stride, x.repeat(RECENT), true)
            }
            Way::Going(direction, step) => {
                let stride = stride(&direction, step);
                let mut recent = Vec::new();
                for back in (0..RECENT).rev() {
                    let mut block: Vec<f64> = (x.iter().zip(&direction))
                        .map(|(x, d)| x + back as f64 * stride * d)
                        .collect();
                    truth.bounds.project(1, &mut block);
                    recent.extend(block);
                }
                (direction, stride, recent, false)
            }
            Way::Hovering(direction, sides) => {
                let mut recent = Vec::new();
                for back in 1..RECENT {
                    recent.extend(&sides[back % 2]);
                }
                recent.extend(x);
                let stride = stride(&direction, HOVER);
                (direction, stride, recent, true)
            }
        };
        let mut fits = fits.to_vec();
        fits.push(Fit::Word("unknown"));
        let (gap, level) = truth.largest_gap(&point);
        let phi = truth.phi(x);
        self.ends.push(Planted {
            kind,
            truth: format!(
                "s = {:?}, phi = {phi} ({:.3e} of the span above the optimum), slope {:.3e}, gap {gap:.3e} at level {level}; {note}",
                &truth.coordinates(x)[..size],
                (phi - truth.optimum) / truth.span,
                truth.steepness(x, &truth.slope(x)),
            ),
            point,
            direction,
            stride,
            recent,
            fits,
            rests,
        });
    }

    /// A place so many widths away, in the box and on the given side of a jump.
    pub(crate) fn beside(&mut self, spot: &Spot, distance: f64, upper: bool) -> Vec<f64> {
        let truth = self.truth;
        let jump = spot.features.iter().position(|one| one.sort == Sort::Jump);
        if let Some(place) = jump {
            // straight away from the jump, to the side that is asked for
            let mut s = truth.coordinates(&spot.x);
            let side = spot.features[place].side * if upper { -1.0 } else { 1.0 };
            let (from, unit) = (spot.x.clone(), 1e-3);
            s[place] += side * unit;
            let to = truth.placed(s);
            let length = (from.iter().zip(&to).zip(&truth.widths))
                .map(|((from, to), width)| ((from - to) / width).powi(2))
                .sum::<f64>()
                .sqrt();
            s[place] += side * unit * (distance / length - 1.0);
            return truth.placed(s);
        }
        let away = self.dice.direction(spot.x.len());
        let mut x: Vec<f64> = (spot.x.iter().zip(&away).zip(&truth.widths))
            .map(|((x, away), width)| x + distance * away * width)
            .collect();
        truth.bounds.project(1, &mut x);
        x
    }
}
