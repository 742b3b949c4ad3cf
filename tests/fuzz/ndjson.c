/*
 * ndjson - each line is an order, read at once or later, a cursor or refused,
 * and the end comes.
 */
#include "intake.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intake_options options = {
		.source = "fuzz",
		.country = "BY",
		.currency = "BYN",
		.format = "ndjson",
		.warn = check_warning,
	};

	check_stream(data, size, &options);
	options.leave_rest = true;
	check_stream(data, size, &options);
	return 0;
}
