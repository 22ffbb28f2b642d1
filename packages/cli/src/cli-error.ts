import { EXIT } from './exit-codes.ts'

/** Why a command cannot go on. Its message is one sentence: what, where, what to do. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: 'usage' | 'environment' | 'input'

  constructor(code: CliError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  get exitCode(): number {
    return EXIT_CODES[this.code]
  }
}

const EXIT_CODES = { usage: EXIT.USAGE, environment: EXIT.ENVIRONMENT, input: EXIT.INPUT } as const
