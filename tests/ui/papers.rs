//! The page of papers in the window: its list, the experiments that its buttons open, and the strip above them.

use bilevel_claims::{CLAIMS, Publication};
use bilevel_lab::app::App;
use egui::{Key, Modifiers, Rect, Theme, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support;
use crate::support::driving::{assert_dialog, picture, press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];

/// Clicks the control with a label and settles.
fn click(harness: &mut Harness<'_, App>, label: &str) {
    harness.get_by_label(label).click();
    for _ in 0..3 {
        harness.step();
    }
    settle(harness);
}

fn shows(harness: &Harness<'_, App>, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

fn open_button(claim: usize) -> String {
    format!("Open {}: {}", CLAIMS[claim].preset, CLAIMS[claim].phrase)
}

#[rstest]
fn the_page_of_papers_looks_as_it_should_in_both_themes_and_sizes() {
    for (size, name) in [(SIZE, "720"), ([1920.0, 1080.0], "1080")] {
        for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let mut harness = window("welcome", size, theme);
            press(&mut harness, Key::P);
            settle(&mut harness);
            assert_dialog(&mut harness, "papers", &format!("papers-{name}-{word}"));
        }
    }
}

/// Compares the strip above the figures, which says what to watch for, with a snapshot.
fn assert_strip(harness: &mut Harness<'_, App>, name: &str) {
    let whole = picture(harness);
    let button = harness.get_by_label("All claims").rect();
    let width = harness.ctx.content_rect().width();
    let area = Rect::from_min_max(
        pos2(0.0, button.top() - 8.0),
        pos2(width, button.bottom() + 8.0),
    );
    support::assert_snapshot(name, &support::part(&whole, area));
}

#[rstest]
fn every_claim_is_listed_with_its_verdict_and_a_button() {
    let mut harness = window("welcome", [1920.0, 1400.0], Theme::Light);
    click(&mut harness, "Papers");
    for page_size in Publication::ALL {
        assert!(
            shows(&harness, page_size.subject()),
            "{}",
            page_size.subject()
        );
    }
    for (place, claim) in CLAIMS.iter().enumerate() {
        assert!(
            harness.query_by_label(&open_button(place)).is_some(),
            "{}",
            claim.id
        );
        assert!(
            harness
                .query_all_by_label(claim.word.text())
                .next()
                .is_some()
        );
    }
    press(&mut harness, Key::Escape);
    assert!(!shows(&harness, Publication::Bome.subject()));
}

#[rstest]
fn an_opened_claim_says_what_to_watch_for_until_another_experiment_is_opened() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    press(&mut harness, Key::P);
    click(&mut harness, &open_button(1));
    assert_eq!(harness.state().name(), CLAIMS[1].preset);
    assert!(
        !shows(&harness, Publication::Multilevel.subject()),
        "the page is gone"
    );
    assert!(
        shows(&harness, "Watch for AID-CG’s card") || shows(&harness, "Watch for AID-CG's card")
    );
    harness.state_mut().seek(100);
    settle(&mut harness);
    assert_strip(&mut harness, "claim-720-light");
    // an edit leaves the strip in place
    press(&mut harness, Key::Num1);
    assert!(shows(&harness, "Watch for"));
    click(&mut harness, "Next claim");
    assert_eq!(harness.state().name(), CLAIMS[2].preset);
    assert!(shows(&harness, CLAIMS[2].phrase));
    // after one undo, the claim of the other experiment is not shown
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.step();
    settle(&mut harness);
    assert_eq!(harness.state().name(), CLAIMS[1].preset);
    assert!(!shows(&harness, "Watch for"));
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    harness.step();
    settle(&mut harness);
    assert!(shows(&harness, "Watch for"));
    click(&mut harness, "Hide what to watch for");
    assert!(!shows(&harness, "Watch for"));
    assert_eq!(harness.state().name(), CLAIMS[2].preset);
}

#[rstest]
fn the_palette_opens_a_claim_and_the_strip_leads_back_to_all_of_them() {
    let mut harness = window("welcome", [1920.0, 1080.0], Theme::Dark);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.step();
    harness.step();
    harness.event(egui::Event::Text("claim faster".to_owned()));
    harness.step();
    harness.step();
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    let place = CLAIMS
        .iter()
        .position(|claim| claim.id == "faster")
        .expect("it is listed");
    assert_eq!(harness.state().name(), CLAIMS[place].preset);
    assert!(shows(&harness, "Watch for"));
    assert_strip(&mut harness, "claim-1080-dark");
    click(&mut harness, "All claims");
    assert!(shows(&harness, Publication::Bome.subject()));
    assert!(shows(&harness, "It is open now."));
}
