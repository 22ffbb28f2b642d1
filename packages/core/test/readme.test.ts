import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { TIMERS } from '../src/faults/timers.ts'
import { ANOMALY_CATALOGUE, ENDS, FAULTS, OUTCOMES } from '../src/index.ts'
import * as semconv from '../src/semconv.ts'
import { readDialectExamples, type AnswerEnd } from './dialect-examples.ts'

const PACKAGE = join(import.meta.dirname, '..')
/** Each generated table stands in one of these. Only the README is published: the tables are longer than the code. */
const DOCUMENTS = ['README.md', ...readdirSync(join(PACKAGE, 'docs')).map((name) => `docs/${name}`)]

/** Everything that is bounded: the file and the name of its number, the option that sets it, and what it bounds. */
const BOUNDS: readonly (readonly [file: string, constant: string, option: string, what: string])[] = [
  ['monitor/options.ts', 'DEFAULT_RECORDER_BYTES', '`recorderBytes`', 'bytes of the body that are kept as a copy'],
  [
    'monitor/options.ts',
    'MAX_DECODED_EVENT_BYTES',
    '',
    'the same at least, where the monitor decodes: its largest event',
  ],
  ['monitor/options.ts', 'DEFAULT_RECORDED_READS', '`recordedReads`', 'last reads that are kept'],
  [
    'recorder/flight-recorder.ts',
    'MAX_COPIED_BYTES',
    '',
    'bytes of a read that is copied when it comes; a larger one is held while its consumer has it',
  ],
  ['monitor/read-batch.ts', 'MAX_BATCHED_READS', '', 'reads of all streams that wait in a batch'],
  ['monitor/read-batch.ts', 'MAX_BATCHED_BYTES', '', 'bytes of each of them'],
  ['sse/frame-reader.ts', 'LINE_HEAD_BYTES', '', 'bytes of a line that goes on in the next read'],
  ['json/nesting.ts', 'MAX_JSON_DEPTH', '', 'nesting of JSON that is followed, one bit each'],
  ['answer/answer.ts', 'MAX_CHOICES', '', 'choices told apart'],
  ['answer/tool-arguments.ts', 'MAX_TOOL_CALLS', '', 'tool calls told apart'],
  ['answer/take-event.ts', 'MAX_NAME', '', 'characters of an id, a model name or a code'],
  ['monitor/body-head.ts', 'HEAD_BYTES', '', 'first bytes of the body that are kept'],
  ['faults/hops.ts', 'MAX_HEADERS', '', 'names of response headers that are looked at for hops'],
  ['faults/error-facts.ts', 'MAX_CAUSES', '', 'errors of a chain of causes that are looked at'],
  [
    'raw-chunk/chunk-window.ts',
    'CONTEXT_BYTES',
    '',
    'bytes of a chunk that are looked at to render it, or 16 × `maxBytes`',
  ],
  ['raw-chunk/cut-chunk.ts', 'HEAD_BYTES', '', 'bytes of its head that a cut chunk keeps'],
]

function readBound(file: string, constant: string): string {
  const source = readFileSync(join(PACKAGE, 'src', file), 'utf8')
  const [, digits] = new RegExp(`^(?:export )?const ${constant} = ([\\d_]+)$`, 'm').exec(source) ?? []
  if (digits === undefined) throw new Error(`${file} has no number ${constant}.`)
  return Number(digits.replaceAll('_', '')).toLocaleString('en')
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |'))
    .join('\n')
}

/** How an answer ends, in words. */
const ENDINGS: Readonly<Record<AnswerEnd, string>> = {
  finish_and_done: 'a finish reason, `[DONE]`',
  finish_only: 'a finish reason',
  done_only: '`[DONE]`',
  terminal_event: 'its last event',
  terminal_event_and_done: 'its last event, `[DONE]`',
  error: 'an error',
  nothing: 'nothing',
}

const GENERATED: readonly (readonly [mark: string, table: string])[] = [
  [
    'faults',
    formatTable(
      ['code', 'class', 'what was observed', 'likely causes', 'what to do'],
      FAULTS.map(({ code, class: faultClass, meaning, causes, remedy }) => [
        code === 'http_status' ? '`400` to `599`' : `\`${code}\``,
        faultClass,
        meaning,
        causes.map((cause) => `\`${cause}\``).join(', '),
        remedy,
      ]),
    ),
  ],
  [
    'anomalies',
    formatTable(
      ['anomaly', 'what was observed', 'what to do'],
      ANOMALY_CATALOGUE.map(({ type, meaning, remedy }) => [`\`${type}\``, meaning, remedy]),
    ),
  ],
  [
    'timers',
    formatTable(
      ['timer', 'counts', 'seconds', 'seen as'],
      TIMERS.map(({ owner, kind, seconds, hops }) => [
        owner,
        kind === 'idle' ? 'from the last byte' : 'from the request',
        seconds.join(', '),
        hops.map((name) => `\`${name}\``).join(', '),
      ]),
    ),
  ],
  [
    'bounds',
    formatTable(
      ['what', 'most', 'option'],
      BOUNDS.map(([file, constant, option, what]) => [what, readBound(file, constant), option]),
    ),
  ],
  [
    'dialects',
    formatTable(
      ['server', 'ends with', 'what sets it apart', 'verdict'],
      readDialectExamples()
        .toSorted((a, b) => a.server.localeCompare(b.server, 'en'))
        .map(({ server, ends, special, expected: { outcome, errorType, anomalies = [] } }) => [
          server,
          ENDINGS[ends],
          special,
          [errorType ?? outcome, ...anomalies].map((name) => `\`${name}\``).join(', '),
        ]),
    ),
  ],
]

const section = (mark: string): RegExp => new RegExp(`(<!-- ${mark} -->\n)(.*?)(<!-- /${mark} -->)`, 's')

const read = (name: string): string => readFileSync(join(PACKAGE, name), 'utf8')

if (process.env['UPDATE_README'] === '1') {
  for (const name of DOCUMENTS) {
    let text = read(name)
    for (const [mark, table] of GENERATED) {
      text = text.replace(section(mark), (_, open: string, __, close: string) => `${open}\n${table}\n\n${close}`)
    }
    writeFileSync(join(PACKAGE, name), text)
  }
}

const readme = read('README.md')
const documents = DOCUMENTS.map(read).join('\n')
/** The formatter pads the columns: that is all it may do. */
const tableOf = (mark: string): string =>
  (section(mark).exec(documents)?.[2] ?? '').replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim()

describe('the documents', () => {
  it.each(GENERATED)('have the table of %s as the code has it', (mark, table) => expect(tableOf(mark)).toBe(table))

  it.each([
    ['outcomes', OUTCOMES],
    ['ends', ENDS],
  ] as const)('name all %s, in order', (mark, names) => {
    const rows = tableOf(mark).split('\n').slice(2)
    expect(rows.map((row) => /^\| `(\w+)` \| [^|]+ \|$/.exec(row)?.[1])).toEqual(names)
  })
})

describe('the README', () => {
  it('names everything that the semconv entry point exports', () => {
    const [, names = ''] = /that it uses: (.*?)\./s.exec(readme) ?? []
    expect(Array.from(names.matchAll(/`(\w+)`/g), ([, name]) => name)).toEqual(
      expect.arrayContaining(Object.keys(semconv)),
    )
    expect(names.split(',')).toHaveLength(Object.keys(semconv).length)
  })

  it('shows what its example prints', async () => {
    const [, program = ''] = /```js\n(.*?)```/s.exec(readme) ?? []
    const [, printed = ''] = /```text\n(.*?)```/s.exec(readme) ?? []
    // In the package's folder, where its own name resolves to what is built.
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: PACKAGE,
    })
    expect(stdout).toBe(printed)
  })
})
