import OpenAI from 'openai'
import { recoverStream, type RecoverOptions, type StreamBrokenError } from '../src/index.ts'
import { FakeClock } from './fake-clock.ts'
import { chatAnswer, chatEvent, networkError, scriptFetch, type Script } from './scripted-fetch.ts'

export const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const }

export const HALF: Script = { pieces: [chatEvent({ content: 'half ' })], after: 'reset' }
export const WHOLE: Script = { pieces: chatAnswer('a whole answer') }
export const REFUSED: Script = { fails: networkError('ECONNRESET') }
export const CUT: Script = { pieces: [] }

/** Plays the scripts to a stream with the given options, and gathers what the app gets. */
export function play(scripts: readonly Script[], options: RecoverOptions<typeof request> = {}) {
  const scripted = scriptFetch(...scripts)
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://test/v1', logLevel: 'off', fetch: scripted.fetch })
  const clock = new FakeClock()
  const all = { request, clock, random: () => 0.5, ...options }
  const stream = recoverStream(
    ({ request: body, options: own }) => client.chat.completions.create(body ?? request, own),
    all,
  )
  return { ...scripted, clock, stream }
}

/** Turns of the event loop, until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

/** The text that an app got, and what it caught. */
export interface Reading {
  readonly text: string
  readonly error: StreamBrokenError | undefined
}

export async function readText(stream: AsyncIterable<unknown>): Promise<Reading> {
  let text = ''
  try {
    for await (const chunk of stream) text += textOf(chunk)
  } catch (error) {
    return { text, error: error as StreamBrokenError }
  }
  return { text, error: undefined }
}

function textOf(chunk: unknown): string {
  const { choices } = chunk as { readonly choices?: readonly { readonly delta?: { readonly content?: string } }[] }
  return choices?.[0]?.delta?.content ?? ''
}
