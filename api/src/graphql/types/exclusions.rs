//! What the viewer excludes in confidence.

use async_graphql::{Context, Object, SimpleObject};
use okaeri_engine::domain::{Exclusion, ExclusionTarget};
use okaeri_engine::ranking::Language;

use crate::graphql::context::ContextExt as _;

/// Units and members of staff that the viewer does not want to work in or under. Only the viewer reads it.
pub struct Exclusions(pub Vec<Exclusion>);

/// A member of staff whom the viewer excludes. Only the viewer reads it.
#[derive(Clone, SimpleObject)]
pub struct ExcludedStaff {
    /// As the company knows them: the subject of their token, such as a staff number or an address.
    pub subject: String,
    /// Their unit, for which the exclusion holds too.
    pub unit: String,
}

/// Units and members of staff that the viewer does not want to work in or under. Only the viewer reads it.
#[Object]
impl Exclusions {
    /// Units, in the order in which the viewer wrote them.
    async fn units(&self) -> Vec<String> {
        let unit = |exclusion: &Exclusion| match &exclusion.target {
            ExclusionTarget::Unit(unit) => Some(unit.clone()),
            ExclusionTarget::Staff { .. } => None,
        };
        self.0.iter().filter_map(unit).collect()
    }

    /// Members of staff, in the order in which the viewer wrote them.
    async fn staff(&self) -> Vec<ExcludedStaff> {
        let staff = |exclusion: &Exclusion| match &exclusion.target {
            ExclusionTarget::Unit(_) => None,
            ExclusionTarget::Staff { subject, unit } => Some(ExcludedStaff {
                subject: subject.clone(),
                unit: unit.clone(),
            }),
        };
        self.0.iter().filter_map(staff).collect()
    }

    /// What excluding does and what it cannot do, to be shown beside the form. In Japanese or English by
    /// Accept-Language.
    async fn notice(&self, ctx: &Context<'_>) -> String {
        match ctx.language() {
            Language::Japanese => NOTICE_JAPANESE.to_owned(),
            Language::English => NOTICE_ENGLISH.to_owned(),
        }
    }
}

const NOTICE_JAPANESE: &str = "\
除外した部署（その中の課などと、それを含む上位の部署も）と除外した方には、あなたはその仕事を希望していない人としてだけ\
見えます。候補者一覧、件数、検索、招待のどれからも、除外したことは分かりません。人を除外すると、その方の部署と、その方が\
採用責任者である部署の募集からも外れます。部署名のない募集と、所属の登録がない社員（管理者を含む）には、どの部署か分から\
ないため除外が及びます。あなたのフィードにもこれらの募集は出ません。一方、除外より前に合意した記録は残り、氏名や経歴など名簿に\
公開している内容は見え続けます。別の部署の担当者同士が話し合えば、あなたがその部署の仕事を希望していないことは分かりえますが、\
除外したことや相手の名前は分かりません。異動した社員に及ぶのは、本人と、その方が採用責任者になった部署です。内容は暗号化して\
保存され、会社の管理者にも読めません。";

const NOTICE_ENGLISH: &str = "\
To a unit that you exclude (with all that lies in it and all around it) and to a person whom you exclude, you look like \
somebody who does not want their work: no list of candidates, count, search or invitation tells that you excluded them. \
Excluding a person takes you out of the offers of their unit, and of every unit that they hire in. It reaches offers that \
name no unit, and staff whose unit is not known, administrators among them, because they might be those. None of these \
offers are in your feed. What was agreed before stays, and what you show in the directory, such as your name and career, \
stays visible. If people of different units compare what they see, they may find that you do not want one unit's work, \
but not that you excluded it nor whom you named. Where a person changes units, it follows them and the units they hire \
in. The list is kept encrypted; the company's administrators cannot read it.";
