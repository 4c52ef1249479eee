import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

/** Who may import what; `app` is the composition root with its folder. */
const layers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  http: ['core'],
  aws: ['core'],
  lang: ['core'],
  engine: ['core'],
  state: ['core'],
  views: ['core'],
  providers: ['core', 'http'],
  server: ['core', 'aws'],
  app: ['core', 'http', 'aws', 'lang', 'engine', 'state', 'providers', 'server'],
  commands: ['app.ts', 'views', 'core'],
}

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const source = join(process.cwd(), 'src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'))
const imports = files.flatMap(importsOf)

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const found: Import[] = []
  const statements =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"]*?from\s*'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)|(?:^|\n)import\s+'(\.[^']+)'/g
  for (const [, typeOnly, from, dynamic, bare] of text.matchAll(statements)) {
    const path = (from ?? dynamic ?? bare) as string
    const to = normalize(join(dirname(file), path)).replace(/\.js$/, '.ts')
    found.push({ from: file, to, typeOnly: typeOnly !== undefined || dynamic !== undefined })
  }
  return found
}

function layerOf(file: string): string {
  return file === 'app.ts' ? 'app' : (file.split('/')[0] as string)
}

t.test('every file is in a layer of the table', async (t) => {
  for (const file of files) t.ok(layers[layerOf(file)], file)
})

t.test('no layer imports one that the table does not allow', async (t) => {
  const broken = imports.filter(({ from, to }) => {
    const layer = layerOf(from)
    const allowed = layers[layer] ?? []
    return layerOf(to) !== layer && !allowed.includes(layerOf(to)) && !allowed.includes(to)
  })
  t.strictSame(broken, [])
  t.ok(imports.length > 100, 'the imports were found')
})

t.test('no file imports itself by way of others', async (t) => {
  const edges = new Map<string, string[]>()
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to])
  const cycles: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    state.set(file, 'open')
    for (const next of edges.get(file) ?? []) visit(next, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files) visit(file, [])
  t.strictSame(cycles, [])
})

t.test('the embedded server reads none of the schemas that the providers are made from', async (t) => {
  for (const file of files.filter((f) => f.startsWith('server/'))) {
    t.notMatch(readFileSync(join(source, file), 'utf8'), /schemas\//, file)
  }
})

t.test('only the composition root, the shell and the state read the process', async (t) => {
  const allowed = /^(?:app\/|commands\/|state\/process-identity)/
  for (const file of files.filter((f) => !allowed.test(f))) {
    const text = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
    t.notMatch(text, /process\.(?:env|cwd|argv|stdout|stderr|exit)|Math\.random|Date\.now|new Date\(\)/, file)
  }
})
