/* phone.h - phone numbers as E.164. */
#ifndef CRM_PHONE_H
#define CRM_PHONE_H

#include "base/arena.h"

/*
 * "8 (916) 123-45-67" with country "RU" is "+79161234567"; "80 29 123-45-67"
 * with "BY" is "+375291234567"; "+44 20 7946 0000" is itself. Text that does
 * not come out as a number of its country, or of 8 to 15 digits after "+" or
 * "00", is returned trimmed and otherwise as it was: nothing is lost, but it
 * identifies nobody (phone_is_e164). Countries known for national forms: RU, KZ,
 * BY, UA; others need the international form. country may be NULL. In a.
 */
const char *phone_normal(const char *s, const char *country, struct arena *a);

/* Is it "+" and 8 to 15 digits? Then it tells who it is. */
bool phone_is_e164(const char *s);

#endif
