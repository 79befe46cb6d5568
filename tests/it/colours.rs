//! Colours: contrasts on reliefs, and looks of methods that people with any colour vision can tell apart.

use bilevel::method::METHODS;
use bilevel_figure::{
    Colour, HOME_COUNT, LineStyle, MethodLook, OutcomeColours, Theme, home_of, method_looks,
};
use bilevel_files::presets;
use color::{AlphaColor, LinearSrgb, Oklab, Srgb};
use rstest::rstest;

/// Linear RGB as it is seen without one kind of cone (Machado, Oliveira and Fernandes, 2009, severity 1).
const VISIONS: [(&str, [[f32; 3]; 3]); 3] = [
    (
        "all cones",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
];

/// The distance of two colours in `OKLab`, as they are seen.
fn distance(one: Colour, other: Colour, seen: &[[f32; 3]; 3]) -> f32 {
    let lab = |colour: Colour| {
        let [red, green, blue] = colour.rgb;
        let linear = AlphaColor::<Srgb>::from_rgb8(red, green, blue).convert::<LinearSrgb>();
        let [r, g, b, _] = linear.components;
        let seen = seen.map(|row| (row[0] * r + row[1] * g + row[2] * b).clamp(0.0, 1.0));
        let colour = AlphaColor::<LinearSrgb>::new([seen[0], seen[1], seen[2], 1.0]);
        colour.convert::<Oklab>().components
    };
    let (one, other) = (lab(one), lab(other));
    let squares = (0..3).map(|axis| (one[axis] - other[axis]).powi(2));
    squares.sum::<f32>().sqrt()
}

/// True if two lines differ in colour for everybody, or in dash and marker.
fn are_distinct(one: LineStyle, other: LineStyle) -> bool {
    let is_far = |seen: &[[f32; 3]; 3]| distance(one.colour, other.colour, seen) >= 0.08;
    VISIONS.iter().all(|(_, seen)| is_far(seen))
        || (one.dash != other.dash && one.marker != other.marker)
}

/// The fills of a relief, from its deepest.
fn fills(theme: Theme) -> Vec<Colour> {
    (0..=15_u8)
        .map(|band| theme.relief(f32::from(band) / 15.0))
        .collect()
}

#[rstest]
fn contours_texts_and_lines_stand_out_on_every_band(
    #[values(Theme::Light, Theme::Dark)] theme: Theme,
) {
    let roles = theme.roles();
    for fill in fills(theme) {
        assert!(roles.contour.contrast(fill) >= 2.0, "contour on {fill:?}");
        for text in [roles.text, roles.text_weak] {
            assert!(text.contrast(fill) >= 4.5, "{text:?} on {fill:?}");
        }
    }
}

#[rstest]
fn lines_of_methods_stand_out_from_bands_and_basins_or_their_casing(
    #[values(Theme::Light, Theme::Dark)] theme: Theme,
) {
    presets_of(
        |name, styles| {
            for (slot, style) in styles.iter().enumerate() {
                let ink = style.edge.unwrap_or(style.colour);
                let casing = ink.contrast(theme.roles().plot);
                for fill in fills(theme).into_iter().chain(OutcomeColours::all_hues()) {
                    assert!(
                        ink.contrast(fill).max(casing) >= 3.0,
                        "{name}: method {slot} on {fill:?}"
                    );
                }
            }
        },
        theme,
    );
}

#[rstest]
fn any_two_methods_of_a_preset_can_be_told_apart(
    #[values(Theme::Light, Theme::Dark)] theme: Theme,
) {
    presets_of(
        |name, styles| {
            for (slot, one) in styles.iter().enumerate() {
                for (other, style) in styles.iter().enumerate().skip(slot + 1) {
                    assert!(
                        are_distinct(*one, *style),
                        "{name}: methods {slot} and {other}"
                    );
                }
            }
        },
        theme,
    );
}

/// Calls a check with the name of each preset and the styles of its methods.
fn presets_of(check: impl Fn(&str, &[LineStyle]), theme: Theme) {
    bilevel_lab::embedded::register_presets();
    let mut count = 0;
    for preset in presets::all() {
        let (name, experiment) = (preset.name, preset.read().expect("a preset"));
        let looks = method_looks(&experiment.methods);
        let styles: Vec<LineStyle> = looks.iter().map(|look| look.style(theme)).collect();
        check(name, &styles);
        count += 1;
    }
    assert!(count > 40);
}

#[rstest]
fn any_two_letters_can_be_told_apart(#[values(Theme::Light, Theme::Dark)] theme: Theme) {
    let styles: Vec<LineStyle> = (0..26)
        .map(|letter| MethodLook::of_letter(letter).style(theme))
        .collect();
    for (number, one) in styles.iter().enumerate() {
        for other in &styles[number + 1..] {
            assert!(are_distinct(*one, *other), "{one:?} and {other:?}");
        }
    }
}

#[rstest]
fn hues_of_minima_are_no_colours_of_methods(#[values(Theme::Light, Theme::Dark)] theme: Theme) {
    for hue in OutcomeColours::all_hues() {
        for home in 0..HOME_COUNT {
            let method = MethodLook::of_home(home).style(theme).colour;
            let apart = distance(hue, method, &VISIONS[0].1);
            assert!(apart >= 0.08, "{hue:?} is {apart} from home {home}");
        }
    }
}

#[rstest]
fn hues_of_minima_can_be_told_apart() {
    let hues: Vec<Colour> = OutcomeColours::all_hues().collect();
    for (number, one) in hues.iter().enumerate() {
        for other in &hues[number + 1..] {
            for (name, seen) in &VISIONS {
                let apart = distance(*one, *other, seen);
                assert!(apart >= 0.08, "{one:?} and {other:?}: {apart}, {name}");
            }
        }
    }
}

#[rstest]
fn tracks_and_texts_stand_out_on_every_hue_of_a_minimum(
    #[values(Theme::Light, Theme::Dark)] theme: Theme,
) {
    let roles = theme.roles();
    // tracks have a casing, texts a halo, in the colour of the plot
    let casing = roles.plot;
    assert!(roles.text.contrast(casing) >= 4.5);
    for hue in OutcomeColours::all_hues() {
        for fill in [hue, roles.plot] {
            let track = roles.text_weak;
            let seen = track.contrast(fill).max(track.contrast(casing));
            assert!(seen >= 2.0, "the track on {fill:?}");
        }
    }
}

#[rstest]
fn every_method_has_a_home_colour_that_few_share() {
    let mut shared = [0; 8];
    for method in METHODS {
        let home = home_of(method.id).unwrap_or_else(|| panic!("{} has no home", method.id));
        shared[usize::from(home)] += 1;
    }
    assert!(
        shared.iter().all(|count| (1..=4).contains(count)),
        "{shared:?}"
    );
}
