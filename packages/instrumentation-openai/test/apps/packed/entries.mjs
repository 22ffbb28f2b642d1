// Loads every entry point of a package in both ways; prints what each gives.
//
//   node entries.mjs <name>
import { createRequire } from 'node:module'

const [, , name] = process.argv
const require = createRequire(import.meta.url)
const { exports } = require(`${name}/package.json`)
const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
for (const entry of entries) {
  const specifier = name + entry.slice(1)
  const imported = Object.keys(await import(specifier)).filter((key) => key !== 'module.exports')
  const required = Object.keys(require(specifier)).filter((key) => key !== '__esModule')
  console.log(JSON.stringify([specifier, imported.toSorted(), required.toSorted()]))
}
