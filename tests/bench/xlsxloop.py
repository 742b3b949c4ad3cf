#!/usr/bin/python3
"""xlsxloop.py CELLS WORKBOOK - as xlsxloop.c, with Python's XlsxWriter."""
import sys

import xlsxwriter

book = xlsxwriter.Workbook(sys.argv[2], {'constant_memory': True})
money = book.add_format({'num_format': '#,##0.00'})
last = sheet = None
with open(sys.argv[1], encoding='utf-8') as cells:
    for line in cells:
        name, row, column, kind, value = line.rstrip('\n').split('\t')
        if name != last:
            last = name
            sheet = book.add_worksheet()
        if kind == 'n':
            sheet.write_number(int(row), int(column), float(value), money)
        else:
            sheet.write_string(int(row), int(column), value)
book.close()
