-- Orders of an OpenCart shop (2.x to 4.x) as a table for order-import:
--
--	mysql --batch --default-character-set=utf8mb4 opencart <orders.sql \
--	    | order-import --format opencart
--
-- The tables' prefix is oc_ here; another one goes in by
-- sed 's/\boc_/shop_/g' orders.sql. Times are those of the server: name its
-- zone in a map (timezone = "Europe/Moscow") when it is not the shop's.
-- One row an item. An order whose status is 0 is a checkout that was left and
-- no order. For the last days alone add: AND o.date_modified >= CURDATE() -
-- INTERVAL 3 DAY.
SELECT
	o.order_id AS opencart_order,
	o.date_added,
	o.date_modified,
	s.name AS order_status,
	o.currency_code,
	IF(o.customer_id > 0, o.customer_id, NULL) AS customer_id,
	TRIM(CONCAT(o.firstname, ' ', o.lastname)) AS customer,
	o.telephone,
	o.email,
	o.comment,
	o.shipping_country,
	o.shipping_zone,
	o.shipping_city,
	o.shipping_postcode,
	o.shipping_address_1,
	o.shipping_address_2,
	(SELECT t.title FROM oc_order_total t WHERE t.order_id = o.order_id
	    AND t.code = 'shipping' LIMIT 1) AS shipping_title,
	o.payment_code,
	p.order_product_id,
	COALESCE(NULLIF(c.sku, ''), p.model) AS sku,
	p.name AS product,
	p.quantity,
	ROUND(p.price * o.currency_value, 4) AS price,
	(SELECT ROUND(SUM(t.value) * o.currency_value, 2) FROM oc_order_total t
	    WHERE t.order_id = o.order_id AND t.code = 'shipping') AS shipping,
	(SELECT ROUND(SUM(t.value) * o.currency_value, 2) FROM oc_order_total t
	    WHERE t.order_id = o.order_id AND t.code = 'tax') AS tax,
	(SELECT ROUND(SUM(t.value) * o.currency_value, 2) FROM oc_order_total t
	    WHERE t.order_id = o.order_id AND t.value < 0
	    AND t.code NOT IN ('sub_total', 'shipping', 'tax', 'total'))
	    AS discount,
	(SELECT ROUND(SUM(t.value) * o.currency_value, 2) FROM oc_order_total t
	    WHERE t.order_id = o.order_id AND t.value > 0
	    AND t.code NOT IN ('sub_total', 'shipping', 'tax', 'total'))
	    AS fee,
	(SELECT GROUP_CONCAT(t.title SEPARATOR ', ') FROM oc_order_total t
	    WHERE t.order_id = o.order_id AND t.code = 'coupon') AS coupon,
	ROUND(o.total * o.currency_value, 2) AS total
FROM oc_order o
JOIN oc_order_product p ON p.order_id = o.order_id
LEFT JOIN oc_product c ON c.product_id = p.product_id
LEFT JOIN oc_order_status s ON s.order_status_id = o.order_status_id
	AND s.language_id = o.language_id
WHERE o.order_status_id > 0
ORDER BY o.order_id, p.order_product_id;
