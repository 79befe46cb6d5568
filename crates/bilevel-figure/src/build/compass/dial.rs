//! The compass of a leader of several variables: a dial of angle and length, and both over the iterations.

use std::borrow::Cow;

use bilevel::run::TraceColumn;
use bilevel::study::{Bearing, RunCost};

use super::{CompassData, CompassSubject, MethodCompass};
use crate::{ArrowInk, Axis, AxisScale, Figure, Layer, Line, Symbol, significant};

/// The radius of the dial in lengths of ∇φ; longer arrows end at the rim.
const RIM: f64 = 1.5;
/// Beyond every picture.
const FAR: f64 = 1e3;
/// The free space around the dial.
const MARGIN: f64 = 0.12;
/// The distance of a marker from the tip of its arrow.
const BEYOND: f64 = 0.07;
/// Segments of a half circle.
const SEGMENTS: usize = 60;

pub(super) fn figures<'a>(subject: &CompassSubject<'a, '_>, data: &CompassData) -> Vec<Figure<'a>> {
    vec![
        dial(subject, data),
        chart(subject, &data.methods, AxisScale::Linear),
        chart(subject, &data.methods, AxisScale::Log),
    ]
}

fn place(bearing: Bearing) -> [f64; 2] {
    let (sine, cosine) = bearing.angle.to_radians().sin_cos();
    let length = bearing.ratio.min(RIM);
    [length * cosine, length * sine]
}

/// A place a little farther from the middle, beyond the tip of an arrow.
fn beyond(tip: [f64; 2]) -> [f64; 2] {
    let length = tip[0].hypot(tip[1]).max(f64::MIN_POSITIVE);
    tip.map(|one| one * (1.0 + BEYOND / length))
}

/// Arrows in the half plane of angles to −∇φ, which points to the right.
fn dial<'a>(subject: &CompassSubject<'a, '_>, data: &CompassData) -> Figure<'a> {
    let half_circle = |radius: f64| {
        let point = |step: usize| {
            let angle = std::f64::consts::PI * step as f64 / SEGMENTS as f64;
            [radius * angle.cos(), radius * angle.sin()]
        };
        (0..=SEGMENTS).map(point).collect::<Vec<[f64; 2]>>()
    };
    let edge = RIM + MARGIN;
    let mut layers: Vec<Layer<'a>> = vec![
        Layer::HatchedAreas(vec![[[-FAR, 0.0], [0.0, FAR]]]),
        Layer::Guide(half_circle(1.0)),
        Layer::Guide(half_circle(0.5)),
        Layer::Guide(half_circle(RIM)),
        Layer::Arrows {
            ends: vec![[[0.0; 2], [1.0, 0.0]]],
            ink: ArrowInk::Outlined,
        },
    ];
    let mut is_known = false;
    for method in &data.methods {
        let Some(heading) = &method.heading else {
            continue;
        };
        let is_small = heading.is_at_rest(data.usual) || heading.is_stationary(data.usual);
        let Some(bearing) = heading.bearing().filter(|_| !is_small) else {
            continue;
        };
        is_known = true;
        let named = (subject.named)(method.slot);
        let gradient = heading.gradient.as_deref().unwrap_or_default();
        let velocity = heading.velocity.as_ref();
        let pale = velocity.and_then(|velocity| Bearing::of(velocity, gradient));
        for (bearing, ink) in [
            (pale, ArrowInk::Pale(named.style)),
            (Some(bearing), ArrowInk::Method(named.style)),
        ] {
            let ends = bearing.map(|bearing| [[0.0; 2], place(bearing)]);
            layers.push(Layer::Arrows {
                ends: ends.into_iter().collect(),
                ink,
            });
        }
        let fan = method.draws.as_ref().and_then(|draws| {
            let of_draw = |draw: &[f64]| Bearing::of(draw, gradient);
            let angles = draws.fan(|draw| of_draw(draw).map_or(f64::NAN, |it| it.angle))?;
            let ratio = of_draw(&draws.mean)?.ratio;
            Some(angles.map(|angle| [[0.0; 2], place(Bearing { angle, ratio })]))
        });
        layers.push(Layer::Arrows {
            ends: fan.into_iter().flatten().collect(),
            ink: ArrowInk::Pale(named.style),
        });
        layers.push(Layer::Mark {
            at: beyond(place(bearing)),
            symbol: Symbol::Method(named.style),
            // an arrow that ends at the rim is as long as its label says
            label: if bearing.ratio > RIM {
                format!("${}$×", significant(bearing.ratio, 2))
            } else {
                String::new()
            },
        });
    }
    if !is_known {
        layers = vec![Layer::Note(
            "At the playhead $∇φ$ is undefined or zero, or no method moves".to_owned(),
        )];
    }
    Figure {
        title: "**Compass**: moves beside $−∇φ$".to_owned(),
        subtitle: String::new(),
        x: Axis::new(String::new(), AxisScale::Linear, [-edge, edge]),
        y: Axis::new(String::new(), AxisScale::Linear, [-MARGIN, edge]),
        is_equal: true,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// Ticks of angles.
const ANGLES: [f64; 5] = [0.0, 45.0, 90.0, 135.0, 180.0];

/// The angle (linear) or the ratio of lengths (logarithmic) over the iterations.
fn chart<'a>(
    subject: &CompassSubject<'a, '_>,
    methods: &[MethodCompass],
    scale: AxisScale,
) -> Figure<'a> {
    let is_angle = scale == AxisScale::Linear;
    let number = |bearing: Bearing| {
        if is_angle {
            bearing.angle
        } else {
            bearing.ratio
        }
    };
    let mut layers = vec![Layer::Rule {
        at: if is_angle { 90.0 } else { 1.0 },
        label: String::new(),
    }];
    let mut extent = [1.0_f64, 1.0];
    let mut last = 2.0_f64;
    for method in methods {
        let known = method
            .course
            .iter()
            .map(|sample| (sample.iteration as f64, sample.bearing.map(number)));
        let (x, y): (Vec<f64>, Vec<f64>) = known
            .map(|(iteration, number)| (iteration, number.unwrap_or(f64::NAN)))
            .unzip();
        for value in y.iter().filter(|value| value.is_finite()) {
            extent = [extent[0].min(*value), extent[1].max(*value)];
        }
        last = x.iter().copied().fold(last, f64::max);
        let at = method
            .heading
            .as_ref()
            .map(|heading| heading.iteration as f64);
        let until = at.map_or(x.len(), |at| x.partition_point(|one| *one <= at));
        let named = (subject.named)(method.slot);
        if !x.is_empty() {
            layers.push(Layer::Line(Line {
                slot: method.slot,
                tag: None,
                source: None,
                has_diverged: false,
                from: 0,
                until: until.saturating_sub(1),
                x: Cow::Owned(x),
                y: Cow::Owned(TraceColumn::from(y)),
                style: named.style,
                opacity: 1.0,
                label: named.name.to_owned(),
            }));
        }
    }
    let (title, label, range) = if is_angle {
        ("Angle to $∇φ$ in degrees", String::new(), [0.0, 180.0])
    } else {
        let reach = (extent[1] / extent[0]).max(4.0).powf(0.1);
        let label = RunCost::Iterations.label().to_owned();
        let range = [extent[0] / reach, extent[1] * reach];
        ("Length beside that of $∇φ$", label, range)
    };
    Figure {
        title: title.to_owned(),
        subtitle: if is_angle {
            "above 90: no descent of $φ$".to_owned()
        } else {
            String::new()
        },
        x: Axis::new(label, AxisScale::Log, [1.0, last]),
        y: Axis {
            ticks: if is_angle {
                ANGLES.to_vec()
            } else {
                Vec::new()
            },
            ..Axis::new(String::new(), scale, range)
        },
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}
