export default {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/packages/*/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/.config/strip-types.mjs' },
  coverageProvider: 'babel', // v8 counts unreached returns as covered, and takes three times as long
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  cacheDirectory: '<rootDir>/.cache/jest',
}
