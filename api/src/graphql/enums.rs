//! The enums of the schema: the domain's, with their descriptions for clients.

use async_graphql::Enum;

macro_rules! mirror {
    ($remote:literal; $(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[graphql(remote = $remote)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }
    };
}

mirror! { "okaeri_engine::domain::OpportunityKind";
    /// What kind of offer it is.
    OpportunityKind {
        /// Rehire as an employee.
        Role,
        /// A slot for a speaker at a seminar.
        SpeakerSlot,
        /// A piece of contract work (業務委託).
        ContractWork,
    }
}

mirror! { "okaeri_engine::domain::Remote";
    /// Where the work is done.
    Remote {
        /// From anywhere.
        Remote,
        /// Some days on site.
        Hybrid,
        /// On site.
        Onsite,
    }
}

mirror! { "okaeri_engine::domain::RemotePreference";
    /// Where a person is willing to work.
    RemotePreference {
        /// From home only.
        RemoteOnly,
        /// Some days at the office.
        Hybrid,
        /// At the office.
        Onsite,
        /// No preference.
        Any,
    }
}

mirror! { "okaeri_engine::domain::Interest";
    /// What an alumnus opts into. What is not listed is not offered.
    Interest {
        /// Coming back as an employee.
        Rehire,
        /// Contract work (業務委託).
        ContractWork,
        /// Speaking at a seminar.
        Speaking,
        /// Mentoring.
        Mentoring,
        /// Events and reunions.
        Events,
    }
}

mirror! { "okaeri_engine::domain::OpportunityStatus";
    /// Where an opportunity stands.
    OpportunityStatus {
        /// Being written; only recruiters and administrators see it, and nobody is ranked for it.
        Draft,
        /// Open for ranking; in alumni's feeds once its legal terms are complete.
        Open,
        /// Interrupted; in no list of candidates and in no feed until it is published again.
        Paused,
        /// Every seat is taken.
        Filled,
        /// Over.
        Closed,
    }
}

mirror! { "okaeri_engine::domain::LanguageLevel";
    /// How well a language is spoken.
    LanguageLevel {
        /// A few phrases.
        Basic,
        /// Everyday conversation.
        Conversational,
        /// Work in that language.
        Business,
        /// A first language.
        Native,
    }
}

mirror! { "okaeri_engine::domain::Role";
    /// What the viewer is at the company.
    ViewerRole {
        /// Runs the programme.
        Administrator,
        /// Posts opportunities and approaches candidates.
        Recruiter,
        /// Works at the company and takes part in the network.
        Employee,
        /// A former employee.
        Alumnus,
    }
}

mirror! { "okaeri_engine::domain::Purpose";
    /// What a consent permits.
    ConsentPurpose {
        /// To be found in the directory and in search.
        Directory,
        /// To get a personal feed of opportunities.
        Feed,
        /// To be ranked for roles.
        Rehire,
        /// To be ranked for speaker slots.
        Speaking,
        /// To be ranked for contract work.
        ContractWork,
        /// To be asked to mentor.
        Mentoring,
        /// To be invited to events.
        Events,
        /// To be shared within a group of companies.
        GroupSharing,
    }
}

mirror! { "okaeri_engine::domain::ConsentSource";
    /// How a consent was given.
    ConsentSource {
        /// The person's own opt-ins, carried by an imported file.
        Import,
        /// By the person, signed in.
        #[graphql(name = "SELF")]
        Self_,
    }
}

mirror! { "okaeri_engine::domain::AlumnusStatus";
    /// How far a record has come on its way into the programme.
    AlumnusStatus {
        /// Imported by the company, not yet claimed by the person.
        Unclaimed,
        /// Waiting for an administrator's approval.
        PendingApproval,
        /// A member.
        Active,
        /// Left the programme.
        Left,
    }
}

mirror! { "okaeri_engine::domain::review::ReviewOutcome";
    /// What came of a request to be looked at without the ranking.
    ReviewOutcome {
        /// The company goes on with the person.
        TakenFurther,
        /// It does not, for the reason given.
        NotThisTime,
    }
}

mirror! { "okaeri_engine::domain::correction::CorrectionState";
    /// How far a correction has come.
    CorrectionState {
        /// Waits for an administrator.
        Requested,
        /// The record was corrected.
        Approved,
        /// It stays as it is, for a reason.
        Refused,
    }
}

mirror! { "okaeri_engine::domain::statistics::Question";
    /// What people may say about themselves for statistics.
    StatisticsQuestion {
        /// Which gender the person names.
        Gender,
        /// How old the person is, in bands.
        AgeBand,
        /// Whether the person cares for children or relatives.
        Caring,
    }
}

mirror! { "okaeri_engine::domain::statistics::Answer";
    /// What can be said for statistics; each answers one question.
    StatisticsAnswer {
        /// A woman (GENDER).
        Woman,
        /// A man (GENDER).
        Man,
        /// Neither, or another word (GENDER).
        AnotherGender,
        /// Younger than 30 (AGE_BAND).
        #[graphql(name = "UNDER_30")]
        Under30,
        /// From 30 to 39 (AGE_BAND).
        #[graphql(name = "FROM_30_TO_39")]
        From30To39,
        /// From 40 to 49 (AGE_BAND).
        #[graphql(name = "FROM_40_TO_49")]
        From40To49,
        /// From 50 to 59 (AGE_BAND).
        #[graphql(name = "FROM_50_TO_59")]
        From50To59,
        /// 60 or older (AGE_BAND).
        #[graphql(name = "FROM_60")]
        From60,
        /// Cares for children or relatives (CARING).
        Caring,
        /// Does not (CARING).
        NotCaring,
    }
}

mirror! { "okaeri_engine::domain::ClaimDoubt";
    /// Why a claim waits for an administrator.
    ClaimDoubt {
        /// No record agrees in the name and in a proof that the programme takes.
        NoMatch,
        /// Several records do: namesakes.
        Several,
        /// The record carries another address, or another record carries this one.
        OtherAddress,
        /// Somebody has claimed the record before, by another address.
        AlreadyClaimed,
        /// The person of the record left the programme.
        Left,
        /// The programme has every claim approved.
        ApprovalNeeded,
    }
}

mirror! { "okaeri_engine::domain::ClaimFact";
    /// What a claim and a record agree in.
    ClaimFact {
        /// The name, as written or as read.
        Name,
        /// The number that the person had as an employee.
        EmployeeNumber,
        /// The first and the last month at the company.
        Tenure,
        /// A unit at the company. Colleagues know it, so it proves nothing.
        Department,
        /// The e-mail address.
        Email,
    }
}

/// How far a claim has come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimStatus {
    /// It waits for an administrator.
    PendingApproval,
    /// The person is a member, by match or by approval.
    Active,
    /// An administrator said no.
    Refused,
    /// A later claim of the same person stands in its place.
    Superseded,
}

mirror! { "okaeri_engine::domain::DeclineReason";
    /// Why an alumnus declines.
    DeclineReason {
        /// The work itself.
        NotMyField,
        /// Pay, hours or other terms.
        Terms,
        /// Place or remote style.
        Place,
        /// Not the time for it.
        Timing,
        /// Something else, or not said.
        Other,
    }
}

mirror! { "okaeri_engine::domain::Ineligible";
    /// The rule that keeps people out of a ranking. A person is counted under the first rule that applies.
    ExclusionRule {
        /// Not a member of the programme.
        NotMember,
        /// Did not opt into this kind of opportunity.
        NoInterest,
        /// No consent for this purpose holds.
        NoConsent,
        /// Of another company of the group than the one that offers the opportunity: without the consent to be shared
        /// within the group, or for a kind for which that company uses no other company's people.
        NotSharedInGroup,
        /// The programme does not offer this kind.
        KindNotOffered,
        /// Not of a segment that takes part in the programme's pilot.
        SegmentNotAdmitted,
        /// Was employed in a way that the programme does not admit, or in one that is not known.
        EmploymentNotAdmitted,
        /// Left in a way that the programme does not admit, or in one that is not known. Never the reason for leaving.
        LeavingKindNotAdmitted,
        /// Was at the company for too short a time.
        TenureTooShort,
        /// Left too recently for hiring approaches.
        QuietPeriod,
        /// The right to return has ended.
        ReturnWindowClosed,
        /// Spoke, or was invited to another speaker slot, a short while ago.
        SpeakerResting,
        /// Left less than a year ago, for a role that an agency would send them to (労働者派遣法 第40条の9).
        TemporaryAgencyWithinAYear,
        /// Declined this opportunity; only in the person's own feed.
        Declined,
        /// Asked not to be shown this opportunity until later; only in the person's own feed.
        Snoozed,
        /// Rejected by a recruiter, with a reason.
        Rejected,
        /// New, in a week whose share of new items the feed shows already; only in the person's own feed.
        HeldBack,
        /// The contract work is offered to another person by name.
        AddressedToOther,
    }
}

mirror! { "okaeri_engine::domain::CandidacyStatus";
    /// Where a candidacy stands.
    CandidacyStatus {
        /// Noted by staff. The person does not learn of it.
        Shortlisted,
        /// Taken off the shortlist again. The person does not learn of it.
        Unlisted,
        /// The person came forward.
        Interested,
        /// Invited, and waiting for the person.
        Invited,
        /// The person said yes.
        Accepted,
        /// The person said no, and why.
        Declined,
        /// The person said not now; the company may ask again from snoozedUntil on.
        Snoozed,
        /// The company took the invitation back.
        InvitationWithdrawn,
        /// Both sides write to each other.
        InConversation,
        /// Agreed: a seat is taken.
        Agreed,
        /// Over, with an outcome.
        Concluded,
        /// The person stepped back.
        InterestWithdrawn,
        /// A member of staff decided against it, for a reason.
        Rejected,
    }
}

mirror! { "okaeri_engine::domain::OutcomeKind";
    /// What came of a candidacy.
    OutcomeKind {
        /// Back as an employee; of a role.
        Rehired,
        /// The contract work was commissioned.
        Contracted,
        /// Spoke at the seminar.
        Spoken,
        /// It did not come about, for a reason.
        NotRealized,
    }
}

mirror! { "crate::usecase::invitation_previews::Obstacle";
    /// Why one of the first candidates would not be invited with the others.
    InvitationObstacle {
        /// Came forward, was invited before, or it is over: a matter for a person, not for a list.
        InTouch,
        /// Said not before a day that is still ahead.
        NotNow,
        /// Was approached as often as the programme allows.
        CapReached,
    }
}

mirror! { "okaeri_engine::domain::ChangeNoteKind";
    /// What a change note is about.
    ChangeNoteKind {
        /// A rule of the company, such as on side jobs or pay.
        Policy,
        /// A unit: founded, merged, moved, under another head.
        Unit,
        /// How work is done: hours, remote work, leave.
        WorkingStyle,
    }
}

mirror! { "okaeri_engine::domain::ChangeReason";
    /// Why a change note touches what a person wishes for.
    ChangeReason {
        /// The person said how they want to work, and the note is about it.
        WorkStyle,
        /// The note is about a unit that the person wishes for or was in.
        Unit,
        /// The note names what the person wishes for.
        WishWords,
    }
}

mirror! { "okaeri_engine::domain::LegalSeverity";
    /// What a legal finding does.
    LegalSeverity {
        /// The offer cannot be published as it is.
        Refusal,
        /// It can; somebody should look at the wording.
        Warning,
    }
}

mirror! { "okaeri_engine::domain::EmploymentForm";
    /// Who employs the person that takes a role.
    EmploymentForm {
        /// The company.
        Direct,
        /// An agency, which sends the person to the company (派遣). Nobody is ranked for it within a year of leaving.
        TemporaryAgency,
    }
}

mirror! { "okaeri_engine::domain::AgeException";
    /// Why a role may name an age (労働施策総合推進法 第9条, 施行規則 第1条の3 第1項).
    AgeException {
        /// 1号: below the mandatory age of retirement, for a contract without an end.
        RetirementAge,
        /// 2号: a law or ordinance sets an age for the work.
        StatutoryAge,
        /// 3号イ: young people, for a long career, with a contract without an end and no experience asked.
        CareerFormation,
        /// 3号ロ: an age group that a job has few of, to hand on its skills, with a contract without an end.
        SkillSuccession,
        /// 3号ハ: what a part in art or entertainment has to look like.
        ArtisticExpression,
        /// 3号ニ: people of 60 and more, or an age group that a state measure promotes.
        PromotedGroup,
    }
}

mirror! { "okaeri_engine::domain::SexException";
    /// Why a role may name a sex (男女雇用機会均等法 第8条, and the ministry's notes on 第5条).
    SexException {
        /// What a part in art or entertainment has to look like.
        ArtisticExpression,
        /// Guarding that needs one sex against crime.
        Security,
        /// Religion, decency or the nature of a sport.
        ReligionDecencySport,
        /// A law keeps one sex from the work.
        StatutoryRestriction,
        /// Customs abroad keep one sex from the work.
        OverseasCustom,
        /// Women are markedly fewer in the job, and this is a measure against it (第8条).
        PositiveAction,
    }
}

mirror! { "okaeri_engine::domain::LeavingKind";
    /// The kind of leaving. Never the reason: why somebody left is nobody's rule.
    LeavingKind {
        /// The person's own decision (自己都合).
        Voluntary,
        /// The contract ended (契約満了).
        EndOfContract,
        /// The company's decision (会社都合).
        EmployerRequest,
        /// An early-retirement offer (早期退職).
        EarlyRetirement,
        /// The mandatory retirement (定年).
        MandatoryRetirement,
        /// A disciplinary dismissal (懲戒).
        Disciplinary,
        /// Any other.
        Other,
    }
}

mirror! { "okaeri_engine::domain::EmploymentType";
    /// The type of employment.
    EmploymentType {
        /// Regular, without a term (正社員).
        Regular,
        /// On a fixed-term contract (契約社員).
        Contract,
        /// Part-time (パート・アルバイト).
        PartTime,
        /// Engaged after retirement or by special agreement (嘱託).
        Entrusted,
        /// Sent by a temporary-work agency (派遣).
        TemporaryAgency,
        /// On loan from another company (出向).
        Seconded,
        /// An officer (役員).
        Officer,
        /// Any other.
        Other,
    }
}

mirror! { "okaeri_engine::domain::ClaimProof";
    /// What somebody who claims a record may prove to be its person by, beside the personal e-mail address.
    ClaimProof {
        /// The number that the person had as an employee.
        EmployeeNumber,
        /// The first and the last month at the company.
        Tenure,
    }
}

mirror! { "okaeri_engine::domain::GroupedBy";
    /// By what people are grouped where lists hold shares of groups.
    GroupedBy {
        /// The unit of the latest period at the company.
        Department,
        /// The company of the group that they come from.
        GroupCompany,
    }
}

mirror! { "okaeri_engine::domain::MissingTerm";
    /// An item that the law, or a speaker's first question, still asks for before publication.
    MissingTerm {
        /// The duties of a role (業務内容).
        Duties,
        /// How far a role's duties may change later (業務の変更の範囲).
        DutiesChangeRange,
        /// The place of work of a role (就業場所).
        Place,
        /// How far a role's place may change later (就業場所の変更の範囲).
        PlaceChangeRange,
        /// The term of a role's contract (契約期間).
        ContractTerm,
        /// The limit of renewal of a fixed-term contract (更新上限).
        RenewalLimit,
        /// Working hours (労働時間).
        WorkingHours,
        /// Pay (賃金).
        Pay,
        /// Whether pay includes fixed overtime, and how much (固定残業代).
        FixedOvertime,
        /// How much of the pay is fixed overtime.
        FixedOvertimeAmount,
        /// How many hours a month the fixed overtime covers.
        FixedOvertimeHours,
        /// That overtime beyond those hours is paid in addition.
        FixedOvertimeExcess,
        /// The trial period, or that there is none (試用期間).
        TrialPeriod,
        /// Which social insurances apply (社会・労働保険の適用).
        SocialInsurance,
        /// The measures against passive smoking (受動喫煙を防止するための措置).
        SmokingMeasures,
        /// The employer's name (募集者の名称).
        Employer,
        /// The two parties of contract work.
        Parties,
        /// The day of commission (委託日).
        CommissionedOn,
        /// The scope of contract work (給付の内容).
        Scope,
        /// The day of delivery or the end of the service (受領日・役務提供日).
        DeliveredOn,
        /// The place of delivery or service.
        DeliveryPlace,
        /// The day by which the work is inspected, where it is (検査を完了する期日).
        InspectionOn,
        /// The fee (報酬の額).
        Fee,
        /// The day of payment (支払期日).
        PaymentDueOn,
        /// The method of payment.
        PaymentMethod,
        /// The closing day, where payment follows a monthly closing (締切日).
        ClosingDay,
        /// The day of the month on which a closed month is paid.
        PaymentDay,
        /// The prime contractor, where the work is commissioned on (元委託者).
        PrimeContractor,
        /// The day on which the prime contractor pays, where the work is commissioned on.
        PrimePaymentDueOn,
        /// The day of payment lies beyond 60 days from receipt, two months with a monthly closing, or 30 days from the
        /// prime contractor's payment.
        PaymentTooLate,
        /// The day of payment lies behind the one that the monthly closing gives.
        PaymentAfterClosing,
        /// The day of a speaker slot.
        HeldOn,
        /// The topics of a speaker slot.
        Topics,
    }
}

mirror! { "okaeri_engine::features::FeatureId";
    /// What a contribution to a score is about.
    MatchFeature {
        /// How much of the must-haves, or of a speaker slot's topics, the profile bears out.
        MustHaveCoverage,
        /// How much of the nice-to-haves the profile bears out.
        NiceToHaveCoverage,
        /// How much of the title the profile bears out.
        TitleMatch,
        /// How much of the description the profile shares.
        DescriptionMatch,
        /// How much of all that is asked for the profile bears out, title and must-haves counting most.
        CoreCoverage,
        /// Relevance of the whole text, fields weighted.
        TextRelevance,
        /// Likeness in meaning: words that the company's profiles use together count as related.
        LatentSimilarity,
        /// Likeness in meaning of the job that is most alike.
        JobSimilarity,
        /// Likeness in what is named: the same and neighbouring concepts of the thesaurus.
        ConceptSimilarity,
        /// Done it, rather than listed it, stood next to it or studied it.
        EvidenceStrength,
        /// How recent the matching experience is.
        ExperienceRecency,
        /// How long the matching experience is; five years and more are equal.
        ExperienceLength,
        /// Experience in, or next to, the unit that offers the work; capped.
        UnitAdjacency,
        /// Matching experience gained since leaving.
        GainedSinceLeaving,
        /// Levels that the must-haves ask for, such as business English, a score or a grade.
        LevelFit,
        /// Experience inside the scope, rather than in what the opportunity says it is not about.
        ScopeFit,
        /// Does the work itself, rather than selling it, teaching it or advising on it where that is not asked for.
        HandsOn,
        /// Place and remote style.
        PlaceFit,
        /// Hours offered against hours asked; not for speaker slots.
        HoursFit,
        /// Availability against the start, or against a speaker slot's day.
        StartFit,
        /// How recently the person confirmed the profile.
        ProfileFreshness,
        /// In the feed only: how the person stands among the alumni who could be asked.
        StandingAmongAlumni,
        /// In the feed only: variety of kinds and units.
        FeedDiversity,
        /// In the feed only: like what the person saved or is interested in, rather than what they declined.
        OwnChoices,
        /// In the feed only: what the person's answers to earlier feeds say about what matters to them.
        LearntPreference,
        /// In the feed only: how little the person's answers say about an item of this sort yet.
        Exploration,
        /// Where the programme coordinates its lists: who, or what, stands high in many of them.
        Coordination,
        /// In the feed only: what the person said they would like to be asked for.
        StandingWish,
        /// In lists of candidates whose programme asks for shares of groups: of a group that was due one.
        GroupShare,
    }
}

mirror! { "okaeri_engine::features::ProfileField";
    /// Where in a profile a phrase stands.
    ProfileField {
        /// The one-line headline.
        Headline,
        /// The self-introduction.
        Summary,
        /// The list of skills.
        Skills,
        /// The list of qualifications.
        Qualifications,
        /// Languages and their levels.
        Languages,
        /// A period at this company.
        Tenure,
        /// A position since leaving.
        CareerAfter,
        /// Remote style, hours and availability.
        WorkStyle,
        /// Where the person lives.
        Prefecture,
        /// When the profile was last confirmed.
        ConfirmedOn,
    }
}

/// Whether a requirement of an opportunity is met by a person.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequirementStatus {
    /// The profile shows it.
    Met,
    /// The profile does not show it, which is not the same as lacking it.
    NotShown,
    /// The profile says otherwise.
    Unmet,
    /// It cannot be judged from a profile.
    NotAssessable,
}

/// How far an invitation has come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvitationStatus {
    /// Waiting for the person's answer.
    Sent,
    /// The person said yes.
    Accepted,
    /// The person said no.
    Declined,
    /// The person said not now.
    Snoozed,
    /// It no longer stands: taken back, or overtaken by what came since.
    Withdrawn,
}

/// What an alumnus did last with an opportunity.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InteractionKind {
    /// Said to be interested.
    Interested,
    /// Declined it.
    Declined,
    /// Asked not to be shown it until a day.
    Snoozed,
    /// Kept it for later.
    Saved,
}

/// What the caller of a mutation got wrong, or what stands in its way.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserErrorCode {
    /// No such thing, or not for this viewer.
    NotFound,
    /// A text is empty where it must not be.
    Blank,
    /// A text or a list is longer than its limit.
    TooLong,
    /// A value lies outside its range.
    OutOfRange,
    /// A value has the wrong form.
    Invalid,
    /// The thing is in a state that does not allow this step.
    InvalidState,
    /// Not open: a draft, paused, filled, closed, or past its deadline or day.
    NotOpen,
    /// The person is not ranked for this kind of opportunity: no interest, no consent, or a rule of the programme.
    NotEligible,
    /// The consent is not there to be withdrawn.
    NotGiven,
    /// The text that was agreed to is not the current one, which the message names: show that and ask again.
    ConsentTextOutdated,
    /// The invitation was answered before.
    AlreadyAnswered,
    /// The link is unknown, used or expired.
    InvalidLink,
    /// The programme does not offer this kind.
    KindNotOffered,
    /// The person was approached as often as the programme's cap allows: the message names it.
    TooManyApproaches,
    /// The external id is taken.
    Taken,
    /// The same idempotency key came with another input.
    IdempotencyKeyReused,
    /// Somebody else changed it since it was read: read it again.
    VersionConflict,
    /// Every seat of the opportunity is taken.
    NoSeatLeft,
    /// Publication needs the duties of the role (業務内容).
    MissingDuties,
    /// Publication needs the range of later change of the duties (業務の変更の範囲).
    MissingDutiesChangeRange,
    /// Publication needs the place of work (就業場所).
    MissingPlace,
    /// Publication needs the range of later change of the place (就業場所の変更の範囲).
    MissingPlaceChangeRange,
    /// Publication needs the contract's term (契約期間).
    MissingContractTerm,
    /// Publication of a fixed-term role needs the limit of renewal (更新上限).
    MissingRenewalLimit,
    /// Publication needs the working hours (労働時間).
    MissingWorkingHours,
    /// Publication needs the pay (賃金).
    MissingPay,
    /// Publication needs a statement on fixed overtime (固定残業代).
    MissingFixedOvertime,
    /// Publication needs the amount of the fixed overtime.
    MissingFixedOvertimeAmount,
    /// Publication needs the hours that the fixed overtime covers.
    MissingFixedOvertimeHours,
    /// Publication needs it said that overtime beyond the fixed hours is paid in addition.
    MissingFixedOvertimeExcess,
    /// Publication needs the trial period, or that there is none (試用期間).
    MissingTrialPeriod,
    /// Publication needs which social insurances apply (社会・労働保険の適用).
    MissingSocialInsurance,
    /// Publication needs the measures against passive smoking (受動喫煙を防止するための措置).
    MissingSmokingMeasures,
    /// Publication needs the employer's name.
    MissingEmployer,
    /// Publication needs the parties of the contract work.
    MissingParties,
    /// Publication needs the day of commission.
    MissingCommissionedOn,
    /// Publication needs the scope of the work.
    MissingScope,
    /// Publication needs the day of delivery or the end of the service.
    MissingDeliveredOn,
    /// Publication needs the place of delivery or service.
    MissingDeliveryPlace,
    /// Publication needs the day by which the work is inspected.
    MissingInspectionOn,
    /// Publication needs the fee.
    MissingFee,
    /// Publication needs the day of payment.
    MissingPaymentDueOn,
    /// Publication needs the method of payment.
    MissingPaymentMethod,
    /// Publication needs the closing day, since payment follows a monthly closing.
    MissingClosingDay,
    /// Publication needs the day of the month on which a closed month is paid.
    MissingPaymentDay,
    /// Publication needs the prime contractor, since the work is commissioned on.
    MissingPrimeContractor,
    /// Publication needs the day on which the prime contractor pays.
    MissingPrimePaymentDueOn,
    /// Payment lies beyond 60 days from receipt, two months with a monthly closing, or 30 days from the prime
    /// contractor's payment.
    PaymentTooLate,
    /// Payment lies behind the day that the monthly closing gives.
    PaymentAfterClosing,
    /// Names an age as a condition or a preference, without one of the exceptions (労働施策総合推進法 第9条).
    AgeWording,
    /// Suggests that an age is preferred. A warning.
    AgeSuggested,
    /// Uses an exception to the rule on ages without showing the reason (高年齢者雇用安定法 第20条).
    AgeExceptionReason,
    /// Uses an exception that holds for contracts without an end only.
    AgeExceptionTerm,
    /// Names a sex, or the work by a word for one sex, without one of the exceptions (男女雇用機会均等法 第5条).
    SexWording,
    /// Suggests that a sex is preferred. A warning.
    SexSuggested,
    /// Asks for height, weight or strength without a reason that lies in the job (男女雇用機会均等法 第7条).
    PhysicalRequirement,
    /// Asks for readiness to move house without a reason that lies in the job (男女雇用機会均等法 第7条).
    RelocationRequirement,
    /// Contract work that reads like orders. A warning.
    DisguisedDirection,
    /// Contract work with set working hours. A warning.
    DisguisedWorkingHours,
    /// Contract work that asks for attendance. A warning.
    DisguisedAttendance,
    /// Contract work that speaks of overtime. A warning.
    DisguisedOvertime,
    /// Contract work that forbids work for others. A warning.
    DisguisedExclusivity,
    /// Publication needs the day of the speaker slot.
    MissingHeldOn,
    /// Publication needs the topics of the speaker slot.
    MissingTopics,
}
