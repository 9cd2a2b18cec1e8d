// The items of the long proofs. An item is one command that vitest can run alone; `tests` says that it
// writes a vitest report, in which at least one test has to have passed.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const env = { MKBASE_PROOFS: 'full' };

function vitest(proof, item, project, file, titles = '') {
  const filter = titles === '' ? [] : ['--testNamePattern', titles];
  const argv = ['npx', 'vitest', 'run', '--project', project, file, ...filter];
  return { proof, item, argv, env, tests: true };
}

/** test/e2e/repro.test.ts leaves these to the tests that serve their archives. */
const withoutArchive =
  /^(?:alpine-apk|arch|ubuntu|(?:almalinux|centos|fedora|rocky)(?:-minimal)?)$/;

/** Distributions of the tests' own that are like these, built in test/e2e/repro-own.test.ts. */
const own = ['centos', 'rocky', 'alma', 'fedora', 'arch'];

const recipes = readdirSync(join(root, 'recipes'))
  .map((name) => basename(name, '.yaml'))
  .filter((name) => !withoutArchive.test(name));

const tens = Array.from({ length: 10 }, (_, ten) => `${ten * 10 + 1} to ${ten * 10 + 10}`);

export const items = [
  ...recipes.map((recipe) =>
    vitest('repro', recipe, 'e2e*', 'test/e2e/repro.test.ts', `^${recipe} has one digest`),
  ),
  ...own.map((name) =>
    vitest(
      'repro',
      `own-${name}`,
      'e2e*',
      'test/e2e/repro-own.test.ts',
      `^${name} has one digest as a distribution`,
    ),
  ),
  vitest('kill', 'store', 'unit', 'test/store/kill.test.ts'),
  vitest('kill', 'nodes', 'unit', 'test/nodes/kill.test.ts'),
  ...['docker', 'podman', 'namespace'].map((engine) =>
    vitest('kill', engine, 'e2e*', 'test/e2e/abuse/killed.test.ts', `^builds with ${engine}`),
  ),
  vitest('seeded-changes', 'all', 'unit', 'test/verify/seeded-changes.test.ts'),
  vitest('resealed-changes', 'all', 'e2e*', 'test/e2e/evidence/resealed-changes.test.ts'),
  vitest('flipped-bits', 'all', 'unit', 'test/packages/rpm/verify-rpm.test.ts', 'a bit flipped'),
  vitest('fuzz', 'all', 'e2e*', 'test/e2e/fuzz.test.ts'),
  ...readdirSync(join(root, 'test/e2e/field')).map((program) =>
    vitest('field', program, 'e2e*', 'test/e2e/field.test.ts', `^${program} `),
  ),
  ...tens.map((ten) =>
    vitest('programs', ten, 'e2e*', 'test/e2e/programs.test.ts', `^programs ${ten} `),
  ),
];
