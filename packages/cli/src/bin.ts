#!/usr/bin/env node
// The rest needs a newer Node.js to even load: so this file imports nothing until it has looked.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 15)) {
  console.error(`streamgauge: needs Node.js 22.15 or newer, but this is ${process.versions.node}; update Node.js.`)
  process.exitCode = 3
} else {
  hideSqliteWarning()
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2))
}

/** Node.js 22 warns that its SQLite is experimental, which no user of ours can do anything about. Other warnings show. */
function hideSqliteWarning(): void {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return
    Reflect.apply(emitWarning, process, [warning, ...rest])
  }
}
