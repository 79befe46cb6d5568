//! Random chains: all of their parameters are drawn.

use bilevel::problem::Objectives as _;

use super::chain::{Answer, Chain, Frame, Level, MOST, Reach, Tilt};
use super::curve::Curve;
use super::dice::Dice;
use super::drawn::{Drawn, Family, Special, draw};
use super::truth::{Astray, Truth};

/// The distance that lower-level solutions keep from the box.
const ROOM: f64 = 3.0;

/// Draws the problem with a number.
pub(crate) fn problem(seed: u64, number: u64) -> Truth {
    let mut dice = Dice::new(seed, number);
    loop {
        if let Some(truth) = attempt(&mut dice) {
            return truth;
        }
    }
}

fn attempt(dice: &mut Dice) -> Option<Truth> {
    let levels = dice.pick(&[(2, 0.65), (3, 0.25), (4, 0.1)]);
    let leader = dice.pick(&[(1, 0.45), (2, 0.35), (3, 0.2)]);
    let special = dice.pick(&[
        (Special::None, 0.55),
        (Special::Step, 0.25),
        (Special::Bend, 0.2),
    ]);
    let is_rotated = leader > 1 && dice.chance(0.45);
    let is_open = is_rotated || dice.chance(0.3);
    let drawn: Vec<Drawn> = (0..leader)
        .map(|place| {
            let special = if place == 0 { special } else { Special::None };
            let open = is_open || dice.chance(0.2);
            let family = family(dice, special, open, leader);
            let mut drawn = draw(dice, family, special, open);
            let has_wells = matches!(family, Family::TwoWells | Family::ThreeWells);
            if open && !is_rotated && special == Special::None && has_wells && dice.chance(0.8) {
                drawn.hide();
            }
            drawn
        })
        .collect();
    let curves: Vec<Curve> = drawn.iter().map(|one| one.curve.clone()).collect();
    let sizes: Vec<usize> = (2..=levels).map(|_| follower_size(dice, levels)).collect();
    let lower = followers(dice, &curves[0], leader, &sizes);
    let factor = factor(dice);
    let mut shear = vec![0.0; leader];
    if is_rotated && dice.chance(0.4) {
        shear[1] = dice.within(-0.5, 0.5);
    }
    let mut chain = Chain {
        leader: frame(dice, leader, is_rotated),
        factor,
        constant: constant(dice, factor),
        heed: if dice.chance(0.3) {
            0.0
        } else {
            dice.sign() * dice.within(0.3, 1.0)
        },
        curves,
        limits: drawn.iter().map(|one| one.limits).collect(),
        shear,
        levels: lower,
        bounds: Vec::new(),
        shown: Vec::new(),
        answers: Vec::new(),
        start: Vec::new(),
    };
    bounds(dice, &mut chain);
    leader_picture(dice, &mut chain, &drawn, is_rotated);
    follower_pictures(dice, &mut chain);
    chain.start = chain
        .shown
        .iter()
        .map(|[low, high]| dice.within(*low, *high))
        .collect();
    for (start, [low, high]) in chain.start.iter_mut().zip(&chain.bounds) {
        *start = start.clamp(*low, *high);
    }
    let bounds = chain.metadata().bounds;
    let truth = Truth::new(chain, bounds);
    truth.best_shown.is_finite().then_some(truth)
}

fn family(dice: &mut Dice, special: Special, open: bool, leader: usize) -> Family {
    use Family::{Bowl, Hat, Inflection, Line, Plateau, Quartic, ThreeWells, Twins, TwoWells, Vee};
    let line = if open { 0.0 } else { 0.15 };
    match special {
        Special::Bend => Bowl,
        Special::Step => dice.pick(&[(Bowl, 0.4), (TwoWells, 0.4), (Quartic, 0.1), (Line, line)]),
        Special::None => dice.pick(&[
            (Bowl, 0.15),
            (TwoWells, 0.22),
            (ThreeWells, if leader < 3 { 0.14 } else { 0.0 }),
            (Twins, 0.1),
            (Quartic, 0.05),
            (Inflection, 0.07),
            (Plateau, 0.14),
            (Vee, 0.07),
            (Hat, 0.06),
            (Line, line),
        ]),
    }
}

fn follower_size(dice: &mut Dice, levels: usize) -> usize {
    match levels {
        2 => dice.pick(&[(1, 0.5), (2, 0.3), (3, 0.2)]),
        3 => dice.pick(&[(1, 0.6), (2, 0.4)]),
        _ => dice.pick(&[(1, 0.85), (2, 0.15)]),
    }
}

fn factor(dice: &mut Dice) -> f64 {
    if dice.chance(0.35) {
        1.0
    } else {
        dice.power(-3.0, 3.0)
    }
}

fn constant(dice: &mut Dice, factor: f64) -> f64 {
    if dice.chance(0.5) {
        0.0
    } else {
        factor * dice.within(-10.0, 10.0)
    }
}

fn frame(dice: &mut Dice, size: usize, is_rotated: bool) -> Frame {
    let base = if dice.chance(0.3) {
        1.0
    } else {
        dice.power(-1.5, 1.5)
    };
    let far = if dice.chance(0.2) { 100.0 } else { 5.0 };
    let mut rotation = vec![vec![0.0; size]; size];
    for (place, row) in rotation.iter_mut().enumerate() {
        row[place] = dice.sign();
    }
    if is_rotated {
        for first in 0..size {
            for second in first + 1..size {
                let (sin, cos) = dice.within(0.2, 2.9).sin_cos();
                for row in &mut rotation {
                    let (a, b) = (row[first], row[second]);
                    (row[first], row[second]) = (cos * a - sin * b, sin * a + cos * b);
                }
            }
        }
    }
    let shift = (0..size).map(|_| base * dice.within(-far, far)).collect();
    let scale = (0..size).map(|_| base * dice.within(0.6, 1.7)).collect();
    Frame::new(shift, scale, rotation)
}

fn followers(dice: &mut Dice, first: &Curve, leader: usize, sizes: &[usize]) -> Vec<Level> {
    let last = sizes.len() - 1;
    let switched = first
        .step
        .as_ref()
        .map(|step| (dice.below(sizes.len()), step.clone()));
    let mut levels: Vec<Level> = Vec::new();
    for (place, &size) in sizes.iter().enumerate() {
        let (answer, favour) = match (&switched, first.bend) {
            (Some((at, step)), _) if *at == place => {
                let tilt = Tilt::Switch {
                    step: step.clone(),
                    steep: dice.within(0.7, 2.0),
                };
                (wells(dice, tilt), step.height)
            }
            (_, Some(_)) if place == last => (Answer::Held, 0.0),
            _ if dice.chance(if last > 0 { 0.6 } else { 0.4 }) => {
                let tilt = if place == last && dice.chance(0.2) {
                    0.0
                } else {
                    dice.sign() * dice.within(0.4, 3.0)
                };
                (
                    wells(dice, Tilt::Constant(tilt)),
                    dice.sign() * dice.within(0.2, 1.0),
                )
            }
            _ => {
                let quartic = if dice.chance(0.3) {
                    dice.within(0.1, 1.0)
                } else {
                    0.0
                };
                (Answer::Bowl { quartic }, 0.0)
            }
        };
        let factor = factor(dice);
        let is_rotated = size > 1 && dice.chance(0.5) && !matches!(answer, Answer::Held);
        let mut reach: Vec<Reach> = (0..size)
            .map(|_| reach(dice, leader, &sizes[..place]))
            .collect();
        if let (Answer::Held, Some([place, _])) = (&answer, first.bend) {
            reach[0] = Reach {
                constant: -place,
                linear: vec![(1, 0, 1.0)],
                ..Reach::default()
            };
        }
        levels.push(Level {
            frame: frame(dice, size, is_rotated),
            factor,
            constant: constant(dice, factor),
            weights: (0..size).map(|_| dice.within(0.3, 2.0)).collect(),
            answer,
            reach,
            heed: if dice.chance(0.5) {
                0.0
            } else {
                dice.sign() * dice.within(0.2, 0.6)
            },
            likes: 0.0,
            favour,
        });
    }
    let is_tied = matches!(
        &levels[last].answer,
        Answer::Wells { tilt: Tilt::Constant(tilt), .. } if *tilt == 0.0
    );
    if is_tied && last > 0 && dice.chance(0.6) {
        let level = dice.below(last);
        levels[level].likes = dice.sign() * dice.within(0.3, 1.0);
    }
    levels
}

fn wells(dice: &mut Dice, tilt: Tilt) -> Answer {
    Answer::Wells {
        width: dice.within(0.5, 1.5),
        tilt,
    }
}

fn reach(dice: &mut Dice, leader: usize, above: &[usize]) -> Reach {
    let mut reach = Reach {
        constant: dice.within(-1.0, 1.0),
        ..Reach::default()
    };
    let first = dice.below(leader);
    for index in 0..leader {
        if index == first || dice.chance(0.6) {
            reach.linear.push((1, index, dice.within(-1.2, 1.2)));
        }
    }
    for (place, size) in above.iter().enumerate() {
        for index in 0..*size {
            if dice.chance(0.8) {
                reach
                    .linear
                    .push((place + 2, index, dice.within(-0.6, 0.6)));
            }
        }
    }
    if dice.chance(0.25) {
        reach.square = Some((1, dice.below(leader), dice.within(-0.4, 0.4)));
    }
    if dice.chance(0.25) {
        let level = 1 + dice.below(above.len() + 1);
        let size = if level == 1 { leader } else { above[level - 2] };
        let (amplitude, frequency) = (dice.within(0.3, 1.0), dice.within(1.0, 3.0));
        reach.wave = Some((level, dice.below(size), amplitude, frequency));
    }
    reach
}

/// Draws the box: the leader's, the active bounds of followers, and wide ones that contain all lower-level solutions.
fn bounds(dice: &mut Dice, chain: &mut Chain) {
    let none = [f64::NEG_INFINITY, f64::INFINITY];
    let leader = chain.leader.size();
    for place in 0..leader {
        let limits = chain.limits[place];
        let is_free = limits.iter().all(|limit| limit.is_infinite());
        chain.bounds.push(if is_free {
            none
        } else {
            chain.leader.limits(place, limits)
        });
    }
    let mut ranges: Vec<Vec<[f64; 2]>> = vec![chain.limits.clone()];
    for level in &chain.levels {
        let half = match &level.answer {
            Answer::Wells { width, .. } => *width,
            _ => 0.0,
        };
        let reached: Vec<[f64; 2]> = (level.reach.iter())
            .map(|reach| {
                let [low, high] = reach.range(&ranges);
                [low - half - ROOM, high + half + ROOM]
            })
            .collect();
        let is_mirror =
            (0..level.size()).all(|place| level.frame.rotation[place][place].abs() == 1.0);
        let is_finite = reached.iter().flatten().all(|limit| limit.is_finite());
        let is_boxed = is_mirror && is_finite && dice.chance(0.4);
        for (place, limits) in reached.iter().enumerate() {
            chain.bounds.push(match &level.answer {
                Answer::Held if place == 0 => level.frame.limits(0, [0.0, f64::INFINITY]),
                _ if is_boxed => level.frame.limits(place, *limits),
                _ => none,
            });
        }
        ranges.push(reached);
    }
}

impl Reach {
    /// The range of all possible values.
    fn range(&self, above: &[Vec<[f64; 2]>]) -> [f64; 2] {
        let mut range = [self.constant; 2];
        let mut add = |ends: [f64; 2]| {
            range[0] += ends[0].min(ends[1]);
            range[1] += ends[0].max(ends[1]);
        };
        for &(level, index, factor) in &self.linear {
            add(above[level - 1][index].map(|end| factor * end));
        }
        if let Some((level, index, factor)) = self.square {
            let [low, high] = above[level - 1][index];
            let most = low.abs().max(high.abs());
            add([0.0, factor * most * most]);
        }
        if let Some((.., amplitude, _)) = self.wave {
            add([-amplitude, amplitude]);
        }
        range
    }
}

fn leader_picture(dice: &mut Dice, chain: &mut Chain, drawn: &[Drawn], is_rotated: bool) {
    let leader = chain.leader.size();
    if !is_rotated {
        for (place, one) in drawn.iter().enumerate() {
            chain.shown.push(chain.leader.limits(place, one.shown));
        }
        chain.answers = chain.shown.clone();
        return;
    }
    chain.shown = vec![[f64::INFINITY, f64::NEG_INFINITY]; leader];
    for _ in 0..200 {
        let mut u = [0.0; MOST];
        for (u, one) in u.iter_mut().zip(drawn) {
            *u = dice.within(one.shown[0], one.shown[1]);
        }
        let first = u[0];
        for (u, shear) in u.iter_mut().zip(&chain.shear) {
            *u += shear * first * first;
        }
        for (shown, x) in chain.shown.iter_mut().zip(chain.leader.outward(&u)) {
            *shown = [shown[0].min(x), shown[1].max(x)];
        }
    }
    chain.answers = chain.shown.clone();
}

/// Draws pictures of the solutions for the leader's pictured range; some lie elsewhere.
fn follower_pictures(dice: &mut Dice, chain: &mut Chain) {
    let shape = chain.shape();
    let leader = chain.leader.size();
    chain
        .shown
        .resize(shape.total(), [f64::INFINITY, f64::NEG_INFINITY]);
    chain.start = vec![0.0; shape.total()];
    chain.answers = chain.shown.clone();
    let bounds = chain.metadata().bounds;
    let truth = Truth::unmeasured(chain.clone(), bounds);
    for _ in 0..100 {
        let x = truth.somewhere(dice);
        for level in 1..=shape.levels() {
            let astray = (level > 1).then_some((level, Astray::OtherWell));
            let answered = truth.answered(&x, astray);
            for (variable, value) in answered.values().iter().enumerate().skip(leader) {
                let shown = &mut chain.answers[variable];
                *shown = [shown[0].min(*value), shown[1].max(*value)];
            }
        }
    }
    for variable in leader..shape.total() {
        let (level, index) = shape.locate(variable);
        let [low, high] = chain.answers[variable];
        let (frame, limits) = (&chain.levels[level - 2].frame, chain.bounds[variable]);
        // a constant solution still needs a scale
        let margin = 0.15 * (high - low) + 0.5 * frame.scale[index];
        let shown = [
            (low - margin).max(limits[0]),
            (high + margin).min(limits[1]),
        ];
        chain.answers[variable] = shown;
        let width = shown[1] - shown[0];
        let is_free = limits.iter().all(|limit| limit.is_infinite());
        let away = if is_free && dice.chance(0.15) {
            dice.sign() * width * dice.power(-0.3, 1.5)
        } else {
            0.0
        };
        chain.shown[variable] = shown.map(|end| end + away);
    }
}
