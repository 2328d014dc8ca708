use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_salt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alumnus_id: Uuid,
    pub number: i32,
    #[sea_orm(column_type = "Blob")]
    pub salt: Vec<u8>,
}

plain_entity!();
