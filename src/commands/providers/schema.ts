import { Command } from '@oclif/core/command'
import { UsageError } from '../shell/argv.js'
import { globalFlags } from '../shell/flags.js'
import { inSession } from '../shell/session.js'

export default class ProvidersSchema extends Command {
  static override summary = 'Write the schemas of all built-in providers, as JSON.'
  static override description = 'For editors and generators. --json is mandatory.'
  static override flags = globalFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(ProvidersSchema)
    if (!flags.json) throw new UsageError('The flag --json is required: there is no other form yet.')
    return inSession(flags, {}, async (session) => {
      const [{ loadProviderSchemas }, { schemasJson }, { jsonText }] = await Promise.all([
        import('../../app.js'),
        import('../../views/schema-json.js'),
        import('../../views/json-text.js'),
      ])
      session.out(`${jsonText(schemasJson(await loadProviderSchemas()))}\n`)
      return 0
    })
  }
}
