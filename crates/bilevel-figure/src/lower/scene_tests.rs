//! Tests of labels, marks and lines in a lowered figure: nothing is struck through, hidden or cut.

use std::borrow::Cow;
use std::sync::Arc;

use bilevel::run::TraceColumn;

use super::canvas::SceneLayout;
use super::labels::{area, gap};
use super::scene::Scene;
use super::shapes::{Primitive, Rect};
use crate::{Axis, Colour, Figure, Layer, Line, MethodLook, Symbol, Theme};

fn figure(layers: Vec<Layer<'static>>) -> Figure<'static> {
    Figure {
        title: String::new(),
        subtitle: String::new(),
        x: Axis::linear("", [0.0, 1.0]),
        y: Axis::linear("", [0.0, 1.0]),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

fn scene(layers: Vec<Layer<'static>>) -> Scene {
    let layout = SceneLayout {
        area: Rect {
            min: [0.0; 2],
            max: [400.0, 300.0],
        },
        text: 12.0,
        theme: Theme::Light,
        sides: [0.0; 2],
        head: 0.0,
        is_page: false,
    };
    Scene::new(&figure(layers), layout)
}

fn mark(at: [f64; 2], symbol: Symbol, label: &str) -> Layer<'static> {
    Layer::Mark {
        at,
        symbol,
        label: label.to_owned(),
    }
}

fn method() -> Symbol {
    Symbol::Method(MethodLook::default().style(Theme::Light))
}

fn line(points: &[[f64; 2]]) -> Layer<'static> {
    let [x, y] = [0, 1].map(|axis| points.iter().map(|at| at[axis]).collect::<Vec<f64>>());
    Layer::Line(Line {
        slot: 0,
        tag: None,
        source: None,
        from: 0,
        until: x.len(),
        x: Cow::Owned(x),
        y: Cow::Owned(TraceColumn::from(y)),
        style: MethodLook::default().style(Theme::Light),
        opacity: 1.0,
        has_diverged: false,
        label: String::new(),
    })
}

/// The rectangle of a text, with the place of its primitive.
fn rect_of(scene: &Scene, words: &str) -> (usize, Rect) {
    let mut texts = scene.primitives.iter().enumerate();
    let found = texts.find_map(|(place, it)| match it {
        Primitive::Text { at, text, size, .. } if text.plain() == words => {
            Some((place, area(*at, [text.width * size, *size])))
        }
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{words} is drawn"))
}

/// True if a fill beneath a text covers it.
fn has_ground(scene: &Scene, words: &str) -> bool {
    let (place, rect) = rect_of(scene, words);
    let Some(Primitive::Fill { corners, .. }) = scene.primitives.get(place - 1) else {
        return false;
    };
    let end = |axis: usize, pick: fn(f32, f32) -> f32| {
        let along = corners.iter().map(|at| at[axis]);
        along.reduce(pick).unwrap_or(f32::NAN)
    };
    let ground = Rect {
        min: [0, 1].map(|axis| end(axis, f32::min)),
        max: [0, 1].map(|axis| end(axis, f32::max)),
    };
    ground.contains(rect.min) && ground.contains(rect.max)
}

/// The least distance of a text from a line between two points.
fn off_line(scene: &Scene, words: &str, [from, to]: [[f64; 2]; 2]) -> f32 {
    let (_, rect) = rect_of(scene, words);
    let at = |step: u16| {
        let share = f64::from(step) / 1000.0;
        let at = [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
        let pixel = scene.transform.pixel(at);
        gap(
            rect,
            Rect {
                min: pixel,
                max: pixel,
            },
        )
    };
    (0..=1000).map(at).fold(f32::INFINITY, f32::min)
}

#[test]
fn no_line_strikes_through_a_name() {
    let ends = [[0.0, 0.45], [1.0, 0.55]];
    let curves = [
        Layer::Track(Arc::new(vec![ends.to_vec()])),
        Layer::Guide(ends.to_vec()),
        line(&ends),
    ];
    for curve in curves {
        let marks = [
            mark([0.5, 0.5], Symbol::Star, "optimum"),
            mark([0.2, 0.47], method(), "ITD"),
        ];
        let layers = std::iter::once(curve.clone()).chain(marks).collect();
        let scene = scene(layers);
        for words in ["optimum", "ITD"] {
            assert!(
                off_line(&scene, words, ends) > 0.0,
                "{words} over {curve:?}"
            );
            assert!(!has_ground(&scene, words), "{words}");
        }
    }
}

#[test]
fn a_name_that_lines_must_cross_stands_on_a_ground() {
    // lines at every height
    let guides = (0..60_u8).map(|step| {
        let y = f64::from(step) / 60.0;
        Layer::Guide(vec![[0.0, y], [1.0, y]])
    });
    let star = mark([0.5, 0.5], Symbol::Star, "optimum");
    let scene = scene(guides.chain([star]).collect());
    assert!(has_ground(&scene, "optimum"));
}

#[test]
fn each_name_of_two_rules_is_nearest_to_its_own() {
    let rule = |at: f64, label: &str| Layer::Rule {
        at,
        label: label.to_owned(),
    };
    for middle in [0.05_f64, 0.5, 0.95, 0.985] {
        for apart in [0.2, 0.05, 0.03] {
            let low = (middle - 0.5 * apart).max(0.01);
            let high = (low + apart).min(0.995);
            let scene = scene(vec![rule(low, "validation only"), rule(high, "clean")]);
            for (words, own, other) in [("validation only", low, high), ("clean", high, low)] {
                let (_, rect) = rect_of(&scene, words);
                let off = |at: f64| {
                    let [_, y] = scene.transform.pixel([0.0, at]);
                    (0.5 * (rect.min[1] + rect.max[1]) - y).abs()
                };
                let [_, y] = scene.transform.pixel([0.0, own]);
                let is_led = scene.primitives.iter().any(|it| match it {
                    Primitive::Stroke { points, .. } => {
                        matches!(points[..], [from, to] if rect.contains(from) && to == [from[0], y])
                    }
                    _ => false,
                });
                let is_nearest = off(own) < off(other);
                assert!(is_nearest || is_led, "{words} at {own} beside {other}");
            }
            let rects = ["validation only", "clean"].map(|words| rect_of(&scene, words).1);
            assert!(gap(rects[0], rects[1]) > 0.0, "{middle} {apart}");
        }
    }
}

#[test]
fn a_name_is_nearest_to_its_own_mark_or_has_a_leader() {
    for apart in [0.02, 0.03, 0.05, 0.1] {
        let places = [[0.5 - 0.5 * apart, 0.5], [0.5 + 0.5 * apart, 0.5]];
        let names = ["ITD, T = 1", "ITD, T = 3"];
        let marks = (0..2).map(|place| mark(places[place], method(), names[place]));
        let scene = scene(marks.collect());
        let pixels = places.map(|at| scene.transform.pixel(at));
        for (place, words) in names.into_iter().enumerate() {
            let (_, rect) = rect_of(&scene, words);
            let off = |at: [f32; 2]| gap(rect, Rect { min: at, max: at });
            let (own, other) = (pixels[place], pixels[1 - place]);
            assert!(off(own) < off(other), "{words}, {apart} apart");
        }
    }
}

#[test]
fn a_name_beside_rings_is_nearest_to_its_own_marker_or_has_a_leader() {
    let together = ["BOME", "ITD", "AID-CG"];
    for apart in [0.04, 0.06, 0.08] {
        let rings = together.map(|name| mark([0.5, 0.5], method(), name));
        let alone = mark([0.5 + apart, 0.5 + 0.5 * apart], method(), "BSG-1");
        let scene = scene(rings.into_iter().chain([alone]).collect());
        let (_, rect) = rect_of(&scene, "BSG-1");
        let to = |at: [f64; 2]| {
            let at = scene.transform.pixel(at);
            gap(rect, Rect { min: at, max: at })
        };
        let ring = 7.6 + 3.8 * 2.0;
        let own = to([0.5 + apart, 0.5 + 0.5 * apart]);
        let is_nearest = own < to([0.5, 0.5]) - (ring - 8.0);
        assert!(is_nearest || has_leader(&scene, rect), "{apart} apart");
    }
}

/// True if a stroke of two points begins at a rectangle, as a leader does.
fn has_leader(scene: &Scene, rect: Rect) -> bool {
    scene.primitives.iter().any(|it| match it {
        Primitive::Stroke { points, .. } if points.len() == 2 => {
            let [from, _] = [points[0], points[1]];
            gap(
                rect,
                Rect {
                    min: from,
                    max: from,
                },
            ) < 0.5
        }
        _ => false,
    })
}

/// The farthest reach of the fills of a colour around a pixel.
fn reach(scene: &Scene, colour: Colour, [x, y]: [f32; 2]) -> f32 {
    let fills = scene.primitives.iter().filter_map(|it| match it {
        Primitive::Fill {
            corners,
            colour: ink,
        } if *ink == colour => Some(corners),
        _ => None,
    });
    let distances = fills.flatten().map(|at| (at[0] - x).hypot(at[1] - y));
    distances.filter(|it| *it < 60.0).fold(0.0, f32::max)
}

#[test]
fn a_star_beneath_markers_shows_its_tips() {
    let ink = Theme::Light.roles().text;
    for count in [1, 3] {
        let at = [0.5, 0.5];
        let star = mark(at, Symbol::Star, "");
        let names = ["a", "b", "c"];
        let heads = names[..count].iter().map(|name| mark(at, method(), name));
        let scene = scene(std::iter::once(star).chain(heads).collect());
        let pixel = scene.transform.pixel(at);
        let of_marks = 7.9 + 3.8 * (count - 1) as f32;
        assert!(
            reach(&scene, ink, pixel) > of_marks + 4.0,
            "{count} markers"
        );
    }
}

#[test]
fn a_mark_at_the_frame_is_whole_and_one_outside_is_not_drawn() {
    let ink = Theme::Light.roles().text;
    for symbol in [Symbol::Star, Symbol::Start, Symbol::Minimum] {
        let scene = scene(vec![mark([1.0, 0.5], symbol, "")]);
        let mut clips = 0;
        let mut is_whole = false;
        for primitive in &scene.primitives {
            match primitive {
                Primitive::Clip(_) => clips += 1,
                Primitive::Unclip => clips -= 1,
                Primitive::Fill { corners, colour } if *colour == ink => {
                    let beyond = corners.iter().any(|at| at[0] > scene.plot.max[0] + 2.0);
                    is_whole |= beyond && clips == 0;
                }
                _ => {}
            }
        }
        assert!(is_whole, "{symbol:?}");
        let outside = scene_of_one([1.02, 0.5], symbol);
        let is_mark =
            |it: &Primitive| matches!(it, Primitive::Fill { colour, .. } if *colour == ink);
        assert!(!outside.primitives.iter().any(is_mark), "{symbol:?}");
    }
}

fn scene_of_one(at: [f64; 2], symbol: Symbol) -> Scene {
    scene(vec![mark(at, symbol, "")])
}

#[test]
fn a_line_or_a_marker_that_leaves_the_plot_has_an_arrow_at_its_edge() {
    let colour = MethodLook::default().style(Theme::Light).colour;
    let arrows = |layer: Layer<'static>| -> Vec<Vec<[f32; 2]>> {
        let scene = scene(vec![layer]);
        let fills = scene.primitives.into_iter().filter_map(|it| match it {
            Primitive::Fill {
                corners,
                colour: ink,
            } if ink == colour && corners.len() == 3 => Some(corners),
            _ => None,
        });
        fills.collect()
    };
    let bounds = scene(Vec::new()).plot;
    let left = arrows(line(&[[0.0, 0.5], [0.5, 0.5], [0.6, -0.5], [0.9, -3.0]]));
    assert_eq!(left.len(), 1);
    let tip = left[0][0];
    let expected = bounds.min[0] + 0.55 * bounds.width();
    assert!(
        (tip[0] - expected).abs() < 1.5 && tip[1] > bounds.max[1] - 6.0,
        "{tip:?}"
    );
    // one that comes back, and one that a zoomed picture shows the beginning of
    assert!(arrows(line(&[[0.0, 0.5], [0.3, -1.0], [0.9, 0.5]])).is_empty());
    assert!(arrows(line(&[[0.0, 0.5], [1.5, 0.5]])).is_empty());
    assert_eq!(arrows(mark([0.5, 1.4], method(), "")).len(), 1);
}
