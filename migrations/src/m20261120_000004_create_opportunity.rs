//! Roles, speaker slots and contract work.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let opportunity = Table::create()
            .table("opportunity")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(string_null("external_id"))
            .col(string("kind"))
            .col(text("title"))
            .col(text("description"))
            .col(string_null("department"))
            .col(string("status"))
            .col(json_binary("required_skills"))
            .col(json_binary("preferred_skills"))
            .col(string_null("prefecture"))
            .col(string("remote"))
            .col(integer("seats"))
            .col(integer_null("hours_per_week"))
            .col(string_null("starts_on"))
            .col(string_null("ends_on"))
            .col(text_null("compensation"))
            .col(timestamp_with_time_zone_null("closes_at"))
            .col(json_binary("terms"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(integer("version"))
            .index(
                Index::create()
                    .unique()
                    .name("opportunity_company_id_id_key")
                    .col("company_id")
                    .col("id"),
            )
            .index(
                Index::create()
                    .unique()
                    .name("opportunity_company_id_external_id_key")
                    .col("company_id")
                    .col("external_id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("opportunity_company_fkey")
                    .from_tbl("opportunity")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(opportunity).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("opportunity").take())
            .await?;
        Ok(())
    }
}
