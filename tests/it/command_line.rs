//! The command line as scripts use it: printed text, written files, and exit status.

use std::path::Path;
use std::process::Output;

use bilevel_files::Experiment;
use rstest::rstest;
use serde_json::Value as Json;

use crate::program::{assert_refused, complaint_of, lab, status, text};

fn run_to(folder: &Path, file: &str, more: &[&str]) -> Output {
    let mut arguments = vec!["run", file, "--out", folder.to_str().expect("a plain path")];
    arguments.extend(more);
    lab(&arguments)
}

/// The rows of a table, without the times.
fn untimed_rows(path: &Path) -> Vec<Vec<String>> {
    let mut table = csv::Reader::from_path(path).expect("the table is there");
    let time = table
        .headers()
        .expect("a header")
        .iter()
        .position(|name| name == "time_s");
    table
        .records()
        .map(|record| {
            let record = record.expect("a row");
            let fields = record
                .iter()
                .enumerate()
                .filter(|(place, _)| Some(*place) != time);
            fields.map(|(_, field)| field.to_owned()).collect()
        })
        .collect()
}

#[rstest]
fn lists_are_readable_by_people_and_by_programs() {
    for (what, id) in [
        ("problems", "coreset"),
        ("methods", "bome"),
        ("presets", "welcome"),
    ] {
        let output = lab(&["list", what]);
        assert_eq!(status(&output), 0);
        assert!(text(&output.stdout).contains(id));
        let output = lab(&["list", what, "--json"]);
        let list: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        let entry = list
            .as_array()
            .expect("a list")
            .iter()
            .find(|entry| entry["id"] == id)
            .expect("the entry");
        assert!(
            entry["name"].is_string()
                && entry["source"].is_string()
                && entry["parameters"].is_array()
        );
        for parameter in entry["parameters"].as_array().expect("a list") {
            for key in [
                "name", "type", "default", "min", "max", "choices", "meaning",
            ] {
                assert!(parameter.get(key).is_some(), "{what}: {key}");
            }
        }
    }
    let list: Json =
        serde_json::from_slice(&lab(&["list", "problems", "--json"]).stdout).expect("JSON");
    assert_eq!(list[0]["dimensions"], serde_json::json!([4, 2]));
    assert_eq!(list[0]["class"], "toys");
    let sites = |id: &str| {
        let entries = list.as_array().expect("a list");
        let entry = entries.iter().find(|entry| entry["id"] == id);
        let optima = entry.expect("the entry")["optima"].as_array();
        let sites = optima.expect("a list").iter();
        sites
            .map(|optimum| optimum["site"].as_str().expect("a word").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(sites("mb-3-15"), ["edge", "jump"]);
    assert_eq!(sites("mirrlees"), ["jump", "interior"]);
    assert!(list[0]["metrics"].is_array() && list[0]["optima"][0]["value"] == 0.72);
    let find = |id: &str| {
        let mut entries = list.as_array().expect("a list").iter();
        entries.find(|entry| entry["id"] == id).expect("the entry")
    };
    let both = serde_json::json!([[[-10.0, 10.0]], [[-10.0, 10.0]]]);
    assert_eq!(find("minimax")["box"], both);
    assert!(find("minimax")["start"][1][0].is_number());
    let unbounded = serde_json::json!([[null, null], [null, null]]);
    assert_eq!(find("coreset")["box"][1], unbounded);
    assert_eq!(
        find("coreset")["start"][0],
        serde_json::json!([0.0, 0.0, 0.0, 0.0])
    );
    assert_eq!(find("mirrlees")["minima"], find("mirrlees")["optima"]);
    assert_eq!(find("mirrlees")["minima"][1]["kind"], "local");
    assert!(find("hyper-cleaning")["start"].is_null());
}

#[rstest]
fn a_run_writes_a_table_and_a_summary_that_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run_to(
        folder.path(),
        "coreset",
        &["--iterations", "40", "--figures", "svg,png"],
    );
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "landscape.png",
            "landscape.svg",
            "race.png",
            "race.svg",
            "summary.json",
            "trace.csv"
        ]
    );
    let header = std::fs::read_to_string(folder.path().join("trace.csv")).expect("the table");
    assert_eq!(
        header.lines().next().expect("a header"),
        "run,start,seed,k,time_s,f1,f2,gap,value1,value2,grad1,grad2,hvp1,hvp2,jvp1,jvp2,higher1,higher2,\
         x1[1],x1[2],x1[3],x1[4],x2[1],x2[2]"
    );
    let rows = untimed_rows(&folder.path().join("trace.csv"));
    // five methods, three starts, rows 0 to 40
    assert_eq!(rows.len(), 5 * 3 * 41);
    let summary = std::fs::read_to_string(folder.path().join("summary.json")).expect("the summary");
    let summary: Json = serde_json::from_str(&summary).expect("JSON");
    let runs = summary["runs"].as_array().expect("a list");
    assert_eq!(runs.len(), 15);
    for (run, last) in runs
        .iter()
        .zip(rows.chunks(41).map(|rows| rows.last().expect("a row")))
    {
        assert_eq!(run["run"], last[0]);
        assert_eq!(run["status"], "budget");
        let read = |place: usize| last[place].parse::<f64>().expect("a number").to_bits();
        let written = |value: &Json| value.as_f64().expect("a number").to_bits();
        assert_eq!(written(&run["final"]["f"][0]), read(4));
        assert_eq!(written(&run["final"]["gap"]), read(6));
        assert_eq!(written(&run["final"]["x"][1][1]), read(22));
        assert_eq!(run["oracle"]["grad2"].as_f64(), last[10].parse().ok());
        assert!(run["time_s"].as_f64().is_some_and(|time| time > 0.0));
        // no method converges in forty iterations, and the reduced objective is above its minimum everywhere
        assert_eq!(run["end"]["verdict"], "moving");
        let phi = run["end"]["phi"].as_f64();
        assert!(phi.is_some_and(|phi| phi > 0.25), "{phi:?}");
        assert_eq!(run["end"]["gaps"], serde_json::json!([run["final"]["gap"]]));
        assert_eq!(
            run["end"]["searched"].as_array().map(Vec::len),
            Some(6),
            "four variables and two"
        );
        assert!(run["end"]["complete"].is_boolean() && run["end"]["reason"].is_null());
        assert!(run["end"].get("mismatch").is_some());
    }
}

#[rstest]
fn threads_change_nothing_but_times() {
    let tables: Vec<Vec<Vec<String>>> = ["1", "2", "8"]
        .into_iter()
        .map(|threads| {
            let folder = tempfile::tempdir().expect("a folder");
            let output = run_to(
                folder.path(),
                "coreset",
                &["--iterations", "300", "--threads", threads],
            );
            assert_eq!(status(&output), 0);
            untimed_rows(&folder.path().join("trace.csv"))
        })
        .collect();
    assert!(tables[0] == tables[1] && tables[0] == tables[2]);
}

#[rstest]
fn a_run_that_is_meant_to_fail_is_no_failure_and_an_unexpected_one_is() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(status(&run_to(folder.path(), "minimax", &[])), 0);
    let file = folder.path().join("x.toml");
    std::fs::write(
        &file,
        "[problem]\nid = \"minimax\"\n[[method]]\nid = \"aid-cg\"",
    )
    .expect("written");
    let file = file.to_str().expect("a plain path");
    let output = run_to(folder.path(), file, &["--force"]);
    assert_eq!(status(&output), 1);
    assert!(text(&output.stdout).contains("singular"));
    let diverging = "iterations = 100\n[problem]\nid = \"coreset\"\n[[method]]\nid = \"itd\"\nouter_step_size = 1e9\ninner_step_size = 1e9";
    std::fs::write(file, diverging).expect("written");
    let output = run_to(folder.path(), file, &["--force"]);
    assert_eq!(status(&output), 1);
    assert!(
        text(&output.stdout).contains("diverged at iteration 1: ")
            && text(&output.stdout).contains("try inner_step_size")
    );
    let summary = std::fs::read_to_string(folder.path().join("summary.json")).expect("the summary");
    serde_json::from_str::<Json>(&summary)
        .expect("numbers that are not finite are null, so this is JSON");
}

#[rstest]
fn a_quiet_run_and_one_to_the_standard_output_tell_failures_as_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.toml");
    let failing = "iterations = 3\n[problem]\nid = \"minimax\"\n[[method]]\nid = \"aid-cg\"\nlabel = \"one\"\n\
                   [[method]]\nid = \"gda\"\nexpect = \"diverged\"\n";
    std::fs::write(&file, failing).expect("written");
    let file = file.to_str().expect("a plain path");
    let out = folder.path().join("out");
    let out = out.to_str().expect("a plain path");
    for arguments in [
        &["-q", "run", file, "--out", out][..],
        &["run", file, "--out", "-"],
    ] {
        let output = lab(arguments);
        assert_eq!(status(&output), 1);
        let told = complaint_of(&output);
        let lines: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("start 1, seed 0"))
            .collect();
        assert_eq!(lines.len(), 2, "{told}");
        assert!(
            lines[0].contains("one") && lines[0].contains("singular"),
            "{told}"
        );
        assert!(
            lines[1].contains("budget after 3 iterations")
                && lines[1].contains("expected: diverged"),
            "{told}"
        );
    }
    let quiet = lab(&["-q", "run", file, "--out", out, "--force"]);
    assert!(quiet.stdout.is_empty());
}

#[rstest]
fn stop_rules_end_runs_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.toml");
    let text = "iterations = 5000\n[problem]\nid = \"degenerate\"\n[[method]]\nid = \"bome\"\nouter_step_size = 0.5\ninner_step_size = 0.5\n[stop]\ngradient = 1e-9\n";
    std::fs::write(&file, text).expect("written");
    assert_eq!(
        status(&run_to(
            folder.path(),
            file.to_str().expect("a plain path"),
            &[]
        )),
        0
    );
    let summary = std::fs::read_to_string(folder.path().join("summary.json")).expect("the summary");
    let summary: Json = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["runs"][0]["status"], "converged");
    assert!(
        summary["runs"][0]["iterations"]
            .as_u64()
            .is_some_and(|iterations| iterations < 5000)
    );
}

#[rstest]
fn sparse_recording_keeps_the_first_and_the_last_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.toml");
    let text = "iterations = 25\nrecord_every = 10\nrecord_points = \"ends\"\n[problem]\nid = \"degenerate\"\n[[method]]\nid = \"bome\"\n";
    std::fs::write(&file, text).expect("written");
    assert_eq!(
        status(&run_to(
            folder.path(),
            file.to_str().expect("a plain path"),
            &[]
        )),
        0
    );
    let rows = untimed_rows(&folder.path().join("trace.csv"));
    let kept: Vec<(&str, bool)> = rows
        .iter()
        .map(|row| (row[3].as_str(), row[row.len() - 1].is_empty()))
        .collect();
    assert_eq!(
        kept,
        [("0", false), ("10", true), ("20", true), ("25", false)]
    );
}

#[rstest]
fn results_are_written_as_tables_where_they_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let asked = ["--iterations", "3", "--tables", "md,tex,csv"];
    assert_eq!(status(&run_to(folder.path(), "valleys", &asked)), 0);
    for (name, begins) in [
        ("run.md", "| method | status | end |"),
        ("run.tex", "\\begin{tabular}"),
        ("run.csv", "method,status,end,k,f,"),
    ] {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("a table");
        assert!(text.starts_with(begins), "{text}");
    }
    let other = tempfile::tempdir().expect("a folder");
    let wrong = run_to(other.path(), "coreset", &["--tables", "docx"]);
    assert_eq!(status(&wrong), 2);
}

#[rstest]
fn the_page_of_baselines_shows_what_its_presets_come_to() {
    let page = include_str!("../../docs/baselines.md");
    // presets whose results do not depend on rounding, which differs between machines
    for preset in [
        "bvfsm-rescued",
        "bome-inner-steps",
        "bome-eta",
        "bome-step-size",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(
            status(&run_to(folder.path(), preset, &["--tables", "md"])),
            0
        );
        let table = std::fs::read_to_string(folder.path().join("run.md")).expect("a table");
        assert!(
            page.contains(&table),
            "{preset}: scripts/baselines.sh was not run; now:\n{table}"
        );
    }
}

#[rstest]
fn what_is_wrong_is_refused_in_a_sentence_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let out = out.to_str().expect("a plain path");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.to_str().expect("a plain path").to_owned()
    };
    let binary = file("binary.toml", &[0xff, 0xfe, 0x00, 0x80]);
    let empty = file("empty.toml", b"");
    let huge = file("huge.toml", &vec![b'#'; 2 << 20]);
    let plain = file("plain", b"");
    assert_refused(
        &["run", "coresett", "--out", out],
        "no file and no preset `coresett` (did you mean `coreset`?)",
    );
    assert_refused(&["run", &binary, "--out", out], "it is not text");
    assert_refused(&["run", &empty, "--out", out], "has no [problem] table");
    assert_refused(&["run", &huge, "--out", out], "larger than 1 MiB");
    assert_refused(
        &["run", folder.path().to_str().expect("plain"), "--out", out],
        "it is not a file",
    );
    assert_refused(
        &["run", "coreset", "--out", out, "--figures", "gif"],
        "invalid value 'gif'",
    );
    assert_refused(
        &["run", "coreset", "--out", out, "--iterations", "-1"],
        "--iterations",
    );
    assert_refused(
        &["run", "coreset", "--out", out, "--iterations", "1e9"],
        "--iterations",
    );
    assert_refused(
        &["run", "coreset", "--out", out, "--threads", "0"],
        "--threads",
    );
    assert_refused(&["run", "coreset"], "--out");
    assert_refused(
        &["run", "coreset", "--out", &format!("{plain}/below")],
        "cannot write",
    );
    assert_refused(
        &["figure", "coreset", "-o", &format!("{out}.bmp")],
        "is not known; name the figure OUT.svg, OUT.pdf, OUT.png or OUT.dat",
    );
    assert_refused(
        &["figure", "coreset", "-o", out, "--view", "race"],
        "is not known",
    );
    assert_refused(
        &[
            "figure",
            "coreset",
            "-o",
            &format!("{out}.svg"),
            "--view",
            "sweep",
        ],
        "needs the parameters to vary",
    );
    assert_refused(&["list", "fish"], "invalid value 'fish'");
    assert_refused(&["check", "coreset", "nothing.toml"], "nothing.toml");
    assert!(!Path::new(out).exists(), "nothing is written");
}

#[rstest]
fn minima_are_printed_to_twelve_digits_with_their_kind() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pbgd.toml");
    let file = file.to_str().expect("a plain path");
    // minima of a benchmark are searched anew, not read from its list
    for (id, digits) in [("pbgd", 12), ("mb-3-19", 11), ("henderson-quandt", 12)] {
        let text = format!("[problem]\nid = \"{id}\"\n[[method]]\nid = \"bome\"\n");
        std::fs::write(file, text).expect("the folder takes files");
        let output = lab(&["minima", file, "--json"]);
        assert_eq!(status(&output), 0, "{}", complaint_of(&output));
        let found: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        let problem = bilevel::problem::find(id).expect("it ships").instance();
        let known = &problem.metadata().minima;
        let found = found.as_array().expect("a list");
        assert_eq!(found.len(), known.len(), "{id}: {found:?}");
        for (found, known) in found.iter().zip(known) {
            let kind = if known.is_global { "global" } else { "local" };
            assert_eq!(found["kind"], kind, "{id}");
            let value = found["value"].as_f64().expect("a number");
            let slack = 10_f64.powi(1 - digits) * known.value.abs().max(1.0);
            assert!(
                (value - known.value).abs() <= slack,
                "{id}: {value}, known {}",
                known.value
            );
        }
    }
    let output = lab(&["minima", file]);
    let line = text(&output.stdout);
    assert!(
        line.starts_with("global  interior  φ = ") && line.contains("  at [["),
        "{line}"
    );
    let output = lab(&["minima", "mb-3-19"]);
    assert_eq!(
        text(&output.stdout).lines().count(),
        1,
        "a problem needs no file"
    );
    assert_refused(&["minima", "hyper-cleaning"], "cannot be searched");
}

#[rstest]
fn documents_that_are_lists_are_those_that_are_printed(
    #[values("catalogue", "glossary")] list: &str,
) {
    let output = lab(&["list", list]);
    assert_eq!(status(&output), 0);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{list}.md"));
    let written = std::fs::read_to_string(path).expect("the document");
    assert!(
        text(&output.stdout) == written,
        "cargo run -- list {list} > docs/{list}.md makes it anew"
    );
}

#[rstest]
fn a_machine_without_a_display_is_told_what_to_do_instead() {
    if cfg!(target_os = "linux") {
        assert_refused(&[], "there is no display");
        assert_refused(&["welcome"], "bilevel-lab run welcome --out out");
    }
}

#[rstest]
fn a_window_is_not_opened_on_a_wrong_file() {
    assert_refused(&["nowhere.toml"], "no file and no preset");
}

#[rstest]
fn an_experiment_is_one_line_of_text_in_place_of_a_file() {
    let output = lab(&["show", "pbgd", "--line"]);
    assert_eq!(status(&output), 0);
    let printed = text(&output.stdout);
    let line = printed.trim_end();
    assert_eq!(printed.lines().count(), 1);
    let whole = lab(&["show", line]);
    let read = Experiment::read("shown", &text(&whole.stdout)).expect("an experiment");
    let preset = bilevel_lab::embedded::open("pbgd").expect("the preset");
    assert_eq!(read, preset);
    let shorter = &line[..line.len() - 1];
    for command in ["check", "show"] {
        let output = lab(&[command, shorter]);
        assert_eq!(status(&output), 2);
        assert!(text(&output.stderr).contains("a character is missing or changed"));
    }
    assert_refused(&["show", "bilevel9:AAAA"], "begins with `bilevel9:`");
}
