//! `minima`: the minima of the reduced objective φ, as the referee finds them.

use std::path::Path;

use anyhow::{Result, bail};
use bilevel::numerics::WorkToken;
use bilevel::problem::Minimum;
use bilevel::referee::find_minima;
use bilevel::study::known_obstacle;
use bilevel_files::presets;
use serde_json::{Value, json};

use super::console::{plain, print};
use super::list::site;
use super::messages;
use super::opened::open;
use super::progress::with_spinner;

/// Prints the minima of an experiment's problem to twelve digits, the least first.
pub(super) fn minima(file: &str, as_json: bool) -> Result<()> {
    // a problem needs no file to be searched
    crate::embedded::register_presets();
    let (problem, id) = match bilevel::problem::find(file) {
        Some(entry) if !Path::new(file).exists() && presets::find(file).is_none() => {
            (entry.instance(), entry.id)
        }
        _ => {
            let spec = open(file)?.problem;
            (spec.build(), spec.entry.id)
        }
    };
    let found = with_spinner(messages::searching_minima(id), || {
        find_minima(&*problem, &WorkToken::default())
    });
    let place = known_obstacle(&*problem);
    let Some(found) = found else {
        bail!(messages::no_search(id, place.as_deref()));
    };
    let doubt = place.or(found.doubt).map(|doubt| plain(&doubt));
    let found = found.minima;
    if as_json {
        let found: Vec<Value> = found.iter().map(entry).collect();
        print(&serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    match doubt {
        Some(doubt) => print(&messages::no_global_minimum(id, &doubt)),
        None if found.is_empty() => print(&messages::no_minimum(id)),
        None => {}
    }
    for minimum in &found {
        let kind = if minimum.is_global { "global" } else { "local" };
        let Value::Array(blocks) = blocks(minimum) else {
            continue;
        };
        let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
        print(&messages::minimum(
            kind,
            site(minimum.site),
            &twelve(minimum.value),
            &blocks.join(", "),
        ));
    }
    Ok(())
}

fn entry(minimum: &Minimum) -> Value {
    json!({
        "kind": if minimum.is_global { "global" } else { "local" },
        "site": site(minimum.site),
        "value": number(minimum.value),
        "x": blocks(minimum),
    })
}

/// The blocks of all levels, null where any will do.
fn blocks(minimum: &Minimum) -> Value {
    let block = |block: &Option<Vec<f64>>| match block {
        Some(block) => json!(block.iter().copied().map(number).collect::<Vec<_>>()),
        None => Value::Null,
    };
    minimum.blocks.iter().map(block).collect()
}

fn number(value: f64) -> f64 {
    bilevel::numerics::rounded(value, 12)
}

fn twelve(value: f64) -> String {
    json!(number(value)).to_string()
}
