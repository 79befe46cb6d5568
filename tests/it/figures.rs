//! `figure`: formats, sizes, the experiment inside, and calls that are refused.

use bilevel_files::Experiment;
use rstest::rstest;

use crate::program::{assert_refused, complaint_of, lab, status, text};

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
