//! An atlas of BOME on the example of V-PBGD, compared with a straight-line program; its scaling, latency and
//! cancellation; and the cost of frames while one is computed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bilevel::numerics::WorkToken;
use bilevel::run::{Executor, WEIGHTS};
use bilevel::study::{News, SurveyOutcome, SurveyWorker};
use bilevel_figure::{Colouring, MethodMap, OutcomeColours, Theme, costs};
use bilevel_files::{Experiment, SurveyOptions, SurveyPlan};
use rayon::prelude::*;

use crate::busy_window::{self, resident_bytes};
use crate::in_turn::{in_turn, median, ratio};

/// The number of starts along an axis.
const SIDE: usize = 128;
const ITERATIONS: usize = 500;
const INNER_STEPS: usize = 10;

/// The measurements.
pub(crate) struct Findings {
    /// Time of an atlas on one thread over that of the straight-line program.
    pub(crate) over_plain: f64,
    /// Nanoseconds per inner update: of the atlas and of the straight-line program.
    pub(crate) nanoseconds: [f64; 2],
    /// Time with one thread over that with two.
    pub(crate) speed_up: f64,
    /// Milliseconds from the request to the first cells, for eight methods.
    pub(crate) first_ms: f64,
    /// Milliseconds from cancelling to the end of all threads.
    pub(crate) cancel_ms: f64,
    /// Bytes of an atlas of 256 × 256 starts and eight methods, maps included.
    pub(crate) bytes: usize,
    /// Processor time per frame while an atlas is computed over that of an idle frame, and the latter in ms.
    pub(crate) frame: [f64; 2],
}

fn plan(methods: &str, side: usize, iterations: usize) -> SurveyPlan {
    let text = format!(
        "iterations = {iterations}\nstart = [[0], [0]]\n[problem]\nid = \"pbgd\"\n{methods}"
    );
    let experiment = Experiment::read("atlas", &text).expect("the experiment is right");
    let problem = experiment.problem.build();
    let ask = SurveyOptions {
        side,
        plane: Some(vec!["x".to_owned(), "y".to_owned()]),
        ..SurveyOptions::default()
    };
    experiment.basins(&problem, &ask).expect("a survey")
}

const BOME: &str =
    "[[method]]\nid = \"bome\"\ninner_steps = 10\ninner_step_size = 0.05\nouter_step_size = 0.05\n";

/// An experiment with eight methods, all of which apply to the problem.
fn eight() -> String {
    let ids = ["bome", "itd", "bsg1", "alternating"];
    let cards = (0..8).map(|number| {
        let id = ids[number % ids.len()];
        format!("[[method]]\nid = \"{id}\"\nlabel = \"{id} {number}\"\ninner_steps = 10\n")
    });
    cards.collect::<Vec<_>>().concat()
}

/// All outcomes, computed on this thread.
fn all(plan: &SurveyPlan) -> Vec<SurveyOutcome> {
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("goals");
    let numbers = 0..plan.survey.len();
    numbers
        .map(|number| {
            let place = plan.survey.place(number);
            plan.survey.cell(place, &goals, &token).expect("a cell")
        })
        .collect()
}

/// Computes all outcomes on the threads of a pool.
fn threaded(plan: &SurveyPlan, pool: &rayon::ThreadPool) {
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("goals");
    pool.install(|| {
        (0..plan.survey.len()).into_par_iter().for_each(|number| {
            let place = plan.survey.place(number);
            std::hint::black_box(plan.survey.cell(place, &goals, &token));
        });
    });
}

pub(crate) fn measure() -> Findings {
    let whole = plan(BOME, SIDE, ITERATIONS);
    expect_one_method();
    let grid = whole.survey.grid.clone();
    let straight = || {
        for cell in 0..grid.len() {
            let start = grid.start(cell);
            let mut run = StraightLine::new(start.values()[0], start.values()[1]);
            (0..ITERATIONS).for_each(|_| run.step());
            std::hint::black_box(&run);
        }
    };
    let [ours, theirs] = in_turn(3, &mut [&mut || drop(all(&whole)), &mut || straight()]);
    let updates = (grid.len() * ITERATIONS * INNER_STEPS) as f64;
    let nanoseconds = [&ours, &theirs].map(|times| 1e9 * median(&times.rounds) / updates);
    let pool = |threads| {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
        builder.build().expect("threads can be started")
    };
    let (one, two) = (pool(1), pool(2));
    let [single, double] = in_turn(
        3,
        &mut [&mut || threaded(&whole, &one), &mut || {
            threaded(&whole, &two);
        }],
    );
    let [first_ms, cancel_ms] = worker();
    let frame = busy_window::survey();
    Findings {
        over_plain: ratio(&ours, &theirs),
        nanoseconds,
        speed_up: ratio(&single, &double),
        first_ms,
        cancel_ms,
        bytes: memory(),
        frame,
    }
}

/// Milliseconds to the first cells, the median, and from cancelling to the end, the worst.
fn worker() -> [f64; 2] {
    let plan = plan(&eight(), SIDE, ITERATIONS);
    let survey = Arc::new(plan.survey);
    let (mut first, mut cancel) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let mut worker = SurveyWorker::new(&Executor::new(2), || {});
        let clock = Instant::now();
        assert!(worker.ask(Arc::clone(&survey)));
        loop {
            match worker.try_receive() {
                Some(News::Cells(_)) => break,
                _ => std::thread::sleep(Duration::from_micros(200)),
            }
        }
        first.push(1e3 * clock.elapsed().as_secs_f64());
        std::thread::sleep(Duration::from_millis(30));
        let clock = Instant::now();
        drop(worker);
        cancel.push(1e3 * clock.elapsed().as_secs_f64());
    }
    [median(&first), cancel.iter().copied().fold(0.0, f64::max)]
}

/// Bytes of the cells and maps of eight methods.
fn memory() -> usize {
    let plan = plan(&eight(), 256, 1);
    let before = resident_bytes();
    let cells: Vec<Option<SurveyOutcome>> = all(&plan).into_iter().map(Some).collect();
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("goals");
    let ends = OutcomeColours::new(goals.targets());
    let colouring = Colouring {
        ends: &ends,
        weights: &WEIGHTS,
        costs: costs(cells.iter().flatten(), &WEIGHTS),
        theme: Theme::Light,
    };
    let grid = &plan.survey.grid;
    let maps: Vec<MethodMap> = cells
        .chunks(grid.len())
        .map(|cells| MethodMap::new(grid, cells, colouring))
        .collect();
    let grown = resident_bytes().saturating_sub(before);
    std::hint::black_box((&cells, &maps));
    grown
}

/// Checks that both programs are the same method.
fn expect_one_method() {
    let plan = plan(BOME, 5, 60);
    let token = WorkToken::default();
    let goals = plan.survey.goals(&token).expect("goals");
    for cell in 0..plan.survey.grid.len() {
        let place = plan.survey.place(cell);
        let ended = plan.survey.ended(place, &goals, &token);
        let (_, end) = ended.expect("a cell");
        let start = plan.survey.grid.start(cell);
        let mut plain = StraightLine::new(start.values()[0], start.values()[1]);
        (0..60).for_each(|_| plain.step());
        let apart = (end.values()[0] - plain.x).hypot(end.values()[1] - plain.y);
        assert!(apart < 1e-6, "{end:?} and {plain:?}");
    }
}

/// BOME on the example of V-PBGD, written from the formulas: T = 10, all step sizes 0.05, η = 0.5, ε = 1e-8.
#[derive(Clone, Copy, Debug)]
struct StraightLine {
    x: f64,
    y: f64,
}

impl StraightLine {
    fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    fn step(&mut self) {
        const STEP: f64 = 0.05;
        let Self { x, y } = *self;
        let mut inner = y;
        for _ in 0..INNER_STEPS {
            let (sin, cos) = (x + inner).sin_cos();
            inner -= STEP * (2.0 * (x + inner) + 2.0 * x * sin * cos);
        }
        let slope = |y: f64| {
            let (sin, cos) = (x + y).sin_cos();
            let along_y = 2.0 * (x + y) + 2.0 * x * sin * cos;
            [along_y + sin * sin, along_y]
        };
        let (here, there) = (slope(y), slope(inner));
        let gap = [here[0] - there[0], here[1]];
        let share = 1.0 / (1.0 + (2.0 - 4.0 * x).exp());
        let (sin, cos) = (4.0 * y + 2.0).sin_cos();
        let far = 4.0 * x - 2.0;
        let f = [
            4.0 * cos * share * (1.0 - share) + 4.0 * far / (far * far + 1.0),
            -4.0 * sin * share,
        ];
        let square = gap[0] * gap[0] + gap[1] * gap[1];
        let alignment = f[0] * gap[0] + f[1] * gap[1];
        let multiplier = (0.5 - alignment / (square + 1e-8)).max(0.0);
        self.x = (x - STEP * (f[0] + multiplier * gap[0])).clamp(0.0, 3.0);
        self.y = y - STEP * (f[1] + multiplier * gap[1]);
    }
}
