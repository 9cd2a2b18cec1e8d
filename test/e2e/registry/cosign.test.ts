import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { attestationOracles, type Oracles } from '../support/attestation-oracles.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import {
  type DebianRegistry,
  noRegistry,
  startDebianRegistry,
} from '../support/debian-registry.ts';
import { everyEngine, works } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';

const [{ engine } = { engine: 'auto' }] = everyEngine;
// The oracles are made on Docker.
const reason = noRegistry ?? (works('docker', 'version') ? undefined : 'no Docker daemon answers');

describe.skipIf(reason)(
  `cosign finds in the registry${reason ? `: left out, ${reason}` : ''}`,
  () => {
    const work = temporaryFolder();
    let registry: DebianRegistry;
    let oracles: Oracles;
    let image = '';
    beforeAll(async () => {
      registry = await startDebianRegistry();
      oracles = await attestationOracles(join(work, 'oracles'));
      for (const key of ['key.pem', 'other.pem']) {
        expect(await mkbase(['sign', '--generate-key', key], { cwd: work })).toMatchObject({
          code: 0,
        });
      }
      const tag = `${registry.domain}/team/app:v1`;
      const args = [
        busyboxRecipe(join(work, 'recipe')),
        '--engine',
        engine,
        '--tag',
        tag,
        '--push',
      ];
      const built = await mkbase([...args, '--sign', 'key=key.pem', '-q'], { cwd: work });
      expect(built, built.stderr).toMatchObject({ code: 0 });
      image = `${registry.domain}/team/app@${built.stdout.trim()}`;
    });
    afterAll(() => registry.stop());

    const verify = (key: string, type: string) =>
      oracles.cosign([
        ...['verify-attestation', '--key', join(work, `${key}.pub`), '--type', type],
        ...['--allow-http-registry', '--allow-insecure-registry', image],
      ]);

    test.each(['slsaprovenance1', 'https://spdx.dev/Document/v2.3', 'https://cyclonedx.org/bom'])(
      'the signature over %s',
      (type) => {
        const { code, said } = verify('key.pem', type);
        expect(code, said).toBe(0);
        expect(said).toContain('The signatures were verified against the specified public key');
      },
    );

    test('no signature of another key', () => {
      expect(verify('other.pem', 'slsaprovenance1').code).not.toBe(0);
    });
  },
);
