-- Let the loader make the temporary table that takes what COPY refuses: by default everybody may.
-- Writes the catalog. Safe to repeat.
GRANT TEMP ON DATABASE DEFAULT TO {{ loader }}
