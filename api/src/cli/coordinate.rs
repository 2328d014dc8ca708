//! `coordinate`

use okaeri_engine::domain::Alpha;
use okaeri_engine::ranking::market::{self, Coordination, MultipliersError};
use serde_json::{Value, json};

use super::args::{CoordinateArgs, Format};
use super::failure::CliError;
use super::output::{number_column, print, remark, table, text_column};
use super::ranking::{Session, json_text};
use crate::config::Config;
use crate::db;
use crate::projection::run_blocking;
use crate::usecase::coordination;

/// How many markets are simulated: the noise in the share of seats is about a thousandth.
const MARKETS: usize = 200;
/// How likely mutual interest is to end in a seat, as in the published market.
const ACCEPTANCE: f64 = 0.3;
/// Expected matches that make a real chance, as in the published market.
const REAL_CHANCE: f64 = 0.05;

/// Plans, prints what the lists are worth without and with the plan, and stores it where the programme asks for one.
pub(crate) async fn run(config: &Config, args: &CoordinateArgs) -> Result<(), CliError> {
    let session = Session::open(config, &args.company).await?;
    let setting = db::coordination::find(&session.app.db, session.company.id).await?;
    let alpha = setting.setting.alpha;
    let candidacies = session.candidacies().await?;
    let outlooks = run_blocking(move || {
        let request = candidacies.request(alpha);
        let alone = Coordination {
            alpha: 0.0,
            ..request
        };
        Ok::<_, MultipliersError>([outlook(&alone)?, outlook(&request)?])
    });
    let [without, with] = outlooks
        .await?
        .map_err(|error| CliError::Failed(error.to_string()))?;
    print(&match args.format {
        Format::Table => table_of(alpha, &without, &with),
        Format::Json => json_text(&json!({
            "alpha": alpha.get(),
            "isEnabled": setting.setting.is_enabled,
            "without": without.json(),
            "with": with.json(),
        })),
        Format::Tsv => format!("without\t{}\nwith\t{}\n", without.tsv(), with.tsv()),
    })?;
    if !setting.setting.is_enabled {
        remark("coordination is off for this company: nothing is stored, and its lists stand by themselves");
        return Ok(());
    }
    match coordination::plan_now(&session.app, session.company.id, setting).await? {
        Some(_) => remark("the plan is stored: the next lists are coordinated by it"),
        None => remark("somebody else changed the setting or planned meanwhile: theirs stays"),
    }
    Ok(())
}

/// What lists are worth.
struct Outlook {
    n_alumni: usize,
    n_opportunities: usize,
    n_matches: f64,
    hiring: market::Hiring,
    n_with_a_chance: usize,
}

fn outlook(request: &Coordination<'_>) -> Result<Outlook, MultipliersError> {
    let multipliers = market::coordinate_lists(request)?;
    let (market, plan) = market::lists_with(request, &multipliers)?;
    let mut draws = Draws(0);
    Ok(Outlook {
        n_alumni: market.n_alumni(),
        n_opportunities: market.n_opportunities(),
        n_matches: market::matches(&market, &plan),
        hiring: market::simulate(&market, &plan, ACCEPTANCE, MARKETS, || draws.next()),
        n_with_a_chance: market::n_with_a_chance(&market, &plan, REAL_CHANCE),
    })
}

impl Outlook {
    fn share_with_a_chance(&self) -> f64 {
        self.n_with_a_chance as f64 / self.n_alumni.max(1) as f64
    }

    fn json(&self) -> Value {
        json!({
            "alumni": self.n_alumni,
            "opportunities": self.n_opportunities,
            "expectedMatches": self.n_matches,
            "seatsFilled": self.hiring.filled,
            "opportunitiesEmpty": self.hiring.empty,
            "alumniWithAChance": self.share_with_a_chance(),
        })
    }

    fn tsv(&self) -> String {
        format!(
            "{:.4}\t{:.4}\t{:.4}\t{:.4}",
            self.n_matches,
            self.hiring.filled,
            self.hiring.empty,
            self.share_with_a_chance()
        )
    }
}

fn table_of(alpha: Alpha, without: &Outlook, with: &Outlook) -> String {
    let columns = [
        text_column("", 32),
        number_column("without"),
        number_column("with"),
    ];
    let row = |name: &str, of: fn(&Outlook) -> f64| {
        vec![
            name.to_owned(),
            format!("{:.3}", of(without)),
            format!("{:.3}", of(with)),
        ]
    };
    let rows = [
        row("expected matches", |one| one.n_matches),
        row("seats filled", |one| one.hiring.filled),
        row("opportunities without anybody", |one| one.hiring.empty),
        row("alumni with a real chance", Outlook::share_with_a_chance),
    ];
    format!(
        "{} candidates of {} open opportunities, alpha {}\n",
        without.n_alumni,
        without.n_opportunities,
        alpha.get()
    ) + &table(&columns, &rows)
}

/// Draws in `[0, 1)`, the same each time: SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((word ^ (word >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
