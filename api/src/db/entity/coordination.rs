use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "coordination")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    pub version: i64,
    pub is_enabled: bool,
    #[sea_orm(column_type = "Double")]
    pub alpha: f64,
    pub updated_at: DateTimeUtc,
}

plain_entity!();
