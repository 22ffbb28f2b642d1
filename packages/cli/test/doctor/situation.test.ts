import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { LIMIT_MS } from '../run-cli.ts'
import { about } from './doctor-json.ts'
import { examineIn } from './examine-in.ts'
import { COMPLETE, makeProject } from './make-project.ts'

jest.setTimeout(LIMIT_MS)

const DOOR = '@streamgauge/instrumentation-openai/register'
const START = { scripts: { start: `node --import ${DOOR} app.mjs` } }

describe('the copies of openai', () => {
  it('each that code here can load is found, nested ones, aliases and those of a store among them', async () => {
    const folder = makeProject({
      json: { type: 'module', dependencies: { openai: '*', openai5: 'npm:openai@5', lib: '*', 'in-store': '*' } },
      links: { ...COMPLETE, openai5: 'openai5' },
      fakes: {
        'node_modules/lib': ['lib', '1.0.0', ['openai']],
        'node_modules/lib/node_modules/openai': ['openai', '4.12.0'],
        'node_modules/in-store': ['in-store', '1.0.0', ['wanted']],
        'node_modules/in-store/node_modules/wanted': ['wanted', '1.0.0', ['openai']],
        'node_modules/in-store/node_modules/wanted/node_modules/openai': ['openai', '8.0.0'],
        // Nobody who is loaded here depends on it.
        'node_modules/stranger/node_modules/openai': ['openai', '3.0.0'],
      },
    })
    const run = await examineIn(folder)
    expect(about(run, 'openai')).toEqual([
      'problem: openai 4.12.0 is not hooked: supported are 4.13 to 7.',
      'ok: openai 5.23.2 can be hooked.',
      'ok: openai 7.57.0 can be hooked.',
      'problem: openai 8.0.0 is not hooked: supported are 4.13 to 7.',
    ])
  })

  it('one inside a bundle is said not to be seen', async () => {
    const folder = makeProject({ json: { ...START, devDependencies: { esbuild: '*' } }, links: COMPLETE })
    expect(about(await examineIn(folder), 'openai')).toContain(
      'note: A copy of openai that esbuild puts into a bundle cannot be seen here, nor by a loader hook.',
    )
  })

  it('packages that depend on each other in a circle are no trouble', async () => {
    const folder = makeProject({
      json: { dependencies: { a: '*' } },
      fakes: { 'node_modules/a': ['a', '1.0.0', ['b']], 'node_modules/b': ['b', '1.0.0', ['a']] },
    })
    expect(about(await examineIn(folder), 'openai')).toEqual([
      'warning: No copy of openai was found that code here could load; one inside a bundle cannot be seen.',
    ])
  })
})

describe('the doors', () => {
  type Case = readonly [
    claim: string,
    json: Readonly<Record<string, unknown>>,
    env: Readonly<Record<string, string>>,
    says: readonly string[],
  ]
  const INSTALLED = 'ok: @streamgauge/instrumentation-openai 0.0.0 is installed.'
  it.each<Case>([
    ['one in a script is found', START, {}, [`ok: --import ${DOOR} is in scripts.start.`]],
    [
      'one in NODE_OPTIONS goes for all scripts',
      { scripts: { start: 'node app.mjs', test: 'node --test' } },
      { NODE_OPTIONS: `--require=${DOOR}` },
      [`ok: --require ${DOOR} is in scripts.start.`],
    ],
    [
      'a script without one is told of',
      { type: 'module', scripts: { start: 'node app.mjs' } },
      {},
      ['warning: No door of ours is in scripts.start: nothing is hooked, unless the code does it by itself.'],
    ],
    [
      'what is loaded before it is told of',
      { scripts: { start: `node --import ./setup.mjs --import ${DOOR} app.mjs` } },
      {},
      [
        `ok: --import ${DOOR} is in scripts.start.`,
        'warning: In scripts.start, --import ./setup.mjs is loaded before our door: an openai that it loads is not watched.',
      ],
    ],
    [
      '--require comes before --import, wherever it stands',
      { scripts: { start: `node --import ${DOOR} -r ./setup.cjs app.mjs` } },
      {},
      [
        `ok: --import ${DOOR} is in scripts.start.`,
        'warning: In scripts.start, --require ./setup.cjs is loaded before our door: an openai that it loads is not watched.',
      ],
    ],
    [
      'compilers of TypeScript before it are no trouble',
      { scripts: { start: `NODE_OPTIONS="--import tsx --import ${DOOR}" node app.ts` } },
      {},
      [`ok: --import ${DOOR} is in scripts.start.`],
    ],
    [
      'a second SDK is told of',
      {
        scripts: { start: `node --import @opentelemetry/auto-instrumentations-node/register --import ${DOOR} app.mjs` },
      },
      {},
      [
        `ok: --import ${DOOR} is in scripts.start.`,
        'warning: In scripts.start, @opentelemetry/auto-instrumentations-node/register starts an OpenTelemetry SDK, and so does our /register: the second is refused by the API.',
      ],
    ],
    [
      'the hook alone starts no SDK',
      { scripts: { start: 'node --import @streamgauge/instrumentation-openai/hook app.mjs' } },
      {},
      [
        'ok: --import @streamgauge/instrumentation-openai/hook is in scripts.start.',
        'note: The door /hook starts no OpenTelemetry SDK: code of the application has to.',
      ],
    ],
    [
      'another program than Node.js is told of',
      { scripts: { start: 'bun app.ts' } },
      {},
      [
        'problem: scripts.start runs another program than Node.js, in which nothing is hooked.',
        'warning: No door of ours is in scripts.start: nothing is hooked, unless the code does it by itself.',
      ],
    ],
  ])('%s', async (_, json, env, says) => {
    // A preload that is named in NODE_OPTIONS is loaded into the doctor as well.
    const folder = makeProject({ json, links: COMPLETE })
    expect(about(await examineIn(folder, env), 'door')).toEqual([INSTALLED, ...says])
  })

  it('a package that is missing is told of, with how to get it', async () => {
    const { findings } = await examineIn(makeProject({ json: START, links: { openai: 'openai6' } }))
    expect(findings).toContainEqual({
      level: 'problem',
      subject: 'door',
      text: '@streamgauge/instrumentation-openai is not installed.',
      remedy: 'npm install @streamgauge/instrumentation-openai @opentelemetry/api @opentelemetry/sdk-node',
    })
    expect(findings.filter(({ subject }) => subject === 'OpenTelemetry').map(({ text }) => text)).toEqual([
      '@opentelemetry/api is not installed.',
      '@opentelemetry/sdk-node is not installed, which the door /register needs.',
    ])
  })
})

describe("OpenTelemetry's packages", () => {
  const withApi = (version: string): string =>
    makeProject({
      json: { ...START, dependencies: { lib: '*' } },
      links: COMPLETE,
      fakes: {
        'node_modules/lib': ['lib', '1.0.0', ['@opentelemetry/api']],
        'node_modules/lib/node_modules/@opentelemetry/api': ['@opentelemetry/api', version],
      },
    })

  it('two versions of the API are told of', async () => {
    expect(about(await examineIn(withApi('1.99.0')), 'OpenTelemetry')[0]).toMatch(
      /^warning: 2 versions of @opentelemetry\/api are installed \(1\.\d+\.\d+, 1\.99\.0\): a newer one does not see /,
    )
  })

  it('two majors of the API are a problem', async () => {
    const says = about(await examineIn(withApi('2.0.0')), 'OpenTelemetry')
    expect(says[0]).toMatch(/^problem: @opentelemetry\/api 2\.0\.0 is not what our instrumentation needs \(\^1\./)
    expect(says[1]).toMatch(/^problem: Two majors of @opentelemetry\/api are installed \(1\.\d+\.\d+, 2\.0\.0\)/)
  })

  it('an API that is too old is a problem', async () => {
    const folder = makeProject({
      json: START,
      links: { openai: 'openai' },
      fakes: { 'node_modules/@opentelemetry/api': ['@opentelemetry/api', '1.4.0'] },
    })
    expect(about(await examineIn(folder), 'OpenTelemetry')[0]).toMatch(
      /^problem: @opentelemetry\/api 1\.4\.0 is not what our instrumentation needs/,
    )
  })
})

describe('the environment', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    ['OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'true' }, /^problem: OTEL_SDK_DISABLED is true: nothing is watched/],
    ['STREAMGAUGE_ENABLED', { STREAMGAUGE_ENABLED: 'false' }, /^problem: STREAMGAUGE_ENABLED is false/],
    [
      'an exporter of none',
      { OTEL_METRICS_EXPORTER: 'none' },
      /^warning: OTEL_METRICS_EXPORTER is none: no metrics are sent\./,
    ],
    [
      'another exporter',
      { OTEL_TRACES_EXPORTER: 'console' },
      /^note: OTEL_TRACES_EXPORTER is console: traces do not go out by OTLP\./,
    ],
    ['a sampler of nothing', { OTEL_TRACES_SAMPLER: 'always_off' }, /^warning: OTEL_TRACES_SAMPLER is always_off/],
    [
      'a protocol that is none',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http' },
      /^problem: The protocol of OTLP is "http", which does not exist\./,
    ],
    [
      'HTTP to the port of gRPC',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317' },
      /^warning: http\/protobuf is sent to port 4317/,
    ],
    [
      'gRPC to the port of HTTP',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /^warning: gRPC is sent to port 4318/,
    ],
    [
      'a file that is not there',
      { OTEL_CONFIG_FILE: '/no/such.yaml' },
      /^problem: OTEL_CONFIG_FILE names \/no\/such\.yaml, which is not there\./,
    ],
    [
      'a bad value of an option',
      { STREAMGAUGE_CHUNK_SPANS: 'some' },
      /^warning: STREAMGAUGE_CHUNK_SPANS must be one of 'on_fault', 'all', 'off', but is 'some'/,
    ],
    [
      'an option that there is none of',
      { STREAMGAUGE_CHUNKSPANS: 'all' },
      /^warning: There is no option STREAMGAUGE_CHUNKSPANS\./,
    ],
    ['no name', {}, /^note: OTEL_SERVICE_NAME is not set/],
  ])('%s is told of', async (_, env, sentence) => {
    const run = await examineIn(makeProject({ json: START, links: COMPLETE }), env)
    expect(about(run, 'environment')).toContainEqual(expect.stringMatching(sentence))
  })

  it('nothing is said of what is in order', async () => {
    // The token is that of `streamgauge view`, for the headers of the exporters.
    const env = { OTEL_SERVICE_NAME: 'shop', STREAMGAUGE_CHUNK_SPANS: 'all', STREAMGAUGE_VIEW_TOKEN: 'secret' }
    expect(about(await examineIn(makeProject({ json: START, links: COMPLETE }), env), 'environment')).toEqual([])
  })
})

describe('other tools that watch openai', () => {
  it.each([
    ['@opentelemetry/instrumentation-openai', 'OpenTelemetry contrib'],
    ['@traceloop/node-server-sdk', 'OpenLLMetry'],
    ['@arizeai/openinference-instrumentation-openai', 'OpenInference'],
    ['@langfuse/openai', 'Langfuse'],
    ['@sentry/node', 'Sentry'],
    ['dd-trace', 'Datadog'],
    ['@elastic/opentelemetry-node', 'Elastic'],
    ['newrelic', 'New Relic'],
    ['openlit', 'OpenLIT'],
    ['langsmith', 'LangSmith'],
    ['braintrust', 'Braintrust'],
    ['@posthog/ai', 'PostHog'],
  ])('%s is told of, with what it does and what to do', async (name, tool) => {
    const folder = makeProject({ json: START, links: COMPLETE, fakes: { [`node_modules/${name}`]: [name, '1.2.3'] } })
    const others = (await examineIn(folder)).findings.filter(({ subject }) => subject === 'others')
    expect(others).toEqual([
      {
        level: expect.stringMatching(/^(note|warning)$/) as unknown,
        subject: 'others',
        text: expect.stringContaining(`${tool} is installed (${name} 1.2.3): it `) as unknown,
        remedy: expect.stringMatching(/\.$/) as unknown,
      },
    ])
  })
})

describe('elsewhere', () => {
  it('works outside of a project', async () => {
    const run = await examineIn(mkdtempSync(join(tmpdir(), 'streamgauge-nothing-')))
    expect(about(run, 'here')).toContain(
      'note: No package.json here, nor in any folder above: only the environment can be looked at.',
    )
    expect(about(run, 'openai')).toEqual([
      'note: No copy of openai was found that code here could load; one inside a bundle cannot be seen.',
    ])
  })

  it('a package.json that is no JSON is told of', async () => {
    const run = await examineIn(makeProject({ files: { 'package.json': '{' } }))
    expect(about(run, 'here')).toContainEqual(expect.stringMatching(/^problem: .*package\.json is no JSON\.$/))
  })
})
