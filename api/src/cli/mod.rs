//! The command line: reads what was typed, calls the composition root, prints.
//!
//! - Results go to standard output, everything else to standard error.
//! - A command that fails says so in one line; bad usage exits with 2, all else with 1.
//! - Nothing here decides anything that GraphQL would decide otherwise.

mod args;
mod audit;
mod backup;
mod company;
mod context;
mod coordinate;
mod dictionary;
mod doctor;
mod evaluate;
mod exclusions;
mod failure;
mod feed;
mod figures;
mod import;
mod invariance;
mod lists;
mod migrate;
mod output;
mod person;
mod policy;
mod rank;
mod ranking;
mod reindex;
mod sample;
mod serve;
mod servers;
mod token;
mod train;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Args, Command, CompanyCommand, DictionaryCommand, ExclusionsCommand, PolicyCommand};
use failure::{CliError, one_line};

use crate::config::Overrides;

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
    let config = || context::config(&args.global);
    match &args.command {
        Command::Serve { listen, companies } => {
            let overrides = Overrides {
                listen: *listen,
                companies: companies.clone(),
                ..args.global.overrides()
            };
            serve::run(context::load(&overrides)?).await
        }
        Command::Servers { map } => servers::run(&config()?, *map).await,
        Command::Migrate => migrate::run(&config()?).await,
        Command::Dictionary(DictionaryCommand::Build { from }) => {
            dictionary::build(&config()?, from.as_deref())
        }
        Command::Backup { into } => backup::make(&config()?, into).await,
        Command::Restore { from } => backup::restore(&config()?, from).await,
        Command::Doctor { json } => doctor::run(&args.global, *json).await,
        Command::Company(CompanyCommand::Create {
            slug,
            name,
            demonstration,
            policy,
        }) => {
            let policy = policy.as_deref().map(policy::read_file).transpose()?;
            company::create(&config()?, slug, name, *demonstration, policy).await
        }
        Command::Policy(PolicyCommand::Show { company }) => policy::show(&config()?, company).await,
        Command::Policy(PolicyCommand::Set { company, file }) => policy::set(&config()?, company, file).await,
        Command::Import(command) => import::run(&config()?, command).await,
        Command::Sample(sample) => sample::run(sample),
        Command::Exclusions(ExclusionsCommand::NewKey) => exclusions::new_key(),
        Command::Exclusions(ExclusionsCommand::Rekey) => exclusions::rekey(&config()?).await,
        Command::Reindex { company } => reindex::run(&config()?, company.as_deref()).await,
        Command::Token(token) => token::run(&config()?, token).await,
        Command::Rank(rank) => rank::run(&config()?, rank).await,
        Command::Feed(feed) => feed::run(&config()?, feed).await,
        Command::Evaluate(evaluate) => evaluate::run(&config()?, evaluate).await,
        Command::Train(train) => train::run(&config()?, train).await,
        Command::Coordinate(coordinate) => coordinate::run(&config()?, coordinate).await,
        Command::Export(args) => person::export(&config()?, args).await,
        Command::Erase(args) => person::erase(&config()?, args).await,
        Command::Audit(command) => audit::run(&config()?, command).await,
        Command::Schema => output::print(&crate::graphql::sdl()),
    }
}
