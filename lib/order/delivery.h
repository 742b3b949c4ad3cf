/* delivery.h - on which day an order is shipped. */
#ifndef ORDER_DELIVERY_H
#define ORDER_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

struct shop;

/*
 * The first day on which an order placed at `placed_at` can be handed to this
 * delivery type: the same day until the shop's cut-off hour, else the next;
 * then the first that is no holiday and one of the carrier's weekdays. False
 * for a type that is collected (or unknown).
 */
bool delivery_ship_day(const struct shop *s, const char *delivery_type,
    int64_t placed_at, int64_t *day);

#endif
