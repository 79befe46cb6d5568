//! Pictures of hyper-cleaning: the weights of right and of wrong labels, the images of the smallest weights, and the model.

use super::labelled_samples::LabelledSamples;
use crate::numerics::WorkToken;
use crate::problem::{Gallery, Histogram, HistogramGroup, Tile, Visual};

/// The number of suspicious images shown, and of columns for them.
const SUSPECTS: usize = 24;
const COLUMNS: usize = 8;
/// The most columns for the classes of the model.
const MOST_COLUMNS: usize = 10;

/// A point of the problem, with the data that its pictures need.
pub(super) struct Cleaning<'a> {
    pub(super) train: &'a LabelledSamples,
    /// For each training sample, true if its label was not changed.
    pub(super) unchanged: &'a [bool],
    pub(super) weights: &'a [f64],
    pub(super) theta: &'a [f64],
}

impl Cleaning<'_> {
    /// The three pictures, or the first for samples that are no images; empty once the token is cancelled.
    pub(super) fn visuals(&self, token: &WorkToken) -> Vec<Visual> {
        let losses = self.train.losses(self.theta, token);
        let likely = self.train.likeliest(self.theta, token);
        if losses.len() != self.unchanged.len() || likely.len() != losses.len() {
            return Vec::new();
        }
        let mut visuals = vec![Visual::Histogram(self.spread())];
        if let Some(width) = self.train.width() {
            visuals.push(Visual::Gallery(self.suspects(&losses, &likely, width)));
            visuals.push(Visual::Gallery(self.model(width)));
        }
        visuals
    }

    fn spread(&self) -> Histogram {
        let group = |name, is_right| {
            let pairs = self.weights.iter().zip(self.unchanged);
            let own = pairs.filter(|(_, unchanged)| **unchanged == is_right);
            HistogramGroup {
                name,
                values: own.map(|(weight, _)| *weight).collect(),
            }
        };
        Histogram {
            title: "Weights of the samples".to_owned(),
            remark: "samples with right and with wrong labels".to_owned(),
            quantity: "weight $v_i$".to_owned(),
            range: [0.0, 1.0],
            groups: vec![group("right labels", true), group("wrong labels", false)],
        }
    }

    /// The images with the smallest weights; of equal ones, those with the largest loss of the given label.
    fn suspects(&self, losses: &[f64], likely: &[usize], width: usize) -> Gallery {
        let mut order: Vec<usize> = (0..self.weights.len()).collect();
        order.sort_by(|&a, &b| {
            let by_weight = self.weights[a].total_cmp(&self.weights[b]);
            by_weight.then(losses[b].total_cmp(&losses[a]))
        });
        order.truncate(SUSPECTS);
        let wrong = order.iter().filter(|&&row| !self.unchanged[row]).count();
        let are_equal = self.weights.iter().all(|weight| *weight == self.weights[0]);
        // by what the images are sorted: before the first step no weight is smaller than another
        let title = if are_equal {
            "Largest losses (all weights are equal)"
        } else {
            "Smallest weights"
        };
        Gallery {
            title: title.to_owned(),
            remark: format!(
                "given → likely label; {wrong} of these {} labels are wrong",
                order.len()
            ),
            columns: COLUMNS,
            width,
            is_signed: false,
            tiles: order
                .iter()
                .map(|&row| Tile {
                    caption: format!("{} → {}", self.train.labels()[row], likely[row]),
                    is_marked: self.unchanged[row],
                    pixels: self.train.image(row),
                })
                .collect(),
        }
    }

    /// The pixel weights of each class, without the bias.
    fn model(&self, width: usize) -> Gallery {
        let classes = self.train.classes();
        let pixels = self.theta.chunks_exact(classes);
        let pixels = pixels.clone().take(pixels.len().saturating_sub(1));
        Gallery {
            title: "The model $Θ$".to_owned(),
            remark: "weights for each class and against it".to_owned(),
            columns: classes.min(MOST_COLUMNS),
            width,
            is_signed: true,
            tiles: (0..classes)
                .map(|class| Tile {
                    caption: class.to_string(),
                    is_marked: false,
                    pixels: pixels.clone().map(|row| row[class] as f32).collect(),
                })
                .collect(),
        }
    }
}
