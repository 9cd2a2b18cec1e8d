import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { provenanceStatement } from '../../src/evidence/provenance/provenance.ts';
import { trustChain, trustFiles } from '../../src/evidence/provenance/trust-chain.ts';
import { commandOf } from '../../src/evidence/smoke.ts';
import { composeImage } from '../../src/image/compose-image.ts';
import { loadBuilder, loadRecipe } from '../../src/kinds/kinds.ts';
import { lockText } from '../../src/lock/lock-file.ts';
import { rememberedProof } from '../../src/lock/prove.ts';
import { askedBy, requestDigest } from '../../src/lock/request.ts';
import type { Lock } from '../../src/lock/schema.ts';
import { builderFor } from '../../src/pipeline/builder.ts';
import { localFiles } from '../../src/pipeline/local-files.ts';
import { recipeFinder } from '../../src/pipeline/recipe-at-hand.ts';
import { checksThat, mismatchesOf, type Report } from '../../src/verify/report.ts';
import { verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { edit, reseal } from '../support/forge.ts';
import { epoch, makeRootfs, plainFile } from '../support/image.ts';
import { lockedDeb, lockedDebs, lockedToolchain, lockOf } from '../support/lock.ts';
import { sha256Of } from '../support/store.ts';

const { signal } = new AbortController();
const cwd = temporaryFolder();

/** What a build of a recipe leaves of its lock and its provenance; the builder is locked and never made. */
async function evidenceOf(named: string): Promise<string> {
  const folder = temporaryFolder();
  const recipe = await loadRecipe(named, cwd);
  const toolchain = await loadBuilder(recipe, cwd);
  const platform = 'linux/amd64';
  const wanted = { recipe, toolchain, platform } as const;
  const asked = JSON.parse(JSON.stringify(askedBy(wanted))) as object;
  const own = { recipe: recipe.name, asked, request: requestDigest(wanted) };
  const lock: Lock = lockOf(
    recipe.from.kind,
    {},
    {
      ...own,
      ...(toolchain && {
        toolchain: lockedToolchain(
          toolchain.name,
          lockedDebs(lockedDeb('gcc'), lockedDeb('libc6')),
        ),
      }),
    },
  );
  const rootfs = await makeRootfs(folder, [plainFile('hello', Buffer.from('program'), 0o755)]);
  const image = composeImage(rootfs, recipe.image, {
    platform,
    created: epoch,
    recipe: recipe.name,
  });
  const builder =
    toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
  const trust = trustChain(lock, rememberedProof(lock));
  mkdirSync(join(folder, 'trust'));
  writeFileSync(join(folder, 'trust', 'trust.json'), canonicalJson(trust));
  const evidence = [
    { name: 'lock.json', sha256: sha256Of(lockText(lock)) },
    { name: 'trust/trust.json', sha256: sha256Of(canonicalJson(trust)) },
    ...trustFiles(lock).map(({ name, sha256 }) => ({ name: `trust/${name}`, sha256 })),
  ];
  const statement = provenanceStatement({
    ...{ recipe, toolchain, lock, image, evidence, trust },
    builder: builder && { ...builder.reference, tree: `${'b'.repeat(64)}` },
    asked: { platform, allow: [], test: true },
    localFiles: await localFiles({ recipe, toolchain }),
    tests: recipe.test.map((each) => ({ command: commandOf(each), passed: true })),
    nodes: [{ does: 'compile', version: 1, key: 'c'.repeat(64), tree: 'd'.repeat(64) }],
  });
  writeFileSync(join(folder, 'lock.json'), lockText(lock));
  writeFileSync(join(folder, 'provenance.json'), canonicalJson(statement));
  writeFileSync(join(folder, 'SHA256SUMS'), '');
  reseal(folder);
  return folder;
}

const own = join(cwd, 'own', 'recipe.yaml');

beforeAll(() => {
  mkdirSync(join(cwd, 'own'));
  writeFileSync(join(cwd, 'own', 'main.c'), 'int main(void) { return 0; }\n');
  writeFileSync(
    own,
    `name: own
from: { static: { toolchain: gcc-musl, sources: [main.c], flags: [-O2] } }
test: [{ run: [], exit: 0 }]
`,
  );
});

const reportOn = (folder: string, named?: string): Promise<Report> =>
  verify(
    { subject: 'it', images: [], evidence: folder, findRecipe: recipeFinder(named, cwd) },
    signal,
  );

const ofProvenance = (report: Report) =>
  mismatchesOf(report).filter(({ file, field }) => file === 'provenance.json' && field !== '');

type Fields = Record<string, never>;

/** Forgeries of a provenance, and the field that has to be named. */
const forgeries: readonly (readonly [
  what: string,
  forge: (p: Predicate) => void,
  field: RegExp,
])[] = [
  [
    'the key of the builder',
    ({ runDetails }) => {
      runDetails.builder.builderDependencies[0].digest.mkbaseToolchain = 'a'.repeat(64);
    },
    /builderDependencies\[0\]\.digest\.mkbaseToolchain$/,
  ],
  [
    'the name of the builder',
    ({ runDetails }) => {
      runDetails.builder.builderDependencies[0].name = 'gcc-glibc';
    },
    /builderDependencies\[0\]\.name$/,
  ],
  [
    'no builder at all',
    ({ runDetails }) => {
      delete (runDetails.builder as Partial<Predicate['runDetails']['builder']>)
        .builderDependencies;
    },
    /builderDependencies$/,
  ],
  [
    'the flags',
    ({ buildDefinition }) => {
      buildDefinition.externalParameters.recipe.from.static.flags.push('-fno-stack-protector');
    },
    /recipe\.from\.static\.flags\[\d\]$/,
  ],
  [
    'whether the program is stripped',
    ({ buildDefinition }) => {
      buildDefinition.externalParameters.recipe.from.static.strip = false;
    },
    /recipe\.from\.static\.strip$/,
  ],
  [
    'a file that is added',
    ({ buildDefinition }) => {
      buildDefinition.externalParameters.recipe.files.push({ path: '/x', symlink: '/y' });
    },
    /recipe\.files\[\d\]$/,
  ],
  [
    'the digest of a source',
    ({ buildDefinition }) => {
      const source = buildDefinition.resolvedDependencies.find(
        ({ annotations }) => annotations.role === 'beside-recipe',
      );
      source!.digest.sha256 = 'b'.repeat(64);
    },
    /resolvedDependencies\[\d\]\.digest\.sha256$/,
  ],
  [
    'the digest of the recipe itself',
    ({ buildDefinition }) => {
      buildDefinition.resolvedDependencies[0]!.digest.sha256 = 'c'.repeat(64);
    },
    /resolvedDependencies\[0\]\.digest\.sha256$/,
  ],
  [
    'a locked input',
    ({ buildDefinition }) => {
      buildDefinition.resolvedDependencies.at(-1)!.digest.sha256 = 'd'.repeat(64);
    },
    /resolvedDependencies\[\d+\]\.digest\.sha256$/,
  ],
  [
    'the epoch',
    ({ buildDefinition }) => {
      buildDefinition.internalParameters.epoch = 1;
    },
    /internalParameters\.epoch$/,
  ],
  [
    'a test that was never run',
    ({ runDetails }) => {
      const bytes = Buffer.from(canonicalJson([{ command: 'true', passed: true }]));
      const [results] = runDetails.byproducts;
      results!.content = bytes.toString('base64') as never;
      results!.digest = { sha256: sha256Of(bytes) } as never;
    },
    /byproducts\[0\]\.content$/,
  ],
  [
    'a member too many of a step',
    ({ runDetails }) => {
      (runDetails.byproducts.at(-1) as Record<string, unknown>).uri = 'https://evil.example';
    },
    /byproducts\[\d+\]\.uri$/,
  ],
  [
    'a digest of a step that is none',
    ({ runDetails }) => {
      runDetails.byproducts.at(-1)!.digest = { mkbaseNode: 'none', sha256: 'none' } as never;
    },
    /byproducts\[\d+\]/,
  ],
];

/** The parts of the predicate that are forged here. */
interface Predicate {
  readonly buildDefinition: {
    readonly externalParameters: {
      readonly recipe: {
        readonly files: object[];
        readonly from: { readonly static: { flags: string[]; strip: boolean } };
      };
    };
    readonly internalParameters: { epoch: number };
    readonly resolvedDependencies: {
      readonly digest: { sha256: string };
      readonly annotations: { readonly role: string };
    }[];
  };
  readonly runDetails: {
    readonly builder: {
      builderDependencies: [{ name: string; readonly digest: { mkbaseToolchain: string } }];
    };
    readonly byproducts: Fields[];
  };
}

test.each(forgeries)(
  '%s in a provenance is held against recipe, toolchain and lock',
  async (_, forge, field) => {
    const folder = await evidenceOf('hello-musl');
    edit(folder, 'provenance.json', (statement: { predicate: Predicate }) =>
      forge(statement.predicate),
    );
    reseal(folder);
    const fields = ofProvenance(await reportOn(folder)).map((each) => each.field);
    expect(fields).toContainEqual(expect.stringMatching(field));
  },
);

const check = 'lock.json and provenance.json against the recipe';

test('a recipe that ships with mkbase is found by its name, and untouched evidence of it holds', async () => {
  const report = await reportOn(await evidenceOf('hello-musl'));
  expect(ofProvenance(report)).toEqual([]);
  const whats = checksThat(report, 'holds').map(({ what }) => what);
  expect(whats).toContainEqual(expect.stringMatching(/against the recipe hello-musl of mkbase /));
});

test('a recipe of your own is compared where --recipe says it is, and is else said to be unchecked', async () => {
  const folder = await evidenceOf(own);
  const without = checksThat(await reportOn(folder), 'not checked');
  expect(without.find(({ what }) => what === check)?.skipped).toBe(
    'own is a recipe of your own; --recipe says where it is',
  );
  const report = await reportOn(folder, own);
  expect(ofProvenance(report)).toEqual([]);
  expect(checksThat(report, 'not checked').map(({ what }) => what)).not.toContain(check);
  writeFileSync(join(cwd, 'own', 'main.c'), 'int main(void) { return 1; }\n');
  const fields = ofProvenance(await reportOn(folder, own)).map(({ field }) => field);
  expect(fields).toContainEqual(expect.stringMatching(/resolvedDependencies\[\d\]\.digest/));
});

test('evidence that names another version of mkbase is not compared with the recipe of this one', async () => {
  const folder = await evidenceOf('hello-musl');
  edit(
    folder,
    'provenance.json',
    (statement: { predicate: { runDetails: { builder: { version: object } } } }) => {
      statement.predicate.runDetails.builder.version = { mkbase: '0.0.1' };
    },
  );
  reseal(folder);
  const unchecked = checksThat(await reportOn(folder), 'not checked');
  expect(unchecked.find(({ what }) => what === check)?.skipped).toMatch(
    /^hello-musl shipped with mkbase 0\.0\.1, /,
  );
});

test.each([
  [
    'its epoch',
    (lock: { epoch: number }) => {
      lock.epoch = 5;
    },
    /^epoch$/,
  ],
  [
    'the epoch of its builder',
    (lock: { toolchain: { epoch: number } }) => {
      lock.toolchain.epoch = 5;
    },
    /^toolchain\.epoch$/,
  ],
  [
    'what it was asked for',
    (lock: { asked: { toolchain: { from: object } } }) => {
      lock.asked.toolchain.from = { kind: 'debs', debs: { packages: ['evil'] } };
    },
    /^asked\.toolchain\.from/,
  ],
])(
  'a lock with another value for %s is held against its indexes and the recipe',
  async (_, forge, field) => {
    const folder = await evidenceOf('hello-musl');
    edit(folder, 'lock.json', forge as (value: never) => void);
    reseal(folder);
    const found = mismatchesOf(await reportOn(folder)).filter(({ file }) => file === 'lock.json');
    expect(found.map((each) => each.field)).toContainEqual(expect.stringMatching(field));
  },
);
