//! Curves of a level's objective along its own variable, to be drawn and interpolated.

use std::sync::Arc;

use bilevel::study::Slice;

/// Curves of a level's objective in one column.
#[derive(Clone, Debug, Default)]
pub struct Curves {
    /// The objective with deeper levels re-solved, as pieces.
    pub(crate) reduced: Arc<Vec<Vec<[f64; 2]>>>,
    /// The objective with all other variables held fixed.
    pub(crate) held: Vec<[f64; 2]>,
    /// The solution and the objective there.
    pub(crate) at: [f64; 2],
}

impl Curves {
    /// The curves of a slice.
    pub fn new(slice: Slice) -> Self {
        Self {
            reduced: Arc::new(slice.reduced),
            held: slice.held,
            at: slice.at,
        }
    }

    /// True if there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.reduced.is_empty() && self.held.is_empty()
    }

    /// The objective at a value of its variable, interpolated linearly between samples; `None` where there is none.
    pub fn height(&self, x: f64) -> Option<f64> {
        let pairs = self.reduced.iter().flat_map(|piece| piece.windows(2));
        let (left, right) = pairs
            .map(|pair| (pair[0], pair[1]))
            .find(|(left, right)| left[0] <= x && x <= right[0])?;
        let share = (x - left[0]) / (right[0] - left[0]).max(f64::MIN_POSITIVE);
        Some(left[1] + share * (right[1] - left[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_samples_a_curve_is_straight_and_between_pieces_there_is_none() {
        let reduced = vec![vec![[0.0, 1.0], [2.0, 3.0]], vec![[4.0, 0.0], [5.0, 0.0]]];
        let curves = Curves::new(Slice {
            reduced,
            ..Slice::default()
        });
        assert_eq!(curves.height(0.5), Some(1.5));
        assert_eq!(curves.height(2.0), Some(3.0));
        assert_eq!(curves.height(3.0), None);
        assert_eq!(curves.height(f64::NAN), None);
    }
}
