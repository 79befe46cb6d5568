//! What maps of ends show: a hue for each minimum, and looks for whatever else came of a run.

use bilevel::problem::Site;
use bilevel::study::TargetMinimum;

use crate::{Colour, Patch, Theme};

/// The hues of global minima, and of the others from the left; none of them is a method's among the first four.
const GLOBAL: [u32; 2] = [0x00_72B2, 0x4F_A5DB];
const OTHERS: [u32; 5] = [0xCC_79A7, 0xD6_AA14, 0x2F_9E8F, 0x8E_76C4, 0xB0_6A3B];
/// The hue of a minimum that nobody knew of.
pub(crate) const UNKNOWN: u32 = 0x8A_9199;
/// What there is to be reached, with a hue for each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutcomeColours {
    pub(crate) targets: Vec<TargetMinimum>,
    pub(crate) hues: Vec<Colour>,
}

impl OutcomeColours {
    /// The ends in the order in which verdicts count them.
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

    /// The hue of an end, counted from 1.
    pub(crate) fn hue(&self, index: Option<u16>) -> Colour {
        let place = index.and_then(|index| usize::from(index).checked_sub(1));
        let hue = place.and_then(|place| self.hues.get(place));
        hue.copied().unwrap_or(Colour::hex(UNKNOWN))
    }

    /// What an end is called, counted from 1.
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
            (false, Site::Edge) => "edge of the box".to_owned(),
            (false, Site::Jump) => "jump of the answer".to_owned(),
            (false, Site::Interior) => "local minimum".to_owned(),
        }
    }
}

/// How ends are drawn that are no minima.
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

    /// Neither a hue nor plain: at rest, but at no minimum, and near none.
    pub(crate) fn saddle(&self) -> Patch {
        Patch {
            colour: self.line,
            hatch: Some(self.plot),
        }
    }

    /// Grey with grey lines: nothing is said.
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

/// A colour of which only a share is left on a ground.
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

/// A share of 1 in depths of one hue; hatched where there is none.
pub(crate) fn share_patch(share: Option<f64>, theme: Theme) -> Patch {
    let looks = OutcomeStyle::of(theme);
    match share {
        Some(share) => Patch {
            colour: mixed(
                Colour::hex(GLOBAL[0]),
                looks.plot,
                0.04 + 0.86 * share.clamp(0.0, 1.0),
            ),
            hatch: None,
        },
        None => looks.diverged(),
    }
}
