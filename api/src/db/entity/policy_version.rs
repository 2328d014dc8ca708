use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    #[sea_orm(column_type = "JsonBinary")]
    pub policy: Json,
    pub changed_by: Option<String>,
    pub note: Option<String>,
    pub changed_at: DateTimeUtc,
}

plain_entity!();
