"""From lines of JSON to the rows of staging tables, judged by the rules that CSV is judged by.

A line is decoded strictly (`decoding`), its values are picked into columns of text by the paths of
the contract (`picking`), and each staging table's columns are converted and judged (`rows`). A
document is accepted with all its children or refused whole, with the reasons of all of them
(`groups`). `splitting` does so for lines, `variants` for JSON in a column of a CSV file.

The reasons:

- The column's name stands before the rule, as in CSV: `order_id: missing`.
- Within an array it is the place in the document, its elements counted from 0 as JSON paths count
  them: `order_items[2].quantity: not an integer`. The rows in staging are numbered from 1.
- Within the JSON of a column it is the place under that column: `event_value.user_id: missing`.
- All of them together stay within what the reject table holds; `record: more reasons` tells that
  there are others.
"""
