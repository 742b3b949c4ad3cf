/*
 * schema.h - the migrations and views, compiled in from schema/NNNN-name.sql
 * and schema/views.sql.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

struct schema_step {
	int version; /* user_version after this step */
	const char *name;
	const char *sql;
};

extern const struct schema_step schema_steps[];
extern const int schema_version;
extern const char schema_views[];

#endif
