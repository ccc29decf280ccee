"""A network of a few users, groups, messages and log records, small enough to be counted by eye."""

USERS = "id,chat_name,registration_dt,country,age\n"
GROUPS = "id,admin_id,group_name,registration_dt,is_private\n"
DIALOGS = "message_id,message_ts,message_from,message_to,message,message_group\n"
LOG = "group_id,user_id,user_id_from,event,datetime\n"
AWKWARD = 'a "quote", a comma,\na line feed, a back\\slash, \tЯна \u2028 \'); DROP TABLE x --'


def user(number, name="Анна", country="Guam", age="34"):
    """Return a line of users.csv."""
    return f"{number},{name},2021-01-01 00:00:00,{country},{age}\n"


def small_network(vault):
    """Stage one file of each kind."""
    vault.stage("users", USERS + user(1) + user(2) + user(3, age="19.0"))
    vault.stage(
        "groups", GROUPS + "0,1,Группа,2021-01-02 00:00:00.5,1\n7,9,Other,2020-01-01 00:00:00,0\n"
    )
    message = '"' + AWKWARD.replace('"', '""') + '"'
    vault.stage(
        "dialogs",
        DIALOGS + f"10,2021-02-01 00:00:00,2,1,{message},0\n11,2021-02-01 00:00:00,3,1,hi,\n"
        "12,2021-02-02 00:00:00,4,1,,0.0\n",
    )
    vault.stage(
        "group_log",
        LOG
        + "0,2,,add,2021-01-03 00:00:00\n"
        + "0,3,2,add,2021-01-03 00:00:01\n"
        + "0,3,,leave,2021-01-04 00:00:00\n",
    )
