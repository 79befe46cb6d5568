//! Notes on pictures: read, written, refused with their line, carried by a shared line, and left out of the identity.

use bilevel_files::{Experiment, PictureNote};
use rstest::rstest;

use crate::presets;

/// A file up to its notes, with seven lines.
const HEAD: &str = "iterations = 5\n[problem]\nid = 'coreset'\n[[method]]\nid = 'bome'\n\n";

const NOTES: &str = "\
[[note]]
view = 'landscape'
axes = ['x1[1]', 'x2[1]']
at = [0.5, -2]
text = 'the answer $x_1$ **jumps**'
arrow = [1e-3, 2]

[[note]] # beside the race
view = 'race'
figure = 2
at = [100, 1e-3]
text = 'φ'
";

fn read(notes: &str) -> Result<Experiment, String> {
    presets::all().count();
    let read = Experiment::read("notes.toml", &format!("{HEAD}{notes}"));
    read.map_err(|error| error.to_string())
}

#[rstest]
fn notes_are_read_and_written_back() {
    let experiment = read(NOTES).expect("the file is right");
    let [first, second] = &experiment.view.notes[..] else {
        panic!("there are two notes");
    };
    assert_eq!(first.view.word(), "landscape");
    assert_eq!(first.axes, Some(["x1[1]", "x2[1]"].map(str::to_owned)));
    assert_eq!((first.figure, first.at), (1, [0.5, -2.0]));
    assert_eq!(first.arrow, Some([1e-3, 2.0]));
    assert_eq!(
        (second.figure, &second.axes, second.arrow),
        (2, &None, None)
    );
    let written = experiment.write();
    // notes alone write no table of the view
    assert!(!written.contains("[view]"), "{written}");
    assert_eq!(
        Experiment::read("again.toml", &written).unwrap(),
        experiment
    );
    let line = experiment.to_line().expect("it fits");
    assert_eq!(Experiment::from_line(&line).unwrap(), experiment);
}

#[rstest]
fn a_note_belongs_to_its_picture_and_its_axes() {
    let experiment = read(NOTES).expect("the file is right");
    let [first, second] = &experiment.view.notes[..] else {
        panic!("there are two notes");
    };
    let axes = |x: &str, y: &str| [x, y].map(str::to_owned);
    let landscape = first.view.info();
    assert!(first.is_on(landscape, 1, &axes("x1[1]", "x2[1]")));
    assert!(!first.is_on(landscape, 2, &axes("x1[1]", "x2[1]")));
    assert!(!first.is_on(landscape, 1, &axes("x2[1]", "x1[1]")));
    assert!(!first.is_on(second.view.info(), 1, &axes("x1[1]", "x2[1]")));
    assert!(second.is_on(second.view.info(), 2, &axes("iterations", "gap")));
}

#[rstest]
fn words_of_axes_outlive_a_change_of_the_problem() {
    for axes in [
        "figure = 1\nview = 'landscape'\naxes = ['x3[12]', 'x1[2]']",
        "figure = 1\nview = 'race'\naxes = ['time', 'task-14']",
        "figure = 1\nview = 'race'\naxes = ['cost', 'hypergradient-error']",
        "view = 'slice'\naxes = ['any', 'label']",
    ] {
        let read = read(&format!("[[note]]\n{axes}\nat = [0, 1]\ntext = 'a'\n"));
        assert!(read.is_ok(), "{read:?}");
    }
}

#[rstest]
fn saving_a_note_keeps_comments() {
    let text = format!("{HEAD}{NOTES}");
    let mut experiment = read(NOTES).expect("the file is right");
    experiment.view.notes[1].at = [50.0, 0.5];
    let saved = experiment.write_over("notes.toml", &text);
    assert!(saved.contains("[[note]] # beside the race"), "{saved}");
    assert!(saved.contains("text = 'the answer $x_1$ **jumps**'"));
    assert_eq!(Experiment::read("notes.toml", &saved).unwrap(), experiment);
    experiment.view.notes.clear();
    let saved = experiment.write_over("notes.toml", &text);
    assert!(!saved.contains("note"), "{saved}");
}

#[rstest]
fn notes_change_no_identity() {
    let with = read(NOTES).expect("the file is right");
    let without = read("").expect("the file is right");
    assert_ne!(with, without);
    assert_eq!(with.identity().sha256, without.identity().sha256);
}

#[rstest]
#[case("view = 'landscap'\nat = [0, 0]\ntext = 'a'", 8, "`view` must be")]
#[case("at = [0, 0]\ntext = 'a'", 7, "[[note]] needs `view`")]
#[case("view = 'race'\ntext = 'a'", 7, "[[note]] needs `at`")]
#[case("view = 'race'\nat = [0, 0]", 7, "[[note]] needs `text`")]
#[case(
    "view = 'race'\nat = [0, 0]\ntext = '  '",
    10,
    "at least one character"
)]
#[case("view = 'race'\nat = [0, 0]\ntext = \"a\\nb\"", 10, "on one line")]
#[case("view = 'race'\nat = [0, 0]\ntext = 3", 10, "`text` must be")]
#[case("view = 'race'\nat = [0]\ntext = 'a'", 9, "two numbers")]
#[case("view = 'race'\nat = [0, nan]\ntext = 'a'", 9, "a finite number")]
#[case("view = 'race'\nat = [0, inf]\ntext = 'a'", 9, "a finite number")]
#[case(
    "view = 'race'\nat = [0, 1]\ntext = 'a'\narrow = 'up'",
    11,
    "`arrow` must be"
)]
#[case("view = 'race'\nfigure = 3\nat = [0, 1]\ntext = 'a'", 9, "from 1 to 2")]
#[case("view = 'race'\nfigure = 0\nat = [0, 1]\ntext = 'a'", 9, "from 1 to 2")]
#[case("view = 'race'\naxes = ['f']\nat = [0, 1]\ntext = 'a'", 9, "two axes")]
#[case(
    "view = 'race'\naxes = ['iterations', 'gap']\nat = [0, 1]\ntext = 'a'",
    9,
    "picture 1 of `race` never has the axes"
)]
#[case(
    "view = 'race'\nfigure = 2\naxes = ['iters', 'gap']\nat = [0, 1]\ntext = 'a'",
    10,
    "\"gradients\""
)]
#[case(
    "view = 'landscape'\naxes = ['x', 'y']\nat = [0, 1]\ntext = 'a'",
    9,
    "such as \"x1[1]\""
)]
#[case(
    "view = 'landscape'\naxes = ['x1[1]', 'x1[1]']\nat = [0, 1]\ntext = 'a'",
    9,
    "another variable"
)]
#[case(
    "view = 'landscape'\nfigure = 2\naxes = ['x1[1]', 'x2[1]']\nat = [0, 1]\ntext = 'a'",
    10,
    "the second \"phi\""
)]
#[case(
    "view = 'race'\nat = [0, 1]\ntext = 'a'\ncolour = 'red'",
    11,
    "unknown key `colour`"
)]
fn a_wrong_note_is_refused_at_its_line(
    #[case] keys: &str,
    #[case] line: usize,
    #[case] words: &str,
) {
    let error = read(&format!("[[note]]\n{keys}\n")).expect_err("the note is wrong");
    assert!(error.contains(&format!("notes.toml:{line}:")), "{error}");
    assert!(error.contains(words), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[rstest]
fn there_is_a_limit_of_notes_and_of_their_characters() {
    let note = |text: &str| format!("[[note]]\nview = 'race'\nat = [0, 1]\ntext = '{text}'\n");
    let most = PictureNote::MOST;
    assert!(read(&note("a").repeat(most)).is_ok());
    let error = read(&note("a").repeat(most + 1)).expect_err("there are too many");
    assert!(error.contains("at most 100 notes"), "{error}");
    assert!(read(&note(&"ä".repeat(PictureNote::LONGEST))).is_ok());
    let error = read(&note(&"ä".repeat(PictureNote::LONGEST + 1))).expect_err("it is too long");
    assert!(error.contains("at most 200 fit"), "{error}");
    assert!(read("note = 3\n").is_err());
}
