use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub name_kanji: String,
    pub name_kana: Option<String>,
    pub email: String,
    pub employee_number: Option<String>,
    pub tenure_from: Option<String>,
    pub tenure_to: Option<String>,
    pub department: Option<String>,
    pub requested_at: DateTimeUtc,
    pub state: String,
    pub opened_at: Option<DateTimeUtc>,
    pub doubt: Option<String>,
    pub consents: Option<Json>,
    pub decided_at: Option<DateTimeUtc>,
    // Who of the staff is another person.
    #[serde(skip)]
    pub decided_by: Option<String>,
    pub reason: Option<String>,
    pub alumnus_id: Option<Uuid>,
}

plain_entity!();
