//! Tests of the library's public interface.

mod branches;
mod derivatives;
mod examples;
mod first_hits;
mod forks;
mod formula;
mod formula_functions;
mod formula_properties;
mod headless;
mod methods;
mod nested;
mod optima;
mod projections;
mod reference;
mod stochastic;
mod surrogate;
mod toys;
mod undefined;
mod verdicts;
