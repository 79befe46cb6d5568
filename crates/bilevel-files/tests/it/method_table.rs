//! The table of methods: statistics over runs against values computed by hand.

use bilevel::problem::{Metadata, OracleCall, find};
use bilevel::run::{Judgement, Recording, Trace, TraceRows};
use bilevel::study::{RunCost, Verdict};
use bilevel_files::{Experiment, OutcomeRow, RunKey, Table, TableCell};
use rstest::rstest;

const FILE: &str = "seeds = [0, 1, 2, 3]\n[problem]\nid = 'valleys'\n[[method]]\nid = 'bome'\n[[method]]\nid = 'itd'\n";

/// A trace of one row: f and φ above the optimum, the gap, and as many gradients of the leader.
fn trace(metadata: &Metadata, above: f64, gap: f64, gradients: u64) -> Trace {
    let mut trace = Trace::new(metadata, Recording::NO_POINTS);
    let optimum = metadata.optimum().expect("it is known");
    let levels = metadata.shape().levels();
    let mut counts = vec![0; levels * OracleCall::ALL.len()];
    counts[OracleCall::Grad as usize * levels] = gradients;
    trace.extend(&TraceRows {
        iterations: vec![10],
        time: vec![0.0],
        objectives: vec![optimum + above; levels],
        counts,
        ..TraceRows::default()
    });
    trace.judge(&[Judgement {
        gap,
        reduced: optimum + above,
        distance: 0.0,
        largest: gap,
        share: gap,
        level: 2,
    }]);
    trace
}

fn cell<'a>(table: &'a Table, method: usize, name: &str) -> &'a TableCell {
    let column = table.head.iter().position(|head| *head == name);
    &table.rows[method][column.unwrap_or_else(|| panic!("no column {name}"))]
}

fn number(table: &Table, method: usize, name: &str) -> f64 {
    match cell(table, method, name) {
        TableCell::Number(number) => *number,
        other => panic!("{name} is {other:?}"),
    }
}

#[rstest]
fn a_row_has_medians_the_middle_half_and_the_ends_of_all_runs() {
    let experiment = Experiment::read("a.toml", FILE).expect("it is right");
    let problem = find("valleys").expect("it ships").instance();
    let metadata = problem.metadata();
    // φ above the optimum: 1, 2, 4, 8 for the first method; 0, 3 and two runs without a place for the second
    let runs = [
        (0, 1.0, 0.0, "budget", Some(Verdict::Global)),
        (0, 4.0, 0.0, "budget", Some(Verdict::Local)),
        (0, 8.0, 0.0, "budget", Some(Verdict::Moving)),
        (0, 2.0, 0.0, "converged", Some(Verdict::Global)),
        (1, 0.0, 0.0, "converged", Some(Verdict::Global)),
        (1, 3.0, 0.0, "budget", Some(Verdict::Moving)),
        (1, 0.5, 0.0, "diverged", Some(Verdict::Diverged)),
        (1, 1.0, 0.5, "budget", Some(Verdict::Moving)),
    ];
    let traces: Vec<Trace> = runs
        .iter()
        .enumerate()
        .map(|(number, run)| trace(metadata, run.1, run.2, 10 * number as u64))
        .collect();
    let outcome = |(number, run): (usize, &(usize, f64, f64, &'static str, Option<Verdict>))| {
        let (method, _, _, status, end) = *run;
        OutcomeRow {
            key: RunKey {
                method,
                start: 0,
                seed: number as u64 % 4,
            },
            trace: &traces[number],
            row: 0,
            status,
            end,
            finish: (number < 3).then_some(0),
        }
    };
    let outcomes: Vec<OutcomeRow<'_>> = runs.iter().enumerate().map(outcome).collect();
    let table = Table::of_methods(&experiment, &outcomes, Some(RunCost::Iterations));
    assert_eq!(table.rows.len(), 2);
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found}");
    close(number(&table, 0, "median phi - phi*"), 3.0);
    close(number(&table, 0, "IQR"), 3.25);
    close(number(&table, 0, "median gradients"), 15.0);
    close(number(&table, 0, "median finish"), 10.0);
    // the diverged run counts as infinite: the middle of 0, 1, 3 and infinity
    close(number(&table, 1, "median phi - phi*"), 2.0);
    assert_eq!(number(&table, 1, "IQR"), f64::INFINITY);
    let share = |count| TableCell::Share { count, of: 4 };
    assert_eq!(*cell(&table, 0, "solved"), share(2));
    assert_eq!(*cell(&table, 0, "failed"), share(0));
    assert_eq!(*cell(&table, 0, "reached"), share(3));
    assert_eq!(*cell(&table, 1, "solved"), share(1));
    assert_eq!(*cell(&table, 1, "failed"), share(1));
    // half of the second method's runs have no place, so it has none
    assert_eq!(*cell(&table, 0, "place"), TableCell::Count(1));
    assert_eq!(*cell(&table, 1, "place"), TableCell::Unknown);
    assert!(table.markdown().contains("| 2 of 4 |"));
    let csv = table.csv().expect("text");
    assert!(csv.starts_with("method,runs,solved,failed,place,median phi - phi*,IQR,reached,"));
    assert!(
        csv.contains("\nBOME,4,0.5,0.0,1,") || csv.contains("\nbome,4,0.5,0.0,1,"),
        "{csv}"
    );
}

#[rstest]
fn metrics_of_the_problem_are_the_last_columns() {
    let text = FILE
        .replace("'valleys'", "'stackelberg'")
        .replace("'bome'", "'itd'");
    let experiment = Experiment::read("a.toml", &text).expect("it is right");
    let problem = find("stackelberg").expect("it ships").instance();
    let metadata = problem.metadata();
    let mut one = Trace::new(metadata, Recording::NO_POINTS);
    one.extend(&TraceRows {
        iterations: vec![0],
        time: vec![0.0],
        objectives: vec![1.0; metadata.shape().levels()],
        counts: vec![0; metadata.shape().levels() * OracleCall::ALL.len()],
        metrics: vec![0.25],
        ..TraceRows::default()
    });
    let outcomes = [OutcomeRow {
        key: RunKey {
            method: 0,
            start: 0,
            seed: 0,
        },
        trace: &one,
        row: 0,
        status: "running",
        end: None,
        finish: None,
    }];
    let methods = Table::of_methods(&experiment, &outcomes, None);
    assert_eq!(methods.head.last(), Some(&"mse"));
    assert_eq!(methods.rows[0].last(), Some(&TableCell::Number(0.25)));
    let mut runs = Table::of(&experiment, &outcomes, None);
    assert_eq!(runs.head.last(), Some(&"values"));
    runs.add_metrics(&outcomes);
    assert_eq!(runs.head.last(), Some(&"mse"));
    assert_eq!(runs.rows[0].last(), Some(&TableCell::Number(0.25)));
}

#[rstest]
fn tables_of_all_presets_are_made_of_the_characters_of_latex() {
    for preset in crate::presets::all() {
        let experiment = preset.read().expect("the preset is right");
        let labels = experiment
            .methods
            .iter()
            .map(|one| vec![TableCell::Text(one.label.clone())]);
        let table = Table {
            head: vec!["method"],
            rows: labels.collect(),
        };
        let text = table.latex();
        let commands = text.matches('$').count();
        assert!(text.is_ascii() && commands.is_multiple_of(2), "{text}");
    }
    let pbgd = crate::presets::open("pbgd");
    let label = &pbgd.methods[4].label;
    assert!(!label.is_ascii(), "{label}");
}
