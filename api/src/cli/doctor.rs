//! `doctor`

use std::fmt::Write as _;

use super::args::Global;
use super::context;
use super::failure::CliError;
use super::output::print;
use crate::doctor::{self, Report, Severity};

/// Looks whether the installation is well. Errors make the command unsuccessful, warnings do not.
pub(crate) async fn run(global: &Global, is_json: bool) -> Result<(), CliError> {
    let report = match context::config(global) {
        Ok(config) => doctor::examine(&config).await,
        Err(error) => Report::misconfigured(&error.to_string()),
    };
    let text = if is_json {
        format!("{:#}\n", report.to_json())
    } else {
        as_text(&report)
    };
    print(&text)?;
    if report.count(Severity::Error) > 0 {
        return Err(CliError::Unsuccessful);
    }
    Ok(())
}

fn as_text(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let company = finding.company.as_ref();
        let whose = company.map_or_else(String::new, |slug| format!(" of {slug}"));
        let _ = writeln!(
            text,
            "{:<8} {}{whose}: {}",
            finding.severity.as_str(),
            finding.check.as_str(),
            finding.what
        );
        if let Some(remedy) = &finding.remedy {
            let _ = writeln!(text, "         remedy: {remedy}");
        }
    }
    let _ = writeln!(
        text,
        "{} errors, {} warnings",
        report.count(Severity::Error),
        report.count(Severity::Warning)
    );
    text
}
