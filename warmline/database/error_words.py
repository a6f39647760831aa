"""Recognises what databases say in words of their own: that a table or column is lacking."""

import re
from typing import Final

NO_TABLES: Final = re.compile(r'no such (table|column)|(relation|column) "\S*" does not exist')
"""A table or a column is lacking, on SQLite and on PostgreSQL."""
