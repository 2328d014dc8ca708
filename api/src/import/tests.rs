//! Whole files, good and bad.

use encoding_rs::SHIFT_JIS;
use okaeri_engine::domain::{Interest, LanguageLevel, OpportunityStatus, RemotePreference, Terms};

use super::*;

const DEMO_ALUMNI: &[u8] = include_bytes!("../../../demo/alumni.jsonl");
const DEMO_OPPORTUNITIES: &[u8] = include_bytes!("../../../demo/opportunities.jsonl");

fn alumni(text: &str) -> Parsed<AlumnusRow> {
    parse_alumni(text.as_bytes()).unwrap()
}

fn opportunities(text: &str) -> Parsed<OpportunityRow> {
    parse_opportunities(text.as_bytes()).unwrap()
}

/// Line, column, value and reason of the errors.
fn errors<T>(parsed: &Parsed<T>) -> Vec<(u64, &str, &str, &str)> {
    parsed
        .errors
        .iter()
        .map(|error| {
            (
                error.line,
                error.column.as_deref().unwrap_or(""),
                error.value.as_deref().unwrap_or(""),
                error.reason.as_str(),
            )
        })
        .collect()
}

#[test]
fn the_demonstration_company_is_read_whole() {
    let parsed = parse_alumni(DEMO_ALUMNI).unwrap();
    assert_eq!(errors(&parsed), []);
    assert_eq!(parsed.rows.len(), 462);
    assert!(parsed.dropped.is_empty() && parsed.ignored.is_empty());
    let first = &parsed.rows[0];
    assert_eq!(first.external_id, "a001");
    assert_eq!(first.name.kana.as_deref(), Some("ミヤケ ナオコ"));
    assert_eq!(first.leave_reason.as_deref(), Some("CAREER_CHANGE"));
    assert_eq!(
        first.interests.as_deref(),
        Some(&[Interest::Rehire, Interest::ContractWork][..])
    );
    assert_eq!(first.profile.tenures[0].from.to_string(), "2011-04");

    let parsed = parse_opportunities(DEMO_OPPORTUNITIES).unwrap();
    assert_eq!((parsed.rows.len(), parsed.n_failed), (20, 0));
    assert!(parsed.rows.iter().all(|row| row.status.is_none()));
    let slot = parsed.rows.iter().find(|row| row.external_id == "s03").unwrap();
    let Terms::SpeakerSlot(terms) = &slot.terms else {
        panic!("{:?}", slot.terms)
    };
    assert_eq!(terms.held_on.unwrap().to_string(), "2027-02-24");
    assert_eq!(terms.honorarium.as_deref(), Some("謝礼3万円"));
}

const HR_CSV: &str = "社員番号,氏名,ﾌﾘｶﾞﾅ,メール,生年月日,性別,都道府県,部署,役職,入社年月,退職年月,業務内容,スキル,希望,勤務形態,週時間,開始可能,語学,社内メモ\r\n\
Ａ００１,髙橋　花子,ﾀｶﾊｼ ﾊﾅｺ,Ｈａｎａｋｏ＠example.jp,昭和53年4月1日,女,神奈川,経理部,主任,H13.4.1,平成31年3月31日,\"決算。\n開示も担当\",連結決算、開示;Excel,再雇用、登壇,ハイブリッド,２０時間,即日,英語:ビジネス;中国語（日常会話）,x\r\n\
A001,髙橋　花子,ﾀｶﾊｼ ﾊﾅｺ,Ｈａｎａｋｏ＠example.jp,昭和53年4月1日,女,神奈川,総務部,,1998/4,2001年3月,,連結決算、開示;Excel,再雇用、登壇,ハイブリッド,２０時間,即日,英語:ビジネス;中国語（日常会話）,\r\n\
A002,鈴木　一郎,,,,,海外,営業部,,20110401,R5.3,,,,,,,,\r\n";

#[test]
fn a_csv_of_an_hr_system_is_read_in_every_encoding() {
    let (cp932, _, had_errors) = SHIFT_JIS.encode(HR_CSV);
    assert!(!had_errors);
    let with_mark = format!("\u{feff}{HR_CSV}");
    for bytes in [HR_CSV.as_bytes(), with_mark.as_bytes(), &cp932] {
        let parsed = parse_alumni(bytes).unwrap();
        assert_eq!(errors(&parsed), []);
        assert_eq!(parsed.rows.len(), 2);
        let hanako = &parsed.rows[0];
        assert_eq!((hanako.line, hanako.external_id.as_str()), (2, "A001"));
        assert_eq!(hanako.name.kanji, "髙橋 花子");
        assert_eq!(hanako.name.kana.as_deref(), Some("タカハシ ハナコ"));
        assert_eq!(hanako.email.as_deref(), Some("hanako@example.jp"));
        assert_eq!(hanako.profile.prefecture.unwrap().name(), "神奈川県");
        assert_eq!(hanako.profile.skills, ["連結決算", "開示", "Excel"]);
        let periods: Vec<String> = hanako
            .profile
            .tenures
            .iter()
            .map(|tenure| format!("{} {} {}", tenure.department, tenure.from, tenure.to.unwrap()))
            .collect();
        assert_eq!(periods, ["経理部 2001-04 2019-03", "総務部 1998-04 2001-03"]);
        assert_eq!(hanako.profile.tenures[0].description, "決算。\n開示も担当");
        let style = hanako.profile.work_style.unwrap();
        assert_eq!(style.remote, RemotePreference::Hybrid);
        assert_eq!((style.hours_per_week, style.available_from), (Some(20), None));
        assert_eq!(hanako.profile.languages[0].level, LanguageLevel::Business);
        assert_eq!(hanako.profile.languages[1].level, LanguageLevel::Conversational);
        assert_eq!(
            hanako.interests.as_deref(),
            Some(&[Interest::Rehire, Interest::Speaking][..])
        );
        assert_eq!(parsed.rows[1].interests.as_deref(), Some(&[][..]));
        assert_eq!(
            parsed.dropped,
            BTreeMap::from([("性別".to_owned(), 2), ("生年月日".to_owned(), 2)])
        );
        assert_eq!(parsed.ignored, BTreeMap::from([("社内メモ".to_owned(), 1)]));
    }
}

#[test]
fn numbered_columns_are_several_periods_and_yes_no_columns_are_interests() {
    let parsed = alumni(
        "社員番号\t姓\t名\t部署1\t入社年月1\t退職年月1\t部署3\t入社年月3\t退職年月3\t再雇用希望\tイベント希望\n\
         a1\t山田\t太郎\t営業部\t2001-04\t2005-03\t人事部\t2005-04\t2010-03\t○\t×\n",
    );
    assert_eq!(errors(&parsed), []);
    let row = &parsed.rows[0];
    assert_eq!(row.name.kanji, "山田 太郎");
    assert_eq!(row.profile.tenures.len(), 2);
    assert_eq!(row.interests.as_deref(), Some(&[Interest::Rehire][..]));
}

#[test]
fn what_ranking_must_not_see_is_dropped_from_json_at_every_depth() {
    let parsed = alumni(
        r#"{"id":"a1","name":"山 花","birthDate":"1980-01-01","sex":"F","nickname":"x","tenures":[{"from":"2001-04","to":"2002-03","age":30}],"workStyle":{"hoursPerWeek":20,"health":"g"}}"#,
    );
    assert_eq!(parsed.rows.len(), 1);
    let counted = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 1)).collect();
    assert_eq!(
        parsed.dropped,
        counted(&["birthDate", "sex", "tenures[].age", "workStyle.health"])
    );
    assert_eq!(parsed.ignored, counted(&["nickname"]));
    let kept = format!("{:?}", parsed.rows);
    assert!(!kept.contains("1980") && !kept.contains("30"));
}

#[test]
fn a_row_without_interests_says_nothing_and_an_empty_list_says_nothing_is_offered() {
    let parsed = alumni(
        "{\"id\":\"a1\",\"name\":\"山 花\"}\n{\"id\":\"a2\",\"name\":\"川 花\",\"interests\":[]}\n{\"id\":\"a3\",\"name\":\"沢 花\",\"interests\":null}",
    );
    let interests: Vec<_> = parsed.rows.iter().map(|row| row.interests.clone()).collect();
    assert_eq!(interests, [None, Some(Vec::new()), None]);
}

#[test]
fn every_refusal_of_a_json_row_names_line_column_value_and_reason() {
    let long = "あ".repeat(201);
    for (row, column, value, reason) in [
        ("{\"id\":\"a1\",}", "12", "}", "is not JSON"),
        ("[1]", "", "[1]", "one object a line"),
        ("{\"id\":\"a1\"}", "name", "", "is missing"),
        ("{\"name\":\"山\"}", "id", "", "is missing"),
        ("{\"id\":\"a1\",\"name\":[]}", "name", "[]", "is not a text"),
        ("{\"id\":\"a1\",\"name\":\"山\\u0000\"}", "name", "山␀", "NUL"),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"email\":\"a@b@c\"}",
            "email",
            "a@b@c",
            "e-mail",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"prefecture\":\"江戸\"}",
            "prefecture",
            "江戸",
            "東京都",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"interests\":[\"GOLF\"]}",
            "interests[0]",
            "GOLF",
            "REHIRE",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"tenures\":[{\"from\":\"2011-13\",\"to\":\"2012-01\"}]}",
            "tenures[0].from",
            "2011-13",
            "1 to 12",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"tenures\":[{\"from\":\"2012-04\",\"to\":\"2011-03\"}]}",
            "tenures[0].to",
            "2011-03",
            "before the first month, 2012-04",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"tenures\":[{}]}",
            "tenures[0].from",
            "",
            "is missing",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"tenures\":\"x\"}",
            "tenures",
            "x",
            "is not a list",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"workStyle\":{\"hoursPerWeek\":169}}",
            "workStyle.hoursPerWeek",
            "169",
            "from 0 to 168",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"workStyle\":{\"remote\":\"MOON\"}}",
            "workStyle.remote",
            "MOON",
            "REMOTE_ONLY",
        ),
        (
            "{\"id\":\"a1\",\"name\":\"山\",\"languages\":[{\"language\":\"英語\",\"level\":\"FLUENT\"}]}",
            "languages[0].level",
            "FLUENT",
            "BASIC",
        ),
    ] {
        let text = format!("{{\"id\":\"ok\",\"name\":\"山 花\"}}\n{row}\n");
        let parsed = alumni(&text);
        assert_eq!((parsed.rows.len(), parsed.n_failed), (1, 1), "{row}");
        let found = errors(&parsed)[0];
        assert_eq!((found.0, found.1, found.2), (2, column, value), "{row}");
        assert!(found.3.contains(reason), "{row}: {}", found.3);
    }
    let parsed = alumni(&format!(
        "{{\"id\":\"a1\",\"name\":\"山\",\"headline\":\"{long}\"}}"
    ));
    let found = errors(&parsed)[0];
    assert!(found.3.contains("201") && found.3.contains("200"));
    assert_eq!(found.2.chars().count(), limits::VALUE_SHOWN_CHARS);
}

#[test]
fn limits_hold_on_the_line_and_not_before() {
    let with_skills = |n: usize| {
        let skills: Vec<String> = (0..n).map(|idx| format!("\"s{idx}\"")).collect();
        alumni(&format!(
            "{{\"id\":\"a1\",\"name\":\"山\",\"skills\":[{}]}}",
            skills.join(",")
        ))
        .n_failed
    };
    assert_eq!(
        (
            with_skills(limits::SKILLS_MAX),
            with_skills(limits::SKILLS_MAX + 1)
        ),
        (0, 1)
    );
    let with_summary = |n: usize| {
        alumni(&format!(
            "{{\"id\":\"a1\",\"name\":\"山\",\"summary\":\"{}\"}}",
            "あ".repeat(n)
        ))
    };
    assert_eq!(with_summary(limits::SUMMARY_CHARS_MAX).n_failed, 0);
    assert_eq!(with_summary(limits::SUMMARY_CHARS_MAX + 1).n_failed, 1);
    let huge = with_summary(limits::ROW_BYTES_MAX);
    assert!(errors(&huge)[0].3.contains("exceeds the maximum of 1048576"));
}

#[test]
fn repeated_numbers_and_addresses_name_both_lines() {
    let parsed = alumni(
        "{\"id\":\"a1\",\"name\":\"山\",\"email\":\"x@example.jp\"}\n{\"id\":\"ａ1\",\"name\":\"川\"}\n{\"id\":\"a3\",\"name\":\"沢\",\"email\":\"X@example.jp\"}",
    );
    assert_eq!(parsed.rows.len(), 1);
    assert_eq!(
        errors(&parsed),
        [
            (2, "id", "a1", "occurs in line 1 too"),
            (3, "email", "x@example.jp", "occurs in line 1 too"),
        ]
    );
}

#[test]
fn a_repeated_csv_row_needs_another_period_and_the_same_person() {
    let parsed = alumni(
        "id,name,department,from,to\na1,山,経理,2001-04,2002-03\na1,山,経理,2001-04,2002-03\na1,川,総務,2002-04,2003-03\n",
    );
    assert_eq!(parsed.rows[0].profile.tenures.len(), 1);
    assert_eq!(
        errors(&parsed),
        [
            (3, "id", "a1", "occurs in line 2 too, with the same periods"),
            (4, "id", "a1", "occurs in line 2 too, with another name"),
        ]
    );
}

#[test]
fn csv_errors_name_the_header_and_the_line_of_the_repeated_row() {
    assert_eq!(
        errors(&alumni("社員番号,氏名\na1,\n")),
        [(2, "氏名", "", "is missing")]
    );
    let parsed = alumni(
        "社員番号,氏名,部署,入社年月,退職年月\na1,山,経理,2001-04,2002-03\na1,山,総務,2002年13月,2003-03\n",
    );
    let found = errors(&parsed)[0];
    assert_eq!((found.0, found.1, found.2), (3, "入社年月", "2002年13月"));
    assert_eq!(
        parsed.errors[0].to_string(),
        "line 3, column 入社年月: \"2002年13月\" is outside the months 1868-01 to 9999-12, each 1 to 12"
    );
}

#[test]
fn broken_csv_rows_are_refused_and_the_others_kept() {
    let parsed = alumni("id,name\na1\na2,山,川\na3,沢\n\n,,\na4,\"谷\na5,岡\n");
    let ids: Vec<&str> = parsed.rows.iter().map(|row| row.external_id.as_str()).collect();
    assert_eq!(ids, ["a3"]);
    let lines: Vec<u64> = parsed.errors.iter().map(|error| error.line).collect();
    assert_eq!(lines, [2, 3, 7]);
    assert!(parsed.errors[2].reason.contains("quotation mark"));
}

#[test]
fn bytes_that_are_no_text_refuse_their_row_alone() {
    let mut bytes = "id,name\na1,山\n".as_bytes().to_vec();
    bytes.extend(b"a2,\xFF\xFE\na3,x\n");
    let parsed = parse_alumni(&bytes).unwrap();
    assert_eq!(parsed.rows.len(), 2);
    let found = errors(&parsed)[0];
    assert_eq!((found.0, found.1, found.2), (3, "4", "0xFF"));
}

#[test]
fn files_that_are_none_say_what_is_expected() {
    assert_eq!(parse_alumni(b" \n").unwrap_err(), ImportError::Empty);
    assert_eq!(parse_alumni(b"[{}]").unwrap_err(), ImportError::JsonArray);
    assert!(matches!(
        parse_alumni("氏名,部署\n山,経理\n".as_bytes()),
        Err(ImportError::NoIdColumn { .. })
    ));
}

fn opportunity(rest: &str) -> String {
    format!(
        "{{\"id\":\"r1\",\"title\":\"経理\",\"description\":\"決算\",\"remote\":\"REMOTE\",\"seats\":1{rest}}}"
    )
}

#[test]
fn an_opportunity_keeps_what_the_file_says_and_makes_up_no_term() {
    let parsed = opportunities(&opportunity(
        r#","kind":"ROLE","status":"DRAFT","closesAt":"2027-01-31","startsOn":"2027-04-01","compensation":"年収600万円","terms":{"pay":"月給50万円"}"#,
    ));
    let row = &parsed.rows[0];
    assert_eq!(row.status, Some(OpportunityStatus::Draft));
    assert_eq!(row.closes_at.unwrap().to_rfc3339(), "2027-01-31T15:00:00+00:00");
    assert_eq!(row.starts_on.unwrap().to_string(), "2027-04");
    let Terms::Role(terms) = &row.terms else { panic!() };
    assert_eq!(terms.pay.as_deref(), Some("月給50万円"));
    assert_eq!(terms.employer, None);
}

#[test]
fn every_refusal_of_an_opportunity_names_its_column() {
    for (rest, column, reason) in [
        ("", "kind", "is missing"),
        (",\"kind\":\"JOB\"", "kind", "ROLE"),
        (",\"kind\":\"ROLE\",\"status\":\"LOST\"", "status", "DRAFT"),
        (
            ",\"kind\":\"SPEAKER_SLOT\",\"startsOn\":\"2027-02\"",
            "startsOn",
            "2027-02-18",
        ),
        (
            ",\"kind\":\"ROLE\",\"startsOn\":\"2027-02\",\"endsOn\":\"2027-01\"",
            "endsOn",
            "before",
        ),
        (
            ",\"kind\":\"ROLE\",\"closesAt\":\"soon\"",
            "closesAt",
            "is not a date",
        ),
        (
            ",\"kind\":\"ROLE\",\"hoursPerWeek\":0",
            "hoursPerWeek",
            "1 to 168",
        ),
        (
            ",\"kind\":\"ROLE\",\"terms\":{\"salary\":\"1\"}",
            "terms.salary",
            "is no term",
        ),
        (",\"kind\":\"ROLE\",\"terms\":[]", "terms", "is not an object"),
    ] {
        let parsed = opportunities(&opportunity(rest));
        assert_eq!(parsed.n_failed, 1, "{rest}");
        let found = errors(&parsed)[0];
        assert_eq!(found.1, column, "{rest}");
        assert!(found.3.contains(reason), "{rest}: {}", found.3);
    }
    let no_seat = opportunity(",\"kind\":\"ROLE\"").replace("\"seats\":1", "\"seats\":0");
    assert!(errors(&opportunities(&no_seat))[0].3.contains("from 1 to 10000"));
}

#[test]
fn opportunities_may_be_csv_too() {
    let parsed = opportunities(
        "募集番号,種別,件名,内容,必須スキル,勤務地,勤務形態,募集人数,開始年月\nr1,再雇用,経理主任,決算,連結決算;開示,東京,ハイブリッド,２名,令和9年4月\n",
    );
    assert_eq!(errors(&parsed), []);
    let row = &parsed.rows[0];
    assert_eq!((row.seats, row.required_skills.len()), (2, 2));
    assert_eq!(row.starts_on.unwrap().to_string(), "2027-04");
}
