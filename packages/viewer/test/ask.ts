import type { Receiver } from '../src/index.ts'

/** What the API said. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: Readonly<Record<string, unknown>>
}

/** Asks the API for something. */
export async function ask(receiver: Receiver, path: string, method = 'GET'): Promise<Answer> {
  const response = await fetch(receiver.url + path, { method })
  const json = (await response.json()) as Answer['json']
  return { status: response.status, headers: response.headers, json }
}
