//! The reaction curve in a plane with all that belongs to it: the lower-level solution, the branches beside it, its
//! jumps, and the reduced objective over the horizontal axis.

use std::sync::Arc;

use super::curves::reaction_curve;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Coordinate, Problem};
use crate::referee::{Branches, Jump, ReducedCurve, StationaryKind, branches, reduced_curve};

/// Curves, shared with pictures.
pub type Pieces = Arc<Vec<Vec<[f64; 2]>>>;

/// The lower-level solution in a plane, with its branches and jumps.
#[derive(Clone, Debug, Default)]
pub struct Reaction {
    /// The solution; among ties the one that is best for the leader.
    pub track: Pieces,
    /// Other solutions that are as good for the follower.
    pub tied: Pieces,
    /// Other local minima of the follower's objective.
    pub local: Pieces,
    /// Local maxima of the follower's objective.
    pub maxima: Pieces,
    /// The points at which a minimum and a maximum meet.
    pub folds: Arc<Vec<[f64; 2]>>,
    /// Both ends of each jump of the solution.
    pub jumps: Arc<Vec<[[f64; 2]; 2]>>,
    /// The reduced objective over the horizontal axis, without its pieces, which are the next two fields.
    pub reduced_curve: Option<ReducedCurve>,
    /// The pieces of the reduced objective.
    pub reduced: Pieces,
    /// The pieces in the leader's worst case, where that differs.
    pub pessimistic: Pieces,
}

/// The lower-level solution in a plane of the leader's only variable and one of a level below.
///
/// All branches are included if both levels have one variable, and the reduced objective if the leader's variable is
/// the horizontal axis.
///
/// `base` has the starting points for solving nested levels. Empty in other planes, and once the token is cancelled.
pub fn reaction(
    problem: &dyn Problem,
    axes: [Coordinate; 2],
    base: &Point,
    range: [[f64; 2]; 2],
    samples: usize,
    token: &WorkToken,
) -> Reaction {
    let mut reaction = Reaction::default();
    if axes[0].level == 1 {
        reaction.reduced_curve = reduced_curve(problem, base, range[0], samples, token);
    }
    if let Some(curve) = &mut reaction.reduced_curve {
        reaction.reduced = Arc::new(std::mem::take(&mut curve.pieces));
        reaction.pessimistic = Arc::new(std::mem::take(&mut curve.pessimistic));
    }
    let upper = axes.iter().position(|axis| axis.level == 1);
    let traced = match upper {
        Some(upper) if axes[1 - upper].level != 1 => {
            let ranges = [range[upper], range[1 - upper]];
            branches(problem, ranges, samples, token).map(|branches| (branches, upper == 0))
        }
        _ => None,
    };
    if let Some((branches, is_upright)) = traced {
        reaction.take(&branches, is_upright);
    } else {
        reaction.track = Arc::new(reaction_curve(problem, axes, range, samples, token));
        let jumps = reaction.reduced_curve.iter().flat_map(|curve| &curve.jumps);
        let shape = problem.metadata().shape();
        let place = axes[1]
            .level
            .checked_sub(2)
            .map(|_| shape.range(axes[1].level).start + axes[1].index - shape.range(1).end);
        let height = range[1][1] - range[1][0];
        let ends = jumps.filter_map(|jump| ends(jump, place?));
        let seen = ends.filter(|[from, to]| (to[1] - from[1]).abs() > SEEN * height);
        reaction.jumps = Arc::new(seen.collect());
    }
    reaction
}

/// A jump lower than this share of the picture is not drawn.
const SEEN: f64 = 0.01;

fn ends(jump: &Jump, place: usize) -> Option<[[f64; 2]; 2]> {
    let [from, to] = &jump.answers;
    Some([[jump.x, *from.get(place)?], [jump.x, *to.get(place)?]])
}

impl Reaction {
    /// Takes over branches, oriented as the plane is.
    fn take(&mut self, branches: &Branches, is_upright: bool) {
        let place = |[x, y]: [f64; 2]| if is_upright { [x, y] } else { [y, x] };
        let of_kind = |kind: StationaryKind| {
            let stretches = branches.stretches.iter();
            let of_kind = stretches.filter(|stretch| stretch.kind == kind);
            let placed = of_kind.map(|it| it.points.iter().copied().map(place).collect());
            Arc::new(placed.collect())
        };
        self.track = of_kind(StationaryKind::Chosen);
        self.tied = of_kind(StationaryKind::Tied);
        self.local = of_kind(StationaryKind::Local);
        self.maxima = of_kind(StationaryKind::Maximum);
        self.folds = Arc::new(branches.folds.iter().copied().map(place).collect());
        let ends = |x: f64, y: [f64; 2]| y.map(|y| place([x, y]));
        let leaps = branches.leaps.iter();
        self.jumps = Arc::new(leaps.map(|leap| ends(leap.x, leap.y)).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, Settings};
    use std::f64::consts::{FRAC_PI_2, TAU};

    const UPPER: Coordinate = Coordinate { level: 1, index: 0 };
    const LOWER: Coordinate = Coordinate { level: 2, index: 0 };

    fn of(id: &str, axes: [Coordinate; 2], range: [[f64; 2]; 2], samples: usize) -> Reaction {
        let entry = problem::find(id).unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let base = &problem.metadata().start;
        reaction(&*problem, axes, base, range, samples, &WorkToken::default())
    }

    fn phi(id: &str, x: [f64; 2], samples: usize) -> Pieces {
        of(id, [UPPER, LOWER], [x, [-11.0, 11.0]], samples).reduced
    }

    #[test]
    fn the_reduced_objective_of_a_tame_follower_is_one_curve() {
        let pieces = phi("valleys", [-9.0, 9.0], 101);
        assert_eq!(pieces.len(), 1);
        assert_eq!(pieces[0].len(), 101);
        assert_eq!((pieces[0][0][0], pieces[0][100][0]), (-4.0, 4.0));
        for [x, phi] in &pieces[0] {
            let expected = 0.1 * (x - 1.0) * (x - 1.0) + (3.0 * x).sin();
            assert!((phi - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_reduced_objective_is_cut_at_the_kink_where_the_answer_jumps() {
        for samples in [100, 101] {
            let pieces = phi("minimax", [-6.0, 6.0], samples);
            assert_eq!(pieces.len(), 2);
            assert!(
                pieces
                    .iter()
                    .flatten()
                    .all(|[v, phi]| *phi == 10.0 * v.abs())
            );
            assert!(pieces[0].last().unwrap()[0].abs() < 1e-6);
        }
        let pieces = phi("sine", [-6.0, 8.0], 300);
        assert_eq!(pieces.len(), 3);
        for [x, phi] in pieces.iter().flatten() {
            let nearest = (0..4)
                .map(|k| (TAU * f64::from(k - 1) - FRAC_PI_2 - x - 2.0).powi(2))
                .fold(f64::INFINITY, f64::min);
            assert!((phi - (x - 2.0) * (x - 2.0) - nearest).abs() < 1e-9);
        }
    }

    #[test]
    fn a_plane_on_its_side_has_the_same_branches_and_no_reduced_objective() {
        let ranges = [[-6.0, 8.0], [-6.0, 12.0]];
        let upright = of("sine", [UPPER, LOWER], ranges, 100);
        let lying = of("sine", [LOWER, UPPER], [ranges[1], ranges[0]], 100);
        assert!(upright.track.len() == 3 && upright.jumps.len() == 2);
        assert!(!upright.tied.is_empty() && !upright.maxima.is_empty());
        let turned = |pieces: &Pieces| -> Vec<Vec<[f64; 2]>> {
            let turn = |piece: &Vec<[f64; 2]>| piece.iter().map(|[x, y]| [*y, *x]).collect();
            pieces.iter().map(turn).collect()
        };
        assert_eq!(turned(&upright.track), *lying.track);
        assert_eq!(turned(&upright.tied), *lying.tied);
        assert!(lying.reduced_curve.is_none() && lying.reduced.is_empty());
    }

    #[test]
    fn several_levels_have_their_answer_and_a_reduced_objective_but_no_branches() {
        let found = of("tri-sin", [UPPER, LOWER], [[-4.0, 4.0], [-4.0, 4.0]], 60);
        assert!(!found.track.is_empty() && found.local.is_empty());
        assert_eq!(found.reduced_curve.unwrap().minima.len(), 2);
    }
}
