//! Animations: every frame is a figure, at most so many bytes, and calls that are refused.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bilevel::numerics::WorkToken;
use bilevel_figure::{
    AnimationError, AnimationFormat, AnimationPlan, AnimationProgress, AnimationSubject,
    EXPERIMENT_KEYWORD, Fineness, Format, Frames, Speed, Theme, Timing, animate, default_page_size,
    frame_iterations, view_of_word,
};
use bilevel_files::{Experiment, ProgressReports, presets, run_all};
use png::{BlendOp, ColorType, Decoder, DisposeOp};
use rstest::rstest;

/// A picture as red, green, blue and opacity, with its width.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    width: usize,
    pixels: Vec<[u8; 4]>,
}

fn lab() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

#[track_caller]
fn ends_with(status: i32, arguments: &[&str]) -> String {
    let output = lab().args(arguments).output().expect("the program starts");
    words_of(status, arguments, &output)
}

#[track_caller]
fn words_of(status: i32, arguments: &[&str], output: &Output) -> String {
    let words = [&output.stdout[..], &output.stderr[..]].concat();
    let words = String::from_utf8_lossy(&words).into_owned();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {words}");
    words
}

/// The arguments of a small animation.
fn call<'a>(preset: &'a str, view: &'a str, out: &'a str) -> Vec<&'a str> {
    let page = ["--width", "84", "--height", "172", "--dpi", "60"];
    let mut call = vec!["figure", preset, "--view", view, "-o", out];
    call.extend(page);
    call
}

fn rgba(buffer: &[u8], colour: ColorType) -> Vec<[u8; 4]> {
    let size = if colour == ColorType::Rgba { 4 } else { 3 };
    let pixel = |bytes: &[u8]| {
        [
            bytes[0],
            bytes[1],
            bytes[2],
            bytes.get(3).map_or(255, |a| *a),
        ]
    };
    buffer.chunks(size).map(pixel).collect()
}

/// All frames of a PNG file as they appear, with the time of each in milliseconds, and the experiment inside.
fn decoded(path: &Path) -> (Vec<(Picture, u32)>, String) {
    let bytes = std::fs::read(path).expect("the file is there");
    let mut reader = Decoder::new(Cursor::new(bytes))
        .read_info()
        .expect("a PNG file");
    let (width, height) = reader.info().size();
    let control = reader.info().animation_control;
    let mut canvas = Picture {
        width: width as usize,
        pixels: vec![[0; 4]; (width * height) as usize],
    };
    let mut frames = Vec::new();
    let mut buffer = vec![0; reader.output_buffer_size().expect("it fits")];
    for _ in 0..control.map_or(1, |control| control.num_frames) {
        let info = reader.next_frame(&mut buffer).expect("a frame");
        let new = rgba(&buffer[..info.buffer_size()], info.color_type);
        let Some(frame) = reader.info().frame_control.filter(|_| control.is_some()) else {
            canvas.pixels = new;
            frames.push((canvas.clone(), 0));
            break;
        };
        assert_eq!(frame.dispose_op, DisposeOp::None);
        for (place, pixel) in new.into_iter().enumerate() {
            let (column, row) = (place as u32 % frame.width, place as u32 / frame.width);
            let at = (frame.y_offset + row) * width + frame.x_offset + column;
            assert!(frame.blend_op == BlendOp::Source || [0, 255].contains(&pixel[3]));
            if frame.blend_op == BlendOp::Source || pixel[3] == 255 {
                canvas.pixels[at as usize] = pixel;
            }
        }
        let time = 1_000 * u32::from(frame.delay_num) / u32::from(frame.delay_den.max(1));
        frames.push((canvas.clone(), time));
    }
    let texts = &reader.info().utf8_text;
    let text = texts.iter().find(|text| text.keyword == EXPERIMENT_KEYWORD);
    let text = text.map(|text| text.get_text().expect("text"));
    (frames, text.unwrap_or_default())
}

/// A path within a folder as text.
fn within(folder: &tempfile::TempDir, name: &str) -> (PathBuf, String) {
    let path = folder.path().join(name);
    let text = path.to_str().expect("a plain path").to_owned();
    (path, text)
}

#[rstest]
#[case("valleys", "landscape", "40", &[])]
#[case("coreset", "race", "60", &["--speed", "even", "--theme", "dark"])]
#[case("degenerate", "race", "30", &["--background", "off"])]
#[case("stackelberg", "levels", "40", &[])]
fn every_frame_of_an_apng_is_the_figure_at_its_iteration(
    #[case] preset: &str,
    #[case] view: &str,
    #[case] iterations: &str,
    #[case] more: &[&str],
) {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, out) = within(&folder, "moving.png");
    let mut call_of_animation = call(preset, view, &out);
    call_of_animation.extend(["--iterations", iterations, "--animate", "--frames", "4"]);
    call_of_animation.extend(["--fps", "8", "--repeat-delay", "2"]);
    call_of_animation.extend(more);
    let words = ends_with(0, &call_of_animation);
    assert!(words.contains("4 frames of 198 x 406 pixels"), "{words}");
    let (frames, experiment) = decoded(&path);
    let times: Vec<u32> = frames.iter().map(|(_, time)| *time).collect();
    assert_eq!(times, [125, 125, 125, 2125]);
    let speed = if more.contains(&"even") {
        Speed::Even
    } else {
        Speed::Log
    };
    let end = iterations.parse().expect("a number");
    // the axes of `levels` change with the iterations: those that all frames have are in the file
    let (_, file) = within(&folder, "frames.toml");
    std::fs::write(&file, &experiment).expect("it is written");
    assert_eq!(experiment.contains("figure_ranges"), view == "levels");
    let source = if view == "levels" { &file[..] } else { preset };
    for (iteration, (frame, _)) in frame_iterations(end, 4, speed).into_iter().zip(&frames) {
        let (path, out) = within(&folder, "still.png");
        let at = iteration.to_string();
        let mut call = call(source, view, &out);
        call.extend(["--iterations", iterations, "--at", &at]);
        call.extend(more.iter().filter(|one| !["--speed", "even"].contains(one)));
        ends_with(0, &call);
        let (still, _) = decoded(&path);
        assert!(
            still[0].0 == *frame,
            "{preset}, {view}, iteration {iteration}"
        );
    }
    assert!(frames.windows(2).all(|pair| pair[0].0 != pair[1].0));
}

/// True for a pixel whose neighbors have its colour, so that no edge is blended there.
fn is_area(picture: &Picture, place: usize) -> bool {
    let width = picture.width;
    let (column, row) = (place % width, place / width);
    let height = picture.pixels.len() / width;
    let columns = column.saturating_sub(1)..=(column + 1).min(width - 1);
    let mut rows = row.saturating_sub(1)..=(row + 1).min(height - 1);
    rows.all(|row| {
        let mut columns = columns.clone();
        columns.all(|column| picture.pixels[row * width + column] == picture.pixels[place])
    })
}

#[rstest]
#[case("valleys", "landscape", "light")]
#[case("valleys", "landscape", "dark")]
#[case("coreset", "race", "light")]
fn a_gif_has_the_frames_and_times_of_the_apng_and_the_colours_of_its_areas(
    #[case] preset: &str,
    #[case] view: &str,
    #[case] theme: &str,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let [(apng, _), (gif, _)] = ["a.png", "a.gif"].map(|name| {
        let (path, out) = within(&folder, name);
        let mut call = call(preset, view, &out);
        call.extend([
            "--iterations",
            "40",
            "--animate",
            "--frames",
            "5",
            "--theme",
            theme,
        ]);
        call.extend(["--seconds", "0.7"]);
        ends_with(0, &call);
        (path, out)
    });
    let (frames, _) = decoded(&apng);
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let file = std::fs::File::open(gif).expect("the file is there");
    let mut decoder = options.read_info(file).expect("a GIF file");
    assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
    let width = usize::from(decoder.width());
    let mut canvas = vec![[0_u8; 4]; width * usize::from(decoder.height())];
    let mut times = Vec::new();
    while let Some(frame) = decoder.read_next_frame().expect("a frame") {
        assert_eq!(frame.dispose, gif::DisposalMethod::Keep);
        let (left, top) = (usize::from(frame.left), usize::from(frame.top));
        for (row, pixels) in frame
            .buffer
            .chunks(4 * usize::from(frame.width))
            .enumerate()
        {
            for (column, pixel) in pixels.chunks(4).enumerate() {
                if pixel[3] == 255 {
                    canvas[(top + row) * width + left + column].copy_from_slice(pixel);
                }
            }
        }
        let (still, _) = &frames[times.len()];
        times.push(frame.delay);
        let pairs = canvas.iter().zip(&still.pixels).enumerate();
        let far = pairs.filter(|(place, (ours, theirs))| {
            let mut axes = ours.iter().zip(*theirs);
            axes.any(|(a, b)| a.abs_diff(*b) > 16) && is_area(still, *place)
        });
        assert_eq!(far.count(), 0, "{preset}, frame {}", times.len());
    }
    assert_eq!(times, [14, 14, 14, 14, 114]);
}

#[rstest]
fn an_animation_keeps_its_limit_and_says_by_which_means() {
    let folder = tempfile::tempdir().expect("a folder");
    let call = [
        "figure",
        "coreset",
        "--iterations",
        "60",
        "--animate",
        "--frames",
        "40",
    ];
    let page = ["--width", "84", "--dpi", "72", "-o"];
    for (name, most, words) in [
        ("a.png", "0.12", "instead of 40 frames\n"),
        ("a.gif", "0.036", "24 instead of 40 frames and "),
    ] {
        let (path, out) = within(&folder, name);
        let said = ends_with(
            0,
            &[&call[..], &page, &[&out], &["--max-size", most]].concat(),
        );
        assert!(said.contains(words), "{said}");
        let size = std::fs::metadata(path).expect("the file is there").len();
        let limit = 1e6 * most.parse::<f64>().expect("a number");
        assert!(size as f64 <= limit, "{size}");
        assert!(
            size as f64 > 0.5 * limit,
            "{size}: more was given up than had to be"
        );
    }
    let (path, out) = within(&folder, "b.png");
    let said = ends_with(
        2,
        &[&call[..], &page, &[&out], &["--max-size", "0.01"]].concat(),
    );
    assert!(said.contains("more than the 10 kB allowed"), "{said}");
    assert!(!path.exists());
}

#[rstest]
fn frames_of_a_folder_are_numbered_and_have_one_plot() {
    let folder = tempfile::tempdir().expect("a folder");
    let iterations = frame_iterations(30, 3, Speed::Log);
    for view in ["race", "landscape"] {
        let (path, out) = within(&folder, view);
        let mut call = call("valleys", view, &out);
        call.extend(["--iterations", "30", "--animate", "--frames", "3"]);
        ends_with(
            0,
            &[&call[..], &["--format", "svg", "--text", "names"]].concat(),
        );
        let frames: Vec<String> = ["frame-0000.svg", "frame-0001.svg", "frame-0002.svg"]
            .map(|name| std::fs::read_to_string(path.join(name)).expect("a frame"))
            .to_vec();
        assert_eq!(std::fs::read_dir(&path).expect("the folder").count(), 3);
        let [red, green, blue] = Theme::Light.roles().text_faint.rgb;
        let ink = format!("fill=\"#{red:02x}{green:02x}{blue:02x}\"");
        // each page says its iteration
        for (frame, iteration) in frames.iter().zip(&iterations) {
            let (_, label) = frame.split_once(">k</text>").expect("the letter");
            let runs = label.split("</text>").take(2);
            let words = runs.map(|run| run.rsplit('>').next().unwrap_or_default());
            assert_eq!(words.collect::<String>(), format!("={iteration}"), "{view}");
        }
        // the plots, and the words of axes in their ink
        let axes = |svg: &String| -> Vec<String> {
            let lines = svg.lines();
            let axes = lines.filter(|line| line.starts_with("<clipPath") || line.contains(&ink));
            axes.map(ToOwned::to_owned).collect()
        };
        assert!(axes(&frames[0]).len() > 6, "{:?}", axes(&frames[0]));
        assert_eq!(axes(&frames[0]), axes(&frames[1]));
        assert_eq!(axes(&frames[0]), axes(&frames[2]));
    }
}

#[rstest]
#[case(&["--at", "600"], "--at 600 is beyond the 500 iterations of the experiment")]
#[case(&["--at", "3", "--animate"], "--animate")]
#[case(&["--frames", "9"], "--animate")]
#[case(&["--animate", "--fps", "5", "--seconds", "3"], "--seconds")]
#[case(&["--animate", "--frames", "1"], "it must be a whole number from 2")]
#[case(&["--animate", "--fps", "0"], "it must be a number from 0.1 to 100")]
#[case(&["--animate", "-o", "x.svg"], "name the animation OUT.png, OUT.gif or OUT.mp4")]
#[case(&["--animate", "-o", "-"], "the standard output takes none")]
#[case(&["--animate", "-o", "x.gif", "--fps", "60", "--iterations", "9"], "at most 50 frames a second")]
#[case(&["--animate", "-o", "x.png", "--iterations", "0"], "no iterations to be animated")]
fn a_wrong_call_is_refused_in_a_sentence(#[case] more: &[&str], #[case] sentence: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut call = vec!["figure", "valleys"];
    if !more.contains(&"-o") {
        call.extend(["-o", "x.png"]);
    }
    call.extend(more);
    let output = lab().current_dir(folder.path()).args(&call).output();
    let words = words_of(2, &call, &output.expect("the program starts"));
    assert!(words.contains(sentence), "{words}");
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        0
    );
}

#[rstest]
fn a_film_without_ffmpeg_is_refused_before_the_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, out) = within(&folder, "x.mp4");
    let call = ["figure", "valleys", "--animate", "-o", &out];
    let output = lab().env("PATH", folder.path()).args(call).output();
    let words = words_of(2, &call, &output.expect("the program starts"));
    assert!(words.contains("ffmpeg, which is not installed"), "{words}");
    assert!(!path.exists());
}

#[rstest]
fn a_cancelled_animation_is_an_error_and_frames_differ() {
    bilevel_lab::embedded::register_presets();
    let mut experiment: Experiment = presets::open("valleys").expect("it ships");
    experiment.iterations = 20;
    let problem = experiment.problem.build();
    let results = run_all(&experiment, &problem, Some(1), ProgressReports::SILENT);
    let results = results.expect("it runs");
    let subject = |view| AnimationSubject {
        view: view_of_word(view).expect("a view"),
        experiment: &experiment,
        problem: &problem,
        results: &results,
        fineness: Fineness::Coarse,
    };
    let plan = |view| AnimationPlan {
        format: AnimationFormat::Apng,
        timing: Timing {
            frames: 3,
            ..Timing::default()
        },
        page_size: default_page_size(view_of_word(view).expect("a view")),
        limit: None,
        threads: Some(1),
    };
    let token = WorkToken::default();
    token.cancel();
    let cancelled = animate(
        subject("race"),
        &plan("race"),
        &token,
        AnimationProgress::SILENT,
    );
    assert!(matches!(cancelled, Err(AnimationError::Cancelled)));
    let frames = Frames::new(
        subject("race"),
        plan("race").page_size,
        vec![0, 5, 20],
        (&WorkToken::default(), &|| {}),
    );
    let frames = frames.expect("they are computed");
    let svg = |place| frames.frame(place, Format::Svg).expect("it is drawn");
    assert!(svg(0) != svg(1) && svg(1) != svg(2));
}
