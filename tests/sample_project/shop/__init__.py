"""A small application that sends its orders to workers."""
