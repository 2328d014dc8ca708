//! `import alumni`, `import opportunities` and `import words`

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{ImportArgs, ImportCommand, WordsArgs};
use super::context;
use super::failure::{CliError, one_line};
use super::output::{print, remark};
use crate::app::App;
use crate::config::Config;
use crate::import::{self, ImportReport, Options, Progress, limits};
use crate::usecase;

/// Imports the file; exit 1 when any row was refused.
pub(crate) async fn run(config: &Config, command: &ImportCommand) -> Result<(), CliError> {
    match command {
        ImportCommand::Alumni(args) => rows(config, args, Rows::Alumni).await,
        ImportCommand::Opportunities(args) => rows(config, args, Rows::Opportunities).await,
        ImportCommand::Words(args) => words(config, args).await,
    }
}

/// What the rows of a file are.
enum Rows {
    Alumni,
    Opportunities,
}

async fn rows(config: &Config, args: &ImportArgs, rows: Rows) -> Result<(), CliError> {
    let bytes = read(&args.file)?;
    let db = context::database(config).await?;
    let company = context::company(&db, &args.company).await?;
    let clock = context::clock(config);
    let new_id = || clock.new_id();
    let new_salt = || clock.new_salt();
    let options = |progress| Options {
        is_dry_run: args.dry_run,
        is_all_or_nothing: args.all_or_nothing,
        now: clock.now(),
        new_id: &new_id,
        new_salt: &new_salt,
        progress,
    };
    let report = match rows {
        Rows::Alumni => {
            let parsed = import::parse_alumni(&bytes)?;
            let bar = Bar::new(parsed.rows.len());
            import::apply_alumni(&db, company.id, parsed, &options(&bar)).await?
        }
        Rows::Opportunities => {
            let parsed = import::parse_opportunities(&bytes)?;
            let bar = Bar::new(parsed.rows.len());
            import::apply_opportunities(&db, company.id, parsed, &options(&bar)).await?
        }
    };
    for error in &report.errors {
        remark(&one_line(&format!("{}: {error}", args.file.display())));
    }
    for finding in &report.findings {
        remark(&one_line(&format!("{}: {finding}", args.file.display())));
    }
    print(&describe(&report, args))?;
    if report.n_failed > 0 {
        Err(CliError::Unsuccessful)
    } else {
        Ok(())
    }
}

/// Replaces the company's words, all or none, and rebuilds its index, which is of another version without them.
async fn words(config: &Config, args: &WordsArgs) -> Result<(), CliError> {
    let bytes = read(&args.file)?;
    let app = App::open(config.clone()).await?;
    let company = context::company(&app.db, &args.company).await?;
    let parsed = import::parse_words(&bytes)?;
    let head = format!("{}: ", args.file.display());
    for error in parsed.errors.iter().take(limits::ERRORS_MAX) {
        remark(&one_line(&format!("{head}{error}")));
    }
    if !parsed.errors.is_empty() {
        let n_errors = parsed.errors.len();
        print(&format!(
            "{head}nothing is kept ({}): {n_errors} lines are refused, and the list replaces the company's words as a whole\n",
            parsed.encoding
        ))?;
        return Err(CliError::Unsuccessful);
    }
    let n_words = parsed.words.len();
    if args.dry_run {
        app.projections.check_words(&parsed.words).await?;
        return print(&format!(
            "{head}dry run, nothing is written ({}): {n_words} words\n",
            parsed.encoding
        ));
    }
    let now = app.clock.now();
    let replaced = usecase::words::replace(&app.db, &app.projections, company.id, parsed.words, now).await?;
    let outcome = match replaced {
        Some(position) => format!("imported, and the index is built anew, up to change {position}"),
        None => "unchanged".to_owned(),
    };
    print(&format!(
        "{head}{outcome} ({}): {n_words} words\n",
        parsed.encoding
    ))
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(limits::FILE_BYTES_MAX + 1)
            .read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file)
            .and_then(|opened| opened.take(limits::FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
    };
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(CliError::Usage(format!(
            "cannot read the file {}: {error}",
            file.display()
        ))),
    }
}

/// On a terminal only: logs and pipes get the report and nothing else.
struct Bar(ProgressBar);

impl Bar {
    fn new(n_rows: usize) -> Self {
        let target = if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(n_rows as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {elapsed}, {eta} left") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn advance(&self, n_rows: u64) {
        self.0.inc(n_rows);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn describe(report: &ImportReport, args: &ImportArgs) -> String {
    let head = match (report.is_kept, args.dry_run) {
        (true, _) => "imported",
        (false, true) => "dry run, nothing is written",
        (false, false) => "nothing is kept, because a row is refused and --all-or-nothing is given",
    };
    let mut text = format!(
        "{}: {head} ({}): {} inserted, {} updated, {} unchanged, {} failed",
        args.file.display(),
        report.encoding,
        report.n_inserted,
        report.n_updated,
        report.n_unchanged,
        report.n_failed
    );
    if report.n_consents > 0 {
        let _ = write!(text, ", {} consents", report.n_consents);
    }
    text.push('\n');
    if report.n_errors_unlisted > 0 {
        let _ = writeln!(text, "{} more errors are not listed", report.n_errors_unlisted);
    }
    if report.n_erased > 0 {
        let _ = writeln!(
            text,
            "{} rows are about people who had themselves erased: nothing of them was written",
            report.n_erased
        );
    }
    if report.n_own_choices > 0 {
        let _ = writeln!(
            text,
            "interests of {} people are left as they chose themselves",
            report.n_own_choices
        );
    }
    if report.n_corrections_kept > 0 {
        let _ = writeln!(
            text,
            "{} rows repeat what was corrected since: the corrections stand",
            report.n_corrections_kept
        );
    }
    if report.n_evaluations_dropped > 0 {
        let _ = writeln!(
            text,
            "evaluations of {} people are dropped: the programme keeps none",
            report.n_evaluations_dropped
        );
    }
    if report.n_incomplete > 0 {
        let _ = writeln!(
            text,
            "{} opportunities lack terms that the law asks for; missingTerms names them",
            report.n_incomplete
        );
    }
    if report.n_drafts > 0 {
        let _ = writeln!(
            text,
            "{} opportunities are drafts, because the law refuses them as they are; legalFindings says why",
            report.n_drafts
        );
    }
    if report.n_findings_unlisted > 0 {
        let _ = writeln!(
            text,
            "{} more findings are not listed",
            report.n_findings_unlisted
        );
    }
    for (column, n_rows) in &report.dropped {
        let _ = writeln!(
            text,
            "dropped column {column}: ranking must not see it ({n_rows} rows had a value)"
        );
    }
    for (column, n_rows) in &report.ignored {
        let _ = writeln!(
            text,
            "ignored column {column}: not part of the format ({n_rows} rows had a value)"
        );
    }
    text
}
