//! One sentence for each contribution.

use super::{Context, Side, quantities};
use crate::domain::{Remote, RemotePreference, YearMonth};
use crate::features::lived::LivedExperience;
use crate::features::{FeatureId, ProfileField};

/// What a contribution says: plain where it adds, and where it takes away what is lacking.
pub(super) fn of_feature(context: &Context<'_>, feature: FeatureId, value: f64) -> String {
    let adds = value >= 0.0;
    let pick = |more: (&str, &str), less: (&str, &str)| {
        let (japanese, english) = if adds { more } else { less };
        context.say(japanese, english)
    };
    match feature {
        FeatureId::MustHaveCoverage => pick(
            (
                "必須要件に重なる記述が平均より多くあります。",
                "The profile bears out more of the must-haves than most.",
            ),
            (
                "必須要件に合う記述が平均より少なめです。",
                "The profile bears out less of the must-haves than most.",
            ),
        ),
        FeatureId::NiceToHaveCoverage => pick(
            (
                "歓迎要件に合う記述があります。",
                "The profile bears out nice-to-haves.",
            ),
            (
                "歓迎要件に触れた記述が少なめです。",
                "The profile bears out few of the nice-to-haves.",
            ),
        ),
        FeatureId::TitleMatch => pick(
            (
                "募集の題名と重なる経歴です。",
                "The background shares the title's words.",
            ),
            (
                "募集の題名と重なる記述が少なめです。",
                "Little in the profile shares the title's words.",
            ),
        ),
        FeatureId::DescriptionMatch => pick(
            (
                "募集の説明と共通する内容があります。",
                "The profile has much in common with the description.",
            ),
            (
                "募集の説明と共通する内容が少なめです。",
                "The profile has little in common with the description.",
            ),
        ),
        FeatureId::CoreCoverage => pick(
            (
                "募集が求めることの多くを、プロフィールから確認できます。",
                "Much of what is asked for is borne out by the profile.",
            ),
            (
                "募集が求めることのうち、確認できるものは少なめです。",
                "Little of what is asked for is borne out by the profile.",
            ),
        ),
        FeatureId::JobSimilarity => closest_job(context, adds),
        FeatureId::ConceptSimilarity => concepts(context, adds),
        FeatureId::TextRelevance => pick(
            (
                "プロフィール全体が募集の内容に近いです。",
                "The profile as a whole is close to what is asked.",
            ),
            (
                "プロフィール全体では募集の内容と離れています。",
                "The profile as a whole is far from what is asked.",
            ),
        ),
        FeatureId::LatentSimilarity => pick(
            (
                "言葉は違っても、募集の内容に近い経歴です。",
                "The background is close in meaning to what is asked, whatever the words.",
            ),
            (
                "経歴の内容は、募集の内容からやや離れています。",
                "The background is further in meaning from what is asked.",
            ),
        ),
        FeatureId::HandsOn => hands_on(context, adds),
        FeatureId::EvidenceStrength => pick(
            (
                "関連する仕事を、ご本人の経験として述べています。",
                "The related work is told of as the person's own.",
            ),
            (
                "関連する仕事を自ら行ったという記述が少なめです。",
                "Little of the related work is told of as the person's own.",
            ),
        ),
        FeatureId::ExperienceRecency => recency(context, adds),
        FeatureId::ExperienceLength => length(context, adds),
        FeatureId::UnitAdjacency => company(context, adds),
        FeatureId::GainedSinceLeaving => pick(
            (
                "退職後に得た経験が役立ちます。",
                "Relevant experience was gained since leaving.",
            ),
            (
                "退職後の経歴に、関連する経験は少なめです。",
                "Little relevant experience since leaving is shown.",
            ),
        ),
        FeatureId::LevelFit => pick(
            (
                "求める語学・資格の水準を妨げるものはありません。",
                "Nothing speaks against the levels asked for.",
            ),
            (
                "求める語学・資格の水準が確認できていません。",
                "A level that is asked for is not shown, or below.",
            ),
        ),
        FeatureId::ScopeFit => pick(
            (
                "募集の対象外とされる内容との重なりは小さいです。",
                "Little overlaps with what the opportunity is not about.",
            ),
            (
                "募集が対象外とする内容と重なる部分があります。",
                "Part of the profile is what the opportunity says it is not about.",
            ),
        ),
        FeatureId::PlaceFit => place(context, adds),
        FeatureId::HoursFit => hours(context, adds),
        FeatureId::StartFit => start(context, adds),
        FeatureId::ProfileFreshness => pick(
            (
                "プロフィールは最近確認されています。",
                "The profile was confirmed recently.",
            ),
            (
                "プロフィールの確認から時間がたっています。",
                "The profile has not been confirmed for a while.",
            ),
        ),
        FeatureId::StandingAmongAlumni => pick(
            (
                "この募集の対象者の中でも、特に合っています。",
                "Among all who could be asked, this fits particularly well.",
            ),
            (
                "この募集には、より近い経歴の人もいます。",
                "Others who could be asked are closer to this one.",
            ),
        ),
        FeatureId::FeedDiversity => pick(
            (
                "ほかと異なる種類の募集です。",
                "A different kind from the others.",
            ),
            (
                "似た募集が続くため、少し下げています。",
                "Moved down a little, as similar ones stand above.",
            ),
        ),
        FeatureId::OwnChoices => pick(
            (
                "保存した、または関心を示した募集に近い内容です。",
                "Close to what you saved or showed interest in.",
            ),
            ("見送った募集に近い内容です。", "Close to what you declined."),
        ),
        FeatureId::LearntPreference => pick(
            (
                "これまでのご自身の選択では、こうした条件を重視されています。",
                "Your own earlier choices favour what this has.",
            ),
            (
                "これまでのご自身の選択では、こうした条件の募集はあまり選ばれていません。",
                "Your own earlier choices favour what this has less of.",
            ),
        ),
        FeatureId::Exploration => context.say(
            "お好みがまだ分からない種類のため、少し上げています。",
            "Moved up a little, as it is not known yet how you like such ones.",
        ),
        FeatureId::Coordination => coordination(context),
        FeatureId::StandingWish => context.say(
            "あらかじめ伝えていただいたご希望に合う募集です。",
            "This is what you said you would like to be asked for.",
        ),
        FeatureId::GroupShare => context.say(
            "部署やグループ会社ごとの割合を保つというプログラムの設定により、上げています。",
            "Moved up, as the programme asks lists to hold shares of units or group companies.",
        ),
    }
}

/// Why coordination moves down, with how tight it is where that is known. A feed tells of others by their number alone.
fn coordination(context: &Context<'_>) -> String {
    let why = match context.request.side {
        Side::Candidate => context.say(
            "ほかの募集でも上位に入るため、少し下げています。",
            "Moved down a little, as other opportunities rank this person high too.",
        ),
        Side::Feed => context.say(
            "候補者が集まりやすい募集のため、少し下げています。",
            "Moved down a little, as many are close to this one.",
        ),
    };
    match context.request.contention {
        Some(contention) => {
            let how_tight = contention.text(context.request.language);
            context.say(format!("{why}{how_tight}"), format!("{why} {how_tight}"))
        }
        None => why,
    }
}

fn concepts(context: &Context<'_>, adds: bool) -> String {
    let shared = super::concepts::names(context);
    if !adds {
        return context.say(
            "仕事の分野がやや離れています。",
            "The work named lies in other fields.",
        );
    }
    if shared.is_empty() {
        return context.say(
            "隣り合う分野の仕事が並んでいます。",
            "The work named lies in a neighbouring field.",
        );
    }
    let quoted: Vec<String> = shared.iter().map(|name| format!("「{name}」")).collect();
    let quoted = quoted.concat();
    context.say(
        format!("{quoted}など、同じ分野または隣り合う分野の仕事が書かれています。"),
        format!("The work named lies in the same or a neighbouring field: {quoted}."),
    )
}

fn closest_job(context: &Context<'_>, adds: bool) -> String {
    if !adds {
        return context.say(
            "募集の内容に近い仕事の経験は見当たりません。",
            "None of the jobs held is close to what is asked.",
        );
    }
    let profile = &context.profile.profile;
    let named = context.closest_job.and_then(|(field, entry)| match field {
        ProfileField::Tenure => profile
            .tenures
            .get(usize::from(entry))
            .map(|one| super::summary::named_job(&one.department, &one.title)),
        _ => profile
            .career_after
            .get(usize::from(entry))
            .map(|one| super::summary::named_job(&one.organization, &one.title)),
    });
    match named.filter(|name| !name.is_empty()) {
        Some(name) => context.say(
            format!("職歴の中では「{name}」の仕事が、募集の内容にいちばん近いものです。"),
            format!("The job “{name}” is the closest of the jobs held to what is asked."),
        ),
        None => context.say(
            "募集の内容に近い仕事の経験があります。",
            "One of the jobs held is close to what is asked.",
        ),
    }
}

fn hands_on(context: &Context<'_>, adds: bool) -> String {
    if adds {
        return context.say(
            "募集の仕事と異なる立場は読み取れません。",
            "Nothing tells of another stance towards the work.",
        );
    }
    let profile = &context.profile.profile;
    let told = Some(profile).filter(|_| context.query.lived == LivedExperience::NONE);
    match told
        .and_then(|profile| context.query.told_stance(profile))
        .map(|told| told.field)
    {
        Some(ProfileField::Headline) => context.say(
            "見出しからは、現在はこの仕事を教える・売る・支援する立場と読めます。",
            "By the headline, now seems to teach, sell or support this work rather than do it.",
        ),
        Some(_) => context.say(
            "直近の肩書きからは、この仕事を教える・売る・支援する立場と読めます。",
            "By the latest title, seems to teach, sell or support this work rather than do it.",
        ),
        None => context.say(
            "ご自身の体験としての記述は見当たりません。",
            "Nothing is told of as the person's own experience.",
        ),
    }
}

fn company(context: &Context<'_>, adds: bool) -> String {
    let products = &context.query.opportunity.opportunity.products;
    let product = super::evidence::known_product(context).and_then(|idx| products.get(idx));
    match product {
        Some(product) if adds => context.say(
            format!("在籍中に「{product}」に関わっていました。"),
            format!("Worked with {product} while at the company."),
        ),
        None if adds => context.say(
            "近い部署に在籍していました。",
            "Worked in this unit or one close to it.",
        ),
        None if !products.is_empty() => context.say(
            "近い部署での在籍も、対象の製品への関わりも見当たりません。",
            "Neither time in this unit nor work with its product is shown.",
        ),
        Some(_) | None => context.say(
            "近い部署での在籍は見当たりません。",
            "No time in this unit or one close to it is shown.",
        ),
    }
}

fn recency(context: &Context<'_>, adds: bool) -> String {
    let jobs = context.borne.jobs.iter();
    let best = jobs.max_by(|a, b| a.likeness().total_cmp(&b.likeness()));
    let end = best.and_then(|job| job.period).map(|(_, to)| to);
    match end {
        Some(None) if adds => context.say(
            "関連する仕事を現在も続けています。",
            "The related work goes on today.",
        ),
        Some(Some(to)) => context.say(
            format!("関連する経験は{}年{}月までです。", to.year(), to.month()),
            format!("The related experience lasted until {to}."),
        ),
        Some(None) | None => context.say(
            "最近の関連する経験は読み取れません。",
            "No recent related experience is shown.",
        ),
    }
}

fn length(context: &Context<'_>, adds: bool) -> String {
    let months = quantities::months(context, &[]);
    if months == 0 && adds {
        // The feature reads more than what is quoted: weak matches add up without any of them being worth a quote.
        return context.say(
            "関連のありそうな経験の期間が平均より長めです。",
            "Experience that may be related is longer than on average.",
        );
    }
    if months == 0 {
        return context.say(
            "関連する経験の期間は読み取れません。",
            "No length of related experience is shown.",
        );
    }
    if months >= 60 {
        return context.say(
            "関連する経験が5年以上あります。",
            "Five years or more of related experience.",
        );
    }
    let length = quantities::length(context, months);
    if adds {
        context.say(
            format!("関連する経験が{length}あります。"),
            format!("Related experience: {length}."),
        )
    } else {
        context.say(
            format!("関連する経験は{length}です。"),
            format!("Related experience: {length}, less than most who match."),
        )
    }
}

fn place(context: &Context<'_>, adds: bool) -> String {
    let opportunity = &context.request.opportunity.opportunity;
    let profile = &context.profile.profile;
    let preference = profile.work_style.map(|style| style.remote);
    if opportunity.remote == Remote::Remote {
        return context.say("在宅でできる仕事です。", "The work can be done from anywhere.");
    }
    let place = opportunity.prefecture.map_or("", |prefecture| prefecture.name());
    let home = profile.prefecture.map_or("", |prefecture| prefecture.name());
    if adds && !home.is_empty() && !place.is_empty() {
        return context.say(
            format!("勤務地は{place}、お住まいは{home}です。"),
            format!("The place is {place}; home is {home}."),
        );
    }
    if preference == Some(RemotePreference::RemoteOnly) {
        return context.say(
            format!("在宅のみの希望ですが、{place}での出社や現地対応があります。"),
            format!("Wants to work from home only, and some of this is on site ({place})."),
        );
    }
    if home.is_empty() {
        return context.say(
            "お住まいの地域が書かれていません。",
            "Where the person lives is not said.",
        );
    }
    context.say(
        format!("勤務地の{place}と、お住まいの{home}との距離を確認してください。"),
        format!("The place is {place} and home is {home}; the distance is to be confirmed."),
    )
}

fn hours(context: &Context<'_>, adds: bool) -> String {
    let asked = context.request.opportunity.opportunity.hours_per_week;
    let style = context.profile.profile.work_style;
    match (asked, style.and_then(|style| style.hours_per_week)) {
        (Some(asked), Some(offered)) if offered < asked => context.say(
            format!("週{asked}時間に対し、稼働できるのは週{offered}時間です。"),
            format!("{asked} hours a week are asked and {offered} offered."),
        ),
        (Some(asked), Some(_)) => context.say(
            format!("週{asked}時間の稼働に応じられます。"),
            format!("Can offer the {asked} hours a week."),
        ),
        (Some(_), None) if !adds => {
            context.say("稼働時間が書かれていません。", "The hours offered are not said.")
        }
        _ => context.say("稼働時間の条件に支障はありません。", "Hours are no obstacle."),
    }
}

fn start(context: &Context<'_>, adds: bool) -> String {
    let opportunity = &context.request.opportunity.opportunity;
    let wanted = opportunity.held_on().map(YearMonth::of).or(opportunity.starts_on);
    let style = context.profile.profile.work_style;
    match style.and_then(|style| style.available_from) {
        Some(available) if !adds => {
            let wanted = wanted.unwrap_or(context.this_month);
            context.say(
                format!(
                    "{}年{}月からに対し、都合がつくのは{}年{}月からです。",
                    wanted.year(),
                    wanted.month(),
                    available.year(),
                    available.month()
                ),
                format!("Wanted from {wanted}, available from {available}."),
            )
        }
        Some(_) | None => context.say("開始時期に支障はありません。", "The start is no obstacle."),
    }
}
