/* delivery.c - on which day an order is shipped. */
#include "order/delivery.h"

#include "base/when.h"
#include "crm/shop.h"

#define DELIVERY_LOOK_AHEAD 60 /* days; holidays last no longer than that */

static bool
delivery_on_weekday(int64_t weekdays, int64_t day)
{
	const int64_t wanted = when_weekday(day);

	while (weekdays != 0 && weekdays % 10 != wanted)
		weekdays /= 10;
	return weekdays != 0;
}

static bool
delivery_is_holiday(const struct shop *s, int64_t day)
{
	char date[WHEN_STR_MAX];

	return shop_has_code(s, "holiday", when_day_format(day, date));
}

bool
delivery_ship_day(const struct shop *s, const char *delivery_type,
    int64_t placed_at, int64_t *day)
{
	const int64_t weekdays = shop_weekdays(s, delivery_type);
	int64_t last;

	*day = when_day(placed_at);
	if (when_second_of_day(placed_at) >= s->cutoff)
		++*day;
	for (last = *day + DELIVERY_LOOK_AHEAD; *day < last; ++*day)
		if (delivery_on_weekday(weekdays, *day) &&
		    !delivery_is_holiday(s, *day))
			return true;
	return false; /* two months of holidays: let a person decide */
}
