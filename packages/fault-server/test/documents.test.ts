import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import {
  FAULTS,
  HEALTHY,
  HTTP2_FAULTS,
  listApis,
  PROXY_FAULTS,
  STREAMING_APIS,
  type Expected,
  type Injector,
  type ProxyFault,
  type StreamingApi,
} from '../src/index.ts'

const PACKAGE = join(import.meta.dirname, '..')
const README = join(PACKAGE, 'README.md')
const readme = readFileSync(README, 'utf8')
const guide = readFileSync(join(PACKAGE, 'CREATING_FAULTS.md'), 'utf8')

const findBlocks = (document: string, language: string): readonly string[] =>
  Array.from(document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms')), ([, code = '']) => code)

/** Runs a program in the package's folder, where its own name resolves to what is built. */
const run = async (program: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: PACKAGE,
  })
  return stdout
}

const describeCause = ({ cause }: Expected): string => (cause === undefined ? '' : `\`${cause[0]}\`, ${cause[1]}`)

const describeExpected = ({ outcome, errorType, detail, anomalies = [] }: Expected): string =>
  [
    errorType === undefined ? outcome : `\`${errorType}\``,
    ...(detail === undefined ? [] : [`\`${detail}\``]),
    ...anomalies.map((anomaly) => `\`${anomaly}\``),
  ].join(', ')

const API_NAMES: Readonly<Record<StreamingApi, string>> = {
  chat: 'chat',
  completions: 'completions',
  responses: 'Responses',
  assistants: 'Assistants',
  images: 'images',
  transcriptions: 'transcriptions',
  speech: 'speech',
}

/** The interfaces on which it makes sense, or those on which alone it doesn't. */
const describeApis = (injector: Pick<Injector, 'api'>): string => {
  const apis = listApis(injector)
  const others = STREAMING_APIS.filter((api) => !apis.includes(api))
  if (others.length === 0) return ''
  const isShorter = others.length < apis.length
  return `${isShorter ? 'not ' : ''}${(isShorter ? others : apis).map((api) => API_NAMES[api]).join(', ')}`
}

const formatCells = (injector: Injector | ProxyFault): readonly string[] => {
  const { name, summary, expected, expectedByMajor = {} } = injector
  // The proxy speaks nothing else.
  const http = 'asksUpstream' in injector ? undefined : injector.http
  const limits = [describeApis(injector), http === 1 ? 'HTTP/1' : ''].filter((limit) => limit !== '').join('; ')
  const majors = (tell: (expected: Expected) => string): string =>
    Object.entries(expectedByMajor)
      .filter(([, other]) => tell(other) !== tell(expected) && tell(other) !== '')
      .map(([major, other]) => ` (openai ${major}: ${tell(other)})`)
      .join('')
  return [
    `\`${name}\``,
    `${summary}${limits === '' ? '' : ` (${limits})`}`,
    `${describeExpected(expected)}${majors(describeExpected)}`,
    `${describeCause(expected)}${majors(describeCause)}`,
  ]
}

/** What completes has no cause. */
const formatTable = (injectors: readonly (Injector | ProxyFault)[]): string => {
  const columns = ['name', 'what happens', 'an observer says', 'and why']
  const isBroken = injectors.some(({ expected }) => expected.cause !== undefined)
  const rows = [columns, columns.map(() => '---'), ...injectors.map(formatCells)]
  return rows
    .map((cells) => `| ${cells.slice(0, isBroken ? 4 : 3).join(' | ')} |`)
    .join('\n')
    .replaceAll(/ +/g, ' ')
}

/** The formatter pads the columns: that is all it may do. */
const unpad = (table: string): string => table.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim()

const section = (mark: string): RegExp => new RegExp(`(<!-- ${mark} -->\n)(.*?)(<!-- /${mark} -->)`, 's')
const TABLES = [
  ['faults', FAULTS],
  ['proxy-faults', PROXY_FAULTS],
  ['http2-faults', HTTP2_FAULTS],
  ['healthy', HEALTHY],
] as const

if (process.env['UPDATE_README'] === '1') {
  let text = readme
  for (const [mark, injectors] of TABLES) {
    text = text.replace(
      section(mark),
      (_, open: string, __, close: string) => `${open}\n${formatTable(injectors)}\n\n${close}`,
    )
  }
  writeFileSync(README, text)
}

describe('the README', () => {
  it.each(TABLES)('lists all %s as the table has them', (mark, injectors) => {
    expect(unpad(section(mark).exec(readFileSync(README, 'utf8'))?.[2] ?? '')).toBe(formatTable(injectors))
  })

  it('shows what its first example prints', async () => {
    const [example = ''] = findBlocks(readme, 'js')
    expect(await run(example)).toBe(findBlocks(readme, 'text')[0])
  })

  it('has a last example that prints a line for each fault', async () => {
    const example = findBlocks(readme, 'js').at(-1) ?? ''
    expect((await run(example)).trim().split('\n')).toHaveLength(FAULTS.length)
  })

  it('shows what its proxy prints', async () => {
    expect(await run(findBlocks(readme, 'js')[3] ?? '')).toBe(findBlocks(readme, 'text')[1])
  })

  it.each([
    ['jest', 1, 'jest.mjs'],
    ['node:test', 2, 'node-test.mjs'],
    ['the proxy', 3, 'proxy.mjs'],
  ])('has for %s the example that runs', (_, index, file) => {
    expect(findBlocks(readme, 'js')[index]).toBe(readFileSync(join(PACKAGE, 'test/examples', file), 'utf8'))
  })

  it('has no other examples', () => expect(findBlocks(readme, '\\w+')).toHaveLength(7))
})

describe('the example for', () => {
  const start = async (args: readonly string[]): Promise<string> => {
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: '' }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: PACKAGE, env })
    return stdout + stderr
  }

  it('jest passes in jest', async () => {
    const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
    const config = { rootDir: join(PACKAGE, 'test/examples'), testMatch: ['**/jest.mjs'], transform: {} }
    const output = await start(['--experimental-vm-modules', jest, '--config', JSON.stringify(config)])
    expect(output).toContain('Tests:       2 passed, 2 total')
  })

  it('node:test passes in node:test', async () => {
    expect(await start(['--test', '--test-reporter=tap', 'test/examples/node-test.mjs'])).toContain('# pass 1\n')
  })
})

describe('the guide', () => {
  const EXPECTED_ENDINGS = [
    ['the harmless fault', 'data: [DONE]\n\n', 'whole'],
    ['the cut', '"chatcmpl', 'whole'],
    ['the stall', '\n\n', 'TypeError: terminated'],
  ] as const
  const [proxyStep = '', ...others] = findBlocks(guide, 'ts').toReversed()
  const steps = others.toReversed()

  it('has a step for each of these', () => expect(steps).toHaveLength(EXPECTED_ENDINGS.length))

  it.each(EXPECTED_ENDINGS.map((ending, index) => [...ending, index] as const))(
    'grows %s',
    async (_, text, ending, index) => {
      const output = await run(`${stripTypeScriptTypes(steps[index] ?? '')}
        const { startFaultServer } = await import('@streamgauge/fault-server')
        const server = await startFaultServer({ extraFaults: [noop] })
        const body = '{"model":"fault:noop","stream":true}'
        const response = await fetch(server.baseURL + '/chat/completions', { method: 'POST', body })
        let text = ''
        let ending = 'whole'
        try {
          for await (const chunk of response.body) text += Buffer.from(chunk)
        } catch (error) {
          ending = String(error)
        }
        console.log(JSON.stringify({ tail: text.slice(-200), ending }))
        await server.close()
      `)
      expect(JSON.parse(output)).toEqual({ tail: expect.stringContaining(text) as unknown, ending })
    },
  )

  it('grows a fault of the proxy', async () => {
    const output = await run(`${stripTypeScriptTypes(proxyStep)}
      const { startFaultProxy, startFaultServer } = await import('@streamgauge/fault-server')
      const upstream = await startFaultServer()
      const proxy = await startFaultProxy({ upstream: upstream.baseURL, schedule: [{ fault: noop, nth: 1 }] })
      const body = '{"model":"m","stream":true}'
      const counts = []
      for (const baseURL of [upstream.baseURL, proxy.baseURL]) {
        const response = await fetch(baseURL + '/chat/completions', { method: 'POST', body })
        counts.push((await response.text()).split('\\n\\n').length)
      }
      console.log(JSON.stringify([counts[1] - counts[0], proxy.log[0].state]))
      await proxy.close()
      await upstream.close()
    `)
    expect(JSON.parse(output)).toEqual([1, 'struck'])
  })

  it('has a program that runs', async () => {
    const [program = ''] = findBlocks(guide, 'js')
    expect(await run(program)).toBe('200 0\n')
  })
})
