import { describe, expect, test } from 'vitest';
import { engineSubject, users } from '../../support/engine-subject.ts';
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
