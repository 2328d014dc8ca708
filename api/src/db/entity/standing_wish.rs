use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "standing_wish")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    pub kind: String,
    pub words: String,
    pub unit: Option<String>,
    pub conditions: Option<String>,
    pub starts_on: Option<String>,
    pub valid_until: Option<Date>,
    pub is_shown_to_recruiters: bool,
    pub stated_at: DateTimeUtc,
}

plain_entity!();
