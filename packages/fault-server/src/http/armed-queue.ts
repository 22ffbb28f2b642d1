import type { Injector } from '../injector.ts'
import { RequestError } from './error-body.ts'

/** How many requests ahead a server can be armed. */
export const MAX_ARMED = 100

/** What the control route lined up for the next requests, first come first served. */
export interface ArmedQueue {
  add(injector: Injector): number
  take(): Injector | undefined
}

/** Makes an empty queue of at most `MAX_ARMED` injectors. */
export const createArmedQueue = (): ArmedQueue => {
  const waiting: Injector[] = []
  return {
    add: (injector) => {
      if (waiting.length >= MAX_ARMED) {
        throw new RequestError(429, 'too_many_armed', `${MAX_ARMED} requests are armed already; send some first.`)
      }
      return waiting.push(injector)
    },
    take: () => waiting.shift(),
  }
}
