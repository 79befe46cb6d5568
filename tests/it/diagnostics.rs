//! `run --diagnostics`: the quantities of steps in a table, compared with steps that are computed here.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use bilevel::numerics::WorkToken;
use bilevel::run::StepReplay;
use bilevel_files::DiagnosticsTable;
use rstest::rstest;

const TEXT: &str = "title = 'Steps'
iterations = 10
seeds = [3]
record_every = 4
[problem]
id = 'quadratic'
[[method]]
id = 'itd'
label = 'Unrolled, \"ours\"'
inner_steps = 3
[[method]]
id = 'mrbo'
gradient_noise = 0.1
";

fn lab(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"));
    command.current_dir(folder).args(arguments);
    command.output().expect("the program starts")
}

#[rstest]
fn the_table_holds_every_number_of_the_recorded_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("steps.toml"), TEXT).expect("written");
    let call = ["run", "steps.toml", "--out", "out", "--diagnostics"];
    let ended = lab(folder.path(), &call);
    assert!(ended.status.success(), "{ended:?}");
    let out = folder.path().join("out");
    let mut table = csv::Reader::from_path(out.join("diagnostics.csv")).expect("the table");
    let header: Vec<String> = table
        .headers()
        .expect("names")
        .iter()
        .map(Into::into)
        .collect();
    assert_eq!(header, DiagnosticsTable::header());
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
    let mut rows = rows.iter();

    let experiment = bilevel_files::Experiment::read("steps.toml", TEXT).expect("it is valid");
    let problem = experiment.problem.build();
    let shape = problem.metadata().shape();
    let token = WorkToken::default();
    let mut levels = BTreeSet::new();
    for (key, spec) in experiment.runs(&problem).expect("its runs") {
        let label = &experiment.methods[key.method].label;
        let mut replay = StepReplay::new(spec);
        // row 0 has no step; the last iterate is recorded even if the interval would skip it
        for k in [4, 8, 10] {
            let record = replay.step(k, &token).expect("the run has it");
            for term in record.terms.all() {
                for (at, value) in term.components(shape) {
                    let row = rows.next().expect("a row for each number");
                    assert_eq!(&row[0], label);
                    assert_eq!([&row[1], &row[2]], ["1", "3"]);
                    assert_eq!(row[3].parse(), Ok(k));
                    assert_eq!(&row[4], term.info.name);
                    assert_eq!(row[5].parse(), Ok(at.row));
                    assert_eq!(row[6].parse().unwrap_or(0), at.level);
                    assert_eq!(row[7].parse(), Ok(at.index + 1));
                    let found: f64 = row[8].parse().expect("a number");
                    assert_eq!(found.to_bits(), value.to_bits(), "{row:?}");
                    levels.insert(at.level);
                }
            }
        }
    }
    assert_eq!(rows.next(), None, "no further rows");
    assert_eq!(levels.into_iter().collect::<Vec<_>>(), [0, 1, 2]);

    let summary = std::fs::read_to_string(out.join("summary.json")).expect("the summary");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let files = summary["set"]["files"].as_array().expect("the manifest");
    let listed = files.iter().find(|file| file["name"] == "diagnostics.csv");
    assert_eq!(listed.expect("it is listed")["columns"][8], "value");
    // a later call without the option removes it, like every file of a set
    assert!(lab(folder.path(), &call[..4]).status.success());
    assert!(!out.join("diagnostics.csv").exists());
}

#[rstest]
fn a_table_that_is_too_long_or_has_no_folder_is_refused_before_the_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = TEXT.replace("iterations = 10", "iterations = 100000000");
    let text = text.replace("record_every = 4", "record_every = 1");
    std::fs::write(folder.path().join("long.toml"), text).expect("written");
    let refused = |arguments: &[&str]| {
        let ended = lab(folder.path(), arguments);
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        String::from_utf8_lossy(&ended.stderr).into_owned()
    };
    let words = refused(&["run", "long.toml", "--out", "out", "--diagnostics"]);
    assert!(words.contains("record_every"), "{words}");
    assert_eq!(words.trim().lines().count(), 1, "{words}");
    assert!(!folder.path().join("out/trace.csv").exists());
    let words = refused(&["run", "long.toml", "--out", "-", "--diagnostics"]);
    assert!(words.contains("--diagnostics"), "{words}");
}
