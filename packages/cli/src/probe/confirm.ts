import { CliError } from '../cli-error.ts'
import { escapeForTerminal } from '../print/escape.ts'
import { plural } from '../print/plural.ts'
import { costOf } from './plan.ts'
import type { Target } from './target.ts'

/** What will be sent where, and what it costs at most: said before anything is sent. */
export function describePlan(targets: readonly Target[], maxTokens: number): string {
  const { requests, inputTokens, outputTokens } = costOf(targets, maxTokens)
  const lines = targets.map(({ endpoint, model, key, keyEnv }) => {
    const withKey = key === undefined ? `no key (${keyEnv} is not set)` : `the key of ${keyEnv}`
    return `  ${escapeForTerminal(`${endpoint.href}  model ${model}, ${withKey}`)}`
  })
  return [
    `probe sends ${plural(requests, 'request')} for streams, one after another:`,
    ...lines,
    `They take at most ${outputTokens} output tokens (${maxTokens} each) and about ${inputTokens} input tokens.`,
  ].join('\n')
}

/**
 * Asks whoever sits at the terminal whether the requests may be sent.
 *
 * @throws CliError where nobody can be asked; the reason of the interrupt
 */
export async function confirm(targets: readonly Target[], maxTokens: number, interrupt: AbortSignal): Promise<boolean> {
  const { requests, inputTokens, outputTokens } = costOf(targets, maxTokens)
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CliError(
      'usage',
      `probe would send ${plural(requests, 'request')}, which take up to ${outputTokens} output and ${inputTokens} input tokens: say --yes where nobody can be asked.`,
    )
  }
  const hosts = [...new Set(targets.map(({ endpoint }) => endpoint.host))].join(' and ')
  process.stderr.write(`Send ${plural(requests, 'request')} to ${escapeForTerminal(hosts)}? [y/N] `)
  return /^\s*y(es)?\s*$/i.test(await readLine(interrupt))
}

/** What is typed. The terminal gives whole lines, and sends Ctrl-C as a signal; the end of its input is an empty line. */
function readLine(interrupt: AbortSignal): Promise<string> {
  const { stdin } = process
  return new Promise((resolve, reject) => {
    const stop = (settle: () => void): void => {
      stdin.off('data', take).off('end', end).pause()
      interrupt.removeEventListener('abort', abort)
      settle()
    }
    const take = (line: Buffer): void => stop(() => resolve(line.toString('utf8')))
    const end = (): void => stop(() => resolve(''))
    const abort = (): void => stop(() => reject(interrupt.reason as Error))
    interrupt.addEventListener('abort', abort, { once: true })
    stdin.once('data', take).once('end', end).resume()
  })
}
