//! The bytes of exports beside those of `figure`.

use bilevel::numerics::WorkToken;
use bilevel::problem::PROBLEMS;
use bilevel_figure::race::RaceOptions;
use bilevel_figure::{VIEWS, default_page_size, draw};
use bilevel_files::{Experiment, ProgressReports, ViewKind, run_all};
use rstest::rstest;

use std::time::Duration;

use super::*;
use crate::app::App;
use crate::app::background::Background;
use crate::app::session::Session;
use crate::app::views::context::view_context;
use crate::app::views::run_views::RunViews;

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
        session,
        run_views: &RunViews::new(&Background::of_a_test()),
        kind,
        opened: "",
    };
    let page_size = default_page_size(view(kind));
    let what = if view(kind).info().is_beside {
        ExportContent::Race
    } else {
        ExportContent::View(kind)
    };
    let page = source.page_now(what, &page_size, fineness);
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

/// A complete view, as a file has it.
const COMPLETE: &str = "race_y = \"f-optimum\"\nrace_scales = [\"linear\", \"log\"]\nrace_target = 0.5\n\
    race_weights = [1, 2, 3, 4, 5]\nrace_x = \"cost\"\nrace_ranges = [[[0, 60], [1e-3, 10]], \"auto\"]\n\
    range = [[-3, 3], [-2, 4]]\nfigure_ranges = [\"auto\", [[-3, 3], [-2, 5]]]\nhidden = [\"two\"]\nplayhead = 5\n\
    [view.page]\nwidth = 90\nfont = 7\ntheme = \"dark\"\ntitle = \"off\"\nbackground = \"off\"\n\
    [[note]]\nview = \"landscape\"\naxes = [\"x1[1]\", \"x2[1]\"]\nat = [1, 1]\ntext = \"seen\"\narrow = [0, 0]\n\
    [[note]]\nview = \"race\"\naxes = [\"cost\", \"f-optimum\"]\nat = [30, 0.1]\ntext = \"seen\"\n\
    [[note]]\nview = \"race\"\naxes = [\"cost\", \"f\"]\nat = [30, 0.1]\ntext = \"unseen\"\n";

#[rstest]
fn a_complete_view_is_the_same_bytes_from_window_and_command_line(
    #[values("race", "landscape")] kind: &str,
) {
    crate::embedded::register_presets();
    let text = format!(
        "title = \"Both ways\"\niterations = 12\nseeds = [0, 1]\n[problem]\nid = \"valleys\"\n\
         [[method]]\nid = \"bome\"\nlabel = \"one\"\n[[method]]\nid = \"itd\"\nlabel = \"two\"\n\
         [[method]]\nid = \"implicit\"\nlabel = \"three\"\n[view]\n{COMPLETE}"
    );
    let experiment = Experiment::read("both.toml", &text).expect("the experiment is right");
    let kind = bilevel_files::views::find(kind).expect("it is a view");
    let picture = view(kind);
    let proportion = picture.proportion();
    let ctx = egui::Context::default();
    let executor = Background::of_a_test().executor;
    let mut app = App::with_executor(&ctx, "both", experiment.clone(), executor, Duration::ZERO);
    let taken = app.as_seen();
    assert_eq!(taken.view.figure, experiment.view.figure, "nothing is lost");
    assert_eq!(taken.view.notes, experiment.view.notes);
    let race = app.views.race.view;
    let session = &mut app.document.session;
    session.follow(&race);
    session.begin();
    session.update(0.0);
    while session.background().executor.step() {
        session.update(0.0);
    }
    let source = app.export_source();
    let page_size = PageSize::of(&experiment.view.figure.page, proportion);
    let what = if picture.info().is_beside {
        ExportContent::Race
    } else {
        ExportContent::View(kind)
    };
    let page = source.page_now(what, &page_size, Fineness::Full);
    let page = page.map_err(|error| error.to_string());
    let exported = page.and_then(|page| {
        let file = page.file(&page_size, Format::Svg);
        file.map_err(|error| error.to_string())
    });
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let recorded = experiment.recorded_for_pictures(&*problem);
    let results = run_all(&recorded, &problem, None, ProgressReports::SILENT)
        .expect("the experiment can be run");
    let file = (picture, page_size, Format::Svg);
    let drawn = draw(file, &experiment, &problem, &results, Fineness::Full);
    assert_same(
        &exported,
        &drawn.map_err(|error| error.to_string()),
        kind.word(),
    );
    let text = String::from_utf8(exported.expect("it was drawn")).expect("text");
    let (_, metadata) = text.split_once("<metadata>").expect("it has metadata");
    let (metadata, shown) = metadata.split_once("</metadata>").expect("it ends");
    let metadata = metadata.replace("&quot;", "\"");
    let again = Experiment::read("again.toml", &metadata).expect("it is an experiment");
    assert_eq!(again.view.figure, experiment.view.figure);
    assert_eq!(again.view.notes, experiment.view.notes);
    assert!(shown.contains("aria-label=\"seen\""), "it has its note");
    assert!(
        !shown.contains("aria-label=\"unseen\""),
        "its axes are others"
    );
    assert!(!shown.contains("aria-label=\"two\""), "it is hidden");
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
