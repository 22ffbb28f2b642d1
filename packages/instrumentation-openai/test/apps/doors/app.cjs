// A CommonJS module that uses openai as applications do.
//
//   node app.cjs <major> <base URL> <act> [entry]
const [, , major, baseURL, name, entry] = process.argv
void Promise.all([import('./act.mjs'), import('./make-client.mjs')]).then(async ([{ act }, { makeClient }]) =>
  act(await makeClient(require, major, baseURL, entry), name),
)
