/* delivery.c - on which day an order is shipped. */
#include "crm/delivery.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "crm/shop.h"
#include "db/db.h"

#define DELIVERY_LOOK_AHEAD 60 /* days; holidays last no longer than that */

static const char delivery_type_sql[] =
    "SELECT weekdays FROM delivery_type WHERE code = :code AND ships = 1";
static const char holiday_sql[] =
    "SELECT 1 FROM holiday WHERE on_date = :on_date";

static const struct err *
delivery_is_holiday(struct shop *s, int64_t day, bool *out)
{
	char date[WHEN_STR_MAX];
	const struct err *err;
	struct db_stmt *st;

	*out = false;
	if ((err = db_stmt(s->db, holiday_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":on_date", when_day_format(day, date));
	err = db_step(st, out);
	db_reset(st);
	return err;
}

const struct err *
delivery_ship_day(struct shop *s, const char *delivery_type, int64_t placed_at,
    bool *ships, int64_t *day)
{
	const struct err *err;
	struct db_stmt *st;
	char weekdays[16] = "";
	bool holiday;
	int64_t last;

	*day = when_day(placed_at);
	if ((err = db_stmt(s->db, delivery_type_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":code", delivery_type);
	if ((err = db_step(st, ships)) != NULL || !*ships)
		return err;
	snprintf(weekdays, sizeof(weekdays), "%s", db_col_peek(st, 0));
	db_reset(st);
	if (when_second_of_day(placed_at) >= s->cutoff)
		++*day;
	for (last = *day + DELIVERY_LOOK_AHEAD; *day < last; ++*day) {
		if (strchr(weekdays, '0' + when_weekday(*day)) == NULL)
			continue;
		if ((err = delivery_is_holiday(s, *day, &holiday)) != NULL)
			return err;
		if (!holiday)
			return NULL;
	}
	*ships = false; /* two months of holidays: let a person decide */
	return NULL;
}
