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
  return parse(command, args, options, false).values
}

/** The options of a command, and the one argument that may stand beside them. @throws CliError for whatever it does not know */
export function readArgumentsWithOperand<const Known extends Options>(
  command: string,
  args: readonly string[],
  options: Known,
): { readonly values: Values<Known>; readonly operand: string | undefined } {
  const { values, operands } = readArgumentsWithOperands(command, args, options)
  const [operand, tooMuch] = operands
  if (tooMuch !== undefined) {
    throw new CliError('usage', `${command}: Unexpected argument ${JSON.stringify(tooMuch)}; it takes one.`)
  }
  return { values, operand }
}

/** The options of a command, and all arguments that stand beside them. @throws CliError for whatever it does not know */
export function readArgumentsWithOperands<const Known extends Options>(
  command: string,
  args: readonly string[],
  options: Known,
): { readonly values: Values<Known>; readonly operands: readonly string[] } {
  const { values, positionals } = parse(command, args, options, true)
  return { values, operands: positionals }
}

function parse<const Known extends Options>(
  command: string,
  args: readonly string[],
  options: Known,
  allowPositionals: boolean,
): { readonly values: Values<Known>; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals }) as {
      readonly values: Values<Known>
      readonly positionals: string[]
    }
  } catch (error) {
    const [reason = ''] = (error as Error).message.split(/\.(\s|$)/)
    throw new CliError('usage', `${command}: ${reason}; \`streamgauge help\` lists its options.`, { cause: error })
  }
}
