import { availableParallelism } from 'node:os'

export default {
  rootDir: '..',
  testEnvironment: 'node',
  // For what hangs: on a busy machine an application takes seconds to start.
  testTimeout: 30_000,
  // The application, the server and the clock of a test wait for each other most of the time.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: '<rootDir>/.config/longest-first.mjs',
  testMatch: ['<rootDir>/packages/*/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/.config/strip-types.mjs' },
  coverageProvider: 'babel', // v8 counts unreached returns as covered, and takes three times as long
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  cacheDirectory: '<rootDir>/.cache/jest',
}
