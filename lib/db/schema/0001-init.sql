-- 0001-init: the whole back office. See crm-schema(5).
--
-- Money is whole minor units of the row's currency (x_minor), unit prices are
-- 1/10000, quantities 1/1000, times seconds since 1970 UTC (x_at), dates text
-- YYYY-MM-DD (x_on). Codes point at the reference tables, which a shop edits
-- with crm-reference(1).

-- What changes figures or rules. Changes are in the history.
CREATE TABLE setting (
	name	TEXT PRIMARY KEY,
	value	TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every run of a command that changes something.
CREATE TABLE run (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	command		TEXT NOT NULL,
	detail		TEXT,			-- what it was told: file, status
	actor		TEXT NOT NULL,
	started_at	INTEGER NOT NULL,
	ended_at	INTEGER,		-- NULL: running, or it was killed
	exit_status	INTEGER,
	summary		TEXT,
	backfill	INTEGER NOT NULL DEFAULT 0 CHECK (backfill IN (0, 1)),
	undoes		INTEGER REFERENCES run,
	-- Its changes lie in this span of the history: an index of all changes
	-- by run would cost each of them a place in one more tree.
	history_after	INTEGER NOT NULL DEFAULT 0,
	history_upto	INTEGER			-- NULL: not ended
) STRICT;
CREATE INDEX run_command ON run (command);	-- and id: the last one of each

-- Every change of an order, customer, offer or setting. `at` is when it happened,
-- recorded_at when we learned it. Append-only: see the triggers below.
CREATE TABLE history (
	id		INTEGER PRIMARY KEY,	-- never used again: nothing is deleted
	at		INTEGER NOT NULL,
	recorded_at	INTEGER NOT NULL,
	run_id		INTEGER NOT NULL REFERENCES run,
	actor		TEXT NOT NULL,
	entity		TEXT NOT NULL,		-- order, customer, offer, setting, ...
	entity_id	INTEGER NOT NULL,
	item_id		INTEGER,		-- the line, of an order's part
	field		TEXT NOT NULL,		-- status, manager, item, charge, ...
	old		TEXT,			-- a part is written "sku=A; price=1"
	new		TEXT
) STRICT;
CREATE INDEX history_entity ON history (entity_id, entity);	-- and id
CREATE INDEX history_at ON history (at);

CREATE TRIGGER history_no_delete BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- The one exception: a person's values are erased when the person asks for it.
CREATE TRIGGER history_no_update BEFORE UPDATE ON history
WHEN NOT (NEW.id = OLD.id AND NEW.at = OLD.at
	AND NEW.recorded_at = OLD.recorded_at AND NEW.run_id = OLD.run_id
	AND NEW.actor = OLD.actor AND NEW.entity = OLD.entity
	AND NEW.entity_id = OLD.entity_id AND NEW.item_id IS OLD.item_id
	AND NEW.field = OLD.field
	AND (NEW.old IS OLD.old OR NEW.old = '(erased)')
	AND (NEW.new IS OLD.new OR NEW.new = '(erased)'))
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- How far each reader of the history says it has come.
CREATE TABLE follower (
	name		TEXT PRIMARY KEY,
	history_id	INTEGER NOT NULL,	-- the last change it has dealt with
	at		INTEGER NOT NULL	-- when it said so
) STRICT, WITHOUT ROWID;

-- Reference: lists that a shop edits ------------------------------------------

CREATE TABLE currency (
	code	TEXT PRIMARY KEY CHECK (length(code) = 3),
	places	INTEGER NOT NULL CHECK (places BETWEEN 0 AND 3),
	unit	INTEGER NOT NULL CHECK (unit IN (1, 10, 100, 1000))	-- minor units in one
) STRICT, WITHOUT ROWID;

CREATE TABLE site (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	currency	TEXT NOT NULL REFERENCES currency,
	url		TEXT,
	ordering	INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE store (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	kind		TEXT NOT NULL DEFAULT 'warehouse'
			CHECK (kind IN ('warehouse', 'retail', 'supplier', 'online')),
	active		INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
	ordering	INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE status_group (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	ordering	INTEGER NOT NULL DEFAULT 0,
	in_work		INTEGER NOT NULL DEFAULT 1 CHECK (in_work IN (0, 1)),
	final		INTEGER NOT NULL DEFAULT 0 CHECK (final IN (0, 1))
) STRICT, WITHOUT ROWID;

-- What a status means is data: the commands ask these columns, never the code.
CREATE TABLE status (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	status_group	TEXT NOT NULL REFERENCES status_group,
	ordering	INTEGER NOT NULL DEFAULT 0,
	active		INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
	is_initial	INTEGER NOT NULL DEFAULT 0 CHECK (is_initial IN (0, 1)),	-- of an order that names none
	is_revenue	INTEGER NOT NULL DEFAULT 0 CHECK (is_revenue IN (0, 1)),	-- a sale
	is_cancel	INTEGER NOT NULL DEFAULT 0 CHECK (is_cancel IN (0, 1)),		-- lost
	reserves_stock	INTEGER NOT NULL DEFAULT 0 CHECK (reserves_stock IN (0, 1)),
	handed_over	INTEGER NOT NULL DEFAULT 0 CHECK (handed_over IN (0, 1)),	-- to a carrier
	items_locked	INTEGER NOT NULL DEFAULT 0 CHECK (items_locked IN (0, 1)),	-- a source may no longer change the items
	time_limit	INTEGER CHECK (time_limit > 0)			-- minutes an order may stay
) STRICT, WITHOUT ROWID;

-- What an order must have before it may enter a status.
CREATE TABLE status_requirement (
	status	TEXT NOT NULL REFERENCES status,
	field	TEXT NOT NULL,			-- tracking_no, status_reason, ...
	PRIMARY KEY (status, field)
) STRICT, WITHOUT ROWID;

-- Allowed moves, from and to a status or a whole group (one of the two each);
-- user_group NULL is everybody. An empty table allows everything.
CREATE TABLE transition (
	id		INTEGER PRIMARY KEY,
	from_group	TEXT REFERENCES status_group,
	from_status	TEXT REFERENCES status,
	to_group	TEXT REFERENCES status_group,
	to_status	TEXT REFERENCES status,
	user_group	TEXT REFERENCES user_group,
	CHECK ((from_group IS NULL) <> (from_status IS NULL)),
	CHECK ((to_group IS NULL) <> (to_status IS NULL))
) STRICT;

CREATE TABLE order_method (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	active		INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
	ordering	INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_type (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	active		INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
	ordering	INTEGER NOT NULL DEFAULT 0,
	ships		INTEGER NOT NULL DEFAULT 1 CHECK (ships IN (0, 1)),	-- 0: collected
	weekdays	TEXT NOT NULL DEFAULT '1234567' CHECK (weekdays GLOB '[1-7]*' AND weekdays NOT GLOB '*[^1-7]*')	-- the carrier's days, 1 Monday
) STRICT, WITHOUT ROWID;

CREATE TABLE payment_type (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	active		INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
	ordering	INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE payment_status (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	is_paid		INTEGER NOT NULL DEFAULT 0 CHECK (is_paid IN (0, 1)),
	ordering	INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE user_group (
	code	TEXT PRIMARY KEY,
	name	TEXT NOT NULL,
	name_ru	TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
	login		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	user_group	TEXT REFERENCES user_group,
	is_manager	INTEGER NOT NULL DEFAULT 1 CHECK (is_manager IN (0, 1)),
	is_courier	INTEGER NOT NULL DEFAULT 0 CHECK (is_courier IN (0, 1)),
	active		INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Who wins when the shop and a source changed the same field; a field that is
-- not listed belongs to its source.
CREATE TABLE field_owner (
	field	TEXT PRIMARY KEY,
	owner	TEXT NOT NULL CHECK (owner IN ('shop', 'source'))
) STRICT, WITHOUT ROWID;

CREATE TABLE custom_field (
	entity		TEXT NOT NULL CHECK (entity IN ('order', 'customer', 'product')),
	code		TEXT NOT NULL,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	type		TEXT NOT NULL CHECK (type IN ('boolean', 'date', 'dictionary',
			'email', 'integer', 'numeric', 'string', 'text')),
	dictionary	TEXT,
	ordering	INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (entity, code),
	CHECK ((type = 'dictionary') = (dictionary IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE custom_dictionary (
	dictionary	TEXT NOT NULL,
	code		TEXT NOT NULL,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	ordering	INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (dictionary, code)
) STRICT, WITHOUT ROWID;

-- Numbers and addresses of aggregators and placeholders: they identify nobody.
CREATE TABLE shared_contact (
	kind	TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
	value	TEXT NOT NULL,			-- as in contact.value
	note	TEXT,
	PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

-- Ways in which the shop speaks to customers, and for which they may say yes or no.
CREATE TABLE channel (
	code		TEXT PRIMARY KEY,
	name		TEXT NOT NULL,
	name_ru		TEXT,
	ordering	INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Days on which nothing is shipped.
CREATE TABLE holiday (
	on_date	TEXT PRIMARY KEY CHECK (on_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	name	TEXT
) STRICT, WITHOUT ROWID;

-- Customers -------------------------------------------------------------------

CREATE TABLE customer (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	rev		INTEGER NOT NULL DEFAULT 1,
	name		TEXT,
	name_fold	TEXT,
	birthday_on	TEXT,
	vip		INTEGER NOT NULL DEFAULT 0 CHECK (vip IN (0, 1)),
	bad		INTEGER NOT NULL DEFAULT 0 CHECK (bad IN (0, 1)),
	country		TEXT,			-- where the customer lives
	region		TEXT,
	city		TEXT,
	postcode	TEXT,
	street		TEXT,
	building	TEXT,
	flat		TEXT,
	address		TEXT,			-- all of it, as a source wrote it
	created_at	INTEGER NOT NULL,
	updated_at	INTEGER NOT NULL,
	merged_into	INTEGER REFERENCES customer,	-- one that is not merged itself
	erased_at	INTEGER			-- the person wished to be forgotten
) STRICT;
CREATE INDEX customer_merged ON customer (merged_into) WHERE merged_into IS NOT NULL;

-- How a source calls a customer.
CREATE TABLE customer_source (
	source		TEXT NOT NULL,
	external_id	TEXT NOT NULL,
	customer_id	INTEGER NOT NULL REFERENCES customer,
	PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_source_customer ON customer_source (customer_id);

-- What a source last said of a customer: the base of the three-way merge. The
-- key is the outside id, or the phone or address a record without one came with.
CREATE TABLE customer_base (
	source			TEXT NOT NULL,
	key			TEXT NOT NULL,
	customer_id		INTEGER NOT NULL REFERENCES customer,
	source_updated_at	INTEGER,
	base			TEXT NOT NULL,		-- packed
	record_hash		TEXT NOT NULL,		-- of the record: the same again changes nothing
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_base_customer ON customer_base (customer_id);

-- Ways to reach a customer; phones as E.164, e-mail addresses folded.
CREATE TABLE contact (
	kind		TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
	value		TEXT NOT NULL,
	customer_id	INTEGER NOT NULL REFERENCES customer,
	place		INTEGER NOT NULL DEFAULT 1,	-- 1: the one to use first
	PRIMARY KEY (value, kind, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_customer ON contact (customer_id, kind, place);

-- May the shop write or call? Nobody knows, where there is no row.
CREATE TABLE consent (
	customer_id	INTEGER NOT NULL REFERENCES customer,
	channel		TEXT NOT NULL REFERENCES channel,
	given		INTEGER NOT NULL CHECK (given IN (0, 1)),
	at		INTEGER NOT NULL,	-- when the customer said so
	source		TEXT,			-- and where
	PRIMARY KEY (customer_id, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
	customer_id	INTEGER NOT NULL REFERENCES customer,
	tag		TEXT NOT NULL,
	PRIMARY KEY (customer_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_tag ON tag (tag);

-- Keys that pointed at two customers: nobody was merged, a person decides.
CREATE TABLE customer_double (
	customer_id	INTEGER NOT NULL REFERENCES customer,
	other_id	INTEGER NOT NULL REFERENCES customer,
	reason		TEXT NOT NULL,
	at		INTEGER NOT NULL,
	PRIMARY KEY (customer_id, other_id),
	CHECK (customer_id < other_id)
) STRICT, WITHOUT ROWID;

-- Catalogue -------------------------------------------------------------------

-- The tree of a source's catalogue. One whose name is not known yet is called
-- by its external id.
CREATE TABLE category (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	source		TEXT NOT NULL,
	external_id	TEXT NOT NULL,
	parent_id	INTEGER REFERENCES category,
	name		TEXT NOT NULL,
	UNIQUE (source, external_id)
) STRICT;
CREATE INDEX category_parent ON category (parent_id);

CREATE TABLE product (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	name		TEXT NOT NULL,
	brand		TEXT
) STRICT;

-- What can be bought: a product, or one of its sizes and colours. Variants of a
-- product may share its SKU.
CREATE TABLE offer (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	product_id	INTEGER REFERENCES product,
	sku		TEXT NOT NULL,
	name		TEXT NOT NULL,
	name_fold	TEXT NOT NULL,
	price		INTEGER,			-- 1/10000 of the currency
	purchase_price	INTEGER,
	currency	TEXT REFERENCES currency,
	unit		TEXT,
	weight		INTEGER,			-- 1/1000 kg
	available	INTEGER CHECK (available IN (0, 1)),	-- as the source says; NULL: it does not
	active		INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),	-- still sold
	updated_at	INTEGER NOT NULL
) STRICT;
CREATE INDEX offer_product ON offer (product_id);
CREATE INDEX offer_sku ON offer (sku);

-- How a source calls a product and an offer; what it said last is known by its
-- hash.
CREATE TABLE product_source (
	source		TEXT NOT NULL,
	external_id	TEXT NOT NULL,
	product_id	INTEGER NOT NULL REFERENCES product,
	record_hash	TEXT,				-- NULL: it spoke of its offers only
	PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_source_product ON product_source (product_id);
CREATE TABLE offer_source (
	source		TEXT NOT NULL,
	external_id	TEXT NOT NULL,
	offer_id	INTEGER NOT NULL REFERENCES offer,
	record_hash	TEXT,				-- NULL: it came with its product
	PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_source_offer ON offer_source (offer_id);

CREATE TABLE product_category (
	product_id	INTEGER NOT NULL REFERENCES product,
	category_id	INTEGER NOT NULL REFERENCES category,
	PRIMARY KEY (product_id, category_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_category_category ON product_category (category_id);

CREATE TABLE offer_barcode (
	offer_id	INTEGER NOT NULL REFERENCES offer,
	barcode		TEXT NOT NULL,
	PRIMARY KEY (offer_id, barcode)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_barcode_barcode ON offer_barcode (barcode);

-- Colour, size, material: whatever the source says, by the names it uses.
CREATE TABLE product_property (
	product_id	INTEGER NOT NULL REFERENCES product,
	name		TEXT NOT NULL,
	value		TEXT NOT NULL,
	PRIMARY KEY (product_id, name, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE offer_property (
	offer_id	INTEGER NOT NULL REFERENCES offer,
	name		TEXT NOT NULL,
	value		TEXT NOT NULL,
	PRIMARY KEY (offer_id, name, value)
) STRICT, WITHOUT ROWID;

-- Orders ----------------------------------------------------------------------

CREATE TABLE orders (
	id			INTEGER PRIMARY KEY AUTOINCREMENT,
	order_no		TEXT NOT NULL UNIQUE,
	rev			INTEGER NOT NULL DEFAULT 1,	-- counts changes
	source			TEXT NOT NULL,		-- the door it came through
	external_id		TEXT NOT NULL,		-- its name there
	customer_id		INTEGER REFERENCES customer,
	double_of		TEXT,			-- number of the order it looks like
	status_at		INTEGER NOT NULL,	-- since when in this status
	created_at		INTEGER NOT NULL,	-- when we took it in
	updated_at		INTEGER NOT NULL,
	-- derived from the parts, kept in step by the program
	items_minor		INTEGER NOT NULL,
	total_minor		INTEGER NOT NULL,
	paid_minor		INTEGER NOT NULL DEFAULT 0,
	refunded_minor		INTEGER NOT NULL DEFAULT 0,
	cost_minor		INTEGER,		-- of the goods to the shop; NULL: not known
	-- fields, as in a record of type order
	site			TEXT REFERENCES site,
	order_method		TEXT REFERENCES order_method,
	status			TEXT NOT NULL REFERENCES status,
	status_reason		TEXT,
	manager			TEXT REFERENCES user,
	placed_at		INTEGER NOT NULL,
	currency		TEXT NOT NULL REFERENCES currency,
	customer_external_id	TEXT,
	customer_name		TEXT,
	phone			TEXT,
	email			TEXT,
	customer_comment	TEXT,
	manager_comment		TEXT,
	call_wanted		INTEGER CHECK (call_wanted IN (0, 1)),
	coupon			TEXT,
	utm_source		TEXT,
	utm_medium		TEXT,
	utm_campaign		TEXT,
	utm_content		TEXT,
	utm_term		TEXT,
	delivery_type		TEXT REFERENCES delivery_type,
	delivery_on		TEXT,
	delivery_from		TEXT,			-- HH:MM, local
	delivery_to		TEXT,
	courier			TEXT REFERENCES user,
	ship_on			TEXT,
	tracking_no		TEXT,
	store			TEXT REFERENCES store,
	delivery_net_minor	INTEGER,		-- what delivery costs the shop
	delivery_country	TEXT,
	delivery_region		TEXT,
	delivery_city		TEXT,
	delivery_postcode	TEXT,
	delivery_street		TEXT,
	delivery_building	TEXT,
	delivery_flat		TEXT,
	delivery_address	TEXT,			-- all of it, as the source wrote it
	source_codes		TEXT,			-- the source's codes that have no counterpart here
	source_total_minor	INTEGER			-- what the source says the total is
) STRICT;
CREATE INDEX orders_customer ON orders (customer_id, placed_at, status, total_minor, currency);
CREATE INDEX orders_placed ON orders (placed_at, status, total_minor, currency);
CREATE INDEX orders_status ON orders (status, status_at);

-- Outside identities of an order, and what each source last said: the base of
-- the three-way merge.
CREATE TABLE order_source (
	order_id		INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
	source			TEXT NOT NULL,
	external_id		TEXT NOT NULL,
	source_updated_at	INTEGER,
	base			TEXT NOT NULL,		-- where that is not as the order is now, packed
	record_hash		TEXT NOT NULL,		-- of the record: the same again changes nothing
	PRIMARY KEY (order_id, source, external_id),
	UNIQUE (external_id, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_item (
	order_id	INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
	line		INTEGER NOT NULL,		-- never used again in this order
	external_id	TEXT,				-- the source's name of the line
	offer_id	INTEGER REFERENCES offer,
	sku		TEXT,
	name		TEXT NOT NULL,
	quantity	INTEGER NOT NULL,		-- 1/1000
	price		INTEGER NOT NULL,		-- 1/10000, of one
	discount_minor	INTEGER NOT NULL DEFAULT 0,	-- off the whole line
	sum_minor	INTEGER NOT NULL,		-- price * quantity, rounded once, less discount
	purchase_price	INTEGER,			-- 1/10000, of one
	PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE charge (
	order_id	INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
	line		INTEGER NOT NULL,
	-- more than two in an IN: SQLite would make a table of them for each row
	kind		TEXT NOT NULL CHECK (kind = 'delivery' OR kind = 'tax' OR kind = 'fee'
			OR kind = 'tip' OR kind = 'discount' OR kind = 'rounding'),
	name		TEXT,
	amount_minor	INTEGER NOT NULL,		-- a discount is negative
	included	INTEGER NOT NULL DEFAULT 0 CHECK (included IN (0, 1)),	-- in the prices already
	PRIMARY KEY (order_id, line),
	CHECK (kind <> 'discount' OR amount_minor <= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment (
	order_id	INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
	line		INTEGER NOT NULL,
	external_id	TEXT,
	type		TEXT REFERENCES payment_type,
	status		TEXT REFERENCES payment_status,
	amount_minor	INTEGER NOT NULL,
	paid_at		INTEGER,
	comment		TEXT,
	PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_paid ON payment (paid_at) WHERE paid_at IS NOT NULL;

CREATE TABLE refund (
	order_id	INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
	line		INTEGER NOT NULL,
	external_id	TEXT,
	amount_minor	INTEGER NOT NULL CHECK (amount_minor >= 0),
	refunded_at	INTEGER NOT NULL,
	reason		TEXT,
	PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_at ON refund (refunded_at);

-- Values of custom fields, as text in their type's one form.
CREATE TABLE custom_value (
	entity		TEXT NOT NULL,
	entity_id	INTEGER NOT NULL,
	field		TEXT NOT NULL,
	value		TEXT NOT NULL,
	PRIMARY KEY (entity, entity_id, field),
	FOREIGN KEY (entity, field) REFERENCES custom_field (entity, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	entity		TEXT NOT NULL,
	entity_id	INTEGER NOT NULL,
	at		INTEGER NOT NULL,
	actor		TEXT NOT NULL,
	text		TEXT NOT NULL
) STRICT;
CREATE INDEX note_entity ON note (entity, entity_id);

-- Carts -----------------------------------------------------------------------

-- What somebody has put into the cart of a site and not ordered yet. The last
-- word of its source stands here and no history: a cart changes at every click.
-- It is closed when order_id or order_external_id is set, else cleared or open.
CREATE TABLE cart (
	id			INTEGER PRIMARY KEY AUTOINCREMENT,
	source			TEXT NOT NULL,
	external_id		TEXT NOT NULL,
	customer_id		INTEGER REFERENCES customer ON DELETE SET NULL,
	order_id		INTEGER REFERENCES orders ON DELETE SET NULL,	-- what it became
	created_at		INTEGER NOT NULL,	-- when we first heard of it
	changed_at		INTEGER NOT NULL,	-- since when it holds these items
	cleared_at		INTEGER,		-- given up; its items stay to be seen
	record_hash		TEXT NOT NULL,		-- the same again changes nothing
	-- fields, as in a record of type cart
	source_updated_at	INTEGER,
	site			TEXT REFERENCES site,
	currency		TEXT NOT NULL REFERENCES currency,
	customer_external_id	TEXT,
	phone			TEXT,
	email			TEXT,
	link			TEXT,
	order_external_id	TEXT,			-- the source says which order it became
	UNIQUE (source, external_id)
) STRICT;
CREATE INDEX cart_customer ON cart (customer_id, order_id, order_external_id);
CREATE INDEX cart_order ON cart (order_id);
CREATE INDEX cart_awaits ON cart (source, order_external_id)
	WHERE order_external_id IS NOT NULL;
CREATE INDEX cart_customer_external ON cart (source, customer_external_id);

CREATE TABLE cart_item (
	cart_id		INTEGER NOT NULL REFERENCES cart ON DELETE CASCADE,
	line		INTEGER NOT NULL,
	offer_id	INTEGER REFERENCES offer,
	sku		TEXT,
	name		TEXT NOT NULL,
	quantity	INTEGER NOT NULL CHECK (quantity > 0),	-- 1/1000
	price		INTEGER CHECK (price >= 0),		-- 1/10000, of one; NULL: not told
	PRIMARY KEY (cart_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX cart_item_offer ON cart_item (offer_id);

-- Intake ----------------------------------------------------------------------

-- Records that could not be taken, kept until they can. The same record is
-- kept once while it is open.
CREATE TABLE reject (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	run_id		INTEGER NOT NULL REFERENCES run,
	at		INTEGER NOT NULL,
	entity		TEXT NOT NULL CHECK (entity IN ('order', 'customer', 'offer', 'cart')),	-- what it would have become
	source		TEXT NOT NULL,
	place		TEXT NOT NULL,			-- orders.csv:204
	format		TEXT NOT NULL,			-- ndjson, woocommerce, yml, ...
	map_file	TEXT,				-- how to read it again
	external_id	TEXT,				-- when that could be read
	record		TEXT NOT NULL,
	record_hash	TEXT NOT NULL,
	reason		TEXT NOT NULL,
	resolved_at	INTEGER,		-- taken after all
	dismissed_at	INTEGER			-- a person says that it is nothing
) STRICT;
CREATE UNIQUE INDEX reject_open ON reject (record_hash) WHERE resolved_at IS NULL;

-- How far a source has been read; stored with the records before it.
CREATE TABLE told (
	receiver	TEXT NOT NULL,
	order_id	INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
	history_id	INTEGER NOT NULL,	-- it has the order's changes up to that one
	PRIMARY KEY (receiver, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_order ON told (order_id);
CREATE TABLE cursor (
	source	TEXT PRIMARY KEY,
	value	TEXT NOT NULL,
	at	INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
