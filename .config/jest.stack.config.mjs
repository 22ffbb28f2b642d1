import base from './jest.config.mjs'

/** Tests that run the programs of the stack, which have to be built first: packages/dashboards/test/stack/programs. */
export default {
  ...base,
  testMatch: [
    '<rootDir>/packages/dashboards/test/stack/**/*.stack.ts',
    '<rootDir>/packages/viewer/test/collector/*.stack.ts',
    ...(process.env.STREAMGAUGE_TEMPO ? ['<rootDir>/packages/dashboards/test/stack/**/*.tempo.ts'] : []),
  ],
  // They wait most of the time: for exports, evaluations and decisions.
  maxWorkers: 3,
  globalSetup: '<rootDir>/packages/dashboards/test/stack/programs/say-what-runs.mjs',
}
