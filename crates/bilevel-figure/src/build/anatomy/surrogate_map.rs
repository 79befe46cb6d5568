//! The function that a penalty or barrier method descends, over the plane of the landscape.

use std::sync::Arc;

use bilevel::problem::{Coordinate, Metadata};
use bilevel::study::SurrogatePlane;

use super::symbols::in_symbols;
use super::{ProblemStep, StepSubject, step_axes};
use crate::{ArrowInk, Axis, Figure, Layer, Relief, Symbol};

/// A sampled surrogate.
#[derive(Clone, Debug)]
pub(crate) struct SurrogateMap {
    formula: &'static str,
    remark: Option<&'static str>,
    relief: Arc<Relief>,
}

impl SurrogateMap {
    /// The map of samples.
    pub(crate) fn new(plane: &SurrogatePlane) -> Self {
        Self {
            formula: plane.formula,
            remark: plane.remark,
            relief: Arc::new(Relief::new(&plane.grid)),
        }
    }

    /// The function in a line.
    pub(super) fn line(&self, step: ProblemStep<'_>) -> String {
        let formula = in_symbols(step.metadata, self.formula);
        let remark = self.remark.map(|remark| format!("; {remark}"));
        format!(
            "the step descends the surrogate ${formula}${}",
            remark.unwrap_or_default()
        )
    }
}

/// The range of the map: that of the landscape, and the step's point.
pub(crate) fn map_range(metadata: &Metadata, axes: [Coordinate; 2], at: [f64; 2]) -> [[f64; 2]; 2] {
    [0, 1].map(|axis| {
        let [low, high] = metadata.range(axes[axis]);
        let margin = 0.05 * (high - low);
        [low.min(at[axis] - margin), high.max(at[axis] + margin)]
    })
}

/// The figure; `None` for another method or more variables.
pub(super) fn surrogate_figure<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    let map = subject.surrogate?;
    let axes = step_axes(subject.metadata)?;
    let (metadata, anatomy) = (subject.metadata, subject.anatomy);
    let ends = [&anatomy.before, &anatomy.after]
        .map(|point| axes.map(|axis| point[axis.level][axis.index]));
    let range = map_range(metadata, axes, ends[0]);
    let formula = in_symbols(metadata, map.formula);
    let layers = vec![
        Layer::Relief(Arc::clone(&map.relief)),
        Layer::Limits(axes.map(|axis| metadata.bounds.limits(axis.level)[axis.index])),
        Layer::ReliefScale(Arc::clone(&map.relief)),
        Layer::Arrows {
            ends: vec![ends],
            ink: ArrowInk::Outlined,
        },
        Layer::Mark {
            at: ends[0],
            symbol: Symbol::Method(subject.style),
            label: format!("iterate {}", anatomy.iteration),
        },
    ];
    Some(Figure {
        title: "**Surrogate**".to_owned(),
        subtitle: format!("${formula}$ at the present weights"),
        x: Axis::linear(format!("${}$", metadata.variable(axes[0])), range[0]),
        y: Axis::linear(format!("${}$", metadata.variable(axes[1])), range[1]),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    })
}
