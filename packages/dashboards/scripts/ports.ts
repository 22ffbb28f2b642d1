import { createServer } from 'node:net'
import { resolveVariable, type PublishedPort, type Variables } from './compose-file.ts'
import { EXIT, type Problem } from './problem.ts'

/** Ports that can't be published: one sentence for each. */
export async function findPortProblems(
  ports: readonly PublishedPort[],
  variables: Variables,
  running: readonly string[],
): Promise<readonly Problem[]> {
  const waiting = ports.filter(({ service }) => !running.includes(service))
  const problems = await Promise.all(waiting.map((port) => findPortProblem(port, variables)))
  return problems.filter((problem) => problem !== undefined)
}

async function findPortProblem(
  { service, variable, usual }: PublishedPort,
  variables: Variables,
): Promise<Problem | undefined> {
  const chosen = resolveVariable(variables, variable, usual)
  const port = Number(chosen)
  if (!/^\d{1,5}$/.test(chosen) || port < 1 || port > 65_535) {
    const sentence = `${variable} must be a port from 1 to 65535, for the service ${service}; it is ${JSON.stringify(chosen)}.`
    return { exitCode: EXIT.PORT, sentence }
  }
  const code = await tryPort(port)
  // The engine may publish what this user can't listen on.
  if (code !== 'EADDRINUSE') return undefined
  const sentence =
    `Port ${port} of 127.0.0.1 is in use, and the service ${service} is to be published there: stop what listens on it, ` +
    `or choose another port, as in ${variable}=${port < 55_535 ? port + 10_000 : port - 10_000} pnpm stack.`
  return { exitCode: EXIT.PORT, sentence }
}

/** The code of the error that listening gives, or undefined where the port is free. */
function tryPort(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
