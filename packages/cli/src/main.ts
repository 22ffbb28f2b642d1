import { CliError } from './cli-error.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { explain } from './commands/explain.ts'
import { faults } from './commands/faults.ts'
import { probe } from './commands/probe.ts'
import { replay } from './commands/replay.ts'
import { view } from './commands/view.ts'
import { EXIT } from './exit-codes.ts'
import { HELP } from './help.ts'
import { escapeForTerminal } from './print/escape.ts'
import { reportDefect } from './report-defect.ts'
import { readVersion } from './version.ts'
import { watchOutput } from './watch-output.ts'

type Command = (args: readonly string[]) => Promise<number>

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['demo', demo],
  ['view', view],
  ['replay', replay],
  ['explain', explain],
  ['probe', probe],
  ['doctor', doctor],
  ['faults', faults],
  ['help', printHelp],
  ['version', printVersion],
])

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
  ['-v', 'version'],
])

const HELP_FLAGS: ReadonlySet<string> = new Set(['--help', '-h'])

/**
 * Runs a command line.
 *
 * @returns the exit code; everything that can go wrong is one of the documented ones, with one sentence on stderr
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  watchOutput()
  process.on('uncaughtException', (error) => process.exit(reportDefect(error)))
  try {
    if (name === undefined) {
      process.stderr.write(HELP)
      return EXIT.USAGE
    }
    const command = COMMANDS.get(ALIASES.get(name) ?? name)
    if (command === undefined) {
      const known = [...COMMANDS.keys()].join(', ')
      throw new CliError('usage', `There is no command ${JSON.stringify(name)}; use one of ${known}.`)
    }
    // What follows -- is the command of another program.
    const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
    return await (own.some((argument) => HELP_FLAGS.has(argument)) ? printHelp() : command(rest))
  } catch (error) {
    if (!(error instanceof CliError)) return reportDefect(error)
    const lines = error.message.split('\n').map(escapeForTerminal)
    process.stderr.write(`streamgauge: ${lines.join('\n')}\n`)
    return error.exitCode
  }
}

function printHelp(): Promise<number> {
  process.stdout.write(HELP)
  return Promise.resolve(EXIT.OK)
}

function printVersion(): Promise<number> {
  process.stdout.write(`${readVersion()}\n`)
  return Promise.resolve(EXIT.OK)
}
