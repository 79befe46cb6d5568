//! Tests of the window, drawn without a screen.

mod atlas;
mod cards;
mod cpu_renderer;
mod formula_editor;
mod keys;
mod learned;
mod levels;
mod monkey;
mod papers;
mod picker;
mod results;
mod support;
mod tuning;
mod views;
mod window;
