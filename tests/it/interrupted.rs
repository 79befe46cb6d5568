//! Commands that a signal ends, and `--resume`, which completes what they have written.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rstest::rstest;
use serde_json::Value as Json;

use crate::program::{SHORT, command, ends_with, experiment, json, names, path};

/// Starts a command that takes hours, and waits until it has its folder.
#[cfg(unix)]
fn started(arguments: &[&str], out: &Path) -> Child {
    let child = command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    while !out.join(".bilevel-lab.lock").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill").success());
}

#[cfg(unix)]
#[rstest]
fn a_signal_ends_a_command_in_complete_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = SHORT.replace(
        "iterations = 5",
        "iterations = 100000000\nrecord_every = 1000",
    );
    let long = experiment(&folder, "long.toml", &long);
    for (name, status, kind, data, call) in [
        ("-INT", 130, "summary.json", "trace.csv", vec!["run", &long]),
        (
            "-TERM",
            143,
            "tuning.json",
            "tuning.csv",
            vec!["tune", &long],
        ),
        (
            "-TERM",
            143,
            "basins.json",
            "basins.csv",
            vec!["basins", &long],
        ),
    ] {
        let out = folder.path().join(kind);
        let to = out.display().to_string();
        let child = started(&[&call[..], &["--out", &to]].concat(), &out);
        // another command finds the folder in use
        let words = ends_with(2, &["run", &long, "--out", &to]);
        assert!(words.contains("another command is writing"), "{words}");
        signal(&child, name);
        let output = child.wait_with_output().expect("it ends");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{call:?}: {words}");
        assert!(words.contains("interrupted"), "{words}");
        let summary = json(&out, kind);
        assert_eq!(summary["complete"], false, "{call:?}");
        assert_eq!(summary["set"]["files"][0]["name"], data);
        let hidden = names(&out).into_iter().filter(|name| name.starts_with('.'));
        assert_eq!(hidden.count(), 0, "{:?}", names(&out));
        if kind == "summary.json" {
            let run = &summary["runs"][0];
            assert_eq!(run["status"], "stopped");
            assert!(
                run["message"]
                    .as_str()
                    .is_some_and(|words| words.contains("interrupted"))
            );
            assert!(run["end"].is_null());
        }
    }
}

#[cfg(unix)]
#[rstest]
fn a_signal_before_any_run_has_ended_leaves_earlier_results() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(
        &folder,
        "short.toml",
        &SHORT.replace("[problem]", "record_every = 1000\n[problem]"),
    );
    let out = folder.path().join("out");
    let to = out.display().to_string();
    for command in ["run", "tune", "basins"] {
        ends_with(0, &[command, &file, "--out", &to]);
        let read = || {
            let files = names(&out)
                .into_iter()
                .filter(|name| !name.starts_with('.'));
            let bytes = |name: String| std::fs::read(out.join(name)).expect("a file");
            files.map(bytes).collect::<Vec<_>>()
        };
        let before = read();
        let child = started(
            &[command, &file, "--out", &to, "--iterations", "100000000"],
            &out,
        );
        signal(&child, "-INT");
        let output = child.wait_with_output().expect("it ends");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(130), "{command}: {words}");
        assert!(
            words.contains("earlier results in the folder stay"),
            "{words}"
        );
        assert!(before == read(), "{command}");
    }
}

#[cfg(unix)]
#[rstest]
fn a_run_that_had_ended_before_a_signal_has_its_verdict() {
    use std::io::BufRead as _;
    let folder = tempfile::tempdir().expect("a folder");
    let text = "iterations = 100000000\nrecord_every = 1000\n[problem]\nid = 'coreset'\n[[method]]\nid = 'bome'\n\
                [[method]]\nid = 'itd'\nouter_step_size = 1e9\ninner_step_size = 1e9\n";
    let file = experiment(&folder, "long.toml", text);
    let out = folder.path().join("out");
    let to = out.display().to_string();
    let mut child = started(&["run", "-v", &file, "--out", &to], &out);
    let words = std::io::BufReader::new(child.stderr.take().expect("a pipe"));
    let mut lines = words.lines().map(|line| line.expect("a line"));
    assert!(lines.any(|line| line.contains("1 of 2 runs")));
    signal(&child, "-TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
    assert!(lines.any(|line| line.contains("1 of 2 runs went to the end")));
    let summary = json(&out, "summary.json");
    let ends = [0, 1].map(|run| summary["runs"][run]["end"]["verdict"].clone());
    assert_eq!(ends, [Json::Null, "diverged".into()]);
}

#[cfg(unix)]
#[rstest]
fn the_lock_of_a_killed_command_is_taken_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = SHORT.replace(
        "iterations = 5",
        "iterations = 100000000\nrecord_every = 1000",
    );
    let file = experiment(&folder, "long.toml", &long);
    let out = folder.path().join("out");
    let to = out.display().to_string();
    let mut child = started(&["run", &file, "--out", &to], &out);
    child.kill().expect("killed");
    child.wait().expect("it has ended");
    // what it may have left behind
    std::fs::write(out.join(".bilevel-lab-set-abcdef"), "half").expect("written");
    std::fs::write(out.join("trace.csv"), "half").expect("written");
    std::fs::write(out.join(".bilevel-lab.lock"), "trace.csv\nsummary.json").expect("written");
    ends_with(0, &["run", &file, "--out", &to, "--iterations", "3"]);
    assert_eq!(names(&out), ["summary.json", "trace.csv"]);
}

#[rstest]
fn a_survey_is_resumed_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let [whole, part] = ["whole", "part"].map(|name| path(&folder, name));
    let call = |out: &str, more: &[&str]| {
        let call = [
            "basins",
            "valleys",
            "--grid",
            "6",
            "--iterations",
            "20",
            "--out",
            out,
        ];
        ends_with(0, &[&call[..], more].concat());
    };
    call(&whole, &[]);
    call(&part, &[]);
    // as if it had been interrupted: rows are missing, and the summary says so
    let table = std::fs::read_to_string(Path::new(&part).join("basins.csv")).expect("the table");
    let lines: Vec<&str> = table.lines().collect();
    let kept: Vec<&str> = lines
        .iter()
        .copied()
        .enumerate()
        .filter(|(n, _)| n % 3 != 1)
        .map(|(_, line)| line)
        .collect();
    std::fs::write(Path::new(&part).join("basins.csv"), kept.join("\n") + "\n").expect("written");
    let mut head = json(Path::new(&part), "basins.json");
    head["complete"] = serde_json::json!(false);
    head.as_object_mut().expect("an object").remove("set");
    for method in head["methods"].as_array_mut().expect("a list") {
        for key in ["counts", "total", "cost", "shares"] {
            method.as_object_mut().expect("an object").remove(key);
        }
    }
    std::fs::write(Path::new(&part).join("basins.json"), head.to_string()).expect("written");
    let merged = path(&folder, "merged");
    let words = ends_with(2, &["merge", &part, "--out", &merged]);
    assert!(words.contains("complete it with --resume"), "{words}");
    call(&part, &["--resume"]);
    for name in ["basins.csv", "basins.json"] {
        let read = |folder: &str| std::fs::read(Path::new(folder).join(name)).expect("a file");
        assert!(read(&whole) == read(&part), "{name}");
    }
}

#[cfg(target_os = "linux")]
#[rstest]
fn an_interrupted_run_is_resumed_to_the_same_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("{SHORT}[[method]]\nid = 'itd'\n");
    let file = experiment(&folder, "two.toml", &text);
    let out = path(&folder, "out");
    let call = [
        "run",
        &file,
        "--iterations",
        "40",
        "--out",
        &out,
        "--tables",
        "md",
    ];
    ends_with(0, &call);
    let read = |name: &str| std::fs::read_to_string(Path::new(&out).join(name)).expect("a file");
    let (table, trace, before) = (
        read("run.md"),
        read("trace.csv"),
        json(Path::new(&out), "summary.json"),
    );
    // as if the last run had been under way
    let mut summary = before.clone();
    let last = before["runs"].as_array().expect("a list").len() - 1;
    let label = before["runs"][last]["run"].as_str().expect("a label");
    summary["complete"] = Json::Bool(false);
    summary["runs"][last]["status"] = "stopped".into();
    summary["runs"][last]["end"] = Json::Null;
    let own = |line: &&str| line.starts_with(&format!("{label},"));
    let others = trace.lines().filter(|line| !own(line));
    let begun = trace.lines().filter(own).take(3);
    let lines: Vec<&str> = others.chain(begun).collect();
    let short = lines.join("\n") + "\n";
    let path = Path::new(&out).join("trace.csv");
    std::fs::write(&path, &short).expect("written");
    let digest = Command::new("sha256sum")
        .arg(&path)
        .output()
        .expect("sha256sum");
    let digest = String::from_utf8(digest.stdout).expect("a text");
    summary["set"]["files"][0]["sha256"] = digest[..64].into();
    summary["set"]["files"][0]["bytes"] = short.len().into();
    std::fs::write(Path::new(&out).join("summary.json"), summary.to_string()).expect("written");
    let words = ends_with(0, &[&call[..], &["--resume", "-v"]].concat());
    assert!(words.contains("1 of 1 run:"), "{words}");
    assert_eq!(read("run.md"), table);
    let without_time = |text: &str| {
        let cells = |line: &str| {
            let cells = line.split(',').enumerate().filter(|(place, _)| *place != 4);
            cells.map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>()
        };
        text.lines().map(cells).collect::<Vec<_>>()
    };
    assert!(without_time(&read("trace.csv")) == without_time(&trace));
    let after = json(Path::new(&out), "summary.json");
    assert!(after.get("complete").is_none());
    for run in 0..=last {
        for key in ["run", "status", "iterations", "final", "oracle", "end"] {
            assert_eq!(
                after["runs"][run][key], before["runs"][run][key],
                "{run} {key}"
            );
        }
    }
    let other = [
        "run",
        &file,
        "--iterations",
        "41",
        "--out",
        &out,
        "--resume",
    ];
    let words = ends_with(2, &other);
    assert!(words.contains("runs of other settings"), "{words}");
}
