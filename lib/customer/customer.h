/*
 * customer.h - who orders: found by outside id, phone, e-mail, or made; and a
 * customer as a record: fields, and lists of entries that have a key each.
 *
 * The same struct is what a source said (fields it did not mention are in
 * neither set of `rec`), what is stored, and what a record on a pipe carries.
 */
#ifndef CUSTOMER_CUSTOMER_H
#define CUSTOMER_CUSTOMER_H

#include "crm/field.h"
#include "crm/history.h"

struct db;
struct shop;

/* Finding ------------------------------------------------------------------ */

struct customer_key { /* any may be NULL */
	const char *source;
	const char *external_id;
	const char *phone; /* as phone_normal() gives it */
	const char *email; /* folded */
	const char *name;
};

/*
 * The customer that the keys point at, in this order: outside id, phone,
 * e-mail; *id is 0 when nobody is found. Shared contacts and phones that are no
 * E.164 numbers identify nobody. A customer merged into another stands for
 * that one.
 */
const struct err *customer_find(struct shop *s, const struct customer_key *k,
    int64_t *id) MUST_USE;

/*
 * Find as above or make one, and add to a found one the keys it had not. When
 * the keys point at two customers nobody is merged: the first is taken and a
 * note is left for customer-list --doubles. Without any key *id is 0: a guest.
 * *made is true for one who was not known before.
 */
const struct err *customer_take(struct shop *s, const struct customer_key *k,
    int64_t at, int64_t *id, bool *made) MUST_USE;

/* That note: a key of this kind belongs to both. */
const struct err *customer_note_double(struct shop *s, int64_t a, int64_t b,
    const char *reason) MUST_USE;

/* What a person on the telephone needs to know of a customer. */
struct customer_brief {
	int64_t id;
	const char *name;
	const char *phones; /* joined by ", " */
	const char *emails;
	bool vip;
	bool bad;
	int64_t orders; /* how many, and those that count as revenue */
	int64_t sales;
	int64_t first_at; /* of the first and last order; 0 without */
	int64_t last_at;
};

/* Of a merged one, that which it stands for; *out is NULL for none. In a. */
const struct err *customer_get(struct db *db, int64_t id, struct arena *a,
    struct customer_brief **out) MUST_USE;

/* The record --------------------------------------------------------------- */

/* Index of each field in customer_fields, which is also its column's order. */
enum customer_field {
	CUSTOMER_NAME,
	CUSTOMER_BIRTHDAY_ON,
	CUSTOMER_VIP,
	CUSTOMER_BAD,
	CUSTOMER_COUNTRY,
	CUSTOMER_REGION,
	CUSTOMER_CITY,
	CUSTOMER_POSTCODE,
	CUSTOMER_STREET,
	CUSTOMER_BUILDING,
	CUSTOMER_FLAT,
	CUSTOMER_ADDRESS,
	CUSTOMER_FIELD_COUNT,
};

enum customer_list {
	CUSTOMER_SOURCES,
	CUSTOMER_PHONES,
	CUSTOMER_EMAILS,
	CUSTOMER_TAGS,
	CUSTOMER_CONSENTS,
	CUSTOMER_CUSTOM,
	CUSTOMER_LIST_COUNT,
};

/*
 * An entry's key is all of a phone, an address, a tag; the channel of a
 * consent, the code of a custom field, "SOURCE:ID" of an outside id.
 */
struct customer_entry {
	const char *key;
	const char *value;  /* of a custom field; NULL clears it. A consent's
			       "true" or "false"; NULL: not known any more */
	const char *source; /* of a consent, where it was given; may be NULL */
	int64_t at;         /* of a consent, when; 0: not told */
};

struct customer_entries {
	bool present; /* the list is complete: what is not in it has gone */
	struct customer_entry *v;
	size_t len;
};

struct customer {
	struct rec rec;
	/* fields, in the order of enum customer_field */
	const char *name;
	const char *birthday_on;
	int64_t vip;
	int64_t bad;
	const char *country;
	const char *region;
	const char *city;
	const char *postcode;
	const char *street;
	const char *building;
	const char *flat;
	const char *address;
	struct customer_entries lists[CUSTOMER_LIST_COUNT];
	/* who says it */
	const char *source;
	const char *external_id; /* NULL: known by phone or e-mail alone */
	int64_t source_updated_at;
	bool has_source_updated_at;
	/* what we say */
	int64_t id;  /* 0 while it is not stored; of our own record, its wish */
	int64_t rev; /* 0 when a record has none */
	int64_t created_at; /* 0: not told */
	int64_t updated_at;
	int64_t merged_into; /* 0: it is itself */
	int64_t erased_at;   /* 0: it is not */
	/* the past and the notes, when they were asked for or brought */
	struct past *past;
	size_t past_len;
	struct note *notes;
	size_t note_len;
};

extern const struct fields customer_fields;
/* "phones": the member of a record; "phone": the word in history and terms. */
extern const char *const customer_list_names[CUSTOMER_LIST_COUNT];
extern const char *const customer_list_words[CUSTOMER_LIST_COUNT];

/* Has an entry of the list a value beside its key? Then "word.KEY" names it. */
bool customer_list_has_values(enum customer_list list);

/*
 * The list that a name is of: "phone", or "consent.email" with *key then
 * "email"; CUSTOMER_LIST_COUNT for none. *key borrows from name.
 */
enum customer_list customer_list_named(const char *name, const char **key);

static inline struct customer_entry *
customer_list_end(const struct customer_entries *l)
{
	return l->len != 0 ? l->v + l->len : l->v;
}

struct customer_entry *customer_list_find(const struct customer_entries *l,
    const char *key);
/* Replace the entry with this key, or append. Lives in a. */
void customer_list_put(struct customer_entries *l,
    const struct customer_entry *e, struct arena *a);
void customer_list_drop(struct customer_entries *l, const char *key);

/* "SOURCE:ID" in a; and the way back, false without a colon. In a. */
const char *customer_source_key(const char *source, const char *external_id,
    struct arena *a);
bool customer_source_split(const char *key, struct arena *a,
    const char **source, const char **external_id);

/*
 * The value of an entry as the history keeps it: of a phone the phone itself,
 * of a consent "given=true; at=...; source=site". NULL: there is none. In a.
 */
const char *customer_entry_text(enum customer_list list,
    const struct customer_entry *e, struct arena *a);

/*
 * Give back what a history row tells: field and lists take the value `was`
 * where they had `is`. Names that are none of ours are left alone.
 */
const struct err *customer_restore(struct customer *c, const char *field,
    const char *was, const char *is, struct arena *a) MUST_USE;

/* The first key that can tell who it is, with its kind in front; NULL for none. */
const char *customer_identity(const struct customer *c, struct arena *a);

/* A deep enough copy to change: fields and lists are its own. In a. */
struct customer *customer_copy(const struct customer *c, struct arena *a);

enum customer_load { CUSTOMER_LOAD_LISTS, CUSTOMER_LOAD_ALL };

/* By id; *out is NULL when there is none. The outside ids of those that were
 * merged into it are its own. In a. */
const struct err *customer_by_id(struct db *db, int64_t id,
    enum customer_load what, struct arena *a, struct customer **out) MUST_USE;

/* What the orders of a customer, and of those merged into it, come to. */
struct customer_sum {
	const char *currency;
	int64_t sales; /* orders that count as revenue */
	int64_t total_minor;
	int64_t average_minor;
};

struct customer_figures {
	int64_t orders;
	int64_t sales;
	int64_t first_order_at; /* 0 without */
	int64_t last_order_at;
	struct customer_sum *sums; /* one a currency */
	size_t sum_len;
};

/* In a. */
const struct err *customer_figure(struct db *db, int64_t id, struct arena *a,
    struct customer_figures *out) MUST_USE;

/* Ids of its orders and of those merged into it, oldest order first. In a. */
const struct err *customer_orders(struct db *db, int64_t id, struct arena *a,
    int64_t **ids, size_t *count) MUST_USE;

#endif
