//! Rectangles of labels and marks in pixels, and segments in them.

use super::shapes::Rect;

/// The distance between two rectangles; 0 if they meet.
pub(crate) fn gap(a: Rect, b: Rect) -> f32 {
    let [dx, dy] = [0, 1].map(|axis| {
        (a.min[axis] - b.max[axis])
            .max(b.min[axis] - a.max[axis])
            .max(0.0)
    });
    dx.hypot(dy)
}

/// The rectangle that a label covers, from the left end of its baseline.
pub(crate) fn area([x, y]: [f32; 2], [width, size]: [f32; 2]) -> Rect {
    Rect {
        min: [x, y - 0.86 * size],
        max: [x + width, y + 0.3 * size],
    }
}

/// The rectangle that a label keeps free of other labels and marks: its letters reach a little beyond [`area`].
pub(crate) fn clearance(area: Rect) -> Rect {
    const BESIDE: f32 = 4.0;
    const BETWEEN_LINES: f32 = 2.0;
    Rect {
        min: [area.min[0] - BESIDE, area.min[1] - BETWEEN_LINES],
        max: [area.max[0] + BESIDE, area.max[1] + BETWEEN_LINES],
    }
}

/// The least rectangle that a label keeps free of another one: letters of both reach beyond their areas at the sides.
pub(crate) fn beside(area: Rect) -> Rect {
    const BOTH: f32 = 2.0;
    Rect {
        min: [area.min[0] - BOTH, area.min[1]],
        max: [area.max[0] + BOTH, area.max[1]],
    }
}

/// True if a label lies within a plot, with its slanted letters.
pub(crate) fn fits(plot: Rect, label: Rect) -> bool {
    const SLANT: f32 = 3.0;
    plot.contains([label.min[0] - SLANT, label.min[1]])
        && plot.contains([label.max[0] + SLANT, label.max[1]])
}

pub(crate) fn overlap(a: Rect, b: Rect) -> bool {
    (0..2).all(|axis| a.min[axis] < b.max[axis] && b.min[axis] < a.max[axis])
}

/// The rectangle around a position.
pub(crate) fn around([x, y]: [f32; 2], [dx, dy]: [f32; 2]) -> Rect {
    Rect {
        min: [x - dx, y - dy],
        max: [x + dx, y + dy],
    }
}

/// The part of a segment within a rectangle.
pub(crate) fn inside(ends: [[f32; 2]; 2], near: Rect) -> Option<[[f32; 2]; 2]> {
    let [from, to] = ends.map(|end| end.map(f64::from));
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let step = to[axis] - from[axis];
        let [low, high] = [near.min[axis], near.max[axis]].map(f64::from);
        if step == 0.0 {
            if from[axis] < low || from[axis] > high {
                return None;
            }
            continue;
        }
        let shares = [(low - from[axis]) / step, (high - from[axis]) / step];
        first = first.max(shares[0].min(shares[1]));
        last = last.min(shares[0].max(shares[1]));
    }
    let at = |share: f64| [0, 1].map(|axis| (from[axis] + share * (to[axis] - from[axis])) as f32);
    // ends that are inside stay the same to the bit, so that pieces join
    (first <= last).then(|| {
        [
            if first == 0.0 { ends[0] } else { at(first) },
            if last == 1.0 { ends[1] } else { at(last) },
        ]
    })
}
