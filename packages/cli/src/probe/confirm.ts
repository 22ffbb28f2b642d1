import { createInterface } from 'node:readline/promises'
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
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const hosts = [...new Set(targets.map(({ endpoint }) => endpoint.host))].join(' and ')
    // readline takes Ctrl-C for itself.
    const given = new AbortController()
    reader.once('SIGINT', () => given.abort()).once('close', () => given.abort())
    const signal = AbortSignal.any([interrupt, given.signal])
    const question = `Send ${plural(requests, 'request')} to ${escapeForTerminal(hosts)}? [y/N] `
    return /^\s*y(es)?\s*$/i.test(await reader.question(question, { signal }))
  } finally {
    reader.close()
  }
}
