//! The whole window, without a screen, while eight runs compute at full speed: cost of a frame, and memory.

use std::time::{Duration, Instant};

use bilevel_files::Experiment;
use bilevel_lab::app::App;
use eframe::App as _;
use egui::{Context, Pos2, RawInput, vec2};

use crate::in_turn::{median, processor_seconds};

/// The time between two frames of a screen.
const REFRESH: Duration = Duration::from_micros(16_667);
/// The number of frames measured with all runs active, and again with none.
const FRAMES: usize = 240;
/// The number of frames per reading: the system's processor time has the resolution of a scheduler tick.
const FRAMES_PER_READING: usize = 30;

/// The measurements.
pub(crate) struct Findings {
    /// Processor time per frame while all runs compute over that of a frame after all have ended.
    pub(crate) work: f64,
    /// The same ratio of elapsed times.
    pub(crate) clock: f64,
    /// Milliseconds of an idle frame: processor time and elapsed time.
    pub(crate) idle_ms: [f64; 2],
    /// The number of new rows per busy frame.
    pub(crate) rows_per_frame: f64,
    /// The growth of resident memory over the size that the traces report.
    pub(crate) memory: f64,
    /// The size in bytes that the traces report.
    pub(crate) bytes: usize,
    /// The number of recorded rows, and the number of iterations plus starts.
    pub(crate) rows: [u64; 2],
}

/// Runs eight methods on the coreset with this number of iterations each, with the window open.
pub(crate) fn watch(iterations: u64) -> Findings {
    // load fonts, glyphs and the landscape before memory is measured
    let mut window = Window::new(eight(1000));
    window.finish();
    drop(window);
    let before = resident_bytes();
    let mut window = Window::new(eight(iterations));
    let first_rows = window.rows();
    let busy = window.measure(FRAMES);
    assert!(
        window.computes(),
        "the runs have ended too early to measure: more iterations"
    );
    let rows_per_frame = (window.rows() - first_rows) as f64 / FRAMES as f64;
    window.finish();
    let idle = window.measure(FRAMES);
    let bytes: usize = window.app.records().map(|(trace, _)| trace.bytes()).sum();
    let grown = resident_bytes().saturating_sub(before);
    let done: u64 = window.app.records().map(|(_, done)| done + 1).sum();
    Findings {
        work: busy.work / idle.work,
        clock: busy.clock / idle.clock,
        idle_ms: [1e3 * idle.work, 1e3 * idle.clock],
        rows_per_frame,
        memory: grown as f64 / bytes as f64,
        bytes,
        rows: [window.rows(), done],
    }
}

/// Processor time per frame while an atlas of six methods is computed over that of an idle frame, and the latter in ms.
pub(crate) fn survey() -> [f64; 2] {
    let mut experiment = bilevel_lab::embedded::open("pbgd-atlas").expect("the preset is right");
    experiment.view.grid = Some(256);
    let mut window = Window::new(experiment);
    // the runs of the race have to end first
    while window.computes() {
        window.draw();
        std::thread::sleep(Duration::from_millis(5));
    }
    let busy = window.measure(FRAMES);
    assert!(!window.app.is_settled(), "the atlas was ready too early");
    drop(window);
    let mut experiment = bilevel_lab::embedded::open("pbgd-atlas").expect("the preset is right");
    experiment.view.grid = Some(256);
    experiment.iterations = 5;
    let mut window = Window::new(experiment);
    window.finish();
    let idle = window.measure(FRAMES);
    [busy.work / idle.work, 1e3 * idle.work]
}

/// The anatomy of a preset's step beside its landscape.
pub(crate) struct AnatomyFindings {
    /// Processor time of a frame with the anatomy over one with the landscape, while the playhead plays.
    pub(crate) work: f64,
    /// The latter in milliseconds.
    pub(crate) landscape_ms: f64,
    /// The time from the key to the whole picture, and the longest from a step of the playhead to it, in milliseconds of
    /// processor time of all threads, the frames drawn meanwhile included, and on the clock.
    pub(crate) key_ms: [f64; 2],
    pub(crate) step_ms: [f64; 2],
}

/// Opens the anatomy of a preset by its key and moves the playhead.
pub(crate) fn anatomy(preset: &str) -> AnatomyFindings {
    let mut experiment = bilevel_lab::embedded::open(preset).expect("the preset is right");
    experiment.view.kind = None;
    let mut window = Window::new(experiment);
    window.settle();
    let playing = |window: &mut Window| {
        window.app.seek(1);
        window.press(egui::Key::Space);
        let cost = window.measure(FRAMES);
        window.press(egui::Key::Space);
        window.settle();
        cost
    };
    let landscape = playing(&mut window);
    window.app.seek(9);
    window.settle();
    let key_ms = window.press_and_settle(egui::Key::I);
    let step = |window: &mut Window, key| window.press_and_settle(key);
    let forward = (0..20).map(|_| step(&mut window, egui::Key::ArrowRight));
    let longer = |a: [f64; 2], b: [f64; 2]| [0, 1].map(|kind| a[kind].max(b[kind]));
    let forward = forward.fold([0.0; 2], longer);
    let back = (0..20).map(|_| step(&mut window, egui::Key::ArrowLeft));
    let step_ms = back.fold(forward, longer);
    let anatomy = playing(&mut window);
    AnatomyFindings {
        work: anatomy.work / landscape.work,
        landscape_ms: 1e3 * landscape.work,
        key_ms,
        step_ms,
    }
}

/// Eight methods on the coreset, as an experiment.
fn eight(iterations: u64) -> Experiment {
    let methods = [
        ("bome", "barrier = \"gradient\""),
        ("bome", "barrier = \"gap\""),
        ("bome", "inner_steps = 5"),
        ("bsg1", "inner_steps = 10"),
        ("bsg1", "inner_steps = 5"),
        ("aid-cg", "inner_steps = 10"),
        ("aid-fp", "inner_steps = 10"),
        ("itd", "inner_steps = 10"),
    ];
    let cards = methods.iter().enumerate().map(|(number, (id, setting))| {
        format!("[[method]]\nid = \"{id}\"\nlabel = \"{id} {number}\"\n{setting}\n")
    });
    let cards: String = cards.collect();
    let text = format!("iterations = {iterations}\n[problem]\nid = \"coreset\"\n{cards}");
    Experiment::read("eight", &text).expect("the experiment is right")
}

/// The app with a substitute for eframe.
struct Window {
    app: App,
    ctx: Context,
    frame: eframe::Frame,
    opened: Instant,
}

/// Seconds per frame.
struct Cost {
    work: f64,
    clock: f64,
}

impl Window {
    fn new(experiment: Experiment) -> Self {
        let ctx = Context::default();
        Self {
            app: App::new(&ctx, "eight", experiment),
            ctx,
            // the frame of egui's own test harness
            frame: eframe::Frame::_new_kittest(),
            opened: Instant::now(),
        }
    }

    /// Presses and releases a key.
    fn press(&mut self, key: egui::Key) {
        let event = |pressed: bool| egui::Event::Key {
            key,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: egui::Modifiers::NONE,
        };
        self.draw_with(vec![event(true), event(false)]);
    }

    /// The milliseconds from a key to the whole picture: processor time of all threads, and on the clock.
    fn press_and_settle(&mut self, key: egui::Key) -> [f64; 2] {
        let (clock, before) = (Instant::now(), all_processor_seconds());
        self.press(key);
        self.settle();
        let work = all_processor_seconds() - before;
        [work, clock.elapsed().as_secs_f64()].map(|seconds| 1e3 * seconds)
    }

    /// Draws until the view is there in full.
    fn settle(&mut self) {
        self.draw();
        while !self.app.is_settled() {
            std::thread::sleep(Duration::from_micros(200));
            self.draw();
        }
    }

    /// Runs logic, panels, layout and tessellation.
    fn draw(&mut self) {
        self.draw_with(Vec::new());
    }

    /// The same with events.
    fn draw_with(&mut self, events: Vec<egui::Event>) {
        let input = RawInput {
            screen_rect: Some(egui::Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0))),
            time: Some(self.opened.elapsed().as_secs_f64()),
            events,
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| {
            self.app.logic(ui.ctx(), &mut self.frame);
            self.app.ui(ui, &mut self.frame);
        });
        // without a graphics card, nothing takes the textures
        output.textures_delta.clear();
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        std::hint::black_box(meshes);
    }

    /// Draws frames at the screen's rate and measures them.
    fn measure(&mut self, frames: usize) -> Cost {
        let (mut works, mut clocks) = (Vec::new(), Vec::new());
        for _ in 0..frames / FRAMES_PER_READING {
            let before = processor_seconds();
            for _ in 0..FRAMES_PER_READING {
                let clock = Instant::now();
                self.draw();
                let spent = clock.elapsed();
                clocks.push(spent.as_secs_f64());
                std::thread::sleep(REFRESH.saturating_sub(spent));
            }
            works.push((processor_seconds() - before) / FRAMES_PER_READING as f64);
        }
        Cost {
            work: median(&works),
            clock: median(&clocks),
        }
    }

    /// Draws until no computation is left.
    fn finish(&mut self) {
        while self.computes() || !self.app.is_settled() {
            self.draw();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// True if a run has not ended yet.
    fn computes(&self) -> bool {
        let end = self.app.experiment().iterations;
        self.app.records().any(|(_, done)| done < end)
    }

    fn rows(&self) -> u64 {
        self.app
            .records()
            .map(|(trace, _)| trace.len() as u64)
            .sum()
    }
}

/// The processor time of all threads of this process so far, in seconds.
fn all_processor_seconds() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").expect("this needs Linux");
    let of_thread = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    let nanoseconds = threads.filter_map(|thread| of_thread(thread.ok()?.path()));
    1e-9 * nanoseconds.sum::<f64>()
}

/// The resident memory of this process in bytes.
pub(crate) fn resident_bytes() -> usize {
    let text = std::fs::read_to_string("/proc/self/status").expect("this needs Linux");
    let line = text.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    1024 * kilobytes.expect("the system tells it")
}
