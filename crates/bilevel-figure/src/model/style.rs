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

    /// The contrast to another opaque colour, from 1 to 21, after WCAG 2.
    pub fn contrast(self, other: Self) -> f32 {
        let luminance = |colour: Self| {
            let [red, green, blue] = colour.rgb;
            color::AlphaColor::<color::Srgb>::from_rgb8(red, green, blue)
                .discard_alpha()
                .relative_luminance()
        };
        let [one, other] = [luminance(self), luminance(other)].map(|luminance| luminance + 0.05);
        (one / other).max(other / one)
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
                contour: Colour::hex(0x8D_959D),
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
                contour: Colour::hex(0x68_6F77),
            },
        }
    }
}

impl Theme {
    /// The colour of a relief, from 0 at its deepest to 1 at its highest: muted, so that all lines and texts stay
    /// readable on it.
    pub fn relief(self, height: f32) -> Colour {
        let [deep, high]: [[u8; 3]; 2] = match self {
            Self::Light => [[0xCB, 0xD8, 0xE4], [0xFF, 0xFF, 0xFF]],
            Self::Dark => [[0x12, 0x14, 0x17], [0x34, 0x3A, 0x41]],
        };
        let between = |channel: usize| {
            let [deep, high] = [deep, high].map(|colour| f32::from(colour[channel]));
            (deep + height.clamp(0.0, 1.0) * (high - deep)).round() as u8
        };
        Colour {
            rgb: [0, 1, 2].map(between),
            alpha: 255,
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

/// Line style of a method.
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
