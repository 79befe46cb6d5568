//! The honesty plot: what the leader believes against how far the follower is from its best.
//!
//! ```text
//! horizontally: q = g(x, y) − min over y of g(x, ·)
//! vertically:   f(x, y)
//! ```
//!
//! A small f alone proves nothing: below the optimum a point can only be because the follower is not at its best. Beneath it,
//! the f that each run reports is compared with φ at the same x.

use std::borrow::Cow;

use bilevel::problem::Facts;
use bilevel::run::{Extent, Points, Status, Trace};
use bilevel::study::{Cost, Measure};
use bilevel_files::MethodSpec;

use super::landscape::Walk;
use crate::{
    Axis, Band, Figure, Layer, Line, Scale, Source, Symbol, Theme, Trail, brief, slot_style,
};

/// A gap below this is rounding: it lies in the strip at the left edge.
const FLOOR: f64 = 1e-15;
/// The width of that strip, in decades, and where in it points lie.
const STRIP: f64 = 0.8;
/// What is left free above and below, as a share of the height.
const MARGIN: f64 = 0.06;
/// What the zone below the optimum has of the height at least.
const BELOW: f64 = 0.22;
/// So many rows are compared at most, evenly on a logarithmic axis.
const COMPARED: usize = 240;

/// What the picture is of.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The problem.
    pub facts: &'a Facts,
    /// The methods, for their names.
    pub methods: &'a [MethodSpec],
    /// The most outer iterations.
    pub iterations: u64,
}

/// The leader's objective over the value gap, and beneath it what runs report beside what is true.
pub fn honesty<'a>(subject: Subject<'a>, walks: &[Walk<'a>], theme: Theme) -> [Figure<'a>; 2] {
    // older ways lie under those that replace them
    let mut sorted: Vec<&Walk<'a>> = walks.iter().collect();
    sorted.sort_by_key(|walk| !walk.is_stale);
    [
        portrait(subject.facts, &sorted, theme),
        comparison(subject, &sorted, theme),
    ]
}

/// Where small gaps end: the strip left of it takes all that are smaller.
fn floor(walks: &[&Walk<'_>]) -> f64 {
    let gaps = walks.iter().map(|walk| walk.trace.gap.extent());
    let least = gaps.fold(1.0, |least: f64, gaps| least.min(gaps.least_positive));
    10.0_f64.powf(least.max(FLOOR).log10().floor()).max(FLOOR)
}

/// The runs that set the range: a run beyond all bounds does not, unless there is no other.
fn sound<'b, 'a>(walks: &[&'b Walk<'a>]) -> Vec<&'b Walk<'a>> {
    let has_diverged = |walk: &Walk<'_>| matches!(walk.status, Status::Diverged(_));
    let sound = walks.iter().copied().filter(|walk| !has_diverged(walk));
    let sound: Vec<_> = sound.collect();
    if sound.is_empty() {
        walks.to_vec()
    } else {
        sound
    }
}

/// Why nothing can be shown, in a sentence.
fn empty(facts: &Facts, walks: &[&Walk<'_>]) -> Option<&'static str> {
    let gaps = || walks.iter().map(|walk| &walk.trace.gap);
    if walks.is_empty() {
        Some("No method is shown")
    } else if gaps().any(|gap| gap.extent().greatest.is_finite()) {
        None
    } else if walks.iter().all(|walk| walk.trace.kept() == Points::None) {
        Some(
            "This experiment records no points (record_points), and without them nobody can tell the value gap",
        )
    } else if gaps().all(bilevel::run::Column::is_empty) {
        Some("The referee has not judged any iterate yet")
    } else if facts.shape().levels() > 2 {
        Some("The last level has no finite answer there, so that there is no value gap")
    } else {
        Some("The follower has no finite answer there, so that there is no value gap")
    }
}

fn portrait<'a>(facts: &Facts, walks: &[&Walk<'a>], theme: Theme) -> Figure<'a> {
    let floor = floor(walks);
    let edge = floor * 10.0_f64.powf(-STRIP);
    let inside = |gap: f64| {
        if gap < floor {
            floor * 10.0_f64.powf(-0.5 * STRIP)
        } else {
            gap
        }
    };
    let optimum = facts.optimum();
    let mut gaps = Extent::default();
    let mut heights = Extent::default();
    for walk in sound(walks) {
        gaps.join(walk.trace.gap.extent());
        heights.join(walk.trace.objectives[0].extent());
    }
    if let Some(optimum) = optimum {
        heights.include(optimum);
    }
    let name = facts.objective(1);
    let mut layers = Vec::new();
    if let Some(words) = empty(facts, walks) {
        layers.push(Layer::Note(words.to_owned()));
    } else {
        layers.push(Layer::Strip {
            until: floor,
            label: format!("$← q < {}$", brief_power(floor)),
        });
        if let Some(optimum) = optimum {
            layers.push(zone(facts, floor, optimum));
            layers.push(Layer::Rule {
                at: optimum,
                label: String::new(),
            });
        }
        layers.extend(
            walks
                .iter()
                .filter_map(|walk| trail(walk, &inside, theme))
                .map(Layer::Trail),
        );
        if let Some(optimum) = optimum {
            layers.push(Layer::Mark {
                at: [inside(0.0), optimum],
                symbol: Symbol::Star,
                label: String::new(),
            });
        }
        layers.extend(starts(walks, &inside));
        layers.extend(walks.iter().filter_map(|walk| head(walk, &inside, theme)));
    }
    let widest = if gaps.greatest.is_finite() {
        gaps.greatest.max(10.0 * floor)
    } else {
        1.0
    };
    Figure {
        title: "**Honesty**".to_owned(),
        subtitle: format!(
            "${name}$ as reported, over the value gap: honest progress leads to the lower left"
        ),
        x: Axis {
            label: format!("value gap $q$: how far {} is from its best", last(facts)),
            scale: Scale::Log,
            range: [edge, 2.0 * widest],
            has_gutter: false,
            is_bare: false,
        },
        y: Axis {
            label: format!("${name}$"),
            scale: Scale::Linear,
            range: vertical(heights, optimum),
            has_gutter: false,
            is_bare: false,
        },
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

fn last(facts: &Facts) -> &'static str {
    if facts.shape().levels() > 2 {
        "the last level"
    } else {
        "the follower"
    }
}

fn optimum_name(facts: &Facts) -> &'static str {
    if facts.shape().levels() > 2 {
        "f_1^*"
    } else {
        "f^*"
    }
}

/// A power of ten as maths.
fn brief_power(value: f64) -> String {
    format!("10^{{{:.0}}}", value.log10()).replace('-', "−")
}

/// Where f is below the optimum. With two levels that takes a gap; with more, a level between may be at fault as well.
fn zone<'a>(facts: &Facts, floor: f64, optimum: f64) -> Layer<'a> {
    let is_two = facts.shape().levels() == 2;
    Layer::Zone {
        x: [if is_two { floor } else { 0.0 }, f64::INFINITY],
        y: [f64::NEG_INFINITY, optimum],
        label: format!(
            "below the optimum ${} = {}$ only because {} is not at its best",
            optimum_name(facts),
            brief(optimum, 3),
            if is_two {
                "the follower"
            } else {
                "a level beneath"
            }
        ),
    }
}

fn vertical(heights: Extent, optimum: Option<f64>) -> [f64; 2] {
    let [low, high] = Scale::Linear.drawable([heights.least, heights.greatest]);
    let height = high - low;
    let bottom = match optimum {
        Some(optimum) => (low - MARGIN * height).min(optimum - BELOW * height),
        None => low - MARGIN * height,
    };
    [bottom, high + MARGIN * height]
}

/// The gap and f of a row.
fn place(trace: &Trace, row: usize, inside: &impl Fn(f64) -> f64) -> Option<[f64; 2]> {
    let gap = *trace.gap.values().get(row)?;
    let f = *trace.objectives[0].values().get(row)?;
    (gap.is_finite() && f.is_finite()).then(|| [inside(gap), f])
}

fn trail(walk: &Walk<'_>, inside: &impl Fn(f64) -> f64, theme: Theme) -> Option<Trail> {
    let until = walk.trace.row_at(walk.until)?;
    let judged = walk.trace.gap.len();
    let known = Trail::rows(judged, until, walk.most).into_iter();
    let known = known.filter_map(|row| Some((row, place(walk.trace, row, inside)?)));
    let (rows, points) = known.unzip();
    Some(Trail {
        tag: walk.tag,
        rows,
        points,
        shares: Vec::new(),
        until,
        style: slot_style(walk.tag.slot, theme),
        opacity: if walk.is_stale { 0.3 } else { 1.0 },
        is_thin: false,
    })
}

/// Where runs begin, each place once.
fn starts<'a>(walks: &[&Walk<'_>], inside: &impl Fn(f64) -> f64) -> Vec<Layer<'a>> {
    let mut places: Vec<[f64; 2]> = Vec::new();
    for walk in walks.iter().filter(|walk| !walk.is_stale) {
        if let Some(at) = place(walk.trace, 0, inside)
            && !places.contains(&at)
        {
            places.push(at);
        }
    }
    let mark = |(number, at)| Layer::Mark {
        at,
        symbol: Symbol::Start,
        label: if number == 0 {
            "start".to_owned()
        } else {
            String::new()
        },
    };
    places.into_iter().enumerate().map(mark).collect()
}

/// The run's marker where the playhead stands, or as far as the referee has come.
fn head<'a>(walk: &Walk<'_>, inside: &impl Fn(f64) -> f64, theme: Theme) -> Option<Layer<'a>> {
    let row = walk.trace.row_at(walk.until)?;
    let judged = row.min(walk.trace.gap.len().checked_sub(1)?);
    let at = place(walk.trace, judged, inside)?;
    let is_over = judged == row && walk.trace.last_iteration() <= Some(walk.until);
    let style = slot_style(walk.tag.slot, theme);
    (!walk.is_stale).then(|| Layer::Mark {
        at,
        symbol: if is_over && walk.status.is_trouble() {
            Symbol::Ended(style)
        } else {
            Symbol::Method(style)
        },
        label: String::new(),
    })
}

fn comparison<'a>(subject: Subject<'a>, walks: &[&Walk<'a>], theme: Theme) -> Figure<'a> {
    let facts = subject.facts;
    let fresh: Vec<&Walk<'a>> = walks.iter().copied().filter(|it| !it.is_stale).collect();
    let mut heights = Extent::default();
    for walk in sound(&fresh) {
        heights.join(walk.trace.true_suboptimality.extent());
        if walk.trace.true_suboptimality.extent().least.is_finite() {
            heights.join(walk.trace.suboptimality.extent());
        }
    }
    let mut layers = Vec::new();
    if let Some(words) = empty(facts, &fresh) {
        layers.push(Layer::Note(words.to_owned()));
    } else {
        if facts.optimum().is_some() {
            heights.include(0.0);
            layers.push(Layer::Rule {
                at: 0.0,
                label: String::new(),
            });
        }
        layers.extend(fresh.iter().map(|walk| difference(walk, theme)));
        layers.extend(fresh.iter().map(|walk| reported(walk, theme)));
        let mut named = None;
        for walk in &fresh {
            let is_first = named.replace(walk.tag.slot) != Some(walk.tag.slot);
            let method = subject.methods.get(walk.tag.slot).filter(|_| is_first);
            let label = method.map_or("", |method| &method.label);
            layers.push(Layer::Line(truth(walk, label, theme)));
        }
    }
    let name = facts.objective(1);
    let [low, high] = Scale::Linear.drawable([heights.least, heights.greatest]);
    let margin = MARGIN * (high - low);
    let above = if facts.optimum().is_some() {
        format!(", above ${}$", optimum_name(facts))
    } else {
        String::new()
    };
    Figure {
        title: format!("Reported ${name}$ (thin) and true $φ${above}"),
        subtitle: "both at the same $x$; filled: the difference".to_owned(),
        x: Axis {
            label: Cost::Iterations.label().to_owned(),
            scale: Scale::Log,
            range: [1.0, subject.iterations.max(2) as f64],
            has_gutter: false,
            is_bare: false,
        },
        y: Axis {
            label: String::new(),
            scale: Scale::Linear,
            range: [low - margin, high + margin],
            has_gutter: false,
            is_bare: false,
        },
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// φ at the iterates of a run, in its looks.
fn truth<'a>(walk: &Walk<'a>, label: &str, theme: Theme) -> Line<'a> {
    Line {
        slot: walk.tag.slot,
        tag: Some(walk.tag),
        source: Some(Source {
            edition: walk.trace.edition(),
            cost: Cost::Iterations,
            measure: Some(Measure::TrueSuboptimality),
        }),
        x: Cow::Borrowed(&walk.trace.iterations),
        y: Cow::Borrowed(&walk.trace.true_suboptimality),
        until: walk.trace.row_at(walk.until).unwrap_or(0),
        style: slot_style(walk.tag.slot, theme),
        opacity: 1.0,
        label: label.to_owned(),
    }
}

/// What a run reports, as a thin line.
fn reported<'a>(walk: &Walk<'_>, theme: Theme) -> Layer<'a> {
    let until = walk.trace.row_at(walk.until).unwrap_or(0);
    let rows = Trail::rows(walk.trace.len(), until, walk.most);
    let values = walk.trace.suboptimality.values();
    let known = rows
        .into_iter()
        .filter(|row| values[*row].is_finite())
        .map(|row| (row, [walk.trace.iterations[row], values[row]]));
    let (rows, points) = known.unzip();
    Layer::Trail(Trail {
        tag: walk.tag,
        rows,
        points,
        shares: Vec::new(),
        until,
        style: slot_style(walk.tag.slot, theme),
        opacity: 1.0,
        is_thin: true,
    })
}

/// The area between both, up to the playhead.
fn difference<'a>(walk: &Walk<'_>, theme: Theme) -> Layer<'a> {
    let trace = walk.trace;
    let truth = trace.true_suboptimality.values();
    let until = trace.row_at(walk.until).unwrap_or(0);
    let last = until.min(truth.len().saturating_sub(1));
    let mut rows: Vec<usize> = (0..=COMPARED)
        .map(|step| (last as f64).powf(step as f64 / COMPARED as f64).round() as usize)
        .chain([last])
        .filter(|&row| row <= last && truth.get(row).is_some_and(|value| value.is_finite()))
        .collect();
    rows.dedup();
    let mut band = Band {
        x: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
        style: slot_style(walk.tag.slot, theme),
    };
    for row in rows {
        let reported = trace.suboptimality.values()[row];
        band.x.push(trace.iterations[row]);
        band.low.push(reported.min(truth[row]));
        band.high.push(reported.max(truth[row]));
    }
    Layer::Band(band)
}
