// A CommonJS module that uses openai as applications do.
//
//   node app.cjs <major> <base URL> <act> [entry]
const [, , major, baseURL, name, entry = ''] = process.argv
const { OpenAI } = require(`openai${major}${entry}`)
const client = new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' })
void import('./act.mjs').then(({ act }) => act(client, name))
