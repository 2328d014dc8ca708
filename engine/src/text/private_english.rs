//! The English phrases that [`super::private`] reads, in lower case, with semicolons between them; whole words only.

/// Speaks of the writer wherever it stands.
pub(super) const ALWAYS: &str = "
    i grew up in; i was raised in; to mass; my back; my heart; my knee; got sick; fell ill; i turned;
    turned thirty; turned forty; turned fifty; turned sixty; turning fifty; practicing; practising; our baby;
    the baby came; after the baby; had a baby; stayed home; stay home; mother tongue; mother passed;
    father passed; passed away; my late husband; my late wife; my fiancé; my ex-husband; my ex-wife;
    my boyfriend; my girlfriend; my twins; my grandparents; my relatives; my visa; my green card; work visa;
    my ancestry; my roots; my ethnicity; my race; my gender; my pronouns; because of my age; given my age;
    despite my age; my generation; my husband; my wife; my spouse; my partner's; my fiance; my fiancee; my son;
    my sons; my daughter; my daughters; my child; my children; my kids; my baby; my mother; my father; my mom;
    my dad; my parents; my family; my brother; my sister; my grandmother; my grandfather; my grandchildren;
    my in-laws; husband's; wife's; spouse's; mother of; father of; mom of; dad of; mother to; father to;
    as a mother; as a father; working mother; working mom; working father; working parent; single mother;
    single father; single mom; single dad; single parent; stay-at-home; housewife; househusband; homemaker;
    i am married; i'm married; got married; i married; married with; married to; i am single; i'm single;
    divorced; widowed; my marriage; my divorce; i am pregnant; my pregnancy; gave birth; childbirth;
    to raise my; to raise our; raising my; raising our; caring for my; care for my; look after my;
    looking after my; took care of my; taking care of my; our children; our kids; our son; our daughter;
    years old; year-old woman; year-old man; i was born; born in; born on; born and raised; my birthday;
    date of birth; birth date; birthdate; dob; my age; age:; at the age of; in my twenties; in my thirties;
    in my forties; in my fifties; in my sixties; in my 20s; in my 30s; in my 40s; in my 50s; in my 60s;
    my late thirties; my late forties; my late fifties; my early thirties; my early forties; my early fifties;
    my mid-thirties; my mid-forties; my mid-fifties; retirement age; mandatory retirement; retired at; gender:;
    sex:; i am a woman; i am a man; i'm a woman; i'm a man; as a woman; as a man; as a female; as a male;
    transgender; i am gay; i am lesbian; my nationality; nationality:; nationality is; i am from; i'm from;
    i come from; originally from; native of; my hometown; my home country; my citizenship; citizen of;
    permanent resident; permanent residency; naturalized; spouse visa; immigrated; immigrant; refugee;
    i am a christian; i am christian; i am a muslim; i am muslim; i am a buddhist; i am buddhist; i am jewish;
    i am hindu; i am catholic; i am a catholic; as a christian; as a muslim; as a catholic; as a buddhist;
    devout; my faith; my religion; my church; religion:; attend church; church every; mosque every; pray;
    i vote; party member; member of the communist; member of the liberal; union member; member of the union;
    union representative; union rep; union official; union activist; shop steward; my illness; my health;
    my disability; my condition; health reasons; health issues; health problems; health condition; poor health;
    good health; family reasons; family circumstances; personal reasons; sick leave; medical leave;
    wheelchair user; in a wheelchair; hard of hearing; i am deaf; i am blind; laid off; was fired;
    made redundant; harassed by
";

/// Speaks of the writer unless the clause says what kind of work it is.
pub(super) const UNLESS_WORK: &str = "
    diagnosed with; i belong to; teachers' union; ramadan; prayer; hearing aid; maternity leave;
    paternity leave; parental leave; childcare leave; childcare; child-rearing; childrearing; caregiving;
    elderly care; nursing care; family care; pregnant; pregnancy; fertility treatment; married; nationality;
    labor union; labour union; trade union; my name is; nursing my
";

/// Says that the clause is about work.
pub(super) const GUARDS: &str = "
    translator; translation; interpreter; teacher; language; languages; speaker; fluent; markets; cuisine; food;
    subsidiary; hospital; clinic; toys; clothing; apparel; program; programme; policy; policies; product;
    products; service; services; customers; clients; patients; employees; staff; market; research; developed;
    development; designed; design; marketing; sales; facility; facilities; home operator; negotiated;
    negotiation; negotiations; industry; consulting; system; systems
";

/// Private by itself: pronouns, and what tells the sex of somebody who did the work.
pub(super) const INCIDENTAL: &str = "
    he; she; his; her; him; hers; himself; herself; mrs; male; female; woman; women's first; lady; first female;
    first woman; first male; only woman; only female; only man
";

/// Leaving a company.
pub(super) const LEAVES: &str = "
    i left; left the company; left aoba; left my job; leaving the company; i quit; quit my job; resigned;
    i retired; career break; career gap; years off; year off; months off; time off; gap of; -year gap; year gap;
    stopped working
";

/// Why.
pub(super) const REASONS: &str = "
    because; due to; owing to; to care; to look after; to raise; to follow; to recover; to have; to nurse;
    to study; to focus on; to start; to take over; when my; when i; after my; after i; for health; for family;
    for personal; for medical; for treatment
";

/// Illnesses and conditions.
pub(super) const ILLNESSES: &str = "
    girls; boys; kids; children; sons; daughters; twins; toddler; toddlers; newborn; wheelchair; hearing aid;
    insulin; chemotherapy; pacemaker; migraine; migraines; insomnia; miscarriage; thai; korean; chinese;
    vietnamese; brazilian; indian; nepali; nepalese; filipino; filipina; american; british; french; german;
    italian; spanish; russian; ukrainian; indonesian; malaysian; burmese; bangladeshi; pakistani; peruvian;
    mexican; taiwanese; japanese; foreigner; expat; immigrant; refugee; catholic; muslim; christian; buddhist;
    hindu; jewish; atheist; cancer; depression; diabetes; burnout; illness; disease; surgery; stroke; injury;
    epilepsy; asthma; anxiety; adhd; autism; bipolar; dialysis; disability; disabled; hospitalized;
    hospitalised; treatment; chronic
";

/// Says that an illness is the writer's own.
pub(super) const SUFFERS: &str = "
    we have; we had; i use; i wear; i take; as a; as an; i've had; i've been; i have; i had; i suffer;
    i suffered; i was; i am; i'm; i live with; living with; diagnosed with; recovering from; recovered from;
    survivor; battling; my; undergoing; underwent; took; off
";

/// What joins two statements within a clause.
pub(super) const JOINTS: &[&str] = &[" and ", " but ", " so ", " then ", " while "];
