//! The series of a page as text for programs that draw them, such as pgfplots and gnuplot.

use std::fmt::Write as _;

use crate::{Figure, Layer, Page, RichText};

/// Points of a figure that belong together.
struct Series {
    /// The kind and the name.
    words: String,
    points: Vec<[f64; 2]>,
}

/// The series of all figures: a row `series x y` per point, an empty line where a series is interrupted, and two between
/// series. Comments name the columns, the series and the experiment.
pub(crate) fn data(page: &Page<'_>) -> String {
    let mut head = String::new();
    let mut body = String::new();
    let mut number = 0;
    // writing to a String cannot fail
    let mut comment = |words: &str| {
        let _ok = writeln!(head, "# {words}");
    };
    comment("series x y");
    for (place, figure) in page.figures.iter().enumerate() {
        let words = [&figure.title, &figure.x.label, &figure.y.label].map(|text| plain(text));
        comment(&format!(
            "figure {}: {}; x: {}, {:?}; y: {}, {:?}",
            place + 1,
            words[0],
            words[1],
            figure.x.scale,
            words[2],
            figure.y.scale,
        ));
        for series in all_series(figure) {
            number += 1;
            comment(&format!("{number}: {}", series.words));
            block(&mut body, number, &series.points);
        }
    }
    let mut text = head;
    text.push_str(&body);
    text.push_str("\n\n");
    for line in page.metadata.lines() {
        let _ok = writeln!(text, "# {line}");
    }
    text
}

/// Writes a series; points that are not finite interrupt it.
fn block(body: &mut String, number: usize, points: &[[f64; 2]]) {
    body.push_str("\n\n");
    let mut is_interrupted = false;
    let mut is_first = true;
    for [x, y] in points {
        if !(x.is_finite() && y.is_finite()) {
            is_interrupted = true;
            continue;
        }
        if is_interrupted && !is_first {
            body.push('\n');
        }
        (is_interrupted, is_first) = (false, false);
        let _ok = writeln!(body, "{number} {x:?} {y:?}");
    }
}

fn all_series(figure: &Figure<'_>) -> Vec<Series> {
    let mut all = Vec::new();
    for layer in &figure.layers {
        let mut push = |kind: &str, name: &str, points: Vec<[f64; 2]>| {
            let name = plain(name);
            let words = if name.is_empty() {
                kind.to_owned()
            } else {
                format!("{kind}, {name}")
            };
            if !points.is_empty() {
                all.push(Series { words, points });
            }
        };
        match layer {
            Layer::Line(line) => {
                let rows = 0..line.len();
                push(
                    "line",
                    &line.label,
                    rows.filter_map(|row| line.point(row)).collect(),
                );
            }
            Layer::Band(band) => {
                for (kind, edge) in [("lower edge", &band.low), ("upper edge", &band.high)] {
                    let points = band.x.iter().zip(edge).map(|(&x, &y)| [x, y]);
                    push(kind, "", points.collect());
                }
            }
            Layer::Path(path) => {
                let rows = 0..path.len();
                push("path", "", rows.filter_map(|row| path.point(row)).collect());
            }
            Layer::Trail(trail) => push("path", "", trail.points.clone()),
            Layer::Track(branches) => push("curve", "", joined(branches)),
            Layer::Threads { curves, .. } => push("thin curves", "", joined(curves)),
            Layer::Border { lines, label } => push("border", label, joined(lines)),
            Layer::Guide(points) => push("guide", "", points.clone()),
            Layer::Area(corners) => push("area", "", corners.clone()),
            Layer::Dots(points) => push("dots", "", points.to_vec()),
            Layer::Relief(relief) => {
                for contour in &relief.contours {
                    push(
                        "contour",
                        &format!("{:?}", contour.level),
                        contour.points.clone(),
                    );
                }
            }
            Layer::Bars(bars) => {
                let bars = bars.edges.iter().zip(&bars.heights);
                push(
                    "bars, from the left edge",
                    "",
                    bars.map(|(&x, &y)| [x, y]).collect(),
                );
            }
            Layer::Beads { points, .. } => push("samples", "", points.clone()),
            Layer::Mark { at, label, .. } => push("mark", label, vec![*at]),
            _ => {}
        }
    }
    all
}

/// Several lines as one series that is interrupted between them.
fn joined(lines: &[Vec<[f64; 2]>]) -> Vec<[f64; 2]> {
    lines.join(&[f64::NAN; 2])
}

/// Markup as words in one line.
fn plain(markup: &str) -> String {
    let words = RichText::parse(markup).plain();
    words
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect()
}
