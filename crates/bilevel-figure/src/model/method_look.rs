//! Looks of methods: a home colour for each method, the same in every experiment, picture and list.
//!
//! Colours after Okabe and Ito. Methods that rarely meet share a home. In an experiment the second method of a home, or
//! the second instance of a method, keeps the hue and takes the next lightness, dash and marker.

use bilevel_files::{MethodSpec, counterpart};
use color::{AlphaColor, Oklch, Srgb};

use super::style::{Colour, LineStyle, Marker, Theme};

/// Alternating lengths of ink and gap, in units of a line's width.
const DASHES: [&[f32]; 4] = [&[], &[4.0, 2.4], &[1.2, 1.8], &[5.0, 1.8, 1.2, 1.8]];

/// The home's colours in light and dark, the number of its dash, and its marker.
const HOMES: [(u32, u32, usize, Marker); 8] = [
    (0xE6_9F00, 0xE6_9F00, 0, Marker::Circle),
    (0x56_B4E9, 0x56_B4E9, 1, Marker::Square),
    (0x00_9E73, 0x00_9E73, 2, Marker::Triangle),
    (0xD5_5E00, 0xD5_5E00, 3, Marker::Diamond),
    (0x00_72B2, 0x6E_8BFF, 2, Marker::TriangleDown),
    (0xCC_79A7, 0xCC_79A7, 0, Marker::Plus),
    (0x2B_3036, 0xE9_EAEB, 3, Marker::Pentagon),
    (0x8A_6D00, 0xF0_E442, 1, Marker::Lozenge),
];

/// Steps in the lists of dashes and markers for further methods of a home: found by search, so that in every preset two
/// methods of similar colour, for any colour vision, have different dashes and markers.
const STEPS: [[usize; 2]; 6] = [[0, 0], [2, 6], [0, 2], [2, 4], [3, 1], [1, 5]];

/// The number of homes.
pub const HOME_COUNT: u8 = HOMES.len() as u8;

/// The home of each method.
const METHOD_HOMES: [(&str, u8); 18] = [
    ("bome", 0),
    ("itd", 1),
    ("aid-cg", 2),
    ("vrbo", 2),
    ("bsg1", 3),
    ("chain-rule", 3),
    ("implicit", 4),
    ("stocbio", 4),
    ("ogda", 4),
    ("bvfsm", 5),
    ("alternating", 5),
    ("evolution", 5),
    ("penalty", 6),
    ("finite-difference", 6),
    ("aid-fp", 7),
    ("mrbo", 7),
    ("v-pbgd", 7),
    ("gda", 7),
];

/// The shades of letters in the light and in the dark theme: neighbors differ in lightness alone, so that lines that cross can
/// be told apart.
const LETTER_SHADES: [[u32; 4]; 2] = [
    [0x2A_1E_55, 0x93_84_C8, 0x4F_3F_87, 0x71_61_A8],
    [0xE6_DE_FF, 0x7A_6A_AE, 0xC2_B5_F0, 0x9E_8E_D2],
];

/// The dashes of letters, those of [`DASHES`] first: each four letters have the shades, and the next four the next dash and
/// marker. There are enough for the alphabet.
const LETTER_DASHES: [&[f32]; 7] = [
    DASHES[0],
    DASHES[1],
    DASHES[2],
    DASHES[3],
    &[9.0, 3.0],
    &[5.0, 1.8, 1.2, 1.8, 1.2, 1.8],
    &[2.4, 1.2],
];

/// The changes of lightness, in `OKLCH`, of further methods of a home.
const LIGHTNESS: [f32; 3] = [0.0, -0.14, 0.13];
/// The ranges of lightness that can be read in the light and in the dark theme.
const READABLE: [[f32; 2]; 2] = [[0.2, 0.8], [0.55, 0.97]];

/// The look of a method in an experiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MethodLook {
    /// The home of the method.
    home: u8,
    /// The number of methods of the same home before it in the experiment.
    instance: u8,
    /// The user's own colour, as red, green and blue.
    own: Option<[u8; 3]>,
    /// True for a pinned method, which is drawn faint.
    is_faint: bool,
    /// The number of the letter that stands for a method that nobody is to recognize.
    letter: Option<u8>,
}

/// The home of a method by its id, from 0 to 7.
pub fn home_of(id: &str) -> Option<u8> {
    let known = METHOD_HOMES.iter().find(|(method, _)| *method == id);
    known.map(|(_, home)| *home)
}

/// The name of a home's colour in the light theme.
pub fn home_name(home: u8) -> &'static str {
    let names = [
        "orange",
        "sky blue",
        "green",
        "vermilion",
        "blue",
        "pink",
        "black",
        "olive",
    ];
    names[usize::from(home) % names.len()]
}

/// The looks of an experiment's methods. A pinned method has the look of its counterpart, but faint, and changes that of no
/// other.
pub fn method_looks(methods: &[MethodSpec]) -> Vec<MethodLook> {
    let mut looks = own_looks(methods);
    for slot in 0..methods.len() {
        if methods[slot].is_pinned {
            let other = counterpart(methods, slot).unwrap_or(slot);
            looks[slot] = MethodLook {
                own: methods[slot].colour.or(looks[other].own),
                is_faint: true,
                ..looks[other]
            };
        }
    }
    looks
}

/// The looks without regard to pinned methods.
fn own_looks(methods: &[MethodSpec]) -> Vec<MethodLook> {
    let mut counts = [0_u8; HOMES.len()];
    let look = |method: &MethodSpec| {
        let home = home_of(method.entry.id).unwrap_or_default();
        let count = &mut counts[usize::from(home)];
        let instance = *count;
        *count = count.saturating_add(u8::from(!method.is_pinned));
        MethodLook {
            home,
            instance,
            own: method.colour,
            ..MethodLook::default()
        }
    };
    methods.iter().map(look).collect()
}

impl MethodLook {
    /// The look of the first method of a home.
    pub fn of_home(home: u8) -> Self {
        Self {
            home: home % HOME_COUNT,
            ..Self::default()
        }
    }

    /// The look of a method that nobody is to recognize, by the number of its letter, from 0 to 25: shades of a hue that is no
    /// method's home. The first four have the same line and marker, each further four another dash and marker.
    pub fn of_letter(letter: u8) -> Self {
        Self {
            letter: Some(letter),
            ..Self::default()
        }
    }

    /// The line style in a theme; the dark one has white for black and yellow for olive.
    pub fn style(self, theme: Theme) -> LineStyle {
        if let Some(letter) = self.letter {
            let shades = match theme {
                Theme::Light => LETTER_SHADES[0],
                Theme::Dark => LETTER_SHADES[1],
            };
            let (group, shade) = (usize::from(letter) / 4, usize::from(letter) % 4);
            return LineStyle {
                colour: Colour::hex(shades[shade]),
                dash: LETTER_DASHES[group % LETTER_DASHES.len()],
                marker: HOMES[group % HOMES.len()].3,
                edge: None,
            };
        }
        let (home, instance) = (usize::from(self.home), usize::from(self.instance));
        let (light, dark, dash, _) = HOMES[home];
        let [dash_steps, marker_steps] = STEPS[instance % STEPS.len()];
        let base = Colour::hex(match theme {
            Theme::Light => light,
            Theme::Dark => dark,
        });
        let colour = self.own.map_or_else(
            || lighter(base, LIGHTNESS[instance % LIGHTNESS.len()], theme),
            |rgb| Colour { rgb, alpha: 255 },
        );
        if self.is_faint {
            return LineStyle {
                colour: faint(colour, theme),
                dash: DASHES[(dash + dash_steps) % DASHES.len()],
                marker: HOMES[(home + marker_steps) % HOMES.len()].3,
                edge: None,
            };
        }
        LineStyle {
            colour,
            dash: DASHES[(dash + dash_steps) % DASHES.len()],
            marker: HOMES[(home + marker_steps) % HOMES.len()].3,
            edge: edge(colour, theme),
        }
    }
}

/// A colour of another lightness, of the same hue.
fn lighter(colour: Colour, by: f32, theme: Theme) -> Colour {
    if by == 0.0 {
        return colour;
    }
    let lightness = oklch(colour).components[0];
    let readable = match theme {
        Theme::Light => READABLE[0],
        Theme::Dark => READABLE[1],
    };
    // a change that would leave the readable range goes the other way, or twice as far
    let changes = [by, -by, 2.0 * by, -2.0 * by].map(|by| lightness + by);
    let fits = |one: &f32| readable[0] <= *one && *one <= readable[1];
    changes
        .into_iter()
        .find(fits)
        .map_or(colour, |lightness| with_lightness(colour, lightness))
}

/// The share of a faint colour in its mixture with the background.
const FAINT: f32 = 0.45;

/// A colour mixed with the background of pictures; opaque, so that lines over each other do not add up.
fn faint(colour: Colour, theme: Theme) -> Colour {
    let behind = theme.roles().plot.rgb;
    let mix = |(ink, ground): (u8, u8)| {
        let mixed = FAINT * f32::from(ink) + (1.0 - FAINT) * f32::from(ground);
        mixed.round() as u8
    };
    let [red, green, blue] = colour.rgb;
    Colour {
        rgb: [
            mix((red, behind[0])),
            mix((green, behind[1])),
            mix((blue, behind[2])),
        ],
        alpha: 255,
    }
}

fn oklch(colour: Colour) -> AlphaColor<Oklch> {
    let [red, green, blue] = colour.rgb;
    AlphaColor::<Srgb>::from_rgb8(red, green, blue).convert()
}

/// The colour of the same hue with a lightness.
fn with_lightness(colour: Colour, lightness: f32) -> Colour {
    let mut oklch = oklch(colour);
    oklch.components[0] = lightness;
    let rgba = oklch.convert::<Srgb>().to_rgba8();
    Colour {
        rgb: [rgba.r, rgba.g, rgba.b],
        alpha: 255,
    }
}

/// The least contrast of a line to its casing without an edge.
const PALE: f32 = 3.0;
/// The lightness of an edge.
const EDGE: f32 = 0.46;

/// A dark edge of the same hue, if the colour alone is too pale on a light background.
fn edge(colour: Colour, theme: Theme) -> Option<Colour> {
    let is_pale = theme == Theme::Light && colour.contrast(theme.roles().plot) < PALE;
    is_pale.then(|| with_lightness(colour, EDGE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel_files::Experiment;

    #[test]
    fn a_pinned_method_is_faint_and_changes_the_look_of_no_other() {
        let text = |pinned: &str| {
            format!(
                "[problem]\nid = 'valleys'\n[[method]]\nid = 'itd'\n{pinned}[[method]]\nid = 'itd'\nlabel = 'other'\n"
            )
        };
        let looks = |pinned: &str| {
            let experiment = Experiment::read("a.toml", &text(pinned)).unwrap();
            method_looks(&experiment.methods)
        };
        let plain = looks("");
        let with = looks("[[method]]\nid = 'itd'\nlabel = 'kept'\npinned = true\n");
        assert_eq!([with[0], with[2]], [plain[0], plain[1]]);
        for theme in [Theme::Light, Theme::Dark] {
            let [full, faint] = [with[0], with[1]].map(|look| look.style(theme));
            assert_eq!((full.dash, full.marker), (faint.dash, faint.marker));
            let plot = theme.roles().plot;
            assert!(faint.colour.contrast(plot) < full.colour.contrast(plot));
        }
    }

    #[test]
    fn letters_have_colours_of_no_home_and_four_of_them_one_line_and_one_marker() {
        for theme in [Theme::Light, Theme::Dark] {
            let styles: Vec<LineStyle> = (0..26)
                .map(|letter| MethodLook::of_letter(letter).style(theme))
                .collect();
            for (letter, style) in styles.iter().enumerate() {
                let first = styles[letter - letter % 4];
                assert_eq!((style.dash, style.marker), (first.dash, first.marker));
                assert!(style.colour.contrast(theme.roles().plot) >= PALE);
                for home in 0..HOME_COUNT {
                    assert_ne!(style.colour, MethodLook::of_home(home).style(theme).colour);
                }
            }
        }
    }
}
