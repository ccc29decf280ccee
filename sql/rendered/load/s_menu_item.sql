-- Satellite s_menu_item: insert the parts of exactly those versions that this batch brought into
-- s_restaurant_info; a version holds a digest of its parts, so nothing is compared here.
-- Reads the batch's rows of menu_items. Run once for a batch, behind s_restaurant_info.
INSERT INTO dwh.s_menu_item (hk_restaurant_id, item_no, product_id, product_name, price, category, load_dt, load_id, record_no, load_src)
SELECT
    versions.hk_restaurant_id,
    staged.item_no,
    staged.product_id,
    staged.product_name,
    staged.price,
    staged.category,
    versions.load_dt,
    versions.load_id,
    versions.record_no,
    versions.load_src
FROM dwh.s_restaurant_info AS versions
INNER JOIN staging.menu_items AS staged ON staged.load_id = versions.load_id AND staged.record_no = versions.record_no
WHERE versions.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.load_id IN (SELECT taken.load_id FROM dwh.vault_ledger AS taken WHERE taken.batch_id = :batch_id);
