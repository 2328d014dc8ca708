//! What changed, in the order of commit within a company. Rows name things that may be gone, so they reference
//! nothing but the company.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let change_log = Table::create()
            .table("change_log")
            .col(big_pk_auto("position"))
            .col(uuid("company_id"))
            .col(string("kind"))
            .col(uuid_null("subject_id"))
            .col(uuid_null("alumnus_id"))
            .col(uuid_null("opportunity_id"))
            .col(timestamp_with_time_zone("at"))
            .foreign_key(
                ForeignKey::create()
                    .name("change_log_company_fkey")
                    .from_tbl("change_log")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(change_log).await?;

        manager
            .create_index(
                Index::create()
                    .name("change_log_company_id_position_idx")
                    .table("change_log")
                    .col("company_id")
                    .col("position")
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("change_log").take())
            .await?;
        Ok(())
    }
}
