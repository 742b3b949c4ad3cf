# orders.awk - n orders of one source with all that records know: lines, charges,
# payments, refunds, notes, a past, customers who come back and customers whose
# keys point at two people, doubles through another door, newer words on an
# order, mistakes, and cursors. Set n= and seed=, perhaps
# first= and source=, before a file that is empty.
function draw(max) { return int(rand() * max) }
function member(name, value) { return sprintf(",\"%s\":\"%s\"", name, value) }
function when(i) { return sprintf("2026-01-%02dT%02d:%02d:%02dZ",
    i % 28 + 1, draw(24), draw(60), draw(60)) }
function amount() { return sprintf("%d.%02d", draw(90), draw(100)) }

function head(no, from) {
	printf "{\"type\":\"order\"%s%s", member("order_no", no),
	    member("source", from)
}

function items(k,    i) {
	printf ",\"items\":["
	for (i = 0; i < k; i++)
		printf "%s{\"sku\":\"S-%d\",\"name\":\"Товар %d\"," \
		    "\"quantity\":%d,\"price\":%s}", i ? "," : "",
		    draw(500), i, 1 + draw(4), amount()
	printf "]"
}

function extras() {
	printf ",\"charges\":[{\"kind\":\"delivery\",\"amount\":%s}", amount()
	if (draw(3) == 0)
		printf ",{\"kind\":\"discount\",\"amount\":-%s}", amount()
	printf "]"
	if (draw(2))
		printf ",\"payments\":[{\"external_id\":\"P\",\"amount\":%s," \
		    "\"status\":\"paid\",\"paid_at\":\"2026-02-01T10:00:00Z\"}]",
		    amount()
	if (draw(10) == 0)
		printf ",\"refunds\":[{\"amount\":%s," \
		    "\"refunded_at\":\"2026-02-02T10:00:00Z\"}]", amount()
	if (draw(3) == 0)
		printf ",\"notes\":[{\"at\":\"2026-01-31T10:00:00Z\"," \
		    "\"text\":\"note %d\\nof two lines\"}]", draw(100)
	if (draw(5) == 0)
		printf ",\"customer_comment\":\"\\\"%d\\\" \\u0416 😀\"",
		    draw(1000)
}

function customer(    who) {
	who = draw(n / 2 + 1)
	if (draw(20) == 0)
		return	# a guest
	printf "%s%s", member("customer_name", "Покупатель " who),
	    member("phone", sprintf("+37529%07d", who))
	if (draw(4) == 0)	# now and then somebody else's
		printf "%s", member("email", sprintf("c%d@example.com",
		    draw(10) ? who : draw(n)))
	if (draw(4) == 0)
		printf "%s", member("customer_external_id", "C-" who)
}

function order(no, updated,    status) {
	status = draw(3) ? "new" : "complete"
	if (draw(100) == 0)
		status = "nonsense"
	head(no, source)
	if (updated)
		printf "%s", member("source_updated_at", "2026-01-31T10:00:00Z")
	printf "%s%s", member("status", status), member("placed_at", when(draw(28)))
	items(1 + draw(4))
	extras()
	customer()
	print "}"
}

# The source has more to say.
function again(no) {
	head(no, source)
	printf "%s%s}\n", member("source_updated_at",
	    sprintf("2026-02-0%dT10:00:00Z", 1 + draw(9))),
	    member("customer_comment", "changed")
}

# The same through two doors, a minute apart.
function twice(i,    k) {
	for (k = 0; k < 2; k++) {
		head("D" k "-" i, source k)
		printf "%s%s", member("placed_at",
		    sprintf("2026-01-15T10:0%d:00Z", k)),
		    member("phone", sprintf("+37533%07d", i))
		print ",\"items\":[{\"sku\":\"D\",\"name\":\"x\"," \
		    "\"quantity\":1,\"price\":5}]}"
	}
}

END {
	srand(seed % 1000000007)
	if (source == "")
		source = "k"
	if (first == "")
		first = 1
	for (i = first; i < first + n; i++) {
		order(source "-" i, i % 20 == 0)
		if (i % 20 == 0)
			again(source "-" i)
		if (i % 25 == 0)
			twice(i)
		if (i % 100 == 50)	# a line that was cut
			print "{\"type\":\"order\",\"order_no\":\"half-" i
		if (i % 100 == 0)
			printf "{\"type\":\"cursor\",\"source\":\"%s\"," \
			    "\"value\":\"%d\"}\n", source, i
	}
}
