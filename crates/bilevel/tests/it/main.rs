//! Tests of the library's public interface.

mod anatomy;
mod assembly;
mod branches;
mod compass;
mod derivatives;
mod examples;
mod first_hits;
mod formula;
mod formula_functions;
mod formula_properties;
mod headless;
mod known_steps;
mod methods;
mod nested;
mod optima;
mod projections;
mod random_step_terms;
mod reference;
mod step_cases;
mod step_replay;
mod step_terms;
mod stochastic;
mod surrogate;
mod toys;
mod undefined;
mod verdicts;
