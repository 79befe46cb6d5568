//! The claim "complexity": calls per outer iteration as levels and variables grow.

use anyhow::Result;
use bilevel::problem::{OracleCall, ParameterValue};
use bilevel_figure::Format;
use bilevel_files::{Experiment, Table, open};

use super::finding::{
    Finding, FindingTable, Picture, Size, count, join_list, number, picture, source_sentence, text,
};
use super::first_order::{calls, weighed};
use super::list::Word;

/// The number of outer iterations that calls are counted over.
const ITERATIONS: u64 = 10;

/// Labels of the compared methods of a preset, the paper's first.
const COMPARED: [&str; 4] = [
    "Implicit, exact",
    "ITD, T = 1",
    "ITD, T = 10",
    "FD T=10, h=0.1",
];

/// A problem of some size with the weighted calls of each method.
struct SizedProblem {
    what: &'static str,
    size: u32,
    cost: Vec<f64>,
    calls: Vec<[f64; OracleCall::ALL.len()]>,
}

impl SizedProblem {
    /// For each other method, true if the exact one costs less.
    fn won(&self) -> impl Iterator<Item = bool> + '_ {
        let others = self.cost.iter().skip(1);
        others.map(|cost| self.cost[0] < *cost)
    }
}

/// Measures the claim about complexity.
pub(super) fn complexity(size: Size) -> Result<Finding> {
    let (rows, labels) = measured(size)?;
    let won: Vec<bool> = rows.iter().flat_map(SizedProblem::won).collect();
    let (won, all) = (won.iter().filter(|is_so| **is_so).count(), won.len());
    let mut sentences = growths(&rows, &labels);
    sentences.push(source_sentence(
        &format!("The exact method asks for less than another in {won} of {all} comparisons"),
        "complexity",
    ));
    sentences.push(
        "The weights make little of what higher derivatives of more levels cost: times are in [`nested-cost.md`](nested-cost.md)."
            .to_owned(),
    );
    let mut levels = open("four-levels")?;
    levels.iterations = size.of(50, 2);
    levels.methods.truncate(size.of(5, 3));
    Ok(Finding {
        id: "complexity",
        word: match won {
            0 => Word::DoesNotHold,
            some if some == all => Word::Holds,
            _ => Word::HoldsWhen,
        },
        sentences,
        sheets: vec![FindingTable {
            name: "complexity",
            caption: format!(
                "Calls of an outer iteration, the mean over the first {ITERATIONS}, all levels together; weighted: values ½, \
                 gradients 1, products 2, higher derivatives 4. T steps at each level; FD are forward differences."
            ),
            table: table(&rows, &labels),
            is_shown: true,
        }],
        pictures: vec![Picture {
            name: "complexity.svg".to_owned(),
            caption:
                "The preset `four-levels`: beneath each level, how often each method has asked it."
                    .to_owned(),
            bytes: picture(&levels, "levels", Format::Svg)?,
        }],
    })
}

/// Counts the calls on games with more and more players and on a chain of larger and larger blocks; also returns the
/// methods' labels.
fn measured(size: Size) -> Result<(Vec<SizedProblem>, Vec<String>)> {
    let mut rows = Vec::new();
    let mut labels = Vec::new();
    for players in 2..=size.of(4, 3) {
        for (what, demand) in [
            ("players, linear", "linear"),
            ("players, exponential", "exponential"),
        ] {
            let mut experiment = methods_of("four-levels")?;
            let settings = &mut experiment.problem.settings;
            settings.set("players", ParameterValue::Number(f64::from(players)))?;
            settings.set("demand", ParameterValue::Choice(demand.to_owned()))?;
            labels = experiment
                .methods
                .iter()
                .map(|method| method.label.clone())
                .collect();
            rows.push(row(what, players, &experiment)?);
        }
    }
    for dimension in size.of(&[1_u32, 2, 4, 8][..], &[1, 2][..]) {
        let mut experiment = methods_of("four-levels")?;
        let chain = open("chain")?;
        experiment.problem = chain.problem;
        let of_each = ParameterValue::Number(f64::from(*dimension));
        experiment.problem.settings.set("dimension", of_each)?;
        rows.push(row(
            "variables of each of three levels",
            *dimension,
            &experiment,
        )?);
    }
    Ok((rows, labels))
}

/// Describes the growth of the calls, in a sentence for each kind of growth.
fn growths(rows: &[SizedProblem], labels: &[String]) -> Vec<String> {
    let mut sentences = Vec::new();
    for what in [
        "players, linear",
        "players, exponential",
        "variables of each of three levels",
    ] {
        let of_kind: Vec<&SizedProblem> = rows.iter().filter(|row| row.what == what).collect();
        let growth = |place: usize| {
            let costs = of_kind.iter().map(|row| format!("{:.0}", row.cost[place]));
            let costs: Vec<String> = costs.collect();
            format!("{} for {}", costs.join(", "), labels[place])
        };
        let growths: Vec<String> = (0..labels.len()).map(growth).collect();
        let sizes: Vec<String> = of_kind.iter().map(|row| row.size.to_string()).collect();
        sentences.push(source_sentence(
            &format!(
                "With {} {what}, the weighted calls of an outer iteration are {}",
                join_list(&sizes),
                join_list(&growths)
            ),
            "complexity",
        ));
    }
    sentences
}

/// The compared methods, from the problem's own start.
fn methods_of(preset: &str) -> Result<Experiment> {
    let mut experiment = open(preset)?;
    let is_compared = |label: &str| COMPARED.contains(&label);
    experiment
        .methods
        .retain(|method| is_compared(&method.label));
    experiment.starts.clear();
    for method in &mut experiment.methods {
        // small enough to converge with exponential demand as well
        if method.settings.declares("inner_step_size") {
            method
                .settings
                .set("inner_step_size", ParameterValue::Number(0.05))?;
        }
    }
    Ok(experiment)
}

fn row(what: &'static str, size: u32, experiment: &Experiment) -> Result<SizedProblem> {
    let methods = 0..experiment.methods.len();
    let calls: Vec<_> = methods
        .map(|method| calls(experiment, method, ITERATIONS))
        .collect::<Result<_>>()?;
    Ok(SizedProblem {
        what,
        size,
        cost: calls.iter().map(weighed).collect(),
        calls,
    })
}

fn table(rows: &[SizedProblem], labels: &[String]) -> Table {
    let lines = rows.iter().flat_map(|row| {
        labels.iter().enumerate().map(move |(place, label)| {
            let mut line = vec![
                text(row.what),
                count(row.size as usize),
                text(label.clone()),
            ];
            line.extend(row.calls[place].map(number));
            line.push(number(row.cost[place]));
            line
        })
    });
    Table {
        head: vec![
            "what grows",
            "how many",
            "method",
            "values",
            "gradients",
            "Hessian products",
            "mixed products",
            "higher",
            "weighted",
        ],
        rows: lines.collect(),
    }
}
