import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'seed/**/*.test.ts', 'bin/**/*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // Modules are read once a worker, not once a file. Worlds are what keeps tests apart: each opens its own.
    isolate: false,
    // A condition that is waited for may take its time where the machine has other work.
    expect: { poll: { timeout: 20_000 } },
  },
})
