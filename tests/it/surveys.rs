//! `basins`, `sweep` and `merge`: parts merge to the whole, files agree with the counts, and invalid calls are refused.

use std::path::Path;
use std::process::Command;

use rstest::rstest;

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

#[rstest]
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
            format!("{kind}.md"),
        ] {
            let expected = text(Path::new(&whole), &name);
            assert!(expected.len() > 200, "{name}: {expected}");
            assert_eq!(expected, text(Path::new(&other), &name), "{name}");
            assert_eq!(expected, text(Path::new(&merged), &name), "{name}");
        }
        // the whole is a survey with one part
        let again = out(&format!("{kind}-again"));
        lab(&["merge", &whole, "--out", &again, "--tables", "md"]);
        let name = format!("{kind}.json");
        assert_eq!(
            text(Path::new(&whole), &name),
            text(Path::new(&again), &name)
        );
    }
}

#[rstest]
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
        (&[&first, &second][..], "1 of 3 parts is missing: 3"),
        (&[&first, &first], "part 1 of 3 is present twice"),
        (&[&first, &second, &third], "`rest` differs"),
        (&[&first, &sweep], "`kind` differs"),
    ] {
        let mut arguments = vec!["merge"];
        arguments.extend(parts.iter().map(|part| part.as_str()));
        arguments.extend(["--out", &none]);
        let words = refused(&arguments);
        assert!(words.contains(reason), "{words}");
    }
    // a part with its last row missing
    let table = folder.path().join("first/basins.csv");
    let whole = std::fs::read_to_string(&table).expect("a table");
    let lines: Vec<&str> = whole.lines().collect();
    std::fs::write(&table, lines[..lines.len() - 1].join("\n")).expect("it is written");
    let short = refused(&["merge", &first, "--out", &none]);
    assert!(
        short.contains("not the file that basins.json describes"),
        "{short}"
    );
    assert!(!Path::new(&none).exists());
}

#[rstest]
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
        assert_eq!(counts.len(), 10);
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

#[rstest]
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
        (
            &["merge", "nowhere"],
            "there is none of summary.json, tuning.json, basins.json, sweep.json",
        ),
    ] {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--out", &out]);
        let words = refused(&arguments);
        assert!(words.contains(reason), "{arguments:?}: {words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    }
    assert!(!Path::new(&out).exists());
}
