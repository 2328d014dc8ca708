//! `docs/GUARANTEES.md` tells the truth: every row is there, and every test that it names exists.

use std::path::Path;

/// The rows that the product promises.
const ROWS: &[&str] = &[
    "C01", "C02", "C07", "C08", "C09", "C10", "C11", "C12", "C14", "C15", "C16", "C17", "C18", "C19", "C20",
    "C24", "C25", "C26", "C27", "C28", "A1", "A2", "A3", "A4", "A5", "P1", "P2", "P3", "P4", "P5", "L1",
    "L2", "L3", "T1", "T2", "T3",
];

#[test]
fn every_guarantee_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/GUARANTEES.md")).unwrap();
    let mut missing = Vec::new();
    let mut rows = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (row, tests) = (cells[1], cells[3]);
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            continue;
        }
        rows.push(row.to_owned());
        for test in named {
            if !exists(root, test) {
                missing.push(format!("{row}: {test}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(rows, ROWS);
}

/// Whether a test of this path is in the sources: `file::test`, or a module path in a crate. A function that only helps
/// one is none.
pub(crate) fn exists(root: &Path, test: &str) -> bool {
    let (path, name) = test.rsplit_once("::").unwrap();
    let parts: Vec<&str> = path.split("::").collect();
    let base = match parts.first() {
        Some(&"engine" | &"api") => root.join(parts[0]).join("src"),
        _ => root.join("tests/it"),
    };
    let within = match parts.first() {
        Some(&"engine" | &"api") => &parts[1..],
        _ => &parts[..],
    };
    // A module of tests may stand in its parent's file.
    (0..=within.len()).rev().any(|n| {
        let file = base.join(within[..n].join("/"));
        [file.with_extension("rs"), file.join("mod.rs")]
            .iter()
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .any(|text| is_run(&text, name))
    })
}

/// Whether the function `name` is run as a test: by its attribute, or by the list of those that run on both databases.
fn is_run(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declared = format!("fn {name}(");
    let Some(line) = lines.iter().position(|line| line.contains(&declared)) else {
        return false;
    };
    let attributes = lines[..line]
        .iter()
        .rev()
        .take_while(|line| line.starts_with("#["));
    let listed = format!("{name};");
    attributes.into_iter().any(|line| line.ends_with("test]")) || lines.contains(&listed.as_str())
}
