import { ExactNumber, Fingerprint, Pending, type Plan } from '../../src/core/plan.js'
import { string } from '../../src/core/type.js'
import { change, drifted, field, output, plan, shown } from './plan-literals.js'

const trust = (principal: string, more: readonly string[] = []) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: principal },
        Action: ['sts:AssumeRole', ...more],
        Condition: { StringEquals: { 'sts:ExternalId': 'abc' } },
      },
    ],
  })

/** One of everything that a plan can hold. */
export const everything: Plan = plan({
  changes: [
    change({
      action: 'create',
      address: 'trifacta_person.jane',
      after: shown({
        id: new Pending(),
        email: 'jane@example.com',
        name: 'Jane "JJ" ${Doe}\u001b[31m',
        is_admin: false,
        state: null,
        secret: new Fingerprint('3f1c'),
        quota: new ExactNumber('9007199254740993'),
        motd: 'first line\nsecond line\n',
        tags: new Map([
          ['a b', 'x'],
          ['c', ''],
        ]),
        none: [],
        created_at: new Pending(),
        manager_id: new Pending(['trifacta_person.known']),
      }),
      fields: [
        field({ name: 'email', after: 'jane@example.com' }),
        field({ name: 'manager_id', after: new Pending(['trifacta_person.known']) }),
      ],
    }),
    change({
      action: 'create',
      address: 'trifacta_person.gone',
      reason: 'vanished',
      after: shown({ email: 'gone@example.com' }),
    }),
    change({
      action: 'adopt',
      address: 'trifacta_person.known',
      id: '6',
      importing: { id: '6' },
      before: shown({ id: '6', email: 'known@example.com', name: 'Known', state: 'active' }),
      after: shown({ id: '6', email: 'known@example.com', name: 'Known', state: 'active' }),
    }),
    change({
      action: 'adopt',
      address: 'trifacta_aws_config.known',
      id: '7',
      importing: { id: '7' },
      before: shown({ id: '7', default_bucket: 'old', person_id: '6' }),
      after: shown({ id: '7', default_bucket: 'new', person_id: '6' }),
      fields: [field({ name: 'default_bucket', before: 'old', after: 'new' })],
    }),
    change({
      action: 'update',
      address: 'trifacta_aws_config.team["eu"]',
      previousAddress: 'trifacta_aws_config.eu',
      id: '8',
      before: shown({
        id: '8',
        extra_buckets: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
        role: 'arn:aws:iam::123456789012:role/old',
        region: 'eu-west-1',
        key: 'k',
      }),
      after: shown({
        id: '8',
        extra_buckets: ['a', 'b', 'c', 'd', 'x', 'f', 'g', 'h'],
        role: null,
        region: 'eu-west-1',
        key: 'k',
        active_role_id: new Pending(),
      }),
      fields: [
        field({
          name: 'extra_buckets',
          before: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
          after: ['a', 'b', 'c', 'd', 'x', 'f', 'g', 'h'],
        }),
        field({ name: 'role', before: 'arn:aws:iam::123456789012:role/old', after: null }),
        field({
          name: 'secret',
          before: new Fingerprint('3f1c'),
          after: new Fingerprint('9ab2'),
          writeOnly: true,
        }),
      ],
      consequences: [{ kind: 'loses-access', text: 'jane@example.com no longer reaches bucket e' }],
    }),
    change({
      action: 'update',
      address: 'vault_aws_role.ci',
      id: 'aws/roles/ci',
      before: shown({ id: 'aws/roles/ci', name: 'ci' }),
      after: shown({ id: 'aws/roles/ci', name: 'ci' }),
      fields: [
        field({
          name: 'policy_document',
          before: trust('arn:aws:iam::123456789012:root'),
          after: trust('*', ['sts:TagSession']),
          document: true,
        }),
        field({
          name: 'rules',
          before: [shown({ path: 'a', allow: true }), shown({ path: 'b', allow: true })],
          after: [shown({ path: 'a', allow: false }), shown({ path: 'b', allow: true })],
        }),
        field({
          name: 'settings',
          before: shown({ ttl: 3600, region: 'eu', gone: 1 }),
          after: shown({ ttl: 7200, region: 'eu', fresh: [1] }),
        }),
        field({ name: 'motd', before: 'one\ntwo\nthree\n', after: 'one\nTWO\nthree\n' }),
        field({ name: 'kind', before: ['a'], after: 'a' }),
        field({ name: 'token', before: 'was-clear-text', after: new Fingerprint('77aa') }),
      ],
      consequences: [
        { kind: 'widens-access', text: 'anyone may assume the role' },
        { kind: 'note', text: 'tokens that were issued before stay valid' },
      ],
    }),
    change({
      action: 'replace',
      address: 'vault_aws_mount.main',
      id: 'aws/',
      reason: 'immutable-field',
      before: shown({ id: 'aws/', path: 'aws/', accessor: 'aws_1', description: 'x' }),
      after: shown({ id: new Pending(), path: 'aws2/', accessor: new Pending(), description: 'x' }),
      fields: [field({ name: 'path', before: 'aws/', after: 'aws2/', forcesReplacement: true })],
    }),
    change({
      action: 'replace',
      address: 'vault_aws_role.asked',
      id: 'aws/roles/asked',
      reason: 'replace-requested',
      createBeforeDestroy: true,
      before: shown({ id: 'aws/roles/asked' }),
      after: shown({ id: new Pending() }),
    }),
    change({
      action: 'move',
      address: 'trifacta_person.new',
      previousAddress: 'trifacta_person.old',
      id: '9',
      before: shown({ id: '9', email: 'n@example.com', state: 'active' }),
      after: shown({ id: '9', email: 'n@example.com', state: 'active' }),
    }),
    change({
      action: 'read',
      address: 'data.trifacta_people.all',
      reason: 'inputs-known-at-apply',
      after: shown({ filter: new Pending(['trifacta_person.jane']), people: new Pending() }),
    }),
    change({
      action: 'forget',
      address: 'trifacta_person.kept',
      reason: 'not-in-configuration',
      destroys: 'keep',
      id: '10',
      before: shown({ id: '10', email: 'kept@example.com', state: 'active' }),
    }),
    change({
      action: 'delete',
      address: 'trifacta_aws_config.team["us"]',
      reason: 'key-not-in-for-each',
      destroys: 'delete',
      origin: 'adopted',
      id: '11',
      before: shown({ id: '11', extra_buckets: ['a'], created_at: '2026-01-01', external_id: 'x-1' }),
      fields: [
        field({ name: 'extra_buckets', before: ['a'] }),
        field({ name: 'secret', before: new Fingerprint('3f1c'), writeOnly: true }),
      ],
      consequences: [{ kind: 'loses-access', text: 'bob@example.com no longer reaches bucket a' }],
    }),
    change({
      action: 'delete',
      address: 'tines_credential.aws',
      deposedKey: 'c0ffee12',
      reason: 'deposed',
      destroys: 'delete',
      id: '12',
      before: shown({ id: '12', name: 'aws' }),
    }),
    change({ action: 'keep', address: 'trifacta_person.same', id: '13' }),
  ],
  outputs: [
    output({ name: 'people', action: 'create', after: ['a', 'b'] }),
    output({ name: 'roles', action: 'update', before: shown({ a: 1 }), after: new Pending() }),
    output({
      name: 'secret',
      action: 'update',
      before: new Fingerprint('1'),
      after: new Fingerprint('2'),
      sensitive: true,
    }),
    output({ name: 'old', action: 'delete', before: 'x', type: string }),
    output({ name: 'same', action: 'keep', before: 'x', after: 'x' }),
  ],
  drift: [
    drifted({
      kind: 'changed',
      address: 'trifacta_person.known',
      type: 'trifacta_person',
      id: '6',
      name: 'known@example.com',
      fields: [field({ name: 'is_admin', before: false, after: true })],
    }),
    drifted({ kind: 'vanished', address: 'trifacta_person.gone', type: 'trifacta_person', id: '5' }),
  ],
  recovered: [
    {
      address: 'trifacta_person.jane',
      action: 'create',
      outcome: 'not-found',
      text: 'The service does not have it, so it is created now.',
    },
  ],
  leftOut: ['trifacta_person.zoe', 'trifacta_aws_config.zoe'],
  counts: { adopt: 2, add: 4, change: 3, destroy: 4, move: 2, forget: 1 },
})
