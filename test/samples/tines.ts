import type { Story } from './sample.js'

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const number = /^[1-9]\d*$/
const newer = 'tenants of today have it as well'

/** The page about creating an AWS credential. */
export const createPage: Story = {
  name: 'the page about creating an AWS credential',
  samples: [
    {
      name: 'the team that the page has',
      method: 'POST',
      path: '/tines/api/v1/teams',
      body: { name: 'Security' },
      status: 201,
      told: { id: 2 },
    },
    {
      name: 'the sample request',
      method: 'POST',
      path: '/tines/api/v1/user_credentials',
      headers: { authorization: 'Bearer <<CREDENTIAL.tines_api_key>>' },
      body: {
        name: 'aws credential',
        mode: 'AWS',
        team_id: 2,
        aws_authentication_type: 'ROLE',
        aws_access_key: 'v_access_key',
        aws_secret_key: 'v_secret_key',
        aws_assumed_role_arn: 'v_role_arn',
      },
      status: 200,
      printed: {
        id: 1,
        name: 'tines_api_credential',
        mode: 'AWS',
        team_id: 2,
        folder_id: 1,
        read_access: 'TEAM',
        shared_team_slugs: [],
        slug: 'tines_api_credential',
        created_at: '2021-03-26T12:34:16.540Z',
        updated_at: '2021-03-26T12:34:16.540Z',
        description: '',
        aws_assumed_role_external_id: '1e52dbcf-3621-4969-9bf6-3fd2699db84b',
        aws_authentication_type: 'ROLE',
        allowed_hosts: [],
        metadata: {},
        restriction_type: 'UNRESTRICTED',
        test_credential_enabled: false,
        owner: { user_id: 1, first_name: 'Jane', last_name: 'Doe', email: 'jane@tines.io' },
      },
      corrected: {
        name: ['the page answers another request than the one that it shows', 'aws credential'],
        slug: ['the page answers another request than the one that it shows', 'aws_credential'],
        folder_id: ['the request that it shows names no folder', null],
        test_credential: ['the table of fields above the sample has it', null],
        use_static_external_id: [newer, false],
        expires_at: [newer, null],
        expiry_notifications_enabled: [newer, false],
        credential_notification_recipient_user_ids: [newer, []],
      },
      generated: {
        id: number,
        created_at: time,
        updated_at: time,
        aws_assumed_role_external_id: uuid,
        'owner.user_id': number,
        'owner.first_name': /./,
        'owner.last_name': /./,
        'owner.email': /@/,
      },
    },
  ],
}

export const tinesStories = [createPage]
