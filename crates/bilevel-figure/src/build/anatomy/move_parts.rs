//! The parts of each level's move as arrows on a line, head to tail, with the whole move beneath them.

use bilevel::study::LevelMove;

use super::{StepSubject, block_name, dot, norm};
use crate::{ArrowInk, Axis, AxisScale, Figure, Layer, brief};

/// The height of a row, and the heights of its arrow and its words above the row's lower edge.
const ROW: f64 = 1.0;
const ARROW: f64 = 0.22;
const WORDS: f64 = 0.64;
/// The gap between two levels, in rows.
const GAP: f64 = 0.35;
/// The free margin at both ends, as a share of the extent.
const MARGIN: f64 = 0.12;

/// A row: an arrow with its words.
struct Row {
    ends: [f64; 2],
    words: String,
    name: &'static str,
    is_whole: bool,
}

/// The figure of the parts; `None` if nothing moves along a direction.
pub(super) fn move_parts<'a>(subject: &StepSubject<'_>) -> Option<Figure<'a>> {
    let moves = &subject.anatomy.moves;
    let mut layers = Vec::new();
    let (mut height, mut ends) = (0.0, [0.0_f64; 2]);
    let lit = subject.lit_names();
    let mut count = 0;
    for one in moves {
        let mut earlier: Option<[f64; 2]> = None;
        for row in rows(subject, one) {
            height -= ROW;
            count += 1;
            let at = height + ARROW;
            ends = [
                ends[0].min(row.ends[0]).min(row.ends[1]),
                ends[1].max(row.ends[0]).max(row.ends[1]),
            ];
            if let Some([x, y]) = earlier
                && x == row.ends[0]
            {
                layers.push(Layer::Guide(vec![[x, y], [x, at]]));
            }
            earlier = Some([row.ends[1], at]);
            let is_lit = subject.lit.is_none() || lit.contains(&row.name);
            let ink = match (row.is_whole, is_lit) {
                (true, _) => ArrowInk::Outlined,
                (false, true) => ArrowInk::Method(subject.style),
                (false, false) => ArrowInk::Pale(subject.style),
            };
            layers.push(Layer::Arrows {
                ends: vec![row.ends.map(|x| [x, at])],
                ink,
            });
            layers.push(Layer::Words {
                at: [f64::NAN, height + WORDS],
                words: row.words,
                is_marked: false,
                room: [[f64::NEG_INFINITY, f64::INFINITY], [height, height + ROW]],
            });
        }
        height -= GAP;
    }
    if count == 0 {
        return None;
    }
    let extent = (ends[1] - ends[0]).max(f64::MIN_POSITIVE);
    let x = [ends[0] - MARGIN * extent, ends[1] + MARGIN * extent];
    for layer in &mut layers {
        if let Layer::Words { at, room, .. } = layer {
            at[0] = 0.5 * (x[0] + x[1]);
            room[0] = x;
        }
    }
    // the line of no displacement
    layers.insert(0, Layer::Guide(vec![[0.0, height], [0.0, 0.0]]));
    let plain = |label: String, range: [f64; 2], is_bare: bool| Axis {
        label,
        scale: AxisScale::Linear,
        range,
        has_gutter: false,
        ticks: Vec::new(),
        is_bare,
    };
    let is_long = moves.iter().any(|one| one.before.len() > 1);
    let label = if is_long {
        "displacement along the move"
    } else {
        "displacement"
    };
    Some(Figure {
        title: "**Parts of the move**".to_owned(),
        subtitle: String::new(),
        x: plain(label.to_owned(), x, false),
        y: plain(String::new(), [height + GAP - 0.05, 0.1], true),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    })
}

/// The rows of a level: its parts, the whole move, and what the box takes back.
fn rows(subject: &StepSubject<'_>, one: &LevelMove) -> Vec<Row> {
    let difference = |to: &[f64], from: &[f64]| -> Vec<f64> {
        to.iter().zip(from).map(|(to, from)| to - from).collect()
    };
    let whole = difference(&one.moved, &one.before);
    let length = norm(&whole);
    // one variable keeps its sign; several are measured along the move
    let along = |vector: &[f64]| match vector {
        [one] => *one,
        _ if length > 0.0 => dot(vector, &whole) / length,
        _ => 0.0,
    };
    let name = block_name(subject.metadata, one.level);
    let moved = if one.is_kept {
        format!("move of ${name}$")
    } else {
        format!("trial of ${name}$, not kept")
    };
    let mut end = 0.0;
    let mut rows = Vec::new();
    for part in &one.parts {
        let start = end;
        end += along(&part.vector);
        rows.push(Row {
            ends: [start, end],
            words: format!(
                "${}$ = {}",
                part.symbol,
                brief(along(&part.vector) + 0.0, 3)
            ),
            name: part.name,
            is_whole: false,
        });
    }
    if one.parts.len() > 1 || rows.is_empty() {
        rows.push(Row {
            ends: [0.0, along(&whole)],
            words: format!("{moved}: {}", brief(along(&whole) + 0.0, 3)),
            name: "",
            is_whole: true,
        });
    } else if let Some(row) = rows.first_mut() {
        row.words = format!("{moved}, {}", row.words);
    }
    if one.after != one.moved {
        let back = along(&difference(&one.after, &one.moved));
        let start = along(&whole);
        rows.push(Row {
            ends: [start, start + back],
            words: format!("box: {}", brief(back, 3)),
            name: "box",
            is_whole: true,
        });
    }
    rows
}
