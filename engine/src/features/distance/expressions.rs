//! The expressions that tell a distance, as data, found in one pass.
//!
//! Every expression occurs in many texts; none names a trade. Longer ones win over shorter ones that begin at the
//! same place, so that an exception is an entry: ベンダー任せにせず against ベンダー任せ.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::Distance;
use super::Distance::{ByOthers, Denied, NextTo, Studied, Supported, Taught, Wished};

/// What finding an expression means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// Governs the noun right before it: 〜と連携, 〜ではなく.
    Phrase(Distance),
    /// Governs its item of a list: 〜の補助. With を, が or は behind it, the whole list.
    Item(Distance),
    /// Governs its clause from the predicate before: 〜に依頼.
    Clause(Distance),
    /// What looks like a distance and is the writer's own work: 任された. Governs like `Clause`.
    Own,
    /// Says no more than that the writer did it: 自分で. Outweighs an agent in the same clause.
    OwnHand,
    /// A place of learning, in a case that asks for a verb: 講座に.
    Place,
    /// A verb that makes a place of learning one for the writer: 通い.
    Learn,
    /// A verb that makes a place of learning one where the writer teaches: 開催.
    Teach,
    /// The writer answers for what its clause names: 主導.
    Lead,
    /// A post of answering for others, where the next words make it one: 部長として.
    Post,
    /// たい, a wish unless others wish.
    Wish,
    /// の仕事, の担当: of the agent before it.
    OfAgent,
    /// の担当は: an agent follows.
    TopicOfAgent,
    /// Part of a longer expression that means nothing here.
    Nothing,
}

/// An expression found.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// What it means.
    pub(super) sense: Sense,
    /// In bytes of the text.
    pub(super) range: Range<usize>,
}

type Table = (Sense, &'static str);

const TABLES: &[Table] = &[
    (Sense::Nothing, NOTHING),
    (Sense::Own, OWN),
    (
        Sense::OwnHand,
        "
    自分で 自分が 自分の手 自ら みずから 私が わたしが 僕が 俺が わしが うちが 一人で ひとりで 1人で
    １人で 自作 自力 自分の判断
",
    ),
    (Sense::Clause(Denied), DENIED),
    (
        Sense::Phrase(Denied),
        "
    ではなく じゃなく ではなかった ではありません ではございません じゃない ではない
",
    ),
    (Sense::Clause(Wished), WISHED),
    (
        Sense::Wish,
        "
    したい したく したか りたい りたく りたか きたい きたく きたか めたい めたく えたい えたく れたい
    れたく てみたい でみたい てみたく せたい けたい けたく ちたい びたい みたいです いただきたい
    いたい ねたい
",
    ),
    (Sense::Clause(Studied), STUDIED),
    (Sense::Place, PLACES),
    (
        Sense::Learn,
        "
    習い 習っ 学び 学ん 受け 受講 通い 通っ 通う 聴い 聴き 聞い 聞き 参加 修了 触れ 読み 読ん 見まし
    見た 見て 観て 出席 出て 勉強 知っ かじっ 覚え
",
    ),
    (
        Sense::Teach,
        "
    開催 開いて 開き 開講 担当 受け持 実施 行っ 行い 持って 登壇 主宰 講師を
",
    ),
    (Sense::Clause(ByOthers), BY_OTHERS),
    (Sense::Item(ByOthers), BOUGHT_ITEMS),
    (Sense::Clause(Supported), SUPPORTED),
    (Sense::Item(Supported), SUPPORTED_ITEMS),
    (Sense::Item(Taught), TAUGHT_ITEMS),
    (Sense::Clause(Taught), TAUGHT),
    (Sense::Clause(NextTo), NEXT_TO),
    (
        Sense::Phrase(NextTo),
        "
    と連携 との連携 と協力 との協力 と協働 と二人三脚 と組ん を参考に の隣で のそばで と一緒に
",
    ),
    (Sense::Lead, LEAD),
    (
        Sense::Post,
        "
    部長 課長 室長 局長 所長 班長 隊長 校長 工場長 料理長 店長 支店長 支社長 センター長 グループ長
    チーム長 団長 係長 組長 委員長 理事長 議長 監督 主任 リーダー マネージャー マネジャー PM ＰＭ PL
    ディレクター プロデューサー CTO CFO CEO CHRO CISO 主幹 主査 現場代理人 総支配人 支配人 頭取 社長
    代表 船長 棟梁 統括 座長 幹事 キャップ チーフ 主将 デスク 編集長
",
    ),
    (
        Sense::OfAgent,
        "
    の仕事 の担当 の役目 の役割 の管轄 の領分 の持ち場 の領域 のお仕事 がご担当 の受け持ち の判断
    任せ まかせ
",
    ),
    (
        Sense::TopicOfAgent,
        "
    の担当は の担当者は を決めるのは をするのは を作るのは を書くのは を行うのは
",
    ),
];

/// Inside of these nothing is looked for.
const NOTHING: &str = "
    自分では     欠かせません 少なくありません 間違いありません 問題ありません だけでなく だけではなく のみならず
    のみではなく ばかりでなく ばかりではなく ばかりか に限らず を問わず 言うまでもありません
    にとどまらず に留まらず 問わず 受けもち 受け入れ 受け付け 受け取 受け継 受け答え 聞き取 聴き取
    読み取 読み解 読みやす 読み合わせ 見直 委託先の管理 委託先管理 委託先の切替 委託先の選定
    委託先の監査 委託先の開拓 外注管理 外注先の管理 外注先管理 業務委託で 業務委託契約 業務委託として
    業務委託にて 学び直し 学びの場 受講率 受講者 受講生 受講管理 受講履歴 聞いたことのな 希望者
    志望者 興味関心 就労移行支援 支援学校 支援センター 支援事業所 子育て支援 手伝い募集 お手伝いでき
    お手伝いさせていただけ お手伝いができ お手伝いいたし お手伝いできれ お手伝いしたい お役に立てる
    お役に立てましたら お役に立てれば お役に立ちたい 役に立ちたい 覚えてい 聞かれ これからも
    これからの いただきたく 苦手な方 苦手な人 不得手な方 教室長 いたいと 問合せを受け 相談を受け
    電話を受け 注文を受け 依頼を受け 表彰を受け 引き受け 見て回 もの足り ではなくて 希望休 の希望退職
    業務委託） にお願いいたし にお願いしたく にお任せくださ にお願いします の委託先 の委託工場
    の委託業者 機械学習 深層学習 強化学習 受講案内 ご希望 希望の光 希望退職 監督官庁 監督署 代表的
    代表例 主任者 お客様の希望 見てきた 見てきまし 覚えて頂 覚えてもら 人手に頼 経験に頼 勘に頼
    チームリーダー補 補助金 補助事業 補助員の 手元に 手元で してほし 支援物資 支援金 見習い募集
    顧問先 顧問契約 販売会社 販売店 販売促進 販売計画 販売管理 販売実績 販売先 販売員
";

/// Being asked or trusted, and taking back what others did.
const OWN: &str = "
    任され 任せられ 任せてもら 任せていただ 任せて頂 まかされ 任じられ お任せいただ お任せ頂
    任せにせず 任せにしな 任せきりにせず 任せにするのが嫌 まかせにせず 任せず に頼らず に頼りきらず
    頼まれ 依頼され 依頼を受け ご依頼 ご依頼いただ 委託され 委託を受け 受託 お願いされ 請け負 請負
    お声がけ 声をかけられ やらせてもら させてもら させていただ させて頂 担当させて 推され
    押しつけられ 命じられ 拝命 書かされ 外注せず 外に出さず 人任せにせず 人任せにするのが嫌 引き継い
    引き継ぎ 引継い 手伝ってもらいながら 教わりながら 教えてもらいながら 助けられながら
    支えられながら 教わって
";

/// Negations of the writer's own doing.
const DENIED: &str = "
    経験はな 経験がな 経験もな 経験はありませ 経験なし 経験無し 経験はございませ 経験がございませ
    経験もございませ 経験もありませ 経験がありませ 経験がほとんどな 経験はほとんどな 経験はほぼな
    経験は浅 経験は乏し 経験が乏し 経験に乏し 経験はまだ 実績はこれから 実績はまだ 実績はありませ
    実績がありませ 実績はな 実務経験はな 未経験 未経験です 未体験 たことはな たことがな たこともな
    たことな たことはありませ たことがありませ たこともありませ たことはございませ たことがございませ
    たことはまだ たことはいっぺんも たことは一度も たことは一度もな たことがまだ ことはございませ
    だことはな だことがな だことはありませ だことがありませ だこともな 縁がな 縁はな 縁がありませ
    縁はありませ ご縁がありませ 縁もな 縁遠 縁がなく 専門外 門外漢 守備範囲外 範囲外 畑違い 対象外
    持ち場ではな 担当外 管轄外 担当ではな 担当ではありませ 仕事ではな 仕事ではありませ 不得意 不得手
    苦手 からきし さっぱり まるで駄目 ノータッチ タッチしていませ タッチせず できません 出来ません
    できかね は書けませ は書けな が書けませ は読めませ は組めませ は触れませ は話せませ は弾けませ
    は分かりませ はわかりませ はわからな は分からな が分かりませ はできな は出来な はようせん
    はできん はしていな はしてな はしていませ をしていませ はしておりませ はしておらず はしておりま
    はしとらん しとらん していませ しておりませ しておらず していない はしませ はしな はしません
    はやりませ はやっていませ はやっておりませ はやっていな はやらな はやらず はやっとらん
    やったことな はやりたくな はいたしませ いたしません は担当せず を担当せず 担当せず
    は担当していませ には入らず には入っていませ には入れず には加わらず には関わらず
    に関わっていませ に関わっておりませ には関わっていませ には携わらず 携わっていませ
    携わっておりませ 携わらず には触れず は触らず は触っていませ 触っておりませ 触っていませ には出ず
    には出んかった には出ませ には出ていませ には行かず から外れ から外され はこれから。
    はこれからです はこれからで 無縁 に疎 には疎 に暗 は知りませ は知らな は知らん を知りませ
    持っておりませ 持っていませ 持ち合わせておりませ 取得していませ 取っておりませ 取っておらず
    お断り 勘弁 ご容赦 ご遠慮 遠慮し なかとです なかです はなか は無理 はからっきし はありませ
    はございませ はなかった もありませ は皆無 はおまへん は一切 の経験ゼロ 経験ゼロ はほとんどな
    は扱っていませ は扱いませ は扱っておりませ 扱ったことな は使えませ は使いませ は使っていませ
    使っておりませ まではできませ までは手が回 は未着手 には至っていませ には至らず はお受けできませ
    受けておりませ 浦島太郎 は避けてき 期待しないで
";

/// Wishes without たい.
const WISHED: &str = "
    志望 を目指 をめざ 目指しており 目指して勉強 興味があ に興味 関心があ に関心 憧れ あこがれ 惹かれ
    にひかれ を希望 の希望 希望です 希望。 希望いたし 希望し ポジション希望 への転向 への転身を が夢
    のが夢 夢です 目標です が目標 を夢見 応募させて させていただければ幸 させていただけれ ればええ
    たらええ たらいいな ればいいな 就けたら できたらと できればと 回してもらいて てもらいてえ
    やりてえ してえ やってみてえ やりとうて しとうて やりたか しとうござ ご縁があれば 機会があれば
    チャンスがあれば 意欲があ やる気は を志し 志して 転職活動中 になるのが夢
";

/// Learning without practice.
const STUDIED: &str = "
    勉強中 学習中 勉強しており 勉強していま 勉強してい 勉強しはじめ 勉強を始め 勉強を続け 勉強をして
    勉強を三 の勉強を の勉強に の勉強も の勉強も を勉強し を勉強 は勉強し も勉強し 独学です 独学中
    独学しており 独学している は独学 独学で勉強 独学で学 座学 受講中 受講し を受講 受講済 受講予定
    受講修了 学び始め 学びはじめ 学んでいま 学んでおり 学んでいる 学んでいる最中 学習してい
    学習しており の本を の本は の本も 本を読 本で読 本は読 冊読 書籍を読 入門書を読 新聞で読 雑誌で読
    記事を読 テキストも買 テキストを買 教本 参考書 問題集 挑戦中 受験中 受験予定 受験生 受験勉強
    試験勉強 試験に挑 資格の勉強 検定の勉強 チュートリアル ハッカソン 講演を聴 講演を聞 講演会で聞
    研修で一度 研修で習 研修で学 研修で触 研修を受け 研修を修了 研修のみ 研修で聞 セミナーに参加
    セミナーを受講 セミナー受講 セミナーで学 セミナーで聞 講座で学 勉強会に参加 勉強会に出 動画で見
    動画で学 動画を見て 動画で勉強 YouTubeで 触れた程度 読んだ程度 読む程度 学んだ程度 習った程度
    聞いた程度 かじった かじっただけ 聞きかじ 耳学問 見よう見まね 知識として 知識だけ 知識のみ
    知識はあ 概要を理解 基礎を学 一通り学 ひと通り学 の入門を eラーニングで ウェビナーで
    ウェビナーに参加 通信講座で 通信教育で 書籍で学 勉強会に参 を学ん を学び は学ん を習い を習っ
    を習う 教わった 教えてもらった から教わ 聞いたことがあ 聞いたことはあ 読んだことがあ から伺
    見習い中 修行中 スクール生 の講座を受 講習を受け 講習を来 講習会を受 養成講座を修 合格を目指
    合格に向け の試験に 趣味で触 個人で触 趣味程度 趣味で
";

/// Where one learns, with the particle that lets a verb follow.
const PLACES: &str = "
    研修で 研修に 研修を 研修は 講座で 講座に 講座を 講座も セミナーで セミナーに セミナーを
    セミナーも 講習で 講習に 講習を 講習会で スクールで スクールに スクールを 学校に 学校で 学校へ
    教室に 教室で 教室へ 講演を 講演に 講演で 本を 本は 本で 書籍を 書籍は 動画を 動画で 動画は
    講義を 講義で 授業で 授業を 大学で 夜学で 夜学に 塾に 説明会で オンラインで テレビで 新聞で
    ネットで 見学で インターンで 図書館で 勉強会を 勉強会に 教習を 訓練校に 訓練校で
";

/// Having it done.
const BY_OTHERS: &str = "
    に依頼 へ依頼 に委託 へ委託 に外注 へ外注 に発注 へ発注 に任せ へ任せ にまかせ に一任 任せきり
    任せっきり 任せっぱなし まかせきり まかせっきり 丸投げ まる投げ にお任せ にお願い へお願い に頼ん
    に頼み に頼る に頼って に頼りきり 頼みっぱなし に作らせ に書かせ にやらせ やってもら やってもろ
    やってもらい 書いてもら 書いてもろ 作ってもら 作ってもろ 組んでもら 直してもら 見てもら
    設計してもら 対応してもら 描いてもら 訳してもら 打ってもら してもらい、 してもらって してもろう
    やっていただ 作っていただ 書いていただ 対応していただ に支えられ に助けられ 助けられ に頼りっきり
    は外注 は外部委託 を外部委託 外部に出 外に出して を外注し を委託し の外注先 を呼んで ば呼んで
    に仕上げてもら におんぶ におまかせ は他人まかせ 手配師 は派遣さん
";

/// Having it done, as a noun: services and not goods, since ordering goods is a trade of its own.
const BOUGHT_ITEMS: &str = "
    調査の発注 調査の依頼 診断の発注 診断の依頼 工事の発注 工事の依頼 制作の発注 制作の依頼
    開発の発注 開発の委託 設計の発注 設計の依頼 翻訳の発注 翻訳の依頼 監査の依頼 運用の委託
    編集の発注 編集の依頼 撮影の依頼 撮影の発注 施工の発注 修理の依頼 修理の手配 検査の依頼
    分析の依頼 分析の発注 試験の依頼 試験委託 試験の委託 調査の委託 調査委託 鋳造の依頼 の依頼先
    の外注 の外部委託 への委託 へ委託 の委託 任せだった 作成の依頼 原稿の依頼 執筆の依頼 加工の依頼
    印刷の発注 印刷の手配 製造の委託 清掃の発注 清掃の委託 鑑定の依頼 計算の委託 申請の依頼
    登記の依頼
";

/// Helping.
const SUPPORTED: &str = "
    を手伝 も手伝 は手伝 だけ手伝 で手伝 手伝って 手伝い、 手伝いました 手伝いまし 手伝う 手伝った
    手伝っていま お手伝い 手伝い程度 手伝い を補佐 の補佐 を補助 に同席 に同行 について回 の手元
    手元として 下働き 裏方として 裏方の 鞄持ち かばん持ち カバン持ち を支えて を下支え サポートしま
    サポートして をサポート 応援に入 応援で入 応援に行 に応援 協力しただけ 荷物持ち 運び役 記録係
    雑用 小間使い お茶出し の使い走り サブとして サブで 補佐役 補助に入 アシスト 代わりに電話
    校正のみ 入力だけ 入力のみ 受付だけ に名を連ね 見習いとして 側面支援 後方支援
";

/// Helping, as a noun.
const SUPPORTED_ITEMS: &str = "
    の補助 補助業務 補助作業 作成補助 運営補助 事務補助 局補助 試作補助 準備補助 補助。 補助と 補助や
    補助、 補助を 補助的 補助など の手伝い 手伝い。 への同行 同行。 への同席 同席。 同席、 の助手
    助手として のアシスタント アシスタント業務 の日程調整 の清書 の会場準備 の会場設営 の会場手配
    の資料印刷 の資料コピー のコピー の封入 の発送 の荷物 のお茶出し の記録係 の付き添い のサポート
    の後方支援 の下準備 の下働き の鞄持ち のかばん持ち の補佐 の雑務 への応援 の応援
";

/// Teaching, selling and advising, as nouns.
const TAUGHT_ITEMS: &str = "
    講座の講師 対策講座 入門講座 講座、 講座。 講座と の講師 研修講師 講師。 講師を 講師として 講師、
    セミナー講師 セミナー。 セミナー、 セミナーや ワークショップを 教室を 教室で 教室の講師 の講座が
    の講座。 の講座、 の講座も 講座が のセミナーが セミナーが のコンサルティング の塾 のコンサル
    のアドバイザー アドバイザリー の顧問 導入支援 策定支援 構築支援 伴走支援 定着支援 申請支援
    設計支援 活用支援 開発支援 移行支援 取得支援 改善支援 運用支援 推進支援 制作支援 作成支援
    のご提案 導入のご提案 導入の提案 導入提案 の代理店営業 のプリセールス のインフルエンサー の解説
    解説記事 のコラム コラム執筆 コラムを の連載を の入門書 に関する書籍 の書籍を三 講演。 講演を
    講演や 講演と の伝道 の啓発 の普及 のキャスティング 受験講座 の個別指導 の家庭教師 のレッスン
";

/// Teaching, selling and advising, as predicates.
const TAUGHT: &str = "
    を教えて を教える を売って を売り を売っと を売る を販売し を販売。 を販売する の販売を
    の国内販売 の販売代理 の代理店を を納める を卸し をご案内して をご案内し をご紹介し の提案をして
    をご提案 の魅力を伝え の良さを広め を広める を解説 について解説 を講義 について講演 で講演
    にコンサル のお手伝いをしており 様の支援 を支援 を伴走 に伴走 伴走し にアドバイス を助言 に助言
    を指南 にご指導 をご支援 構築をお手伝い 導入をお手伝い をコーチング の監修 工場に指導 に指導し
    を学生に指導 の書き方を の受け方を の選び方を のやり方を教 の始め方を の入門書を書
";

/// Standing beside.
const NEXT_TO: &str = "
    横で見 隣で見 そばで見 脇で見 傍で見 近くで見 間近で見 後ろで見 見ていただけ 見ているだけ
    見るだけ 見ていた程度 眺めて を見学 見学し 見学さ 見る専門 結果を見る 報告を受ける側 受ける側
    される側 見せてもら 渡すだけ 聞くだけ 聞いているだけ 聞かされ で聞いてい 話を聞か から聞 耳で覚え
    耳に入 に譲 横目で の監査を受け 監査を受け 委託元の監査 審査される 傍聴 居合わせ 立ち会っただけ
    に立ち会うだけ 説明を受け 使う側 お客として 通りかか
";

/// Answering for it.
const LEAD: &str = "
    主導 率い 統括 指揮 陣頭 牽引 統率 責任者 責任を負 全責任 最終責任 最終決定 最終判断 決裁者
    立ち上げから 立上げから 立ち上げを 立上げを 立ち上げに を立ち上げ を立上げ の立ち上げ の立上げ
    立ち上げメンバー 立上げメンバー の立ち上げと ゼロから ０から 0から 一からつく 一から作 一から企画
    一から築 一から組 一から立 一から設 いちから の新設 を新設 の創設 を創設 を創業 創業し を起業
    起業し 設立し を設立 発足させ を開設し 旗を振 旗振り 音頭を 取り仕切 仕切り 内製化 から内製
    内製へ 内製に リードし をリード 主担当 主査として プロジェクトマネージャ 統括し
    プロジェクトリーダー 現場側リーダー 1人目として 一人目として 社内に取り戻 完遂 の再建に を再建
    私の判断で 事務局長 本部長 起案し 発起人 束ね 総指揮 総責任
";

/// What a bracket says of the item before it, by its last word.
const BRACKETED: &[(Distance, &str)] = &[
    (
        Studied,
        "座学 独学 受講 受講済 講座 学習 学習中 勉強中 概要 入門 演習 受験 受験中 勉強会参加 参加 資格のみ
     知識のみ 書籍 趣味 ロールプレイ 初学 修了",
    ),
    (Supported, "手配 補助 手伝い 同席 補佐 印刷"),
    (Taught, "提案 販売 選定・販売 講師 解説"),
    (ByOthers, "依頼 発注 外注 指示出し 任せ"),
    (NextTo, "見学 連携 閲覧"),
    (Wished, "希望 志望 興味あり"),
    (Denied, "未経験 経験なし 対象外"),
];

struct Expressions {
    automaton: AhoCorasick,
    senses: Vec<Sense>,
}

/// The tables as one automaton, so that the cost does not grow with their length.
static EXPRESSIONS: LazyLock<Option<Expressions>> = LazyLock::new(|| {
    let pairs = TABLES
        .iter()
        .flat_map(|(sense, table)| table.split_whitespace().map(|expression| (*sense, expression)));
    let (senses, expressions): (Vec<Sense>, Vec<&str>) = pairs.unzip();
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(expressions)
        .ok()
        .map(|automaton| Expressions { automaton, senses })
});

/// Every expression in `text`, ascending and apart from each other.
pub(super) fn find(text: &str) -> Vec<Hit> {
    // The automaton is built from constants; a test holds that it is there.
    let Some(expressions) = EXPRESSIONS.as_ref() else {
        return Vec::new();
    };
    let hits = expressions.automaton.find_iter(text);
    hits.map(|hit| Hit {
        sense: expressions.senses[hit.pattern()],
        range: hit.range(),
    })
    .collect()
}

/// What the inside of a bracket says of the item before it, where it is no more than a remark.
pub(super) fn bracketed(inside: &str) -> Option<Distance> {
    let told = BRACKETED
        .iter()
        .find(|(_, words)| words.split_whitespace().any(|word| inside.ends_with(word)));
    told.map(|(distance, _)| *distance)
}
