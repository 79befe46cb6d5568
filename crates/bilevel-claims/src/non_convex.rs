//! The claim "non-convex": final states of BOME from all starts of a grid, on followers and reduced objectives that are
//! less and less convex.

use anyhow::Result;
use bilevel::problem::ParameterValue;
use bilevel::study::{OutcomeCounts, Share, Verdict};
use bilevel_figure::Format;
use bilevel_files::{Experiment, Table, open};

use super::finding::{
    Finding, FindingTable, Picture, Size, count, ends, number, percent, picture, source_sentence,
    text,
};
use super::list::Word;
use super::survey::surveyed_ends;

/// Presets with something non-convex, a description of it, and BOME's number of inner steps.
const CASES: [(&str, &str, u32); 7] = [
    (
        "pbgd-atlas",
        "one answer, negative curvature on the way to it",
        10,
    ),
    (
        "pbgd-atlas",
        "one answer, negative curvature on the way to it",
        40,
    ),
    (
        "valleys",
        "a convex follower, a leader with five valleys",
        10,
    ),
    (
        "valleys",
        "a convex follower, a leader with five valleys",
        40,
    ),
    ("sine", "infinitely many answers that are equally good", 10),
    ("mirrlees-atlas", "an answer that jumps at the optimum", 10),
    ("cusp-jump", "an answer that jumps at the optimum", 10),
];
/// The share of ends at minima of φ in a solved case; the lower end of its interval counts.
const SURE: f64 = 0.9;
/// Outer iterations; inner steps are left as they are, and more of them mean more work for the follower.
const ITERATIONS: u64 = 2000;

struct Case {
    name: &'static str,
    what: &'static str,
    inner_steps: u32,
    tally: OutcomeCounts,
    /// The share of ends at minima of φ, the best one or not.
    at_minima: Share,
}

/// Measures the claim about non-convex problems.
pub(super) fn non_convex(size: Size) -> Result<Finding> {
    let mut cases = Vec::new();
    for (name, what, inner_steps) in CASES {
        let mut experiment = bome_of(name)?;
        let steps = ParameterValue::Number(f64::from(inner_steps));
        experiment.methods[0].settings.set("inner_steps", steps)?;
        experiment.iterations = ITERATIONS;
        let found = surveyed_ends(&experiment, size.of(24, 8))?;
        let Some((_, tally)) = found.into_iter().next() else {
            continue;
        };
        let minima = [Verdict::Global, Verdict::Local, Verdict::Boundary];
        let at_minima: usize = minima.map(|one| tally.count(one)).iter().sum();
        cases.push(Case {
            name,
            what,
            inner_steps,
            at_minima: Share::new(at_minima, tally.total()),
            tally,
        });
    }
    let solved = cases.iter().filter(|case| case.at_minima.low >= SURE);
    let word = match solved.count() {
        0 => Word::DoesNotHold,
        some if some == cases.len() => Word::Holds,
        _ => Word::HoldsWhen,
    };
    let sentence = |case: &Case| {
        source_sentence(
            &format!(
                "On `{}` ({}) with *T* = {}, {} of {} starts lead to a minimum of φ and {} to its global one; all ends: {}",
                case.name,
                case.what,
                case.inner_steps,
                percent(case.at_minima),
                case.tally.total(),
                percent(case.tally.share(Verdict::Global)),
                ends(&case.tally)
            ),
            "non-convex",
        )
    };
    let mut atlas = open("pbgd-atlas")?;
    atlas.view.grid = Some(size.of(32, 4));
    atlas.iterations = size.of(atlas.iterations, 100);
    Ok(Finding {
        id: "non-convex",
        word,
        sentences: cases.iter().map(sentence).collect(),
        sheets: vec![FindingTable {
            name: "non-convex",
            caption: "Where BOME ends; `at minima` are global, local and boundary together, with a 95 % interval.".to_owned(),
            table: table(&cases),
            is_shown: true,
        }],
        pictures: vec![Picture {
            name: "non-convex.svg".to_owned(),
            caption: "The preset `pbgd-atlas`: the hue says which minimum a start leads to, hatches that it leads to none.".to_owned(),
            bytes: picture(&atlas, "atlas", Format::Svg)?,
        }],
    })
}

/// A preset with its first BOME alone.
fn bome_of(name: &str) -> Result<Experiment> {
    let mut experiment = open(name)?;
    experiment
        .methods
        .retain(|method| method.entry.id == "bome");
    experiment.methods.truncate(1);
    Ok(experiment)
}

fn table(cases: &[Case]) -> Table {
    let tallies: Vec<&OutcomeCounts> = cases.iter().map(|case| &case.tally).collect();
    let words = OutcomeCounts::words(&tallies);
    let row = |case: &Case| {
        let Share { share, low, high } = case.at_minima;
        let mut row = vec![
            text(case.name),
            count(case.inner_steps as usize),
            count(case.tally.total()),
        ];
        row.extend([share, low, high].map(number));
        row.extend(words.iter().map(|one| count(case.tally.count(*one))));
        row
    };
    let mut head = vec![
        "preset",
        "inner steps",
        "runs",
        "at minima",
        "95 % from",
        "95 % to",
    ];
    head.extend(words.iter().map(|one| one.word()));
    Table {
        head,
        rows: cases.iter().map(row).collect(),
    }
}
