use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_chain")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub record_id: Uuid,
    pub kind: String,
    pub payload: Option<String>,
    #[sea_orm(column_type = "Blob")]
    pub root: Vec<u8>,
    #[sea_orm(column_type = "Blob")]
    pub hash: Vec<u8>,
    pub at: DateTimeUtc,
}

plain_entity!();
