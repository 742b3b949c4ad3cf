/*
 * customer - each customer is read or refused, and the end comes. The first byte
 * says how: 'n' as records, a letter as the document of a shop, 'd' as it looks,
 * otherwise as a table with our own headers.
 */
#include "base/when.h"
#include "intake.h"

static bool
knows(void *arg, const char *table, const char *code)
{
	(void)arg;
	need(is_text(table) && is_text(code));
	return *code != 'u';
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = { ['i'] = "insales",
		['m'] = "moysklad",
		['n'] = "ndjson",
		['r'] = "retailcrm",
		['s'] = "shopify",
		['w'] = "woocommerce",
		['z'] = NULL };
	struct intake_options options = {
		.source = "fuzz",
		.country = "BY",
		.currency = "BYN",
		.customers = true,
		.warn = check_warning,
		.knows = knows,
	};

	if (size == 0)
		return 0;
	if (data[0] < ARRAY_LEN(formats))
		options.format = formats[data[0]];
	if (options.format == NULL && data[0] != 'd')
		options.format = "flat";
	check_stream(data + 1, size - 1, &options);
	need(strcmp(when_zone_name(), "UTC") == 0);
	return 0;
}
