// Writes the files that Grafana and Prometheus read, and the runbook.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generatedFiles } from './generated-files.ts'

const root = join(import.meta.dirname, '..')
const files = generatedFiles()
for (const [path, text] of files) {
  const target = join(root, path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
}
console.log(`${files.size} files are as packages/dashboards/src says`)
