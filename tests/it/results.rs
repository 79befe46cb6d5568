//! Results folders: sets of files that belong together, whatever happens while they are written.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rstest::rstest;
use serde_json::Value as Json;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"));
    command.args(arguments);
    command
}

fn lab(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

/// The text on standard error of a call that ends with a status.
#[track_caller]
fn ends_with(status: i32, arguments: &[&str]) -> String {
    let output = lab(arguments);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {words}");
    words
}

fn json(folder: &Path, name: &str) -> Json {
    let text = std::fs::read(folder.join(name)).expect("a file");
    serde_json::from_slice(&text).expect("JSON")
}

/// The names of all files in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// Writes an experiment, and returns its path.
fn experiment(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

const SHORT: &str =
    "title = 'Short'\niterations = 5\n[problem]\nid = 'valleys'\n[[method]]\nid = 'bome'\n";

#[rstest]
fn commands_keep_each_others_tables_in_one_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(&folder, "short.toml", SHORT);
    let out = path(&folder, "out");
    let more = ["--out", &out, "--tables", "md,csv"];
    let vary = "--vary=bome.inner_steps=1:3:2";
    for own in [
        vec!["run", &file],
        vec!["tune", &file],
        vec!["basins", &file, "--grid", "3"],
        vec!["sweep", &file, "--grid", "3", vary],
    ] {
        ends_with(0, &[&own[..], &more].concat());
    }
    let expected = [
        "basins-table.csv",
        "basins.csv",
        "basins.json",
        "basins.md",
        "run.csv",
        "run.md",
        "summary.json",
        "sweep-table.csv",
        "sweep.csv",
        "sweep.json",
        "sweep.md",
        "trace.csv",
        "tuned.toml",
        "tuning-table.csv",
        "tuning.csv",
        "tuning.json",
        "tuning.md",
    ];
    assert_eq!(names(Path::new(&out)), expected);
}

#[rstest]
fn the_manifest_lists_every_other_file_with_its_digest() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(&folder, "short.toml", SHORT);
    let out = path(&folder, "out");
    ends_with(
        0,
        &[
            "run",
            &file,
            "-o",
            &out,
            "--tables",
            "md",
            "--figures",
            "svg",
        ],
    );
    let set = json(Path::new(&out), "summary.json")["set"].clone();
    let listed = set["files"].as_array().expect("a list").clone();
    let name = |file: &Json| file["name"].as_str().expect("a name").to_owned();
    let mut all: Vec<String> = listed.iter().map(name).collect();
    all.push("summary.json".to_owned());
    all.sort();
    assert_eq!(names(Path::new(&out)), all);
    for one in &listed {
        let bytes = std::fs::read(Path::new(&out).join(name(one))).expect("a file");
        assert_eq!(one["bytes"].as_u64(), Some(bytes.len() as u64));
        assert_eq!(one["sha256"].as_str().map(str::len), Some(64));
    }
    let trace = listed
        .iter()
        .find(|file| file["name"] == "trace.csv")
        .expect("the trace");
    assert_eq!(trace["columns"][3], "k");
    // an option of the call and another title leave the experiment the same
    let renamed = experiment(&folder, "renamed.toml", &SHORT.replace("Short", "Long"));
    let words = ends_with(0, &["run", &renamed, "-o", &out, "--iterations", "2"]);
    assert!(
        words.contains("race.svg") && words.contains("run.md"),
        "{words}"
    );
    assert_eq!(names(Path::new(&out)), ["summary.json", "trace.csv"]);
}

#[rstest]
fn results_of_another_experiment_stay_unless_they_are_replaced_by_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(&folder, "short.toml", SHORT);
    let other = SHORT.replace("Short", "Other").replace("'bome'", "'itd'");
    let other = experiment(&folder, "other.toml", &other);
    let out = path(&folder, "out");
    ends_with(0, &["run", &file, "--out", &out, "--tables", "md"]);
    let before = std::fs::read(Path::new(&out).join("trace.csv")).expect("the trace");
    for call in [
        vec!["run", &other, "--out", &out],
        vec!["basins", &other, "--grid", "3", "--out", &out],
    ] {
        let words = ends_with(2, &call);
        assert!(
            words.contains("“Short”") && words.contains("“Other”"),
            "{words}"
        );
    }
    let after = std::fs::read(Path::new(&out).join("trace.csv")).expect("the trace");
    assert_eq!(before, after);
    ends_with(0, &["run", &other, "--out", &out, "--force"]);
    assert_eq!(names(Path::new(&out)), ["summary.json", "trace.csv"]);
    assert_eq!(json(Path::new(&out), "summary.json")["experiment"], "Other");
}

#[rstest]
fn files_of_the_user_are_never_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(&folder, "short.toml", SHORT);
    let out = folder.path().join("out");
    std::fs::create_dir(&out).expect("a folder");
    std::fs::write(out.join("notes.txt"), "mine").expect("written");
    std::fs::write(out.join("run.md"), "mine").expect("written");
    let to = out.display().to_string();
    let words = ends_with(
        2,
        &["run", &file, "--out", &to, "--tables", "md", "--force"],
    );
    assert!(
        words.contains("run.md is no result of this program"),
        "{words}"
    );
    assert_eq!(names(&out), ["notes.txt", "run.md"]);
    ends_with(0, &["run", &file, "--out", &to]);
    // a result that was changed since is left as it is
    std::fs::remove_file(out.join("run.md")).expect("removed");
    ends_with(0, &["run", &file, "--out", &to, "--tables", "md"]);
    std::fs::write(out.join("run.md"), "edited").expect("written");
    let words = ends_with(0, &["run", &file, "--out", &to]);
    assert!(words.contains("changed since and stay: run.md"), "{words}");
    assert_eq!(
        std::fs::read(out.join("run.md")).expect("a file"),
        b"edited"
    );
    assert_eq!(
        std::fs::read(out.join("notes.txt")).expect("a file"),
        b"mine"
    );
}

#[rstest]
fn a_folder_of_an_earlier_version_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(&folder, "short.toml", SHORT);
    let out = path(&folder, "out");
    let call = ["run", &file, "--out", &out, "--figures", "svg"];
    ends_with(0, &call);
    let summary = Path::new(&out).join("summary.json");
    let mut old = json(Path::new(&out), "summary.json");
    old.as_object_mut().expect("an object").remove("set");
    std::fs::write(&summary, old.to_string()).expect("written");
    ends_with(0, &call);
    assert!(json(Path::new(&out), "summary.json")["set"].is_object());
}

#[cfg(unix)]
#[rstest]
fn a_target_keeps_its_link_and_its_permissions() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let real = folder.path().join("real.svg");
    std::fs::write(&real, "old").expect("written");
    let private = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(&real, private).expect("permitted");
    let link = folder.path().join("link.svg");
    symlink("real.svg", &link).expect("a link");
    let out = link.display().to_string();
    ends_with(0, &["figure", "minimax", "--iterations", "3", "-o", &out]);
    assert!(link.symlink_metadata().expect("a link").is_symlink());
    assert!(
        std::fs::read_to_string(&real)
            .expect("the figure")
            .starts_with("<svg")
    );
    let mode = real.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    // a second name of the file shows the next figure, too
    let second = folder.path().join("second.svg");
    std::fs::hard_link(&real, &second).expect("a link");
    ends_with(0, &["figure", "minimax", "--iterations", "4", "-o", &out]);
    let [own, other] = [&real, &second].map(|path| std::fs::read(path).expect("the figure"));
    assert!(own == other && String::from_utf8_lossy(&own).contains("iterations = 4"));
    let read_only = std::fs::Permissions::from_mode(0o444);
    std::fs::set_permissions(&real, read_only).expect("permitted");
    let words = ends_with(2, &["figure", "minimax", "-o", &out]);
    assert!(words.contains("read-only"), "{words}");
    let pipe = path(&folder, "pipe.svg");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo")
            .success()
    );
    let words = ends_with(2, &["figure", "minimax", "-o", &pipe]);
    assert!(words.contains("no plain file"), "{words}");
}

#[rstest]
fn merge_believes_no_row_that_is_not_of_its_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let part = |number: usize| {
        let out = path(&folder, &format!("part-{number}"));
        let shard = format!("{number}/2");
        let call = [
            "basins",
            "valleys",
            "--grid",
            "4",
            "--iterations",
            "9",
            "--out",
            &out,
        ];
        ends_with(0, &[&call[..], &["--shard", &shard]].concat());
        // as an earlier version has written it: without digests, so that the rows alone speak
        let mut head = json(Path::new(&out), "basins.json");
        head.as_object_mut().expect("an object").remove("set");
        std::fs::write(Path::new(&out).join("basins.json"), head.to_string()).expect("written");
        PathBuf::from(out)
    };
    let (first, second) = (part(1), part(2));
    let table = std::fs::read_to_string(first.join("basins.csv")).expect("the table");
    let head = std::fs::read_to_string(first.join("basins.json")).expect("the summary");
    let whole = path(&folder, "whole");
    let parts = [&first, &second].map(|part| part.display().to_string());
    let merge = ["merge", &parts[0], &parts[1], "--out", &whole];
    ends_with(0, &merge);
    std::fs::remove_dir_all(&whole).expect("removed");
    let lines: Vec<&str> = table.lines().collect();
    let swapped = [&[lines[0], lines[2], lines[1]], &lines[3..]]
        .concat()
        .join("\n");
    let word = table
        .replacen(",moving,", ",movin g,", 1)
        .replacen(",global,", ",glob al,", 1);
    let last = format!("{table}{}\n", lines[1]);
    for (text, reason) in [
        (word, "`verdict` cannot be"),
        (swapped, "and the run of this row has"),
        (last, "of no run of this part"),
        (
            table.replacen("run,seed", "seed,run", 1),
            "the columns must be",
        ),
        (
            lines[..lines.len() - 1].join("\n"),
            "rows, and its part has",
        ),
        (String::new(), "the columns must be"),
    ] {
        std::fs::write(first.join("basins.csv"), text).expect("written");
        let words = ends_with(2, &merge);
        assert!(words.contains(reason), "{reason}: {words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    }
    std::fs::write(first.join("basins.csv"), &table).expect("written");
    let mut parsed: Json = serde_json::from_str(&head).expect("JSON");
    for (key, value, reason) in [
        ("methods", Json::Null, "`methods` is missing or not valid"),
        (
            "methods",
            serde_json::json!([{"label": 5}]),
            "`methods` is missing or not valid",
        ),
        (
            "runs",
            serde_json::json!(7),
            "`runs` is missing or not valid",
        ),
        (
            "grid",
            serde_json::json!(0),
            "`grid` is missing or not valid",
        ),
    ] {
        let kept = parsed[key].clone();
        parsed[key] = value;
        std::fs::write(first.join("basins.json"), parsed.to_string()).expect("written");
        let words = ends_with(2, &merge);
        assert!(words.contains(reason), "{reason}: {words}");
        parsed[key] = kept;
    }
    parsed["methods"][0]["total"] = serde_json::json!(99);
    std::fs::write(first.join("basins.json"), parsed.to_string()).expect("written");
    let words = ends_with(2, &merge);
    assert!(words.contains("are not those of basins.csv"), "{words}");
    std::fs::write(first.join("basins.json"), head).expect("written");
    assert!(!Path::new(&whole).exists());
    let words = ends_with(2, &["merge", &parts[0], &parts[1], "--out", &parts[0]]);
    assert!(words.contains("is one of the parts"), "{words}");
}

#[cfg(target_os = "linux")]
#[rstest]
fn lost_output_is_an_error_and_a_closed_pipe_is_none() {
    for call in [
        &["list", "methods", "--json"][..],
        &["check", "coreset"],
        &["--help"],
        &["show", "coreset"],
    ] {
        let full = std::fs::File::create("/dev/full").expect("Linux has it");
        let output = command(call)
            .stdout(full)
            .output()
            .expect("the program starts");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{call:?}: {words}");
        assert!(words.contains("the output is lost"), "{words}");
        let mut child = command(call)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{call:?}");
        assert!(output.stderr.is_empty(), "{call:?}");
    }
}

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

#[rstest]
fn a_picture_that_fails_costs_no_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = experiment(&folder, "short.toml", SHORT);
    let out = folder.path().join("out");
    // the picture's name is taken by a folder once the command has begun: a link to nowhere stands in for it
    std::fs::create_dir_all(&out).expect("a folder");
    let to = out.display().to_string();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere/race.svg", out.join("race.svg")).expect("a link");
        let words = ends_with(3, &["run", &file, "--out", &to, "--figures", "svg"]);
        assert!(words.contains("race.svg is missing"), "{words}");
        assert!(out.join("trace.csv").exists() && out.join("landscape.svg").exists());
        assert_eq!(
            json(&out, "summary.json")["set"]["files"][1]["name"],
            "landscape.svg"
        );
    }
    let _ = (file, to);
}

#[rstest]
fn a_summary_stands_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path(&folder, "out");
    let call = [
        "run",
        "pbgd",
        "--out",
        &out,
        "--iterations",
        "4",
        "--methods",
        "BOME",
        "--seed",
        "3",
    ];
    let more = [
        "--set",
        "BOME.inner_steps=5",
        "--columns",
        "phi,phi_gap,distance,hypergradient_error,cost",
    ];
    ends_with(
        0,
        &[&call[..], &more, &["--names", "own", "--judge-every", "2"]].concat(),
    );
    let summary = json(Path::new(&out), "summary.json");
    let file = summary["file"].as_str().expect("a text");
    let read = bilevel_files::Experiment::read("summary.json", file).expect("an experiment");
    assert_eq!((read.seeds.as_slice(), read.methods.len()), (&[3][..], 1));
    assert_eq!(
        summary["settings"]["methods"][0]["parameters"]["inner_steps"],
        5.0
    );
    assert_eq!(summary["starts"][0], serde_json::json!([[2.4], [1.0]]));
    assert_eq!(summary["names"], serde_json::json!([["x"], ["y"]]));
    assert_eq!(summary["optimum"], summary["minima"][0]["value"]);
    assert_eq!(summary["badges"]["unique"]["answer"], "yes");
    assert!(summary["threads"].is_u64() && summary["platform"].is_string());
    let mut trace = csv::Reader::from_path(Path::new(&out).join("trace.csv")).expect("the trace");
    let header = trace.headers().expect("a header").clone();
    let names: Vec<&str> = header.iter().collect();
    assert_eq!(
        names[names.len() - 7..],
        [
            "x",
            "y",
            "phi",
            "phi_gap",
            "distance",
            "hypergradient_error",
            "cost"
        ]
    );
    let rows: Vec<csv::StringRecord> = trace.records().map(|row| row.expect("a row")).collect();
    let cell = |row: usize, name: &str| {
        let place = names.iter().position(|one| *one == name).expect("a column");
        rows[row][place].to_owned()
    };
    let number = |row: usize, name: &str| cell(row, name).parse::<f64>().expect("a number");
    let optimum = summary["optimum"].as_f64().expect("a number");
    assert!((number(2, "phi") - optimum - number(2, "phi_gap")).abs() < 1e-12);
    for (row, is_judged) in [(0, true), (1, false), (2, true), (3, false), (4, true)] {
        for name in ["gap", "phi"] {
            assert_eq!(!cell(row, name).is_empty(), is_judged, "{row} {name}");
        }
        assert!(number(row, "cost") >= 0.0);
    }
    let call = [
        "run",
        "pbgd",
        "--out",
        &out,
        "--iterations",
        "4",
        "--no-referee",
    ];
    ends_with(0, &call);
    let summary = json(Path::new(&out), "summary.json");
    let run = &summary["runs"][0];
    assert!(run["end"].is_null() && run["final"]["gap"].is_null());
}

#[rstest]
fn figures_and_tables_of_a_results_folder_are_those_of_the_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = path(&folder, "out");
    let call = [
        "run",
        "noise",
        "--iterations",
        "30",
        "--out",
        &out,
        "--tables",
        "md",
    ];
    ends_with(
        0,
        &[&call[..], &["--by-method", "--columns", "phi"]].concat(),
    );
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    for view in ["race", "landscape"] {
        let [stored, computed] = ["stored.svg", "computed.svg"].map(|name| path(&folder, name));
        let page = ["--view", view, "--width", "84"];
        ends_with(0, &[&["figure", &out, "-o", &stored][..], &page].concat());
        let call = ["figure", "noise", "--iterations", "30", "-o", &computed];
        ends_with(0, &[&call[..], &page].concat());
        assert!(bytes("stored.svg") == bytes("computed.svg"), "{view}");
    }
    for (more, name) in [
        (&[][..], "out/run.md"),
        (&["--by-method"], "out/methods.md"),
    ] {
        let table = path(&folder, "table.md");
        ends_with(0, &[&["table", &out, "-o", &table][..], more].concat());
        assert!(bytes("table.md") == bytes(name), "{name}");
    }
    let picture = path(&folder, "x.svg");
    let words = ends_with(2, &["figure", &out, "-o", &picture, "--iterations", "3"]);
    assert!(words.contains("are computed"), "{words}");
    let trace = folder.path().join("out/trace.csv");
    let text = std::fs::read_to_string(&trace).expect("the trace");
    std::fs::write(&trace, text.replacen(",0,", ",1,", 1)).expect("written");
    let words = ends_with(2, &["figure", &out, "-o", &picture]);
    assert!(
        words.contains("not the file that summary.json describes"),
        "{words}"
    );
}

#[rstest]
fn pictures_and_tables_of_a_survey_need_no_run_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = SHORT.replace("iterations = 5", "iterations = 60")
        + "[view]\ngrid = 5\nvary = 'bome.inner_steps=1:3:3'\n";
    let file = experiment(&folder, "survey.toml", &text);
    let out = path(&folder, "out");
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    for (command, view) in [("basins", "atlas"), ("sweep", "sweep")] {
        // the plane of a picture
        let plane = ["--plane", "x,y"];
        ends_with(
            0,
            &[
                &[command, &file, "--out", &out, "--tables", "md"][..],
                &plane,
            ]
            .concat(),
        );
        let stored = path(&folder, "stored.svg");
        ends_with(0, &["figure", &out, "-o", &stored, "--view", view]);
        let computed = path(&folder, "computed.svg");
        ends_with(0, &["figure", &file, "-o", &computed, "--view", view]);
        let is_same = bytes("stored.svg") == bytes("computed.svg");
        // an end at no minimum has the hue of the nearest one, which is in no file
        assert!(is_same || view == "atlas", "{view}");
        let table = path(&folder, "table.md");
        let only = path(&folder, command);
        std::fs::create_dir(&only).expect("a folder");
        for name in [format!("{command}.json"), format!("{command}.csv")] {
            std::fs::copy(Path::new(&out).join(&name), Path::new(&only).join(&name))
                .expect("copied");
        }
        ends_with(0, &["table", &only, "-o", &table]);
        assert!(
            bytes("table.md") == bytes(&format!("out/{command}.md")),
            "{command}"
        );
    }
    let words = ends_with(
        2,
        &[
            "figure",
            &out,
            "-o",
            &path(&folder, "x.svg"),
            "--view",
            "race",
        ],
    );
    assert!(words.contains("a survey and no runs"), "{words}");
}

#[rstest]
fn calls_have_the_forms_that_users_expect() {
    let words = |arguments: &[&str]| ends_with(2, arguments);
    for (arguments, reason) in [
        (
            &["rnu", "coreset"][..],
            "no command `rnu` (did you mean `run`?)",
        ),
        (
            &["rnu"],
            "no command, file or preset `rnu` (did you mean `run`?)",
        ),
        (
            &["run", "coreset", "--outt", "x"],
            "a similar argument exists: '--out' (see bilevel-lab run --help)",
        ),
        (
            &["figure", "coreset", "-o", "x.svg", "--view", "rase"],
            "a similar value exists: 'race'",
        ),
        (
            &["run", "coreset", "--out", "x", "--iterations", "-5"],
            "a whole number from 0",
        ),
        (
            &["run", "coreset", "--out", "x", "--set", "BOME.inner_steps"],
            "must be LABEL.parameter=VALUE",
        ),
        (
            &[
                "run",
                "coreset",
                "--out",
                "x",
                "--set",
                "BOME.inner_stepz=5",
            ],
            "did you mean `inner_steps`",
        ),
        (
            &["run", "coreset", "--out", "x", "--methods", "nobody"],
            "`nobody` is no method",
        ),
        (&["run", "--out", "x"], "an experiment is missing"),
    ] {
        let words = words(arguments);
        assert!(words.contains(reason), "{arguments:?}: {words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    }
    // a missing path is no reason to list all presets
    for missing in ["no/such.toml", "nosuch.toml"] {
        let words = words(&["check", missing]);
        assert!(words.len() < 100 && !words.contains("coreset"), "{words}");
    }
    // the last of several labels is the file where none was left for it
    let folder = tempfile::tempdir().expect("a folder");
    let out = path(&folder, "out");
    let grid = ["--grid", "2", "--iterations", "2", "--out", &out];
    ends_with(
        0,
        &[&["basins", "--methods", "BOME", "valleys"][..], &grid].concat(),
    );
    let quiet = lab(&["-q", "run", "valleys", "--out", &out, "--iterations", "1"]);
    assert!(quiet.status.success() && quiet.stdout.is_empty() && quiet.stderr.is_empty());
    // a folder of the same name does not hide a preset
    std::fs::create_dir(folder.path().join("coreset")).expect("a folder");
    let output = command(&["show", "coreset"])
        .current_dir(folder.path())
        .output();
    let preset = bilevel_files::presets::find("coreset").map(|preset| preset.text);
    let shown = String::from_utf8(output.expect("it starts").stdout).expect("a text");
    assert!(preset.is_none_or(|preset| preset == shown) && shown.contains("[problem]"));
    // the standard input and the standard output
    let mut child = command(&[
        "run",
        "-",
        "--out",
        "-",
        "--iterations",
        "2",
        "--methods",
        "BOME",
    ])
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .spawn()
    .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut input, shown.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let rows = String::from_utf8(output.stdout).expect("a text");
    // three starts, three rows each
    assert!(
        rows.starts_with("run,start,seed,k,") && rows.lines().count() == 10,
        "{rows}"
    );
    for shell in ["bash", "zsh", "fish"] {
        let output = lab(&["completions", shell]);
        assert!(output.stdout.len() > 1000, "{shell}");
    }
    let pages = path(&folder, "man");
    ends_with(0, &["man", "--out", &pages]);
    let page = std::fs::read_to_string(Path::new(&pages).join("bilevel-lab-run.1"));
    assert!(page.expect("a page").contains(".TH bilevel-lab-run 1"));
}

#[rstest]
fn names_of_files_cannot_command_a_terminal() {
    let words = ends_with(2, &["check", "a\u{1b}[31mb"]);
    assert!(words.contains("a\\u{1b}[31mb"), "{words}");
}

#[rstest]
fn results_lead_to_the_data_of_their_experiment_from_any_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = (0..24).map(|row| format!("{row},{},{}\n", row * row % 7, 2 * row + row % 3));
    let table = format!("a,b,target\n{}", rows.collect::<String>());
    std::fs::write(folder.path().join("own.csv"), table).expect("a table");
    let experiment = "iterations = 3\n[problem]\nid = \"robust-regression\"\ndata = \"own.csv\"\ntrain = 10\n\
                      validation = 6\n[[method]]\nid = \"itd\"\n";
    std::fs::write(folder.path().join("own.toml"), experiment).expect("an experiment");
    let here = |arguments: &[&str]| {
        let output = command(arguments).current_dir(folder.path()).output();
        let output = output.expect("the program starts");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {words}");
    };
    here(&["run", "own.toml", "--out", "out"]);
    here(&["tune", "own.toml", "--out", "tuned", "--iterations", "2"]);
    let out = folder.path().join("out");
    let picture = folder.path().join("race.svg");
    let [out, picture] = [&out, &picture].map(|path| path.to_str().expect("a plain name"));
    ends_with(0, &["figure", out, "--view", "race", "-o", picture]);
    let tuned = folder.path().join("tuned/tuned.toml");
    ends_with(0, &["check", tuned.to_str().expect("a plain name")]);
}

#[rstest]
fn the_view_that_an_experiment_names_is_among_the_figures_of_its_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("a plain name");
    let arguments = ["run", "same-gap", "--out", out, "--iterations", "2"];
    ends_with(0, &[&arguments[..], &["--figures", "svg"]].concat());
    let pictures: Vec<String> = names(folder.path())
        .into_iter()
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|ending| ending == "svg")
        })
        .collect();
    assert_eq!(pictures, ["feasibility.svg", "landscape.svg", "race.svg"]);
}
