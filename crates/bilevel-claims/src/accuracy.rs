//! The claims "improves accuracy and convergence speed" and "converges significantly faster than all the alternatives",
//! on problems with one minimum: the share of starts that converge to given tolerances of the optimum, and the cost
//! until then.

use anyhow::{Context as _, Result};
use bilevel::method;
use bilevel::problem::{ParameterValue, Settings};
use bilevel_figure::Format;
use bilevel_files::{Table, TableCell, open};

use super::contest::{
    BUDGET, Contest, ContestSize, Reached, TOLERANCES, TunedMethod, best_of, leaders, least,
};
use super::finding::{
    Finding, FindingTable, Picture, Size, count, ends, interval, join_list, number, percent,
    picture, points, settings_text, source_sentence, span, text,
};
use super::list::Word;
use super::messages;

/// Presets of different problems with one minimum each; true if the preset is part of the reduced size.
const PRESETS: [(&str, bool); 4] = [
    ("stackelberg", true),
    ("stackelberg-exponential", false),
    ("chain", true),
    ("four-levels", false),
];
/// Methods for any number of levels; the claims are about the first.
const METHODS: [(&str, &str); 4] = [
    ("implicit", "Implicit, exact"),
    ("itd", "ITD"),
    ("finite-difference", "FD"),
    ("evolution", "Evolution"),
];
const OURS: usize = 0;
/// The preset of three players with linear demand.
const QUADRATIC: &str = "stackelberg";
/// Indices of all tolerances; every method is tuned separately for each.
const ALL: [usize; TOLERANCES.len()] = [0, 1, 2, 3];
/// Index of the strictest tolerance.
const STRICT: usize = TOLERANCES.len() - 1;

/// The methods tuned on the problem of one preset.
struct AccuracyContest {
    preset: &'static str,
    /// Tuned methods by method, then by tolerance.
    variants: Vec<Vec<TunedMethod>>,
    /// ITD with Newton's step sizes, a setting outside of the search; only on [`QUADRATIC`].
    newton: Option<TunedMethod>,
}

/// Runs ITD with one step at each level whose size is the inverse of the level's curvature on [`QUADRATIC`]. Each level
/// is a parabola there, so these are Newton steps and the hypergradient is exact.
fn newton(contest: &Contest) -> Result<TunedMethod> {
    let itd = method::find("itd").context(messages::no_itd())?;
    let mut settings = Settings::new(itd.parameters);
    settings.set("inner_steps", ParameterValue::Number(1.0))?;
    settings.set("inner_step_size", ParameterValue::List(vec![1.0, 0.5]))?;
    settings.set("outer_step_size", ParameterValue::Number(0.5))?;
    contest.reported(("itd", "ITD, T = 1, Newton's steps"), &settings)
}

/// A score to compare methods by; less is better.
type ScoreFn = fn(&Reached) -> f64;

const FIGURES: [(&str, ScoreFn); 2] = [
    ("iterations", |reached| reached.iteration as f64),
    ("weighted calls", |reached| reached.cost),
];

impl AccuracyContest {
    fn new(preset: &'static str, size: Size) -> Result<Self> {
        let problem = open(preset)?.problem.build();
        let contest = Contest::new(problem, ContestSize::of(size))?;
        Ok(Self {
            preset,
            variants: contest.variants(&METHODS, &ALL)?,
            newton: (preset == QUADRATIC)
                .then(|| newton(&contest))
                .transpose()?,
        })
    }

    /// Returns the methods as tuned for a tolerance.
    fn at(&self, tolerance: usize) -> Vec<&TunedMethod> {
        self.variants.iter().map(|of| &of[tolerance]).collect()
    }

    /// True if the exact method solves more starts than every other one, beyond the intervals.
    fn is_most_accurate(&self) -> bool {
        let all = self.at(STRICT);
        let mut others = all.iter().skip(1);
        others.all(|other| all[OURS].ahead_of(other, STRICT).low > 0.0)
    }
}

/// Measures both claims from the same runs; also returns the times.
pub(super) fn accuracy(size: Size) -> Result<(Vec<Finding>, Table)> {
    let presets = PRESETS.iter();
    let presets = presets.filter(|(_, is_small)| size == Size::Full || *is_small);
    let fields: Vec<AccuracyContest> = presets
        .map(|(preset, _)| AccuracyContest::new(preset, size))
        .collect::<Result<_>>()?;
    let findings = vec![accurate(&fields, size)?, faster(&fields, size)?];
    let paces = fields.iter().flat_map(|field| {
        let all = field.at(STRICT);
        let ours = all[OURS].pace();
        all.into_iter()
            .map(|variant| {
                let ratio = number(variant.pace() / ours);
                vec![text(field.preset), text(variant.label), ratio]
            })
            .collect::<Vec<_>>()
    });
    let times = Table {
        head: vec!["problem", "method", "time of an outer iteration, exact = 1"],
        rows: paces.collect(),
    };
    Ok((findings, times))
}

fn accurate(fields: &[AccuracyContest], size: Size) -> Result<Finding> {
    let sentence = |field: &AccuracyContest| {
        let all = field.at(STRICT);
        let ours = all[OURS];
        let (names, next) = best_of(&all[1..], STRICT)?;
        Some(source_sentence(
            &format!(
                "On `{}` the exact method comes within {:e} of φ* from {} of {} starts; first of the others: {}, with {}; the \
                 difference is {}",
                field.preset,
                TOLERANCES[STRICT],
                percent(ours.solved(STRICT)),
                ours.courses.len(),
                join_list(&names),
                percent(next.solved(STRICT)),
                points(ours.ahead_of(next, STRICT))
            ),
            "accuracy",
        ))
    };
    let held = fields.iter().filter(|field| field.is_most_accurate());
    let mut preset = open("stackelberg")?;
    preset.iterations = size.of(preset.iterations, 50);
    Ok(Finding {
        id: "accuracy",
        word: word(held.count(), fields.len()),
        sentences: fields
            .iter()
            .filter_map(sentence)
            .chain(fields.iter().filter_map(beyond_the_search))
            .collect(),
        sheets: vec![FindingTable {
            name: "accuracy",
            caption: format!(
                "The share of starts from which each method comes within a tolerance of φ* in {BUDGET} weighted calls and stays there, with \
                 its 95 % interval; for each tolerance the setting is the one of {} that solves most of {} other starts.",
                ContestSize::of(size).trials,
                ContestSize::of(size).tuning
            ),
            table: shares(fields),
            is_shown: true,
        }],
        pictures: vec![Picture {
            name: "accuracy.svg".to_owned(),
            caption: "The preset `stackelberg`: the mean square error over iterations.".to_owned(),
            bytes: picture(&preset, "race", Format::Svg)?,
        }],
    })
}

/// Describes the share and cost of the Newton setting, which no trial has and which is as exact as the exact method.
fn beyond_the_search(field: &AccuracyContest) -> Option<String> {
    let newton = field.newton.as_ref()?;
    let ours = field.at(STRICT)[OURS];
    let cost = |reached: &Reached| reached.cost;
    Some(source_sentence(
        &format!(
            "No trial has it, but on `{}` ITD with one step at each level, of Newton's lengths 1 and 0.5, comes within {:e} of φ* from {}; its \
             calls until then are {} times those of the exact method as tuned, the median of the paired ratios",
            field.preset,
            TOLERANCES[STRICT],
            percent(newton.solved(STRICT)),
            span(newton.ratio_to(ours, STRICT, cost))
        ),
        "faster",
    ))
}

/// The shares of solved starts: a row for each method on each problem, a column for each tolerance.
fn shares(fields: &[AccuracyContest]) -> Table {
    let rows = fields.iter().flat_map(|field| {
        field.variants.iter().map(|of| {
            let cells = ALL.map(|tolerance| text(percent(of[tolerance].solved(tolerance))));
            let first = [text(field.preset), text(of[STRICT].label)];
            first.into_iter().chain(cells).collect()
        })
    });
    Table {
        head: vec![
            "preset", "method", "to 0.1", "to 0.01", "to 1e-4", "to 1e-8",
        ],
        rows: rows.collect(),
    }
}

fn word(held: usize, all: usize) -> Word {
    match held {
        0 => Word::DoesNotHold,
        _ if held == all => Word::Holds,
        _ => Word::HoldsWhen,
    }
}

fn faster(fields: &[AccuracyContest], size: Size) -> Result<Finding> {
    let mut sentences = Vec::new();
    let (mut first, mut all) = (0, 0);
    for field in fields {
        let mut parts = Vec::new();
        for (unit, figure) in FIGURES {
            let mut firsts = Vec::new();
            for tolerance in ALL {
                let variants = field.at(tolerance);
                if leaders(&variants, tolerance).is_empty() {
                    continue;
                }
                all += 1;
                let least = least(&variants, tolerance, figure);
                first += usize::from(least == Some(OURS));
                let name = least.map_or("no one beyond the intervals", |one| variants[one].label);
                firsts.push(format!("{name} (within {:e})", TOLERANCES[tolerance]));
            }
            parts.push(format!("counted in {unit}, {}", join_list(&firsts)));
        }
        sentences.push(source_sentence(
            &format!(
                "On `{}`, of the methods whose share no other beats, the first is, beyond the intervals of the paired ratios: {}",
                field.preset,
                parts.join("; ")
            ),
            "faster",
        ));
    }
    sentences.push(source_sentence(
        &format!("The exact method alone is first in {first} of these {all} comparisons"),
        "faster",
    ));
    let mut preset = open("stackelberg-cost")?;
    preset.iterations = size.of(preset.iterations, 50);
    Ok(Finding {
        id: "faster",
        word: word(first, all),
        sentences,
        sheets: vec![FindingTable {
            name: "faster",
            caption: "A row for each method and tolerance: the share with its interval; iterations and weighted calls until a solved run is \
                      within the tolerance for good, looked at after each tenth more of cost, medians with intervals; median ratios to the exact method's calls from the same \
                      starts; the setting."
                .to_owned(),
            table: Table {
                head: vec![
                    "preset", "method", "tolerance", "runs", "solved", "95 % from", "95 % to", "k", "k 95 % from", "k 95 % to", "cost",
                    "cost 95 % from", "cost 95 % to", "cost over exact", "ratio 95 % from", "ratio 95 % to", "ends", "settings",
                ],
                rows: fields.iter().flat_map(rows).collect(),
            },
            is_shown: false,
        }],
        pictures: vec![Picture {
            name: "faster.svg".to_owned(),
            caption: "The preset `stackelberg-cost`: φ above the optimum over the weighted cost.".to_owned(),
            bytes: picture(&preset, "race", Format::Svg)?,
        }],
    })
}

fn rows(field: &AccuracyContest) -> Vec<Vec<TableCell>> {
    let [(_, iterations), (_, cost)] = FIGURES;
    let mut rows = Vec::new();
    for tolerance in ALL {
        let variants = field.at(tolerance);
        let known = field.newton.as_ref();
        for variant in variants.iter().copied().chain(known) {
            let share = variant.solved(tolerance);
            let mut row = vec![
                text(field.preset),
                text(variant.label),
                number(TOLERANCES[tolerance]),
                count(variant.courses.len()),
            ];
            row.extend([share.share, share.low, share.high].map(number));
            row.extend(interval(variant.median(tolerance, iterations)));
            row.extend(interval(variant.median(tolerance, cost)));
            row.extend(interval(variant.ratio_to(variants[OURS], tolerance, cost)));
            row.extend([
                text(ends(&variant.count_outcomes())),
                text(settings_text(&variant.settings)),
            ]);
            rows.push(row);
        }
    }
    rows
}
