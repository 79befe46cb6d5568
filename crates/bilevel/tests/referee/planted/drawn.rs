//! Random curves, each with a box and a pictured range.

use super::curve::{APART, Curve, Feature, Nature, Step};
use super::dice::Dice;

/// A family of curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Bowl,
    TwoWells,
    ThreeWells,
    Twins,
    Quartic,
    Inflection,
    Plateau,
    Vee,
    Hat,
    Line,
}

/// A curve with its box and its pictured range.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) curve: Curve,
    pub(crate) limits: [f64; 2],
    pub(crate) shown: [f64; 2],
}

/// Draws curves until one has clear breaks; without a box if `open`.
pub(crate) fn draw(dice: &mut Dice, family: Family, special: Special, open: bool) -> Drawn {
    loop {
        if let Some(drawn) = attempt(dice, family, special, open) {
            return drawn;
        }
    }
}

/// The contribution of the lower levels to a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    None,
    Bend,
    Step,
}

fn attempt(dice: &mut Dice, family: Family, special: Special, open: bool) -> Option<Drawn> {
    let mut curve = curve(dice, family);
    // a line decreases towards an edge; otherwise it has no minimum
    let falls = (family == Family::Line).then_some(curve.scale);
    let limits = box_around(dice, &curve, open, falls)?;
    let shown = shown(dice, &curve, limits)?;
    let samples = (0..=64).map(|step| shown[0] + (shown[1] - shown[0]) * f64::from(step) / 64.0);
    let values: Vec<f64> = samples.map(|u| curve.value(u)).collect();
    let span = values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        - values.iter().copied().fold(f64::INFINITY, f64::min);
    curve.scale *= dice.within(0.5, 2.0) / span;
    match special {
        Special::Bend => {
            let place = curve.roots[0] + dice.within(-1.0, 1.0);
            let slope = dice.sign() * dice.within(0.3, 1.5) * curve.scale;
            curve.bend = Some([place, slope]);
        }
        Special::Step => curve.step = Some(step(dice, shown)),
        Special::None => {}
    }
    let all = curve.places();
    let is_inside = |place: &[f64; 2]| {
        (shown[0] + APART < place[0] || limits[0] >= place[0])
            && (place[1] < shown[1] - APART || limits[1] <= place[1])
    };
    let is_clear = curve.is_clear(limits) && all.iter().all(is_inside);
    is_clear.then_some(Drawn {
        curve,
        limits,
        shown,
    })
}

fn step(dice: &mut Dice, shown: [f64; 2]) -> Step {
    let inner = [shown[0] + 2.0 * APART, shown[1] - 2.0 * APART];
    let mut places = vec![dice.within(inner[0], inner[1])];
    if dice.chance(0.25) {
        places.push(dice.within(inner[0], inner[1]));
        places.sort_by(f64::total_cmp);
    }
    Step {
        height: dice.sign() * dice.within(0.2, 1.0),
        sign: dice.sign(),
        places,
    }
}

fn curve(dice: &mut Dice, family: Family) -> Curve {
    let first = dice.within(-1.5, 0.5);
    // ascending roots: `from` and this many more
    let rising = |dice: &mut Dice, from: f64, more: usize| {
        let mut roots = vec![from];
        for _ in 0..more {
            roots.push(roots[roots.len() - 1] + dice.within(0.6, 1.4));
        }
        roots
    };
    let apart = dice.within(0.6, 1.4);
    let mut curve = Curve::new(match family {
        Family::Bowl => vec![first],
        Family::TwoWells => rising(dice, first, 2),
        Family::Plateau => {
            let more = if dice.chance(0.5) { 0 } else { 2 };
            rising(dice, first, more)
        }
        Family::Twins => vec![first, first + apart, first + 2.0 * apart],
        Family::ThreeWells => rising(dice, first - 1.0, 4),
        Family::Quartic => vec![first; 3],
        Family::Inflection => vec![first, first, first + dice.sign() * apart],
        Family::Vee | Family::Line => Vec::new(),
        Family::Hat => vec![apart],
    });
    match family {
        Family::Plateau => {
            let place = 2 * dice.below(curve.roots.len().div_ceil(2));
            curve.flat = Some([curve.roots[place], dice.within(0.15, 0.6)]);
        }
        Family::Vee | Family::Hat => curve.fold = Some(first),
        Family::Line => curve.scale = dice.sign(),
        _ => {}
    }
    curve
}

impl Drawn {
    /// Moves the pictured range so that it hides the deepest valley, if that is the first or the last.
    pub(crate) fn hide(&mut self) {
        let bottoms: Vec<Feature> = (self.curve.features(self.limits).into_iter())
            .filter(|feature| feature.nature == Nature::Bottom)
            .collect();
        let deepest = bottoms.iter().min_by(|a, b| a.value.total_cmp(&b.value));
        let (Some(deepest), Some(last)) = (deepest, bottoms.last()) else {
            return;
        };
        let others = |shown: [f64; 2]| {
            bottoms
                .iter()
                .filter(|one| shown[0] < one.at && one.at < shown[1])
                .count()
        };
        let mut shown = self.shown;
        if deepest.at == last.at {
            shown[1] = deepest.at - 2.0 * APART;
        } else {
            shown[0] = deepest.at + 2.0 * APART;
        }
        let is_cut =
            self.curve.clearance(shown[0]) < APART || self.curve.clearance(shown[1]) < APART;
        let is_end = deepest.at == bottoms[0].at || deepest.at == last.at;
        if bottoms.len() > 1 && is_end && !is_cut && others(shown) > 0 {
            self.shown = shown;
        }
    }
}

fn box_around(dice: &mut Dice, curve: &Curve, open: bool, line: Option<f64>) -> Option<[f64; 2]> {
    let places = curve.places();
    let ends = [
        places.first().map_or(-1.0, |first| first[0]),
        places.last().map_or(1.0, |last| last[1]),
    ];
    let none = [f64::NEG_INFINITY, f64::INFINITY];
    if open {
        return line.is_none().then_some(none);
    }
    let mut limits = none;
    let sides = dice.pick(&[
        ([true, true], 0.5),
        ([true, false], 0.25),
        ([false, true], 0.25),
    ]);
    for side in [0, 1] {
        let out = [-1.0, 1.0][side];
        let must = line.is_some_and(|slope| slope * out < 0.0);
        if sides[side] || must {
            limits[side] = if dice.chance(0.6) {
                dice.within(ends[0] - 1.0, ends[1] + 1.0)
            } else {
                ends[side] + out * dice.within(0.4, 1.4)
            };
        }
    }
    (limits[1] - limits[0] > 1.0).then_some(limits)
}

/// The pictured range: the box if there is one, else all breaks and a margin.
fn shown(dice: &mut Dice, curve: &Curve, limits: [f64; 2]) -> Option<[f64; 2]> {
    let places = curve.places();
    let mut shown = limits;
    if !shown[0].is_finite() {
        let first = places
            .first()
            .map_or(limits[1] - 2.0, |first| first[0])
            .min(limits[1] - 1.0);
        shown[0] = first - dice.within(0.6, 1.5);
    }
    if !shown[1].is_finite() {
        let last = places
            .last()
            .map_or(limits[0] + 2.0, |last| last[1])
            .max(limits[0] + 1.0);
        shown[1] = last + dice.within(0.6, 1.5);
    }
    (shown[1] - shown[0] > 1.2).then_some(shown)
}
