//! The job queue.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let job = Table::create()
            .table("job")
            .col(pk_uuid("id"))
            .col(string("kind"))
            .col(json_binary("payload"))
            .col(timestamp_with_time_zone("run_at"))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone_null("locked_until"))
            .col(timestamp_with_time_zone_null("done_at"))
            .col(timestamp_with_time_zone_null("gave_up_at"))
            .col(text_null("last_error"))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(job).await?;

        // Claims look only at what still has to run; the finished rows would outgrow them.
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX job_waiting_idx ON job (run_at, id) WHERE done_at IS NULL AND gave_up_at IS NULL")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("job").take()).await?;
        Ok(())
    }
}
