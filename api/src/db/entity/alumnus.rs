use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "alumnus")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub external_id: Option<String>,
    pub name_kanji: String,
    pub name_kana: Option<String>,
    pub email: Option<String>,
    pub status: String,
    pub headline: Option<String>,
    pub summary: Option<String>,
    pub prefecture: Option<String>,
    pub work_remote: Option<String>,
    pub work_hours_per_week: Option<i32>,
    pub work_available_from: Option<String>,
    pub confirmed_on: Option<Date>,
    pub employee_number: Option<String>,
    pub leave_reason: Option<String>,
    pub leaving_kind: Option<String>,
    pub employment_type: Option<String>,
    pub segment: Option<String>,
    pub group_company: Option<String>,
    pub evaluation: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: i32,
}

plain_entity!();
