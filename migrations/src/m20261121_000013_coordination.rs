//! Coordination: whether a programme plans its lists together, the plan in use, and which plan a served list was
//! ordered by.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let coordination = Table::create()
            .table("coordination")
            .col(pk_uuid("company_id"))
            .col(big_integer("version"))
            .col(boolean("is_enabled"))
            .col(double("alpha"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("coordination_company_fkey")
                    .from_tbl("coordination")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(coordination).await?;

        let plan = Table::create()
            .table("coordination_plan")
            .col(pk_uuid("company_id"))
            .col(uuid("id"))
            .col(integer("form"))
            .col(big_integer("setting_version"))
            .col(big_integer("position"))
            .col(timestamp_with_time_zone("planned_at"))
            .col(blob("multipliers"))
            .foreign_key(
                ForeignKey::create()
                    .name("coordination_plan_company_fkey")
                    .from_tbl("coordination_plan")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(plan).await?;

        let plan_id = Table::alter()
            .table("served_list")
            .add_column(uuid_null("plan_id"))
            .take();
        manager.alter_table(plan_id).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let plan_id = Table::alter().table("served_list").drop_column("plan_id").take();
        manager.alter_table(plan_id).await?;
        manager
            .drop_table(Table::drop().table("coordination_plan").take())
            .await?;
        manager
            .drop_table(Table::drop().table("coordination").take())
            .await
    }
}
