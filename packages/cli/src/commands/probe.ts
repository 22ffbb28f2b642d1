import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { listenForInterrupt } from '../listen-for-interrupt.ts'
import { pageWidth } from '../print/page-width.ts'
import { formatComparison, formatProbe } from '../print/probe-report.ts'
import { showRequests } from '../print/request-progress.ts'
import { compareProbes } from '../probe/compare.ts'
import { confirm, describePlan } from '../probe/confirm.ts'
import type { Verdict } from '../probe/judge-probe.ts'
import { costOf } from '../probe/plan.ts'
import { runProbe, type ProbeResult } from '../probe/run-probe.ts'
import { readKey, readTarget, refuseOpenKey, type Target } from '../probe/target.ts'
import { readArgumentsWithOperands } from '../read-arguments.ts'

interface ProbeOptions {
  /** The server, and the one that it is compared with. */
  readonly targets: readonly Target[]
  readonly maxTokens: number
  readonly timeoutMs: number
  readonly yes: boolean
  readonly json: boolean
}

const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  healthy: EXIT.OK,
  harmful: EXIT.PATH_HARMS,
  unreachable: EXIT.UNREACHABLE,
  key_refused: EXIT.KEY_REFUSED,
  not_openai: EXIT.NOT_OPENAI,
  refused: EXIT.REQUEST_REFUSED,
  unclear: EXIT.UNCLEAR,
}

/** `streamgauge probe`: what the path to a server does to a stream. */
export async function probe(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  const { targets, maxTokens, timeoutMs } = options
  const interrupt = listenForInterrupt()
  try {
    if (options.yes || process.stdin.isTTY) process.stderr.write(`${describePlan(targets, maxTokens)}\n`)
    if (!options.yes && !(await confirm(targets, maxTokens, interrupt.signal))) {
      process.stderr.write('Nothing was sent.\n')
      return EXIT.INTERRUPTED
    }
    const progress = showRequests(costOf(targets, maxTokens).requests)
    const settings = { maxTokens, timeoutMs, interrupt: interrupt.signal, onRequest: progress.next }
    const results: ProbeResult[] = []
    try {
      for (const target of targets) results.push(await runProbe(target, settings))
    } finally {
      progress.end()
    }
    return print(results, options.json)
  } catch (error) {
    if (error instanceof CliError || !interrupt.signal.aborted) throw error
    return EXIT.INTERRUPTED
  } finally {
    interrupt.release()
  }
}

/** The worst of the verdicts decides; where there are two, the server that was named first counts before the other. */
function print(results: readonly ProbeResult[], asJson: boolean): number {
  const [here, there] = results
  if (here === undefined) return EXIT.OK
  const comparison = there === undefined ? null : compareProbes(here, there)
  const codes = results.map(({ verdict }) => EXIT_CODES[verdict])
  const exitCode = codes.find((code) => code !== EXIT.OK) ?? EXIT.OK
  const text = asJson
    ? JSON.stringify({ probes: results, comparison, exitCode }, undefined, 2)
    : there === undefined || comparison === null
      ? formatProbe(here, pageWidth())
      : formatComparison(here, there, comparison, pageWidth())
  process.stdout.write(`${text}\n`)
  return exitCode
}

function readOptions(args: readonly string[]): ProbeOptions {
  const { values, operands } = readArgumentsWithOperands('probe', args, {
    model: { type: 'string' },
    'key-env': { type: 'string' },
    'compare-key-env': { type: 'string' },
    compare: { type: 'string' },
    api: { type: 'string' },
    'max-tokens': { type: 'string' },
    timeout: { type: 'string' },
    'allow-http': { type: 'boolean' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
  })
  const { model, api = 'chat', compare, yes = false, json = false } = values
  const [baseURL, tooMuch] = operands
  if (baseURL === undefined || tooMuch !== undefined) {
    throw new CliError(
      'usage',
      `probe takes one base URL, such as https://api.openai.com/v1, but got ${operands.length}.`,
    )
  }
  if (model === undefined || model === '') {
    throw new CliError('usage', 'probe needs --model: the name of a model that the server has.')
  }
  if (api !== 'chat' && api !== 'responses') {
    throw new CliError('usage', `--api must be chat or responses, but was ${JSON.stringify(api)}.`)
  }
  const own = { option: '--key-env', name: values['key-env'] }
  const other = { option: '--compare-key-env', name: values['compare-key-env'] }
  const targets = [readKeyedTarget(baseURL, own, { api, model })]
  if (compare !== undefined) {
    targets.push(readKeyedTarget(compare, other.name === undefined ? own : other, { api, model }))
  }
  if (values['allow-http'] !== true) for (const target of targets) refuseOpenKey(target)
  return {
    targets,
    maxTokens: readNumber('--max-tokens', values['max-tokens'] ?? '256', 1, 4096),
    timeoutMs: readNumber('--timeout', values.timeout ?? '60', 1, 3600) * 1000,
    yes,
    json,
  }
}

/** A server, with the key in the variable that the option names, or in the usual one. */
function readKeyedTarget(
  url: string,
  { option, name }: { readonly option: string; readonly name: string | undefined },
  asked: Pick<Target, 'api' | 'model'>,
): Target {
  const keyEnv = name ?? 'OPENAI_API_KEY'
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(keyEnv)) {
    // Whoever gives a key in place of a name should not find it in a log as well.
    throw new CliError('usage', `${option} must be the name of an environment variable, not the key itself.`)
  }
  return readTarget(url, { ...asked, key: readKey(keyEnv, name === undefined ? undefined : option), keyEnv })
}

function readNumber(name: string, text: string, min: number, max: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text)
  throw new CliError('usage', `${name} must be a whole number from ${min} to ${max}, but was ${JSON.stringify(text)}.`)
}
