import { randomFillSync } from 'node:crypto'
import { ITEMS } from './otlp-messages.ts'
import { messagesAt } from './protobuf.ts'

const [TRACE_ID, SPAN_ID, PARENT_SPAN_ID] = [1, 2, 4]

/** Gives the traces of a request ids that no trace had before, in its own bytes. */
export function renewTraces(request: Uint8Array): void {
  const renewed = new Map<string, Buffer>()
  for (const span of messagesAt(request, ITEMS)) {
    for (const field of [TRACE_ID, SPAN_ID, PARENT_SPAN_ID]) {
      const [id] = messagesAt(span, [field])
      if (id === undefined) continue
      const old = Buffer.from(id).toString('hex')
      const fresh = renewed.get(old) ?? randomFillSync(Buffer.alloc(id.length))
      renewed.set(old, fresh)
      id.set(fresh)
    }
  }
}

/** Sends requests again and again, with new traces each time, until so many rounds were sent. */
export async function replay(url: string, requests: readonly Uint8Array[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const request of requests) {
      renewTraces(request)
      const headers = { 'content-type': 'application/x-protobuf' }
      const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: request })
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
}
