/*
 * shopgen.c - write the orders of the example shop: shopgen DIR makes
 * DIR/orders-site.ndjson and DIR/orders-phone.csv. See share/examples/README.md.
 *
 * Everything is drawn by hashing what is drawn and for whom, so a draw depends
 * on no other one, and the files are the same on every machine.
 */
#include <err.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"

#define SEED  UINT64_C(20251001)
#define START INT64_C(1759266000) /* 2025-10-01 00:00 in Minsk */
#define ZONE  INT64_C(10800)      /* Minsk is three hours ahead all year */
#define HOUR  INT64_C(3600)
#define DAY   (24 * HOUR)
#define END   (START + DAYS * DAY)

enum {
	DAYS = 152,      /* up to and with 2026-03-01 */
	SALE_FIRST = 57, /* Black Friday */
	SALE_LAST = 60,
	ORDERS = 536,
	DOUBLES_MAX = 16,
	LINES_MAX = 6,
	STEPS_MAX = 12,
	TEXT_LEN = 160,
	OPENS = 9, /* working hours, Monday to Saturday */
	CLOSES = 19,
};

/*
 * What the shop is made of. Tables that are drawn from begin with a weight.
 */

static const struct product {
	unsigned weight;
	const char *sku;
	const char *name;
	int64_t price; /* kopecks */
	int64_t cost;
	bool loose; /* sold by weight, in steps of 250 g */
} products[] = {
	{ 90, "BR-01", "Зубная щётка бамбуковая, мягкая", 690, 310, false },
	{ 60, "BR-02", "Зубная щётка бамбуковая, жёсткая", 690, 310, false },
	{ 34, "BR-03", "Набор из 4 бамбуковых щёток \"Семья\"", 2390, 1120,
	    false },
	{ 70, "SH-01", "Твёрдый шампунь \"Крапива\", 80 г", 1890, 840, false },
	{ 52, "SH-02", "Твёрдый шампунь \"Лаванда\", 80 г", 1890, 840, false },
	{ 40, "SH-03", "Твёрдый кондиционер для волос, 60 г", 2150, 990,
	    false },
	{ 48, "SP-01", "Мыло хозяйственное без отдушек, 200 г", 540, 215,
	    false },
	{ 44, "SP-02", "Мыло \"Дёготь\"; ручная работа, 100 г", 890, 380,
	    false },
	{ 38, "SP-03", "Мыло-скраб кофейное, 100 г", 990, 420, false },
	{ 64, "WB-01", "Мешочки для овощей, 5 шт.", 1990, 780, false },
	{ 50, "WB-02", "Сумка-авоська хлопковая", 1490, 590, false },
	{ 36, "WB-03", "Шопер из небелёного льна", 2890, 1350, false },
	{ 42, "WX-01", "Восковые салфетки, набор 3 шт.", 3290, 1480, false },
	{ 20, "WX-02", "Восковая салфетка для хлеба, 50x50", 2490, 1150,
	    false },
	{ 46, "BT-01", "Бутылка стеклянная 0,5 л в чехле", 3490, 1790, false },
	{ 30, "BT-02", "Термокружка стальная 350 мл", 5990, 3250, false },
	{ 22, "BT-03", "Термос стальной 0,75 л", 8990, 5100, false },
	{ 28, "LB-01", "Ланч-бокс стальной, два отделения", 7490, 4100, false },
	{ 18, "LB-02", "Ланч-бокс из бамбукового волокна", 3990, 1990, false },
	{ 56, "CL-01", "Стиральный порошок без фосфатов, 1 кг", 1690, 880,
	    false },
	{ 48, "CL-02", "Гель для посуды \"Цитрус\", 1 л", 1290, 610, false },
	{ 32, "CL-03", "Сода кальцинированная, 1 кг", 450, 190, false },
	{ 30, "CL-04", "Лимонная кислота пищевая, 500 г", 590, 260, false },
	{ 26, "CL-05", "Щётка для посуды, сменная головка", 1190, 520, false },
	{ 24, "CL-06", "Губка из люфы, 3 шт.", 990, 400, false },
	{ 40, "FD-01", "Гречка зелёная, на развес, кг", 890, 520, true },
	{ 34, "FD-02", "Миндаль сырой, на развес, кг", 4290, 3050, true },
	{ 30, "FD-03", "Кофе в зёрнах \"Эфиопия\", на развес, кг", 7950, 5400,
	    true },
	{ 28, "FD-04", "Иван-чай ферментированный, 100 г", 1250, 560, false },
	{ 22, "FD-05", "Мёд липовый, 500 г", 2190, 1300, false },
	{ 26, "CR-01", "Дезодорант-кристалл, 60 г", 1590, 690, false },
	{ 22, "CR-02", "Крем для рук \"Овёс\", 50 мл", 1450, 640, false },
	{ 18, "CR-03", "Бальзам для губ в картонном тубусе", 850, 330, false },
	{ 16, "CR-04", "Масло жожоба, 50 мл", 2990, 1650, false },
	{ 20, "RZ-01", "Станок для бритья металлический", 4590, 2300, false },
	{ 14, "RZ-02", "Лезвия сменные, 10 шт.", 790, 290, false },
	{ 16, "KD-01", "Многоразовые подгузники, комплект", 11900, 6900,
	    false },
	{ 12, "KD-02", "Деревянный конструктор \"Хутор\"", 6490, 3550, false },
	{ 14, "GF-01", "Подарочный набор \"Первый шаг\"", 5490, 2800, false },
	{ 8, "GF-02", "Подарочный набор \"Чистый дом\"", 13900, 7600, false },
};

static const struct given {
	const char *name;
	const char *latin;
	bool female;
} givens[] = {
	{ "Анастасия", "Anastasia", true },
	{ "Ольга", "Olga", true },
	{ "Екатерина", "Ekaterina", true },
	{ "Наталья", "Natalia", true },
	{ "Татьяна", "Tatiana", true },
	{ "Ирина", "Irina", true },
	{ "Юлия", "Yulia", true },
	{ "Дарья", "Daria", true },
	{ "Мария", "Maria", true },
	{ "Алеся", "Alesia", true },
	{ "Ксения", "Ksenia", true },
	{ "Елена", "Elena", true },
	{ "Полина", "Polina", true },
	{ "Светлана", "Svetlana", true },
	{ "Александр", "Aliaksandr", false },
	{ "Дмитрий", "Dmitry", false },
	{ "Сергей", "Siarhei", false },
	{ "Алексей", "Alexey", false },
	{ "Павел", "Pavel", false },
	{ "Артём", "Artsiom", false },
};

static const struct family {
	const char *male;
	const char *female;
	const char *latin;
} families[] = {
	{ "Ковальчук", "Ковальчук", "Kavalchuk" },
	{ "Иванов", "Иванова", "Ivanov" },
	{ "Новик", "Новик", "Novik" },
	{ "Мороз", "Мороз", "Moroz" },
	{ "Козлов", "Козлова", "Kazlou" },
	{ "Савицкий", "Савицкая", "Savitski" },
	{ "Климович", "Климович", "Klimovich" },
	{ "Жук", "Жук", "Zhuk" },
	{ "Бондаренко", "Бондаренко", "Bandarenka" },
	{ "Петрович", "Петрович", "Petrovich" },
	{ "Лукашевич", "Лукашевич", "Lukashevich" },
	{ "Шевчук", "Шевчук", "Shauchuk" },
	{ "Соловьёв", "Соловьёва", "Salauyou" },
	{ "Карпович", "Карпович", "Karpovich" },
	{ "Гончар", "Гончар", "Hanchar" },
	{ "Василевский", "Василевская", "Vasileuski" },
	{ "Якубович", "Якубович", "Yakubovich" },
	{ "Левченко", "Левченко", "Levchenko" },
};

static const struct city {
	unsigned weight;
	const char *name;
	const char *region;
	const char *postcode;
	bool abroad;
} cities[] = {
	{ 58, "Минск", NULL, "220030", false },
	{ 9, "Гомель", "Гомельская", "246050", false },
	{ 8, "Брест", "Брестская", "224030", false },
	{ 7, "Гродно", "Гродненская", "230023", false },
	{ 6, "Витебск", "Витебская", "210015", false },
	{ 6, "Могилёв", "Могилёвская", "212030", false },
	{ 3, "Барановичи", "Брестская", "225401", false },
	{ 2, "Смоленск", "Смоленская", "214000", true },
	{ 3, "Москва", NULL, "101000", true },
};

static const char *const streets[] = { "ул. Советская", "ул. Ленина",
	"пр. Независимости", "ул. Я. Коласа", "ул. М. Богдановича",
	"ул. Садовая", "ул. Пушкина", "пер. Зелёный", "ул. Кирова",
	"ул. Притыцкого" };

/*
 * How an order gets to its customer. Minsk has the first three to choose from,
 * other towns the last two, other countries the last one.
 */
static const struct delivery {
	unsigned weight;
	const char *code;
	const char *name; /* as the telephone sheet has it */
	int64_t price;    /* of the customer, while the goods are below free */
	int64_t free;
	int64_t net; /* of the shop */
	const char *tracking;
	unsigned days; /* on the way, at least; and how many more at most */
	unsigned more;
} deliveries[] = {
	{ 45, "courier", "курьер", 700, 12000, 850, NULL, 0, 2 },
	{ 28, "self-delivery", "самовывоз", 0, 0, 0, NULL, 0, 5 },
	{ 34, "evropochta", "Европочта", 490, 15000, 520, "BY080#########", 2,
	    4 },
	{ 22, "belpochta", "Белпочта", 550, 15000, 610, "PC#########BY", 3, 6 },
};
enum { COURIER = 0, PICKUP = 1, EUROPOST = 2, POST = 3 };
#define ABROAD_PRICE INT64_C(1800)
#define ABROAD_NET   INT64_C(2140)

/* Who works how fast (percent of the usual time), and how often in vain. */
static const struct manager {
	unsigned weight;
	const char *login;
	const char *name;
	unsigned pace;
	unsigned loses; /* percent of the usual share of lost orders */
} managers[] = {
	{ 34, "vera", "Вера", 80, 75 },
	{ 28, "boris", "Борис", 100, 100 },
	{ 24, "anna", "Анна", 95, 90 },
	{ 14, "oleg", "Олег", 175, 160 },
};
static const char *const couriers[] = { "sergei", "pavel" };

/* The way of an order: minutes until it comes to a status, by the median. */
enum way { ALWAYS, FIRST_PURCHASE, SOMETIMES, SHIPPED, COLLECTED };
static const struct stage {
	const char *status;
	const char *name; /* as the telephone sheet has it */
	unsigned minutes;
	enum way when;
} stages[] = {
	{ "new", "новый", 0, ALWAYS },
	{ "availability-confirmed", "есть в наличии", 75, ALWAYS },
	{ "waiting-for-arrival", "ждём товар", 240, SOMETIMES },
	{ "client-confirmed", "согласован", 70, FIRST_PURCHASE },
	{ "send-to-assembling", "на сборку", 50, ALWAYS },
	{ "assembling", "собирается", 90, ALWAYS },
	{ "assembling-complete", "собран", 60, ALWAYS },
	{ "send-to-delivery", "отдан в доставку", 120, SHIPPED },
	{ "delivering", "в пути", 200, SHIPPED },
	{ "ready-for-self-pickup", "ждёт в магазине", 30, COLLECTED },
	{ "complete", "выполнен", 240, ALWAYS },
};
enum {
	NEW = 0,
	AVAILABLE = 1,
	AWAITED = 2,
	AGREED = 3,
	ASSEMBLING = 5,
	ON_THE_WAY = 8,
	COMPLETE = 10
};

/* How an order ends: after the last stage when status is NULL. */
static const struct ending {
	unsigned weight;
	int after; /* the stage it leaves */
	const char *status;
	const char *name;
	const char *reason;
} endings[] = {
	{ 780, COMPLETE, NULL, NULL, NULL },
	{ 34, NEW, "no-call", "недозвон", "не отвечает третий день" },
	{ 22, NEW, "cancelled-by-customer", "отказ", "передумал" },
	{ 24, NEW, "no-product", "нет в наличии", "снято с производства" },
	{ 20, AVAILABLE, "prices-did-not-suit", "дорого", "нашёл дешевле" },
	{ 22, AVAILABLE, "already-buyed", "купил не у нас",
	    "купил в магазине у дома" },
	{ 18, AGREED, "delyvery-did-not-suit", "не устроила доставка",
	    "нужно сегодня, а курьер завтра" },
	{ 12, ASSEMBLING, "no-product", "нет в наличии", "брак на складе" },
	{ 30, ON_THE_WAY, "return", "возврат", "не пришли за заказом" },
	{ 14, COMPLETE, "return", "возврат", "товар не подошёл" },
};
static const struct ending double_ending = { 0, NEW, "cancel-other", "отменён",
	"дубль заказа с сайта" };

static const struct channel {
	unsigned weight;    /* first purchases */
	const char *source; /* NULL: came by itself */
	const char *medium;
	const char *campaign;
} channels[] = {
	{ 30, NULL, NULL, NULL },
	{ 18, "google", "organic", NULL },
	{ 16, "google", "cpc", "eco-search" },
	{ 14, "yandex", "cpc", "eco-search" },
	{ 12, "instagram", "social", "stories" },
	{ 6, "telegram", "social", "channel" },
	{ 4, "vk", "social", "group" },
};
/* Second purchases come otherwise. */
static const struct channel returning[] = {
	{ 46, NULL, NULL, NULL },
	{ 36, "newsletter", "email", "monthly" },
	{ 10, "telegram", "social", "channel" },
	{ 8, "google", "organic", NULL },
};

static const char *const wishes[] = {
	"Домофон не работает; позвоните за 10 минут",
	"Пожалуйста, без пластика внутри!",
	"Оставить у соседей, кв. 12",
	"Подъезд со двора,\nкод 38в",
	"Нужен чек \"для бухгалтерии\"",
	"Please call in English, thank you",
	"Если нет мягкой щётки; замените на жёсткую",
};
static const char *const remarks[] = {
	"Звонила дважды, вечером трубку берут.",
	"Просит предупредить, когда появится миндаль.",
	"Договорились на замену без доплаты.",
	"Адрес уточнён: вход с торца.",
	"Постоянный клиент, положить пробник мыла.",
};
static const char *const windows[][2] = { { "10:00", "14:00" },
	{ "14:00", "18:00" }, { "18:00", "21:00" } };

/* An order ------------------------------------------------------------------ */

struct line {
	const struct product *product;
	int64_t quantity; /* 1/1000 */
	int64_t discount;
	int64_t sum;
};

struct step {
	int64_t at;
	const char *status;
	const char *name;
	const char *actor;
};

struct order {
	unsigned i; /* what its draws are made for */
	char no[16];
	bool phone;
	bool is_double;
	int64_t at;
	unsigned customer;
	unsigned nth; /* how many the customer had before */
	const struct manager *manager;
	const struct city *city;
	const struct delivery *delivery;
	struct line lines[LINES_MAX];
	unsigned line_count;
	int64_t goods;
	int64_t delivery_price;
	int64_t discount; /* of the order, negative */
	const char *discount_name;
	const char *coupon;
	int64_t total;
	const struct ending *ending;
	struct step steps[STEPS_MAX];
	unsigned step_count;
	bool card;
	int64_t paid_at; /* 0: not yet */
};

struct person {
	char name[TEXT_LEN];
	char email[TEXT_LEN]; /* empty: none */
	const char *code;     /* of the telephone network */
	unsigned number;      /* six digits after a 0: given to nobody */
	bool abroad;
};

/* 0..n-1, for the k-th draw of `what` for i. */
static unsigned
draw(const char *what, unsigned i, unsigned k, unsigned n)
{
	uint64_t h = hash_str(what, SEED);

	h = hash_bytes("", 0, h + i);
	h = hash_bytes("", 0, h + k);
	return (unsigned)((h >> 32) * n >> 32);
}

static bool
chance(const char *what, unsigned i, unsigned percent)
{
	return draw(what, i, 0, 100) < percent;
}

static unsigned
weight_of(const void *rows, size_t size, size_t j)
{
	unsigned w;

	memcpy(&w, (const char *)rows + j * size, sizeof(w));
	return w;
}

/* An index into rows that each begin with their weight. */
static size_t
pick(const void *rows, size_t count, size_t size, const char *what, unsigned i,
    unsigned k)
{
	unsigned sum = 0, u;
	size_t j;

	for (j = 0; j < count; j++)
		sum += weight_of(rows, size, j);
	u = draw(what, i, k, sum);
	for (j = 0; u >= weight_of(rows, size, j); j++)
		u -= weight_of(rows, size, j);
	return j;
}
#define PICK(rows, what, i, k) \
	pick((rows), ARRAY_LEN(rows), sizeof((rows)[0]), (what), (i), (k))
#define INDEXED(rows, what, i) (&(rows)[PICK(rows, what, i, 0)])
#define ONE_OF(list, what, i)  ((list)[draw((what), (i), 0, ARRAY_LEN(list))])

/* a / b, half away from zero. */
static int64_t
divide(int64_t a, int64_t b)
{
	return (a + (a < 0 ? -b : b) / 2) / b;
}

static const struct city *
city_of(unsigned customer)
{
	return INDEXED(cities, "city", customer);
}

static void
person_get(unsigned c, struct person *p)
{
	static const char *const codes[] = { "29", "33", "44", "25" };
	static const char *const hosts[] = { "example.com", "example.org",
		"example.net" };
	const struct given *g = &ONE_OF(givens, "given", c);
	const struct family *f = &ONE_OF(families, "family", c);

	/* A bijection of six digits, so that no two customers share one. */
	p->number = (c * 7919 + 104729) % 1000000;
	p->code = ONE_OF(codes, "network", c);
	p->abroad = city_of(c)->abroad;
	if (chance("latin name", c, 12))
		snprintf(p->name, sizeof(p->name), "%s %s", g->latin, f->latin);
	else
		snprintf(p->name, sizeof(p->name), "%s %s", g->name,
		    g->female ? f->female : f->male);
	p->email[0] = '\0';
	if (chance("has e-mail", c, 80))
		snprintf(p->email, sizeof(p->email), "%s.%s%u@%s", g->latin,
		    f->latin, c, ONE_OF(hosts, "host", c));
}

/* The form with each # replaced by the next digit. */
static void
fill(const char *form, const char *digits, char s[static TEXT_LEN])
{
	for (; *form != '\0'; form++, s++) {
		*s = *form;
		if (*form == '#')
			*s = *digits++;
	}
	*s = '\0';
}

/* The customer's phone as it was typed this time. */
static void
phone_typed(const struct person *p, unsigned order, char s[static TEXT_LEN])
{
	static const char *const forms[] = { "+375 (##) ###-##-##",
		"+375#########", "80#########", "8 (0##) ###-##-##",
		"375#########", "## ### ## ##", "+375-##-###-##-##",
		"00375 ## ### ## ##" };
	const char *form =
	    p->abroad ? "+7 9## ###-##-##" : ONE_OF(forms, "phone form", order);
	char digits[16];

	snprintf(digits, sizeof(digits), "%s0%06u", p->code, p->number);
	fill(form, digits, s);
}

/* The first moment of work at or after t. */
static int64_t
working(int64_t t)
{
	int64_t day = (t + ZONE) / DAY, second = (t + ZONE) % DAY;

	if (second >= CLOSES * HOUR) {
		day++;
		second = OPENS * HOUR + second % (HOUR / 2);
	} else if (second < OPENS * HOUR) {
		second = OPENS * HOUR + second % (HOUR / 2);
	}
	if (day % 7 == 3) { /* 1970-01-01 was a Thursday: a Sunday */
		day++;
		second = OPENS * HOUR + second % HOUR;
	}
	return day * DAY + second - ZONE;
}

/* Orders of a day, as weights: the season, the sale, the New Year, the week. */
static unsigned
day_weight(unsigned day)
{
	static const unsigned week[7] = { 84, 108, 112, 102, 100, 104, 96 };
	unsigned w = (1000 + 2 * day) * week[(day + 5) % 7] / 100;

	if (day >= SALE_FIRST && day <= SALE_LAST)
		return w * 2;
	if (day >= 68 && day <= 84)
		return w * 14 / 10;
	if (day >= 91 && day <= 98)
		return w * 4 / 10;
	return w;
}

static int
order_compare(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

/* When orders are placed and through which door, in the order of time. */
static void
place_orders(struct order *orders)
{
	static const unsigned hours[24] = { 4, 2, 1, 1, 1, 2, 8, 20, 38, 56, 64,
		66, 68, 64, 60, 58, 60, 64, 70, 78, 84, 80, 56, 20 };
	unsigned day, total = 0, before = 0, i = 0;

	for (day = 0; day < DAYS; day++)
		total += day_weight(day);
	for (day = 0; day < DAYS; day++) {
		before += day_weight(day);
		for (; i < (unsigned)((uint64_t)ORDERS * before / total); i++) {
			struct order *o = &orders[i];

			o->i = i;
			o->at = START + day * DAY +
				(int64_t)PICK(hours, "hour", i, 0) * HOUR +
				draw("second", i, 0, HOUR);
			o->phone =
			    chance("by phone", i, 19) && working(o->at) < END;
			if (o->phone)
				o->at = working(o->at);
		}
	}
	qsort(orders, ORDERS, sizeof(*orders), order_compare);
}

/*
 * Who orders: often one of those who did before, so that a few come very often,
 * but nobody twice within four days.
 */
static void
give_customers(struct order *orders)
{
	unsigned p, q, newest = 0;

	for (p = 0; p < ORDERS; p++) {
		struct order *o = &orders[p];
		int64_t last = 0;

		if (p >= 30 && chance("comes again", o->i, 50))
			o->customer =
			    orders[draw("which", o->i, 0, p)].customer;
		for (q = 0; q < p; q++)
			if (orders[q].customer == o->customer) {
				o->nth++;
				last = orders[q].at;
			}
		if (o->nth == 0 || o->at < last + 4 * DAY) {
			o->customer = ++newest;
			o->nth = 0;
		}
	}
}

static void
add_line(struct order *o, unsigned k)
{
	static const unsigned counts[] = { 820, 110, 30, 26, 8, 6 };
	const struct product *p = &products[PICK(products, "product", o->i, k)];
	struct line *l = &o->lines[o->line_count];
	int64_t day = (o->at - START) / DAY;
	unsigned i;

	for (i = 0; i < o->line_count; i++)
		if (o->lines[i].product == p)
			return;
	l->product = p;
	l->quantity =
	    p->loose ? 250 * (1 + (int64_t)draw("weight", o->i, k, 6)) :
		       1000 * (1 + (int64_t)PICK(counts, "quantity", o->i, k));
	l->sum = divide(p->price * l->quantity, 1000);
	if (day >= SALE_FIRST && day <= SALE_LAST)
		l->discount = divide(l->sum * 15, 100);
	else if (draw("offer", o->i, k, 100) < 6)
		l->discount = divide(l->sum * 10, 100);
	l->sum -= l->discount;
	o->goods += l->sum;
	o->line_count++;
}

static void
fill_basket(struct order *o)
{
	static const unsigned lines[LINES_MAX] = { 34, 28, 18, 11, 6, 3 };
	const struct delivery *d = o->delivery;
	unsigned k, wanted = 1 + (unsigned)PICK(lines, "lines", o->i, 0);

	for (k = 0; k < wanted; k++)
		add_line(o, k);
	if (o->nth == 0 && !o->phone && chance("coupon", o->i, 16)) {
		o->coupon = "ECO10";
		o->discount_name = "Промокод ECO10";
		o->discount = -divide(o->goods * 10, 100);
	} else if (o->nth >= 3) {
		o->discount_name = "Скидка постоянного клиента";
		o->discount = -divide(o->goods * 5, 100);
	}
	if (o->city->abroad)
		o->delivery_price = ABROAD_PRICE;
	else if (o->goods < d->free)
		o->delivery_price = d->price;
	o->total = o->goods + o->discount + o->delivery_price;
}

static const struct delivery *
choose_delivery(const struct order *o)
{
	size_t first = EUROPOST, count = 2;

	if (o->city == &cities[0]) {
		first = COURIER;
		count = 3;
	} else if (o->city->abroad) {
		first = POST;
		count = 1;
	}
	return deliveries + first +
	       pick(deliveries + first, count, sizeof(deliveries[0]),
		   "delivery", o->i, 0);
}

/* The manager who loses more orders draws more of the endings that lose one. */
static const struct ending *
choose_ending(const struct order *o)
{
	struct ending e[ARRAY_LEN(endings)];
	size_t i;

	memcpy(e, endings, sizeof(e));
	for (i = 1; i < ARRAY_LEN(e); i++)
		e[i].weight *= o->manager->loses;
	e[0].weight *= 100;
	return &endings[PICK(e, "ending", o->i, 0)];
}

static bool
goes_through(const struct order *o, enum way when)
{
	switch (when) {
	case ALWAYS:
		return true;
	case FIRST_PURCHASE: /* those who bought before are not called */
		return o->nth == 0;
	case SOMETIMES:
		return chance("waits for goods", o->i, 7);
	case SHIPPED:
		return o->delivery != &deliveries[PICKUP];
	case COLLECTED:
		return o->delivery == &deliveries[PICKUP];
	}
	return false;
}

/* How long a step took: a median of `minutes`, sometimes very much longer. */
static int64_t
duration(const struct order *o, unsigned minutes, unsigned k)
{
	static const unsigned percent[] = { 12, 30, 55, 80, 100, 130, 190, 320,
		700 };

	return (int64_t)minutes * 60 * ONE_OF(percent, "pace", o->i * 16 + k) /
		   100 * o->manager->pace / 100 +
	       draw("seconds", o->i, k, 60);
}

static bool
add_step(struct order *o, int64_t at, const char *status, const char *name,
    const char *actor)
{
	if (at >= END)
		return false; /* it has not happened yet */
	o->steps[o->step_count++] = (struct step){ at, status, name, actor };
	return true;
}

/* Take the order through its statuses until its ending or the last day. */
static void
live(struct order *o)
{
	int64_t at = o->at;
	unsigned k, last = 0;

	for (k = 0; k < ARRAY_LEN(stages); k++) {
		const struct stage *s = &stages[k];
		const char *actor = o->manager->login;
		unsigned days = 0;

		if (!goes_through(o, s->when))
			continue;
		if (k == NEW)
			actor = o->phone ? actor : "site";
		else
			at = working(at + duration(o, s->minutes, k));
		if (k == COMPLETE)
			days = o->delivery->days +
			       draw("way", o->i, 0, o->delivery->more);
		else if (last == AWAITED)
			days = 2 + draw("wait", o->i, 0, 6);
		if (days != 0)
			at = working(at + DAY * days);
		if (!add_step(o, at, s->status, s->name, actor))
			return;
		last = k;
		if (o->ending->status != NULL && (int)k >= o->ending->after)
			break;
	}
	if (o->ending->status != NULL)
		(void)add_step(o, working(at + duration(o, 900, k)),
		    o->ending->status, o->ending->name, o->manager->login);
}

static const char *
order_status(const struct order *o)
{
	return o->steps[o->step_count - 1].status;
}

static int64_t
changed_at(const struct order *o)
{
	return o->steps[o->step_count - 1].at;
}

static bool
has_passed(const struct order *o, const char *status)
{
	unsigned k;

	for (k = 0; k < o->step_count; k++)
		if (strcmp(o->steps[k].status, status) == 0)
			return true;
	return false;
}

/* Did it come to the end that loses it? */
static bool
is_lost(const struct order *o)
{
	return o->ending->status != NULL &&
	       strcmp(order_status(o), o->ending->status) == 0;
}

static void
pay(struct order *o)
{
	unsigned k;

	o->card = !o->is_double && chance("by card", o->i, o->phone ? 15 : 58);
	if (o->card && !o->phone)
		o->paid_at = o->at + 60 + draw("paid", o->i, 0, 600);
	for (k = 0; o->paid_at == 0 && k < o->step_count; k++)
		if (strcmp(o->steps[k].status, "complete") == 0)
			o->paid_at = o->steps[k].at;
}

static void
make_order(struct order *o)
{
	o->manager = INDEXED(managers, "manager", o->i);
	o->city = city_of(o->customer);
	o->delivery = choose_delivery(o);
	o->ending = choose_ending(o);
	fill_basket(o);
	live(o);
	pay(o);
}

/*
 * Some who ordered on the site telephone as well, to be sure. Somebody notices
 * the next day, except for the last days'.
 */
static unsigned
add_doubles(struct order *orders)
{
	unsigned p, n = ORDERS;

	for (p = 0; p < ORDERS && n < ORDERS + DOUBLES_MAX; p++) {
		struct order *d = &orders[n];

		if (orders[p].phone || orders[p].city->abroad ||
		    working(orders[p].at) != orders[p].at ||
		    !chance("asks by phone", orders[p].i, 4))
			continue;
		*d = orders[p];
		d->i = n++;
		d->phone = d->is_double = true;
		d->at += 180 + draw("rings after", d->i, 0, 1200);
		d->nth++;
		d->paid_at = 0;
		d->manager = INDEXED(managers, "manager", d->i);
		d->ending = &double_ending;
		d->step_count = 0;
		live(d);
		pay(d);
		if (d->at >= END - 3 * DAY)
			d->step_count = 1;
	}
	return n;
}

static void
give_numbers(struct order *orders, unsigned count)
{
	unsigned p, site = 1000, phone = 0;

	for (p = 0; p < count; p++)
		if (orders[p].phone)
			snprintf(orders[p].no, sizeof(orders[p].no), "T-%03u",
			    ++phone);
		else
			snprintf(orders[p].no, sizeof(orders[p].no), "%u",
			    ++site);
}

/* Writing ------------------------------------------------------------------- */

static void
put_amount(FILE *f, int64_t minor, char mark)
{
	uint64_t u = (uint64_t)(minor < 0 ? -minor : minor);

	fprintf(f, "%s%" PRIu64 "%c%02" PRIu64, minor < 0 ? "-" : "", u / 100,
	    mark, u % 100);
}

static void
put_quantity(FILE *f, int64_t thousandths, char mark)
{
	fprintf(f, "%" PRId64, thousandths / 1000);
	if (thousandths % 1000 != 0)
		fprintf(f, "%c%02" PRId64, mark, thousandths % 1000 / 10);
}

/* The parts of a time as they are in a zone ahead of UTC. */
static struct tm
parts_of(int64_t at, int64_t ahead)
{
	time_t t = (time_t)(at + ahead);
	struct tm tm;

	gmtime_r(&t, &tm);
	return tm;
}

/* "2025-11-22T07:00:00Z", quoted for JSON. */
static void
put_time(FILE *f, int64_t at)
{
	struct tm tm = parts_of(at, 0);
	char s[TEXT_LEN];

	strftime(s, sizeof(s), "\"%Y-%m-%dT%H:%M:%SZ\"", &tm);
	fputs(s, f);
}

static void
json_string(FILE *f, const char *s)
{
	putc('"', f);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', f);
		if (*s == '\n')
			fputs("\\n", f);
		else
			putc(*s, f);
	}
	putc('"', f);
}

/* A further member of an object; none when there is no value. */
static void
json_text(FILE *f, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	fprintf(f, ",\"%s\":", name);
	json_string(f, value);
}

static void
json_amount(FILE *f, const char *name, int64_t minor)
{
	fprintf(f, ",\"%s\":", name);
	put_amount(f, minor, '.');
}

static void
json_time(FILE *f, const char *name, int64_t at)
{
	fprintf(f, ",\"%s\":", name);
	put_time(f, at);
}

static void
site_customer(FILE *f, const struct order *o, bool one_click)
{
	struct person p;
	char phone[TEXT_LEN], id[16];

	person_get(o->customer, &p);
	phone_typed(&p, o->i, phone);
	if (!one_click && !chance("guest", o->customer, 25)) {
		snprintf(id, sizeof(id), "c%u", o->customer);
		json_text(f, "customer_external_id", id);
	}
	json_text(f, "customer_name", p.name);
	/* Some leave no phone, when there is an e-mail; one-click asks for it. */
	if (one_click || p.email[0] == '\0' || !chance("no phone", o->i, 4))
		json_text(f, "phone", phone);
	if (!one_click)
		json_text(f, "email", p.email);
	if (chance("wishes", o->i, 14))
		json_text(f, "customer_comment", ONE_OF(wishes, "wish", o->i));
	fprintf(f, ",\"call_wanted\":%s",
	    o->nth == 0 || chance("call me", o->i, 15) ? "true" : "false");
}

static void
site_channel(FILE *f, const struct order *o)
{
	const struct channel *c = o->nth == 0 ?
				      INDEXED(channels, "channel", o->i) :
				      INDEXED(returning, "channel", o->i);

	json_text(f, "coupon", o->coupon);
	json_text(f, "utm_source", c->source);
	json_text(f, "utm_medium", c->medium);
	json_text(f, "utm_campaign", c->campaign);
}

/* Street, house and flat, or the office of Evropochta. */
static void
address(const struct order *o, char s[static TEXT_LEN])
{
	if (o->delivery == &deliveries[EUROPOST])
		snprintf(s, TEXT_LEN, "отделение Европочты № %u",
		    1 + draw("office", o->customer, 0, 90));
	else
		snprintf(s, TEXT_LEN, "%s, д. %u, кв. %u",
		    ONE_OF(streets, "street", o->customer),
		    1 + draw("building", o->customer, 0, 120),
		    1 + draw("flat", o->customer, 0, 160));
}

static void
site_delivery(FILE *f, const struct order *o)
{
	const struct delivery *d = o->delivery;
	const char *const *window = ONE_OF(windows, "window", o->i);
	char s[TEXT_LEN], digits[16];
	struct tm tm;

	json_text(f, "delivery_type", d->code);
	if (d == &deliveries[COURIER]) {
		tm = parts_of(working(
				  o->at + DAY * (1 + draw("on", o->i, 0, 3))),
		    ZONE);
		strftime(s, sizeof(s), "%Y-%m-%d", &tm);
		json_text(f, "delivery_on", s);
		json_text(f, "delivery_from", window[0]);
		json_text(f, "delivery_to", window[1]);
	}
	if (has_passed(o, "send-to-delivery") && d->tracking == NULL)
		json_text(f, "courier", ONE_OF(couriers, "courier", o->i));
	if (has_passed(o, "send-to-delivery") && d->tracking != NULL) {
		snprintf(digits, sizeof(digits), "%09u",
		    draw("tracking", o->i, 0, 1000000000));
		fill(d->tracking, digits, s);
		json_text(f, "tracking_no", s);
	}
	if (d == &deliveries[PICKUP])
		return;
	json_amount(f, "delivery_net", o->city->abroad ? ABROAD_NET : d->net);
	json_text(f, "delivery_country", o->city->abroad ? "RU" : "BY");
	json_text(f, "delivery_region", o->city->region);
	json_text(f, "delivery_city", o->city->name);
	json_text(f, "delivery_postcode", o->city->postcode);
	address(o, s);
	json_text(f, "delivery_address", s);
}

static void
site_items(FILE *f, const struct order *o)
{
	unsigned k;

	fputs(",\"items\":[", f);
	for (k = 0; k < o->line_count; k++) {
		const struct line *l = &o->lines[k];

		fprintf(f, "%s{\"sku\":\"%s\"", k == 0 ? "" : ",",
		    l->product->sku);
		json_text(f, "name", l->product->name);
		fputs(",\"quantity\":", f);
		put_quantity(f, l->quantity, '.');
		json_amount(f, "price", l->product->price);
		if (l->discount != 0)
			json_amount(f, "discount", l->discount);
		json_amount(f, "purchase_price", l->product->cost);
		putc('}', f);
	}
	fputs("],\"charges\":[", f);
	if (o->delivery_price != 0) {
		fputs("{\"kind\":\"delivery\"", f);
		json_amount(f, "amount", o->delivery_price);
		putc('}', f);
	}
	if (o->discount != 0) {
		fprintf(f, "%s{\"kind\":\"discount\"",
		    o->delivery_price != 0 ? "," : "");
		json_text(f, "name", o->discount_name);
		json_amount(f, "amount", o->discount);
		putc('}', f);
	}
	putc(']', f);
}

static void
site_refund(FILE *f, const struct order *o, int64_t amount, const char *reason)
{
	fprintf(f, ",\"refunds\":[{\"external_id\":\"r%s\"", o->no);
	json_amount(f, "amount", amount);
	json_time(f, "refunded_at", changed_at(o) + 600);
	json_text(f, "reason", reason);
	fputs("}]", f);
}

/* What came is given back: all of it, the goods alone after a return, or a
 * line that came broken. */
static void
site_money(FILE *f, const struct order *o)
{
	fprintf(f, ",\"payments\":[{\"external_id\":\"p%s\"", o->no);
	json_text(f, "type", o->card ? "bank-card" : "cash");
	json_text(f, "status", o->paid_at != 0 ? "paid" : "not-paid");
	json_amount(f, "amount", o->total);
	if (o->paid_at != 0)
		json_time(f, "paid_at", o->paid_at);
	fputs("}]", f);
	if (o->paid_at == 0)
		return;
	if (is_lost(o))
		site_refund(f, o,
		    has_passed(o, "send-to-delivery") ? o->goods + o->discount :
							o->total,
		    o->ending->reason);
	else if (strcmp(order_status(o), "complete") == 0 &&
		 chance("broken", o->i, 4))
		site_refund(f, o, o->lines[0].sum, "повреждено в пути");
}

static void
site_extras(FILE *f, const struct order *o)
{
	static const char *const found[] = { "friend", "search", "instagram",
		"fair" };
	bool gift = chance("gift", o->i, 7);
	bool told = o->nth == 0 && chance("told", o->i, 30);

	if (gift || told) {
		fputs(",\"custom\":{", f);
		if (gift)
			fputs("\"gift_wrap\":true", f);
		if (told)
			fprintf(f, "%s\"found_us\":\"%s\"", gift ? "," : "",
			    ONE_OF(found, "found", o->i));
		putc('}', f);
	}
	if (o->step_count > 1 && chance("remark", o->i, 8)) {
		fputs(",\"notes\":[{\"at\":", f);
		put_time(f, o->steps[1].at);
		json_text(f, "actor", o->manager->login);
		json_text(f, "text", ONE_OF(remarks, "what remark", o->i));
		fputs("}]", f);
	}
}

static void
site_history(FILE *f, const struct order *o)
{
	unsigned k;

	fputs(",\"history\":[", f);
	for (k = 0; k < o->step_count; k++) {
		const struct step *s = &o->steps[k];

		fprintf(f, "%s{\"at\":", k == 0 ? "" : ",");
		put_time(f, s->at);
		json_text(f, "actor", s->actor);
		fputs(",\"field\":\"status\",\"old\":", f);
		if (k == 0)
			fputs("null", f);
		else
			json_string(f, s[-1].status);
		json_text(f, "new", s->status);
		putc('}', f);
	}
	putc(']', f);
}

static void
write_site(FILE *f, const struct order *o)
{
	bool one_click = chance("one click", o->i, 14);

	fprintf(f,
	    "{\"type\":\"order\",\"source\":\"site\",\"external_id\":\"%s\"",
	    o->no);
	json_time(f, "source_updated_at", changed_at(o));
	json_text(f, "order_method", one_click ? "one-click" : "shopping-cart");
	json_text(f, "status", order_status(o));
	if (is_lost(o))
		json_text(f, "status_reason", o->ending->reason);
	if (o->step_count > 1)
		json_text(f, "manager", o->manager->login);
	json_time(f, "placed_at", o->at);
	json_text(f, "currency", "BYN");
	site_customer(f, o, one_click);
	site_channel(f, o);
	site_delivery(f, o);
	json_amount(f, "total", o->total);
	site_items(f, o);
	site_money(f, o);
	site_extras(f, o);
	site_history(f, o);
	fputs("}\n", f);
}

/* A cell as Excel writes it: quoted when it must be. */
static void
cell(FILE *f, const char *s)
{
	if (strpbrk(s, ";\"\n") == NULL) {
		fputs(s, f);
	} else {
		putc('"', f);
		for (; *s != '\0'; s++) {
			if (*s == '"')
				putc('"', f);
			putc(*s, f);
		}
		putc('"', f);
	}
	putc(';', f);
}

static void
cell_amount(FILE *f, int64_t minor)
{
	if (minor != 0)
		put_amount(f, minor, ',');
	putc(';', f);
}

static void
cell_time(FILE *f, int64_t at)
{
	struct tm tm = parts_of(at, ZONE);
	char s[TEXT_LEN] = "";

	if (at != 0)
		strftime(s, sizeof(s), "%d.%m.%Y %H:%M", &tm);
	cell(f, s);
}

/* What stands on the first line of an order only. */
static void
phone_order(FILE *f, const struct order *o)
{
	struct person p;
	char phone[TEXT_LEN], where[TEXT_LEN] = "";

	person_get(o->customer, &p);
	phone_typed(&p, o->i, phone);
	if (o->delivery != &deliveries[PICKUP])
		address(o, where);
	cell_time(f, o->at);
	cell_time(f, changed_at(o));
	cell(f, o->steps[o->step_count - 1].name);
	cell(f, is_lost(o) ? o->ending->reason : "");
	cell(f, o->manager->name);
	cell(f, p.name);
	cell(f, phone);
	cell(f, chance("asks e-mail", o->i, 25) ? p.email : "");
	cell(f, o->city->name);
	cell(f, where);
	cell(f, o->delivery->name);
	cell_amount(f, o->delivery_price);
	cell_amount(f, o->discount);
	cell_amount(f, o->total);
	cell(f, o->card ? "карта" : "наличные");
	cell(f, o->paid_at != 0 ? "да" : "нет");
	cell_amount(f, o->total);
	cell_time(f, o->paid_at);
	cell(f, chance("wishes", o->i, 20) ? ONE_OF(wishes, "wish", o->i) : "");
}

static void
write_phone(FILE *f, const struct order *o)
{
	static const char blank[] = ";;;;;;;;;;;;;;;;;;;";
	unsigned k;

	for (k = 0; k < o->line_count; k++) {
		const struct line *l = &o->lines[k];

		cell(f, o->no);
		if (k == 0)
			phone_order(f, o);
		else
			fputs(blank, f);
		cell(f, l->product->sku);
		cell(f, l->product->name);
		put_quantity(f, l->quantity, ',');
		putc(';', f);
		cell_amount(f, l->product->price);
		cell_amount(f, l->discount);
		cell_amount(f, l->product->cost);
		fputs(k == 0 && o->step_count > 4 ? "да\r\n" : "\r\n", f);
	}
}

static const char phone_header[] =
    "Номер;Дата;Изменён;Статус;Причина;Менеджер;Клиент;Телефон;E-mail;Город;"
    "Адрес;Доставка;Цена доставки;Скидка на заказ;Итого;Оплата;Оплачено;"
    "Сумма оплаты;Дата оплаты;Комментарий;Артикул;Товар;Кол-во;Цена;Скидка;"
    "Закупка;Накладная\r\n";

/* Files --------------------------------------------------------------------- */

static void
save(const char *dir, const char *name, const char *data, size_t len)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if ((f = fopen(path, "w")) == NULL)
		err(1, "%s", path);
	if (fwrite(data, 1, len, f) != len || fclose(f) != 0)
		err(1, "%s", path);
}

/* In place, from UTF-8 into the code page of a Russian Windows: never longer. */
static size_t
to_windows(char *text, size_t len)
{
	iconv_t cd = iconv_open("WINDOWS-1251", "UTF-8");
	char *in = text, *out = text;
	size_t left = len, space = len;

	if (cd == (iconv_t)-1 ||
	    iconv(cd, &in, &left, &out, &space) == (size_t)-1)
		err(1, "iconv");
	iconv_close(cd);
	return len - space;
}

int
main(int argc, char **argv)
{
	static struct order orders[ORDERS + DOUBLES_MAX];
	char *site, *phone;
	size_t site_len, phone_len;
	FILE *to_site, *to_phone;
	unsigned p, count;

	if (argc != 2)
		errx(2, "usage: shopgen DIR");
	place_orders(orders);
	give_customers(orders);
	for (p = 0; p < ORDERS; p++)
		make_order(&orders[p]);
	count = add_doubles(orders);
	qsort(orders, count, sizeof(orders[0]), order_compare);
	give_numbers(orders, count);

	to_site = open_memstream(&site, &site_len);
	to_phone = open_memstream(&phone, &phone_len);
	if (to_site == NULL || to_phone == NULL)
		err(1, "open_memstream");
	fputs(phone_header, to_phone);
	for (p = 0; p < count; p++)
		if (orders[p].phone)
			write_phone(to_phone, &orders[p]);
		else
			write_site(to_site, &orders[p]);
	if (fclose(to_site) != 0 || fclose(to_phone) != 0)
		err(1, "writing");
	save(argv[1], "orders-site.ndjson", site, site_len);
	save(argv[1], "orders-phone.csv", phone, to_windows(phone, phone_len));
	free(site);
	free(phone);
	return 0;
}
