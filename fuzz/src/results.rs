//! The readers of a results folder.

use bilevel::numerics::WorkToken;
use bilevel_files::{Experiment, MergedRuns, SetKind, StoredRuns, SurveyPart, TuningPart};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{empty_folder, parts};

/// The manifest, and after a line of `===` the table, of one of the four kinds are refused in a sentence, or read.
///
/// The digests of the manifest are mended first, since any change of the table would be refused by them alone.
pub fn results(data: &[u8]) {
    let parts = parts(data);
    let Some((kind, manifest)) = parts[0].split_first() else {
        return;
    };
    let kind = SetKind::ALL[usize::from(*kind) % SetKind::ALL.len()];
    let table = parts.get(1).copied().unwrap_or_default();
    let folder = empty_folder("results");
    std::fs::write(folder.join(kind.manifest()), mended(kind, manifest, table)).expect("a temporary file");
    std::fs::write(folder.join(kind.data()), table).expect("a temporary file");
    let token = WorkToken::default();
    let error = match kind {
        SetKind::Run => {
            let merged = MergedRuns::read(&[&folder], &token).err().map(|error| error.to_string());
            merged.or(StoredRuns::read(&folder, &token).err().map(|error| error.to_string()))
        }
        SetKind::Tuning => TuningPart::read(&folder).err().map(|error| error.to_string()),
        SetKind::Basins | SetKind::Sweep => SurveyPart::read(&folder).err().map(|error| error.to_string()),
    };
    if let Some(words) = error {
        assert!(!words.trim().is_empty());
        assert!(words.len() < 8000, "{words}");
    }
}

fn mended(kind: SetKind, manifest: &[u8], table: &[u8]) -> Vec<u8> {
    let Ok(mut whole) = serde_json::from_slice::<Value>(manifest) else {
        return manifest.to_vec();
    };
    let identity = whole["file"].as_str().and_then(|text| Experiment::read("results.toml", text).ok()).map(|read| read.identity());
    let Some(set) = whole.get_mut("set") else {
        return manifest.to_vec();
    };
    if let Some(files) = set.get_mut("files").and_then(Value::as_array_mut) {
        for file in files.iter_mut().filter(|file| file["name"] == kind.data() && file.is_object()) {
            file["bytes"] = json!(table.len());
            file["sha256"] = json!(Sha256::digest(table).iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        }
    }
    if let (Some(identity), true) = (identity, set.is_object()) {
        set["experiment"] = json!(identity.sha256);
    }
    serde_json::to_vec(&whole).expect("what was read can be written")
}
