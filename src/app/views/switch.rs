//! The menu of the views of the runs, each with its meaning, or with the reason why it does not apply.

use bilevel::problem::Problem;
use bilevel_figure::{chosen_views, view};
use bilevel_files::{Highlight, ViewInfo, ViewKind};
use egui::{Role, Ui, WidgetInfo};

use crate::app::command::{CommandQueue, ViewChange};
use crate::app::messages;
use crate::app::paint::outline::outline;
use crate::app::paint::search_list::{ListRow, menu_rows, room_below};

/// Draws the menu and queues the choice.
pub(crate) fn view_switch(
    ui: &mut Ui,
    shown: &'static ViewInfo,
    problem: &dyn Problem,
    commands: &mut CommandQueue,
) {
    let name = "View of the runs";
    let combo = egui::ComboBox::from_id_salt(name)
        .width(20.0)
        .height(room_below(ui))
        .selected_text(shown.title)
        .show_ui(ui, |ui| {
            let kinds: Vec<ViewKind> = chosen_views().collect();
            let rows: Vec<ListRow> = kinds.iter().map(|kind| row(*kind, problem)).collect();
            let chosen = kinds.iter().position(|kind| kind.word() == shown.id);
            if let Some(picked) = menu_rows(ui, &rows, chosen) {
                commands.push(ViewChange::Show {
                    view: kinds[picked],
                });
                ui.close();
            }
        });
    let response = combo.response;
    outline(ui, &Highlight::Views, response.rect);
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
}

fn row(kind: ViewKind, problem: &dyn Problem) -> ListRow {
    let (line, is_possible) = match view(kind).needs(problem) {
        Ok(()) => (kind.info().meaning.to_owned(), true),
        Err(reason) => (messages::status::view_needs(&reason), false),
    };
    ListRow {
        heading: "",
        title: kind.info().title.to_owned(),
        line,
        word: String::new(),
        picture: None,
        is_possible,
    }
}
