//! Lessons: every refusal of the reader with its line, the check of claims, and the claims of each built-in lesson.

use std::path::{Path, PathBuf};
use std::process::Command;

use bilevel::numerics::WorkToken;
use bilevel_files::{Lesson, StepPlayhead, check_lesson, is_lesson, lesson_keys};
use bilevel_lab::embedded;
use rstest::rstest;

/// A lesson of one step, to which lines are added.
const HEAD: &str =
    "kind = 'lesson'\ntitle = 'A'\nsummary = 'B.'\n[[step]]\ntitle = 'C'\ntext = 'D'\n";

fn read(text: &str) -> Result<Lesson, String> {
    embedded::register_presets();
    Lesson::read("a.toml", text).map_err(|error| error.to_string())
}

/// The only error of a lesson whose step has further lines.
#[track_caller]
fn refusal(lines: &str) -> String {
    let error = read(&format!("{HEAD}{lines}")).expect_err("it is wrong");
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[rstest]
// the step begins in line 4, its lines are added from line 7 on
#[case("", 4, "the first step names its experiment")]
#[case("experiment = 'welcom'", 7, "did you mean `welcome`")]
#[case("experiment = 3", 7, "`experiment` must be the name of a preset")]
#[case("experiment = 'welcome'\nhilight = []", 8, "did you mean `highlight`")]
#[case("experiment = 'welcome'\nplay = 1", 8, "`play` must be")]
#[case(
    "experiment = 'welcome'\nplayhead = 'middle'",
    8,
    "\"start\" or \"end\""
)]
#[case(
    "experiment = 'welcome'\nplayhead = -3",
    8,
    "`playhead` must be a whole number"
)]
#[case(
    "experiment = 'welcome'\nhighlight = ['rase']",
    8,
    "did you mean `race`"
)]
#[case(
    "experiment = 'welcome'\nhighlight = ['card:BOM']",
    8,
    "did you mean `BOME`"
)]
#[case("experiment = 'welcome'\nview = 'landscap'", 8, "`view` must be")]
#[case(
    "experiment = 'welcome'\nview = 3",
    8,
    "`view` must be the name of a view"
)]
#[case(
    "experiment = 'welcome'\nview = { layot = 'teach' }",
    8,
    "did you mean `layout`"
)]
#[case("experiment = 'welcome'\nmethods = []", 8, "names none of the methods")]
#[case("experiment = 'welcome'\npredict = 'BOM'", 8, "did you mean `BOME`")]
#[case(
    "experiment = 'welcome'\npredict = { end_of = 'BOME', at = 5001 }",
    8,
    "5000"
)]
#[case(
    "experiment = 'welcome'\npredict = { of = 'BOME' }",
    8,
    "unknown key `of`"
)]
#[case("experiment = 'welcome'\npredict = 3", 8, "`predict` must be")]
#[case(
    "experiment = 'welcome'\npredict = { curves = true, end_of = 'BOME' }",
    8,
    "has one question"
)]
#[case(
    "experiment = 'welcome'\nmethods = ['BOME']\npredict = 'curves'",
    9,
    "needs two methods"
)]
#[case("experiment = 'welcome'\nmethods = ['ITDD']", 8, "did you mean `ITD`")]
#[case(
    "experiment = 'welcome'\nset = { 'BOME.inner_step' = 5 }",
    8,
    "did you mean `inner_steps`"
)]
#[case(
    "experiment = 'welcome'\nset = { 'BOM.inner_steps' = 5 }",
    8,
    "did you mean `BOME`"
)]
#[case(
    "experiment = 'welcome'\nset = { 'BOME.inner_steps' = 'x' }",
    8,
    "`inner_steps` must be"
)]
#[case(
    "experiment = 'welcome'\nset = { BOME.inner_steps = -1 }",
    8,
    "`inner_steps` must be"
)]
#[case(
    "experiment = 'welcome'\nset = { iteration = 5 }",
    8,
    "did you mean `iterations`"
)]
#[case("experiment = 'welcome'\nset = { start = [[1]] }", 8, "level")]
#[case(
    "experiment = 'welcome'\nquestion = 'E?'",
    8,
    "a question has an `answer`"
)]
#[case(
    "experiment = 'welcome'\nanswer = 'E'",
    8,
    "an answer has a `question`"
)]
#[case(
    "experiment = 'welcome'\nquestion = ''\nanswer = 'E'",
    8,
    "`question` is empty"
)]
#[case("text2 = 'D'\nexperiment = 'welcome'", 7, "did you mean `text`")]
#[case(
    "experiment = 'welcome'\nquestion = 'a $x'\nanswer = 'E'",
    8,
    "`$` without its partner"
)]
#[case(
    "experiment = 'welcome'\nquestion = '**a $x$**'\nanswer = 'E'",
    8,
    "bold words end before"
)]
#[case(
    "[step.experiment]\nmethod = [{ id = 'bome' }]\nproblem = { id = 'corset' }",
    9,
    "did you mean `coreset`"
)]
fn a_wrong_step_is_refused_at_its_line(
    #[case] lines: &str,
    #[case] line: usize,
    #[case] expected: &str,
) {
    let error = refusal(lines);
    assert!(error.starts_with(&format!("a.toml:{line}:")), "{error}");
    assert!(error.contains(expected), "{error}");
}

#[rstest]
// the table of the claim is in line 8
#[case("", 8, "the claim names no subject")]
#[case("runs = 'BOME'", 9, "did you mean `run`")]
#[case("run = 'BOM'\nquantity = 'f'\nat_most = 1", 9, "did you mean `BOME`")]
#[case("run = 'BOME'\nat_most = 1", 8, "has no `quantity`")]
#[case("run = 'BOME'\nquantity = 'fi'\nat_most = 1", 10, "unknown quantity")]
#[case(
    "run = 'BOME'\nquantity = 'gapp'\nat_most = 1",
    10,
    "did you mean `gap`"
)]
#[case("run = 'BOME'\nquantity = 'f'", 8, "the claim has no condition")]
#[case("run = 'BOME'\nquantity = 'f'\nvalue = 1", 11, "`value` has `within`")]
#[case(
    "run = 'BOME'\nquantity = 'f'\nwithin = 1",
    11,
    "`within` goes with `value`"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nvalue = 1\nwithin = 1\nat_most = 2",
    13,
    "two conditions"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nvalue = 'one'\nwithin = 1",
    11,
    "`value` must be"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_least = 2\nat_most = 1",
    11,
    "larger than"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nless_than = 'IDT'",
    11,
    "did you mean `ITD`"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_most = 1\nfactor = 2",
    12,
    "`factor` goes with"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_most = 1\nat = 5001",
    12,
    "beyond the 5000 iterations"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_most = 1\nat = 'last'",
    12,
    "`at` must be"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_most = 1\nat = { gapp = 1 }",
    12,
    "did you mean `gap`"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_most = 1\nstart = 2",
    12,
    "there is 1 start"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_most = 1\nseed = 7",
    12,
    "seed 7 is not among"
)]
#[case(
    "run = 'BOME'\nquantity = 'f'\nat_most = 1\nminima = 7",
    12,
    "no meaning in a claim with `run`"
)]
#[case(
    "run = 'BOME'\nquantity = 'slope'\nat_most = 1",
    10,
    "quantity of a point"
)]
#[case("run = 'BOME'\nquantity = 'verdict'\nvalue = 'good'", 11, "\"global\"")]
#[case(
    "run = 'BOME'\nquantity = 'verdict'\nat_most = 1",
    11,
    "no other condition"
)]
#[case(
    "run = 'BOME'\nquantity = 'status'\nvalue = 'done'",
    11,
    "\"converged\""
)]
#[case(
    "x = [1]\nquantity = 'phi'\nat_most = 1",
    9,
    "the leader has 4 variables, not 1"
)]
#[case(
    "x = [1, 1, 1, 1]\nquantity = 'calls'\nat_most = 1",
    10,
    "a point has none"
)]
#[case(
    "point = [[1], [2]]\nquantity = 'f'\nat_most = 1",
    9,
    "a row of numbers for each level"
)]
#[case("minima = 1.5", 9, "`minima` must be a whole number")]
#[case("optimum_f = 1.5", 9, "`value` has `within`")]
#[case("optimum = [1]\nwithin = 0.1", 9, "the leader has 4 variables")]
fn a_wrong_claim_is_refused_at_its_line(
    #[case] lines: &str,
    #[case] line: usize,
    #[case] expected: &str,
) {
    let error = refusal(&format!("experiment = 'welcome'\n[[step.claim]]\n{lines}"));
    assert!(error.starts_with(&format!("a.toml:{line}:")), "{error}");
    assert!(error.contains(expected), "{error}");
}

#[rstest]
#[case("title = 'A'\nsummary = 'B'\n[[step]]\n", 1, "kind = \"lesson\"")]
#[case("kind = 'lession'\n", 1, "`kind` must be \"lesson\"")]
#[case("kind = 'lesson'\nformat = 2\n", 2, "`format` must be")]
#[case("kind = 'lesson'\nsummery = 'B'\n", 2, "did you mean `summary`")]
#[case("kind = 'lesson'\n", 1, "has no step")]
#[case("[problem]\nid = 'coreset'\n", 1, "this file is an experiment")]
#[case("kind = lesson\n", 1, "text stands in quotes")]
fn a_wrong_head_is_refused_at_its_line(
    #[case] text: &str,
    #[case] line: usize,
    #[case] expected: &str,
) {
    let error = read(text).expect_err("it is wrong");
    let found = error.lines().find(|one| one.contains(expected));
    let found = found.unwrap_or_else(|| panic!("{error}"));
    assert!(found.starts_with(&format!("a.toml:{line}:")), "{error}");
}

#[rstest]
fn a_step_changes_the_experiment_of_the_one_before() {
    let text = format!(
        "{HEAD}experiment = 'welcome'\nmethods = ['BOME', 'ITD']\nplayhead = 'start'\nplay = true\n\
         [[step]]\ntitle = 'E'\ntext = \"\"\"\none\ntwo\n\nthree\n\"\"\"\n\
         set = {{ 'BOME.inner_steps' = 5, iterations = 20, ITD = {{ inner_steps = 3 }} }}\n\
         view = {{ race_y = 'f' }}\n\
         [[step]]\ntitle = 'F'\ntext = 'G'\nset = {{ start = [[0, 0, 0, 1], [0, 3]] }}\nmethods = ['BSG-1']\n\
         [[step]]\ntitle = 'H'\ntext = 'I'\nexperiment = 'valleys'\nplayhead = 12\n"
    );
    let lesson = read(&text).expect("it is right");
    let [first, second, third, last] = &lesson.steps[..] else {
        panic!("{} steps", lesson.steps.len());
    };
    let labels = |step: &bilevel_files::LessonStep| -> Vec<String> {
        let methods = step.experiment.methods.iter();
        methods.map(|one| one.label.clone()).collect()
    };
    assert_eq!(labels(first), ["BOME", "ITD"]);
    assert_eq!(first.playhead, Some(StepPlayhead::At(0)));
    assert!(first.is_playing && !second.is_playing);
    assert_eq!(labels(second), ["BOME", "ITD"], "the choice stays");
    assert_eq!(second.paragraphs, ["one two", "three"]);
    assert_eq!(second.experiment.iterations, 20);
    let steps = |slot: usize| {
        let settings = &second.experiment.methods[slot].settings;
        settings.value("inner_steps").to_string()
    };
    assert_eq!([steps(0), steps(1)], ["5", "3"]);
    assert_eq!(second.playhead, None);
    assert_eq!(labels(third), ["BSG-1"]);
    assert_eq!(third.experiment.iterations, 20, "changes stay");
    assert_eq!(third.experiment.view.race_y, second.experiment.view.race_y);
    assert_ne!(third.experiment.starts, second.experiment.starts);
    assert_eq!(last.experiment_name, "valleys");
    assert_eq!(
        last.experiment,
        embedded::open("valleys").expect("a preset")
    );
    assert_eq!(last.playhead, Some(StepPlayhead::At(12)));
}

#[rstest]
fn an_experiment_beside_the_lesson_is_found_and_its_errors_are_those_of_the_step() {
    embedded::register_presets();
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("own.toml");
    std::fs::write(&own, "[problem]\nid = 'coreset'\n[[method]]\nid = 'bome'\n").expect("a file");
    let file = folder.path().join("lesson.toml");
    let text = format!("{HEAD}experiment = 'own.toml'\n");
    let name = file.to_string_lossy();
    let lesson = Lesson::read(&name, &text).expect("it is right");
    assert_eq!(lesson.name, "lesson");
    assert_eq!(Path::new(&lesson.steps[0].experiment_name), own);
    std::fs::write(&own, "[problem]\nid = 'corset'\n[[method]]\nid = 'bome'\n").expect("a file");
    let error = Lesson::read(&name, &text)
        .expect_err("it is wrong")
        .to_string();
    assert!(
        error.contains("lesson.toml:7:") && error.contains("own.toml:2:"),
        "{error}"
    );
}

#[rstest]
fn a_lesson_is_told_from_an_experiment() {
    assert!(is_lesson("kind = 'lesson'"));
    assert!(
        is_lesson("[[step]]\ntitle = "),
        "broken lines do not hide it"
    );
    assert!(!is_lesson("[problem]\nid = 'coreset'"));
    let error = bilevel_files::Experiment::read("a.toml", HEAD).expect_err("it is a lesson");
    assert!(error.message.contains("this file is a lesson"), "{error}");
}

#[rstest]
fn each_kind_of_claim_holds_or_fails_with_its_measured_value() {
    let step = "[[step]]\ntitle = 'C'\ntext = 'D'\n";
    let claims = [
        // a leader's x with the lower level solved: y* = x, f = (x - 2)^2 + (y - 1)^2
        (
            "x = [1]\nquantity = 'y'\nvalue = 1\nwithin = 1e-9",
            true,
            "= 1,",
        ),
        (
            "x = [1]\nquantity = 'y'\nvalue = 2\nwithin = 0.5",
            false,
            "= 1,",
        ),
        (
            "x = [2]\nquantity = 'slope'\nvalue = 2\nwithin = 1e-6",
            true,
            "slope",
        ),
        (
            "point = [[2], [1]]\nquantity = 'f'\nat_most = 0",
            true,
            "= 0,",
        ),
        ("minima = 1", true, "= 1,"),
        ("minima = 2", false, "= 1,"),
        ("optimum = [1.5]\nwithin = 1e-6", true, "[1.5]"),
        ("optimum = [1.6]\nwithin = 1e-6", false, "[1.5]"),
        ("optimum_f = 0.5\nwithin = 1e-9", true, "= 0.5"),
        (
            "run = 'Alternating'\nquantity = 'verdict'\nvalue = 'spurious'",
            true,
            "spurious",
        ),
        (
            "run = 'Alternating'\nquantity = 'verdict'\nvalue = 'global'",
            false,
            "spurious",
        ),
        (
            "run = 'Alternating'\nquantity = 'status'\nvalue = 'budget'",
            true,
            "budget",
        ),
        (
            "run = 'Alternating'\nat = 'start'\nquantity = 'x'\nvalue = 0.6\nwithin = 0",
            true,
            "0.6",
        ),
        (
            "run = 'Alternating'\nquantity = 'x'\nvalue = 1.5\nwithin = 0.1",
            false,
            "= 2",
        ),
        (
            "run = 'Alternating'\nquantity = 'iterations'\nvalue = 200",
            true,
            "= 200",
        ),
        (
            "run = 'Alternating'\nquantity = 'phi'\nmore_than = 'Implicit, exact'\nfactor = 1.9",
            true,
            "more than",
        ),
        (
            "run = 'Alternating'\nquantity = 'phi'\nmore_than = 'Implicit, exact'\nfactor = 2.1",
            false,
            "more than",
        ),
        (
            "run = 'Alternating'\nquantity = 'phi'\nless_than = 'Implicit, exact'",
            false,
            "less than",
        ),
        (
            "run = 'Implicit, exact'\nat = { phi_gap = 1e-3 }\nquantity = 'iterations'\nat_most = 50",
            true,
            "first iterate",
        ),
        (
            "run = 'Alternating'\nat = { f_gap = -1 }\nquantity = 'iterations'\nat_most = 50",
            false,
            "never",
        ),
        (
            "run = 'Alternating'\nat = 7\nquantity = 'gap'\nat_most = 1",
            true,
            "iterate 7",
        ),
    ];
    let mut text = format!(
        "kind = 'lesson'\ntitle = 'A'\nsummary = 'B'\n{step}experiment = 'missing-response'\n"
    );
    let mut lines = Vec::new();
    for (claim, ..) in claims {
        lines.push(text.lines().count() + 1);
        text.push_str("[[step.claim]]\n");
        text.push_str(claim);
        text.push('\n');
    }
    let lesson = read(&text).expect("it is right");
    let checks = check_lesson(&lesson, None, &WorkToken::default());
    assert_eq!(checks.len(), claims.len());
    for ((check, (claim, holds, words)), line) in checks.iter().zip(claims).zip(lines) {
        let said = &check.sentence;
        assert_eq!(check.holds, holds, "{claim}: {said}");
        assert!(said.contains(words), "{claim}: {said} lacks {words}");
        assert_eq!((check.step, check.line), (1, line), "{claim}");
    }
}

/// A lesson dropped into the folder is found here, and has a test of its own.
#[rstest]
fn every_claim_of_a_built_in_lesson_holds(#[files("assets/lessons/*.toml")] path: PathBuf) {
    let lesson = built_in(&path);
    assert!((5..=8).contains(&lesson.steps.len()), "5 to 8 steps");
    assert_claims_hold(&lesson);
}

#[rstest]
fn the_document_has_the_words_and_a_picture_of_every_built_in_lesson() {
    embedded::register_presets();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(root.join("docs/lessons.md")).expect("the document");
    for lesson in embedded::LESSONS {
        let read = lesson.read().expect("it is right");
        for words in [&read.title, &read.summary] {
            assert!(document.contains(words.as_str()), "{words}");
        }
        let picture = format!("lessons/{}.png", lesson.name);
        assert!(document.contains(&format!("({picture})")), "{picture}");
        assert!(root.join("docs").join(&picture).is_file(), "{picture}");
    }
}

/// A failure and, if it can be mended, its mend: each with a claim.
#[rstest]
fn every_failure_of_the_gallery_fails_and_its_mend_does_not(
    #[files("assets/gallery/*.toml")] path: PathBuf,
) {
    let lesson = built_in(&path);
    assert!((1..=2).contains(&lesson.steps.len()));
    assert!(lesson.steps.iter().all(|step| !step.claims.is_empty()));
    assert_claims_hold(&lesson);
}

fn built_in(path: &Path) -> Lesson {
    embedded::register_presets();
    let text = std::fs::read_to_string(path).expect("the lesson");
    Lesson::read(&path.to_string_lossy(), &text).unwrap_or_else(|it| panic!("{it}"))
}

fn assert_claims_hold(lesson: &Lesson) {
    let checks = check_lesson(lesson, None, &WorkToken::default());
    assert!(!checks.is_empty(), "no claim");
    let wrong: Vec<String> = checks
        .iter()
        .filter(|check| !check.holds)
        .map(|check| format!("line {}: {}", check.line, check.sentence))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[rstest]
fn the_command_reports_each_claim_and_fails_with_the_line_of_a_wrong_one() {
    let lab = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"));
        command
            .args(arguments)
            .output()
            .expect("the program starts")
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let good = lab(&["check", "what-is-bilevel"]);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stderr));
    assert!(text(&good.stdout).contains("claims hold"));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wrong.toml");
    let claim = "experiment = 'welcome'\nset = { iterations = 3 }\n[[step.claim]]\nrun = 'BOME'\n\
                 quantity = 'iterations'\nvalue = 4\n";
    std::fs::write(&file, format!("{HEAD}{claim}")).expect("a file");
    let wrong = lab(&["check", &file.to_string_lossy()]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = text(&wrong.stderr);
    assert!(said.contains("wrong.toml:9: step 1:"), "{said}");
    assert!(said.contains("= 3, claimed 4"), "{said}");
    std::fs::write(&file, format!("{HEAD}experiment = 'welcom'\n")).expect("a file");
    let refused = lab(&["check", &file.to_string_lossy()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("wrong.toml:7:"));
}

#[rstest]
fn a_lesson_is_opened_by_name_and_a_wrong_name_is_refused() {
    let lab = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"));
        command
            .args(arguments)
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET");
        let output = command.output().expect("the program starts");
        let said = String::from_utf8(output.stderr).expect("text");
        (output.status.code(), said)
    };
    let (code, said) = lab(&["lesson", "what-is-bilevl"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("did you mean `what-is-bilevel`"), "{said}");
    // a valid one gets as far as the window
    for arguments in [&["lesson", "what-is-bilevel"][..], &["what-is-bilevel"]] {
        let (_, said) = lab(arguments);
        assert!(said.contains("display"), "{said}");
    }
    let (code, said) = lab(&[
        "run",
        "assets/lessons/what-is-bilevel.toml",
        "--out",
        "nothing",
    ]);
    assert_eq!(code, Some(2));
    assert!(said.contains("this file is a lesson"), "{said}");
}

#[rstest]
fn the_page_on_lessons_has_every_key_and_its_example_is_right() {
    let page = include_str!("../../docs/lessons.md");
    for (table, keys) in lesson_keys() {
        for key in keys {
            assert!(page.contains(&format!("| `{key}`")), "{table}: {key}");
        }
    }
    let example = page
        .split("```toml\n")
        .nth(1)
        .and_then(|it| it.split("```").next());
    let lesson = read(example.expect("an example")).expect("it is right");
    for check in check_lesson(&lesson, None, &WorkToken::default()) {
        assert!(check.holds, "{}", check.sentence);
    }
}
