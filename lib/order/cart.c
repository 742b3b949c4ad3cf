/* cart.c - what is in the carts of a site, and which orders they became. */
#include "order/cart.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "db/db.h"
#include "order/order.h"

#define CART_FUTURE_S 172800 /* clocks and zones may be off by two days */

#define AT(member) offsetof(struct cart, member)
static const struct field cart_field_list[] = {
	{ "source_updated_at", FIELD_TIME, AT(source_updated_at), NULL },
	{ "site", FIELD_CODE, AT(site), "site" },
	{ "currency", FIELD_CURRENCY, AT(currency), "currency" },
	{ "customer_external_id", FIELD_TEXT, AT(customer_external_id), NULL },
	{ "phone", FIELD_PHONE, AT(phone), NULL },
	{ "email", FIELD_EMAIL, AT(email), NULL },
	{ "link", FIELD_TEXT, AT(link), NULL },
	{ "order_external_id", FIELD_TEXT, AT(order_external_id), NULL },
	{ "cleared_at", FIELD_TIME, AT(cleared_at), NULL },
	{ "customer_name", FIELD_TEXT, AT(customer_name), NULL },
};
#undef AT
#define AT(member) offsetof(struct cart_item, member)
static const struct field cart_item_field_list[] = {
	{ "sku", FIELD_TEXT, AT(sku), NULL },
	{ "name", FIELD_TEXT, AT(name), NULL },
	{ "quantity", FIELD_QUANTITY, AT(quantity), NULL },
	{ "price", FIELD_PRICE, AT(price), NULL },
};
#undef AT

const struct fields cart_fields = { cart_field_list,
	ARRAY_LEN(cart_field_list) };
const struct fields cart_item_fields = { cart_item_field_list,
	ARRAY_LEN(cart_item_field_list) };
_Static_assert(ARRAY_LEN(cart_field_list) == CART_FIELD_COUNT, "one each");

/* The columns of its table that are fields, in their order. */
static const struct fields cart_stored = { cart_field_list, CART_STORED };

/* What is stored of a cart; id 0: nothing. */
struct cart_row {
	int64_t id;
	int64_t customer_id;
	int64_t order_id;
	int64_t changed_at;
	const char *record_hash;
	struct cart cart; /* its fields and items */
};

/* Records ------------------------------------------------------------------ */

/* Of all that a record says but when, so that saying it again is no news. */
static const char *
cart_hash(const struct cart *c, struct arena *a)
{
	struct rec rec = c->rec;
	struct cart told = *c;
	char hex[HASH_HEX_MAX];
	struct buf b = { 0 };
	size_t i;

	rec.has &= ~((uint64_t)1 << CART_SOURCE_UPDATED_AT);
	rec.clear &= ~((uint64_t)1 << CART_SOURCE_UPDATED_AT);
	told.rec = rec;
	field_pack(&cart_fields, &told.rec, NULL, a, &b);
	buf_addc(&b, c->has_items ? '\n' : '-');
	for (i = 0; i < c->item_count; i++) {
		field_pack(&cart_item_fields, &c->items[i].rec, NULL, a, &b);
		buf_addc(&b, '\n');
	}
	hash_hex(hash_bytes(buf_str(&b), b.len, 0), hex);
	buf_free(&b);
	return arena_strdup(a, hex);
}

static const struct err *
cart_check_item(struct cart_item *i)
{
	if (i->name == NULL && i->sku == NULL)
		return err_new(ERR_INPUT, "it has neither sku nor name");
	if (!field_has(&i->rec, CART_ITEM_QUANTITY))
		return err_new(ERR_INPUT, "'quantity' is missing");
	if (i->quantity <= 0)
		return err_new(ERR_INPUT, "quantity is not above 0");
	if (i->price < 0)
		return err_new(ERR_INPUT, "price is below 0");
	return NULL;
}

static const struct err *
cart_check(const struct shop *s, const struct cart *c)
{
	const struct err *err;
	const char *code;
	size_t i;
	int f;

	for (f = 0; f < CART_FIELD_COUNT; f++) {
		if (cart_field_list[f].kind == FIELD_TIME &&
		    field_int(&cart_fields, &c->rec, f) >
			s->now + CART_FUTURE_S)
			return err_new(ERR_INPUT, "%s lies in the future",
			    cart_field_list[f].name);
		if (cart_field_list[f].reference == NULL ||
		    (code = field_text(&cart_fields, &c->rec, f)) == NULL)
			continue;
		err = shop_check_code(s, cart_field_list[f].reference, code);
		if (err != NULL)
			return err;
	}
	for (i = 0; i < c->item_count; i++)
		if ((err = cart_check_item(&c->items[i])) != NULL)
			return err_wrap(err, "item %zu", i + 1);
	return NULL;
}

/* The offers of the items, and their own SKUs and names where none is told. */
static const struct err *
cart_find_offer(struct shop *s, const struct cart *c, struct cart_item *i,
    struct arena *a)
{
	static const char offer_sql[] =
	    "SELECT sku, name FROM offer WHERE id = :id";
	const struct err *err;
	struct db_stmt *st;
	bool row, many;

	if (i->sku != NULL && (err = catalog_look(s, c->source, i->sku, i->name,
				   &i->offer_id, &many)) != NULL)
		return err;
	if (i->offer_id != 0) {
		if ((err = db_stmt(s->db, offer_sql, &st)) != NULL)
			return err;
		db_bind_int(st, ":id", i->offer_id);
		if ((err = db_step(st, &row)) != NULL)
			return err;
		if (row)
			i->sku = db_col_text(st, 0, a);
		if (row && i->name == NULL)
			i->name = db_col_text(st, 1, a);
		db_reset(st);
	}
	if (i->name == NULL)
		i->name = i->sku;
	return NULL;
}

/* What is stored ----------------------------------------------------------- */

#define CART_COLUMNS                                                          \
	"SELECT id, ifnull(customer_id, 0), ifnull(order_id, 0), changed_at," \
	" record_hash, external_id, cleared_at, source_updated_at, site,"     \
	" currency, customer_external_id, phone, email, link,"                \
	" order_external_id FROM cart "

enum { CART_FIRST_FIELD = 7 }; /* of the columns above */

/*
 * A source that names no cart speaks of its customer's: of the one that it
 * spoke of last.
 */
static const char find_sql[] =
    CART_COLUMNS "WHERE source = :source AND external_id = :external_id";
static const char find_customer_sql[] = CART_COLUMNS
    "WHERE source = :source AND customer_external_id = :external_id"
    " ORDER BY changed_at DESC, id DESC LIMIT 1";

static void
cart_read_row(struct db_stmt *st, struct cart_row *r, struct arena *a)
{
	r->id = db_col_int(st, 0);
	r->customer_id = db_col_int(st, 1);
	r->order_id = db_col_int(st, 2);
	r->changed_at = db_col_int(st, 3);
	r->record_hash = db_col_text(st, 4, a);
	r->cart.external_id = db_col_text(st, 5, a);
	if (!db_col_is_null(st, 6))
		field_set_int(&cart_fields, &r->cart.rec, CART_CLEARED_AT,
		    db_col_int(st, 6));
	field_load(st, CART_FIRST_FIELD, &cart_stored, &r->cart.rec, a);
}

static const struct err *
cart_find(struct shop *s, const struct cart *c, struct arena *a,
    struct cart_row *r)
{
	const char *key = c->external_id;
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*r = (struct cart_row){ 0 };
	if (key == NULL && c->customer_external_id == NULL)
		return err_new(ERR_INPUT,
		    "it has neither 'external_id' nor 'customer_external_id'");
	if ((err = db_stmt(s->db, key != NULL ? find_sql : find_customer_sql,
		 &st)) != NULL)
		return err;
	db_bind_text(st, ":source", c->source);
	db_bind_text(st, ":external_id",
	    key != NULL ? key : c->customer_external_id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	cart_read_row(st, r, a);
	db_reset(st);
	return NULL;
}

/* Are the items stored those of the record, one by one? */
static const struct err *
cart_same_items(struct shop *s, int64_t id, const struct cart *c, bool *same)
{
	static const char items_sql[] =
	    "SELECT sku, name, quantity, ifnull(price, -1) FROM cart_item"
	    " WHERE cart_id = :id ORDER BY line";
	const struct cart_item *i = c->items;
	const struct err *err;
	struct db_stmt *st;
	size_t n = 0;
	bool row;

	*same = true;
	if ((err = db_stmt(s->db, items_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	while ((err = db_step(st, &row)) == NULL && row && *same) {
		*same =
		    n < c->item_count &&
		    text_same(db_col_peek(st, 0), i[n].sku) &&
		    text_same(db_col_peek(st, 1), i[n].name) &&
		    db_col_int(st, 2) == i[n].quantity &&
		    db_col_int(st, 3) ==
			(field_has(&i[n].rec, CART_ITEM_PRICE) ? i[n].price :
								 -1);
		n++;
	}
	db_reset(st);
	*same = *same && n == c->item_count;
	return err;
}

/* Writing ------------------------------------------------------------------ */

static const char insert_sql[] =
    "INSERT INTO cart (source_updated_at, site, currency,"
    " customer_external_id, phone, email, link, order_external_id, source,"
    " external_id, customer_id, created_at, changed_at, cleared_at,"
    " record_hash)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, :source, :external_id,"
    " :customer_id, :now, :changed_at, :cleared_at, :record_hash)";
static const char update_sql[] =
    "UPDATE cart SET source_updated_at = ?1, site = ?2, currency = ?3,"
    " customer_external_id = ?4, phone = ?5, email = ?6, link = ?7,"
    " order_external_id = ?8, customer_id = :customer_id,"
    " order_id = :order_id, changed_at = :changed_at,"
    " cleared_at = :cleared_at, record_hash = :record_hash WHERE id = :id";

static const struct err *
cart_write_row(struct shop *s, struct cart_row *r)
{
	const struct rec *rec = &r->cart.rec;
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, r->id == 0 ? insert_sql : update_sql, &st)) !=
	    NULL)
		return err;
	field_bind(st, 1, &cart_stored, rec);
	if (r->id == 0) {
		db_bind_text(st, ":source", r->cart.source);
		db_bind_text(st, ":external_id", r->cart.external_id);
		db_bind_int(st, ":now", s->now);
	} else {
		db_bind_int(st, ":id", r->id);
		if (r->order_id != 0)
			db_bind_int(st, ":order_id", r->order_id);
	}
	if (r->customer_id != 0)
		db_bind_int(st, ":customer_id", r->customer_id);
	db_bind_int(st, ":changed_at", r->changed_at);
	if (field_has(rec, CART_CLEARED_AT))
		db_bind_int(st, ":cleared_at", r->cart.cleared_at);
	db_bind_text(st, ":record_hash", r->record_hash);
	if ((err = db_run(st)) == NULL && r->id == 0)
		r->id = db_last_id(s->db);
	return err;
}

static const struct err *
cart_write_items(struct shop *s, int64_t id, const struct cart *c)
{
	static const char drop_sql[] =
	    "DELETE FROM cart_item WHERE cart_id = :id";
	static const char add_sql[] =
	    "INSERT INTO cart_item (sku, name, quantity, price, cart_id, line,"
	    " offer_id) VALUES (?1, ?2, ?3, ?4, :id, :line, :offer_id)";
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	if ((err = db_stmt(s->db, drop_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_run(st)) != NULL)
		return err;
	for (i = 0; i < c->item_count; i++) {
		if ((err = db_stmt(s->db, add_sql, &st)) != NULL)
			return err;
		field_bind(st, 1, &cart_item_fields, &c->items[i].rec);
		/* as found in the catalogue */
		db_bind_text_at(st, 1, c->items[i].sku);
		db_bind_text_at(st, 2, c->items[i].name);
		db_bind_int(st, ":id", id);
		db_bind_int(st, ":line", (int64_t)i + 1);
		if (c->items[i].offer_id != 0)
			db_bind_int(st, ":offer_id", c->items[i].offer_id);
		if ((err = db_run(st)) != NULL)
			return err;
	}
	return NULL;
}

/* Closing ------------------------------------------------------------------ */

/* The source has said which order it became. */
static const char close_named_sql[] =
    "UPDATE cart SET order_id = (SELECT order_id FROM order_source s"
    "  WHERE s.source = cart.source"
    "  AND s.external_id = cart.order_external_id)"
    " WHERE id = :id AND order_id IS NULL AND order_external_id IS NOT NULL";

/*
 * Or it follows: the customer's first order on that site that was placed after
 * the cart was filled and has one of its items. An order may tell only the
 * minute; and a site empties the cart when the order is placed, so that one
 * that was cleared may be the order of that hour.
 */
static const char close_sql[] =
    "UPDATE cart SET order_id = (SELECT o.id FROM orders o"
    "  WHERE o.customer_id = cart.customer_id AND o.site IS cart.site"
    "  AND o.placed_at >= cart.changed_at - 60"
    "  AND o.placed_at <= ifnull(cart.cleared_at + 3600, o.placed_at)"
    "  AND EXISTS (SELECT 1 FROM order_item i JOIN cart_item k"
    "   ON k.cart_id = cart.id AND (k.offer_id = i.offer_id OR k.sku = i.sku)"
    "   WHERE i.order_id = o.id)"
    "  ORDER BY o.placed_at, o.id LIMIT 1)"
    " WHERE id = :id AND order_id IS NULL AND order_external_id IS NULL"
    "  AND customer_id IS NOT NULL";

static const struct err *
cart_find_order(struct shop *s, int64_t id)
{
	static const char *const sql[] = { close_named_sql, close_sql };

	return db_run_each(s->db, sql, ARRAY_LEN(sql), id);
}

/* Nearly no order has any, so that this is all that most of them cost. */
static const char open_sql[] =
    "SELECT id FROM cart WHERE customer_id = :customer_id"
    "  AND order_id IS NULL AND order_external_id IS NULL"
    " UNION ALL SELECT id FROM cart WHERE source = :source"
    "  AND order_external_id = :external_id AND order_id IS NULL";

const struct err *
cart_close(struct shop *s, const struct order *o, struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;
	int64_t *ids = NULL;
	size_t i, n = 0;
	bool row;

	if ((err = db_stmt(s->db, open_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":customer_id", o->customer_id); /* no cart has 0 */
	db_bind_text(st, ":source", o->source);
	db_bind_text(st, ":external_id", o->external_id);
	while ((err = db_step(st, &row)) == NULL && row) {
		ids = arena_grow(a, ids, n, sizeof(*ids));
		ids[n++] = db_col_int(st, 0);
	}
	for (i = 0; err == NULL && i < n; i++)
		err = cart_find_order(s, ids[i]);
	return err;
}

/* Taking ------------------------------------------------------------------- */

static const struct err *
cart_set_customer(struct shop *s, struct cart_row *r, const char *name)
{
	const struct cart *c = &r->cart;
	const struct err *err;
	int64_t id;
	bool made;

	err = customer_take(s,
	    &(struct customer_key){ .source = c->source,
		.external_id = c->customer_external_id,
		.phone = c->phone,
		.email = c->email,
		.name = name },
	    r->changed_at, &id, &made);
	if (err == NULL && id != 0)
		r->customer_id = id;
	return err;
}

/* What the record mentions, over what is stored. */
static void
cart_apply(struct cart_row *r, const struct cart *c)
{
	const struct fields *t = &cart_fields;
	struct rec *rec = &r->cart.rec;
	int f;

	for (f = 0; f < CART_STORED; f++) {
		if (field_has(&c->rec, f))
			field_copy(t, rec, &c->rec, f);
		else if (field_cleared(&c->rec, f) && f != CART_CURRENCY &&
			 f != CART_SOURCE_UPDATED_AT)
			field_set_text(t, rec, f, NULL);
	}
}

static void
cart_set_cleared(struct cart_row *r, const struct cart *c, int64_t at)
{
	const struct fields *t = &cart_fields;
	struct rec *rec = &r->cart.rec;

	if (field_has(&c->rec, CART_CLEARED_AT))
		field_set_int(t, rec, CART_CLEARED_AT, c->cleared_at);
	else if (c->has_items && c->item_count == 0)
		field_set_int(t, rec, CART_CLEARED_AT, at);
	else if (c->has_items || field_cleared(&c->rec, CART_CLEARED_AT))
		field_clear(rec, CART_CLEARED_AT);
}

/* A new one: how it is called, and what the shop knows where it says nothing. */
static const struct err *
cart_begin(const struct shop *s, const struct cart *c, struct cart_row *r,
    int64_t at)
{
	const struct fields *t = &cart_fields;

	if (!c->has_items && !field_has(&c->rec, CART_CLEARED_AT))
		return err_new(ERR_INPUT, "'items' is missing");
	r->changed_at = at;
	r->cart.external_id =
	    c->external_id != NULL ? c->external_id : c->customer_external_id;
	field_set_text(t, &r->cart.rec, CART_CURRENCY, s->currency);
	return NULL;
}

/* It holds other things than before, or holds them again. */
static void
cart_renew(struct cart_row *r, const struct cart *c, int64_t at)
{
	r->changed_at = at;
	r->order_id = 0;
	if (!field_has(&c->rec, CART_ORDER_EXTERNAL_ID))
		field_set_text(&cart_fields, &r->cart.rec,
		    CART_ORDER_EXTERNAL_ID, NULL);
}

static const struct err *
cart_save(struct shop *s, struct cart_row *r, const struct cart *c, int64_t at)
{
	const bool filled = c->item_count != 0;
	const bool fresh = r->id == 0;
	const bool again = field_has(&r->cart.rec, CART_CLEARED_AT);
	const struct err *err;
	bool same = true;

	if (fresh && (err = cart_begin(s, c, r, at)) != NULL)
		return err;
	if (filled && !fresh &&
	    (err = cart_same_items(s, r->id, c, &same)) != NULL)
		return err;
	r->cart.source = c->source;
	cart_apply(r, c);
	cart_set_cleared(r, c, at);
	if (field_has(&c->rec, CART_ORDER_EXTERNAL_ID))
		r->order_id = 0; /* it knows better than the rule */
	if (fresh && r->cart.site == NULL &&
	    strcmp(r->cart.currency, s->currency) == 0)
		field_set_text(&cart_fields, &r->cart.rec, CART_SITE, s->site);
	if (filled && !fresh &&
	    (!same || (again && !field_has(&r->cart.rec, CART_CLEARED_AT))))
		cart_renew(r, c, at);
	if ((err = cart_set_customer(s, r, c->customer_name)) != NULL ||
	    (err = cart_write_row(s, r)) != NULL)
		return err;
	if (filled && (fresh || !same) &&
	    (err = cart_write_items(s, r->id, c)) != NULL)
		return err;
	return cart_find_order(s, r->id);
}

static const struct err *
cart_order_no(struct shop *s, int64_t id, struct arena *a,
    const char **order_no)
{
	static const char order_sql[] =
	    "SELECT o.order_no FROM cart k JOIN orders o ON o.id = k.order_id"
	    " WHERE k.id = :id";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, order_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) == NULL && row)
		*order_no = db_col_text(st, 0, a);
	db_reset(st);
	return err;
}

/* The same again: only when it was said is new. */
static const struct err *
cart_heard_at(struct shop *s, const struct cart_row *r, const struct cart *c)
{
	static const char heard_sql[] =
	    "UPDATE cart SET source_updated_at = :at WHERE id = :id";
	const struct err *err;
	struct db_stmt *st;

	if (!field_has(&c->rec, CART_SOURCE_UPDATED_AT) ||
	    c->source_updated_at == r->cart.source_updated_at)
		return NULL;
	if ((err = db_stmt(s->db, heard_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":at", c->source_updated_at);
	db_bind_int(st, ":id", r->id);
	return db_run(st);
}

const struct err *
cart_take(struct shop *s, struct cart *c, struct arena *a,
    enum cart_outcome *outcome, const char **order_no)
{
	const struct err *err;
	bool was_closed, closed;
	struct cart_row r;
	const char *hash;
	int64_t at;
	size_t i;

	*order_no = NULL;
	*outcome = CART_SAME;
	if ((err = cart_check(s, c)) != NULL ||
	    (err = cart_find(s, c, a, &r)) != NULL)
		return err;
	if (!field_has(&c->rec, CART_SOURCE_UPDATED_AT) &&
	    field_has(&c->rec, CART_CLEARED_AT))
		field_set_int(&cart_fields, &c->rec, CART_SOURCE_UPDATED_AT,
		    c->cleared_at);
	at = field_has(&c->rec, CART_SOURCE_UPDATED_AT) ? c->source_updated_at :
							  s->now;
	if (field_has(&c->rec, CART_SOURCE_UPDATED_AT) &&
	    field_has(&r.cart.rec, CART_SOURCE_UPDATED_AT) &&
	    at < r.cart.source_updated_at) {
		*outcome = CART_OLDER;
		return NULL;
	}
	hash = cart_hash(c, a);
	if (r.id != 0 && strcmp(hash, r.record_hash) == 0)
		return cart_heard_at(s, &r, c);
	if ((err = db_mark(s->db)) != NULL)
		return err;
	for (i = 0; i < c->item_count; i++)
		if ((err = cart_find_offer(s, c, &c->items[i], a)) != NULL)
			return err;
	was_closed = r.order_id != 0;
	r.record_hash = hash;
	if ((err = cart_save(s, &r, c, at)) != NULL ||
	    (err = cart_order_no(s, r.id, a, order_no)) != NULL)
		return err;
	closed = *order_no != NULL || r.cart.order_external_id != NULL;
	*outcome = closed && !was_closed                   ? CART_CLOSED :
		   field_has(&r.cart.rec, CART_CLEARED_AT) ? CART_CLEARED :
							     CART_SET;
	return NULL;
}
