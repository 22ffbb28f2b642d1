import { EXIT } from './exit-codes.ts'

/** Why a command cannot go on. Its message is one sentence: what, where, what to do. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: 'usage' | 'environment'

  constructor(code: CliError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  get exitCode(): number {
    return this.code === 'usage' ? EXIT.USAGE : EXIT.ENVIRONMENT
  }
}
