//! The company's own products that an opportunity is about.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let products = Table::alter()
            .table("opportunity")
            .add_column(json_binary("products").default("[]"))
            .take();
        manager.alter_table(products).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let products = Table::alter().table("opportunity").drop_column("products").take();
        manager.alter_table(products).await
    }
}
