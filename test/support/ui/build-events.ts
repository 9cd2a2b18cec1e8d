import type { Event } from '../../../src/base/events.ts';
import type { BuildResult } from '../../../src/pipeline/request.ts';

/** An event, and how many milliseconds after the one before it happens. */
export interface TimedEvent {
  readonly after: number;
  readonly event: Event;
}

const megabyte = 1_000_000;

function download(total: number, steps: number, every: number): TimedEvent[] {
  return Array.from({ length: steps }, (_, step) => ({
    after: every,
    event: {
      type: 'progress',
      stage: 'fetch',
      done: Math.round(((step + 1) * total) / steps),
      total,
      item: 'libc6-dev_2.41-12_amd64.deb',
    },
  }));
}

const log = (after: number, line: string): TimedEvent => ({
  after,
  event: { type: 'log', stage: 'build', line },
});

/** A first build of a small C program: every stage, a download, a compiler that speaks, a warning. */
export const firstBuild: readonly TimedEvent[] = [
  { after: 0, event: { type: 'stage-start', stage: 'lock', title: 'Resolving inputs' } },
  { after: 400, event: { type: 'stage-done', stage: 'lock', detail: '52 packages' } },
  { after: 5, event: { type: 'stage-start', stage: 'fetch', title: 'Fetching 52 packages' } },
  ...download(65 * megabyte, 20, 130),
  { after: 60, event: { type: 'stage-done', stage: 'fetch', detail: '65.0 MB' } },
  {
    after: 5,
    event: { type: 'stage-start', stage: 'toolchain', title: 'Making builder gcc-nolibc' },
  },
  { after: 2300, event: { type: 'stage-done', stage: 'toolchain', detail: '52 packages' } },
  {
    after: 5,
    event: { type: 'stage-start', stage: 'build', title: 'Building the root filesystem' },
  },
  log(100, "hello.c: In function '_start':"),
  log(100, "hello.c:12:7: warning: unused variable 'unused' [-Wunused-variable]"),
  log(100, '   12 |   int unused;'),
  log(100, '      |       ^~~~~~'),
  {
    after: 50,
    event: {
      type: 'warning',
      stage: 'build',
      warning: {
        code: 'static-nss',
        message:
          "getaddrinfo in a statically linked program needs glibc's shared libraries at run time",
        advice:
          'Use the toolchain gcc-musl, whose resolver is linked in, or numeric addresses only.',
      },
    },
  },
  { after: 200, event: { type: 'stage-done', stage: 'build', detail: '1 entry' } },
  { after: 5, event: { type: 'stage-start', stage: 'rootfs', title: 'Making it canonical' } },
  {
    after: 20,
    event: { type: 'stage-done', stage: 'rootfs', detail: `sha256:${'a1'.repeat(32)}` },
  },
  { after: 5, event: { type: 'stage-start', stage: 'image', title: 'Packaging the image' } },
  {
    after: 250,
    event: { type: 'stage-done', stage: 'image', detail: `sha256:${'b2'.repeat(32)}` },
  },
  { after: 5, event: { type: 'stage-skip', stage: 'test', reason: 'left out by --no-test' } },
];

/** The same build up to a compiler error. */
export const failedBuild: readonly TimedEvent[] = [
  ...firstBuild.slice(
    0,
    firstBuild.findIndex(({ event }) => event.type === 'log'),
  ),
  log(100, "hello.c: In function '_start':"),
  log(100, "hello.c:12:3: error: unknown type name 'imt'; did you mean 'int'?"),
  log(100, '   12 |   imt answer;'),
  log(100, '      |   ^~~'),
];

/** What `firstBuild` ends with. */
export const firstResult: BuildResult = {
  recipe: 'hello',
  platform: 'linux/amd64',
  engine: 'docker',
  tags: ['mkbase/hello:latest'],
  imageId: `sha256:${'c3'.repeat(32)}`,
  diffId: `sha256:${'a1'.repeat(32)}`,
  diffIds: [`sha256:${'a1'.repeat(32)}`],
  manifestDigest: `sha256:${'b2'.repeat(32)}`,
  rootfsBytes: 696,
  outputs: [{ type: 'import', dest: 'mkbase/hello:latest' }],
  outDir: '/home/me/mkbase-out/hello',
  tests: [{ command: '/hello', passed: true }],
  warnings: [],
  cached: false,
  timings: { lock: 400, fetch: 2600, toolchain: 2300, build: 650, total: 6250 },
};
