use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    pub purpose: String,
    pub text_version: String,
    pub given_at: DateTimeUtc,
    pub source: String,
    pub source_digest: Option<String>,
    pub withdrawn_at: Option<DateTimeUtc>,
}

plain_entity!();
