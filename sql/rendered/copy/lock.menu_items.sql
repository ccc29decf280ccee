-- Let no other session load into the table until this transaction ends; readers go on.
LOCK TABLE staging.menu_items IN EXCLUSIVE MODE;
