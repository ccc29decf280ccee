-- The number of a new load. Numbers of loads that fail are lost, which leaves gaps and nothing else.
SELECT NEXTVAL('{{ staging }}.load_ids')
