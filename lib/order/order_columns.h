/*
 * order_columns.h - the columns of table orders that are fields, in the order
 * of order_fields, and their parameters; for order.c, order_save.c and asof.c
 * alone. tests/unit/order.c compares them with the table.
 */
#ifndef ORDER_ORDER_COLUMNS_H
#define ORDER_ORDER_COLUMNS_H

#define ORDER_COLUMNS                                                       \
	" site, order_method, status, status_reason, manager, placed_at,"   \
	" currency, customer_external_id, customer_name, phone, email,"     \
	" customer_comment, manager_comment, call_wanted, coupon,"          \
	" utm_source, utm_medium, utm_campaign, utm_content, utm_term,"     \
	" delivery_type, delivery_on, delivery_from, delivery_to, courier," \
	" ship_on, tracking_no, store, delivery_net_minor,"                 \
	" delivery_country, delivery_region, delivery_city,"                \
	" delivery_postcode, delivery_street, delivery_building,"           \
	" delivery_flat, delivery_address, source_codes,"                   \
	" source_total_minor "

#define ORDER_PARAMS                                                          \
	" :site, :order_method, :status, :status_reason, :manager,"           \
	" :placed_at, :currency, :customer_external_id, :customer_name,"      \
	" :phone, :email, :customer_comment, :manager_comment, :call_wanted," \
	" :coupon, :utm_source, :utm_medium, :utm_campaign, :utm_content,"    \
	" :utm_term, :delivery_type, :delivery_on, :delivery_from,"           \
	" :delivery_to, :courier, :ship_on, :tracking_no, :store,"            \
	" :delivery_net, :delivery_country, :delivery_region,"                \
	" :delivery_city, :delivery_postcode, :delivery_street,"              \
	" :delivery_building, :delivery_flat, :delivery_address,"             \
	" :source_codes, :source_total "

#endif
