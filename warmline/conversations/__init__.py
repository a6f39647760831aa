"""The stories of a call and of a text, each read from hello to goodbye."""
