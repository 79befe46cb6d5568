//! Lowering of a figure to primitives: one layout and one appearance, on screen and on paper.

use std::ops::RangeInclusive;
use std::rc::Rc;

use super::annotations::DrawnNote;
use super::canvas::{Anchor, SceneLayout, Sketch, within};
use super::line_cache::LineCache;
use super::line_names::line_names;
use super::shapes::{Primitive, Rect};
use super::transform::Transform;
use super::{annotations, caption, curves, footer, header, heads, labels, layers, overlays, rules};
use crate::model::scale::{FEWEST_LABELS, labels as labels_of};
use crate::{Axis, AxisScale, Figure, Layer, RichText, Tick};

/// The space that a figure needs left and right of its plot at a text size, if its names have all the room they need.
pub fn sides(figure: &Figure<'_>, text: f32) -> [f32; 2] {
    sides_within(figure, text, f32::INFINITY)
}

/// The sides as of [`sides`] for a picture of a width, in which names that are too wide are left out or cut.
pub fn sides_within(figure: &Figure<'_>, text: f32, width: f32) -> [f32; 2] {
    if !figure.has_axes {
        return [0.0; 2];
    }
    let range = figure.y.scale.drawable(figure.y.range);
    let right = right_side(figure, (MOST_NAMES * width).max(0.6 * text), text);
    [left_side(figure, (range, 2..=FEW), text), right]
}

/// The space right of a plot for the names of lines that fit into `most`.
fn right_side(figure: &Figure<'_>, most: f32, text: f32) -> f32 {
    let names = line_names(figure);
    let rows = names
        .iter()
        .flat_map(|name| name.rows(most / text - BESIDE));
    let widths = rows.map(|(name, _)| (RichText::parse(name).width + BESIDE) * text);
    widths.fold(0.6 * text, f32::max)
}

/// The numbers of ticks whose labels have room beside a plot, and beside one with equal units, where a few more are likely.
const FEW: usize = 6;
const SOME: usize = 10;

/// The number of ticks that a vertical axis of a height has room for.
fn most_vertical(height: f32, text: f32) -> usize {
    (height / (2.6 * text)).clamp(2.0, 8.0) as usize
}

/// The space left of a plot whose vertical axis has a range with some number of ticks.
fn left_side(
    figure: &Figure<'_>,
    (range, counts): ([f64; 2], RangeInclusive<usize>),
    text: f32,
) -> f32 {
    // the height may not be known yet, and with it the number of labels: powers of ten differ in their digits
    let ticks = if figure.y.ticks.is_empty() {
        counts
            .flat_map(|most| figure.y.scale.ticks(range, most))
            .collect()
    } else {
        AxisScale::ticks_at(&figure.y.ticks)
    };
    let widest = ticks
        .iter()
        .map(|tick| tick_text(tick).width)
        .fold(2.0, f32::max);
    let widest = if figure.y.is_bare { 0.0 } else { widest };
    let mut left = (widest + 0.6) * text;
    if !figure.y.label.is_empty() {
        left += (RichText::parse(&figure.y.label).width * 1.15 + 0.5) * text;
    }
    left
}

/// A figure lowered to primitives.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The primitives, from back to front.
    pub primitives: Vec<Primitive>,
    /// The rectangle between the axes.
    pub plot: Rect,
    /// The map between data units and pixels.
    pub transform: Transform,
    /// The areas of the labels at the ends of lines, with the slots of their methods.
    pub names: Vec<(Rect, usize)>,
    /// The notes of the user that are drawn.
    pub notes: Vec<DrawnNote>,
    /// The number of notes within the ranges for which the plot is too small.
    pub left_out_notes: usize,
}

impl Scene {
    /// Lowers a figure.
    pub fn new(figure: &Figure<'_>, layout: SceneLayout) -> Self {
        Self::remembering(figure, layout, &mut LineCache::default())
    }

    /// Lowers a figure, with the cache of the last frame of the same picture.
    pub fn remembering(figure: &Figure<'_>, layout: SceneLayout, memory: &mut LineCache) -> Self {
        let plot = plot_rect(figure, layout);
        let mut sketch = Sketch {
            primitives: Vec::new(),
            theme: layout.theme,
            roles: layout.theme.roles(),
            text: layout.text,
            is_page: layout.is_page,
            area: layout.area,
            plot,
            transform: Transform::new(figure, plot),
            taken: Vec::new(),
            heads: Vec::new(),
            exits: Vec::new(),
            scale: None,
            hatched: None,
            obstacles: Rc::default(),
            memory: std::mem::take(memory),
        };
        let heads = heads::groups(&sketch, &figure.layers);
        sketch.heads = heads.iter().map(heads::HeadGroup::extent).collect();
        sketch.taken = labels::fixed_marks(&sketch, &figure.layers);
        sketch.obstacles = Rc::new(curves::obstacles(&sketch, &figure.layers));
        if figure.has_axes {
            sketch.axes(figure, layout);
        } else {
            sketch.fill(plot.corners(), sketch.roles.plot);
        }
        sketch.clip(plot);
        let notes = annotations::place_notes(&mut sketch, &figure.layers);
        let placed = labels::place_mark_labels(&mut sketch, &figure.layers);
        // labels lie over fixed layers and moving lines, and under moving marks
        let (at_frame, inside): (Vec<_>, Vec<_>) = figure
            .layers
            .iter()
            .partition(|layer| layers::is_at_frame(&sketch, layer));
        let (moving, fixed): (Vec<_>, Vec<_>) =
            inside.into_iter().partition(|layer| layer.is_moving());
        for layer in fixed {
            layers::draw(&mut sketch, layer);
        }
        rules::rule_labels(&mut sketch, &figure.layers);
        overlays::strip_labels(&mut sketch, &figure.layers);
        overlays::zone_labels(&mut sketch, &figure.layers);
        overlays::border_labels(&mut sketch, &figure.layers);
        labels::draw_labels(&mut sketch, &placed, &figure.layers);
        for layer in moving {
            layers::draw(&mut sketch, layer);
        }
        sketch.primitives.push(Primitive::Unclip);
        let roles = sketch.roles;
        sketch.stroke(plot.corners(), true, 1.0, roles.frame);
        for layer in at_frame {
            layers::draw(&mut sketch, layer);
        }
        heads::draw_heads(&mut sketch, &heads, &figure.layers);
        sketch.clip(plot);
        annotations::draw_notes(&mut sketch, &notes);
        sketch.primitives.push(Primitive::Unclip);
        let names = labels::line_labels(&mut sketch, &line_names(figure), layout.area.max);
        layers::line_heads(&mut sketch, &figure.layers);
        header::draw(&mut sketch, figure, layout);
        if let Some(table) = &figure.foot {
            footer::draw(&mut sketch, table, layout.area);
        }
        sketch.memory.end_frame();
        *memory = sketch.memory;
        Self {
            primitives: sketch.primitives,
            plot,
            transform: sketch.transform,
            names,
            left_out_notes: notes.left_out,
            notes: notes.placed.into_iter().map(|note| note.drawn).collect(),
        }
    }
}

/// The space beside the name of a line, in the size of text.
const BESIDE: f32 = 1.7;
/// The largest share of the width for the names of lines.
const MOST_NAMES: f32 = 0.44;
/// The least space between the labels of two ticks, in pixels: letters reach a little beyond their measures.
const APART: f32 = 1.0;
/// The least width and height of a plot.
const LEAST: f32 = 8.0;

/// The rectangle left for the plot after titles, labels and ticks.
pub(crate) fn plot_rect(figure: &Figure<'_>, layout: SceneLayout) -> Rect {
    let SceneLayout { area, text, .. } = layout;
    let has_ticks = figure.has_axes && !figure.x.is_bare;
    let mut bottom = if has_ticks { 1.7 } else { 0.4 } * text;
    bottom += caption::height(figure, layout);
    if let Some(table) = &figure.foot {
        bottom += footer::height(table, text);
    }
    // names are left out before they squeeze the plot
    let most = (MOST_NAMES * area.width()).max(0.6 * text);
    let (left, right) = if figure.has_axes {
        let range = figure.y.scale.drawable(figure.y.range);
        (
            left_side(figure, (range, 2..=FEW), text),
            right_side(figure, most, text),
        )
    } else {
        (0.0, 0.0)
    };
    let shared = if layout.is_page {
        layout.sides[1]
    } else {
        layout.sides[1].min(most)
    };
    let (left, right) = (left.max(layout.sides[0]), right.max(shared));
    let top = header::height(figure, layout, area.width() - left).max(layout.head);
    let mut rect = Rect {
        min: [area.min[0] + left, area.min[1] + top],
        max: [area.max[0] - right, area.max[1] - bottom],
    };
    // a window may be smaller than its labels
    for axis in 0..2 {
        rect.max[axis] = rect.max[axis].max(rect.min[axis] + LEAST);
    }
    if figure.is_equal && figure.has_axes {
        // equal units widen the range, perhaps to longer labels
        let range = Transform::new(figure, rect).ranges[1];
        let least = area.min[0] + left_side(figure, (range, 2..=SOME), text);
        rect.min[0] = rect.min[0].max(least.min(rect.max[0] - LEAST));
    }
    let most = most_vertical(rect.height(), text);
    if figure.has_axes && most > FEW {
        // a high plot has ticks with more digits than the few that are reckoned with
        let range = figure.y.scale.drawable(figure.y.range);
        let least = area.min[0] + left_side(figure, (range, most..=most), text);
        rect.min[0] = rect.min[0].max(least.min(rect.max[0] - LEAST));
    }
    rect
}

fn tick_text(tick: &Tick) -> RichText {
    // digits of a tick are plain text, not maths: only the exponent is raised
    match tick.label.split_once('^') {
        None => RichText::parse(&tick.label),
        Some((base, exponent)) => RichText::power(base, exponent.trim_matches(['{', '}'])),
    }
}

impl Sketch {
    /// The ticks of an axis, about `most` with a label; more if these are too few and more have room.
    fn ticks(&self, axis: usize, wanted: &Axis, most: usize) -> Vec<Tick> {
        if !wanted.ticks.is_empty() {
            let mut ticks = AxisScale::ticks_at(&wanted.ticks);
            self.part(axis, &mut ticks);
            return ticks;
        }
        let (range, scale) = (self.transform.ranges[axis], wanted.scale);
        let mut ticks = scale.ticks(range, most);
        for more in most + 1..=2 * most + 2 {
            if labels_of(&ticks) >= FEWEST_LABELS {
                break;
            }
            let denser = scale.ticks(range, more);
            if labels_of(&denser) > labels_of(&ticks) && self.have_room(axis, &denser) {
                ticks = denser;
            }
        }
        self.part(axis, &mut ticks);
        ticks
    }

    /// True if the labels of ticks are well apart.
    fn have_room(&self, axis: usize, ticks: &[Tick]) -> bool {
        let named: Vec<&Tick> = ticks.iter().filter(|tick| !tick.label.is_empty()).collect();
        named
            .windows(2)
            .all(|pair| self.space(axis, pair[0], pair[1]) >= 0.4 * self.text)
    }

    /// The space between the labels of two ticks; negative if they overlap.
    fn space(&self, axis: usize, one: &Tick, other: &Tick) -> f32 {
        let length = |tick: &Tick| {
            let length = if axis == 0 {
                tick_text(tick).width
            } else {
                1.0
            };
            length * self.text
        };
        let place = |tick: &Tick| {
            let place = self.transform.along(axis, tick.value);
            if axis == 0 {
                // one at the end of the figure is moved inwards
                within(place, length(tick), self.area)
            } else {
                place
            }
        };
        (place(one) - place(other)).abs() - 0.5 * (length(one) + length(other))
    }

    /// Removes the labels of ticks that would overlap others.
    fn part(&self, axis: usize, ticks: &mut [Tick]) {
        let mut last: Option<usize> = None;
        for number in 0..ticks.len() {
            if ticks[number].label.is_empty() {
                continue;
            }
            match last {
                Some(last) if self.space(axis, &ticks[last], &ticks[number]) < APART => {
                    ticks[number].label.clear();
                }
                _ => last = Some(number),
            }
        }
    }

    /// Draws the background, the grid and the ticks with their labels.
    fn axes(&mut self, figure: &Figure<'_>, layout: SceneLayout) {
        let (plot, text, roles) = (self.plot, self.text, self.roles);
        self.fill(plot.corners(), roles.plot);
        let most_x = (plot.width() / (6.5 * text)).clamp(2.0, 10.0) as usize;
        let most_y = most_vertical(plot.height(), text);
        for tick in self.ticks(0, &figure.x, most_x) {
            let x = self.transform.along(0, tick.value);
            self.stroke(
                vec![[x, plot.min[1]], [x, plot.max[1]]],
                false,
                1.0,
                roles.grid,
            );
            if figure.x.is_bare {
                continue;
            }
            let (label, y) = (tick_text(&tick), plot.max[1] + 1.35 * text);
            let at = [within(x, label.width * text, layout.area), y];
            self.text(at, Anchor::Middle, label, text, roles.text_faint);
        }
        let mut lowest = f32::INFINITY;
        let gutter = self.transform.gutter_edge();
        for tick in self.ticks(1, &figure.y, most_y) {
            let y = self.transform.along(1, tick.value);
            self.stroke(
                vec![[plot.min[0], y], [plot.max[0], y]],
                false,
                1.0,
                roles.grid,
            );
            let is_crowded = gutter.is_some_and(|edge| edge - y < 0.45 * text);
            if !tick.label.is_empty() && !is_crowded && !figure.y.is_bare {
                let at = [plot.min[0] - 0.5 * text, y + 0.36 * text];
                self.text(at, Anchor::Right, tick_text(&tick), text, roles.text_faint);
                lowest = lowest.min(y);
            }
        }
        if let Some(edge) = gutter {
            self.gutter(figure, edge);
        }
        caption::draw(self, figure, layout);
        if !figure.y.label.is_empty() {
            let at = [
                layout.area.min[0] + 0.2 * text,
                0.5 * (plot.min[1] + plot.max[1]),
            ];
            self.text(
                at,
                Anchor::Left,
                RichText::parse(&figure.y.label),
                1.15 * text,
                roles.text,
            );
        }
    }

    /// Draws the hatched strip for values at or below zero, and for those below the axis.
    fn gutter(&mut self, figure: &Figure<'_>, edge: f32) {
        let (plot, roles, text) = (self.plot, self.roles, self.text);
        self.clip(Rect {
            min: [plot.min[0], edge],
            max: plot.max,
        });
        let height = plot.max[1] - edge;
        let mut x = plot.min[0] - height;
        while x < plot.max[0] {
            self.stroke(
                vec![[x, plot.max[1]], [x + height, edge]],
                false,
                1.0,
                roles.separator,
            );
            x += 7.0;
        }
        self.primitives.push(Primitive::Unclip);
        self.stroke(
            vec![[plot.min[0], edge], [plot.max[0], edge]],
            false,
            1.0,
            roles.frame,
        );
        let at = [
            plot.min[0] - 0.5 * text,
            0.5 * (edge + plot.max[1]) + 0.36 * text,
        ];
        let size = self.small(0.92);
        let low = figure.y.range[0];
        // there is no room for a number
        let words = if figure.layers.iter().any(|layer| falls_below(layer, low)) {
            RichText::parse("$≲ 0$")
        } else {
            RichText::parse("≤ 0")
        };
        self.text(at, Anchor::Right, words, size, roles.text_faint);
    }
}

/// True if a line has a positive value below a limit.
fn falls_below(layer: &Layer<'_>, low: f64) -> bool {
    match layer {
        Layer::Line(line) => (line.y.values().iter()).any(|y| 0.0 < *y && *y < low),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::labels::{area, overlap};
    use crate::{Colour, Foot, Part, Patch, Shares, Symbol, Theme};
    use std::sync::Arc;

    fn figure(layers: Vec<Layer<'static>>, foot: Option<Foot>) -> Figure<'static> {
        let axis = || Axis {
            label: String::new(),
            scale: AxisScale::Linear,
            range: [0.0, 1.0],
            has_gutter: false,
            is_bare: true,
            ticks: Vec::new(),
        };
        Figure {
            title: String::new(),
            subtitle: String::new(),
            x: axis(),
            y: axis(),
            is_equal: false,
            has_axes: true,
            layers,
            foot,
        }
    }

    fn scene(figure: &Figure<'_>) -> Scene {
        let layout = SceneLayout {
            area: Rect {
                min: [0.0; 2],
                max: [300.0, 240.0],
            },
            text: 12.0,
            theme: Theme::Light,
            sides: [0.0; 2],
            head: 0.0,
            is_page: false,
        };
        Scene::new(figure, layout)
    }

    /// The texts with their rectangles.
    fn texts(scene: &Scene) -> Vec<(String, Rect)> {
        let texts = scene.primitives.iter().filter_map(|it| match it {
            Primitive::Text { at, text, size, .. } => {
                let rect = area(*at, [text.width * size, *size]);
                Some((text.plain(), rect))
            }
            _ => None,
        });
        texts.collect()
    }

    fn mark(at: [f64; 2], symbol: Symbol, label: &str) -> Layer<'static> {
        Layer::Mark {
            at,
            symbol,
            label: label.to_owned(),
        }
    }

    #[test]
    fn names_stand_beside_hulls_and_tracks() {
        let corners = [[0.3, 0.8], [0.7, 0.75], [0.6, 0.2], [0.2, 0.3]];
        let mut layers = vec![Layer::Area(corners.to_vec())];
        layers.extend(corners.map(|at| mark(at, Symbol::Dot, "vertex")));
        let hull = scene(&figure(layers, None));
        let named = texts(&hull);
        assert_eq!(named.len(), 4);
        let track: Vec<[f64; 2]> = (0..=40)
            .map(f64::from)
            .map(|step| [step / 40.0; 2])
            .collect();
        let layers = vec![
            Layer::Track(Arc::new(vec![track.clone()])),
            Layer::Name {
                curve: track.clone(),
                label: "track".to_owned(),
            },
        ];
        let curve = scene(&figure(layers, None));
        let of_curve = texts(&curve);
        assert_eq!(of_curve.len(), 1);
        let outline: Vec<[f64; 2]> = (0..4)
            .flat_map(|side| {
                let (from, to) = (corners[side], corners[(side + 1) % 4]);
                (0..=60).map(f64::from).map(move |step| {
                    [0, 1].map(|axis| from[axis] + step / 60.0 * (to[axis] - from[axis]))
                })
            })
            .collect();
        for (scene, names, line) in [(&hull, &named, &outline), (&curve, &of_curve, &track)] {
            for (name, rect) in names {
                let mut pixels = line.iter().map(|at| scene.transform.pixel(*at));
                assert!(pixels.all(|at| !rect.contains(at)), "{name} lies on a line");
            }
        }
    }

    #[test]
    fn the_sentence_of_a_zone_stands_beside_the_start() {
        for at in [[0.95, 0.06], [0.5, 0.06], [0.05, 0.1]] {
            let zone = Layer::Zone {
                x: [0.0, f64::INFINITY],
                y: [f64::NEG_INFINITY, 0.3],
                label: "below the optimum".to_owned(),
            };
            let scene = scene(&figure(vec![zone, mark(at, Symbol::Start, "")], None));
            let [x, y] = scene.transform.pixel(at);
            let circle = Rect {
                min: [x - 7.0, y - 7.0],
                max: [x + 7.0, y + 7.0],
            };
            let sentences = texts(&scene);
            assert!(!sentences.is_empty());
            for (words, rect) in sentences {
                assert!(!overlap(rect, circle), "{words} lies under the start");
            }
        }
    }

    #[test]
    fn every_part_of_a_bar_has_its_number() {
        let patch = Patch {
            colour: Colour::hex(0),
            hatch: None,
        };
        for shares in [
            &[0.88, 0.01, 0.11][..],
            &[0.0005, 0.001, 0.9985],
            &[0.125; 8],
            &[1.0],
        ] {
            let parts = shares.iter().map(|&share| Part {
                share,
                patch,
                is_global: false,
            });
            let shares = Shares {
                parts: parts.collect(),
                interval: [0.0, 1.0],
            };
            let scene = scene(&figure(Vec::new(), Some(Foot::Shares(shares.clone()))));
            let numbers = texts(&scene);
            assert_eq!(numbers.len(), shares.parts.len());
            for (place, (number, rect)) in numbers.iter().enumerate() {
                assert!(number.contains('.'), "{number} has one decimal");
                let mut later = numbers[place + 1..].iter();
                assert!(later.all(|(_, other)| !overlap(*rect, *other)));
                assert!(rect.min[0] >= scene.plot.min[0] - 0.1);
                assert!(rect.max[0] <= scene.plot.max[0] + 0.1);
            }
        }
    }
}
