"""What the database knows of its own objects: schemas, tables, users, rights."""
