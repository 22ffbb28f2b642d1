// Loaded by `streamgauge doctor -- …` into each process of the application: tells the doctor, in a file, that the process ran and
// what our instrumentation warned of. It listens to what happens anyway, and changes nothing.
import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = process.env['STREAMGAUGE_DOCTOR_FILE']

function note(record: object): void {
  try {
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(record)}\n`)
  } catch {
    // Where nothing can be written, nothing is said.
  }
}

if (isMainThread && file !== undefined) {
  const { pid } = process
  note({ kind: 'start', node: process.versions.node, pid })
  process.on('exit', () => note({ kind: 'exit', pid }))
  process.on('warning', ({ name, message }) => {
    if (name === 'StreamgaugeWarning') note({ kind: 'warning', message })
  })
}
