//! Bilevel optimization in eight pictures made by the app, and six of single steps, each with its preset.

use std::fmt::Write as _;

use anyhow::Result;
use bilevel::problem::ParameterValue;
use bilevel_figure::Format;
use bilevel_files::{Experiment, open};

use super::finding::{Picture, Size, picture};

/// One picture of the guide.
struct GuidePicture {
    /// The file name without its ending.
    name: &'static str,
    title: &'static str,
    preset: &'static str,
    view: &'static str,
    /// The change to the preset before the picture is made.
    change: fn(&mut Experiment, Size) -> Result<()>,
    words: &'static str,
}

impl GuidePicture {
    /// Draws the picture, and adds it with its words to the page.
    fn draw(&self, page: &mut String, number: &str, size: Size) -> Result<Picture> {
        let mut experiment = open(self.preset)?;
        (self.change)(&mut experiment, size)?;
        experiment.title = format!("{number}{}", self.title);
        let name = format!("{}.png", self.name);
        // writing to a string cannot fail
        let _infallible = write!(
            page,
            "\n## {number}{title}\n\n![{title}](guide/{name})\n\n{}\n\n`bilevel-lab {}`\n",
            self.words,
            self.preset,
            title = self.title
        );
        Ok(Picture {
            name,
            caption: self.title.to_owned(),
            bytes: picture(&experiment, self.view, Format::Png)?,
        })
    }
}

/// Keeps the exact method alone, at its start: the curve and the contours matter.
fn at_the_start(experiment: &mut Experiment, size: Size) -> Result<()> {
    exact_alone(experiment, size)?;
    experiment.iterations = 0;
    Ok(())
}

/// Keeps the exact method alone.
#[expect(clippy::unnecessary_wraps, reason = "one type for all changes")]
fn exact_alone(experiment: &mut Experiment, _: Size) -> Result<()> {
    let methods = &mut experiment.methods;
    methods.retain(|method| method.entry.id == "implicit");
    Ok(())
}

/// Keeps BOME alone.
#[expect(clippy::unnecessary_wraps, reason = "one type for all changes")]
fn bome_alone(experiment: &mut Experiment, size: Size) -> Result<()> {
    experiment
        .methods
        .retain(|method| method.entry.id == "bome");
    experiment.iterations = size.of(experiment.iterations, 200);
    Ok(())
}

/// Ends after the first step, whose successor an anatomy shows.
#[expect(clippy::unnecessary_wraps, reason = "one type for all changes")]
fn one_step(experiment: &mut Experiment, _: Size) -> Result<()> {
    experiment.iterations = 1;
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "one type for all changes")]
fn whole(_: &mut Experiment, _: Size) -> Result<()> {
    Ok(())
}

/// Ends at the start.
#[expect(clippy::unnecessary_wraps, reason = "one type for all changes")]
fn no_step(experiment: &mut Experiment, _: Size) -> Result<()> {
    experiment.iterations = 0;
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "one type for all changes")]
fn shorter(experiment: &mut Experiment, size: Size) -> Result<()> {
    experiment.iterations = size.of(experiment.iterations, 60);
    Ok(())
}

/// Keeps two methods that follow one branch, and the evolution strategy.
fn three_methods(experiment: &mut Experiment, size: Size) -> Result<()> {
    let ids = ["bome", "implicit", "evolution"];
    experiment
        .methods
        .retain(|method| ids.contains(&method.entry.id));
    shorter(experiment, size)
}

fn fewer_starts(experiment: &mut Experiment, size: Size) -> Result<()> {
    experiment.view.grid = Some(size.of(64, 4));
    shorter(experiment, size)
}

fn few_levels(experiment: &mut Experiment, size: Size) -> Result<()> {
    experiment.methods.truncate(4);
    shorter(experiment, size)
}

/// Reduces the number of digits so that the run takes about a minute, or a moment in the reduced size.
fn few_digits(experiment: &mut Experiment, size: Size) -> Result<()> {
    let numbers = [
        ("train", size.of(1000.0, 100.0)),
        ("validation", size.of(400.0, 50.0)),
        ("test", size.of(400.0, 50.0)),
    ];
    for (name, value) in numbers {
        experiment
            .problem
            .settings
            .set(name, ParameterValue::Number(value))?;
    }
    experiment.methods.truncate(1);
    // the step size of a weight grows with the number of samples
    let step = ParameterValue::Number(300.0);
    experiment.methods[0]
        .settings
        .set("outer_step_size", step)?;
    experiment.iterations = size.of(500, 5);
    Ok(())
}

/// One step of a method, or its direction over *x*, each with the sentence that the picture makes obvious. The numbers
/// are held by `tests/it/steps.rs` and `tests/it/compass.rs`.
const STEPS: [GuidePicture; 6] = [
    GuidePicture {
        name: "step-1-multiplier",
        title: "A multiplier that switches off",
        preset: "bome-multiplier",
        view: "anatomy",
        change: one_step,
        words: "In its second step BOME's direction is ∇*f* alone: ∇*f* lies within the half-space that keeps the value gap falling, \
                so that the multiplier is 0 and the arrow of ∇*q̂* has no length.",
    },
    GuidePicture {
        name: "step-2-singular",
        title: "A Hessian that is nearly singular",
        preset: "aid-cg-singular",
        view: "anatomy",
        change: no_step,
        words: "Five sixths of the step are the response term: along the flat direction the solution *u* of the linear system is 1,000 \
                times as long as the right-hand side, and stretches the error of *y*.",
    },
    GuidePicture {
        name: "step-3-missing-tail",
        title: "ITD's missing tail",
        preset: "missing-tail",
        view: "compass",
        change: shorter,
        words: "The fewer steps ITD unrolls, the more of the follower's response it leaves out: it goes up φ on a longer stretch \
                beyond the minimum.",
    },
    GuidePicture {
        name: "step-4-missing-response",
        title: "The alternating baseline's missing term",
        preset: "missing-response",
        view: "compass",
        change: shorter,
        words: "Where φ already rises, the alternating baseline still goes on: it leaves out that the follower's answer moves with *x*.",
    },
    GuidePicture {
        name: "step-5-wrong-sweep",
        title: "The wrong sweep through three levels",
        preset: "chain-rule-sweep",
        view: "anatomy",
        change: no_step,
        words: "The naive chain rule adds half as much to ∂*f*₁/∂*x*₁ as belongs there: 4.5 instead of 9, because it holds the last \
                level fixed while it differentiates the middle one.",
    },
    GuidePicture {
        name: "step-6-noise",
        title: "Noise that cancels",
        preset: "noise-that-cancels",
        view: "race",
        change: whole,
        words: "With the same noise in every gradient, the error of MRBO's direction falls to about a fifth of that of stocBiO, whose \
                steps do not remember each other.",
    },
];

const LESSONS: [GuidePicture; 8] = [
    GuidePicture {
        name: "1-two-players",
        title: "Two players",
        preset: "tanh-doublewell",
        view: "landscape",
        change: at_the_start,
        words: "The leader picks *x*, and pays what the contours show: *f*(*x*, *y*). But *y* is not the leader's. The follower sees *x* \
                and answers with what is best for itself, and so all that can happen lies on one curve, the follower's answer \
                *y*\\*(*x*). Bilevel optimization looks for the best point of that curve, and not for the best point of the picture.",
    },
    GuidePicture {
        name: "2-reduced-objective",
        title: "The reduced objective",
        preset: "tanh-doublewell",
        view: "landscape",
        change: exact_alone,
        words: "Walk along the curve and write down what the leader pays: that is φ(*x*) = *f*(*x*, *y*\\*(*x*)), the lower chart. It \
                has a variable less and hills and valleys of its own, whatever the contours look like. Its minima are what methods \
                are after, numbered in the lower chart; all but the best are traps: the run \
                here knows φ and its slope exactly, and ends in the worse of two.",
    },
    GuidePicture {
        name: "3-path-of-bome",
        title: "A path towards the curve and along it",
        preset: "pbgd",
        view: "landscape",
        change: bome_alone,
        words: "BOME moves both variables at once. Each step goes down *f*, bent so that the follower's loss against its best answer, \
                the value gap, keeps shrinking; only gradients are needed for that. So the path first nears the curve of answers and \
                then slides along it into a valley. How fast the follower is let in decides which: the two runs differ only in the \
                number of inner steps.",
    },
    GuidePicture {
        name: "4-hypergradients",
        title: "What a few inner steps miss",
        preset: "hypergradients",
        view: "race",
        change: shorter,
        words: "The slope of φ holds a term for how the answer moves when *x* moves. Methods estimate it: by solving a linear system, \
                by differentiating through some steps of the follower, or not at all. The chart has the error of each estimate over \
                what its calls cost. Few steps of the follower, or few terms of a series, leave an error as long as φ has a \
                slope; on other problems a method that follows such an estimate comes to rest where φ still has a slope.",
    },
    GuidePicture {
        name: "5-jump",
        title: "Ties and jumps",
        preset: "mirrlees",
        view: "landscape",
        change: three_methods,
        words: "The follower may have two answers that are locally best. Where they tie, the better one changes, and φ jumps. Here \
                the optimum lies just at the jump, where no slope vanishes. Methods that take the follower along from step to step \
                stay on the old branch and go on to values that look better and are not true: the follower would have left long ago.",
    },
    GuidePicture {
        name: "6-atlas",
        title: "All starts at once",
        preset: "pbgd-atlas",
        view: "atlas",
        change: fewer_starts,
        words: "One run says little; a map has one for every start. The hue says which minimum a start leads to, deeper where that is \
                more expensive; white hatches are ends at non-stationary points. Basins of exact gradient descent meet at the ridges \
                of φ, whatever *y* is. An inexact follower bends the borders, and with too few inner steps most runs stop at no \
                minimum. The share beside each name comes with the interval in which the true one lies.",
    },
    GuidePicture {
        name: "7-three-levels",
        title: "Three levels",
        preset: "stackelberg",
        view: "levels",
        change: few_levels,
        words: "The follower can be a leader itself. In this game three players pick in turn, and each anticipates those after it: \
                each column is one level, its objective with all deeper levels solved. The dot is the lower-level solution. Methods \
                that solve a level by few steps stand beside it, and the error of one level misleads all above. The bars beneath \
                count the calls on each level: loops within loops multiply.",
    },
    GuidePicture {
        name: "8-noisy-labels",
        title: "Learning from noisy labels",
        preset: "hyper-cleaning",
        view: "learned",
        change: few_digits,
        words: "Half of the training digits have random labels. The follower trains a model on weighted samples; the leader picks the \
                weights, so that the model does well on a few digits whose labels are right. Nobody tells it which labels are wrong: \
                the weights of those sink, and the digits with the smallest weights come first, with the label that was given and the one that \
                the model finds likely.",
    },
];

/// Returns the page and its pictures.
pub(super) fn guide(size: Size) -> Result<(String, Vec<Picture>)> {
    let mut page = String::from(
        "# Bilevel optimization in eight pictures\n\nMade by the app itself (`bilevel-lab claims --out docs`). Each picture is a \
         preset: open it in the window by the command beneath it, and move the start or a step size to see what changes. The\n\
         claims of two papers, with what is measured here, are in [claims](claims.md).\n",
    );
    let mut pictures = Vec::new();
    for (place, lesson) in LESSONS.iter().enumerate() {
        let number = format!("{}. ", place + 1);
        pictures.push(lesson.draw(&mut page, &number, size)?);
    }
    page.push_str(
        "\n# Inside a step\n\nSix pictures of single steps and of directions over *x*. `I` opens the anatomy of the step at the \
         playhead, and `Shift V` leads to the compass.\n",
    );
    for lesson in &STEPS {
        pictures.push(lesson.draw(&mut page, "", size)?);
    }
    Ok((page, pictures))
}
