//! Tests of the window, drawn without a screen.

mod animations;
mod atlas;
mod cards;
mod cpu_renderer;
mod curves;
mod files;
mod forks;
mod formula_editor;
mod gallery;
mod keys;
mod layout;
mod learned;
mod lessons;
mod levels;
mod monkey;
mod notes;
mod papers;
mod picker;
mod prediction;
mod presentation;
mod results;
mod starts;
mod support;
mod tuning;
mod views;
mod window;
