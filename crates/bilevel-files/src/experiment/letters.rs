//! Letters of methods: an order that the experiment determines, and that nobody can read off its list.

use sha2::{Digest as _, Sha256};

use super::model::{Experiment, MethodSpec};

/// Sorts methods, by their slots, for letters.
///
/// The order depends on the problem and on each method with its parameters, but not on labels, colours and places in the
/// list: methods that change them keep their letters. A seed shuffles them, for people who have seen that order.
pub fn in_letter_order(experiment: &Experiment, slots: &mut [usize], seed: Option<u64>) {
    let of_problem = {
        let problem = &experiment.problem;
        let names = problem.entry.parameters.iter().map(|it| it.name);
        let values = names.map(|name| problem.settings.value(name).to_string());
        format!(
            "{} {}",
            problem.entry.id,
            values.collect::<Vec<_>>().join(" ")
        )
    };
    let digest = |method: &MethodSpec| {
        let names = method.entry.parameters.iter().map(|it| it.name);
        let values: Vec<String> = names
            .map(|name| method.settings.value(name).to_string())
            .collect();
        let branch = method.from.as_ref().map(|from| from.k);
        let seed = seed.map_or_else(String::new, |seed| format!("shuffled by {seed} "));
        let whole = Sha256::new()
            .chain_update(seed)
            .chain_update(&of_problem)
            .chain_update(method.entry.id)
            .chain_update(values.join(" "))
            .chain_update(format!("{branch:?}"))
            .finalize();
        whole.to_vec()
    };
    slots.sort_by_cached_key(|slot| experiment.methods.get(*slot).map(digest));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(methods: &str) -> Experiment {
        let text = format!("[problem]\nid = 'valleys'\n{methods}");
        Experiment::read("a.toml", &text).expect("the file is right")
    }

    fn ids(experiment: &Experiment) -> Vec<&'static str> {
        let mut slots: Vec<usize> = (0..experiment.methods.len()).collect();
        in_letter_order(experiment, &mut slots, None);
        let methods = slots.iter().map(|slot| &experiment.methods[*slot]);
        methods.map(|method| method.entry.id).collect()
    }

    #[test]
    fn the_order_is_that_of_the_methods_and_not_that_of_the_list_or_of_labels() {
        let ids_of = ["bome", "itd", "aid-cg", "gda", "penalty"];
        let list = |order: &[usize], label: &dyn Fn(usize) -> String| -> String {
            let tables = order.iter().map(|place| {
                let (id, label) = (ids_of[*place], label(*place));
                format!("[[method]]\nid = '{id}'\nlabel = '{label}'\n")
            });
            tables.collect()
        };
        let plain = ids(&experiment(&list(&[0, 1, 2, 3, 4], &|place| {
            format!("m{place}")
        })));
        let other = ids(&experiment(&list(&[3, 1, 4, 0, 2], &|place| {
            format!("x{}", 9 - place)
        })));
        assert_eq!(plain, other);
        // neither the list's order nor the alphabet
        let mut sorted = ids_of;
        sorted.sort_unstable();
        assert!(plain != ids_of && plain != sorted, "{plain:?}");
        // another problem has other letters
        let text = format!(
            "[problem]\nid = 'sine'\n{}",
            list(&[0, 1, 2, 3, 4], &|place| format!("m{place}"))
        );
        let elsewhere = Experiment::read("a.toml", &text).expect("the file is right");
        assert_ne!(plain, ids(&elsewhere));
    }

    #[test]
    fn a_seed_shuffles_and_repeats() {
        let tables = ["bome", "itd", "aid-cg", "gda", "penalty"];
        let tables = tables.map(|id| format!("[[method]]\nid = '{id}'\n"));
        let experiment = experiment(&tables.concat());
        let order = |seed| {
            let mut slots: Vec<usize> = (0..5).collect();
            in_letter_order(&experiment, &mut slots, seed);
            slots
        };
        let mut orders: Vec<Vec<usize>> = (0..20).map(|seed| order(Some(seed))).collect();
        assert_eq!(order(Some(7)), orders[7]);
        orders.push(order(None));
        orders.sort();
        orders.dedup();
        assert!(orders.len() > 12, "{orders:?}");
        for mut order in orders {
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3, 4]);
        }
    }
}
