//! The compass over two leader's variables: a field of arrows per method, each with −∇φ.

use std::sync::Arc;

use bilevel::problem::Coordinate;
use bilevel::study::{Direction, TrueGrid};

use super::{CompassData, CompassSubject, Heading, MethodCompass, MethodField, REST};
use crate::build::landscape::optima;
use crate::{ArrowInk, Axis, Figure, Layer, LineStyle, Relief, Symbol};

/// The leader's variables.
const AXES: [Coordinate; 2] = [
    Coordinate { level: 1, index: 0 },
    Coordinate { level: 1, index: 1 },
];
/// The most methods that have a panel.
pub(super) const PANELS: usize = 6;
/// More panels than this have no name on the vertical axis.
const FEW: usize = 2;
/// The length of the longest arrow of ∇φ, as a share of a cell, and the least.
const LONGEST: f64 = 0.62;
const SHORTEST: f64 = 0.3;
/// The most by which a method's arrow may be longer than that of ∇φ in its cell.
const MOST: f64 = 1.5;
/// The length of ∇φ at the playhead, in cells.
const AT_PLAYHEAD: f64 = 2.4;

pub(super) fn figures<'a>(
    subject: &CompassSubject<'a, '_>,
    (grid, relief): (&TrueGrid, &Arc<Relief>),
    data: &CompassData,
) -> Vec<Figure<'a>> {
    let shown = data
        .methods
        .iter()
        .filter_map(|method| match &method.field {
            MethodField::Grid(cells) if cells.iter().any(Option::is_some) => Some((method, cells)),
            _ => None,
        });
    let mut all: Vec<Figure<'a>> = shown
        .take(PANELS)
        .map(|(method, cells)| panel(subject, (grid, relief), Some((method, cells)), data.usual))
        .collect();
    if all.is_empty() {
        all.push(panel(subject, (grid, relief), None, data.usual));
    }
    if all.len() > FEW {
        for figure in &mut all {
            let vertical = std::mem::take(&mut figure.y.label);
            figure.x.label = format!("{}, vertically {vertical}", figure.x.label);
        }
    }
    all
}

fn size([x, y]: [f64; 2]) -> f64 {
    x.hypot(y)
}

fn gradient_in(grid: &TrueGrid, cell: usize) -> Option<[f64; 2]> {
    let gradient = grid.cells[cell].as_ref()?.gradient.as_ref()?;
    Some([gradient[0], gradient[1]]).filter(|it| size(*it) > 0.0)
}

/// The arrows of a field, each with both ends, and the cells in which the method's move is no descent of φ.
#[derive(Default)]
struct FieldArrows {
    outlined: Vec<[[f64; 2]; 2]>,
    own: Vec<[[f64; 2]; 2]>,
    pale: Vec<[[f64; 2]; 2]>,
    wrong: Vec<[[f64; 2]; 2]>,
}

fn field_arrows(grid: &TrueGrid, cells: Option<&[Option<Direction>]>) -> FieldArrows {
    let cell = grid.cell_size();
    let unit = cell[0].min(cell[1]);
    let known = |place: usize| gradient_in(grid, place);
    let steepest = (0..grid.cells.len()).filter_map(known).map(size);
    let steepest = steepest.fold(0.0, f64::max);
    // the length of ∇φ on paper for a cell: lengths are drawn by their roots, since they span decades
    let length = |gradient: [f64; 2]| {
        let share = (size(gradient) / steepest).sqrt();
        unit * (SHORTEST + (LONGEST - SHORTEST) * share)
    };
    let arrow = |middle: [f64; 2], vector: [f64; 2], scale: f64| {
        // the move is against the direction
        [0.5, -0.5].map(|end| [0, 1].map(|axis| middle[axis] + end * scale * vector[axis]))
    };
    let mut found = FieldArrows::default();
    for place in 0..grid.cells.len() {
        let Some(gradient) = known(place) else {
            continue;
        };
        let middle = grid.middle(place);
        let true_scale = length(gradient) / size(gradient);
        found.outlined.push(arrow(middle, gradient, true_scale));
        let direction = cells.and_then(|cells| cells.get(place)?.as_ref());
        let Some(direction) = direction else { continue };
        let d = [direction.mean[0], direction.mean[1]];
        let scale = true_scale * (MOST * size(gradient) / size(d)).min(1.0);
        found.own.push(arrow(middle, d, scale));
        let turned = fan(direction, d).into_iter().flatten();
        found.pale.extend(turned.map(|d| arrow(middle, d, scale)));
        if d[0] * gradient[0] + d[1] * gradient[1] <= 0.0 {
            let edges = [0, 1].map(|axis| [-0.5, 0.5].map(|side| middle[axis] + side * cell[axis]));
            found.wrong.push(edges);
        }
    }
    found
}

fn panel<'a>(
    subject: &CompassSubject<'a, '_>,
    (grid, relief): (&TrueGrid, &Arc<Relief>),
    method: Option<(&MethodCompass, &Vec<Option<Direction>>)>,
    usual: f64,
) -> Figure<'a> {
    let metadata = subject.metadata;
    let arrows = field_arrows(grid, method.map(|(_, cells)| &cells[..]));
    let mut layers = vec![
        Layer::Relief(Arc::clone(relief)),
        Layer::Limits(AXES.map(|axis| metadata.bounds.limits(axis.level)[axis.index])),
    ];
    let is_hatched = method.is_some_and(|(method, _)| subject.is_hatched(method));
    if is_hatched {
        layers.push(Layer::HatchedAreas(arrows.wrong));
    }
    let in_ink = |ends, ink| Layer::Arrows { ends, ink };
    layers.push(in_ink(arrows.outlined, ArrowInk::Outlined));
    let mut title = "Compass".to_owned();
    if let Some((method, _)) = method {
        let named = (subject.named)(method.slot);
        layers.push(in_ink(arrows.pale, ArrowInk::Pale(named.style)));
        layers.push(in_ink(arrows.own, ArrowInk::Method(named.style)));
        if let Some(heading) = &method.heading {
            let [width, height] = grid.cell_size();
            let length = AT_PLAYHEAD * width.min(height);
            layers.extend(at_playhead(heading, (named.style, usual), length));
        }
        named.name.clone_into(&mut title);
        if method.entry.joint_step {
            title += ", level-1 part of a joint step";
        }
    }
    layers.extend(
        optima(metadata, AXES)
            .into_iter()
            .map(crate::build::landscape::nameless),
    );
    Figure {
        title,
        subtitle: String::new(),
        x: Axis::linear(
            format!("${}$", metadata.variable(AXES[0])),
            subject.range[0],
        ),
        y: Axis::linear(
            format!("${}$", metadata.variable(AXES[1])),
            subject.range[1],
        ),
        is_equal: true,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// The mean direction turned to the 10 % and the 90 % quantile of the angles of the draws.
fn fan(direction: &Direction, mean: [f64; 2]) -> Option<[[f64; 2]; 2]> {
    let turn = |draw: &[f64]| {
        let cross = mean[0] * draw[1] - mean[1] * draw[0];
        cross.atan2(mean[0] * draw[0] + mean[1] * draw[1])
    };
    let angles = direction.fan(turn)?;
    Some(angles.map(|angle| {
        let (sine, cosine) = angle.sin_cos();
        [
            cosine * mean[0] - sine * mean[1],
            sine * mean[0] + cosine * mean[1],
        ]
    }))
}

/// The arrows of a run at the playhead, with its marker.
fn at_playhead<'a>(
    heading: &Heading,
    (style, usual): (LineStyle, f64),
    length: f64,
) -> Vec<Layer<'a>> {
    let at = [heading.x[0], heading.x[1]];
    let mut layers = Vec::new();
    let of = |vector: &[f64]| [vector[0], vector[1]];
    let gradient = heading.gradient.as_ref().map(|it| of(it));
    let gradient = gradient.filter(|it| size(*it) > REST * usual);
    if let Some(gradient) = gradient {
        let scale = length / size(gradient);
        let arrow = |vector: [f64; 2]| {
            let share = (MOST * size(gradient) / size(vector)).min(1.0);
            let to = [0, 1].map(|axis| at[axis] - scale * share * vector[axis]);
            vec![[at, to]]
        };
        let velocity = heading.velocity.as_ref().map(|it| of(it));
        let all = [
            Some((gradient, ArrowInk::Outlined)),
            velocity.map(|velocity| (velocity, ArrowInk::Pale(style))),
            Some((of(&heading.direction), ArrowInk::Method(style))),
        ];
        let all = all.into_iter().flatten();
        let drawn = all.filter(|(vector, _)| size(*vector) > REST * usual);
        layers.extend(drawn.map(|(vector, ink)| Layer::Arrows {
            ends: arrow(vector),
            ink,
        }));
    }
    layers.push(Layer::Mark {
        at,
        symbol: Symbol::Method(style),
        label: String::new(),
    });
    layers
}
