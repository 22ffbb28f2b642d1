/** Asks the API. @throws Error with the one sentence that it answered with */
export function fetchJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return request(path, signal === undefined ? {} : { signal })
}

/** Has the API do something. @throws Error with the one sentence that it answered with */
export function postJson<Answer>(path: string): Promise<Answer> {
  return request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
}

async function request<Answer>(path: string, options: RequestInit): Promise<Answer> {
  // An address with a name and a password in it is refused by `fetch`, and the page's own may be one. The browser sends both
  // nonetheless.
  const response = await fetch(new URL(path, location.origin), options)
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
