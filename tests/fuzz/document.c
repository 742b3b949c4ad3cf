/*
 * document - each order of a foreign JSON document is read or refused, and the
 * end comes. What the first byte does not know is WooCommerce's.
 */
#include "intake.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intake_options options = { .country = "BY", .currency = "BYN" };

	check_letter(data, size, &options, "woocommerce");
	return 0;
}
