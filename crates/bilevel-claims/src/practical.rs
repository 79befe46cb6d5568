//! "Superior practical performance": every method of the comparison on every toy, after the same tuning effort, from starts that
//! it was not tuned on.

use anyhow::{Context as _, Result};
use bilevel::problem::{self, Settings};
use bilevel::study::{Effort, Share};
use bilevel_figure::Format;
use bilevel_figure::View;
use bilevel_files::{Cell, Experiment, ProblemSpec, Table, ViewSpec, open};

use super::finding::{
    Finding, Picture, Sheet, Size, count, ends, listed, number, percent, picture, shown_in, text,
};
use super::learning::{self, Documents};
use super::list::Word;
use super::racing::{CLOSED, Entrant, entrants, from_starts, grid, tuned};

/// The paper's three toys, and small problems of others: one answer, negative curvature on the way to it, several valleys, many
/// answers.
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
/// Those of the reduced size: one where relatives are as good, one where they are not.
const FEW: [&str; 3] = ["coreset", "degenerate", "ls-3-2"];
/// A run has solved a toy where the leader's choice is worth the optimum but for this, as the search over steps judges; whether the
/// follower has answered by then is told beside it.
const NEAR: f64 = 0.01;
/// The method that the claim is about.
const OURS: usize = 0;

/// What came of one toy.
struct Toy {
    id: &'static str,
    entrants: Vec<Entrant>,
    /// How many solved it, and the median of what that cost.
    solved: Vec<(Share, f64)>,
    /// How many solved it with the value gap closed.
    answered: Vec<Share>,
}

impl Toy {
    fn new(id: &'static str, entrants: Vec<Entrant>) -> Self {
        let of = |entrant: &Entrant| {
            let (solved, [_, cost]) = entrant.within(NEAR, false);
            (Share::new(solved, entrant.courses.len()), cost)
        };
        let answered = |entrant: &Entrant| {
            let (answered, _) = entrant.within(NEAR, true);
            Share::new(answered, entrant.courses.len())
        };
        let solved = entrants.iter().map(of).collect();
        let answered = entrants.iter().map(answered).collect();
        Self {
            id,
            entrants,
            solved,
            answered,
        }
    }

    /// The methods that no other beats beyond chance; none where nobody solves anything.
    fn leaders(&self) -> Vec<usize> {
        let surest = self.solved.iter().map(|(share, _)| share.low);
        let surest = surest.fold(0.0, f64::max);
        let is_leader = |place: &usize| {
            let share = self.solved[*place].0;
            share.share > 0.0 && share.high >= surest
        };
        (0..self.solved.len()).filter(is_leader).collect()
    }

    /// The cheapest of the leaders.
    fn cheapest(&self) -> Option<usize> {
        let by_cost = |a: &usize, b: &usize| self.solved[*a].1.total_cmp(&self.solved[*b].1);
        self.leaders().into_iter().min_by(by_cost)
    }

    fn rows(&self, tuned: &Experiment) -> Vec<Vec<Cell>> {
        let numbered = self.entrants.iter().enumerate();
        let row = |(place, entrant): (usize, &Entrant)| {
            let (share, cost) = self.solved[place];
            let settings = &tuned.methods[place].settings;
            let steps: Vec<String> = ["outer_step_size", "inner_step_size"]
                .into_iter()
                .filter(|name| settings.declares(name))
                .map(|name| settings.value(name).to_string())
                .collect();
            let mut row = vec![text(self.id), text(entrant.label.clone())];
            row.push(count(entrant.courses.len()));
            row.extend([share.share, share.low, share.high].map(number));
            let answered = self.answered[place].share;
            row.extend([number(answered), number(cost), number(entrant.above())]);
            row.extend([text(ends(&entrant.tally())), text(steps.join(", "))]);
            row
        };
        numbered.map(row).collect()
    }
}

/// Better than its relatives?
pub(super) fn practical(size: Size, documents: Documents) -> Result<(Finding, Table)> {
    let preset = open("equal-effort")?;
    let names = size.of(&TOYS[..], &FEW[..]);
    let mut toys = Vec::new();
    let (mut rows, mut paces) = (Vec::new(), Vec::new());
    let mut on_coreset = preset.clone();
    for &id in names {
        let (toy, tuned) = on_toy(&preset, id, size)?;
        rows.extend(toy.rows(&tuned));
        let ours = toy.entrants[OURS].pace();
        paces.extend(toy.entrants.iter().map(|entrant| {
            let ratio = number(entrant.pace() / ours);
            vec![text(id), text(entrant.label.clone()), ratio]
        }));
        if id == "coreset" {
            on_coreset.methods.clone_from(&tuned.methods);
        }
        toys.push(toy);
    }
    let head = vec![
        "problem",
        "method",
        "runs",
        "solved",
        "95 % from",
        "95 % to",
        "gap closed too",
        "cost",
        "phi - phi*",
        "ends",
        "steps",
    ];
    let mut sentences = verdicts(&toys);
    sentences.extend(learning::sentences(documents)?);
    let finding = Finding {
        id: "practical",
        word: word(&toys),
        sentences,
        sheets: vec![
            Sheet {
                name: "practical-shares",
                caption: "The share of starts from which each method, tuned, solves each toy: from some iteration on, the leader's \
                          choice is worth the optimum but for 0.01.".to_owned(),
                table: shares(&toys),
                is_shown: true,
            },
            Sheet {
                name: "practical-cost",
                caption: "The median of the weighted calls until then (values ½, gradients 1, products 2); empty \
                          where none gets there.".to_owned(),
                table: costs(&toys),
                is_shown: true,
            },
            Sheet {
                name: "practical",
                caption: "All of it, with intervals, ends and the steps that were found.".to_owned(),
                table: Table { head, rows },
                is_shown: false,
            },
        ],
        pictures: vec![Picture {
            name: "practical.svg".to_owned(),
            caption: "The toy coreset with the steps that the search found: φ above the optimum over the weighted cost.".to_owned(),
            bytes: picture(&on_coreset, View::Race, Format::Svg)?,
        }],
    };
    let times = Table {
        head: vec!["problem", "method", "time of an outer iteration, BOME = 1"],
        rows: paces,
    };
    Ok((finding, times))
}

/// All methods on a toy, and the experiment with the steps that were found.
fn on_toy(preset: &Experiment, id: &'static str, size: Size) -> Result<(Toy, Experiment)> {
    let entry = problem::find(id).context("a toy is missing")?;
    let experiment = Experiment {
        problem: ProblemSpec {
            entry,
            settings: Settings::new(entry.parameters),
        },
        starts: Vec::new(),
        iterations: size.of(1000, 300),
        view: ViewSpec::default(),
        ..preset.clone()
    };
    let problem = experiment.problem.build();
    let side = size.of(8, 4);
    let grid = grid(&experiment, &*problem, side);
    // four starts in the middle of the quarters are for tuning, all others for the comparison
    let ends = [side / 4, side - 1 - side / 4];
    let is_for_tuning =
        |cell: &usize| ends.contains(&(cell % side)) && ends.contains(&(cell / side));
    let all = 0..grid.len();
    let some = from_starts(&experiment, &grid, all.clone().filter(is_for_tuning));
    let effort = size.of(Effort::TwentyFive, Effort::Nine);
    let tuned = tuned(&some, &problem, effort)?;
    let rest = from_starts(&tuned, &grid, all.filter(|cell| !is_for_tuning(cell)));
    let toy = Toy::new(id, entrants(&rest, &problem)?);
    Ok((toy, tuned))
}

/// Where BOME is among the leaders, and where it is alone or the cheapest of them.
fn word(toys: &[Toy]) -> Word {
    let leads = toys.iter().filter(|toy| toy.leaders().contains(&OURS));
    let excels = leads.clone().filter(|toy| toy.cheapest() == Some(OURS));
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
        listed(&names)
    };
    let alone = named(&|toy| toy.leaders() == [OURS]);
    let among = named(&|toy| toy.leaders().contains(&OURS) && toy.leaders() != [OURS]);
    let behind = named(&|toy| !toy.leaders().is_empty() && !toy.leaders().contains(&OURS));
    let nobody = named(&|toy| toy.leaders().is_empty());
    let cheapest: Vec<String> = toys
        .iter()
        .filter_map(|toy| {
            let place = toy.cheapest()?;
            Some(format!("{} on `{}`", toy.entrants[place].label, toy.id))
        })
        .collect();
    let mut sentences = vec![
        shown_in(
            &format!(
                "After the same search over step sizes, BOME solves more starts than every other method, beyond the 95 % \
                 intervals, on: {alone}; as many as the best on: {among}; fewer on: {behind}; on {nobody} no method solves any"
            ),
            "practical-shares",
        ),
        shown_in(
            &format!(
                "Of those that solve as many as the best, the fewest weighted calls are needed by {}",
                listed(&cheapest)
            ),
            "practical-cost",
        ),
    ];
    sentences.extend(open_gaps(toys));
    sentences.extend(
        toys.iter()
            .filter(|toy| toy.leaders() == [OURS])
            .map(|toy| {
                let others = toy.solved.iter().skip(1);
                let best = others.max_by(|a, b| a.0.share.total_cmp(&b.0.share));
                shown_in(
                    &format!(
                        "On `{}` BOME solves {}, the next best {}",
                        toy.id,
                        percent(toy.solved[OURS].0),
                        best.map_or_else(String::new, |(share, _)| percent(*share))
                    ),
                    "practical",
                )
            }),
    );
    sentences
}

/// Where the leader is right and the follower has not answered: there a report of f alone misleads.
fn open_gaps(toys: &[Toy]) -> Option<String> {
    let of_toy = |toy: &Toy| {
        let pairs = toy.solved.iter().zip(&toy.answered).zip(&toy.entrants);
        let open = pairs.filter(|(((solved, _), answered), _)| answered.high < solved.low);
        let open = open.map(|(((solved, _), answered), entrant)| {
            let [solved, answered] = [solved, answered].map(|one| 100.0 * one.share);
            format!(
                "{} on `{}` ({solved:.0} to {answered:.0} %)",
                entrant.label, toy.id
            )
        });
        open.collect::<Vec<_>>()
    };
    let found: Vec<String> = toys.iter().flat_map(of_toy).collect();
    (!found.is_empty()).then(|| {
        shown_in(
            &format!(
                "Where the value gap has to be below {CLOSED} as well, fewer runs of these count: {}",
                listed(&found)
            ),
            "practical",
        )
    })
}

fn shares(toys: &[Toy]) -> Table {
    pivot(toys, |(share, _)| {
        text(format!("{:.0} %", 100.0 * share.share))
    })
}

fn costs(toys: &[Toy]) -> Table {
    pivot(toys, |(_, cost)| number(*cost))
}

/// A row for each method, a column for each toy.
fn pivot(toys: &[Toy], cell: impl Fn(&(Share, f64)) -> Cell) -> Table {
    let methods = toys.first().map_or(0, |toy| toy.entrants.len());
    let row = |place: usize| {
        let label = text(toys[0].entrants[place].label.clone());
        let cells = toys.iter().map(|toy| cell(&toy.solved[place]));
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
