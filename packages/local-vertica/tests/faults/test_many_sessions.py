"""Many sessions at once on one table."""

from concurrent.futures import ThreadPoolExecutor

from support.driver import log_in

SESSIONS = 16
COPIES = 5
ROWS = 1_000


def test_sixteen_sessions_copy_and_read_at_once(local_vertica):
    """All rows of all sessions arrive once; a reader sees whole COPYs and all of its own."""
    with log_in(local_vertica) as connection:
        connection.cursor().execute("CREATE TABLE crowd (session INT, copy INT, row INT)")

    with ThreadPoolExecutor(SESSIONS) as pool:
        seen = list(pool.map(lambda number: copy_and_read(local_vertica, number), range(SESSIONS)))

    with log_in(local_vertica) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "SELECT session, copy, COUNT(DISTINCT row), COUNT(*) FROM crowd GROUP BY 1, 2"
        )
        found = sorted(tuple(row) for row in cursor.fetchall())
    assert found == [
        (session, copy, ROWS, ROWS) for session in range(SESSIONS) for copy in range(COPIES)
    ]
    for counts in seen:
        assert [own for own, _ in counts] == [ROWS * (copy + 1) for copy in range(COPIES)]
        totals = [total for _, total in counts]
        assert totals == sorted(totals)
        assert not any(total % ROWS for total in totals)


def copy_and_read(server, session):
    """COPY and count in turn; return each time the session's own rows and everybody's."""
    counts = []
    with log_in(server) as connection:
        cursor = connection.cursor()
        for copy in range(COPIES):
            lines = "".join(f"{session}|{copy}|{row}\n" for row in range(ROWS))
            cursor.copy("COPY crowd FROM STDIN ABORT ON ERROR", lines)
            cursor.execute(
                f"SELECT COUNT(CASE WHEN session = {session} THEN 1 END), COUNT(*) FROM crowd"
            )
            counts.append(tuple(cursor.fetchall()[0]))
    return counts
