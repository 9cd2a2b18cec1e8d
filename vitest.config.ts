import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const report = process.env.MKBASE_TEST_REPORT;

/**
 * End-to-end tests that need the machine alone: they use up disks, memory or processes, remove images and
 * builders that others use, look for anything that is left, or look at names that others tag, too.
 */
const alone = [
  ...['hostile-recipe', 'secrets', 'small-disk', 'terminal', 'together'].map(
    (name) => `abuse/${name}`,
  ),
  ...['engines/escapes', 'engines/image-store', 'image/full-disk'],
  ...['docs', 'faults', 'quick-start', 'transcript'],
].map((name) => `test/e2e/${name}.test.ts`);

/** Starts the files that take longest first, so that nothing waits for them at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      /\/(?:repro|debian)\.test\.ts$/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const endToEnd = {
  globalSetup: ['test/e2e/setup.ts'],
  testTimeout: 600_000,
  hookTimeout: 600_000,
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...endToEnd,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: alone,
          // Engines, mirror and package store are shared by two files at a time: a build waits for
          // engine and network about half of its time, on any machine.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...endToEnd,
          name: 'e2e-alone',
          include: alone,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
