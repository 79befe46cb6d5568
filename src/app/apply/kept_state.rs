//! The state that outlives the window: restoring it at the start, and writing it after changes.

use bilevel_files::{Experiment, WindowLayout};
use egui::{Context, ViewportCommand};

use crate::app::App;
use crate::app::command::SliderChoice;
use crate::app::launch::Kept;
use crate::app::messages;
use crate::app::storage::{Arrangement, Draft, Own, StateKeeper};

/// The part of the window's arrangement that the window system decides.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WindowFrame {
    /// The size in points, when it was not maximized.
    size: Option<[f32; 2]>,
    is_maximized: bool,
    is_dark: bool,
    pub(crate) title: String,
    had_focus: bool,
}

impl App {
    /// Continues where the last window ended: with its theme and, if its experiment is open, its layout and unsaved
    /// changes.
    pub(crate) fn recall(&mut self, kept: Kept) {
        let recalled = &kept.recalled;
        self.message = recalled.warning.clone().map(|words| (words, true));
        let Some(storage) = kept.storage else { return };
        let arrangement = &recalled.state.arrangement;
        self.keeper = StateKeeper::new(storage, &recalled.state);
        self.keeper.note_opened(&self.document.name);
        self.ctx.set_theme(if arrangement.is_dark {
            egui::Theme::Dark
        } else {
            egui::Theme::Light
        });
        let is_same = arrangement.experiment.as_ref() == Some(&self.document.name);
        let layout = arrangement
            .layout
            .as_deref()
            .and_then(WindowLayout::of_word);
        if let Some(layout) = layout.filter(|_| is_same) {
            self.panels.layout = layout;
        }
        let slider = arrangement.slider.clone();
        self.panels.slider = slider.map(|[method, parameter]| SliderChoice { method, parameter });
        let mut drafts = recalled.state.drafts.iter();
        let own = recalled.lost.as_ref().map(|draft| &draft.window);
        if drafts.any(|it| it.name == self.document.name && Some(&it.window) != own) {
            let words = messages::files::changed_in_another_window(&self.document.file_name());
            self.message = Some((words, false));
        }
        if let Some(draft) = &recalled.lost {
            self.recover(draft);
        }
    }

    /// Brings the unsaved changes of a lost window back, as a step that can be undone.
    fn recover(&mut self, draft: &Draft) {
        match Experiment::read(&draft.name, &draft.text) {
            Ok(experiment) => {
                self.as_a_step(None, |app| {
                    let view = experiment.view.clone();
                    app.replace(experiment);
                    app.document.rename(draft.name.clone());
                    app.document.set_base(draft.base.clone());
                    app.show_as(&view);
                });
                let words = messages::files::draft_recovered(&self.document.file_name());
                self.message = Some((words, false));
            }
            Err(error) => {
                let words = messages::files::draft_not_read(&draft.name, &error.to_string());
                self.message = Some((words, true));
            }
        }
    }

    /// Notices what the window system changes: the size, the keyboard's focus and the request to close.
    pub(crate) fn watch_window(&mut self, ctx: &Context) {
        let (viewport, has_focus) = ctx.input(|input| (input.viewport().clone(), input.focused));
        let is_maximized =
            viewport.maximized.unwrap_or(false) || viewport.fullscreen.unwrap_or(false);
        let size = viewport
            .inner_rect
            .map(|rect| rect.size() * ctx.zoom_factor());
        let title =
            messages::files::window_title(&self.document.file_name(), self.document.is_modified);
        let frame = WindowFrame {
            size: size
                .map(Into::into)
                .filter(|_| !is_maximized)
                .or(self.frame.size),
            is_maximized,
            is_dark: ctx.theme() == egui::Theme::Dark,
            title,
            had_focus: has_focus,
        };
        if frame != self.frame {
            if frame.title != self.frame.title {
                ctx.send_viewport_cmd(ViewportCommand::Title(frame.title.clone()));
            }
            if has_focus && !self.frame.had_focus {
                self.look_at_file();
            }
            self.frame = frame;
            self.keeper.note_change();
        }
        if viewport.close_requested() {
            self.answer_close();
        }
    }

    /// Writes the state if that is due, or asks for a frame when it will be.
    pub(crate) fn keep_state(&mut self, now: f64) {
        if let Some(error) = self.keeper.take_error() {
            self.message = Some((error, true));
        }
        match self.keeper.delay(now) {
            Some(delay) if delay.is_zero() => {
                let own = self.own_state();
                self.keeper.write(own, now, &self.background.executor);
            }
            Some(delay) => self.ctx.request_repaint_after(delay),
            None => {}
        }
    }

    /// Writes the state when the window closes; changes that the user did not save are dropped.
    pub(crate) fn leave(&mut self) {
        let own = Own {
            draft: None,
            ..self.own_state()
        };
        self.keeper.write_now(own);
    }

    fn own_state(&self) -> Own {
        let own = self.own_experiment();
        let layout = own.as_seen.view.layout.unwrap_or_default();
        let draft = own.is_modified.then(|| Draft {
            name: own.name.clone(),
            text: own.as_seen.write(),
            base: own.base.clone(),
            ..Draft::default()
        });
        let slider = self.panels.slider.clone();
        Own {
            arrangement: Arrangement {
                experiment: Some(own.name),
                layout: Some(layout.word().to_owned()),
                is_dark: self.frame.is_dark,
                slider: slider.map(|it| [it.method, it.parameter]),
                size: self.frame.size,
                is_maximized: self.frame.is_maximized,
            },
            draft,
            ..Own::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use bilevel::run::Executor;

    use super::*;
    use crate::app::command::{Edit, ViewChange};
    use crate::app::overlay::Overlay;
    use crate::app::storage::Storage;

    /// A window on a preset that keeps its state in a folder, as it is after its start.
    fn window(folder: &Path, preset: &str) -> App {
        let experiment = crate::embedded::open(preset).expect("the preset is right");
        let ctx = Context::default();
        let executor = Executor::cooperative();
        let mut app = App::with_executor(&ctx, preset, experiment, executor, Duration::ZERO);
        let (storage, recalled) = Storage::open(folder, None).expect("a state");
        app.recall(Kept {
            storage: Some(storage),
            recalled,
        });
        app
    }

    /// Adds a method and writes the state, as happens a moment after an edit.
    fn edit_and_keep(app: &mut App) {
        let ctx = app.ctx.clone();
        app.apply(Edit::AddMethod { id: "v-pbgd" }.into(), &ctx);
        app.keep_state(1e6);
        while app.background.executor.step() {}
        assert_eq!(app.message, None);
    }

    fn labels(app: &App) -> Vec<&str> {
        let methods = app.experiment().methods.iter();
        methods.map(|method| method.label.as_str()).collect()
    }

    #[test]
    fn unsaved_changes_of_a_window_that_crashed_are_back_in_the_next_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut lost = window(folder.path(), "valleys");
        let before: Vec<String> = labels(&lost).into_iter().map(str::to_owned).collect();
        edit_and_keep(&mut lost);
        let expected = lost.experiment().clone();
        drop(lost);
        let mut next = window(folder.path(), "valleys");
        assert_eq!(*next.experiment(), expected);
        assert!(next.is_modified());
        let (words, is_error) = next.message.clone().expect("it is said");
        assert!(words.contains("valleys") && !is_error, "{words}");
        next.undo();
        assert_eq!(labels(&next), before);
        assert!(!next.is_modified());
        // a window that closes by itself leaves nothing behind
        next.redo();
        next.leave();
        drop(next);
        let last = window(folder.path(), "valleys");
        assert_eq!(labels(&last), before);
        assert_eq!(last.message, None);
    }

    #[test]
    fn a_recovered_window_asks_before_it_replaces_what_another_program_wrote() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.toml");
        let text = "iterations = 30\n\n[problem]\nid = 'valleys'\n\n[[method]]\nid = 'bome'\n";
        std::fs::write(&path, text).expect("the folder takes files");
        let name = path.to_str().expect("a plain path");
        let mut lost = window(folder.path(), name);
        edit_and_keep(&mut lost);
        drop(lost);
        let theirs = text.replace("30", "40");
        std::fs::write(&path, &theirs).expect("the file is ours");
        let mut next = window(folder.path(), name);
        assert!(next.is_modified());
        next.save();
        let read = || std::fs::read_to_string(&path).expect("the file");
        assert_eq!(read(), theirs);
        assert!(matches!(next.overlay, Some(Overlay::Question(_))));
        next.save_over();
        assert!(read().contains("iterations = 30"));
        assert!(!next.is_modified());
    }

    /// Opens the first lesson, as its row in the list does.
    fn open_lesson(app: &mut App) -> String {
        let name = bilevel_files::lesson_headings()[0].name.to_owned();
        let ctx = app.ctx.clone();
        app.apply(Edit::OpenLesson { name: name.clone() }.into(), &ctx);
        name
    }

    #[test]
    fn unsaved_changes_from_before_a_lesson_are_kept_while_it_is_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut lost = window(folder.path(), "valleys");
        edit_and_keep(&mut lost);
        let expected = lost.experiment().clone();
        open_lesson(&mut lost);
        assert_ne!(*lost.experiment(), expected);
        lost.keep_state(2e6);
        while lost.background.executor.step() {}
        drop(lost);
        let next = window(folder.path(), "valleys");
        assert_eq!(next.experiment().methods, expected.methods);
        assert!(next.is_modified());
    }

    #[test]
    fn the_next_window_continues_a_lesson_and_offers_the_first_one_only_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = window(folder.path(), "welcome");
        assert!(first.keeper.offers_lessons());
        let name = open_lesson(&mut first);
        let ctx = first.ctx.clone();
        first.apply(crate::app::command::Action::NextStep.into(), &ctx);
        first.leave();
        drop(first);
        let mut next = window(folder.path(), "welcome");
        assert!(!next.keeper.offers_lessons());
        assert_eq!(next.name(), "welcome", "the user's own experiment");
        assert_eq!(next.keeper.lesson(&name).map(|it| it.step), Some(1));
        open_lesson(&mut next);
        let step = next.document.lesson.as_ref().map(|open| open.step);
        assert_eq!(step, Some(1));
    }

    #[test]
    fn closing_in_a_lesson_asks_about_the_changes_from_before_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut app = window(folder.path(), "valleys");
        edit_and_keep(&mut app);
        let expected = app.experiment().clone();
        open_lesson(&mut app);
        app.answer_close();
        assert_eq!(*app.experiment(), expected);
        assert!(matches!(app.overlay, Some(Overlay::Question(_))));
    }

    #[test]
    fn a_second_window_says_that_the_first_has_unsaved_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = window(folder.path(), "valleys");
        edit_and_keep(&mut first);
        let second = window(folder.path(), "valleys");
        assert!(!second.is_modified(), "the first window has them");
        let (words, _) = second.message.clone().expect("it is said");
        assert!(words.contains("another window"), "{words}");
        let other = window(folder.path(), "welcome");
        assert_eq!(other.message, None);
    }

    #[test]
    fn theme_and_layout_of_the_last_window_are_those_of_the_next() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = window(folder.path(), "welcome");
        let ctx = first.ctx.clone();
        let layout = WindowLayout::Compare;
        first.apply(ViewChange::SetLayout { layout }.into(), &ctx);
        first.frame.is_dark = true;
        first.frame.size = Some([900.0, 700.0]);
        first.leave();
        drop(first);
        let next = window(folder.path(), "welcome");
        assert_eq!(next.panels.layout, layout);
        assert_eq!(next.ctx.theme(), egui::Theme::Dark);
        // another experiment has a layout of its own
        let other = window(folder.path(), "degenerate");
        assert_eq!(other.panels.layout, WindowLayout::Teach);
        assert_eq!(other.keeper.recent(), ["degenerate", "welcome"]);
    }
}
