//! A frame of the race: eight long traces, laid out by `figure::race` and `Scene`, drawn like the window's pen does,
//! and tessellated.

use std::sync::Arc;

use bilevel::problem::{Metadata, OracleCall};
use bilevel::run::{Judgement, Recording, Trace, TraceRows};
use bilevel_figure::race::{Curve, RaceData, RaceOptions, race};
use bilevel_figure::{
    Colour, Face, Figure, LineCache, MethodLook, Primitive, Rect, RunTag, Scene, SceneLayout, Theme,
};
use egui::epaint::PathShape;
use egui::{
    Color32, Context, FontData, FontDefinitions, FontFamily, FontId, Painter, Pos2, RawInput,
    Shape, Stroke, pos2, vec2,
};

const RUNS: usize = 8;
/// The areas of the two pictures in a window of 1280 by 720.
const AREAS: [Rect; 2] = [
    Rect {
        min: [304.0, 420.0],
        max: [660.0, 676.0],
    },
    Rect {
        min: [672.0, 420.0],
        max: [1028.0, 676.0],
    },
];

/// Eight traces of the same length, with the state for drawing them.
pub(crate) struct Race {
    metadata: Metadata,
    traces: Vec<Trace>,
    iterations: u64,
    ctx: Context,
    memories: [LineCache; 2],
}

impl Race {
    /// Synthetic traces of this length: a slow descent with a random relative error of up to `noise` per row.
    pub(crate) fn new(iterations: u64, noise: f64) -> Self {
        let welcome = bilevel_lab::embedded::open("welcome").expect("the preset ships");
        let problem = welcome.problem.build();
        let metadata = problem.metadata().clone();
        let traces = (0..RUNS)
            .map(|run| synthetic(&metadata, run as u64, iterations, noise))
            .collect();
        let ctx = Context::default();
        install_fonts(&ctx);
        Self {
            metadata,
            traces,
            iterations,
            ctx,
            memories: Default::default(),
        }
    }

    /// Lays out and tessellates a frame; returns the number of vertices. With `remembers` false the line caches are
    /// empty, as in frames of the window while an axis grows with the runs.
    pub(crate) fn frame(&mut self, view: RaceOptions, remembers: bool) -> usize {
        if !remembers {
            self.memories = Default::default();
        }
        let input = RawInput {
            screen_rect: Some(egui::Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0))),
            ..RawInput::default()
        };
        let mut memories = std::mem::take(&mut self.memories);
        let mut output = self.ctx.run_ui(input, |ui| {
            let figures = self.figures(view);
            for ((figure, area), memory) in figures.iter().zip(AREAS).zip(&mut memories) {
                let layout = SceneLayout {
                    area,
                    text: 12.0,
                    theme: Theme::Light,
                    sides: [0.0; 2],
                    head: 0.0,
                    is_page: false,
                };
                let scene = Scene::remembering(figure, layout, memory);
                draw(ui.painter(), &scene.primitives);
            }
        });
        self.memories = memories;
        // without a graphics card, nothing takes the textures
        output.textures_delta.clear();
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let vertices = meshes.iter().map(|mesh| match &mesh.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        });
        vertices.sum()
    }

    fn figures(&self, view: RaceOptions) -> [Figure<'_>; 2] {
        let curves: Vec<Curve<'_>> = self
            .traces
            .iter()
            .enumerate()
            .map(|(slot, trace)| Curve {
                trace,
                tag: RunTag {
                    slot,
                    run: 0,
                    look: MethodLook::default(),
                },
                label: "method",
                leaves: None,
                until: self.iterations / 2,
                is_stale: false,
                finish: None,
                has_diverged: false,
            })
            .collect();
        let course = RaceData {
            metadata: &self.metadata,
            lines: &[],
            iterations: self.iterations,
        };
        race(&curves, course, view, Theme::Light)
    }
}

fn synthetic(metadata: &Metadata, run: u64, iterations: u64, noise: f64) -> Trace {
    let levels = metadata.shape().levels();
    let optimum = metadata.optimum().unwrap_or(0.0);
    let mut trace = Trace::new(metadata, Recording::NO_POINTS);
    let mut chance = Chance(run + 1);
    let mut missed = move || 1.0 - noise * chance.next();
    let mut time = 0.0;
    for first in (0..=iterations).step_by(1000) {
        let mut rows = TraceRows::default();
        let mut judgements = Vec::new();
        for iteration in first..(first + 1000).min(iterations + 1) {
            let progress = iteration as f64 / iterations as f64;
            let value = (1.0 - 0.9 * progress) * missed();
            time += 1e-6 * missed();
            rows.iterations.push(iteration);
            rows.time.push(time);
            rows.objectives.push(optimum + value);
            rows.objectives.extend((1..levels).map(|_| 0.1 * value));
            for call in OracleCall::ALL {
                let count = if call == OracleCall::Grad {
                    7 * iteration
                } else {
                    0
                };
                rows.counts.extend((0..levels).map(|_| count));
            }
            judgements.push(Judgement {
                gap: 0.1 * value * missed(),
                reduced: optimum + value,
                distance: value,
                largest: 0.1 * value,
                share: value,
                level: levels,
            });
        }
        trace.extend(&rows);
        trace.judge(&judgements);
    }
    trace
}

/// A generator of pseudo-random numbers from 0 to 1 (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Installs the app's fonts.
fn install_fonts(ctx: &Context) {
    let mut fonts = FontDefinitions::empty();
    for face in Face::ALL {
        let data = Arc::new(FontData::from_static(face.data()));
        fonts.font_data.insert(face.name().to_owned(), data);
        let names = vec![face.name().to_owned()];
        fonts.families.insert(family(face), names.clone());
        for known in [FontFamily::Proportional, FontFamily::Monospace] {
            fonts.families.entry(known).or_insert_with(|| names.clone());
        }
    }
    ctx.set_fonts(fonts);
}

fn family(face: Face) -> FontFamily {
    FontFamily::Name(face.name().into())
}

/// Draws primitives as the window's screen pen does, except for halos and images: that pen is not public.
fn draw(painter: &Painter, primitives: &[Primitive]) {
    let mut clipped = vec![painter.clone()];
    for primitive in primitives {
        let Some(painter) = clipped.last() else {
            return;
        };
        match primitive {
            Primitive::Stroke {
                points,
                is_closed,
                width,
                colour: ink,
            } => {
                painter.add(Shape::Path(PathShape {
                    points: points.iter().copied().map(Pos2::from).collect(),
                    closed: *is_closed,
                    fill: Color32::TRANSPARENT,
                    stroke: Stroke::new(*width, colour(*ink)).into(),
                }));
            }
            Primitive::Fill {
                corners,
                colour: ink,
            } => {
                let corners = corners.iter().copied().map(Pos2::from).collect();
                painter.add(Shape::convex_polygon(corners, colour(*ink), Stroke::NONE));
            }
            Primitive::Text {
                at: [x, y],
                text,
                size,
                colour: ink,
                ..
            } => {
                for run in &text.runs {
                    let font = FontId::new(run.scale * size, family(run.face));
                    let galley = painter.layout_no_wrap(run.text.clone(), font, colour(*ink));
                    let at = pos2(x + run.offset * size, y - run.rise * size - size);
                    painter.galley(at, galley, colour(*ink));
                }
            }
            // a race has no images
            Primitive::Image { .. } | Primitive::Bands { .. } => {}
            Primitive::Clip(rect) => {
                let rect = egui::Rect::from_min_max(rect.min.into(), rect.max.into());
                let painter = painter.with_clip_rect(painter.clip_rect().intersect(rect));
                clipped.push(painter);
            }
            Primitive::Unclip => {
                clipped.pop();
            }
        }
    }
}

fn colour(ink: Colour) -> Color32 {
    let [red, green, blue] = ink.rgb;
    Color32::from_rgba_unmultiplied(red, green, blue, ink.alpha)
}
