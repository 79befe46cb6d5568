//! The penalty surface f + γ q over leader and follower, the path of its minimizer as γ grows, and its longest safe
//! step.

use std::sync::Arc;

use bilevel::problem::Metadata;
use bilevel::study::{PENALTIES, PathSample, is_plane};

use super::landscape::{Backdrop, LandscapeData, RunPath, landscape};
use crate::{Axis, AxisScale, Figure, Layer, Symbol, Theme, brief, significant};

/// Overlay of a penalty surface.
#[derive(Clone, Copy, Debug)]
pub struct PenaltyOverlay<'a> {
    /// The penalty γ.
    pub gamma: f64,
    /// The contours of f + γ q, and the reaction curve.
    pub backdrop: &'a Backdrop,
    /// The minimizers for increasing γ.
    pub path_samples: &'a [PathSample],
}

/// The surface with the path of its minimizers, and the longest safe step over γ.
pub fn penalty<'a>(
    subject: LandscapeData<'_>,
    shown: PenaltyOverlay<'_>,
    range: [[f64; 2]; 2],
    paths: &[RunPath<'a>],
    theme: Theme,
) -> [Figure<'a>; 2] {
    if !is_plane(subject.metadata) {
        return [refusal(subject.metadata), steps(shown)];
    }
    let is_across = subject.plane.horizontal.level == 1;
    let place = |[x, y]: [f64; 2]| if is_across { [x, y] } else { [y, x] };
    let mut figure = landscape(subject, shown.backdrop, range, paths, theme);
    "**Penalty**".clone_into(&mut figure.title);
    figure.subtitle = format!(
        "contours of $f + γ\\, q$ where $γ = {}$",
        brief(shown.gamma, 3)
    );
    figure.is_equal = false;
    if let Some(now) = PathSample::between(shown.path_samples, shown.gamma) {
        figure.layers.push(Layer::Beads {
            points: shown
                .path_samples
                .iter()
                .map(|path_sample| place(path_sample.at))
                .collect(),
            at: place(now.at),
            until: shown
                .path_samples
                .partition_point(|path_sample| path_sample.gamma <= shown.gamma),
        });
    }
    [figure, steps(shown)]
}

/// A figure with the reason why there is no picture.
fn refusal<'a>(metadata: &Metadata) -> Figure<'a> {
    let shape = metadata.shape();
    let has: Vec<String> = (1..=shape.levels())
        .map(|level| shape.size(level).to_string())
        .collect();
    let words = format!(
        "This view needs a leader and a follower with one variable each; here the levels have {}",
        has.join(" + ")
    );
    let axis = |label: &str| Axis {
        label: label.to_owned(),
        scale: AxisScale::Linear,
        range: [0.0, 1.0],
        has_gutter: false,
        ticks: Vec::new(),
        is_bare: true,
    };
    Figure {
        title: "**Penalty**".to_owned(),
        subtitle: "$f + γ\\, q$ over leader and follower".to_owned(),
        x: axis(""),
        y: axis(""),
        is_equal: false,
        has_axes: true,
        layers: vec![Layer::Note(words)],
        foot: None,
    }
}

/// The longest safe step 1/L of gradient descent on the surface over γ, with L the largest curvature at the minimizer.
fn steps<'a>(shown: PenaltyOverlay<'_>) -> Figure<'a> {
    let limit = |path_sample: &PathSample| 1.0 / path_sample.steepest;
    let now = PathSample::between(shown.path_samples, shown.gamma);
    let smooth = shown
        .path_samples
        .iter()
        .filter(|path_sample| path_sample.steepest.is_finite());
    let points: Vec<[f64; 2]> = smooth
        .map(|path_sample| [path_sample.gamma, limit(path_sample)])
        .collect();
    let limits = || points.iter().map(|point| point[1]);
    let [low, high] = [
        limits().fold(f64::INFINITY, f64::min),
        limits().fold(0.0, f64::max),
    ];
    let mut layers = Vec::new();
    match now {
        None => layers.push(Layer::Note("no minimizer is known yet".to_owned())),
        Some(now) if now.steepest.is_infinite() => layers.push(Layer::Note(
            "no step is safe: the minimizer lies at a kink, where the solution jumps".to_owned(),
        )),
        Some(now) => layers.push(Layer::Mark {
            at: [shown.gamma, limit(&now)],
            symbol: Symbol::Answer,
            label: format!("${}$", significant(limit(&now), 3)),
        }),
    }
    layers.insert(0, Layer::Track(Arc::new(vec![points])));
    Figure {
        title: "Longest safe step $1/L$".to_owned(),
        subtitle: "$L$: the largest curvature of $f + γ\\, q$ at its minimizer".to_owned(),
        x: Axis::new("penalty $γ$", AxisScale::Log, PENALTIES),
        y: Axis::new(String::new(), AxisScale::Log, [0.5 * low, 2.0 * high]),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}
