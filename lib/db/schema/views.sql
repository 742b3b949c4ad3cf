-- The documented, stable face of the database for the sqlite3 shell and BI
-- tools: amounts as decimals, times as ISO text in UTC. See crm-schema(5).

CREATE VIEW v_orders AS
SELECT o.order_no, o.source, o.external_id, o.site, o.order_method,
	o.status, s.name AS status_name, s.status_group, o.status_reason,
	strftime('%Y-%m-%dT%H:%M:%SZ', o.status_at, 'unixepoch') AS status_at,
	o.manager,
	strftime('%Y-%m-%dT%H:%M:%SZ', o.placed_at, 'unixepoch') AS placed_at,
	o.customer_id, o.customer_name, o.phone, o.email, o.currency,
	o.items_minor * 1.0 / c.unit AS items,
	o.total_minor * 1.0 / c.unit AS total,
	o.paid_minor * 1.0 / c.unit AS paid,
	o.refunded_minor * 1.0 / c.unit AS refunded,
	o.cost_minor * 1.0 / c.unit AS cost,
	o.source_total_minor * 1.0 / c.unit AS source_total, o.source_codes,
	s.is_revenue, s.is_cancel,
	o.utm_source, o.utm_medium, o.utm_campaign, o.utm_content, o.utm_term,
	o.coupon, o.call_wanted, o.delivery_type, o.delivery_on,
	o.delivery_from, o.delivery_to, o.courier, o.ship_on, o.tracking_no,
	o.store, o.delivery_net_minor * 1.0 / c.unit AS delivery_net,
	o.delivery_country, o.delivery_region, o.delivery_city,
	o.delivery_postcode, o.delivery_street, o.delivery_building,
	o.delivery_flat, o.delivery_address, o.customer_comment,
	o.manager_comment,
	o.double_of,
	strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at, 'unixepoch') AS created_at,
	strftime('%Y-%m-%dT%H:%M:%SZ', o.updated_at, 'unixepoch') AS updated_at,
	o.rev, o.id AS order_id
FROM orders o
JOIN status s ON s.code = o.status
JOIN currency c ON c.code = o.currency;

CREATE VIEW v_items AS
SELECT o.order_no, i.line, i.sku, i.name,
	i.quantity / 1000.0 AS quantity, i.price / 10000.0 AS price,
	i.discount_minor * 1.0 / c.unit AS discount,
	i.sum_minor * 1.0 / c.unit AS sum, o.currency,
	i.purchase_price / 10000.0 AS purchase_price,
	o.status, s.status_group,
	strftime('%Y-%m-%dT%H:%M:%SZ', o.placed_at, 'unixepoch') AS placed_at,
	i.offer_id, i.order_id
FROM order_item i
JOIN orders o ON o.id = i.order_id
JOIN status s ON s.code = o.status
JOIN currency c ON c.code = o.currency;

CREATE VIEW v_charges AS
SELECT o.order_no, h.line, h.kind, h.name,
	h.amount_minor * 1.0 / c.unit AS amount, h.included, o.currency, h.order_id
FROM charge h
JOIN orders o ON o.id = h.order_id
JOIN currency c ON c.code = o.currency;

CREATE VIEW v_payments AS
SELECT o.order_no, p.line, p.type, p.status, t.is_paid,
	p.amount_minor * 1.0 / c.unit AS amount, o.currency,
	strftime('%Y-%m-%dT%H:%M:%SZ', p.paid_at, 'unixepoch') AS paid_at,
	p.comment, p.order_id
FROM payment p
JOIN orders o ON o.id = p.order_id
JOIN currency c ON c.code = o.currency
LEFT JOIN payment_status t ON t.code = p.status;

CREATE VIEW v_refunds AS
SELECT o.order_no, r.line, r.amount_minor * 1.0 / c.unit AS amount, o.currency,
	strftime('%Y-%m-%dT%H:%M:%SZ', r.refunded_at, 'unixepoch') AS refunded_at,
	r.reason, r.order_id
FROM refund r
JOIN orders o ON o.id = r.order_id
JOIN currency c ON c.code = o.currency;

CREATE VIEW v_offers AS
SELECT f.id AS offer_id, f.sku, f.name, f.price / 10000.0 AS price,
	f.purchase_price / 10000.0 AS purchase_price, f.currency, f.unit,
	f.weight / 1000.0 AS weight, f.available, f.active,
	(SELECT group_concat(barcode, ', ') FROM offer_barcode
	  WHERE offer_id = f.id) AS barcodes,
	p.name AS product, p.brand,
	(SELECT group_concat(c.name, ', ')
	  FROM product_category k JOIN category c ON c.id = k.category_id
	  WHERE k.product_id = p.id) AS categories,
	strftime('%Y-%m-%dT%H:%M:%SZ', f.updated_at, 'unixepoch') AS updated_at,
	f.product_id
FROM offer f
LEFT JOIN product p ON p.id = f.product_id;

CREATE VIEW v_customers AS
SELECT u.id AS customer_id, u.name, u.vip, u.bad, u.birthday_on,
	(SELECT group_concat(value, ', ') FROM contact
	  WHERE customer_id = u.id AND kind = 'phone') AS phones,
	(SELECT group_concat(value, ', ') FROM contact
	  WHERE customer_id = u.id AND kind = 'email') AS emails,
	(SELECT count(*) FROM orders WHERE customer_id IN
	  (SELECT id FROM customer
	    WHERE (id = u.id AND merged_into IS NULL) OR merged_into = u.id))
	  AS orders,
	strftime('%Y-%m-%dT%H:%M:%SZ', u.created_at, 'unixepoch') AS created_at,
	u.merged_into
FROM customer u;

CREATE VIEW v_carts AS
SELECT k.id AS cart_id, k.source, k.external_id, k.site,
	CASE WHEN k.order_id IS NOT NULL OR k.order_external_id IS NOT NULL
	  THEN 'closed' WHEN k.cleared_at IS NOT NULL THEN 'cleared'
	  ELSE 'open' END AS state,
	k.customer_id, u.name AS customer_name, k.customer_external_id,
	k.phone, k.email, k.currency,
	(SELECT count(*) FROM cart_item WHERE cart_id = k.id) AS items,
	(SELECT round(sum(price / 10000.0 * quantity / 1000.0), c.places)
	  FROM cart_item WHERE cart_id = k.id) AS total,
	strftime('%Y-%m-%dT%H:%M:%SZ', k.changed_at, 'unixepoch') AS changed_at,
	strftime('%Y-%m-%dT%H:%M:%SZ', k.cleared_at, 'unixepoch') AS cleared_at,
	o.order_no,
	strftime('%Y-%m-%dT%H:%M:%SZ', o.placed_at, 'unixepoch') AS placed_at,
	k.link,
	strftime('%Y-%m-%dT%H:%M:%SZ', k.source_updated_at, 'unixepoch')
	  AS source_updated_at,
	strftime('%Y-%m-%dT%H:%M:%SZ', k.created_at, 'unixepoch') AS created_at
FROM cart k
JOIN currency c ON c.code = k.currency
LEFT JOIN customer u ON u.id = k.customer_id
LEFT JOIN orders o ON o.id = k.order_id;

CREATE VIEW v_cart_items AS
SELECT k.source, k.external_id, i.line, i.sku, i.name,
	i.quantity / 1000.0 AS quantity, i.price / 10000.0 AS price,
	k.currency, i.offer_id, i.cart_id
FROM cart_item i
JOIN cart k ON k.id = i.cart_id;

CREATE VIEW v_history AS
SELECT h.id, strftime('%Y-%m-%dT%H:%M:%SZ', h.at, 'unixepoch') AS at,
	strftime('%Y-%m-%dT%H:%M:%SZ', h.recorded_at, 'unixepoch') AS recorded_at,
	h.run_id, h.actor, h.entity, h.entity_id,
	CASE h.entity WHEN 'order' THEN
	  (SELECT order_no FROM orders WHERE id = h.entity_id) END AS order_no,
	h.item_id, h.field, h.old, h.new
FROM history h;
