//! The gallery of failures: small moving pictures, each with a sentence, a button that opens it and one that mends it.
//!
//! The frames are drawn once, in the background; while the gallery is shown, a tick goes on to the next one of each failure.

use std::collections::HashMap;
use std::io::Cursor;
use std::time::Duration;

use bilevel::numerics::WorkToken;
use bilevel_figure::Theme;
use bilevel_files::{BuiltInLesson, Lesson};
use egui::{
    Align, ColorImage, Context, Image, Layout, Role, Sense, TextureHandle, TextureOptions, Ui,
    WidgetInfo, vec2,
};

use crate::app::background::Background;
use crate::app::background::gallery_work::{
    GalleryFrames, GalleryJob, GalleryWorker, PIXELS, gallery_worker,
};
use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages::gallery;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of, theme_of};
use crate::app::paint::widgets::{icon_button, rich_paragraph, title};
use crate::embedded::FAILURES;

/// The time of a tick. Each repaints the window, and no other work of the gallery takes as long.
const TICK: Duration = Duration::from_millis(400);
/// The time by which a tick may come early, in seconds: another frame for the rest would cost as much as a tick.
const EARLY: f64 = 0.1;
/// The number of ticks for which the last frame stays.
const HOLD: usize = 4;
/// The size of a picture in points, and the space between the tiles.
const PICTURE: [f32; 2] = [260.0, 156.0];
const GAP: f32 = 18.0;
/// The height of the words and buttons beneath a picture.
const WORDS: f32 = 116.0;

/// A failure in words.
#[derive(Debug)]
struct Failure {
    title: String,
    summary: String,
    is_mended: bool,
}

/// The gallery and its frames.
pub(crate) struct FailureGallery {
    failures: Vec<Failure>,
    worker: GalleryWorker,
    token: WorkToken,
    /// The theme whose frames were asked for.
    asked: Option<Theme>,
    /// The frames as files, by failure, light and dark.
    files: [HashMap<usize, Vec<Vec<u8>>>; 2],
    /// The ticks since all pictures were there, and the time of the next one in egui's seconds.
    ticks: usize,
    next_tick: Option<f64>,
    /// The frames of the theme that is shown, while it is.
    textures: HashMap<usize, Vec<TextureHandle>>,
}

impl FailureGallery {
    /// A gallery without frames.
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            failures: Vec::new(),
            worker: gallery_worker(background),
            token: WorkToken::default(),
            asked: None,
            ticks: 0,
            next_tick: None,
            files: [HashMap::new(), HashMap::new()],
            textures: HashMap::new(),
        }
    }

    /// True if no frame of the theme that is shown is still to come.
    pub(crate) fn is_settled(&self) -> bool {
        let Some(theme) = self.asked else { return true };
        (0..FAILURES.len()).all(|place| self.files[theme as usize].contains_key(&place))
    }

    /// The number of ticks of the pictures that are shown.
    pub(crate) fn ticks(&self) -> usize {
        self.ticks
    }

    /// Counts a tick that is due, and asks for the frame of the next one.
    fn tick(&mut self, ctx: &Context) {
        if self.is_settled() {
            let now = ctx.input(|input| input.time);
            let next = *self.next_tick.get_or_insert(now + TICK.as_secs_f64());
            // egui draws a frame early by the time that it takes; one that comes late leaves no picture out
            if now >= next - EARLY {
                self.ticks += 1;
                self.next_tick = Some(next.max(now) + TICK.as_secs_f64());
            }
        }
        let wait = self.next_tick.map_or(TICK, |next| {
            let now = ctx.input(|input| input.time);
            Duration::from_secs_f64((next - now).clamp(0.0, TICK.as_secs_f64()))
        });
        ctx.request_repaint_after(wait);
    }

    fn stop(&mut self) {
        self.ticks = 0;
        self.next_tick = None;
    }

    /// Ends the work and frees the textures; the frames stay.
    pub(crate) fn close(&mut self) {
        self.token.cancel();
        self.textures.clear();
        self.asked = None;
        self.stop();
    }

    /// Asks for the frames of a theme that are not there, and takes those that have come.
    fn follow(&mut self, ctx: &Context, theme: Theme) {
        while let Some(GalleryFrames {
            theme,
            place,
            frames,
        }) = self.worker.try_receive()
        {
            self.files[theme as usize].insert(place, frames);
        }
        if self.asked != Some(theme) {
            self.token.cancel();
            self.token = WorkToken::default();
            self.textures.clear();
            self.stop();
            let is_drawn = |place: &usize| self.files[theme as usize].contains_key(place);
            let drawn = (0..FAILURES.len()).take_while(is_drawn).count();
            let job = GalleryJob {
                theme,
                failures: FAILURES,
                drawn,
                token: self.token.clone(),
            };
            if drawn == FAILURES.len() || self.worker.submit(job) {
                self.asked = Some(theme);
            }
        }
        for place in 0..FAILURES.len() {
            let files = self.files[theme as usize].get(&place);
            if let (Some(files), false) = (files, self.textures.contains_key(&place)) {
                let frames = files.iter().filter_map(|file| decoded(file));
                let load = |image| ctx.load_texture("failure", image, TextureOptions::LINEAR);
                self.textures.insert(place, frames.map(load).collect());
            }
        }
        if self.failures.is_empty() {
            let read = FAILURES.iter().map(BuiltInLesson::read);
            self.failures = read
                .map(|lesson| lesson.map_or_else(|_| nothing(), words))
                .collect();
        }
    }

    /// Shows the gallery over the window; a click beside it closes it.
    pub(crate) fn ui(&mut self, ctx: &Context, commands: &mut CommandQueue) {
        let screen = ctx.content_rect();
        let room = screen.size() - vec2(64.0, 96.0);
        let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(16);
        let modal = egui::Modal::new(egui::Id::unique("gallery")).frame(frame);
        let tile = PICTURE[0] + GAP;
        let columns = ((room.x / tile).floor() as usize).clamp(1, FAILURES.len().div_ceil(2));
        let shown = modal.show(ctx, |ui| {
            self.follow(ctx, theme_of(ui));
            self.tick(ctx);
            ui.set_width((columns as f32).mul_add(tile, -GAP).min(room.x));
            ui.horizontal(|ui| {
                title(ui, "What goes wrong");
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if icon_button(ui, Icon::Close, "Close the gallery (Esc)").clicked() {
                        commands.push(Action::Dismiss);
                    }
                });
            });
            rich_paragraph(ui, gallery::about(), TEXT, roles_of(ui).text_weak);
            ui.add_space(8.0);
            let height = (room.y - 60.0).max(60.0);
            egui::ScrollArea::vertical()
                .max_height(height)
                .min_scrolled_height(height)
                .show(ui, |ui| self.tiles(ui, columns, commands));
        });
        if shown.backdrop_response.clicked() {
            commands.push(Action::Dismiss);
        }
    }

    fn tiles(&self, ui: &mut Ui, columns: usize, commands: &mut CommandQueue) {
        ui.spacing_mut().item_spacing = vec2(GAP, 10.0);
        let places: Vec<usize> = (0..self.failures.len()).collect();
        for row in places.chunks(columns) {
            ui.horizontal_top(|ui| {
                for place in row {
                    let size = vec2(PICTURE[0], PICTURE[1] + WORDS);
                    ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
                        ui.set_min_size(size);
                        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
                        self.tile(ui, *place, commands);
                    });
                }
            });
        }
    }

    /// Draws the present frame of a failure, its words and its buttons.
    fn tile(&self, ui: &mut Ui, place: usize, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        let failure = &self.failures[place];
        let (rect, response) = ui.allocate_exact_size(PICTURE.into(), Sense::click());
        ui.painter().rect_filled(rect, 4, colour(roles.plot));
        let textures = self.textures.get(&place);
        if let Some(texture) = textures.and_then(|it| frame_at(it, self.ticks)) {
            Image::new(texture)
                .fit_to_exact_size(rect.size())
                .corner_radius(4)
                .paint_at(ui, rect);
        }
        let name = format!("Open: {}", failure.title);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let mut open = |is_mended: bool| {
            commands.push(Action::Dismiss);
            commands.push(Edit::OpenFailure { place, is_mended });
        };
        if response.on_hover_text(&name).clicked() {
            open(false);
        }
        let words = format!("**{}**", failure.title);
        rich_paragraph(ui, &words, TEXT, roles.text);
        rich_paragraph(ui, &failure.summary, SMALL, roles.text_weak);
        ui.horizontal(|ui| {
            let button = ui.button("Open");
            button.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, format!("Look at: {}", failure.title))
            });
            if button.clicked() {
                open(false);
            }
            let button = ui.add_enabled(failure.is_mended, egui::Button::new("Mend it"));
            button.widget_info(|| {
                let name = format!("Mend: {}", failure.title);
                WidgetInfo::labeled(Role::Button, failure.is_mended, name)
            });
            if button.clicked() {
                open(true);
            }
            button.on_disabled_hover_text(gallery::cannot_be_mended());
        });
    }
}

/// The words of a failure.
fn words(lesson: Lesson) -> Failure {
    Failure {
        title: lesson.title,
        summary: lesson.summary,
        is_mended: lesson.steps.len() > 1,
    }
}

/// The words of a failure whose file is wrong, which a test rules out.
fn nothing() -> Failure {
    Failure {
        title: String::new(),
        summary: String::new(),
        is_mended: false,
    }
}

/// The frame of a tick: one after the other, and the last one for longer.
fn frame_at(frames: &[TextureHandle], tick: usize) -> Option<&TextureHandle> {
    let last = frames.len().checked_sub(1)?;
    frames.get((tick % (frames.len() + HOLD)).min(last))
}

fn decoded(file: &[u8]) -> Option<ColorImage> {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    reader.next_frame(&mut bytes).ok()?;
    let size = PIXELS.map(|side| side as usize);
    (bytes.len() == 3 * size[0] * size[1]).then(|| ColorImage::from_rgb(size, &bytes))
}
