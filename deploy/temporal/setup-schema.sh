#!/bin/sh
# Creates Temporal's two databases and brings their schemas up to this image's version. Safe to run again: what is
# there already is left, and only the missing migrations run. The tool reads SQL_PLUGIN, SQL_HOST, SQL_USER, SQL_PASSWORD.
set -eu

migrations=/etc/temporal/schema/postgresql/v12

setup() {
  database=$1
  temporal-sql-tool --db "$database" create
  temporal-sql-tool --db "$database" setup-schema -v 0.0
  temporal-sql-tool --db "$database" update-schema -d "$migrations/$2/versioned"
}

setup temporal temporal
setup temporal_visibility visibility
