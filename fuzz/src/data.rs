//! The readers of data files.

use bilevel::data::{ColumnChoice, DataSet, DataTable, MissingCells, SparseSet, TableChoice};

use crate::{empty_folder, parts};

/// A table is refused in a sentence, or has columns of equal lengths; each choice of columns is refused in a sentence, or
/// has finite targets, and features that are finite or await a mean.
pub fn table(data: &[u8]) {
    let folder = empty_folder("table");
    let path = folder.join("table.csv");
    std::fs::write(&path, data).expect("a temporary file");
    let read = DataTable::read(path.to_str().expect("a path of text"));
    let table = match read {
        Ok(table) => table,
        Err(error) => return check_sentence(&error.to_string()),
    };
    assert!(table.rows() > 0);
    let targets = [None, Some(ColumnChoice::Number(1.0)), Some(ColumnChoice::Name("target".to_owned()))];
    for target in targets {
        for missing in [MissingCells::Refuse, MissingCells::Drop, MissingCells::Mean] {
            for is_class in [false, true] {
                let choice = TableChoice { target: target.clone(), features: Vec::new(), missing, is_class };
                match table.choose(&choice) {
                    Ok(chosen) => {
                        assert_eq!(chosen.x.len(), chosen.rows.len() * chosen.features.len());
                        assert!(chosen.y.iter().all(|number| number.is_finite()));
                        let awaits = missing == MissingCells::Mean;
                        assert!(chosen.x.iter().all(|number| number.is_finite() || (awaits && number.is_nan())));
                    }
                    Err(error) => check_sentence(&error.reason),
                }
            }
        }
    }
}

/// Sparse rows, and those of a test set after a line of `===`, are refused in a sentence, or have finite values, features
/// within the number of features and classes within the number of classes.
pub fn sparse(data: &[u8]) {
    let folder = empty_folder("sparse");
    let path = folder.join("rows.svm");
    let parts = parts(data);
    std::fs::write(&path, parts[0]).expect("a temporary file");
    if let Some(test) = parts.get(1) {
        std::fs::write(folder.join("rows.t"), test).expect("a temporary file");
        std::fs::write(folder.join("rows.svm.t"), test).expect("a temporary file");
    }
    match SparseSet::read(path.to_str().expect("a path of text")) {
        Ok(set) => {
            for rows in [Some(&set.pool), set.test.as_ref()].into_iter().flatten() {
                assert_eq!(rows.ends.last().copied().unwrap_or(0), rows.values.len());
                assert_eq!(rows.features.len(), rows.values.len());
                assert_eq!(rows.classes.len(), rows.len());
                assert!(rows.values.iter().all(|value| value.is_finite() && *value != 0.0));
                assert!(rows.features.iter().all(|&feature| (feature as usize) < set.features));
                assert!(rows.classes.iter().all(|&class| (class as usize) < set.classes));
            }
        }
        Err(error) => check_sentence(&error.to_string()),
    }
}

/// Images and labels, between lines of `===`, are refused in a sentence, or have as many images as labels.
pub fn images(data: &[u8]) {
    let folder = empty_folder("images");
    let names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
    for (name, part) in names.iter().zip(parts(data)) {
        std::fs::write(folder.join(name), part).expect("a temporary file");
    }
    match DataSet::read(folder.to_str().expect("a path of text")) {
        Ok(set) => {
            let most = set.classes();
            for images in [Some(&set.pool), set.test.as_ref()].into_iter().flatten() {
                assert!(!images.is_empty());
                for number in 0..images.len() {
                    assert_eq!(images.image(number).len(), images.pixels);
                }
                assert!(images.labels.iter().all(|&label| usize::from(label) < most));
            }
        }
        Err(error) => check_sentence(&error.to_string()),
    }
}

fn check_sentence(words: &str) {
    assert!(!words.trim().is_empty());
    assert!(words.len() < 4000, "{words}");
}
