//! Colours, dashes and markers: one appearance per method, in every picture and list.

/// An opaque or translucent colour, not premultiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Red, green and blue.
    pub rgb: [u8; 3],
    /// The opacity; 255 is opaque.
    pub alpha: u8,
}

impl Colour {
    /// An opaque colour, written as in a style sheet: `0xE69F00`.
    pub const fn hex(code: u32) -> Self {
        Self {
            rgb: [(code >> 16) as u8, (code >> 8) as u8, code as u8],
            alpha: 255,
        }
    }

    /// The same colour at a share of its opacity.
    #[must_use]
    pub fn faded(self, share: f32) -> Self {
        Self {
            alpha: (f32::from(self.alpha) * share).round() as u8,
            ..self
        }
    }
}

/// Theme of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on a light background.
    Light,
    /// Light ink on a dark background.
    Dark,
}

/// Colours of everything but methods.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// Background of the window.
    pub background: Colour,
    /// Background of a plot, and casing of the lines in it.
    pub plot: Colour,
    /// Background of a card or a field.
    pub card: Colour,
    /// Lines between areas.
    pub separator: Colour,
    /// The frame of plots and fields.
    pub frame: Colour,
    /// Primary text.
    pub text: Colour,
    /// Secondary text.
    pub text_weak: Colour,
    /// Hints and ticks.
    pub text_faint: Colour,
    /// Text of warnings; the colour is never the only sign of one.
    pub warning: Colour,
    /// Pressed and selected controls.
    pub ink: Colour,
    /// Text on ink.
    pub on_ink: Colour,
    /// Grid lines.
    pub grid: Colour,
    /// Contour lines.
    pub contour: Colour,
}

impl Theme {
    /// The theme's colours.
    pub const fn roles(self) -> Roles {
        match self {
            Self::Light => Roles {
                background: Colour::hex(0xF6_F6F4),
                plot: Colour::hex(0xFF_FFFF),
                card: Colour::hex(0xFF_FFFF),
                separator: Colour::hex(0xE1_E2DE),
                frame: Colour::hex(0xC9_CBC8),
                text: Colour::hex(0x1D_2125),
                text_weak: Colour::hex(0x55_5C63),
                text_faint: Colour::hex(0x66_6D74),
                warning: Colour::hex(0x7A_5200),
                ink: Colour::hex(0x2B_3036),
                on_ink: Colour::hex(0xFF_FFFF),
                grid: Colour::hex(0xEC_EDEA),
                contour: Colour::hex(0xCF_D3D6),
            },
            Self::Dark => Roles {
                background: Colour::hex(0x1E_2023),
                plot: Colour::hex(0x17_191B),
                card: Colour::hex(0x26_292C),
                separator: Colour::hex(0x34_373B),
                frame: Colour::hex(0x4A_4E53),
                text: Colour::hex(0xE9_EAEB),
                text_weak: Colour::hex(0xB0_B5BB),
                text_faint: Colour::hex(0x9A_A0A6),
                warning: Colour::hex(0xE3_C07A),
                ink: Colour::hex(0xE9_EAEB),
                on_ink: Colour::hex(0x1E_2023),
                grid: Colour::hex(0x25_282B),
                contour: Colour::hex(0x3D_4247),
            },
        }
    }
}

/// Marker shape of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ▼
    TriangleDown,
    /// A plus sign with thick arms.
    Plus,
    /// A pentagon.
    Pentagon,
    /// A thin diamond.
    Lozenge,
    /// ★, for optima, never for a method.
    Star,
}

/// Line style of a method, fixed by its slot in the experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineStyle {
    /// The colour of lines and markers.
    pub colour: Colour,
    /// Alternating lengths of ink and gap in units of the line's width; empty for a solid line.
    pub dash: &'static [f32],
    /// The marker.
    pub marker: Marker,
    /// A thin dark edge, if the colour alone is too pale for the background.
    pub edge: Option<Colour>,
}

const SOLID: &[f32] = &[];
const DASH: &[f32] = &[4.0, 2.4];
const DOT: &[f32] = &[1.2, 1.8];
const DASH_DOT: &[f32] = &[5.0, 1.8, 1.2, 1.8];

/// Styles by slot: colours in light and dark after Okabe and Ito, dash, marker.
const SLOTS: [(u32, u32, &[f32], Marker); 8] = [
    (0xE6_9F00, 0xE6_9F00, SOLID, Marker::Circle),
    (0x56_B4E9, 0x56_B4E9, DASH, Marker::Square),
    (0x00_9E73, 0x00_9E73, DOT, Marker::Triangle),
    (0xD5_5E00, 0xD5_5E00, DASH_DOT, Marker::Diamond),
    (0x00_72B2, 0x4D_A3E0, SOLID, Marker::TriangleDown),
    (0xCC_79A7, 0xCC_79A7, DASH, Marker::Plus),
    (0x2B_3036, 0xE9_EAEB, DOT, Marker::Pentagon),
    (0x8A_6D00, 0xF0_E442, DASH_DOT, Marker::Lozenge),
];

/// The line style of a method by its slot, counted from 0; after eight slots the styles repeat.
pub fn slot_style(slot: usize, theme: Theme) -> LineStyle {
    let (light, dark, dash, marker) = SLOTS[slot % SLOTS.len()];
    let code = match theme {
        Theme::Light => light,
        Theme::Dark => dark,
    };
    let is_pale = theme == Theme::Light && matches!(slot % SLOTS.len(), 0 | 1);
    LineStyle {
        colour: Colour::hex(code),
        dash,
        marker,
        edge: is_pale.then_some(Colour::hex(if slot.is_multiple_of(SLOTS.len()) {
            0x7A_5400
        } else {
            0x1F_5F87
        })),
    }
}
