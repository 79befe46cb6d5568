//! Continual learning: derivatives on small instances, the order of tasks, the metrics during a run, and messages about
//! invalid settings.

use std::sync::Arc;
use std::time::Duration;

use approx::assert_relative_eq;
use bilevel::data::{Data, DataSet};
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{self, Matrix, ParameterValue, Problem, Settings, Visual};
use bilevel::run::{Budget, Run, Status, Trace, TraceColumn};
use bilevel_files::Experiment;
use rstest::rstest;

use crate::oracles::{assert_blocks, assert_gradients, assert_products};
use crate::presets::open;

/// An IDX file of bytes with these sizes.
fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    for size in sizes {
        file.extend(size.to_be_bytes());
    }
    file.extend(bytes);
    file
}

fn set(settings: &mut Settings, numbers: &[(&str, f64)]) {
    for (name, number) in numbers {
        settings
            .set(name, ParameterValue::Number(*number))
            .expect("in range");
    }
}

/// A problem with three tasks of eight images of 2 × 2 pixels, of which four are kept and one of these is for
/// validation, and three hidden units.
fn small(prefixes: &[&str]) -> Arc<dyn Problem> {
    let folder = tempfile::tempdir().expect("a folder");
    let pixels: Vec<u8> = (0..80)
        .map(|i| if i % 3 == 0 { 0 } else { (i * 37 % 256) as u8 })
        .collect();
    let labels: Vec<u8> = (0..20).map(|i| (i * 7 % 10) as u8).collect();
    let files = [
        ("images-idx3", idx(&[20, 2, 2], &pixels)),
        ("labels-idx1", idx(&[20], &labels)),
    ];
    for (name, file) in files {
        for prefix in prefixes {
            let path = folder.path().join(format!("{prefix}-{name}-ubyte"));
            std::fs::write(path, &file).expect("a file is written");
        }
    }
    let read = DataSet::read(&folder.path().to_string_lossy()).expect("the set is right");
    let entry = problem::find("continual").expect("it ships");
    let mut settings = Settings::new(entry.parameters);
    let data = ParameterValue::Data(Data::Images(Arc::new(read)));
    settings.set("data", data).expect("a set is data");
    let numbers = [
        ("tasks", 3.0),
        ("train", 8.0),
        ("test", 5.0),
        ("batch", 3.0),
        ("updates", 1.0),
        ("memory", 4.0),
        ("validation", 1.0),
        ("replay", 4.0),
        ("hidden", 3.0),
    ];
    set(&mut settings, &numbers);
    let problem = (entry.build)(&settings);
    assert_eq!(problem.fault(), None);
    problem
}

/// A point near the start that depends on a number.
fn moved(problem: &dyn Problem, number: usize) -> Point {
    let mut point = problem.metadata().start.clone();
    for (i, value) in point.values_mut().iter_mut().enumerate() {
        *value += 0.3 * ((number * 5 + i) as f64).sin();
    }
    point
}

#[rstest]
fn derivatives_agree_with_differences_and_nilpotent_numbers_at_the_end_and_on_the_way() {
    let whole = small(&["train"]);
    assert_gradients(&*whole);
    assert_products(&*whole);
    assert_blocks(&*whole);
    // a task takes three iterations: after seven the third task runs, with replay and distillation
    let mut stream = whole.online().expect("tasks come one after the other");
    let token = WorkToken::default();
    for number in 0..7 {
        stream.pass(&moved(&*whole, number), &token);
    }
    assert_gradients(stream.present());
    assert_products(stream.present());
    assert_blocks(stream.present());
}

#[rstest]
fn g_is_the_batch_alone_in_the_first_task_and_keeps_to_what_was_said_later() {
    let problem = small(&["train"]);
    let token = WorkToken::default();
    let mut stream = problem.online().unwrap();
    let at = moved(&*problem, 1);
    // distillation adds nothing to g where the outputs have not changed, and something elsewhere
    let mut settings = Settings::new(problem::find("continual").unwrap().parameters);
    set(
        &mut settings,
        &[
            ("tasks", 2.0),
            ("train", 20.0),
            ("test", 5.0),
            ("hidden", 4.0),
        ],
    );
    set(
        &mut settings,
        &[("memory", 10.0), ("validation", 2.0), ("updates", 1.0)],
    );
    let entry = problem::find("continual").unwrap();
    let with = (entry.build)(&settings);
    set(&mut settings, &[("distillation", 0.0)]);
    let without = (entry.build)(&settings);
    let start = moved(&*with, 3);
    let values = [&with, &without].map(|problem| {
        let mut stream = problem.online().unwrap();
        stream.pass(&start, &token);
        stream.pass(&start, &token);
        let here = stream.present().value(2, &start, &token);
        let there = stream.present().value(2, &moved(&**problem, 4), &token);
        [here, there]
    });
    assert_relative_eq!(values[0][0], values[1][0], epsilon = 1e-12);
    assert!(values[0][1] > values[1][1] + 1e-6);

    // f is known before the first task ends, and changes with the next task
    let first = stream.present().value(1, &at, &token);
    for _ in 0..3 {
        stream.pass(&at, &token);
    }
    assert_ne!(stream.present().value(1, &at, &token), first);
}

/// A short course: three tasks of 60 digits with 20 test images, and further settings.
fn short(extra: &[(&str, f64)]) -> Experiment {
    let text = r#"
        title = "a short course"
        about = ""
        source = ""
        iterations = 18
        record_points = "all"
        [problem]
        id = "continual"
        tasks = 3
        train = 60
        test = 20
        memory = 12
        validation = 4
        hidden = 12
        replay = 16
        updates = 1
        [[method]]
        id = "bome"
        outer_step_size = 0.3
        outer_step_size_lower = 0.1
        inner_step_size = 0.2
        inner_steps = 2
    "#;
    let mut experiment = Experiment::read("short", text).expect("the experiment is right");
    set(&mut experiment.problem.settings, extra);
    experiment
}

fn recorded(experiment: &Experiment, problem: &Arc<dyn Problem>, budgets: &[Budget]) -> Trace {
    let runs = experiment.runs(problem).expect("it can be run");
    let spec = runs[0].1.clone();
    let mut trace = Trace::new(problem.metadata(), spec.recording);
    let mut run = Run::new(spec, WorkToken::default());
    for budget in budgets {
        trace.extend(&run.advance(*budget));
    }
    assert_eq!(*run.status(), Status::Budget);
    trace
}

#[rstest]
fn a_run_is_the_same_however_it_is_cut_and_on_however_many_threads() {
    let experiment = short(&[]);
    let problem = experiment.problem.build();
    let whole = recorded(&experiment, &problem, &[Budget::Iterations(18)]);
    let pieces = [1, 4, 2, 11].map(Budget::Iterations);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .build()
        .unwrap();
    let cut = pool.install(|| recorded(&experiment, &problem, &pieces));
    assert_eq!(whole.point(18), cut.point(18));
    for (whole, cut) in [
        (&whole.objectives, &cut.objectives),
        (&whole.metrics, &cut.metrics),
    ] {
        for (whole, cut) in whole.iter().zip(cut) {
            let bits = |values: &[f64]| {
                values
                    .iter()
                    .map(|value| value.to_bits())
                    .collect::<Vec<_>>()
            };
            assert_eq!(bits(whole.values()), bits(cut.values()));
        }
    }
}

fn matrix_of(problem: &dyn Problem, trace: &Trace, row: usize) -> Matrix {
    let seen = trace
        .observed(row, &problem.milestones())
        .expect("points are kept");
    let visuals = problem
        .pictured()
        .expect("it has pictures")
        .visuals(&seen, &WorkToken::default());
    let first = visuals.into_iter().next();
    let Some(Visual::Matrix(matrix)) = first else {
        panic!("the matrix comes first");
    };
    matrix
}

#[rstest]
fn a_branch_meets_the_tasks_and_the_kept_samples_of_its_parent() {
    let experiment = short(&[]);
    let problem = experiment.problem.build();
    let whole = recorded(&experiment, &problem, &[Budget::Iterations(18)]);
    let runs = experiment.runs(&problem).expect("it can be run");
    // in the middle of the second task
    let (_, same) = Run::to_end(runs[0].1.branch("BOME", 9));
    let calm = runs[0].1.branch("BOME", 9).with("outer_step_size", 0.01);
    let (_, calm) = Run::to_end(calm.expect("in range"));
    for row in 0..=18 {
        assert_eq!(whole.point(row), same.point(row));
        assert_eq!(whole.point(row) == calm.point(row), row <= 9, "{row}");
        for (whole, same) in whole.metrics.iter().zip(&same.metrics) {
            let [whole, same] = [whole, same].map(|it| it.values()[row].to_bits());
            assert_eq!(whole, same);
        }
    }
}

#[rstest]
fn the_matrix_fills_row_by_row_and_metrics_are_what_it_says() {
    let experiment = short(&[]);
    let problem = experiment.problem.build();
    let trace = recorded(&experiment, &problem, &[Budget::Iterations(18)]);
    let known = |row| {
        let matrix = matrix_of(&*problem, &trace, row);
        matrix.values.iter().filter(|value| !value.is_nan()).count()
    };
    // the current task has a row of its own
    assert_eq!([0, 3, 6, 8, 12, 14, 18].map(known), [1, 1, 1, 3, 3, 6, 6]);
    let matrix = matrix_of(&*problem, &trace, 18).values;
    let at = |after: usize, task: usize| 0.01 * matrix[3 * after + task];
    let last = |name: &str| {
        let metrics = &problem.metadata().metrics;
        let place = metrics.iter().position(|metric| metric.name == name);
        trace.metrics[place.expect("it is measured")].values()[18]
    };
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    assert_relative_eq!(
        last("average-accuracy"),
        mean(&[at(2, 0), at(2, 1), at(2, 2)])
    );
    assert_relative_eq!(
        last("learning-accuracy"),
        mean(&[at(0, 0), at(1, 1), at(2, 2)])
    );
    let forgotten = [at(0, 0).max(at(1, 0)) - at(2, 0), at(1, 1) - at(2, 1)];
    assert_relative_eq!(last("forgetting"), mean(&forgotten), epsilon = 1e-12);
    assert_relative_eq!(last("task-2"), at(2, 1));
    // at the last point the accuracies are the same, but there is no history
    let end = problem.metrics(&trace.point(18).unwrap(), &WorkToken::default());
    assert_relative_eq!(end[1], last("average-accuracy"));
    assert!(end[0].is_nan() && end[2].is_nan());
}

#[rstest]
fn what_is_kept_to_is_not_forgotten_and_nothing_beats_all_tasks_at_once() {
    let experiment = short(&[
        ("tasks", 4.0),
        ("train", 500.0),
        ("test", 200.0),
        ("memory", 50.0),
        ("validation", 10.0),
        ("replay", 64.0),
        ("hidden", 60.0),
        ("updates", 2.0),
    ]);
    let problem = experiment.problem.build();
    let lines = problem.reference_lines(&WorkToken::default()).unwrap();
    let names: Vec<&str> = lines.iter().map(|line| line.name).collect();
    let all = [
        "sequential",
        "replay only",
        "distillation",
        "one level",
        "joint",
    ];
    assert_eq!(names, all);
    let average = |name: &str| {
        let line = lines.iter().find(|line| line.name == name);
        line.expect("it is there").metrics[1]
    };
    assert!(average("sequential") < average("distillation"));
    for name in &all[..4] {
        assert!(average(name) < average("joint"), "{name}");
    }
    let forgotten = |place: usize| lines[place].metrics[0];
    assert!(forgotten(2) < forgotten(0));
    assert!(
        lines[4].metrics[0].is_nan(),
        "all tasks at once forget nothing"
    );
}

#[rstest]
fn settings_that_do_not_fit_are_refused_where_they_stand() {
    let fault = |extra: &[(&str, f64)]| {
        let problem = short(extra).problem.build();
        // the problem is built in spite of its fault
        assert!(
            problem
                .value(1, &problem.metadata().start, &WorkToken::default())
                .is_finite()
        );
        let fault = problem.fault().expect("something is wrong");
        (fault.parameter, fault.reason.clone())
    };
    let (parameter, reason) = fault(&[("train", 20_000.0)]);
    assert_eq!(parameter, "train");
    assert!(reason.contains("mnist-10k has 10000"), "{reason}");
    assert_eq!(fault(&[("test", 9990.0)]).0, "test");
    assert_eq!(fault(&[("memory", 61.0)]).0, "memory");
    let (parameter, reason) = fault(&[("validation", 13.0)]);
    assert_eq!(parameter, "validation");
    assert_eq!(
        reason,
        "13 of the samples that are kept are for validation, and 12 are kept"
    );
}

#[rstest]
fn test_images_are_those_of_the_set_where_it_has_some() {
    let problem = small(&["train", "t10k"]);
    let metrics = problem.metrics(&problem.metadata().start, &WorkToken::default());
    // accuracies are fifths, because there are five images
    for accuracy in &metrics[4..] {
        assert_relative_eq!((accuracy * 5.0).round(), accuracy * 5.0, epsilon = 1e-12);
    }
    assert!(metrics[3] > 0.0);
}

#[rstest]
fn cancelled_work_ends_and_nothing_is_trained() {
    let problem = short(&[]).problem.build();
    let token = WorkToken::default();
    token.cancel();
    assert!(problem.reference_lines(&token).is_none());
    let mut stream = problem.online().unwrap();
    for _ in 0..20 {
        stream.pass(&problem.metadata().start, &token);
    }
    assert_eq!(
        stream.present().value(2, &problem.metadata().start, &token),
        0.0
    );
}

/// The mean, and twice its standard error.
fn interval(values: &[f64]) -> [f64; 2] {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let spread: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    [mean, 2.0 * (spread / (count - 1.0) / count).sqrt()]
}

/// Prints the measurements of docs/continual.md, by scripts/continual.sh.
#[rstest]
#[ignore = "trains networks over five seeds, for minutes: cargo test --test it -- --ignored"]
#[timeout(Duration::from_mins(20))]
#[expect(clippy::print_stdout, reason = "the figures are what one runs it for")]
fn contexts_of_bome_keep_more_than_replay_alone_over_five_seeds() {
    let experiment = open("continual");
    let token = WorkToken::default();
    let mut rows: Vec<(String, Vec<Vec<f64>>)> = Vec::new();
    let mut note = |name: &str, metrics: &[f64]| {
        let row = rows.iter_mut().find(|(known, _)| known == name);
        match row {
            Some((_, seeds)) => seeds.push(metrics[..4].to_vec()),
            None => rows.push((name.to_owned(), vec![metrics[..4].to_vec()])),
        }
    };
    for seed in crate::seeds(5) {
        let mut experiment = experiment.clone();
        set(
            &mut experiment.problem.settings,
            &[("task_seed", f64::from(seed))],
        );
        experiment.record_every = experiment.iterations;
        let problem = experiment.problem.build();
        let runs = experiment.runs(&problem).expect("it can be run");
        for (key, spec) in runs {
            let mut trace = Trace::new(problem.metadata(), spec.recording);
            let mut run = Run::new(spec, token.clone());
            trace.extend(&run.advance(Budget::Iterations(u64::MAX)));
            let last = |column: &TraceColumn| *column.values().last().expect("the end is recorded");
            let metrics: Vec<f64> = trace.metrics.iter().map(last).collect();
            note(&experiment.methods[key.method].label, &metrics);
        }
        for line in problem
            .reference_lines(&token)
            .expect("nothing is cancelled")
        {
            note(line.name, &line.metrics);
        }
    }
    for (name, seeds) in &rows {
        let columns: Vec<String> = (0..4)
            .map(|metric| {
                let values: Vec<f64> = seeds.iter().map(|row| row[metric]).collect();
                let [mean, error] = interval(&values);
                if mean.is_nan() {
                    "–".to_owned()
                } else {
                    format!("{mean:.3} ± {error:.3}")
                }
            })
            .collect();
        println!("| {name} | {} |", columns.join(" | "));
    }
    let of = |name: &str, metric: usize| -> Vec<f64> {
        let row = rows.iter().find(|(known, _)| known == name);
        row.expect("it ran")
            .1
            .iter()
            .map(|seed| seed[metric])
            .collect()
    };
    let differences = |name: &str, metric: usize| -> Vec<f64> {
        let pairs = of("BOME", metric).into_iter().zip(of(name, metric));
        pairs.map(|(bome, other)| bome - other).collect()
    };
    for name in ["replay only", "distillation", "one level"] {
        let [mean, error] = interval(&differences(name, 1));
        println!("average accuracy of BOME above {name}: {mean:.3} ± {error:.3}");
    }
    let [gain, error] = interval(&differences("replay only", 1));
    assert!(gain > error, "{gain} beyond {error}");
    assert!(
        differences("joint", 1)
            .iter()
            .all(|difference| *difference < 0.0)
    );
    assert!(
        differences("sequential", 0)
            .iter()
            .all(|difference| *difference < 0.0)
    );
}
