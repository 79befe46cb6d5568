//! The planting of an end: its point, the run before it, and the admissible verdicts.

use bilevel::numerics::Point;

use super::curve::Sort;
use super::dice::Dice;
use super::truth::{Astray, Spot, Truth};

/// The length of a step of a run that oscillates around a point, in widths.
const HOVER: f64 = 2e-4;
/// The number of iterates that a run remembers.
const RECENT: usize = 50;

/// An admissible verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The verdict is admissible in any case.
    Word(&'static str),
    /// The verdict is admissible only with an incomplete search.
    Incomplete(&'static str),
}

/// A planted end.
#[derive(Clone, Debug)]
pub(crate) struct Planted {
    pub(crate) kind: &'static str,
    pub(crate) point: Point,
    pub(crate) direction: Vec<f64>,
    pub(crate) stride: f64,
    /// The leader's last iterates, oldest first.
    pub(crate) recent: Vec<f64>,
    pub(crate) fits: Vec<Fit>,
    /// True if the run is at rest.
    pub(crate) rests: bool,
    /// A description of the true state.
    pub(crate) truth: String,
}

/// The last movement of a run.
pub(crate) enum Way {
    /// A zero direction, with the same point for many iterations.
    Still,
    /// A direction, and the length of a step along it in widths, with the same point for many iterations.
    Pinned(Vec<f64>, f64),
    /// A direction, and the length in widths of the steps that the run takes along it.
    Going(Vec<f64>, f64),
    /// A direction, and the two points between which the run alternates.
    Hovering(Vec<f64>, [Vec<f64>; 2]),
}

/// A builder of planted ends.
pub(crate) struct Planting<'a> {
    pub(crate) truth: &'a Truth,
    pub(crate) dice: &'a mut Dice,
    pub(crate) ends: Vec<Planted>,
}

impl Planting<'_> {
    /// Plants an end at x, with at most one lower level away from its solution.
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
        // the stride of a step with this length in widths
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

    /// A point at this distance in widths, in the box and on the given side of a jump.
    pub(crate) fn beside(&mut self, spot: &Spot, distance: f64, upper: bool) -> Vec<f64> {
        let truth = self.truth;
        let jump = spot.features.iter().position(|one| one.sort == Sort::Jump);
        if let Some(place) = jump {
            // straight away from the jump, to the requested side
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
