use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub external_id: Option<String>,
    pub kind: String,
    pub title: String,
    pub description: String,
    pub department: Option<String>,
    pub group_company: Option<String>,
    pub hiring_manager: Option<String>,
    pub status: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub required_skills: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub preferred_skills: Json,
    pub products: Json,
    pub prefecture: Option<String>,
    pub remote: String,
    pub seats: i32,
    pub hours_per_week: Option<i32>,
    pub starts_on: Option<String>,
    pub ends_on: Option<String>,
    pub compensation: Option<String>,
    pub closes_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary")]
    pub terms: Json,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: i32,
}

plain_entity!();
