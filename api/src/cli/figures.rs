//! Figures of rankings as people and programs read them: a line for each ranking and kind.

use std::fmt::Write as _;

use okaeri_engine::eval::{Ablation, Estimate, Figures, Interval, Measured, Pairs, Summary, summarize};
use serde_json::{Map, Value, json};

use super::output::{TableColumn, table, text_column};

/// One way of ranking, measured on all lists.
pub(crate) struct System {
    /// A stable name.
    pub(crate) code: &'static str,
    /// What it is, in a few words.
    pub(crate) what: String,
    pub(crate) measured: Vec<Measured>,
}

const fn figure_column(title: &'static str) -> TableColumn {
    TableColumn {
        title,
        cells_max: 32,
        is_number: true,
    }
}

const FIGURE_COLUMNS: [TableColumn; 5] = [
    figure_column("nDCG@10"),
    figure_column("P@5"),
    figure_column("recall@50"),
    figure_column("fit above decoy"),
    figure_column("gap above decoy"),
];

/// A line for each ranking and kind.
pub(crate) fn systems_table(systems: &[System]) -> String {
    let [ndcg, precision, recall, fit, gap] = FIGURE_COLUMNS;
    let columns = [
        text_column("ranking", 24),
        text_column("kind", 20),
        figure_column("lists"),
        ndcg,
        precision,
        recall,
        fit,
        gap,
    ];
    let mut rows = Vec::new();
    for system in systems {
        for summary in summarize(&system.measured) {
            let mut row = vec![
                system.code.to_owned(),
                summary.kind.to_owned(),
                summary.n_lists.to_string(),
            ];
            row.extend(figure_cells(&summary.figures));
            rows.push(row);
        }
    }
    let mut text = String::new();
    for system in systems {
        let _ = writeln!(text, "{}: {}", system.code, system.what);
    }
    text + "[ ]: 95 % intervals; means by drawing lists anew, shares after Wilson\n\n"
        + &table(&columns, &rows)
}

fn figure_cells(figures: &Figures) -> [String; 5] {
    let estimate = |one: Estimate| {
        let Interval { low, high } = one.interval;
        format!("{:.3} [{low:.2}, {high:.2}]", one.mean)
    };
    [
        estimate(figures.ndcg_at_10),
        estimate(figures.precision_at_5),
        estimate(figures.recall_at_50),
        pairs_cell(figures.fit_above_decoy),
        pairs_cell(figures.gap_above_decoy),
    ]
}

fn pairs_cell(pairs: Pairs) -> String {
    if pairs.n_all == 0 {
        return "-".to_owned();
    }
    let percent = |share: f64| 100.0 * share;
    let Interval { low, high } = pairs.interval();
    format!(
        "{}/{} ({:.0} %) [{:.0}, {:.0}]",
        pairs.n_in_order,
        pairs.n_all,
        percent(pairs.n_in_order as f64 / pairs.n_all as f64),
        percent(low),
        percent(high)
    )
}

/// System, kind, lists, nDCG@10, P@5, recall@50, and pairs in order of fit and of gap above decoy.
pub(crate) fn systems_tsv(systems: &[System]) -> String {
    let mut text = String::new();
    for system in systems {
        for row in summarize(&system.measured) {
            let figures = row.figures;
            let _ = writeln!(
                text,
                "{}\t{}\t{}\t{}\t{}\t{}\t{}/{}\t{}/{}",
                system.code,
                row.kind,
                row.n_lists,
                figures.ndcg_at_10.mean,
                figures.precision_at_5.mean,
                figures.recall_at_50.mean,
                figures.fit_above_decoy.n_in_order,
                figures.fit_above_decoy.n_all,
                figures.gap_above_decoy.n_in_order,
                figures.gap_above_decoy.n_all
            );
        }
    }
    text
}

/// Each list under each ranking.
pub(crate) fn lists_table(systems: &[System]) -> String {
    let columns = [
        text_column("ranking", 24),
        text_column("opportunity", 16),
        figure_column("nDCG@10"),
        text_column("first ten, with grades", 160),
    ];
    let mut rows = Vec::new();
    for system in systems {
        for list in &system.measured {
            let first = list
                .first
                .iter()
                .map(|(alumnus, grade)| format!("{alumnus}:{grade}"));
            rows.push(vec![
                system.code.to_owned(),
                list.opportunity.clone(),
                format!("{:.3}", list.ndcg_at_10),
                first.collect::<Vec<_>>().join(" "),
            ]);
        }
    }
    table(&columns, &rows)
}

/// A line for each part that was taken out, beside the whole.
pub(crate) fn ablation_table(whole: &[Measured], rows: &[Ablation]) -> String {
    let [ndcg, precision, recall, fit, gap] = FIGURE_COLUMNS;
    let columns = [
        text_column("without", 28),
        figure_column("weight"),
        figure_column("change"),
        ndcg,
        precision,
        recall,
        fit,
        gap,
    ];
    let all = summarize(whole).pop();
    let mut cells = Vec::new();
    if let Some(all) = &all {
        let mut row = vec!["-".to_owned(), "1.000".to_owned(), String::new()];
        row.extend(figure_cells(&all.figures));
        cells.push(row);
    }
    for row in rows {
        let before = all.as_ref().map_or(0.0, |all| all.figures.ndcg_at_10.mean);
        let change = row.figures.ndcg_at_10.mean - before;
        let group = if row.is_group { " (group)" } else { "" };
        let mut line = vec![
            format!("{}{group}", row.without),
            format!("{:.3}", row.weight),
            format!("{change:+.3}"),
        ];
        line.extend(figure_cells(&row.figures));
        cells.push(line);
    }
    table(&columns, &cells)
}

pub(crate) fn systems_json(systems: &[System]) -> Value {
    let documents = systems.iter().map(|system| {
        json!({
            "system": system.code,
            "description": system.what,
            "kinds": kinds_json(&system.measured),
            "lists": system.measured.iter().map(list_json).collect::<Vec<_>>(),
        })
    });
    Value::Array(documents.collect())
}

pub(crate) fn kinds_json(measured: &[Measured]) -> Value {
    let kind = |summary: Summary| {
        let mut object = Map::new();
        object.insert("kind".to_owned(), json!(summary.kind));
        object.insert("opportunities".to_owned(), json!(summary.n_lists));
        object.extend(figures_json(&summary.figures));
        Value::Object(object)
    };
    Value::Array(summarize(measured).into_iter().map(kind).collect())
}

pub(crate) fn figures_json(figures: &Figures) -> Map<String, Value> {
    let interval = |interval: Interval| json!([interval.low, interval.high]);
    let pairs = |pairs: Pairs| json!({"inOrder": pairs.n_in_order, "all": pairs.n_all, "interval": interval(pairs.interval())});
    let mut object = Map::new();
    for (key, estimate) in [
        ("ndcgAt10", figures.ndcg_at_10),
        ("precisionAt5", figures.precision_at_5),
        ("recallAt50", figures.recall_at_50),
    ] {
        object.insert(key.to_owned(), json!(estimate.mean));
        object.insert(format!("{key}Interval"), interval(estimate.interval));
    }
    object.insert("fitAboveDecoy".to_owned(), pairs(figures.fit_above_decoy));
    object.insert("gapAboveDecoy".to_owned(), pairs(figures.gap_above_decoy));
    object
}

fn list_json(list: &Measured) -> Value {
    let first = list
        .first
        .iter()
        .map(|(alumnus, grade)| json!({"alumnus": alumnus, "grade": grade}));
    json!({
        "opportunity": list.opportunity,
        "kind": list.kind.code(),
        "ndcgAt10": list.ndcg_at_10,
        "precisionAt5": list.precision_at_5,
        "recallAt50": list.recall_at_50,
        "first": first.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_means_carry_their_intervals() {
        assert_eq!(pairs_cell(Pairs::default()), "-");
        let pairs = Pairs {
            n_in_order: 10,
            n_all: 20,
        };
        assert_eq!(pairs_cell(pairs), "10/20 (50 %) [30, 70]");
        let estimate = Estimate {
            mean: 0.8,
            interval: Interval { low: 0.7, high: 0.9 },
        };
        let figures = Figures {
            ndcg_at_10: estimate,
            precision_at_5: estimate,
            recall_at_50: estimate,
            fit_above_decoy: pairs,
            gap_above_decoy: Pairs::default(),
        };
        assert_eq!(figure_cells(&figures)[0], "0.800 [0.70, 0.90]");
        let keys: Vec<String> = figures_json(&figures).keys().cloned().collect();
        for key in ["ndcgAt10", "ndcgAt10Interval", "fitAboveDecoy", "gapAboveDecoy"] {
            assert!(keys.iter().any(|one| one == key), "{key}");
        }
    }
}
