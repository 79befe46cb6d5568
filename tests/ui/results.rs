//! The table of results: columns that fit, a choice of others, and aligned numbers.

use bilevel_lab::app::App;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::driving::{click, ended, settle};

/// The columns whose heads are in the window.
fn heads(harness: &Harness<'_, App>) -> Vec<&'static str> {
    let all = [
        "method",
        "status",
        "end",
        "k",
        "f",
        "phi",
        "phi - phi*",
        "place",
        "gap",
        "distance",
        "gradients",
        "products",
        "values",
    ];
    let is_shown = |name: &&str| harness.query_by_label(&format!("Sort by {name}")).is_some();
    all.into_iter().filter(is_shown).collect()
}

#[rstest]
fn the_most_important_columns_fit_and_all_of_them_where_there_is_room() {
    let narrow = ended("valleys", [1280.0, 720.0]);
    assert_eq!(
        heads(&narrow),
        ["method", "end", "phi - phi*", "place", "gap"]
    );
    let right = narrow.get_by_label("Sort by gap").rect().right();
    assert!(right < 1280.0, "the last column ends at {right}");
    let wide = ended("valleys", [2560.0, 1080.0]);
    assert_eq!(heads(&wide).len(), 13);
}

#[rstest]
fn columns_can_be_chosen_and_the_method_stays_while_others_scroll() {
    let mut harness = ended("valleys", [1280.0, 720.0]);
    click(&mut harness, "Columns");
    click(&mut harness, "place");
    assert_eq!(heads(&harness), ["method", "end", "phi - phi*", "gap"]);
    for name in ["status", "k", "distance", "gradients", "values"] {
        click(&mut harness, name);
    }
    // those that do not fit are reached by scrolling, beside the methods
    let method = harness.get_by_label("Sort by method").rect();
    let next = harness.get_by_label("Sort by status").rect();
    assert!(method.right() < next.left());
    assert!(harness.get_by_label("Sort by values").rect().right() > 1280.0);
    click(&mut harness, "As many as fit");
    assert!(heads(&harness).contains(&"place"));
    settle(&mut harness);
}

#[rstest]
fn numbers_end_at_the_right_of_their_column() {
    let harness = ended("valleys", [1920.0, 1080.0]);
    let head = harness.get_by_label("Sort by f").rect();
    for value in ["−0.7634", "−0.9667", "−0.9681"] {
        let cells = harness.query_all_by_label(value);
        let rights: Vec<f32> = cells.map(|cell| cell.rect().right()).collect();
        let is_aligned = |right: &f32| (right - head.right()).abs() < 0.5;
        assert!(
            rights.iter().any(is_aligned),
            "{value} at {rights:?}, {head}"
        );
    }
}
