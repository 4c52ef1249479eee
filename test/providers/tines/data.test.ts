import t from 'tap'
import { credentialData, folderData, teamData } from '../../../src/providers/tines/data.js'
import { tines } from '../../fixtures/tines-calls.js'
import { openTinesBench } from '../../fixtures/tines-connection.js'

t.test('a team is found by name, whatever its case, or by number', async (t) => {
  const bench = await openTinesBench(t)
  const expected = { id: '2', name: 'Security', slug: 'security' }
  t.strictSame(await teamData.read(bench.api(), { id: null, name: 'security ' }), expected)
  t.strictSame(await teamData.read(bench.api(), { id: '2', name: null }), expected)
  const message = (text: RegExp) => ({ message: text })
  await t.rejects(
    teamData.read(bench.api(), { id: null, name: 'SOC' }),
    message(/the team "SOC": there is none of this name/),
  )
  await t.rejects(teamData.read(bench.api(), { id: '9', name: null }), message(/there is no such team/))
  await tines(bench.plane, 'POST', '/teams', { name: 'SECURITY' })
  await t.rejects(
    teamData.read(bench.api(), { id: null, name: 'Security' }),
    message(/2 have this name: 2, 4/),
  )
})

t.test('who looks for a name that is not there is told what is', async (t) => {
  const bench = await openTinesBench(t)
  const help = (text: RegExp) => ({ message: /none of this name/, facts: { help: text } })
  await t.rejects(
    teamData.read(bench.api(), { id: null, name: 'Securty' }),
    help(/^Did you mean "Security"\? Upper/),
  )
  await t.rejects(
    teamData.read(bench.api(), { id: null, name: 'SOC' }),
    help(/^There are "[^"]+", "Security", "[^"]+"\./),
  )
  for (let i = 1; i <= 4; i++) await tines(bench.plane, 'POST', '/teams', { name: `Team number ${i}` })
  await t.rejects(teamData.read(bench.api(), { id: null, name: 'SOC' }), help(/ and 2 more\./))
  const folder = { team_id: '2', name: 'aws', content_type: 'RESOURCE' }
  await t.rejects(folderData.read(bench.api(), folder), help(/^It sees none at all/))
})

t.test('a folder is one of its team and kind', async (t) => {
  const bench = await openTinesBench(t)
  for (const [team_id, content_type] of [
    [2, 'STORY'],
    [3, 'CREDENTIAL'],
    [2, 'CREDENTIAL'],
  ] as const)
    await tines(bench.plane, 'POST', '/folders', { name: 'AWS', content_type, team_id })
  const inputs = { team_id: '2', name: 'aws', content_type: 'CREDENTIAL' }
  t.strictSame(await folderData.read(bench.api(), inputs), {
    team_id: '2',
    name: 'AWS',
    content_type: 'CREDENTIAL',
    id: '3',
    parent_folder_id: null,
  })
  await t.rejects(folderData.read(bench.api(), { ...inputs, content_type: 'RESOURCE' }), {
    message: /the RESOURCE folder "aws" of team 2: there is none/,
  })
})

t.test('a credential is looked up by team and name, and shows no more than the service does', async (t) => {
  const bench = await openTinesBench(t)
  await tines(bench.plane, 'POST', '/user_credentials', {
    name: 'AWS',
    mode: 'AWS',
    team_id: 2,
    aws_authentication_type: 'ROLE',
    aws_assumed_role_arn: 'arn:aws:iam::123456789012:role/x',
    metadata: { a: 'b', n: 1 },
  })
  const found = await credentialData.read(bench.api(), { team_id: '2', name: 'aws' })
  t.match(found, {
    id: '1',
    name: 'AWS',
    mode: 'AWS',
    slug: 'aws',
    aws_authentication_type: 'ROLE',
    aws_assumed_role_external_id: /^[0-9a-f-]{36}$/,
  })
  t.strictSame(
    found.metadata,
    new Map([
      ['a', 'b'],
      ['n', '1'],
    ]),
  )
  t.strictSame(Object.keys(found).sort(), [...credentialData.schema.attributes.keys()].sort())
  await t.rejects(credentialData.read(bench.api(), { team_id: '3', name: 'aws' }), {
    message: /"aws" of team 3: there is no credential/,
  })
})
