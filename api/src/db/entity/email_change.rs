use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "email_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    pub old_email: Option<String>,
    pub new_email: String,
    pub requested_at: DateTimeUtc,
    pub confirmed_at: Option<DateTimeUtc>,
}

plain_entity!();
