import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineSubject, type Subject, users } from '../../support/engine-subject.ts';
import { makesGroups } from '../support/groups.ts';
import { stepContract } from './contract.ts';

describe('the namespace engine', () => stepContract('namespace'));

describe('the namespace engine of an ordinary user', () =>
  stepContract('namespace', { uid: users.nameless }));

/** Puts the cache on two overlays, above which the kernel allows no third, as nested containers do. */
const onOverlays = `
mount -t tmpfs layers home
mkdir home/u1 home/w1 home/u2 home/w2
for n in 1 2; do mount -t overlay "$n" -o "lowerdir=cache,upperdir=home/u$n,workdir=home/w$n" cache; done
exec "$@"
`;

test.skipIf(process.getuid?.() !== 0)(
  'a run of an image writes to a copy of its own where nothing can be laid over the tree',
  async () => {
    const through = ['unshare', '--mount', 'sh', '-euc', onOverlays, 'sh'];
    const subject = await engineSubject('namespace', { through });
    try {
      const config = { Entrypoint: ['/bin/sh', '-c'], Cmd: ['ls /left; echo x >/left && echo ok'] };
      const options = { stdio: 'capture', network: 'none' };
      expect(await subject.runImage({ config, options, times: 3 })).toMatchObject({
        stdout: 'ok\n',
        stderr: expect.stringContaining('/left'),
      });
    } finally {
      await subject.dispose();
    }
  },
);

describe.skipIf(!(await makesGroups('')))('a control group of the namespace engine', () => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await engineSubject('namespace');
  });
  afterAll(() => subject.dispose());

  const take = `
    dd if=/dev/zero of=/build/x bs=1M count=50
    dd if=/dev/zero of=/dev/null bs=40M count=1`;

  test.each([
    [
      'what a step writes and what it takes together',
      { argv: ['/bin/sh', '-euc', take], memoryMiB: 64 } as const,
      /it took more than its limit of 64 MiB of memory/,
    ],
    [
      'how many processes a step has',
      {
        argv: ['/bin/sh', '-euc', 'for each in $(seq 300); do sleep 100 & done'],
        processes: 40,
      } as const,
      /and it wanted more than its limit of 40 processes/,
    ],
  ])('limits %s, and the error says so', async (_, request, message) => {
    const outcome = await subject.step(request);
    expect(outcome).toMatchObject({ code: 'BUILD_FAILED' });
    expect(outcome.message).toMatch(message);
    expect(await subject.controlGroups()).toEqual([]);
  });
});
