use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "exclusion_list")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alumnus_id: Uuid,
    pub key_id: Option<String>,
    #[sea_orm(column_type = "Blob", nullable)]
    #[serde(skip)]
    pub sealed: Option<Vec<u8>>,
}

plain_entity!();
