//! `company create`

use okaeri_engine::domain::{Company, CompanyId, Policy, Programme};

use super::context;
use super::failure::CliError;
use super::output::print;
use crate::config::Config;
use crate::db::{self, change_log::Change};

/// Makes the company with a programme that begins with these rules, or brings its name and mark up to date. The rules of
/// a programme that exists are changed by `policy set`.
pub(crate) async fn create(
    config: &Config,
    slug: &str,
    name: &str,
    is_demonstration: bool,
    policy: Option<Policy>,
) -> Result<(), CliError> {
    let db = context::database(config).await?;
    let clock = context::clock(config);
    let now = clock.now();
    let tx = db.begin().await?;
    let earlier = db::companies::find_by_slug(&tx, slug).await?;
    let company = Company {
        id: earlier
            .as_ref()
            .map_or_else(|| CompanyId(clock.new_id()), |company| company.id),
        slug: slug.to_owned(),
        name: name.to_owned(),
        is_demonstration,
    };
    let done = match &earlier {
        None => {
            db::companies::insert(&tx, &company, now).await?;
            "created"
        }
        Some(earlier) if *earlier == company => "unchanged",
        Some(_) => {
            db::companies::update(&tx, &company).await?;
            "updated"
        }
    };
    let programme = db::programmes::find(&tx, company.id).await?;
    let has_programme = programme.is_some();
    let is_other = |wanted: &Policy| programme.as_ref().is_some_and(|found| found.policy != *wanted);
    if policy.as_ref().is_some_and(is_other) {
        return Err(CliError::Usage(format!(
            "company {slug} exists with other rules: change them with `okaeri policy set --company {slug} FILE`"
        )));
    }
    if !has_programme {
        let programme = Programme::new(company.id, policy.unwrap_or_default());
        db::programmes::insert(&tx, &programme, now).await?;
    }
    if earlier.as_ref() != Some(&company) || !has_programme {
        db::change_log::append(&tx, company.id, Change::ProgrammeChanged, now).await?;
    }
    tx.commit().await?;
    print(&format!("company {slug} ({name}): {done}\n"))
}
