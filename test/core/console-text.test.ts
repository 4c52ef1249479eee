import t from 'tap'
import { valueToConsoleText } from '../../src/core/console-text.js'
import { fromJson } from '../../src/core/json-value.js'
import { list, map, object, string } from '../../src/core/type.js'
import {
  listValue,
  nullValue,
  objectValue,
  setValueOf,
  stringValue,
  unknownValue,
} from '../../src/core/value.js'

t.test('what nobody may see or know yet has a placeholder', async (t) => {
  const value = objectValue([
    ['id', unknownValue(string)],
    ['token', stringValue('hunter2', true)],
    ['wait', unknownValue(string, new Set(), true)],
  ])
  t.equal(
    valueToConsoleText(value),
    '{\n  "id" = (known after apply)\n  "token" = (sensitive value)\n  "wait" = (sensitive value)\n}',
  )
})

t.test('collections show their type', async (t) => {
  t.equal(valueToConsoleText(listValue(string, [stringValue('a')])), 'tolist([\n  "a",\n])')
  t.equal(valueToConsoleText(setValueOf(string, [])), 'toset([])')
  t.equal(valueToConsoleText(fromJson([{ a: 1 }])), '[\n  {\n    "a" = 1\n  },\n]')
  t.equal(valueToConsoleText(nullValue(list(string))), 'tolist(null) /* of string */')
  t.equal(valueToConsoleText(nullValue(map(object([])))), 'tomap(null) /* of object */')
})

t.test('text of several lines is a heredoc whose end is not in it', async (t) => {
  t.equal(valueToConsoleText(stringValue('EOT\nx')), '<<EOT_\nEOT\nx\nEOT_')
  t.equal(valueToConsoleText(fromJson({ a: 'x\ny' })), '{\n  "a" = <<-EOT\n  x\n  y\n  EOT\n}')
})

t.test('a terminal is not given orders', async (t) => {
  t.equal(valueToConsoleText(stringValue('\u001b[2J\u202e')), '"\\x1b[2J\\u202e"')
  t.equal(valueToConsoleText(stringValue('a\n\u001b[2J')), '"a\\n\\x1b[2J"')
})
