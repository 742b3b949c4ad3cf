/*
 * bigshop.h - a shop of any size, drawn by a fixed recipe in integers only.
 *
 * Every draw is a hash of what is drawn and for whom, so the same shop comes
 * out on every machine and in every language. Money is in kopecks, times are
 * seconds since 1970 UTC; the shop's zone is three hours ahead.
 */
#ifndef BENCH_BIGSHOP_H
#define BENCH_BIGSHOP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	BIG_DAYS = 154, /* 22 weeks from 2024-09-30 */
	BIG_ZONE = 3 * 3600,
	BIG_ITEMS_MAX = 12,
	BIG_TOUCHES_MAX = 12,
	BIG_EVENTS_MAX = 48,
	BIG_CHANNELS = 8,
	BIG_MANAGERS = 6,
};
#define BIG_START INT64_C(1727643600) /* 2024-09-30 00:00 in Moscow */
#define BIG_END   (BIG_START + BIG_DAYS * INT64_C(86400))

enum big_status {
	BIG_NEW,
	BIG_CLARIFY,
	BIG_SUPPLY,
	BIG_CONFIRMED,
	BIG_AGREED,
	BIG_ASSEMBLING,
	BIG_DELIVERING,
	BIG_PICKUP,
	BIG_COMPLETED, /* from here on it ends */
	BIG_RETURNED,
	BIG_CANCEL_NO_ANSWER,
	BIG_CANCEL_CLIENT,
	BIG_CANCEL_ELSEWHERE,
	BIG_STATUSES,
};

struct big_item {
	uint32_t product; /* from 0 */
	int quantity;
	int64_t price;
	int64_t cost;
};

struct big_touch {
	int64_t at;
	int channel;
};

struct big_event {
	int64_t at;
	enum big_status status;
	int actor; /* a manager; the first event is the system's */
};

struct big_order {
	uint64_t no; /* from 0, by time */
	int64_t at;
	uint32_t customer; /* from 1 */
	bool repeat;
	int manager;
	int method;
	struct big_touch touches[BIG_TOUCHES_MAX];
	int touch_count;
	struct big_item items[BIG_ITEMS_MAX];
	int item_count;
	struct big_event events[BIG_EVENTS_MAX];
	int event_count;
	int64_t goods;
	int64_t discount;
	int64_t delivery;
	int64_t cost;
};

struct bigshop; /* calendar, products, who ordered what */

/* The caller frees it with big_free(). */
struct bigshop *big_new(uint64_t orders, uint64_t seed);
void big_free(struct bigshop *b);

/* The next order by time; false after the last. */
bool big_next(struct bigshop *b, struct big_order *o);

uint64_t big_customers(const struct bigshop *b); /* so far */

/* Draw `k` of stream s for i: all 64 bits, and evenly below n. */
uint64_t big_hash(const struct bigshop *b, uint64_t s, uint64_t i, uint64_t k);
uint64_t big_draw(const struct bigshop *b, uint64_t n, uint64_t s, uint64_t i,
    uint64_t k);

/* Visits of day d that led to no order: how many, and one of them. */
uint64_t big_idle_visits(const struct bigshop *b, int day);
struct big_touch big_idle_visit(const struct bigshop *b, int day, uint64_t j,
    uint64_t *visitor);

/* What one click of a paid channel cost; 0: it is not paid for. */
int64_t big_click_cost(const struct bigshop *b, int day, int channel,
    uint64_t k);

extern const char *const big_channels[BIG_CHANNELS];
extern const char *const big_managers[BIG_MANAGERS];
extern const char *const big_statuses[BIG_STATUSES];
extern const char *const big_methods[];

/* big_write.c: the formats. */
void big_csv(struct bigshop *b, const char *dir);
void big_ndjson(struct bigshop *b, FILE *f);
void big_table(struct bigshop *b, FILE *f);

#endif
