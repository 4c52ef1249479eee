import t from 'tap'
import { parseExpression, parseHcl, parseTemplate } from '../../../src/lang/hcl/parser.js'
import { showExpression, showPart, showPlaces } from './show-tree.js'

const quoted = (text: string): string => {
  const { expression, diagnostics } = parseExpression(text, 'f')
  return diagnostics.length > 0 ? showPlaces(diagnostics).join(', ') : showExpression(expression)
}
const bare = (text: string): string => parseTemplate(text, 'f').expression.parts.map(showPart).join(' ')
const heredoc = (lines: readonly string[]): string => {
  const { body, diagnostics } = parseHcl(`x = ${lines.join('\n')}\n`, 'f')
  return diagnostics.length > 0
    ? showPlaces(diagnostics).join(', ')
    : showExpression(body.attributes[0]?.value)
}

t.test('text and interpolations alternate', async (t) => {
  t.equal(quoted('"a ${b} c"'), 'template("a " $(b) " c")')
  t.equal(quoted('"${a}${b}"'), 'template($(a) $(b))')
  t.equal(quoted('"a ${"b ${c}"} d"'), 'template("a " $(template("b " $(c))) " d")')
  t.equal(quoted('"${{ a = "}" }}"'), 'template($({"a" = "}"}))')
  t.equal(quoted('"${f(\n1,\n2)}"'), 'template($(f(1, 2)))')
})

t.test(
  'one interpolation and nothing else is one part, and stripped space still counts as text',
  async (t) => {
    t.equal(quoted('"${a}"'), 'template($(a))')
    t.equal(quoted('" ${~ a}"'), 'template("" $(a))')
  },
)

t.test('a doubled sign is the sign itself, and a lone one needs nothing', async (t) => {
  t.equal(quoted('"$${a} %%{b}"'), '"${a} %{b}"')
  t.equal(quoted('"$$${a}"'), '"$${a}"')
  t.equal(quoted('"$ % $$ %% $"'), '"$ % $$ %% $"')
  t.equal(quoted('"100%"'), '"100%"')
})

t.test('directives enclose what stands between them', async (t) => {
  t.equal(quoted('"%{ if a }b%{ else }c%{ endif }"'), 'template(if(a ? "b" : "c"))')
  t.equal(quoted('"%{ if a }b%{ endif }"'), 'template(if(a ? "b" : ))')
  t.equal(quoted('"%{ for x in y }${x},%{ endfor }"'), 'template(for(x in y: $(x) ","))')
  t.equal(
    quoted('"%{ for k, v in m }%{ if v }${k}%{ endif }%{ endfor }."'),
    'template(for(k, v in m: if(v ? $(k) : )) ".")',
  )
})

t.test('a tilde strips the white space next to it', async (t) => {
  t.equal(quoted('"a  ${~ b ~}  c"'), 'template("a" $(b) "c")')
  t.equal(quoted('"a \\n ${~ b ~} \\n c"'), 'template("a" $(b) "c")')
  t.equal(quoted('"a %{~ if b ~} c %{~ endif ~} d"'), 'template("a" if(b ? "c" : ) "d")')
})

t.test('a heredoc is its lines, with escapes for sequences only', async (t) => {
  t.equal(heredoc(['<<EOT', 'a', '  b\\n "c" $${d}', 'EOT']), '"a\\n  b\\\\n \\"c\\" ${d}\\n"')
  t.equal(heredoc(['<<EOT', 'EOT']), '""')
  t.equal(heredoc(['<<EOT', '${a}', 'EOT']), 'template($(a) "\\n")')
  t.equal(heredoc(['<<EOT', 'EOTX', 'x EOT', '  EOT']), '"EOTX\\nx EOT\\n"')
  t.equal(heredoc(['<<E-T', 'x', 'E-T']), '"x\\n"')
  t.equal(heredoc(['<<EOT', '${1', '}EOT', 'EOT']), 'template($(1) "EOT\\n")')
})

t.test('a tilde in a heredoc strips within its line', async (t) => {
  t.equal(heredoc(['<<EOT', 'a', '  ${~ "x" ~}', '   b', 'EOT']), 'template("a\\n" $("x") "   b\\n")')
})

t.test('a flush heredoc loses the indentation that its lines share', async (t) => {
  t.equal(heredoc(['<<-EOT', '    a', '      b', '    EOT']), '"a\\n  b\\n"')
  t.equal(heredoc(['<<-EOT', '    a', '', '  ', '    b', 'EOT']), '"a\\n\\n  \\nb\\n"')
  t.equal(heredoc(['<<-EOT', '    ${x} y', '      z', 'EOT']), 'template("" $(x) " y\\n  z\\n")')
  t.equal(heredoc(['<<-EOT', '${x}', '      b', 'EOT']), 'template($(x) "\\n      b\\n")')
  t.equal(heredoc(['<<-EOT', '\ta', ' \tb', 'EOT']), '"a\\n\\tb\\n"')
})

t.test('stripping comes before the indentation is measured, as in Terraform', async (t) => {
  t.equal(
    heredoc(['<<-EOT', '      a ${~ "x"}', '        ${~ "y"}', '    z', '    EOT']),
    'template("      a" $("x") "\\n" $("y") "\\n    z\\n")',
  )
  t.equal(
    heredoc(['<<-EOT', '      %{ if true ~}', '        a', '      %{ endif ~}', '      b', '    EOT']),
    'template("" if(true ? "        a\\n" : ) "      b\\n")',
  )
})

t.test('a bare template is a whole text', async (t) => {
  t.equal(bare('a\n${b} "c\\n" $'), '"a\\n" $(b) " \\"c\\\\n\\" $"')
  t.equal(bare(''), '')
  t.equal(bare('${a}'), '$(a)')
  t.equal(bare('%{ for x in y ~}\n  ${x}\n%{ endfor ~}\nz'), 'for(x in y: "  " $(x) "\\n") "z"')
  t.equal(bare('a\r\n${b ~}\r\n c'), '"a\\r\\n" $(b) " c"')
})

t.test('CRLF stays in heredocs and breaks lines elsewhere', async (t) => {
  const { body, diagnostics } = parseHcl('a = 1\r\nb = <<EOT\r\nx\r\nEOT\r\nc = [\r\n1\r\n]\r\n', 'f')
  t.strictSame(diagnostics, [])
  t.strictSame(
    body.attributes.map((a) => showExpression(a.value)),
    ['1', '"x\\r\\n"', '[1]'],
  )
})

t.test('strings are normalised after their escapes', async (t) => {
  t.equal(quoted('"e\\u0301"'), '"\u00e9"')
})

t.test('text parts know their place, and so do parts of directives', async (t) => {
  const { expression } = parseTemplate('ab${c}\n%{if d}e%{endif}', 'f', { line: 3, column: 5, offset: 20 })
  t.match(expression.parts, [
    { kind: 'text', span: { start: { line: 3, column: 5, offset: 20 }, end: { column: 7, offset: 22 } } },
    { kind: 'interpolation', span: { start: { offset: 22 }, end: { offset: 26 } } },
    { kind: 'text', value: '\n' },
    {
      kind: 'if',
      span: { start: { line: 4, column: 1, offset: 27 }, end: { line: 4, column: 17, offset: 43 } },
    },
  ])
})

t.test('an error in one sequence leaves the others alone', async (t) => {
  const { expression, diagnostics } = parseTemplate('${a b} ${c}\n${d\n${e}', 'f')
  t.strictSame(showPlaces(diagnostics), ['hcl/invalid-interpolation 1:5', 'hcl/unclosed-interpolation 2:1'])
  t.equal(expression.parts.map(showPart).join(' '), '$(BROKEN) " " $(c) "\\n" $(BROKEN) $(e)')
})

t.test('directives that do not match are reported once', async (t) => {
  t.equal(quoted('"%{ if a }x"'), 'hcl/unbalanced-directive 1:2')
  t.equal(quoted('"x%{ endif }"'), 'hcl/unbalanced-directive 1:3')
  t.equal(quoted('"%{ if a }%{ else }%{ else }%{ endif }"'), 'hcl/unbalanced-directive 1:20')
  t.equal(quoted('"%{ for x in y }%{ endif }%{ endfor }"'), 'hcl/unbalanced-directive 1:17')
  t.equal(quoted('"%{ elseif a }%{ endif }"'), 'hcl/unknown-directive 1:5')
})
