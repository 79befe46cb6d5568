//! The grid of the table of results: the method stays while the other columns scroll, numbers are aligned, and as many
//! columns are shown as fit, unless the user has chosen.

use bilevel_figure::{MethodLook, RichText, fixed, significant};
use bilevel_files::{Table, TableCell};
use egui::{Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of, theme_of};
use crate::app::paint::widgets::swatch;

/// The height of a row.
const ROW: f32 = 24.0;
/// The space between two columns.
const GAP: f32 = 14.0;
/// The height of the bar of a table that scrolls sideways.
const BAR: f32 = 12.0;
/// The width of a method's line and marker.
const SWATCH: f32 = 44.0;
/// The greatest width of a method's name; the pointer shows all of it.
const MOST_NAME: f32 = 150.0;
/// The most significant digits of a number.
const DIGITS: i32 = 4;

/// The columns in the order in which they are given room; all others follow, a problem's own metrics first.
const PRIORITY: [&str; 22] = [
    "method",
    "start",
    "seed",
    "end",
    "includes",
    "finish",
    "solved",
    "phi - phi*",
    "median phi - phi*",
    "median phi",
    "place",
    "IQR",
    "failed",
    "reached",
    "gap",
    "f",
    "phi",
    "k",
    "largest gap",
    "median finish",
    "median f",
    "runs",
];
/// The other columns besides the problem's own metrics.
const LAST: [&str; 11] = [
    "status",
    "of level",
    "distance",
    "gradients",
    "products",
    "values",
    "median gap",
    "median k",
    "median gradients",
    "median products",
    "median values",
];
/// The columns before the problem's own metrics.
const BEFORE_METRICS: usize = 14;

/// The kind of the table's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// A row per method, with statistics over its runs.
    Method,
    /// A row per run.
    Run,
}

/// The rows, the sort order and the columns of the table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    /// The kind of rows that the user has chosen; `None` for methods where each has several runs, else runs.
    pub(super) rows: Option<RowKind>,
    pub(super) column: Option<&'static str>,
    pub(super) is_falling: bool,
    /// The columns that the user has chosen for each kind of rows; `None` for as many as fit.
    chosen: [Option<Vec<&'static str>>; 2],
}

impl Order {
    /// The kind of rows, if the methods have several runs each or not.
    pub(crate) fn row_kind(&self, has_several: bool) -> RowKind {
        match self.rows {
            _ if !has_several => RowKind::Run,
            Some(kind) => kind,
            None => RowKind::Method,
        }
    }

    /// The columns that the user has chosen for a kind of rows.
    pub(super) fn chosen(&mut self, kind: RowKind) -> &mut Option<Vec<&'static str>> {
        &mut self.chosen[kind as usize]
    }
}

/// A column that is laid out.
pub(super) struct Column {
    /// Its index in the table.
    pub(super) index: usize,
    width: f32,
    is_text: bool,
    cells: Vec<RichText>,
}

/// Draws columns of a table.
pub(super) fn table_ui(
    ui: &mut Ui,
    (table, columns): (&Table, &[Column]),
    methods: &[(String, MethodLook)],
    order: &mut Order,
) {
    let Some((first, rest)) = columns.split_first() else {
        return;
    };
    let whole: f32 = columns.iter().map(|column| column.width + GAP).sum();
    let has_bar = whole - GAP > ui.available_width();
    let bar = if has_bar { BAR } else { 0.0 };
    let height = ROW * (table.rows.len() + 1) as f32 + bar;
    let scroll = egui::ScrollArea::vertical()
        .id_salt("results")
        .auto_shrink([false, true]);
    scroll.show(ui, |ui| {
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let split = area.left() + first.width;
        let left = Rect::from_min_max(area.min, pos2(split, area.bottom()));
        column_ui(ui, left, (table, first), methods, order);
        let right = Rect::from_min_max(pos2(split + GAP, area.top()), area.max);
        let mut right_ui = ui.new_child(UiBuilder::new().max_rect(right).id_salt("scrolled"));
        let wide = egui::ScrollArea::horizontal()
            .id_salt("columns")
            .auto_shrink([false, true]);
        wide.show(&mut right_ui, |ui| {
            let width: f32 = rest.iter().map(|column| column.width + GAP).sum();
            let (area, _) = ui.allocate_exact_size(vec2(width - GAP, height), Sense::hover());
            let mut x = area.left();
            for column in rest {
                let place = Rect::from_min_size(pos2(x, area.top()), vec2(column.width, height));
                column_ui(ui, place, (table, column), methods, order);
                x += column.width + GAP;
            }
        });
    });
}

/// The columns to be shown: those that were chosen, or the most important ones that fit.
pub(super) fn columns(
    table: &Table,
    chosen: Option<&Vec<&'static str>>,
    width: f32,
) -> Vec<Column> {
    let all = (0..table.head.len()).map(|index| laid_out(table, index));
    let mut all: Vec<Column> = all.collect();
    if let Some(chosen) = chosen {
        all.retain(|column| column.index == 0 || chosen.contains(&table.head[column.index]));
        return all;
    }
    let importance = |column: &Column| {
        let name = table.head[column.index];
        let place = PRIORITY.iter().position(|known| *known == name);
        let of_others = if LAST.contains(&name) {
            PRIORITY.len()
        } else {
            BEFORE_METRICS
        };
        (place.map_or(of_others, |place| place), column.index)
    };
    all.sort_by_key(importance);
    let mut left = width + GAP;
    let fitting = all.iter().take_while(|column| {
        left -= column.width + GAP;
        left >= 0.0
    });
    let count = fitting.count().max(2);
    all.truncate(count);
    all.sort_by_key(|column| column.index);
    all
}

fn laid_out(table: &Table, index: usize) -> Column {
    let cells = table.rows.iter().map(|row| &row[index]);
    let decimals = common_decimals(cells.clone());
    let is_text = cells.clone().any(|cell| matches!(cell, TableCell::Text(_)));
    let size = if index == 0 { TEXT } else { SMALL };
    let most = if index == 0 {
        MOST_NAME / size
    } else {
        f32::INFINITY
    };
    let cells: Vec<RichText> = cells
        .map(|cell| RichText::parse(&words(cell, decimals)).shortened(most))
        .collect();
    let head = RichText::parse(&format!("{} ▾", head_words(table.head[index]))).width * SMALL;
    let widest = cells
        .iter()
        .map(|text| text.width * size)
        .fold(0.0, f32::max);
    let swatch = if index == 0 { SWATCH } else { 0.0 };
    Column {
        index,
        width: head.max(widest + swatch),
        is_text,
        cells,
    }
}

/// The decimals with which all numbers of a column are written; `None` where their sizes differ too much.
fn common_decimals<'a>(cells: impl Iterator<Item = &'a TableCell>) -> Option<usize> {
    let numbers = cells.filter_map(|cell| match cell {
        TableCell::Number(number) if *number != 0.0 => Some(number.abs()),
        _ => None,
    });
    let (mut least, mut most, mut are_whole) = (f64::INFINITY, 0.0, true);
    for number in numbers {
        least = number.min(least);
        most = number.max(most);
        are_whole &= number.fract() == 0.0;
    }
    // whole numbers are exact as they are
    if are_whole && most < 1e9 {
        return Some(0);
    }
    let is_moderate = 1e-3 <= least && least <= most && most < 1e5;
    is_moderate.then(|| {
        let digits = DIGITS - 1 - most.log10().floor() as i32;
        digits.clamp(0, 6) as usize
    })
}

fn words(cell: &TableCell, decimals: Option<usize>) -> String {
    match (cell, decimals) {
        (TableCell::Text(text), _) => text.clone(),
        (TableCell::Number(number), Some(decimals)) => fixed(*number, decimals),
        (TableCell::Difference(number), _) if *number > 0.0 => {
            format!("+{}", significant(*number, 3))
        }
        (TableCell::Number(number), None) | (TableCell::Difference(number), _) => {
            significant(*number, 3)
        }
        (TableCell::Count(count), _) => fixed(*count as f64, 0),
        (TableCell::Share { .. }, _) => cell.short(),
        (TableCell::Unknown, _) => "–".to_owned(),
    }
}

/// Draws a column with its head; a click on the head sorts by it, another click reverses the order.
fn column_ui(
    ui: &mut Ui,
    place: Rect,
    (table, column): (&Table, &Column),
    methods: &[(String, MethodLook)],
    order: &mut Order,
) {
    let roles = roles_of(ui);
    let name = table.head[column.index];
    let id = Id::unique(("result", name));
    let line = |row: usize| {
        let top = place.top() + ROW * row as f32;
        Rect::from_min_size(pos2(place.left(), top), vec2(place.width(), ROW))
    };
    // the rectangle of a text: words on the left of the column, numbers on the right
    let placed = |rect: Rect, text: &RichText, size: f32| {
        let left = if column.is_text {
            rect.left()
        } else {
            rect.right() - text.width * size
        };
        Rect::from_min_size(pos2(left, rect.top()), vec2(text.width * size, ROW))
    };
    let draw = |ui: &Ui, rect: Rect, text: &RichText, size: f32, ink| {
        let baseline = [rect.left(), rect.center().y + 0.36 * size];
        paint_text(ui.painter(), baseline, text, size, ink);
    };

    for (row, (text, cells)) in column.cells.iter().zip(&table.rows).enumerate() {
        let mut rect = line(row + 1);
        let plain = match &cells[column.index] {
            TableCell::Text(whole) => RichText::parse(whole).plain(),
            _ => text.plain(),
        };
        let (size, ink) = match &cells[column.index] {
            _ if column.index == 0 => (TEXT, roles.text),
            TableCell::Text(_) if ["diverged", "failed"].contains(&plain.as_str()) => {
                (SMALL, roles.warning)
            }
            TableCell::Text(_) | TableCell::Difference(_) => (SMALL, roles.text_weak),
            TableCell::Unknown => (SMALL, roles.text_faint),
            TableCell::Number(_) | TableCell::Count(_) | TableCell::Share { .. } => {
                (SMALL, roles.text)
            }
        };
        if column.index == 0 {
            let is_of = |label: &str| matches!(&cells[0], TableCell::Text(text) if text == label);
            if let Some((_, look)) = methods.iter().find(|(label, _)| is_of(label)) {
                let style = look.style(theme_of(ui));
                let top = pos2(rect.left(), rect.center().y - 8.0);
                let place = Rect::from_min_size(top, vec2(SWATCH, 16.0));
                ui.scope_builder(UiBuilder::new().max_rect(place), |ui| swatch(ui, style));
            }
            rect.min.x += SWATCH;
        }
        let cell = placed(rect, text, size);
        draw(ui, cell, text, size, ink);
        let cell = ui.interact(cell, id.with(row), Sense::hover());
        cell.widget_info(|| WidgetInfo::labeled(Role::Label, true, &plain));
        if plain != text.plain() {
            cell.on_hover_text(&plain);
        }
    }

    // the head stays at the top while the rows scroll
    let top = place.top().max(ui.clip_rect().top());
    let head_line = Rect::from_min_size(pos2(place.left(), top), vec2(place.width(), ROW));
    let background = colour(roles.background);
    ui.painter()
        .rect_filled(head_line.expand2(vec2(GAP, 0.0)), 0.0, background);
    let mark = match order.column {
        Some(sorted) if sorted == name && order.is_falling => " ▾",
        Some(sorted) if sorted == name => " ▴",
        _ => "",
    };
    let head = RichText::parse(&format!("{}{mark}", head_words(name)));
    let response = ui.interact(head_line, id.with("head"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sort by {name}")));
    let is_marked = response.hovered() || order.column == Some(name);
    let ink = if is_marked {
        roles.text
    } else {
        roles.text_faint
    };
    draw(ui, placed(head_line, &head, SMALL), &head, SMALL, ink);
    if response.clicked() {
        order.is_falling = order.column == Some(name) && !order.is_falling;
        order.column = Some(name);
    }
    response.on_hover_text(meaning(name));
}

/// The name of a column as drawn, in markup.
pub(super) fn head_words(name: &str) -> &str {
    match name {
        "phi" => "$φ$",
        "phi - phi*" => "$φ − φ^*$",
        "median phi" => "median $φ$",
        "median phi - phi*" => "median $φ − φ^*$",
        "median f" => "median $f$",
        "median k" => "median $k$",
        "f" => "$f$",
        "k" => "$k$",
        _ => name,
    }
}

/// The meaning of a column in a sentence.
pub(super) fn meaning(name: &str) -> &'static str {
    match name {
        "status" => "Reason for the stop; budget: iteration limit, stopped: time limit",
        "includes" => {
            "The iterations that a branch has from the method it continues: all counts and times include them"
        }
        "f" => "The leader's objective at the iterate",
        "phi" => "The leader's objective with the follower solved, from the reference solver",
        "phi - phi*" => "The same above the known optimum",
        "gap" => "Suboptimality of the last level",
        "largest gap" => {
            "The largest gap relative to the span of its level's objective: above 0.1 % f is not comparable"
        }
        "of level" => "The level that the largest gap belongs to",
        "place" => {
            "By φ, among runs from the same start with the same seed, or by the median of φ over all runs of a method; \
             none where a run, or half of the runs, is infeasible or not at a minimum of φ"
        }
        "distance" => "To the nearest known global optimum",
        "gradients" => "Gradient calls of both objectives",
        "products" => "Products with second and higher derivatives",
        "values" => "Calls of the objectives themselves",
        "finish" => "Its cost when it reached the target line",
        "k" => "Outer iterations",
        "runs" => "The runs from all starts with all seeds",
        "solved" => "Runs that ended at a global optimum; known once all have ended",
        "failed" => "Runs that failed or diverged",
        "IQR" => "Interquartile range of φ over the runs: that of their middle half",
        "reached" => "Runs that have reached the target line",
        "median finish" => {
            "Cost at the target line; a run that has not reached it counts as infinite"
        }
        "median phi" => {
            "Median of φ over the runs; a run that failed or diverged counts as infinite"
        }
        "median phi - phi*" => {
            "Median over the runs of φ above the known optimum; a run that failed or diverged counts as infinite"
        }
        "median f" | "median gap" | "median k" | "median gradients" | "median products"
        | "median values" => "The median over the runs",
        "end" => {
            "Kind of the last x, from the reference solver; moving: not converged, spurious: a non-stationary point"
        }
        _ => "A metric of the problem",
    }
}
