const tasks = new Set<() => void>()

/**
 * Runs `task` each time that the process has nothing left to do, before anybody else's. One listener for all tasks: Node.js
 * warns of the eleventh.
 */
export function beforeExit(task: () => void): void {
  if (tasks.size === 0) process.prependListener('beforeExit', () => tasks.forEach((run) => run()))
  tasks.add(task)
}
