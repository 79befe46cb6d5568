//! The command line as scripts use it: printed text, written files, and exit status.

use std::path::Path;
use std::process::{Command, Output};

use bilevel_files::Experiment;
use rstest::rstest;
use serde_json::Value as Json;

fn lab(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"));
    command
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET");
    command.output().expect("the program starts")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("the program was not killed")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("what is printed is text")
}

/// Checks for one sentence on standard error, and exit status 2.
#[track_caller]
fn assert_refused(arguments: &[&str], expected: &str) {
    let output = lab(arguments);
    let complaint = text(&output.stderr);
    assert_eq!(status(&output), 2, "{arguments:?}: {complaint}");
    assert!(
        complaint.starts_with("error: ") && complaint.contains(expected),
        "{arguments:?}: {complaint}"
    );
    assert_eq!(complaint.lines().count(), 1, "one sentence: {complaint}");
}

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
fn figures_are_drawn_in_the_format_of_their_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for (view, name, begins) in [
        ("race", "a.svg", &b"<svg"[..]),
        ("landscape", "b.png", &b"\x89PNG"[..]),
    ] {
        let path = folder.path().join(name);
        let output = lab(&[
            "figure",
            "minimax",
            "-o",
            path.to_str().expect("a plain path"),
            "--view",
            view,
        ]);
        assert_eq!(status(&output), 0, "{}", text(&output.stderr));
        assert!(
            std::fs::read(&path)
                .expect("the figure")
                .starts_with(begins)
        );
    }
}

#[rstest]
fn levels_and_their_own_metric_are_drawn_for_any_number_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    for levels in [2, 3, 5] {
        let file = folder.path().join("chain.toml");
        let text = format!(
            "iterations = 20\n[problem]\nid = \"chain\"\nlevels = {levels}\ndimension = 1\n\
             [[method]]\nid = \"implicit\"\n[view]\nrace_y = \"mse\"\n"
        );
        std::fs::write(&file, text).expect("the folder takes files");
        for view in ["levels", "nested", "race"] {
            let path = folder.path().join(format!("{view}-{levels}.svg"));
            let [file, out] = [&file, &path].map(|path| path.to_str().expect("a plain path"));
            let output = lab(&["figure", file, "-o", out, "--view", view]);
            assert_eq!(status(&output), 0, "{}", complaint_of(&output));
            let picture = std::fs::read_to_string(&path).expect("the figure");
            let drawn = picture.split_once("</metadata>").expect("metadata").1;
            let columns = (1..=9).filter(|n| drawn.contains(&format!("Level {n}")));
            assert_eq!(columns.count(), if view == "race" { 0 } else { levels });
            assert_eq!(drawn.contains("mse"), view == "race");
        }
    }
}

fn complaint_of(output: &Output) -> String {
    text(&output.stderr)
}

#[rstest]
fn a_figure_of_hypergradient_errors_has_its_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("errors.svg");
    let out = path.to_str().expect("a plain path");
    let output = lab(&["figure", "hypergradients", "-o", out]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let picture = std::fs::read_to_string(&path).expect("the figure");
    let drawn = picture.split_once("</metadata>").expect("metadata").1;
    // the name is at its line in both charts, and in the legend
    assert_eq!(drawn.matches("Implicit, exact").count(), 3);
}

#[rstest]
fn a_figure_is_as_large_as_it_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let draw = |name: &str, more: &[&str]| {
        let path = folder.path().join(name);
        let mut arguments = vec!["figure", "minimax", "-o"];
        arguments.push(path.to_str().expect("a plain path"));
        arguments.extend(more);
        let output = lab(&arguments);
        assert_eq!(status(&output), 0, "{}", text(&output.stderr));
        std::fs::read(path).expect("the figure")
    };
    let column = ["--width", "84", "--height", "60.5", "--font", "7"];
    let vector = text(&draw("a.svg", &column));
    assert!(vector.contains("width=\"84mm\" height=\"60.5mm\" viewBox=\"0 0 "));
    let dark = draw("b.svg", &["--width", "84", "--theme", "dark"]);
    assert!(text(&dark).contains("fill=\"#17191b\""));
    let more = ["--dpi", "600", "--view", "landscape"];
    let tall = ["--width", "84", "--height", "90.5", "--font", "7"];
    let pixels = draw("c.png", &[&tall[..], &more].concat());
    let reader = png::Decoder::new(std::io::Cursor::new(pixels)).read_info();
    let reader = reader.expect("a picture");
    let info = reader.info();
    assert_eq!((info.width, info.height), (1984, 2138));
    let size = info.pixel_dims.expect("its size on paper");
    assert_eq!((size.xppu, size.yppu), (23_622, 23_622));
}

#[rstest]
fn a_figure_holds_the_experiment_that_it_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let draw = |name: &str| {
        let path = folder.path().join(name);
        let path = path.to_str().expect("a plain path");
        assert_eq!(status(&lab(&["figure", "minimax", "-o", path])), 0);
        std::fs::read(path).expect("the figure")
    };
    let vector = text(&draw("a.svg"));
    let (_, inside) = vector.split_once("<metadata>").expect("it begins");
    let (inside, _) = inside.split_once("</metadata>").expect("it ends");
    let unescaped = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(inside.to_owned(), |text, (escaped, plain)| {
        text.replace(escaped, plain)
    });
    let mut reader = png::Decoder::new(std::io::Cursor::new(draw("a.png")))
        .read_info()
        .expect("a picture");
    reader.finish().expect("it is whole");
    let chunk = reader
        .info()
        .utf8_text
        .iter()
        .find(|chunk| chunk.keyword == bilevel_figure::EXPERIMENT_KEYWORD)
        .expect("the experiment");
    let expected = bilevel_lab::embedded::open("minimax").expect("the preset");
    for text in [unescaped, chunk.get_text().expect("text")] {
        let version = env!("CARGO_PKG_VERSION");
        assert!(
            text.starts_with(&format!("# Bilevel Lab {version}\n")),
            "{text}"
        );
        let read = Experiment::read("figure", &text).expect("what lies inside can be read");
        assert_eq!(read, expected);
    }
}

#[rstest]
fn the_same_figure_has_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let draw = |name: &str| {
        let path = folder.path().join(name);
        assert_eq!(
            status(&lab(&[
                "figure",
                "coreset",
                "-o",
                path.to_str().expect("a plain path")
            ])),
            0
        );
        std::fs::read(path).expect("the figure")
    };
    assert!(draw("a.svg") == draw("b.svg"));
    assert!(draw("a.png") == draw("b.png"));
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
fn a_page_that_cannot_be_is_refused_before_any_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let out = out.to_str().expect("a plain path");
    for (option, value, expected) in [
        (
            "--width",
            "9",
            "the width must be a number from 10 to 1000 mm",
        ),
        (
            "--width",
            "-84",
            "the width must be a number from 10 to 1000 mm",
        ),
        (
            "--height",
            "inf",
            "the height must be a number from 10 to 1000 mm",
        ),
        (
            "--font",
            "NaN",
            "the font size must be a number from 4 to 72 pt",
        ),
        (
            "--font",
            "eight",
            "the font size must be a number from 4 to 72 pt",
        ),
        (
            "--dpi",
            "5000",
            "the resolution must be a number from 36 to 1200 dpi",
        ),
        ("--theme", "pink", "invalid value 'pink'"),
    ] {
        let picture = format!("{out}.svg");
        assert_refused(
            &["figure", "coreset", "-o", &picture, option, value],
            expected,
        );
    }
    let poster = ["--width", "1000", "--height", "1000", "--dpi", "1200"];
    let picture = format!("{out}.png");
    let mut arguments = vec!["figure", "coreset", "-o", &picture];
    arguments.extend(poster);
    assert_refused(&arguments, "choose a lower resolution");
    let left = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(left, 0, "nothing is written");
}

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
        "[problem]\nid = 'sine'\n[[method]]\nid = 'bome'\n".to_owned(),
        note("view = 'race'\ntext = 'seen'"),
        note("view = 'race'\ntext = 'other axes'\naxes = ['time', 'f']"),
        note("view = 'learned'\ntext = 'no view'"),
        note("view = 'race'\ntext = 'from $x_{1$ on'"),
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
    let output = lab(&["check", "--json", file]);
    let entries: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let undrawn = &entries[0]["undrawn_notes"];
    assert_eq!(undrawn.as_array().map(Vec::len), Some(2), "{undrawn}");
    assert_eq!(undrawn[0]["note"], 2);
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
