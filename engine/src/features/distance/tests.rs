use proptest::prelude::*;

use super::*;

/// The distance of a word in a text, by its last character.
fn of(text: &str, word: &str) -> Distance {
    let at = text.find(word).unwrap() + word.char_indices().next_back().unwrap().0;
    clauses(text)
        .into_iter()
        .find(|(range, _)| range.contains(&at))
        .unwrap()
        .1
}

#[test]
fn an_expression_governs_its_own_clause_and_no_other() {
    let text = "広告、パッケージを手がけ、栄養設計は研究所に依頼した。";
    assert_eq!(of(text, "パッケージ"), Distance::Done);
    assert_eq!(of(text, "栄養設計"), Distance::ByOthers);
    let text = "栄養設計は研究所に依頼し、広告を手がけた";
    assert_eq!(of(text, "栄養設計"), Distance::ByOthers);
    assert_eq!(of(text, "広告"), Distance::Done);
    let text = "編集や取材は提携の制作会社にお願いしています";
    assert_eq!(of(text, "編集"), Distance::ByOthers);
    assert_eq!(of(text, "取材"), Distance::ByOthers);
}

#[test]
fn being_entrusted_is_doing_it() {
    assert_eq!(of("採用を任されました", "採用"), Distance::Done);
    assert_eq!(of("採用は人事に任せました", "採用"), Distance::ByOthers);
    assert_eq!(of("ベンダー任せにせず構成図を引いた", "構成図"), Distance::Done);
    assert_eq!(of("外注していた診断を内製化した", "内製化"), Distance::Led);
}

#[test]
fn others_as_the_subject_did_it_and_the_writer_was_near() {
    assert_eq!(
        of("値段や仕入れは担当の方が決めるので、私は陳列係です", "仕入れ"),
        Distance::NextTo
    );
    assert_eq!(
        of("決算は税理士さんの仕事で、私は請求書を渡すだけ", "決算"),
        Distance::ByOthers
    );
    assert_eq!(of("先輩が急に辞めたため、決算を締めた", "決算"), Distance::Done);
    assert_eq!(of("決算は私が締め、先輩に褒められた", "決算"), Distance::Done);
    assert_eq!(of("法務部と連携し、契約書を審査", "契約書"), Distance::Done);
}

#[test]
fn a_predicate_without_an_object_governs_the_topic_before() {
    assert_eq!(
        of("内部統制は専任の班がいたので、携わっておりません", "内部統制"),
        Distance::Denied
    );
    assert_eq!(of("設計を担当し、いまは勉強中です", "設計"), Distance::Done);
}

#[test]
fn nouns_of_helping_govern_their_item_alone() {
    let text = "議事録の作成、採用面接の補助、備品の管理。";
    assert_eq!(of(text, "議事録"), Distance::Done);
    assert_eq!(of(text, "採用面接"), Distance::Supported);
    assert_eq!(of(text, "備品"), Distance::Done);
}

#[test]
fn brackets_speak_of_the_item_before_them() {
    assert_eq!(of("資金調達（座学）", "資金調達"), Distance::Studied);
    assert_eq!(of("HCD(独学)、Figma", "HCD"), Distance::Studied);
    assert_eq!(of("HCD(独学)、Figma", "Figma"), Distance::Done);
    assert_eq!(
        of("面接官トレーニング（動画手配）", "面接官トレーニング"),
        Distance::Supported
    );
    assert_eq!(of("印刷会社の営業（IR担当）", "IR"), Distance::Taught);
    assert_eq!(of("不得意：税務、英会話", "英会話"), Distance::Denied);
}

#[test]
fn learning_is_told_by_place_and_verb_and_ends_with_practice() {
    assert_eq!(of("簿記は市の講座で半年習いました", "簿記"), Distance::Studied);
    assert_eq!(of("簿記の講座を年に三回開催", "簿記"), Distance::Taught);
    assert_eq!(of("新任管理職の研修を担当", "研修"), Distance::Done);
    assert_eq!(of("簿記を勉強し、いまは経理で決算を担当", "簿記"), Distance::Done);
}

#[test]
fn wishes_of_others_are_not_the_writers() {
    assert_eq!(of("商品企画に携わりたいです", "商品企画"), Distance::Wished);
    assert_eq!(of("転職したい人の相談に乗る", "転職"), Distance::Done);
}

#[test]
fn classes_tell_what_no_expression_does() {
    assert_eq!(of("翻訳は翻訳会社に出していました", "翻訳"), Distance::ByOthers);
    assert_eq!(
        of("塗装を手がける職人たちと同じ食堂に通う", "塗装"),
        Distance::NextTo
    );
    assert_eq!(of("株主総会はマイク係でした", "株主総会"), Distance::Supported);
    assert_eq!(of("簿記の教壇に立っています", "簿記"), Distance::Taught);
    assert_eq!(of("溶接は入門書を写経しています", "溶接"), Distance::Studied);
    assert_eq!(
        of("いつか喫茶店の経営を、と願っています", "経営"),
        Distance::Wished
    );
    assert_eq!(of("訴訟は一件も引き受けません", "訴訟"), Distance::Denied);
}

#[test]
fn classes_leave_own_work_alone() {
    assert_eq!(of("採用を担う課に所属し、面接を行う", "採用"), Distance::Done);
    assert_eq!(of("納期は一度も遅れませんでした", "納期"), Distance::Done);
    assert_eq!(of("翻訳は依頼を受けて一人で仕上げた", "翻訳"), Distance::Done);
    assert_eq!(of("会場設営、受付、議事録の作成。", "受付"), Distance::Done);
}

#[test]
fn every_expression_is_in_the_automaton_and_codes_differ() {
    assert!(!expressions::find("座学").is_empty());
    let all = [
        Distance::Led,
        Distance::Done,
        Distance::Supported,
        Distance::NextTo,
        Distance::ByOthers,
        Distance::Taught,
        Distance::Studied,
        Distance::Wished,
        Distance::Denied,
    ];
    let codes: std::collections::HashSet<&str> = all.iter().map(|one| one.code()).collect();
    assert_eq!(codes.len(), all.len());
    assert!(all.iter().all(|one| one.factor() > 0.0 && one.factor() <= 1.0));
}

#[test]
fn a_long_text_without_a_full_stop_is_read_to_its_end() {
    for unit in [
        "（座学）",
        "ではなく",
        "の補助",
        "先輩が",
        "「",
        "税務（は",
        "採用は部長が決め、",
        "を",
    ] {
        let text = unit.repeat(2_000);
        assert_eq!(
            clauses(&text).last().map(|(range, _)| range.end),
            Some(text.len()),
            "{unit}"
        );
    }
}

proptest! {
    #[test]
    fn stretches_cover_every_text(
        text in "(\\PC|[、。・（）()「」：はがをにでの]|講座|補助|に依頼|先輩が|たい|経験はな|独学|任せ|\n){0,40}"
    ) {
        let mut at = 0;
        for (range, _) in clauses(&text) {
            prop_assert_eq!(range.start, at);
            prop_assert!(range.end > at && text.is_char_boundary(range.end));
            at = range.end;
        }
        prop_assert_eq!(at, text.len());
    }
}
