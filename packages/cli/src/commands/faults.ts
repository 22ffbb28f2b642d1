import { parseArgs } from 'node:util'
import { expectedFor, FAULTS, HEALTHY, type Injector } from '@streamgauge/fault-server'
import { CliError } from '../cli-error.ts'
import { SDK_MAJOR } from '../demo/tour.ts'
import { EXIT } from '../exit-codes.ts'
import { pageWidth } from '../print/page-width.ts'
import { formatTable } from '../print/table.ts'

/** `streamgauge faults`: what the fault server can do. */
export function faults(args: readonly string[]): Promise<number> {
  try {
    parseArgs({ args: [...args], options: {} })
  } catch (error) {
    throw new CliError('usage', `faults takes no arguments (${(error as Error).message.split('.')[0]}).`, {
      cause: error,
    })
  }
  const rows = (injectors: readonly Injector[]): string[][] =>
    injectors.map((injector) => {
      const { errorType, outcome } = expectedFor(injector, SDK_MAJOR)
      return [injector.name, errorType ?? outcome, injector.summary]
    })
  // Programs get each row in one line.
  const width = process.stdout.isTTY ? pageWidth() : Infinity
  const columns = [
    { title: 'name' },
    { title: 'expected', spare: width < 80 ? 1 : undefined },
    { title: 'what happens on the wire', wraps: true },
  ]
  process.stdout.write(`${formatTable(columns, [...rows(FAULTS), ...rows(HEALTHY)], { width })}\n`)
  return Promise.resolve(EXIT.OK)
}
