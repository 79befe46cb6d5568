//! Forks in files: methods that continue another method of the experiment from an iterate on.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{OracleCall, ParameterValue, Problem};
use bilevel::run::{Status, Trace};
use bilevel_files::{
    Experiment, ForkPoint, ProgressReports, RunResult, SurveyOptions, Table, TableCell, children,
    parents, run_all, summary,
};
use rstest::rstest;

/// Two starts, two seeds, a noisy parent and three branches: unchanged, changed, and by another method.
const TREE: &str = "\
iterations = 40
seeds = [3, 4]
starts = [[[0.5, 0.5, 0.5], [0, 0, 0, 0]], \"default\"]
[problem]
id = \"quadratic\"
[[method]]
id = \"stocbio\"
label = \"noisy\"
gradient_noise = 0.1
momentum = 0.5
[[method]]
id = \"stocbio\"
label = \"same\"
from = { run = \"noisy\", k = 17 }
gradient_noise = 0.1
momentum = 0.5
[[method]]
id = \"stocbio\"
label = \"calm\"
from = { run = \"same\", k = 20 }
momentum = 0.5
[[method]]
id = \"bome\"
label = \"other\"
from = { run = \"noisy\", k = 0 }
";

fn read(text: &str) -> Experiment {
    Experiment::read("tree.toml", text).expect("the file is right")
}

fn results(experiment: &Experiment) -> (Arc<dyn Problem>, Vec<RunResult>) {
    let problem = experiment.problem.build();
    let runs = run_all(experiment, &problem, Some(2), ProgressReports::SILENT);
    (problem, runs.expect("it runs"))
}

/// Points of the rows up to an iteration, and their gradient calls.
fn rows(trace: &Trace, until: u64) -> (Vec<f64>, Vec<u64>) {
    let last = trace.row_at(until).expect("a row");
    let points = (0..=last).filter_map(|row| trace.values(row)).flatten();
    let count = |row| trace.count(OracleCall::Grad, 1, row) + trace.count(OracleCall::Grad, 2, row);
    (points.copied().collect(), (0..=last).map(count).collect())
}

#[rstest]
fn branches_continue_every_run_of_their_parent_and_read_back_equal() {
    let experiment = read(TREE);
    let again = read(&experiment.write());
    assert_eq!(again, experiment);
    let (_, runs) = results(&again);
    let runs_of = |slot: usize| runs.iter().filter(move |run| run.key.method == slot);
    assert_eq!(runs.len(), 4 * 4);
    for (parent, same) in runs_of(0).zip(runs_of(1)) {
        assert_eq!(
            (parent.key.start, parent.key.seed),
            (same.key.start, same.key.seed)
        );
        assert_eq!(rows(&parent.trace, 40), rows(&same.trace, 40));
        assert_eq!(parent.counts, same.counts);
    }
    for (parent, calm) in runs_of(0).zip(runs_of(2)) {
        assert_eq!(rows(&parent.trace, 20), rows(&calm.trace, 20));
        assert_ne!(parent.point, calm.point);
        assert_eq!(calm.iterations, 40);
    }
    // from the start, another method is a run of its own
    let alone = read(&TREE.replace("from = { run = \"noisy\", k = 0 }\n", ""));
    let (_, alone) = results(&alone);
    let alone = alone.iter().filter(|run| run.key.method == 3);
    for (branch, alone) in runs_of(3).zip(alone) {
        assert_eq!(rows(&branch.trace, 40), rows(&alone.trace, 40));
    }
}

#[rstest]
fn the_interval_of_recording_does_not_move_a_fork() {
    let sparse = read(&format!("record_every = 9\n{TREE}"));
    let ((_, dense), (_, sparse)) = (results(&read(TREE)), results(&sparse));
    for (dense, sparse) in dense.iter().zip(&sparse) {
        assert_eq!(dense.point, sparse.point);
        assert_eq!(dense.counts, sparse.counts);
    }
}

#[rstest]
#[case("run = \"noise\", k = 17", "no method has the label \"noise\"")]
#[case("run = \"same\", k = 17", "a method cannot continue from itself")]
#[case(
    "run = \"calm\", k = 17",
    "`same` continues from `calm` and `calm` from `same`"
)]
#[case(
    "run = \"noisy\", k = 41",
    "k = 41 is beyond the 40 iterations of every run"
)]
#[case("run = \"noisy\", k = -1", "`k` must be a whole number")]
#[case("run = \"noisy\", k = 1.5", "`k` must be a whole number")]
#[case("run = 5, k = 1", "`run` must be a text in quotes")]
#[case("run = \"noisy\"", "`from` has no `k`")]
#[case("k = 17", "`from` has no `run`")]
#[case("run = \"noisy\", k = 17, at = 3", "unknown key `at`")]
fn a_wrong_fork_is_refused_with_its_line(#[case] fork: &str, #[case] reason: &str) {
    let text = TREE.replacen("run = \"noisy\", k = 17", fork, 1);
    let place = text.lines().position(|line| line.contains(fork));
    let error = Experiment::read("tree.toml", &text).expect_err("the fork is wrong");
    assert!(error.message.contains(reason), "{error}");
    assert_eq!(error.line, place.expect("it is there") + 1, "{error}");
    // nothing that follows from it is reported
    assert!(error.others.is_empty(), "{:?}", error.others);
}

#[rstest]
fn a_fork_must_be_a_table() {
    let text = TREE.replacen("{ run = \"noisy\", k = 17 }", "\"noisy\"", 1);
    let error = Experiment::read("tree.toml", &text).expect_err("it is a text");
    assert!(error.message.contains("`from` must be a table"), "{error}");
}

#[rstest]
fn circles_and_long_chains_are_refused_once() {
    let chain = |count: usize, first: &str| {
        let mut text = "[problem]\nid = 'valleys'\n".to_owned();
        for number in 0..count {
            let from = match number.checked_sub(1) {
                None => first.to_owned(),
                Some(parent) => format!("from = {{ run = 'm{parent}', k = 1 }}\n"),
            };
            let label = format!("label = 'm{number}'\n");
            text.extend(["[[method]]\nid = 'gda'\n", &label, &from]);
        }
        Experiment::read("chain.toml", &text)
    };
    assert!(chain(101, "").is_ok());
    let long = chain(140, "").expect_err("too deep");
    assert!(long.message.contains("more than 100"), "{long}");
    assert!(long.others.is_empty());
    let ring = chain(140, "from = { run = 'm139', k = 1 }\n").expect_err("a circle");
    assert!(ring.message.contains("140 methods"), "{ring}");
    assert!(ring.others.is_empty(), "{:?}", ring.others);
}

#[rstest]
fn a_parent_that_ends_before_the_fork_fails_its_branches() {
    let text = "\
iterations = 60
[problem]
id = \"quadratic\"
[[method]]
id = \"itd\"
label = \"ITD\"
outer_step_size = 1000
[[method]]
id = \"itd\"
label = \"late\"
from = { run = \"ITD\", k = 50 }
";
    let (_, runs) = results(&read(text));
    assert!(matches!(runs[0].status, Status::Diverged(_)));
    let ended = runs[0].iterations;
    assert!(ended < 50);
    let Status::Failed(sentence) = &runs[1].status else {
        panic!("{:?}", runs[1].status);
    };
    let begins = format!("ITD ended after {ended} iterations, before the branch at 50: diverged");
    assert!(sentence.starts_with(&begins), "{sentence}");
}

#[rstest]
fn results_say_what_they_include() {
    let experiment = read(TREE);
    let (problem, runs) = results(&experiment);
    let summary = summary(&experiment, &*problem, &runs);
    assert!(summary["runs"][0]["from"].is_null());
    let from = serde_json::json!({ "run": "noisy", "k": 17 });
    assert_eq!(summary["runs"][4]["from"], from);
    let rows: Vec<_> = runs
        .iter()
        .filter_map(|run| run.outcome_row(None))
        .collect();
    for table in [
        Table::of(&experiment, &rows, None),
        Table::of_methods(&experiment, &rows, None),
    ] {
        assert_eq!(table.head[..2], ["method", "includes"]);
        let cell = |label: &str| {
            let is_own = |row: &&Vec<TableCell>| row[0] == TableCell::Text(label.to_owned());
            table.rows.iter().find(is_own).expect("a row")[1].clone()
        };
        assert_eq!(cell("noisy"), TableCell::Unknown);
        assert_eq!(cell("calm"), TableCell::Text("same up to 20".to_owned()));
    }
    let plain = read(
        &TREE[..TREE
            .find("[[method]]\nid = \"stocbio\"\nlabel = \"same\"")
            .expect("it is there")],
    );
    let (_, runs) = results(&plain);
    let rows: Vec<_> = runs
        .iter()
        .filter_map(|run| run.outcome_row(None))
        .collect();
    assert!(!Table::of(&plain, &rows, None).head.contains(&"includes"));
}

#[rstest]
fn a_survey_makes_the_parents_iterations_in_every_cell_and_tuning_leaves_branches() {
    let experiment = read(TREE);
    let problem = experiment.problem.build();
    let options = SurveyOptions {
        side: 2,
        plane: Some(vec!["x1[1]".to_owned(), "x1[2]".to_owned()]),
        methods: vec!["noisy".to_owned(), "same".to_owned(), "calm".to_owned()],
        ..SurveyOptions::default()
    };
    let plan = experiment.basins(&problem, &options).expect("a survey");
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    let ends: Vec<_> = (0..plan.survey.len())
        .map(|number| {
            let place = plan.survey.place(number);
            let cell = plan.survey.ended(place, &goals, &token);
            cell.expect("it is not cancelled").1
        })
        .collect();
    let each = ends.len() / 3;
    assert_eq!(each, 2 * 4);
    assert_eq!(ends[..each], ends[each..2 * each]);
    for (noisy, calm) in ends[..each].iter().zip(&ends[2 * each..]) {
        assert_ne!(noisy, calm);
    }
    let tunable = experiment.tunable(&problem).expect("it can be tuned");
    let counts: Vec<usize> = tunable.iter().map(Vec::len).collect();
    assert_eq!(counts, [4, 0, 0, 0]);
}

#[rstest]
fn saving_keeps_the_form_of_a_fork() {
    let written = TREE.replacen(
        "from = { run = \"noisy\", k = 17 }",
        "from = {run='noisy',   k = 17} # here",
        1,
    );
    let mut experiment = read(&written);
    experiment.iterations = 50;
    let text = experiment.write_over("tree.toml", &written);
    assert!(
        text.contains("from = {run='noisy',   k = 17} # here"),
        "{text}"
    );
    // a new label is followed, and a new iteration changes its place alone
    experiment.rename(0, "loud");
    let text = experiment.write_over("tree.toml", &written);
    assert_eq!(read(&text), experiment);
    assert!(text.contains("# here"), "{text}");
    assert_eq!(children(&experiment.methods, 0), ["same", "other"]);
    experiment.methods[1].from = Some(ForkPoint {
        run: "loud".to_owned(),
        k: 18,
    });
    assert_eq!(read(&experiment.write_over("tree.toml", &text)), experiment);
    // and a branch that begins at the starts again loses the key
    experiment.methods[1].from = None;
    let text = experiment.write_over("tree.toml", &text);
    assert!(!text.contains("# here"), "{text}");
    assert_eq!(read(&text), experiment);
}

#[rstest]
fn methods_are_kept_with_those_that_they_continue() {
    let experiment = read(TREE);
    let kept = experiment.with_parents(&["calm".to_owned()]);
    assert_eq!(kept, ["noisy", "same", "calm"]);
    let kept = experiment.with_parents(&["noisy".to_owned()]);
    assert_eq!(kept, ["noisy"]);
    let until = |slot: usize| {
        let parents = parents(&experiment.methods, slot).expect("the file is right");
        let parents = parents.iter().map(|parent| (parent.slot, parent.until));
        parents.collect::<Vec<_>>()
    };
    assert_eq!(until(0), []);
    assert_eq!(until(2), [(1, 20), (0, 17)]);
    // it leaves its parent before that has left its own one
    let early = read(&TREE.replace("run = \"same\", k = 20", "run = \"same\", k = 5"));
    let parents = parents(&early.methods, 2).expect("the file is right");
    assert_eq!(
        parents.iter().map(|it| it.until).collect::<Vec<_>>(),
        [5, 5]
    );
    let mut changed = experiment;
    let step = ParameterValue::Number(0.5);
    changed.methods[1]
        .settings
        .set("momentum", step)
        .expect("in range");
    let lineage = |slot| {
        bilevel_files::lineage(&changed.methods, slot)
            .expect("right")
            .len()
    };
    assert_eq!([0, 1, 2, 3].map(lineage), [1, 2, 3, 2]);
}
