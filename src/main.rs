//! Bilevel Lab.
fn main() {
    let name = std::env::args().nth(1).unwrap_or("welcome".to_owned());
    let experiment = bilevel_lab::experiment::open(&name).unwrap();
    bilevel_lab::app::open(&name, experiment).unwrap();
}
