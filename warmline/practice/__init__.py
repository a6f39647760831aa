"""Practice: the line's own steps with a scripted partner, on a database in memory of its own."""
