/*
 * bigshop_write.c - the orders of a drawn shop as files: the tables that prove
 * the recipe, and the same orders as records and as a table for order-import.
 */
#include "bigshop.h"

#include <err.h>
#include <inttypes.h>
#include <time.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Tables ------------------------------------------------------------------- */

static FILE *
create(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if ((f = fopen(path, "w")) == NULL)
		err(1, "%s", path);
	return f;
}

static void
finish(FILE *f, const char *name)
{
	if (ferror(f) || fclose(f) != 0)
		err(1, "%s", name);
}

struct visits {
	FILE *f;
	uint64_t count;
	uint64_t clicks[BIG_DAYS][BIG_CHANNELS];
};

static void
csv_visit(struct visits *v, uint64_t visitor, const struct big_touch *t,
    uint64_t order)
{
	fprintf(v->f, "%" PRIu64 ",%" PRIu64 ",%" PRId64 ",%s,", ++v->count,
	    visitor, t->at, big_channels[t->channel]);
	if (order != 0)
		fprintf(v->f, "%" PRIu64, order);
	putc('\n', v->f);
	if (t->at >= BIG_START && t->at < BIG_END)
		v->clicks[(t->at - BIG_START) / 86400][t->channel]++;
}

static void
csv_order(FILE *f, const struct big_order *o)
{
	fprintf(f,
	    "%" PRIu64 ",%" PRId64 ",%" PRIu32 ",%d,%s,%s,%" PRId64 ",%" PRId64
	    ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%s,%s\n",
	    o->no + 1, o->at, o->customer, !o->repeat,
	    big_channels[o->touches[o->touch_count - 1].channel],
	    big_managers[o->manager], o->goods, o->discount, o->delivery,
	    o->goods - o->discount + o->delivery, o->cost,
	    big_statuses[o->events[o->event_count - 1].status],
	    big_methods[o->method]);
}

static void
csv_items(FILE *f, const struct big_order *o)
{
	int k;

	for (k = 0; k < o->item_count; k++)
		fprintf(f,
		    "%" PRIu64 ",%d,%" PRIu32 ",%d,%" PRId64 ",%" PRId64 "\n",
		    o->no + 1, k + 1, o->items[k].product + 1,
		    o->items[k].quantity, o->items[k].price, o->items[k].cost);
}

static void
csv_events(FILE *f, const struct big_order *o)
{
	int k;

	for (k = 0; k < o->event_count; k++)
		fprintf(f, "%" PRIu64 ",%d,%" PRId64 ",%s,%s,%s\n", o->no + 1,
		    k + 1, o->events[k].at,
		    k == 0 ? "" : big_statuses[o->events[k - 1].status],
		    big_statuses[o->events[k].status],
		    k == 0 ? "system" : big_managers[o->events[k].actor]);
}

static void
csv_idle_visits(struct visits *v, const struct bigshop *b, int day)
{
	uint64_t j, visitor;

	for (j = 0; j < big_idle_visits(b, day); j++) {
		struct big_touch t = big_idle_visit(b, day, j, &visitor);

		csv_visit(v, visitor, &t, 0);
	}
}

static void
csv_ad_costs(FILE *f, const struct bigshop *b, const struct visits *v)
{
	int d, c;
	uint64_t k;

	fputs("day,channel,clicks,cost\n", f);
	for (d = 0; d < BIG_DAYS; d++)
		for (c = 0; c < BIG_CHANNELS; c++) {
			time_t at = BIG_START + d * 86400 + BIG_ZONE;
			int64_t cost = 0;
			char day[16];
			struct tm tm;

			for (k = 0; k < v->clicks[d][c]; k++)
				cost += big_click_cost(b, d, c, k);
			if (cost == 0)
				continue;
			strftime(day, sizeof(day), "%Y-%m-%d",
			    gmtime_r(&at, &tm));
			fprintf(f, "%s,%s,%" PRIu64 ",%" PRId64 "\n", day,
			    big_channels[c], v->clicks[d][c], cost);
		}
}

void
big_csv(struct bigshop *b, const char *dir)
{
	FILE *orders = create(dir, "orders.csv");
	FILE *items = create(dir, "items.csv");
	FILE *events = create(dir, "status_history.csv");
	FILE *costs = create(dir, "ad_costs.csv");
	static struct visits v;
	struct big_order o;
	int k, day = 0;

	v.f = create(dir, "visits.csv");
	fputs("order_id,created_at,customer_id,is_first,channel,manager,"
	      "goods_sum,discount,delivery_sum,total,cost_sum,status,method\n",
	    orders);
	fputs("order_id,line,product_id,qty,price,cost\n", items);
	fputs("order_id,seq,ts,from_status,to_status,actor\n", events);
	fputs("visit_id,visitor_id,ts,channel,order_id\n", v.f);
	while (big_next(b, &o)) {
		while (o.at >= BIG_START + (day + 1) * INT64_C(86400))
			csv_idle_visits(&v, b, day++);
		for (k = 0; k < o.touch_count; k++)
			csv_visit(&v, o.customer, &o.touches[k], o.no + 1);
		csv_order(orders, &o);
		csv_items(items, &o);
		csv_events(events, &o);
	}
	while (day < BIG_DAYS)
		csv_idle_visits(&v, b, day++);
	csv_ad_costs(costs, b, &v);
	finish(orders, "orders.csv");
	finish(items, "items.csv");
	finish(events, "status_history.csv");
	finish(v.f, "visits.csv");
	finish(costs, "ad_costs.csv");
}

/* What a site tells of an order --------------------------------------------- */

/* Streams of our own, far from the recipe's. */
enum {
	S_NAME = 100,
	S_FAMILY,
	S_EMAIL,
	S_PHONE,
	S_CITY,
	S_STREET,
	S_HOUSE,
	S_CARD,
	S_PRODUCT_KIND,
};

/* The shop's codes, as in share/reference. */
static const char *const statuses[BIG_STATUSES] = { "new",
	"needs-clarification", "waiting-for-arrival", "availability-confirmed",
	"client-confirmed", "assembling", "delivering", "ready-for-self-pickup",
	"complete", "return", "no-call", "cancelled-by-customer",
	"already-buyed" };
static const char *const methods[] = { "shopping-cart", "one-click", "phone",
	"live-chat" };
static const char *const logins[BIG_MANAGERS] = { "anna", "boris", "vera",
	"gleb", "dina", "egor" };

static const struct mark {
	const char *source;
	const char *medium;
} marks[BIG_CHANNELS] = {
	{ NULL, NULL },
	{ "yandex", "organic" },
	{ "yandex", "cpc" },
	{ "google", "cpc" },
	{ "vk", "social" },
	{ "newsletter", "email" },
	{ "market", "aggregator" },
	{ "blog", "referral" },
};

static const struct {
	const char *text;
	const char *latin;
	bool woman;
} names[] = {
	{ "Анастасия", "anastasia", true },
	{ "Ольга", "olga", true },
	{ "Екатерина", "ekaterina", true },
	{ "Наталья", "natalia", true },
	{ "Ирина", "irina", true },
	{ "Юлия", "yulia", true },
	{ "Мария", "maria", true },
	{ "Елена", "elena", true },
	{ "Светлана", "svetlana", true },
	{ "Александр", "aleksandr", false },
	{ "Дмитрий", "dmitry", false },
	{ "Сергей", "sergey", false },
	{ "Алексей", "alexey", false },
	{ "Артём", "artem", false },
};
static const struct {
	const char *text; /* a woman's has "а" behind it */
	const char *latin;
} families[] = {
	{ "Иванов", "ivanov" },
	{ "Смирнов", "smirnov" },
	{ "Кузнецов", "kuznetsov" },
	{ "Попов", "popov" },
	{ "Васильев", "vasilev" },
	{ "Петров", "petrov" },
	{ "Соколов", "sokolov" },
	{ "Новиков", "novikov" },
	{ "Фёдоров", "fedorov" },
	{ "Морозов", "morozov" },
	{ "Волков", "volkov" },
	{ "Лебедев", "lebedev" },
	{ "Семёнов", "semenov" },
	{ "Павлов", "pavlov" },
	{ "Голубев", "golubev" },
	{ "Белов", "belov" },
};
static const char *const cities[] = { "Москва", "Санкт-Петербург", "Казань",
	"Тула", "Самара", "Пермь", "Воронеж", "Екатеринбург" };
static const char *const streets[] = { "Ленина", "Садовая", "Мира", "Лесная",
	"Гагарина", "Советская", "Набережная", "Школьная" };
static const char *const kinds[] = { "Крем", "Шампунь", "Маска", "Мыло",
	"Скраб", "Бальзам", "Лосьон", "Гель" };

#define ONE_OF(b, list, stream, i) \
	((list)[big_draw((b), LEN(list), (stream), (i), 0)])

/* The order as it is told. */
struct told {
	const struct big_order *o;
	const struct mark *mark;
	int64_t total;
	const char *delivery;
	const char *payment;
	int64_t paid_at; /* 0: it is not */
	char name[64];
	char phone[32];
	char email[64];
	char address[96];
};

static void
tell_customer(const struct bigshop *b, struct told *t)
{
	uint64_t c = t->o->customer;
	size_t name = big_draw(b, LEN(names), S_NAME, c, 0);
	size_t family = big_draw(b, LEN(families), S_FAMILY, c, 0);
	uint64_t digits = c * 387420489 % 1000000000; /* never the same twice */

	snprintf(t->name, sizeof(t->name), "%s %s%s", names[name].text,
	    families[family].text, names[name].woman ? "а" : "");
	if (big_draw(b, 20, S_PHONE, t->o->no, 0) == 0)
		snprintf(t->phone, sizeof(t->phone), "8 (9%02d) %03d-%02d-%02d",
		    (int)(digits / 10000000), (int)(digits / 10000 % 1000),
		    (int)(digits / 100 % 100), (int)(digits % 100));
	else
		snprintf(t->phone, sizeof(t->phone), "+79%09d", (int)digits);
	t->email[0] = '\0';
	if (big_draw(b, 5, S_EMAIL, c, 0) != 0)
		snprintf(t->email, sizeof(t->email), "%s.%s%" PRIu64 "@%s",
		    names[name].latin, families[family].latin, c,
		    c % 3 == 0 ? "mail.example" : "post.example");
}

static void
tell_delivery(const struct bigshop *b, struct told *t)
{
	uint64_t c = t->o->customer;
	size_t city = big_draw(b, LEN(cities), S_CITY, c, 0);
	int i;

	t->delivery = city == 0 ? "courier" : "cdek";
	for (i = 0; i < t->o->event_count; i++)
		if (t->o->events[i].status == BIG_PICKUP)
			t->delivery = "pickup-point";
	snprintf(t->address, sizeof(t->address), "%s, ул. %s, %d", cities[city],
	    ONE_OF(b, streets, S_STREET, c),
	    1 + (int)big_draw(b, 150, S_HOUSE, c, 0));
}

static void
tell(const struct bigshop *b, const struct big_order *o, struct told *t)
{
	const struct big_event *last = &o->events[o->event_count - 1];
	bool card = big_draw(b, 100, S_CARD, o->no, 0) < 60;

	t->o = o;
	t->mark = &marks[o->touches[o->touch_count - 1].channel];
	t->total = o->goods - o->discount + o->delivery;
	t->payment = card ? "bank-card" : "cash";
	t->paid_at = 0;
	if (card && last->status < BIG_RETURNED)
		t->paid_at = o->at + 120;
	else if (last->status == BIG_COMPLETED)
		t->paid_at = last->at;
	tell_customer(b, t);
	tell_delivery(b, t);
}

static const char *
status_of(const struct told *t)
{
	return statuses[t->o->events[t->o->event_count - 1].status];
}

static void
put_time(FILE *f, int64_t at)
{
	char text[32];
	time_t when = at;
	struct tm tm;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ",
	    gmtime_r(&when, &tm));
	fputs(text, f);
}

static void
put_money(FILE *f, int64_t kopecks)
{
	fprintf(f, "%s%" PRId64 ".%02d", kopecks < 0 ? "-" : "",
	    (kopecks < 0 ? -kopecks : kopecks) / 100,
	    (int)((kopecks < 0 ? -kopecks : kopecks) % 100));
}

static void
put_product(FILE *f, const struct bigshop *b, uint32_t product)
{
	fprintf(f, "%s %" PRIu32, ONE_OF(b, kinds, S_PRODUCT_KIND, product),
	    product);
}

/* Records ------------------------------------------------------------------ */

static void
json_text(FILE *f, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		fprintf(f, ",\"%s\":\"%s\"", key, text);
}

static void
json_time(FILE *f, const char *key, int64_t at)
{
	fprintf(f, ",\"%s\":\"", key);
	put_time(f, at);
	putc('"', f);
}

static void
json_charges(FILE *f, const struct big_order *o)
{
	const char *before = ",\"charges\":[";

	if (o->delivery != 0) {
		fprintf(f, "%s{\"kind\":\"delivery\",\"amount\":", before);
		put_money(f, o->delivery);
		before = "},";
	}
	if (o->discount != 0) {
		fprintf(f, "%s{\"kind\":\"discount\",\"amount\":", before);
		put_money(f, -o->discount);
	}
	if (o->delivery != 0 || o->discount != 0)
		fputs("}]", f);
}

static void
json_parts(FILE *f, const struct bigshop *b, const struct told *t)
{
	const struct big_order *o = t->o;
	int k;

	fputs(",\"items\":[", f);
	for (k = 0; k < o->item_count; k++) {
		fprintf(f, "%s{\"sku\":\"P-%06" PRIu32 "\",\"name\":\"",
		    k == 0 ? "" : ",", o->items[k].product);
		put_product(f, b, o->items[k].product);
		fprintf(f,
		    "\",\"quantity\":%d,\"price\":", o->items[k].quantity);
		put_money(f, o->items[k].price);
		putc('}', f);
	}
	putc(']', f);
	json_charges(f, o);
	fprintf(f, ",\"payments\":[{\"type\":\"%s\",\"status\":\"%s\"",
	    t->payment, t->paid_at != 0 ? "paid" : "not-paid");
	fputs(",\"amount\":", f);
	put_money(f, t->total);
	if (t->paid_at != 0)
		json_time(f, "paid_at", t->paid_at);
	fputs("}]", f);
}

static void
json_order(FILE *f, const struct bigshop *b, const struct told *t)
{
	const struct big_order *o = t->o;

	fprintf(f,
	    "{\"type\":\"order\",\"source\":\"site\",\"external_id\":\"%" PRIu64
	    "\"",
	    o->no + 1);
	json_text(f, "order_method", methods[o->method]);
	json_text(f, "status", status_of(t));
	json_text(f, "manager", logins[o->manager]);
	json_time(f, "placed_at", o->at);
	json_text(f, "currency", "RUB");
	json_text(f, "customer_name", t->name);
	json_text(f, "phone", t->phone);
	json_text(f, "email", t->email);
	json_text(f, "utm_source", t->mark->source);
	json_text(f, "utm_medium", t->mark->medium);
	json_text(f, "delivery_type", t->delivery);
	json_text(f, "delivery_address", t->address);
	fputs(",\"total\":", f);
	put_money(f, t->total);
	json_parts(f, b, t);
	fputs("}\n", f);
}

void
big_ndjson(struct bigshop *b, FILE *f)
{
	struct big_order o;
	struct told t;

	while (big_next(b, &o)) {
		tell(b, &o, &t);
		json_order(f, b, &t);
	}
}

/* The flat table, one line an item ------------------------------------------ */

static void
table_order(FILE *f, const struct told *t)
{
	const struct big_order *o = t->o;

	fprintf(f, "site,%" PRIu64 ",", o->no + 1);
	fprintf(f, "%s,%s,%s,", methods[o->method], status_of(t),
	    logins[o->manager]);
	put_time(f, o->at);
	fprintf(f, ",RUB,%s,%s,%s,%s,%s,%s,\"%s\",", t->name, t->phone,
	    t->email, t->mark->source != NULL ? t->mark->source : "",
	    t->mark->medium != NULL ? t->mark->medium : "", t->delivery,
	    t->address);
	put_money(f, t->total);
	putc(',', f);
	put_money(f, o->delivery);
	putc(',', f);
	put_money(f, o->discount);
	fprintf(f, ",%s,%s,", t->payment,
	    t->paid_at != 0 ? "paid" : "not-paid");
	put_money(f, t->total);
	putc(',', f);
	if (t->paid_at != 0)
		put_time(f, t->paid_at);
}

void
big_table(struct bigshop *b, FILE *f)
{
	struct big_order o;
	struct told t;
	int k;

	fputs("source,external_id,order_method,status,"
	      "manager,placed_at,currency,customer_name,phone,email,utm_source,"
	      "utm_medium,delivery_type,delivery_address,total,"
	      "delivery_cost,discount,payment_type,payment_status,"
	      "payment_amount,paid_at,item_sku,item_name,item_quantity,"
	      "item_price\n",
	    f);
	while (big_next(b, &o)) {
		tell(b, &o, &t);
		for (k = 0; k < o.item_count; k++) {
			table_order(f, &t);
			fprintf(f, ",P-%06" PRIu32 ",", o.items[k].product);
			put_product(f, b, o.items[k].product);
			fprintf(f, ",%d,", o.items[k].quantity);
			put_money(f, o.items[k].price);
			putc('\n', f);
		}
	}
}
