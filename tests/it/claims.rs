//! The documents on the claims of two papers: one command writes all of them reproducibly, and they agree with the
//! window.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use bilevel_claims::{CLAIMS, Word, find};
use bilevel_lab::embedded::open;
use rstest::rstest;

use crate::program::{command, lab};

/// The only file that differs from run to run.
const TIMES: &str = "claims/times.csv";

fn written(folder: &Path, threads: &str) -> (Output, BTreeMap<String, Vec<u8>>) {
    let out = folder.to_str().expect("a plain path");
    let output = lab(&["claims", "--out", out, "--quick", "--threads", threads]);
    let mut files = BTreeMap::new();
    for part in ["", "claims", "guide"] {
        for file in std::fs::read_dir(folder.join(part)).expect("the folder is there") {
            let path = file.expect("a file").path();
            if path.is_file() {
                let name = path.strip_prefix(folder).expect("inside").to_string_lossy();
                files.insert(
                    name.replace('\\', "/"),
                    std::fs::read(&path).expect("it is read"),
                );
            }
        }
    }
    (output, files)
}

/// The rows of a table, keyed by column name.
fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut table = csv::Reader::from_reader(bytes);
    let rows = table.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

#[cfg(unix)]
#[rstest]
fn a_signal_ends_the_measurement_and_no_file_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let mut command = command(&["claims", "--out"]);
    command.arg(&out);
    let child = command.stderr(std::process::Stdio::piped()).spawn();
    let child = child.expect("the program starts");
    while !out.join("guide").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let sent = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(sent.expect("kill").success());
    let output = child.wait_with_output().expect("it ends");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(143), "{words}");
    assert!(words.contains("no file was written"), "{words}");
    for part in ["", "claims", "guide"] {
        let names = std::fs::read_dir(out.join(part)).expect("the folder");
        let files = names.filter(|name| name.as_ref().is_ok_and(|name| name.path().is_file()));
        assert_eq!(files.count(), 0, "{part}");
    }
}

#[rstest]
fn one_command_writes_all_documents_the_same_way_twice_and_they_agree_with_the_window() {
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let (output, first) = written(folders[0].path(), "2");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // the measured verdicts are those of the list
    let verdicts = rows(&first["claims/verdicts.csv"]);
    assert_eq!(verdicts.len(), CLAIMS.len());
    for row in &verdicts {
        let claim = find(&row["claim"]).expect("the claim is in the list");
        assert_eq!(row["verdict"], claim.word.text(), "{}", claim.id);
        assert_eq!(row["preset"], claim.preset);
        assert!(open(claim.preset).is_ok(), "{}", claim.preset);
    }
    let page = String::from_utf8(first["claims.md"].clone()).expect("the page is text");
    for claim in CLAIMS {
        for words in [
            format!("### \"{}\"", claim.phrase),
            format!("`bilevel-lab {}`", claim.preset),
        ] {
            assert!(page.contains(&words), "{words}");
        }
    }
    // sentences that state a result name an existing file
    let results: Vec<&str> = page.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(results.len() > 2 * CLAIMS.len(), "{}", results.len());
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for line in results {
        let mut links = line.split("](").skip(1);
        let link = links.next().and_then(|rest| rest.split(')').next());
        let link = link.unwrap_or_else(|| panic!("no file: {line}"));
        assert!(
            first.contains_key(link) || docs.join(link).is_file(),
            "{link}"
        );
        assert!(!line.contains("NaN"), "{line}");
    }
    for (name, page) in [
        ("claims.md", &page),
        ("guide.md", &text(&first, "guide.md")),
    ] {
        for picture in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let is_own = picture.starts_with("claims/") || picture.starts_with("guide/");
            assert!(!is_own || first.contains_key(picture), "{name}: {picture}");
        }
    }
    assert_eq!(
        first
            .keys()
            .filter(|name| name.starts_with("guide/"))
            .count(),
        14
    );
    // again, with another number of threads
    let (_, second) = written(folders[1].path(), "1");
    assert!(first.keys().eq(second.keys()));
    for (name, bytes) in &first {
        assert!(name == TIMES || *bytes == second[name], "{name} differs");
    }
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("it is text")
}

#[rstest]
fn the_documents_that_ship_are_whole_and_say_what_the_list_says() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = std::fs::read_to_string(docs.join("claims.md")).expect("the page ships");
    assert!(
        !page.contains("At reduced size"),
        "the page is that of a full run"
    );
    let verdicts = rows(&std::fs::read(docs.join("claims/verdicts.csv")).expect("it ships"));
    for claim in CLAIMS {
        let row = verdicts.iter().find(|row| row["claim"] == claim.id);
        assert_eq!(
            row.map(|row| row["verdict"].as_str()),
            Some(claim.word.text())
        );
        assert!(page.contains(claim.reason), "{}", claim.id);
    }
    let guide = std::fs::read_to_string(docs.join("guide.md")).expect("the guide ships");
    for (page, name) in [(&page, "claims.md"), (&guide, "guide.md")] {
        for link in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let is_there = link.starts_with('#') || docs.join(link).is_file();
            assert!(is_there, "{name}: {link}");
        }
    }
    assert_eq!(guide.matches("](guide/").count(), 14);
    assert!(CLAIMS.iter().any(|claim| claim.word == Word::DoesNotHold));
}
