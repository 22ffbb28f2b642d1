import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CliError } from './cli-error.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Values<Known extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: Known }>>['values']

/** The options of a command. @throws CliError for whatever it does not know */
export function readArguments<const Known extends Options>(
  command: string,
  args: readonly string[],
  options: Known,
): Values<Known> {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    const [reason = ''] = (error as Error).message.split(/\.(\s|$)/)
    throw new CliError('usage', `${command}: ${reason}; \`streamgauge help\` lists its options.`, { cause: error })
  }
}
