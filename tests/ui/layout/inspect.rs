//! Faults of a frame's layout, found in its shapes and controls: no pixels are drawn.

use egui::epaint::{ClippedShape, TextShape};
use egui::{Rect, Role, Shape};

/// Parts of points by which shapes may lie over each other or over an edge.
const SLACK: f32 = 1.5;
/// Texts whose last character is an ellipsis by themselves: buttons that ask for more, and numbers to come.
const OWN_ELLIPSIS: [&str; 4] = ["Browse…", "Tune…", "Several…", "gap …"];
/// A text that is this much smaller than its neighbor is an exponent or a subscript of it.
const SCRIPT: f32 = 0.85;

/// The most by which a slanted letter reaches over its neighbors, in its size.
const OVERHANG: f32 = 0.35;

/// A text of the frame, with the height of its letters.
#[derive(Clone, Debug)]
struct PlacedText {
    text: String,
    rect: Rect,
    clip: Rect,
    size: f32,
    /// True for one that is turned, whose rectangle is not known.
    is_turned: bool,
    /// True for one whose end was left out by egui.
    is_elided: bool,
}

/// A node of the accessibility tree.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) role: Role,
    pub(crate) label: String,
    pub(crate) rect: Rect,
}

/// The faults of a frame, a line each.
pub(crate) fn faults(shapes: &[ClippedShape], nodes: &[Node], screen: Rect) -> Vec<String> {
    let mut texts = Vec::new();
    for clipped in shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut texts);
    }
    // what is scrolled out of sight or invisible is no part of the picture
    texts.retain(|text| text.rect.intersects(text.clip) && !text.text.trim().is_empty());
    let mut faults = Vec::new();
    faults.extend(texts.iter().filter_map(cut));
    faults.extend(texts.iter().filter_map(|text| outside(text, screen)));
    faults.extend(texts.iter().filter_map(ellipsis));
    faults.extend(texts.iter().filter_map(raw_markup));
    faults.extend(overlaps(&texts));
    faults.extend(nodes.iter().filter_map(|node| beyond(node, screen)));
    faults.extend(nodes.iter().filter_map(unnamed));
    faults.extend(nodes.iter().filter_map(|node| empty(node, shapes)));
    faults.sort();
    faults.dedup();
    faults
}

fn collect(shape: &Shape, clip: Rect, texts: &mut Vec<PlacedText>) {
    match shape {
        Shape::Text(text) => texts.push(placed(text, clip)),
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, texts)),
        _ => {}
    }
}

fn placed(text: &TextShape, clip: Rect) -> PlacedText {
    let sections = text.galley.job.sections.iter();
    let size = sections
        .map(|it| it.format.font_id.size)
        .fold(0.0, f32::max);
    PlacedText {
        text: text.galley.job.text.clone(),
        rect: text.galley.mesh_bounds.translate(text.pos.to_vec2()),
        clip,
        size,
        is_turned: text.angle != 0.0,
        is_elided: text.galley.elided,
    }
}

/// A text that its area cuts at the left or right; lists that scroll cut at the top and bottom.
fn cut(text: &PlacedText) -> Option<String> {
    let is_cut = text.rect.left() < text.clip.left() - SLACK
        || text.rect.right() > text.clip.right() + SLACK;
    (is_cut && !text.is_turned).then(|| format!("cut: {:?}", text.text))
}

fn outside(text: &PlacedText, screen: Rect) -> Option<String> {
    // a list that scrolls ends above the edge of the window
    let scrolls = text.clip.bottom() < screen.bottom() - SLACK;
    let mut seen = text.rect;
    if scrolls {
        seen = seen.intersect(text.clip);
    }
    let is_outside = !screen.expand(SLACK).contains_rect(seen) && !text.is_turned;
    is_outside.then(|| format!("outside of the window: {:?}", text.text))
}

fn ellipsis(text: &PlacedText) -> Option<String> {
    let words = text.text.trim();
    let is_own = words == "…" || OWN_ELLIPSIS.iter().any(|own| words.ends_with(own));
    let is_shortened = text.is_elided || (words.ends_with('…') && !is_own);
    is_shortened.then(|| format!("shortened: {words:?}"))
}

fn raw_markup(text: &PlacedText) -> Option<String> {
    let is_raw = ["^{", "_{", "**", "$", "NaN"]
        .iter()
        .any(|mark| text.text.contains(mark));
    is_raw.then(|| format!("markup: {:?}", text.text))
}

/// Pairs of texts of which one lies over the other. Exponents and subscripts belong to their neighbors.
fn overlaps(texts: &[PlacedText]) -> Vec<String> {
    let mut faults = Vec::new();
    for (place, one) in texts.iter().enumerate() {
        for other in &texts[place + 1..] {
            if one.is_turned || other.is_turned || is_script(one, other) || is_accent(one, other) {
                continue;
            }
            // halos are drawn as the same text beneath itself
            if one.text == other.text {
                continue;
            }
            let both = one
                .rect
                .intersect(other.rect)
                .intersect(one.clip)
                .intersect(other.clip);
            let is_overhang = both.width() < OVERHANG * one.size && is_letter(one, other);
            if both.width() > SLACK && both.height() > SLACK && !is_overhang {
                let [width, height] = [both.width(), both.height()];
                faults.push(format!(
                    "overlap: {:?} and {:?}, {width:.0} x {height:.0} at {:.0}",
                    one.text, other.text, both.min
                ));
            }
        }
    }
    faults
}

fn is_script(one: &PlacedText, other: &PlacedText) -> bool {
    let ratio = one.size.min(other.size) / one.size.max(other.size);
    ratio < SCRIPT && one.rect.expand(2.0).intersects(other.rect)
}

/// True if one of two texts is a variable: a single letter.
fn is_letter(one: &PlacedText, other: &PlacedText) -> bool {
    let mut words = [one, other]
        .map(|text| text.text.trim().chars())
        .into_iter();
    words.any(|letters| letters.count() == 1)
}

/// True if one of two texts is a single mark over or beneath a letter.
fn is_accent(one: &PlacedText, other: &PlacedText) -> bool {
    // the circumflex of q̂ counts as a letter in Unicode
    let is_mark = |text: &str| {
        text == "ˆ" || text.chars().count() == 1 && !text.chars().all(char::is_alphanumeric)
    };
    is_mark(one.text.trim()) || is_mark(other.text.trim())
}

/// A control that cannot be reached.
fn beyond(node: &Node, screen: Rect) -> Option<String> {
    let is_control = matches!(
        node.role,
        Role::Button
            | Role::CheckBox
            | Role::ComboBox
            | Role::Slider
            | Role::SpinButton
            | Role::TextInput
    );
    let is_wide =
        node.rect.left() < screen.left() - SLACK || node.rect.right() > screen.right() + SLACK;
    (is_control && is_wide).then(|| format!("control outside: {:?}", node.label))
}

fn unnamed(node: &Node) -> Option<String> {
    let is_control = matches!(
        node.role,
        Role::Button | Role::ComboBox | Role::Slider | Role::SpinButton
    );
    (is_control && node.label.trim().is_empty()).then(|| "control without a name".to_owned())
}

/// A figure without anything in it, and without a sentence that says why.
fn empty(node: &Node, shapes: &[ClippedShape]) -> Option<String> {
    if node.role != Role::Figure {
        return None;
    }
    let middle = node.rect.shrink2(0.15 * node.rect.size());
    let is_inside = |shape: &&ClippedShape| {
        let bounds = shape.shape.visual_bounding_rect();
        let is_content = !matches!(shape.shape, Shape::Noop | Shape::Rect(_));
        is_content && bounds.is_positive() && bounds.intersects(middle) && !is_grid(&shape.shape)
    };
    let is_empty = !shapes.iter().any(|shape| is_inside(&shape));
    is_empty.then(|| format!("empty: {:?}", node.label))
}

/// True for a straight line along an axis, as those of a grid are.
fn is_grid(shape: &Shape) -> bool {
    match shape {
        Shape::LineSegment { points, .. } => {
            points[0].x == points[1].x || points[0].y == points[1].y
        }
        Shape::Path(path) => match &path.points[..] {
            [a, b] => a.x == b.x || a.y == b.y,
            _ => false,
        },
        _ => false,
    }
}
