//! Pages of figures: the size that their content needs, whole words, and lines that leave the picture.

use std::path::Path;
use std::process::{Command, Output};

use rstest::rstest;

fn lab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bilevel-lab"))
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("the program starts")
}

/// The standard error of a call that ends with a status.
#[track_caller]
fn ends_with(status: i32, arguments: &[&str]) -> String {
    let output = lab(arguments);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {words}");
    words
}

/// Draws a figure into a folder; its bytes as text.
#[track_caller]
fn drawn(folder: &Path, arguments: &[&str]) -> String {
    let file = folder.join("x.svg");
    let file = file.to_str().expect("a plain path");
    ends_with(0, &[&["figure"], arguments, &["-o", file]].concat());
    std::fs::read_to_string(file).expect("the picture is there")
}

/// The number after a name in an attribute, such as `height="`.
fn number(svg: &str, before: &str) -> f64 {
    let (_, rest) = svg.split_once(before).expect("the attribute is there");
    let end = rest.find(|one: char| one != '.' && !one.is_ascii_digit());
    rest[..end.expect("it ends")].parse().expect("a number")
}

#[rstest]
#[case("stackelberg", "levels")]
#[case("valleys", "landscape")]
#[case("pbgd", "assumptions")]
#[case("pbgd", "landscape")]
#[case("coreset", "slice")]
#[case("coreset", "race")]
#[case("coreset", "feasibility")]
#[case("noise", "race")]
fn a_figure_of_one_column_has_room_and_whole_words(#[case] preset: &str, #[case] view: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let call = [preset, "--view", view, "--width", "84", "--text", "names"];
    let svg = drawn(folder.path(), &call);
    let cut: Vec<&str> = svg.lines().filter(|line| line.contains('…')).collect();
    assert!(cut.is_empty(), "{cut:?}");
    // a plot is as high as two lines of text and more: the clips are the plots
    let clips = svg.lines().filter(|line| line.starts_with("<clipPath"));
    let heights: Vec<f64> = clips
        .map(|line| number(line, "height=\""))
        .filter(|height| *height > 20.0)
        .collect();
    assert!(!heights.is_empty());
    assert!(heights.iter().all(|height| *height > 70.0), "{heights:?}");
}

#[rstest]
fn sentences_of_a_page_stand_beneath_the_axes() {
    let folder = tempfile::tempdir().expect("a folder");
    let call = ["pbgd", "--view", "assumptions", "--text", "names"];
    let svg = drawn(folder.path(), &call);
    let baseline = |words: &str| {
        let line = svg.lines().find(|line| line.contains(words));
        number(line.unwrap_or_else(|| panic!("{words} is there")), " y=\"")
    };
    let clip = svg.lines().find(|line| line.starts_with("<clipPath"));
    let clip = clip.expect("a plot");
    let bottom = number(clip, " y=\"") + number(clip, "height=\"");
    assert!(baseline("AID-CG failed, though") > bottom);
}

#[rstest]
fn a_page_that_is_too_small_is_refused_with_the_least_size_that_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.svg");
    let file = file.to_str().expect("a plain path");
    let call = ["figure", "valleys", "--view", "landscape", "-o", file];
    for (small, what) in [
        (&["--width", "30"][..], "the width of 30 mm"),
        (&["--width", "84", "--height", "30"], "the height of 30 mm"),
    ] {
        let words = ends_with(2, &[&call[..], small].concat());
        assert!(words.contains(what), "{words}");
        let (_, least) = words.split_once("it needs ").expect("the least size");
        let (least, _) = least.split_once(" mm").expect("a unit");
        assert!(!Path::new(file).exists());
        let mut right = small.to_vec();
        *right.last_mut().expect("a size") = least;
        ends_with(0, &[&call[..], &right].concat());
        std::fs::remove_file(file).expect("it was drawn");
    }
}

/// A run whose iterates grow without end.
const DIVERGING: &str = r#"
title = "Leaving"
iterations = 3000
diverge_at = 1e12
start = [[1.0], [1.0]]
[problem]
id = "formula"
level = [
    { variables = ["x"], objective = "-x^2 + y^2", range = [[-2, 2]] },
    { variables = ["y"], objective = "(y - x)^2", range = [[-2, 2]] },
]
[[method]]
id = "itd"
label = "leaves"
outer_step_size = 0.01
[[method]]
id = "implicit"
label = "leaves, too"
outer_step_size = 0.01
"#;

#[rstest]
fn runs_that_diverge_leave_by_an_arrow_and_make_no_large_file(
    #[values("race", "landscape")] view: &str,
    #[values("svg", "pdf")] ending: &str,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("leaving.toml");
    // f is -x^2 + y^2 = 0 along y = x: the leader has to win to leave
    let text = DIVERGING.replace("-x^2 + y^2", "-x^2 + 0.5*y^2");
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("a plain path");
    let out = folder.path().join(format!("x.{ending}"));
    let path = out.to_str().expect("a plain path");
    ends_with(0, &["figure", file, "--view", view, "-o", path]);
    let bytes = std::fs::read(&out).expect("the picture");
    assert!(bytes.len() < 1_000_000, "{} bytes", bytes.len());
    if ending == "svg" && view == "landscape" {
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("diverged, beyond the picture"));
        let far = text
            .split(|one: char| !(one.is_ascii_digit() || one == '.'))
            .filter_map(|word| word.parse::<f64>().ok())
            .filter(|number| *number > 1e7);
        // the experiment in the metadata has the limit itself
        assert!(far.count() <= 1);
    }
}
