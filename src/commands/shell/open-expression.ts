/**
 * Whether an expression goes on after what was typed so far: a bracket, a template or a heredoc is still open. Only as exact
 * as asking for another line needs; the parser decides what is right.
 */
export function isOpen(text: string): boolean {
  // What is open, innermost last: a closing bracket to come, a string, or an interpolation in one.
  const open: ('bracket' | 'string' | 'interpolation')[] = []
  let i = 0
  while (i < text.length) {
    const rest = text.slice(i)
    const inside = open.at(-1)
    if (inside === 'string') {
      if (/^(\\.|\$\$\{|%%\{)/s.test(rest)) i += rest.startsWith('\\') ? 2 : 3
      else if (/^[$%]\{/.test(rest)) {
        open.push('interpolation')
        i += 2
      } else {
        // A string ends with its line at the latest: the parser tells what is wrong with it.
        if (rest.startsWith('"') || rest.startsWith('\n')) open.pop()
        i++
      }
      continue
    }
    const heredoc = /^<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\n/u.exec(rest)
    const comment = /^(#|\/\/)[^\n]*/.exec(rest)
    if (heredoc !== null) {
      const end = new RegExp(`\\n[ \\t]*${heredoc[1]}[ \\t]*(?=\\n|$)`).exec(
        rest.slice(heredoc[0].length - 1),
      )
      if (end === null) return true
      i += heredoc[0].length - 1 + end.index + end[0].length
    } else if (comment !== null) i += comment[0].length
    else if (rest.startsWith('/*')) {
      const end = rest.indexOf('*/')
      if (end < 0) return true
      i += end + 2
    } else {
      const character = rest[0] ?? ''
      if (character === '"') open.push('string')
      else if ('([{'.includes(character)) open.push('bracket')
      else if (')]}'.includes(character)) open.pop()
      i++
    }
  }
  return open.some((each) => each !== 'string') || /<<-?[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(text)
}
