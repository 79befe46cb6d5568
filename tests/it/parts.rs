//! `run` and `tune` in parts: `merge` gives the whole, `--resume` completes what was interrupted, and what does not fit
//! is refused at its place.

use std::path::Path;
use std::process::Command;

use rstest::{fixture, rstest};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::program::ends_with;

#[track_caller]
fn read(folder: &str, name: &str) -> String {
    std::fs::read_to_string(Path::new(folder).join(name)).expect("a file")
}

#[track_caller]
fn summary(folder: &str, name: &str) -> Json {
    serde_json::from_str(&read(folder, name)).expect("JSON")
}

/// Three methods, one of them a branch, from two starts with two seeds.
const TWELVE: &str = "title = 'Twelve'
iterations = 30
seeds = [3, 1]
starts = [[[0.6], [0.6]], [[2.0], [1.5]]]
[problem]
id = 'formula'
[[problem.level]]
variables = ['x']
objective = '(x - 2)^2 + (y - 1)^2'
range = [[0.5, 2.5]]
[[problem.level]]
variables = ['y']
objective = '(y - x)^2/2'
range = [[0.5, 2.5]]
[[method]]
id = 'bome'
[[method]]
id = 'stocbio'
label = '=stocBiO, twice'
gradient_noise = 0.3
[[method]]
id = 'itd'
from = { run = 'bome', k = 10 }
";

struct Room {
    folder: TempDir,
    file: String,
}

#[fixture]
fn room() -> Room {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("twelve.toml");
    std::fs::write(&path, TWELVE).expect("written");
    Room {
        file: path.display().to_string(),
        folder,
    }
}

impl Room {
    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Calls a command on the experiment, and returns the folder of its results.
    #[track_caller]
    fn call(&self, command: &[&str], name: &str, more: &[&str]) -> String {
        let out = self.path(name);
        let own = [&command[..1], &[&self.file], &command[1..]].concat();
        ends_with(0, &[&own[..], &["--out", &out], more].concat());
        out
    }

    /// Calls a command in three parts, and merges them.
    #[track_caller]
    fn merged(&self, command: &[&str], more: &[&str]) -> (Vec<String>, String) {
        let parts = ["3/3", "1/3", "2/3"].map(|shard| {
            let name = format!("{}-{}", command[0], shard.replace('/', "-"));
            self.call(command, &name, &["--shard", shard])
        });
        let out = self.path(&format!("{}-merged", command[0]));
        let mut call = vec!["merge"];
        call.extend(parts.iter().map(String::as_str));
        call.extend(["--out", &out]);
        call.extend(more);
        ends_with(0, &call);
        (parts.into(), out)
    }
}

/// A trace without its column of times.
fn without_times(trace: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(trace.as_bytes());
    let mut head: Vec<String> = Vec::new();
    head.extend(
        reader
            .headers()
            .expect("a head")
            .iter()
            .map(ToOwned::to_owned),
    );
    let time = head
        .iter()
        .position(|name| name == "time_s")
        .expect("times");
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        row.iter().map(ToOwned::to_owned).collect::<Vec<_>>()
    });
    let mut all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    for row in &mut all {
        row.remove(time);
    }
    all
}

/// A summary without times and digests.
fn without_times_of(mut summary: Json) -> Json {
    for file in summary["set"]["files"].as_array_mut().expect("files") {
        for key in ["bytes", "sha256"] {
            file.as_object_mut().expect("a file").remove(key);
        }
    }
    for run in summary["runs"].as_array_mut().expect("runs") {
        run.as_object_mut().expect("a run").remove("time_s");
    }
    summary
}

#[rstest]
fn runs_in_parts_merge_to_the_whole_but_for_times(room: Room) {
    let call = ["run", "--columns", "phi,cost", "--diagnostics"];
    let whole = room.call(&call, "whole", &["--tables", "md,csv"]);
    let (parts, merged) = room.merged(&call, &["--tables", "md,csv"]);
    for name in ["run.md", "run.csv", "diagnostics.csv"] {
        let expected = read(&whole, name);
        assert!(expected.len() > 200, "{name}: {expected}");
        assert_eq!(expected, read(&merged, name), "{name}");
    }
    let rows = without_times(&read(&whole, "trace.csv"));
    assert_eq!(rows.len(), 1 + 12 * 31);
    assert_eq!(rows, without_times(&read(&merged, "trace.csv")));
    let [expected, found] =
        [&whole, &merged].map(|folder| without_times_of(summary(folder, "summary.json")));
    assert_eq!(expected["runs"].as_array().map(Vec::len), Some(12));
    assert_eq!(expected, found);
    // a part is a set of its own
    let part = summary(&parts[1], "summary.json");
    assert_eq!(part["shard"], "1/3");
    assert_eq!(part["runs"].as_array().map(Vec::len), Some(4));
    // the whole is all there is, too, and the figure of both is one
    let again = room.path("again");
    ends_with(0, &["merge", &whole, "--out", &again]);
    assert_eq!(read(&again, "trace.csv"), read(&whole, "trace.csv"));
    let figures = [&whole, &merged].map(|folder| {
        let picture = format!("{folder}.svg");
        ends_with(0, &["figure", folder, "--view", "race", "-o", &picture]);
        std::fs::read_to_string(picture).expect("a picture")
    });
    assert!(figures[0] == figures[1]);
}

#[rstest]
fn a_tuning_in_parts_merges_to_the_same_bytes(room: Room) {
    let call = ["tune", "--iterations", "12"];
    let whole = room.call(&call, "whole", &["--tables", "md"]);
    let (parts, merged) = room.merged(&call, &["--tables", "md"]);
    for name in ["tuning.csv", "tuning.json", "tuned.toml", "tuning.md"] {
        let expected = read(&whole, name);
        assert!(expected.len() > 200, "{name}: {expected}");
        assert_eq!(expected, read(&merged, name), "{name}");
    }
    // two tuned methods with nine trials each: the branch keeps its steps
    assert_eq!(read(&whole, "tuning.csv").lines().count(), 1 + 18);
    assert!(read(&whole, "tuned.toml").contains("iterations = 30"));
    assert_eq!(read(&parts[1], "tuning.csv").lines().count(), 1 + 6);
    assert!(!Path::new(&parts[1]).join("tuned.toml").exists());
}

/// Replaces a table of data, and its digest in the manifest.
fn replace(folder: &str, manifest: &str, (table, text): (&str, &str), is_complete: bool) {
    let path = Path::new(folder).join(table);
    std::fs::write(&path, text).expect("written");
    let output = Command::new("sha256sum")
        .arg(&path)
        .output()
        .expect("sha256sum");
    let digest = String::from_utf8(output.stdout).expect("a text");
    let mut whole = summary(folder, manifest);
    for file in whole["set"]["files"].as_array_mut().expect("files") {
        if file["name"] == table {
            file["sha256"] = digest[..64].into();
            file["bytes"] = text.len().into();
        }
    }
    if !is_complete {
        whole["complete"] = json!(false);
    }
    std::fs::write(Path::new(folder).join(manifest), whole.to_string()).expect("written");
}

#[cfg(target_os = "linux")]
#[rstest]
fn an_interrupted_tuning_is_resumed_to_the_same_bytes(room: Room) {
    let call = ["tune", "--tables", "md"];
    let [whole, short] = ["whole", "short"].map(|name| room.call(&call, name, &[]));
    let table = read(&whole, "tuning.csv");
    let lines: Vec<&str> = table.lines().collect();
    let kept = [&lines[..3], &lines[7..12]].concat().join("\n") + "\n";
    replace(&short, "tuning.json", ("tuning.csv", &kept), false);
    let words = ends_with(2, &["merge", &short, "--out", &room.path("merged")]);
    assert!(words.contains("after 28 of 72 runs"), "{words}");
    let more = ["--out", &short, "--resume"];
    let resume = [&["tune", &room.file, "--tables", "md"], &more[..]].concat();
    ends_with(0, &resume);
    for name in ["tuning.csv", "tuning.json", "tuned.toml", "tuning.md"] {
        assert_eq!(read(&whole, name), read(&short, name), "{name}");
    }
    // a trial that is there is not computed again
    let first: Vec<&str> = lines[1].split(',').take(4).collect();
    let own = format!("{},0.5,0.5,0.5,0.5,0.5\n", first.join(","));
    let text = format!("{}\n{own}{}\n", lines[0], lines[2]);
    replace(&short, "tuning.json", ("tuning.csv", &text), false);
    ends_with(0, &resume);
    let resumed = read(&short, "tuning.csv");
    assert!(resumed.contains(&own) && resumed.lines().count() == 19);
    // other settings are another tuning
    let other = ["tune", &room.file, "--iterations", "12"];
    let words = ends_with(2, &[&other[..], &more[..]].concat());
    assert!(words.contains("trials of other settings"), "{words}");
}

#[cfg(target_os = "linux")]
#[rstest]
fn a_part_of_runs_is_completed_by_its_own_call(room: Room) {
    let call = ["run", "--shard", "2/4"];
    let out = room.call(&call, "part", &[]);
    let before = (
        without_times(&read(&out, "trace.csv")),
        summary(&out, "summary.json")["runs"].clone(),
    );
    let trace = read(&out, "trace.csv");
    let kept = trace.lines().take(1 + 31).collect::<Vec<_>>().join("\n") + "\n";
    replace(&out, "summary.json", ("trace.csv", &kept), false);
    let mut whole = summary(&out, "summary.json");
    whole["runs"].as_array_mut().expect("runs").truncate(1);
    std::fs::write(Path::new(&out).join("summary.json"), whole.to_string()).expect("written");
    let merged = room.path("merged");
    let words = ends_with(2, &["merge", &out, "--out", &merged]);
    assert!(words.contains("after 1 of 3 runs"), "{words}");
    let other = [
        "run", &room.file, "--shard", "1/4", "--out", &out, "--resume",
    ];
    assert!(ends_with(2, &other).contains("runs of other settings"));
    room.call(&call, "part", &["--resume"]);
    assert_eq!(without_times(&read(&out, "trace.csv")), before.0);
    let runs = summary(&out, "summary.json")["runs"].clone();
    for run in 0..3 {
        assert_eq!(runs[run]["final"], before.1[run]["final"], "{run}");
    }
}

#[cfg(target_os = "linux")]
#[rstest]
fn merge_believes_no_trial_and_no_run_that_is_not_of_its_part(room: Room) {
    let merged = room.path("merged");
    let tuning = room.call(&["tune"], "tuning", &[]);
    let table = read(&tuning, "tuning.csv");
    let lines: Vec<&str> = table.lines().collect();
    let cells: Vec<&str> = lines[1].split(',').collect();
    let with = |column: usize, cell: &str| {
        let mut cells = cells.clone();
        cells[column] = cell;
        let mut lines = lines.clone();
        let row = cells.join(",");
        lines[1] = &row;
        lines.join("\n") + "\n"
    };
    for (text, reason) in [
        (with(0, "Nobody"), "line 2: `run` cannot be `Nobody`"),
        (with(1, "99"), "line 2: `trial` cannot be `99`"),
        (with(1, "2"), "line 2: "),
        (with(2, "0.5"), "line 2: `outer_step_size` is 0.5"),
        (with(4, "-1.0"), "line 2: `median` is -1.0"),
        (with(5, "much"), "line 2: `start 1 seed 3` cannot be `much`"),
        (
            lines[..9].join("\n") + "\n",
            "it has 8 rows, and its part has 18",
        ),
        (format!("{table}{}\n", lines[1]), "line 20: "),
    ] {
        replace(&tuning, "tuning.json", ("tuning.csv", &text), true);
        let words = ends_with(2, &["merge", &tuning, "--out", &merged]);
        assert!(words.contains(reason), "{reason}: {words}");
        assert!(words.contains("tuning.csv"), "{words}");
    }
    let [first, second] = ["1/2", "2/2"].map(|shard| {
        let name = shard.replace('/', "-");
        room.call(&["run", "--shard", shard], &name, &[])
    });
    // counts that no run reaches would overflow their sum
    let trace = read(&first, "trace.csv");
    let last = trace.lines().last().expect("a row");
    let mut cells: Vec<&str> = last.split(',').collect();
    let count = trace
        .split(',')
        .position(|name| name == "grad1")
        .expect("a column");
    cells[count] = "18446744073709551615";
    let wrong = trace.replace(last, &cells.join(","));
    replace(&first, "summary.json", ("trace.csv", &wrong), true);
    let words = ends_with(2, &["merge", &first, &second, "--out", &merged]);
    let line = trace.lines().count();
    assert!(
        words.contains(&format!("line {line}: the row is not valid")),
        "{words}"
    );
    replace(&first, "summary.json", ("trace.csv", &trace), true);
    let more = room.call(
        &["run", "--shard", "2/2", "--iterations", "40"],
        "more",
        &[],
    );
    for (parts, reason) in [
        ([&first, &first], "part 1 of 2 is present twice"),
        ([&first, &more], "`file` differs from that in"),
        ([&first, &tuning], "`kind` differs from that in"),
    ] {
        let words = ends_with(2, &["merge", parts[0], parts[1], "--out", &merged]);
        assert!(words.contains(reason), "{reason}: {words}");
    }
    let words = ends_with(2, &["merge", &first, "--out", &merged]);
    assert!(words.contains("1 of 2 parts is missing: 2"), "{words}");
    // a run of another part in the summary
    let mut whole = summary(&second, "summary.json");
    let stolen = summary(&first, "summary.json")["runs"][0].clone();
    whole["runs"].as_array_mut().expect("runs").push(stolen);
    let path = Path::new(&second).join("summary.json");
    std::fs::write(path, whole.to_string()).expect("written");
    let words = ends_with(2, &["merge", &first, &second, "--out", &merged]);
    assert!(words.contains("summary.json: "), "{words}");
    assert!(!Path::new(&merged).exists());
}
