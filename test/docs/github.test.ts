import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const yamlFiles = ['ISSUE_TEMPLATE', 'workflows'].flatMap((folder) =>
  readdirSync(join(root, '.github', folder)).map((name) => `.github/${folder}/${name}`),
);

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly uses?: string; readonly run?: string }[] }>
  >;
}

const check = parse(read('.github/workflows/check.yml')) as Workflow;
const steps = Object.values(check.jobs).flatMap((job) => job.steps);

test('every file for the code host is valid YAML', () => {
  for (const file of yamlFiles) expect(parse(read(file)), file).toBeTypeOf('object');
});

test('the workflow runs what a contributor runs, and everything as root', () => {
  const commands = steps.flatMap(({ run }) => run ?? []);
  for (const command of ['npm ci', 'npm run check', 'bash .ci/run']) {
    expect(commands).toContain(command);
  }
});

test('the workflow pins the major version of each action, and may only read', () => {
  const actions = steps.flatMap(({ uses }) => uses ?? []);
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/);
  expect(check.permissions).toEqual({ contents: 'read' });
});

test('the workflow tests the Node versions that the reproducibility tests vary', () => {
  const { matrix } = (check.jobs.check as unknown as { strategy: { matrix: { node: number[] } } })
    .strategy;
  const [, majors = ''] =
    /const majors = \[([^\]]*)\]/.exec(read('test/e2e/support/varied-builds.ts')) ?? [];
  expect(matrix.node.map(String)).toEqual([...majors.matchAll(/'(\d+)'/g)].map(([, each]) => each));
});

test('a bug report asks for the output of mkbase doctor', () => {
  const { body } = parse(read('.github/ISSUE_TEMPLATE/bug.yml')) as {
    body: readonly { readonly attributes: { readonly label?: string } }[];
  };
  expect(body.map(({ attributes }) => attributes.label)).toContain('Output of `mkbase doctor`');
});
