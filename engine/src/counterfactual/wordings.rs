//! What people write about themselves that matching must not read, and the same work with and without a sex.
//!
//! Invented for this project. One statement a line: as a sentence without its mark, then after `|`, where there is one,
//! as a clause that another sentence follows.

use super::Kind;

/// Statements by kind: a profile with one of them has to rank like the profile without it.
pub(super) const STATED: &[(Kind, &str)] = &[
    (
        Kind::LeavingReason,
        "\
結婚を機に退職しました|結婚を機に退職し、
夫の転勤に伴い退社しました|夫の転勤に伴い退社し、
妻の海外赴任に帯同するため退職しました|妻の海外赴任に帯同するため退職し、
親の介護のため退職しました|親の介護のため退職し、
体調を崩して退職しました|体調を崩して退職し、
定年退職しました|定年退職し、
出産を機に青葉を離れました|出産を機に青葉を離れ、
会社都合で退職しました|会社都合で退職し、
留学のため退職しました|留学のため退職し、
家業を継ぐため退職しました|家業を継ぐため退職し、
上司と合わず退職を決めました|上司と合わずに退職し、
激務に疲れて会社を辞めました|激務に疲れて会社を辞め、
早期退職に応募しました|早期退職に応じ、
リストラに遭いました|リストラに遭い、
給与への不満から転職しました|
一身上の都合により退職いたしました|一身上の都合により退職いたし、
震災で退職を余儀なくされました|",
    ),
    (
        Kind::GapReason,
        "\
育児のため三年間離職していました|育児のため三年間離職し、
母の介護に専念していました|母の介護に専念し、
病気療養で一年ほど仕事を離れました|病気療養を経て、
専業主婦の期間が五年あります|専業主婦を経て、
子育て中は仕事を離れていました|子育てが一段落したので、
不妊治療のため一年休みました|
産休・育休を取得していました|産休・育休を経て、
父の看病のため帰郷していました|父の看病のため帰郷し、
体調不良のため半年休職しました|体調不良のため半年休職し、",
    ),
    (
        Kind::Relatives,
        "\
娘の名は花子です|
夫は田中太郎といいます|
妻のさくらと暮らしています|
父の山田一郎も青葉の社員でした|
息子の健太は高校生です|
母の和子は教師でした|
弟の大輔は医師です|
祖父の代から続く家です|",
    ),
    (
        Kind::Family,
        "\
二児の母です|二児の母として、
夫と子ども二人の四人家族です|
独身です|独身で、
昨年離婚しました|
妻と共働きで、娘が一人います|
義父母と同居しています|
シングルマザーとして二人の子を育てています|シングルマザーとして、
婚約中です|
子どもは小学生です|
孫が生まれました|
主人の両親の面倒を見ています|
家事と育児に追われています|",
    ),
    (
        Kind::Age,
        "\
45歳です|45歳、
４５歳です|４５歳、
四十五歳です|四十五歳、
満52才です|
五十代前半です|
1979年生まれです|1979年生まれ、
昭和54年3月生まれです|
昭和五十四年生まれです|昭和五十四年生まれで、
生年月日は1979年3月12日です|
アラフィフです|
氷河期世代です|
還暦を迎えました|還暦を迎え、
定年まであと五年です|
平成生まれです|",
    ),
    (
        Kind::Sex,
        "\
女性です|
男性です|
性別は女です|
女性ならではの視点を大切にしています|女性ならではの視点で、
主婦の目線を持っています|主婦として、
トランスジェンダーです|",
    ),
    (
        Kind::Origin,
        "\
福岡県出身です|福岡県出身、
ベトナム出身です|
出身は青森です|
生まれも育ちも大阪です|生まれも育ちも大阪で、
国籍はブラジルです|
韓国籍です|
在日三世です|
日本に帰化しました|
中国生まれです|
本籍は高知県です|
永住権を持っています|",
    ),
    (
        Kind::Belief,
        "\
クリスチャンです|
仏教徒です|
毎週教会に通っています|
イスラム教徒なので食事に制限があります|
支持政党は自民党です|
共産党員です|
信仰を大切にしています|",
    ),
    (
        Kind::Union,
        "\
労働組合の執行委員を務めました|
組合員です|
労組の青年部長でした|
組合専従を三年経験しました|
組合活動に熱心でした|",
    ),
    (
        Kind::Health,
        "\
うつ病で半年休職しました|うつ病で半年休職し、
乳がんの治療を終えました|
糖尿病を患っています|
腰痛の持病があります|
障害者手帳を持っています|
聴覚に障がいがあります|
妊娠中です|
健康状態は良好です|
入院していた時期があります|
片耳が聞こえません|
体が弱く通院しています|",
    ),
];

/// The same in English; sentences without their full stop.
pub(super) const STATED_IN_ENGLISH: &[(Kind, &str)] = &[
    (
        Kind::LeavingReason,
        "\
I left the company because of my husband's transfer
I quit due to illness
I resigned to care for my mother
I retired at 60
I left Aoba for family reasons",
    ),
    (
        Kind::GapReason,
        "\
I took three years off to raise my children
I had a two-year gap to care for my father
I was on maternity leave",
    ),
    (
        Kind::Relatives,
        "My wife Hanako is a nurse\nMy son Kenta studies law",
    ),
    (
        Kind::Family,
        "I am a mother of two\nI am married with three kids\nI am a single father",
    ),
    (
        Kind::Age,
        "I am 45 years old\nBorn in 1979\nI am in my late forties\nDate of birth: 1979/03/12",
    ),
    (Kind::Sex, "I am a woman\nI am a man"),
    (
        Kind::Origin,
        "I am from Vietnam\nI was born in Brazil\nMy nationality is Chinese\nI am a permanent resident",
    ),
    (
        Kind::Belief,
        "I am a Christian\nI am Muslim\nI attend church every Sunday",
    ),
    (Kind::Union, "I was a union representative\nI am a union member"),
    (
        Kind::Health,
        "I have diabetes\nI am recovering from cancer\nI am a wheelchair user",
    ),
];

/// Sentences that say the same work, `/` between them; all have to rank alike.
pub(super) const SWAPPED: &[(Kind, &str)] = &[
    (
        Kind::GenderedWord,
        "営業として法人の新規開拓を担当しました/営業マンとして法人の新規開拓を担当しました/営業レディとして法人の新規開拓を担当しました",
    ),
    (
        Kind::GenderedWord,
        "セールスとして店舗を回りました/セールスマンとして店舗を回りました/セールスレディとして店舗を回りました",
    ),
    (
        Kind::GenderedWord,
        "会社員として経理の実務を担いました/サラリーマンとして経理の実務を担いました/OLとして経理の実務を担いました",
    ),
    (
        Kind::GenderedWord,
        "看護師として健康管理室に勤務しました/看護婦として健康管理室に勤務しました",
    ),
    (
        Kind::GenderedWord,
        "保育士として研修を企画しました/保母として研修を企画しました",
    ),
    (
        Kind::GenderedWord,
        "彼と企画を立ち上げました/彼女と企画を立ち上げました",
    ),
    (
        Kind::GenderedWord,
        "俺が在庫管理の仕組みを作りました/僕が在庫管理の仕組みを作りました/あたしが在庫管理の仕組みを作りました",
    ),
    (
        Kind::GenderedWord,
        "He managed the supply chain project/She managed the supply chain project",
    ),
    (
        Kind::GenderedWord,
        "As a salesman I opened new accounts/As a saleswoman I opened new accounts/As a salesperson I opened new accounts",
    ),
    (
        Kind::Year,
        "2004年卒です/1989年卒です/平成16年卒です/昭和六十三年卒です/04年卒です",
    ),
    (
        Kind::Year,
        "2004年4月に新卒で入社しました/1986年4月に新卒で入社しました/平成16年4月に新卒で入社しました",
    ),
    (
        Kind::Year,
        "2004年に青葉大学を卒業しました/1979年に青葉大学を卒業しました/平成十六年に青葉大学を卒業しました",
    ),
    (Kind::Year, "新卒1期生です/新卒7期生です/新卒二十期生です"),
    (Kind::Year, "Class of 2004/Class of 1979"),
    (
        Kind::Name,
        "山田花子と申します/鈴木健太郎と申します/グエン・ヴァン・アンと申します",
    ),
];

/// Names as written and as read: of women and men, old and young, and not Japanese.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("佐藤 花子", "サトウ ハナコ"),
    ("鈴木 健太郎", "スズキ ケンタロウ"),
    ("高橋 ヨネ", "タカハシ ヨネ"),
    ("田中 翔", "タナカ ショウ"),
    ("グエン ティ ラン", "グエン ティ ラン"),
    ("金 民秀", "キム ミンス"),
    ("スミス ジョン", "スミス ジョン"),
    ("山本 経理子", "ヤマモト ケリコ"),
];

/// Reasons for leaving as HR systems code them, and one in words.
pub(super) const LEAVING_CODES: &[&str] = &[
    "CAREER_CHANGE",
    "SPOUSE_TRANSFER",
    "CHILDCARE",
    "CAREGIVING",
    "HEALTH",
    "RETIREMENT",
    "LAYOFF",
    "STUDY",
    "結婚のため",
];

/// Kinds of leaving.
pub(super) const LEAVING_KINDS: &[&str] = &[
    "VOLUNTARY",
    "END_OF_CONTRACT",
    "EARLY_RETIREMENT",
    "MANDATORY_RETIREMENT",
];

/// Columns that an import has to drop.
pub(super) const HIDDEN: &[(&str, &str)] = &[
    ("birthDate", "1979-03-12"),
    ("年齢", "45"),
    ("性別", "女"),
    ("国籍", "ベトナム"),
    ("出身地", "青森県"),
    ("家族構成", "妻と子ども二人"),
    ("宗教", "キリスト教"),
    ("支持政党", "無所属"),
    ("労働組合", "加入"),
    ("健康状態", "良好"),
];
