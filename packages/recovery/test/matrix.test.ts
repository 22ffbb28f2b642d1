import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { expectedFor, FAULTS, HEALTHY, listApis, type Injector } from '@streamgauge/fault-server'
import { POLICIES, type Played, type Policy } from './apps/play-injector.ts'
import type { MatrixResult, PolicyResult } from './apps/play-matrix.ts'
import { MAJORS, type Major } from './apps/sdks.ts'

const injectors: readonly Injector[] = [...FAULTS, ...HEALTHY]
const byName = new Map(injectors.map((injector) => [injector.name, injector]))

async function playMatrix(major: Major): Promise<MatrixResult> {
  const app = join(import.meta.dirname, 'apps/play-matrix.ts')
  const args = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', app, String(major)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout) as MatrixResult
}

/** All of them beside each other: each waits most of its time. */
let matrices: Promise<ReadonlyMap<Major, MatrixResult>>
beforeAll(() => {
  const all = MAJORS.map(async (major) => [major, await playMatrix(major)] as const)
  matrices = Promise.all(all).then((entries) => new Map(entries))
})

/** What an app gets, by fault, policy and major. */
const cells = new Map<string, string>()

/** What an app got, in a few words. */
function describePlayed({ texts, error, attempts }: Played): string {
  const action = attempts.length > 1 ? attempts.at(-1)?.action : undefined
  const how = texts.length > 1 ? 'cleared, then ' : action === 'continue' ? 'goes on, then ' : ''
  const requests = attempts.length > 1 ? `, ${attempts.length} requests` : ''
  // What the app itself has aborted has no code.
  const end = error === undefined ? 'whole' : error.name === 'AbortError' ? 'AbortError' : `\`${String(error.code)}\``
  return `${how}${end}${requests}`
}

/** Streams that bring other text than their answer, and are complete nevertheless. */
const ALTERED: ReadonlySet<string> = new Set([
  'invalid_utf8',
  'responses_sequence_gap',
  'responses_sequence_repeat',
  // They glue an event to itself: put back together, it comes twice.
  'two_objects',
  'joined_events',
])

/** Faults that core calls by another code where they meet recovery: the SDK would have asked again by itself. */
const NOT_RETRIED: ReadonlyMap<string, string> = new Map([['retry_after_503', '503']])

/** Codes that a policy gives beside that of the fault: what it puts right may end otherwise, or it asks for more. */
const OTHERWISE: Readonly<Partial<Record<Policy, readonly unknown[]>>> = {
  reassemble: [undefined, 'missing_terminator'],
  // What the SDK doesn't show, or ends like a finished stream.
  awaited: [undefined, 'missing_terminator', 'malformed_event', 'empty_stream'],
  // That a timer was the app's own, it is not told.
  requireComplete: [undefined, 'incomplete_tool_arguments', 'incomplete_answer', 'body_timeout'],
}

describe.each(MAJORS)('openai %i and every fault', (major) => {
  let matrix: MatrixResult
  beforeAll(async () => {
    const played = (await matrices).get(major)
    if (played !== undefined) matrix = played
  }, 180_000)

  const resultOf = (policy: Policy): PolicyResult => {
    const result = matrix.results.find((one) => one.policy === policy)
    if (result === undefined) throw new Error(policy)
    return result
  }

  it.each(POLICIES)('%s hands over each chunk once, and tells what the app has', (policy) => {
    const { played } = resultOf(policy)
    expect(played).toHaveLength(injectors.length)
    for (const one of played) {
      cells.set(`${one.name}/${policy}/${major}`, describePlayed(one))
      expect(one.attempts.reduce((all, { chunks }) => all + chunks, 0)).toBe(one.chunks)
      const partialChunks = one.error?.partialChunks
      const isKnown = partialChunks === undefined || one.texts.length > 1 || partialChunks === one.chunks
      expect([one.name, isKnown]).toEqual([one.name, true])
    }
  })

  it.each(POLICIES)('%s gives the text of the answer, or the beginning of it', (policy) => {
    const { wholeChat, wholeResponse } = matrix
    const plain = resultOf(policy).played.filter(({ name, attempts }) => {
      const { answer, client } = byName.get(name) ?? {}
      const isPlain = answer === undefined && client?.includeUsage !== true && !ALTERED.has(name)
      return isPlain && attempts.every(({ action }) => action !== 'continue')
    })
    expect(plain.length).toBeGreaterThan(40)
    for (const { name, texts, error } of plain) {
      const injector = byName.get(name)
      const isChat = injector !== undefined && listApis(injector).includes('chat')
      const whole = isChat ? wholeChat : wholeResponse
      const isBeginning = texts.every((text) => whole.startsWith(text))
      const isWhole = error !== undefined || texts.at(-1) === whole
      expect({ name, isBeginning, isWhole }).toEqual({ name, isBeginning: true, isWhole: true })
    }
  })

  it.each(POLICIES)('%s breaks by the code of the fault, or completes', (policy) => {
    for (const { name, attempts, error } of resultOf(policy).played) {
      const injector = byName.get(name)
      if (injector === undefined) throw new Error(name)
      // With the `fetch` of the platform, openai 4 sees what the others see.
      const code =
        NOT_RETRIED.get(name) ?? expectedFor(injector, policy === 'reassemble' && major === 4 ? 5 : major).errorType
      const broken = policy === 'requireComplete' ? error?.code : attempts[0]?.code
      const isExpected = broken === code || OTHERWISE[policy]?.includes(broken) === true || error?.name === 'AbortError'
      expect({ name, broken, isExpected }).toEqual({ name, broken, isExpected: true })
      expect([undefined, code, ...(OTHERWISE[policy] ?? []), DOMException.ABORT_ERR]).toContain(error?.code)
    }
  })

  it.each(POLICIES)('%s asks the server as often as there are attempts', (policy) => {
    const { played, requests } = resultOf(policy)
    expect(played.reduce((all, { attempts }) => all + attempts.length, 0)).toBe(requests)
  })

  it.each(POLICIES)('%s has a span for each attempt, linked to those before it', (policy) => {
    const { played, spans, requests } = resultOf(policy)
    const isRecovery = policy !== 'requireComplete'
    expect(spans).toHaveLength(isRecovery ? requests : 0)
    for (const { attempts, traceId } of isRecovery ? played : []) {
      const own = spans.filter((span) => span.traceId === traceId)
      expect(own.map(({ isError }) => isError)).toEqual(attempts.map(({ code }) => code !== undefined))
      expect(own.map(({ links }) => links)).toEqual(own.map((_, at) => own.slice(0, at).map(({ spanId }) => spanId)))
    }
  })

  it.each(POLICIES)('%s counts what was recovered, and what was given up', (policy) => {
    const { played, recovered, givenUp } = resultOf(policy)
    const broken =
      policy === 'requireComplete' ? [] : played.filter(({ attempts }) => attempts.some(({ code }) => code))
    expect({ recovered, givenUp }).toEqual({
      recovered: broken.filter(({ error }) => error === undefined).length,
      givenUp: broken.filter(({ error }) => error !== undefined).length,
    })
  })
})

/** One line for each fault: what comes of it, and where that depends on the version of the SDK. */
function formatRow(name: string): readonly string[] {
  const columns = POLICIES.map((policy) => {
    const byMajor = MAJORS.map((major) => cells.get(`${name}/${policy}/${major}`) ?? '')
    const usual = byMajor.at(-1) ?? ''
    const others = [...new Set(byMajor.filter((cell) => cell !== usual))].map((cell) => {
      const majors = MAJORS.filter((_, at) => byMajor[at] === cell)
      return ` (openai ${majors.join(', ')}: ${cell})`
    })
    return usual + others.join('')
  })
  return [`\`${name}\``, ...columns]
}

const DOCUMENT = join(import.meta.dirname, '../docs/faults.md')
const SECTION = /(<!-- faults -->\n)(.*?)(<!-- \/faults -->)/s
/** The formatter pads the columns: that is all it may do. */
const normalize = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim()

it('what comes of each fault is what the document says', () => {
  const head = ['fault', ...POLICIES.map((policy) => `\`${policy}\``)]
  const rows = [head, head.map(() => '---'), ...injectors.map(({ name }) => formatRow(name))]
  const table = rows.map((row) => `| ${row.join(' | ')} |`).join('\n')
  let text = readFileSync(DOCUMENT, 'utf8')
  if (process.env['UPDATE_README'] === '1') {
    text = text.replace(SECTION, (_, open: string, __, close: string) => `${open}\n${table}\n\n${close}`)
    writeFileSync(DOCUMENT, text)
  }
  expect(normalize(SECTION.exec(text)?.[2] ?? '')).toBe(normalize(table))
})
