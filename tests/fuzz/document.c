/*
 * document - each order of a foreign JSON document is read or refused, and the
 * end comes. The first byte says whose it is; 'd' finds that out.
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
		['r'] = "retailcrm",
		['s'] = "shopify",
		['w'] = "woocommerce",
		['z'] = NULL };
	struct intake_options options = {
		.country = "BY",
		.currency = "BYN",
		.warn = check_warning,
		.knows = knows,
	};

	if (size == 0)
		return 0;
	if (data[0] < ARRAY_LEN(formats))
		options.format = formats[data[0]];
	if (options.format == NULL && data[0] != 'd')
		options.format = "woocommerce";
	check_stream(data + 1, size - 1, &options);
	need(strcmp(when_zone_name(), "UTC") == 0);
	return 0;
}
