use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "profile_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub alumnus_id: Uuid,
    // Another person: a member of staff.
    #[serde(skip)]
    pub viewer_subject: String,
    pub viewer_role: String,
    pub viewer_unit: Option<String>,
    pub viewed_on: Date,
    pub viewed_at: DateTimeUtc,
}

plain_entity!();
