//! `completions` and `man`: what clap makes of the command line's declarations.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Cli, out, write_atomically};

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell) -> anyhow::Result<u8> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut text);
    if shell == Shell::Bash {
        // clap_complete 4.6 takes the hyphens of a program's name for subcommands in one of two places, so that nothing is
        // completed behind a command.
        text = String::from_utf8(text)?
            .replace("openai__subcmd__data__subcmd__controls", "openai__data__controls")
            .into_bytes();
    }
    out().write_all(&text)?;
    Ok(0)
}

/// Prints the page of the program, or writes it and those of its commands into a directory.
pub(crate) fn manual(directory: Option<&Path>) -> anyhow::Result<u8> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(directory) = directory else {
        out().write_all(&page(&command)?)?;
        return Ok(0);
    };
    std::fs::create_dir_all(directory).with_context(|| format!("{} can't be made", directory.display()))?;
    for command in std::iter::once(&command).chain(command.get_subcommands()) {
        let name = command.get_display_name().unwrap_or(command.get_name());
        write_atomically(&directory.join(format!("{name}.1")), &page(command)?)?;
    }
    Ok(0)
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text)?;
    Ok(text)
}
