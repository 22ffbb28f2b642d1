import type { Finding } from '../../finding.ts'
import { INSTRUMENTATION } from '../known-packages.ts'
import { doorOf, type Preload } from '../preloads.ts'
import { COMMAND, copiesOf, versionsOf, type Situation, type Start } from '../situation.ts'

const ADD_DOOR = `Start it with \`node --import ${INSTRUMENTATION}/register app.mjs\`, or set NODE_OPTIONS so.`

/** Whether our package is there, and is loaded before the application. */
export function checkDoors(situation: Situation): readonly Finding[] {
  return [...checkInstalled(situation), ...checkStarts(situation)]
}

function checkInstalled(situation: Situation): Finding[] {
  const versions = versionsOf(copiesOf(situation, INSTRUMENTATION))
  if (versions.length === 0) {
    return [
      {
        level: situation.project.root === null ? 'note' : 'problem',
        subject: 'door',
        text: `${INSTRUMENTATION} is not installed.`,
        remedy: `npm install ${INSTRUMENTATION} @opentelemetry/api @opentelemetry/sdk-node`,
      },
    ]
  }
  const text = `${INSTRUMENTATION} ${versions.join(' and ')} is installed.`
  return versions.length === 1
    ? [{ level: 'ok', subject: 'door', text }]
    : [{ level: 'warning', subject: 'door', text, remedy: 'Keep one of them: the first that is loaded watches.' }]
}

function checkStarts(situation: Situation): Finding[] {
  const { starts, nodeOptions, project } = situation
  const alien = starts.find(({ words }) => /(^|\/)(bun|deno)$/.test(words.find((word) => !word.includes('=')) ?? ''))
  const checked = starts.length > 0 ? starts : [{ place: 'NODE_OPTIONS', words: [], preloads: [] }]
  if (starts.length === 0 && nodeOptions.length === 0) {
    if (project.root === null) return []
    return [
      {
        level: 'note',
        subject: 'door',
        text: 'Nothing here says how the application is started: no such script, and no NODE_OPTIONS.',
        remedy: `${ADD_DOOR} \`streamgauge doctor -- node app.mjs\` says what comes of it.`,
      },
    ]
  }
  return [
    ...(alien === undefined
      ? []
      : [
          {
            level: 'problem' as const,
            subject: 'door',
            text: `${alien.place} runs another program than Node.js, in which nothing is hooked.`,
            remedy: 'Run it with Node.js, or call instrumentOpenAI({ OpenAI, Stream }) in it: untested there.',
          },
        ]),
    ...checked.flatMap((start) => checkStart(start, situation)),
  ]
}

/** Node.js loads what `NODE_OPTIONS` names first; of both, `--require` before `--import`. */
function orderOf(start: Start, nodeOptions: readonly Preload[]): readonly Preload[] {
  const all = [...nodeOptions, ...start.preloads]
  return (['loader', 'require', 'import'] as const).flatMap((flag) => all.filter((preload) => preload.flag === flag))
}

function checkStart(start: Start, { nodeOptions, project }: Situation): Finding[] {
  const preloads = orderOf(start, nodeOptions)
  const at = preloads.findIndex((preload) => doorOf(preload) !== undefined)
  const ours = preloads[at]
  // The run itself tells of a command without a door.
  if (ours === undefined && start.place === COMMAND) return []
  if (ours === undefined) {
    return [
      {
        level: 'warning',
        subject: 'door',
        text: `No door of ours is in ${start.place}: nothing is hooked, unless the code does it by itself.`,
        why: project.type === 'module' ? 'ES modules need a loader hook before they are loaded' : undefined,
        remedy: `${ADD_DOOR} In code: instrumentOpenAI({ OpenAI, Stream }).`,
      },
    ]
  }
  const door = doorOf(ours)
  return [
    { level: 'ok', subject: 'door', text: `--${ours.flag} ${ours.module} is in ${start.place}.` },
    ...checkOrder(preloads.slice(0, at), start.place),
    ...preloads.flatMap((preload) => aboutPreload(preload, door, start.place)),
    ...(door === 'hook' && preloads.length === 1
      ? [
          {
            level: 'note' as const,
            subject: 'door',
            text: 'The door /hook starts no OpenTelemetry SDK: code of the application has to.',
            remedy:
              'new NodeSDK({ instrumentations: [new OpenAIStreamInstrumentation()] }).start(), or /register in place of /hook.',
          },
        ]
      : []),
  ]
}

function checkOrder(before: readonly Preload[], place: string): Finding[] {
  const unknown = before.filter(({ module }) => KNOWN.every(({ pattern }) => !pattern.test(module)))
  if (unknown.length === 0) return []
  const names = unknown.map(({ flag, module }) => `--${flag} ${module}`).join(', ')
  return [
    {
      level: 'warning',
      subject: 'door',
      text: `In ${place}, ${names} is loaded before our door: an openai that it loads is not watched.`,
      why: 'Node.js loads --require before --import, and each kind in its order',
      remedy: 'Put our door first.',
    },
  ]
}

/** What people load before an application, and what to know of it. */
interface KnownPreload {
  readonly pattern: RegExp
  /** What is said where our door is there too; nothing where there is nothing to say. */
  readonly tell: (
    door: 'register' | 'hook' | undefined,
  ) => (Omit<Finding, 'subject' | 'text'> & { readonly text?: string }) | undefined
}

const twoSdks = (door: string | undefined): ReturnType<KnownPreload['tell']> =>
  door === 'register'
    ? {
        level: 'warning',
        text: 'starts an OpenTelemetry SDK, and so does our /register: the second is refused by the API',
        remedy: 'Take /hook in place of /register, and give OpenAIStreamInstrumentation to the SDK that runs.',
      }
    : undefined

const KNOWN: readonly KnownPreload[] = [
  { pattern: /instrumentation-openai\/(dist\/)?(register|hook)/, tell: () => undefined },
  { pattern: /^(tsx|tsx\/.*|ts-node.*|@swc-node\/.*|esbuild-register.*|@babel\/register)$/, tell: () => undefined },
  { pattern: /^(dotenv.*|source-map-support.*|tsconfig-paths.*)$/, tell: () => undefined },
  { pattern: /^@opentelemetry\/auto-instrumentations-node(\/register)?$/, tell: twoSdks },
  { pattern: /^@elastic\/opentelemetry-node/, tell: twoSdks },
  { pattern: /^@sentry\/.*/, tell: twoSdks },
  { pattern: /^(dd-trace.*|newrelic.*)$/, tell: () => undefined },
  {
    pattern: /^(@opentelemetry\/instrumentation\/hook\.mjs|import-in-the-middle\/.*)$/,
    tell: () => ({
      level: 'note',
      text: 'is a loader hook as well, which our door brings with it; without a filter it breaks openai 4 as an ES module',
      remedy: 'Take it away, unless other instrumentations need it.',
    }),
  },
]

function aboutPreload(preload: Preload, door: 'register' | 'hook' | undefined, place: string): Finding[] {
  const told = KNOWN.find(({ pattern }) => pattern.test(preload.module))?.tell(door)
  if (told === undefined) return []
  return [{ ...told, subject: 'door', text: `In ${place}, ${preload.module} ${told.text ?? ''}.` }]
}
