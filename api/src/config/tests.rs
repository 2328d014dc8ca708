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
    let config = Config {
        database_url: Some(Secret::new("postgres://okaeri:hunter2@localhost/okaeri")),
        ..Config::default()
    };
    assert!(!format!("{config:?}").contains("hunter2"));
}
