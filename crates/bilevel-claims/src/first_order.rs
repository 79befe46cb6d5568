//! The claims "depends only on first-order gradient information" and "no implicit differentiation": the oracle calls of
//! methods, and the results of Hessian-inverting methods on problems with a singular Hessian.

use anyhow::Result;
use bilevel::numerics::WorkToken;
use bilevel::problem::OracleCall;
use bilevel::run::{Budget, Run, WEIGHTS};
use bilevel::study::{OutcomeCounts, Verdict};
use bilevel_figure::Format;
use bilevel_files::{Experiment, Table, TableCell, open, presets, shares_table};

use super::finding::{
    Finding, FindingTable, Picture, Size, ends, join_list, number, percent, picture,
    source_sentence, text,
};
use super::list::Word;
use super::messages;
use super::survey::surveyed_ends;

/// Calls of each kind per outer iteration.
type Calls = [f64; OracleCall::ALL.len()];

/// Indices of the kinds of calls for second and higher derivatives.
const PRODUCTS: [usize; 3] = [2, 3, 4];

/// Counts the calls of a method's first run, per outer iteration, over a number of iterations.
pub(super) fn calls(experiment: &Experiment, method: usize, iterations: u64) -> Result<Calls> {
    let problem = experiment.problem.build();
    let Some((_, spec)) = experiment.runs_of(method, &problem)?.into_iter().next() else {
        return Ok([0.0; OracleCall::ALL.len()]);
    };
    let mut run = Run::new(spec, WorkToken::default());
    run.advance(Budget::Iterations(iterations));
    let done = run.iteration().max(1) as f64;
    Ok(OracleCall::ALL.map(|call| run.counts().total(call) as f64 / done))
}

/// The weighted sum of the calls.
pub(super) fn weighed(calls: &Calls) -> f64 {
    calls
        .iter()
        .zip(WEIGHTS)
        .map(|(n, weight)| n * weight)
        .sum()
}

fn products(calls: &Calls) -> f64 {
    PRODUCTS.iter().map(|&kind| calls[kind]).sum()
}

/// Measures the claim about first-order information.
pub(super) fn first_order(size: Size) -> Result<Finding> {
    let iterations = size.of(50, 10);
    let preset = open("first-order")?;
    let mut rows = Vec::new();
    let mut without = Vec::new();
    let mut of_bome = [0.0; OracleCall::ALL.len()];
    for (place, method) in preset.methods.iter().enumerate() {
        let calls = calls(&preset, place, iterations)?;
        if method.entry.id == "bome" {
            of_bome = calls;
        } else if products(&calls) == 0.0 {
            without.push(method.label.clone());
        }
        let mut row = vec![text(method.label.clone())];
        row.extend(calls.map(number));
        row.push(number(weighed(&calls)));
        rows.push(row);
    }
    let everywhere = everywhere(iterations)?;
    let asked: f64 = everywhere.iter().map(|(_, _, calls)| products(calls)).sum();
    let presets = {
        let mut names: Vec<&str> = everywhere.iter().map(|(name, ..)| *name).collect();
        names.dedup();
        names.len()
    };
    let sentences = vec![
        source_sentence(
            &format!(
                "In an outer iteration with *T* = 10, BOME asks for {} gradients, {} values and {} products of second derivatives",
                of_bome[1],
                of_bome[0],
                products(&of_bome)
            ),
            "first-order",
        ),
        source_sentence(
            &format!(
                "In all {presets} presets of small problems that run it, {} settings in all, it asks for {asked} such products",
                everywhere.len()
            ),
            "first-order-presets",
        ),
        source_sentence(
            &format!(
                "It is not alone: {} ask for none either",
                join_list(&without)
            ),
            "first-order",
        ),
    ];
    Ok(Finding {
        id: "first-order",
        word: if asked == 0.0 && products(&of_bome) == 0.0 {
            Word::Holds
        } else {
            Word::DoesNotHold
        },
        sentences,
        sheets: tables(rows, &everywhere, iterations),
        pictures: Vec::new(),
    })
}

/// The table of all methods' calls, and that of every BOME of every preset.
fn tables(
    rows: Vec<Vec<TableCell>>,
    everywhere: &[(&'static str, String, Calls)],
    iterations: u64,
) -> Vec<FindingTable> {
    let head = [
        "method",
        "values",
        "gradients",
        "Hessian products",
        "mixed products",
        "higher",
        "weighted",
    ];
    let counts = Table {
        head: head.to_vec(),
        rows,
    };
    vec![
        FindingTable {
            name: "first-order",
            caption: format!(
                "Calls in an outer iteration, the mean over the first {iterations}; all levels together."
            ),
            table: counts,
            is_shown: true,
        },
        FindingTable {
            name: "first-order-presets",
            caption: "The same for BOME in every preset that runs it.".to_owned(),
            table: presets_table(everywhere),
            is_shown: false,
        },
    ]
}

/// The calls of every BOME in every preset of small problems, each with preset and label.
fn everywhere(iterations: u64) -> Result<Vec<(&'static str, String, Calls)>> {
    let mut found = Vec::new();
    for preset in presets::registered().small {
        let experiment = preset.read()?;
        for (place, method) in experiment.methods.iter().enumerate() {
            if method.entry.id == "bome" {
                let calls = calls(&experiment, place, iterations)?;
                found.push((preset.name, method.label.clone(), calls));
            }
        }
    }
    Ok(found)
}

fn presets_table(everywhere: &[(&'static str, String, Calls)]) -> Table {
    let row = |(name, label, calls): &(&'static str, String, Calls)| {
        let kinds = [calls[0], calls[1], products(calls)].map(number);
        [text(*name), text(label.clone())]
            .into_iter()
            .chain(kinds)
            .collect()
    };
    Table {
        head: vec!["preset", "method", "values", "gradients", "products"],
        rows: everywhere.iter().map(row).collect(),
    }
}

/// Measures the claim about implicit differentiation.
pub(super) fn no_implicit(size: Size) -> Result<Finding> {
    let mut sentences = Vec::new();
    let mut surveyed = Vec::new();
    let mut is_so = true;
    for name in ["degenerate", "minimax"] {
        let mut experiment = open(name)?;
        experiment.iterations = size.of(2000, 500);
        let found = surveyed_ends(&experiment, size.of(8, 3))?;
        surveyed.push((name, found.clone()));
        let of = |label: &str| found.iter().find(|(own, _)| own == label);
        let (Some((_, bome)), Some((_, aid))) = (of("BOME"), of("AID-CG")) else {
            anyhow::bail!(messages::neither_method(name));
        };
        let reached = bome.share(Verdict::Global);
        // starting at the optimum is no merit of a method that cannot move
        is_so &= reached.share > 0.9 && reached.low > aid.share(Verdict::Global).high;
        sentences.push(source_sentence(
            &format!(
                "On `{name}`, whose follower has a singular Hessian, BOME ends at the optimum from {} of {} starts; AID-CG, \
                 which has to solve a system with it, ends so: {}",
                percent(reached),
                bome.total(),
                ends(aid)
            ),
            "no-implicit",
        ));
    }
    let preset = open("degenerate")?;
    let calls = calls(&preset, 0, size.of(50, 10))?;
    is_so &= products(&calls) == 0.0;
    Ok(Finding {
        id: "no-implicit",
        word: if is_so { Word::Holds } else { Word::HoldsWhen },
        sentences,
        sheets: vec![FindingTable {
            name: "no-implicit",
            caption: "Shares of all ends over a grid of starts; `diverged` includes methods that gave up with a reason.".to_owned(),
            table: of_presets(&surveyed),
            is_shown: true,
        }],
        pictures: vec![Picture {
            name: "no-implicit.svg".to_owned(),
            caption: "The preset `degenerate`: the distance to the optimum, and the value gap.".to_owned(),
            bytes: picture(&preset, "race", Format::Svg)?,
        }],
    })
}

/// The counts keyed by label, as the table of shares expects them.
fn keyed(found: &[(String, OutcomeCounts)]) -> Vec<(Vec<String>, OutcomeCounts)> {
    let key = |(label, tally): &(String, OutcomeCounts)| (vec![label.clone()], tally.clone());
    found.iter().map(key).collect()
}

/// The shares of several presets in one table, with every column that at least one of them needs.
pub(super) fn of_presets(surveyed: &[(&str, Vec<(String, OutcomeCounts)>)]) -> Table {
    let entries: Vec<_> = surveyed
        .iter()
        .flat_map(|(_, found)| keyed(found))
        .collect();
    let names = surveyed
        .iter()
        .flat_map(|(name, found)| found.iter().map(move |_| *name));
    let table = shares_table(&entries);
    let rows = table.rows.into_iter().zip(names).map(|(row, name)| {
        let first = [text(name)];
        first.into_iter().chain(row).collect()
    });
    Table {
        rows: rows.collect(),
        head: ["preset"].into_iter().chain(table.head).collect(),
    }
}
