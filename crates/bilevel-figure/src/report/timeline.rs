//! A figure at several iterations as one: the lines that all of them have once, the others in groups that a script shows.

use std::collections::HashMap;
use std::ops::Range;

/// The beginning of the line that opens a clipped group.
const OPEN: &str = "<g clip-path=";
/// The line that closes it.
const CLOSE: &str = "</g>";

/// A line of a figure, or a group with the lines inside.
#[derive(Clone, Debug, PartialEq, Eq)]
enum SvgNode {
    Line(String),
    Group(String, Vec<Self>),
}

impl SvgNode {
    /// The line that tells whether a node of another iteration is the same one.
    fn key(&self) -> &str {
        match self {
            Self::Line(line) | Self::Group(line, _) => line,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Line(line) => push_line(out, line),
            Self::Group(open, inside) => {
                push_line(out, open);
                write_all(inside, out);
                push_line(out, CLOSE);
            }
        }
    }
}

fn write_all(nodes: &[SvgNode], out: &mut String) {
    for node in nodes {
        node.write(out);
    }
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// Merges the lines of a figure at several iterations. A group that is not at all of them has the class `k`, the places of its
/// first and last iteration, and, if it is at the last one, the class `on`.
pub(super) fn merged(frames: &[Vec<String>]) -> String {
    let trees: Vec<Vec<SvgNode>> = frames.iter().map(|lines| tree(&mut lines.iter())).collect();
    let slices: Vec<&[SvgNode]> = trees.iter().map(Vec::as_slice).collect();
    let mut out = String::new();
    merge(&slices, &mut out);
    out
}

/// The nodes up to the end of a group.
fn tree<'a>(lines: &mut impl Iterator<Item = &'a String>) -> Vec<SvgNode> {
    let mut nodes = Vec::new();
    while let Some(line) = lines.next() {
        if line == CLOSE {
            break;
        }
        if line.starts_with(OPEN) {
            nodes.push(SvgNode::Group(line.clone(), tree(lines)));
        } else {
            nodes.push(SvgNode::Line(line.clone()));
        }
    }
    nodes
}

fn merge(frames: &[&[SvgNode]], out: &mut String) {
    let mut begins = vec![0; frames.len()];
    for places in common(frames) {
        let before = begins.iter().zip(&places).map(|(begin, end)| *begin..*end);
        write_between(frames, &before.collect::<Vec<_>>(), out);
        let nodes = frames
            .iter()
            .zip(&places)
            .map(|(frame, place)| &frame[*place]);
        write_common(&nodes.collect::<Vec<_>>(), out);
        begins = places.iter().map(|place| place + 1).collect();
    }
    let rest = begins
        .iter()
        .zip(frames)
        .map(|(begin, frame)| *begin..frame.len());
    write_between(frames, &rest.collect::<Vec<_>>(), out);
}

/// The places of the nodes that every frame has exactly once, in the same order.
fn common(frames: &[&[SvgNode]]) -> Vec<Vec<usize>> {
    let places: Vec<HashMap<&str, Option<usize>>> = frames
        .iter()
        .map(|frame| {
            let mut places = HashMap::new();
            for (place, node) in frame.iter().enumerate() {
                let known = places.entry(node.key());
                known
                    .and_modify(|place| *place = None)
                    .or_insert(Some(place));
            }
            places
        })
        .collect();
    let mut kept: Vec<Vec<usize>> = Vec::new();
    for node in frames.first().copied().unwrap_or_default() {
        let found = places
            .iter()
            .map(|places| places.get(node.key()).copied().flatten());
        let Some(found) = found.collect::<Option<Vec<usize>>>() else {
            continue;
        };
        let is_later = kept
            .last()
            .is_none_or(|last| last.iter().zip(&found).all(|(last, place)| last < place));
        if is_later {
            kept.push(found);
        }
    }
    kept
}

/// Writes a node that every frame has.
fn write_common(nodes: &[&SvgNode], out: &mut String) {
    let Some(first) = nodes.first() else { return };
    if nodes.iter().all(|node| node == first) {
        first.write(out);
        return;
    }
    push_line(out, first.key());
    let inside = nodes.iter().map(|node| match node {
        SvgNode::Line(_) => &[][..],
        SvgNode::Group(_, inside) => inside,
    });
    merge(&inside.collect::<Vec<_>>(), out);
    push_line(out, CLOSE);
}

/// Writes the nodes between two that every frame has: neighbors in time that are equal share a group.
fn write_between(frames: &[&[SvgNode]], ranges: &[Range<usize>], out: &mut String) {
    let parts: Vec<&[SvgNode]> = frames
        .iter()
        .zip(ranges)
        .map(|(frame, range)| &frame[range.clone()])
        .collect();
    let mut first = 0;
    for same in parts.chunk_by(|a, b| a == b) {
        let last = first + same.len() - 1;
        if same.len() == frames.len() {
            write_all(same[0], out);
        } else if !same[0].is_empty() {
            let on = if last + 1 == frames.len() { " on" } else { "" };
            push_line(
                out,
                &format!("<g class=\"k{on}\" data-a=\"{first}\" data-b=\"{last}\">"),
            );
            write_all(same[0], out);
            push_line(out, CLOSE);
        }
        first = last + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split(' ').map(|line| line.replace('_', " ")).collect()
    }

    /// The lines that are shown at a place.
    fn shown(merged: &str, place: usize) -> Vec<String> {
        let mut shown = Vec::new();
        // for each open group: true if its contents are shown, and true if it is one of time
        let mut open: Vec<(bool, bool)> = Vec::new();
        for line in merged.lines() {
            let is_shown = open.last().is_none_or(|(is_shown, _)| *is_shown);
            if line.starts_with("<g class=\"k") {
                let number = |name: &str| -> usize {
                    let (_, rest) = line.split_once(name).expect("it is there");
                    rest.split('"')
                        .next()
                        .and_then(|text| text.parse().ok())
                        .expect("a number")
                };
                let times = number("data-a=\"")..=number("data-b=\"");
                open.push((is_shown && times.contains(&place), true));
                continue;
            }
            let mut is_of_time = false;
            if line == CLOSE {
                is_of_time = open.pop().expect("it is open").1;
            } else if line.starts_with(OPEN) {
                open.push((is_shown, false));
            }
            if is_shown && !is_of_time {
                shown.push(line.to_owned());
            }
        }
        assert!(open.is_empty());
        shown
    }

    #[test]
    fn every_iteration_shows_its_own_lines_in_their_order() {
        let open = "<g_clip-path=1>";
        let frames = [
            lines(&format!("a b {open} c d x </g> e f")),
            lines(&format!("a b {open} c d x y </g> e x f")),
            lines(&format!("a b {open} c d x y </g> e x f")),
            lines(&format!("a {open} d c x z </g> e e x f f")),
        ];
        let merged = merged(&frames);
        for (place, frame) in frames.iter().enumerate() {
            assert_eq!(shown(&merged, place), *frame, "{merged}");
        }
        assert_eq!(merged.lines().filter(|line| *line == "a").count(), 1);
        assert!(
            merged.contains("<g class=\"k\" data-a=\"1\" data-b=\"2\">"),
            "{merged}"
        );
    }
}
