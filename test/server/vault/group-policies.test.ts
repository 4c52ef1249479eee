import t from 'tap'
import { iamClient } from '../../../src/aws/clients.js'
import { groupPolicies } from '../../../src/server/vault/group-policies.js'
import type { MountAws } from '../../../src/server/vault/mount-aws.js'

/** IAM's answers for the group `analysts`, in its own words. */
const answers: Readonly<Record<string, string>> = {
  ListAttachedGroupPolicies:
    '<AttachedPolicies><member><PolicyName>a</PolicyName><PolicyArn>arn:aws:iam::1:policy/a</PolicyArn></member></AttachedPolicies>',
  ListGroupPolicies: '<PolicyNames><member>inline</member></PolicyNames>',
  GetGroupPolicy: `<GroupName>analysts</GroupName><PolicyName>inline</PolicyName><PolicyDocument>${encodeURIComponent(
    '{"Version":"2012-10-17","Statement":{"Sid":"theirs"}}',
  )}</PolicyDocument>`,
}

const aws: MountAws = {
  root: undefined,
  async iam(ask) {
    const client = await iamClient({
      identity: { accessKeyId: 'AKIA', secretAccessKey: 's' },
      env: () => undefined,
      async answer(request) {
        const form = new URLSearchParams(await request.text())
        const action = form.get('Action') ?? ''
        if (form.get('GroupName') !== 'analysts')
          return new Response(
            '<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no such group</Message></Error></ErrorResponse>',
            { status: 404 },
          )
        const result = `<${action}Result>${answers[action]}</${action}Result>`
        return new Response(`<${action}Response>${result}</${action}Response>`)
      },
    })
    return await ask(client)
  },
  sts: () => Promise.reject(new Error('STS is not asked')),
}

t.test("the policies of groups limit credentials beside the role's own", async (t) => {
  const own = '{"Version":"2012-10-17","Statement":[{"Sid":"own"}]}'
  t.same(await groupPolicies(aws, ['analysts'], own), {
    arns: ['arn:aws:iam::1:policy/a'],
    document: '{"Version":"2012-10-17","Statement":[{"Sid":"own"},{"Sid":"theirs"}]}',
  })
  t.same(await groupPolicies(aws, ['analysts'], ''), {
    arns: ['arn:aws:iam::1:policy/a'],
    document: '{"Version":"2012-10-17","Statement":{"Sid":"theirs"}}',
  })
  t.same(await groupPolicies(aws, [], own), { arns: [], document: own })
  await t.rejects(groupPolicies(aws, ['nobody'], own), {
    status: 400,
    message: /^unable to retrieve the policies of iam_groups: NoSuchEntity: no such group/,
  })
})
