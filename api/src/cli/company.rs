//! `company create`

use okaeri_engine::domain::{Company, CompanyId, Policy, Programme};

use super::context;
use super::failure::CliError;
use super::output::print;
use crate::config::Config;
use crate::db::{self, change_log::Change};

/// Makes the company with a programme that admits and offers everything, or brings its name and mark up to date.
pub(crate) async fn create(
    config: &Config,
    slug: &str,
    name: &str,
    is_demonstration: bool,
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
    let has_programme = db::programmes::find(&tx, company.id).await?.is_some();
    if !has_programme {
        let programme = Programme::new(company.id, Policy::default());
        db::programmes::insert(&tx, &programme, now).await?;
    }
    if earlier.as_ref() != Some(&company) || !has_programme {
        db::change_log::append(&tx, company.id, Change::ProgrammeChanged, now).await?;
    }
    tx.commit().await?;
    print(&format!("company {slug} ({name}): {done}\n"))
}
