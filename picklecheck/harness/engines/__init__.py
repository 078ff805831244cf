"""How a payload travels from the producer to the receiver."""
