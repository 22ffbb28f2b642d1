/**
 * Requests of `openai` that are under way in patched classes, whichever copy of this package patched them. An HTTP request of
 * the SDK that goes out while there is none comes from a class that nobody patched.
 */
const KEY = Symbol.for('streamgauge.requests')

interface Counter {
  underWay: number
}

const holder = globalThis as { [KEY]?: Counter }
const counter: Counter = (holder[KEY] ??= { underWay: 0 })

export function requestBegins(): void {
  counter.underWay++
}

export function requestEnds(): void {
  counter.underWay--
}

export function isRequestUnderWay(): boolean {
  return counter.underWay > 0
}
