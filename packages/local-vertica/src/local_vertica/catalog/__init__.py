"""What the database knows of its own objects, and how it shows it."""
