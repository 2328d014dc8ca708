use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "served_list")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub viewer_subject: String,
    pub kind: String,
    pub subject_id: Option<Uuid>,
    pub fingerprint: String,
    pub model_version: String,
    pub plan_id: Option<Uuid>,
    pub position: i64,
    pub as_of: DateTimeUtc,
    #[sea_orm(column_type = "Blob")]
    pub entries: Vec<u8>,
    pub created_at: DateTimeUtc,
    pub learnt_version: Option<i64>,
    pub form: i32,
    pub sequence: Option<i64>,
    pub header: Option<String>,
    #[sea_orm(column_type = "Blob")]
    pub salt: Option<Vec<u8>>,
    pub criteria: Option<String>,
    #[sea_orm(column_type = "Blob")]
    pub criteria_salt: Option<Vec<u8>>,
    #[sea_orm(column_type = "Blob")]
    pub people: Option<Vec<u8>>,
    #[sea_orm(column_type = "Blob")]
    pub leaves: Option<Vec<u8>>,
}

plain_entity!();
