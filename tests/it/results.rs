//! Results folders: sets of files that belong together, whatever happens while they are written.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rstest::rstest;
use serde_json::Value as Json;

use crate::program::{SHORT, command, ends_with, experiment, json, lab, names, path};

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
