//! What the chain makes of spellings, compounds, marks and hostile texts.

use proptest::prelude::*;

use super::testing::{analyzer, dictionary};
use super::{Analyzer, UserWord};

fn terms(text: &str) -> Vec<String> {
    analyzer()
        .words(text)
        .into_iter()
        .map(|token| token.term)
        .collect()
}

#[test]
fn spellings_of_one_word_are_one_term() {
    for spellings in [
        &["サーバ", "サーバー", "ｻｰﾊﾞｰ", "ＳＥＲＶＥＲ", "Server"][..],
        &["取り組み", "取組み", "取組", "取り組む"],
        &["引っ越し", "引越し", "引越"],
        &["立ち上げ", "立上げ", "立ち上げた", "立ち上がる"],
        &["打ち合わせ", "打合せ"],
        &["見積もり", "見積り", "見積"],
        &["問い合わせ", "問合せ"],
        &["売り上げ", "売上げ", "売上"],
        &["申し込み", "申込み", "申込"],
        &["ヴィーガン", "ビーガン", "vegan"],
        &["マネージャー", "マネジャー", "manager"],
        &["國際", "国際"],
    ] {
        for spelling in spellings {
            assert_eq!(terms(spelling), terms(spellings[0]), "{spelling}");
            assert_eq!(terms(spelling).len(), 1, "{spelling}");
        }
    }
}

#[test]
fn compounds_are_cut_and_letters_are_not() {
    assert!(terms("関西国際空港").contains(&"空港".to_owned()));
    assert!(terms("配管工").contains(&"配管".to_owned()));
    assert!(terms("ウェブサーバー").contains(&"server".to_owned()));
    assert!(!terms("東京都").contains(&"京都".to_owned()));
    assert_eq!(terms("TOEIC880点")[..2], ["toeic", "880"]);
    assert_eq!(
        terms("C++、C#、M&A、B2B、HTML5"),
        ["c++", "c#", "m&a", "b2b", "html5"]
    );
    assert_eq!(
        terms("Ｃｕｌｔｕｒｅ ｏｆ Ｊａｐａｎ"),
        ["culture", "of", "japan"]
    );
}

#[test]
fn particles_and_marks_are_no_words() {
    assert_eq!(terms("経理を担当していました。"), ["経理", "担当"]);
    assert_eq!(terms("、。😊 がの"), Vec::<String>::new());
}

#[test]
fn ranges_refer_to_the_original() {
    let text = "㈱青葉でﾃﾞｰﾀﾍﾞｰｽの立ち上げ";
    let words = analyzer().words(text);
    let quoted: Vec<&str> = words.iter().map(|token| &text[token.range.clone()]).collect();
    assert!(
        quoted.contains(&"ﾃﾞｰﾀﾍﾞｰｽ") && quoted.contains(&"立ち上げ"),
        "{quoted:?}"
    );
}

#[test]
fn a_word_that_was_met_before_has_the_same_term() {
    let word = UserWord {
        surface: "青葉台流通".to_owned(),
        reading: None,
        meaning: None,
    };
    let used = Analyzer::new(dictionary(), std::slice::from_ref(&word)).unwrap();
    let texts = [
        "決算を担当し、決算の立ち上げを取り組みました。",
        "新・青葉台流通部でデータベースを組み立てる",
        "ﾃﾞｰﾀﾍﾞｰｽとデータベース、関西国際空港の見積り。うつくしい長くなった",
    ];
    for text in texts.iter().chain(&texts).chain(texts.iter().rev()) {
        let fresh = Analyzer::new(dictionary(), std::slice::from_ref(&word)).unwrap();
        assert_eq!(used.words(text), fresh.words(text), "{text}");
    }
}

#[test]
fn words_of_a_company_are_whole_and_in_part() {
    let word = |surface: &str| UserWord {
        surface: surface.to_owned(),
        reading: None,
        meaning: None,
    };
    let own = Analyzer::new(dictionary(), &[word("青葉台流通"), word("ﾅｲﾋﾞｰ\"改,"), word("")]).unwrap();
    let terms: Vec<String> = own
        .words("新・青葉台流通部")
        .into_iter()
        .map(|token| token.term)
        .collect();
    for term in ["青葉台流通", "流通"] {
        assert!(terms.contains(&term.to_owned()), "{terms:?}");
    }
    assert_ne!(own.version(), analyzer().version());
    assert!(Analyzer::new(dictionary(), &[word(&"長".repeat(65))]).is_err());
}

#[test]
fn meanings_change_the_version_and_readings_do_not() {
    let version = |reading: Option<&str>, meaning: Option<&str>| {
        let word = UserWord {
            surface: "青葉ナビ".to_owned(),
            reading: reading.map(str::to_owned),
            meaning: meaning.map(str::to_owned),
        };
        Analyzer::new(dictionary(), &[word]).unwrap().version().to_owned()
    };
    let plain = version(None, None);
    assert_eq!(version(Some("アオバナビ"), None), plain);
    assert_eq!(version(None, Some(" ")), plain);
    let meant = version(None, Some("受発注システム"));
    assert_ne!(meant, plain);
    assert_ne!(meant, version(None, Some("経理")));
}

#[test]
fn a_megabyte_is_answered() {
    for text in [
        "東京".repeat(170_000),
        "a".repeat(1_000_000),
        "\u{301}".repeat(400_000),
        "ー".repeat(300_000),
    ] {
        let _ = analyzer().words(&text);
        let _ = analyzer().bigrams(&text);
    }
}

proptest! {
    #[test]
    fn every_text_has_words_with_valid_ranges(
        text in any::<String>(),
        japanese in "[ぁ-んァ-ヶー一-龠ｦ-ﾟa-z0-9 、。+#&.\u{301}]{0,60}",
    ) {
        for text in [text, japanese] {
            let analyzer = analyzer();
            let sentences = super::sentences(&text);
            prop_assert!(sentences.into_iter().all(|range| text.get(range).is_some()));
            for tokens in [analyzer.words(&text), analyzer.bigrams(&text), analyzer.public_words(&text)] {
                for pair in tokens.windows(2) {
                    prop_assert!(pair[0].position <= pair[1].position);
                }
                for token in tokens {
                    prop_assert!(!token.term.is_empty());
                    prop_assert!(text.get(token.range.clone()).is_some_and(|quoted| !quoted.is_empty()));
                }
            }
        }
    }
}
