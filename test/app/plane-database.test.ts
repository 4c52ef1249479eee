import t from 'tap'
import { planeDatabase } from '../../src/app/plane-database.js'
import { Failure } from '../../src/core/diagnostic.js'

const chosen = (database: string) => planeDatabase('/srv/access', { database }, () => undefined).database

t.test('a database is a file of the folder, or an address of PostgreSQL', async (t) => {
  t.equal(chosen('plane.db'), '/srv/access/plane.db')
  t.equal(chosen('/var/a:b.db'), '/var/a:b.db')
  for (const address of ['postgres://a@b/c', 'postgresql://a:p@b:1/c', 'POSTGRES://b/c'])
    t.equal(chosen(address), address)
})

t.test('any other address is refused, and not shown with its password', async (t) => {
  for (const address of ['mysql://a:s3cr3t@b/c', 'pg://a:s3cr3t@b/c', 'file:///srv/s3cr3t.db']) {
    let told: unknown
    t.throws(() => {
      try {
        chosen(address)
      } catch (cause) {
        told = cause
        throw cause
      }
    }, Failure)
    t.match(told, { diagnostics: [{ code: 'app/database-unknown', help: /postgres:/ }] })
    t.notMatch(JSON.stringify((told as Failure).diagnostics), /s3cr3t/)
  }
})
