//! The compass over a leader of one variable: φ with a tangent per method, and a row per method beneath it.

use std::borrow::Cow;
use std::sync::Arc;

use bilevel::numerics::rounded;
use bilevel::problem::Coordinate;
use bilevel::run::TraceColumn;
use bilevel::study::{MethodLine, Reaction, TrueLine};

use super::{CompassData, CompassSubject, Heading, MethodCompass, MethodField, REST};
use crate::build::landscape::Backdrop;
use crate::build::reduced::reduced;
use crate::{
    AreaBand, ArrowInk, Axis, AxisScale, Figure, Layer, Line, LineStyle, Marker, Symbol, brief,
};

/// The leader's only variable.
const X: Coordinate = Coordinate { level: 1, index: 0 };
/// The length of a tangent, as a share of the height of the picture, and the usual ratio of its width to its height.
const TANGENT: f64 = 0.34;
const ASPECT: f64 = 3.0;
/// The space beneath φ for arrows, as a share of its height.
const BELOW: f64 = 0.12;
/// A row's half height that a curve may fill.
const HALF: f64 = 0.44;
/// The most by which a direction may be steeper than φ before a row cuts it off.
const STEEPEST: f64 = 2.0;
/// A line that is less than opaque has no marker at its end.
const UNMARKED: f32 = 0.99;
/// The slot of a line of no method.
const NOBODY: usize = usize::MAX;

pub(super) fn figures<'a>(
    subject: &CompassSubject<'a, '_>,
    truth: &TrueLine,
    data: &CompassData,
) -> Vec<Figure<'a>> {
    let mut all: Vec<Figure<'a>> = valley(subject, truth, data).into_iter().collect();
    all.push(rows(subject, truth, &data.methods));
    all
}

/// φ with the tangents at the playhead.
fn valley<'a>(
    subject: &CompassSubject<'a, '_>,
    truth: &TrueLine,
    data: &CompassData,
) -> Option<Figure<'a>> {
    let mut curve = truth.reduced.clone();
    let pieces = Arc::new(std::mem::take(&mut curve.pieces));
    let pessimistic = Arc::new(std::mem::take(&mut curve.pessimistic));
    let backdrop = Backdrop {
        reduced: Arc::clone(&pieces),
        reaction: Reaction {
            reduced: pieces,
            pessimistic,
            reduced_curve: Some(curve),
            ..Reaction::default()
        },
        ..Backdrop::default()
    };
    let range = subject.range[0];
    let mut figure = reduced(subject.metadata, &backdrop, range, &[], subject.theme)?;
    "**Compass** on the reduced objective $φ$".clone_into(&mut figure.title);
    figure.subtitle.clear();
    figure.x.label.clear();
    let low = &mut figure.y.range;
    low[0] -= BELOW * (low[1] - low[0]);
    let height = figure.y.range[1] - figure.y.range[0];
    let units = [ASPECT / (range[1] - range[0]), 1.0 / height];
    let arrow = |heading: &Heading, slope: f64| {
        // downhill along the tangent, equally long on paper
        let fall = [-slope.signum(), -slope.abs()];
        let length = (fall[0] * units[0]).hypot(fall[1] * units[1]);
        let at = [heading.x[0], heading.value];
        let to = [0, 1].map(|axis| at[axis] + TANGENT / length * fall[axis]);
        (slope.abs() > REST * data.usual && slope.is_finite()).then_some([at, to])
    };
    let headings = || {
        let methods = data.methods.iter();
        let known = methods.filter_map(|method| Some((method, method.heading.as_ref()?)));
        known.filter(|(_, heading)| heading.value.is_finite())
    };
    let outlined = headings()
        .filter_map(|(_, heading)| arrow(heading, heading.gradient.as_ref()?[0]))
        .collect();
    figure.layers.push(Layer::Arrows {
        ends: outlined,
        ink: ArrowInk::Outlined,
    });
    for (method, heading) in headings() {
        let named = (subject.named)(method.slot);
        let velocity = heading.velocity.as_ref();
        let pale = velocity.and_then(|velocity| arrow(heading, velocity[0]));
        for (ends, ink) in [
            (pale, ArrowInk::Pale(named.style)),
            (
                arrow(heading, heading.direction[0]),
                ArrowInk::Method(named.style),
            ),
        ] {
            let ends: Vec<_> = ends.into_iter().collect();
            figure.layers.push(Layer::Arrows { ends, ink });
        }
        figure.layers.push(Layer::Mark {
            at: [heading.x[0], heading.value],
            symbol: Symbol::Method(named.style),
            label: named.name.to_owned(),
        });
    }
    Some(figure)
}

/// The methods that have a direction, each with its line.
fn with_lines(methods: &[MethodCompass]) -> Vec<(&MethodCompass, &MethodLine)> {
    let lines = methods.iter().filter_map(|method| match &method.field {
        MethodField::Line(line) if !line.direction.is_empty() => Some((method, line)),
        _ => None,
    });
    lines.collect()
}

/// The half height of all rows, in units of the directions.
fn half_height(truth: &TrueLine, lines: &[(&MethodCompass, &MethodLine)], range: [f64; 2]) -> f64 {
    let is_inside = |at: &&[f64; 2]| range[0] <= at[0] && at[0] <= range[1];
    let largest = |pieces: &[Vec<[f64; 2]>]| {
        let inside = pieces.iter().flatten().filter(is_inside);
        inside.map(|at| at[1].abs()).fold(0.0, f64::max)
    };
    let steepest = largest(&truth.slope);
    let most = lines.iter().map(|(_, line)| largest(&line.direction));
    let most = most.fold(steepest, f64::max);
    let half = if steepest > 0.0 {
        most.min(STEEPEST * steepest)
    } else {
        most
    };
    if half > 0.0 { half } else { 1.0 }
}

/// A row per method: its move −d, that of steepest descent −dφ/dx, and the hatch.
fn rows<'a>(
    subject: &CompassSubject<'a, '_>,
    truth: &TrueLine,
    methods: &[MethodCompass],
) -> Figure<'a> {
    let range = subject.range[0];
    let lines = with_lines(methods);
    let half = half_height(truth, &lines, range);
    let count = lines.len().max(1);
    let mut layers: Vec<Layer<'a>> = Vec::new();
    let middle = |row: usize| (count - row) as f64 - 0.5;
    let within = |row: usize, move_: f64| middle(row) + HALF * (move_ / half).clamp(-1.1, 1.1);
    for (row, (method, line)) in lines.iter().enumerate() {
        let edges = [middle(row) - 0.5, middle(row) + 0.5];
        if subject.is_hatched(method) {
            let areas = line.wrong.iter().map(|ends| [*ends, edges]);
            layers.push(Layer::HatchedAreas(areas.collect()));
        }
    }
    let black = LineStyle {
        colour: subject.theme.roles().text,
        dash: &[],
        marker: Marker::Circle,
        edge: None,
    };
    let true_moves = |row: usize| {
        let slope = moved(&truth.slope, |move_| within(row, move_));
        Layer::Line(curve(&slope, (NOBODY, black), String::new()))
    };
    if lines.is_empty() {
        layers.push(true_moves(0));
    }
    for (row, (method, line)) in lines.iter().enumerate() {
        layers.push(Layer::Guide(range.map(|x| [x, middle(row)]).to_vec()));
        layers.push(true_moves(row));
        let named = (subject.named)(method.slot);
        let label = if method.entry.joint_step {
            format!("{} (level-1 part)", named.name)
        } else {
            named.name.to_owned()
        };
        layers.extend(fan(line, named.style, |move_| within(row, move_)));
        let own = moved(&line.direction, |move_| within(row, move_));
        layers.push(Layer::Line(curve(&own, (method.slot, named.style), label)));
        if let Some(heading) = &method.heading {
            layers.push(Layer::Mark {
                at: [heading.x[0], within(row, -heading.direction[0])],
                symbol: Symbol::Method(named.style),
                label: String::new(),
            });
        }
    }
    for ends in &truth.undefined {
        layers.push(Layer::Words {
            at: [0.5 * (ends[0] + ends[1]), 0.5 * count as f64],
            words: "$∇φ$ undefined".to_owned(),
            is_marked: false,
            room: [*ends, [0.0, count as f64]],
        });
    }
    let variable = subject.metadata.variable(X);
    Figure {
        title: "Moves, beside $−∇φ$".to_owned(),
        subtitle: format!(
            "a row reaches from {} to {}",
            brief(-rounded(half, 2), 2),
            brief(rounded(half, 2), 2)
        ),
        x: axis(format!("${variable}$"), range, false),
        y: Axis {
            // edges of rows
            ticks: (0..=count).map(|edge| edge as f64).collect(),
            ..axis(String::new(), [0.0, count as f64], true)
        },
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// Pieces of a direction as moves, at heights of the picture.
fn moved(pieces: &[Vec<[f64; 2]>], height: impl Fn(f64) -> f64) -> Vec<Vec<[f64; 2]>> {
    let piece = |piece: &Vec<[f64; 2]>| piece.iter().map(|[x, d]| [*x, height(-d)]).collect();
    pieces.iter().map(piece).collect()
}

/// The band between the quantiles of a stochastic method.
fn fan<'a>(line: &MethodLine, style: LineStyle, height: impl Fn(f64) -> f64) -> Option<Layer<'a>> {
    (!line.fan.is_empty()).then(|| {
        Layer::Band(AreaBand {
            x: line.fan.iter().map(|(x, _)| *x).collect(),
            low: line.fan.iter().map(|(_, fan)| height(-fan[1])).collect(),
            high: line.fan.iter().map(|(_, fan)| height(-fan[0])).collect(),
            style,
        })
    })
}

/// Pieces as one line that is interrupted between them.
fn curve<'a>(
    pieces: &[Vec<[f64; 2]>],
    (slot, style): (usize, LineStyle),
    label: String,
) -> Line<'a> {
    let mut points: Vec<[f64; 2]> = Vec::new();
    for piece in pieces {
        if let Some(last) = points.last() {
            points.push([last[0], f64::NAN]);
        }
        points.extend(piece);
    }
    let [x, y] = [0, 1].map(|axis| points.iter().map(|at| at[axis]).collect::<Vec<f64>>());
    Line {
        slot,
        tag: None,
        source: None,
        has_diverged: false,
        from: 0,
        until: x.len(),
        x: Cow::Owned(x),
        y: Cow::Owned(TraceColumn::from(y)),
        style,
        opacity: UNMARKED,
        label,
    }
}

fn axis(label: String, range: [f64; 2], is_bare: bool) -> Axis {
    Axis {
        label,
        scale: AxisScale::Linear,
        range,
        has_gutter: false,
        ticks: Vec::new(),
        is_bare,
    }
}
