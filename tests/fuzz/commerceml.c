/* commerceml - each document is an order or refused, and the end comes. */
#include "intake.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct intake_options options = {
		.source = "fuzz",
		.country = "RU",
		.currency = "RUB",
		.format = "commerceml",
		.warn = check_warning,
	};

	check_stream(data, size, &options);
	return 0;
}
