//! The rules for the verdict on a run.
//!
//! ```text
//! units      lengths in widths w of the searched region, values in spans S of φ over it, slopes in S / w,
//!            a follower's gap in spans of its own objective
//! near       w / 200, and at a minimum φ within S / 200 of it, without a hill between
//! answered   no gap above 1/1000 of its span, no follower in the basin of a worse local minimum, and none far from its
//!            solution, unless its block is a solution at the minimum itself, where its objective may be flat
//! minimum    φ does not fall around a point, beyond rounding, within the box: see referee/vicinity/mod.rs
//! at rest    ‖d‖ ≤ r / max(1, s) in these units, r = 1e-3 by default, s the stride ξ / (1 − m), and x moved at most
//!            r w; near a minimum, if the rest of the path ends near it, or the last 50 iterates are all near;
//!            a method without a direction, if none of the last 50 iterates moved more than r w and all are near
//! spurious   at rest, and an open gap, or ∇φ, certified by values of φ, from which d differs by |∇φ| / 2 or more
//! moving     not at rest, or slow along ∇φ
//! unknown    all else; a minimum that cannot be compared: no other is known, it is below all that were found, or it would be
//!            the best and two searches contradict each other
//! ```

mod jump;
mod motion;

use std::sync::Arc;

use super::certificate::Certificate;
use super::known_minima::{KnownMinima, KnownMinimum, MinimaSource};
use super::outcome::{FinalState, Outcome, Verdict};
use crate::messages;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Problem, Site};
use crate::referee::obstacles::{obstacle_reason, worst_obstacle};
use crate::referee::{
    Around, Bench, EQUALLY_DEEP, Jump, Low, NEAR, Referee, Region, Vicinity, large,
};
use crate::run::Status;
use crate::study::FEASIBLE;

/// A slope of φ up to this, in spans per width, counts as zero: if φ falls on some side, the point is a saddle, a
/// maximum or an inflection.
const LEVEL: f64 = 1e-11;
/// A direction that differs from ∇φ by this share of |∇φ| does not descend φ.
const MISSED: f64 = 0.5;
/// A follower is far from its solution beyond this share of the width, unless its gap is below [`TIED`] times the span.
const FAR: f64 = 0.04;
const TIED: f64 = 1e-9;
/// A run's end is at a minimum if φ is at most this share of its span higher there; and the samples on the way.
const HEIGHT: f64 = NEAR;
const HILL: [f64; 3] = [0.25, 0.5, 0.75];
/// A jump within this distance of a minimum, in widths, is at the minimum.
const POINT: f64 = 1e-5;
/// First and last radius, in widths, of gradient sampling from a minimum that is not known, and the most steps.
const REFINED: [f64; 2] = [1e-3, 1e-8];
const FALLS: usize = 60;
/// A local minimum of a follower is worse than its solution by more than this multiple of the rounding around it.
const NOISE: f64 = 16.0;

impl KnownMinima {
    /// The outcome of a run; `None` only once the token is cancelled.
    pub fn end(
        &self,
        problem: &dyn Problem,
        ended: FinalState<'_>,
        token: &WorkToken,
    ) -> Option<Outcome> {
        let mut end = Outcome {
            verdict: Verdict::Unknown,
            index: None,
            nearest: None,
            distance: None,
            phi: f64::NAN,
            above: None,
            bias: None,
            gap: f64::NAN,
            gaps: Vec::new(),
            mismatch: None,
            reason: None,
            searched: self.searched.clone(),
            complete: self.complete,
            direction: f64::NAN,
            stride: ended.stride,
            is_slow: false,
            leader: ended.point[1].len(),
        };
        let is_finite = ended.point.values().iter().all(|value| value.is_finite());
        end.verdict = match ended.status {
            Status::Failed(_) => Verdict::Failed,
            status if status.is_failure() || !is_finite => Verdict::Diverged,
            _ => Verdict::Unknown,
        };
        if end.verdict != Verdict::Unknown {
            return Some(end);
        }
        let referee = Referee::new(problem, token);
        let broken = worst_obstacle(problem, &self.region, token);
        let broken = broken.as_ref().map(obstacle_reason);
        let Some((assessed, gaps, answered)) = referee.assess_with(ended.point, Some(&self.memory))
        else {
            end.reason = broken.or_else(|| Some(without_solution(problem).to_owned()));
            return (!token.is_cancelled()).then_some(end);
        };
        (end.phi, end.gap, end.gaps) = (assessed.reduced, assessed.gap, gaps);
        let floors = self.memory.floors(problem, &self.region, token);
        for (gap, floor) in end.gaps.iter_mut().zip(floors) {
            gap.span = gap.span.max(*floor);
        }
        end.above = self.optimum.map(|optimum| assessed.reduced - optimum);
        (end.nearest, end.distance) = self.nearest(&answered).unzip();
        end.reason = if end.phi.is_finite() {
            broken
        } else {
            Some(messages::outcome::objective_undefined().to_owned())
        };
        if end.reason.is_some() {
            return Some(end);
        }
        let bounds = &problem.metadata().bounds;
        let has_direction = ended.direction.len() == answered[1].len()
            && ended.direction.iter().all(|one| one.is_finite())
            // before the first step there is no direction
            && ended.recent.len() != answered[1].len();
        if has_direction {
            end.direction = bounds.free_length(1, &answered[1], ended.direction);
        }
        let judge = Judge {
            goals: self,
            vicinity: Vicinity::new(problem, &self.region, self.span, token).knowing(&answered),
            ended,
            answered: &answered,
            has_direction,
            is_answered: !end.gaps.iter().any(|gap| gap.share() > FEASIBLE)
                && !is_in_a_worse_valley(
                    problem,
                    &end,
                    (ended.point, &answered, &self.region),
                    token,
                ),
            bench: Bench::new(problem, &self.memory, token),
            problem,
            token,
        };
        judge.name(&mut end);
        end.index = end.index.map(|place| place + 1);
        (!token.is_cancelled()).then_some(end)
    }

    /// The number of the nearest minimum, from 1, and its distance.
    fn nearest(&self, answered: &Point) -> Option<(usize, f64)> {
        let distances = self.minima.iter().map(|known| known.distance(answered));
        let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.map(|(place, distance)| (place + 1, distance))
    }
}

/// True if the innermost follower is in the basin of another local minimum that is worse than its solution, by however
/// little.
fn is_in_a_worse_valley(
    problem: &dyn Problem,
    end: &Outcome,
    (point, answered, region): (&Point, &Point, &Region),
    token: &WorkToken,
) -> bool {
    let Some(gap) = end.gaps.last() else {
        return false;
    };
    let own = problem.value(gap.level, point, token);
    if gap.value <= 64.0 * f64::EPSILON * own.abs() {
        return false;
    }
    let referee = Referee::new(problem, token);
    referee
        .valley(point, gap.span)
        .is_some_and(|(valley, noise)| {
            let value = problem.value(gap.level, &valley, token);
            let slack = NOISE * noise + 64.0 * f64::EPSILON * own.abs();
            let [there, best] = [&valley, answered].map(|point| &point[gap.level]);
            region.distance(gap.level, there, best) > NEAR && value - (own - gap.value) > slack
        })
}

/// The sentence on a lower-level solution that was not found.
fn without_solution(problem: &dyn Problem) -> &'static str {
    if problem.metadata().shape().levels() == 2 {
        messages::outcome::follower_without_solution()
    } else {
        messages::outcome::some_follower_without_solution()
    }
}

/// The inputs of one verdict.
pub(super) struct Judge<'a> {
    pub(super) goals: &'a KnownMinima,
    pub(super) vicinity: Vicinity<'a>,
    pub(super) ended: FinalState<'a>,
    pub(super) answered: &'a Point,
    pub(super) has_direction: bool,
    pub(super) is_answered: bool,
    pub(super) bench: Bench<'a>,
    pub(super) problem: &'a dyn Problem,
    pub(super) token: &'a WorkToken,
}

impl Judge<'_> {
    pub(super) fn name(&self, end: &mut Outcome) {
        let x = &self.answered[1];
        // a large lower level is solved from one starting point only, at some cost
        let is_dear = large::is_large(self.answered);
        let found = if is_dear {
            Arc::new(self.certificate(end.phi, self.has_direction && self.rests()))
        } else {
            let certify = || self.certificate(end.phi, true);
            let is_cancelled = || self.token.is_cancelled();
            (self.goals.certificates).of(self.answered, certify, is_cancelled)
        };
        if !is_dear && !found.is_found_again {
            end.reason = Some(messages::outcome::different_solutions().to_owned());
            return;
        }
        let is_certified = found.is_confirmed;
        let slope = found.slope.clone();
        let slope = slope.map(|slope| self.vicinity.free(x, &slope));
        end.bias = slope.as_deref().map(length);
        if let Some(slope) = slope
            .as_deref()
            .filter(|_| is_certified && self.has_direction)
        {
            let own = self.vicinity.free(x, self.ended.direction);
            let apart: Vec<f64> = own.iter().zip(slope).map(|(a, b)| a - b).collect();
            let steep = self.scaled(slope);
            end.mismatch = (steep > 0.0).then(|| self.scaled(&apart) / steep);
        }
        if let Some(word) = self.at_a_jump(end) {
            end.verdict = word;
            return;
        }
        let around = match (self.known_minimum(end.phi), &found.around) {
            (Some(low), _) => Around::Minimum(low),
            (None, found) => {
                let new = || self.vicinity.around(self.answered, NEAR);
                match found.clone().unwrap_or_else(new) {
                    Around::Minimum(low) if !self.is_at_its_foot(end.phi, &low) => Around::Slope,
                    around => around,
                }
            }
        };
        if let Around::Minimum(low) = &around
            && self.is_answered
        {
            self.name_at(end, low);
            return;
        }
        if !self.has_direction {
            // without a direction the method may still be moving
            match around {
                _ if self.ended.recent.len() == x.len() => {
                    end.reason = Some(messages::outcome::no_step_made().to_owned());
                }
                _ if !self.is_answered && self.stays() => end.verdict = Verdict::Spurious,
                Around::Unknown(reason) => end.reason = Some(reason.to_owned()),
                _ => end.verdict = Verdict::Moving,
            }
            return;
        }
        if !self.rests() {
            // a minimum at a kink may be missed
            let descends = end.mismatch.is_none_or(|missed| missed < MISSED);
            let may_miss = x.len() > 2 || matches!(around, Around::Unknown(_));
            if may_miss && descends && self.hovers(x) && self.turns_back() {
                end.reason = Some(messages::outcome::oscillates().to_owned());
            } else {
                end.verdict = Verdict::Moving;
            }
        } else if !self.is_answered {
            end.verdict = Verdict::Spurious;
        } else {
            let steep = slope.as_deref().map(|slope| self.scaled(slope));
            self.name_at_rest(end, &around, (steep, is_certified));
        }
    }

    /// The findings on φ around the answered point, by searches of their own; whether values confirm the slope only if
    /// asked.
    fn certificate(&self, phi: f64, is_asked: bool) -> Certificate {
        let vicinity = Vicinity::new(
            self.problem,
            &self.goals.region,
            self.goals.span,
            self.token,
        )
        .knowing(self.answered);
        let is_found_again = large::is_large(self.answered) || self.is_found_again(&vicinity, phi);
        let mut found = Certificate {
            is_found_again,
            slope: None,
            is_confirmed: false,
            around: None,
        };
        if !is_found_again {
            return found;
        }
        found.slope = vicinity.slope(self.answered, NEAR);
        found.is_confirmed = is_asked
            && (found.slope.as_deref())
                .is_some_and(|slope| vicinity.confirms(self.answered, slope, NEAR));
        found.around =
            (self.known_minimum(phi).is_none()).then(|| vicinity.around(self.answered, NEAR));
        found
    }

    /// True if φ is the same when the lower levels are solved again.
    fn is_found_again(&self, vicinity: &Vicinity<'_>, phi: f64) -> bool {
        let again = vicinity.phi(&self.answered[1]);
        let rounding = self.vicinity.rounding(self.answered);
        (again - phi).abs() <= EQUALLY_DEEP * self.goals.span + rounding
    }

    /// Sets the verdict near a minimum, with all gaps closed.
    fn name_at(&self, end: &mut Outcome, low: &Low) {
        if self.is_far_from_its_answer(end) && !self.is_answer_at(low) {
            end.reason = Some(messages::outcome::far_from_solutions().to_owned());
        } else if self.is_above(end.phi, low) {
            self.name_beside(end, low);
        } else {
            self.name_minimum(end, low);
        }
    }

    /// Sets the verdict at rest without a minimum, from the slope of φ in spans per width and its confirmation by
    /// values of φ.
    fn name_at_rest(
        &self,
        end: &mut Outcome,
        around: &Around,
        (steep, is_certified): (Option<f64>, bool),
    ) {
        let is_steep = steep.is_some_and(|steep| steep > self.goals.rest);
        let is_level = steep.is_some_and(|steep| steep <= LEVEL);
        let reason = match around {
            // with several variables, a slope that values confirm excludes a saddle, whatever the curvature of φ
            Around::Saddle if self.answered[1].len() == 1 || !(is_certified && is_steep) => {
                end.verdict = Verdict::Saddle;
                return;
            }
            Around::Slope if is_level => {
                end.verdict = Verdict::Saddle;
                return;
            }
            Around::Unknown(reason) if !(is_certified && is_steep) => reason,
            _ => match end.mismatch {
                Some(missed) if missed < MISSED => {
                    end.is_slow = true;
                    end.verdict = Verdict::Moving;
                    return;
                }
                Some(_) if is_steep && self.may_be_at_a_jump(end.phi) => {
                    messages::outcome::different_solutions()
                }
                Some(_) if is_steep => {
                    end.verdict = Verdict::Spurious;
                    return;
                }
                Some(_) => messages::outcome::slope_too_small(),
                None => messages::outcome::slope_not_confirmed(),
            },
        };
        end.reason = Some(reason.to_owned());
    }

    /// True if followers are far from their solutions and their objectives are too flat for the gap to show it.
    fn is_far_from_its_answer(&self, end: &Outcome) -> bool {
        let away = self
            .goals
            .region
            .distance_from(2, self.ended.point, self.answered);
        away > FAR && self.has_open_gap(self.ended.point, &end.gaps, (TIED, FAR))
    }

    /// True if the followers' blocks are also solutions at the minimum itself: where an objective is flat, any block
    /// solves it.
    fn is_answer_at(&self, low: &Low) -> bool {
        let mut point = self.ended.point.clone();
        point[1].copy_from_slice(&low.x);
        let found = self.bench.assess(&point);
        found.is_some_and(|(_, gaps)| !self.has_open_gap(&point, &gaps, (TIED, FAR)))
    }

    /// The error bound of values of φ that are compared.
    fn slack(&self) -> f64 {
        EQUALLY_DEEP * self.goals.span + self.vicinity.rounding(self.answered)
    }

    /// The nearest known minimum, unless a jump separates it from the run or φ is lower at the run's end: lower-level
    /// solutions were missed at such a minimum.
    fn known_minimum(&self, phi: f64) -> Option<Low> {
        let (goals, x) = (self.goals, &self.answered[1]);
        let minima = goals.minima.iter();
        let away = minima.map(|known| (known.away(x, self.answered, &goals.region), known));
        let (distance, known) = away.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let place = known.x.clone().unwrap_or_else(|| x.to_vec());
        // a jump at the minimum itself does not separate
        let is_between = |jump: &Jump| {
            (jump.x - x[0]) * (jump.x - place[0]) < 0.0
                && goals.region.distance(1, &[jump.x], &place) > POINT
        };
        let is_parted = goals.jumps.iter().any(is_between);
        let is_right = known.value <= phi + self.slack();
        let low = Low {
            x: place,
            value: known.value,
            is_edge: known.site == Site::Edge,
            is_jump: known.site == Site::Jump,
        };
        let is_near = distance <= NEAR && !is_parted && is_right;
        (is_near && self.is_at_its_foot(phi, &low)).then_some(low)
    }

    /// True if a run's end is little higher than a minimum, and no hill is between them.
    fn is_at_its_foot(&self, phi: f64, low: &Low) -> bool {
        let (above, slack) = (phi - low.value, self.slack());
        // the upper side of a jump is as high as the jump
        if low.is_jump || above <= slack {
            return true;
        }
        let x = &self.answered[1];
        let between = |share: f64| -> Vec<f64> {
            let pairs = x.iter().zip(&low.x);
            pairs.map(|(x, low)| x + share * (low - x)).collect()
        };
        above <= HEIGHT * self.goals.span
            && (HILL.into_iter()).all(|share| self.vicinity.phi(&between(share)) <= phi + slack)
    }

    /// The length of a slope in spans of φ per width.
    fn scaled(&self, slope: &[f64]) -> f64 {
        let span = if self.goals.span > 0.0 {
            self.goals.span
        } else {
            1.0
        };
        let widths = self.goals.region.widths(1);
        let square: f64 = slope
            .iter()
            .zip(widths)
            .map(|(slope, width)| (slope * width / span).powi(2))
            .sum();
        square.sqrt()
    }

    /// The verdict at a minimum below which no other is known.
    fn named_best(&self, end: &mut Outcome) -> Verdict {
        if self.goals.source == MinimaSource::DoubtfulSearch {
            unjustified(end, messages::outcome::doubtful_search())
        } else {
            Verdict::Global
        }
    }

    /// The known minimum nearest to an x, and its place among all, if it is near and not above a value of φ there.
    fn known_near(&self, x: &[f64], value: f64) -> Option<(usize, &KnownMinimum)> {
        let away = |known: &KnownMinimum| known.away(x, self.answered, &self.goals.region);
        let minima = self.goals.minima.iter().enumerate();
        let most = value + self.slack();
        let is_same = |known: &KnownMinimum| {
            known.site == Site::Jump || value - known.value <= HEIGHT * self.goals.span
        };
        let near = minima
            .filter(|(_, known)| away(known) <= NEAR && known.value <= most && is_same(known));
        near.min_by(|a, b| away(a.1).total_cmp(&away(b.1)))
    }

    /// Sets the verdict at the minimum that the run reached.
    fn name_minimum(&self, end: &mut Outcome, low: &Low) {
        if !self.settles(low) {
            end.verdict = Verdict::Moving;
            return;
        }
        let goals = self.goals;
        let mut known = self.known_near(&low.x, low.value);
        // at a kink the lowest point is only about found
        let lower = (known.is_none() && low.x.len() > 1).then(|| {
            let (x, value) = (self.vicinity).fall(&low.x, low.value, REFINED, FALLS);
            known = self.known_near(&x, value);
            value
        });
        let value = lower.unwrap_or(low.value);
        let slack = self.slack();
        let is_best = goals
            .optimum
            .is_some_and(|optimum| value <= optimum + slack);
        end.index = known.map(|(place, _)| place);
        let is_below = goals.source != MinimaSource::Problem
            && goals.optimum.is_some_and(|optimum| value < optimum - slack);
        end.verdict = match known {
            _ if is_below => unjustified(end, messages::outcome::below_all_minima_found()),
            // a minimum at the jump itself, which is lower than φ beside it
            Some((_, known)) if value - known.value > HEIGHT * goals.span => Verdict::Jump,
            Some((_, known)) if known.is_global => self.named_best(end),
            _ if is_best => self.named_best(end),
            // the place may be beside the pole
            None if goals.has_pole => unjustified(end, &messages::outcome::objective_has_pole(1)),
            None if goals.minima.is_empty() && goals.source != MinimaSource::OpenSearch => {
                unjustified(end, messages::outcome::no_minimum_to_compare())
            }
            Some((_, known)) => match known.site {
                Site::Edge => Verdict::Boundary,
                Site::Jump => Verdict::Jump,
                Site::Interior => Verdict::Local,
            },
            // values within rounding are equal for a search, and a maximum may be that flat
            None if self.vicinity.falls_a_little(low, NEAR) => {
                unjustified(end, messages::outcome::too_flat())
            }
            None if low.is_jump => Verdict::Jump,
            None if low.is_edge => Verdict::Boundary,
            None => Verdict::Local,
        };
    }
}

/// The unknown verdict, with its reason.
fn unjustified(end: &mut Outcome, reason: &str) -> Verdict {
    end.reason = Some(reason.to_owned());
    Verdict::Unknown
}

fn length(slope: &[f64]) -> f64 {
    slope.iter().map(|one| one * one).sum::<f64>().sqrt()
}
