import { expect, test } from 'vitest';
import { chooseEngine, noEngine } from '../../src/engines/choose.ts';

const io = { emit: () => {}, signal: new AbortController().signal };

test('when no engine fits, each is listed with its reason and its cure, one line each', () => {
  const error = noEngine([
    { name: 'docker', ok: false, reason: 'the daemon is asleep', cure: 'Wake it.' },
    { name: 'podman', ok: false, reason: 'it is not installed', cure: 'Install it.' },
  ]);
  expect(error.code).toBe('NO_ENGINE');
  expect(error.message).toBe(
    'No engine can work here:\n  docker: the daemon is asleep. Wake it.\n  podman: it is not installed. Install it.',
  );
  expect(error.hint).toContain('mkbase doctor');
});

test('an engine that was asked for by name is the only one that is tried', async () => {
  const path = process.env.PATH;
  process.env.PATH = '/nonexistent';
  try {
    await expect(
      chooseEngine('docker', { cache: '/nonexistent', env: {} }, io),
    ).rejects.toMatchObject({
      code: 'NO_ENGINE',
      message: expect.stringMatching(/^The engine docker cannot work here:\n {2}docker: .*$/),
      hint: expect.stringContaining('--engine'),
    });
  } finally {
    process.env.PATH = path;
  }
});
