use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "audit_salt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alumnus_id: Uuid,
    pub number: i32,
    #[sea_orm(column_type = "Blob")]
    #[serde(skip)]
    pub salt: Vec<u8>,
}

plain_entity!();
