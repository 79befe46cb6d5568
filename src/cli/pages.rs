//! `show`, `completions` and `man`: texts about the program and its files.

use std::path::Path;

use anyhow::Result;
use bilevel_files::presets;
use clap::CommandFactory as _;
use clap_mangen::Man;

use super::arguments::Arguments;
use super::console::write_bytes;
use super::opened::open;

/// Prints the file of a preset as it is, or an experiment as it is written.
pub(super) fn show(name: &str, is_line: bool) -> Result<()> {
    if is_line {
        let line = open(name)?.to_line()?;
        write_bytes(format!("{line}\n").as_bytes());
        return Ok(());
    }
    let is_file = presets::path_of(name).is_file();
    let text = match presets::find(name).filter(|_| !is_file) {
        Some(preset) => preset.text.to_owned(),
        None => open(name)?.write(),
    };
    write_bytes(text.as_bytes());
    Ok(())
}

/// Prints the completions of a shell.
pub(super) fn completions(shell: clap_complete::Shell) {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut text);
    write_bytes(&text);
}

/// Prints the manual page of the program, or writes those of all commands into a folder.
pub(super) fn man(out: Option<&Path>) -> Result<()> {
    let mut command = Arguments::command();
    // gives the commands their whole names
    command.build();
    let Some(folder) = out else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        write_bytes(&page);
        return Ok(());
    };
    for one in command
        .get_subcommands()
        .filter(|one| one.get_name() != "help")
    {
        page(folder, one.clone())?;
    }
    page(folder, command)
}

fn page(folder: &Path, command: clap::Command) -> Result<()> {
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    let path = folder.join(format!("{name}.1"));
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    bilevel_files::write_file(&path, |writer| writer.write_all(&page))?;
    Ok(())
}
