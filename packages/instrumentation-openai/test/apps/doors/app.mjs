// An ES module that uses openai as applications do.
//
//   node app.mjs <major> <base URL> <act> [entry]
import { act } from './act.mjs'

const [, , major, baseURL, name, entry = ''] = process.argv
const { OpenAI } = await import(`openai${major}${entry}`)
await act(new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' }), name)
