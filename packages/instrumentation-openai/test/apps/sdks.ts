import type { OpenAI } from 'openai7'
import type { Stream } from 'openai7/streaming'

/** The classes of one major version of the SDK. */
export interface Sdk {
  readonly OpenAI: typeof OpenAI
  readonly Stream: typeof Stream
}

/** Loads a major version, which is installed beside the others. Their types differ only in what the tests don't use. */
export async function loadSdk(major: number): Promise<Sdk> {
  const client = (await import(`openai${major}`)) as Pick<Sdk, 'OpenAI'>
  const streaming = (await import(`openai${major}/streaming`)) as Pick<Sdk, 'Stream'>
  return { OpenAI: client.OpenAI, Stream: streaming.Stream }
}
