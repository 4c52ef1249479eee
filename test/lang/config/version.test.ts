import t from 'tap'
import { checkVersion } from '../../../src/lang/config/version.js'

t.test('requirements on the version are those of Terraform', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['>= 0.1', '0.1.0', 'met'],
    ['>= 0.2', '0.1.9', 'unmet'],
    ['0.1.0', '0.1.0', 'met'],
    ['= 0.1', '0.1.1', 'unmet'],
    ['!= 0.1.1', '0.1.1', 'unmet'],
    ['> 0.1, < 2', '1.9.9', 'met'],
    ['> 0.1, < 2', '2.0.0', 'unmet'],
    ['<= 2', '2.0.0', 'met'],
    ['~> 1.2', '1.9.0', 'met'],
    ['~> 1.2', '2.0.0', 'unmet'],
    ['~> 1.2', '1.1.9', 'unmet'],
    ['~> 1.2.3', '1.2.9', 'met'],
    ['~> 1.2.3', '1.3.0', 'unmet'],
    ['>= 1.0.0', '1.0.0-beta', 'unmet'],
    ['>= 1.0.0-alpha', '1.0.0-beta', 'met'],
  ]
  for (const [requirement, version, kind] of cases)
    t.equal(checkVersion(requirement, version).kind, kind, `${requirement} with ${version}`)
})

t.test('what is no requirement is named', async (t) => {
  t.same(checkVersion('>= 0.1, newest', '0.1.0'), { kind: 'invalid', part: 'newest' })
  t.same(checkVersion('', '0.1.0'), { kind: 'invalid', part: '' })
})
