//! Colours of outcomes in maps: a hue for each minimum, and a patch for every other outcome.

use bilevel::problem::Site;
use bilevel::study::TargetMinimum;

use crate::{Colour, ColourKey, Patch, SHADES, Theme, significant};

/// The hues of global minima, found by search as those of the others: far from the colours of methods, and from each other
/// for any colour vision.
const GLOBAL: [u32; 2] = [0x6B_7DB6, 0x4B_B3A1];
/// The hues of other minima, in their order.
const OTHERS: [u32; 5] = [0xE4_A3E9, 0xB8_833B, 0x52_6F10, 0xCD_C15F, 0x90_466E];
/// The hue of a minimum that was not known.
pub(crate) const UNKNOWN: u32 = 0x8A_9199;
/// Known minima with a hue each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutcomeColours {
    pub(crate) targets: Vec<TargetMinimum>,
    pub(crate) hues: Vec<Colour>,
}

impl OutcomeColours {
    /// All hues of minima.
    pub fn all_hues() -> impl Iterator<Item = Colour> {
        GLOBAL.into_iter().chain(OTHERS).map(Colour::hex)
    }

    /// The minima in the order in which verdicts count them, with their hues.
    pub fn new(targets: Vec<TargetMinimum>) -> Self {
        let (mut global, mut others) = (GLOBAL.iter().cycle(), OTHERS.iter().cycle());
        let hues = targets
            .iter()
            .map(|target| {
                let hues = if target.is_global {
                    &mut global
                } else {
                    &mut others
                };
                Colour::hex(hues.next().copied().unwrap_or(UNKNOWN))
            })
            .collect();
        Self { targets, hues }
    }

    /// The hue of a minimum, counted from 1.
    pub(crate) fn hue(&self, index: Option<u16>) -> Colour {
        let place = index.and_then(|index| usize::from(index).checked_sub(1));
        let hue = place.and_then(|place| self.hues.get(place));
        hue.copied().unwrap_or(Colour::hex(UNKNOWN))
    }

    /// The name of a minimum, counted from 1.
    pub fn name(&self, index: usize) -> String {
        let Some(target) = index
            .checked_sub(1)
            .and_then(|place| self.targets.get(place))
        else {
            return "another minimum".to_owned();
        };
        match (target.is_global, target.site) {
            (true, _) if !target.complete => "best known minimum".to_owned(),
            (true, _) => "global minimum".to_owned(),
            (false, Site::Edge) => "active bound".to_owned(),
            (false, Site::Jump) => "jump of the solution".to_owned(),
            (false, Site::Interior) => "local minimum".to_owned(),
        }
    }
}

/// Patches of outcomes that are no minima.
pub(crate) struct OutcomeStyle {
    pub(crate) plot: Colour,
    pub(crate) grey: Colour,
    line: Colour,
}

impl OutcomeStyle {
    pub(crate) fn of(theme: Theme) -> Self {
        let roles = theme.roles();
        Self {
            plot: roles.plot,
            grey: mixed(roles.text_faint, roles.plot, 0.38),
            line: roles.text_faint,
        }
    }

    pub(crate) fn spurious(&self, hue: Colour) -> Patch {
        Patch {
            colour: hue,
            hatch: Some(self.plot),
        }
    }

    /// The patch of a saddle or maximum: hatched, without a hue.
    pub(crate) fn saddle(&self) -> Patch {
        Patch {
            colour: self.line,
            hatch: Some(self.plot),
        }
    }

    /// The patch of an unknown outcome: grey with grey lines.
    pub(crate) fn unknown(&self) -> Patch {
        Patch {
            colour: self.grey,
            hatch: Some(self.line),
        }
    }

    pub(crate) fn moving(&self) -> Patch {
        Patch {
            colour: self.grey,
            hatch: None,
        }
    }

    pub(crate) fn diverged(&self) -> Patch {
        Patch {
            colour: self.plot,
            hatch: Some(self.line),
        }
    }
}

/// A mixture of a colour, by its share, and a background.
pub(crate) fn mixed(colour: Colour, backdrop: Colour, share: f64) -> Colour {
    let channel = |place: usize| {
        let [one, other] = [colour.rgb[place], backdrop.rgb[place]].map(f64::from);
        (other + share * (one - other)).round() as u8
    };
    Colour {
        rgb: [channel(0), channel(1), channel(2)],
        alpha: 255,
    }
}

/// The palest depth of a cost, as a share of the hue.
const PALEST: f64 = 0.42;
/// The palest and the deepest depth of a share, as shares of the hue.
const SHARES: [f64; 2] = [0.04, 0.9];

/// The step of depth of a cost within a range, from 0.
pub(crate) fn cost_step(cost: f64, [low, high]: [f64; 2]) -> usize {
    let share = if high > low {
        ((cost.max(1.0) / low).ln() / (high / low).ln()).clamp(0.0, 1.0)
    } else {
        1.0
    };
    ((share * SHADES as f64) as usize).min(SHADES - 1)
}

/// A hue at a step of depth: deeper for a more expensive run, in all maps.
pub(crate) fn deepened(hue: Colour, step: usize, theme: Theme) -> Colour {
    let step = step as f64 / (SHADES - 1) as f64;
    mixed(hue, theme.roles().plot, PALEST + (1.0 - PALEST) * step)
}

/// The patch of a cost within a range, in depths of the hue of no minimum; hatched for `None`.
pub(crate) fn cost_patch(cost: Option<f64>, range: [f64; 2], theme: Theme) -> Patch {
    match cost {
        Some(cost) => Patch {
            colour: deepened(Colour::hex(UNKNOWN), cost_step(cost, range), theme),
            hatch: None,
        },
        None => OutcomeStyle::of(theme).diverged(),
    }
}

/// The patch of a share from 0 to 1 of runs that reach a global minimum, in depths of its hue; hatched for `None`.
pub(crate) fn share_patch(share: Option<f64>, theme: Theme) -> Patch {
    let looks = OutcomeStyle::of(theme);
    match share {
        Some(share) => {
            let [palest, deepest] = SHARES;
            let depth = palest + (deepest - palest) * share.clamp(0.0, 1.0);
            Patch {
                colour: mixed(Colour::hex(GLOBAL[0]), looks.plot, depth),
                hatch: None,
            }
        }
        None => looks.diverged(),
    }
}

/// The key of shares, from none to all.
pub(crate) fn share_key(theme: Theme) -> ColourKey {
    let step = |step: u8| share_patch(Some(f64::from(step) / 10.0), theme).colour;
    ColourKey {
        label: "starts that reach the global optimum".to_owned(),
        colours: (0..=10).map(step).collect(),
        ends: ["0 %".to_owned(), "100 %".to_owned()],
    }
}

/// The depths of the hue of no minimum, that of the least cost first.
pub(crate) fn cost_shades(theme: Theme) -> [Colour; SHADES] {
    std::array::from_fn(|step| deepened(Colour::hex(UNKNOWN), step, theme))
}

/// The key of costs within a range.
pub(crate) fn cost_key(range: [f64; 2], theme: Theme) -> ColourKey {
    ColourKey {
        label: "weighted calls".to_owned(),
        colours: cost_shades(theme).to_vec(),
        ends: range.map(|cost| format!("${}$", significant(cost, 2))),
    }
}
