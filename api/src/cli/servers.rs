//! `servers`

use okaeri_engine::domain::Company;

use super::context;
use super::failure::CliError;
use super::output::{print, table, text_column};
use crate::assignment::{Assignment, Placement};
use crate::config::Config;
use crate::db;

/// Cells for short names and for servers: as many as the longest name has, and some servers.
const SLUG_CELLS_MAX: usize = 63;
const SERVERS_CELLS_MAX: usize = 200;

/// Prints which servers hold each company, for people or as a map for a proxy.
pub(crate) async fn run(config: &Config, is_map: bool) -> Result<(), CliError> {
    let (placement, assignment) = (config.servers.placement()?, config.servers.assignment()?);
    if is_map && placement.is_none() {
        return Err(CliError::Usage(
            "a map needs servers.names: without it every server holds every company, or what it lists itself"
                .to_owned(),
        ));
    }
    // Without the keys of exclusions: the proxy's machine, where a map is written, is not to have them.
    let db = context::connect(config).await?;
    db::migrate::ensure_current(&db).await?;
    let companies = db::companies::list(&db).await?;
    db.close().await?;
    print(&match placement {
        Some(placement) if is_map => map(&placement, &companies),
        Some(placement) => by_placement(&placement, &companies),
        None => by_assignment(&assignment, &companies),
    })
}

/// A line for each company: its short name, and its servers with slashes between, which no name holds and which HAProxy's
/// `field` takes without quotation; the first to ask first.
fn map(placement: &Placement, companies: &[Company]) -> String {
    let mut text = format!(
        "# okaeri servers --map: {} companies, {} of {} servers each\n",
        companies.len(),
        placement.copies(),
        placement.names().len()
    );
    for company in companies {
        text.push_str(&format!(
            "{} {}\n",
            company.slug,
            placement.servers_of(&company.slug).join("/")
        ));
    }
    text
}

fn by_placement(placement: &Placement, companies: &[Company]) -> String {
    let rows = companies.iter().map(|company| {
        let servers = placement.servers_of(&company.slug).join(", ");
        vec![company.slug.clone(), servers]
    });
    lines(rows.collect())
}

/// All that a server without `servers.names` can say: what it holds itself.
fn by_assignment(assignment: &Assignment, companies: &[Company]) -> String {
    let rows = companies.iter().map(|company| {
        let servers = match assignment {
            Assignment::Everything => "all",
            Assignment::Listed(_) | Assignment::Placed { .. } if assignment.holds(&company.slug) => {
                "this one"
            }
            Assignment::Listed(_) | Assignment::Placed { .. } => "not this one",
        };
        vec![company.slug.clone(), servers.to_owned()]
    });
    lines(rows.collect())
}

fn lines(rows: Vec<Vec<String>>) -> String {
    let columns = [
        text_column("company", SLUG_CELLS_MAX),
        text_column("servers", SERVERS_CELLS_MAX),
    ];
    table(&columns, &rows)
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::CompanyId;
    use uuid::Uuid;

    use super::*;

    fn companies() -> Vec<Company> {
        let company = |slug: &str| Company {
            id: CompanyId(Uuid::nil()),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            is_demonstration: false,
        };
        ["aoba", "midori"].map(company).to_vec()
    }

    #[test]
    fn a_map_has_a_line_for_each_company_with_the_first_to_ask_first() {
        let names = ["n3", "n1", "n2"].map(str::to_owned);
        let placement = Placement::new(&names, 2).unwrap();
        assert_eq!(
            map(&placement, &companies()),
            "# okaeri servers --map: 2 companies, 2 of 3 servers each\naoba n1/n3\nmidori n2/n1\n"
        );
        let shown = by_placement(&placement, &companies());
        assert_eq!(shown, "company  servers\naoba     n1, n3\nmidori   n2, n1\n");
    }

    #[test]
    fn a_server_with_a_list_says_what_it_holds_itself() {
        let listed = Assignment::listed(&["midori".to_owned()]).unwrap();
        let shown = by_assignment(&listed, &companies());
        assert_eq!(
            shown,
            "company  servers\naoba     not this one\nmidori   this one\n"
        );
        let shown = by_assignment(&Assignment::Everything, &companies());
        assert_eq!(shown, "company  servers\naoba     all\nmidori   all\n");
    }
}
