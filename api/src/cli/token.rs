//! `token`

use super::args::{RoleName, TokenArgs};
use super::context;
use super::failure::CliError;
use super::output::print;
use crate::auth::{Claims, Keys};
use crate::clock::Clock;
use crate::config::{Config, Mode};
use crate::db;

/// Prints a token alone. Its times are the system's, whatever the clock of a demonstration says.
pub(crate) async fn run(config: &Config, args: &TokenArgs) -> Result<(), CliError> {
    if config.mode == Mode::Production {
        let message = "tokens are issued in development only; in production people sign in at their company or by \
                       link: remove OKAERI_MODE=production, or use another data directory";
        return Err(CliError::Usage(message.to_owned()));
    }
    let db = context::database(config).await?;
    let company = context::company(&db, &args.company).await?;
    if let Some(alumnus) = &args.alumnus
        && db::alumni::find_by_external_id(&db, company.id, alumnus)
            .await?
            .is_none()
    {
        let remedy = "give the number from the import, such as a001, to --alumnus";
        return Err(CliError::unknown("alumnus", alumnus, remedy));
    }
    let now = Clock::system().now();
    let role = args.role.role();
    let subject = match (&args.subject, &args.alumnus) {
        (Some(subject), _) | (None, Some(subject)) => subject.clone(),
        (None, None) => role.code().to_lowercase(),
    };
    let claims = Claims {
        subject,
        company: company.slug,
        role,
        unit: args.unit.clone(),
        alumnus: args.alumnus.clone().filter(|_| args.role == RoleName::Alumnus),
        issued_at: now,
        expires_at: now + args.expires,
    };
    let token = Keys::open(config)?.issue(&claims)?;
    print(&format!("{token}\n"))
}
