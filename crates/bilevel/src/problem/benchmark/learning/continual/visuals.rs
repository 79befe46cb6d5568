//! Pictures of continual learning: the accuracy on each task after each, and the contexts.

use super::METRICS;
use super::sequence::Sequence;
use crate::problem::{Gallery, Matrix, ObservedPoint, Tile, Visual};

/// The pictures of a point, in reading order.
pub(super) fn all(sequence: &Sequence, seen: &ObservedPoint) -> Vec<Visual> {
    vec![
        Visual::Matrix(accuracies(sequence, seen)),
        Visual::Gallery(contexts(sequence, seen)),
    ]
}

/// The test accuracy on each task: a row for the end of each task, and one for the present task.
fn accuracies(sequence: &Sequence, seen: &ObservedPoint) -> Matrix {
    let tasks = sequence.tasks;
    let mut rows: Vec<&Vec<f64>> = seen.passed.iter().collect();
    // within a task, the present point has its own row; bits are compared since unknown values are NaN
    let bits = |row: &Vec<f64>| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let is_end = rows.last().map(|row| bits(row)) == Some(bits(&seen.metrics));
    if !seen.metrics.is_empty() && !is_end && rows.len() < tasks {
        rows.push(&seen.metrics);
    }
    let mut values: Vec<f64> = rows
        .iter()
        .flat_map(|row| row.get(METRICS..).into_iter().flatten())
        .map(|accuracy| 100.0 * accuracy)
        .collect();
    let known = values.iter().filter(|value| !value.is_nan());
    let worst = known.fold(100.0_f64, |worst, value| worst.min(*value));
    values.truncate(tasks * tasks);
    values.resize(tasks * tasks, f64::NAN);
    let remark = seen.metrics.get(..3).map_or_else(String::new, |metrics| {
        let words = ["forgotten", "average", "learned"].iter().zip(metrics);
        let known = words.filter(|(_, value)| !value.is_nan());
        let parts: Vec<String> = known
            .map(|(word, value)| format!("{word} {:.1} %", 100.0 * value))
            .collect();
        parts.join(", ")
    });
    Matrix {
        title: "Accuracy by task, in %".to_owned(),
        remark,
        axes: ["in task".to_owned(), "after task".to_owned()],
        columns: tasks,
        // no value lies below the worst one
        range: [(10.0 * (0.1 * worst).floor()).min(90.0), 100.0],
        values,
    }
}

/// γ − 1 of each task, one image per task.
fn contexts(sequence: &Sequence, seen: &ObservedPoint) -> Gallery {
    let hidden = sequence.network.hidden;
    let width = (hidden as f64).sqrt().ceil() as usize;
    let tile = |(task, context): (usize, &[f64])| Tile {
        caption: format!("task {}", task + 1),
        is_marked: false,
        pixels: context[..hidden]
            .iter()
            .map(|scale| (scale - 1.0) as f32)
            .collect(),
    };
    Gallery {
        title: "Scale of the hidden units in each task".to_owned(),
        remark: "a square for a unit: red more than one, blue less".to_owned(),
        columns: 5,
        width,
        is_signed: true,
        tiles: seen.point[1]
            .chunks(2 * hidden)
            .enumerate()
            .map(tile)
            .collect(),
    }
}
