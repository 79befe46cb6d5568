//! All roots of a slope along a line: bracketed between samples ("rows") and refined by safeguarded Newton steps.
//!
//! Between two samples one root is the rule; tangent pairs and triples close to merging are found from turning points
//! of the slope.

use std::ops::Range;

/// The most steps within a bracket; bisection alone needs about 60.
const STEPS: usize = 80;
/// The number of intervals between samples of the derivative in a bracket: the slope may turn inside if the least
/// sample is below [`STEEP`] times the greatest.
const CUTS: usize = 4;
const STEEP: f64 = 0.3;
/// The slope may turn between two rows if it decreases fast enough to vanish within this many more rows.
const FAST: f64 = 2.0;
/// From this many consecutive samples with negligible slope on, they are an interval and not a root; exact zeros need
/// only one.
const STRETCH: usize = 4;
/// A root lies in an interval of zero slope if the slope is exactly 0 this far to one side, as a share of the bracket.
const NARROW: f64 = 1e-6;

/// A root or an interval of roots between two samples.
pub(crate) enum Bracketed {
    /// A root and the slope after it.
    Root(f64, f64),
    /// The ends of an interval without slope, and the slopes before and after it.
    Stretch([f64; 2], [f64; 2]),
}

/// The root search for a slope along a line.
pub(crate) struct Roots<'a> {
    /// Samples (y, slope).
    pub(crate) rows: &'a [[f64; 2]],
    /// For each sample, the magnitude up to which its slope counts as zero.
    pub(crate) least: &'a [f64],
    /// The samples that are closely spaced; outside of them, only a change of sign is a root.
    pub(crate) dense: Range<usize>,
    /// The slope.
    pub(crate) slope: &'a dyn Fn(f64) -> f64,
    /// Its derivative.
    pub(crate) turn: &'a dyn Fn(f64) -> f64,
}

impl Roots<'_> {
    /// All roots and intervals of roots, in order.
    pub(crate) fn all(&self) -> Vec<Bracketed> {
        let rows = self.rows;
        let is_flat = |row: usize| rows[row][1].abs() <= self.least[row];
        let mut found = Vec::new();
        let mut row = 0;
        // the last row with a nonzero slope
        let mut last: Option<usize> = None;
        while row < rows.len() {
            if is_flat(row) {
                let first = row;
                while row < rows.len() && is_flat(row) {
                    row += 1;
                }
                self.flat(first..row, &mut found);
                continue;
            }
            if let Some(before) = last.filter(|before| before + 1 == row) {
                let is_dense = self.dense.contains(&before) && self.dense.contains(&row);
                if rows[before][1] * rows[row][1] < 0.0 {
                    if is_dense {
                        let sign = rows[row][1].signum();
                        self.bracketed([rows[before], rows[row]], (sign, None), &mut found);
                    } else {
                        self.between(&[rows[before], rows[row]], &mut found);
                    }
                } else if is_dense {
                    self.touching(before, &mut found);
                }
            }
            last = Some(row);
            row += 1;
        }
        found
    }

    /// Classifies consecutive rows without slope: an interval, a root at an end of the line, or a root between them.
    fn flat(&self, flat: Range<usize>, found: &mut Vec<Bracketed>) {
        let rows = self.rows;
        let before = flat.start.checked_sub(1).map(|row| rows[row]);
        let after = rows.get(flat.end).copied();
        let slope = |row: Option<[f64; 2]>| row.map_or(0.0, |row| row[1]);
        let ends = [rows[flat.start][0], rows[flat.end - 1][0]];
        let is_level = rows[flat.clone()].iter().all(|row| row[1] == 0.0);
        if flat.len() >= STRETCH || is_level {
            let (least, width) = if flat.len() >= STRETCH {
                (self.least[flat.start], 0.0)
            } else {
                let spacing = [before, after].map(|row| row.map_or(0.0, |row| row[0] - ends[0]));
                (0.0, NARROW * (spacing[1] - spacing[0]))
            };
            let [low, high] = [(ends[0], before), (ends[1], after)].map(|(end, beyond)| {
                beyond.map_or(end, |beyond| self.flat_until([end, beyond[0]], least))
            });
            if high - low > width {
                found.push(Bracketed::Stretch(
                    [low, high],
                    [slope(before), slope(after)],
                ));
                return;
            }
        }
        match (before, after) {
            (Some(before), Some(after)) if before[1] * after[1] < 0.0 => {
                self.bracketed([before, after], (after[1].signum(), None), found);
            }
            (Some(_), Some(_)) => {}
            // only one side has a slope
            (None, _) => found.push(Bracketed::Root(ends[0], slope(after))),
            (_, None) => found.push(Bracketed::Root(ends[1], -slope(before))),
        }
    }

    /// Adds the roots in a bracket in which the derivative mostly has the given sign; intervals of the other sign split
    /// it. The derivatives at the ends, if they are known, are given with that sign as positive.
    fn bracketed(
        &self,
        [low, high]: [[f64; 2]; 2],
        (sign, ends): (f64, Option<[f64; 2]>),
        found: &mut Vec<Bracketed>,
    ) {
        let at = |y: f64| [y, (self.slope)(y)];
        match self.dip([low[0], high[0]], (sign, ends)) {
            None => self.between(&[low, high], found),
            Some([first, second]) => self.between(&[low, at(first), at(second), high], found),
        }
    }

    /// Adds the roots between stops, at most one between two of them.
    fn between(&self, stops: &[[f64; 2]], found: &mut Vec<Bracketed>) {
        let mut before = stops[0];
        for &here in &stops[1..] {
            if before[1] * here[1] < 0.0 {
                found.push(self.crossing([before, here]));
            }
            // a stop that is itself a root ends no bracket
            if here[1] != 0.0 {
                before = here;
            }
        }
    }

    /// The root in a bracket, or the interval of zero slope around it if that is narrower than the spacing of the
    /// samples.
    fn crossing(&self, [before, here]: [[f64; 2]; 2]) -> Bracketed {
        let root = self.root([before, here]);
        let slopes = [before[1], here[1]];
        let beside = NARROW * (here[0] - before[0]);
        let is_level = |y: f64| (self.slope)(y) == 0.0;
        // an interval that ends at the root itself shows on its other side
        if is_level(root) && (is_level(root - beside) || is_level(root + beside)) {
            let [low, high] = [before, here].map(|end| self.flat_until([root, end[0]], 0.0));
            return Bracketed::Stretch([low, high], slopes);
        }
        Bracketed::Root(root, slopes[1])
    }

    /// The last position without slope between one without and one with slope, by bisection.
    fn flat_until(&self, [mut flat, mut beyond]: [f64; 2], least: f64) -> f64 {
        for _ in 0..STEPS {
            let middle = 0.5 * (flat + beyond);
            if middle == flat || middle == beyond {
                break;
            }
            if (self.slope)(middle).abs() <= least {
                flat = middle;
            } else {
                beyond = middle;
            }
        }
        flat
    }

    /// The ends of the interval in a bracket on which the derivative lacks the given sign; `None` if there is none.
    fn dip(
        &self,
        [low, high]: [f64; 2],
        (sign, ends): (f64, Option<[f64; 2]>),
    ) -> Option<[f64; 2]> {
        let turn = |y: f64| sign * (self.turn)(y);
        let place = |cut: usize| low + (high - low) * cut as f64 / CUTS as f64;
        let turns: [f64; CUTS + 1] = std::array::from_fn(|cut| match (cut, ends) {
            (0, Some([first, _])) => first,
            (CUTS, Some([_, last])) => last,
            _ => turn(place(cut)),
        });
        let lowest = (0..=CUTS).min_by(|&a, &b| turns[a].total_cmp(&turns[b]))?;
        let greatest = turns.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if turns[lowest] > STEEP * greatest {
            return None;
        }
        let around = [lowest.saturating_sub(1), (lowest + 1).min(CUTS)];
        let inside = if turns[lowest] < 0.0 {
            place(lowest)
        } else {
            golden_section(around.map(place), STEPS / 3, turn)
        };
        if turn(inside) >= 0.0 {
            return None;
        }
        // bisection for the change of sign between the inside and an end
        let edge = |end: f64| {
            let (mut inside, mut outside) = (inside, end);
            for _ in 0..STEPS / 2 {
                let middle = 0.5 * (inside + outside);
                if turn(middle) < 0.0 {
                    inside = middle;
                } else {
                    outside = middle;
                }
            }
            inside
        };
        Some([edge(low), edge(high)])
    }

    /// The root of the slope in a bracket of (y, slope) with different signs, by safeguarded Newton steps.
    fn root(&self, [mut low, mut high]: [[f64; 2]; 2]) -> f64 {
        let mut y = (low[0] * high[1] - high[0] * low[1]) / (high[1] - low[1]);
        let mut width = high[0] - low[0];
        for _ in 0..STEPS {
            if !(low[0] < y && y < high[0]) {
                y = 0.5 * (low[0] + high[0]);
            }
            let slope = (self.slope)(y);
            if slope == 0.0 || high[0] - low[0] <= 2.0 * f64::EPSILON * y.abs() {
                break;
            }
            if slope * low[1] > 0.0 {
                low = [y, slope];
            } else {
                high = [y, slope];
            }
            let step = -slope / (self.turn)(y);
            if step.abs() <= 2.0 * f64::EPSILON * y.abs() {
                break;
            }
            let before = width;
            width = high[0] - low[0];
            // Newton's step while it stays in the bracket and the bracket halves, else bisection
            let is_slow = width > 0.5 * before && step.abs() > 0.5 * before;
            y = if is_slow { f64::NAN } else { y + step };
        }
        y.clamp(low[0], high[0])
    }

    /// Adds the roots between two rows without a change of sign: the slope turns there and crosses zero twice.
    fn touching(&self, row: usize, found: &mut Vec<Bracketed>) {
        let [here, next] = [self.rows[row], self.rows[row + 1]];
        let sign = here[1].signum();
        // only if the slope falls fast enough to reach zero between the rows
        let gets_there = |near: [f64; 2], beyond: Option<&[f64; 2]>| {
            beyond.is_none_or(|beyond| sign * (beyond[1] - near[1]) > sign * near[1] / FAST)
        };
        let before = row.checked_sub(1).and_then(|row| self.rows.get(row));
        if !gets_there(here, before) && !gets_there(next, self.rows.get(row + 2)) {
            return;
        }
        let turn = |y: f64| sign * (self.turn)(y);
        let turns = [turn(here[0]), turn(next[0])];
        if turns[0] < 0.0 && turns[1] > 0.0 {
            let least = self.least[row].min(self.least[row + 1]);
            if let Some(lowest) = self.beyond_zero([here[0], next[0]], turn, (sign, least)) {
                self.between(&[here, lowest, next], found);
            }
        } else if turns[0] * turns[1] > 0.0 {
            // two more roots may lie so near to the row that the slope turns twice here
            let side = turns[0].signum();
            let ends = turns.map(|turn| side * turn);
            self.bracketed([here, next], (side * sign, Some(ends)), found);
        }
    }

    /// A position in a bracket at which the slope has changed sign, searched for around its turning point; `None` if
    /// there is none.
    fn beyond_zero(
        &self,
        [mut low, mut high]: [f64; 2],
        turn: impl Fn(f64) -> f64,
        (sign, least): (f64, f64),
    ) -> Option<[f64; 2]> {
        for _ in 0..STEPS {
            let y = 0.5 * (low + high);
            let slope = (self.slope)(y);
            if sign * slope < -least {
                return Some([y, slope]);
            }
            if turn(y) < 0.0 {
                low = y;
            } else {
                high = y;
            }
        }
        None
    }
}

/// The minimizer of a unimodal function between two positions, by golden-section search with `sections` steps.
pub(crate) fn golden_section(
    [mut low, mut high]: [f64; 2],
    sections: usize,
    mut value: impl FnMut(f64) -> f64,
) -> f64 {
    let share = 0.5 * (5.0_f64.sqrt() - 1.0);
    let mut inner = [high - share * (high - low), low + share * (high - low)];
    let mut values = inner.map(&mut value);
    for _ in 0..sections {
        if values[0] < values[1] {
            high = inner[1];
            inner = [high - share * (high - low), inner[0]];
            values = [value(inner[0]), values[0]];
        } else {
            low = inner[0];
            inner = [inner[1], low + share * (high - low)];
            values = [values[1], value(inner[1])];
        }
    }
    0.5 * (low + high)
}

/// The minimizer of a unimodal function between two positions, by Brent's method: parabolas through the three best
/// positions, and golden sections where these do not converge. Ends at a bracket of `share` of the first one.
pub(crate) fn brent_minimum(
    [low, high]: [f64; 2],
    share: f64,
    most: usize,
    mut value: impl FnMut(f64) -> f64,
) -> f64 {
    let golden = 0.5 * (3.0 - 5.0_f64.sqrt());
    let least = share * (high - low);
    let [mut left, mut right] = [low, high];
    let first = left + golden * (right - left);
    let mut best = [first, value(first)];
    let (mut second, mut third) = (best, best);
    // the last step and the one before
    let [mut step, mut before] = [0.0_f64; 2];
    for _ in 0..most {
        let middle = 0.5 * (left + right);
        let tolerance = least + 2.0 * f64::EPSILON * best[0].abs();
        if (best[0] - middle).abs() <= 2.0 * tolerance - 0.5 * (right - left) {
            break;
        }
        let r = (best[0] - second[0]) * (best[1] - third[1]);
        let q = (best[0] - third[0]) * (best[1] - second[1]);
        let way = (best[0] - third[0]) * q - (best[0] - second[0]) * r;
        let parabolic = -way / (2.0 * (q - r));
        let there = best[0] + parabolic;
        // false for a NaN, too
        let is_good = before.abs() > tolerance
            && parabolic.abs() < 0.5 * before.abs()
            && there > left
            && there < right;
        before = step;
        if is_good {
            step = parabolic;
            if there - left < 2.0 * tolerance || right - there < 2.0 * tolerance {
                step = tolerance.copysign(middle - best[0]);
            }
        } else {
            before = if best[0] < middle { right } else { left } - best[0];
            step = golden * before;
        }
        let place = best[0]
            + if step.abs() < tolerance {
                tolerance.copysign(step)
            } else {
                step
            };
        let here = [place, value(place)];
        if here[1] <= best[1] {
            *(if place < best[0] {
                &mut right
            } else {
                &mut left
            }) = best[0];
            (third, second, best) = (second, best, here);
        } else {
            *(if place < best[0] {
                &mut left
            } else {
                &mut right
            }) = place;
            if here[1] <= second[1] || second[0] == best[0] {
                (third, second) = (second, here);
            } else if here[1] <= third[1] || third[0] == best[0] || third[0] == second[0] {
                third = here;
            }
        }
    }
    best[0]
}
