// What an application loads of openai, and how it makes its client of it.
/**
 * @param load `import()` or `require()` of the application
 * @param entry of the package to be loaded first, such as `/azure`
 */
export async function makeClient(load, major, baseURL, entry = '') {
  const first = await load(`openai${major}${entry}`)
  const options = { apiKey: 'test', maxRetries: 0, logLevel: 'off' }
  if (entry === '/azure') {
    return new first.AzureOpenAI({ ...options, endpoint: new URL(baseURL).origin, apiVersion: '2026-01-01' })
  }
  const { OpenAI } = first.OpenAI === undefined ? await load(`openai${major}`) : first
  const client = new OpenAI({ ...options, baseURL })
  if (first.Completions !== undefined && entry !== '') client.chat.completions = new first.Completions(client)
  return client
}
