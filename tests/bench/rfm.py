#!/usr/bin/python3
"""rfm.py DB summary|customers - scores of all customers with pandas."""
import pathlib
import sqlite3
import sys

import pandas

db = sqlite3.connect(sys.argv[1])
orders = pandas.read_sql("SELECT customer_id, placed_at, total_minor FROM orders"
                         " WHERE status IN ('complete', 'partially-completed')", db)
c = orders.groupby('customer_id').agg(r=('placed_at', 'max'), f=('placed_at', 'size'),
                                      m=('total_minor', 'sum'))
for key in 'rfm':
    c[key + '_score'] = pandas.qcut(c[key].rank(method='first'), 5, labels=False) + 1
if sys.argv[2] == 'summary':
    c.groupby(['r_score', 'f_score', 'm_score']).agg(
        customers=('m', 'size'), orders=('f', 'sum'), revenue=('m', 'sum')).to_csv(sys.stdout)
else:
    db.executescript(pathlib.Path(__file__).with_name('person.sql').read_text())
    person = pandas.read_sql('SELECT * FROM person', db, index_col='customer_id')
    c.join(person).to_csv(sys.stdout)
