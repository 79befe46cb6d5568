//! Files that were made to hurt: long words, devices, bombs, deep nesting, repeated seeds; and all errors of a file.

use std::io::Write as _;
use std::path::Path;

use bilevel_files::Experiment;
use flate2::Compression;
use flate2::write::GzEncoder;
use rstest::rstest;

const HEAD: &str = "[problem]\nid = \"coreset\"\n[[method]]\nid = \"bome\"\n";

fn complaint(text: &str) -> String {
    match Experiment::read("x.toml", text) {
        Ok(_) => panic!("this was accepted: {}", &text[..text.len().min(200)]),
        Err(error) => error.to_string(),
    }
}

fn of_data(id: &str, path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    complaint(&format!(
        "[problem]\nid = \"{id}\"\ndata = {path:?}\n[[method]]\nid = \"bome\"\n"
    ))
}

fn of_bytes(id: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data");
    std::fs::write(&path, bytes).expect("written");
    of_data(id, &path)
}

#[rstest]
fn no_message_quotes_more_than_forty_characters() {
    let word = "abcdefghij".repeat(10_000);
    let begun = "abcdefghij".repeat(4);
    let sparse = of_bytes("regularization", format!("{word} 1:1\n").as_bytes());
    assert!(
        sparse.contains(&format!("not {begun:?}… (100000 characters)")),
        "{sparse}"
    );
    for text in [
        format!("a,b\n1,2\n{word},3\n4,5\n"),
        format!("a,{word}\n1,2\nx,3\n4,5\n"),
        format!("{word},{word}\n1,2\n2,3\n4,5\n"),
    ] {
        let said = of_bytes("robust-regression", text.as_bytes());
        assert!(said.len() < 400, "{}", said.len());
    }
    for text in [
        format!("{HEAD}{word} = 1"),
        format!("{HEAD}eta = \"{word}\""),
        format!("{HEAD}eta = 0.{}", "1".repeat(10_000)).replace("0.1", "-0.1"),
        format!("[problem]\nid = \"{word}\""),
        format!("[problem]\nid = \"regularization\"\ndata = \"{word}\"\n[[method]]\nid = \"bome\""),
        format!("{HEAD}[view]\nvary = \"{word}\""),
        format!("{HEAD}expect = \"{word}\""),
        format!("[problem]\nid = \"formula\"\n[problem.constants]\n{word} = false"),
        format!(
            "[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"{word}+\", \"{word}\"]\n\
             objective = \"{word} + 1\"\n[[problem.level]]\nvariables = [\"y\"]\nobjective = \"y\"\n\
             [problem.constants]\n{word} = inf\n[problem.definitions]\n{word}2 = \"{word}\""
        ),
        format!("{word} {word}\n{HEAD}"),
        format!("title = {word}\n{HEAD}"),
    ] {
        for line in complaint(&text).lines() {
            assert!(line.len() < 700, "{} bytes: {}", line.len(), &line[..200]);
        }
    }
}

#[rstest]
fn texts_have_a_greatest_length() {
    for (key, most) in [("title", 200), ("about", 4000), ("source", 500)] {
        let fits = format!("{key} = \"{}\"\n{HEAD}", "x".repeat(most));
        Experiment::read("x.toml", &fits).expect("it fits");
        let long = format!("{key} = \"{}\"\n{HEAD}", "x".repeat(most + 1));
        let place = key.len() + 4;
        assert_eq!(
            complaint(&long),
            format!(
                "x.toml:1:{place}: `{key}` has {} characters, and at most {most} fit",
                most + 1
            )
        );
    }
}

#[cfg(target_os = "linux")]
#[rstest]
fn only_regular_files_are_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is there").success());
    for path in [
        pipe.as_path(),
        Path::new("/dev/zero"),
        Path::new("/dev/stdin"),
    ] {
        for id in ["regularization", "robust-regression", "hyper-cleaning"] {
            let said = of_data(id, path);
            assert!(
                said.contains("it is a pipe or a device") || said.contains("it is empty"),
                "{said}"
            );
        }
    }
    for id in ["regularization", "robust-regression"] {
        let said = of_data(id, Path::new("/proc/self/environ"));
        assert!(
            said.contains("it is empty, or a file of the system"),
            "{said}"
        );
        assert!(of_data(id, folder.path()).contains("it is a folder"));
    }
    let said =
        complaint("[problem]\nid = \"regularization\"\ndata = \"\"\n[[method]]\nid = \"bome\"");
    assert!(said.contains("the path is empty"), "{said}");
}

#[rstest]
fn what_unpacks_to_far_more_than_its_size_is_refused() {
    let packed = |piece: &[u8], times: usize| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        for _ in 0..times {
            gzip.write_all(piece).expect("packed");
        }
        gzip.finish().expect("packed")
    };
    let mib = |byte: u8| vec![byte; 1 << 20];
    // line breaks, a comment in each line, zeros that are no entries
    for (piece, times) in [
        (mib(b'\n'), 100),
        (b"# comment\n".repeat(1 << 16), 160),
        (b"1 1:0\n".repeat(1 << 16), 200),
    ] {
        let said = of_bytes("regularization", &packed(&piece, times));
        assert!(
            said.contains("it unpacks to more than 100 times its size")
                || said.contains("without samples")
                || said.contains("samples are read"),
            "{said}"
        );
    }
    let said = of_bytes("robust-regression", &packed(&mib(b'\n'), 20));
    assert!(said.contains("more than 10000000 bytes"), "{said}");
    let members = packed(b"", 1).repeat(1 << 17);
    for id in ["regularization", "robust-regression"] {
        let said = of_bytes(id, &members);
        assert!(said.contains("its gzip members are almost empty"), "{said}");
    }
}

#[rstest]
fn lines_without_samples_are_counted() {
    let said = of_bytes("regularization", &b"\n".repeat(1_000_002));
    assert!(
        said.contains("line 1000001: it has more than 1000000 lines"),
        "{said}"
    );
}

#[rstest]
fn a_header_that_promises_a_trillion_rows_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut header = vec![0, 0, 8, 3];
    for size in [1_000_000_u32, 1000, 1000] {
        header.extend(size.to_be_bytes());
    }
    std::fs::write(folder.path().join("train-images-idx3-ubyte"), &header).expect("written");
    std::fs::write(folder.path().join("train-labels-idx1-ubyte"), [0, 0, 8, 1]).expect("written");
    let said = of_data("hyper-cleaning", folder.path());
    assert!(
        said.contains("declares 1000000000000 bytes; at most 200000000 are read"),
        "{said}"
    );
}

#[rstest]
fn deep_nesting_is_refused() {
    let deep = "[".repeat(100_000);
    let said = complaint(&format!("starts = {deep}\n{HEAD}"));
    assert_eq!(said, "x.toml:1:10: this `[` is never closed");
    let closed = deep.replace('[', "]");
    let said = complaint(&format!("starts = {deep}{closed}\n{HEAD}"));
    assert!(
        said.starts_with("x.toml:1:") && said.contains("nested too deeply"),
        "{said}"
    );
    let said = complaint(&format!(
        "[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"x\"]\nobjective = \"{}\"\n\
         [[problem.level]]\nvariables = [\"y\"]\nobjective = \"y^2\"\n[[method]]\nid = \"bome\"",
        "(".repeat(9_000)
    ));
    assert!(said.contains("nested more than 50 deep"), "{said}");
}

#[rstest]
fn a_check_of_the_largest_drawn_documents_draws_none() {
    let text = "[problem]\nid = \"regularization\"\ntrain = 16000\nvalidation = 17000\ntest = 17000\n\
                words = 1000\nfeatures = 1000000\ntopics = 20\n[[method]]\nid = \"bome\"\n";
    let experiment = Experiment::read("x.toml", text).expect("it is within the limits");
    assert_eq!(experiment.run_count(), 1);
    let said = complaint(&text.replace("topics = 20", "topics = 21"));
    assert!(
        said.starts_with("x.toml:7:12: a model of 1000000 words and 21 topics"),
        "{said}"
    );
}

#[rstest]
fn repeated_seeds_and_starts_are_refused_at_their_place() {
    assert_eq!(
        complaint(&format!("seeds = [7, 3, 7, 7]\n{HEAD}")),
        "x.toml:1:16: seed 7 occurs twice, and its runs would be the same bits"
    );
    let start = "[[0, 0, 0, 0], [0, 3]]";
    assert_eq!(
        complaint(&format!(
            "starts = [{start}, [[0, 0, 0, 0], [1, 3]], {start}]\n{HEAD}"
        )),
        "x.toml:1:59: start 3 is start 1 again, and its runs would be the same bits"
    );
    assert_eq!(
        complaint(&format!("starts = [\"default\", \"default\"]\n{HEAD}")),
        "x.toml:1:22: start 2 is start 1 again, and its runs would be the same bits"
    );
}

#[rstest]
fn all_errors_of_a_file_are_reported_in_its_order() {
    let text = "titel = \"x\"\niterations = -5\nseeds = [1, 1]\n[problem]\nid = \"coreset\"\nx4 = \"up\"\n\
                [[method]]\nid = \"bome\"\netta = 1\nexpect = \"ok\"\n[[method]]\nid = \"bomb\"\n[stop]\ngap = -1\n";
    let error = Experiment::read("x.toml", text).expect_err("it is wrong");
    let places: Vec<usize> = error
        .lines()
        .iter()
        .filter_map(|line| line.split(':').nth(1)?.parse().ok())
        .collect();
    assert_eq!(places, [1, 2, 3, 6, 9, 10, 12, 14]);
    assert_eq!(error.line, 1);
    assert_eq!(error.others.len(), 7);
    let text = "[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"x\"]\nobjective = \"x + q\"\n\
                [[problem.level]]\nvariables = [\"y\"]\nobjective = \"y^2 + r\"\n[[method]]\nid = \"bome\"\neta = -1\n";
    let error = Experiment::read("x.toml", text).expect_err("it is wrong");
    assert_eq!(error.lines().len(), 3, "{error}");
}

#[rstest]
fn an_error_in_one_formula_hides_none_in_another() {
    let text = "[problem]
id = 'formula'
[problem.constants]
A = { table = 'none.csv' }
B = { table = 'none.csv', column = 'b' }
C = { table = 'diabetes', columns = ['age', 'nine', 'ten'] }
k = 'two'
[problem.definitions]
s = 'x +'
[[problem.level]]
variables = ['x']
objective = 'bogus + k*x + s'
[[problem.level]]
variables = ['y']
objective = 'y^2 + dot(A[1], C[1]) + k'
[[problem.level]]
variables = ['z']
objective = 'z == 1'
[[method]]
id = 'bome'
";
    let error = Experiment::read("x.toml", text).expect_err("it is wrong");
    let place = |line: &String| {
        let mut parts = line.split(':').skip(1);
        let mut next = || parts.next()?.parse::<usize>().ok();
        Some((next()?, next()?))
    };
    let places: Vec<_> = error.lines().iter().filter_map(place).collect();
    let expected = [
        (4, 15),
        (6, 45),
        (6, 53),
        (7, 5),
        (9, 9),
        (12, 14),
        (18, 16),
        // the method is for two levels
        (19, 1),
    ];
    assert_eq!(places, expected, "{error}");
}

#[rstest]
fn errors_name_the_wrong_thing() {
    for (text, said) in [
        (
            format!("{HEAD}eta = 1\neta = 2"),
            "x.toml:6:1: key `eta` occurs twice in its table: keep one of them",
        ),
        (
            format!("{HEAD}inner_steps = false"),
            "x.toml:5:15: `inner_steps` must be a whole number from 0 to",
        ),
        (
            format!("{HEAD}eta = 1e308"),
            "x.toml:5:7: `eta` must be a number from 0 to",
        ),
        (
            format!("{HEAD}colour = 3"),
            "x.toml:5:10: `colour` must be a text in quotes, not 3",
        ),
        (
            "<svg xmlns=\"http://www.w3.org/2000/svg\">".to_owned(),
            "x.toml:1:1: this is a picture or a web page",
        ),
        (
            format!("title = Toy\n{HEAD}"),
            "x.toml:1:9: text stands in quotes: \"Toy\"",
        ),
        (
            "[problem]\nid = \"robust-regression\"\nadversary = \"off\"\ntrain = 500\n[[method]]\nid = \"bome\"".to_owned(),
            "x.toml:4:9: the split takes 600 rows",
        ),
    ] {
        let found = complaint(&text);
        assert!(found.starts_with(said), "{found}");
        assert!(found.len() < 400, "{found}");
    }
    // more digits than 64 bits are a number all the same
    let text = "[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"x\"]\nobjective = \"a*x\"\n\
                [[problem.level]]\nvariables = [\"y\"]\nobjective = \"y^2\"\n\
                [problem.constants]\na = 18446744073709551616\n[[method]]\nid = \"bome\"\n";
    Experiment::read("x.toml", text).expect("the constant is a number");
    let said = complaint(&text.replace("18446744073709551616", "false"));
    assert!(
        said.starts_with(
            "x.toml:10:5: `a` must be a number, a list of numbers, a table with a slider"
        ),
        "{said}"
    );
}
