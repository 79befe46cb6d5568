//! The slice: an objective over a plane through all variables, the trails projected onto it, and the share of them it
//! shows.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Metadata, Problem};
use bilevel::run::{Points, Status};
use bilevel::study::{PlaneOf, ShownShare, SlicePlane};

use super::landscape::{RunPath, start_marks};
use crate::{Axis, AxisScale, Figure, Layer, Relief, RunTag, Symbol, Theme, Trail, significant};

/// The least opacity of a trail, at any distance from the plane.
const FAINTEST: f32 = 0.2;
/// The space around the trails, as a share of the larger side.
const MARGIN: f64 = 0.15;
/// A distance at or below this share of the picture counts as zero.
const ON_PLANE: f64 = 1e-9;

/// Choice of a plane.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneChoice {
    /// The kind of plane.
    pub of: PlaneOf,
    /// The level whose objective is drawn.
    pub level: usize,
    /// The start and the end of the run.
    pub ends: [Point; 2],
    /// The known optimum, if there is one.
    pub optimum: Option<Point>,
}

impl PlaneChoice {
    /// The choice for some runs, and the tag of the run whose ends it takes: the first that has not diverged, or if all
    /// have, the first.
    pub fn of(
        metadata: &Metadata,
        paths: &[RunPath<'_>],
        of: PlaneOf,
        level: usize,
    ) -> Option<(Self, RunTag)> {
        let mut known = inside_plane(paths).into_iter();
        let path = known.find(|path| !path.trace.is_empty())?;
        let [start, end] = [0, path.trace.len() - 1].map(|row| path.trace.point(row));
        let end = end?;
        let choice = Self {
            of,
            level,
            optimum: optimum_near(metadata, &end),
            ends: [start?, end],
        };
        Some((choice, path.tag))
    }

    /// The plane for iterates given one after the other. If three points span none, because the run ends at the optimum
    /// or no optimum is known, the spread of the iterates gives the second axis.
    fn slice_plane(&self, trail: &[f64]) -> Option<SlicePlane> {
        let size = self.ends[0].values().len();
        let by_points = || {
            let optimum = self.optimum.as_ref()?;
            let [start, end] = &self.ends;
            SlicePlane::through([start.values(), end.values(), optimum.values()])
        };
        let by_ends = || SlicePlane::along(self.ends.each_ref().map(Point::values), trail);
        let wanted = match self.of {
            PlaneOf::Points => by_points().or_else(by_ends),
            PlaneOf::Principal => None,
        };
        wanted.or_else(|| SlicePlane::principal(trail, size))
    }
}

/// The known optimum; coordinates that it leaves open are those of the end of a run.
fn optimum_near(metadata: &Metadata, end: &Point) -> Option<Point> {
    let optimum = metadata.minima.iter().find(|minimum| minimum.is_global)?;
    let mut point = end.clone();
    for coordinate in metadata.coordinates() {
        if let Some(value) = optimum.coordinate(coordinate) {
            point[coordinate.level][coordinate.index] = value;
        }
    }
    Some(point)
}

/// A plane with the objective sampled on it.
#[derive(Clone, Debug)]
pub struct PlaneSample {
    /// The plane.
    pub section: SlicePlane,
    /// The share of the trails that it shows.
    pub shown: ShownShare,
    /// The ranges that contain trails, ends and optimum, with a margin.
    pub range: [[f64; 2]; 2],
    relief: Arc<Relief>,
}

impl PlaneSample {
    /// Samples the plane of a choice at `resolution` points along each axis, over a range or, without one, over that of
    /// the trails and its surroundings; `None` if the iterates do not spread.
    pub fn new(
        problem: &dyn Problem,
        choice: &PlaneChoice,
        (trail, range): (&[f64], Option<[[f64; 2]; 2]>),
        resolution: usize,
        token: &WorkToken,
    ) -> Option<Self> {
        let section = choice.slice_plane(trail)?;
        let shown = section.shown_share(trail);
        let mut marked = trail.to_vec();
        for point in choice.ends.iter().chain(&choice.optimum) {
            marked.extend_from_slice(point.values());
        }
        let natural = with_margin(section.shown_share(&marked).range);
        let wide = natural.map(|[low, high]| [low - (high - low), high + (high - low)]);
        let sampled = section.sample(
            (problem, choice.level),
            problem.metadata().shape(),
            range.unwrap_or(wide),
            resolution,
            token,
        );
        Some(Self {
            relief: Arc::new(Relief::new(&sampled)),
            section,
            shown,
            range: natural,
        })
    }

    /// The share of the runs' trails that the picture shows, in a sentence.
    pub fn badge(&self, paths: &[RunPath<'_>]) -> String {
        let percent = 100.0 * self.shown.explained;
        // less than all must not be rounded to all
        let percent = if percent >= 99.95 && self.shown.explained < 1.0 - 1e-9 {
            "more than $99.9$".to_owned()
        } else {
            format!("${}$", significant(percent, 3))
        };
        let (counted, all) = (inside_plane(paths).len(), fresh(paths).count());
        let rest = if counted < all {
            "; diverged runs are left out"
        } else {
            ""
        };
        format!(
            "This plane holds {percent} % of the paths' variance; the farthest iterate is at distance ${}${rest}",
            significant(self.shown.farthest, 2)
        )
    }
}

fn with_margin(range: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let largest = range
        .iter()
        .map(|[low, high]| high - low)
        .fold(1e-9, f64::max);
    range.map(|[low, high]| [low - MARGIN * largest, high + MARGIN * largest])
}

/// Subject of a slice.
#[derive(Clone, Copy, Debug)]
pub struct SliceData<'a> {
    /// The problem.
    pub metadata: &'a Metadata,
    /// The choice of the plane; `None` if there is no run to choose from.
    pub choice: Option<&'a PlaneChoice>,
    /// The plane; `None` until it is sampled.
    pub plane_sample: Option<&'a PlaneSample>,
    /// The name of the run whose end the plane goes through.
    pub run: &'a str,
    /// The starts.
    pub starts: &'a [Point],
    /// The start that is emphasized among several, counted from 0.
    pub chosen: Option<usize>,
}

/// The slice over a range or, without one, over that of the trails.
pub fn slice<'a>(
    subject: SliceData<'_>,
    range: Option<[[f64; 2]; 2]>,
    sentence: Option<String>,
    (paths, theme): (&[RunPath<'a>], Theme),
) -> Figure<'a> {
    let metadata = subject.metadata;
    let axis = |label: String, range: [f64; 2]| Axis {
        label,
        scale: AxisScale::Linear,
        range,
        has_gutter: false,
        ticks: Vec::new(),
        is_bare: subject.plane_sample.is_none(),
    };
    let of = subject
        .plane_sample
        .map_or(PlaneOf::Points, |plane_sample| plane_sample.section.of);
    let level = subject.choice.map_or(1, |choice| choice.level);
    let natural = subject
        .plane_sample
        .map_or([[-1.0, 1.0]; 2], |plane_sample| plane_sample.range);
    let [across, up] = range.unwrap_or(natural);
    let has_third = subject
        .plane_sample
        .is_none_or(|plane_sample| plane_sample.section.has_third);
    let [u, v] = letters(metadata);
    let (horizontal, vertical) = match of {
        PlaneOf::Points => (
            format!("${u}$: from the start to the end of {}", subject.run),
            if has_third {
                format!("${v}$: towards the optimum")
            } else {
                format!("${v}$: main spread of all iterates across ${u}$")
            },
        ),
        PlaneOf::Principal => (
            format!("${u}$: first principal direction"),
            format!("${v}$: second principal direction"),
        ),
    };
    let mut layers = match subject
        .plane_sample
        .filter(|_| metadata.shape().total() > 2)
    {
        Some(plane_sample) => layers(subject, plane_sample, paths, theme),
        None => vec![Layer::Note(empty(subject).to_owned())],
    };
    layers.extend(sentence.map(Layer::Sentence));
    let name = metadata.objective(level);
    // an empty picture needs no axis labels
    let (subtitle, horizontal, up_label) = if subject.plane_sample.is_some() {
        let subtitle = format!("contours of ${name}$; {vertical}");
        (subtitle, horizontal, format!("${v}$"))
    } else {
        let subtitle = format!("contours of ${name}$ over a plane through all variables");
        (subtitle, String::new(), String::new())
    };
    Figure {
        title: "**Slice**".to_owned(),
        subtitle,
        x: axis(horizontal, across),
        y: axis(up_label, up),
        is_equal: true,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// Letters for the axes of a plane that are names of no variable of the problem.
fn letters(metadata: &Metadata) -> [&'static str; 2] {
    const PAIRS: [[&str; 2]; 5] = [["u", "v"], ["s", "t"], ["a", "b"], ["m", "n"], ["ξ", "η"]];
    let names = metadata.symbols.iter().copied();
    let names: Vec<&str> = names
        .chain(metadata.names.iter().map(String::as_str))
        .collect();
    let is_free = |pair: &[&str; 2]| pair.iter().all(|letter| !names.contains(letter));
    PAIRS.into_iter().find(is_free).unwrap_or(PAIRS[4])
}

/// The reason why there is no picture, in a sentence.
fn empty(subject: SliceData<'_>) -> &'static str {
    if subject.metadata.shape().total() <= 2 {
        "A slice needs more than two variables; the landscape shows both"
    } else if subject.choice.is_none() {
        "No visible run records its points (record_points), so no plane can be fitted"
    } else {
        "The iterates do not spread yet, so no plane can be fitted to them"
    }
}

fn layers<'a>(
    subject: SliceData<'_>,
    plane_sample: &PlaneSample,
    paths: &[RunPath<'a>],
    theme: Theme,
) -> Vec<Layer<'a>> {
    let section = &plane_sample.section;
    let size = plane_sample
        .range
        .map(|[low, high]| high - low)
        .into_iter()
        .fold(0.0, f64::max);
    let mut layers = vec![
        Layer::Relief(Arc::clone(&plane_sample.relief)),
        Layer::ReliefScale(Arc::clone(&plane_sample.relief)),
    ];
    // older paths lie under those that replace them
    let mut sorted: Vec<&RunPath<'a>> = paths.iter().collect();
    sorted.sort_by_key(|path| !path.is_stale);
    for path in &sorted {
        layers.extend(trail(path, section, size, theme).map(Layer::Trail));
    }
    if let Some(optimum) = subject.choice.and_then(|choice| choice.optimum.as_ref()) {
        let (at, distance) = section.project(optimum.values());
        layers.push(Layer::Mark {
            at,
            symbol: Symbol::Star,
            label: if distance <= ON_PLANE * size {
                "optimum".to_owned()
            } else {
                format!("optimum, ${}$ off the plane", significant(distance, 2))
            },
        });
    }
    let starts = subject.starts.iter();
    let places = starts.map(|start| section.project(start.values()).0);
    layers.extend(start_marks(places, subject.chosen));
    let fresh = sorted.iter().filter(|path| !path.is_stale);
    layers.extend(fresh.filter_map(|path| head(path, section, theme)));
    layers
}

/// The trail of a run, projected onto the plane: the farther from it, the fainter.
fn trail(path: &RunPath<'_>, section: &SlicePlane, size: f64, theme: Theme) -> Option<Trail> {
    if path.trace.kept() != Points::All {
        return None;
    }
    let until = path.trace.row_at(path.until)?;
    // more variables, fewer points per frame
    let variables = path.trace.shape().total();
    let most = path.most.map(|most| (most * 4 / variables.max(4)).max(64));
    let (mut rows, mut points, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    let first = path.first_row();
    let all = Trail::rows(path.trace.len(), until, most).into_iter();
    for row in all.filter(|row| first <= *row) {
        let Some(values) = path.trace.values(row) else {
            continue;
        };
        let (at, distance) = section.project(values);
        rows.push(row);
        points.push(at);
        shares.push(((1.0 - 2.0 * distance / size) as f32).max(FAINTEST));
    }
    Some(Trail {
        tag: path.tag,
        rows,
        points,
        shares,
        until,
        style: path.tag.look.style(theme),
        opacity: if path.is_stale { 0.3 } else { 1.0 },
        is_thin: false,
    })
}

fn head<'a>(path: &RunPath<'_>, section: &SlicePlane, theme: Theme) -> Option<Layer<'a>> {
    let values = path.trace.values(path.trace.row_at(path.until)?)?;
    Some(Layer::Mark {
        at: section.project(values).0,
        symbol: path.marker(path.is_over(), theme),
        label: path.name.to_owned(),
    })
}

/// The largest number of values that decide on the plane, over all trails.
const NUMBERS: usize = 400_000;
/// The largest number of iterates of a run that decide on the plane.
const ITERATES: usize = 2_000;

/// The runs since the last edit that keep all their points.
fn fresh<'b, 'a>(paths: &'b [RunPath<'a>]) -> impl Iterator<Item = &'b RunPath<'a>> {
    let kept = |path: &&RunPath<'_>| !path.is_stale && path.trace.kept() == Points::All;
    paths.iter().filter(kept)
}

/// The runs that decide on the plane: of the fresh ones those that have not diverged, or all if all have.
fn inside_plane<'b, 'a>(paths: &'b [RunPath<'a>]) -> Vec<&'b RunPath<'a>> {
    let has_diverged = |path: &&RunPath<'_>| matches!(path.status, Status::Diverged(_));
    let is_lost = fresh(paths).all(|path| has_diverged(&path));
    let sound = fresh(paths).filter(|path| is_lost || !has_diverged(path));
    sound.collect()
}

/// Iterates of the runs that decide on the plane, one after the other, evenly spaced if there are very many. A diverged
/// run counts only if all have diverged.
pub fn iterates(paths: &[RunPath<'_>]) -> Vec<f64> {
    let mut all = Vec::new();
    let paths = inside_plane(paths);
    let runs = paths.len().max(1);
    for path in paths {
        let (count, size) = (path.trace.len(), path.trace.shape().total().max(1));
        let most = ITERATES.min(NUMBERS / size / runs).max(2);
        let step = count.div_ceil(most).max(1);
        let last = count.saturating_sub(1);
        for row in (0..count).step_by(step).chain([last]) {
            all.extend_from_slice(path.trace.values(row).unwrap_or_default());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_of_the_plane_is_named_like_no_variable() {
        for entry in bilevel::problem::all() {
            let problem = entry.instance();
            let symbols = &problem.metadata().symbols;
            for letter in letters(problem.metadata()) {
                assert!(!symbols.contains(&letter), "{letter} in {}", entry.id);
            }
        }
    }
}
