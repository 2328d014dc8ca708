use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "coordination_plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    pub id: Uuid,
    pub form: i32,
    pub setting_version: i64,
    pub position: i64,
    pub planned_at: DateTimeUtc,
    #[sea_orm(column_type = "Blob")]
    pub multipliers: Vec<u8>,
}

plain_entity!();
