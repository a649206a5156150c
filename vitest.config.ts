import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Native sessions and the embedded database do not survive being torn out of a thread.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    setupFiles: ['tests/setup/properties.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: [
            'core/**/*.test.ts',
            'app/**/*.test.ts',
            'workers/{runtime,tfjs}/**/*.test.ts',
            'tests/architecture/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'db',
          // next-auth imports `next/server`, which Node by itself does not resolve.
          server: { deps: { inline: ['next-auth'] } },
          include: [
            'tests/db/**/*.test.ts',
            'server/**/*.test.ts',
            'workers/{jobs,data,trainers}/**/*.test.ts',
            'db/**/*.test.ts',
            'infra/**/*.test.ts',
          ],
          globalSetup: ['db/testing/global-setup.ts'],
        },
      },
    ],
  },
});
