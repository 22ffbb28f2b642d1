// Prints what Alertmanager sends: a line for each alert, and its links below it. It stands where your pager, chat or ticket system will stand:
//
//   node print-alerts.mjs
//
// HOST and PORT say where it listens; by default on loopback only, which a container has to change.
// The payload: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
import { createServer } from 'node:http'

/** Whoever reaches the port can send anything: what is larger is refused. */
const MAX_BODY_BYTES = 1_000_000
const MAX_ALERTS = 100
const MAX_TEXT_CHARS = 1000

/** Control and format characters, which would move the cursor or change the direction of the text; line separators. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const { HOST: host = '127.0.0.1', PORT: port = '9095' } = process.env

const server = createServer((request, response) => {
  if (request.method === 'POST') receive(request, response)
  else if (request.method === 'GET') answer(response, 200, 'Alertmanager posts here.')
  else answer(response, 405, 'POST what Alertmanager sends.')
})
server.requestTimeout = 10_000
server.listen(Number(port), host, () => {
  const { address, port: chosen } = server.address()
  console.log(`Waiting for alerts on ${address}:${chosen}.`)
})

function receive(request, response) {
  const pieces = []
  let size = 0
  request.on('data', (piece) => {
    if (size > MAX_BODY_BYTES) return
    size += piece.length
    pieces.push(piece)
    if (size <= MAX_BODY_BYTES) return
    // Not read to its end: the connection can't be used again.
    response.once('finish', () => request.destroy())
    answer(response, 413, `At most ${MAX_BODY_BYTES} bytes.`)
  })
  request.on('end', () => {
    if (size <= MAX_BODY_BYTES) print(Buffer.concat(pieces).toString('utf8'), response)
  })
  // A sender that went away is answered nothing.
  request.on('error', () => {})
}

function print(text, response) {
  const lines = describe(parse(text))
  for (const line of lines ?? []) console.log(line)
  if (lines === undefined)
    answer(response, 400, 'Not of Alertmanager, whose messages are JSON objects with a list "alerts".')
  else answer(response, 200, 'Printed.')
}

function answer(response, status, text) {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`)
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The lines to print, or undefined where the message is none of Alertmanager's. */
function describe(message) {
  const { alerts, truncatedAlerts } = message ?? {}
  if (!Array.isArray(alerts)) return undefined
  const untold = alerts.length - MAX_ALERTS + (Number.isInteger(truncatedAlerts) ? truncatedAlerts : 0)
  const lines = alerts.slice(0, MAX_ALERTS).map(describeAlert)
  return untold > 0 ? [...lines, `… and ${untold} more`] : lines
}

/** `FIRING critical ParseErrors: 3 % of the streams`, and its links on lines of their own: a summary holds what others named. */
function describeAlert(alert) {
  const { status, labels, annotations } = alert ?? {}
  const { alertname, severity } = labels ?? {}
  const { summary, dashboard_url: dashboard, runbook_url: runbook } = annotations ?? {}
  const head = [show(severity), show(alertname)].filter(Boolean).join(' ')
  const links = Object.entries({ dashboard, runbook }).filter(([, link]) => isLink(link))
  return [
    `${(show(status) || 'unknown').toUpperCase()} ${head}: ${show(summary)}`,
    ...links.map(([name, link]) => `  ${name} ${show(link)}`),
  ].join('\n')
}

/** Anything as text that is safe to print. */
function show(value) {
  if (typeof value !== 'string') return ''
  const text = value.length > MAX_TEXT_CHARS ? `${value.slice(0, MAX_TEXT_CHARS)}…` : value
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0).toString(16)}}`)
}

/** Terminals make links of what they find: nothing but the web is to be behind them. */
function isLink(value) {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)
}
