// An ES module that uses openai as applications do.
//
//   node app.mjs <major> <base URL> <act> [entry]
import { act } from './act.mjs'
import { makeClient } from './make-client.mjs'

const [, , major, baseURL, name, entry] = process.argv
await act(await makeClient((specifier) => import(specifier), major, baseURL, entry), name)
