"""The desk: the coordinators' pages, a module a page, and everybody's own."""
