//! What `deploy/` and `docs/OPERATIONS.md` say of the server is what the server does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use okaeri_api::config::{Config, Mode, Overrides};
use serde_json::Value;

use crate::harness::{Kind, TestApp, alumnus, role};

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The names and the labels of all metrics that a server serves once somebody has asked something.
async fn served() -> BTreeMap<String, BTreeSet<String>> {
    let app = TestApp::spawn(Kind::Sqlite).await;
    app.import(&[alumnus("a001"), role("r01")]).await;
    app.recruiter().candidates("r01", "").await;
    let (status, text) = app.download("/metrics").await;
    assert_eq!(status, 200);
    app.stop().await;
    let mut metrics: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        let name = line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.split(' ').next());
        if let Some(name) = name {
            metrics.insert(name.to_owned(), BTreeSet::new());
        }
        let Some((sample, rest)) = line.split_once('{').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let labels = rest.split('}').next().unwrap().split(',');
        let labels = labels
            .filter_map(|label| label.split('=').next())
            .map(str::to_owned);
        metrics.get_mut(family(sample)).unwrap().extend(labels);
    }
    metrics
}

/// The metric that a sample of a histogram belongs to.
fn family(sample: &str) -> &str {
    let ends = ["_bucket", "_sum", "_count"];
    ends.iter()
        .find_map(|end| sample.strip_suffix(end))
        .unwrap_or(sample)
}

/// The words of ours in a text, each with what stands in the braces behind it.
fn metrics_in(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("okaeri_") {
        let rest = &text[start..];
        let end = rest
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or(rest.len());
        let braces = rest[end..]
            .strip_prefix('{')
            .and_then(|rest| rest.split('}').next());
        found.push((
            family(&rest[..end]).to_owned(),
            braces.unwrap_or_default().to_owned(),
        ));
    }
    found
}

fn expressions(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value.as_str() {
                    Some(text) if key == "expr" || key == "query" => into.push(text.to_owned()),
                    _ => expressions(value, into),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| expressions(value, into)),
        _ => {}
    }
}

#[tokio::test]
async fn the_dashboard_and_the_handbook_name_the_metrics_that_are_served_and_no_others() {
    let served = served().await;
    let names: BTreeSet<String> = served.keys().cloned().collect();
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana-dashboard.json")).unwrap();
    let mut all = Vec::new();
    expressions(&dashboard, &mut all);
    let mut shown = BTreeSet::new();
    for expression in &all {
        for (name, selector) in metrics_in(expression) {
            let labels = served
                .get(&name)
                .unwrap_or_else(|| panic!("{expression}: no metric {name}"));
            for label in selector.split(',').filter(|label| !label.is_empty()) {
                let label = label.split(['=', '!', '~']).next().unwrap();
                assert!(
                    label == "job" || labels.contains(label),
                    "{expression}: no label {label}"
                );
            }
            let grouped = expression
                .split("by (")
                .nth(1)
                .and_then(|rest| rest.split(')').next());
            for label in grouped.into_iter().flat_map(|labels| labels.split(", ")) {
                assert!(
                    label == "instance" || labels.contains(label),
                    "{expression}: no label {label}"
                );
            }
            shown.insert(name);
        }
    }
    assert_eq!(shown, names, "the dashboard shows every metric");

    let documented: BTreeSet<String> = metrics_in(&read("docs/OPERATIONS.md"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(documented, names, "docs/OPERATIONS.md says what each means");
}

fn loaded(path: &str) -> Config {
    let overrides = Overrides {
        config: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)),
        ..Overrides::default()
    };
    Config::load(&overrides, &|_| None).unwrap()
}

/// The value behind `NAME=` or `NAME ` in a line of a unit or a proxy's configuration.
fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text
        .lines()
        .map(str::trim)
        .find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("there is no {name}")).trim()
}

#[test]
fn the_service_waits_for_what_a_stop_takes_and_the_proxy_looks_in_time() {
    let config = loaded("deploy/okaeri.toml");
    assert_eq!(config.mode, Mode::Production);
    let unit = read("deploy/okaeri.service");
    let stop_s: u64 = value(&unit, "TimeoutStopSec=").parse().unwrap();
    // Ten seconds for the last commit of the index.
    assert!(
        stop_s >= config.http.leave_s + config.http.drain_s + 10,
        "{stop_s}"
    );
    let container = read("deploy/Containerfile");
    let (_, rest) = container.split_once("--stop-timeout ").unwrap();
    assert!(
        rest.starts_with(&format!("{stop_s} ")),
        "the container has the time of the service"
    );

    let proxy = read("deploy/haproxy.cfg");
    let check = value(&proxy, "default-server check inter ");
    let interval_ms: u64 = check.split("ms").next().unwrap().parse().unwrap();
    assert!(config.http.leave_s * 1_000 >= 2 * interval_ms, "{check}");
    // Signing in has the time of an operation, and then the operation has it.
    let answer_s = value(&proxy, "timeout server ").strip_suffix('s').unwrap();
    let answer_ms = answer_s.parse::<u64>().unwrap() * 1_000;
    assert!(answer_ms > 2 * config.limits.execution_ms, "{answer_ms}");
}

#[test]
fn the_proxy_says_whose_a_request_is_and_is_believed() {
    let config = loaded("deploy/okaeri.toml");
    let (proxy, other): (IpAddr, IpAddr) = ("127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap());
    let believes = |address| {
        let mut trusted = config.http.trusted_proxies.iter();
        trusted.any(|network| network.contains(address))
    };
    assert!(believes(proxy) && !believes(other));
    assert!(config.http.listen.ip().is_loopback());
    let proxy = read("deploy/haproxy.cfg");
    assert_eq!(value(&proxy, "option forwardfor"), "");
    assert_eq!(value(&proxy, "http-request del-header traceparent"), "");
}

#[test]
fn the_data_directory_is_made_before_the_first_command() {
    let command = "install -d -m 700 -o okaeri -g okaeri /var/lib/okaeri";
    let unit = read("deploy/okaeri.service");
    let (head, _) = unit.split_once("[Unit]").unwrap();
    assert!(head.contains(command));
    let handbook = read("docs/OPERATIONS.md");
    let (before, _) = handbook.split_once("\nokaeri migrate\n").unwrap();
    assert!(before.contains(command));
}

#[test]
fn the_proxy_reads_what_the_map_says_and_browsers_may_send() {
    let proxy = read("deploy/haproxy.cfg");
    // As `okaeri servers --map` prints it: the servers of a company with slashes between.
    for place in 1..=okaeri_api::config::Servers::default().copies {
        let rule = format!("use-server %[var(txn.servers),field({place},/)]");
        assert!(proxy.contains(&rule), "{rule}");
    }
    let header = value(&proxy, "http-request set-var(txn.company) req.hdr(");
    let header = header.strip_suffix(')').unwrap();
    assert!(read("api/src/http/graphql.rs").contains(&format!("accept-language, {header}\"")));
    let handbook = read("docs/OPERATIONS.md").to_ascii_lowercase();
    assert!(handbook.contains(&format!("`{header}`")));
}

#[tokio::test]
async fn what_deploy_asks_the_server_is_answered() {
    let app = TestApp::spawn(Kind::Sqlite).await;
    let proxy = read("deploy/haproxy.cfg");
    let ready = value(&proxy, "option httpchk GET ");
    let container = read("deploy/Containerfile");
    let (_, rest) = container.split_once("'GET ").unwrap();
    let live = rest.split(' ').next().unwrap();
    assert_eq!((ready, live), ("/readyz", "/healthz"));
    let client = reqwest::Client::new();
    for path in [ready, live] {
        let answer = client
            .get(format!("http://{}{path}", app.address()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    app.stop().await;
}

#[test]
fn every_variable_that_deploy_sets_is_one_that_is_read() {
    let known = read("api/src/config/mod.rs");
    for file in [
        "deploy/Containerfile",
        "deploy/okaeri.service",
        "deploy/okaeri.toml",
        "docs/OPERATIONS.md",
    ] {
        let text = read(file);
        for (start, _) in text.match_indices("OKAERI_") {
            let rest = &text[start..];
            let end = rest
                .find(|c: char| !c.is_ascii_uppercase() && c != '_')
                .unwrap_or(rest.len());
            let name = &rest[..end];
            // The proxy's own.
            if name != "OKAERI_PROXY" && !name.ends_with('_') {
                assert!(
                    known.contains(&format!("\"{name}\"")),
                    "{file}: nobody reads {name}"
                );
            }
        }
    }
}

#[test]
fn what_the_handbook_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = read("docs/OPERATIONS.md");
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path: PathBuf = root.join("docs").join(target.split('#').next().unwrap());
        assert!(target.starts_with("https://") || path.exists(), "{target}");
    }
}
