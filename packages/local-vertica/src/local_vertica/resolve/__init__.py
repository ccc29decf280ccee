"""What names mean in a statement, and who may use them."""
