//! What people would like to be asked for, and which opportunity they were told of for it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let standing_wish = Table::create()
            .table("standing_wish")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(string("kind"))
            .col(text("words"))
            .col(string_null("unit"))
            .col(text_null("conditions"))
            .col(string_null("starts_on"))
            .col(date_null("valid_until"))
            .col(boolean("is_shown_to_recruiters"))
            .col(timestamp_with_time_zone("stated_at"))
            .index(
                Index::create()
                    .unique()
                    .name("standing_wish_company_id_alumnus_id_kind_key")
                    .col("company_id")
                    .col("alumnus_id")
                    .col("kind"),
            )
            .index(
                Index::create()
                    .unique()
                    .name("standing_wish_company_id_id_key")
                    .col("company_id")
                    .col("id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("standing_wish_alumnus_fkey")
                    .from_tbl("standing_wish")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(standing_wish).await?;

        let wish_notice = Table::create()
            .table("wish_notice")
            .col(uuid("company_id"))
            .col(uuid("wish_id"))
            .col(uuid("opportunity_id"))
            .col(timestamp_with_time_zone("at"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("wish_id")
                    .col("opportunity_id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("wish_notice_standing_wish_fkey")
                    .from_tbl("wish_notice")
                    .from_col("company_id")
                    .from_col("wish_id")
                    .to_tbl("standing_wish")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("wish_notice_opportunity_fkey")
                    .from_tbl("wish_notice")
                    .from_col("company_id")
                    .from_col("opportunity_id")
                    .to_tbl("opportunity")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(wish_notice).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("wish_notice").take())
            .await?;
        manager
            .drop_table(Table::drop().table("standing_wish").take())
            .await
    }
}
