const tasks = new Set<() => void>()
let isListening = false

/**
 * What runs each time that the process has nothing left to do, before anybody else's. One listener for all: Node.js warns of
 * the eleventh.
 */
export const beforeExit: { add(task: () => void): void; delete(task: () => void): void } = {
  add(task) {
    tasks.add(task)
    if (isListening) return
    isListening = true
    process.prependListener('beforeExit', () => [...tasks].forEach((run) => run()))
  },
  delete: (task) => void tasks.delete(task),
}
