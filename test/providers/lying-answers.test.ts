import t, { type Test } from 'tap'
import { outerproduct } from '../conformance/outerproduct.js'
import { addTeams, text, tinesService } from '../conformance/tines-texts.js'
import { withKeys } from '../conformance/trifacta-texts.js'
import { mount, vault } from '../conformance/vault.js'
import { openFolder, type Service } from '../fixtures/plane-folder.js'

interface Story {
  readonly service?: Service
  /** The requests that make something. */
  readonly creates: RegExp
  readonly declared: string
  readonly objects: number
}

const stories: Readonly<Record<string, Story>> = {
  trifacta: { creates: /^POST \/v4\/(people|awsConfigs)\b/, declared: withKeys('acme-jane'), objects: 2 },
  tines: { service: tinesService, creates: /^POST .*\/user_credentials$/, declared: text(), objects: 1 },
  outerproduct: {
    service: outerproduct,
    creates: /^POST .*\/connectors\/s3$/,
    declared: `
resource "outerproduct_s3_connector" "lake" {
  credential_name                  = "lake"
  role_arn                         = "arn:aws:iam::222222222222:role/reader"
  bucket_uri                       = "s3://data/in/"
  expected_bucket_owner_account_id = "222222222222"
}
`,
    objects: 1,
  },
  vault: { service: vault, creates: /^POST .*\/sys\/mounts\//, declared: mount, objects: 1 },
}

/** A folder that reaches its service through something that answers each create with success and `body`, done or not. */
async function openLying(t: Test, story: Story, body: unknown, done: (nth: number) => boolean) {
  const creates: string[] = []
  const folder = await openFolder(t, {
    generation: 'C',
    transport: 'over a socket',
    ...(story.service !== undefined && { service: story.service }),
    async intercept(request, next) {
      const line = `${request.method} ${new URL(request.url).pathname}`
      if (!story.creates.test(line)) return next(request)
      creates.push(line)
      if (done(creates.length)) {
        const { status } = await next(request)
        if (status >= 300) throw new Error(`${line}: ${status}`)
      }
      return Response.json(body, { status: story.service === vault ? 200 : 201 })
    },
  })
  if (story.service === tinesService) await addTeams(folder.plane)
  folder.declare(story.declared)
  return { folder, creates }
}

for (const [name, story] of Object.entries(stories))
  t.test(`${name}: what a create made is found, though its answer is of no use`, async (t) => {
    // Any object will do for Vault, whose answers to writes have no content.
    const { folder, creates } = await openLying(
      t,
      story,
      name === 'vault' ? ['ok'] : { ok: true },
      () => true,
    )
    t.match((await folder.apply()).counts, { add: story.objects, failed: 0 })
    t.equal(creates.length, story.objects, 'nothing is made twice')
    t.strictSame(
      (await folder.plan()).changes.filter(({ action }) => action !== 'keep'),
      [],
    )
    const { rows, open } = await folder.state()
    t.equal(rows.size, story.objects)
    t.equal(open.size, 0)
    folder.declare('')
    t.match((await folder.apply()).counts, { destroy: story.objects, failed: 0 })
  })

t.test(
  'a create that was answered with success and not done is done once more, and no third time',
  async (t) => {
    const story = stories.tines as Story
    const late = await openLying(t, story, { ok: true }, (nth) => nth > 1)
    t.match((await late.folder.apply()).counts, { add: 1, failed: 0 })
    t.equal(late.creates.length, 2)
    const never = await openLying(t, story, { ok: true }, () => false)
    const { counts, diagnostics } = await never.folder.apply()
    t.match(counts, { add: 0, failed: 1 })
    t.equal(never.creates.length, 2)
    t.match(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [
        {
          code: 'engine/lost-answer',
          detail:
            /^creating .*\(HTTP 201\): the answer has not the expected form: .*: so it is not known whether the service did it$/,
          help: /^Check that the endpoint is that of a Tines tenant\. Run apply again/,
        },
      ],
    )
  },
)
