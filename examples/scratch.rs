use bilevel_lab::figure::*; use bilevel_lab::figure::{race, landscape};
use bilevel_lab::{method, problem::*, run::*, study};
fn main() {
    let id = std::env::args().nth(1).unwrap_or("coreset".into());
    let entry = catalogue::find(&id).unwrap();
    let problem = (entry.build)(&Settings::new(entry.parameters));
    let facts = problem.facts().clone();
    let token = WorkToken::default();
    let step = if id == "degenerate" { 0.5 } else { 0.05 };
    let n = if id == "minimax" { 200 } else if id=="degenerate" { 2000 } else { 5000 };
    let mut traces = vec![];
    for m in method::METHODS {
        let mut s = Settings::new(m.parameters);
        s.set("inner_step_size", Value::Number(step)).unwrap();
        s.set("outer_step_size", Value::Number(step)).unwrap();
        let mut run = Run::new(RunSpec { problem: problem.clone(), method: m, settings: s, start: facts.start.clone(), start_number: 0, seed: 0, iterations: n, stop: StopRules::default(), recording: Recording::default_for(6), diverge_at: 1e6 }, token.clone());
        let mut t = Trace::new(facts.shape(), 0, Points::All);
        t.extend(&run.advance(Budget::Iterations(n)));
        study::fill_gaps(&mut t, &*problem, &token);
        println!("{} {:?} {:?}", m.id, run.status(), run.time());
        traces.push((t, run.status().clone(), m));
    }
    let until = n * 8 / 100;
    for theme in [Theme::Light, Theme::Dark] {
        let curves: Vec<_> = traces.iter().enumerate().map(|(i, (t, _, m))| race::Curve { trace: t, slot: i, label: m.name, until, is_stale: false }).collect();
        let walks: Vec<_> = traces.iter().enumerate().map(|(i, (t, s, _))| landscape::Walk { trace: t, status: s, slot: i, until, is_stale: false }).collect();
        let plane = &facts.planes[0];
        let axes = [plane.horizontal, plane.vertical];
        let range = plane.range;
        let big = range.map(|[a, b]| [a - 0.5 * (b - a), b + 0.5 * (b - a)]);
        let grid = study::sample(&*problem, 1, axes, &facts.start, big, [200, 200], &token);
        let track = study::reaction_curve(&*problem, axes, big, 400, &token);
        let ground = landscape::Ground::new(&grid, track);
        let starts = [facts.start.clone()];
        let subject = landscape::Subject { facts: &facts, plane, level: 1, base: &facts.start, starts: &starts };
        let l = landscape::landscape(subject, &ground, range, &walks, theme);
        let [a, b] = race::race(&curves, &facts, race::View::default(), n, theme);
        let key = traces.iter().enumerate().map(|(i, (_, s, m))| KeyEntry { style: slot_style(i, theme), label: m.name.into(), note: s.word().into() }).collect();
        let sheet = Sheet { title: entry.name.into(), figures: vec![l, a, b], key, metadata: "x".into() };
        let text = svg(&sheet, Page { size: [1500.0, 520.0], text: 12.0, theme });
        std::fs::write(format!("/tmp/fig-{id}-{theme:?}.png"), png(&text, 1.0).unwrap()).unwrap();
        println!("{} bytes svg", text.len());
    }
}
