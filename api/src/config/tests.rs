use super::*;

fn no_env(_: &str) -> Option<String> {
    None
}

#[test]
fn the_example_file_equals_the_defaults_and_lists_every_setting() {
    let text = include_str!("../../../okaeri.example.toml");
    let example: Config = toml::from_str(text).unwrap();
    assert_eq!(example, Config::default());

    let serde_json::Value::Object(all) = serde_json::to_value(Config::default()).unwrap() else {
        panic!("a configuration is an object")
    };
    let mut section = String::new();
    let listed: Vec<String> = text
        .lines()
        .filter_map(|line| {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = format!("{name}.");
                return None;
            }
            let (key, _) = line.strip_prefix("# ").unwrap_or(line).split_once(" = ")?;
            (!key.contains(' ')).then(|| format!("{section}{key}"))
        })
        .collect();
    for (key, value) in &all {
        match value {
            serde_json::Value::Object(section) => {
                for name in section.keys() {
                    let path = format!("{key}.{name}");
                    assert!(listed.contains(&path), "{path} is not in okaeri.example.toml");
                }
            }
            _ => assert!(listed.contains(key), "{key} is not in okaeri.example.toml"),
        }
    }
}

#[test]
fn an_unknown_key_is_an_error_that_names_it_and_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("okaeri.toml");
    std::fs::write(&path, "mode = \"development\"\n[limits]\ndeepth = 3\n").unwrap();
    let overrides = Overrides {
        config: Some(path),
        ..Overrides::default()
    };
    let message = Config::load(&overrides, &no_env).unwrap_err().to_string();
    assert!(
        message.contains("deepth") && message.contains("line 3"),
        "{message}"
    );
}

#[test]
fn later_sources_win() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("okaeri.toml");
    std::fs::write(
        &path,
        "data_dir = \"a\"\n[http]\nlisten = \"127.0.0.1:1\"\n[rates]\nrequests_per_minute = 7\n",
    )
    .unwrap();
    let config_path = path.display().to_string();
    let env = |name: &str| match name {
        "OKAERI_CONFIG" => Some(config_path.clone()),
        "OKAERI_LISTEN" => Some("127.0.0.1:2".to_owned()),
        "OKAERI_DATA_DIR" => Some("b".to_owned()),
        _ => None,
    };
    let overrides = Overrides {
        data_dir: Some(PathBuf::from("c")),
        ..Overrides::default()
    };
    let config = Config::load(&overrides, &env).unwrap();
    assert_eq!(config.data_dir, PathBuf::from("c"));
    assert_eq!(config.http.listen.port(), 2);
    assert_eq!(config.rates.requests_per_minute, 7);
}

#[test]
fn development_refuses_every_address_but_loopback() {
    let with = |mode, listen: &str| {
        let overrides = Overrides {
            mode: Some(mode),
            listen: Some(listen.parse().unwrap()),
            ..Overrides::default()
        };
        let env = |name: &str| (name == "OKAERI_PUBLIC_URL").then(|| "https://okaeri.example".to_owned());
        Config::load(&overrides, &env)
    };
    assert!(with(Mode::Development, "0.0.0.0:4000").is_err());
    assert!(with(Mode::Development, "[::1]:4000").is_ok());
    assert!(with(Mode::Production, "0.0.0.0:4000").is_ok());
}

#[test]
fn a_bad_value_names_the_variable_and_what_would_do() {
    let env = |name: &str| (name == "OKAERI_RATE_LIMIT_PER_MINUTE").then(|| "many".to_owned());
    let message = Config::load(&Overrides::default(), &env).unwrap_err().to_string();
    assert_eq!(
        message,
        "OKAERI_RATE_LIMIT_PER_MINUTE is \"many\", but must be a number of requests above 0"
    );
}

#[test]
fn origins_are_compared_whole() {
    let mut config = Config::default();
    config.http.allowed_origins = vec!["https://alumni.example".to_owned()];
    assert!(config.is_allowed_origin("https://alumni.example"));
    assert!(config.is_allowed_origin("http://localhost:3000"));
    assert!(!config.is_allowed_origin("https://alumni.example.evil.test"));
    assert!(!config.is_allowed_origin("http://127.0.0.1.evil.test"));
    assert!(!config.is_allowed_origin("null"));
    config.mode = Mode::Production;
    assert!(!config.is_allowed_origin("http://localhost:3000"));
}

#[test]
fn secrets_are_not_printed() {
    let secret = || Some(Secret::new("postgres://okaeri:hunter2@localhost/okaeri"));
    let mut config = Config {
        database_url: secret(),
        exclusion_key: secret(),
        ..Config::default()
    };
    config.mail.smtp_url = secret();
    config.telemetry.metrics_token = secret();
    assert!(!format!("{config:?}").contains("hunter2"));
    let overrides = Overrides {
        database_url: secret(),
        ..Overrides::default()
    };
    assert!(!format!("{overrides:?}").contains("hunter2"));
}

#[test]
fn a_secret_of_another_type_is_refused_without_being_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("okaeri.toml");
    let overrides = Overrides {
        config: Some(path.clone()),
        ..Overrides::default()
    };
    for value in [
        "8675309",
        "-8675309",
        "8675309.5",
        "[\"8675309\"]",
        "{ a = \"8675309\" }",
        "\"8675309",
    ] {
        std::fs::write(&path, format!("[telemetry]\nmetrics_token = {value}\n")).unwrap();
        let message = Config::load(&overrides, &no_env).unwrap_err().to_string();
        assert!(
            message.contains("line 2") && !message.contains("8675309"),
            "{message}"
        );
    }
    std::fs::write(&path, "[telemetry]\nmetrics_token = \"8675309\"\n").unwrap();
    let config = Config::load(&overrides, &no_env).unwrap();
    assert_eq!(config.telemetry.metrics_token, Some(Secret::new("8675309")));
}

#[test]
fn production_sends_no_password_to_a_mail_server_in_clear() {
    let with = |mode, url: &'static str| {
        let overrides = Overrides {
            mode: Some(mode),
            ..Overrides::default()
        };
        let env = move |name: &str| match name {
            "OKAERI_PUBLIC_URL" => Some("https://okaeri.example".to_owned()),
            "OKAERI_SMTP_URL" => Some(url.to_owned()),
            _ => None,
        };
        Config::load(&overrides, &env)
    };
    for clear in [
        "smtp://okaeri:hunter2@mail.example",
        "smtp://okaeri:hunter2@mail.example:587/okaeri?tls=opportunistic",
        "smtp://okaeri:hunter2@127.0.0.1.evil.test",
        "SMTP://okaeri:hunter2@mail.example",
        " smtp://okaeri:hunter2@mail.example ",
        "smt\tp://okaeri:hunter2@mail.example",
        "smtp://okaeri:hunter2@mail.example?tls=opportunistic&tls=required",
        "smtp://okaeri:hunter2@mail.example#?tls=required",
    ] {
        let message = with(Mode::Production, clear).unwrap_err().to_string();
        assert!(
            message.contains("OKAERI_SMTP_URL") && !message.contains("hunter2"),
            "{message}"
        );
        assert!(with(Mode::Development, clear).is_ok());
    }
    for good in [
        "smtps://okaeri:hunter2@mail.example",
        "smtp://okaeri:hunter2@mail.example:587?tls=required",
        "SMTP://okaeri:hunter2@mail.example:587?tls=required",
        "smtp://okaeri:hunter2@127.0.0.1:25",
        "smtp://okaeri:hunter2@[::1]:25",
        "smtp://relay.internal:25",
    ] {
        assert!(with(Mode::Production, good).is_ok(), "{good}");
    }
}

#[test]
fn traces_are_off_by_default_and_go_to_an_address() {
    let with = |name: &'static str, value: &'static str| {
        let env = move |asked: &str| (asked == name).then(|| value.to_owned());
        Config::load(&Overrides::default(), &env)
    };
    assert_eq!(Config::default().traces.otlp_endpoint, None);
    for good in [
        "http://127.0.0.1:4318",
        "http://collector:4318/",
        "https://collector.example/v1/traces",
    ] {
        let config = with("OKAERI_OTLP_ENDPOINT", good).unwrap();
        assert_eq!(config.traces.otlp_endpoint.as_deref(), Some(good));
    }
    for wrong in [
        "collector:4318",
        "grpc://collector:4317",
        "http://",
        "http:///v1/traces",
    ] {
        let message = with("OKAERI_OTLP_ENDPOINT", wrong).unwrap_err().to_string();
        assert!(
            message.contains("traces.otlp_endpoint") && message.contains(wrong),
            "{message}"
        );
    }
    let message = with("OKAERI_OTLP_ENDPOINT", "https://okaeri:hunter2@collector.example")
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("OTEL_EXPORTER_OTLP_HEADERS") && !message.contains("hunter2"),
        "{message}"
    );
    let config = with("OKAERI_TRACES_SAMPLE_RATIO", "0.25").unwrap();
    assert_eq!(config.traces.sample_ratio, Ratio::new(0.25).unwrap());
    let message = with("OKAERI_TRACES_SAMPLE_RATIO", "25").unwrap_err().to_string();
    assert_eq!(
        message,
        "OKAERI_TRACES_SAMPLE_RATIO is \"25\", but must be a share from 0 (none) to 1 (all), such as 0.1"
    );
}

#[test]
fn a_collector_is_named_by_its_address_or_by_the_whole_path() {
    let traces = Traces::default();
    for given in ["http://c:4318", "http://c:4318/", "http://c:4318/v1/traces"] {
        assert_eq!(traces.address(given), "http://c:4318/v1/traces");
    }
}

#[test]
fn limits_of_traces_are_bounded_and_named() {
    let wrong = |change: fn(&mut Traces)| {
        let mut config = Config::default();
        change(&mut config.traces);
        config.check().unwrap_err().to_string()
    };
    assert!(wrong(|traces| traces.batch_spans = 0).contains("traces.batch_spans 0"));
    assert!(wrong(|traces| traces.batch_spans = 3_000).contains("traces.queue_spans 2048"));
    assert!(wrong(|traces| traces.queue_spans = 1_000_000).contains("at most 100000"));
    assert!(wrong(|traces| traces.export_timeout_ms = 0).contains("traces.export_timeout_ms"));
    assert!(wrong(|traces| traces.service_name = String::new()).contains("traces.service_name"));
}

#[test]
fn trusted_proxies_are_addresses_and_networks() {
    let with = |value: &'static str| {
        let env = move |name: &str| (name == "OKAERI_TRUSTED_PROXIES").then(|| value.to_owned());
        Config::load(&Overrides::default(), &env)
    };
    let config = with("127.0.0.1, 10.0.0.0/24").unwrap();
    let in_any = |address: &str| {
        let address = address.parse().unwrap();
        config
            .http
            .trusted_proxies
            .iter()
            .any(|network| network.contains(address))
    };
    assert!(in_any("127.0.0.1") && in_any("10.0.0.9") && !in_any("10.0.1.9"));
    let message = with("127.0.0.1,proxy").unwrap_err().to_string();
    assert_eq!(
        message,
        "OKAERI_TRUSTED_PROXIES is \"proxy\", but must be addresses or networks such as 10.0.0.5 or 10.0.0.0/24, separated by commas"
    );
}

#[test]
fn servers_are_checked_when_the_configuration_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("okaeri.toml");
    let load = |servers: &str, name: Option<&str>, companies: &[&str]| {
        std::fs::write(&path, format!("[servers]\n{servers}\n")).unwrap();
        let overrides = Overrides {
            config: Some(path.clone()),
            companies: companies.iter().map(|slug| (*slug).to_owned()).collect(),
            ..Overrides::default()
        };
        let env = |variable: &str| {
            name.filter(|_| variable == "OKAERI_SERVER_NAME")
                .map(str::to_owned)
        };
        Config::load(&overrides, &env)
    };
    let three = "names = [\"n1\", \"n2\", \"n3\"]";
    for (servers, name, companies, part) in [
        (
            three.to_owned(),
            Some("n4"),
            &[][..],
            "\"n4\", which is none of servers.names: n1, n2, n3",
        ),
        (
            format!("{three}\ncopies = 0"),
            Some("n1"),
            &[],
            "servers.copies is 0",
        ),
        (
            format!("{three}\ncopies = 4"),
            Some("n1"),
            &[],
            "servers.copies is 4",
        ),
        (
            "names = [\"n1\", \"n1\"]".to_owned(),
            Some("n1"),
            &[],
            "\"n1\" twice",
        ),
        (String::new(), Some("n1"), &[], "servers.names is empty"),
        (three.to_owned(), None, &["aoba"], "remove one of them"),
        (String::new(), None, &["Aoba"], "\"Aoba\""),
    ] {
        let message = load(&servers, name, companies).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }

    let holds = |config: &Config, slug: &str| config.servers.assignment().unwrap().holds(slug);
    let second = load(three, Some("n2"), &[]).unwrap();
    assert!(!holds(&second, "aoba") && holds(&second, "midori"));
    second.servers.ensure_named().unwrap();
    let listed = load("companies = [\"kaede\"]", None, &["aoba", "midori"]).unwrap();
    assert!(holds(&listed, "aoba") && !holds(&listed, "kaede"));
    // A command on another machine needs no name; a server does.
    let nameless = load(three, None, &[]).unwrap();
    assert!(holds(&nameless, "aoba") && holds(&nameless, "midori"));
    let message = nameless.servers.ensure_named().unwrap_err().to_string();
    assert!(
        message.contains("OKAERI_SERVER_NAME") && message.contains("n1, n2, n3"),
        "{message}"
    );
}

#[test]
fn companies_are_listed_in_the_environment_with_commas() {
    let env = |name: &str| (name == "OKAERI_COMPANIES").then(|| "aoba, midori".to_owned());
    let config = Config::load(&Overrides::default(), &env).unwrap();
    assert_eq!(config.servers.companies, ["aoba", "midori"]);
}
