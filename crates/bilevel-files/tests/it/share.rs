//! Experiments as lines of text: presets come back, damaged lines are refused.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bilevel_files::{Experiment, ShareError, is_shared_line};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rstest::rstest;
use sha2::{Digest as _, Sha256};

use crate::presets;

/// A line made by hand, whatever its text.
fn line_of(text: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(text.as_bytes())
        .expect("bytes are written to memory");
    let packed = encoder.finish().expect("bytes are written to memory");
    let digest = Sha256::new()
        .chain_update("bilevel1:")
        .chain_update(&packed)
        .finalize();
    let bytes = [&digest[..8], &packed].concat();
    format!("bilevel1:{}", URL_SAFE_NO_PAD.encode(bytes))
}

#[rstest]
fn every_preset_comes_back_from_its_line() {
    for preset in presets::all() {
        let experiment = preset.read().unwrap();
        let line = experiment.to_line().unwrap();
        assert!(is_shared_line(&line) && !line.contains(char::is_whitespace));
        assert_eq!(Experiment::from_line(&line).unwrap(), experiment);
        // as mail programs break it
        let broken: Vec<String> = line
            .as_bytes()
            .chunks(76)
            .map(|it| String::from_utf8_lossy(it).into_owned())
            .collect();
        let broken = format!("  {}\r\n", broken.join("\r\n"));
        assert_eq!(Experiment::from_line(&broken).unwrap(), experiment);
    }
}

#[rstest]
fn a_line_with_one_changed_character_is_refused() {
    let line = presets::open("pbgd").to_line().unwrap();
    let characters: Vec<char> = line.chars().collect();
    for place in 0..characters.len() {
        for other in ['A', 'B', 'f', 'z', '0', '9', '-', '_', '=', '+', ':', 'é'] {
            let mut changed = characters.clone();
            if std::mem::replace(&mut changed[place], other) != other {
                let changed: String = changed.into_iter().collect();
                assert!(Experiment::from_line(&changed).is_err(), "{place} {other}");
            }
        }
        let cut: String = characters[..place].iter().collect();
        assert!(Experiment::from_line(&cut).is_err(), "cut at {place}");
        let mut gap = characters.clone();
        gap.remove(place);
        let gap: String = gap.into_iter().collect();
        assert!(Experiment::from_line(&gap).is_err(), "without {place}");
    }
}

#[rstest]
fn what_is_wrong_is_said() {
    let whole = presets::open("pbgd").to_line().unwrap();
    let error = |line: &str| Experiment::from_line(line).unwrap_err();
    assert!(matches!(error("coreset"), ShareError::NoLine));
    assert!(!is_shared_line("title = \"bilevel\"") && !is_shared_line("bilevel:"));
    let next = whole.replace("bilevel1:", "bilevel2:");
    assert!(is_shared_line(&next) && matches!(error(&next), ShareError::OtherVersion(_)));
    assert!(matches!(error(&whole[..40]), ShareError::Damaged));
    let wrong = line_of("title = \"x\"\n[problem]\nid = \"nothing\"\n");
    assert!(error(&wrong).to_string().contains("line:3:6"));
    // a small line may unpack to a large text
    let bomb = line_of(&"#".repeat(64 << 20));
    assert!(bomb.len() < 100_000);
    assert!(matches!(error(&bomb), ShareError::TooLarge));
    let full = format!(
        "{}\n{}",
        presets::preset("pbgd").text,
        "#".repeat(256 << 10)
    );
    assert!(matches!(error(&line_of(&full)), ShareError::TooLarge));
}

#[rstest]
fn an_experiment_with_a_file_of_data_has_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    let rows: Vec<String> = (0..30)
        .map(|row| format!("{row},{},{}", row * row % 7, 2 * row % 5))
        .collect();
    std::fs::write(&path, format!("a,b,c\n{}\n", rows.join("\n"))).unwrap();
    let text = format!(
        "[problem]\nid = \"robust-regression\"\ndata = {:?}\n[[method]]\nid = \"itd\"\n",
        path.to_str().unwrap()
    );
    let experiment = Experiment::read("mine.toml", &text).unwrap();
    let error = experiment.to_line().unwrap_err();
    assert!(matches!(error, ShareError::NeedsData(_)));
    assert!(error.to_string().contains("mine.csv"), "{error}");
}
