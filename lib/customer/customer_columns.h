/*
 * customer_columns.h - the columns of table customer that are fields, in the
 * order of customer_fields, and their parameters; for customer_load.c and
 * customer_save.c alone. tests/unit/customer.c compares them with the table.
 */
#ifndef CUSTOMER_CUSTOMER_COLUMNS_H
#define CUSTOMER_CUSTOMER_COLUMNS_H

#define CUSTOMER_COLUMNS                                                 \
	" name, birthday_on, vip, bad, country, region, city, postcode," \
	" street, building, flat, address "

#define CUSTOMER_PARAMS                                               \
	" :name, :birthday_on, :vip, :bad, :country, :region, :city," \
	" :postcode, :street, :building, :flat, :address "

#endif
