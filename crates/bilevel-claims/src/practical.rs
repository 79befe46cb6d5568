//! The claim "superior practical performance": every compared method on every toy, with the same number of trials and
//! the same cost, from starts that it was not tuned on.

use anyhow::{Context as _, Result};
use bilevel::problem;
use bilevel::study::Share;
use bilevel_figure::Format;
use bilevel_files::{Experiment, Table, TableCell, open};

use super::contest::{
    BUDGET, CLOSED, Contest, ContestSize, Reached, TOLERANCES, TunedMethod, best_of, leaders, least,
};
use super::finding::{
    Finding, FindingTable, Picture, Size, count, ends, interval, join_list, number, percent,
    picture, points, settings_text, source_sentence, span, text,
};
use super::learning::{self, Documents};
use super::list::Word;
use super::messages;

/// The paper's three toys, and small problems with one answer, negative curvature on the way to it, several valleys or
/// many answers.
const TOYS: [&str; 8] = [
    "coreset",
    "minimax",
    "degenerate",
    "ls-3-2",
    "pbgd",
    "sinresp",
    "valleys",
    "sine",
];
/// The toys of the reduced size: on one, BOME's relatives are as good; on another, they are not.
const FEW: [&str; 3] = ["coreset", "degenerate", "ls-3-2"];
/// The methods of the comparison; the claim is about the first.
const METHODS: [(&str, &str); 7] = [
    ("bome", "BOME"),
    ("itd", "ITD"),
    ("aid-cg", "AID-CG"),
    ("aid-fp", "AID-FP"),
    ("bsg1", "BSG-1"),
    ("bvfsm", "BVFSM"),
    ("penalty", "Penalty"),
];
const OURS: usize = 0;
/// Index of a solved toy's tolerance: the second, 0.01.
const NEAR: usize = 1;

struct Toy {
    id: &'static str,
    variants: Vec<TunedMethod>,
    /// A row for each start: problem, number, use and point.
    starts: Vec<Vec<TableCell>>,
}

impl Toy {
    fn new(id: &'static str, size: Size) -> Result<Self> {
        let entry = problem::find(id).context(messages::no_toy())?;
        let effort = ContestSize::of(size);
        let contest = Contest::new(entry.instance(), effort)?;
        let variants = contest.variants(&METHODS, &[NEAR])?.concat();
        let starts = contest.starts.iter().enumerate().map(|(place, start)| {
            let is_tuning = place < effort.tuning as usize;
            let levels: Vec<&[f64]> = (1..=start.shape().levels())
                .map(|level| &start[level])
                .collect();
            vec![
                text(id),
                count(place),
                text(if is_tuning { "tuning" } else { "report" }),
                text(serde_json::json!(levels).to_string()),
            ]
        });
        Ok(Self {
            id,
            starts: starts.collect(),
            variants,
        })
    }

    fn leaders(&self) -> Vec<usize> {
        leaders(&self.all(), NEAR)
    }

    fn cheapest(&self) -> Option<usize> {
        least(&self.all(), NEAR, |reached| reached.cost)
    }

    fn all(&self) -> Vec<&TunedMethod> {
        self.variants.iter().collect()
    }

    fn answered(variant: &TunedMethod) -> Share {
        let answered = variant.courses.iter().filter(|one| one.is_answered);
        Share::new(answered.count(), variant.courses.len())
    }

    fn rows(&self) -> impl Iterator<Item = Vec<TableCell>> {
        self.variants.iter().map(|variant| {
            let share = variant.solved(NEAR);
            let mut row = vec![text(self.id), text(variant.label)];
            row.push(count(variant.courses.len()));
            row.extend([share.share, share.low, share.high].map(number));
            row.push(number(Self::answered(variant).share));
            row.extend(interval(variant.median(NEAR, |reached| reached.cost)));
            row.extend(interval(variant.above()));
            row.push(count(variant.perfect));
            row.extend([
                text(ends(&variant.count_outcomes())),
                text(settings_text(&variant.settings)),
            ]);
            row
        })
    }

    /// A row for each other method: the differences of BOME to it.
    fn differences(&self) -> impl Iterator<Item = Vec<TableCell>> {
        let ours = &self.variants[OURS];
        self.variants.iter().skip(1).map(move |other| {
            let mut row = vec![text(self.id), text(other.label)];
            row.extend(interval(ours.ahead_of(other, NEAR)));
            row.extend(interval(ours.ratio_to(other, NEAR, |reached| reached.cost)));
            row
        })
    }
}

/// Measures the claim about practical performance.
pub(super) fn practical(size: Size, documents: Documents) -> Result<(Finding, Table)> {
    let names = size.of(&TOYS[..], &FEW[..]).iter();
    let toys: Vec<Toy> = names.map(|id| Toy::new(id, size)).collect::<Result<_>>()?;
    let mut sentences = verdicts(&toys);
    sentences.extend(learning::sentences(documents)?);
    let finding = Finding {
        id: "practical",
        word: word(&toys),
        sentences,
        sheets: tables(&toys, size),
        pictures: vec![Picture {
            name: "practical.svg".to_owned(),
            caption: "The toy coreset with the settings that the search found: φ above the optimum over the weighted cost."
                .to_owned(),
            bytes: picture(&on_coreset(&toys)?, "race", Format::Svg)?,
        }],
    };
    let paces = toys.iter().flat_map(|toy| {
        let ours = toy.variants[OURS].pace();
        toy.variants.iter().map(move |variant| {
            let ratio = number(variant.pace() / ours);
            vec![text(toy.id), text(variant.label), ratio]
        })
    });
    let times = Table {
        head: vec!["problem", "method", "time of an outer iteration, BOME = 1"],
        rows: paces.collect(),
    };
    Ok((finding, times))
}

fn tables(toys: &[Toy], size: Size) -> Vec<FindingTable> {
    let effort = ContestSize::of(size);
    let table = |head, rows| Table { head, rows };
    vec![
        FindingTable {
            name: "practical-shares",
            caption: format!(
                "The share of {} starts from which each method solves each toy within {BUDGET} weighted calls (values ½, gradients 1, \
                 products 2), with its 95 % interval: at each of eleven looks in the last tenth of them φ is at most {} above the \
                 optimum. The setting is the one of {} that solves most of {} other starts.",
                effort.report, TOLERANCES[NEAR], effort.trials, effort.tuning
            ),
            table: pivot(toys, |variant| text(percent(variant.solved(NEAR)))),
            is_shown: true,
        },
        FindingTable {
            name: "practical-cost",
            caption: "The weighted calls until a solved run is within the tolerance for good, looked at after each tenth more of cost: the \
                      median with its 95 % interval; empty where fewer than six are."
                .to_owned(),
            table: pivot(toys, |variant| {
                let cost = variant.median(NEAR, |reached| reached.cost);
                if cost.high.is_finite() {
                    text(span(cost))
                } else {
                    TableCell::Unknown
                }
            }),
            is_shown: true,
        },
        FindingTable {
            name: "practical-differences",
            caption: "BOME beside each other method from the same starts: its share less the other's, and the median ratio of their \
                      costs over the starts that both solve."
                .to_owned(),
            table: table(
                vec![
                    "problem", "method", "difference", "95 % from", "95 % to", "cost ratio", "ratio 95 % from", "ratio 95 % to",
                ],
                toys.iter().flat_map(Toy::differences).collect(),
            ),
            is_shown: false,
        },
        FindingTable {
            name: "practical",
            caption: "All of it, with the settings that were found; the number of settings that solve every start of the trials says \
                      how much tuning matters."
                .to_owned(),
            table: table(
                vec![
                    "problem",
                    "method",
                    "runs",
                    "solved",
                    "95 % from",
                    "95 % to",
                    "gap closed too",
                    "cost",
                    "cost 95 % from",
                    "cost 95 % to",
                    "phi - phi*",
                    "phi 95 % from",
                    "phi 95 % to",
                    "settings that solve all",
                    "ends",
                    "settings",
                ],
                toys.iter().flat_map(Toy::rows).collect(),
            ),
            is_shown: false,
        },
        FindingTable {
            name: "practical-starts",
            caption: "The starts, level by level.".to_owned(),
            table: table(
                vec!["problem", "start", "use", "point"],
                toys.iter().flat_map(|toy| toy.starts.clone()).collect(),
            ),
            is_shown: false,
        },
    ]
}

/// The preset `equal-effort` with the settings found on its toy.
fn on_coreset(toys: &[Toy]) -> Result<Experiment> {
    let mut preset = open("equal-effort")?;
    let toy = toys.iter().find(|toy| toy.id == "coreset");
    for method in &mut preset.methods {
        let variants = toy.iter().flat_map(|toy| &toy.variants);
        let mut own = variants.filter(|variant| variant.label == method.label);
        if let Some(variant) = own.next() {
            method.settings = variant.settings.clone();
        }
    }
    Ok(preset)
}

/// The verdict: it holds if BOME is among the leaders on every toy, and alone or the cheapest of them on most.
fn word(toys: &[Toy]) -> Word {
    let leads = toys.iter().filter(|toy| toy.leaders().contains(&OURS));
    let excels = leads
        .clone()
        .filter(|toy| toy.leaders() == [OURS] || toy.cheapest() == Some(OURS));
    match (leads.count(), excels.count()) {
        (leads, excels) if leads == toys.len() && 2 * excels > toys.len() => Word::Holds,
        (_, 0) => Word::DoesNotHold,
        _ => Word::HoldsWhen,
    }
}

fn verdicts(toys: &[Toy]) -> Vec<String> {
    let named = |is_so: &dyn Fn(&Toy) -> bool| {
        let found = toys.iter().filter(|toy| is_so(toy));
        let names: Vec<String> = found.map(|toy| format!("`{}`", toy.id)).collect();
        join_list(&names)
    };
    let clauses = [
        (
            "BOME solves more starts than every other method",
            named(&|toy| toy.leaders() == [OURS]),
        ),
        (
            "no method solves more than BOME, and another as many",
            named(&|toy| toy.leaders().contains(&OURS) && toy.leaders() != [OURS]),
        ),
        (
            "another method solves more",
            named(&|toy| !toy.leaders().is_empty() && !toy.leaders().contains(&OURS)),
        ),
        (
            "no method solves any",
            named(&|toy| toy.leaders().is_empty()),
        ),
    ];
    let clauses = clauses
        .iter()
        .map(|(words, toys)| format!("{words} on {toys}"));
    let clauses: Vec<String> = clauses.collect();
    let mut sentences = vec![source_sentence(
        &format!(
            "At equal cost, with equally many trials and by the 95 % intervals of paired differences, {}",
            clauses.join("; ")
        ),
        "practical-differences",
    )];
    sentences.extend(toys.iter().filter_map(against_best));
    let cheapest: Vec<String> = toys.iter().filter_map(cost_of_cheapest).collect();
    sentences.push(source_sentence(
        &format!(
            "Of the methods that no other beats, one needs the fewest weighted calls beyond the intervals of the paired ratios on: {}",
            join_list(&cheapest)
        ),
        "practical-cost",
    ));
    sentences.extend(open_gaps(toys));
    sentences
}

/// Compares BOME with the best of the other methods.
fn against_best(toy: &Toy) -> Option<String> {
    let all = toy.all();
    let (names, best) = best_of(&all[1..], NEAR)?;
    Some(source_sentence(
        &format!(
            "On `{}` BOME solves {}; first of the others: {}, with {}; the difference is {}",
            toy.id,
            percent(all[OURS].solved(NEAR)),
            join_list(&names),
            percent(best.solved(NEAR)),
            points(all[OURS].ahead_of(best, NEAR))
        ),
        "practical-differences",
    ))
}

fn cost_of_cheapest(toy: &Toy) -> Option<String> {
    let cost = |reached: &Reached| reached.cost;
    let cheapest = &toy.variants[toy.cheapest()?];
    Some(format!(
        "`{}`, {} with {}",
        toy.id,
        cheapest.label,
        span(cheapest.median(NEAR, cost))
    ))
}

/// Lists the methods of which clearly fewer runs count if the value gap has to be closed as well: there f alone
/// misleads.
fn open_gaps(toys: &[Toy]) -> Option<String> {
    let of_toy = |toy: &Toy| {
        let open = toy.variants.iter().filter_map(|variant| {
            let (solved, answered) = (variant.solved(NEAR), Toy::answered(variant));
            (answered.high < solved.low).then(|| {
                format!(
                    "{} on `{}`, from {} to {}",
                    variant.label,
                    toy.id,
                    percent(solved),
                    percent(answered)
                )
            })
        });
        open.collect::<Vec<_>>()
    };
    let found: Vec<String> = toys.iter().flat_map(of_toy).collect();
    (!found.is_empty()).then(|| {
        source_sentence(
            &format!(
                "Where the value gap has to be below {CLOSED} as well, fewer runs of these count: {}",
                join_list(&found)
            ),
            "practical",
        )
    })
}

/// A table with a row for each method and a column for each toy.
fn pivot(toys: &[Toy], cell: impl Fn(&TunedMethod) -> TableCell) -> Table {
    let methods = toys.first().map_or(0, |toy| toy.variants.len());
    let row = |place: usize| {
        let label = text(toys[0].variants[place].label);
        let cells = toys.iter().map(|toy| cell(&toy.variants[place]));
        [label].into_iter().chain(cells).collect()
    };
    Table {
        head: ["method"]
            .into_iter()
            .chain(toys.iter().map(|toy| toy.id))
            .collect(),
        rows: (0..methods).map(row).collect(),
    }
}
