//! Consents, with their history: withdrawing closes a row and giving again opens another.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let consent = Table::create()
            .table("consent")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(string("purpose"))
            .col(string("text_version"))
            .col(timestamp_with_time_zone("given_at"))
            .col(string("source"))
            .col(string_null("source_digest"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("consent_alumnus_fkey")
                    .from_tbl("consent")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(consent).await?;

        manager
            .create_index(
                Index::create()
                    .name("consent_company_id_alumnus_id_idx")
                    .table("consent")
                    .col("company_id")
                    .col("alumnus_id")
                    .take(),
            )
            .await?;
        // At most one open consent per person and purpose, whoever races.
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX consent_open_key ON consent (company_id, alumnus_id, purpose) WHERE withdrawn_at IS NULL")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("consent").take()).await?;
        Ok(())
    }
}
