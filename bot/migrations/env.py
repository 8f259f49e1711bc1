"""Run by Alembic for each of the three databases; `bot.migrations.run` hands over the open connection."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    on_version_apply=context.config.attributes["applied"],
    transactional_ddl=True,  # true of SQLite too, because bot.databases begins its transactions itself
)
with context.begin_transaction():
    context.run_migrations()
