//! The words of the compass: the lower blocks of fresh states, and the sentence on the playhead.

use bilevel::numerics::rounded;
use bilevel::problem::{Coordinate, Metadata};
use bilevel::study::DRAWS;

use super::field::PANELS;
use super::{CompassData, Heading, MethodField, TruthField, length};
use crate::{brief, fixed, significant};

/// The lower blocks of a fresh state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lower {
    /// Those of the method's run at the playhead.
    Run,
    /// Those of the start.
    Start,
    /// The reference solution at each x.
    Reference,
}

impl Lower {
    /// All choices, in the order of their words in files.
    pub const ALL: [Self; 3] = [Self::Run, Self::Start, Self::Reference];

    /// Fresh states in words.
    fn words(self, metadata: &Metadata) -> String {
        let (upper, whose) = (metadata.symbols[0], self.whose(metadata));
        format!("Field: the first step from each ${upper}$ with {whose}.")
    }

    /// The lower blocks in words.
    fn whose(self, metadata: &Metadata) -> String {
        let lower = if metadata.shape().levels() == 2 {
            format!("${}$", metadata.symbols[1])
        } else {
            "lower levels".to_owned()
        };
        match self {
            Self::Run => format!("the {lower} of the run at the playhead"),
            Self::Start => format!("the {lower} of the start"),
            Self::Reference => format!("{lower} solved"),
        }
    }
}

/// Angles below this many degrees are called the same direction, and above 180 less this the opposite one.
const STRAIGHT: f64 = 0.05;

/// The most methods with a sentence each; more are listed in one.
const FEW: usize = 2;

/// The sentences on the methods at the playhead, and on those without an arrow.
///
/// More than two methods share a sentence, with a clause for each.
pub fn sentences<'a>(
    metadata: &Metadata,
    data: &CompassData,
    label: &dyn Fn(usize) -> &'a str,
) -> Sentences {
    let headings = data.methods.iter();
    let headings = headings.filter_map(|method| Some((method, method.heading.as_ref()?)));
    let headings: Vec<_> = headings.collect();
    let reasons = data.methods.iter().filter_map(|method| {
        let reason = method.reason.as_ref()?;
        let name = label(method.slot);
        Some(format!("{name} has no arrow: {reason}."))
    });
    let mut found = Sentences {
        clauses: Vec::new(),
        sentences: Vec::new(),
    };
    if headings.len() <= FEW {
        found
            .sentences
            .extend(headings.iter().map(|(method, heading)| {
                let (place, name) = (place(metadata, heading), label(method.slot));
                let part = if method.entry.joint_step {
                    ", level 1's part of a joint step,"
                } else {
                    ""
                };
                let bearing = bearing_words(heading, data.usual).full();
                format!("At {place} the direction of {name}{part} {bearing}.")
            }));
    } else {
        let places: Vec<String> = headings
            .iter()
            .map(|(_, heading)| place(metadata, heading))
            .collect();
        let is_one = places.iter().all(|place| *place == places[0]);
        for ((method, heading), place) in headings.iter().zip(&places) {
            let name = label(method.slot);
            let part = if method.entry.joint_step {
                "level-1 part: "
            } else {
                ""
            };
            let at = if is_one {
                String::new()
            } else {
                format!(" at {place}")
            };
            let beginning = match (found.clauses.is_empty(), is_one) {
                (false, _) => String::new(),
                (true, true) => format!("Beside $∇φ$ at {place}: "),
                (true, false) => "Beside $∇φ$: ".to_owned(),
            };
            let bearing = bearing_words(heading, data.usual).brief();
            let clause = format!("{beginning}{name}{at} ({part}{bearing})");
            found.clauses.push(clause);
        }
    }
    found.sentences.extend(reasons);
    found
}

/// The words on the playhead.
pub struct Sentences {
    /// Clauses on one method each, of one sentence.
    clauses: Vec<String>,
    /// Whole sentences.
    sentences: Vec<String>,
}

impl Sentences {
    /// All in one text; `None` if there are none.
    pub fn text(&self) -> Option<String> {
        let mut all = Vec::new();
        if !self.clauses.is_empty() {
            all.push(format!("{}.", self.clauses.join("; ")));
        }
        all.extend(self.sentences.iter().cloned());
        (!all.is_empty()).then(|| all.join(" "))
    }

    /// Each clause and each sentence.
    pub fn lines(self) -> impl Iterator<Item = String> {
        self.clauses.into_iter().chain(self.sentences)
    }
}

/// A method's fresh state at the pointer.
pub(crate) struct PointedMethod<'a> {
    /// The method's label.
    pub(crate) name: &'a str,
    /// True if the direction is level 1's part of a joint step.
    pub(crate) is_joint: bool,
    /// Its direction, or the reason why it has none.
    pub(crate) heading: Result<Heading, &'a String>,
}

/// The lines on a place of the leader: φ there, and each method.
pub(crate) fn pointer_lines(
    metadata: &Metadata,
    lower: Lower,
    usual: f64,
    (x, value): (&[f64], Option<f64>),
    methods: &[PointedMethod<'_>],
) -> Vec<String> {
    let gradient = methods.iter().find_map(|method| {
        let heading = method.heading.as_ref().ok()?;
        heading.gradient.as_deref()
    });
    let name = |index: usize| metadata.variable(Coordinate { level: 1, index });
    let at = x.iter().enumerate();
    let at: Vec<String> = at
        .map(|(index, x)| format!("${} = {}$", name(index), significant(*x, 3)))
        .collect();
    let mut lines = vec![format!("{}, {}", at.join(", "), lower.whose(metadata))];
    lines.push(match (value, gradient) {
        (None, _) => "the lower levels have no solution".to_owned(),
        (Some(value), Some([slope])) => format!(
            "$φ = {}$, $dφ/d{} = {}$",
            significant(value, 4),
            name(0),
            significant(*slope, 3)
        ),
        (Some(value), Some(gradient)) => format!(
            "$φ = {}$, $‖∇φ‖ = {}$",
            significant(value, 4),
            significant(length(gradient), 3)
        ),
        (Some(value), None) => format!("$φ = {}$", significant(value, 4)),
    });
    lines.extend(methods.iter().map(|method| {
        let name = method.name;
        let heading = match &method.heading {
            Ok(heading) => heading,
            Err(reason) => return format!("**{name}**: {reason}"),
        };
        let part = if method.is_joint {
            "level-1 part: "
        } else {
            ""
        };
        let bearing = bearing_words(heading, usual).brief();
        let product = heading.gradient.as_ref().map(|gradient| {
            let pairs = gradient.iter().zip(&heading.direction);
            pairs.map(|(a, b)| a * b).sum::<f64>()
        });
        let descent = match product {
            Some(product) if product > 0.0 => "; a descent of $φ$",
            Some(_) => "; no descent of $φ$",
            None => "",
        };
        format!("**{name}**: {part}{bearing}{descent}")
    }));
    lines
}

/// A direction beside ∇φ.
enum BearingWords {
    /// ∇φ is undefined.
    Undefined,
    /// Both are as good as zero.
    Stationary,
    /// The direction is, and ∇φ is not: its length.
    Resting(f64),
    /// ∇φ is, and the direction is not: its length.
    Moving(f64),
    /// The angle and the ratio of lengths in words.
    Off(String, String),
}

fn bearing_words(heading: &Heading, usual: f64) -> BearingWords {
    let Some(gradient) = &heading.gradient else {
        return BearingWords::Undefined;
    };
    match (heading.is_at_rest(usual), heading.is_stationary(usual)) {
        (true, true) => return BearingWords::Stationary,
        (true, false) => return BearingWords::Resting(length(gradient)),
        (false, true) => return BearingWords::Moving(length(&heading.direction)),
        (false, false) => {}
    }
    let Some(bearing) = heading.bearing() else {
        return BearingWords::Undefined;
    };
    let angle = if bearing.angle < STRAIGHT {
        "as $∇φ$".to_owned()
    } else if bearing.angle > 180.0 - STRAIGHT {
        "opposite to $∇φ$".to_owned()
    } else {
        let decimals = usize::from(bearing.angle < 10.0);
        format!("{}° off $∇φ$", fixed(bearing.angle, decimals))
    };
    let ratio = rounded(bearing.ratio, 2);
    let ratio = if ratio == 1.0 {
        "as long".to_owned()
    } else {
        format!("{} times as long", brief(ratio, 2))
    };
    BearingWords::Off(angle, ratio)
}

impl BearingWords {
    /// In a list.
    fn brief(&self) -> String {
        match self {
            Self::Undefined => "$∇φ$ undefined".to_owned(),
            Self::Stationary => "zero, as $∇φ$ is".to_owned(),
            Self::Resting(slope) => format!("zero, but $‖∇φ‖ = {}$", significant(*slope, 2)),
            Self::Moving(size) => format!("{} long, but $φ$ is stationary", significant(*size, 2)),
            Self::Off(angle, ratio) => format!("{angle}, {ratio}"),
        }
    }

    /// After "direction".
    fn full(&self) -> String {
        match self {
            Self::Undefined => "has nothing to be compared with: $∇φ$ is undefined".to_owned(),
            Self::Stationary => "is zero, as $∇φ$ is".to_owned(),
            Self::Resting(slope) => {
                format!("is zero, although $‖∇φ‖ = {}$", significant(*slope, 2))
            }
            Self::Moving(size) => format!(
                "is {} long, although $φ$ is stationary",
                significant(*size, 2)
            ),
            Self::Off(angle, ratio) => {
                format!("is {}, {ratio}", angle.replace("as $", "that of $"))
            }
        }
    }
}

/// The meaning of arrows, curves and hatches, in sentences.
pub fn legend(metadata: &Metadata, data: &CompassData, lower: Lower) -> Vec<String> {
    let has_momentum = data.methods.iter().any(|method| {
        let heading = method.heading.as_ref();
        heading.is_some_and(|heading| heading.velocity.is_some())
    });
    let has_fan = data.methods.iter().any(|method| match &method.field {
        MethodField::Line(line) => !line.fan.is_empty(),
        MethodField::Grid(cells) => cells.iter().flatten().any(|cell| !cell.draws.is_empty()),
        MethodField::None => method.draws.is_some(),
    });
    let mut words: Vec<String> = match &*data.truth {
        TruthField::Line(_) => vec![
            "Arrows on $φ$: the slope that each method follows; outlined: $∇φ$.".to_owned(),
            "Rows: each method's move, beside $−∇φ$ as the plain line.".to_owned(),
        ],
        TruthField::Grid(grid, _) => {
            let [width, height] = grid.cell_size();
            let mut words = vec![format!(
                "Arrows: the method's move; outlined: $−∇φ$; in cells of {} × {}.",
                significant(width, 2),
                significant(height, 2)
            )];
            let fields = data.methods.iter();
            let all = fields.filter(|it| matches!(it.field, MethodField::Grid(_)));
            let all = all.count();
            if all > PANELS {
                words.push(format!(
                    "Panels: the first {PANELS} of {all} visible methods."
                ));
            }
            words
        }
        TruthField::None => {
            vec!["Arrows: each method's move; outlined: $−∇φ$, of length 1.".to_owned()]
        }
    };
    words.push("Hatched: no descent of $φ$.".to_owned());
    if !matches!(&*data.truth, TruthField::None) {
        words.push(lower.words(metadata));
    }
    if has_momentum {
        words.push("Pale: the velocity of its momentum.".to_owned());
    }
    if has_fan {
        words.push(format!("Fans: 10 to 90 % of {DRAWS} draws."));
    }
    if has_undefined(data) {
        words.push("Gaps: $∇φ$ is undefined.".to_owned());
    }
    words
}

/// True if ∇φ is undefined somewhere in the field.
fn has_undefined(data: &CompassData) -> bool {
    match &*data.truth {
        TruthField::Line(line) => line.slope.len() > 1 || !line.undefined.is_empty(),
        TruthField::Grid(grid, _) => grid
            .cells
            .iter()
            .any(|cell| cell.as_ref().is_none_or(|cell| cell.gradient.is_none())),
        TruthField::None => false,
    }
}

/// The place of a heading: the leader's variables if there are few, else the iteration.
fn place(metadata: &Metadata, heading: &Heading) -> String {
    let name = |index: usize| metadata.variable(Coordinate { level: 1, index });
    match heading.x[..] {
        [x] => format!("${} = {}$", name(0), significant(x, 3)),
        [a, b] => format!(
            "$({}, {}) = ({}, {})$",
            name(0),
            name(1),
            significant(a, 3),
            significant(b, 3)
        ),
        _ => format!("iteration {}", fixed(heading.iteration as f64, 0)),
    }
}
