/* when_zone.c - times and dates: the zone that the process works in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/when_parts.h"

#define ZONEINFO   "/usr/share/zoneinfo"
#define ZONE_MAX   64
#define CACHE_DAYS 1024

/* The years of libc are an int: some 2,000,000,000 years on there is UTC. */
#define LIBC_MAX INT64_C(60000000000000000)

/*
 * libc knows the rules but takes its time to apply them, and figures
 * ask for the day of each of a million orders: so the offset of a day (of UTC)
 * on which the clocks are not moved is kept.
 */
static struct {
	char name[ZONE_MAX];
	bool libc; /* else UTC */
	struct {
		int64_t day;
		int offset;
		bool known;
	} cache[CACHE_DAYS];
} zone = { .name = "UTC" };

static int
libc_offset(int64_t t)
{
	time_t tt = (time_t)t;
	struct tm tm = { 0 };

	localtime_r(&tt, &tm);
	return (int)tm.tm_gmtoff;
}

/* Seconds east of UTC at this time. */
static int
offset_at(int64_t t)
{
	int64_t day = floor_div(t, DAY);
	size_t i = (uint64_t)day % CACHE_DAYS;
	int offset;

	if (!zone.libc || t < -LIBC_MAX || t > LIBC_MAX)
		return 0;
	if (zone.cache[i].known && zone.cache[i].day == day)
		return zone.cache[i].offset;
	offset = libc_offset(day * DAY);
	if (offset != libc_offset(day * DAY + DAY - 1))
		return libc_offset(t);
	zone.cache[i].day = day;
	zone.cache[i].offset = offset;
	zone.cache[i].known = true;
	return offset;
}

/* The time at which a local clock shows so many seconds since 1970. */
static int64_t
from_local(int64_t local)
{
	int before = offset_at(local - DAY), after = offset_at(local + DAY);

	if (offset_at(local - before) == before)
		return local - before; /* of two such times the first */
	if (offset_at(local - after) == after)
		return local - after;
	return local - before; /* in a gap */
}

/* A name such as America/Port-au-Prince or Etc/GMT+3, and no way out. */
static bool
is_zone_name(const char *name)
{
	size_t len = strspn(name,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "/_+-");

	return len != 0 && len < ZONE_MAX && name[len] == '\0' &&
	       name[0] != '/';
}

static bool
is_zone_file(const char *name)
{
	const char *dir = getenv("TZDIR");
	struct arena a = { 0 };
	char magic[4] = { 0 };
	const char *path;
	FILE *fp;

	path = arena_printf(&a, "%s/%s", dir != NULL ? dir : ZONEINFO, name);
	fp = fopen(path, "rbe");
	arena_free(&a);
	if (fp == NULL)
		return false;
	if (fread(magic, 1, sizeof(magic), fp) != sizeof(magic))
		magic[0] = '\0';
	fclose(fp);
	return memcmp(magic, "TZif", sizeof(magic)) == 0;
}

const struct err *
when_zone(const char *name)
{
	char value[ZONE_MAX + 1];
	bool utc = strcmp(name, "UTC") == 0;

	if (!utc && (!is_zone_name(name) || !is_zone_file(name)))
		return err_new(ERR_CONFIG, "unknown time zone '%s'", name);
	snprintf(value, sizeof(value), ":%s", name);
	if (setenv("TZ", utc ? "UTC0" : value, 1) != 0)
		return err_sys("time zone %s", name);
	tzset();
	memset(&zone, 0, sizeof(zone));
	snprintf(zone.name, sizeof(zone.name), "%s", name);
	zone.libc = !utc;
	return NULL;
}

const char *
when_zone_name(void)
{
	return zone.name;
}

int64_t
when_day(int64_t t)
{
	return floor_div(t, DAY) +
	       floor_div(floor_mod(t, DAY) + offset_at(t), DAY);
}

int
when_second_of_day(int64_t t)
{
	return (int)floor_mod(floor_mod(t, DAY) + offset_at(t), DAY);
}

int64_t
when_day_at(int64_t day, int second)
{
	return from_local(day * DAY + second);
}

int64_t
when_day_start(int64_t day)
{
	return when_day_at(day, 0);
}
