import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

const SCRIPT = join(import.meta.dirname, '../stack/alerts/print-alerts.mjs')

let url = ''
let ready = ''
let errors = ''
let nextLine: () => Promise<string>
let kill: () => void

beforeAll(async () => {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { ...process.env, HOST: undefined, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  kill = () => void child.kill('SIGKILL')
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  nextLine = async () => String((await lines.next()).value)
  ready = await nextLine()
  url = `http://${/127\.0\.0\.1:\d+/.exec(ready)?.[0]}`
})

afterAll(() => kill())

const ALERT = {
  status: 'firing',
  labels: { alertname: 'StreamgaugeParseErrorsFast', severity: 'critical', server_address: 'localhost' },
  annotations: {
    summary: 'Chunks of 23.1% of the streams could not be parsed: gpt-5 at localhost (openai), asked by shop',
    description: 'Answers are cut.',
    dashboard_url: 'http://localhost:3000/d/streamgauge-failures?var-job=shop',
    runbook_url: 'http://localhost:3000/d/streamgauge-runbook?viewPanel=panel-1',
  },
  startsAt: '2026-11-28T06:00:00.000Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://localhost:9090/graph?g0.expr=x',
  fingerprint: '0123456789abcdef',
}

/** As Alertmanager's webhook sends it. */
const message = (alerts: readonly unknown[], more: object = {}): string =>
  JSON.stringify({
    version: '4',
    groupKey: '{}:{alertname="StreamgaugeParseErrorsFast"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'webhook',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://localhost:9093',
    alerts,
    ...more,
  })

const post = async (body: string): Promise<number> => (await fetch(url, { method: 'POST', body })).status

test('it listens on loopback, and says where', () => {
  expect(ready).toMatch(/^Waiting for alerts on 127\.0\.0\.1:\d+\.$/)
})

const LINKS = [
  '  dashboard http://localhost:3000/d/streamgauge-failures?var-job=shop',
  '  runbook http://localhost:3000/d/streamgauge-runbook?viewPanel=panel-1',
]

test('each alert is a line: its state, how bad it is, and what happened; and below it where to look', async () => {
  const status = await post(message([ALERT, { ...ALERT, status: 'resolved' }]))
  expect(status).toBe(200)
  const { summary } = ALERT.annotations
  for (const state of ['FIRING', 'RESOLVED']) {
    expect(await nextLine()).toBe(`${state} critical StreamgaugeParseErrorsFast: ${summary}`)
    for (const link of LINKS) expect(await nextLine()).toBe(link)
  }
})

test('what an alert says cannot pass for a link of its own', async () => {
  const summary = 'gpt | runbook http://elsewhere.example/\n  runbook http://elsewhere.example/'
  expect(await post(message([{ ...ALERT, annotations: { ...ALERT.annotations, summary } }]))).toBe(200)
  expect(await nextLine()).toMatch(/^FIRING critical .*\\u\{a\}  runbook http:\/\/elsewhere\.example\/$/)
  for (const link of LINKS) expect(await nextLine()).toBe(link)
})

test('what an alert says cannot move the cursor, begin a line of its own or turn the text around', async () => {
  const summary = 'red \u001b[31m\nFIRING critical Faked: \r\u202enruter\u2028 \u0007\u009b'
  expect(await post(message([{ ...ALERT, annotations: { summary } }]))).toBe(200)
  expect(await nextLine()).toBe(
    'FIRING critical StreamgaugeParseErrorsFast: ' +
      String.raw`red \u{1b}[31m\u{a}FIRING critical Faked: \u{d}\u{202e}nruter\u{2028} \u{7}\u{9b}`,
  )
})

test('only links to the web are printed as links', async () => {
  const annotations = { summary: 's', dashboard_url: 'javascript:alert(1)', runbook_url: 'file:///etc/passwd' }
  expect(await post(message([{ ...ALERT, annotations }]))).toBe(200)
  expect(await nextLine()).toBe('FIRING critical StreamgaugeParseErrorsFast: s')
})

test('an alert without anything is still a line', async () => {
  expect(await post(message([null, { status: 3, labels: [], annotations: 'x' }, {}]))).toBe(200)
  for (let i = 0; i < 3; i += 1) expect(await nextLine()).toBe('UNKNOWN : ')
})

test('a long text is cut, and of many alerts the first hundred are told', async () => {
  const annotations = { summary: 'x'.repeat(5000) }
  const alerts = Array.from({ length: 103 }, () => ({ ...ALERT, annotations }))
  expect(await post(message(alerts, { truncatedAlerts: 7 }))).toBe(200)
  for (let i = 0; i < 100; i += 1) expect((await nextLine()).length).toBeLessThan(1100)
  expect(await nextLine()).toBe('… and 10 more')
})

test.each([
  ['no JSON', 'nonsense', 400],
  ['no message of Alertmanager', '{"alerts":{}}', 400],
  ['nothing', '', 400],
  ['more than it takes', 'x'.repeat(1_000_001), 413],
])('%s is refused', async (_name, body, status) => {
  expect(await post(body)).toBe(status)
})

test('endless bodies are cut off, and those who come afterwards are answered', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
  const piece = `10000\r\n${'x'.repeat(0x1_00_00)}\r\n`
  const sending = setInterval(() => socket.write(piece), 1)
  await new Promise((resolve) => socket.once('close', resolve))
  clearInterval(sending)
  expect(socket.bytesWritten).toBeLessThan(20_000_000)
  expect((await fetch(url)).status).toBe(200)
})

test("a method that is none of Alertmanager's is refused", async () => {
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
})

test('none of that was an error of its own', () => {
  expect(errors).toBe('')
})
