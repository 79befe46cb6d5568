//! "Improves accuracy and convergence speed" and "converges significantly faster than all the alternatives": how near methods
//! come where there is one minimum, and how soon, with the presets' steps and with the best of equally many.

use anyhow::Result;
use bilevel::study::{Effort, Verdict};
use bilevel_figure::Format;
use bilevel_figure::View;
use bilevel_files::{Experiment, MethodSpec, Table, open};

use super::finding::{
    Finding, Picture, Sheet, Size, count, ends, listed, number, picture, shown_in, text,
};
use super::list::Word;
use super::racing::{Entrant, entrants, from_starts, grid, tuned};

/// Presets with one minimum, and whether they are small enough for the reduced size.
const PRESETS: [(&str, bool); 5] = [
    ("stackelberg-cost", true),
    ("stackelberg", false),
    ("stackelberg-exponential", false),
    ("chain", true),
    ("four-levels", false),
];
/// Those whose step sizes are tuned as well.
const TUNED: [&str; 2] = ["stackelberg-cost", "stackelberg-exponential"];
/// Longer loops are not tuned: nine or twenty-five times their cost is too much.
const LONGEST: usize = 10;
/// What φ − φ* is to come down to.
const TOLERANCES: [f64; 4] = [1e-1, 1e-2, 1e-4, 1e-8];
/// The method that the claims are about.
const OURS: &str = "Implicit, exact";

/// The methods of a preset from some starts.
struct Field {
    preset: &'static str,
    steps: &'static str,
    entrants: Vec<Entrant>,
}

impl Field {
    fn ours(&self) -> Option<&Entrant> {
        self.entrants.iter().find(|entrant| entrant.label == OURS)
    }

    fn others(&self) -> impl Iterator<Item = &Entrant> {
        self.entrants.iter().filter(|entrant| entrant.label != OURS)
    }

    /// Among methods that get within a tolerance from every start, the first by iterations (0) or by cost (1), and all that tie
    /// with it.
    fn first(&self, tolerance: f64, by: usize) -> Vec<&str> {
        let needs = |entrant: &Entrant| {
            let (reached, medians) = entrant.within(tolerance, false);
            (reached == entrant.courses.len()).then_some(medians[by])
        };
        let least = self.entrants.iter().filter_map(needs);
        let least = least.fold(f64::INFINITY, f64::min);
        let is_first = |entrant: &&Entrant| needs(entrant).is_some_and(|cost| cost <= least);
        let firsts = self.entrants.iter().filter(is_first);
        firsts.map(|entrant| entrant.label.as_str()).collect()
    }
}

/// Both claims, from the same runs; and the times.
pub(super) fn accuracy(size: Size) -> Result<(Vec<Finding>, Table)> {
    let mut fields = Vec::new();
    for (preset, is_small) in PRESETS {
        if size == Size::Full || is_small {
            fields.extend(fields_of(preset, size)?);
        }
    }
    let findings = vec![accurate(&fields, size)?, faster(&fields, size)?];
    let pace = |field: &Field| {
        let ours = field.ours().map_or(f64::NAN, Entrant::pace);
        let row = |entrant: &Entrant| {
            vec![
                text(format!("{}, {}", field.preset, field.steps)),
                text(entrant.label.clone()),
                number(entrant.pace() / ours),
            ]
        };
        field.entrants.iter().map(row).collect::<Vec<_>>()
    };
    let times = Table {
        head: vec!["problem", "method", "time of an outer iteration, exact = 1"],
        rows: fields.iter().flat_map(pace).collect(),
    };
    Ok((findings, times))
}

fn fields_of(preset: &'static str, size: Size) -> Result<Vec<Field>> {
    let mut experiment = open(preset)?;
    experiment.iterations = size.of(experiment.iterations, 80);
    let problem = experiment.problem.build();
    let starts = |experiment: &Experiment, side: usize| {
        let grid = grid(experiment, &*problem, side);
        from_starts(experiment, &grid, 0..grid.len())
    };
    // a leader of two variables has a square of starts
    let side = match problem.facts().shape().size(1) {
        1 => size.of(5, 3),
        _ => 3,
    };
    let mut fields = vec![Field {
        preset,
        steps: "the preset's steps",
        entrants: entrants(&starts(&experiment, side), &problem)?,
    }];
    if TUNED.contains(&preset) {
        experiment.methods.retain(is_short);
        let effort = size.of(Effort::TwentyFive, Effort::Nine);
        // starts of another grid, so that those of the comparison are new but for the ends
        let best = tuned(&starts(&experiment, size.of(4, 2)), &problem, effort)?;
        fields.push(Field {
            preset,
            steps: "tuned steps",
            entrants: entrants(&starts(&best, side), &problem)?,
        });
    }
    Ok(fields)
}

/// Whether a method's loops are short enough to be tuned.
fn is_short(method: &MethodSpec) -> bool {
    !method.settings.declares("inner_steps")
        || method.settings.integer_at("inner_steps", 2) <= LONGEST
}

fn accurate(fields: &[Field], size: Size) -> Result<Finding> {
    let mut rows = Vec::new();
    let mut sentences = Vec::new();
    let (mut best, mut all) = (0, 0);
    for field in fields {
        for entrant in &field.entrants {
            rows.push(vec![
                text(field.preset),
                text(field.steps),
                text(entrant.label.clone()),
                count(entrant.courses.len()),
                number(entrant.above()),
                text(ends(&entrant.tally())),
            ]);
        }
        let Some(ours) = field.ours() else { continue };
        let is_global = ours.tally().count(Verdict::Global) == ours.courses.len();
        let by_gradients = field.others().filter(|other| other.label != "Evolution");
        let next = by_gradients.min_by(|a, b| a.above().total_cmp(&b.above()));
        let Some(next) = next else { continue };
        all += 1;
        best += usize::from(is_global && ours.above() <= next.above());
        sentences.push(shown_in(
            &format!(
                "On `{}` with {} the exact method ends with a median φ − φ* of {} over {} starts ({}); next among loops and \
                 differences is {} with {} ({})",
                field.preset,
                field.steps,
                number(ours.above()).short(),
                ours.courses.len(),
                ends(&ours.tally()),
                next.label,
                number(next.above()).short(),
                ends(&next.tally())
            ),
            "accuracy",
        ));
    }
    let mut preset = open("stackelberg")?;
    preset.iterations = size.of(preset.iterations, 50);
    Ok(Finding {
        id: "accuracy",
        word: word(best, all),
        sentences,
        sheets: vec![Sheet {
            name: "accuracy",
            caption: "The median of φ − φ* at the ends, and what the ends are.".to_owned(),
            table: Table {
                head: vec!["preset", "steps", "method", "runs", "phi - phi*", "ends"],
                rows,
            },
            is_shown: true,
        }],
        pictures: vec![Picture {
            name: "accuracy.svg".to_owned(),
            caption: "The preset `stackelberg`: the mean square error over iterations.".to_owned(),
            bytes: picture(&preset, View::Race, Format::Svg)?,
        }],
    })
}

fn word(held: usize, all: usize) -> Word {
    match held {
        0 => Word::DoesNotHold,
        _ if held == all => Word::Holds,
        _ => Word::HoldsWhen,
    }
}

fn faster(fields: &[Field], size: Size) -> Result<Finding> {
    let mut rows = Vec::new();
    let mut sentences = Vec::new();
    let (mut first, mut all) = (0, 0);
    let words = ["iterations", "weighted calls"];
    for field in fields {
        for entrant in &field.entrants {
            let mut row = vec![
                text(field.preset),
                text(field.steps),
                text(entrant.label.clone()),
            ];
            for tolerance in TOLERANCES {
                let (reached, medians) = entrant.within(tolerance, false);
                let is_all = reached == entrant.courses.len();
                row.extend(medians.map(|one| number(if is_all { one } else { f64::NAN })));
            }
            rows.push(row);
        }
        let mut parts = Vec::new();
        for (by, word) in words.iter().enumerate() {
            let mut firsts_of = Vec::new();
            for tolerance in TOLERANCES {
                let firsts = field.first(tolerance, by);
                if firsts.is_empty() {
                    continue;
                }
                all += 1;
                first += usize::from(firsts == [OURS]);
                let firsts: Vec<String> = firsts.into_iter().map(ToOwned::to_owned).collect();
                firsts_of.push(format!("{} (within {tolerance})", listed(&firsts)));
            }
            parts.push(format!("counted in {word}, {}", listed(&firsts_of)));
        }
        sentences.push(shown_in(
            &format!(
                "On `{}` with {} the first from every start: {}",
                field.preset,
                field.steps,
                parts.join("; ")
            ),
            "faster",
        ));
    }
    sentences.push(shown_in(
        &format!("The exact method alone is first in {first} of these {all} comparisons"),
        "faster",
    ));
    let mut preset = open("stackelberg-cost")?;
    preset.iterations = size.of(preset.iterations, 50);
    Ok(Finding {
        id: "faster",
        word: word(first, all),
        sentences,
        sheets: vec![Sheet {
            name: "faster",
            caption: "What it takes to come within a tolerance of φ* and stay there, medians over the starts: outer iterations, and \
                      weighted calls (values ½, gradients 1, products 2, higher derivatives 4); empty where some start never gets there."
                .to_owned(),
            table: Table {
                head: vec![
                    "preset", "steps", "method", "k to 0.1", "cost to 0.1", "k to 0.01", "cost to 0.01", "k to 1e-4",
                    "cost to 1e-4", "k to 1e-8", "cost to 1e-8",
                ],
                rows,
            },
            is_shown: true,
        }],
        pictures: vec![Picture {
            name: "faster.svg".to_owned(),
            caption: "The preset `stackelberg-cost`: φ above the optimum over the weighted cost.".to_owned(),
            bytes: picture(&preset, View::Race, Format::Svg)?,
        }],
    })
}
