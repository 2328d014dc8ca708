//! What alumni do with opportunities, and what recruiters do with candidates.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let interaction = Table::create()
            .table("interaction")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(uuid("opportunity_id"))
            .col(string("kind"))
            .col(string_null("reason"))
            .col(date_null("until_on"))
            .col(boolean("is_latest"))
            .col(timestamp_with_time_zone("at"))
            .foreign_key(
                ForeignKey::create()
                    .name("interaction_alumnus_fkey")
                    .from_tbl("interaction")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("interaction_opportunity_fkey")
                    .from_tbl("interaction")
                    .from_col("company_id")
                    .from_col("opportunity_id")
                    .to_tbl("opportunity")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(interaction).await?;

        // One latest interaction per pair; the others are history.
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX interaction_latest_key ON interaction (company_id, alumnus_id, opportunity_id) WHERE is_latest")
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("interaction_company_id_opportunity_id_at_idx")
                    .table("interaction")
                    .col("company_id")
                    .col("opportunity_id")
                    .col("at")
                    .take(),
            )
            .await?;

        let invitation = Table::create()
            .table("invitation")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(uuid("opportunity_id"))
            .col(text_null("message"))
            .col(string("invited_by"))
            .col(timestamp_with_time_zone("sent_at"))
            .col(string("state"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(string_null("decline_reason"))
            .index(
                Index::create()
                    .unique()
                    .name("invitation_company_id_alumnus_id_opportunity_id_key")
                    .col("company_id")
                    .col("alumnus_id")
                    .col("opportunity_id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("invitation_alumnus_fkey")
                    .from_tbl("invitation")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("invitation_opportunity_fkey")
                    .from_tbl("invitation")
                    .from_col("company_id")
                    .from_col("opportunity_id")
                    .to_tbl("opportunity")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(invitation).await?;

        manager
            .create_index(
                Index::create()
                    .name("invitation_company_id_opportunity_id_idx")
                    .table("invitation")
                    .col("company_id")
                    .col("opportunity_id")
                    .take(),
            )
            .await?;

        let rejection = Table::create()
            .table("rejection")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(uuid("opportunity_id"))
            .col(string("rejected_by"))
            .col(text("reason"))
            .col(timestamp_with_time_zone("rejected_at"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("opportunity_id")
                    .col("alumnus_id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("rejection_alumnus_fkey")
                    .from_tbl("rejection")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("rejection_opportunity_fkey")
                    .from_tbl("rejection")
                    .from_col("company_id")
                    .from_col("opportunity_id")
                    .to_tbl("opportunity")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(rejection).await?;

        manager
            .create_index(
                Index::create()
                    .name("rejection_company_id_alumnus_id_idx")
                    .table("rejection")
                    .col("company_id")
                    .col("alumnus_id")
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("rejection").take())
            .await?;
        manager
            .drop_table(Table::drop().table("invitation").take())
            .await?;
        manager
            .drop_table(Table::drop().table("interaction").take())
            .await?;
        Ok(())
    }
}
