import type { Answer, AnswerRequest, AnswerShape, Api } from './answer.ts'
import { buildChatAnswer } from './chat.ts'
import { buildCompletionsAnswer } from './completions.ts'
import type { Random } from './random.ts'
import { buildResponsesAnswer } from './responses.ts'

type Builder = (request: AnswerRequest, shape: AnswerShape, random: Random) => Answer

const BUILDERS: Readonly<Record<Exclude<Api, 'models'>, Builder>> = {
  chat: buildChatAnswer,
  completions: buildCompletionsAnswer,
  responses: buildResponsesAnswer,
}

/** Builds the whole healthy answer that an injector then delivers, or breaks. */
export const buildAnswer = (
  request: AnswerRequest & { readonly api: Exclude<Api, 'models'> },
  shape: AnswerShape,
  random: Random,
): Answer => BUILDERS[request.api](request, shape, random)
