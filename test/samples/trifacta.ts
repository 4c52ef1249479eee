import type { Sample, Story } from './sample.js'

/** As the platform prints times. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const number = /^[1-9]\d*$/

/** A config with an IAM role, as the page prints it. */
const printedWithRole = {
  printed: {
    extraBuckets: ['extra-one'],
    id: 6,
    credentialProvider: 'temporary',
    role: '<my_iam_role>',
    defaultBucket: 'testing',
    updatedAt: '2019-04-16T23:06:32.049Z',
    createdAt: '2019-04-16T23:06:32.047Z',
    externalId: null,
    credential: null,
  },
  generated: { id: number, updatedAt: time, createdAt: time },
}

/** Release 6.0, "API AWSConfigs Create v4". */
export const createPage: Story = {
  name: 'the page about creating an awsConfig, release 6.0',
  plane: { generation: 'A' },
  samples: [
    {
      name: 'default credential provider',
      method: 'POST',
      path: '/v4/awsConfigs',
      body: {
        mode: 'user',
        credentialProvider: 'default',
        key: '<my_key>',
        secret: '<my_secret>',
        defaultBucket: 'testing',
        extraBuckets: ['extra-one'],
      },
      status: 201,
      printed: {
        extraBuckets: ['extra-one'],
        id: 5,
        credentialProvider: 'default',
        defaultBucket: 'testing',
        updatedAt: '2019-04-16T23:03:30.336Z',
        createdAt: '2019-04-16T23:03:30.257Z',
        role: null,
        externalId: null,
        credential: { id: 22 },
      },
      generated: { id: number, updatedAt: time, createdAt: time, 'credential.id': number },
    },
    {
      name: 'temporary credential provider',
      method: 'POST',
      path: '/v4/awsConfigs',
      body: {
        mode: 'user',
        credentialProvider: 'temporary',
        role: '<my_iam_role>',
        defaultBucket: 'testing',
        extraBuckets: ['extra-one'],
      },
      status: 201,
      ...printedWithRole,
    },
    // The page refers to the one about reading it: the second that was made here.
    { name: 'and read by its id', method: 'GET', path: '/v4/awsConfigs/2', status: 200, ...printedWithRole },
  ],
}

const oldRole = 'arn:aws:iam::123456789012:role/wrangle-old'
const newRole = 'arn:aws:iam::123456789012:role/wrangle-new'
const keys = {
  credentialProvider: 'default',
  key: 'AKIAIOSFODNN7EXAMPLE',
  secret: 's3cret',
  defaultBucket: 'b',
}

/** Makes what the page finds there. */
const made = (path: string, body: Sample['body'] & {}): Sample => ({
  name: `before the page begins: ${path}`,
  method: 'POST',
  path,
  body,
  status: 201,
})
const person = (email: string) =>
  made('/v4/people', { accept: 'accept', email, name: 'n', password: 'p', password2: 'p' })

/**
 * A later release, the task "Manage AWS configurations". The bodies in its tables are lost; its text says what is in them,
 * and its ids are those of the page: user 2 has config 1 and gets config 6.
 */
export const taskPage: Story = {
  name: 'the page about managing AWS configurations',
  samples: [
    person('two@example.com'),
    made('/v4/awsConfigs', { ...keys, personId: 2 }),
    ...[3, 4, 5, 6].flatMap((id) => [
      person(`${id}@example.com`),
      made('/v4/awsConfigs', { ...keys, personId: id }),
    ]),
    {
      name: 'who has which config',
      method: 'GET',
      path: '/v4/people',
      status: 200,
      told: {
        data: [{ id: 6 }, { id: 5 }, { id: 4 }, { id: 3 }, { id: 2, awsConfig: { id: 1 } }, { id: 1 }],
      },
    },
    {
      name: 'method 2: a config with an IAM role, assigned to user 2',
      method: 'POST',
      path: '/v4/awsConfigs',
      body: {
        credentialProvider: 'temporary',
        role: oldRole,
        defaultBucket: 'bucket',
        extraBuckets: ['extra'],
        personId: 2,
      },
      status: 201,
      told: { id: 6, credentialProvider: 'temporary', defaultBucket: 'bucket', activeRoleId: Number },
    },
    {
      name: 'another role for config 6',
      method: 'PUT',
      path: '/v4/awsConfigs/6',
      body: { role: newRole },
      status: 200,
      told: { id: 6, activeRoleId: 2 },
    },
    {
      name: 'the role object of before still exists, and can be deleted',
      method: 'DELETE',
      path: '/v4/awsRoles/1',
      status: 204,
      printed: null,
    },
    {
      name: 'from keys to an IAM role',
      method: 'PUT',
      path: '/v4/awsConfigs/2',
      body: { credentialProvider: 'temporary', role: newRole },
      status: 200,
      told: { id: 2, activeRoleId: Number },
    },
    {
      name: 'and now all of it',
      method: 'GET',
      path: '/v4/awsConfigs',
      status: 200,
      told: {
        data: [
          { id: 6, credentialProvider: 'temporary', activeRoleId: 2 },
          { id: 5, credentialProvider: 'default', activeRoleId: null },
          { id: 4, activeRoleId: null },
          { id: 3, activeRoleId: null },
          { id: 2, credentialProvider: 'temporary', activeRoleId: 3 },
          { id: 1, credentialProvider: 'default', activeRoleId: null },
        ],
      },
    },
  ],
}

export const trifactaStories = [createPage, taskPage]
