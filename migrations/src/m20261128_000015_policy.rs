//! The versions of a programme's policy; how people were employed, for its rules; and the companies of a group.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Columns of `alumnus` that only a programme's rules, and of the last the person and administrators, read.
const EMPLOYMENT: [&str; 4] = ["employment_type", "segment", "group_company", "evaluation"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one change of a table at a time.
        for column in EMPLOYMENT {
            let column = Table::alter()
                .table("alumnus")
                .add_column(text_null(column))
                .take();
            manager.alter_table(column).await?;
        }
        let group_company = Table::alter()
            .table("opportunity")
            .add_column(string_null("group_company"))
            .take();
        manager.alter_table(group_company).await?;
        let version = Table::alter()
            .table("programme")
            .add_column(big_integer("version").default(1))
            .take();
        manager.alter_table(version).await?;

        let policy_version = Table::create()
            .table("policy_version")
            .col(uuid("company_id"))
            .col(big_integer("version"))
            .col(json_binary("policy"))
            .col(string_null("changed_by"))
            .col(text_null("note"))
            .col(timestamp_with_time_zone("changed_at"))
            .primary_key(Index::create().col("company_id").col("version"))
            .foreign_key(
                ForeignKey::create()
                    .name("policy_version_programme_fkey")
                    .from_tbl("policy_version")
                    .from_col("company_id")
                    .to_tbl("programme")
                    .to_col("company_id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(policy_version).await?;

        // What was in force until now is the first version.
        let earlier = Query::insert()
            .into_table("policy_version")
            .columns(["company_id", "version", "policy", "changed_at"])
            .select_from(
                Query::select()
                    .column("company_id")
                    .expr(Expr::val(1_i64))
                    .columns(["policy", "updated_at"])
                    .from("programme")
                    .take(),
            )
            .map_err(|error| DbErr::Custom(error.to_string()))?
            .take();
        manager.execute(earlier).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("policy_version").take())
            .await?;
        let version = Table::alter().table("programme").drop_column("version").take();
        manager.alter_table(version).await?;
        let group_company = Table::alter()
            .table("opportunity")
            .drop_column("group_company")
            .take();
        manager.alter_table(group_company).await?;
        for column in EMPLOYMENT {
            let column = Table::alter().table("alumnus").drop_column(column).take();
            manager.alter_table(column).await?;
        }
        Ok(())
    }
}
