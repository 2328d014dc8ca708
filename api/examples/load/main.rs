//! Measures a whole server over HTTP, and makes what `scripts/load-http` fills it with.
//!
//! - Requests are sent when they are due, whatever became of those before, and their time counts from that instant: a
//!   server that falls behind shows a queue and not fewer requests.
//! - The same seed sends the same requests in the same order.
//! - It signs its tokens with the development key of the server's data directory, so it measures throwaway servers alone.
//!
//! `load run --url http://127.0.0.1:4000 --data-dir DIR --company load candidates=100 search` measures,
//! `load opportunities 1000` prints offers in the import format.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a program that prints, and says why it ends where it cannot go on"
)]

mod client;
mod figures;
mod index;
mod offers;
mod open_loop;
mod reads;
mod subscriptions;
mod visible;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use self::client::Target;
use self::figures::Report;
use self::open_loop::Plan;
use self::reads::Read;

#[derive(Debug, Parser)]
#[command(name = "load", disable_help_subcommand = true)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints invented opportunities in the import format
    Opportunities {
        /// How many
        #[arg(value_parser = clap::value_parser!(u64).range(1..=100_000))]
        n: u64,
        /// The same seed gives the same opportunities
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Sends requests to a server and prints what they took
    Run(Box<RunArgs>),
}

#[derive(Debug, clap::Args)]
struct RunArgs {
    /// Where a server answers; given again for each server over the same database: reads take them in turn
    #[arg(long = "url", value_name = "URL", required = true)]
    urls: Vec<String>,
    /// The process of the server, to read its memory from; again for each server
    #[arg(long = "pid", value_name = "PID")]
    pids: Vec<u32>,
    /// The server's data directory, which holds the key that signs tokens
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// Whose people are asked about
    #[arg(long, value_name = "SLUG")]
    company: String,
    /// The program `okaeri`, for the scenario `index`, which imports people; it takes its settings from the environment
    #[arg(long, value_name = "FILE")]
    okaeri: Option<PathBuf>,
    /// The same seed sends the same requests
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds that each scenario is measured
    #[arg(long, value_name = "S", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// Seconds at the same rate before, which do not count
    #[arg(long, value_name = "S", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    warm_up: u64,
    /// Seconds from one scenario to the next: what the last one left to do is not to be measured with the next
    #[arg(long, value_name = "S", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pause: u64,
    /// As JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Adds the figures to this file: lines of DATABASE, PEOPLE, what, figure and value
    #[arg(long, value_name = "FILE", requires_all = ["database", "people"])]
    tsv: Option<PathBuf>,
    /// What the file is to say of the database, such as sqlite
    #[arg(long, value_name = "NAME")]
    database: Option<String>,
    /// What the file is to say of the company's size
    #[arg(long, value_name = "N")]
    people: Option<u64>,
    /// NAME or NAME=NUMBER, in this order; without any, all with their numbers. Requests a second: candidates (100),
    /// search (100), feed (50), node (500), person (100), edges (100), visible (200 writes). Sockets: subscriptions (1000).
    /// People that are imported: index (10000)
    #[arg(value_name = "SCENARIO", value_parser = scenario)]
    scenarios: Vec<(Scenario, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Scenario {
    Read(Read),
    Visible,
    Subscriptions,
    Index,
}

impl Scenario {
    /// Reads before what changes the company; sockets at the end of the reads, while nothing has grown by writing.
    const ALL: &[(&str, Self, f64)] = &[
        ("node", Self::Read(Read::Node), 500.0),
        ("person", Self::Read(Read::Person), 100.0),
        ("edges", Self::Read(Read::Edges), 100.0),
        ("search", Self::Read(Read::Search), 100.0),
        ("candidates", Self::Read(Read::Candidates), 100.0),
        ("feed", Self::Read(Read::Feed), 50.0),
        ("subscriptions", Self::Subscriptions, 1_000.0),
        ("visible", Self::Visible, 200.0),
        ("index", Self::Index, 10_000.0),
    ];
}

/// Most of whatever a scenario counts: more than one machine can send, hold or import while somebody waits.
const NUMBER_MAX: f64 = 100_000.0;

fn scenario(text: &str) -> Result<(Scenario, f64), String> {
    let (name, number) = match text.split_once('=') {
        Some((name, number)) => (name, Some(number)),
        None => (text, None),
    };
    let Some((_, scenario, usual)) = Scenario::ALL.iter().find(|(known, ..)| *known == name) else {
        let names: Vec<&str> = Scenario::ALL.iter().map(|(name, ..)| *name).collect();
        return Err(format!("the scenarios are {}", names.join(", ")));
    };
    let Some(number) = number else {
        return Ok((*scenario, *usual));
    };
    match number.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= NUMBER_MAX => Ok((*scenario, number)),
        _ => Err(format!(
            "{name}={number}: the number has to be above 0 and at most {NUMBER_MAX}"
        )),
    }
}

fn main() {
    match Args::parse().command {
        Command::Opportunities { n, seed } => print!("{}", offers::rows(seed, n as usize)),
        Command::Run(args) => {
            // One thread, so that the client takes as little as it can from a server on the same machine.
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(run(*args));
        }
    }
}

async fn run(args: RunArgs) {
    let target = Target::open(&args).await;
    let scenarios = if args.scenarios.is_empty() {
        let all = Scenario::ALL.iter();
        all.map(|(_, scenario, usual)| (*scenario, *usual)).collect()
    } else {
        args.scenarios.clone()
    };
    let mut report = Report::default();
    for (number, (scenario, amount)) in scenarios.into_iter().enumerate() {
        if number > 0 {
            tokio::time::sleep(Duration::from_secs(args.pause)).await;
        }
        eprintln!("{scenario:?} {amount}");
        let plan = Plan {
            rate: amount,
            warm_up: Duration::from_secs(args.warm_up),
            lasts: Duration::from_secs(args.seconds),
        };
        match scenario {
            Scenario::Read(read) => reads::run(&target, read, plan, args.seed, &mut report).await,
            Scenario::Visible => visible::run(&target, plan, args.seed, &mut report).await,
            Scenario::Subscriptions => {
                subscriptions::run(&target, amount as usize, plan.lasts, &mut report).await;
            }
            Scenario::Index => match &args.okaeri {
                Some(okaeri) => {
                    index::run(&target, okaeri, &args, amount as usize, &mut report).await;
                }
                None => eprintln!("the scenario index needs --okaeri FILE: left out"),
            },
        }
    }
    if let (Some(file), Some(database), Some(people)) = (&args.tsv, &args.database, args.people) {
        report
            .append(file, database, people)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
    }
    if args.json {
        println!("{}", report.json());
    } else {
        print!("{}", report.table());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_has_its_usual_number_or_the_one_given() {
        assert_eq!(scenario("node"), Ok((Scenario::Read(Read::Node), 500.0)));
        assert_eq!(scenario("visible=20"), Ok((Scenario::Visible, 20.0)));
        assert!(scenario("nodes").unwrap_err().contains("candidates"));
        for wrong in ["node=0", "node=-1", "node=NaN", "node=many", "node=100001"] {
            assert!(scenario(wrong).is_err(), "{wrong}");
        }
    }
}
