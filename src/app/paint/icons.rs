//! The window's own icons, as primitives: no font has all of them.

use std::f32::consts::TAU;

use bilevel_figure::{Colour, Primitive};

use crate::app::command::action::Icon;

/// The primitives of an icon around a position.
pub(crate) fn icon_primitives(icon: Icon, at: [f32; 2], ink: Colour) -> Vec<Primitive> {
    let hand = Hand { at, ink };
    match icon {
        Icon::Play => vec![hand.fill(&[[-4.0, -6.0], [6.0, 0.0], [-4.0, 6.0]])],
        Icon::Pause => vec![
            hand.fill(&[[-4.5, -5.5], [-1.5, -5.5], [-1.5, 5.5], [-4.5, 5.5]]),
            hand.fill(&[[1.5, -5.5], [4.5, -5.5], [4.5, 5.5], [1.5, 5.5]]),
        ],
        Icon::Back => vec![
            hand.fill(&[[4.5, -5.0], [4.5, 5.0], [-3.0, 0.0]]),
            hand.line(&[[-4.5, -5.0], [-4.5, 5.0]]),
        ],
        Icon::Forward => vec![
            hand.fill(&[[-4.5, -5.0], [3.0, 0.0], [-4.5, 5.0]]),
            hand.line(&[[4.5, -5.0], [4.5, 5.0]]),
        ],
        Icon::Restart => vec![
            hand.line(&arc(5.5, -0.17, 0.6)),
            hand.fill(&[[0.0, -8.0], [6.0, -6.0], [2.0, -1.5]]),
        ],
        Icon::Eye => vec![
            hand.line(&lid(1.0)),
            hand.line(&lid(-1.0)),
            hand.fill(&arc(2.1, 0.0, 1.0)),
        ],
        Icon::EyeClosed => vec![
            hand.line(&lid(1.0)),
            hand.line(&[[0.0, 4.4], [0.0, 7.0]]),
            hand.line(&[[-4.5, 3.0], [-6.0, 5.2]]),
            hand.line(&[[4.5, 3.0], [6.0, 5.2]]),
        ],
        Icon::Sun => {
            let mut parts = vec![hand.line(&arc(3.4, 0.0, 1.0))];
            for ray in 0_u8..8 {
                let (sin, cos) = (f32::from(ray) / 8.0 * TAU).sin_cos();
                parts.push(hand.line(&[[5.6 * cos, 5.6 * sin], [7.6 * cos, 7.6 * sin]]));
            }
            parts
        }
        Icon::Moon => {
            let mut outline = arc(6.2, 0.02, 0.73);
            let inner = arc(5.2, 0.12, 0.62)
                .into_iter()
                .map(|[x, y]| [x + 2.9, y - 2.6]);
            outline.extend(inner.rev());
            outline.push(outline[0]);
            vec![hand.line(&outline)]
        }
        Icon::Close => vec![
            hand.line(&[[-4.0, -4.0], [4.0, 4.0]]),
            hand.line(&[[-4.0, 4.0], [4.0, -4.0]]),
        ],
        Icon::Down => vec![hand.line(&[[-4.5, -2.0], [0.0, 2.5], [4.5, -2.0]])],
        Icon::Up => vec![hand.line(&[[-4.5, 2.0], [0.0, -2.5], [4.5, 2.0]])],
        Icon::Next => vec![hand.line(&[[-2.0, -4.0], [2.0, 0.0], [-2.0, 4.0]])],
        Icon::Previous => vec![hand.line(&[[2.0, -4.0], [-2.0, 0.0], [2.0, 4.0]])],
        Icon::Branch => vec![
            hand.line(&[[-6.5, -3.0], [6.5, -3.0]]),
            hand.line(&[[-3.0, -3.0], [-0.5, 4.0], [6.5, 4.0]]),
            hand.fill(&[[3.5, 1.0], [7.5, 4.0], [3.5, 7.0]]),
        ],
        Icon::Whole => [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]
            .map(|[x, y]| hand.line(&[[1.5 * x, 5.0 * y], [5.0 * x, 5.0 * y], [5.0 * x, 1.5 * y]]))
            .to_vec(),
        Icon::Undo => hook(&hand, 1.0),
        Icon::Redo => hook(&hand, -1.0),
        Icon::Dots => [-4.5, 0.0, 4.5]
            .into_iter()
            .map(|x| {
                hand.fill(
                    &arc(1.4, 0.0, 1.0)
                        .into_iter()
                        .map(|[dx, y]| [x + dx, y])
                        .collect::<Vec<_>>(),
                )
            })
            .collect(),
    }
}

/// Draws around a position in one colour.
struct Hand {
    at: [f32; 2],
    ink: Colour,
}

impl Hand {
    fn place(&self, points: &[[f32; 2]]) -> Vec<[f32; 2]> {
        points
            .iter()
            .map(|[x, y]| [self.at[0] + x, self.at[1] + y])
            .collect()
    }

    fn fill(&self, points: &[[f32; 2]]) -> Primitive {
        Primitive::Fill {
            corners: self.place(points),
            colour: self.ink,
        }
    }

    fn line(&self, points: &[[f32; 2]]) -> Primitive {
        Primitive::Stroke {
            points: self.place(points),
            is_closed: false,
            width: 1.5,
            colour: self.ink,
        }
    }
}

/// An arrow that bends back: to the left (1) or to the right (−1).
fn hook(hand: &Hand, side: f32) -> Vec<Primitive> {
    let mut shaft = vec![[-5.0 * side, -2.2]];
    shaft.extend(
        arc(3.4, -0.25, 0.25)
            .iter()
            .map(|[x, y]| [side * (x + 1.6), y + 1.2]),
    );
    shaft.push([-2.0 * side, 4.6]);
    let head = [[-2.0 * side, -5.4], [-5.2 * side, -2.2], [-2.0 * side, 1.0]];
    vec![hand.line(&shaft), hand.line(&head)]
}

/// A part of a circle; `from` and `to` are in turns.
fn arc(radius: f32, from: f32, to: f32) -> Vec<[f32; 2]> {
    (0_u8..=20)
        .map(|step| {
            let angle = (from + (to - from) * f32::from(step) / 20.0) * TAU;
            [radius * angle.cos(), radius * angle.sin()]
        })
        .collect()
}

/// An eyelid: the lower one (1) or the upper one (−1).
fn lid(side: f32) -> Vec<[f32; 2]> {
    (0_u8..=16)
        .map(|step| {
            let share = f32::from(step) / 8.0 - 1.0;
            [7.0 * share, side * 4.4 * (1.0 - share * share)]
        })
        .collect()
}
