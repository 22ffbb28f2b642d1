import { setTimeout as wait } from 'node:timers/promises'

const EVERY_MS = 500

/**
 * Asks again until the answer is one, since what goes through several programs arrives when it arrives.
 *
 * @param what is waited for, for the error's message
 * @param ask gives `undefined` while it is not there
 * @throws Error where it does not come in time, with what was there in its place
 */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined>,
  instead: () => unknown = () => '',
): Promise<T> {
  const endsMs = Date.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > endsMs) {
      throw new Error(`${what}: not within ${limitMs / 1000} s; there is ${JSON.stringify(instead())}`)
    }
    await wait(EVERY_MS)
  }
}
