/* money.c - the currencies of ISO 4217 and sums in them. */
#include "base/money.h"

#include <stdio.h>
#include <string.h>

/*
 * Sorted by code, each with its number of decimals. Codes without a minor unit
 * (metals, XDR, tests) and those with four decimals (CLF, UYW) are nothing a
 * shop sells for. BYR, BGN and ANG are of the past, but in the books.
 */
static const char currencies[][5] = { "AED2", "AFN2", "ALL2", "AMD2", "ANG2",
	"AOA2", "ARS2", "AUD2", "AWG2", "AZN2", "BAM2", "BBD2", "BDT2", "BGN2",
	"BHD3", "BIF0", "BMD2", "BND2", "BOB2", "BOV2", "BRL2", "BSD2", "BTN2",
	"BWP2", "BYN2", "BYR0", "BZD2", "CAD2", "CDF2", "CHE2", "CHF2", "CHW2",
	"CLP0", "CNY2", "COP2", "COU2", "CRC2", "CUP2", "CVE2", "CZK2", "DJF0",
	"DKK2", "DOP2", "DZD2", "EGP2", "ERN2", "ETB2", "EUR2", "FJD2", "FKP2",
	"GBP2", "GEL2", "GHS2", "GIP2", "GMD2", "GNF0", "GTQ2", "GYD2", "HKD2",
	"HNL2", "HTG2", "HUF2", "IDR2", "ILS2", "INR2", "IQD3", "IRR2", "ISK0",
	"JMD2", "JOD3", "JPY0", "KES2", "KGS2", "KHR2", "KMF0", "KPW2", "KRW0",
	"KWD3", "KYD2", "KZT2", "LAK2", "LBP2", "LKR2", "LRD2", "LSL2", "LYD3",
	"MAD2", "MDL2", "MGA2", "MKD2", "MMK2", "MNT2", "MOP2", "MRU2", "MUR2",
	"MVR2", "MWK2", "MXN2", "MXV2", "MYR2", "MZN2", "NAD2", "NGN2", "NIO2",
	"NOK2", "NPR2", "NZD2", "OMR3", "PAB2", "PEN2", "PGK2", "PHP2", "PKR2",
	"PLN2", "PYG0", "QAR2", "RON2", "RSD2", "RUB2", "RWF0", "SAR2", "SBD2",
	"SCR2", "SDG2", "SEK2", "SGD2", "SHP2", "SLE2", "SOS2", "SRD2", "SSP2",
	"STN2", "SVC2", "SYP2", "SZL2", "THB2", "TJS2", "TMT2", "TND3", "TOP2",
	"TRY2", "TTD2", "TWD2", "TZS2", "UAH2", "UGX0", "USD2", "USN2", "UYI0",
	"UYU2", "UZS2", "VED2", "VES2", "VND0", "VUV0", "WST2", "XAD2", "XAF0",
	"XCD2", "XCG2", "XOF0", "XPF0", "YER2", "ZAR2", "ZMW2", "ZWG2" };

/* The three letters as a number: each amount asks for a currency's places. */
static uint32_t
letters(const char *code)
{
	const unsigned char *c = (const unsigned char *)code;

	return (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2];
}

int
money_places(const char *currency)
{
	size_t low = 0, high = ARRAY_LEN(currencies), mid;
	uint32_t want, at;

	if (strlen(currency) != 3)
		return -1;
	want = letters(currency);
	while (low < high) {
		mid = (low + high) / 2;
		at = letters(currencies[mid]);
		if (at == want)
			return currencies[mid][3] - '0';
		if (at < want)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

const struct err *
money_parse(const char *s, const char *currency, int64_t *minor)
{
	int places = money_places(currency);

	*minor = 0;
	if (places < 0)
		return err_new(ERR_INPUT, "unknown currency '%s'", currency);
	return decimal_parse(s, places, minor);
}

const char *
money_format(int64_t minor, const char *currency,
    char buf[static DECIMAL_STR_MAX])
{
	int places = money_places(currency);

	return decimal_format(minor, places < 0 ? 2 : places, buf);
}

const char *
money_text(int64_t minor, const char *currency,
    char buf[static DECIMAL_STR_MAX])
{
	size_t len = strlen(money_format(minor, currency, buf));

	snprintf(buf + len, DECIMAL_STR_MAX - len, " %s", currency);
	return buf;
}

const struct err *
money_line(int64_t price, int64_t quantity, const char *currency,
    int64_t *minor)
{
	int places = money_places(currency);
	int64_t scale = 1;

	*minor = 0;
	if (places < 0)
		return err_new(ERR_INPUT, "unknown currency '%s'", currency);
	for (; places < PRICE_PLACES + QUANTITY_PLACES; places++)
		scale *= 10;
	return decimal_muldiv(price, quantity, scale, minor);
}
