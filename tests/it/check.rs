//! `check`: boxes, checks, minima, notes and memory.

use rstest::rstest;
use serde_json::Value as Json;

use crate::program::{assert_refused, complaint_of, lab, status, text};

#[rstest]
fn check_goes_through_all_files() {
    let output = lab(&["check", "nowhere.toml", "coreset", "minimax.toml"]);
    assert_eq!(status(&output), 2);
    let words = text(&output.stdout);
    assert!(words.starts_with("coreset: ok, 15 runs\n"), "{words}");
    assert!(words.contains("\nminimax.toml: ok, 5 runs\n"), "{words}");
}

/// A problem with two minima, whose lower level is undefined for x < 0.
const PARTLY_UNDEFINED: &str = r#"
[problem]
id = "formula"
level = [
    { variables = ["x"], objective = "(x - 1)^2*(x - 3)^2 + 0.1*x + y^2", bounds = [[-1, 4]] },
    { variables = ["y"], objective = "(y - sqrt(x))^2", range = [[-2, 2]] },
]
[[method]]
id = "itd"
"#;

#[rstest]
fn check_prints_the_box_the_checks_and_the_minima_of_a_problem() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.toml");
    let file = file.to_str().expect("a plain path");
    std::fs::write(file, PARTLY_UNDEFINED).expect("the folder takes files");
    let output = lab(&["check", file]);
    assert_eq!(status(&output), 0, "{}", complaint_of(&output));
    let words = text(&output.stdout);
    for line in [
        "box: x in [-1, 4]\n",
        "box: y in [-inf, inf], sampled in [-2, 2]\n",
        "finite: no: the objective of level 2",
        "`sqrt(x)`",
        "gradients: yes: ",
        "convex: yes: ",
        "unique: yes: ",
        "global minimum, interior: φ = ",
        "local minimum, interior: φ = ",
    ] {
        assert!(
            words.contains(&format!("{file}: {line}"))
                || line.starts_with('`') && words.contains(line),
            "{line}: {words}"
        );
    }
    let output = lab(&["check", "--json", file, "nowhere.toml", "hyper-cleaning"]);
    assert_eq!(status(&output), 2);
    let entries: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let own = &entries[0];
    assert_eq!(own["errors"], serde_json::json!([]));
    assert_eq!(own["box"][0]["bounds"], serde_json::json!([-1.0, 4.0]));
    assert_eq!(own["box"][1]["bounds"], serde_json::json!([null, null]));
    assert_eq!(own["badges"]["finite"]["answer"], "no");
    assert_eq!(own["minima"].as_array().map(Vec::len), Some(2), "{own}");
    let x = own["minima"][0]["x"][0][0].as_f64().expect("a number");
    let y = own["minima"][0]["x"][1][0].as_f64().expect("a number");
    assert!(
        (y * y - x).abs() < 1e-6,
        "y is the square root of {x}, not {y}"
    );
    assert_eq!(own["optimum"], own["minima"][0]["value"]);
    assert!(
        entries[1]["errors"][0]
            .as_str()
            .is_some_and(|words| words.contains("nowhere.toml"))
    );
    assert!(
        entries[2]["minima"].is_null() && entries[2]["data"].is_string(),
        "{}",
        entries[2]
    );
}

#[rstest]
fn check_names_notes_that_are_not_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notes.toml");
    let note = |rest: &str| format!("[[note]]\nat = [1, 1]\n{rest}\n");
    let experiment = [
        "[problem]\nid = 'sine'\n[[method]]\nid = 'bome'\n[view]\nrace_ranges = [[[0, 10], [1e-3, 10]]]\n".to_owned(),
        note("view = 'race'\ntext = 'seen'"),
        note("view = 'race'\ntext = 'other axes'\naxes = ['time', 'f']"),
        note("view = 'learned'\ntext = 'no view'"),
        note("view = 'race'\ntext = 'from $x_{1$ on'"),
        note("view = 'race'\ntext = 'far'").replace("[1, 1]", "[1e6, 1]"),
    ];
    std::fs::write(&file, experiment.concat()).expect("the folder is writable");
    let file = file.to_str().expect("a plain name");
    let words = text(&lab(&["check", file]).stdout);
    let line = |number: usize| {
        let name = format!("{file}: note {number}, ");
        words.lines().find(|line| line.starts_with(&name))
    };
    assert_eq!(line(1), None, "{words}");
    let second = line(2).expect("it is named");
    assert!(
        second.contains("`race` has the axes [\"iterations\", "),
        "{second}"
    );
    assert!(
        line(3).expect("it is named").contains("`learned`"),
        "{words}"
    );
    let fourth = line(4).expect("it is named");
    assert!(
        fourth.ends_with("is drawn as typed: a brace of a formula has no counterpart"),
        "{fourth}"
    );
    let fifth = line(5).expect("it is named");
    assert!(
        fifth.contains(
            "is not drawn: its text is at iterations = 1000000, outside of the range from 0 to 10"
        ),
        "{fifth}"
    );
    // a figure names its own notes
    let figure = folder.path().join("race.svg");
    let figure = figure.to_str().expect("a plain name");
    let told = complaint_of(&lab(&["figure", file, "--view", "race", "--out", figure]));
    assert!(
        told.contains("note 2, \"other axes\", is not drawn: "),
        "{told}"
    );
    assert!(
        told.contains("note 5") && !told.contains("note 1,"),
        "{told}"
    );
    let output = lab(&["check", "--json", file]);
    let entries: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let undrawn = &entries[0]["undrawn_notes"];
    assert_eq!(undrawn.as_array().map(Vec::len), Some(3), "{undrawn}");
    assert_eq!(undrawn[0]["note"], 2);
}

#[rstest]
fn check_names_texts_that_are_drawn_otherwise_than_typed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("texts.toml");
    let experiment = "title = '$$x$$'\n[problem]\nid = 'sine'\n[[method]]\nid = 'bome'\nlabel = 'a **b'\nnote = '$\\|x\\|$'\n";
    std::fs::write(&file, experiment).expect("the folder is writable");
    let file = file.to_str().expect("a plain name");
    let words = text(&lab(&["check", file]).stdout);
    for line in [
        "`title`, \"$$x$$\", is drawn otherwise than it is typed: there is nothing between two $",
        "`label`, \"a **b\", is drawn otherwise than it is typed: bold words need ** on both sides",
        "`note`, \"$\\|x\\|$\", is drawn otherwise than it is typed: there is no sign \\|; a norm is written ‖x‖",
    ] {
        assert!(
            words.contains(&format!("{file}: {line}")),
            "{line}: {words}"
        );
    }
}

#[cfg(target_os = "linux")]
#[rstest]
fn more_memory_than_there_is_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("long.toml");
    let seeds: Vec<String> = (0..400).map(|seed| seed.to_string()).collect();
    let text = |iterations: u64, seeds: &[String]| {
        let seeds = seeds.join(", ");
        format!(
            "iterations = {iterations}\nseeds = [{seeds}]\n[problem]\nid = 'coreset'\n[[method]]\nid = 'bome'\n"
        )
    };
    // 400 runs with 10^8 rows each: some 9 TB in pictures
    std::fs::write(&file, text(100_000_000, &seeds)).expect("written");
    let name = file.display().to_string();
    let out = folder.path().join("out");
    let to = out.display().to_string();
    let call = ["run", &name, "--out", &to, "--figures", "svg"];
    assert_refused(&call, "`record_every`");
    assert_refused(&[&call[..], &["--shard", "1/2"]].concat(), "TB of memory");
    assert!(!out.exists());
    // what a picture would need is told, since rows alone are written as they come
    let said = text_of_check(&name);
    assert!(said.contains("TB of memory for all"), "{said}");
    // 400 runs of four million variables each
    let large = std::fs::read_to_string(&file).expect("read");
    let large = large.replace("id = 'coreset'", "id = 'regularization'\nfeatures = 100000\ntopics = 40\ntrain = 100\nvalidation = 100\ntest = 100");
    std::fs::write(&file, large).expect("written");
    assert_refused(&["check", &name], "GB of memory");
    assert_refused(&["run", &name, "--out", "-"], "GB of memory");
    // what fits is told from 100 MB on
    std::fs::write(&file, text(1_000_000, &seeds[..1])).expect("written");
    let said = text_of_check(&name);
    assert!(said.contains("about 2"), "{said}");
    let words = "MB of memory for all 1000002 rows of 1 run at once";
    assert!(said.contains(words), "{said}");
    std::fs::write(&file, text(1000, &seeds[..1])).expect("written");
    let said = text_of_check(&name);
    assert!(!said.contains("memory"), "{said}");
}

#[rstest]
fn a_tape_of_too_many_numbers_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tape.toml");
    let name = file.display().to_string();
    let write = |rest: &str| {
        let text = format!(
            "iterations = 20\n[problem]\nid = 'continual'\n[[method]]\nid = 'itd'\ninner_steps = 10000\n{rest}"
        );
        std::fs::write(&file, text).expect("written");
    };
    let out = folder.path().join("out").display().to_string();
    write("");
    assert_refused(&["check", &name], "a smaller `truncation`");
    assert_refused(&["run", &name, "--out", &out], "inner iterates at once");
    for rest in ["truncation = 10\n", "mode = 'forward'\n"] {
        write(rest);
        let output = lab(&["check", &name]);
        assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    }
}

#[cfg(target_os = "linux")]
#[track_caller]
fn text_of_check(file: &str) -> String {
    let output = lab(&["check", file]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    text(&output.stdout)
}
