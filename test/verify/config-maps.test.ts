import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeOutputFolder } from '../support/output-folder.ts';

const signal = new AbortController().signal;

async function mismatchesIn(folder: string) {
  const images = await imagesIn(folder);
  return mismatchesOf(await verify({ subject: 'sample', images, evidence: folder }, signal));
}

const url = fc
  .tuple(
    fc.constantFrom('', 'user:secret@', 'token@', 'a:b@c@'),
    fc.constantFrom('example.org', 'example.org/feed', 'example.org:8443/a/b'),
    fc.constantFrom('', '?X-Amz-Signature=secret', '#secret', '?sig=a&se=b#c'),
  )
  .map(([user, place, rest]) => `https://${user}${place}${rest}`);
const line = fc.oneof(
  fc.string({ maxLength: 12 }).map((each) => each.replace(/[^ -~]/g, '')),
  url,
  url.map((each) => `--from=${each} and ${each}`),
);

/** Entries in a random order; names sort otherwise than they stand. */
const mapOf = (name: fc.Arbitrary<string>) =>
  fc
    .uniqueArray(fc.tuple(name, line), { selector: ([key]) => key, maxLength: 5 })
    .map((entries) => Object.fromEntries(entries));
const word = fc.constantFrom('B', 'A', 'a', 'Z9', '_', 'PATH', 'LANG', 'zz', 'constructor');
const number = fc.constantFrom('10', '9', '1');
const duration = fc.constantFrom('30s', '5m', '100ms');
const subset = <T>(...all: readonly T[]) => fc.shuffledSubarray([...all]);

const settings = fc.record(
  {
    env: mapOf(word),
    labels: mapOf(
      fc.oneof(
        word.filter((each) => each !== '_'),
        number,
      ),
    ),
    expose: subset('9000', '80/tcp', '53/udp'),
    volumes: subset('/var/lib/z', '/data', '/a'),
    entrypoint: fc.array(line, { maxLength: 3 }),
    cmd: fc.array(line, { maxLength: 3 }),
    healthcheck: fc.record(
      {
        test: fc.array(line, { minLength: 1, maxLength: 2 }),
        retries: fc.nat(5).map((each) => each + 1),
        interval: duration,
        timeout: duration,
        startPeriod: duration,
      },
      { requiredKeys: ['test'] },
    ),
  },
  { requiredKeys: [] },
);

test('whatever an image is configured with, in whatever order, its own evidence agrees and no secret of a URL is in it', async () => {
  const scratch = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(settings, async (image) => {
      const folder = join(scratch, 'out');
      for (const each of [folder, `${folder}-work`]) rmSync(each, { recursive: true, force: true });
      await makeOutputFolder(folder, { image });
      expect(await mismatchesIn(folder)).toEqual([]);
      expect(readFileSync(join(folder, 'provenance.json'), 'utf8')).not.toMatch(/secret|token@/);
    }),
    { numRuns: 40 },
  );
});

test('an image keeps the order in which its recipe names the environment', async () => {
  const folder = join(temporaryFolder(), 'out');
  const { image } = await makeOutputFolder(folder, { image: { env: { B: '1', A: '2' } } });
  expect(image.settings.Env).toEqual(['B=1', 'A=2']);
  expect(await mismatchesIn(folder)).toEqual([]);
});

/** Changes the image settings in a provenance and returns every mismatch that names it or its image. */
async function afterForging(change: (image: { env: object[] }) => void) {
  const folder = join(temporaryFolder(), 'out');
  await makeOutputFolder(folder, { image: { env: { B: '1', A: '2' } } });
  const file = join(folder, 'provenance.json');
  const statement = JSON.parse(readFileSync(file, 'utf8'));
  change(statement.predicate.buildDefinition.externalParameters.recipe.image);
  writeFileSync(file, canonicalJson(statement));
  const found = await mismatchesIn(folder);
  return found.filter((each) => each.file !== 'SHA256SUMS').map(({ field }) => field);
}

test('a provenance with another order, a variable twice, or none that can be read is a mismatch', async () => {
  const swapped = await afterForging(({ env }) => void env.reverse());
  expect(swapped).toContain('config.Env[0]');
  const twice = await afterForging(({ env }) => void env.push(env[0]!));
  expect(twice).toContain('config.Env[2]');
  const broken = await afterForging((image) => {
    image.env = { B: '1' } as never;
  });
  expect(broken).toContain('predicate.buildDefinition');
});
