//! Where runs end from many starts: cells are runs, parts make the whole, and the recorded shares come out.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bilevel_lab::experiment::{self, Ask, Experiment, SurveyPlan};
use bilevel_lab::problem::{Problem, WorkToken};
use bilevel_lab::run::{Budget, Run};
use bilevel_lab::study::{Cell, Ended, Goals, Place, Tally, Verdict};
use rayon::prelude::*;

/// An experiment from the text of a file.
fn experiment(text: &str) -> (Experiment, Arc<dyn Problem>) {
    let experiment = Experiment::read("test", text).expect("an experiment");
    let problem = experiment.problem.build();
    (experiment, problem)
}

fn ask(side: usize) -> Ask {
    Ask {
        side,
        ..Ask::default()
    }
}

fn cells(plan: &SurveyPlan) -> Vec<Cell> {
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    (0..plan.survey.len())
        .into_par_iter()
        .map(|number| {
            let place = plan.survey.place(number);
            let cell = plan.survey.cell(place, &goals, &token);
            cell.expect("it is not cancelled")
        })
        .collect()
}

/// The tally of each variant.
fn tallies(plan: &SurveyPlan) -> Vec<Tally> {
    let cells = cells(plan);
    let each = plan.survey.len() / plan.survey.variants.len();
    cells.chunks(each).map(Tally::of_cells).collect()
}

fn lab(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
        .args(arguments)
        .output()
        .expect("the program starts");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {words}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
        .args(arguments)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("a file")
}

#[test]
fn a_cell_is_the_run_from_its_start_bit_for_bit() {
    for (name, side) in [("pbgd", 5), ("stackelberg", 6), ("noise", 3)] {
        let experiment = experiment::open(name).expect("a preset");
        let problem = experiment.problem.build();
        let mut asked = ask(side);
        if name == "pbgd" {
            asked.plane = Some(vec!["x".to_owned(), "y".to_owned()]);
        } else if problem.facts().shape().size(1) > 1 {
            asked.plane = Some(vec!["x1[1]".to_owned(), "x2[1]".to_owned()]);
        }
        let plan = experiment.basins(&problem, &asked).expect("a survey");
        let token = WorkToken::default();
        let goals = plan.survey.goals(&token).expect("it is not cancelled");
        for number in (0..plan.survey.len()).step_by(7) {
            let place = plan.survey.place(number);
            let (cell, end) = plan.survey.ended(place, &goals, &token).expect("a cell");
            // the experiment with this start alone, as a click on the cell has it
            let mut single = experiment.clone();
            let start = plan.survey.grid.start(place.cell);
            single.starts = vec![experiment::StartSpec::At(start)];
            single.seeds = vec![plan.survey.seeds[place.seed]];
            let runs = single.runs_of(plan.entrants[place.variant].method, &problem);
            let (_, spec) = runs.expect("a run").remove(0);
            let mut run = Run::new(spec, token.clone());
            while run.status().is_running() {
                run.advance(Budget::SliceUntil(u64::MAX));
            }
            let bits = |values: &[f64]| values.iter().map(|one| one.to_bits()).collect::<Vec<_>>();
            assert_eq!(
                bits(run.point().values()),
                bits(end.values()),
                "{name} {number}"
            );
            let ended = Ended {
                point: run.point(),
                direction: run.direction(),
                stride: run.stride(),
                status: run.status(),
            };
            let end = Goals::of(&*problem, &token)
                .and_then(|goals| goals.end(&*problem, ended, &token))
                .expect("an end");
            assert_eq!(end.verdict, cell.verdict, "{name} {number}");
            assert_eq!(end.phi.to_bits(), cell.phi.to_bits(), "{name} {number}");
        }
    }
}

#[test]
fn rest_begins_where_a_recorded_run_says() {
    let (experiment, problem) = experiment(
        "iterations = 400\n[problem]\nid = \"pbgd\"\n[[method]]\nid = \"bome\"\n[[method]]\nid = \"implicit\"\nouter_step_size = 0.02\n",
    );
    let plan = experiment.basins(&problem, &ask(7)).expect("a survey");
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    let mut rested = 0;
    for number in 0..plan.survey.len() {
        let place = plan.survey.place(number);
        let cell = plan.survey.cell(place, &goals, &token).expect("a cell");
        let mut run = Run::new(plan.survey.spec(place), token.clone());
        let mut last_unrest = 0;
        let mut cost = Vec::new();
        for iteration in 1..=400 {
            run.advance(Budget::Iterations(1));
            let bounds = &problem.facts().bounds;
            let length = bounds.free_length(1, &run.point()[1], run.direction());
            cost.push(*run.counts());
            if length > plan.survey.rest {
                last_unrest = iteration;
            }
        }
        let expected = (last_unrest + 1).min(400);
        assert_eq!(cell.k, expected as u64, "{place:?}");
        rested += usize::from(last_unrest < 400);
        let counts = cost[expected - 1];
        for (call, &calls) in bilevel_lab::problem::Call::ALL.iter().zip(&cell.calls) {
            assert_eq!(u64::from(calls), counts.total(*call));
        }
    }
    assert!(rested > 4, "{rested}");
}

/// With a step size of 2, only half as long a direction is rest.
#[test]
fn rest_under_long_steps_begins_later() {
    let (experiment, problem) = experiment(
        "iterations = 100\n[problem]\nid = \"henderson-quandt\"\n[[method]]\nid = \"implicit\"\nouter_step_size = 2\n",
    );
    let plan = experiment.basins(&problem, &ask(5)).expect("a survey");
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    let mut later = 0;
    for number in 0..plan.survey.len() {
        let place = plan.survey.place(number);
        let cell = plan.survey.cell(place, &goals, &token).expect("a cell");
        let mut run = Run::new(plan.survey.spec(place), token.clone());
        let mut last_unrest = [0; 2];
        for iteration in 1..=100 {
            run.advance(Budget::Iterations(1));
            let length = run.direction()[0].abs();
            for (last, longest) in last_unrest.iter_mut().zip([0.5e-3, 1e-3]) {
                if length > longest {
                    *last = iteration;
                }
            }
        }
        assert_eq!(cell.k, (last_unrest[0] + 1).min(100), "{place:?}");
        later += usize::from(last_unrest[0] > last_unrest[1]);
    }
    assert!(later > 0);
}

#[test]
fn the_recorded_shares_of_three_levels_come_out() {
    let (sin, problem) = experiment(
        "iterations = 500\nstart = [[0], [0], [0]]\n[problem]\nid = \"tri-sin\"\n\
         [[method]]\nid = \"implicit\"\nouter_step_size = 0.02\n\
         [[method]]\nid = \"itd\"\nlabel = \"ITD, T = 10\"\ninner_steps = 10\ninner_step_size = 0.1\nouter_step_size = 0.02\n",
    );
    let plan = sin.basins(&problem, &ask(200)).expect("a survey");
    let [exact, truncated] = &tallies(&plan)[..] else {
        panic!("two methods");
    };
    assert!(
        (82..=86).contains(&exact.count(Verdict::Global)),
        "{exact:?}"
    );
    assert_eq!(truncated.count(Verdict::Global), 0, "{truncated:?}");
    for (step, global, moving) in [(0.05, 0.26, 0.22), (0.1, 0.47, 0.0)] {
        let (cosresp, problem) = experiment(&format!(
            "iterations = 500\nstart = [[0], [0], [0]]\n[problem]\nid = \"tri-cosresp\"\n[[method]]\nid = \"implicit\"\nouter_step_size = {step}\n",
        ));
        let plan = cosresp.basins(&problem, &ask(200)).expect("a survey");
        let tally = &tallies(&plan)[0];
        let share = |verdict| tally.share(verdict).share;
        assert!(
            (share(Verdict::Global) - global).abs() <= 0.02,
            "{step}: {tally:?}"
        );
        assert!(
            (share(Verdict::Moving) - moving).abs() <= 0.02,
            "{step}: {tally:?}"
        );
    }
}

#[test]
fn exact_descent_on_pbgd_parts_at_the_ridges_of_phi() {
    let (pbgd, problem) = experiment(
        "iterations = 2000\nstart = [[0], [0]]\n[problem]\nid = \"pbgd\"\n[[method]]\nid = \"implicit\"\nouter_step_size = 0.01\n",
    );
    let side = 256;
    let plan = pbgd.basins(&problem, &ask(side)).expect("a survey");
    let cells = cells(&plan);
    let token = WorkToken::default();
    let referee = bilevel_lab::truth::Referee::new(&*problem, &token);
    // the ridges, on a grid a hundred times as fine
    let fine = 100 * side;
    let phi: Vec<f64> = (0..=fine)
        .map(|place| {
            let mut at = problem.facts().start.clone();
            at[1][0] = 3.0 * place as f64 / fine as f64;
            referee.reduced(&at).expect("an answer")
        })
        .collect();
    let ridges: Vec<f64> = (1..fine)
        .filter(|&place| phi[place] > phi[place - 1] && phi[place] >= phi[place + 1])
        .map(|place| 3.0 * place as f64 / fine as f64)
        .collect();
    let parted: Vec<f64> = (1..side)
        .filter(|&place| cells[place].index != cells[place - 1].index)
        .map(|place| 3.0 * (place as f64 - 0.5) / (side - 1) as f64)
        .collect();
    assert_eq!(
        (ridges.len(), parted.len()),
        (2, 2),
        "{ridges:?} {parted:?}"
    );
    for (ridge, parted) in ridges.iter().zip(&parted) {
        assert!(
            (ridge - parted).abs() <= 3.0 / (side - 1) as f64,
            "{ridges:?} {parted:?}"
        );
    }
}

#[test]
fn parts_come_to_the_same_bytes_as_the_whole_whatever_the_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = |name: &str| folder.path().join(name).display().to_string();
    let vary = "BOME.outer_step_size=0.01:0.1:3:log";
    let second = "BOME.inner_steps=1:10:3";
    for (kind, call) in [
        (
            "basins",
            vec![
                "basins",
                "noise",
                "--plane",
                "x1[1],x2[1]",
                "--grid",
                "6",
                "--iterations",
                "40",
            ],
        ),
        (
            "sweep",
            vec![
                "sweep",
                "valleys",
                "--grid",
                "7",
                "--iterations",
                "40",
                "--vary",
                vary,
                "--vary",
                second,
            ],
        ),
    ] {
        let run = |name: &str, more: &[&str]| {
            let folder = out(&format!("{kind}-{name}"));
            let mut arguments = call.clone();
            arguments.extend(["--out", &folder, "--tables", "md"]);
            arguments.extend(more);
            lab(&arguments);
            folder
        };
        let whole = run("whole", &["--threads", "1"]);
        let other = run("other", &["--threads", "3"]);
        let parts: Vec<String> = ["3/3", "1/3", "2/3"]
            .iter()
            .map(|shard| run(&shard.replace('/', "-"), &["--shard", shard]))
            .collect();
        let merged = out(&format!("{kind}-merged"));
        let mut arguments = vec!["merge"];
        arguments.extend(parts.iter().map(String::as_str));
        arguments.extend(["--out", &merged, "--tables", "md"]);
        lab(&arguments);
        for name in [
            format!("{kind}.csv"),
            format!("{kind}.json"),
            "table.md".to_owned(),
        ] {
            let expected = text(Path::new(&whole), &name);
            assert!(expected.len() > 200, "{name}: {expected}");
            assert_eq!(expected, text(Path::new(&other), &name), "{name}");
            assert_eq!(expected, text(Path::new(&merged), &name), "{name}");
        }
        // the whole is a survey of one part
        let again = out(&format!("{kind}-again"));
        lab(&["merge", &whole, "--out", &again]);
        let name = format!("{kind}.json");
        assert_eq!(
            text(Path::new(&whole), &name),
            text(Path::new(&again), &name)
        );
    }
}

#[test]
fn parts_that_make_no_whole_are_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = |name: &str| folder.path().join(name).display().to_string();
    let part = |name: &str, more: &[&str]| {
        let folder = out(name);
        let mut arguments = vec!["basins", "valleys", "--grid", "5", "--iterations", "9"];
        arguments.extend(["--out", &folder]);
        arguments.extend(more);
        lab(&arguments);
        folder
    };
    let first = part("first", &["--shard", "1/3"]);
    let second = part("second", &["--shard", "2/3"]);
    let third = part("third", &["--shard", "3/3", "--rest", "0.1"]);
    let vary = "BOME.inner_steps=1:3:3";
    let sweep = out("sweep");
    lab(&[
        "sweep", "valleys", "--grid", "5", "--vary", vary, "--out", &sweep,
    ]);
    let none = out("none");
    for (parts, reason) in [
        (&[&first, &second][..], "1 of 3 parts are missing: 3"),
        (&[&first, &first], "part 1 of 3 is there twice"),
        (&[&first, &second, &third], "`rest` differs"),
        (&[&first, &sweep], "`kind` differs"),
    ] {
        let mut arguments = vec!["merge"];
        arguments.extend(parts.iter().map(|part| part.as_str()));
        arguments.extend(["--out", &none]);
        let words = refused(&arguments);
        assert!(words.contains(reason), "{words}");
    }
    // a part that lost its end
    let table = folder.path().join("first/basins.csv");
    let whole = std::fs::read_to_string(&table).expect("a table");
    let lines: Vec<&str> = whole.lines().collect();
    std::fs::write(&table, lines[..lines.len() - 1].join("\n")).expect("it is written");
    let short = refused(&["merge", &first, "--out", &none]);
    assert!(short.contains("rows, and its part has"), "{short}");
    assert!(!Path::new(&none).exists());
}

#[test]
fn files_say_what_was_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let said = lab(&[
        "basins",
        "pbgd",
        "--methods",
        "BOME,ITD",
        "--plane",
        "x,y",
        "--grid",
        "8",
        "--out",
        &out,
    ]);
    assert_eq!(said.lines().count(), 2, "{said}");
    let table = text(folder.path(), "basins.csv");
    let mut lines = table.lines();
    assert_eq!(
        lines.next(),
        Some("run,seed,i,j,x1[1],x2[1],verdict,index,k,cost,phi")
    );
    assert_eq!(lines.clone().count(), 2 * 64);
    assert!(
        lines
            .next()
            .is_some_and(|line| line.starts_with("BOME,0,1,1,0.0,"))
    );
    let summary: serde_json::Value =
        serde_json::from_str(&text(folder.path(), "basins.json")).expect("JSON");
    assert_eq!(summary["problem"], "pbgd");
    assert_eq!(summary["grid"], 8);
    for method in summary["methods"].as_array().expect("a list") {
        let counts = method["counts"].as_object().expect("counts");
        assert_eq!(counts.len(), 7);
        let sum: u64 = counts.values().filter_map(serde_json::Value::as_u64).sum();
        assert_eq!(Some(sum), method["total"].as_u64());
        assert_eq!(sum, 64);
        let label = method["label"].as_str().expect("a label");
        for (word, count) in counts {
            let own = table
                .lines()
                .filter(|line| line.starts_with(&format!("{label},")));
            let rows = own
                .filter(|line| line.split(',').nth(6) == Some(word))
                .count();
            assert_eq!(Some(rows as u64), count.as_u64(), "{label} {word}");
        }
    }
}

#[test]
fn what_cannot_be_surveyed_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("none").display().to_string();
    for (arguments, reason) in [
        (&["basins", "coreset"][..], "the leader has 4 variables"),
        (&["basins", "pbgd", "--plane", "x,z"], "no variable `z`"),
        (&["basins", "pbgd", "--plane", "x,x"], "two different"),
        (
            &["basins", "pbgd", "--methods", "nobody"],
            "`nobody` is no method",
        ),
        (&["basins", "pbgd", "--grid", "1"], "--grid"),
        (&["basins", "pbgd", "--shard", "3/2"], "must be i/n"),
        (&["basins", "pbgd", "--rest", "-1"], "at least 0"),
        (&["basins", "pbgd", "--rest", "nan"], "at least 0"),
        (&["sweep", "pbgd"], "a sweep varies"),
        (
            &["sweep", "pbgd", "--vary", "BOME.inner_steps"],
            "must be LABEL",
        ),
        (
            &["sweep", "pbgd", "--vary", "BOME.steps=1:2:2"],
            "no parameter `steps`",
        ),
        (&["merge", "nowhere"], "there is no basins.json"),
    ] {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--out", &out]);
        let words = refused(&arguments);
        assert!(words.contains(reason), "{arguments:?}: {words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    }
    assert!(!Path::new(&out).exists());
}

#[test]
fn a_cancelled_cell_is_none() {
    let experiment = experiment::open("pbgd").expect("a preset");
    let problem = experiment.problem.build();
    let plan = experiment.basins(&problem, &ask(4)).expect("a survey");
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("it is not cancelled");
    token.cancel();
    let first = Place {
        variant: 0,
        seed: 0,
        cell: 0,
    };
    assert!(plan.survey.cell(first, &goals, &token).is_none());
}
