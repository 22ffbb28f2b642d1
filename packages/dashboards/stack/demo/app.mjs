// An ordinary user of openai, which knows nothing of Streamgauge:
//
//   node --import @streamgauge/instrumentation-openai/register app.mjs [plan]
//
// A plan is JSON, `[{ "model", "host", "fault"?, "count" }]`, as the argument or in DEMO_PLAN: exactly these streams are read,
// `{"done":true}` is printed, and the process waits to be told to stop, so that its telemetry goes on. Without a plan it reads
// streams for ever. Who is to break them stands in a header, and not in the model: a model's name should look as yours do.
import { setTimeout as wait } from 'node:timers/promises'
import OpenAI from 'openai'
import { createTraffic, hostInTrouble } from './traffic.mjs'

/** Few enough for the arrival times of each stream to be its own. */
const PLANNED_AT_ONCE = 4

/** More are not begun, however slow the server is: memory stays bounded. */
const MOST_AT_ONCE = 64

/** Longest that an answer may take before the application gives up. */
const LIMIT_MS = 20_000

const port = readNumber('FAULT_SERVER_PORT', 8080)
const clients = new Map()

try {
  const plan = process.argv[2] ?? process.env.DEMO_PLAN
  if (plan === undefined) await readForEver(readNumber('DEMO_SEED', 1), readNumber('DEMO_STREAMS_PER_SECOND', 10))
  else await readPlanned(parsePlan(plan))
} catch (error) {
  console.error(`demo: ${error.message}`)
  process.exitCode = 2
}

async function readPlanned(plan) {
  const requests = plan.flatMap(({ count, ...request }) => Array.from({ length: count }, () => request))
  const readOnes = async () => {
    for (let request = requests.shift(); request !== undefined; request = requests.shift()) await readStream(request)
  }
  await Promise.all(Array.from({ length: PLANNED_AT_ONCE }, readOnes))
  console.log(JSON.stringify({ done: true }))
  // Until a signal comes.
  setInterval(() => {}, 2 ** 30)
}

async function readForEver(seed, streamsPerSecond) {
  console.log(`About ${streamsPerSecond} streams a second, with seed ${seed}.`)
  const traffic = createTraffic(seed, streamsPerSecond)
  const startedAtMs = performance.now()
  let open = 0
  let troubled
  for (;;) {
    const elapsedMs = performance.now() - startedAtMs
    if (hostInTrouble(elapsedMs) !== troubled) {
      troubled = hostInTrouble(elapsedMs)
      console.log(troubled === undefined ? 'All hosts are well again.' : `${troubled} begins to cut its answers.`)
    }
    const { request, waitMs } = traffic.next(elapsedMs)
    if (open < MOST_AT_ONCE) {
      open += 1
      void readStream(request).finally(() => (open -= 1))
    }
    await wait(waitMs)
  }
}

/** Never rejects: a chat window would show its apology. */
async function readStream({ model, host, fault, isCancelled = false }) {
  try {
    const stream = await clientOf(host).chat.completions.create(
      { model, messages: [{ role: 'user', content: 'Tell me about rivers.' }], stream: true },
      {
        signal: AbortSignal.timeout(LIMIT_MS),
        headers: fault === undefined ? {} : { 'x-fault': fault },
      },
    )
    let chunks = 0
    for await (const _ of stream) {
      chunks += 1
      if (isCancelled && chunks === 3) break
    }
  } catch {}
}

/** Without retries: each request is one stream, whatever becomes of it. */
function clientOf(host) {
  const baseURL = `http://${host}:${port}/v1`
  const client = clients.get(host) ?? new OpenAI({ baseURL, apiKey: 'none-needed', maxRetries: 0, logLevel: 'off' })
  clients.set(host, client)
  return client
}

function parsePlan(text) {
  const plan = JSON.parse(text)
  const isEntry = ({ model, host, fault, count }) =>
    typeof model === 'string' &&
    typeof host === 'string' &&
    (fault === undefined || typeof fault === 'string') &&
    Number.isInteger(count) &&
    count >= 0
  if (!Array.isArray(plan) || !plan.every((entry) => entry !== null && isEntry(entry))) {
    throw new Error('a plan is [{ "model": "…", "host": "…", "fault"?: "…", "count": 3 }]')
  }
  return plan
}

function readNumber(name, otherwise) {
  const text = process.env[name] ?? ''
  const number = text === '' ? otherwise : Number(text)
  if (!(number > 0)) throw new Error(`${name} must be a number above 0, but is ${JSON.stringify(text)}`)
  return number
}
