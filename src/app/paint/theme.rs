//! The window's look: the palette's colours and the bundled fonts, as egui's style.

use std::collections::BTreeMap;
use std::sync::Arc;

use bilevel_figure::{Colour, Face, Roles, Theme};
use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow,
    Stroke, Style, TextStyle, Visuals, vec2,
};

/// The size of plain text.
pub(crate) const TEXT: f32 = 13.0;
/// The size of remarks, ticks and tables.
pub(crate) const SMALL: f32 = 12.0;
/// The size of headings.
pub(crate) const TITLE: f32 = 15.0;

/// Converts a palette colour to egui's.
pub(crate) fn colour(colour: Colour) -> Color32 {
    let [red, green, blue] = colour.rgb;
    Color32::from_rgba_unmultiplied(red, green, blue, colour.alpha)
}

/// The theme of a part of the window.
pub(crate) fn theme_of(ui: &egui::Ui) -> Theme {
    if ui.visuals().dark_mode {
        Theme::Dark
    } else {
        Theme::Light
    }
}

/// The colours of a part of the window.
pub(crate) fn roles_of(ui: &egui::Ui) -> Roles {
    theme_of(ui).roles()
}

/// The font family of a face.
pub(crate) fn family(face: Face) -> FontFamily {
    match face {
        Face::Sans => FontFamily::Proportional,
        _ => FontFamily::Name(face.name().into()),
    }
}

/// Installs the bundled fonts and both themes in a context.
pub(crate) fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::empty();
    for face in Face::ALL {
        let data = Arc::new(FontData::from_static(face.data()));
        fonts.font_data.insert(face.name().to_owned(), data);
    }
    // a glyph that one face lacks may be in another
    for face in Face::ALL {
        let mut order = vec![face];
        order.extend(
            [Face::Sans, Face::Serif]
                .into_iter()
                .filter(|other| *other != face),
        );
        let names = order
            .into_iter()
            .map(|face| face.name().to_owned())
            .collect();
        fonts.families.insert(family(face), names);
    }
    let sans = fonts.families[&FontFamily::Proportional].clone();
    fonts.families.insert(FontFamily::Monospace, sans);
    ctx.set_fonts(fonts);
    for (egui_theme, theme) in [
        (egui::Theme::Light, Theme::Light),
        (egui::Theme::Dark, Theme::Dark),
    ] {
        ctx.set_style_of(egui_theme, style(theme));
    }
}

fn style(theme: Theme) -> Style {
    let sizes = [
        (TextStyle::Small, SMALL),
        (TextStyle::Body, TEXT),
        (TextStyle::Button, TEXT),
        (TextStyle::Monospace, TEXT),
        (TextStyle::Heading, TITLE),
    ];
    let mut text_styles: BTreeMap<TextStyle, FontId> = BTreeMap::new();
    for (name, size) in sizes {
        text_styles.insert(name, FontId::new(size, FontFamily::Proportional));
    }
    let mut style = Style {
        text_styles,
        visuals: visuals(theme),
        animation_time: 0.1,
        ..Style::default()
    };
    style.spacing.item_spacing = vec2(8.0, 4.0);
    style.spacing.button_padding = vec2(8.0, 3.0);
    style.spacing.interact_size = vec2(24.0, 24.0);
    style.spacing.slider_rail_height = 2.0;
    style.spacing.window_margin = Margin::same(16);
    style.spacing.menu_margin = Margin::same(6);
    // egui opens a menu this high at most, and the menu of views has more rows than its 400 points hold
    style.spacing.default_area_size = vec2(600.0, 640.0);
    style.interaction.selectable_labels = false;
    style
}

fn visuals(theme: Theme) -> Visuals {
    let roles = theme.roles();
    let mut visuals = match theme {
        Theme::Light => Visuals::light(),
        Theme::Dark => Visuals::dark(),
    };
    let radius = CornerRadius::same(4);
    visuals.panel_fill = colour(roles.background);
    visuals.window_fill = colour(roles.card);
    visuals.extreme_bg_color = colour(roles.card);
    visuals.faint_bg_color = colour(roles.separator);
    visuals.window_stroke = Stroke::new(1.0, colour(roles.frame));
    visuals.window_shadow = Shadow {
        offset: [0, 4],
        blur: 16,
        spread: 0,
        color: Color32::from_black_alpha(40),
    };
    visuals.popup_shadow = visuals.window_shadow;
    visuals.window_corner_radius = radius;
    visuals.menu_corner_radius = radius;
    visuals.warn_fg_color = colour(roles.warning);
    visuals.error_fg_color = colour(roles.warning);
    visuals.hyperlink_color = colour(roles.text);
    visuals.selection.bg_fill = colour(roles.ink);
    visuals.selection.stroke = Stroke::new(1.0, colour(roles.on_ink));
    visuals.text_cursor.stroke = Stroke::new(2.0, colour(roles.text));
    // a cursor that blinks draws the whole window anew, twice a second
    visuals.text_cursor.blink = false;
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = egui::style::HandleShape::Circle;
    visuals.weak_text_color = Some(colour(roles.text_weak));
    let widgets = &mut visuals.widgets;
    let states = [
        (
            &mut widgets.noninteractive,
            roles.background,
            roles.separator,
            roles.text,
        ),
        (&mut widgets.inactive, roles.card, roles.frame, roles.text),
        (
            &mut widgets.hovered,
            roles.card,
            roles.text_faint,
            roles.text,
        ),
        (
            &mut widgets.active,
            roles.separator,
            roles.text_weak,
            roles.text,
        ),
        (&mut widgets.open, roles.card, roles.text_faint, roles.text),
    ];
    for (state, fill, edge, text) in states {
        // sliders take their rail colour from here, buttons their fill from the weak one
        state.bg_fill = colour(edge);
        state.weak_bg_fill = colour(fill);
        state.bg_stroke = Stroke::new(1.0, colour(edge));
        state.fg_stroke = Stroke::new(1.0, colour(text));
        state.corner_radius = radius;
        state.expansion = 0.0;
    }
    visuals
}
