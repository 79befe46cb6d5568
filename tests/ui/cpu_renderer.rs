//! The renderer of the window's pictures: exact to the pixel, and the same every time.

use std::sync::Arc;

use egui::epaint::Vertex;
use egui::{
    Align2, Color32, ColorImage, FontData, FontDefinitions, FontFamily, FontId, Mesh,
    PaintCallback, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, TextureHandle, TextureOptions,
    Theme, Ui, pos2,
};
use image::{Rgba, RgbaImage};
use rstest::rstest;

use crate::support;

const SIZE: [f32; 2] = [160.0, 120.0];
const PAPER: Color32 = Color32::from_rgba_premultiplied(250, 245, 230, 255);
const FILL: Color32 = Color32::from_rgba_premultiplied(40, 90, 200, 255);
const BORDER: Color32 = Color32::from_rgba_premultiplied(10, 20, 30, 255);
const VEIL: Color32 = Color32::from_rgba_premultiplied(100, 0, 20, 128);

#[rstest]
fn solid_fills_and_aligned_frames_have_their_exact_colour() {
    let picture = picture(frame);
    assert_eq!(at(&picture, 3, 3), PAPER, "the background");
    assert_eq!(at(&picture, 50, 20), FILL, "inside the frame");
    assert_eq!(at(&picture, 11, 20), BORDER, "on the frame");
    assert_eq!(at(&picture, 9, 20), PAPER, "just outside the frame");
}

#[rstest]
fn a_translucent_rectangle_mixes_with_what_is_under_it() {
    let picture = picture(|painter| {
        frame(painter);
        veil(painter);
    });
    for (x, y, under) in [(50, 40, FILL), (120, 40, PAPER)] {
        assert_close(at(&picture, x, y), over(VEIL, under));
    }
    assert_eq!(at(&picture, 50, 20), FILL, "outside the veil");
}

#[rstest]
fn text_draws_inside_its_own_rectangle_only() {
    let mut place = Rect::NOTHING;
    let plain = picture(page_size);
    let written = picture(|painter| {
        page_size(painter);
        place = write(painter);
    });
    let changed: Vec<_> = plain
        .enumerate_pixels()
        .filter(|(x, y, pixel)| written.get_pixel(*x, *y) != *pixel)
        .map(|(x, y, _)| pos2(x as f32 + 0.5, y as f32 + 0.5))
        .collect();
    assert!(
        changed.len() > 100,
        "only {} pixels of the text are there",
        changed.len()
    );
    assert!(
        changed.iter().all(|pixel| place.contains(*pixel)),
        "ink outside {place:?}"
    );
    let darkest = written.pixels().map(|pixel| pixel.0[1]).min();
    assert_eq!(
        darkest,
        Some(BORDER.g()),
        "the stems of the letters are full ink"
    );
}

#[rstest]
fn triangles_that_share_edges_cover_each_pixel_once() {
    let picture = picture(|painter| {
        page_size(painter);
        painter.add(fan());
    });
    let expected = over(VEIL, PAPER);
    for y in 31..89 {
        for x in 41..119 {
            assert_close(at(&picture, x, y), expected);
        }
    }
}

#[rstest]
fn nothing_is_drawn_outside_the_clip_rectangle() {
    let picture = picture(|painter| {
        page_size(painter);
        let clip = Rect::from_min_max(pos2(20.0, 30.0), pos2(60.0, 50.0));
        painter
            .with_clip_rect(clip)
            .rect_filled(Rect::EVERYTHING, 0, FILL);
    });
    for (x, y, pixel) in picture.enumerate_pixels() {
        let is_inside = (20..60).contains(&x) && (30..50).contains(&y);
        let expected = if is_inside { FILL } else { PAPER };
        assert_eq!(pixel.0, expected.to_array(), "at {x}, {y}");
    }
}

#[rstest]
fn a_texture_is_sampled_as_its_options_say_and_can_change_in_part() {
    let mut texture: Option<TextureHandle> = None;
    let mut frames = 0;
    let mut harness = support::harness::<()>(SIZE, Theme::Light).build_ui(move |ui| {
        frames += 1;
        let checks = ColorImage::new([2, 2], vec![FILL, PAPER, PAPER, FILL]);
        let texture = texture.get_or_insert_with(|| {
            ui.ctx()
                .load_texture("checks", checks, TextureOptions::NEAREST)
        });
        if frames == 2 {
            texture.set_partial(
                [1, 0],
                ColorImage::filled([1, 1], BORDER),
                TextureOptions::NEAREST,
            );
        }
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        screen(ui).image(
            texture.id(),
            Rect::from_min_size(Pos2::ZERO, SIZE.into()),
            whole,
            Color32::WHITE,
        );
    });
    harness.run();
    let picture = harness.render().expect("the picture");
    assert_eq!(at(&picture, 79, 59), FILL);
    assert_eq!(at(&picture, 80, 59), BORDER, "the texel that changed");
    assert_eq!(at(&picture, 79, 60), PAPER);
    assert_eq!(at(&picture, 80, 60), FILL);
}

#[rstest]
fn the_same_window_gives_the_same_bytes_and_matches_its_snapshot() {
    let first = picture(everything);
    assert_eq!(first.as_raw(), picture(everything).as_raw());
    support::assert_snapshot("cpu_renderer", &first);
}

#[rstest]
fn a_paint_callback_is_refused_in_a_sentence() {
    let mut harness = support::harness::<()>(SIZE, Theme::Dark).build_ui(|ui| {
        screen(ui).add(PaintCallback {
            rect: Rect::from_min_size(Pos2::ZERO, SIZE.into()),
            callback: Arc::new(()),
        });
    });
    let refusal = harness.render().expect_err("a callback cannot be drawn");
    assert!(refusal.contains("paint callbacks"), "{refusal}");
}

/// The picture of one frame that `draw` fills.
fn picture(mut draw: impl FnMut(&Painter)) -> RgbaImage {
    let mut harness = support::harness::<()>(SIZE, Theme::Light)
        .with_context_setup(|ctx| ctx.set_fonts(fonts()))
        .build_ui(|ui| draw(&screen(ui)));
    harness.render().expect("the picture")
}

/// A painter for the whole window.
fn screen(ui: &Ui) -> Painter {
    ui.ctx().layer_painter(ui.layer_id())
}

fn everything(painter: &Painter) {
    frame(painter);
    veil(painter);
    write(painter);
    painter.line_segment(
        [pos2(15.0, 110.0), pos2(150.0, 70.5)],
        Stroke::new(2.0, FILL),
    );
    painter.circle(pos2(130.0, 25.0), 12.0, VEIL, Stroke::new(1.5, BORDER));
}

fn page_size(painter: &Painter) {
    painter.rect_filled(Rect::from_min_size(Pos2::ZERO, SIZE.into()), 0, PAPER);
}

fn frame(painter: &Painter) {
    page_size(painter);
    let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(100.0, 60.0));
    painter.rect(rect, 0, FILL, Stroke::new(2.0, BORDER), StrokeKind::Inside);
}

fn veil(painter: &Painter) {
    painter.rect_filled(
        Rect::from_min_max(pos2(30.0, 30.0), pos2(140.0, 50.0)),
        0,
        VEIL,
    );
}

/// Writes a line of text and returns its rectangle.
fn write(painter: &Painter) -> Rect {
    let font = FontId::proportional(15.0);
    painter.text(
        pos2(12.0, 66.0),
        Align2::LEFT_TOP,
        "Hill, 12.5",
        font,
        BORDER,
    )
}

/// A translucent fan of triangles that covers x 39..122, y 29..92. Its spokes run through the centres of pixels.
fn fan() -> Shape {
    let rim = [
        (38.5, 28.5),
        (80.5, 28.5),
        (122.5, 28.5),
        (122.5, 60.5),
        (122.5, 92.5),
        (80.5, 92.5),
        (38.5, 92.5),
        (38.5, 60.5),
    ];
    let mut mesh = Mesh::default();
    mesh.vertices
        .push(Vertex::untextured(pos2(80.5, 60.5), VEIL));
    mesh.vertices
        .extend(rim.map(|(x, y)| Vertex::untextured(pos2(x, y), VEIL)));
    for corner in 0..8 {
        mesh.add_triangle(0, 1 + corner, 1 + (corner + 1) % 8);
    }
    Shape::mesh(mesh)
}

fn fonts() -> FontDefinitions {
    let data = FontData::from_static(include_bytes!(
        "../../crates/bilevel-figure/assets/fonts/InterTabular-Regular.otf"
    ));
    let mut fonts = FontDefinitions::empty();
    fonts.font_data.insert("inter".to_owned(), Arc::new(data));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec!["inter".to_owned()]);
    }
    fonts
}

fn at(picture: &RgbaImage, x: u32, y: u32) -> Color32 {
    let Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
    Color32::from_rgba_premultiplied(red, green, blue, alpha)
}

/// A translucent colour over an opaque one.
fn over(top: Color32, under: Color32) -> [f32; 4] {
    let shows_through = 1.0 - f32::from(top.a()) / 255.0;
    let (top, under) = (top.to_array(), under.to_array());
    std::array::from_fn(|channel| {
        f32::from(top[channel]) + f32::from(under[channel]) * shows_through
    })
}

#[track_caller]
fn assert_close(pixel: Color32, expected: [f32; 4]) {
    for (found, wanted) in pixel.to_array().into_iter().zip(expected) {
        assert!(
            (f32::from(found) - wanted).abs() <= 1.0,
            "{pixel:?} is not {expected:?}"
        );
    }
}
