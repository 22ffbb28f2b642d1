// The figures of docs/sizing.md for a load of your own, each option being one of `Load` in harness/sizing.ts:
//
//   node packages/dashboards/bench/size.ts --streamsPerSecond=500 --brokenShare=0.02 --processes=40
import { readMeasured } from './harness/measured.ts'
import { EXAMPLE, sizeTable } from './harness/sizing-page.ts'
import type { Load } from './harness/sizing.ts'

const load: Record<keyof Load, number> = { ...EXAMPLE }
for (const option of process.argv.slice(2)) {
  const [, name = '', text = ''] = /^--(\w+)=(.+)$/.exec(option) ?? []
  if (!Object.hasOwn(load, name) || !Number.isFinite(Number(text))) {
    throw new RangeError(`${option}: allowed is --NAME=NUMBER with ${Object.keys(load).join(', ')}`)
  }
  load[name as keyof Load] = Number(text)
}
console.log(sizeTable([load], readMeasured()))
