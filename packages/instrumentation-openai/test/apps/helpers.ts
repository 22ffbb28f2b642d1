// Plays the SDK's own helpers against the fault server, and prints as JSON what each of them made of its stream.
//
//   node helpers.ts <major> <server's URL>
import { createRequire } from 'node:module'
import type { AzureOpenAI as AzureClass, OpenAI as OpenAIClass } from 'openai7'

const [, , major = '', url = ''] = process.argv
const { OpenAI, AzureOpenAI } = createRequire(import.meta.url)(`openai${major}`) as {
  readonly OpenAI: typeof OpenAIClass
  readonly AzureOpenAI: typeof AzureClass
}
const openai = new OpenAI({ apiKey: 'test', baseURL: `${url}/v1`, maxRetries: 0 })
const azure = new AzureOpenAI({ apiKey: 'test', endpoint: url, apiVersion: '2024-10-21', maxRetries: 0 })

const ASSISTANT = { assistant_id: 'asst_1' }
const MESSAGES = [{ role: 'user' as const, content: 'Hi' }]
const isMajor4 = major === '4'

/** openai 4 has them below `beta`, as far as they aren't there alone. */
function chatHelpers(client: OpenAIClass): OpenAIClass['chat']['completions'] {
  const { beta } = client as unknown as { readonly beta: { readonly chat: OpenAIClass['chat'] } }
  return (isMajor4 ? beta.chat : client.chat).completions
}

type Run = OpenAIClass.Beta.Threads.Runs.Run
type Runs = OpenAIClass['beta']['threads']['runs']
type RunStream = ReturnType<Runs['submitToolOutputsStream']>

/** From openai 5 on the thread is among the parameters. */
function submit(run: Run, outputs: readonly object[]): RunStream {
  const runs = openai.beta.threads.runs as unknown as {
    submitToolOutputsStream(...parameters: readonly unknown[]): RunStream
  }
  const body = { tool_outputs: outputs }
  return isMajor4
    ? runs.submitToolOutputsStream(run.thread_id, run.id, body)
    : runs.submitToolOutputsStream(run.id, { thread_id: run.thread_id, ...body })
}

async function types(stream: AsyncIterable<unknown>): Promise<readonly string[]> {
  const seen: string[] = []
  for await (const value of stream) {
    const { event, type, object } = value as {
      readonly event?: string
      readonly type?: string
      readonly object?: string
    }
    const name = event ?? type ?? object ?? ''
    if (name !== seen.at(-1)) seen.push(name)
  }
  return seen
}

async function responseId(): Promise<string> {
  const response = await openai.responses.create({ model: 'plain', input: 'Hi' })
  return response.id
}

const HELPERS = {
  runs_create: async () => types(await openai.beta.threads.runs.create('thread_1', { ...ASSISTANT, stream: true })),
  create_and_run: async () => types(await openai.beta.threads.createAndRun({ ...ASSISTANT, stream: true })),
  runs_stream: async () => {
    let text = ''
    const stream = openai.beta.threads.runs
      .stream('thread_1', ASSISTANT)
      .on('textDelta', ({ value }) => (text += value))
    const [message] = await stream.finalMessages()
    const [part] = message?.content ?? []
    const steps = await stream.finalRunSteps()
    const run = await stream.finalRun()
    return {
      status: run.status,
      steps: steps.map(({ status }) => status),
      isWhole: part?.type === 'text' && part.text.value === text && text !== '',
    }
  },
  create_and_run_stream: async () => {
    const run = await openai.beta.threads.createAndRunStream(ASSISTANT).finalRun()
    return { status: run.status }
  },
  submit_tool_outputs: async () => {
    const asked = openai.beta.threads.runs.stream('thread_1', { ...ASSISTANT, model: 'healthy:tool_calls' })
    const waiting = await asked.finalRun()
    const calls = waiting.required_action?.submit_tool_outputs.tool_calls ?? []
    const outputs = calls.map(({ id }) => ({ tool_call_id: id, output: '231' }))
    const done = await submit(waiting, outputs).finalRun()
    return {
      waited: waiting.status,
      called: calls.map(({ function: { name } }) => name),
      status: done.status,
      isSame: done.id === waiting.id,
    }
  },
  run_tools: async () => {
    const outputs: unknown[] = []
    const runner = chatHelpers(openai).runTools({
      model: 'healthy:tool_calls',
      messages: MESSAGES,
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'read_gauge',
            description: 'Reads a gauge.',
            parameters: {},
            parse: JSON.parse,
            function: (place: unknown) => {
              outputs.push(place)
              return '231'
            },
          },
        },
      ],
    })
    const content = await runner.finalContent()
    return { outputs, roles: runner.messages.map(({ role }) => role), hasContent: Boolean(content) }
  },
  responses_retrieve: async () => {
    const stream = await openai.responses.retrieve(await responseId(), { stream: true, starting_after: 5 })
    const numbers: number[] = []
    for await (const { sequence_number: number } of stream) numbers.push(number)
    return { first: numbers[0], isInOrder: numbers.every((number, index) => number === index + 6) }
  },
  responses_stream: async () => {
    const stream = openai.responses.stream({ response_id: await responseId(), starting_after: 5 })
    const numbers: number[] = []
    for await (const { sequence_number: number } of stream) numbers.push(number)
    const { status } = await stream.finalResponse()
    return { first: numbers[0], status }
  },
  images_generate: async () => types(await openai.images.generate({ model: 'm', prompt: 'A river', stream: true })),
  images_edit: async () => {
    const image = new File(['PNG'], 'river.png', { type: 'image/png' })
    return types(await openai.images.edit({ model: 'm', prompt: 'A river', image, stream: true }))
  },
  transcriptions: async () => {
    const file = new File(['RIFF'], 'river.wav', { type: 'audio/wav' })
    return types(await openai.audio.transcriptions.create({ model: 'm', file, stream: true }))
  },
  speech: async () => {
    const response = await openai.audio.speech.create({ model: 'm', input: 'Hi', voice: 'alloy', stream_format: 'sse' })
    return { events: (await response.text()).trim().split('\n\n').length > 3 }
  },
  azure: async () => {
    const stream = await azure.chat.completions.create({ model: 'plain', messages: MESSAGES, stream: true })
    let chunks = 0
    for await (const _ of stream) chunks++
    const content = await chatHelpers(azure).stream({ model: 'plain', messages: MESSAGES }).finalContent()
    return { hasChunks: chunks > 3, hasContent: Boolean(content) }
  },
} as const

/** Name of a helper. */
export type HelperName = keyof typeof HELPERS

const results: Record<string, unknown> = {}
for (const [name, play] of Object.entries(HELPERS)) {
  try {
    results[name] = await play()
  } catch (error) {
    results[name] = String(error)
  }
}
process.stdout.write(JSON.stringify(results))
