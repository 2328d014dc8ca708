use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "correction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub requested: Json,
    pub note: Option<String>,
    pub requested_at: DateTimeUtc,
    pub state: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub replaced: Option<Json>,
    // Another person: a member of staff.
    #[serde(skip)]
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTimeUtc>,
    pub reason: Option<String>,
}

plain_entity!();
