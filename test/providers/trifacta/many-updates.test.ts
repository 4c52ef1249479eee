import t, { type Test } from 'tap'
import { openPlaneWorld } from '../../engine/plane-world.js'
import { writing } from '../../engine/world.js'

/* What a change of many configurations costs: the later releases read them by whole lists only. */

const configurations = (many: number, role: string, bucket: string) => `
  provider "trifacta" { endpoint = "embedded" }
  resource "trifacta_person" "p" {
    count = ${many}
    email = "p\${count.index}@x.com"
  }
  resource "trifacta_aws_config" "c" {
    count               = ${many}
    person_id           = trifacta_person.p[count.index].id
    credential_provider = "temporary"
    role                = "arn:aws:iam::123456789012:role/${role}-\${count.index}"
    default_bucket      = "${bucket}"
  }`

/** How often each step reads from the beginning of a list to its end. */
async function wholeLists(t: Test, many: number): Promise<Record<string, number>> {
  let lists = 0
  const { world } = await openPlaneWorld(t, {
    intercept(request, next) {
      if (new URL(request.url).searchParams.get('limit') === '500') lists++
      return next(request)
    },
  })
  await world.given(configurations(many, 'a', 'acme'))
  const found: Record<string, number> = {}
  for (const [step, hcl] of [
    ['roles', configurations(many, 'b', 'acme')],
    ['buckets', configurations(many, 'b', 'other')],
    ['destroy', 'provider "trifacta" { endpoint = "embedded" }'],
  ] as const) {
    lists = 0
    const applied = await world.apply(hcl, { allowDeletes: 100 })
    t.strictSame(applied.errors, [])
    t.ok(writing(applied.requests).length >= many)
    found[step] = lists
    t.strictSame((await world.plan(hcl)).changes, [], `${step}: each read back what it came to`)
  }
  return found
}

t.test('a change of many configurations does not read the whole lists again for each', async (t) => {
  t.strictSame(await wholeLists(t, 36), await wholeLists(t, 14))
})
