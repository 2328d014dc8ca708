//! Classes of words for what no fixed expression tells: whom a clause names, what is done, and in which frame.
//!
//! A clause is asked here only where the expressions are silent. Some cues speak by themselves; weaker ones need a
//! topic before them, or a word for what something is about, as the lists of a tenure have neither.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::Distance::{ByOthers, Denied, NextTo, Studied, Supported, Taught, Wished};
use super::clause::{COLLEAGUES, Reading};
use super::groups::Group;
use super::{Distance, REACH_CHARS_MAX, agents, grammar};

/// What a word of a class says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cue {
    /// Tells the distance by itself.
    Strong(Distance),
    /// Tells it of a topic.
    Weak(Distance),
    /// Tells it of a topic and of every clause behind it: いつか.
    Onward(Distance),
    /// Others with a particle, who are near what is said before them: 〜の先生方と.
    Near,
    /// Others with a particle, who do what the topic names: 〜は義父が.
    Doer(Distance),
    /// The writer does it: 請われて.
    Own,
    /// Makes what stands before it a topic: 〜について.
    About,
    Nothing,
}

/// Each word of the second with each ending of the third.
type Table = (Cue, &'static str, &'static str);

const TABLES: &[Table] = &[
    (Cue::Nothing, NOTHING, ""),
    (Cue::Own, OWN, ""),
    (
        Cue::About,
        "
    について に関する に関して を題材 をテーマ 向けの 向けに のノウハウ のコツ の魅力 入門 の極意 の基本を
    のイロハ のいろは の知識を
",
        "",
    ),
    (Cue::Strong(Wished), WISHED, ""),
    (Cue::Weak(Wished), WISHED_WEAK, ""),
    (Cue::Onward(Wished), SOMEDAY, ""),
    (Cue::Strong(Studied), STUDIED, ""),
    (Cue::Weak(Studied), STUDIED_WEAK, ""),
    (Cue::Strong(Taught), TAUGHT, ""),
    (Cue::Weak(Taught), TAUGHT_WEAK, ""),
    (
        Cue::Strong(Taught),
        "研修 講座 セミナー 教材 eラーニング スクール 保険 ソフト システム 機器 ツール 装置 教室",
        "の営業 の販売 の代理店 の訪問販売 を販売 を売り を売る を売って の広告営業 の生徒募集 営業を",
    ),
    (Cue::Strong(Supported), SUPPORTED, ""),
    (Cue::Weak(Supported), SUPPORTED_WEAK, ""),
    (
        Cue::Weak(Supported),
        CHORES,
        "係 役 当番 担当 だけ のみ くらい ばかり の係 程度",
    ),
    (Cue::Strong(Supported), CHORES_OF_OTHERS, "係 当番 要員"),
    (Cue::Strong(NextTo), NEXT_TO, ""),
    (Cue::Weak(NextTo), NEXT_TO_WEAK, ""),
    (
        Cue::Near,
        PEOPLE,
        "と に が へ の から 相手 とは には を 向け や も",
    ),
    (Cue::Doer(NextTo), PEERS, "が"),
    (
        Cue::Doer(NextTo),
        PEERS,
        "の領分 の役 の仕事 の担当 の持ち場 の手 任せ で、",
    ),
    (Cue::Strong(ByOthers), BY_OTHERS, ""),
    (Cue::Weak(ByOthers), BY_OTHERS_WEAK, ""),
    (
        Cue::Doer(ByOthers),
        FIRMS,
        "が に へ と を の で から さん 頼み 頼り 任せ まかせ 経由 、 。",
    ),
    (Cue::Strong(Denied), DENIED, ""),
    (Cue::Weak(Denied), DENIED_WEAK, ""),
];

const NOTHING: &str = "
    コーチング コンサルティング営業 体験会 生徒指導 講師手配 講師の手配 講師選定 講師依頼 専攻科 の方法 の方針
    の方向 の方が の方に 教科書会社 読書会 いつかの 目標管理 目標達成 目標を達成 目標設定 売上目標 目標比
    合格率 合格者 不合格 検定機 将来性 将来計画 通学路 夢中 登壇者 連載小説 お世話になっております。
    お世話になりました お世話になっていました お世話になった 指導員資格 者が多 会社員 会社法 会社説明 会社案内
    会社設立 自社 当社 会社の 会社に勤 会社で 会社に入 会社へ入 会社に転 会社を設 会社に就 会社と 会社を経
    会社を立 事務所に勤 事務所で 事務所に入 事務所を開 事務所を構 事務所に転 事務所に所 業者の選定 業者選定
    業者管理 業者の管理 業者との交渉 業者との折衝 業者の手配 メーカーで メーカーに勤 メーカーに転 メーカーの
    メーカーに入 ベンダーの ベンダーと ベンダー管理 メーカーと 工房で 工房を構 工房を開 紹介会社と 代理店と
    業者と 勉強になり 勉強にな 案内係 連絡係 夢を支 体験学習 先輩方に 先輩たちに恵 皆さまのお役 皆様のお役
    仲間たちと 仲間と 子どもたち 生徒たち 子供たち 補助金 電話の取次 電話の取り次 任せてくださ 任せくださ
    お任せを お任せいただ 期限 負荷試験 性能試験 試験室 試験機 社内指導員 手が離 講座カタログ 講師への謝礼
    通信講座の申 編集の現場 読み書き 新人教育 苦手な方 手元で 手元に お手伝い 補助員として 先輩に恵 皆さんに助
    皆さまに支 希望休 係長 さん方 社員の方々 会員の皆 OBの皆様 お客の皆 後輩の皆 図書館司書 図書館員
    図書館の 大学院で研究 大学で研究 大学で教 大学で非常勤 コーチングを 夢に見 うちは言 台本 見本 日本 基本
    脚本 標本 資本 原本 製本 熊本 山本 松本 坂本 橋本 絵本 公衆 大衆 民衆 等級 取締役 監査役 相談役
    執行役 調査役 主役 まとめ役 取りまとめ役 窓口役 監督役 リーダー役 橋渡し役 旗振り役 調整役 経理係 会計係
    庶務係 営業係 税務係 福祉係 総務係 人事係 広報係 検査係 品質係 売場 売上
";

/// Asked, trusted, or alone with it.
const OWN: &str = "
    私が 自分で 自分が わしが わしは うちが 僕が 俺が 自ら 一手に 請われ 頼まれ 任され 担がれ 依頼を受け
    依頼で 内製 独力 一人で ひとりで やらせて 権限を 引き継 をやめて のは私 一筋 私一人 拝命 抜擢 指名
    命じられ 手を動かして 実務で 実務に 仕事にしてい 本業に 担うようにな するようにな 任せきりにせず 任せず
    頼らず 抱え込 主導 率い 責任者 陣頭 独り立ち 一人前 もっぱら私 束ね いまは 今は 今では いまでは
    うちは言われ
";

const WISHED: &str = "
    ええなあ ええのう いいなあ てみようか てみろうか てみようと たらと願 たらと思 ればと念 ればと思 ればと願
    れればと たら嬉し たらうれし たら幸せ たら本望 のが野望 野望です を夢見 夢みたい ロマンを感じ
    ライフワークに への想い への思い 構想を 構想中 構想段階 思案して 思案中 思い描 を志 志して 志しと 初挑戦
    異動願 異動希望 転身を 転向を 検討いたします 前向きに検討 狙って を模索 準備を進めて 開業準備
    探しております 探しています 探してい 挑んでみ 挑戦してみ 憬れ 羨まし うらやまし やってみて 飛び込んでみ
    携われる 関われる 就ける職 募集があれば 求人を 求人があれ 空きがあれば 空きが出れば ご縁がありましたら
    ご縁があり 応募しま 応募いたし 応募して 挑戦でき させてもらえる させていただける 願って 願い 念じて 熱望
    切望 を夢に 夢を捨て 夢があ 夢が 夢や 生まれ変わっ チャレンジでき 叶えば 叶うなら かなうなら
    一度でいいから おうと思 ようと思 ろうと思 こうと思 そうと思 もうと思 ようかと おうかと ろうかと なりたか
    なりたく 次こそは 一念発起 第二の人生 セカンドキャリア 資金を貯め 貯金して 貯金中 土地を探 土地を見 職を探
    仕事を探 職場を探 転職先を 場を求め ポジションを探 が目標 への道を あきらめきれ 諦めきれ 捨てきれ 断ちがた
    お声がけください 声をかけてくださ に名乗り 手を挙げて 挙手 呼んでください 夢物語 憧れ あこが いつかやって
    いつの日 やらせてもらえない 社内公募に
";

const WISHED_WEAK: &str = "
    夢 憧 目標 意欲 やりたか やりたく 願望 気になって 心惹 惹か チャレンジ 準備中 検討中 温めて 想い 願う
    てみたく つもり 予定 志 関心があ 興味があ 関心を 興味を 胸に 心に決め
";

/// Words of time that only a wish has.
const SOMEDAY: &str = "
    いつか いずれは いずれ、 ゆくゆく 将来的 生まれ変わ 来年あたり 定年したら 定年になったら 老後に 引退したら
    退職したら いつの日か 機会に恵まれ 叶うなら 叶うこと もし許され できることなら 願わくは 願わくば
    次の仕事では 次の職場では 次こそ ゆくゆ 行く行く 何年か先 お金が貯ま 貯金が貯 宝くじ 将来は、 将来はき
    将来、 ゆくゆくは いつかは いつかは、 死ぬまでに 生涯に一度
";

const STUDIED: &str = "
    聴講 履修 専攻中 専攻して 専攻し を専攻 熟読 読破 読み込んで 写経 インプット 独習 自習 をかじ 入門書
    専門書 体験教室 職業訓練 訓練校 ポリテク 通信制 夜間学校 夜間大学 科目等履修 卒論 卒業論文 修士論文
    学び直して Udemy Coursera ドットインストール Progate スタディング Podcast
    ポッドキャスト 通信教育 通信講座 過去問 模擬試験 参考書 ドリル アプリで毎日 積読 課題図書 習って 習い
    習っ 習う 教わっ 教わり 教わる 手ほどきを請 弟子入り 門を叩 門をたた 稽古に 稽古を 通い始め 通いはじめ
    通って勉 見習い 見習 修業中 特訓中 ノートにまと 基礎を押さえ 座学 入門編 初級コース 初級を 講義を取
    単位を取 単位を 単位取得 ゼミで を学び を学ん を学ぶ で学び で学ん 実技の練習 筆記は 筆記に 一次試験
    二次試験 試験に受か に受か 取っただけ 取得しただけ 資格だけ 資格のみ 資格は取 練習中 練習して
    に向け、出勤前 レベルです 知識を入れ 知識を仕入 知識を得 頭に入れ 体験コース 体験入 体験レッスン
    ワークショップに 研修に参加 研修を受け 講習を受け 講座に申し込 講座に通 講座を受 オンラインサロン 市民講座
    公開講座 カルチャー 動画を見 動画を観 専門学校へ 専門学校に 専門学校で スクールに スクールで スクールへ
    アカデミーで 放送大学 eラーニング ウェビナーを マスターコース 手ほどきを受け 図書館で借 図書館で本
    勉強の途中 勉強を始 勉強から 勉強です 見よう見ま まねごと 真似事 教習所 合宿 予備校に 予備校へ 資格学校
    夜学 社会人大学 履修証 修了証 聴き流 聞き流 一夜漬け 丸暗記 ノートに写 かじり 齧 読了 輪読 読書 愛読
    入門本 新書で 文庫で 解説本 解説動画を 教則 虎の巻 手引きを読 マニュアルを読 マニュアルで読 オライリー
    Schoo グロービス MOOC JMOOC edX ハンズオンに ハンズオンを受 体験会 体験講座 見学させ
    見学に 社会科見学 試験は 試験を控 試験待ち 受験を 受験し 受験予 落ちまし 再受験 合格まで 一発合格 実習で
    インターンで
";

const STUDIED_WEAK: &str = "
    本で 本を 本から 独学 受験 教本 学ん 学び かじ 初級 入門 級を 級まで 修了 受講 受かっ 合格
    YouTube 先生に 先生から コースを 読ん こつこつ 研修で 研修に 講習で 講習に 講座で 講座に 試験に
    試験を 検定に 検定は 検定を 塾で 塾に セミナーで セミナーに 見学に 趣味で 趣味の 学校で 学校に 学校へ
    教室で 教室に 学生時代 資格を 資格は 書店で 本屋で 図書館 テキスト 参加した 参加し 知識 座学 勉強 暗記
    通っています 通っており 合格し
";

const TAUGHT: &str = "
    インストラクター インストラクタ 指導員 教壇 教鞭 講じ 説いて 説いた 手ほどきをし 手ほどきして
    エバンジェリスト 伝道師 講話 出前授業 出前講 有料note チャンネルを運営 チャンネル登録 テンプレート集
    教科書」 教科書を書 教材を販 伝授 啓蒙 家庭教師 予備校で 予備校講師 養成講座で 指導教 教える お教え
    売り歩 売り込 販売代理 仲立ち 導入企業 指南 レッスン 導入を勧め 導入をすすめ 卸して 卸す 門下生
    カウンセラー コメンテーター 解説して 解説者 解説書 塾長 塾を開 教室を開 教室を主宰 教室を営 サロンを主宰
    オンラインサロンを主宰 コンサルして コンサルティングして コンサルタントとして 助言して ご助言 指導して回
    指導に回 非常勤講 大学講師 アンバサダー 入門書を書 入門書を出 書籍を出 著書 著者 紹介業 実演販売
    デモンストレーター 雑誌に連載 専門講師 講師業 講師をし 講師として 講師です 講師でし 講師。 講師、 の講師
    人気講師 登録講師 認定講師 講師を務 講師歴 専任講師 お教えし コーチとして コーチ。 コーチです のコーチ
    コーチをし トレーナー ファシリテーター チューター 伝承 ワークショップを開 ワークショップを主 セミナーを開
    セミナーを主 講演の 講演を 講演で 講演活動 講演家 で講演 の講演 研修を売 研修を請 研修会社の営業 研修営業
    相談室を 無料相談 オンラインコースを 検定試験の問題 教習指導 体験会を開 見学ツアー を漫画 同人誌
    ナビゲーター コンシェルジュ 伝える仕事 伝える活動 を伝える を語る動画 解説動画を出 解説動画を配 解説する
    の解説 音声配信 を題材に 塾を経営 塾を営 スクールを開 スクールを運 スクールを経 教室を運 学校を開 で教え
    を教え 教則本 の手引きを執 ハウツー本 の普及 普及活動 の専門商社 を扱う商社 サービスの営業
    ソフトの営業 ソフトの販売 ツールの営業 システムの営業 機器の営業 クラウドの営業 パッケージの営業 の訪問販売
    プリセールス カスタマーサクセス の本を書 の本を出 いて本を書 いて本を出
";

const TAUGHT_WEAK: &str = "
    発信 執筆 登壇 納入 納めて マッチング 生徒 受講 連載 セミナー 講座 教室 スクール 書籍 出版 ブログ
    チャンネル 普及 啓発 広め 伝え 売っ 代理店 勧め コンサル 助言 アドバイス 解説 教材 語る 語って 語り
    案内して 紹介して 紹介し 提案し 提案す 相談に乗 研修を 講習を 指導し 指導に 指導を 売って 売れ 売り歩
    仲介 仲立ち 取次 取り次 監修 講師 講演 教え メルマガ アドバイザー レクチャー コラム 寄稿 弟子 教え子
    コーチ 受講生 営業を 営業で 営業し 記事を 動画を配 動画を上 動画を出 支援を 支援し 支援す 商売
    斡旋
";

const SUPPORTED: &str = "
    縁の下 付き従 随行 お供 陪席 力を添え 微力 書き取る役 役回り 裏方 下準備 下調べ 下拵え 下ごしらえ
    露払い 黒子 手足となって 世話係 身の回りの世話 荷物と 荷物を持 荷物を運 荷物運び 荷運び カバンを持 鞄を持
    鞄持 使い走り パシリ お茶くみ お茶汲み お茶を出 弁当の手配 弁当手配 道具拭き 道具運び 後片付け 片付け役
    取りまとめ係 取る係 とる係 書く係 運ぶ係 配る係 渡す係 押さえる係 持つ係 する係 める係 べる係 せる係
    える係 る役でした 回す係 る役割でし る当番 マイク係 書記係 照らす係 脇役 サブ担当 副担当 二番手 補助員
    補助役 相づち 段取り係 の横で の脇で 助太刀 助っ人 加勢 手を貸 肩を貸 お膳立て 雑務 雑用 雑事 綴じる
    コピー取り コピーを取 コピー係 使い番 付き添っ 陰で支 陰ながら 影で支 側面から 手助け サポート役
    サポート係 連絡役 書類整理のみ 整理のみ 準備だけ 準備のみ 入力だけ 入力のみ の当日スタッフ 当日スタッフ
    設営だけ お茶出し 運び込み 持ち込みのみ 下書きだけ 校正だけ 人数合わせ 末席 応援要員 ヘルプ 駆り出さ
    補助に 補佐に 助手に 助手を アシスタントに アシスタントを 清書し 清書を 清書係 手元をし 手元を務 の後ろで
    の後ろに 指示どおり 指示通り 指示された 言われたとおり 言われた通り 言われるまま 言われるがまま 言われたこと
    下っ端 丁稚 見張り番 時だけ ときだけ 時期だけ 当日だけ 繁忙期だけ 日だけ 期間だけ 人手が足り 猫の手
    手が足りない 頭数に 同道 同伴 付いて回 ついて回 ついて歩 付いて歩 後をつい くっついて お伴 運転手役
    荷物番 後始末 尻拭い 雑役 下回り 下仕事 お膳立 一助 一翼 補う役 脇を固 地ならし 根回しだけ
";

const SUPPORTED_WEAK: &str = "
    受付 設営 荷物 コピー 議事録 議事メモ 書記 弁当 お茶 資料を揃え 資料を集め 資料集め 資料を印刷 印刷と
    封筒 宛名 名簿 アンケート集計 日程調整 スケジュール調整 段取りだけ 手配 取りまとめ 係。 係で 係を 係だ
    役でし 役です 役。 役だっ 役やっ 役じゃ 持ち分 手元 サポート 支え 同席 同行 手を添 差し入れ 運転手
    送迎を 更新という 数字を集め データを集め 打ち込 ファイリング 買い出し 補助 補佐 助手 アシスタント 清書
    会場の 会場を 会場設営 入力係 連絡係 資料整理 椅子 名札 のぼり マイク メモを 電話番 見直し役 読み上げ
    書き取 ホチキス 綴じ 切符 チケット 差し替え 穴埋め 代打 代役
";

/// Small services, with what says that they were all.
const CHORES: &str = "
    受付 会場手配 案内 誘導 写真 お茶 連絡 荷物 記録 買い出し 運搬 配布 掃除 片付け 照明 マイク 書類整理 整理
    コピー 印刷 入力 集計 電話番 留守番 見張り 司会 設営 準備 運転 調整 手配 弁当 下見 計時 板書 書記
    議事録 清書 校正 転記 発送 封入 撮影 採点 読み上げ 通訳 タイムキーパー パソコン操作
";

const CHORES_OF_OTHERS: &str = "
    マイク お茶 荷物 買い出し 配布 片付け 電話番 留守番 見張り 計時 板書 書記 弁当 スライド パソコン操作
    スライド送り タイムキーパー コピー 照明 下足
";

const NEXT_TO: &str = "
    背中を見て 背中を見 傍らで 傍らに かたわらで 隣室 隣の席 隣の部屋 隣の部署 隣り合わせ 席が隣 同じフロア
    フロアを共に 同じバス 同じ電車 同じビル 同じ建物 机を並べ 机が隣 壁一枚 向かいの席 間柄 顔見知り 顔なじみ
    顔馴染み 顔を合わせ 眺めと 眺める 目の当たり 肌で感じ 空気を感じ 苦労を見 耳にたこ 耳にする 小耳 聞き及
    垣間見 端から見 はたから見 遠巻き 遠目 出入りする 立ち話 茶飲み友達 飲み仲間 飲み友達 差し入れ 弁当を届け
    送迎する ケータリング 後ろ姿 現場を見て育 家業が 実家は 生家は 一家に育 家に生まれ 家庭に育 を見て育
    嫁いで 伴侶 結果を聞 報告を受け 報告を聞 決まったもの 決まった内容 待って、 横から見 見せてもら 傍目
    管理人をし 管理人です の隣で の隣に のそばで のそばに の近くで の向かい の裏で のすぐ横 間近で 身近で
    眺めてい 耳にして 出入りし たちに囲まれ 決まったことを 上がってきたもの 上がってきた数 出来上がったもの
    できあがったもの 仕上がったもの 苦労話は 苦労話を聞 ご相伴 面識 知り合いが多 友人が多 知人が多 と交流
    と親し と仲良 お付き合い と懇意 ご近所 常連 行きつけ 得意先に多 ファンです 応援団 観客 観戦 傍観 見物
    お客に多 お客さんに多 一員ではな 席を借 間借り 弁当を売 を待つ を待って
";

const NEXT_TO_WEAK: &str = "
    眺め 見ただけ 目にし 目に入 同居 同期の 取引先 出入り 取材し インタビュー 顧客として 客として
    利用者として 見てい 聞いて 聞かさ 届けて 届ける 売店 立ち会 苦労話 囲まれ 隣 横で 近くで 傍 耳に
    受け取る 受け取って 掲示 見守 詳しい人 見聞き 伝え聞 噂
";

/// Others, as the language marks them: with honorifics, plurals, kinship.
const PEOPLE: &str = "
    の人たち の人達 の方々 の方たち の皆さん の皆さま の皆様 の面々 の連中 先生方 先生たち 博士たち 親方衆
    職人衆 職人さん 職人たち 衆 お医者さま お医者さん お医者様 技師さん 大工さん 農家さん 作家さん 漁師さん
    板前さん 研究者の皆さん 専門家たち 者たち 者の方 家の方 の友人 の友達 の知人 の知り合い の親戚 の叔父
    の伯父 の叔母 の弟 の兄 の姉 の妹 の夫 の妻 の父 の母 の息子 の娘 する叔父 る叔父 る伯父 る夫 る妻
    る父 る母 る兄 た父 た母 た夫 た祖父 る祖父 の祖父 の同期 の同僚 の先輩方 の先輩たち スタッフの方
    スタッフさん る人たち る方々 る皆さん る皆様 る職人 る技術者 る研究者 る先生 る博士 る医師 る弁護士
    る専門家 る友人 る知人 る先輩 る上司 る同僚 る同期 る隣 る財政課 う財政課 う部隊 る部隊 う先輩 う上司
    う人たち う方々 う専門家 う会社 の部隊 制作スタッフ 技術スタッフ 現場スタッフ 部の人 課の人 班の人
    担当の人 係の人 部の方 課の方 班の方 担当の方 担当さん 部さん 課さん の幼なじみ の同級生 の隣人 の家主
    の大家 の常連 の家族 の奥さん の奥様 の旦那 の職人 の先生 の教授 の医師 の技術者 の研究者 の専門家
    の名人 の達人 の担当者 の住人 のお客 のお得意
";

/// Whoever else does it, unpaid.
const PEERS: &str = "
    上司 先輩 先輩方 同僚 後輩 部長 課長 係長 店長 社長 会長 所長 工場長 院長 園長 校長 親方 師匠 棟梁
    女将 大将 旦那 夫 妻 女房 家内 嫁 主人 兄 姉 弟 妹 父 母 義父 義母 祖父 祖母 叔父 叔母 息子 娘
    友人 知人 相方 相棒 仲間 さん 先生 様 さま たち 部 課 班 側 チーム 部隊 部門 本部 本社 本店
    親会社 支社 元請け 元請 顧客 客先 先方 教務 経理 総務 人事 法務 情シス 現場 役員 幹部 スタッフ 職人
    若手 若い衆 ベテラン 専任 担当者 リーダー 別会社 グループ会社 別の者 ほかの者 他の者 別の人 ほかの人
    他の人 誰か みんな 博士 教授 医師 看護師 技師 監督 別の課 別の部 別の班 別の係 別のチーム 隣の課
    隣の部 隣の班 隣の係 の方 委員会 研究所 設計室 専門チーム 専門部署 担当部署 部署
";

/// Who does it for money, or for a favour.
const FIRMS: &str = "
    事務所 業者 プロダクション 代理店 興信所 調査会社 検査機関 検査会社 協力会社 下請 外注 外注先
    フリーランス 税理士 社労士 弁護士 弁理士 会計士 司法書士 行政書士 診断士 建築士 鑑定士 専門家 専門業者
    ベンダー コンサル コンサルタント 工務店 印刷所 印刷屋 工房 大工 派遣 派遣さん クラウドワーカー ライター
    カメラマン デザイナー 翻訳者 通訳者 シルバー人材 便利屋 清掃会社 屋さん 姪っ子 甥っ子 姪 甥 エージェント
    スタジオ ラボ 請負 提携先 パートナー ベンダーさん DeepL ChatGPT 生成AI 外部の 社外の プロの
    下請けさん 委託会社 仲介会社 警備会社 バス会社 設計会社 広告会社 制作会社 開発会社 翻訳会社 印刷会社
    運送会社 紹介会社 人材会社 建設会社 施工会社 管理会社 保守会社 リース会社 保険会社 証券会社 デザイン会社
    システム会社 SI会社 SIer 子会社 関連会社 町工場 研究機関 検査センター 計算センター 代行 代行業者
    代行サービス 代行会社 ギルド 職人さん 専門の会社 専門の業者 専門の方 海外の会社 別の会社 よその会社
    地元の会社 知り合いの会社 オフショア クラウドソーシング シェアリング 外注さん
";

const BY_OTHERS: &str = "
    アウトソー 丸投げ 外注し 外注に 外注で 外注さ 外部委託 外に出し 外に任せ に委ね に託し に投げ 投げて、
    下請けに を起用 を雇 お雇い 手をお借り 手を借り の力を借り 力をお借り お世話になっており
    お世話になっています 頼みで、 頼みでし 頼みです 任せです 任せでし 任せだ 任せじゃ 預けて 預けっぱなし
    契約して回 月額契約 顧問契約 おんぶに 言いなり 請け負ってもら 仕上げさせ 作らせ 書かせ 描かせ やらせ
    撮らせ 打たせ 組ませ 掘らせ 任せにし 任せになっ に一任 にお任せし 頼んでい 頼んでお 頼みました 頼んだもの
    に頼りき 外の力 よその手 他社の力 下請に出 外へ出し 外注頼 他人任せ ひと任せ 人任せ 賄い、
";

const BY_OTHERS_WEAK: &str = "
    くれま くれた くれて 外注 任せ まかせ 頼む 頼ん お願い 雇 手数料 専門業者 納品してもら てもら てもろ
    ていただい ていただく ていただき、 ていただきま ていただきまし て頂い でもらい でもらっ でもらう でいただい
    でいただく 依頼し 依頼す 契約し 委託し 発注し 出して、 出していま 回していま 送って、 買っていた
    買っていま 賄 利用してい サブスク 代行 外部に 外部の お金を払 料金を払 払って
";

const DENIED: &str = "
    とは別物 は別物 とは別の とは縁 とは無 お鉢 手を出さ 手を出し 手をつけ 手が出 手つかず 手付かず 口を出さ
    口を挟ま 出る幕 出番は 出番が 腕前では 器では 柄では 柄じゃ たことのな たことない たことなか たためしが
    せずに済 ずに済み 避けて通 敬遠 蚊帳の外 ど素人 ずぶの 初心者 未習得 未履修 未着手 未取得 未参加 未踏
    勝手が分か 毛色が違 畑が違 お門違い 別部署の 別部門の 他部署の 別の課の 別の部の 関わりがな 関わりのな
    関係のな 関係がな 接点がな 接点はな 触らせて 縁もゆかり 縁遠 かかわりな は皆目 はとんと はてんで 逃げて
    ご法度 お手上げ ちんぷんかんぷん お呼びで 声がかから 声が掛から 回ってこ 回ってき なしの日勤 なしの部
    なしの勤 なしの契約 なしの店 以外の担当 以外を担当 以外はすべて 以外は全部 を除く を除いて 以外の業務
    まったくの素人 全くの素人 ずぶの素人 素人です 素人でし お断り 断って 見送って 手が回ら 手が届か 権限がな
    権限はな 任されな 任されませ 任せてもらえ させてもらえ 外されて 触れず 触れない 触れたことも 通らず 素通り
    無経験 ノー経験 経験値ゼロ 経験ゼロ 別世界 別の世界 別の人種 管轄外 私の範囲で 辞退し
";

const DENIED_WEAK: &str = "
    別物 素人 苦手 不得手 無縁 未経験 皆目 とんと 一度も 一回も 担当外 対象外 範囲外 専門外 別の部 別の課
    別の者 よその 他部 畑 経験が浅
";

/// Ends of a predicate that says no.
const NEGATIONS: &[&str] = &[
    "ません",
    "ませんでした",
    "ない",
    "なかった",
    "なく",
    "なくて",
    "なし",
    "ず",
    "ずに",
    "ずじまい",
    "へん",
    "まへん",
    "らん",
    "かん",
    "せん",
    "ねえ",
    "ねぇ",
    "なか",
    "ないまま",
    "ぬまま",
    "無し",
    "なんだ",
    "わん",
    "おらん",
    "とらん",
    "ずじまいでした",
    "ずじまいです",
    "ていない",
    "ぬ",
];

/// What may stand behind a negation before the clause ends.
const BEHIND_NEGATION: &[&str] = &[
    "のです",
    "んです",
    "のでした",
    "でした",
    "です",
    "ので",
    "のですが",
    "ですが",
    "けど",
    "けれど",
    "が",
    "し",
    "から",
    "まま",
    "状態",
    "もので",
    "のじゃ",
    "のや",
    "わ",
    "な",
    "ね",
    "よ",
    "ため",
    "身",
    "者",
    "人間",
];

/// Topics that only say when.
const TIMES: &str = "
    当日 月末 期末 年末 末 日 退職後 時代 当時 月 週末 朝 夜 以降 ほか うち 今年 昨年 去年 来年 年度 今回 仕事 業務
    主 実際 普段 平日 休日 以前 かつて 元々 将来 定年後 老後
";

/// A no that says nothing against the writer.
const POSITIVE: &[&str] = &[
    "欠かせ",
    "少なく",
    "間違い",
    "問題",
    "惜しま",
    "妥協",
    "滞り",
    "遅れ",
    "遅滞",
    "欠かさ",
    "事故",
    "逃さ",
    "切らさ",
    "抜か",
    "諦め",
    "絶やさ",
    "かもしれ",
    "かも知れ",
    "過ぎ",
    "くださいま",
    "余念",
    "他なら",
    "とどまら",
    "限ら",
    "困ら",
    "負け",
    "変わら",
    "恥ずかし",
    "申し訳",
    "もったい",
    "忘れ",
    "止め",
    "止まら",
    "落とさ",
    "出さず",
    "やま",
    "違反",
    "苦にな",
    "いとわ",
    "厭わ",
    "問わ",
    "少な",
    "つきま",
    "危な",
    "限りな",
    "絶え",
    "ミス",
    "無理",
    "なければ",
    "離さ",
    "譲れ",
    "譲ら",
    "たまら",
    "つまら",
    "だけで",
    "だけでは",
    "のみなら",
    "ばかりで",
    "支障",
    "抵抗",
    "苦では",
    "苦で",
    "尽き",
    "飽き",
    "頼ら",
    "任せ",
    "外さ",
    "捨て",
    "しか",
    "差し支え",
    "構い",
    "かまい",
    "異存",
    "休ま",
    "残業",
    "転勤",
    "崩さ",
    "ブレ",
    "やめられ",
    "手離れ",
    "クレーム",
    "災害",
    "不良",
    "ロス",
    "欠品",
    "漏れ",
    "嘘",
    "悔い",
    "後悔",
    "ゆるが",
    "揺る",
    "負担",
    "トラブル",
    "切れ",
    "いえ",
    "言え",
    "思わ",
    "想像",
    "思いも",
    "たり",
    "ではないか",
    "心配",
    "不安",
    "労を",
    "まぎれも",
];

struct Cues {
    automaton: AhoCorasick,
    cues: Vec<Cue>,
}

static CUES: LazyLock<Option<Cues>> = LazyLock::new(|| {
    let mut cues = Vec::new();
    let mut words = Vec::new();
    for (cue, stems, endings) in TABLES {
        for stem in stems.split_whitespace() {
            if endings.is_empty() {
                cues.push(*cue);
                words.push(stem.to_owned());
            }
            for ending in endings.split_whitespace() {
                cues.push(*cue);
                words.push(format!("{stem}{ending}"));
            }
        }
    }
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .ok()
        .map(|automaton| Cues { automaton, cues })
});

/// What the classes say of one clause.
#[derive(Clone, Copy, Debug, Default)]
struct Verdict {
    told: Option<Distance>,
    /// Holds for the clauses behind it as well.
    is_onward: bool,
    is_own: bool,
    /// No more of the clause than what names others.
    near_end: Option<usize>,
}

/// Tells the clauses of a sentence that the expressions left to silence.
pub(super) fn tell(text: &str, groups: &[Group], readings: &mut [Reading]) {
    let mut has_topic = false;
    let mut verdicts = Vec::with_capacity(groups.len());
    for (group, reading) in groups.iter().zip(readings.iter_mut()) {
        let clause = &text[group.range.clone()];
        let topic = topic(clause);
        verdicts.push(verdict(text, group, topic, has_topic, reading));
        has_topic |= topic.is_some();
    }
    let has_own = readings.iter().any(|reading| reading.is_own_hand) || verdicts.iter().any(|one| one.is_own);
    let mut onward = None;
    for idx in 0..groups.len() {
        let verdict = verdicts[idx];
        if !is_silent(&readings[idx]) || verdict.is_own {
            continue;
        }
        if verdict.is_onward && !has_own {
            onward = verdict.told;
        }
        if let (Some(told), Some(end)) = (verdict.told, verdict.near_end) {
            let start = groups[idx].range.start;
            readings[idx].spans.push((start..start + end, told));
        } else if let Some(told) = verdict.told.or(onward) {
            readings[idx].rest = told;
        }
    }
    if has_own {
        return;
    }
    // 〜は商工会の塾に顔を出し、一通り習った: a later clause tells of the topic before it.
    for idx in (1..groups.len()).rev() {
        let told = readings[idx].rest;
        let clause = &text[groups[idx - 1].range.clone()];
        let is_told = verdicts[idx].told == Some(told) || !verdicts[idx].is_own;
        if is_told
            && !told.is_own()
            && is_silent(&readings[idx - 1])
            && readings[idx].spans.is_empty()
            && topic(&text[groups[idx].range.clone()]).is_none()
            && !ends_own(clause)
            && !(matches!(told, Wished | Denied)
                && clause.contains('を')
                && clause.trim_end_matches('、').ends_with('て'))
        {
            readings[idx - 1].rest = told;
        }
    }
}

fn is_silent(reading: &Reading) -> bool {
    reading.rest == Distance::Done && reading.spans.is_empty() && !reading.is_own_hand
}

/// Whether a clause says that the writer did what it names: 採用を担当し.
fn ends_own(clause: &str) -> bool {
    let clause = clause.trim_end_matches(['、', ',', '，']);
    clause.contains('を')
        && ["し", "り", "い", "え", "め", "き", "担当", "ましたが", "が"]
            .iter()
            .any(|ending| clause.ends_with(ending))
}

/// Where the topic of a clause ends that is neither the writer nor a time or a post.
fn topic(clause: &str) -> Option<usize> {
    let marks = ["では", "には", "とは", "は", "って、", "なんて"];
    let mut last = 0;
    for (at, c) in clause.char_indices() {
        if at < last {
            continue;
        }
        let Some(mark) = marks.iter().find(|mark| clause[at..].starts_with(**mark)) else {
            continue;
        };
        last = at + mark.len();
        let before = &clause[..at];
        let is_place = c == 'で'
            && [
                "社", "部", "課", "店", "青葉", "職", "場", "所", "在", "院", "校", "局", "署", "行", "先",
                "こ",
            ]
            .iter()
            .any(|place| before.ends_with(place));
        let is_noun = before
            .chars()
            .next_back()
            .is_some_and(|c| grammar::is_content(c) || "」）と".contains(c));
        let is_time = TIMES.split_whitespace().any(|time| before.ends_with(time));
        if is_noun && !is_place && !is_time && !agents::is_post(before) {
            return Some(at);
        }
    }
    None
}

fn verdict(text: &str, group: &Group, topic: Option<usize>, had_topic: bool, reading: &Reading) -> Verdict {
    let mut verdict = Verdict::default();
    let Some(cues) = CUES.as_ref() else {
        return verdict;
    };
    let clause = &text[group.range.clone()];
    if !is_silent(reading) {
        verdict.is_own = reading.is_own_hand;
        return verdict;
    }
    let (mut strong, mut weak, mut near, mut doer) =
        (None, None, is_of_others(clause).then_some(NextTo), None);
    let (mut about, mut near_end) = (None, None);
    let is_topic_before = |at: usize| had_topic || topic.is_some_and(|topic| topic <= at);
    for hit in cues.automaton.find_iter(clause) {
        let (at, end) = (hit.start(), hit.end());
        match cues.cues[hit.pattern()] {
            Cue::Nothing => {}
            Cue::Own => verdict.is_own = true,
            Cue::About => about = Some(end),
            // What begins the clause is what the clause is about.
            Cue::Strong(_) | Cue::Weak(_) | Cue::Onward(_) if is_named(clause, at, end) => {}
            Cue::Strong(distance) => strong = Some(distance),
            Cue::Weak(distance) => {
                if is_topic_before(at) || about.is_some_and(|about| about <= at) {
                    weak = Some(distance);
                }
            }
            Cue::Onward(distance) => {
                verdict.is_onward = true;
                strong = Some(distance);
            }
            Cue::Near => {
                near = near.or(Some(NextTo));
                // 〜の先生方が does what follows as well, 〜の先生方に only what names them.
                if !clause[..end].ends_with('が') {
                    near_end = near_end.or(Some(end));
                }
            }
            Cue::Doer(distance) => {
                let is_of_object = || clause[end..].contains('を') || clause[..at].contains('を');
                let is_subject = hit_ends(clause, end, "が");
                if is_topic_before(at) || (distance == NextTo && is_subject && is_of_object()) {
                    doer = doer.or(Some(distance));
                }
            }
        }
    }
    if verdict.is_own {
        return verdict;
    }
    if COLLEAGUES.iter().any(|one| clause.contains(one)) {
        strong = strong.filter(|one| *one != Taught);
        weak = weak.filter(|one| *one != Taught);
    }
    if is_charge(clause) {
        // 当日は受付を担当: a charge is a charge, however small.
        weak = weak.filter(|one| !matches!(one, Supported | Taught | Studied | NextTo));
        near = None;
    }
    let minimal = (had_topic || topic.is_some()).then(|| minimal(clause)).flatten();
    let strong = strong.or(minimal);
    let denied = (had_topic || topic.is_some()) && is_negated(clause);
    verdict.told = match (strong, doer) {
        (Some(Wished), _) => Some(Wished),
        _ if denied => Some(Denied),
        (Some(distance), None) => Some(distance),
        (Some(ByOthers), Some(_)) => Some(ByOthers),
        (Some(distance @ (Studied | Denied | Supported | Taught)), Some(_)) => Some(distance),
        (_, Some(_)) if weak == Some(ByOthers) => weak,
        (_, Some(distance)) => Some(distance),
        (None, None) => near.or(weak),
    };
    let is_near_alone = strong.is_none() && doer.is_none() && !denied;
    verdict.near_end = near_end.filter(|_| is_near_alone && weak.is_none());
    verdict
}

fn hit_ends(clause: &str, end: usize, particle: &str) -> bool {
    clause[..end].ends_with(particle)
}

/// Whether a word is part of what the clause names as its topic: 翻訳講座は.
fn is_named(clause: &str, at: usize, end: usize) -> bool {
    let is_early = clause[..at].chars().count() < REACH_CHARS_MAX / 4
        && !clause[..at].contains(['は', 'を', 'で', 'に', 'の']);
    is_early && clause[end..].starts_with(['は', 'も', 'を'])
}

/// Last characters of nouns for people and the units they form.
const WHO: &str = "者人方士師家員官衆達ち父母兄姉弟妹夫妻嫁友屋長様課部班隊授々";

/// Whether a clause names people by what they do: 〜を手がける博士たちに, but 〜を担う課に所属.
fn is_of_others(clause: &str) -> bool {
    let Some(object) = clause.find('を') else {
        return false;
    };
    let (mut before, mut previous, mut verb) = (' ', ' ', None);
    for (offset, c) in clause[object..].char_indices().skip(1) {
        let at = object + offset;
        if matches!(before, 'る' | 'う' | 'む' | 'く' | 'ぶ' | 'す' | 'ぐ' | 'た')
            && grammar::is_content(previous)
        {
            verb = Some(at);
        }
        let is_who = WHO.contains(previous)
            || clause[..at].ends_with("さん")
            || clause[..at].ends_with("チーム")
            || clause[..at].ends_with("会社");
        if verb.is_some() && is_who {
            let after = &clause[at..];
            let is_near = ["と", "に", "が", "の", "へ", "から", "相手", "向け"]
                .iter()
                .any(|mark| after.starts_with(mark));
            let is_member = [
                "に所",
                "に配",
                "に勤",
                "に転",
                "に入",
                "に在",
                "に異",
                "として",
                "に加",
                "になり",
                "にな",
                "の一員",
                "のリーダー",
                "の長",
                "の採用",
                "の育",
                "の教",
            ]
            .iter()
            .any(|mark| after.starts_with(mark));
            let is_unit = matches!(previous, '課' | '部' | '班' | '隊' | 'ム' | '社');
            let is_of_unit = is_unit && after.starts_with('の');
            let is_comparison = previous == '方' && after.starts_with('が');
            return is_near && !is_member && !is_of_unit && !is_comparison;
        }
        if matches!(c, 'を' | '、' | '。' | 'は') {
            verb = None;
            if c != 'を' {
                return false;
            }
        }
        (before, previous) = (previous, c);
    }
    false
}

/// Whether a clause ends with a no.
fn is_negated(clause: &str) -> bool {
    let mut clause = clause.trim_end_matches(['。', '、', '！', '!', '）', ')', '」', '，', ',']);
    for _ in 0..2 {
        if let Some(rest) = BEHIND_NEGATION
            .iter()
            .filter_map(|end| clause.strip_suffix(end))
            .min_by_key(|rest| rest.len())
        {
            if NEGATIONS.iter().any(|no| clause.ends_with(no)) {
                break;
            }
            clause = rest;
        }
    }
    if !NEGATIONS.iter().any(|no| clause.ends_with(no)) {
        return false;
    }
    let start = clause
        .char_indices()
        .rev()
        .take(12)
        .last()
        .map_or(0, |(at, _)| at);
    !POSITIVE.iter().any(|one| clause[start..].contains(one))
}

/// Whether a clause ends with what the writer is charged with.
fn is_charge(clause: &str) -> bool {
    let clause = clause.trim_end_matches(['。', '、', '，', ',']);
    let ends = [
        "担当",
        "担当した",
        "担当しました",
        "担当し",
        "担当しています",
        "担当しておりました",
        "担当していました",
        "受け持った",
        "受け持ち",
        "をしていました",
        "をしています",
        "をしておりました",
        "をしていた",
        "続けています",
        "続けております",
        "続けてきました",
        "やってきた",
        "やってきました",
        "をした",
        "をしました",
        "行った",
        "行い",
        "実施",
        "推進",
        "務めた",
        "務めました",
        "担った",
    ];
    ends.iter().any(|end| clause.ends_with(end))
}

/// What a clause says that ends with 〜ただけです: no more than its verb.
fn minimal(clause: &str) -> Option<Distance> {
    let mut clause = clause.trim_end_matches(['。', '、', '！', '!', '，', ',']);
    for copula in [
        "でした",
        "です",
        "だった",
        "でして",
        "やった",
        "だ",
        "で",
        "や",
        "じゃ",
        "の身",
        "の立場",
    ] {
        if let Some(rest) = clause.strip_suffix(copula) {
            clause = rest;
            break;
        }
    }
    let verb = ["だけ", "のみ", "ばかり"]
        .iter()
        .find_map(|only| clause.strip_suffix(only))?;
    let start = verb.char_indices().rev().take(6).last().map_or(0, |(at, _)| at);
    let verb = &verb[start..];
    if verb.contains(|c: char| c.is_numeric()) {
        return None;
    }
    let has = |stems: &[&str]| stems.iter().any(|stem| verb.contains(stem));
    Some(
        if has(&[
            "読", "学", "習", "受け", "受講", "参加", "かじ", "勉強", "触", "触れ", "知識", "座学", "資格",
            "覚え",
        ]) {
            Studied
        } else if has(&[
            "見",
            "聞",
            "眺",
            "知",
            "待",
            "届け",
            "渡",
            "もらう",
            "もらった",
            "通",
        ]) {
            NextTo
        } else if has(&["頼", "任せ", "発注", "依頼", "払"]) {
            ByOthers
        } else {
            Supported
        },
    )
}
