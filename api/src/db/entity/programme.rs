use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "programme")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub policy: Json,
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

plain_entity!();
