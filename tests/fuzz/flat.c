/*
 * flat - each order of a table is read or refused, and the end comes. The first
 * byte says how the table is read: 'o' by our own headers, 'm' by a map, 'k' by
 * one for a table without numbers.
 */
#include <stdio.h>

#include "base/when.h"
#include "intake.h"
#include "intake/mapping.h"

static const char map_text[] =
    "source = 'sheet'\n"
    "timezone = 'Europe/Minsk'\n"
    "decimal = ','\n"
    "ignore = { 'x' }\n"
    "constant 'currency' { value = 'RUB' }\n"
    "column 'no' { field = 'order_no' }\n"
    "column 'at' { field = 'placed_at'  format = '%d/%m/%y %H:%M' }\n"
    "column 'st' { field = 'status'  values = { 'Да=new', 'Нет=complete' } }\n"
    "column 'sum' { field = 'total' }\n"
    "column 'sku' { field = 'item_sku' }\n"
    "column 'n' { field = 'item_quantity' }\n"
    "column 'p' { field = 'item_price' }\n";

static const char key_text[] = "key = { 'placed_at', 'phone', 'total' }\n"
			       "lines = 'order'\n"
			       "returns = 'accept'\n"
			       "constant 'payment_type' { value = 'cash' }\n"
			       "column 'd' { field = 'discount' }\n";

static struct mapping *
read_map(const char *text)
{
	int fd = memfd_of(text, strlen(text));
	const struct err *err;
	struct mapping *m;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = mapping_read(path, &m);
	need(err == NULL);
	close(fd);
	return m;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mapping *map, *key;
	struct intake_options options = {
		.source = "fuzz",
		.country = "BY",
		.currency = "BYN",
		.format = "flat",
		.warn = check_warning,
	};

	if (map == NULL) {
		map = read_map(map_text);
		key = read_map(key_text);
	}
	if (size == 0)
		return 0;
	if (data[0] == 'm')
		options.map = map;
	else if (data[0] == 'k')
		options.map = key;
	check_stream(data + 1, size - 1, &options);
	need(strcmp(when_zone_name(), "UTC") == 0);
	return 0;
}
