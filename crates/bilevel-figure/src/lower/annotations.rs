//! Notes of the user: a text on a ground of its own, which is legible on every fill, and an arrow from it to its tip.
//!
//! Notes are placed before any other label, so that all others keep clear of them, and drawn over everything in the plot.

use super::arrows::draw_pointer;
use super::canvas::{Anchor, GROUND, Sketch};
use super::clip::inside;
use super::labels::around;
use super::shapes::Rect;
use crate::model::markup_fault::MarkupFault;
use crate::{Annotation, Layer, RichText, messages};

/// A note as it was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnNote {
    /// Its index among the notes of the experiment.
    pub number: usize,
    /// The rectangle of its text.
    pub text: Rect,
    /// The tip of its arrow, if that is within the plot.
    pub tip: Option<[f32; 2]>,
    /// Its text without markup.
    pub words: String,
}

/// A note with its lines of text, before anything is drawn.
pub(crate) struct PlacedNote {
    pub(crate) drawn: DrawnNote,
    lines: Vec<RichText>,
    /// The arrow, from the edge of the text.
    arrow: Option<[[f32; 2]; 2]>,
}

/// The notes of a figure, before anything is drawn.
#[derive(Default)]
pub(crate) struct PlacedNotes {
    pub(crate) placed: Vec<PlacedNote>,
    /// The number of notes within the ranges for which the plot is too small.
    pub(crate) left_out: usize,
    /// The words on the notes that are left out, with their ground.
    remark: Option<(RichText, Rect)>,
}

/// The widest text, in sizes of text, and the shares of the plot's width for it, in the order in which they are tried.
const WIDEST: f32 = 18.0;
const SHARES: [f32; 2] = [0.6, 1.0];
/// The height of a line, and the ground beyond the text beside and above it.
const LINE: f32 = 1.3;
const BESIDE: f32 = 0.4;
const ABOVE: f32 = 0.2;
/// The least plot with notes; in sizes of text.
const LEAST: [f32; 2] = [10.0, 2.5];
/// The distance of a ground from the edge of the plot, and of an arrow from its ground, in pixels.
const INSET: f32 = 2.0;
const OFF: f32 = 1.0;
/// The shortest arrow, in pixels, and the distance of a text from a tip that it would cover.
const SHORTEST: f32 = 6.0;
const OFF_TIP: f32 = 18.0;
/// Half the width of an arrow with its head, in pixels.
const HALF_ARROW: f32 = 4.0;

/// Points of an arrow close to each other.
fn shaft([from, to]: &[[f32; 2]; 2]) -> impl Iterator<Item = [f32; 2]> {
    const STEPS: usize = 16;
    let shares = (0..=STEPS).map(|step| step as f32 / STEPS as f32);
    shares.map(|share| [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis])))
}

/// Places the notes of a figure. A note whose text is outside of the ranges is left out; one that does not fit in the plot is
/// counted.
pub(crate) fn place_notes(sketch: &mut Sketch, layers: &[Layer<'_>]) -> PlacedNotes {
    let size = sketch.label_size();
    let plot = sketch.plot;
    let is_large = plot.width() >= LEAST[0] * size && plot.height() >= LEAST[1] * size;
    let notes = layers.iter().filter_map(|layer| match layer {
        Layer::Annotations(all) => Some(&all.notes),
        _ => None,
    });
    let mut notes_of_plot = PlacedNotes::default();
    for note in notes.flatten() {
        // a note at the very edge stays in spite of rounding
        let Some(middle) = sketch.pixel_inside(note.at) else {
            continue;
        };
        let placed = is_large.then(|| place_note(sketch, (note, middle), size));
        match placed.flatten() {
            Some(placed) => notes_of_plot.placed.push(placed),
            None => notes_of_plot.left_out += 1,
        }
    }
    for note in &notes_of_plot.placed {
        sketch.taken.push(note.drawn.text);
        let points = note.arrow.iter().flat_map(shaft);
        sketch
            .taken
            .extend(points.map(|at| around(at, [HALF_ARROW; 2])));
    }
    if notes_of_plot.left_out > 0 {
        notes_of_plot.remark = remark(sketch, notes_of_plot.left_out);
    }
    let ground = notes_of_plot.remark.as_ref().map(|(_, ground)| *ground);
    sketch.taken.extend(ground);
    notes_of_plot
}

/// The words on notes that do not fit, in the upper right corner; `None` where these do not fit either.
fn remark(sketch: &Sketch, left_out: usize) -> Option<(RichText, Rect)> {
    let (size, plot) = (sketch.label_size(), sketch.plot);
    let words = RichText::parse(&messages::notes_left_out(left_out));
    let [width, height] = [words.width + 2.0 * BESIDE, LINE].map(|side| side * size);
    let ground = Rect {
        min: [plot.max[0] - INSET - width, plot.min[1] + INSET],
        max: [plot.max[0] - INSET, plot.min[1] + INSET + height],
    };
    let fits = plot.contains(ground.min) && plot.contains(ground.max);
    fits.then_some((words, ground))
}

/// The lines of a note and half the size of its ground, in pixels; `None` if it does not fit in the plot.
fn lines_in(plot: Rect, text: &str, size: f32) -> Option<(Vec<RichText>, [f32; 2])> {
    SHARES.into_iter().find_map(|share| {
        let room = plot.width() - 2.0 * (INSET + BESIDE * size);
        let widest = WIDEST.min((share * plot.width()).min(room) / size);
        // what is no markup is drawn as it is typed
        let lines = match MarkupFault::of(text) {
            None => RichText::broken(text, widest),
            Some(_) => RichText::broken_words(text, widest),
        };
        let width = lines.iter().map(|line| line.width).fold(0.0, f32::max);
        let half = [
            (0.5 * width + BESIDE) * size,
            (0.5 * LINE * lines.len() as f32 + ABOVE) * size,
        ];
        let room = [plot.width(), plot.height()].map(|side| side - 2.0 * INSET);
        let fits = (0..2).all(|axis| 2.0 * half[axis] <= room[axis]);
        fits.then_some((lines, half))
    })
}

fn place_note(
    sketch: &Sketch,
    (note, middle): (&Annotation, [f32; 2]),
    size: f32,
) -> Option<PlacedNote> {
    let plot = sketch.plot;
    let (lines, half) = lines_in(plot, &note.text, size)?;
    let mut text = Rect {
        min: [0.0; 2],
        max: [0.0; 2],
    };
    for axis in 0..2 {
        let [low, high] = [plot.min[axis] + INSET, plot.max[axis] - INSET];
        let at = middle[axis].clamp(low + half[axis], (high - half[axis]).max(low + half[axis]));
        (text.min[axis], text.max[axis]) = (at - half[axis], at + half[axis]);
    }
    let tip = note.arrow.and_then(|tip| sketch.pixel(tip));
    if let Some(tip) = tip.filter(|tip| plot.contains(*tip)) {
        text = off_tip(text, tip, plot);
    }
    Some(PlacedNote {
        arrow: tip.and_then(|tip| arrow_from(text, tip)),
        drawn: DrawnNote {
            number: note.number,
            text,
            tip: tip.filter(|tip| plot.contains(*tip)),
            words: match MarkupFault::of(&note.text) {
                None => RichText::parse(&note.text).plain(),
                Some(_) => note.text.clone(),
            },
        },
        lines,
    })
}

/// Moves a text that covers its own tip off it, the shortest way that stays in the plot: on a small picture letters cover more
/// of the axes.
fn off_tip(text: Rect, tip: [f32; 2], plot: Rect) -> Rect {
    let moved = |axis: usize, by: f32| {
        let mut rect = text;
        rect.min[axis] += by;
        rect.max[axis] += by;
        rect
    };
    let near = around(
        [0, 1].map(|axis| 0.5 * (text.min[axis] + text.max[axis])),
        [text.width(), text.height()].map(|side| 0.5 * side + OFF_TIP),
    );
    if !near.contains(tip) {
        return text;
    }
    let ways = [0, 1]
        .into_iter()
        .flat_map(|axis| [near.min[axis], near.max[axis]].map(|edge| (axis, tip[axis] - edge)));
    let mut ways: Vec<(usize, f32)> = ways.collect();
    ways.sort_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    let mut rects = ways.into_iter().map(|(axis, by)| moved(axis, by));
    rects
        .find(|rect| plot.contains(rect.min) && plot.contains(rect.max))
        .unwrap_or(text)
}

/// The arrow from the edge of a text to a tip; `None` where the tip is in the text or as good as at its edge.
fn arrow_from(text: Rect, tip: [f32; 2]) -> Option<[[f32; 2]; 2]> {
    let around = Rect {
        min: text.min.map(|end| end - OFF),
        max: text.max.map(|end| end + OFF),
    };
    let middle = [0, 1].map(|axis| 0.5 * (text.min[axis] + text.max[axis]));
    let [_, edge] = inside([middle, tip], around)?;
    let length = (tip[0] - edge[0]).hypot(tip[1] - edge[1]);
    (length >= SHORTEST).then_some([edge, tip])
}

/// Draws the notes at their places.
pub(crate) fn draw_notes(sketch: &mut Sketch, notes: &PlacedNotes) {
    let (size, roles) = (sketch.label_size(), sketch.roles);
    if let Some((words, ground)) = &notes.remark {
        sketch.fill(ground.corners(), roles.plot.faded(GROUND));
        let at = [
            0.5 * (ground.min[0] + ground.max[0]),
            ground.min[1] + (0.5 * LINE + 0.34) * size,
        ];
        sketch.text(at, Anchor::Middle, words.clone(), size, roles.text_weak);
    }
    let notes = &notes.placed;
    for note in notes {
        if let Some(ends) = note.arrow {
            let is_within = note.drawn.tip.is_some();
            draw_pointer(sketch, ends, is_within);
        }
    }
    for note in notes {
        let corners = note.drawn.text.corners();
        sketch.fill(corners.clone(), roles.plot.faded(GROUND));
        sketch.stroke(corners, true, 1.0, roles.text_faint);
        let rect = note.drawn.text;
        let x = 0.5 * (rect.min[0] + rect.max[0]);
        for (row, line) in note.lines.iter().enumerate() {
            // the baseline of letters that stand in the middle of their line
            let y = rect.min[1] + (ABOVE + LINE * (row as f32 + 0.5) + 0.34) * size;
            sketch.text([x, y], Anchor::Middle, line.clone(), size, roles.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::labels::{gap, overlap};
    use crate::{
        Annotations, Axis, AxisScale, Figure, PictureKey, Primitive, Scene, SceneLayout, Symbol,
        Theme, View as _,
    };

    fn figure(scales: [AxisScale; 2], notes: Vec<Annotation>) -> Figure<'static> {
        let axis = |scale| Axis::new("", scale, [1.0, 1000.0]);
        let picture = PictureKey {
            view: crate::LandscapePicture::KIND,
            figure: 1,
            axes: [String::new(), String::new()],
        };
        Figure {
            title: String::new(),
            subtitle: String::new(),
            x: axis(scales[0]),
            y: axis(scales[1]),
            is_equal: false,
            has_axes: true,
            layers: vec![Layer::Annotations(Annotations { picture, notes })],
            foot: None,
        }
    }

    fn scene(figure: &Figure<'_>, [width, height]: [f32; 2]) -> Scene {
        let layout = SceneLayout {
            area: Rect {
                min: [0.0; 2],
                max: [width, height],
            },
            text: 12.0,
            theme: Theme::Light,
            sides: [0.0; 2],
            head: 0.0,
            is_page: false,
        };
        Scene::new(figure, layout)
    }

    fn note(at: [f64; 2], text: &str, arrow: Option<[f64; 2]>) -> Annotation {
        Annotation {
            number: 0,
            at,
            text: text.to_owned(),
            arrow,
        }
    }

    /// The texts with the rectangles of their letters.
    fn texts(scene: &Scene) -> Vec<(String, Rect)> {
        let texts = scene.primitives.iter().filter_map(|it| match it {
            Primitive::Text { at, text, size, .. } => {
                let rect = crate::lower::labels::area(*at, [text.width * size, *size]);
                Some((text.plain(), rect))
            }
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn a_note_is_at_its_point_on_linear_and_logarithmic_axes() {
        use AxisScale::{Linear, Log};
        for (scales, shares) in [
            ([Linear, Linear], [99.0 / 999.0, 99.0 / 999.0]),
            ([Log, Linear], [2.0 / 3.0, 99.0 / 999.0]),
            ([Linear, Log], [99.0 / 999.0, 2.0 / 3.0]),
            ([Log, Log], [2.0 / 3.0, 2.0 / 3.0]),
        ] {
            let tip = Some([100.0, 100.0]);
            let scene = scene(
                &figure(scales, vec![note([10.0, 500.0], "a", tip)]),
                [400.0; 2],
            );
            let drawn = &scene.notes[0];
            let plot = scene.plot;
            let expected = [
                plot.min[0] + shares[0] * plot.width(),
                plot.max[1] - shares[1] * plot.height(),
            ];
            let tip = drawn.tip.expect("the tip is in the plot");
            for axis in 0..2 {
                assert!(
                    (tip[axis] - expected[axis]).abs() < 0.1,
                    "{tip:?} {expected:?}"
                );
            }
            // the head of the arrow ends there to the pixel
            let touches = scene.primitives.iter().any(|it| {
                matches!(it, Primitive::Fill { corners, .. }
                if corners.len() == 3 && corners.iter().any(|at| {
                    (at[0] - tip[0]).hypot(at[1] - tip[1]) < 0.01
                }))
            });
            assert!(touches);
        }
    }

    #[test]
    fn an_arrow_does_not_cross_its_text_and_a_text_stays_in_the_plot() {
        let linear = [AxisScale::Linear; 2];
        for tip in [
            [900.0, 900.0],
            [100.0, 500.0],
            [500.0, 20.0],
            [999.0, 480.0],
        ] {
            for at in [[500.0, 500.0], [995.0, 10.0], [5.0, 990.0]] {
                let words = "a long note of many words that needs several lines of text";
                let scene = scene(
                    &figure(linear, vec![note(at, words, Some(tip))]),
                    [420.0; 2],
                );
                let drawn = &scene.notes[0];
                assert!(scene.plot.contains(drawn.text.min) && scene.plot.contains(drawn.text.max));
                for (words, rect) in texts(&scene) {
                    let is_of_note = drawn.words.contains(&words);
                    let is_in = overlap(rect, drawn.text);
                    assert_eq!(is_of_note && words.len() > 2, is_in, "{words}");
                }
                let shafts = scene.primitives.iter().filter_map(|it| match it {
                    Primitive::Fill { corners, .. } if corners.len() == 3 => Some(corners),
                    _ => None,
                });
                let shafts: Vec<_> = shafts.collect();
                assert!(!shafts.is_empty(), "no text hides its own arrow");
                for corner in shafts.into_iter().flatten() {
                    let dot = Rect {
                        min: *corner,
                        max: *corner,
                    };
                    assert!(gap(dot, drawn.text) > 0.0);
                }
            }
        }
    }

    #[test]
    fn notes_outside_of_the_ranges_are_left_out_and_those_that_do_not_fit_are_counted() {
        let linear = [AxisScale::Linear; 2];
        let outside = figure(linear, vec![note([2000.0, 10.0], "far", None)]);
        assert!(scene(&outside, [400.0; 2]).notes.is_empty());
        assert_eq!(scene(&outside, [400.0; 2]).left_out_notes, 0);
        let undefined = figure([AxisScale::Log; 2], vec![note([-1.0, 10.0], "left", None)]);
        assert!(scene(&undefined, [400.0; 2]).notes.is_empty());
        let inside = figure(
            linear,
            vec![note([500.0, 500.0], "here", Some([1e9, 500.0]))],
        );
        let drawn = scene(&inside, [400.0; 2]);
        assert_eq!(drawn.notes.len(), 1);
        assert_eq!(drawn.notes[0].tip, None);
        let tiny = scene(&inside, [110.0; 2]);
        assert!(tiny.notes.is_empty());
        assert_eq!(tiny.left_out_notes, 1);
    }

    #[test]
    fn a_picture_says_how_many_notes_do_not_fit() {
        let linear = [AxisScale::Linear; 2];
        let long = "a long note of many words that needs several lines of text";
        let notes = vec![
            note([500.0, 500.0], long, None),
            note([500.0, 500.0], "here", None),
            note([500.0, 100.0], long, None),
        ];
        let low = scene(&figure(linear, notes), [240.0, 64.0]);
        assert_eq!((low.notes.len(), low.left_out_notes), (1, 2));
        let words = texts(&low);
        let remark = words
            .iter()
            .find(|(words, _)| words == "2 notes do not fit");
        let (_, rect) = remark.expect("it is said");
        assert!(low.plot.contains(rect.min) && low.plot.contains(rect.max));
    }

    #[test]
    fn a_text_with_an_unclosed_formula_is_drawn_as_it_is_typed() {
        let linear = [AxisScale::Linear; 2];
        for typed in ["$\\frac{1$", "5 $ a piece", "$x_{1$"] {
            let scene = scene(
                &figure(linear, vec![note([500.0; 2], typed, None)]),
                [400.0; 2],
            );
            assert_eq!(scene.notes[0].words, typed);
            assert!(texts(&scene).iter().any(|(words, _)| words == typed));
        }
    }

    #[test]
    fn labels_of_marks_avoid_notes() {
        let linear = [AxisScale::Linear; 2];
        let mark = Layer::Mark {
            at: [500.0, 500.0],
            symbol: Symbol::Star,
            label: "minimum".to_owned(),
        };
        let mut bare = figure(linear, Vec::new());
        bare.layers.push(mark.clone());
        let label_of = |scene: &Scene| {
            let label = texts(scene)
                .into_iter()
                .find(|(words, _)| words == "minimum");
            label.expect("the mark has its label").1
        };
        let before = scene(&bare, [400.0; 2]);
        let label = label_of(&before);
        let middle = [0, 1].map(|axis| 0.5 * (label.min[axis] + label.max[axis]));
        let at = before.transform.value(middle);
        let mut noted = figure(linear, vec![note(at, "over it", None)]);
        noted.layers.push(mark);
        let after = scene(&noted, [400.0; 2]);
        assert!(!overlap(label_of(&after), after.notes[0].text));
    }

    #[test]
    fn a_note_keeps_its_contrast_on_every_fill() {
        for theme in [Theme::Light, Theme::Dark] {
            let roles = theme.roles();
            for beneath in [[0; 3], [255; 3], [255, 0, 0], [0, 0, 255]] {
                let blend = |axis: usize| {
                    let [above, below] = [roles.plot.rgb[axis], beneath[axis]].map(f32::from);
                    (GROUND * above + (1.0 - GROUND) * below).round() as u8
                };
                let ground = crate::Colour {
                    rgb: [0, 1, 2].map(blend),
                    alpha: 255,
                };
                let contrast = roles.text.contrast(ground);
                assert!(contrast >= 4.5, "{theme:?} over {beneath:?}: {contrast}");
            }
        }
    }
}
