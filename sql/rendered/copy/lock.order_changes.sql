-- Let no other session load into the table until this transaction ends; readers go on.
LOCK TABLE staging.order_changes IN EXCLUSIVE MODE;
