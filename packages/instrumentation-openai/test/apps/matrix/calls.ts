import type { SdkMajor, StreamingApi } from '@streamgauge/fault-server'

/** What the arguments of a call depend on. */
export interface CallFacts {
  readonly major: SdkMajor
  readonly model: string
  /** Asks for a chunk with the usage, in chat and completions. */
  readonly stream_options?: { readonly include_usage: true }
  /** Of a response that the server knows. */
  readonly responseId: string
}

/** Options of a request, which every method takes last. */
export interface RequestOptions {
  readonly signal?: AbortSignal
}

/** Which client makes the call. */
export type ClientKind = 'plain' | 'azure' | 'subclass' | 'custom_fetch' | 'with_options' | 'canned'

/** One way to use the SDK: a row of the README's table. */
export interface Call {
  readonly name: string
  /** The methods that it may be, from the client on: the first that there is counts. */
  readonly methods: readonly string[]
  readonly api?: StreamingApi
  /** A stream of events, a whole answer, bytes that the application reads by itself, or what no model says. */
  readonly answer: 'stream' | 'whole' | 'bytes' | 'nothing'
  readonly client?: ClientKind
  /** It reads the stream by itself, whether or not the application keeps up. */
  readonly isHelper?: true
  /** The request names no model. */
  readonly isNameless?: true
  /** The application takes the response in place of the stream. */
  readonly isRaw?: true
  /** Versions that don't have it: majors, or the oldest of one. */
  readonly notIn?: readonly string[]
  arguments(facts: CallFacts, options: RequestOptions): readonly unknown[]
}

const MESSAGES = [{ role: 'user', content: 'Hi' }]
const GAUGE = {
  type: 'function',
  function: {
    name: 'read_gauge',
    description: 'Reads a gauge.',
    parameters: {},
    parse: JSON.parse,
    function: () => '231',
  },
}

const chat = ({ model, stream_options }: CallFacts, stream?: true): object => ({
  model,
  messages: MESSAGES,
  ...(stream === undefined ? {} : { stream, ...(stream_options === undefined ? {} : { stream_options }) }),
})
const streamedChat: Call['arguments'] = (facts, options) => [chat(facts, true), options]
const wholeChat: Call['arguments'] = (facts, options) => [chat(facts), options]

const inChat = (name: string): readonly string[] => [`chat.completions.${name}`, `beta.chat.completions.${name}`]
const CREATE = ['chat.completions.create']

const CHAT_CALLS: readonly Call[] = [
  { name: 'chat.completions.create', methods: CREATE, api: 'chat', answer: 'stream', arguments: streamedChat },
  {
    name: 'chat.completions.stream',
    methods: inChat('stream'),
    api: 'chat',
    answer: 'stream',
    notIn: ['openai4-oldest'],
    isHelper: true,
    arguments: wholeChat,
  },
  {
    name: 'chat.completions.runTools',
    methods: inChat('runTools'),
    api: 'chat',
    answer: 'stream',
    notIn: ['openai4-oldest'],
    isHelper: true,
    arguments: (facts, options) => [{ ...chat(facts, true), tools: [GAUGE] }, options],
  },
  {
    name: 'chat.completions.create',
    methods: CREATE,
    api: 'chat',
    answer: 'whole',
    arguments: wholeChat,
  },
  {
    name: 'chat.completions.parse',
    methods: inChat('parse'),
    api: 'chat',
    answer: 'whole',
    notIn: ['openai4-oldest'],
    arguments: wholeChat,
  },
  {
    name: 'APIPromise.asResponse',
    methods: CREATE,
    api: 'chat',
    answer: 'bytes',
    isRaw: true,
    arguments: streamedChat,
  },
  {
    name: 'client.post',
    methods: ['post'],
    api: 'chat',
    answer: 'stream',
    arguments: (facts, options) => ['/chat/completions', { body: chat(facts, true), stream: true, ...options }],
  },
]

const CLIENT_CALLS: readonly Call[] = [
  ['AzureOpenAI', 'azure', ['openai4-oldest']] as const,
  ['a subclass of OpenAI', 'subclass', []] as const,
  ['a fetch of the app', 'custom_fetch', []] as const,
  ['client.withOptions', 'with_options', ['openai4', 'openai4-oldest']] as const,
].map(([name, client, notIn]) => ({
  name,
  methods: CREATE,
  client,
  api: 'chat',
  answer: 'stream',
  notIn,
  arguments: streamedChat,
}))

const completions = ({ model, stream_options }: CallFacts, stream: boolean): object => ({
  model,
  prompt: 'Hi',
  stream,
  ...(stream && stream_options !== undefined ? { stream_options } : {}),
})

const COMPLETIONS_CALLS: readonly Call[] = (['stream', 'whole'] as const).map((answer) => ({
  name: 'completions.create',
  methods: ['completions.create'],
  api: 'completions',
  answer,
  arguments: (facts, options) => [completions(facts, answer === 'stream'), options],
}))

const RESPONSES_CALLS: readonly Call[] = [
  {
    name: 'responses.create',
    methods: ['responses.create'],
    api: 'responses',
    notIn: ['openai4-oldest'],
    answer: 'stream',
    arguments: ({ model }, options) => [{ model, input: 'Hi', stream: true }, options],
  },
  {
    name: 'responses.stream',
    methods: ['responses.stream'],
    api: 'responses',
    notIn: ['openai4-oldest'],
    answer: 'stream',
    isHelper: true,
    arguments: ({ model }, options) => [{ model, input: 'Hi' }, options],
  },
  {
    name: 'responses.retrieve',
    methods: ['responses.retrieve'],
    api: 'responses',
    notIn: ['openai4-oldest'],
    answer: 'stream',
    isNameless: true,
    arguments: ({ responseId }, options) => [responseId, { stream: true }, options],
  },
  {
    name: 'responses.create',
    methods: ['responses.create'],
    api: 'responses',
    notIn: ['openai4-oldest'],
    answer: 'whole',
    arguments: ({ model }, options) => [{ model, input: 'Hi' }, options],
  },
  {
    name: 'responses.parse',
    methods: ['responses.parse'],
    api: 'responses',
    notIn: ['openai4-oldest'],
    answer: 'whole',
    arguments: ({ model }, options) => [{ model, input: 'Hi' }, options],
  },
]

const BETA_RESPONSES: Call = {
  name: 'beta.responses.create',
  methods: ['beta.responses.create'],
  api: 'responses',
  answer: 'stream',
  notIn: ['openai4', 'openai4-oldest', 'openai5', 'openai5-oldest', 'openai6-oldest'],
  arguments: ({ model }, options) => [{ model, input: 'Hi', stream: true }, options],
}

const RUN = { assistant_id: 'asst_1' }
const BEFORE_RUN_STREAMS = ['openai4-oldest']

const ASSISTANT_CALLS: readonly Call[] = (
  [
    ['createAndRun', ({ model }) => [{ ...RUN, model, stream: true }]],
    ['createAndRunStream', ({ model }) => [{ ...RUN, model }]],
    ['runs.create', ({ model }) => ['thread_1', { ...RUN, model, stream: true }]],
    ['runs.stream', ({ model }) => ['thread_1', { ...RUN, model }]],
    ['runs.submitToolOutputs', ({ major }) => submit(major, { stream: true })],
    ['runs.submitToolOutputsStream', ({ major }) => submit(major, {})],
  ] satisfies readonly (readonly [name: string, list: (facts: CallFacts) => readonly unknown[]])[]
).map(([name, list]) => ({
  name: `beta.threads.${name}`,
  methods: [`beta.threads.${name}`],
  api: 'assistants',
  answer: 'stream',
  notIn: BEFORE_RUN_STREAMS,
  ...(/stream$/i.test(name) ? { isHelper: true } : {}),
  ...(name.includes('submit') ? { isNameless: true } : {}),
  arguments: (facts, options) => [...list(facts), options],
}))

/** From openai 5 on the thread is among the parameters. */
function submit(major: SdkMajor, body: object): readonly unknown[] {
  const parameters = { ...body, tool_outputs: [{ tool_call_id: 'call_1', output: '231' }] }
  return major === 4 ? ['thread_1', 'run_1', parameters] : ['run_1', { ...parameters, thread_id: 'thread_1' }]
}

const image = (): File => new File(['PNG'], 'river.png', { type: 'image/png' })
const sound = (): File => new File(['RIFF'], 'river.wav', { type: 'audio/wav' })
const BEFORE_IMAGE_STREAMS = ['openai4', 'openai4-oldest', 'openai5-oldest']

const MEDIA_CALLS: readonly Call[] = [
  {
    name: 'images.generate',
    methods: ['images.generate'],
    api: 'images',
    answer: 'stream',
    notIn: BEFORE_IMAGE_STREAMS,
    arguments: ({ model }, options) => [{ model, prompt: 'A river', stream: true }, options],
  },
  {
    name: 'images.edit',
    methods: ['images.edit'],
    api: 'images',
    answer: 'stream',
    notIn: BEFORE_IMAGE_STREAMS,
    arguments: ({ model }, options) => [{ model, prompt: 'A river', image: image(), stream: true }, options],
  },
  {
    name: 'audio.transcriptions.create',
    methods: ['audio.transcriptions.create'],
    api: 'transcriptions',
    answer: 'stream',
    notIn: ['openai4-oldest'],
    arguments: ({ model }, options) => [{ model, file: sound(), stream: true }, options],
  },
  {
    name: 'audio.speech.create',
    methods: ['audio.speech.create'],
    api: 'speech',
    answer: 'bytes',
    notIn: ['openai4-oldest'],
    arguments: ({ model }, options) => [{ model, input: 'Hi', voice: 'alloy', stream_format: 'sse' }, options],
  },
]

/** What runs no model that is watched: it goes to no server, since none need know it. */
const OTHER_CALLS: readonly Call[] = [
  ['embeddings.create', { model: 'm', input: 'Hi' }] as const,
  ['moderations.create', { input: 'Hi' }] as const,
  ['models.list'] as const,
  ['files.list'] as const,
].map(([name, ...body]) => ({
  name,
  methods: [name],
  answer: 'nothing',
  client: 'canned',
  arguments: (_, options) => [...body, options],
}))

/** Every way to use the SDK that is tested, in the order of the README's table. */
export const CALLS: readonly Call[] = [
  ...CHAT_CALLS,
  ...CLIENT_CALLS,
  ...COMPLETIONS_CALLS,
  ...RESPONSES_CALLS,
  BETA_RESPONSES,
  ...ASSISTANT_CALLS,
  ...MEDIA_CALLS,
  ...OTHER_CALLS,
]

/** A call as the tests name it. */
export function titleOf({ name, answer }: Call): string {
  return answer === 'whole' ? `${name}, not streamed` : name
}
