//! The parts of each level's move as arrows on a line, head to tail, with the whole move beneath them.

use bilevel::method::Operation;
use bilevel::study::LevelMove;

use super::symbols::in_symbols;
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

/// The figures of the parts: one, or one for each of three levels and more unless they are joined; none if nothing moves along a direction.
pub(super) fn move_parts<'a>(subject: &StepSubject<'_>, joins_levels: bool) -> Vec<Figure<'a>> {
    let moves = &subject.anatomy.moves;
    let levels = subject.metadata.shape().levels();
    let is_long = |level: usize| subject.metadata.shape().size(level) > 1;
    if joins_levels || levels < 3 {
        let groups: Vec<Vec<Row>> = moves.iter().map(|one| rows(subject, one)).collect();
        let is_any_long = moves.iter().any(|one| is_long(one.level));
        let title = "**Parts of the move**".to_owned();
        return chart(subject, (title, String::new()), groups, is_any_long)
            .into_iter()
            .collect();
    }
    let of_level = |level: usize| {
        let own = moves.iter().filter(|one| one.level == level);
        let mut groups: Vec<Vec<Row>> = own.map(|one| rows(subject, one)).collect();
        groups.push(answer_rows(subject, level));
        let name = block_name(subject.metadata, level);
        let title = format!("**Level {level}**");
        let words = if level == 1 {
            format!("parts of the move of ${name}$")
        } else {
            format!("moves of ${name}$")
        };
        chart(subject, (title, words), groups, is_long(level))
    };
    (1..=levels).filter_map(of_level).collect()
}

/// A chart of groups of rows; `None` if there are none.
fn chart<'a>(
    subject: &StepSubject<'_>,
    (title, subtitle): (String, String),
    groups: Vec<Vec<Row>>,
    is_long: bool,
) -> Option<Figure<'a>> {
    let mut layers = Vec::new();
    let (mut height, mut ends) = (0.0, [0.0_f64; 2]);
    let groups = groups.into_iter().filter(|group| !group.is_empty());
    for group in groups {
        let mut earlier: Option<[f64; 2]> = None;
        for row in group {
            height -= ROW;
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
            let ink = match (row.is_whole, subject.is_lit(row.name)) {
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
    if layers.is_empty() {
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
    let label = if is_long {
        "displacement along the move"
    } else {
        "displacement"
    };
    Some(Figure {
        title,
        subtitle,
        x: plain(label.to_owned(), x, false),
        y: plain(String::new(), [height + GAP - 0.05, 0.1], true),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    })
}

/// A move of a lower level by its loop or its answer.
struct LowerMove {
    operation: Operation,
    /// True if the leader has moved before.
    is_after: bool,
    vector: Vec<f64>,
}

/// The moves of a lower level by loops and answers, in order.
fn lower_moves(subject: &StepSubject<'_>, level: usize) -> Vec<LowerMove> {
    let shape = subject.metadata.shape();
    let mut found: Vec<LowerMove> = Vec::new();
    let mut is_after = false;
    let replay = subject.anatomy.replay.iter();
    for stage in replay.flat_map(|replay| &replay.stages) {
        let operation = stage.operation;
        is_after |= matches!(operation, Operation::Move { level: 1, .. });
        let is_lower = matches!(operation, Operation::Set { .. } | Operation::Descend { .. });
        if !is_lower || !stage.levels.contains(level) {
            continue;
        }
        let above = stage.levels.within(shape).take_while(|it| *it < level);
        let first: usize = above.map(|it| shape.size(it)).sum();
        let place = first..first + shape.size(level);
        let blocks = [&stage.before, &stage.after].map(|block| block.get(place.clone()));
        let [Some(before), Some(after)] = blocks else {
            continue;
        };
        let moved = after
            .iter()
            .zip(before)
            .map(|(after, before)| after - before);
        match found.last_mut().filter(|last| last.operation == operation) {
            // the rows of a loop are one move
            Some(last) => last
                .vector
                .iter_mut()
                .zip(moved)
                .for_each(|(sum, it)| *sum += it),
            None => found.push(LowerMove {
                operation,
                is_after,
                vector: moved.collect(),
            }),
        }
    }
    found
}

/// The rows of a lower level that loops and answers move: each of its moves in order, and their sum.
fn answer_rows(subject: &StepSubject<'_>, level: usize) -> Vec<Row> {
    let metadata = subject.metadata;
    let moves = lower_moves(subject, level);
    let mut whole = vec![0.0; metadata.shape().size(level)];
    for one in &moves {
        let sums = whole.iter_mut().zip(&one.vector);
        sums.for_each(|(sum, it)| *sum += it);
    }
    let length = norm(&whole);
    let along = |vector: &[f64]| match vector {
        [one] => *one,
        _ if length > 0.0 => dot(vector, &whole) / length,
        _ => 0.0,
    };
    let [upper, name] = [1, level].map(|level| block_name(metadata, level));
    let (mut rows, mut end) = (Vec::new(), 0.0);
    for one in &moves {
        let start = end;
        end += along(&one.vector);
        let (from, words) = match one.operation {
            Operation::Descend { along, .. } => (along, "loop".to_owned()),
            Operation::Set { from } if one.is_after => {
                (from, format!("answer to the new ${upper}$"))
            }
            Operation::Set { from } => (from, format!("answer to ${upper}$")),
            _ => continue,
        };
        rows.push(Row {
            ends: [start, end],
            words: format!("{words}: {}", brief(along(&one.vector) + 0.0, 3)),
            name: from,
            is_whole: false,
        });
    }
    if rows.len() > 1 {
        rows.push(Row {
            ends: [0.0, along(&whole)],
            words: format!("move of ${name}$: {}", brief(along(&whole) + 0.0, 3)),
            name: "",
            is_whole: true,
        });
    }
    rows
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
                in_symbols(subject.metadata, &part.symbol),
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
