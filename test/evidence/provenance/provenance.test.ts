import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { packageVersion } from '../../../src/base/package-root.ts';
import { dependenciesOf } from '../../../src/evidence/provenance/dependencies.ts';
import {
  type ProvenanceInput,
  provenanceStatement,
} from '../../../src/evidence/provenance/provenance.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { provenChain } from '../../support/proof.ts';
import { finishedBuild, hash, locks, recipe } from './sample.ts';

let input: ProvenanceInput;
beforeAll(async () => {
  input = await finishedBuild(temporaryFolder());
});

const predicateOf = (changes: Partial<ProvenanceInput> = {}) =>
  provenanceStatement({ ...input, ...changes }).predicate;
const textOf = (changes: Partial<ProvenanceInput> = {}) =>
  canonicalJson(provenanceStatement({ ...input, ...changes }));

describe('dependenciesOf', () => {
  test.each(['debs', 'minirootfs'] as const)(
    'of %s read as the golden file has them',
    async (kind) => {
      const file = `../../golden/evidence/dependencies-${kind}.json`;
      await expect(
        canonicalJson(dependenciesOf(locks[kind], provenChain(locks[kind]))),
      ).toMatchFileSnapshot(file);
    },
  );

  test.each(Object.entries(locks))('of %s have the signed indexes before the inputs', (_, lock) => {
    const roles = dependenciesOf({ ...lock, toolchain: undefined }, provenChain(lock)).map(
      ({ annotations }) => annotations.role,
    );
    const isSigned = roles.map((role) => role === 'index' || role === 'signature');
    expect(isSigned).toEqual([...isSigned].sort().reverse());
    expect(isSigned).toContain(true);
  });
});

describe('provenanceStatement', () => {
  test('reads as the golden file has it, whole', async () => {
    const stable = textOf().replaceAll(packageVersion, '0.0.0');
    await expect(stable).toMatchFileSnapshot('../../golden/evidence/provenance.json');
  });

  test('is about the manifest, the config and the layer, which is the rootfs as a tar', () => {
    const { image } = input;
    const digests = provenanceStatement(input).subject.map(({ name, digest }) => [
      name,
      `sha256:${digest.sha256}`,
    ]);
    expect(digests).toEqual([
      ['sample', image.manifest.digest],
      ['config.json', image.config.digest],
      ['rootfs.tar', image.rootfs.diffId],
    ]);
  });

  test('tells neither passwords nor paths of the machine that built', () => {
    expect(textOf()).not.toMatch(/hunter2|somebody|secret-project/);
  });

  test('says what built-in recipes are by their place in the package', () => {
    const origin = { ...recipe.origin, builtIn: true, file: `${process.cwd()}/recipes/a.yaml` };
    const [own] = predicateOf({ recipe: { ...recipe, origin } }).buildDefinition
      .resolvedDependencies;
    expect(own?.uri).toBe(`pkg:npm/mkbase@${packageVersion}#recipes/a.yaml`);
    expect(own?.annotations?.trust).toEqual({ by: 'mkbase' });
  });

  test('keeps outcomes of tests and not what they printed', () => {
    const [results] = predicateOf().runDetails.byproducts;
    expect(JSON.parse(Buffer.from(results?.content ?? '', 'base64').toString())).toEqual([
      { command: '/usr/bin/lua -v', passed: true },
      { command: 'false', passed: false },
    ]);
    expect(results?.annotations).toEqual({ passed: 1, failed: 1 });
  });

  test('does not depend on the order in which local files were read', () => {
    const files = [
      { path: 'b.c', sha256: hash('1'), beside: recipe.origin },
      { path: 'a.c', sha256: hash('2'), beside: recipe.origin },
    ];
    expect(textOf({ localFiles: files })).toBe(textOf({ localFiles: files.toReversed() }));
  });

  test('states what was allowed, an epoch from outside, and that tests were left out', () => {
    const asked = { ...input.asked, allow: ['unsigned-archive'], sourceDateEpoch: 7, test: false };
    expect(predicateOf({ asked }).buildDefinition.externalParameters).toMatchObject({
      allow: ['unsigned-archive'],
      sourceDateEpoch: 7,
      test: false,
    });
    expect(predicateOf().buildDefinition.externalParameters).not.toHaveProperty('test');
  });

  test('has no builder beyond mkbase where a recipe needs none', () => {
    const { builder } = predicateOf({ builder: undefined, toolchain: undefined }).runDetails;
    expect(builder).toEqual({
      id: 'urn:mkbase:builder:local',
      version: { mkbase: packageVersion },
    });
  });
});
