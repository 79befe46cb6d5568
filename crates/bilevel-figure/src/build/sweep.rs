//! The sweep: the share of runs that reach a global minimum, and their cost, over one or two parameters of a method.

use std::borrow::Cow;

use bilevel::problem::Settings;
use bilevel::run::TraceColumn;
use bilevel::study::{OutcomeCounts, Share, Verdict};
use bilevel_files::SweepAxis;

use super::ends::{cost_key, cost_patch, share_key, share_patch};
use crate::{
    AreaBand, Axis, AxisScale, Figure, Foot, Layer, Line, LineStyle, MethodLook, Symbol, Theme,
    fixed, significant,
};

/// A varied parameter with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Varied {
    /// The name in words, with the symbol as maths.
    pub label: String,
    /// The symbol alone.
    pub symbol: String,
    /// The values, increasing or decreasing.
    pub values: Vec<f64>,
    /// True if the values are evenly spaced in ratio.
    pub is_log: bool,
    /// The value in the experiment.
    pub present: f64,
}

impl Varied {
    /// The varied parameters of a method with these settings; `values` holds their values in each setting of the sweep.
    pub fn of(settings: &Settings, varied: &[SweepAxis], values: &[Vec<f64>]) -> Vec<Self> {
        let each = varied.iter().enumerate();
        each.filter_map(|(place, vary)| {
            let parameter = settings.parameter(&vary.parameter).ok()?;
            let mut own: Vec<f64> = Vec::new();
            for values in values {
                let value = *values.get(place)?;
                if !own.contains(&value) {
                    own.push(value);
                }
            }
            Some(Self {
                label: format!("{} ${}$", parameter.label, parameter.symbol),
                symbol: format!("${}$", parameter.symbol),
                values: own,
                is_log: vary.is_log,
                present: settings.number(parameter.name),
            })
        })
        .collect()
    }

    fn scale(&self) -> AxisScale {
        if self.is_log {
            AxisScale::Log
        } else {
            AxisScale::Linear
        }
    }

    /// The edges between neighboring values, including the outer ones: one more than values.
    fn edges(&self) -> Vec<f64> {
        let scale = self.scale();
        let places: Vec<f64> = self
            .values
            .iter()
            .map(|&value| scale.forward(value))
            .collect();
        let middle = |pair: &[f64]| 0.5 * (pair[0] + pair[1]);
        let inner: Vec<f64> = places.windows(2).map(middle).collect();
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return Vec::new();
        };
        let outer = |end: f64, edge: Option<&f64>| edge.map_or(end + 0.5, |edge| 2.0 * end - edge);
        let mut edges = vec![outer(*first, inner.first())];
        edges.extend(&inner);
        edges.push(outer(*last, inner.last()));
        edges
            .into_iter()
            .map(|place| scale.inverse(place))
            .collect()
    }

    fn axis(&self) -> Axis {
        let edges = self.edges();
        let ends = [edges.first(), edges.last()].map(|edge| edge.copied().unwrap_or(1.0));
        Axis {
            label: self.label.clone(),
            scale: self.scale(),
            range: [ends[0].min(ends[1]), ends[0].max(ends[1])],
            has_gutter: false,
            ticks: Vec::new(),
            is_bare: false,
        }
    }

    /// The index of the value nearest on the scale; `None` outside of the outer edges.
    pub fn nearest(&self, value: f64) -> Option<usize> {
        let edges = self.edges();
        edges.windows(2).position(|pair| {
            let [low, high] = [pair[0].min(pair[1]), pair[0].max(pair[1])];
            low <= value && value < high
        })
    }
}

/// Results of a sweep so far.
#[derive(Clone, Copy, Debug)]
pub struct SweepData<'a> {
    /// The method's slot in the experiment.
    pub slot: usize,
    /// The method's look.
    pub look: MethodLook,
    /// The method's name.
    pub name: &'a str,
    /// The varied parameters: one or two.
    pub varied: &'a [Varied],
    /// The outcome counts of each setting; the first parameter varies fastest.
    pub tallies: &'a [OutcomeCounts],
    /// The highlighted setting.
    pub pointed: Option<usize>,
}

/// Share and cost, as charts over one parameter or as heat maps over two.
pub fn sweep(sweep: SweepData<'_>, theme: Theme) -> Vec<Figure<'static>> {
    match sweep.varied {
        [one] => vec![share_of(sweep, one, theme), cost_of(sweep, one, theme)],
        [one, other] => vec![
            pad(sweep, [one, other], PadQuantity::Share, theme),
            pad(sweep, [one, other], PadQuantity::Cost, theme),
        ],
        _ => Vec::new(),
    }
}

fn line(style: LineStyle, slot: usize, x: Vec<f64>, y: &[f64]) -> Layer<'static> {
    let mut column = TraceColumn::default();
    for &value in y {
        column.push(value);
    }
    Layer::Line(Line {
        slot,
        tag: None,
        source: None,
        from: 0,
        until: x.len(),
        x: Cow::Owned(x),
        y: Cow::Owned(column),
        style,
        opacity: 1.0,
        has_diverged: false,
        label: String::new(),
    })
}

/// The settings in increasing order of their value.
fn rising(varied: &Varied) -> Vec<usize> {
    let mut order: Vec<usize> = (0..varied.values.len()).collect();
    order.sort_by(|&a, &b| varied.values[a].total_cmp(&varied.values[b]));
    order
}

fn share_of(sweep: SweepData<'_>, varied: &Varied, theme: Theme) -> Figure<'static> {
    let style = sweep.look.style(theme);
    let known = rising(varied).into_iter().filter_map(|place| {
        let tally = sweep.tallies.get(place).filter(|tally| tally.total() > 0)?;
        Some((place, varied.values[place], tally.share(Verdict::Global)))
    });
    let known: Vec<(usize, f64, Share)> = known.collect();
    let column = |part: fn(&Share) -> f64| -> Vec<f64> {
        known.iter().map(|(.., share)| part(share)).collect()
    };
    let x: Vec<f64> = known.iter().map(|(_, value, _)| *value).collect();
    let mut layers = vec![
        Layer::Band(AreaBand {
            x: x.clone(),
            low: column(|share| share.low),
            high: column(|share| share.high),
            style,
        }),
        line(style, sweep.slot, x, &column(|share| share.share)),
    ];
    for (place, value, share) in &known {
        layers.push(mark(style, [*value, share.share], String::new()));
        if sweep.pointed == Some(*place) {
            layers.push(ring(style, [*value, share.share]));
        }
    }
    Figure {
        title: format!("**{}**: share global", sweep.name),
        subtitle: "of the starts, with 95 % intervals".to_owned(),
        x: varied.axis(),
        y: Axis::linear(String::new(), [-0.03, 1.03]),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

fn cost_of(sweep: SweepData<'_>, varied: &Varied, theme: Theme) -> Figure<'static> {
    let style = sweep.look.style(theme);
    let known = rising(varied).into_iter().filter_map(|place| {
        let cost = sweep.tallies.get(place)?.median_cost()?;
        Some((place, [varied.values[place], cost.max(1.0)]))
    });
    let known: Vec<(usize, [f64; 2])> = known.collect();
    let costs = known.iter().map(|(_, [_, cost])| *cost);
    let [low, high] = costs.fold([f64::INFINITY, 0.0], |[low, high], cost: f64| {
        [low.min(cost), high.max(cost)]
    });
    let mut layers = Vec::new();
    let range = if known.is_empty() {
        let words = "no start reached the global optimum";
        layers.push(Layer::Note(words.to_owned()));
        [1.0, 10.0]
    } else {
        [low / 1.5, high * 1.5]
    };
    let x = known.iter().map(|(_, [value, _])| *value).collect();
    let y: Vec<f64> = known.iter().map(|(_, [_, cost])| *cost).collect();
    layers.push(line(style, sweep.slot, x, &y));
    for (place, at) in &known {
        layers.push(mark(style, *at, String::new()));
        if sweep.pointed == Some(*place) {
            layers.push(ring(style, *at));
        }
    }
    Figure {
        title: "Cost of convergence".to_owned(),
        subtitle: "median of weighted calls".to_owned(),
        x: varied.axis(),
        y: Axis::new(String::new(), AxisScale::Log, range),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

fn mark(style: LineStyle, at: [f64; 2], label: String) -> Layer<'static> {
    Layer::Mark {
        at,
        symbol: Symbol::Method(style),
        label,
    }
}

fn ring(style: LineStyle, at: [f64; 2]) -> Layer<'static> {
    Layer::Mark {
        at,
        symbol: Symbol::Ring(style),
        label: String::new(),
    }
}

/// The place of the ring in its cell, as a share of its width and height.
const RING: f64 = 0.81;

/// Quantity shown in a heat map of two parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PadQuantity {
    Share,
    Cost,
}

fn pad(
    sweep: SweepData<'_>,
    [one, other]: [&Varied; 2],
    shown: PadQuantity,
    theme: Theme,
) -> Figure<'static> {
    let edges = [one.edges(), other.edges()];
    let columns = one.values.len();
    let costs = sweep.tallies.iter().filter_map(OutcomeCounts::median_cost);
    let costs = costs.fold([f64::INFINITY, 0.0], |[low, high], cost: f64| {
        [low.min(cost.max(1.0)), high.max(cost.max(1.0))]
    });
    let mut patches = Vec::new();
    let mut layers = Vec::new();
    for (place, tally) in sweep
        .tallies
        .iter()
        .enumerate()
        .take(columns * other.values.len())
    {
        if tally.total() == 0 {
            continue;
        }
        let patch = match shown {
            PadQuantity::Share => share_patch(Some(tally.share(Verdict::Global).share), theme),
            PadQuantity::Cost => cost_patch(tally.median_cost(), costs, theme),
        };
        let [column, row] = [place % columns, place / columns];
        let sides = [
            [edges[0][column], edges[0][column + 1]],
            [edges[1][row], edges[1][row + 1]],
        ];
        patches.push((sides, patch));
        let at = [one.values[column], other.values[row]];
        let words = match shown {
            PadQuantity::Share => {
                format!("${}$", fixed(100.0 * tally.share(Verdict::Global).share, 0))
            }
            PadQuantity::Cost => tally
                .median_cost()
                .map_or_else(|| "–".to_owned(), thousands),
        };
        layers.push(Layer::Words {
            at,
            words,
            is_marked: false,
            room: sides,
        });
        if sweep.pointed == Some(place) {
            layers.push(Layer::Frame(sides));
        }
    }
    layers.insert(0, Layer::Patches(patches));
    layers.extend(present_ring(sweep, [one, other], &edges, theme));
    let (title, subtitle, key) = match shown {
        PadQuantity::Share => (
            format!("**{}**: % global", sweep.name),
            "of the starts; ring: the current setting",
            Some(share_key(theme)),
        ),
        PadQuantity::Cost => (
            "Cost of convergence".to_owned(),
            "median of weighted calls; deeper: more expensive",
            (costs[0] <= costs[1]).then(|| cost_key(costs, theme)),
        ),
    };
    let axis = |varied: &Varied| Axis {
        ticks: varied.values.clone(),
        ..varied.axis()
    };
    Figure {
        title,
        subtitle: subtitle.to_owned(),
        x: axis(one),
        y: Axis {
            label: other.symbol.clone(),
            ..axis(other)
        },
        is_equal: false,
        has_axes: true,
        layers,
        foot: key.map(Foot::Key),
    }
}

/// A ring at the present setting, if it is on the map: in the upper right of its cell, since the number is in the middle.
fn present_ring(
    sweep: SweepData<'_>,
    varied: [&Varied; 2],
    edges: &[Vec<f64>; 2],
    theme: Theme,
) -> Option<Layer<'static>> {
    let mut at = [0.0; 2];
    for axis in 0..2 {
        let (varied, edges) = (varied[axis], &edges[axis]);
        let place = varied.nearest(varied.present)?;
        let scale = varied.scale();
        let [low, high] = [edges[place], edges[place + 1]].map(|edge| scale.forward(edge));
        at[axis] = scale.inverse(low + RING * (high - low));
    }
    Some(ring(sweep.look.style(theme), at))
}

/// A number in few characters at any size.
fn thousands(value: f64) -> String {
    match value {
        ..1e3 => format!("${}$", fixed(value, 0)),
        1e3..1e4 => format!("${}$k", fixed(value / 1e3, 1)),
        1e4..1e6 => format!("${}$k", fixed(value / 1e3, 0)),
        _ => format!("${}$M", fixed(value / 1e6, 1)),
    }
}

/// The outcome of a setting, as pairs of a name and words.
pub fn sweep_sentence(
    varied: &[Varied],
    setting: usize,
    tally: &OutcomeCounts,
) -> Vec<(String, String)> {
    let mut stride = 1;
    let mut lines = Vec::new();
    for one in varied {
        let value = one.values[setting / stride % one.values.len()];
        lines.push((one.label.clone(), format!("${}$", significant(value, 4))));
        stride *= one.values.len();
    }
    for verdict in Verdict::ALL {
        if tally.count(verdict) > 0 {
            let Share { share, low, high } = tally.share(verdict);
            let [share, low, high] = [share, low, high].map(|one| fixed(100.0 * one, 1));
            lines.push((
                verdict.plain_word().to_owned(),
                format!("{share} %, {low} to {high}"),
            ));
        }
    }
    if let Some(cost) = tally.median_cost() {
        lines.push((
            "median cost".to_owned(),
            format!("${}$", significant(cost, 3)),
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varied(values: &[f64], is_log: bool) -> Varied {
        Varied {
            label: "T".to_owned(),
            symbol: "T".to_owned(),
            values: values.to_vec(),
            is_log,
            present: 2.0,
        }
    }

    #[test]
    fn each_value_has_a_cell_of_its_own_whatever_the_scale() {
        for (values, is_log) in [
            (&[1.0, 2.0, 3.0, 5.0, 10.0][..], true),
            (&[0.5, 0.25, 0.0], false),
        ] {
            let varied = varied(values, is_log);
            for (place, value) in values.iter().enumerate() {
                assert_eq!(varied.nearest(*value), Some(place), "{value}");
            }
            assert_eq!(varied.nearest(100.0), None);
        }
    }

    #[test]
    fn a_sweep_of_one_parameter_shows_share_and_cost() {
        let one = [varied(&[1.0, 2.0], false)];
        let tallies = [
            OutcomeCounts::of([(Verdict::Local, 1.0)]),
            OutcomeCounts::of([(Verdict::Global, 30.0), (Verdict::Local, 3.0)]),
        ];
        let shown = SweepData {
            slot: 0,
            look: MethodLook::default(),
            name: "ITD",
            varied: &one,
            tallies: &tallies,
            pointed: Some(1),
        };
        let figures = sweep(shown, Theme::Light);
        assert_eq!(figures.len(), 2);
        let marks = |figure: &Figure<'_>| -> Vec<[f64; 2]> {
            let marks = figure.layers.iter().filter_map(|layer| match layer {
                Layer::Mark {
                    at,
                    symbol: Symbol::Method(_),
                    ..
                } => Some(*at),
                _ => None,
            });
            marks.collect()
        };
        assert_eq!(marks(&figures[0]), [[1.0, 0.0], [2.0, 0.5]]);
        assert_eq!(marks(&figures[1]), [[2.0, 30.0]]);
    }

    #[test]
    fn a_sweep_of_two_parameters_has_a_tick_at_each_value_and_keys() {
        let two = [
            varied(&[0.005, 0.05, 0.5], true),
            varied(&[1.0, 2.0, 4.0], true),
        ];
        let outcomes = (1..=9).map(|runs| {
            OutcomeCounts::of([
                (Verdict::Global, f64::from(100 * runs)),
                (Verdict::Local, 3.0),
            ])
        });
        let tallies: Vec<OutcomeCounts> = outcomes.collect();
        let shown = SweepData {
            slot: 0,
            look: MethodLook::default(),
            name: "ITD",
            varied: &two,
            tallies: &tallies,
            pointed: None,
        };
        let figures = sweep(shown, Theme::Light);
        for figure in &figures {
            assert_eq!(figure.x.ticks, two[0].values);
            assert_eq!(figure.y.ticks, two[1].values);
        }
        let keys: Vec<[String; 2]> = figures
            .iter()
            .map(|figure| match &figure.foot {
                Some(Foot::Key(key)) => key.ends.clone(),
                other => panic!("no key but {other:?}"),
            })
            .collect();
        assert_eq!(keys, [["0 %", "100 %"], ["$100$", "$900$"]]);
        // deeper is more expensive: a darker patch on a light plot
        let Some(Layer::Patches(patches)) = figures[1].layers.first() else {
            panic!("the patches lie beneath all");
        };
        let depths = patches.iter().map(|(_, patch)| patch.colour.rgb[0]);
        assert!(
            depths
                .collect::<Vec<_>>()
                .is_sorted_by(|one, next| one >= next)
        );
    }
}
