import { CREATED_SECONDS, wholeJson, type Answer, type AnswerRequest, type AnswerShape } from './answer.ts'
import type { Random } from './random.ts'
import type { StreamEvent, StreamEventKind } from './stream-event.ts'
import { TOOL_CALL, callsTool, countTokens, inventPieces } from './text.ts'

const ASSISTANT_ID = 'asst_streamgauge'

/** An event before it is written. */
type Step = readonly [kind: StreamEventKind, name: string, data: object]

/** What one run step and its output are about. */
interface Place {
  readonly threadId: string
  readonly runId: string
  readonly random: Random
}

const formatUsage = (pieces: number): object => {
  const { input, output, total } = countTokens(pieces)
  return { prompt_tokens: input, completion_tokens: output, total_tokens: total }
}

const formatRunStep = ({ threadId, runId }: Place, id: string, status: string, details: object): object => ({
  id,
  object: 'thread.run.step',
  created_at: CREATED_SECONDS,
  run_id: runId,
  assistant_id: ASSISTANT_ID,
  thread_id: threadId,
  type: (details as { readonly type: string }).type,
  status,
  completed_at: status === 'completed' ? CREATED_SECONDS : null,
  cancelled_at: null,
  expired_at: null,
  failed_at: null,
  last_error: null,
  metadata: {},
  step_details: details,
  usage: null,
})

/** A message in pieces, and the step that makes it. */
const messageSteps = (place: Place, pieces: readonly string[]): readonly Step[] => {
  const id = `msg_${place.random.letters(24)}`
  const stepId = `step_${place.random.letters(24)}`
  const message = (status: string, content: readonly object[]): object => ({
    id,
    object: 'thread.message',
    created_at: CREATED_SECONDS,
    assistant_id: ASSISTANT_ID,
    thread_id: place.threadId,
    run_id: place.runId,
    status,
    incomplete_details: null,
    incomplete_at: null,
    completed_at: status === 'completed' ? CREATED_SECONDS : null,
    role: 'assistant',
    content,
    attachments: [],
    metadata: {},
  })
  const text = (value: string): object => ({ type: 'text', text: { value, annotations: [] } })
  const step = (status: string): object =>
    formatRunStep(place, stepId, status, { type: 'message_creation', message_creation: { message_id: id } })
  const delta = (value: string): object => ({
    id,
    object: 'thread.message.delta',
    delta: { content: [{ index: 0, ...text(value) }] },
  })
  return [
    ['opening', 'thread.run.step.created', step('in_progress')],
    ['opening', 'thread.run.step.in_progress', step('in_progress')],
    ['opening', 'thread.message.created', message('in_progress', [])],
    ['opening', 'thread.message.in_progress', message('in_progress', [])],
    ...pieces.map((piece): Step => ['delta', 'thread.message.delta', delta(piece)]),
    ['finish', 'thread.message.completed', message('completed', [text(pieces.join(''))])],
    ['finish', 'thread.run.step.completed', step('completed')],
  ]
}

/** A tool call: the steps up to the moment in which the run waits for its output, and the call. */
const toolSteps = (place: Place): { readonly steps: readonly Step[]; readonly call: object } => {
  const id = `call_${place.random.letters(24)}`
  const stepId = `step_${place.random.letters(24)}`
  const { name, argumentPieces } = TOOL_CALL
  const details = (calls: readonly object[]): object => ({ type: 'tool_calls', tool_calls: calls })
  const delta = (call: object): object => ({
    id: stepId,
    object: 'thread.run.step.delta',
    delta: { step_details: details([{ index: 0, type: 'function', ...call }]) },
  })
  const step = formatRunStep(place, stepId, 'in_progress', details([]))
  return {
    steps: [
      ['opening', 'thread.run.step.created', step],
      ['opening', 'thread.run.step.in_progress', step],
      ['opening', 'thread.run.step.delta', delta({ id, function: { name, arguments: '', output: null } })],
      ...argumentPieces.map((piece): Step => [
        'delta',
        'thread.run.step.delta',
        delta({ function: { arguments: piece } }),
      ]),
    ],
    call: { id, type: 'function', function: { name, arguments: argumentPieces.join('') } },
  }
}

const formatRun = ({ threadId, runId }: Place, model: string, status: string, fields: object = {}): object => ({
  id: runId,
  object: 'thread.run',
  created_at: CREATED_SECONDS,
  assistant_id: ASSISTANT_ID,
  thread_id: threadId,
  status,
  started_at: status === 'queued' ? null : CREATED_SECONDS,
  expires_at: CREATED_SECONDS + 600,
  cancelled_at: null,
  failed_at: null,
  completed_at: status === 'completed' ? CREATED_SECONDS : null,
  required_action: null,
  last_error: null,
  model,
  instructions: '',
  tools: [],
  metadata: {},
  usage: null,
  incomplete_details: null,
  parallel_tool_calls: true,
  ...fields,
})

/** Answers `POST /v1/threads/:id/runs`, `/v1/threads/runs` and `/v1/threads/:id/runs/:run/submit_tool_outputs`. */
export const buildAssistantsAnswer = (request: AnswerRequest, shape: AnswerShape, random: Random): Answer => {
  const { model } = request
  const place: Place = {
    threadId: request.threadId ?? `thread_${random.letters(24)}`,
    runId: request.runId ?? `run_${random.letters(24)}`,
    random,
  }
  const run = (status: string, fields?: object): object => formatRun(place, model, status, fields)
  const thread = {
    id: place.threadId,
    object: 'thread',
    created_at: CREATED_SECONDS,
    metadata: {},
    tool_resources: {},
  }
  const openings: readonly Step[] = [
    ...(request.threadId === undefined ? [['opening', 'thread.created', thread] as const] : []),
    ...(request.runId === undefined ? [['opening', 'thread.run.created', run('queued')] as const] : []),
    ['opening', 'thread.run.queued', run('queued')],
    ['opening', 'thread.run.in_progress', run('in_progress')],
  ]
  let rest: readonly Step[]
  if (callsTool(request, shape)) {
    const { steps, call } = toolSteps(place)
    const action = { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: [call] } }
    rest = [...steps, ['finish', 'thread.run.requires_action', run('requires_action', { required_action: action })]]
  } else {
    const pieces = inventPieces(random, shape)
    rest = [
      ...messageSteps(place, pieces),
      ['finish', 'thread.run.completed', run('completed', { usage: formatUsage(pieces.length) })],
    ]
  }
  const events = [...openings, ...rest].map(([kind, name, data]): StreamEvent => ({
    kind,
    name,
    data: JSON.stringify(data),
  }))
  return { events: [...events, { kind: 'terminator', name: 'done', data: '[DONE]' }], whole: wholeJson(run('queued')) }
}

/** The id of the run that an answer is about. */
export const readRunId = (answer: Answer): string =>
  (JSON.parse(String(answer.whole.body)) as { readonly id: string }).id
