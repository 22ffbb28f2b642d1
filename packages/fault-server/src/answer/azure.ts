import type { StreamEvent } from './stream-event.ts'

const SAFE = { filtered: false, severity: 'safe' }

const RESULTS = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE }

/** What Azure's content filter said of the prompt. */
export const PROMPT_FILTER_RESULTS: readonly object[] = [{ prompt_index: 0, content_filter_results: RESULTS }]

/** Azure tells of the prompt before there is an answer: a chunk without choices, id or model. */
export const PROMPT_CHUNK: StreamEvent = {
  kind: 'opening',
  data: JSON.stringify({
    choices: [],
    created: 0,
    id: '',
    model: '',
    object: '',
    prompt_filter_results: PROMPT_FILTER_RESULTS,
  }),
}

/** Adds to a choice what the content filter said of it: nothing where it has no text. */
export const filterChoice = (choice: object, hasText: boolean): object => ({
  content_filter_results: hasText ? RESULTS : {},
  ...choice,
})
