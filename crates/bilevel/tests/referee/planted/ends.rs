//! Ends planted on a chain, with the admissible verdicts on them.

use super::chain::{Answer, Level, MOST};
use super::curve::{Feature, Nature, Sort};
use super::dice::Dice;
use super::planting::{Fit, Planted, Planting, Way};
use super::truth::{Astray, Spot, Truth};

/// Distances from a minimum at which an end still counts as at it, in widths of the picture.
pub(crate) const NEAR: [f64; 2] = [1e-4, 1.0 / 2000.0];
/// The slope, in spans over widths, that the referee must detect.
const STEEP: f64 = 0.05;
/// The value gap, in spans, that the referee must detect.
const UNANSWERED: f64 = 2e-3;
/// Plants all ends of a problem.
pub(crate) fn planted(truth: &Truth, dice: &mut Dice) -> Vec<Planted> {
    let mut planting = Planting {
        truth,
        dice,
        ends: Vec::new(),
    };
    planting.minima();
    planting.saddles();
    planting.slopes();
    planting.ends
}

/// The admissible verdicts on a minimum.
pub(crate) fn words(truth: &Truth, spot: &Spot) -> Vec<Fit> {
    let mut fits = Vec::new();
    let [is_best, is_close] = truth.is_best(spot.value, truth.optimum);
    if is_close {
        fits.push(Fit::Word("global"));
    } else if truth.is_best(spot.value, truth.best_shown)[1] {
        fits.push(Fit::Incomplete("global"));
    }
    if spot.has(Sort::Jump) {
        fits.push(Fit::Word("jump"));
    }
    if !is_best && spot.has(Sort::Edge) {
        fits.push(Fit::Word("boundary"));
    }
    if !is_best && !spot.has(Sort::Edge) && !spot.has(Sort::Jump) {
        fits.push(Fit::Word("local"));
    }
    fits
}

fn kind(truth: &Truth, spot: &Spot) -> &'static str {
    let is_hidden = truth.best_shown > truth.optimum + 1e-3 * truth.span;
    if !truth.is_shown(&spot.x) {
        "minimum outside of the picture"
    } else if is_hidden && truth.is_best(spot.value, truth.best_shown)[0] {
        "best minimum of a picture without the deepest"
    } else if spot.has(Sort::Jump) {
        "jump minimum"
    } else if spot.has(Sort::Edge) {
        "edge minimum"
    } else if spot.has(Sort::Kink) {
        "kink minimum"
    } else if spot.is_flat() {
        "plateau"
    } else {
        "smooth minimum"
    }
}

impl Planting<'_> {
    fn minima(&mut self) {
        let truth = self.truth;
        let mut minima: Vec<&Spot> = truth
            .spots
            .iter()
            .filter(|spot| spot.is_minimum())
            .collect();
        // the two best ones always, the others at random
        minima.sort_by(|a, b| a.value.total_cmp(&b.value));
        while minima.len() > 6 {
            let place = 2 + self.dice.below(minima.len() - 2);
            minima.remove(place);
        }
        for spot in minima {
            self.minimum(spot);
            if !spot.has(Sort::Jump) {
                self.unanswered(spot);
            }
        }
    }

    fn minimum(&mut self, spot: &Spot) {
        let truth = self.truth;
        let fits = words(truth, spot);
        // rounding would choose the side of a jump
        let x = if spot.has(Sort::Jump) {
            self.beside(spot, 1e-10, false)
        } else {
            spot.x.clone()
        };
        let mut places = vec![x.clone()];
        if spot.is_flat() && !spot.has(Sort::Jump) {
            for _ in 0..2 {
                let mut inside = [0.0; MOST];
                for (inside, one) in inside.iter_mut().zip(&spot.features) {
                    *inside = self.dice.within(one.at, one.until);
                }
                places.push(truth.placed(inside));
            }
        }
        let kind = kind(truth, spot);
        for x in places {
            self.add(kind, (&x, None), Way::Still, &fits, "a minimum");
        }
        let moving = [&fits[..], &[Fit::Word("moving")]].concat();
        let nowhere = Way::Pinned(vec![f64::NAN; x.len()], 1.0);
        let kind = "minimum, no direction";
        self.add(kind, (&x, None), nowhere, &moving, "a minimum");
        self.near(spot, &fits, &moving);
        self.held(spot, &fits);
    }

    /// Plants ends close to a minimum.
    fn near(&mut self, spot: &Spot, fits: &[Fit], moving: &[Fit]) {
        let sorts = [Sort::Edge, Sort::Kink, Sort::Jump];
        let is_smooth = !sorts.iter().any(|sort| spot.has(*sort));
        // at an edge, a kink or a jump, a run at rest on the adjacent slope is both
        let mut still = fits.to_vec();
        still.extend((!is_smooth).then_some(Fit::Word("spurious")));
        let kinds = ["1e-4 off a minimum", "1/2000 off a minimum"];
        for (distance, kind) in NEAR.into_iter().zip(kinds) {
            let x = self.beside(spot, distance, false);
            self.add(kind, (&x, None), Way::Still, &still, "near a minimum");
            let slope = self.truth.slope(&x);
            if self.truth.steepness(&x, &slope) > 0.0 {
                let way = Way::Going(slope, 0.15 * distance);
                let kind = "off a minimum, true direction";
                self.add(kind, (&x, None), way, moving, "near a minimum");
            }
        }
    }

    /// Plants ends at an edge, a kink or a jump that stops a run although its direction is not zero.
    fn held(&mut self, spot: &Spot, fits: &[Fit]) {
        let truth = self.truth;
        let has_jump = spot.has(Sort::Jump);
        if spot.has(Sort::Edge) && !has_jump && !spot.has(Sort::Kink) {
            let way = Way::Pinned(truth.slope(&spot.x), 5e-3);
            let kind = "edge minimum, held";
            self.add(kind, (&spot.x, None), way, fits, "the edge holds it");
        }
        if !spot.has(Sort::Kink) && !has_jump {
            return;
        }
        let sides = [false, has_jump].map(|upper| self.beside(spot, 1e-4, upper));
        let kind = if has_jump {
            "hovering at a jump"
        } else {
            "hovering at a kink"
        };
        let way = Way::Hovering(truth.slope(&sides[0]), sides.clone());
        let note = "it hovers around a minimum";
        self.add(kind, (&sides[0], None), way, fits, note);
        if has_jump {
            let fits = [Fit::Word("jump"), Fit::Word("spurious")];
            let place = (&sides[1][..], None);
            self.add("above a jump", place, Way::Still, &fits, "upper side");
        }
    }

    /// Plants ends with one lower level away from its solution, level by level.
    fn unanswered(&mut self, spot: &Spot) {
        let truth = self.truth;
        let shape = truth.chain.shape();
        let levels = truth.chain.levels.len() + 1;
        for level in 2..=levels {
            let size = shape.size(level);
            let own = &truth.chain.levels[level - 2];
            let variable = shape.range(level).start;
            let index = self.dice.below(size);
            let [low, high] = truth.chain.answers[variable + index];
            let wide = (high - low) / own.frame.scale[index];
            let fits = [Fit::Word("spurious")];
            let position = match (level, levels) {
                (2, _) => 0,
                (level, levels) if level == levels => 2,
                _ => 1,
            };
            // an active bound limits its first variable from below
            let amount = dice_sign(self.dice, own) * self.dice.within(0.2, 0.4) * wide;
            let tries = [
                (Astray::Beside(index, amount), ["first", "middle", "last"]),
                (
                    Astray::OtherWell,
                    [
                        "first, other well",
                        "middle, other well",
                        "last, other well",
                    ],
                ),
            ];
            for (astray, names) in tries {
                let off = truth.answered(&spot.x, Some((level, astray)));
                let gap = truth.gap(level, &off);
                let has_wells = matches!(own.answer, Answer::Wells { .. });
                if gap < UNANSWERED || matches!(astray, Astray::OtherWell) && !has_wells {
                    continue;
                }
                let kind = UNANSWERED_KINDS
                    .iter()
                    .find(|kind| kind.strip_prefix("unanswered ") == Some(names[position]))
                    .expect("it has a name");
                let note = "this level has not answered";
                self.add(
                    kind,
                    (&spot.x, Some((level, astray))),
                    Way::Still,
                    &fits,
                    note,
                );
            }
            let slight = Astray::Beside(index, 1e-6 * dice_sign(self.dice, own));
            let kind = "answered but for 1e-6";
            let fits = words(truth, spot);
            self.add(
                kind,
                (&spot.x, Some((level, slight))),
                Way::Still,
                &fits,
                "answered",
            );
        }
    }

    fn saddles(&mut self) {
        let truth = self.truth;
        let is_other = |spot: &&Spot| !spot.is_minimum() && !spot.has(Sort::Jump);
        let mut others: Vec<&Spot> = truth.spots.iter().filter(is_other).collect();
        while others.len() > 5 {
            others.remove(self.dice.below(others.len()));
        }
        for spot in others {
            let x = &spot.x;
            let is_edge_top = |one: &Feature| one.sort == Sort::Edge && one.nature == Nature::Top;
            if spot.features.iter().any(is_edge_top) {
                let slope = truth.slope(x);
                if truth.steepness(x, &slope) >= STEEP {
                    let fits = [Fit::Word("spurious")];
                    self.add(
                        "edge that slopes inwards",
                        (x, None),
                        Way::Still,
                        &fits,
                        "a slope",
                    );
                    let way = Way::Going(slope, 5e-3);
                    let fits = [Fit::Word("moving")];
                    self.add("edge, true direction", (x, None), way, &fits, "a slope");
                }
                continue;
            }
            let saddle = Fit::Word("saddle");
            // at a kink the slope is nonzero on each side
            if spot.has(Sort::Kink) {
                let fits = [saddle, Fit::Word("spurious")];
                self.add(
                    "kink that is no minimum",
                    (x, None),
                    Way::Still,
                    &fits,
                    "φ falls",
                );
                continue;
            }
            let natures = || spot.features.iter().map(|one| one.nature);
            let kind = if natures().any(|nature| nature == Nature::Pass) {
                "inflection"
            } else if natures().all(|nature| nature == Nature::Top) {
                "maximum"
            } else {
                "saddle"
            };
            self.add(
                kind,
                (x, None),
                Way::Still,
                &[saddle],
                "φ is flat and falls",
            );
            let x = self.beside(spot, 1e-4, false);
            let fits = [saddle, Fit::Word("spurious")];
            self.add(
                "1e-4 off a saddle",
                (&x, None),
                Way::Still,
                &fits,
                "near a saddle",
            );
            let slope = truth.slope(&x);
            if truth.steepness(&x, &slope) > 0.0 {
                let fits = [saddle, Fit::Word("moving")];
                let way = Way::Going(slope, 2e-5);
                self.add(
                    "off a saddle, true direction",
                    (&x, None),
                    way,
                    &fits,
                    "near a saddle",
                );
            }
        }
    }

    fn slopes(&mut self) {
        let truth = self.truth;
        let mut count = 0;
        for _ in 0..200 {
            let x = truth.somewhere(self.dice);
            let slope = truth.slope(&x);
            let s = truth.coordinates(&x);
            let is_clear =
                (truth.chain.curves.iter().zip(s)).all(|(one, s)| one.clearance(s) > 0.1);
            if !is_clear || truth.steepness(&x, &slope) < STEEP {
                continue;
            }
            let moving = [Fit::Word("moving")];
            let spurious = [Fit::Word("spurious")];
            let place = (&x[..], None);
            let times = |factor: f64| slope.iter().map(|one| factor * one).collect::<Vec<f64>>();
            self.add("slope, no motion", place, Way::Still, &spurious, "a slope");
            let tiny = Way::Pinned(times(-1e-12), 5e-15);
            self.add("slope, tiny direction", place, tiny, &spurious, "a slope");
            let way = Way::Going(slope.clone(), 5e-3);
            self.add("slope, true direction", place, way, &moving, "a slope");
            let way = Way::Going(slope.clone(), 1e-9);
            self.add(
                "slope, true direction, slow",
                place,
                way,
                &moving,
                "a slope",
            );
            let way = Way::Going(times(-1.0), 5e-3);
            self.add("slope, wrong direction", place, way, &moving, "a slope");
            count += 1;
            if count == 2 {
                return;
            }
        }
    }
}

const UNANSWERED_KINDS: [&str; 6] = [
    "unanswered first",
    "unanswered middle",
    "unanswered last",
    "unanswered first, other well",
    "unanswered middle, other well",
    "unanswered last, other well",
];

fn dice_sign(dice: &mut Dice, level: &Level) -> f64 {
    match level.answer {
        Answer::Held => 1.0,
        _ => dice.sign(),
    }
}
