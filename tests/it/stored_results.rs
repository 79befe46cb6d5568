//! Results that stand alone: summaries, and figures and tables from the files of a folder.

use std::path::Path;

use rstest::rstest;

use crate::program::{SHORT, command, ends_with, experiment, json, names, path};

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
