/** Asks the API. @throws Error with the one sentence that it answered with */
export async function fetchJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(path, signal === undefined ? {} : { signal })
  const body: unknown = await response.json()
  if (response.ok) return body as Answer
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : ''
  throw new Error(message === '' ? `The viewer answered ${response.status}.` : message)
}

/** What to say where asking failed: the browser's own words for it say nothing. */
export function describeFailure(error: unknown): string {
  if (error instanceof TypeError) return 'The viewer does not answer: is it still running?'
  return error instanceof Error ? error.message : String(error)
}
