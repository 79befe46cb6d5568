//! Writing notes on pictures: a click places one and opens its field, a drag adds an arrow; texts and tips can be dragged.

use bilevel_figure::{DrawnNote, PictureKey, Transform};
use bilevel_files::PictureNote;
use egui::text_edit::TextEditState;
use egui::{
    Area, Context, CursorIcon, Event, Frame, Id, Key, Modifiers, Order, Pos2, Role, Stroke,
    StrokeKind, TextEdit, Vec2, WidgetInfo, pos2, vec2,
};

use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::paint::noted_picture::{NotedPicture, take_pictures};
use crate::app::paint::screen_pen::egui_rect;
use crate::app::paint::theme::{colour, roles_of};

/// The distance from a tip, in pixels, within which a press grips it.
const REACH: f32 = 9.0;
/// The radius of the ring around a tip.
const RING: f32 = 6.0;
/// The name of the field for a text, its width, and its reach above the point.
const TEXT_FIELD: &str = "text of a note";
const FIELD: f32 = 190.0;
const LIFT: f32 = 15.0;

/// The state of writing notes.
#[derive(Default)]
pub(crate) struct NoteTool {
    is_on: bool,
    field: Option<NoteField>,
    held: Option<HeldPart>,
    /// The note that was pressed last.
    chosen: Option<usize>,
    /// True if a text was being typed in the last frame.
    was_typing: bool,
    /// The pictures of the last frame.
    pictures: Vec<NotedPicture>,
    /// The text of the note that is being typed in the strip, which may be empty for a moment.
    pub(crate) typed: Option<(usize, String)>,
}

/// The open field of a note's text.
struct NoteField {
    note: PictureNote,
    /// The index of the note; `None` for a new one.
    number: Option<usize>,
    text: String,
    /// True once the field has the keyboard.
    has_begun: bool,
}

/// A part of a note that is being dragged.
#[derive(Clone, Debug)]
struct HeldPart {
    picture: PictureKey,
    part: NotePart,
}

#[derive(Clone, Copy, Debug)]
enum NotePart {
    /// A text, and its distance from the pointer.
    Text(usize, Vec2),
    Tip(usize),
    /// The arrow of a new note, from its text.
    New(Pos2),
}

impl NoteTool {
    /// True while notes are written.
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Begins or stops writing notes.
    pub(crate) fn toggle(&mut self, commands: &mut CommandQueue) {
        self.commit(commands);
        *self = Self {
            is_on: !self.is_on,
            ..Self::default()
        };
    }

    /// Stops writing notes, without the one that is being typed.
    pub(crate) fn put_away(&mut self) {
        *self = Self::default();
    }

    /// True while the field of a text is open: what is typed is for it, even before it has the keyboard.
    pub(crate) fn has_field(&self) -> bool {
        self.field.is_some()
    }

    /// The pictures of the last frame.
    pub(crate) fn pictures(&self) -> &[NotedPicture] {
        &self.pictures
    }

    /// A note as the last frame has drawn it.
    pub(crate) fn drawn(&self, number: usize) -> Option<&DrawnNote> {
        let mut notes = self.pictures.iter().flat_map(|picture| &picture.notes);
        notes.find(|note| note.number == number)
    }

    /// Opens the field of a new note in the middle of a picture.
    pub(crate) fn begin_in(&mut self, picture: &NotedPicture) {
        self.open_new(picture, picture.plot.center(), None);
    }

    /// Follows the gestures on the pictures of this frame.
    pub(crate) fn ui(
        &mut self,
        ctx: &Context,
        (notes, has_dialog): (&[PictureNote], bool),
        commands: &mut CommandQueue,
    ) {
        let pictures = take_pictures(ctx);
        if !self.is_on {
            return;
        }
        if !has_dialog {
            self.follow_keys(ctx, &pictures, commands);
        }
        for picture in &pictures {
            self.follow_pointer(picture, notes, commands);
        }
        self.field_ui(ctx, &pictures, commands);
        self.was_typing = ctx.text_edit_focused();
        self.pictures = pictures;
    }

    /// Escape closes the field, or stops writing notes; Delete removes the note under the pointer, or the chosen one.
    fn follow_keys(
        &mut self,
        ctx: &Context,
        pictures: &[NotedPicture],
        commands: &mut CommandQueue,
    ) {
        if ctx.input(|input| input.key_pressed(Key::Escape)) {
            if self.field.take().is_none() && !self.was_typing {
                commands.push(Action::ToggleNotes);
            }
            return;
        }
        if ctx.text_edit_focused() || self.field.is_some() {
            return;
        }
        let hovered = pictures.iter().find_map(|picture| {
            let at = picture.response.hover_pos()?;
            part_at(picture, at).map(|part| part.0)
        });
        let is_deleted = ctx.input_mut(|input| {
            [Key::Delete, Key::Backspace]
                .map(|key| input.consume_key(Modifiers::NONE, key))
                .contains(&true)
        });
        if is_deleted && let Some(number) = hovered.or_else(|| self.chosen.take()) {
            self.chosen = None;
            commands.push(Edit::RemovePictureNote { number });
        }
    }

    fn follow_pointer(
        &mut self,
        picture: &NotedPicture,
        notes: &[PictureNote],
        commands: &mut CommandQueue,
    ) {
        let response = &picture.response;
        self.mark(picture);
        let over = response
            .interact_pointer_pos()
            .or_else(|| response.hover_pos());
        if let Some(at) = over {
            let icon = match part_at(picture, at) {
                Some(_) => CursorIcon::Grab,
                None => CursorIcon::Crosshair,
            };
            response.ctx.set_cursor_icon(icon);
        }
        if response.drag_started() {
            self.commit(commands);
            let pressed = response.ctx.input(|input| input.pointer.press_origin());
            if let Some(from) = pressed.or(over) {
                self.grip(picture, from, notes);
            }
        }
        let is_here = |held: &HeldPart| held.picture == picture.key;
        if let (Some(held), Some(at)) = (self.held.clone().filter(is_here), over) {
            let at = at.clamp(picture.plot.min, picture.plot.max);
            drag(picture, held.part, (at, notes), commands);
            if response.drag_stopped() {
                self.held = None;
                if let NotePart::New(from) = held.part {
                    self.open_new(picture, from, Some(at));
                }
            }
        }
        if response.clicked() {
            let at = response.interact_pointer_pos();
            self.click(picture, at, notes, commands);
        }
    }

    /// Opens the field of the note at a position, or of a new one, and keeps the text of the one that was open; the keyboard
    /// places it in the middle.
    fn click(
        &mut self,
        picture: &NotedPicture,
        at: Option<Pos2>,
        notes: &[PictureNote],
        commands: &mut CommandQueue,
    ) {
        self.commit(commands);
        let known = at.and_then(|at| part_at(picture, at));
        let known = known.and_then(|(number, _)| Some((number, notes.get(number)?)));
        match known {
            Some((number, note)) => {
                self.chosen = Some(number);
                self.field = Some(NoteField {
                    text: note.text.clone(),
                    note: note.clone(),
                    number: Some(number),
                    has_begun: false,
                });
            }
            None => self.open_new(picture, at.unwrap_or_else(|| picture.plot.center()), None),
        }
    }

    /// Takes hold of the tip or the text at a position, or of the arrow of a new note.
    fn grip(&mut self, picture: &NotedPicture, from: Pos2, notes: &[PictureNote]) {
        let part = match part_at(picture, from) {
            Some((number, true)) => NotePart::Tip(number),
            Some((number, false)) => {
                let at = notes
                    .get(number)
                    .map(|note| picture.transform.pixel(note.at));
                NotePart::Text(number, at.map_or(Vec2::ZERO, |at| Pos2::from(at) - from))
            }
            None => NotePart::New(from),
        };
        self.chosen = match part {
            NotePart::Text(number, _) | NotePart::Tip(number) => Some(number),
            NotePart::New(_) => None,
        };
        self.held = Some(HeldPart {
            picture: picture.key.clone(),
            part,
        });
    }

    /// Draws rings around the tips, and a frame around the chosen note.
    fn mark(&self, picture: &NotedPicture) {
        let ctx = &picture.response.ctx;
        let ink = colour(crate::app::theme_of(ctx).roles().text);
        let painter = ctx
            .layer_painter(picture.response.layer_id)
            .with_clip_rect(picture.plot);
        for note in &picture.notes {
            if let Some(tip) = note.tip {
                painter.circle_stroke(tip.into(), RING, Stroke::new(1.0, ink));
            }
            if self.chosen == Some(note.number) {
                let rect = egui_rect(note.text);
                painter.rect_stroke(rect, 0, Stroke::new(2.0, ink), StrokeKind::Outside);
            }
        }
        let field = self.field.as_ref().filter(|field| field.number.is_none());
        let planned = field.filter(|field| is_on(&field.note, picture));
        if let Some(NoteField { note, .. }) = planned
            && let Some(tip) = note.arrow
        {
            let ends = [note.at, tip].map(|at| Pos2::from(picture.transform.pixel(at)));
            painter.line_segment(ends, Stroke::new(2.0, ink));
        }
        let is_here = |held: &&HeldPart| held.picture == picture.key;
        if let Some(HeldPart {
            part: NotePart::New(from),
            ..
        }) = self.held.as_ref().filter(is_here)
            && let Some(to) = picture.response.interact_pointer_pos()
        {
            painter.line_segment([*from, to], Stroke::new(2.0, ink));
        }
    }

    fn open_new(&mut self, picture: &NotedPicture, at: Pos2, tip: Option<Pos2>) {
        let key = &picture.key;
        self.chosen = None;
        self.field = Some(NoteField {
            note: PictureNote {
                view: key.view,
                figure: key.figure,
                axes: Some(key.axes.clone()),
                at: tidy_value(&picture.transform, at),
                text: String::new(),
                arrow: tip.map(|tip| tidy_value(&picture.transform, tip)),
            },
            number: None,
            text: String::new(),
            has_begun: false,
        });
    }

    /// Draws the open field. Whatever takes the keyboard from it ends it; without a text it stays through a click that gives the
    /// keyboard to nothing else.
    fn field_ui(&mut self, ctx: &Context, pictures: &[NotedPicture], commands: &mut CommandQueue) {
        let Some(field) = &mut self.field else {
            return;
        };
        let picture = pictures.iter().find(|picture| is_on(&field.note, picture));
        let Some(picture) = picture else {
            // another view or other axes are shown
            self.commit(commands);
            return;
        };
        let id = Id::unique(TEXT_FIELD);
        let has_keyboard = ctx.memory(|memory| memory.has_focus(id));
        if !field.has_begun && !has_keyboard {
            field.text.push_str(&take_typed(ctx));
            // the cursor of the field before is of another text
            TextEditState::default().store(ctx, id);
        }
        let [x, y] = picture.transform.pixel(field.note.at);
        let area = Area::new(Id::unique("field of a note"))
            .order(Order::Foreground)
            .constrain(true)
            .fixed_pos(pos2(x, y) - vec2(0.5 * FIELD, LIFT));
        let shown = area.show(ctx, |ui| {
            let edge = Stroke::new(1.5, colour(roles_of(ui).text));
            let frame = Frame::popup(ui.style()).inner_margin(3).stroke(edge);
            frame.show(ui, |ui| {
                let line = TextEdit::singleline(&mut field.text)
                    .id(id)
                    .char_limit(PictureNote::LONGEST)
                    .hint_text("Text, such as $x_1$")
                    .desired_width(FIELD);
                let response = ui.add(line);
                response
                    .widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Text of the note"));
                response
            })
        });
        let response = shown.inner.inner;
        if !field.has_begun {
            // an area that is new is measured before anything in it can keep the keyboard
            let is_pressed =
                ctx.input(|input| input.pointer.any_pressed() || input.pointer.any_click());
            field.has_begun = response.has_focus() && !is_pressed;
            response.request_focus();
        } else if response.lost_focus() {
            let ends = ctx.input(|input| input.key_pressed(Key::Enter))
                || ctx.memory(|memory| memory.focused().is_some());
            if field.text.trim().is_empty() && !ends {
                response.request_focus();
            } else {
                self.commit(commands);
            }
        }
    }

    /// Closes the field; its text is that of the note, which goes with its last letter.
    fn commit(&mut self, commands: &mut CommandQueue) {
        let Some(field) = self.field.take() else {
            return;
        };
        let text = field.text.trim().to_owned();
        let is_same = text == field.note.text;
        match field.number {
            Some(number) if text.is_empty() => commands.push(Edit::RemovePictureNote { number }),
            None if text.is_empty() => {}
            Some(_) if is_same => {}
            number => {
                let note = PictureNote { text, ..field.note };
                commands.push(match number {
                    Some(number) => Edit::SetPictureNote { number, note },
                    None => Edit::AddPictureNote { note },
                });
            }
        }
    }
}

/// Takes the letters of this frame that no field has read.
fn take_typed(ctx: &Context) -> String {
    ctx.input_mut(|input| {
        let mut typed = String::new();
        input.events.retain(|event| {
            let Event::Text(text) = event else {
                return true;
            };
            typed.push_str(text);
            false
        });
        typed
    })
}

/// True if a note is on a picture.
pub(crate) fn is_on(note: &PictureNote, picture: &NotedPicture) -> bool {
    let key = &picture.key;
    note.is_on(key.view.info(), key.figure, &key.axes)
}

/// The note at a position, and true for its tip; the last one where several lie over each other.
fn part_at(picture: &NotedPicture, at: Pos2) -> Option<(usize, bool)> {
    let notes = || picture.notes.iter().rev();
    let text = notes().find(|note| egui_rect(note.text).contains(at));
    let is_near = |tip: [f32; 2]| Pos2::from(tip).distance(at) <= REACH;
    let tip = || notes().find(|note| note.tip.is_some_and(is_near));
    text.map(|note| (note.number, false))
        .or_else(|| tip().map(|note| (note.number, true)))
}

/// Moves a part of a note to a position; a pointer that rests asks for nothing.
fn drag(
    picture: &NotedPicture,
    part: NotePart,
    (at, notes): (Pos2, &[PictureNote]),
    commands: &mut CommandQueue,
) {
    let number = match part {
        NotePart::Text(number, _) | NotePart::Tip(number) => number,
        NotePart::New(_) => return,
    };
    let Some(before) = notes.get(number) else {
        return;
    };
    let mut note = before.clone();
    match part {
        NotePart::Text(_, offset) => {
            let at = (at + offset).clamp(picture.plot.min, picture.plot.max);
            note.at = tidy_value(&picture.transform, at);
        }
        _ => note.arrow = Some(tidy_value(&picture.transform, at)),
    }
    if note != *before {
        commands.push(Edit::SetPictureNote { number, note });
    }
}

/// The values under a pixel, with no more digits than tell it from the pixels beside it.
fn tidy_value(transform: &Transform, at: Pos2) -> [f64; 2] {
    let here = transform.value([at.x, at.y]);
    let beside = transform.value([at.x + 0.5, at.y + 0.5]);
    [0, 1].map(|axis| {
        let (value, least) = (here[axis], (beside[axis] - here[axis]).abs());
        let digits = (0..17).map(|digits| format!("{value:.digits$e}"));
        let mut numbers = digits.filter_map(|text| text.parse::<f64>().ok());
        let tidy = numbers.find(|number| (number - value).abs() <= least);
        tidy.unwrap_or(value)
    })
}
