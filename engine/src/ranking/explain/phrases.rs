//! One sentence for each contribution.

use super::Context;
use crate::domain::{Remote, RemotePreference, YearMonth};
use crate::features::FeatureId;
use crate::features::experience::period;

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
        FeatureId::JobSimilarity => pick(
            (
                "募集の内容に近い仕事の経験があります。",
                "One of the jobs held is close to what is asked.",
            ),
            (
                "募集の内容に近い仕事の経験は見当たりません。",
                "None of the jobs held is close to what is asked.",
            ),
        ),
        FeatureId::ConceptSimilarity => pick(
            (
                "同じ分野、または隣り合う分野の仕事が並んでいます。",
                "The work named lies in the same or a neighbouring field.",
            ),
            (
                "仕事の分野がやや離れています。",
                "The work named lies in other fields.",
            ),
        ),
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
        FeatureId::HandsOn => pick(
            (
                "募集の仕事と異なる立場は読み取れません。",
                "Nothing tells of another stance towards the work.",
            ),
            (
                "現在は、この仕事を教える・売る・支援する立場と読めます。",
                "Now seems to teach, sell or support this work rather than do it.",
            ),
        ),
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
        FeatureId::UnitAdjacency => pick(
            (
                "近い部署に在籍していました。",
                "Worked in this unit or one close to it.",
            ),
            (
                "近い部署での在籍は見当たりません。",
                "No time in this unit or one close to it is shown.",
            ),
        ),
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
    }
}

fn recency(context: &Context<'_>, adds: bool) -> String {
    let profile = &context.request.profile.profile;
    let jobs = context.borne.jobs.iter();
    let best = jobs.max_by(|a, b| a.likeness(&context.query).total_cmp(&b.likeness(&context.query)));
    let end = best.and_then(|job| period(job, profile)).map(|(_, to)| to);
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
    let months = matching_months(context);
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
    let (years, rest) = (months / 12, months % 12);
    let japanese = match (years, rest) {
        (0, rest) => format!("{rest}か月"),
        (years, 0) => format!("{years}年"),
        (years, rest) => format!("{years}年{rest}か月"),
    };
    let english = match (years, rest) {
        (0, rest) => format!("{rest} months"),
        (years, 0) => format!("{years} years"),
        (years, rest) => format!("{years} years and {rest} months"),
    };
    if adds {
        context.say(
            format!("関連する経験が約{japanese}あります。"),
            format!("About {english} of related experience."),
        )
    } else {
        context.say(
            format!("関連する経験は約{japanese}です。"),
            format!("About {english} of related experience, less than most who match."),
        )
    }
}

/// Months of jobs that count as at least half the same work.
fn matching_months(context: &Context<'_>) -> u32 {
    let profile = &context.request.profile.profile;
    let jobs = context.borne.jobs.iter();
    let alike = jobs.filter(|job| job.likeness(&context.query) >= 0.5);
    let months = alike.filter_map(|job| period(job, profile));
    months
        .map(|(from, to)| from.months_until(to.unwrap_or(context.this_month)))
        .sum()
}

fn place(context: &Context<'_>, adds: bool) -> String {
    let opportunity = &context.request.opportunity.opportunity;
    let profile = &context.request.profile.profile;
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
    let style = context.request.profile.profile.work_style;
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
    let style = context.request.profile.profile.work_style;
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
