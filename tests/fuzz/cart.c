/* cart - each is a cart, a cursor or refused, and the end comes. */
#include "intake.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct intake_options options = {
		.source = "fuzz",
		.country = "BY",
		.currency = "BYN",
		.carts = true,
		.warn = check_warning,
	};

	check_stream(data, size, &options);
	return 0;
}
