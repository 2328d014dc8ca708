//! Plans the lists of a market from files.
//!
//!   cargo run --release -p okaeri-engine --example market -- --policy POLICY --p p.csv --q q.csv [--seats seats.csv]
//!       --out DIR [--alpha .5] [--beta 1] [--a .5] [--step .1] [--steps 100] [--tolerance .01]
//!
//! - POLICY: naive, product, tu, sw, nsw, alpha, abr or cap
//! - p: alumni × opportunities and q: opportunities × alumni, in `[0, 1]`; seats: one number from 1 per opportunity, in
//!   one row or one column. Commas, no header.
//! - DIR/x.csv and DIR/y.csv, both alumni × opportunities: the attention that the alumnus gives the opportunity, and
//!   the attention that the opportunity gives the alumnus.
//!
//! Without seats, everybody reads the whole list and place k gets 1/k; with seats, an alumnus reads 10, a recruiter 50,
//! and place k gets 1/log2(k + 1). Ends with 2 on a wrong argument or file, and 1 if the result cannot be written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ndarray::Array2;
use okaeri_engine::ranking::market::{
    Climb, Market, PAIRS_MAX, Places, Plan, Policy, SATURATION, Serving, Start, coordinate,
};

/// How many opportunities an alumnus looks at where there are seats.
const ALUMNUS_PLACES: usize = 10;
/// How many candidates a recruiter looks at where there are seats.
const OPPORTUNITY_PLACES: usize = 50;
/// Most seats of an opportunity: more is a slip of the finger.
const SEATS_MAX: f64 = 1e6;

const USAGE: &str = "usage: market --policy naive|product|tu|sw|nsw|alpha|abr|cap --p FILE --q FILE [--seats FILE] \
                     --out DIR [--alpha N] [--beta N] [--a N] [--step N] [--steps N] [--tolerance N]";

const OPTIONS: [&str; 11] = [
    "--policy",
    "--p",
    "--q",
    "--seats",
    "--out",
    "--alpha",
    "--beta",
    "--a",
    "--step",
    "--steps",
    "--tolerance",
];

fn main() -> ExitCode {
    let (out, market, plan) = match planned() {
        Ok(planned) => planned,
        Err(message) => {
            eprintln!("market: {message}");
            return ExitCode::from(2);
        }
    };
    match write(&out, &market, &plan) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("market: {message}");
            ExitCode::from(1)
        }
    }
}

fn planned() -> Result<(PathBuf, Market, Plan), String> {
    let options = options(std::env::args().skip(1))?;
    let path = |name: &str| {
        let value = options.get(name).map(PathBuf::from);
        value.ok_or_else(|| format!("{name} is missing; {USAGE}"))
    };
    let (p_path, q_path, out) = (path("--p")?, path("--q")?, path("--out")?);
    let seats_path = options.get("--seats").map(PathBuf::from);
    let policy = policy(&options, seats_path.is_some())?;
    let market = market(&p_path, &q_path, seats_path.as_deref())?;
    let plan = coordinate(&market, policy).map_err(|error| error.to_string())?;
    Ok((out, market, plan))
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<BTreeMap<String, String>, String> {
    let mut options = BTreeMap::new();
    while let Some(name) = arguments.next() {
        if !OPTIONS.contains(&name.as_str()) {
            return Err(format!("unknown argument {name}; {USAGE}"));
        }
        let value = arguments
            .next()
            .ok_or_else(|| format!("{name} needs a value; {USAGE}"))?;
        if options.insert(name.clone(), value).is_some() {
            return Err(format!("{name} is given twice"));
        }
    }
    Ok(options)
}

fn policy(options: &BTreeMap<String, String>, has_seats: bool) -> Result<Policy, String> {
    let number = |name: &str, otherwise: f64| match options.get(name) {
        None => Ok(otherwise),
        Some(text) => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            Ok(_) | Err(_) => Err(format!("{name} {text} is not a number")),
        },
    };
    let published = if has_seats { Climb::SEATS } else { Climb::PUBLISHED };
    let n_steps = number("--steps", published.n_steps_max as f64)?;
    if n_steps.fract() != 0.0 || n_steps < 1.0 {
        return Err(format!("--steps {n_steps} is not a whole number from 1"));
    }
    let climb = Climb {
        step: number("--step", published.step)?,
        n_steps_max: n_steps as usize,
        tolerance: number("--tolerance", published.tolerance)?,
        ..published
    };
    let name = options.get("--policy").map(String::as_str);
    match name.ok_or_else(|| format!("--policy is missing; {USAGE}"))? {
        "naive" => Ok(Policy::Naive),
        "product" => Ok(Policy::Product),
        "tu" => Ok(Policy::Transferable {
            beta: number("--beta", if has_seats { 0.1 } else { 1.0 })?,
        }),
        "sw" => Ok(Policy::Welfare(climb)),
        "nsw" => Ok(Policy::Nash(Climb {
            start: Start::Uniform,
            ..climb
        })),
        "alpha" => Ok(Policy::Alpha {
            alpha: number("--alpha", 0.5)?,
            climb,
        }),
        "abr" => Ok(Policy::BestResponse),
        "cap" => Ok(Policy::Capacity {
            a: number("--a", SATURATION)?,
            climb: Climb {
                start: Climb::SEATS.start,
                serving: Serving::Fixed,
                ..climb
            },
        }),
        other => Err(format!("unknown policy {other}; {USAGE}")),
    }
}

fn market(p_path: &Path, q_path: &Path, seats_path: Option<&Path>) -> Result<Market, String> {
    let p = matrix(p_path, 0.0, 1.0)?;
    let q = matrix(q_path, 0.0, 1.0)?;
    let (n, m) = p.dim();
    if q.dim() != (m, n) {
        let (rows, columns) = q.dim();
        return Err(format!(
            "{}: {rows} rows of {columns} columns where {} asks for {m} rows of {n}",
            q_path.display(),
            p_path.display()
        ));
    }
    let (seats, places) = match seats_path {
        None => (vec![1; m], (Places::reciprocal(m), Places::reciprocal(n))),
        Some(path) => {
            let places = (
                Places::logarithmic(ALUMNUS_PLACES),
                Places::logarithmic(OPPORTUNITY_PLACES),
            );
            (seats(path, m)?, places)
        }
    };
    Market::dense(p.view(), q.view(), &seats, places.0, places.1).map_err(|error| error.to_string())
}

/// In one row or one column.
fn seats(path: &Path, m: usize) -> Result<Vec<u32>, String> {
    let table = matrix(path, 1.0, SEATS_MAX)?;
    let (rows, columns) = table.dim();
    if (rows != 1 && columns != 1) || rows * columns != m {
        return Err(format!(
            "{}: {rows} rows of {columns} columns where one row or one column of {m} is expected",
            path.display()
        ));
    }
    let mut seats = Vec::with_capacity(m);
    for ((row, column), &value) in table.indexed_iter() {
        if value.fract() != 0.0 {
            let place = format!("{}: row {}, column {}", path.display(), row + 1, column + 1);
            return Err(format!("{place}: {value} is not a whole number"));
        }
        seats.push(value as u32);
    }
    Ok(seats)
}

/// A table of numbers between `least` and `most`, without a header.
fn matrix(path: &Path, least: f64, most: f64) -> Result<Array2<f64>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{}: not UTF-8", path.display()))?;
    let mut values = Vec::new();
    let (mut n_rows, mut n_columns) = (0, 0);
    for (at, line) in text.trim_start_matches('\u{feff}').trim_end().lines().enumerate() {
        let row = at + 1;
        let before = values.len();
        for (column, cell) in line.split(',').enumerate() {
            values.push(number(cell.trim(), least, most).map_err(|problem| {
                format!("{}: row {row}, column {}: {problem}", path.display(), column + 1)
            })?);
            if values.len() > PAIRS_MAX {
                return Err(format!(
                    "{}: more than the maximum of {PAIRS_MAX} numbers",
                    path.display()
                ));
            }
        }
        let n_here = values.len() - before;
        if row == 1 {
            n_columns = n_here;
        } else if n_here != n_columns {
            let place = format!("{}: row {row}", path.display());
            return Err(format!("{place}: {n_here} columns where row 1 has {n_columns}"));
        }
        n_rows = row;
    }
    if values.is_empty() {
        return Err(format!("{}: no rows", path.display()));
    }
    Array2::from_shape_vec((n_rows, n_columns), values)
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn number(cell: &str, least: f64, most: f64) -> Result<f64, String> {
    match cell.parse::<f64>() {
        Err(_) => Err(format!("{cell:?} is not a number")),
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        Ok(_) => Err(format!("{cell} is not between {least} and {most}")),
    }
}

fn write(out: &Path, market: &Market, plan: &Plan) -> Result<(), String> {
    fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    for (name, attention) in [
        ("x.csv", &plan.alumnus_attention),
        ("y.csv", &plan.opportunity_attention),
    ] {
        let mut text = String::new();
        for row in attention.chunks(market.n_opportunities()) {
            for (column, value) in row.iter().enumerate() {
                let comma = if column == 0 { "" } else { "," };
                // Writing to a string cannot fail.
                let _ = write!(text, "{comma}{value}");
            }
            text.push('\n');
        }
        let path = out.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
