//! A handout: a sheet with a figure at the start, a question and room for the answer, and a sheet with the answer.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::Problem;
use bilevel_files::{Experiment, RunResult, Table, TableCell};

use super::sections::Subject;
use crate::page::compose::PageError;
use crate::page::layout;
use crate::page::pdf::{PdfDocument, document};
use crate::view::context::ViewContext;
use crate::view::draw::on_page;
use crate::view::error::ViewError;
use crate::view::list::{suited_view, view};
use crate::{
    Colour, Letters, PageParts, PageSize, Primitive, Proportion, RichText, Theme, messages,
};

/// A sheet of A4 in millimetres.
const SHEET_MM: [f32; 2] = [210.0, 297.0];
const MARGIN_MM: f32 = 20.0;
/// The size of the text in points, and that of figures.
const FONT_PT: f32 = 11.0;
const FIGURE_FONT_PT: f32 = 9.0;
/// The greatest height of a figure in millimetres.
const TALLEST_MM: f32 = 135.0;
/// The distance of the lines to write on, in layout units.
const RULED: f32 = 30.0;
/// The size of text in layout units.
const EM: f32 = PageSize::TEXT;
/// The distance of two lines of text.
const LINE: f32 = 1.45 * EM;
/// The columns of the results.
const COLUMNS: [&str; 5] = ["method", "status", "end", "k", "phi"];

/// Makes the handout of an experiment whose runs have ended as a PDF file of two pages; `at_start` are its runs without an
/// iteration, which give nothing away.
///
/// # Errors
/// If the figure cannot be drawn.
pub fn handout(
    subject: &Subject<'_>,
    at_start: &[RunResult],
    token: &WorkToken,
) -> Result<Vec<u8>, ViewError> {
    let experiment = subject.experiment;
    let mut start = experiment.clone();
    start.iterations = 0;
    // a note may tell the answer
    start.view.notes.clear();
    let starts = experiment.start_points(&**subject.problem);
    let figure = |experiment: &Experiment, results: &[RunResult]| {
        figure((experiment, subject.problem, &starts), results, token)
    };
    let title = if experiment.title.is_empty() {
        subject.name
    } else {
        &experiment.title
    };
    let mut first = HandoutPage::new();
    first.name_line();
    first.title(title);
    first.figure(figure(&start, at_start)?);
    first.heading(messages::question());
    first.words(&question(experiment));
    first.ruled_lines();
    let mut second = HandoutPage::new();
    second.title(&messages::answer_to(title));
    second.figure(figure(experiment, subject.results)?);
    if !experiment.view.figure.answer.is_empty() {
        second.words(&experiment.view.figure.answer);
        second.top += 0.6 * LINE;
    }
    second.table(&results(subject));
    let sheets = PdfDocument {
        pages: &[first.primitives, second.primitives],
        title: &RichText::parse(title).plain(),
        metadata: &experiment.write(),
    };
    let file = document(&sheets, &sheet_size()).map_err(PageError::from)?;
    Ok(file)
}

/// The question of the experiment, or one made of its methods.
fn question(experiment: &Experiment) -> String {
    let own = &experiment.view.figure.question;
    if !own.is_empty() {
        return own.clone();
    }
    let hidden = &experiment.view.figure.hidden;
    let methods = experiment
        .methods
        .iter()
        .map(|method| method.label.as_str());
    let shown: Vec<&str> = methods
        .filter(|label| hidden.iter().all(|hidden| hidden != label))
        .collect();
    messages::where_methods_stop(&shown, experiment.iterations)
}

/// The results, with few columns.
fn results(subject: &Subject<'_>) -> Table {
    let runs = subject.results.iter();
    let outcomes: Vec<_> = runs
        .filter_map(|run| run.outcome_row(run.end.as_ref().map(|end| end.verdict)))
        .collect();
    let table = Table::of(subject.experiment, &outcomes, None);
    table
        .choose(&COLUMNS.map(ToOwned::to_owned))
        .unwrap_or(table)
        .for_readers()
}

/// The view of the experiment as primitives, with its width and height.
fn figure(
    (experiment, problem, starts): (&Experiment, &Arc<dyn Problem>, &[Point]),
    results: &[RunResult],
    token: &WorkToken,
) -> Result<(Vec<Primitive>, [f32; 2]), ViewError> {
    let kind = experiment.view.kind;
    let view = view(kind.unwrap_or_else(|| suited_view(&**problem)));
    let width_mm = SHEET_MM[0] - 2.0 * MARGIN_MM;
    let page_size = PageSize {
        height_mm: view
            .proportion()
            .height_mm(width_mm, FIGURE_FONT_PT)
            .min(TALLEST_MM),
        width_mm,
        font_pt: FIGURE_FONT_PT,
        is_height_free: true,
        parts: PageParts {
            has_title: false,
            ..PageParts::ALL
        },
        ..sheet_size()
    };
    let context = ViewContext::of_results(experiment, problem, starts, results);
    let context = on_page(context, view, &page_size);
    let data = view
        .request(&context)?
        .compute(crate::Fineness::Full, token)?;
    let page = view.page(&context, &data, Theme::Light);
    let fitted = page.fitted(&page_size).map_err(PageError::from)?;
    Ok((layout::primitives(&page, &fitted), fitted.units()))
}

fn sheet_size() -> PageSize {
    let [width_mm, height_mm] = SHEET_MM;
    PageSize {
        width_mm,
        height_mm,
        is_height_free: false,
        font_pt: FONT_PT,
        dpi: crate::PageSizeName::TwoColumns
            .page_size(Proportion::Square, Theme::Light)
            .dpi,
        theme: Theme::Light,
        letters: Letters::Outlines,
        parts: PageParts::ALL,
    }
}

/// A sheet that is filled from the top, in layout units.
struct HandoutPage {
    primitives: Vec<Primitive>,
    left: f32,
    right: f32,
    /// The upper end of the free part.
    top: f32,
    bottom: f32,
}

impl HandoutPage {
    fn new() -> Self {
        let [width, height] = sheet_size().units();
        let margin = MARGIN_MM / sheet_size().millimetres(1.0);
        Self {
            primitives: Vec::new(),
            left: margin,
            right: width - margin,
            top: margin,
            bottom: height - margin,
        }
    }

    fn line(&mut self, from: [f32; 2], to: f32, colour: Colour) {
        self.primitives.push(Primitive::Stroke {
            points: vec![from, [to, from[1]]],
            is_closed: false,
            width: 0.6,
            colour,
        });
    }

    fn text(&mut self, at: [f32; 2], text: RichText, size: f32) {
        self.primitives.push(Primitive::Text {
            at,
            text,
            size,
            colour: Theme::Light.roles().text,
            halo: None,
        });
    }

    /// Words over the width of the sheet.
    fn words_of_size(&mut self, words: &str, size: f32) {
        for line in RichText::broken(words, (self.right - self.left) / size) {
            self.text([self.left, self.top + size], line, size);
            self.top += LINE / EM * size;
        }
    }

    fn words(&mut self, words: &str) {
        self.words_of_size(words, EM);
    }

    fn title(&mut self, title: &str) {
        self.words_of_size(&format!("**{title}**"), 1.5 * EM);
        self.top += 0.8 * LINE;
    }

    fn heading(&mut self, words: &str) {
        self.words(&format!("**{words}**"));
        self.top += 0.15 * LINE;
    }

    /// The line for the name.
    fn name_line(&mut self) {
        let name = RichText::parse(messages::name_of_student());
        let y = self.top + EM;
        let after = self.left + (name.width + 0.5) * EM;
        self.text([self.left, y], name, EM);
        let half = self.left + 0.5 * (self.right - self.left);
        self.line([after, y + 0.2 * EM], half, Theme::Light.roles().text_weak);
        self.top += 2.2 * LINE;
    }

    /// A figure over the width of the sheet; its margins are those of its own page.
    fn figure(&mut self, (primitives, [width, height]): (Vec<Primitive>, [f32; 2])) {
        let scale = (self.right - self.left) / width;
        let at = [self.left, self.top];
        let placed = primitives.into_iter().map(|one| one.scaled(scale, at));
        self.primitives.extend(placed);
        self.top += scale * height + 0.8 * LINE;
    }

    /// Lines to write on, down to the margin.
    fn ruled_lines(&mut self) {
        let mut y = self.top + RULED;
        while y <= self.bottom {
            self.line([self.left, y], self.right, Theme::Light.roles().frame);
            y += RULED;
        }
    }

    /// A table as far as it has room, numbers to the right.
    fn table(&mut self, table: &Table) {
        let mut rows = vec![table.head.iter().map(|head| bold(head)).collect::<Vec<_>>()];
        for row in &table.rows {
            rows.push(row.iter().map(cell_text).collect());
        }
        let is_number = |column: usize| {
            let mut cells = table.rows.iter().filter_map(|row| row.get(column));
            cells.all(|cell| !matches!(cell, TableCell::Text(_)))
        };
        let columns: Vec<(f32, bool)> = (0..table.head.len())
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                let width = cells.map(|cell| cell.width).fold(0.0, f32::max);
                (width * EM, is_number(column))
            })
            .collect();
        let width: f32 = columns.iter().map(|(width, _)| width).sum();
        let between = columns.len().saturating_sub(1).max(1) as f32;
        let gap = ((self.right - self.left - width) / between).clamp(0.8 * EM, 2.5 * EM);
        for (number, row) in rows.into_iter().enumerate() {
            if self.top + LINE > self.bottom {
                break;
            }
            let mut x = self.left;
            for (cell, (width, is_number)) in row.into_iter().zip(&columns) {
                let free = if *is_number {
                    width - cell.width * EM
                } else {
                    0.0
                };
                self.text([x + free, self.top + EM], cell, EM);
                x += width + gap;
            }
            self.top += LINE;
            if number == 0 {
                let end = self.left + width + gap * between;
                self.line([self.left, self.top], end, Theme::Light.roles().text);
                self.top += 0.2 * LINE;
            }
        }
    }
}

/// The text of a cell as it is: what looks like maths is none.
fn cell_text(cell: &TableCell) -> RichText {
    let text = match cell {
        TableCell::Text(text) => text.clone(),
        number => number.short().replace('-', "−"),
    };
    RichText::parse(&text.replace('$', "").replace("**", ""))
}

fn bold(head: &str) -> RichText {
    RichText::bold(&head.replace("phi", "φ"))
}
