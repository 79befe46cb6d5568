//! The pictures of a frame on which notes can be placed. While notes are written, each picture is covered by an area that
//! takes its clicks and drags; what these do is decided once all pictures are drawn.

use bilevel_figure::{DrawnNote, Figure, Layer, PictureKey, Scene, Transform};
use egui::{Context, Id, Rect, Response, Role, Sense, Ui, WidgetInfo};

use super::screen_pen::egui_rect;

/// The keys in egui's memory: true while notes are written, and the pictures so far.
const WRITES: &str = "notes are written";
const PICTURES: &str = "pictures with notes";

/// A picture on the screen with its notes.
#[derive(Clone)]
pub(crate) struct NotedPicture {
    pub(crate) key: PictureKey,
    /// The name of the picture in the window.
    pub(crate) name: String,
    /// The rectangle between the axes.
    pub(crate) plot: Rect,
    pub(crate) transform: Transform,
    pub(crate) notes: Vec<DrawnNote>,
    /// The number of notes for which the picture is too small.
    pub(crate) left_out: usize,
    /// The response of the area over it.
    pub(crate) response: Response,
}

/// Says whether notes are written, from the next picture on.
pub(crate) fn set_notes_written(ctx: &Context, are_written: bool) {
    ctx.data_mut(|data| data.insert_temp(Id::unique(WRITES), are_written));
}

/// Covers a picture that was drawn, while notes are written.
pub(crate) fn cover(ui: &Ui, name: &str, figure: &Figure<'_>, scene: &Scene) {
    let are_written = ui.data(|data| data.get_temp(Id::unique(WRITES)));
    let key = figure.layers.iter().find_map(|layer| match layer {
        Layer::Annotations(all) => Some(all.picture.clone()),
        _ => None,
    });
    let (Some(true), Some(key)) = (are_written, key) else {
        return;
    };
    let plot = egui_rect(scene.plot);
    let id = ui.scope_id().with((PICTURES, name, key.figure));
    let response = ui.interact(plot, id, Sense::click_and_drag());
    let words = format!("Notes on {name}");
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &words));
    let picture = NotedPicture {
        key,
        name: name.to_owned(),
        plot,
        transform: scene.transform,
        notes: scene.notes.clone(),
        left_out: scene.left_out_notes,
        response,
    };
    ui.data_mut(|data| {
        data.get_temp_mut_or_default::<Vec<NotedPicture>>(Id::unique(PICTURES))
            .push(picture);
    });
}

/// Removes and returns the pictures of the frame.
pub(crate) fn take_pictures(ctx: &Context) -> Vec<NotedPicture> {
    let pictures = ctx.data_mut(|data| data.remove_temp(Id::unique(PICTURES)));
    pictures.unwrap_or_default()
}
