import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import t from 'tap'
import { s3Client, stsClient } from '../../src/aws/clients.js'

const identity = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }

t.test('a request is signed, and answered in this process', async (t) => {
  const seen: Request[] = []
  const bodies: string[] = []
  const client = await stsClient(
    {
      identity,
      env: () => undefined,
      async answer(request) {
        seen.push(request)
        bodies.push(await request.text())
        return new Response(
          '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
            '<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>AIDA</UserId><Account>123456789012</Account>' +
            '</GetCallerIdentityResult></GetCallerIdentityResponse>',
          { headers: { 'content-type': 'text/xml' } },
        )
      },
    },
    { region: 'eu-west-1' },
  )
  t.match(await client.send(new GetCallerIdentityCommand({})), { Account: '123456789012' })
  t.equal(seen[0]?.url, 'https://sts.eu-west-1.amazonaws.com/')
  t.match(seen[0]?.headers.get('authorization'), /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\//)
  t.match(bodies[0], /Action=GetCallerIdentity/)
})

t.test('a bucket is in the path, and the query arrives as it was signed', async (t) => {
  let url = ''
  const client = await s3Client({
    identity,
    env: () => undefined,
    async answer(request) {
      url = request.url
      return new Response('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>', {
        status: 403,
        headers: { 'content-type': 'application/xml' },
      })
    },
  })
  const listing = client.send(
    new ListObjectsV2Command({
      Bucket: 'acme',
      Prefix: 'a b/ü',
      MaxKeys: 1,
      ExpectedBucketOwner: '123456789012',
    }),
  )
  await t.rejects(listing, { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })
  const { pathname, searchParams } = new URL(url)
  t.match(pathname, /^\/acme\/?$/)
  t.equal(searchParams.get('prefix'), 'a b/ü')
})
