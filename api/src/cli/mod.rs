//! The command line: reads what was typed, calls the composition root, prints.
//!
//! - Results go to standard output, everything else to standard error.
//! - A command that fails says so in one line; bad usage exits with 2, all else with 1.
//! - Nothing here decides anything that GraphQL would decide otherwise.

mod args;
mod company;
mod context;
mod dictionary;
mod failure;
mod import;
mod migrate;
mod output;
mod token;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Args, Command, CompanyCommand, DictionaryCommand};
use failure::{CliError, one_line};

/// Runs the command that `args` name, the program's own name first.
pub async fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let result = match args::parse(args) {
        Ok(args) => dispatch(&args).await,
        Err(error) => Err(error),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    match &error {
        CliError::Page(text) => {
            let _ = output::print(text);
        }
        CliError::Usage(message) | CliError::Failed(message) => {
            output::remark(&format!("okaeri: {}", one_line(message)));
        }
        CliError::Unsuccessful | CliError::ClosedOutput => {}
    }
    error.exit_code()
}

async fn dispatch(args: &Args) -> Result<(), CliError> {
    let config = context::config(&args.global)?;
    match &args.command {
        Command::Migrate => migrate::run(&config).await,
        Command::Dictionary(DictionaryCommand::Build { from }) => dictionary::build(&config, from.as_deref()),
        Command::Company(CompanyCommand::Create {
            slug,
            name,
            demonstration,
        }) => company::create(&config, slug, name, *demonstration).await,
        Command::Import(command) => import::run(&config, command).await,
        Command::Token(token) => token::run(&config, token).await,
        _ => Err(CliError::Failed(
            "this command waits for the composition root".to_owned(),
        )),
    }
}
