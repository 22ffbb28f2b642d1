import type { OpenAI } from 'openai'

/** The majors of the SDK that recovery is for. */
export const MAJORS = [4, 5, 6, 7] as const
export type Major = (typeof MAJORS)[number]

/** The client of a major version, as an app makes it. Their types differ only in what the tests don't use. */
export async function makeClient(major: Major, baseURL: string, options: object = {}): Promise<OpenAI> {
  const { OpenAI: Client } = (await import(`openai${major}`)) as { readonly OpenAI: typeof OpenAI }
  return new Client({ apiKey: 'k', baseURL, logLevel: 'off', ...options })
}

/** Lines faults up for the next requests to a fault server. */
export async function armFaults(url: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const response = await fetch(`${url}/_control/next`, { method: 'POST', body: JSON.stringify({ name }) })
    if (!response.ok) throw new Error(await response.text())
  }
}
