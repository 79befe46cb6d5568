//! All ratios with a limit that one process can measure, with their limits.
//!
//! Words after `--` choose parts: `window`, `anatomy`, `methods`, `race`, `valleys`, `atlas`, `typed`, `judging`. A missed limit
//! is reported, but is no failure, because a busy machine misses some. `benches/README.md` has the other two.

#[path = "parts/atlas.rs"]
mod atlas;
#[path = "parts/busy_window.rs"]
mod busy_window;
#[path = "parts/coreset.rs"]
mod coreset;
#[path = "parts/in_turn.rs"]
mod in_turn;
#[path = "parts/judging.rs"]
mod judging;
#[path = "parts/race_frame.rs"]
mod race_frame;
#[path = "parts/recorded.rs"]
mod recorded;
#[path = "parts/retyped.rs"]
mod retyped;
#[path = "parts/straight_line.rs"]
mod straight_line;
#[path = "parts/typed.rs"]
mod typed;
#[path = "parts/valleys.rs"]
mod valleys;

use std::io::Write as _;

use bilevel::study::RunCost;
use bilevel_figure::AxisScale;
use bilevel_figure::race::RaceOptions;
use coreset::Unrecorded;
use in_turn::{Times, by_their_own_clocks, in_turn, median, ratio, seconds};
use race_frame::Race;
use straight_line::StraightLine;

fn main() -> std::io::Result<()> {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut table = Table::default();
    // the window first: memory freed by other parts would be reused and not show
    for (name, part) in [
        ("window", window as fn(&mut Table)),
        ("anatomy", anatomy),
        ("methods", methods),
        ("race", race),
        ("valleys", all_valleys),
        ("atlas", an_atlas),
        ("typed", all_typed),
        ("judging", all_judging),
    ] {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            part(&mut table);
        }
    }
    write!(std::io::stdout(), "{table}")
}

/// Measures BOME with T = 10 on the coreset.
fn methods(table: &mut Table) {
    const ITERATIONS: u32 = 10_000;
    recorded::expect_one_method(1000);
    let all = u64::from(ITERATIONS);
    // all from the start: the cost of an exponential depends on its argument
    let straight = |step: fn(&mut StraightLine)| {
        let mut run = StraightLine::new();
        seconds(&mut || (0..ITERATIONS).for_each(|_| step(&mut run)))
    };
    let [plain, hoisted, counted, few, recorded] = by_their_own_clocks(
        200,
        &mut [
            &mut || straight(StraightLine::step),
            &mut || straight(StraightLine::step_with_one_softmax),
            &mut || {
                let mut run = Unrecorded::new("bome");
                seconds(&mut || (0..ITERATIONS).for_each(|_| run.step()))
            },
            &mut || recorded::time_s(all, all),
            &mut || recorded::time_s(all, 1),
        ],
    );
    let nanoseconds = |times: &Times| 1e9 * median(&times.rounds) / f64::from(ITERATIONS);
    let note = format!(
        "{:.0} ns over {:.0} ns",
        nanoseconds(&few),
        nanoseconds(&plain)
    );
    table.at_most(
        "`time_s` of a run of BOME, two rows kept / straight line",
        ratio(&few, &plain),
        1.5,
        note,
    );
    table.at_most(
        "the same with every row kept / straight line",
        ratio(&recorded, &plain),
        1.8,
        format!("{:.0} ns", nanoseconds(&recorded)),
    );
    table.tell(
        "BOME's steps alone, through trait objects, counted / straight line",
        ratio(&counted, &plain),
        format!("{:.0} ns", nanoseconds(&counted)),
    );
    table.tell(
        "a run of BOME, two rows kept / straight line with one softmax",
        ratio(&few, &hoisted),
        format!("{:.0} ns", nanoseconds(&hoisted)),
    );
}

/// Measures layout and tessellation of both pictures.
fn race(table: &mut Table) {
    const NAMES: [(&str, RunCost, AxisScale); 3] = [
        ("iterations, log", RunCost::Iterations, AxisScale::Log),
        ("iterations, linear", RunCost::Iterations, AxisScale::Linear),
        ("time, linear", RunCost::Time, AxisScale::Linear),
    ];
    for (noise, kind) in [(0.2, "noisy"), (0.83, "very rough")] {
        let (mut short, mut long) = (Race::new(10_000, noise), Race::new(1_000_000, noise));
        for (name, cost, scale) in NAMES {
            let view = RaceOptions {
                cost,
                scales: [scale, AxisScale::Log],
                ..RaceOptions::default()
            };
            let (mut few, mut many) = (0, 0);
            let [of_short, of_long] = in_turn(
                50,
                &mut [&mut || few = short.frame(view, true), &mut || {
                    many = long.frame(view, true);
                }],
            );
            table.at_most(
                &format!("{kind} race of 8 x 1,000,000 / 8 x 10,000 over {name}"),
                ratio(&of_long, &of_short),
                1.5,
                format!(
                    "{:.2} ms over {:.2} ms; {:.2} in processor time; {:.2} times as many vertices",
                    1e3 * median(&of_long.rounds),
                    1e3 * median(&of_short.rounds),
                    of_long.processor / of_short.processor,
                    many as f64 / few as f64
                ),
            );
            let [of_short, of_long] = in_turn(
                50,
                &mut [
                    &mut || {
                        short.frame(view, false);
                    },
                    &mut || {
                        long.frame(view, false);
                    },
                ],
            );
            table.tell(
                "the same with nothing remembered of the frame before",
                ratio(&of_long, &of_short),
                format!(
                    "{:.2} ms over {:.2} ms",
                    1e3 * median(&of_long.rounds),
                    1e3 * median(&of_short.rounds)
                ),
            );
        }
    }
}

/// Measures the whole window over eight runs at full speed.
fn window(table: &mut Table) {
    let found = busy_window::watch(950_000);
    table.at_most(
        "a frame over eight runs at work / over eight at rest",
        found.work,
        2.0,
        format!(
            "processor time; at rest {:.2} ms; {:.0} rows came per frame",
            found.idle_ms[0], found.rows_per_frame
        ),
    );
    table.tell(
        "the same on the clock",
        found.clock,
        format!("at rest {:.2} ms", found.idle_ms[1]),
    );
    let [rows, iterates] = found.rows;
    table.exactly(
        "rows recorded / iterates",
        rows as f64 / iterates as f64,
        format!("{rows} of {iterates}"),
    );
    table.near_one(
        "memory / what the traces say",
        found.memory,
        0.1,
        format!("{:.0} MB", found.bytes as f64 / 1e6),
    );
}

/// Measures the window with the anatomy of a step, and how soon it is there.
fn anatomy(table: &mut Table) {
    for preset in ["pbgd", "coreset", "bvfsm-rescued"] {
        let found = busy_window::anatomy(preset);
        table.at_most(
            &format!("a frame with the anatomy / with the landscape, {preset}"),
            found.work,
            2.0,
            format!(
                "processor time while the playhead plays; landscape {:.2} ms",
                found.landscape_ms
            ),
        );
        table.at_most(
            &format!("ms from the key to the anatomy, {preset}"),
            found.key_ms[0],
            50.0,
            format!(
                "processor time of all threads; on the clock {:.1}; longest of 40 steps of the playhead {:.1}, {:.1}",
                found.key_ms[1], found.step_ms[0], found.step_ms[1]
            ),
        );
    }
}

/// Measures the reduced objective on 512 points with all minima, and the branches of the follower, in milliseconds
/// instead of ratios.
fn all_valleys(table: &mut Table) {
    for found in valleys::measure() {
        table.at_most(
            &format!("ms of φ with its jumps and minima, {}", found.id),
            found.valleys_ms,
            50.0,
            format!(
                "branches {:.2} ms; both over 512 solves of the referee: {:.2}",
                found.branches_ms, found.over_solves
            ),
        );
    }
}

/// Measures typed formulas against the same problems built in.
fn all_typed(table: &mut Table) {
    for found in typed::measure() {
        let [ours, theirs] = found.nanoseconds;
        table.at_most(
            &format!("value and gradient of {}, typed / built in", found.id),
            found.ratio,
            3.0,
            format!("{ours:.0} ns over {theirs:.0} ns"),
        );
    }
    table.at_most(
        "ms to read, check and build a formula of 2,000 characters",
        typed::reading(),
        5.0,
        String::new(),
    );
    let [usual, worst] = retyped::measure();
    table.at_most(
        "ms from the last key of a formula until every run has moved",
        worst,
        100.0,
        format!("the worst of 40 keys; the median is {usual:.0} ms"),
    );
}

/// Measures verdicts and gaps of finished runs.
fn all_judging(table: &mut Table) {
    for found in judging::measure() {
        table.at_most(
            &format!("judging {} / 0.15 s and twice its methods", found.name),
            found.share(),
            1.0,
            format!("{:.3} s; methods {:.3} s", found.judging, found.methods),
        );
    }
}

/// Measures an atlas of BOME from 128 × 128 starts.
fn an_atlas(table: &mut Table) {
    let found = atlas::measure();
    let [ours, theirs] = found.nanoseconds;
    table.at_most(
        "atlas of 128 x 128 starts / straight line, per inner update",
        found.over_plain,
        2.0,
        format!("{ours:.1} ns over {theirs:.1} ns"),
    );
    table.at_least(
        "one thread / two threads",
        found.speed_up,
        1.7,
        String::new(),
    );
    table.at_most(
        "ms to the first cells of eight methods",
        found.first_ms,
        100.0,
        String::new(),
    );
    table.at_most("ms to stop at most", found.cancel_ms, 50.0, String::new());
    table.at_most(
        "MB of 256 x 256 starts of eight methods",
        found.bytes as f64 / 1e6,
        200.0,
        String::new(),
    );
    table.at_most(
        "a frame over an atlas at work / over one that is ready",
        found.frame[0],
        2.0,
        format!("processor time; at rest {:.2} ms", found.frame[1]),
    );
}

/// The measurements, a line each.
#[derive(Default)]
struct Table(Vec<[String; 4]>);

impl Table {
    fn at_most(&mut self, what: &str, ratio: f64, limit: f64, note: String) {
        self.add(
            what,
            ratio,
            format!("at most {limit:.1}"),
            ratio <= limit,
            note,
        );
    }

    fn at_least(&mut self, what: &str, ratio: f64, limit: f64, note: String) {
        let words = format!("at least {limit:.1}");
        self.add(what, ratio, words, ratio >= limit, note);
    }

    fn near_one(&mut self, what: &str, ratio: f64, most: f64, note: String) {
        let is_met = (ratio - 1.0).abs() <= most;
        self.add(what, ratio, format!("1 ± {most}"), is_met, note);
    }

    fn exactly(&mut self, what: &str, ratio: f64, note: String) {
        self.add(what, ratio, "1".to_owned(), ratio == 1.0, note);
    }

    fn tell(&mut self, what: &str, ratio: f64, note: String) {
        self.add(what, ratio, String::new(), true, note);
    }

    fn add(&mut self, what: &str, ratio: f64, limit: String, is_met: bool, note: String) {
        let limit = if is_met {
            limit
        } else {
            format!("{limit}: MISSED")
        };
        self.0
            .push([what.to_owned(), format!("{ratio:.3}"), limit, note]);
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "| what | ratio | limit | measured |\n|---|---|---|---|")?;
        for [what, ratio, limit, note] in &self.0 {
            writeln!(f, "| {what} | {ratio} | {limit} | {note} |")?;
        }
        Ok(())
    }
}
