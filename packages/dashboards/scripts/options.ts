/** Options of `docker compose` itself, which stand before `up`; true where a value follows. */
const GLOBAL: ReadonlyMap<string, boolean> = new Map([
  ['--profile', true],
  ['--project-name', true],
  ['-p', true],
  ['--file', true],
  ['-f', true],
  ['--env-file', true],
  ['--project-directory', true],
  ['--ansi', true],
  ['--progress', true],
  ['--parallel', true],
  ['--compatibility', false],
])

/** A command line, sorted. */
export interface Options {
  readonly globalOptions: readonly string[]
  readonly upOptions: readonly string[]
  readonly envFile: string | undefined
}

/** `--profile demo -d` is `docker compose --profile demo up -d`. */
export function sortOptions(args: readonly string[]): Options {
  const globalOptions: string[] = []
  const upOptions: string[] = []
  let envFile: string | undefined
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name = '', value] = arg.split('=', 2)
    const takesValue = GLOBAL.get(name)
    if (takesValue === undefined) upOptions.push(arg)
    else globalOptions.push(arg, ...(takesValue && value === undefined ? rest.splice(0, 1) : []))
    if (name === '--env-file') envFile = value ?? globalOptions.at(-1)
  }
  return { globalOptions, upOptions, envFile }
}
