//! The variants of a sweep.

use bilevel::problem::{ParameterKind, ParameterValue, Settings};

use crate::{Experiment, SweepAxis, SweepAxisError};

/// A setting of a sweep: the varied values, and all parameters of the method.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The values of the varied parameters, in their order.
    pub values: Vec<f64>,
    /// All parameters of the method.
    pub settings: Settings,
}

impl Experiment {
    /// The index of the swept method, and all settings of the sweep; the first parameter varies fastest.
    pub fn variants(&self, varied: &[SweepAxis]) -> Result<(usize, Vec<Variant>), SweepAxisError> {
        let [first, others @ ..] = varied else {
            return Err(SweepAxisError::Pair);
        };
        let is_pair = others.len() <= 1
            && others
                .iter()
                .all(|one| one.label == first.label && one.parameter != first.parameter);
        if !is_pair {
            return Err(SweepAxisError::Pair);
        }
        let labels = || self.methods.iter().map(|method| method.label.clone());
        let method = labels()
            .position(|label| label == first.label)
            .ok_or_else(|| SweepAxisError::Label {
                label: first.label.clone(),
                known: labels().collect::<Vec<_>>().join(", "),
            })?;
        let mut variants = vec![Variant {
            values: Vec::new(),
            settings: self.methods[method].settings.clone(),
        }];
        for vary in varied {
            let wrong = |error| SweepAxisError::Parameter {
                label: vary.label.clone(),
                error,
            };
            let parameter = variants[0].settings.parameter(&vary.parameter);
            let parameter = parameter.map_err(wrong)?;
            if !matches!(
                parameter.kind,
                ParameterKind::Number { .. } | ParameterKind::Integer { .. }
            ) {
                return Err(SweepAxisError::Words(vary.parameter.clone()));
            }
            let mut next = Vec::new();
            for value in vary.values(parameter) {
                for variant in &variants {
                    let mut variant = variant.clone();
                    let set = variant
                        .settings
                        .set(parameter.name, ParameterValue::Number(value));
                    set.map_err(wrong)?;
                    variant.values.push(value);
                    next.push(variant);
                }
            }
            variants = next;
        }
        Ok((method, variants))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valleys_experiment() -> Experiment {
        let text = "[problem]\nid = \"valleys\"\n[[method]]\nid = \"bome\"\nlabel = \"BOME\"\n[[method]]\nid = \"itd\"\nlabel = \"ITD\"\n";
        Experiment::read("valleys.toml", text).unwrap()
    }

    #[test]
    fn what_an_experiment_cannot_vary_is_refused_with_the_reason() {
        let experiment = valleys_experiment();
        for (texts, reason) in [
            (&["BOM.inner_steps=1:5:2"][..], "there are BOME, ITD"),
            (&["BOME.inner_step=1:5:2"], "no parameter `inner_step`"),
            (&["BOME.inner_steps=1.5:5:2"], "must be"),
            (&["BOME.barrier=1:5:2"], "takes words"),
            (
                &["BOME.inner_steps=1:5:2", "ITD.inner_steps=1:5:2"],
                "same one",
            ),
            (
                &["BOME.inner_steps=1:5:2", "BOME.inner_steps=1:5:2"],
                "same one",
            ),
            (&[], "one parameter"),
        ] {
            let varied: Vec<SweepAxis> = texts.iter().map(|text| text.parse().unwrap()).collect();
            let error = experiment.variants(&varied).unwrap_err().to_string();
            assert!(error.contains(reason), "{texts:?}: {error}");
        }
    }

    #[test]
    fn whole_numbers_stay_whole_and_come_once() {
        let experiment = valleys_experiment();
        let varied = [
            "BOME.inner_steps=1:10:12:log",
            "BOME.outer_step_size=0.01:1:3:log",
        ];
        let varied: Vec<SweepAxis> = varied.iter().map(|text| text.parse().unwrap()).collect();
        let (method, variants) = experiment.variants(&varied).unwrap();
        assert_eq!(method, 0);
        let steps: Vec<f64> = variants.iter().map(|one| one.values[0]).collect();
        assert_eq!(steps[..8], [1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 10.0]);
        assert_eq!(variants.len(), 24);
        assert_eq!(variants[8].values, [1.0, 0.1]);
        assert_eq!(variants[8].settings.number("outer_step_size"), 0.1);
    }
}
