use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "company_word")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub surface: String,
    pub reading: Option<String>,
    pub created_at: DateTimeUtc,
    pub meaning: Option<String>,
}

plain_entity!();
