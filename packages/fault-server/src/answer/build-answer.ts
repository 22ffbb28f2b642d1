import type { Answer, AnswerRequest, AnswerShape, StreamingApi } from './answer.ts'
import { buildAssistantsAnswer } from './assistants.ts'
import { buildChatAnswer } from './chat.ts'
import { buildCompletionsAnswer } from './completions.ts'
import { buildImagesAnswer } from './images.ts'
import type { Random } from './random.ts'
import { buildResponsesAnswer } from './responses.ts'
import { buildSpeechAnswer } from './speech.ts'
import { buildTranscriptionsAnswer } from './transcriptions.ts'

type Builder = (request: AnswerRequest, shape: AnswerShape, random: Random) => Answer

const BUILDERS: Readonly<Record<StreamingApi, Builder>> = {
  chat: buildChatAnswer,
  completions: buildCompletionsAnswer,
  responses: buildResponsesAnswer,
  assistants: buildAssistantsAnswer,
  images: buildImagesAnswer,
  transcriptions: buildTranscriptionsAnswer,
  speech: buildSpeechAnswer,
}

/** Builds the whole healthy answer that an injector then delivers, or breaks. */
export const buildAnswer = (
  request: AnswerRequest & { readonly api: StreamingApi },
  shape: AnswerShape,
  random: Random,
): Answer => BUILDERS[request.api](request, shape, random)
