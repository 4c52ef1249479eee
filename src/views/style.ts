/** How text is emphasised. The plain style changes nothing, so that views need not know whether there is colour. */
export interface Style {
  readonly colored: boolean
  bold(text: string): string
  dim(text: string): string
  underline(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

const same = (text: string): string => text

export const plain: Style = {
  colored: false,
  bold: same,
  dim: same,
  underline: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
}

// An empty text gets no codes: they would be noise in what people copy.
const code = (on: number, off: number) => (text: string) =>
  text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`

export const colored: Style = {
  colored: true,
  bold: code(1, 22),
  dim: code(2, 22),
  underline: code(4, 24),
  red: code(31, 39),
  green: code(32, 39),
  yellow: code(33, 39),
  cyan: code(36, 39),
}

/** What decides about colour: the flag `--no-color`, the environment, and whether the stream is a terminal. */
export interface Colorful {
  readonly flag: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly terminal: boolean
}

/**
 * Colour only on a terminal, and never with `--no-color` or NO_COLOR (any value that is not empty). FORCE_COLOR overrides
 * both of the environment's reasons: a value but 0 and false means yes, those mean no.
 */
export function chooseStyle({ flag, env, terminal }: Colorful): Style {
  if (!flag) return plain
  const force = env.FORCE_COLOR
  if (force !== undefined && force !== '') return force === '0' || force === 'false' ? plain : colored
  if ((env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return plain
  return terminal ? colored : plain
}
