//! Names at the ends of lines: lines that coincide hide each other, so that one name at their end names them all.

use std::borrow::Cow;

use crate::{Axis, Figure, Layer, Line, RichText, short_name};

/// The largest difference of lines that coincide, as a share of the axis: less than a tenth of a pixel in any picture.
const SAME: f64 = 1e-5;
/// The most rows that are compared, so that a frame with long runs takes no longer.
const ROWS: usize = 256;
/// The signs between two names; the second where a name has the first in it.
const BETWEEN: [&str; 2] = [" = ", " · "];
/// The most names in one label.
const NAMES: usize = 3;

/// A name with the end of its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LineName {
    /// The end of the line, in true units.
    pub(crate) end: [f64; 2],
    /// The name, or those of all lines that coincide.
    pub(crate) text: String,
    /// The method of the uppermost line.
    pub(crate) slot: usize,
    /// The names of the lines one by one, with their methods.
    pub(crate) alone: Vec<(String, usize)>,
}

impl LineName {
    /// The rows of names in a room of so many sizes of text, with their methods: the name of all lines if it fits, else
    /// those names of single lines that do.
    pub(crate) fn rows(&self, room: f32) -> Vec<(&str, usize)> {
        let fits = |text: &str| RichText::parse(text).width <= room;
        if fits(&self.text) {
            return vec![(&self.text, self.slot)];
        }
        let alone = self.alone.iter().filter(|(name, _)| fits(name));
        alone.map(|(name, slot)| (name.as_str(), *slot)).collect()
    }
}

/// The names of a figure's lines, one for lines that coincide.
pub(crate) fn line_names(figure: &Figure<'_>) -> Vec<LineName> {
    let mut groups: Vec<(usize, Vec<&Line<'_>>)> = Vec::new();
    for layer in &figure.layers {
        let Layer::Line(line) = layer else { continue };
        // the referee may not have filled the last rows of its columns yet
        let last = line.y.finite(0..line.len()).pop();
        let Some(end) = last
            .map(|rows| rows.end - 1)
            .filter(|_| !line.label.is_empty())
        else {
            continue;
        };
        let axes = [&figure.x, &figure.y];
        let same = groups
            .iter_mut()
            .find(|(row, group)| *row == end && coincide([group[0], line], end, axes));
        match same {
            Some((_, group)) => group.push(line),
            None => groups.push((end, vec![line])),
        }
    }
    let names = groups.into_iter().filter_map(|(row, group)| {
        let last = group.last()?;
        let labels: Vec<Cow<'_, str>> = group.iter().map(|line| short_name(&line.label)).collect();
        Some(LineName {
            end: last.point(row)?,
            text: joined(&labels),
            slot: last.slot,
            alone: group
                .iter()
                .zip(&labels)
                .map(|(line, label)| (label.to_string(), line.slot))
                .collect(),
        })
    });
    names.collect()
}

/// Several names as one.
fn joined(labels: &[Cow<'_, str>]) -> String {
    let has_sign = labels.iter().any(|label| label.contains(BETWEEN[0].trim()));
    let between = BETWEEN[usize::from(has_sign)];
    match labels.len().checked_sub(NAMES) {
        Some(more @ 1..) => format!("{} and {more} more", labels[..NAMES].join(between)),
        _ => labels.join(between),
    }
}

/// True if two lines have the same end and the same points before it, where both are drawn.
fn coincide(lines: [&Line<'_>; 2], end: usize, axes: [&Axis; 2]) -> bool {
    let first = lines[0].from.max(lines[1].from);
    // runs that have only just begun share their start
    if first >= end {
        return false;
    }
    let is_same = |row: usize| match lines.map(|line| line.point(row)) {
        [Some(one), Some(other)] => {
            (0..2).all(|axis| is_same_place(one[axis], other[axis], axes[axis]))
        }
        _ => false,
    };
    let step = ((end - first) / ROWS).max(1);
    // most lines differ in their ends
    is_same(end) && (first..end).step_by(step).all(is_same)
}

fn is_same_place(one: f64, other: f64, axis: &Axis) -> bool {
    let [low, high] = axis.range.map(|end| axis.scale.forward(end));
    let [one, other] = [one, other].map(|value| axis.scale.forward(value));
    if one.is_finite() && other.is_finite() {
        (one - other).abs() <= SAME * (high - low).abs()
    } else {
        one.is_finite() == other.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use bilevel::run::TraceColumn;

    use super::*;
    use crate::{AxisScale, MethodLook, Theme};

    fn line(slot: usize, label: &str, from: usize, values: &[f64]) -> Layer<'static> {
        let mut column = TraceColumn::default();
        column.extend(values);
        Layer::Line(Line {
            slot,
            tag: None,
            source: None,
            x: Cow::Owned((0..values.len()).map(|row| row as f64).collect()),
            y: Cow::Owned(column),
            from,
            until: 0,
            style: MethodLook::default().style(Theme::Light),
            opacity: 1.0,
            has_diverged: false,
            label: label.to_owned(),
        })
    }

    fn names(layers: Vec<Layer<'_>>, scale: AxisScale) -> Vec<(String, usize)> {
        let figure = Figure {
            title: String::new(),
            subtitle: String::new(),
            x: Axis::linear(String::new(), [0.0, 4.0]),
            y: Axis::new(String::new(), scale, [1e-3, 1.0]),
            is_equal: false,
            has_axes: true,
            layers,
            foot: None,
        };
        let names = line_names(&figure).into_iter();
        names.map(|name| (name.text, name.slot)).collect()
    }

    #[test]
    fn lines_that_coincide_have_one_name() {
        let values = [1.0, 0.1, f64::NAN, 0.01];
        let layers = |of_last: f64, at: usize| {
            let mut other = values;
            other[at] = of_last;
            vec![
                line(0, "ITD", 0, &values),
                line(1, "BOME", 0, &[1.0, 0.5, 0.5, 0.5]),
                line(2, "AID-CG", 0, &other),
            ]
        };
        let apart = |names: &[(String, usize)]| names.len() == 3;
        let together = names(layers(0.01, 3), AxisScale::Linear);
        let expected = [("ITD = AID-CG", 2), ("BOME", 1)].map(|(name, slot)| (name.into(), slot));
        assert_eq!(together, expected);
        // a difference that is too small to be seen, and one that shows on a logarithmic axis alone
        assert!(!apart(&names(layers(0.010_005, 3), AxisScale::Linear)));
        assert!(apart(&names(layers(0.010_005, 3), AxisScale::Log)));
        // lines that meet at their ends
        assert!(apart(&names(layers(0.3, 1), AxisScale::Linear)));
        assert!(apart(&names(layers(0.3, 2), AxisScale::Linear)));
    }

    #[test]
    fn a_name_of_several_lines_without_room_is_one_row_for_each() {
        let name = LineName {
            end: [0.0; 2],
            text: "ITD = a label of many words".to_owned(),
            slot: 1,
            alone: vec![
                ("ITD".to_owned(), 0),
                ("a label of many words".to_owned(), 1),
            ],
        };
        assert_eq!(name.rows(30.0), [(name.text.as_str(), 1)]);
        let width = RichText::parse("a label of many words").width;
        let both = [("ITD", 0), ("a label of many words", 1)];
        assert_eq!(name.rows(width), both);
        assert_eq!(name.rows(0.9 * width), both[..1]);
        assert!(name.rows(0.5).is_empty());
    }

    #[test]
    fn a_branch_coincides_from_its_own_beginning_on() {
        let own = [5.0, 5.0, 0.2, 0.1];
        let layers = vec![
            line(0, "ITD", 0, &[1.0, 0.5, 0.2, 0.1]),
            line(1, "T = 2", 2, &own),
        ];
        let expected = [("ITD · T = 2".to_owned(), 1)];
        assert_eq!(names(layers, AxisScale::Linear), expected);
    }

    #[test]
    fn runs_at_their_start_have_their_own_names() {
        let layers = ["a", "b"].map(|name| line(0, name, 0, &[0.5]));
        assert_eq!(names(layers.into(), AxisScale::Linear).len(), 2);
    }

    #[test]
    fn many_names_are_counted() {
        let names = names(
            ["a", "b", "c", "d", "e"]
                .map(|name| line(0, name, 0, &[0.5, 0.4]))
                .into(),
            AxisScale::Linear,
        );
        assert_eq!(names[0].0, "a = b = c and 2 more");
    }
}
