//! Data from files: the accepted layouts of tables, the choice of their columns and rows, and classes of any number.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use approx::assert_relative_eq;
use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel_files::Experiment;
use flate2::Compression;
use flate2::write::GzEncoder;
use rstest::rstest;
use tempfile::TempDir;

use crate::oracles::{assert_blocks, assert_gradients, assert_products};

/// A folder with one file.
fn folder(name: &str, bytes: impl AsRef<[u8]>) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), bytes).expect("written");
    folder
}

/// Reads an experiment that lies in a folder.
fn read(folder: &Path, id: &str, lines: &str) -> Result<Experiment, String> {
    let file = folder.join("x.toml");
    let method = if id == "robust-regression" {
        "implicit"
    } else {
        "bome"
    };
    let text = format!("[problem]\nid = \"{id}\"\n{lines}\n[[method]]\nid = \"{method}\"\n");
    Experiment::read(&file.to_string_lossy(), &text).map_err(|error| {
        let prefix = format!("{}/", folder.display());
        error.to_string().replace('\\', "/").replace(&prefix, "")
    })
}

fn built(folder: &TempDir, id: &str, lines: &str) -> Arc<dyn Problem> {
    let experiment = read(folder.path(), id, lines).expect("the experiment is right");
    experiment.problem.build()
}

const SIZES: &str = "train = 5\nvalidation = 4";

/// Twelve rows of two features and a target.
fn rows() -> Vec<[f64; 3]> {
    let row = |i: i32| {
        let x = f64::from(i);
        [(x * 1.7).sin(), (x * 0.6).cos(), (x * 2.3).sin() + 0.1 * x]
    };
    (0..12).map(row).collect()
}

fn table(separator: &str, names: &str) -> String {
    let mut text = names.to_owned();
    for row in rows() {
        text += &row.map(|number| number.to_string()).join(separator);
        text.push('\n');
    }
    text
}

/// The leader's objective at a point off the start, and the data in words.
fn read_as(bytes: impl AsRef<[u8]>, lines: &str) -> (f64, String) {
    let folder = folder("t.csv", bytes);
    let lines = format!("data = \"t.csv\"\n{SIZES}\n{lines}");
    let problem = built(&folder, "robust-regression", &lines);
    let mut point = problem.metadata().start.clone();
    let last = point.shape().levels();
    point[last].copy_from_slice(&[0.3, -0.2]);
    let value = problem.value(1, &point, &WorkToken::default());
    (value, problem.data_summary().expect("it has data"))
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).expect("packed");
    gzip.finish().expect("packed")
}

#[rstest]
fn every_usual_layout_of_a_table_has_the_same_numbers() {
    let plain = table(",", "a,b,t\n");
    let (value, words) = read_as(&plain, "");
    assert_eq!(
        words,
        "12 rows, 2 features, target `t`; 5 for training, 4 for validation, 3 for the test; standardized over the training rows"
    );
    let commas = table(";", "a;b;t\n").replace('.', ",");
    let indexed: String = plain
        .lines()
        .enumerate()
        .map(|(number, line)| match number.checked_sub(1) {
            None => format!(",{line}\n"),
            Some(row) => format!("{row},{line}\n"),
        })
        .collect();
    let without_name: String = plain
        .lines()
        .enumerate()
        .map(|(number, line)| match number {
            0 => format!("{line}\n"),
            _ => format!("\"row {number}\",{line}\n"),
        })
        .collect();
    let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let marked = format!("\u{feff}{plain}");
        marked.encode_utf16().flat_map(order).collect()
    };
    let unmarked: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let layouts: [(&str, Vec<u8>, &str); 16] = [
        ("semicolons", table(";", "a;b;t\n").into(), "semicolons"),
        ("decimal commas", commas.into(), "decimal commas"),
        ("tabs", table("\t", "a\tb\tt\n").into(), "tabs"),
        ("blanks", table("  ", " a b   t\n").into(), "blanks"),
        ("no names", table(",", "").into(), "no line of names"),
        ("comments", format!("# from a\n{plain}# end\n\n").into(), ""),
        (
            "quotes",
            plain.replace("a,b,t", "\"a\",\"b\",\"t\"").into(),
            "",
        ),
        (
            "spreadsheet",
            format!("sep=;\n{}", table(";", "a;b;t\n")).into(),
            "semicolons",
        ),
        ("lines of Windows", plain.replace('\n', "\r\n").into(), ""),
        ("a mark", format!("\u{feff}{plain}").into(), ""),
        ("an index", indexed.into(), "index and left out"),
        ("names of rows", without_name.into(), "index and left out"),
        ("UTF-16", wide(u16::to_le_bytes), "in UTF-16"),
        (
            "UTF-16, high bytes first",
            wide(u16::to_be_bytes),
            "in UTF-16",
        ),
        ("UTF-16 without a mark", unmarked, "in UTF-16"),
        ("gzip", packed(plain.as_bytes()), "packed with gzip"),
    ];
    for (layout, bytes, remark) in layouts {
        let (found, words) = read_as(&bytes, "");
        assert_eq!(found.to_bits(), value.to_bits(), "{layout}: {words}");
        assert!(words.contains(remark), "{layout}: {words}");
    }
}

#[rstest]
fn what_is_no_table_is_named() {
    let said = |bytes: &[u8]| {
        let folder = folder("t.csv", bytes);
        read(folder.path(), "robust-regression", "data = \"t.csv\"").expect_err("it is refused")
    };
    for (bytes, sentence) in [
        (
            &b"PK\x03\x04rest"[..],
            "it is a ZIP archive or an Excel workbook, and no text",
        ),
        (
            b"\x28\xb5\x2f\xfdrest",
            "it is packed with zstd, and no text",
        ),
        (b"a;b\n1;2\n\xe4;3\n", "byte 0xE4 in line 3 is not UTF-8"),
        (b"", "it is empty"),
        (
            b"a;b\n1,5;2\n2.5;3\n4;5\n",
            "t.csv, line 3: \"2.5\" has another decimal mark",
        ),
        (
            b"a,b\n1,2\n1e200,3\n4,5\n",
            "t.csv, line 3: \"1e200\" in column \"a\" is out of range",
        ),
        (
            b"a,b\n1,2\n,3\n4,5\n",
            "t.csv, line 3: column \"a\" has no number here; `missing = \"drop\"`",
        ),
        (
            b"a,b\n1,2\nx,3\n4,5\n",
            "t.csv, line 3: \"x\" in column \"a\" is not a finite number",
        ),
    ] {
        let said = said(bytes);
        assert!(
            said.starts_with("x.toml:3:8: ") && said.contains(sentence),
            "{said}"
        );
    }
}

#[rstest]
fn columns_are_chosen_by_name_or_number() {
    let text = table(",", "a,b,t\n");
    let swapped: Vec<String> = text
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            format!("{},word,{},{}", cells[2], cells[0], cells[1])
        })
        .collect();
    let swapped = swapped.join("\n");
    let (value, _) = read_as(&text, "");
    for choice in [
        "target = \"t\"\nfeatures = [\"a\", \"b\"]",
        "target = 1\nfeatures = [3, 4]",
    ] {
        let (found, words) = read_as(&swapped, choice);
        assert_eq!(found.to_bits(), value.to_bits(), "{words}");
    }
    let folder = folder("t.csv", &swapped);
    let said = |choice: &str| {
        let lines = format!("data = \"t.csv\"\n{choice}");
        read(folder.path(), "robust-regression", &lines).expect_err("it is refused")
    };
    assert_eq!(
        said("target = \"u\""),
        "x.toml:4:10: t.csv: there is no column \"u\"; there are \"t\", \"word\", \"a\", \"b\""
    );
    assert_eq!(
        said("target = \"t\"\nfeatures = [\"a\", \"t\"]"),
        "x.toml:5:12: t.csv: column \"t\" is the target, and no feature"
    );
    assert_eq!(
        said("target = \"t\""),
        "x.toml:3:8: t.csv, line 2: \"word\" in column \"word\" is not a finite number; `features = [...]` may name the columns that are"
    );
    assert_eq!(
        said("features = [1.5]"),
        "x.toml:4:12: `features` must be a list of the names of columns in quotes, or of their numbers from 1, not [1.5]"
    );
}

#[rstest]
fn rows_with_missing_cells_are_left_out_or_filled_by_the_training_mean() {
    let mut lines: Vec<String> = table(",", "a,b,t\n")
        .lines()
        .map(ToOwned::to_owned)
        .collect();
    let (value, _) = read_as(lines.join("\n"), "");
    lines.insert(3, "NA,0.5,1".to_owned());
    lines.insert(5, "0.5,,1".to_owned());
    let (found, words) = read_as(lines.join("\n"), "missing = \"drop\"");
    assert_eq!(found.to_bits(), value.to_bits());
    assert!(
        words.contains("2 rows with missing cells left out"),
        "{words}"
    );

    // 1, 2, 3 and a gap in training: the gap is 2, and the mean and deviation are those of 1, 2, 3, 2
    let gap = "a,t\n1,1\n2,0\n3,2\n?,1\n5,3\n7,-1\n9,0\n4,\n";
    let folder = folder("t.csv", gap);
    let lines =
        "data = \"t.csv\"\ntrain = 4\nvalidation = 1\nmissing = \"mean\"\nadversary = false";
    let problem = built(&folder, "robust-regression", lines);
    let words = problem.data_summary().expect("it has data");
    assert!(
        words.starts_with("7 rows, 1 feature, target `t`, 1 row with"),
        "{words}"
    );
    assert!(
        words.contains("1 missing cell filled by the mean"),
        "{words}"
    );
    let mut point = problem.metadata().start.clone();
    point[2][0] = 1.0;
    // the validation row (5, 3): x = 3 / sqrt(1/2), y = 2 / sqrt(1/2)
    let value = problem.value(1, &point, &WorkToken::default());
    assert_relative_eq!(value, 2.0, max_relative = 1e-12);
}

#[rstest]
fn only_training_rows_set_the_scale_unless_all_are_asked_for() {
    let value = |rest: &str, choice: &str| {
        let rows = format!("a,t\n1,1\n2,0\n3,2\n5,3\n{rest}\n");
        let folder = folder("t.csv", rows);
        let lines =
            format!("data = \"t.csv\"\ntrain = 3\nvalidation = 1\nadversary = \"off\"\n{choice}");
        let problem = built(&folder, "robust-regression", &lines);
        let mut point = problem.metadata().start.clone();
        point[2][0] = 0.5;
        problem.value(1, &point, &WorkToken::default())
    };
    let trained = value("7,4", "");
    assert_eq!(trained.to_bits(), value("100,-50", "").to_bits());
    assert_eq!(
        trained.to_bits(),
        value("100,-50", "standardize = true").to_bits()
    );
    assert!(trained != value("100,-50", "standardize = \"all\""));
    assert_relative_eq!(value("7,4", "standardize = \"off\""), 0.25);
    let folder = folder("t.csv", "a,t\n1,1\n1,0\n1,2\n5,3\n6,1\n");
    let lines = "data = \"t.csv\"\ntrain = 3\nvalidation = 1";
    assert_eq!(
        read(folder.path(), "robust-regression", lines).expect_err("it is refused"),
        "x.toml:4:9: t.csv: column \"a\" is constant over the 3 training rows, so it cannot be standardized"
    );
}

#[rstest]
fn parts_may_be_shares_and_defaults_give_way_to_small_data() {
    let row = |i: i32| format!("{},{}", (f64::from(i) * 1.3).sin(), i * i % 7);
    let text = (0..50).map(row).collect::<Vec<_>>().join("\n");
    let folder = folder("t.csv", format!("a,t\n{text}"));
    for (lines, sizes) in [
        (
            "train = 0.6\nvalidation = 0.2",
            "30 for training, 10 for validation, 10 for the test",
        ),
        (
            "train = 10\nvalidation = 0.5",
            "10 for training, 25 for validation, 15 for the test",
        ),
        ("", "30 for training, 10 for validation, 10 for the test"),
        (
            "train = 20",
            "20 for training, 15 for validation, 15 for the test",
        ),
    ] {
        let lines = format!("data = \"t.csv\"\n{lines}");
        let words = built(&folder, "robust-regression", &lines).data_summary();
        let words = words.expect("it has data");
        assert!(words.contains(sizes), "{lines}: {words}");
    }
    for (line, value) in [
        ("train = 1.5", "1.5"),
        ("train = 0", "0"),
        ("train = -0.5", "-0.5"),
    ] {
        assert_eq!(
            read(folder.path(), "robust-regression", line).expect_err("it is refused"),
            format!(
                "x.toml:3:9: `train` must be a whole number from 1 to 10000, or a share of the data between 0 and 1, not {value}"
            )
        );
    }
    assert_eq!(
        read(folder.path(), "regularization", "test = 0.5").expect_err("it is refused"),
        "x.toml:3:8: a share is one of the samples of a file; documents that are drawn have a number"
    );
}

/// Forty rows of three classes with names.
fn flowers() -> String {
    let row = |i: usize| {
        let class = ["setosa", "versicolor", "virginica"][i % 3];
        let x = |by: f64| (i as f64 * by).sin() + (i % 3) as f64;
        format!("{:.4},{:.4},{class}\n", x(1.3), x(2.1))
    };
    let rows: String = (0..40).map(row).collect();
    format!("length,width,kind\n{rows}")
}

#[rstest]
fn a_table_of_classes_can_be_cleaned() {
    let folder = folder("iris.csv", flowers());
    let lines = "data = \"iris.csv\"\ntrain = 6\nvalidation = 5\ntest = 0.25";
    let problem = built(&folder, "hyper-cleaning", lines);
    assert_eq!(
        problem.data_summary().expect("it has data"),
        "40 rows, 2 features, target `kind`, 3 classes (setosa, versicolor, virginica); 6 for training, 5 for validation, 10 for the test; standardized over the training rows"
    );
    assert_eq!(problem.metadata().start[2].len(), 9);
    let batch = problem
        .sampled()
        .expect("it has samples")
        .on_batch(&[4, 1, 2]);
    for problem in [&*problem, &*batch] {
        assert_gradients(problem);
        assert_products(problem);
    }
    assert_blocks(&*problem);
    let metrics = problem.metrics(&problem.metadata().start, &WorkToken::default());
    assert_relative_eq!(metrics[0], 3.0_f64.ln(), max_relative = 1e-12);
    let words = built(&folder, "hyper-cleaning", "data = \"iris.csv\"").data_summary();
    assert!(
        words
            .expect("it has data")
            .contains("24 for training, 8 for validation, 8 for")
    );
}

#[rstest]
fn a_continuous_target_is_no_class() {
    let said = |text: &str, lines: &str| {
        let folder = folder("t.csv", text);
        let lines = format!("data = \"t.csv\"\n{lines}");
        read(folder.path(), "hyper-cleaning", &lines).expect_err("it is refused")
    };
    assert_eq!(
        said(&table(",", "a,b,t\n"), ""),
        "x.toml:3:8: t.csv: target \"t\" has 12 different values in 12 rows: it is continuous, and a classification needs classes"
    );
    let many = (0..60).map(|i| format!("{i}.5,{}", i * 3 % 50));
    let many = many.collect::<Vec<_>>().join("\n");
    assert!(said(&format!("a,t\n{many}"), "").contains("50 different values in 60 rows"));
    assert!(said("a,t\n1,1\n2,1\n3,1\n", "target = \"t\"").contains("one class alone"));
    let folder = folder("iris.csv", flowers());
    assert_eq!(
        read(folder.path(), "robust-regression", "data = \"iris.csv\"").expect_err("it is refused"),
        "x.toml:3:8: iris.csv, line 2: \"setosa\" in column \"kind\" is not a finite number; `target = \"...\"` may name a column of numbers"
    );
}

fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    file.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    file.extend(bytes);
    file
}

#[rstest]
fn images_have_any_number_of_classes() {
    let pixels: Vec<u8> = (0..240).map(|i| (i * 37 % 256) as u8).collect();
    let labels: Vec<u8> = (0..60).map(|i| (i * 7 % 26) as u8).collect();
    let folder = folder("train-images-idx3-ubyte", idx(&[60, 2, 2], &pixels));
    let path = folder.path().join("train-labels-idx1-ubyte");
    std::fs::write(path, idx(&[60], &labels)).expect("written");
    let problem = built(
        &folder,
        "hyper-cleaning",
        "data = \".\"\ntrain = 6\nvalidation = 5\ntest = 4",
    );
    let words = problem.data_summary().expect("it has data");
    assert!(
        words.starts_with("60 images of 4 pixels, 26 classes;"),
        "{words}"
    );
    assert_eq!(problem.metadata().start[2].len(), 5 * 26);
    assert_gradients(&*problem);
    let said = read(folder.path(), "continual", "data = \".\"").expect_err("it is refused");
    assert_eq!(
        said,
        "x.toml:3:8: the network has 10 outputs, and these images have 26 classes"
    );
}

#[rstest]
fn sparse_samples_may_have_a_mark_and_queries_but_no_continuous_labels() {
    let plain = "1 1:0.5 3:1\n2 2:1\n1 1:2\n2 3:1 4:2\n1 2:1\n2 1:1\n";
    let value = |text: &str| {
        let folder = folder("news", text);
        let lines = "data = \"news\"\ntrain = 3\nvalidation = 2\ntest = 1";
        let problem = built(&folder, "regularization", lines);
        let mut point = problem.metadata().start.clone();
        for (place, theta) in point[2].iter_mut().enumerate() {
            *theta = (place as f64).sin();
        }
        problem.value(2, &point, &WorkToken::default())
    };
    let expected = value(plain);
    let queries = plain.replace("1 1:", "1 qid:7 1:");
    for text in [
        format!("\u{feff}{plain}"),
        queries,
        format!("# of\n\n{plain}"),
    ] {
        assert_eq!(value(&text).to_bits(), expected.to_bits(), "{text}");
    }
    let said = |text: &str| {
        let folder = folder("news", text);
        read(folder.path(), "regularization", "data = \"news\"").expect_err("it is refused")
    };
    let continuous = (0..60).map(|i| format!("{} 1:{i}.5", i * 3 % 50));
    let continuous = continuous.collect::<Vec<_>>().join("\n");
    assert!(said(&continuous).contains("news has 50 different labels in 60 samples"));
    assert!(
        said("1 1:1\n2 1:1e200\n1 2:1\n")
            .contains("news, line 2: the value of \"1:1e200\" is out of range")
    );
}

#[rstest]
fn data_lie_beside_the_experiment_and_keep_their_name_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    std::fs::write(folder.path().join("data/t.csv"), table(",", "a,b,t\n")).expect("written");
    let lines = format!(
        "data = \"data/t.csv\"\n{SIZES}\ntarget = \"a\"\nfeatures = [\"t\", \"b\"]\nmissing = \"drop\""
    );
    let experiment = read(folder.path(), "robust-regression", &lines).expect("it is beside");
    let written = experiment.write();
    for line in lines.lines() {
        assert!(written.contains(line), "{written}");
    }
    // without a file beside it, the path is one from the folder of the process
    let text =
        "[problem]\nid = \"robust-regression\"\ndata = \"Cargo.toml\"\n[[method]]\nid = \"bome\"\n";
    let said = Experiment::read("/nowhere/x.toml", text)
        .expect_err("it is no table")
        .to_string();
    assert!(
        said.contains("Cargo.toml") && !said.contains("/nowhere/Cargo"),
        "{said}"
    );
}

#[rstest]
fn an_experiment_that_is_saved_elsewhere_still_finds_its_data() {
    let [first, second] = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
    std::fs::write(first.path().join("t.csv"), table(",", "a,b,t\n")).expect("written");
    let lines = format!("data = \"t.csv\" # mine\n{SIZES}");
    let experiment = read(first.path(), "robust-regression", &lines).expect("it is beside");
    let file = |folder: &TempDir| {
        let path = folder.path().join("y.toml");
        path.to_string_lossy().into_owned()
    };
    let near = experiment.write_over(&file(&first), "");
    assert!(near.contains("data = \"t.csv\""), "{near}");
    let far = experiment.write_over(&file(&second), "");
    let again = Experiment::read(&file(&second), &far).expect("the data are found");
    assert_eq!(
        again.problem.build().data_summary(),
        experiment.problem.build().data_summary()
    );
    // another table of the same name is not taken for it
    std::fs::write(second.path().join("t.csv"), "a,t\n1,2\n2,1\n3,5\n4,0\n").expect("written");
    assert_eq!(experiment.write_over(&file(&second), ""), far);
}

#[rstest]
fn sparse_features_may_be_scaled_by_the_training_samples() {
    let value = |text: &str, line: &str| {
        let folder = folder("news", text);
        let lines = format!("data = \"news\"\ntrain = 4\nvalidation = 1\ntest = 1\n{line}");
        let problem = built(&folder, "regularization", &lines);
        let mut point = problem.metadata().start.clone();
        for (place, theta) in point[2].iter_mut().enumerate() {
            *theta = (place as f64).sin();
        }
        let words = problem.data_summary().expect("it has data");
        (problem.value(2, &point, &WorkToken::default()), words)
    };
    // every sample has the same magnitudes, so that any four of them have the same root mean squares
    let text = "1 1:200 2:-3\n2 1:-200 2:3\n1 1:200 2:3\n2 1:-200 2:-3\n1 1:200 2:3\n2 1:200 2:3\n";
    let plain = text
        .replace(":200", ":1")
        .replace(":-200", ":-1")
        .replace(":3", ":1")
        .replace(":-3", ":-1");
    let (scaled, words) = value(text, "standardize = true");
    assert_relative_eq!(scaled, value(&plain, "").0, max_relative = 1e-12);
    assert!(scaled != value(text, "").0);
    assert!(
        words.ends_with("; scaled to the root mean square 1 over the training samples"),
        "{words}"
    );
}
