//! The bytes of exports beside those of `figure`.

use bilevel::problem::PROBLEMS;
use bilevel_figure::race::RaceOptions;
use bilevel_figure::{VIEWS, default_page_size, draw};
use bilevel_files::{ProgressReports, run_all};
use rstest::rstest;

use super::*;
use crate::app::background::Background;
use crate::app::views::context::view_context;

/// Methods for any small problem.
const ANY: [&str; 2] = ["evolution", "finite-difference"];

/// A session whose runs have ended, with its playhead at the end.
fn finished(experiment: &Experiment) -> Session {
    let mut session = Session::new(experiment.clone(), &Background::of_a_test());
    session.begin();
    session.update(0.0);
    while session.background().executor.step() {
        session.update(0.0);
    }
    assert!(!session.is_computing() && !session.is_waiting());
    let end = session.end();
    session.playhead.seek(end);
    session
}

/// The bytes that the window's export writes, or the reason why it writes none.
fn exported(session: &Session, kind: ViewKind, fineness: Fineness) -> Result<Vec<u8>, String> {
    let experiment = session.experiment();
    let milestones = session.problem().milestones();
    let race = RaceOptions::of(&experiment.view, 1, &milestones);
    let mut context = view_context(session, experiment.view.clone(), race);
    for path in &mut context.paths {
        path.most = None;
    }
    let source = ExportSource {
        context,
        race_ranges: Vec::new(),
        session,
        run_views: &RunViews::new(&Background::of_a_test()),
        kind,
        opened: "",
    };
    let page_size = default_page_size(view(kind));
    let what = if view(kind).info().is_beside {
        What::Race
    } else {
        What::View(kind)
    };
    let page = source.page_now(what, page_size.theme, fineness);
    let page = page.map_err(|error| error.to_string())?;
    page.file(&page_size, Format::Svg)
        .map_err(|error| error.to_string())
}

/// The bytes that `figure --view` writes, or the reason why it writes none.
fn drawn(experiment: &Experiment, kind: ViewKind, fineness: Fineness) -> Result<Vec<u8>, String> {
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let recorded = experiment.recorded_for_pictures(&*problem);
    let results = run_all(&recorded, &problem, None, ProgressReports::SILENT)
        .expect("the experiment can be run");
    let file = (view(kind), default_page_size(view(kind)), Format::Svg);
    let picture = draw(file, experiment, &problem, &results, fineness);
    picture.map_err(|error| error.to_string())
}

fn experiment_on(id: &str, lines: &str, methods: [&str; 2]) -> Experiment {
    crate::embedded::register_presets();
    let [first, second] = methods;
    let text = format!(
        "title = \"Both ways\"\niterations = 12\n[problem]\nid = \"{id}\"\n{lines}\n\
         [[method]]\nid = \"{first}\"\n[[method]]\nid = \"{second}\"\n"
    );
    Experiment::read("both.toml", &text).expect("the experiment is right")
}

/// Compares two files, or the reasons why there are none, and shows where they begin to differ.
#[track_caller]
fn assert_same(a: &Result<Vec<u8>, String>, b: &Result<Vec<u8>, String>, what: &str) {
    if a == b {
        return;
    }
    let (Ok(a), Ok(b)) = (a, b) else {
        panic!("{what}: {:?} and {:?}", a.as_ref().err(), b.as_ref().err());
    };
    let place = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(0);
    let around = |file: &[u8]| {
        let part = &file[place.saturating_sub(80)..file.len().min(place + 120)];
        String::from_utf8_lossy(part).into_owned()
    };
    panic!("{what}:\n{}\n---\n{}", around(a), around(b));
}

/// All views except surveys, whose data the window already has: `tests/ui/atlas.rs` compares those.
fn compared() -> impl Iterator<Item = ViewKind> {
    let kinds = VIEWS.map(|view| ViewKind::new(view.info()));
    let surveys = [AtlasPicture::KIND, SweepPicture::KIND];
    kinds
        .into_iter()
        .filter(move |kind| !surveys.contains(kind))
}

#[rstest]
fn the_window_saves_the_bytes_that_the_command_line_draws(#[values(0, 1)] half: usize) {
    for entry in PROBLEMS.iter().skip(half).step_by(2) {
        let experiment = experiment_on(entry.id, "", ANY);
        let session = finished(&experiment);
        for kind in compared() {
            let [window, command_line] = [
                exported(&session, kind, Fineness::Coarse),
                drawn(&experiment, kind, Fineness::Coarse),
            ];
            assert_same(
                &window,
                &command_line,
                &format!("{} of {}", kind.word(), entry.id),
            );
        }
    }
}

#[rstest]
#[case("valleys", "", ["itd", "v-pbgd"])]
#[case("stackelberg", "", ANY)]
#[case("hyper-cleaning", "train = 40\nvalidation = 20", ["bome", "itd"])]
fn the_bytes_are_the_same_at_full_fineness(
    #[case] id: &str,
    #[case] lines: &str,
    #[case] methods: [&str; 2],
) {
    let experiment = experiment_on(id, lines, methods);
    let session = finished(&experiment);
    // the window has judged rows of a large problem whose points it has dropped since: its line of the gap has more rows
    let has_same_gaps = session.problem().pictured().is_none();
    for kind in compared().filter(|kind| has_same_gaps || *kind != RacePicture::KIND) {
        let window = exported(&session, kind, Fineness::Full);
        let command_line = drawn(&experiment, kind, Fineness::Full);
        assert_same(&window, &command_line, kind.word());
    }
}
