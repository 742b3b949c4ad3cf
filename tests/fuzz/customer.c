/*
 * customer - each customer is read or refused, and the end comes. The first byte
 * says how: 'n' as records, otherwise as a table with our own headers.
 */
#include "intake.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct intake_options options = {
		.source = "fuzz",
		.country = "BY",
		.currency = "BYN",
		.customers = true,
		.format = size != 0 && data[0] == 'n' ? "ndjson" : "flat",
		.warn = check_warning,
	};

	if (size != 0)
		check_stream(data + 1, size - 1, &options);
	return 0;
}
