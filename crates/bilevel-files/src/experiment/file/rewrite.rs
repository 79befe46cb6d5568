//! Saving over a file: only changed values are written, and comments, order and spelling of the rest stay.

use std::path::Path;

use bilevel::formula::Model;
use bilevel::problem::ParameterValue;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike};

use super::read_parameter::path_of_data;
use crate::{Experiment, ProblemSpec};

/// Keys of which a table has at most one.
const ALTERNATIVES: [[&str; 2]; 3] = [["seed", "seeds"], ["start", "starts"], ["kind", "ground"]];

impl Experiment {
    /// The text of a file with this experiment in place of the one that the text describes. Values that did not change stay as they
    /// are written, with comments and order. A text that describes no experiment is replaced by [`write`](Self::write).
    ///
    /// Data keep their relative path only if it leads to them from the file `name`; else they have a whole one.
    pub fn write_over(&self, name: &str, text: &str) -> String {
        let placed = self.placed_at(name);
        placed
            .rewritten(name, text)
            .unwrap_or_else(|| placed.write())
    }

    /// The text of a file that leads to its data from any folder, for results and for experiments made from this one.
    pub fn write_anywhere(&self) -> String {
        self.placed_unless(|_, _| false).write()
    }

    /// The same experiment with paths of data that lead to them from a file.
    fn placed_at(&self, file: &str) -> Self {
        self.placed_unless(|name, whole| {
            let found = std::fs::canonicalize(path_of_data(file, name));
            found.is_ok_and(|found| found == whole)
        })
    }

    /// The same experiment with the whole path of its data, unless their name leads to it.
    fn placed_unless(&self, leads: impl Fn(&str, &Path) -> bool) -> Self {
        let mut placed = self.clone();
        let whole_path = |name: &str, path: &str| {
            let whole = std::fs::canonicalize(path).ok()?;
            (!leads(name, &whole)).then(|| whole.to_string_lossy().into_owned())
        };
        if let Some(model) = self.problem.settings.model()
            && !model.draft().tables.is_empty()
        {
            let mut model = Model::clone(model);
            model.rename_tables(|table| {
                let path = || whole_path(table.name(), table.path());
                (!table.is_shipped()).then(path).flatten()
            });
            placed.problem = ProblemSpec::typed(model);
        }
        let data = self
            .problem
            .settings
            .iter_set()
            .find_map(|(key, value)| match value {
                ParameterValue::Data(data) => Some((key, data)),
                _ => None,
            });
        if let Some((key, data)) = data
            && let Some(whole) = whole_path(data.name(), data.path())
        {
            let named = data.clone().named(&whole);
            // it is data of the same kind as before
            let _same = placed
                .problem
                .settings
                .set(key, ParameterValue::Data(named));
        }
        placed
    }

    fn rewritten(&self, name: &str, text: &str) -> Option<String> {
        let old = Self::read(name, text).ok()?;
        if old == *self {
            return Some(text.to_owned());
        }
        let mut document: DocumentMut = text.parse().ok()?;
        let before: DocumentMut = old.write().parse().ok()?;
        let after: DocumentMut = self.write().parse().ok()?;
        patch(document.as_table_mut(), before.as_table(), after.as_table());
        let rewritten = document.to_string();
        // a file that says anything else is worse than one without its comments
        (Self::read(name, &rewritten).ok()? == *self).then_some(rewritten)
    }
}

/// Carries the changes from one canonical table to another over to a written one.
fn patch(written: &mut dyn TableLike, before: &dyn TableLike, after: &dyn TableLike) {
    for (key, _) in before.iter().filter(|(key, _)| !after.contains_key(key)) {
        for key in alternatives(key) {
            written.remove(key);
        }
    }
    for (key, new) in after.iter() {
        let old = before.get(key);
        if old.is_some_and(|old| is_same(old, new)) {
            continue;
        }
        match (written.get_mut(key), old, new) {
            (
                Some(Item::ArrayOfTables(list)),
                Some(Item::ArrayOfTables(old)),
                Item::ArrayOfTables(new),
            ) => {
                patch_list(list, old, new);
            }
            (Some(own), Some(old), new) if own.is_table_like() && new.is_table_like() => {
                if let (Some(own), Some(old), Some(new)) = (
                    own.as_table_like_mut(),
                    old.as_table_like(),
                    new.as_table_like(),
                ) {
                    patch(own, old, new);
                }
            }
            _ => set(written, key, new),
        }
    }
}

fn is_same(a: &Item, b: &Item) -> bool {
    a.to_string().trim() == b.to_string().trim()
}

/// A key with the other spelling of it, if there is one.
fn alternatives(key: &str) -> Vec<&str> {
    let pair = ALTERNATIVES.iter().find(|pair| pair.contains(&key));
    pair.map_or_else(|| vec![key], |pair| pair.to_vec())
}

/// Sets a value, with the comment beside the one that it replaces.
fn set(written: &mut dyn TableLike, key: &str, new: &Item) {
    let mut new = new.clone();
    for other in alternatives(key) {
        if other != key
            && let Some(Item::Value(old)) = written.remove(other)
            && let Some(value) = new.as_value_mut()
        {
            *value.decor_mut() = old.decor().clone();
        }
    }
    if let (Some(value), Some(old)) = (
        new.as_value_mut(),
        written.get(key).and_then(Item::as_value),
    ) {
        *value.decor_mut() = old.decor().clone();
    }
    if let Some(table) = new.as_table_mut() {
        table.set_position(None);
    }
    if let Some(list) = new.as_array_of_tables_mut() {
        for table in list.iter_mut() {
            table.set_position(None);
        }
    }
    // in place, so that blank lines and comments above the key stay
    match written.get_mut(key) {
        Some(own) => *own = new,
        None => {
            written.insert(key, new);
        }
    }
}

/// Carries changes over to a list of tables: those with a label are found by it, others by their place.
fn patch_list(written: &mut ArrayOfTables, before: &ArrayOfTables, after: &ArrayOfTables) {
    let label = |table: &Table| {
        table
            .get("label")
            .map(|label| label.to_string().trim().to_owned())
    };
    let labels: Vec<Option<String>> = before.iter().map(label).collect();
    let wanted: Vec<Option<String>> = after.iter().map(label).collect();
    let mut list = ArrayOfTables::new();
    let first = written.iter().next().and_then(Table::position);
    for (place, new) in after.iter().enumerate() {
        let by_label = labels
            .iter()
            .position(|label| label.is_some() && *label == wanted[place]);
        // a label that is gone was changed, if another one came in its place
        let by_place = || {
            (!labels
                .get(place)?
                .as_ref()
                .is_some_and(|old| wanted.contains(&Some(old.clone()))))
            .then_some(place)
        };
        let known = by_label.or_else(by_place);
        let mut table =
            match known.and_then(|known| Some((written.get(known)?, before.get(known)?))) {
                Some((own, old)) => {
                    let mut own = own.clone();
                    patch(&mut own, old, new);
                    own
                }
                None => new.clone(),
            };
        table.set_position(if place == 0 { first } else { None });
        list.push(table);
    }
    *written = list;
}
