//! What the command line can say.
//!
//! - Settings that a file or the environment has too are read by `config`; here they only override.
//! - Bad usage is one line: what is wrong and what to do. clap's pages are for `--help`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use clap::error::ErrorKind;
use clap::{Parser, Subcommand, ValueEnum};
use okaeri_engine::domain::Role;
use okaeri_engine::ranking::Language;
use okaeri_engine::ranking::train::Options;

use super::failure::CliError;
use crate::assignment::{NAME_CHARS_MAX, is_slug};
use crate::config::{Mode, Overrides, Secret, parse_instant};
use crate::graphql::id::GlobalId;

/// Most people that `rank` lists for one opportunity: a whole company's, for evaluation.
const LIMIT_MAX: u64 = 10_000;

/// Most people that `sample` invents: what the largest installation is measured with.
const SAMPLE_MAX: u64 = 1_000_000;

/// Most errors that `evaluate` lists: more than anybody reads.
const ERRORS_MAX: u64 = 1_000;

/// Most twins that `audit invariance` compares: some hours of work.
const TWINS_MAX: u64 = 1_000_000;

/// Opportunities and people, matched: a GraphQL server for corporate-alumni programmes.
#[derive(Debug, Parser)]
#[command(name = "okaeri", version, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Global {
    /// A configuration file; okaeri.example.toml lists every setting [env: OKAERI_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database, indexes and development key [env: OKAERI_DATA_DIR] [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME [env: OKAERI_DATABASE_URL] [default: SQLite in the data
    /// directory]
    #[arg(long, global = true, value_name = "URL", value_parser = secret)]
    database_url: Option<Secret>,
    /// The compiled dictionary [env: OKAERI_DICTIONARY_DIR] [default: dictionary in the data directory, else in the
    /// user's cache directory]
    #[arg(long, global = true, value_name = "DIR")]
    dictionary_dir: Option<PathBuf>,
    /// development or production [env: OKAERI_MODE]
    #[arg(long, global = true)]
    mode: Option<ModeName>,
    /// Where the clock starts, development only: 2026-11-20 or 2026-11-20T09:00:00+09:00 [env: OKAERI_NOW]
    #[arg(long, global = true, value_name = "INSTANT", value_parser = instant)]
    as_of: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeName {
    Development,
    Production,
}

impl Global {
    pub(crate) fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.clone(),
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            dictionary_dir: self.dictionary_dir.clone(),
            mode: self.mode.map(|mode| match mode {
                ModeName::Development => Mode::Development,
                ModeName::Production => Mode::Production,
            }),
            now: self.as_of,
            ..Overrides::default()
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves GraphQL until it is told to stop
    Serve {
        /// Address and port [env: OKAERI_LISTEN] [default: 127.0.0.1:4000]
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        /// The companies that this server holds, with commas between; requests for others are misdirected [env:
        /// OKAERI_COMPANIES] [default: what [servers] assigns, or all]
        #[arg(long, value_name = "SLUGS", value_delimiter = ',', value_parser = slug)]
        companies: Vec<String>,
    },
    /// Prints which servers hold each company, the first to ask first
    Servers {
        /// As a map file for HAProxy: short name, and the servers with slashes between
        #[arg(long)]
        map: bool,
    },
    /// Brings the database to this version
    Migrate,
    /// Copies a SQLite database while a server writes it, with a manifest; without keys and indexes
    Backup {
        /// A directory that does not exist yet or is empty, outside the data directory
        #[arg(value_name = "DIR")]
        into: PathBuf,
    },
    /// Restores a backup into an empty data directory, and says what is to be done next
    Restore {
        /// The directory that `okaeri backup` made
        #[arg(value_name = "DIR")]
        from: PathBuf,
    },
    /// Looks whether the installation is well, beside a running server; ends with 1 where there are errors
    Doctor {
        /// As JSON: version, errors, warnings, and findings with check, company, severity, what and remedy
        #[arg(long)]
        json: bool,
    },
    /// The dictionary of Japanese words
    #[command(subcommand)]
    Dictionary(DictionaryCommand),
    /// Companies
    #[command(subcommand)]
    Company(CompanyCommand),
    /// A programme's rules: whom it admits, what it offers, how often it approaches people
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Imports a file of alumni or opportunities (JSON Lines or CSV), or a list of words (CSV)
    #[command(subcommand)]
    Import(ImportCommand),
    /// Prints invented people in the import format, for trying things at size
    Sample(SampleArgs),
    /// Builds the search index from the database, beside the one in use
    Reindex {
        /// Only this company; without it, all
        #[arg(long, value_name = "SLUG")]
        company: Option<String>,
    },
    /// The keys that seal what people exclude
    #[command(subcommand)]
    Exclusions(ExclusionsCommand),
    /// Prints a token for development, and nothing else
    Token(TokenArgs),
    /// Prints the candidates of opportunities, best first
    Rank(RankArgs),
    /// Prints an alumnus's personal feed, best first
    Feed(FeedArgs),
    /// Measures the ranking against graded lists, beside plain text search over the same people
    Evaluate(EvaluateArgs),
    /// Learns the weights of the ranking from graded lists, and writes a model file
    Train(TrainArgs),
    /// Plans a company's lists together and prints what that is worth
    Coordinate(CoordinateArgs),
    /// Prints everything that is kept about a person as one JSON document
    Export(PersonArgs),
    /// Erases everything about a person, for good
    Erase(EraseArgs),
    /// Checks what is promised about rankings
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Prints the GraphQL schema
    Schema,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PersonArgs {
    /// At which company
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// The alumnus's number
    #[arg(long, value_name = "ID")]
    pub(crate) alumnus: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EraseArgs {
    #[command(flatten)]
    pub(crate) person: PersonArgs,
    /// Says that it is meant; without it nothing is done
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Finds every record that was altered, removed, put in or moved
    Verify {
        /// Only this company; without it, all
        #[arg(long, value_name = "SLUG")]
        company: Option<String>,
        /// A hash that `audit head` printed and that was kept elsewhere: finds whether the end was cut off since
        #[arg(long, value_name = "HASH", requires = "company", value_parser = chain_hash)]
        head: Option<String>,
    },
    /// Prints the newest record's place and hash, to be kept elsewhere
    Head {
        /// Whose
        #[arg(long, value_name = "SLUG")]
        company: String,
    },
    /// Computes a ranking again as it was shown, and compares it with its record
    Replay {
        /// The ranking: its identifier, as `audit list` prints it, or its rankingId in GraphQL
        #[arg(value_parser = ranking_id)]
        ranking: uuid::Uuid,
        /// How to print it; tsv is place, number and score, with tabs between
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Lists records, latest first
    List(AuditListArgs),
    /// Compares people with invented twins who differ in name, age, family, health and the like: nobody may stand
    /// elsewhere for it. Works on a throwaway copy
    Invariance(InvarianceArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct AuditListArgs {
    /// Whose
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// Only rankings for this opportunity, by its number
    #[arg(long, value_name = "ID")]
    pub(crate) opportunity: Option<String>,
    /// Only rankings that this alumnus was in, by their number
    #[arg(long, value_name = "ID")]
    pub(crate) alumnus: Option<String>,
    /// Only from this instant on: 2026-11-20 or 2026-11-20T09:00:00+09:00
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) since: Option<DateTime<Utc>>,
    /// How many to list
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=LIMIT_MAX))]
    pub(crate) limit: u64,
}

#[derive(Debug, clap::Args)]
pub(crate) struct InvarianceArgs {
    /// Whose people and opportunities
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// How many twins
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=TWINS_MAX))]
    pub(crate) n: u64,
    /// Other twins for another seed
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// As JSON: seed, twins, moved, and by kind twins, moved, largestMove and examples
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DictionaryCommand {
    /// Compiles the dictionary from the IPADIC sources
    Build {
        /// The directory that holds Noun.csv and matrix.def; without it, the usual places are searched
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExclusionsCommand {
    /// Prints a new key as a line of the key file, and nothing else
    NewKey,
    /// Seals all lists anew under the first key of the file. To change keys: add the new one behind the first and restart
    /// every server; put it first and restart; run this; take the old one out
    Rekey,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CompanyCommand {
    /// Makes a company with a programme, which admits and offers everything unless a file says otherwise; may be repeated
    Create {
        /// Short name in commands and tokens: lower-case letters, digits and hyphens
        #[arg(long, value_parser = slug)]
        slug: String,
        /// As written
        #[arg(long, value_parser = company_name)]
        name: String,
        /// Shows alumni opportunities whose legal terms are incomplete
        #[arg(long)]
        demonstration: bool,
        /// The rules of a new programme, as `okaeri policy show` prints them; without it, it admits and offers everything
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Prints the rules as JSON, with the names of the schema
    Show {
        /// Whose
        #[arg(long, value_name = "SLUG")]
        company: String,
    },
    /// Puts other rules in force, as the next version
    Set {
        /// Whose
        #[arg(long, value_name = "SLUG")]
        company: String,
        /// The rules as `show` prints them, all of them: what the file lacks has its default; - for standard input
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Former employees
    Alumni(ImportArgs),
    /// Roles, speaker slots and contract work
    Opportunities(ImportArgs),
    /// The company's own words (products, units, systems) and what they mean, in the place of those it had, and its
    /// index with them
    Words(WordsArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct SampleArgs {
    /// How many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=SAMPLE_MAX))]
    pub(crate) people: u64,
    /// The same seed gives the same people
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WordsArgs {
    /// Whose
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// A word and its reading in katakana a line, the reading may be missing; - for standard input
    pub(crate) file: PathBuf,
    /// Says what would happen and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// Whose
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// The file; - for standard input
    pub(crate) file: PathBuf,
    /// Says what would happen and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keeps nothing if any row is bad
    #[arg(long)]
    pub(crate) all_or_nothing: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TokenArgs {
    /// At which company
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// As what
    #[arg(long)]
    pub(crate) role: RoleName,
    /// The alumnus's number; with --role alumnus
    #[arg(long, value_name = "ID")]
    pub(crate) alumnus: Option<String>,
    /// The name of a member of staff; the role if not given
    #[arg(long, value_name = "NAME")]
    pub(crate) subject: Option<String>,
    /// The unit of a member of staff
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Option<String>,
    /// How long it is good for: 30m, 8h, 7d
    #[arg(long, value_name = "TIME", default_value = "8h", value_parser = duration)]
    pub(crate) expires: TimeDelta,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    Recruiter,
    Administrator,
    Employee,
    Alumnus,
}

impl RoleName {
    pub(crate) fn role(self) -> Role {
        match self {
            Self::Recruiter => Role::Recruiter,
            Self::Administrator => Role::Administrator,
            Self::Employee => Role::Employee,
            Self::Alumnus => Role::Alumnus,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct RankArgs {
    /// Whose
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// The opportunity's number; may be repeated
    #[arg(long, value_name = "ID", required = true)]
    pub(crate) opportunity: Vec<String>,
    /// Plans the company's lists together first; without it each stands by itself, whatever the programme says
    #[arg(long)]
    pub(crate) coordinate: bool,
    /// How many people to list for each
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=LIMIT_MAX))]
    pub(crate) limit: u64,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FeedArgs {
    /// At which company
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// The alumnus's number
    #[arg(long, value_name = "ID")]
    pub(crate) alumnus: String,
    /// How many opportunities to list
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=LIMIT_MAX))]
    pub(crate) limit: u64,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CoordinateArgs {
    /// Whose
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EvaluateArgs {
    /// Whose
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// Opportunity, alumnus and grade, with tabs between
    #[arg(long, value_name = "FILE")]
    pub(crate) qrels: PathBuf,
    /// Opportunity, fit or gap or decoy, and alumnus, with tabs between
    #[arg(long, value_name = "FILE")]
    pub(crate) contrasts: Option<PathBuf>,
    /// How to print it; tsv is system, kind, lists, nDCG@10, P@5, recall@50, fits and gaps above decoys
    #[arg(long, default_value = "table")]
    format: Format,
    /// The same as --format json; README.md lists the keys
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Also what the ranking is worth without each group of features and each feature
    #[arg(long)]
    pub(crate) ablation: bool,
    /// Also the worst errors: who stands too high and too low, and what decided it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=ERRORS_MAX))]
    pub(crate) errors: Option<u64>,
    /// Also each list, with its first ten and their grades
    #[arg(long)]
    pub(crate) lists: bool,
    /// Also writes the features of every pair, one pair a line, with tabs between
    #[arg(long, value_name = "FILE")]
    pub(crate) features: Option<PathBuf>,
}

impl EvaluateArgs {
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct TrainArgs {
    /// Whose
    #[arg(long, value_name = "SLUG")]
    pub(crate) company: String,
    /// Opportunity, alumnus and grade, with tabs between
    #[arg(long, value_name = "FILE")]
    pub(crate) qrels: PathBuf,
    /// Opportunity, fit or gap or decoy, and alumnus, with tabs between
    #[arg(long, value_name = "FILE")]
    pub(crate) contrasts: Option<PathBuf>,
    /// The model to stay near [default: the one that ranks]
    #[arg(long, value_name = "FILE")]
    pub(crate) prior: Option<PathBuf>,
    /// How strongly to stay near it
    #[arg(long, value_name = "NUMBER", default_value_t = Options::default().lambda)]
    lambda: f64,
    /// By what differences of scores are multiplied before the logistic loss
    #[arg(long, value_name = "NUMBER", default_value_t = Options::default().temperature)]
    temperature: f64,
    /// What a contrast weighs, in units of nDCG@10
    #[arg(long, value_name = "NUMBER", default_value_t = Options::default().contrast_weight)]
    contrast_weight: f64,
    /// How often the pairs are weighed anew
    #[arg(long, value_name = "N", default_value_t = Options::default().rounds)]
    rounds: u32,
    /// Into how many parts cross-validation cuts the lists
    #[arg(long, value_name = "N", default_value_t = Options::default().folds)]
    folds: u32,
    /// Where to write the model
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// What recorded lists will name [default: trained- and today's date]
    #[arg(long, value_name = "TEXT", value_parser = model_version)]
    pub(crate) version: Option<String>,
}

impl TrainArgs {
    pub(crate) fn options(&self) -> Options {
        Options {
            lambda: self.lambda,
            temperature: self.temperature,
            contrast_weight: self.contrast_weight,
            rounds: self.rounds,
            folds: self.folds,
        }
    }
}

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct OutputArgs {
    /// How to print it; tsv is number, number and score, with tabs between
    #[arg(long, default_value = "table")]
    pub(crate) format: Format,
    /// The language of reasons
    #[arg(long, default_value = "ja")]
    language: LanguageName,
}

impl OutputArgs {
    pub(crate) fn language(self) -> Language {
        match self.language {
            LanguageName::Ja => Language::Japanese,
            LanguageName::En => Language::English,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// All of it
    Json,
    /// For programs
    Tsv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LanguageName {
    Ja,
    En,
}

#[allow(clippy::unnecessary_wraps, reason = "what clap asks for")]
fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret::new(text))
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    parse_instant(text).ok_or_else(|| "write 2026-11-20 or 2026-11-20T09:00:00+09:00".to_owned())
}

fn ranking_id(text: &str) -> Result<uuid::Uuid, String> {
    let named = || GlobalId::ranking(&text.into()).map(|id| id.0);
    let parsed = uuid::Uuid::try_parse(text).ok().or_else(named);
    parsed.ok_or_else(|| {
        "write an identifier that `okaeri audit list` prints, or a rankingId of GraphQL".to_owned()
    })
}

fn chain_hash(text: &str) -> Result<String, String> {
    let text = text.to_ascii_lowercase();
    let is_hash = text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit());
    if is_hash {
        return Ok(text);
    }
    Err("write the 64 hexadecimal digits that `okaeri audit head` printed".to_owned())
}

fn slug(text: &str) -> Result<String, String> {
    if is_slug(text) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "write 1 to {NAME_CHARS_MAX} lower-case letters, digits and inner hyphens, such as aoba"
    ))
}

fn company_name(text: &str) -> Result<String, String> {
    const CHARS_MAX: usize = 200;
    let name = text.trim();
    let n_chars = name.chars().count();
    if n_chars == 0 || n_chars > CHARS_MAX || name.contains('\0') {
        return Err(format!("write 1 to {CHARS_MAX} characters"));
    }
    Ok(name.to_owned())
}

fn model_version(text: &str) -> Result<String, String> {
    /// Every recorded list keeps it.
    const CHARS_MAX: usize = 60;
    let is_version = (1..=CHARS_MAX).contains(&text.len())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    if is_version {
        return Ok(text.to_owned());
    }
    Err(format!(
        "write 1 to {CHARS_MAX} letters, digits and . - _ +, such as 2026-11"
    ))
}

fn duration(text: &str) -> Result<TimeDelta, String> {
    /// Development keys stay on one machine, but a token that outlives its demonstration is a surprise.
    const DAYS_MAX: i64 = 365;
    let explain =
        || format!("write a number with s, m, h or d, such as 30m, 8h or 7d, of at most {DAYS_MAX}d");
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(explain)?;
    let (number, unit) = text.split_at(unit_at);
    let unit_seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(explain()),
    };
    let seconds = number
        .parse::<i64>()
        .ok()
        .and_then(|number| number.checked_mul(unit_seconds))
        .filter(|seconds| (1..=DAYS_MAX * 86_400).contains(seconds))
        .ok_or_else(explain)?;
    Ok(TimeDelta::seconds(seconds))
}

/// Reads the arguments.
///
/// # Errors
///
/// [`CliError::Page`] for `--help` and `--version`, [`CliError::Usage`] in one line for the rest.
pub(crate) fn parse(args: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Args, CliError> {
    let args: Vec<std::ffi::OsString> = args.into_iter().collect();
    let parsed = Args::try_parse_from(&args).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => CliError::Page(error.to_string()),
        _ => CliError::Usage(one_line(&error)),
    })?;
    match &parsed.command {
        Command::Token(token) => check_token(token)?,
        Command::Train(train) => {
            let checked = train.options().check();
            checked.map_err(|error| CliError::Usage(format!("{error}; see `okaeri --help`")))?;
        }
        _ => {}
    }
    Ok(parsed)
}

fn check_token(token: &TokenArgs) -> Result<(), CliError> {
    let usage = |message: &str| Err(CliError::Usage(message.to_owned()));
    match (token.role, &token.alumnus) {
        (RoleName::Alumnus, None) => {
            usage("--role alumnus needs --alumnus with the person's number, such as a001")
        }
        (RoleName::Recruiter | RoleName::Administrator | RoleName::Employee, Some(_)) => {
            usage("--alumnus goes with --role alumnus; leave it out, or change the role")
        }
        (RoleName::Alumnus, Some(_)) if token.subject.is_some() || token.unit.is_some() => {
            usage("--subject and --unit are for staff; leave them out with --role alumnus")
        }
        _ => Ok(()),
    }
}

/// What clap has to say, without its usage page.
fn one_line(error: &clap::Error) -> String {
    const SEE_HELP: &str = "see `okaeri --help`";
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return format!("no command is given: {SEE_HELP}");
    }
    let text = error.to_string();
    let mut parts: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
        let line = line.strip_prefix("error: ").unwrap_or(line);
        parts.push(
            line.strip_prefix("tip: ")
                .map_or_else(|| line.to_owned(), |tip| format!("({tip})")),
        );
    }
    format!("{}; {SEE_HELP}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(line: &str) -> Result<Args, CliError> {
        let words = std::iter::once("okaeri").chain(line.split_whitespace());
        parse(words.map(std::ffi::OsString::from))
    }

    fn usage(line: &str) -> String {
        match parse_words(line) {
            Err(CliError::Usage(message)) => message,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn every_command_of_the_readme_is_understood() {
        for line in [
            "serve --listen 127.0.0.1:4100 --as-of 2026-11-20T09:00:00+09:00",
            "serve --companies aoba,midori",
            "servers",
            "servers --map",
            "migrate --data-dir data/demo",
            "dictionary build",
            "backup /backup/2026-11-20",
            "restore /backup/2026-11-20",
            "doctor",
            "doctor --json",
            "dictionary build --from /usr/share/mecab/dic/ipadic",
            "company create --slug aoba --name 青葉 --demonstration",
            "import alumni --company aoba demo/alumni.jsonl",
            "import opportunities --company aoba demo/opportunities.jsonl --dry-run --all-or-nothing",
            "import words --company aoba words.csv --dry-run",
            "exclusions new-key",
            "exclusions rekey",
            "reindex",
            "reindex --company aoba",
            "token --company aoba --role recruiter",
            "token --company aoba --role alumnus --alumnus a001 --expires 8h",
            "rank --company aoba --opportunity r05 --opportunity r07 --limit 10000 --format tsv",
            "feed --company aoba --alumnus a001 --format json",
            "evaluate --company aoba --qrels demo/qrels.tsv --contrasts demo/contrasts.tsv",
            "evaluate --company aoba --qrels demo/qrels.tsv --json --ablation --errors 20 --lists",
            "train --company aoba --qrels demo/qrels.tsv --contrasts demo/contrasts.tsv --out model.json",
            "train --company aoba --qrels q.tsv --prior p.json --lambda 0.3 --folds 5 --out m.json --version 2.1",
            "audit verify",
            "audit verify --company aoba --head 00000000000000000000000000000000000000000000000000000000000000ff",
            "audit head --company aoba",
            "audit replay 01932f00-0000-7000-8000-000000000001 --format json",
            "audit list --company aoba --opportunity r05 --alumnus a001 --since 2026-11-20 --limit 10",
            "schema",
        ] {
            assert!(parse_words(line).is_ok(), "{line}: {:?}", parse_words(line));
        }
    }

    #[test]
    fn bad_usage_is_one_line_that_names_the_argument_and_the_help() {
        for (line, part) in [
            ("", "command"),
            ("rnak", "rnak"),
            ("rank --company aoba", "--opportunity"),
            ("rank --company aoba --opportunity r05 --limit 0", "--limit"),
            ("rank --company aoba --opportunity r05 --limit 10001", "10000"),
            ("rank --company aoba --opportunity r05 --format xml", "xml"),
            ("token --company aoba --role king", "king"),
            (
                "token --company aoba --role recruiter --expires 8x",
                "30m, 8h or 7d",
            ),
            ("token --company aoba --role recruiter --expires 99999d", "365d"),
            ("company create --slug A_b --name x", "lower-case"),
            ("serve --listen nowhere", "nowhere"),
            ("serve --companies aoba,Midori", "lower-case"),
            (
                "evaluate --company aoba --qrels q --json --format tsv",
                "--format",
            ),
            ("evaluate --company aoba --qrels q --errors 0", "--errors"),
            (
                "train --company aoba --qrels q --out m --lambda NaN",
                "lambda is NaN",
            ),
            ("train --company aoba --qrels q --out m --folds 1", "folds is 1"),
            ("train --company aoba --qrels q --out m --version 二", "--version"),
            ("audit verify --company aoba --head 12", "64 hexadecimal digits"),
            ("migrate --as-of yesterday", "2026-11-20"),
        ] {
            let message = usage(line);
            assert!(!message.contains('\n'), "{message}");
            assert!(message.contains(part), "{line}: {message}");
            assert!(message.ends_with("see `okaeri --help`"), "{message}");
        }
        assert!(usage("token --company aoba --role alumnus").contains("--alumnus"));
        assert!(usage("token --company aoba --role employee --alumnus a001").contains("--role alumnus"));
    }

    #[test]
    fn a_password_that_was_typed_is_not_printed() {
        let args = parse_words("migrate --database-url postgres://okaeri:geheim@db/okaeri").unwrap();
        assert!(!format!("{args:?}").contains("geheim"));
        let url = args.global.overrides().database_url.unwrap();
        assert_eq!(url.expose(), "postgres://okaeri:geheim@db/okaeri");
    }

    #[test]
    fn help_and_version_are_pages_and_not_errors() {
        for line in ["--help", "rank --help", "--version"] {
            assert!(matches!(parse_words(line), Err(CliError::Page(_))), "{line}");
        }
    }
}
