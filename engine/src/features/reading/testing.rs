//! Profiles that tell one reading for two readers from a reading for each.

use crate::domain::{LanguageLevel, LanguageSkill, Position, Prefecture, Profile, Tenure, YearMonth};

fn tenure(department: &str, title: &str, description: &str) -> Tenure {
    Tenure {
        department: department.to_owned(),
        title: title.to_owned(),
        from: "2015-04".parse::<YearMonth>().unwrap(),
        to: None,
        description: description.to_owned(),
    }
}

fn position(organization: &str, title: &str, description: &str) -> Position {
    Position {
        organization: organization.to_owned(),
        title: title.to_owned(),
        from: "2020-04".parse::<YearMonth>().unwrap(),
        to: None,
        description: description.to_owned(),
    }
}

/// Everything that may differ: clauses on the writer's own circumstances at either end and inside of a text, work of others,
/// words that mean this or that by what stands around them and by who may read it, several entries, texts that are empty
/// and texts that are enormous.
pub(crate) fn profiles() -> Vec<Profile> {
    let some = |text: &str| Some(text.to_owned());
    let all = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<String>>()
    };
    let language = |name: &str| LanguageSkill {
        language: name.to_owned(),
        level: LanguageLevel::Business,
    };
    let full = Profile {
        headline: some("二児の母です。ＳＥとしてサーバー管理を担当、夫の転勤で退職しました。"),
        summary: some(
            "経理は税理士に依頼し、月次決算を担当。家族の介護で退職しましたが、要件定義を続けています。築地銀だこの店長も務め、\
             秘書に支えられました。\n大学院に通いながら育児をしています",
        ),
        skills: all(&["SE", "Go", "", "３５歳", "簿記、二児の母、決算", "Power-BI"]),
        qualifications: all(&["日商簿記２級", "PG"]),
        languages: vec![language("英語"), language("JS"), language("")],
        prefecture: Prefecture::all().next(),
        tenures: vec![
            tenure(
                "情報システム部",
                "SE",
                "Goでの開発。夫の転勤で異動し、PGの補助をしました。",
            ),
            tenure("営業部", "SE", "客先訪問。ベンダーに任せました。"),
            tenure("", "", ""),
            tenure("夫の介護", "退職", "退職。"),
        ],
        career_after: vec![
            position(
                "青葉大学大学院",
                "学生",
                "Kubernetesを学習中です。Goも勉強しています。",
            ),
            position(
                "二児の母",
                "講師",
                "子育てのため時短勤務、がんの手術を受けましたが、研修の講師を務めました。",
            ),
        ],
        ..Profile::default()
    };
    let told = |text: &str| Profile {
        headline: some(text),
        summary: some(text),
        skills: all(&[text, text]),
        tenures: vec![tenure(text, text, text), tenure("", text, "開発")],
        career_after: vec![position(text, "", text)],
        ..Profile::default()
    };
    let enormous = "決算はＧｏで自動化。二児の母です。要件定義は先輩が担当しました、地銀の担当。".repeat(700);
    let mut profiles = vec![Profile::default(), full];
    profiles.extend(
        [
            "",
            " \n",
            "二児の母です。",
            "二児の母です。決算を担当。",
            "決算を担当。二児の母です。",
            "決算を担当。二児の母です。SE。夫の転勤で退職し、Goの開発。",
            "SEの営業（先輩が担当）。税務は税理士に任せ、決算は私がやりました。",
            "築地銀だこ、各地銀、立ち上げ・立上げ、ｻｰﾊﾞｰ😊 of Ｃｕｌｔｕｒｅ",
            "営(35歳)業マン、研(二児の母)修",
        ]
        .map(told),
    );
    profiles.push(Profile {
        summary: Some(enormous),
        ..Profile::default()
    });
    #[cfg(feature = "fixtures")]
    profiles.extend(
        crate::fixtures::profiles(1, 300)
            .into_iter()
            .map(|person| person.profile),
    );
    profiles
}
