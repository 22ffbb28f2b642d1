import { fstatSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/**
 * Aborted when whoever started the command lets go of its input: `ssh` without a terminal tells so that it was cut off, and a
 * program that holds a pipe tells so that it has ended. An input that was over at the start tells nothing: many give none.
 *
 * The input of a terminal is not looked at, since a program in the background is stopped when it reads there; a closed terminal
 * sends a signal.
 */
export async function watchInput(): Promise<AbortSignal> {
  const ended = new AbortController()
  if (!isPipe()) return ended.signal
  let wasOpen = false
  const end = (): void => {
    if (wasOpen) ended.abort()
  }
  process.stdin.once('end', end).once('error', end).resume().unref()
  // What is over is told of by the event loop's first look at it.
  await setImmediate()
  await setImmediate()
  wasOpen = true
  return ended.signal
}

function isPipe(): boolean {
  try {
    const input = fstatSync(0)
    return input.isFIFO() || input.isSocket()
  } catch {
    // It was closed before the start.
    return false
  }
}
