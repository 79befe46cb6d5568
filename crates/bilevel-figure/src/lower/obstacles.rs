//! Curves that labels keep off, and the choice of a label's place among them.

use super::rects::{area, gap, inside};
use super::shapes::Rect;

/// The least distance of a label from curves, in pixels.
const OFF_CURVE: f32 = 1.5;

/// A few points of a curve with their bounding box.
#[derive(Debug)]
pub(crate) struct CurvePiece {
    pub(crate) points: Vec<[f32; 2]>,
    pub(crate) extent: Rect,
}

/// The curves of a figure in pixels.
#[derive(Debug, Default)]
pub(crate) struct LabelObstacles {
    /// The neutral curves, which labels keep away from.
    pub(crate) curves: Vec<CurvePiece>,
    /// The lines and paths of the runs, a few points of each, which labels avoid where they can. They are whole, so that no
    /// label moves with the playhead.
    pub(crate) runs: Vec<CurvePiece>,
}

/// A place of a label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LabelPlace {
    /// The left end of the baseline.
    pub(crate) at: [f32; 2],
    /// True if a curve crosses it, so that the label needs a ground.
    pub(crate) is_crossed: bool,
    /// The line from a label that is not nearest to what it names, to the edge of that.
    pub(crate) leader: Option<[[f32; 2]; 2]>,
}

impl LabelPlace {
    /// A place that no curve crosses.
    pub(crate) const fn free(at: [f32; 2]) -> Self {
        Self {
            at,
            is_crossed: false,
            leader: None,
        }
    }
}

impl LabelObstacles {
    /// True if a neutral curve goes through a rectangle.
    pub(crate) fn is_on_curve(&self, rect: Rect) -> bool {
        crossed(&self.curves, rect) > 0.0
    }

    /// The place for a label of some width and height: the first that no curve crosses, else the one that the curves cross the
    /// least, neutral ones before those of runs.
    pub(crate) fn best(
        &self,
        places: impl IntoIterator<Item = [f32; 2]>,
        measures: [f32; 2],
    ) -> Option<LabelPlace> {
        let best = self.best_of(places, |at| area(*at, measures));
        best.map(|(at, is_crossed)| LabelPlace {
            is_crossed,
            ..LabelPlace::free(at)
        })
    }

    /// The same for places of any kind with their rectangles, and true if a curve crosses it.
    pub(crate) fn best_of<P: Copy>(
        &self,
        places: impl IntoIterator<Item = P>,
        rect_of: impl Fn(&P) -> Rect,
    ) -> Option<(P, bool)> {
        let mut best: Option<([f32; 2], P)> = None;
        for place in places {
            let own = rect_of(&place);
            let room = Rect {
                min: own.min.map(|end| end - OFF_CURVE),
                max: own.max.map(|end| end + OFF_CURVE),
            };
            let lengths = [&self.curves, &self.runs].map(|pieces| crossed(pieces, room));
            if best.as_ref().is_none_or(|(least, _)| lengths < *least) {
                best = Some((lengths, place));
            }
            if lengths == [0.0; 2] {
                break;
            }
        }
        best.map(|(lengths, place)| (place, lengths != [0.0; 2]))
    }
}

/// The length of the curves within a rectangle.
fn crossed(pieces: &[CurvePiece], rect: Rect) -> f32 {
    let near = pieces.iter().filter(|piece| gap(rect, piece.extent) == 0.0);
    let segments = near.flat_map(|piece| piece.points.windows(2));
    let parts = segments.filter_map(|pair| inside([pair[0], pair[1]], rect));
    parts
        .map(|[from, to]| (to[0] - from[0]).hypot(to[1] - from[1]))
        .sum()
}

/// The pieces of a curve; each begins with the last point of the one before.
pub(crate) fn pieces(curve: &[[f32; 2]]) -> impl Iterator<Item = CurvePiece> {
    const POINTS: usize = 32;
    let starts = (0..curve.len().saturating_sub(1)).step_by(POINTS);
    starts.map(|start| {
        let points = &curve[start..curve.len().min(start + POINTS + 1)];
        CurvePiece {
            extent: extent(points),
            points: points.to_vec(),
        }
    })
}

/// The distance of a piece of a curve from a rectangle; 0 if it meets the rectangle.
pub(crate) fn distance(rect: Rect, piece: &CurvePiece) -> f32 {
    let segments = piece.points.windows(2);
    let distances = segments.map(|pair| off_segment(rect, [pair[0], pair[1]]));
    distances.fold(f32::INFINITY, f32::min)
}

/// The distance of a segment from a rectangle; 0 if they meet.
fn off_segment(rect: Rect, ends: [[f32; 2]; 2]) -> f32 {
    if inside(ends, rect).is_some() {
        return 0.0;
    }
    let of_ends = ends.map(|at| gap(rect, Rect { min: at, max: at }));
    let of_corners = rect.corners().into_iter().map(|at| to_segment(at, ends));
    of_corners.chain(of_ends).fold(f32::INFINITY, f32::min)
}

/// The distance of a position from a segment.
pub(crate) fn to_segment(at: [f32; 2], [from, to]: [[f32; 2]; 2]) -> f32 {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let along = (at[0] - from[0]) * dx + (at[1] - from[1]) * dy;
    let share = (along / (dx * dx + dy * dy).max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    (at[0] - from[0] - share * dx).hypot(at[1] - from[1] - share * dy)
}

/// The bounding box of a curve.
fn extent(curve: &[[f32; 2]]) -> Rect {
    let of = |axis: usize| curve.iter().map(move |at| at[axis]);
    Rect {
        min: [0, 1].map(|axis| of(axis).fold(f32::INFINITY, f32::min)),
        max: [0, 1].map(|axis| of(axis).fold(f32::NEG_INFINITY, f32::max)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obstacles(curve: &[[f32; 2]]) -> LabelObstacles {
        LabelObstacles {
            curves: pieces(curve).collect(),
            runs: Vec::new(),
        }
    }

    #[test]
    fn a_label_keeps_off_a_segment_between_its_points() {
        // the points and the midpoint of the segment are all far from the label
        let across = obstacles(&[[0.0, 0.0], [400.0, 300.0]]);
        let measures = [40.0, 12.0];
        let on_it = [80.0, 80.0];
        assert!(across.is_on_curve(area(on_it, measures)));
        let off_it = [80.0, 200.0];
        let chosen = across.best([on_it, off_it], measures);
        assert_eq!(chosen, Some(LabelPlace::free(off_it)));
        let forced = across.best([on_it], measures);
        assert!(forced.is_some_and(|place| place.is_crossed));
        assert_eq!(across.best([], measures), None);
    }

    #[test]
    fn a_curve_is_as_far_from_a_label_as_its_nearest_part() {
        let rect = Rect {
            min: [0.0, 0.0],
            max: [10.0, 10.0],
        };
        for (curve, expected) in [
            ([[-100.0, 14.0], [200.0, 14.0]], 4.0),
            ([[20.0, 10.0], [10.0, 20.0]], 50.0_f32.sqrt()),
            ([[-5.0, 5.0], [15.0, 5.0]], 0.0),
        ] {
            let piece = pieces(&curve).next().expect("a curve has a piece");
            assert!(
                (distance(rect, &piece) - expected).abs() < 1e-4,
                "{curve:?}"
            );
        }
    }
}
