-- Scores of all customers by NTILE, for sqlite3 and DuckDB: view rfm_ntile.
CREATE TEMP VIEW rfm_ntile AS
SELECT customer_id,
    ntile(5) OVER (ORDER BY last_at, customer_id) AS r,
    ntile(5) OVER (ORDER BY orders, customer_id) AS f,
    ntile(5) OVER (ORDER BY total, customer_id) AS m, orders, total
    FROM (SELECT customer_id, max(placed_at) AS last_at, count(*) AS orders,
	sum(total_minor) AS total FROM orders
	WHERE status IN ('complete', 'partially-completed')
	GROUP BY customer_id) AS c;
