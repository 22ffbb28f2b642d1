import type { StreamApi } from '../vocabulary.ts'
import { Answer, type Usage } from './answer.ts'
import { takeEvent } from './take-event.ts'

/** What an answer that was not streamed tells of itself. */
export interface AnswerFacts {
  readonly responseId?: string | undefined
  readonly responseModel?: string | undefined
  readonly systemFingerprint?: string | undefined
  readonly serviceTier?: string | undefined
  readonly finishReasons: readonly string[]
  readonly usage?: Usage | undefined
}

/** Reads an answer that came whole. Never throws, whatever the value. */
export function readAnswer(api: StreamApi, value: unknown): AnswerFacts {
  const answer = new Answer(api)
  // A whole response is what the last event of a streamed one carries.
  const event = api === 'responses' ? { type: 'response.completed', response: value } : value
  takeEvent(answer, event, 0, false)
  return {
    responseId: answer.id,
    responseModel: answer.model,
    systemFingerprint: answer.systemFingerprint,
    serviceTier: answer.serviceTier,
    finishReasons: answer.finishReasons.filter((reason) => typeof reason === 'string'),
    usage: answer.usage,
  }
}
