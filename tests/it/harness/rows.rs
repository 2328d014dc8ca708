//! Rows of import files with valid defaults: a test sets the one thing that matters.

use serde_json::{Value, json};

/// One line of a file.
#[derive(Clone, Debug)]
pub(crate) struct Row(Value);

impl Row {
    pub(crate) fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0[key] = value.into();
        self
    }

    pub(crate) fn without(mut self, key: &str) -> Self {
        self.0.as_object_mut().unwrap().remove(key);
        self
    }

    /// What the person opts into, which is consent to it.
    pub(crate) fn interests(self, interests: &[&str]) -> Self {
        self.set("interests", interests)
    }

    pub(crate) fn skills(self, skills: &[&str]) -> Self {
        self.set("skills", skills)
    }

    /// The line of a file.
    pub(crate) fn json(&self) -> String {
        self.0.to_string()
    }

    /// Without the terms that the law asks for.
    pub(crate) fn incomplete(self) -> Self {
        self.set("terms", json!({}))
    }

    pub(crate) fn is_opportunity(&self) -> bool {
        self.0.get("kind").is_some()
    }
}

pub(crate) fn json_lines(rows: &[Row]) -> String {
    rows.iter().map(|row| format!("{}\n", row.0)).collect()
}

/// Somebody who planned stock in the logistics department, opts into all three kinds, and is named by their number.
pub(crate) fn alumnus(id: &str) -> Row {
    Row(json!({
        "id": id,
        "name": format!("人物 {id}"),
        "nameKana": "ヤマダ ハナコ",
        "email": format!("{id}@example.jp"),
        "prefecture": "東京都",
        "headline": "物流企画の担当者",
        "summary": "倉庫の在庫計画を担当しました。",
        "skills": ["在庫管理"],
        "qualifications": ["簿記2級"],
        "languages": [{"language": "英語", "level": "BUSINESS"}],
        "tenures": [{
            "department": "物流部", "title": "主任", "from": "2015-04", "to": "2022-03",
            "description": "在庫管理と配送計画。"
        }],
        "leaveReason": "CAREER_CHANGE",
        "careerAfter": [{
            "organization": "株式会社みどり", "title": "課長", "from": "2022-04", "to": null,
            "description": "配送網の見直し。"
        }],
        "interests": ["REHIRE", "CONTRACT_WORK", "SPEAKING"],
        "workStyle": {"remote": "ANY", "hoursPerWeek": 40, "availableFrom": null},
        "confirmedOn": "2026-10-01",
    }))
}

/// An open role with complete terms.
pub(crate) fn role(id: &str) -> Row {
    Row(json!({
        "id": id,
        "kind": "ROLE",
        "title": "物流企画マネージャー",
        "department": "物流部",
        "description": "倉庫の在庫管理と配送計画を担います。",
        "requiredSkills": ["在庫管理"],
        "preferredSkills": ["英語"],
        "prefecture": "東京都",
        "remote": "HYBRID",
        "seats": 1,
        "hoursPerWeek": 40,
        "startsOn": "2027-04",
        "compensation": "年収600万円",
        "terms": {
            "duties": "物流の企画", "dutiesChangeRange": "会社の定める業務", "place": "東京本社",
            "placeChangeRange": "会社の定める場所", "contractTerm": "indefinite", "workingHours": "9時から18時",
            "pay": "月給50万円", "fixedOvertime": "なし", "trialPeriod": "3か月、条件は同じ",
            "socialInsurance": "健康保険、厚生年金、雇用保険、労災保険", "smokingMeasures": "敷地内禁煙",
            "employer": "青葉ホールディングス株式会社"
        },
    }))
}

/// A speaker slot with a day and topics.
pub(crate) fn slot(id: &str) -> Row {
    Row(json!({
        "id": id,
        "kind": "SPEAKER_SLOT",
        "title": "物流の現場を語る会",
        "department": "人事部",
        "description": "在庫管理の経験を若手に話してください。",
        "requiredSkills": ["在庫管理の経験"],
        "preferredSkills": [],
        "prefecture": null,
        "remote": "REMOTE",
        "seats": 1,
        "startsOn": "2027-02-18",
        "compensation": "謝礼5万円",
        "terms": {"audience": "若手社員", "heldAt": "18:30-20:00", "format": "講演"},
    }))
}

/// Open contract work with complete terms.
pub(crate) fn contract_work(id: &str) -> Row {
    Row(json!({
        "id": id,
        "kind": "CONTRACT_WORK",
        "title": "配送計画の見直し",
        "department": "物流部",
        "description": "在庫管理と配送計画の手順書を書き直してください。",
        "requiredSkills": ["在庫管理"],
        "preferredSkills": [],
        "prefecture": null,
        "remote": "REMOTE",
        "seats": 1,
        "hoursPerWeek": 10,
        "startsOn": "2027-01",
        "endsOn": "2027-03",
        "compensation": "月額20万円",
        "terms": {
            "parties": "青葉ホールディングス株式会社と受託者", "commissionedOn": "2026-12-01",
            "scope": "手順書一式", "deliveredOn": "2027-03-31", "place": "オンライン", "fee": "60万円",
            "paymentDueOn": "2027-04-30", "paymentMethod": "銀行振込"
        },
    }))
}
