//! Samples with classes and their linear softmax model: images of ten classes, or dense rows of any number.

use super::dense_softmax::DenseRows;
use super::softmax::LabelledImages;
use crate::data::CLASSES;
use crate::numerics::{Nilpotent, WorkToken};

/// Samples with classes.
#[derive(Clone, Debug)]
pub(super) enum LabelledSamples {
    /// Images of ten classes, of which only pixels that are not zero are stored.
    Images(LabelledImages),
    /// Images of more classes, with their width, or rows of a table.
    Rows(DenseRows, Option<usize>),
}

impl LabelledSamples {
    /// A selection of the rows, in the given order.
    pub(super) fn some(&self, rows: &[usize]) -> Self {
        match self {
            Self::Images(images) => Self::Images(images.some(rows)),
            Self::Rows(dense, width) => Self::Rows(dense.some(rows), *width),
        }
    }

    /// The same rows with other classes.
    pub(super) fn labelled(&self, labels: &[u8]) -> Self {
        match self {
            Self::Images(images) => Self::Images(images.labelled(labels)),
            Self::Rows(dense, width) => Self::Rows(dense.labelled(labels), *width),
        }
    }

    /// The class of each row.
    pub(super) fn labels(&self) -> &[u8] {
        match self {
            Self::Images(images) => &images.labels,
            Self::Rows(dense, _) => &dense.labels,
        }
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.labels().len()
    }

    /// The number of classes.
    pub(super) fn classes(&self) -> usize {
        match self {
            Self::Images(_) => CLASSES,
            Self::Rows(dense, _) => dense.classes(),
        }
    }

    /// The length of Θ and b together.
    pub(super) fn parameters(&self) -> usize {
        match self {
            Self::Images(images) => images.parameters(),
            Self::Rows(dense, _) => (dense.features() + 1) * dense.classes(),
        }
    }

    /// The width of an image in pixels; `None` for rows of a table.
    pub(super) fn width(&self) -> Option<usize> {
        match self {
            Self::Images(images) => Some(images.width()),
            Self::Rows(_, width) => *width,
        }
    }

    /// The pixels of one image from 0 to 1.
    pub(super) fn image(&self, row: usize) -> Vec<f32> {
        match self {
            Self::Images(images) => images.image(row),
            Self::Rows(dense, _) => {
                // standardized pixels are brought back to a range that pictures show
                let pixels = dense.row(row).iter().copied();
                let [low, high] = pixels
                    .clone()
                    .fold([f64::MAX, f64::MIN], |[low, high], pixel| {
                        [low.min(pixel), high.max(pixel)]
                    });
                let span = (high - low).max(f64::MIN_POSITIVE);
                pixels.map(|pixel| ((pixel - low) / span) as f32).collect()
            }
        }
    }

    /// The cross-entropy of each row; fewer once the token is cancelled.
    pub(super) fn losses(&self, parameters: &[f64], token: &WorkToken) -> Vec<f64> {
        match self {
            Self::Images(images) => images.losses(parameters, token),
            Self::Rows(dense, _) => dense.losses(parameters, token),
        }
    }

    /// Adds the weighted sum of the rows' gradients to `out` and returns the weighted sum of their losses.
    pub(super) fn gradient(
        &self,
        parameters: &[f64],
        weight: impl Fn(usize) -> f64 + Sync,
        out: &mut [f64],
        token: &WorkToken,
    ) -> f64 {
        match self {
            Self::Images(images) => images.gradient(parameters, weight, out, token),
            Self::Rows(dense, _) => dense.gradient(parameters, weight, out, token),
        }
    }

    /// Adds the weighted sum of the rows' Hessians times a direction to `out`.
    pub(super) fn curvature(
        &self,
        point_and_direction: [&[f64]; 2],
        weight: impl Fn(usize) -> f64 + Sync,
        out: &mut [f64],
        token: &WorkToken,
    ) {
        match self {
            Self::Images(images) => images.curvature(point_and_direction, weight, out, token),
            Self::Rows(dense, _) => dense.curvature(point_and_direction, weight, out, token),
        }
    }

    /// The derivative of each row's loss along a direction; fewer once the token is cancelled.
    pub(super) fn slopes(
        &self,
        parameters: &[f64],
        direction: &[f64],
        token: &WorkToken,
    ) -> Vec<f64> {
        match self {
            Self::Images(images) => images.slopes(parameters, direction, token),
            Self::Rows(dense, _) => dense.slopes(parameters, direction, token),
        }
    }

    /// The mean cross-entropy, and the share of rows whose class is the likeliest.
    pub(super) fn score(&self, parameters: &[f64], token: &WorkToken) -> [f64; 2] {
        match self {
            Self::Images(images) => images.score(parameters, token),
            Self::Rows(dense, _) => dense.score(parameters, token),
        }
    }

    /// The likeliest class of each row; fewer once the token is cancelled.
    pub(super) fn likeliest(&self, parameters: &[f64], token: &WorkToken) -> Vec<usize> {
        match self {
            Self::Images(images) => images.classes(parameters, token),
            Self::Rows(dense, _) => dense.likeliest(parameters, token),
        }
    }

    /// The cross-entropy of one row over numbers that carry derivatives.
    pub(super) fn lifted_loss(&self, row: usize, parameters: &[Nilpotent]) -> Nilpotent {
        match self {
            Self::Images(images) => images.lifted_loss(row, parameters),
            Self::Rows(dense, _) => dense.lifted_loss(row, parameters),
        }
    }
}
