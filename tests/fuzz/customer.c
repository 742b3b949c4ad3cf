/*
 * customer - each customer is read or refused, and the end comes. What the first
 * byte does not know is a table with our own headers.
 */
#include "intake.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intake_options options = {
		.source = "fuzz",
		.country = "BY",
		.currency = "BYN",
		.customers = true,
	};

	check_letter(data, size, &options, "flat");
	return 0;
}
