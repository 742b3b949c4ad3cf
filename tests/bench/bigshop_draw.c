/* bigshop_draw.c - draws the orders of a shop of any size; see bigshop.h. */
#include "bigshop.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

enum { QUANTILES = 17, PRODUCTS_MAX = 500000 };

/* What is drawn from a stream, and the numbers of the recipe. */
enum {
	S_HOUR = 1,
	S_SECOND,
	S_REPEAT,
	S_WHO,
	S_TOUCHES,
	S_FIRST_TOUCH,
	S_NEXT_TOUCH,
	S_GAP,
	S_MANAGER,
	S_ITEMS,
	S_PRODUCT,
	S_QUANTITY,
	S_DISCOUNT,
	S_DURATION,
	S_NEXT_STATUS,
	S_ACTOR_SAME,
	S_ACTOR,
	S_METHOD,
	S_PRICE = 20,
	S_COST,
	S_VISIT_HOUR = 30,
	S_VISIT_SECOND,
	S_VISIT_CHANNEL,
	S_CLICK = 40,
};

const char *const big_channels[BIG_CHANNELS] = { "direct", "organic",
	"yandex_direct", "google_ads", "vk", "email", "aggregator",
	"referral" };
const char *const big_managers[BIG_MANAGERS] = { "Анна", "Борис", "Вера",
	"Глеб", "Дина", "Егор" };
const char *const big_statuses[BIG_STATUSES] = { "new", "needs_clarification",
	"waiting_supply", "availability_confirmed", "agreed", "assembling",
	"delivering", "pickup_ready", "completed", "returned",
	"cancel_no_answer", "cancel_client", "cancel_bought_elsewhere" };
const char *const big_methods[] = { "cart", "one_click", "phone", "chat" };

static const int weekdays[] = { 110, 104, 100, 98, 103, 84, 81 };
static const int hours[] = { 6, 3, 2, 2, 3, 6, 14, 30, 52, 74, 88, 92, 90, 86,
	84, 82, 80, 78, 74, 72, 66, 52, 32, 16 };
static const int first_touch[] = { 18, 22, 21, 12, 9, 7, 8, 3 };
static const int first_touch_again[] = { 5, 10, 10, 8, 6, 70, 3, 2 };
static const int next_touch[BIG_CHANNELS][BIG_CHANNELS] = {
	{ 60, 8, 4, 2, 2, 16, 2, 6 },
	{ 30, 34, 12, 6, 4, 10, 2, 2 },
	{ 26, 14, 36, 4, 6, 8, 4, 2 },
	{ 26, 14, 6, 36, 5, 8, 3, 2 },
	{ 28, 10, 6, 4, 36, 12, 2, 2 },
	{ 34, 8, 4, 3, 5, 42, 2, 2 },
	{ 20, 10, 6, 4, 2, 8, 48, 2 },
	{ 34, 18, 8, 4, 6, 8, 4, 18 },
};
static const int64_t click_costs[] = { 0, 0, 2900, 3400, 1500, 120, 0, 0 };
static const int one_to_twelve_touches[] = { 420, 240, 130, 80, 50, 30, 20, 12,
	8, 5, 3, 2 };
static const int one_to_twelve_items[] = { 380, 250, 150, 90, 50, 30, 20, 12, 8,
	5, 3, 2 };
static const int quantities[] = { 820, 120, 35, 15, 6, 4 };
static const int discounts_first[] = { 0, 0, 0, 0, 0, 0, 5, 5, 10, 15 };
static const int discounts_again[] = { 0, 0, 0, 5, 5, 10, 10, 10, 15, 20 };
static const int methods[] = { 62, 18, 15, 5 };

static const int managers[] = { 26, 22, 18, 15, 12, 7 };
static const int manager_speed[] = { 80, 95, 100, 110, 125, 170 };
static const int manager_cancels[] = { 80, 90, 100, 105, 120, 150 };

static const int64_t prices[QUANTILES] = { 9000, 15000, 19000, 24000, 29000,
	35000, 42000, 49000, 59000, 69000, 89000, 119000, 159000, 219000,
	329000, 590000, 1290000 };
static const int64_t gaps[QUANTILES] = { 0, 1800, 3600, 7200, 14400, 28800,
	43200, 64800, 86400, 129600, 172800, 216000, 259200, 345600, 432000,
	604800, 1209600 };
/* Of the median stay in a status, in thousandths. */
static const int64_t stays[QUANTILES] = { 20, 90, 170, 260, 350, 450, 560, 680,
	820, 1000, 1230, 1530, 1950, 2600, 3800, 6500, 16000 };

static const struct step {
	struct {
		enum big_status to;
		int weight;
	} next[5];
	int count;
	int64_t median;  /* seconds */
	bool by_manager; /* whose speed tells */
} steps[] = {
	[BIG_NEW] = { { { BIG_CONFIRMED, 760 }, { BIG_CLARIFY, 120 },
			  { BIG_CANCEL_NO_ANSWER, 45 },
			  { BIG_CANCEL_CLIENT, 55 },
			  { BIG_CANCEL_ELSEWHERE, 20 } },
	    5, 5400, true },
	[BIG_CLARIFY] = { { { BIG_CONFIRMED, 620 }, { BIG_SUPPLY, 180 },
			      { BIG_CANCEL_CLIENT, 120 },
			      { BIG_CANCEL_ELSEWHERE, 80 } },
	    4, 21600, true },
	[BIG_SUPPLY] = { { { BIG_CONFIRMED, 700 }, { BIG_CANCEL_CLIENT, 200 },
			     { BIG_CANCEL_ELSEWHERE, 100 } },
	    3, 259200, false },
	[BIG_CONFIRMED] = { { { BIG_AGREED, 930 }, { BIG_CLARIFY, 20 },
				{ BIG_CANCEL_NO_ANSWER, 35 },
				{ BIG_CANCEL_CLIENT, 15 } },
	    4, 7200, true },
	[BIG_AGREED] = { { { BIG_ASSEMBLING, 975 }, { BIG_CANCEL_CLIENT, 25 } },
	    2, 10800, true },
	[BIG_ASSEMBLING] = { { { BIG_DELIVERING, 760 }, { BIG_PICKUP, 225 },
				 { BIG_CLARIFY, 15 } },
	    3, 14400, false },
	[BIG_DELIVERING] = { { { BIG_COMPLETED, 925 }, { BIG_RETURNED, 60 },
				 { BIG_CANCEL_CLIENT, 15 } },
	    3, 172800, false },
	[BIG_PICKUP] = { { { BIG_COMPLETED, 880 }, { BIG_RETURNED, 120 } }, 2,
	    129600, false },
};

struct placed { /* an order of today, before it has its number */
	int64_t at;
	uint64_t j;
};

struct bigshop {
	uint64_t orders;
	uint64_t seed;
	uint64_t per_day[BIG_DAYS];
	uint64_t window; /* a repeat buyer is one of so many orders before */
	uint64_t no;
	uint32_t customers;
	uint32_t *who;        /* customer of each order */
	uint64_t *popularity; /* of the products, summed up */
	uint64_t products;
	int day;
	struct placed *today;
	uint64_t today_next;
};

/* Draws -------------------------------------------------------------------- */

static uint64_t
mix(uint64_t z) /* SplitMix64 */
{
	z += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

uint64_t
big_hash(const struct bigshop *b, uint64_t s, uint64_t i, uint64_t k)
{
	uint64_t stream = mix(b->seed ^ (s * UINT64_C(0xD1B54A32D192ED03)));

	return mix(mix(stream + i) + k);
}

uint64_t
big_draw(const struct bigshop *b, uint64_t n, uint64_t s, uint64_t i,
    uint64_t k)
{
	return ((big_hash(b, s, i, k) >> 32) * n) >> 32;
}

/* Which of these weights. */
static int
pick(const struct bigshop *b, const int *weights, size_t count, uint64_t s,
    uint64_t i, uint64_t k)
{
	uint64_t sum = 0, u;
	size_t j;

	for (j = 0; j < count; j++)
		sum += (uint64_t)weights[j];
	u = big_draw(b, sum, s, i, k);
	for (j = 0; u >= (uint64_t)weights[j]; j++)
		u -= (uint64_t)weights[j];
	return (int)j;
}

/* From a distribution given by points of it, straight between them. */
static int64_t
quantile(const struct bigshop *b, const int64_t *points, int64_t scale,
    uint64_t s, uint64_t i, uint64_t k)
{
	uint64_t u = big_hash(b, s, i, k) >> 32;
	uint64_t j = u >> 28, part = u & 0xFFFFFFF;
	int64_t low = scale == 0 ? points[j] : scale * points[j] / 1000;
	int64_t high =
	    scale == 0 ? points[j + 1] : scale * points[j + 1] / 1000;

	return low + (int64_t)(((uint64_t)(high - low) * part) >> 28);
}

/* The shop ----------------------------------------------------------------- */

static void *
room(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (p == NULL)
		err(1, "memory");
	return p;
}

static void
plan_days(struct bigshop *b)
{
	uint64_t weight[BIG_DAYS], total = 0, before = 0;
	unsigned d;

	for (d = 0; d < BIG_DAYS; d++) {
		unsigned season = d >= 59 && d <= 62 ? 170 : /* a sale */
				      d >= 77 && d <= 91 ? 130 :
				  d >= 92 && d <= 99     ? 55 :
							   100;

		weight[d] = (1000 + 2 * d) * (uint64_t)weekdays[d % 7] * season;
		total += weight[d];
	}
	for (d = 0; d < BIG_DAYS; d++) {
		uint64_t a = b->orders * before / total;

		before += weight[d];
		b->per_day[d] = b->orders * before / total - a;
	}
}

struct bigshop *
big_new(uint64_t orders, uint64_t seed)
{
	struct bigshop *b = room(1, sizeof(*b));
	uint64_t r, sum = 0;

	b->orders = orders;
	b->seed = seed;
	b->window = orders / 3 > 50 ? orders / 3 : 50;
	b->products = orders / 20 > 50 ? orders / 20 : 50;
	if (b->products > PRODUCTS_MAX)
		b->products = PRODUCTS_MAX;
	b->popularity = room(b->products, sizeof(b->popularity[0]));
	for (r = 0; r < b->products; r++) {
		sum += (UINT64_C(10) << 24) / (10 * r + 27);
		b->popularity[r] = sum;
	}
	b->who = room(orders, sizeof(b->who[0]));
	b->day = -1;
	plan_days(b);
	return b;
}

void
big_free(struct bigshop *b)
{
	free(b->popularity);
	free(b->who);
	free(b->today);
	free(b);
}

uint64_t
big_customers(const struct bigshop *b)
{
	return b->customers;
}

/* An order ----------------------------------------------------------------- */

static int
placed_compare(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->j < b->j ? -1 : a->j > b->j;
}

static void
begin_day(struct bigshop *b)
{
	uint64_t j, count = b->per_day[++b->day];

	free(b->today);
	b->today = room(count, sizeof(b->today[0]));
	b->today_next = 0;
	for (j = 0; j < count; j++) {
		uint64_t i = b->no + j;

		b->today[j].j = j;
		b->today[j].at =
		    BIG_START + b->day * INT64_C(86400) +
		    3600 * pick(b, hours, LEN(hours), S_HOUR, i, 0) +
		    (int64_t)big_draw(b, 3600, S_SECOND, i, 0);
	}
	qsort(b->today, count, sizeof(b->today[0]), placed_compare);
}

static void
draw_customer(struct bigshop *b, struct big_order *o)
{
	uint64_t i = o->no, u, window;

	o->repeat = i > 0 && big_draw(b, 1000, S_REPEAT, i, 0) < 420;
	if (o->repeat) {
		u = big_hash(b, S_WHO, i, 0) >> 32;
		window = i < b->window ? i : b->window;
		o->customer =
		    b->who[i - 1 - ((window * ((u * u) >> 32)) >> 32)];
	} else {
		o->customer = ++b->customers;
	}
	b->who[i] = o->customer;
}

static void
draw_touches(const struct bigshop *b, struct big_order *o)
{
	int64_t before[BIG_TOUCHES_MAX] = { 0 };
	int k, n;

	n = 1 + pick(b, one_to_twelve_touches, LEN(one_to_twelve_touches),
		    S_TOUCHES, o->no, 0);
	o->touch_count = n;
	o->touches[0].channel =
	    pick(b, o->repeat ? first_touch_again : first_touch, BIG_CHANNELS,
		S_FIRST_TOUCH, o->no, 0);
	for (k = 1; k < n; k++) {
		o->touches[k].channel =
		    pick(b, next_touch[o->touches[k - 1].channel], BIG_CHANNELS,
			S_NEXT_TOUCH, o->no, (uint64_t)k);
		before[k] = before[k - 1] + 600 +
			    quantile(b, gaps, 0, S_GAP, o->no, (uint64_t)k - 1);
	}
	for (k = 0; k < n; k++)
		o->touches[k].at = o->at - 60 - before[n - 1 - k];
}

static uint32_t
draw_product(const struct bigshop *b, uint64_t i, uint64_t line)
{
	uint64_t low = 0, high = b->products, u;

	u = ((big_hash(b, S_PRODUCT, i, line) >> 32) *
		b->popularity[b->products - 1]) >>
	    32;
	while (low < high) {
		uint64_t middle = (low + high) / 2;

		if (b->popularity[middle] > u)
			high = middle;
		else
			low = middle + 1;
	}
	return (uint32_t)low;
}

static bool
has_product(const struct big_order *o, uint32_t product)
{
	int k;

	for (k = 0; k < o->item_count; k++)
		if (o->items[k].product == product)
			return true;
	return false;
}

static void
draw_items(const struct bigshop *b, struct big_order *o)
{
	int k, n;

	o->item_count = 0;
	o->goods = o->cost = 0;
	n = 1 + pick(b, one_to_twelve_items, LEN(one_to_twelve_items), S_ITEMS,
		    o->no, 0);
	for (k = 0; k < n; k++) {
		uint32_t p = draw_product(b, o->no, (uint64_t)k);
		struct big_item *item = &o->items[o->item_count];

		if (has_product(o, p))
			continue;
		o->item_count++;
		item->product = p;
		item->quantity = 1 + pick(b, quantities, LEN(quantities),
					 S_QUANTITY, o->no, (uint64_t)k);
		item->price =
		    quantile(b, prices, 0, S_PRICE, p, 0) / 1000 * 1000 +
		    (p % 3 != 0 ? 900 : 0);
		item->cost = item->price *
			     (int64_t)(52 + big_draw(b, 24, S_COST, p, 0)) /
			     100;
		o->goods += item->quantity * item->price;
		o->cost += item->quantity * item->cost;
	}
}

static void
draw_sums(const struct bigshop *b, struct big_order *o)
{
	const int *discounts = o->repeat ? discounts_again : discounts_first;

	o->discount =
	    o->goods * discounts[big_draw(b, 10, S_DISCOUNT, o->no, 0)] / 100;
	o->delivery = o->goods - o->discount >= 500000 ? 0 : 29000;
}

static enum big_status
draw_next_status(const struct bigshop *b, const struct big_order *o,
    const struct step *step, uint64_t k)
{
	int weights[LEN(step->next)], i;

	for (i = 0; i < step->count; i++)
		weights[i] = step->next[i].weight *
			     (step->next[i].to >= BIG_CANCEL_NO_ANSWER ?
				     manager_cancels[o->manager] :
				     100);
	return step
	    ->next[pick(b, weights, (size_t)step->count, S_NEXT_STATUS, o->no,
		k)]
	    .to;
}

static void
draw_events(const struct bigshop *b, struct big_order *o)
{
	enum big_status status = BIG_NEW;
	int64_t at = o->at;
	uint64_t k;

	o->events[0] = (struct big_event){ .at = at, .status = status };
	o->event_count = 1;
	for (k = 1; status < BIG_COMPLETED; k++) {
		const struct step *step = &steps[status];
		struct big_event *e = &o->events[o->event_count];

		at += 60 +
		      quantile(b, stays, step->median, S_DURATION, o->no, k) *
			  (step->by_manager ? manager_speed[o->manager] : 100) /
			  100;
		status = draw_next_status(b, o, step, k);
		if (at >= BIG_END || k > 40)
			break;
		e->at = at;
		e->status = status;
		e->actor =
		    big_draw(b, 10, S_ACTOR_SAME, o->no, k) < 8 ?
			o->manager :
			pick(b, managers, LEN(managers), S_ACTOR, o->no, k);
		o->event_count++;
	}
}

bool
big_next(struct bigshop *b, struct big_order *o)
{
	while (b->day < 0 || b->today_next == b->per_day[b->day]) {
		if (b->day == BIG_DAYS - 1)
			return false;
		begin_day(b);
	}
	o->at = b->today[b->today_next++].at;
	o->no = b->no++;
	draw_customer(b, o);
	draw_touches(b, o);
	o->manager = pick(b, managers, LEN(managers), S_MANAGER, o->no, 0);
	draw_items(b, o);
	draw_sums(b, o);
	draw_events(b, o);
	o->method = pick(b, methods, LEN(methods), S_METHOD, o->no, 0);
	return true;
}

/* Visits ------------------------------------------------------------------- */

uint64_t
big_idle_visits(const struct bigshop *b, int day)
{
	return 24 * b->per_day[day];
}

struct big_touch
big_idle_visit(const struct bigshop *b, int day, uint64_t j, uint64_t *visitor)
{
	uint64_t x = (uint64_t)day * 10000000 + j;

	*visitor = 1000000000 + x;
	return (struct big_touch){
		.at = BIG_START + day * INT64_C(86400) +
		      3600 * pick(b, hours, LEN(hours), S_VISIT_HOUR, x, 0) +
		      (int64_t)big_draw(b, 3600, S_VISIT_SECOND, x, 0),
		.channel =
		    pick(b, first_touch, BIG_CHANNELS, S_VISIT_CHANNEL, x, 0),
	};
}

int64_t
big_click_cost(const struct bigshop *b, int day, int channel, uint64_t k)
{
	return click_costs[channel] *
	       (int64_t)(70 + big_draw(b, 61, S_CLICK,
				  (uint64_t)(day * 100 + channel), k)) /
	       100;
}
