"""What databases say in words of their own, as far as we read them; nothing heavy is loaded."""

import re
from typing import Final

NO_TABLES: Final = re.compile(r'no such (table|column)|(relation|column) "\S*" does not exist')
"""A table or a column is lacking, on SQLite and on PostgreSQL."""
