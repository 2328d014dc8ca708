use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "change_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub position: i64,
    pub company_id: Uuid,
    pub kind: String,
    pub subject_id: Option<Uuid>,
    pub alumnus_id: Option<Uuid>,
    pub opportunity_id: Option<Uuid>,
    pub at: DateTimeUtc,
}

plain_entity!();
