//! Texts of a company's own that people are asked to agree to. None is ever deleted: each is the proof of what somebody
//! agreed to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let consent_text = Table::create()
            .table("consent_text")
            .col(uuid("company_id"))
            .col(string("purpose"))
            .col(string("version"))
            .col(text("japanese"))
            .col(text("english"))
            .col(string("published_by"))
            .col(timestamp_with_time_zone("published_at"))
            .col(timestamp_with_time_zone_null("superseded_at"))
            .primary_key(Index::create().col("company_id").col("purpose").col("version"))
            .foreign_key(
                ForeignKey::create()
                    .name("consent_text_company_fkey")
                    .from_tbl("consent_text")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(consent_text).await?;
        // One text of a purpose is the current one, whoever races.
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX consent_text_current_key ON consent_text (company_id, purpose) WHERE superseded_at IS NULL")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("consent_text").take())
            .await
    }
}
