//! The claims "the only method that does not fall into local minima" and "both FD and ITD tend to converge to local
//! minima": the final states from all starts of trilevel problems with several valleys.

use anyhow::Result;
use bilevel::study::{OutcomeCounts, Share, Verdict};
use bilevel_figure::Format;
use bilevel_files::{Experiment, open};

use super::finding::{
    Finding, FindingTable, Picture, Size, ends, percent, picture, source_sentence,
};
use super::first_order::of_presets;
use super::list::Word;
use super::survey::surveyed_ends;

const PRESETS: [&str; 2] = ["tri-sin-atlas", "tri-cosresp"];
/// Label of the method that the first claim is about.
const OURS: &str = "Implicit, exact";
/// A share up to this may be accidental.
const RARE: f64 = 0.05;
/// ITD and FD with at least this many inner steps are too slow for the reduced size.
const LONGEST: usize = 25;

/// The outcome counts of all methods of a preset.
struct TrapContest {
    preset: &'static str,
    found: Vec<(String, OutcomeCounts)>,
}

impl TrapContest {
    fn ours(&self) -> Option<&OutcomeCounts> {
        let mut found = self.found.iter();
        found
            .find(|(label, _)| label == OURS)
            .map(|(_, tally)| tally)
    }

    /// The ITD and FD methods.
    fn loops(&self) -> impl Iterator<Item = &(String, OutcomeCounts)> {
        let is_loop = |label: &str| label.starts_with("ITD") || label.starts_with("FD");
        self.found.iter().filter(move |(label, _)| is_loop(label))
    }
}

/// The share of ends at minima other than the best one.
fn at_others(tally: &OutcomeCounts) -> Share {
    let others = tally.count(Verdict::Local) + tally.count(Verdict::Boundary);
    Share::new(others, tally.total())
}

/// Measures both claims from the same runs.
pub(super) fn traps(size: Size) -> Result<Vec<Finding>> {
    let mut fields = Vec::new();
    for preset in PRESETS {
        let mut experiment = open(preset)?;
        if size == Size::Quick {
            experiment.methods.retain(|method| {
                let settings = &method.settings;
                !settings.declares("inner_steps") || settings.integer_at("inner_steps", 2) < LONGEST
            });
        }
        // runs on a flat shoulder converge slowly
        experiment.iterations = size.of(1000, 500);
        let found = surveyed_ends(&experiment, size.of(48, 12))?;
        fields.push(TrapContest { preset, found });
    }
    let surveyed: Vec<_> = fields
        .iter()
        .map(|field| (field.preset, field.found.clone()))
        .collect();
    let page = FindingTable {
        name: "local-minima",
        caption: "Shares of all ends over a grid of starts of the leader.".to_owned(),
        table: of_presets(&surveyed),
        is_shown: true,
    };
    Ok(vec![only(&fields, size)?, tend(&fields, page, size)?])
}

fn only(fields: &[TrapContest], size: Size) -> Result<Finding> {
    let mut sentences = Vec::new();
    let mut is_trapped = Vec::new();
    for field in fields {
        let Some(ours) = field.ours() else { continue };
        let trapped = at_others(ours);
        is_trapped.push(trapped.low > RARE);
        let better = field
            .found
            .iter()
            .max_by_key(|(_, tally)| tally.count(Verdict::Global) * 1000 / tally.total().max(1));
        let Some((label, tally)) = better else {
            continue;
        };
        sentences.push(source_sentence(
            &format!(
                "On `{}` the exact method ends at a minimum of φ that is not the best one from {} of {} starts; the most global ends \
                 are those of {label}, {}, where the exact method has {}",
                field.preset,
                percent(trapped),
                ours.total(),
                percent(tally.share(Verdict::Global)),
                percent(ours.share(Verdict::Global))
            ),
            "local-minima",
        ));
    }
    let mut atlas: Experiment = open("tri-sin-atlas")?;
    atlas.view.grid = Some(size.of(32, 4));
    if size == Size::Quick {
        atlas.iterations = 50;
        atlas.methods.truncate(3);
    }
    Ok(Finding {
        id: "only-method",
        word: match is_trapped.iter().filter(|is_so| **is_so).count() {
            0 => Word::Holds,
            some if some == is_trapped.len() => Word::DoesNotHold,
            _ => Word::HoldsWhen,
        },
        sentences,
        sheets: Vec::new(),
        pictures: vec![Picture {
            name: "only-method.svg".to_owned(),
            caption: "The preset `tri-sin-atlas`: a strip for each method over the leader's start, with φ beneath. Each hue is a \
                      minimum; hatches are ends at non-stationary points of φ."
                .to_owned(),
            bytes: picture(&atlas, "atlas", Format::Svg)?,
        }],
    })
}

fn tend(fields: &[TrapContest], page: FindingTable, size: Size) -> Result<Finding> {
    let mut sentences = Vec::new();
    // among methods that miss the exact method's ends: counts of ends at minima and at non-stationary points
    let (mut as_exact, mut at_minima, mut at_none) = (0, 0, 0);
    for field in fields {
        let Some(ours) = field.ours() else { continue };
        for (label, tally) in field.loops() {
            let of = |verdict| tally.share(verdict).share;
            let is_as_exact = of(Verdict::Global) >= ours.share(Verdict::Global).low;
            as_exact += usize::from(is_as_exact);
            at_minima += usize::from(!is_as_exact && at_others(tally).share > 0.5);
            at_none += usize::from(of(Verdict::Spurious) > 0.5);
            sentences.push(source_sentence(
                &format!(
                    "On `{}`, {label} ends at a local minimum of φ from {} and at a non-stationary point from {}; all ends: {}",
                    field.preset,
                    percent(at_others(tally)),
                    percent(tally.share(Verdict::Spurious)),
                    ends(tally)
                ),
                "local-minima",
            ));
        }
    }
    sentences.push(source_sentence(
        &format!(
            "Of these {} loops and differences, {as_exact} reach the global minimum as often as the exact method, {at_minima} end \
             mostly at local minima otherwise, and {at_none} mostly at no minimum at all: that is a trap too, but one of their own \
             truncated objective",
            sentences.len()
        ),
        "local-minima",
    ));
    let mut race = open("tri-sin")?;
    race.iterations = size.of(race.iterations, 100);
    if size == Size::Quick {
        race.methods.truncate(3);
    }
    Ok(Finding {
        id: "local-minima",
        word: match (at_minima, at_none) {
            (0, 0) => Word::DoesNotHold,
            (some, 0) if as_exact == 0 && some > 0 => Word::Holds,
            _ => Word::HoldsWhen,
        },
        sentences,
        sheets: vec![page],
        pictures: vec![Picture {
            name: "local-minima.svg".to_owned(),
            caption: "The preset `tri-sin`: what methods report, from one start.".to_owned(),
            bytes: picture(&race, "race", Format::Svg)?,
        }],
    })
}
