//! Hit test: the iterate drawn near a pixel, and the ring around it in every picture.

use std::iter::{Chain, StepBy};
use std::ops::Range;

use super::scene::Scene;
use crate::{Figure, Layer, Line, Path, RunTag, Symbol};

/// An iterate of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The run.
    pub tag: RunTag,
    /// The row of the trace.
    pub row: usize,
}

/// The iterate drawn nearest to a pixel, at most `reach` pixels away.
pub fn nearest(figure: &Figure<'_>, scene: &Scene, pixel: [f32; 2], reach: f32) -> Option<Hit> {
    let distance = |point: Option<[f64; 2]>| {
        let [x, y] = scene.transform.pixel(point?);
        let distance = (x - pixel[0]).hypot(y - pixel[1]);
        (distance <= reach).then_some(distance)
    };
    let mut best: Option<(f32, Hit)> = None;
    let mut offer = |distance: Option<f32>, tag: RunTag, row: usize| {
        if let Some(distance) = distance
            && best.is_none_or(|(other, _)| distance < other)
        {
            best = Some((distance, Hit { tag, row }));
        }
    };
    for layer in &figure.layers {
        match layer {
            Layer::Line(line) => {
                let Some(tag) = line.tag else { continue };
                for row in rows_near(line, scene, pixel, reach) {
                    offer(distance(line.point(row)), tag, row);
                }
            }
            Layer::Path(path) => {
                for row in points_on_screen(path) {
                    offer(distance(path.point(row)), path.tag, row);
                }
            }
            Layer::Trail(trail) => {
                for (row, point) in trail.rows.iter().zip(&trail.points) {
                    offer(distance(Some(*point)), trail.tag, *row);
                }
            }
            _ => {}
        }
    }
    best.map(|(_, hit)| hit)
}

/// About the number of rows of a line that are tested near a pixel.
const ROWS: usize = 400;

/// The rows of a line horizontally within reach; every n-th if there are very many.
fn rows_near(line: &Line<'_>, scene: &Scene, pixel: [f32; 2], reach: f32) -> StepBy<Range<usize>> {
    let [low, _] = scene.transform.value([pixel[0] - reach, pixel[1]]);
    let [high, _] = scene.transform.value([pixel[0] + reach, pixel[1]]);
    let rows = line.len();
    let first = line.x[..rows].partition_point(|&cost| cost < low);
    let first = first.max(line.from);
    let last = line.x[..rows].partition_point(|&cost| cost <= high);
    (first..last).step_by((last.saturating_sub(first) / ROWS).max(1))
}

fn points_on_screen(path: &Path<'_>) -> Chain<Range<usize>, StepBy<Range<usize>>> {
    let (count, stride) = (path.len(), path.stride_on_screen());
    let head = Path::HEAD.min(count);
    let from = path.from;
    let rest = head + from.saturating_sub(head).next_multiple_of(stride);
    (from..head.max(from)).chain((rest..count.max(rest)).step_by(stride))
}

impl Figure<'_> {
    /// Adds a ring around an iterate, wherever the picture shows its run.
    pub fn ring(&mut self, hit: Hit) {
        let places: Vec<_> = self
            .layers
            .iter()
            .filter_map(|layer| match layer {
                Layer::Line(line) if line.tag == Some(hit.tag) => {
                    Some((line.point(hit.row)?, line.style))
                }
                Layer::Path(path) if path.tag == hit.tag && path.opacity >= 1.0 => {
                    Some((path.point(hit.row)?, path.style))
                }
                Layer::Trail(trail) if trail.tag == hit.tag && trail.opacity >= 1.0 => {
                    Some((trail.point(hit.row)?, trail.style))
                }
                _ => None,
            })
            .collect();
        for (at, style) in places {
            self.layers.push(Layer::Mark {
                at,
                symbol: Symbol::Ring(style),
                label: String::new(),
            });
        }
    }
}
