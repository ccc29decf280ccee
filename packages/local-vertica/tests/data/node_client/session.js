// One session of vertica-nodejs; prints what each step saw as JSON. Address and password come from
// V_HOST, V_PORT, V_USER, V_PASSWORD, V_DATABASE, which the client reads by itself.
'use strict'

const fs = require('fs')
const path = require('path')
const { Readable } = require('stream')
const { createRequire } = require('module')
const { Client, Pool, Query } = createRequire(path.join(process.cwd(), 'package.json'))('vertica-nodejs')

const [folder, certificate] = process.argv.slice(2)
const INTERVAL_YEAR_TO_MONTH = 114
const COLUMNS = `b BOOLEAN, i INT, f FLOAT, n NUMERIC(10,2), c CHAR(3), v VARCHAR(20), lv LONG VARCHAR(20),
  d DATE, t TIME, ts TIMESTAMP, tz TIMESTAMPTZ, iv INTERVAL DAY TO SECOND, ym INTERVAL YEAR TO MONTH,
  vb VARBINARY(5), u UUID`
const ROW = [true, -7, 1.5, '12.30', 'ab', "О'Коннор \\ x", 'long', '2024-02-29', '23:59:58.5', '2024-02-29 23:59:58.25',
  '2024-02-29 12:00:00+00', '1 02:03:04.5', '1-2', '\\000\\134\\377', '6bbf0744-74b4-46b9-bb05-53905d4538e7']
const SLOW = 'SELECT COUNT(*) FROM few a JOIN few b ON a.n + b.n > a.n * b.n JOIN few c ON b.n + c.n > b.n * c.n'
const NULLS = ROW.map(() => null)

async function connected(options, use) {
  const client = new Client(options)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function values(client, text, given) {
  const result = await client.query({ text, values: given, rowMode: 'array' })
  return result.rows
}

// The fields of an error that a caller can act on.
async function refusal(promise) {
  try {
    await promise
  } catch (error) {
    return [error.code, error.severity, error.message]
  }
  return 'nothing was refused'
}

// When Execute fails this client sends Sync twice, and takes the second answer for that of the next
// query; so wait for both.
async function executeRefusal(client, text, given) {
  const ready = new Promise((resolve) => {
    let answers = 0
    client.connection.on('readyForQuery', () => (answers += 1) === 2 && resolve())
  })
  const told = await refusal(client.query(text, given))
  await ready
  return told
}

function file(name, text) {
  const full = path.join(folder, name)
  if (text !== undefined) fs.writeFileSync(full, text)
  return full
}

const steps = {
  async password_is_asked_for() {
    const wrong = await refusal(connected({ password: 'wrong' }, () => null))
    return [wrong, await connected({}, (client) => values(client, 'SELECT 1'))]
  },

  async tls() {
    const ask = (client) => values(client, 'SELECT 1')
    const trusted = { tls_trusted_certs: certificate }
    return [
      await connected({ tls_mode: 'require' }, ask),
      await connected({ tls_mode: 'verify-ca', ...trusted }, ask),
      await connected({ tls_mode: 'verify-full', ...trusted }, ask),
    ]
  },

  async label_and_pool() {
    const pool = new Pool({ max: 2, client_label: 'node label' })
    const asked = [1, 2, 3].map((n) => pool.query('SELECT ?::INT AS n', [n]))
    const numbers = (await Promise.all(asked)).map((result) => result.rows[0].n)
    const label = await pool.query('SELECT client_label FROM current_session')
    await pool.end()
    return [numbers, label.rows]
  },

  async every_type(client) {
    const result = await client.query({ text: 'SELECT * FROM every_type ORDER BY i', rowMode: 'array' })
    return [result.fields.map((field) => [field.name, field.dataTypeID]), result.rows]
  },

  async several_statements(client) {
    const results = await client.query("SELECT 1 AS a; INSERT INTO few VALUES (1, 'x'); SELECT v FROM few; DELETE FROM few")
    return results.map((result) => [result.command, result.rows])
  },

  async empty_query(client) {
    return [await values(client, ''), await values(client, '-- nothing')]
  },

  async prepared_select(client) {
    const query = { name: 'by_number', text: 'SELECT v, ? + 1 AS n FROM every_type WHERE i = ? AND b = ?', rowMode: 'array' }
    const first = await client.query({ ...query, values: [1, -7, true] })
    const second = await client.query({ ...query, values: [2, -7, false] })
    return [first.rows, second.rows]
  },

  async prepared_delete_tells_the_count(client) {
    await client.query("INSERT INTO few SELECT 1, 'x' UNION ALL SELECT 2, 'y'")
    return values(client, 'DELETE FROM few WHERE n < ?', [5])
  },

  async simple_errors(client) {
    const wrong = ['SELEC 1', 'SELECT 1/0', 'SELECT * FROM nowhere', 'SELECT x FROM few', 'CREATE TABLE few (a INT)',
      'SELECT nosuch(1)', "INSERT INTO few VALUES ('a', 'b')", "INSERT INTO few VALUES (1, 'toolong')",
      'DROP SCHEMA nowhere', "SET SESSION AUTOCOMMIT TO MAYBE"]
    const answers = []
    for (const text of wrong) {
      answers.push([text, ...(await refusal(client.query(text))), await values(client, 'SELECT 1')])
    }
    return answers
  },

  async prepared_errors(client) {
    const [insert, divide] = ['INSERT INTO few VALUES (?, ?)', 'SELECT 1/?::INT']
    const prepared = [['SELEC ?', [1]], ['SELECT * FROM nowhere WHERE a = ?', [1]], ['SELECT ?::INT; SELECT 2', [1]],
      [insert, ['one', 'x']], [insert, [1]]]
    const executed = [[divide, [0]], [insert, [1, 'toolong']]]
    const answers = []
    for (const [text, given] of prepared) {
      answers.push([text, ...(await refusal(client.query(text, given))), await values(client, 'SELECT ?::INT', [1])])
    }
    for (const [text, given] of executed) {
      answers.push([text, ...(await executeRefusal(client, text, given)), await values(client, 'SELECT ?::INT', [1])])
    }
    return answers
  },

  async transactions(client) {
    const count = () => values(client, 'SELECT COUNT(*) FROM few')
    const seen = []
    await client.query("BEGIN; INSERT INTO few VALUES (1, 'x'); ROLLBACK")
    seen.push(await count())
    await client.query('BEGIN')
    await client.query("INSERT INTO few VALUES (1, 'x')")
    seen.push(await refusal(client.query("INSERT INTO few VALUES (2, 'toolong')")))
    await client.query('COMMIT')
    seen.push(await count(), await connected({}, (other) => values(other, 'SELECT COUNT(*) FROM few')))
    await client.query('DELETE FROM few; COMMIT')
    return seen
  },

  async copy_local_files(client) {
    file('part1.dat', '1|a\nx|b\n')
    file('part2.dat', '2|c\n3|d|e\n')
    const [rejects, exceptions] = [file('rejects.txt'), file('exceptions.txt')]
    const text = `COPY few FROM LOCAL '${folder}/part*.dat' REJECTED DATA '${rejects}' EXCEPTIONS '${exceptions}'`
    const loaded = await values(client, text)
    const told = fs.readFileSync(exceptions, 'utf8').includes("Invalid integer format 'x' for column 1 (n)")
    const counts = await values(client, 'SELECT GET_NUM_ACCEPTED_ROWS(), GET_NUM_REJECTED_ROWS()')
    return [loaded, fs.readFileSync(rejects, 'utf8'), told, counts, await values(client, 'SELECT * FROM few ORDER BY n')]
  },

  async copy_local_returns_rejected(client) {
    const result = await client.query(`COPY few FROM LOCAL '${file('part1.dat')}' RETURNREJECTED`)
    return [result.rows, Array.from(result.getRejectedRows(), Number)]
  },

  async copy_local_missing_file(client) {
    const [missing] = await refusal(client.query(`COPY few FROM LOCAL '${folder}/none.dat'`))
    return [missing, await values(client, 'SELECT 1')]
  },

  async copy_local_aborts(client) {
    const text = `COPY few FROM LOCAL '${file('part1.dat')}' ABORT ON ERROR`
    return [(await refusal(client.query(text)))[0], await values(client, 'SELECT 1')]
  },

  async copy_local_stdin(client) {
    await client.query('TRUNCATE TABLE few')
    const lines = Array.from({ length: 20000 }, (_, n) => `${n}|Ж${n % 9}\n`).join('')
    const loaded = await client.query({ text: 'COPY few FROM LOCAL STDIN', copyStream: Readable.from([Buffer.from(lines)]) })
    const kept = await values(client, 'SELECT COUNT(*), SUM(n), MAX(v) FROM few')
    return [loaded.rows, kept]
  },

  async many_rows(client) {
    const rows = await values(client, 'SELECT n, v FROM few ORDER BY n')
    return [rows.length, rows[19999]]
  },

  async timeout_of_the_client() {
    return connected({ query_timeout: 100 }, async (client) => (await refusal(client.query(SLOW)))[2])
  },

  async cancel(client) {
    const slow = new Query(SLOW)
    const told = new Promise((resolve) => slow.on('error', resolve).on('end', resolve))
    client.query(slow)
    setTimeout(() => new Client().cancel(client, slow), 100)
    return [(await told).code, await values(client, 'SELECT 1')]
  },
}

async function main() {
  const seen = {}
  await connected({}, async (client) => {
    client.setTypeParser(INTERVAL_YEAR_TO_MONTH, String) // the client takes 114 for PostgreSQL's JSON
    await client.query(`CREATE TABLE every_type (${COLUMNS}); CREATE TABLE few (n INT, v VARCHAR(5))`)
    const holders = ROW.map(() => '?').join(', ')
    for (const row of [ROW, NULLS]) await client.query(`INSERT INTO every_type VALUES (${holders})`, row)
    await client.query('COMMIT')
    for (const [name, step] of Object.entries(steps)) {
      try {
        seen[name] = await step(client)
      } catch (error) {
        seen[name] = { failed: String(error.stack) }
      }
    }
  })
  process.stdout.write(JSON.stringify(seen))
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
