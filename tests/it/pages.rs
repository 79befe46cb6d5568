//! Pages of figures: the size that their content needs, whole words, and lines that leave the picture.

use std::path::Path;

use bilevel::numerics::WorkToken;
use bilevel_figure::{
    Fineness, PageSize, PageSizeName, Primitive, Rect, Theme, ViewContext, preview, view_of_word,
};
use bilevel_files::{ProgressReports, presets, run_all};
use rstest::rstest;

use crate::program::{ends_with, lab};

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
        assert!(text.contains("goes on beyond the picture"));
        let far = text
            .split(|one: char| !(one.is_ascii_digit() || one == '.'))
            .filter_map(|word| word.parse::<f64>().ok())
            .filter(|number| *number > 1e7);
        // the experiment in the metadata has the limit itself
        assert!(far.count() <= 1);
    }
}

#[rstest]
#[case("pbgd", "landscape")]
#[case("stackelberg", "levels")]
#[case("coreset", "race")]
#[case("coreset", "slice")]
#[case("pbgd", "assumptions")]
fn a_page_has_three_sizes_of_text_at_most(#[case] preset: &str, #[case] word: &str) {
    bilevel_lab::embedded::register_presets();
    let experiment = presets::open(preset).expect("it ships");
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let recorded = experiment.recorded_for_pictures(&*problem);
    let results = run_all(&recorded, &problem, None, ProgressReports::SILENT).expect("it runs");
    let view = view_of_word(word).expect("a view");
    let page_size = PageSizeName::OneColumn.page_size(view.proportion(), Theme::Light);
    let starts = experiment.start_points(&*problem);
    let context = ViewContext::of_results(&experiment, &problem, &starts, &results);
    let job = view.request(&context).expect("it applies");
    let data = job
        .compute(Fineness::Coarse, &WorkToken::default())
        .expect("its data");
    let page = view.page(&context, &data, Theme::Light);
    let fitted: PageSize = page.fitted(&page_size).expect("it fits");
    let area = Rect {
        min: [0.0; 2],
        max: [fitted.width_mm, fitted.height_mm],
    };
    let mut sizes: Vec<f32> = Vec::new();
    for primitive in preview(&page, &fitted, area) {
        if let Primitive::Text { size, .. } = primitive
            && !sizes.iter().any(|known| (known / size - 1.0).abs() < 1e-4)
        {
            sizes.push(size);
        }
    }
    assert!(!sizes.is_empty() && sizes.len() <= 3, "{sizes:?}");
    sizes.sort_by(f32::total_cmp);
    assert!(sizes[sizes.len() - 1] / sizes[0] < 1.36, "{sizes:?}");
}

#[rstest]
fn parts_of_a_page_are_left_out_on_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let legend = |svg: &str| svg.matches(">BOME, T = 1<").count();
    let whole = drawn(
        folder.path(),
        &["pbgd", "--text", "names", "--view", "landscape"],
    );
    let body = |svg: &str| {
        svg.split_once("</metadata>")
            .expect("metadata")
            .1
            .to_owned()
    };
    let call = [
        "pbgd",
        "--text",
        "names",
        "--view",
        "landscape",
        "--title",
        "off",
    ];
    let bare = drawn(
        folder.path(),
        &[&call[..], &["--legend", "off", "--background", "off"]].concat(),
    );
    assert!(body(&whole).contains("Three valleys, nonconvex follower"));
    assert!(!body(&bare).contains("Three valleys, nonconvex follower"));
    assert!(legend(&body(&bare)) < legend(&body(&whole)));
    assert!(body(&whole).contains("<rect width=") && !body(&bare).contains("<rect width=\"5"));
    assert!(bare.contains("[view.page]\ntitle = &quot;off&quot;\nlegend = &quot;off&quot;"));
    // its own metadata draw it again
    let (_, metadata) = bare.split_once("<metadata>").expect("metadata");
    let (metadata, _) = metadata.split_once("</metadata>").expect("it ends");
    let text = metadata
        .replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<");
    let file = folder.path().join("again.toml");
    std::fs::write(&file, text.replace("&amp;", "&")).expect("written");
    let file = file.to_str().expect("a plain path");
    let again = drawn(
        folder.path(),
        &[file, "--text", "names", "--view", "landscape"],
    );
    assert!(again == bare, "the bytes differ");
    let png = folder.path().join("x.png");
    let png = png.to_str().expect("a plain path");
    ends_with(0, &["figure", "minimax", "--background", "off", "-o", png]);
    let reader = png::Decoder::new(std::io::BufReader::new(
        std::fs::File::open(png).expect("it"),
    ))
    .read_info()
    .expect("a picture");
    assert_eq!(reader.info().color_type, png::ColorType::Rgba);
}

#[rstest]
fn the_series_of_a_figure_are_written_as_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("race.dat");
    let path = file.to_str().expect("a plain path");
    ends_with(0, &["figure", "minimax", "-o", path]);
    let text = std::fs::read_to_string(&file).expect("the series");
    assert!(
        text.starts_with("# series x y\n# figure 1: "),
        "{text:.200}"
    );
    let named = |number: usize| {
        let start = format!("# {number}: line, ");
        text.lines()
            .find_map(|line| line.strip_prefix(&start).map(str::to_owned))
    };
    let first = named(1).expect("a line with a name");
    assert!(!first.is_empty());
    let rows: Vec<[f64; 3]> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let numbers: Vec<f64> = line
                .split(' ')
                .map(|it| it.parse().expect("a number"))
                .collect();
            numbers.try_into().expect("three columns")
        })
        .collect();
    let iterations: Vec<f64> = rows
        .iter()
        .filter(|row| row[0] == 1.0)
        .map(|row| row[1])
        .collect();
    assert!(
        iterations.len() > 100 && iterations.is_sorted(),
        "{} rows",
        iterations.len()
    );
    // the experiment is in the comments
    assert!(text.contains("# id = \"minimax\""));
}

#[rstest]
fn figures_of_a_run_have_the_page_of_the_call_or_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.toml");
    let text = String::from_utf8(lab(&["show", "minimax"]).stdout).expect("text");
    let text = format!(
        "{}\n[view.page]\nwidth = 120\ntheme = \"dark\"\n",
        text.trim_end()
    );
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("a plain path");
    for (more, width) in [
        (&[][..], "120mm"),
        (&["--width", "100", "--font", "7"], "100mm"),
    ] {
        let out = folder.path().join(width);
        let out = out.to_str().expect("a plain path");
        let call = [
            "run",
            file,
            "--out",
            out,
            "--iterations",
            "5",
            "--figures",
            "svg",
        ];
        ends_with(0, &[&call[..], more].concat());
        let svg = std::fs::read_to_string(Path::new(out).join("race.svg")).expect("a figure");
        assert!(svg.contains(&format!("width=\"{width}\"")), "{svg:.300}");
        assert!(
            svg.contains("fill=\"#17191b\""),
            "the theme is that of the file"
        );
    }
}

#[rstest]
fn pictures_of_a_follower_that_jumps_say_that_nothing_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "iterations = 20\n[problem]\nid = \"formula\"\n[[problem.level]]\nvariables = [\"x\"]\n\
                objective = \"(x - 0.3)^2 + (y - 1)^2\"\nbounds = [[-1, 1]]\n[[problem.level]]\n\
                variables = [\"y\"]\nobjective = \"floor(3*y) + (y - x)^2\"\nbounds = [[-1, 1]]\n\
                [[method]]\nid = \"bome\"\n";
    let file = folder.path().join("jumps.toml");
    std::fs::write(&file, text).expect("the folder can be written to");
    let file = file.to_string_lossy().into_owned();
    for (view, words) in [
        ("landscape", "No solution of the lower level is known"),
        ("race", "No value is known"),
    ] {
        let svg = drawn(folder.path(), &[&file, "--view", view, "--text", "names"]);
        assert!(svg.contains(words), "{view}");
    }
}

/// The texts of a page's first line: the title, and the iteration at its right.
fn first_line(svg: &str) -> String {
    let (_, body) = svg.split_once("</metadata>").expect("metadata");
    let texts = body.split("<text ").skip(1);
    let parts = texts.filter_map(|text| {
        let y = number(text, "y=\"");
        let (_, words) = text.split_once('>')?;
        Some((y, words.split_once('<')?.0.to_owned()))
    });
    let parts: Vec<(f64, String)> = parts.collect();
    let top = parts.iter().map(|(y, _)| *y).fold(f64::INFINITY, f64::min);
    let first = parts.iter().filter(|(y, _)| (y - top).abs() < 1.0);
    first.map(|(_, words)| words.as_str()).collect()
}

#[rstest]
#[case("valleys", "landscape", true)]
#[case("valleys", "anatomy", true)]
#[case("robust-regression", "anatomy", true)]
#[case("tri-cosresp-sweep", "sweep", false)]
fn a_page_at_an_iteration_says_the_one_that_it_shows(
    #[case] preset: &str,
    #[case] view: &str,
    #[case] is_said: bool,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let call = [preset, "--view", view, "--at", "3", "--text", "names"];
    let shorter = ["--iterations", "5"];
    let line = first_line(&drawn(folder.path(), &[&call[..], &shorter].concat()));
    let line: String = line.split_whitespace().collect();
    assert_eq!(line.contains("k=3"), is_said, "{line}");
}
