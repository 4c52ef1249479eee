import t from 'tap'
import { references, toExpression } from '../../src/lang/expression.js'
import { parseExpression } from '../../src/lang/hcl/parser.js'
import { scopeOf } from './evaluating.js'

/** Every reference with the text that it points to. */
function found(text: string): string[] {
  const { expression } = parseExpression(text, 'test.hcl')
  return references(expression).map(
    ({ subject, span }) => `${subject} @ ${text.slice(span.start.offset, span.end.offset)}`,
  )
}

t.test('a reference is named at the level of blocks', async (t) => {
  t.same(found('var.engineers["jane"].email'), ['var.engineers @ var.engineers'])
  t.same(found('trifacta_person.p[each.key].id'), ['trifacta_person.p @ trifacta_person.p', 'each @ each'])
  t.same(found('data.trifacta_people.all.people[0]'), ['data.trifacta_people.all @ data.trifacta_people.all'])
  t.same(found('[count.index, self.id, path.module]'), ['count @ count', 'self @ self', 'path @ path'])
  t.same(found('trifacta_person.p[*].id'), ['trifacta_person.p @ trifacta_person.p'])
})

t.test('references are found wherever they stand', async (t) => {
  t.same(
    found(
      '{ (local.a) = f(local.b...), c = local.c ? -local.d : "x${local.e}%{ if local.f }${local.g}%{ endif }" }',
    ),
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `local.${name} @ local.${name}`),
  )
})

t.test('the names of a for expression are no references', async (t) => {
  t.same(found('[for k, v in local.a : "${k}${v.x}" if v.y == local.b]'), [
    'local.a @ local.a',
    'local.b @ local.b',
  ])
  t.same(found('[for v in v.x : v]'), ['v.x @ v.x'], 'the collection is outside')
  t.same(found('"%{ for v in local.a }${v}%{ endfor }"'), ['local.a @ local.a'])
})

t.test('an expression for the engine evaluates and knows its references', async (t) => {
  const { expression } = parseExpression('1 + length(local.a)', 'test.hcl')
  const adapted = toExpression(expression)
  t.same(
    adapted.references.map((r) => r.subject),
    ['local.a'],
  )
  t.throws(() => adapted.evaluate(scopeOf()), { name: 'Failure' })
  t.equal(adapted.span, expression.span)
})
