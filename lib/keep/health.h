/*
 * health.h - is all well? What an administrator looks at: when each job last
 * did its work, how much waits, and what the database needs of the machine.
 */
#ifndef KEEP_HEALTH_H
#define KEEP_HEALTH_H

#include "cli/config.h"

struct cli;

struct health_item {
	const char *kind; /* job, follower or shop */
	const char *name;
	const char *state; /* "ok", or what is not: one word */
	bool problem;      /* somebody has to do something */
	int64_t at; /* the last good run, the oldest of what waits; 0: none */
	bool has_value;
	int64_t
	    value; /* bytes, orders, rejects, changes: what there is of it */
	const char *summary;
	bool news; /* see alarm.h */
};

struct health {
	struct arena *a;
	int64_t now;
	struct health_item *items;
	size_t count;
	bool blind; /* the database could not be asked: runs are not known */
};

/*
 * Look at everything; that the database cannot be used is found, not an error.
 * Without jobs in the configuration every command that ever ran is looked at,
 * and none of them can be stale. In cli->arena.
 */
void health_look(struct cli *cli, struct health *out);

/*
 * When a job is stale that should do its work every so many seconds: late by
 * as much again, but no more than six hours.
 */
int64_t health_stale_s(int64_t every_s);

/*
 * So much of a disk must be free: twice the database, for a copy of it is made
 * before a migration and for a backup; and 1 GiB, or a twentieth of a small
 * disk.
 */
int64_t health_disk_needed(int64_t database_bytes, int64_t disk_bytes);

#endif
