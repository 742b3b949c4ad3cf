-- Who each customer is: view person of our database.
CREATE TEMP VIEW person AS
SELECT id AS customer_id, name,
    (SELECT value FROM contact WHERE customer_id = c.id AND kind = 'phone'
	ORDER BY place, value LIMIT 1) AS phone,
    (SELECT value FROM contact WHERE customer_id = c.id AND kind = 'email'
	ORDER BY place, value LIMIT 1) AS email
    FROM customer AS c;
