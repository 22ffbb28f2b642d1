import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { describe, expect, it, jest } from '@jest/globals'
import { startFaultServer } from '@streamgauge/fault-server'
import { HELP } from '../src/help.ts'
import { doctorIn } from './doctor/doctor-json.ts'
import { COMPLETE, makeProject } from './doctor/make-project.ts'
import { NO_PROXY } from './probe/probe-json.ts'
import { BIN, LIMIT_MS, runCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const README = join(import.meta.dirname, '../README.md')
/** The rows of one section of the help: a name and what it says. */
function helpRows(section: string): readonly (readonly [string, string])[] {
  const [, text = ''] = new RegExp(`^${section}\\n(.*?)\\n(?:\\n|$)`, 'ms').exec(HELP) ?? []
  return text.split('\n').map((line) => {
    const [, name = '', meaning = ''] = /^ {2}(\S+(?: \S+)?) {2,}(.*)$/.exec(line) ?? []
    return [name, meaning]
  })
}

/** The table under one title of the README. */
const tableOf = (title: string): RegExp => new RegExp(`(?<=^## ${title}\\n\\n)\\|.*?\\n(?=\\n|$(?![^]))`, 'ms')

const SECTIONS = [
  ['Commands', 'Usage', 'command'],
  ['Options of demo', 'Options of demo', 'option'],
  ['Options of view', 'Options of view', 'option'],
  ['Options of replay', 'Options of replay', 'option'],
  ['Options of explain', 'Options of explain', 'option'],
  ['Options of probe', 'Options of probe', 'option'],
  ['Options of doctor', 'Options of doctor', 'option'],
  ['Exit codes', 'Exit codes', 'code'],
] as const

function formatTable(section: string, head: string): string {
  const rows = helpRows(section).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)
  return [`| ${head} | |`, '| --- | --- |', ...rows, ''].join('\n')
}

/** The formatter pads the columns: that is all it may do. */
const unpad = (table: string): string => table.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')

if (process.env['UPDATE_README'] === '1') {
  let text = readFileSync(README, 'utf8')
  for (const [title, section, head] of SECTIONS) text = text.replace(tableOf(title), () => formatTable(section, head))
  writeFileSync(README, text)
}
const readme = readFileSync(README, 'utf8')

/** The code blocks of a language. */
const blocks = (language: string): readonly string[] =>
  Array.from(readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms')), ([, block = '']) => block)

/** No two runs take the same time. */
const untimed = (text: string): string => text.replaceAll(/\d+\.\d\d s/g, '0.00 s')

describe('the README', () => {
  it.each(SECTIONS)('has the table "%s" as the help has it', (title, section, head) => {
    expect(helpRows(section).length).toBeGreaterThan(2)
    expect(unpad(tableOf(title).exec(readme)?.[0] ?? '')).toBe(formatTable(section, head))
  })

  it('shows what the demo prints of a broken stream', async () => {
    const { stdout } = await runCli(['demo', '--once', '--fault', 'cut_inside_event'])
    expect(blocks('text')[0]).toMatch(/\S/)
    expect(stdout).toContain(blocks('text')[0])
  })

  const hasCurl = spawnSync('curl', ['--version']).status === 0
  if (!hasCurl) console.log('SKIP the capture of the README: apt-get install curl')
  const describeCurl = hasCurl ? describe : describe.skip
  describeCurl('with curl', () => {
    it('captures a stream and shows what replay prints of it', async () => {
      const server = await startFaultServer()
      const folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))
      const script = `streamgauge() { "${process.execPath}" "${BIN}" "$@"; }\n${blocks('sh')[0]?.replace('gpt-5-mini', 'fault:cut_inside_event')}`
      const child = spawn('bash', ['-c', script], {
        cwd: folder,
        env: { PATH: process.env['PATH'], OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: 'test' },
        timeout: LIMIT_MS,
      })
      const stdout = await readText(child.stdout)
      await server.close()
      rmSync(folder, { recursive: true })
      expect(blocks('text')[1]).toMatch(/\S/)
      expect(stdout).toContain(blocks('text')[1])
    })
  })

  it('shows what explain prints', async () => {
    const [command = '', ...output] = blocks('text')[2]?.split('\n') ?? []
    const [, , ...args] = command.split(' ')
    expect(command).toMatch(/^\$ streamgauge explain /)
    expect((await runCli(args)).stdout).toContain(output.join('\n').trim())
  })

  it('shows what probe prints of an answer that was held back', async () => {
    const server = await startFaultServer()
    const args = ['probe', server.baseURL, '--model', 'fault:gzip_flushed_late', '--yes']
    const { stdout } = await runCli(args, { env: NO_PROXY })
    await server.close()
    expect(untimed(stdout)).toContain(untimed(blocks('text')[3] ?? 'nothing'))
  })

  it('shows what doctor prints of a run', async () => {
    const server = await startFaultServer()
    const app = `import OpenAI from 'openai'
const client = new OpenAI({ apiKey: 'any', baseURL: process.argv[2] })
for (const model of ['plain', 'fault:no_done']) {
  for await (const _ of await client.chat.completions.create({ model, stream: true, messages: [] }));
}`
    const folder = makeProject({ links: COMPLETE, files: { 'app.mjs': app } })
    const { stdout } = await doctorIn(folder, ['--', process.execPath, 'app.mjs', server.baseURL])
    await server.close()
    expect(stdout).toContain(blocks('text')[4] ?? 'nothing')
  })
})
