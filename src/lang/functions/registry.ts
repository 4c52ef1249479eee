import { choiceFunctions } from './choice.js'
import { encodingFunctions } from './encoding.js'
import { fileFunctions } from './file.js'
import { formatFunctions } from './format.js'
import type { LanguageFunction, LazyFunction } from './function.js'
import { hashFunctions } from './hash.js'
import { mappingFunctions } from './mapping.js'
import { networkFunctions } from './network.js'
import { numericFunctions } from './numeric.js'
import { pathFunctions } from './path.js'
import { patternFunctions } from './pattern.js'
import { sequenceFunctions } from './sequence.js'
import { setFunctions } from './set.js'
import { stringFunctions } from './string.js'
import { timeFunctions } from './time.js'
import { typeFunctions } from './type.js'

/** Every function of the language by its name. A new one is a row in one of these lists. */
export const functions: ReadonlyMap<string, LanguageFunction | LazyFunction> = new Map(
  [
    ...stringFunctions,
    ...formatFunctions,
    ...patternFunctions,
    ...numericFunctions,
    ...sequenceFunctions,
    ...mappingFunctions,
    ...setFunctions,
    ...choiceFunctions,
    ...encodingFunctions,
    ...timeFunctions,
    ...hashFunctions,
    ...fileFunctions,
    ...pathFunctions,
    ...networkFunctions,
    ...typeFunctions,
  ]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((definition) => [definition.name, definition]),
)
