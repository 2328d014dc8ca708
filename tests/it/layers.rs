//! The architecture as a table: which module may name which, and which crates occur where.
//!
//! Only paths in code count; comments and unit tests are free to name anything of their own crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Modules of the engine, and what each may name.
const ENGINE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("text", &[]),
    ("index", &["domain", "features", "search", "text", "thesaurus"]),
    ("thesaurus", &["text"]),
    (
        "features",
        &["domain", "interrupt", "parallel", "text", "thesaurus"],
    ),
    ("interrupt", &[]),
    (
        "ranking",
        &["domain", "features", "interrupt", "parallel", "text", "thesaurus"],
    ),
    ("search", &["domain", "features", "parallel", "text", "thesaurus"]),
    ("counterfactual", &["domain", "random", "text"]),
    ("eval", &["domain", "features", "ranking", "text"]),
    ("fixtures", &["domain", "random"]),
    ("parallel", &[]),
    ("random", &[]),
];

/// Modules of the shell, and what each may name.
///
/// `usecase`, `graphql` and `worker` reach everything through the `App` that they are given.
const API: &[(&str, &[&str])] = &[
    ("assignment", &[]),
    ("admission", &[]),
    ("clock", &[]),
    ("config", &["assignment"]),
    ("telemetry", &["config"]),
    ("private_dir", &[]),
    ("auth", &["config", "private_dir"]),
    ("mail", &["config", "private_dir"]),
    ("db", &["telemetry"]),
    ("exclusion_keys", &["config", "db", "private_dir"]),
    ("backup", &["config", "db"]),
    ("fault", &["admission", "db"]),
    ("computing", &["admission", "config", "fault", "projection"]),
    ("rate", &["config"]),
    ("corrected", &["db"]),
    ("import", &["corrected", "db"]),
    ("projection", &["assignment", "db", "fault", "telemetry"]),
    (
        "usecase",
        &[
            "admission",
            "app",
            "auth",
            "clock",
            "corrected",
            "db",
            "fault",
            "import",
            "projection",
            "rate",
            "telemetry",
        ],
    ),
    ("invariance", &["app", "db", "import", "projection", "usecase"]),
    (
        "doctor",
        &[
            "app",
            "assignment",
            "auth",
            "clock",
            "config",
            "db",
            "exclusion_keys",
            "fault",
            "mail",
            "projection",
            "telemetry",
        ],
    ),
    ("worker", &["app", "db", "mail", "telemetry", "usecase"]),
    (
        "http",
        &[
            "admission",
            "assignment",
            "auth",
            "clock",
            "config",
            "rate",
            "telemetry",
        ],
    ),
    (
        "graphql",
        &[
            "admission",
            "app",
            "auth",
            "db",
            "http",
            "rate",
            "telemetry",
            "usecase",
        ],
    ),
    (
        "app",
        &[
            "assignment",
            "auth",
            "clock",
            "computing",
            "config",
            "db",
            "exclusion_keys",
            "mail",
            "projection",
            "rate",
            "usecase",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "assignment",
            "auth",
            "backup",
            "clock",
            "config",
            "db",
            "doctor",
            "exclusion_keys",
            "graphql",
            "http",
            "import",
            "invariance",
            "mail",
            "projection",
            "telemetry",
            "usecase",
            "worker",
        ],
    ),
];

/// Crates that may occur in these modules of the engine only; an empty list: nowhere in it.
const ENGINE_CRATES: &[(&str, &[&str])] = &[
    ("tantivy", &["index"]),
    ("lindera", &["text"]),
    ("lindera_dictionary", &["text"]),
    ("ndarray", &["features", "ranking"]),
    ("tempfile", &["index"]),
    ("tracing", &["ranking"]),
    ("tokio", &[]),
    ("actix_web", &[]),
    ("async_graphql", &[]),
    ("sea_orm", &[]),
    ("rand", &[]),
    ("okaeri_api", &[]),
    ("okaeri_migrations", &[]),
];

/// Crates that may occur in these modules of the shell only.
const API_CRATES: &[(&str, &[&str])] = &[
    ("sea_orm", &["db"]),
    ("sea_orm_migration", &["db"]),
    ("okaeri_migrations", &["db"]),
    ("async_graphql", &["graphql", "http"]),
    ("async_graphql_parser", &["http"]),
    ("async_graphql_value", &["http"]),
    ("actix_web", &["http"]),
    ("actix_ws", &["http"]),
    ("lettre", &["mail"]),
    ("jsonwebtoken", &["auth"]),
    ("clap", &["cli"]),
    ("rand", &["auth", "clock"]),
    ("ring", &["db"]),
    ("rustix", &["doctor"]),
    ("opentelemetry", &["telemetry"]),
    ("opentelemetry_http", &["telemetry"]),
    ("opentelemetry_otlp", &["telemetry"]),
    ("opentelemetry_sdk", &["telemetry"]),
    ("tracing_opentelemetry", &["telemetry"]),
    ("tantivy", &[]),
    ("lindera", &[]),
    ("ndarray", &[]),
];

#[test]
fn every_module_names_only_what_the_table_allows() {
    let mut violations = Vec::new();
    for (root, table) in [("engine/src", ENGINE), ("api/src", API)] {
        for file in source_files(root) {
            let module = module_of(root, &file);
            let Some(module) = module else { continue };
            let Some((_, allowed)) = table.iter().find(|(name, _)| *name == module) else {
                violations.push(format!("{}: the module {module} is in no table", file.display()));
                continue;
            };
            let names: BTreeSet<&str> = table.iter().map(|(name, _)| *name).collect();
            for named in inner_modules(&code(&file), is_at_the_top(root, &file)) {
                let is_known = names.contains(named.as_str());
                if is_known && named != module && !allowed.contains(&named.as_str()) {
                    violations.push(format!("{}: {module} may not name {named}", file.display()));
                }
            }
        }
    }
    assert_eq!(violations, Vec::<String>::new());
}

#[test]
fn crates_occur_only_in_the_modules_that_own_them() {
    let mut violations = Vec::new();
    for (root, table) in [("engine/src", ENGINE_CRATES), ("api/src", API_CRATES)] {
        for file in source_files(root) {
            let module = module_of(root, &file).unwrap_or_default();
            let code = code(&file);
            for (name, owners) in table {
                if names_crate(&code, name) && !owners.contains(&module.as_str()) {
                    violations.push(format!("{}: {name} may not occur here", file.display()));
                }
            }
        }
    }
    assert_eq!(violations, Vec::<String>::new());
}

/// Who may name what people said about themselves for statistics: the one count of it, and the person's own export and
/// erasure.
const STATISTICS_READERS: &[&str] = &[
    "api/src/db/statistics.rs",
    "api/src/db/person.rs",
    "api/src/usecase/statistics.rs",
];

#[test]
fn what_people_say_for_statistics_is_read_by_its_count_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in source_files("api/src") {
        let name = file.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        let code = code(&file);
        let of_db = code
            .split("use crate::db::{")
            .nth(1)
            .and_then(|rest| rest.split('}').next())
            .unwrap_or_default();
        let is_named = code.contains("db::statistics")
            || code.contains("statistics_answer::")
            || of_db.contains("statistics");
        assert!(
            !is_named || STATISTICS_READERS.contains(&name.as_str()),
            "{name} may not read what people said for statistics"
        );
    }
    // Nor does anything that ranks know the questions.
    for file in source_files("engine/src") {
        let name = file.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        let is_its_own = name == "engine/src/domain/statistics.rs" || name == "engine/src/domain/mod.rs";
        assert!(
            is_its_own || !code(&file).contains("domain::statistics"),
            "{name} may not know what people said for statistics"
        );
    }
}

#[test]
fn migrations_name_nothing_of_ours() {
    for file in source_files("migrations/src") {
        let code = code(&file);
        for ours in ["okaeri_api", "okaeri_engine"] {
            assert!(!names_crate(&code, ours), "{}: {ours}", file.display());
        }
    }
}

#[test]
fn no_table_allows_what_nobody_uses() {
    let mut used: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for root in ["engine/src", "api/src"] {
        for file in source_files(root) {
            if let Some(module) = module_of(root, &file) {
                let named = inner_modules(&code(&file), is_at_the_top(root, &file));
                used.entry((root, module)).or_default().extend(named);
            }
        }
    }
    let mut unused = Vec::new();
    for (root, table) in [("engine/src", ENGINE), ("api/src", API)] {
        for (module, allowed) in table {
            // The command line is where everything may meet, and fixtures may grow into any part of the domain.
            if ["cli", "fixtures"].contains(module) {
                continue;
            }
            let named = used.get(&(root, (*module).to_owned()));
            for other in *allowed {
                if !named.is_some_and(|named| named.contains(*other)) {
                    unused.push(format!("{root}: {module} no longer names {other}"));
                }
            }
        }
    }
    assert_eq!(unused, Vec::<String>::new());
}

/// The Rust files below `root` that are part of the program.
fn source_files(root: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut files = Vec::new();
    let mut directories = vec![root];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "tests" {
                    directories.push(path);
                }
            } else if name.ends_with(".rs") && !["tests.rs", "testing.rs"].contains(&name.as_str()) {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no sources: did the layout change?");
    files
}

/// The module at the top of the crate that a file belongs to; `None` for the root itself.
fn module_of(root: &str, file: &Path) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let within = file.strip_prefix(root).unwrap();
    let first = within
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    let name = first.trim_end_matches(".rs").to_owned();
    (!["lib", "main"].contains(&name.as_str())).then_some(name)
}

/// Whether `super` is the root of the crate in this file.
fn is_at_the_top(root: &str, file: &Path) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let within = file.strip_prefix(root).unwrap();
    within.components().count() == 1 || (within.components().count() == 2 && within.ends_with("mod.rs"))
}

/// The file's code: without comments, and without the unit tests at its end.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = program.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The names that follow `crate::`, groups in braces included, and `super::` where that is the crate's root.
fn inner_modules(code: &str, is_at_the_top: bool) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    let prefixes: &[&str] = if is_at_the_top {
        &["crate::", "super::"]
    } else {
        &["crate::"]
    };
    for prefix in prefixes {
        for (start, _) in code.match_indices(prefix) {
            let rest = &code[start + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(group) => named.extend(first_names(group)),
                None => named.extend(identifier(rest)),
            }
        }
    }
    named
}

/// The first name of each part of a group, up to its closing brace.
fn first_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut is_first = true;
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => is_first = true,
            sign if is_first && sign.is_alphabetic() => {
                names.extend(identifier(&group[at..]));
                is_first = false;
            }
            _ => {}
        }
    }
    names
}

fn identifier(text: &str) -> Option<String> {
    let name: String = text
        .chars()
        .take_while(|sign| sign.is_alphanumeric() || *sign == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

/// Whether a path begins with this crate's name.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        !before.is_some_and(|sign| sign.is_alphanumeric() || sign == '_' || sign == ':')
    }) || code.contains(&format!("use {name};"))
}

#[test]
fn the_reader_of_paths_sees_groups_and_not_longer_names() {
    let code = "use crate::{app::App, db::{self, jobs}};\nlet it = crate::mail::send();";
    let expected = ["app", "db", "mail"].map(str::to_owned);
    assert_eq!(inner_modules(code, false), BTreeSet::from(expected));
    assert!(names_crate("use sea_orm::Set;", "sea_orm"));
    assert!(!names_crate("use sea_orm_migration::Set;", "sea_orm"));
    assert!(!names_crate("use crate::rand::Seed;", "rand"));
}
