use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_text")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: String,
    #[sea_orm(column_type = "Text")]
    pub japanese: String,
    #[sea_orm(column_type = "Text")]
    pub english: String,
    pub published_by: String,
    pub published_at: DateTimeUtc,
    pub superseded_at: Option<DateTimeUtc>,
}

plain_entity!();
