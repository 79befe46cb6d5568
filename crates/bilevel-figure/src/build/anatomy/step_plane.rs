//! The arrows of a step in a plane: the landscape's own for two variables, else the plane of the two largest parts.

use std::sync::Arc;

use bilevel::method::term_names;
use bilevel::problem::{Coordinate, Metadata};
use bilevel::study::{LevelMove, MovePart, StepAnatomy};

use super::symbols::in_symbols;
use super::{StepSubject, dot, norm};
use crate::{ArrowInk, Axis, Figure, Layer, LinePattern, LineStyle, Symbol, brief};

/// The free margin around the step, as a share of its extent.
const MARGIN: f64 = 0.18;
/// The least extent of an axis, as a share of the other's.
const FLATTEST: f64 = 0.08;

/// The least length of the move, as a share of the picture's extent; shorter ones are magnified.
const SHORTEST: f64 = 0.3;

/// The two coordinates of a problem with two variables, the leader's first; `None` if it has more.
pub(crate) fn step_axes(metadata: &Metadata) -> Option<[Coordinate; 2]> {
    <[Coordinate; 2]>::try_from(metadata.coordinates()).ok()
}

/// The range of the two coordinates around a step.
pub(crate) fn plane_range(anatomy: &StepAnatomy, axes: [Coordinate; 2]) -> [[f64; 2]; 2] {
    let mut drawn = Drawn::in_coordinates(anatomy, axes);
    drawn.magnify();
    range_of(&drawn.points())
}

/// The arrows and dots of a step in the coordinates of a picture.
struct Drawn {
    /// The ends of each part, head to tail, with the part.
    parts: Vec<([[f64; 2]; 2], MovePart)>,
    /// The ends of the whole move, and where it ends within the box.
    whole: [[f64; 2]; 2],
    boxed: [f64; 2],
    /// The point before the step.
    before: [f64; 2],
    /// The follower's loop, and its path to the end.
    loop_path: Vec<[f64; 2]>,
    followed: Vec<[f64; 2]>,
}

impl Drawn {
    fn in_coordinates(anatomy: &StepAnatomy, axes: [Coordinate; 2]) -> Self {
        let at = |block: &dyn Fn(Coordinate) -> f64| axes.map(block);
        let before = at(&|axis| anatomy.before[axis.level][axis.index]);
        let shape = anatomy.before.shape();
        let inner = anatomy.term(term_names::INNER_PATH);
        let rows: Vec<&[f64]> = inner.map_or_else(Vec::new, |it| it.rows(shape).collect());
        let moved = |level: usize| anatomy.moves.iter().find(|one| one.level == level);
        // a block that only loops have moved is at the end of its loop when the others move
        let from = at(&|axis| match (moved(axis.level), rows.last()) {
            (Some(own), _) => own.before[axis.index],
            (None, Some(last)) if axis.level == 2 => last[axis.index],
            _ => anatomy.after[axis.level][axis.index],
        });
        let mut end = from;
        let mut parts: Vec<([[f64; 2]; 2], MovePart)> = Vec::new();
        for part in joint_parts(&anatomy.moves) {
            let start = end;
            for (place, axis) in axes.iter().enumerate() {
                let own = moved(axis.level);
                let own = own.and_then(|it| it.parts.iter().find(|it| it.name == part.name));
                end[place] += own.map_or(0.0, |own| own.vector[axis.index]);
            }
            parts.push(([start, end], part));
        }
        let whole = at(&|axis| match moved(axis.level) {
            Some(own) => own.moved[axis.index],
            None => from[usize::from(axis.level > 1)],
        });
        let boxed = at(&|axis| match moved(axis.level) {
            Some(own) => own.after[axis.index],
            None => from[usize::from(axis.level > 1)],
        });
        let lower = axes[1].index;
        let on_line = |y: f64| [before[0], y];
        Self {
            parts,
            whole: [from, whole],
            boxed,
            before,
            loop_path: rows.iter().map(|row| on_line(row[lower])).collect(),
            followed: anatomy
                .followed
                .iter()
                .map(|row| on_line(row[lower]))
                .collect(),
        }
    }

    /// The move of one level in the plane of its two largest parts, with the origin at its start.
    fn in_span(one: &LevelMove) -> Self {
        let mut order: Vec<&MovePart> = one.parts.iter().collect();
        order.sort_by(|a, b| norm(&b.vector).total_cmp(&norm(&a.vector)));
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for part in order {
            let mut rest = part.vector.clone();
            for known in &basis {
                let along = dot(&rest, known);
                rest.iter_mut()
                    .zip(known)
                    .for_each(|(it, known)| *it -= along * known);
            }
            let length = norm(&rest);
            if basis.len() < 2 && length > 1e-9 * norm(&part.vector) && length > 0.0 {
                for it in &mut rest {
                    *it /= length;
                }
                basis.push(rest);
            }
        }
        let seen = |vector: &[f64]| {
            [0, 1].map(|axis| basis.get(axis).map_or(0.0, |along| dot(vector, along)))
        };
        let difference = |to: &[f64]| {
            let pairs = to.iter().zip(&one.before);
            seen(&pairs.map(|(to, from)| to - from).collect::<Vec<_>>())
        };
        let mut end = [0.0; 2];
        let parts = one.parts.iter().map(|part| {
            let start = end;
            let by = seen(&part.vector);
            end = [start[0] + by[0], start[1] + by[1]];
            ([start, end], part.clone())
        });
        Self {
            parts: parts.collect(),
            whole: [[0.0; 2], difference(&one.moved)],
            boxed: difference(&one.after),
            before: [0.0; 2],
            loop_path: Vec::new(),
            followed: Vec::new(),
        }
    }

    /// Magnifies the arrows about their start by a round number if the follower's path makes them too short to be seen;
    /// returns the number.
    fn magnify(&mut self) -> f64 {
        let from = self.whole[0];
        let ends = self.parts.iter().flat_map(|(ends, _)| *ends);
        let ends = ends.chain([self.whole[1], self.boxed]);
        let arrows = extents(&range_of(&ends.chain([from]).collect::<Vec<_>>()));
        let paths = self.loop_path.iter().chain(&self.followed).copied();
        let paths = extents(&range_of(&paths.chain([self.before]).collect::<Vec<_>>()));
        // of one variable alone the other axis shows nothing that could be compared
        let ratios = (0..2).filter(|axis| arrows[*axis] > 1e-12 * paths[*axis]);
        let ratio = ratios
            .map(|axis| SHORTEST * paths[axis] / arrows[axis])
            .fold(f64::INFINITY, f64::min);
        if !(ratio.is_finite() && ratio > 1.0) {
            return 1.0;
        }
        let decade = 10.0_f64.powf(ratio.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * decade);
        let times = steps.into_iter().find(|step| *step >= ratio).unwrap_or(1.0);
        let far = |at: [f64; 2]| [0, 1].map(|axis| from[axis] + times * (at[axis] - from[axis]));
        for (ends, _) in &mut self.parts {
            *ends = ends.map(far);
        }
        self.whole = self.whole.map(far);
        self.boxed = far(self.boxed);
        times
    }

    fn points(&self) -> Vec<[f64; 2]> {
        let ends = self.parts.iter().flat_map(|(ends, _)| *ends);
        let fixed = [self.before, self.boxed, self.whole[0], self.whole[1]];
        let paths = self.loop_path.iter().chain(&self.followed).copied();
        ends.chain(fixed).chain(paths).collect()
    }
}

/// The parts of all moves, each name once, in order.
fn joint_parts(moves: &[LevelMove]) -> Vec<MovePart> {
    let mut parts: Vec<MovePart> = Vec::new();
    for part in moves.iter().flat_map(|one| &one.parts) {
        if !parts.iter().any(|known| known.name == part.name) {
            parts.push(part.clone());
        }
    }
    parts
}

fn extents(range: &[[f64; 2]; 2]) -> [f64; 2] {
    range.map(|[low, high]| high - low)
}

/// A range around points; an extent that is too flat is widened.
fn range_of(points: &[[f64; 2]]) -> [[f64; 2]; 2] {
    let span = [0, 1].map(|axis| {
        let values = points.iter().map(|point| point[axis]);
        let values = values.filter(|value| value.is_finite());
        values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
            [low.min(value), high.max(value)]
        })
    });
    let extents = span.map(|[low, high]| (high - low).max(0.0));
    let longest = extents[0].max(extents[1]);
    [0, 1].map(|axis| {
        let [low, high] = span[axis];
        if !(low.is_finite() && high.is_finite()) {
            return [-1.0, 1.0];
        }
        let size = low.abs().max(high.abs());
        let least = if longest > 0.0 {
            FLATTEST * longest
        } else {
            1e-3 * size.max(1e-3)
        };
        let extent = extents[axis].max(least);
        let middle = 0.5 * (low + high);
        let half = (0.5 + MARGIN) * extent;
        [middle - half, middle + half]
    })
}

/// The figure of the arrows; `None` if nothing moves along a direction in more than one variable.
pub(super) fn step_plane<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    let anatomy = subject.anatomy;
    if let Some(axes) = step_axes(subject.metadata) {
        let mut drawn = Drawn::in_coordinates(anatomy, axes);
        let times = drawn.magnify();
        return Some(in_coordinates(subject, axes, &drawn, times));
    }
    let moves = anatomy.moves.iter().filter(|one| one.before.len() > 1);
    let largest = moves.max_by(|a, b| a.parts.len().cmp(&b.parts.len()))?;
    let drawn = Drawn::in_span(largest);
    let range = range_of(&drawn.points());
    let name = super::symbols::block_name(subject.metadata, largest.level);
    let mut layers = Vec::new();
    push_arrows(&mut layers, subject, &drawn);
    Some(Figure {
        title: format!("**Move of ${name}$**"),
        subtitle: "in the plane of its two largest parts; upwards: across the largest".to_owned(),
        x: Axis::linear("along the largest part".to_owned(), range[0]),
        y: Axis::linear(String::new(), range[1]),
        is_equal: true,
        has_axes: true,
        layers,
        foot: None,
    })
}

fn in_coordinates<'a>(
    subject: &StepSubject<'_>,
    axes: [Coordinate; 2],
    drawn: &Drawn,
    times: f64,
) -> Figure<'a> {
    let metadata = subject.metadata;
    let range = range_of(&drawn.points());
    let magnified = if times > 1.0 {
        format!(", arrows × {}", brief(times, 3))
    } else {
        String::new()
    };
    let mut layers = Vec::new();
    if let Some(relief) = subject.relief {
        layers.push(Layer::Relief(Arc::clone(relief)));
    }
    layers.push(Layer::Limits(
        axes.map(|axis| metadata.bounds.limits(axis.level)[axis.index]),
    ));
    if drawn.followed.len() > 1 {
        layers.push(Layer::Threads {
            curves: Arc::new(vec![drawn.followed.clone()]),
            manner: LinePattern::Dotted,
        });
    }
    if let Some(end) = drawn.followed.last() {
        layers.push(Layer::Mark {
            at: *end,
            symbol: Symbol::Answer,
            label: "loop continued".to_owned(),
        });
    }
    if drawn.loop_path.len() > 1 {
        layers.push(Layer::Beads {
            points: drawn.loop_path.clone(),
            at: drawn.loop_path[drawn.loop_path.len() - 1],
            until: drawn.loop_path.len(),
        });
    }
    push_arrows(&mut layers, subject, drawn);
    layers.push(Layer::Mark {
        at: drawn.before,
        symbol: Symbol::Method(subject.style),
        label: format!("iterate {}", subject.anatomy.iteration),
    });
    Figure {
        title: format!("**Step {}**{magnified}", subject.anatomy.iteration + 1),
        subtitle: format!("of {}: arrows are moves, head to tail", subject.label),
        x: Axis::linear(format!("${}$", metadata.variable(axes[0])), range[0]),
        y: Axis::linear(format!("${}$", metadata.variable(axes[1])), range[1]),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// The parts in the method's colour, those that are not lit pale, and the whole move outlined.
fn push_arrows(layers: &mut Vec<Layer<'_>>, subject: &StepSubject<'_>, drawn: &Drawn) {
    let is_lit = |name: &str| subject.is_lit(name);
    let style: LineStyle = subject.style;
    layers.push(Layer::Arrows {
        ends: vec![drawn.whole],
        ink: ArrowInk::Outlined,
    });
    if drawn.boxed != drawn.whole[1] {
        layers.push(Layer::Arrows {
            ends: vec![[drawn.whole[1], drawn.boxed]],
            ink: if is_lit("box") {
                ArrowInk::Outlined
            } else {
                ArrowInk::Pale(style)
            },
        });
        layers.push(named([drawn.whole[1], drawn.boxed], "box".to_owned()));
    }
    // a single part is the whole move
    let is_single = drawn.parts.len() < 2;
    for (ends, part) in &drawn.parts {
        let lit = is_lit(part.name);
        let ink = if lit {
            ArrowInk::Method(style)
        } else {
            ArrowInk::Pale(style)
        };
        layers.push(Layer::Arrows {
            ends: vec![*ends],
            ink,
        });
        if lit || is_single {
            let symbol = in_symbols(subject.metadata, &part.symbol);
            layers.push(named(*ends, format!("${symbol}$")));
        }
    }
}

/// The name of an arrow, beside it.
fn named<'a>([from, to]: [[f64; 2]; 2], label: String) -> Layer<'a> {
    let at = |share: f64| [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
    Layer::Name {
        curve: (0..=8).map(|step| at(f64::from(step) / 8.0)).collect(),
        label,
    }
}
