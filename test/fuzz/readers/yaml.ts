import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unprintable } from '../../../src/base/characters.ts';
import { packageRoot } from '../../../src/base/package-root.ts';
import { kinds } from '../../../src/kinds/kinds.ts';
import { policySchema } from '../../../src/policy/schema.ts';
import { check } from '../../../src/recipe/check.ts';
import { parseYaml } from '../../../src/recipe/diagnostics/parse-yaml.ts';
import { recipeError } from '../../../src/recipe/diagnostics/recipe-error.ts';
import { recipeSchema } from '../../../src/recipe/schema/schema.ts';
import { Finding, type Reader } from '../reader.ts';
import { inputsOf, textOf } from './bytes.ts';

type Schema = Parameters<typeof check>[0];

/** Throws what `schema` says of a text; a message has to be printable and every mistake in the text. */
function checked(schema: Schema, shownAs: string, text: string): unknown {
  const source = { file: `/r/${shownAs}`, shownAs, text, sha256: '' };
  const { tree, mistakes } = parseYaml(source);
  const { fields, mistakes: wrong } = check(schema, tree, text);
  const all = [...mistakes, ...wrong];
  for (const { span } of all) {
    if (span.start >= 0 && span.start <= span.end && span.start <= text.length) continue;
    throw new Finding(`a mistake is at ${span.start} to ${span.end} of ${text.length}`);
  }
  if (all.length === 0) return fields ?? {};
  const error = recipeError(source, all);
  const odd = error.message.split('\n').find((line) => unprintable.test(line));
  if (odd !== undefined) throw new Finding(`a message has the line ${JSON.stringify(odd)}`);
  throw error;
}

const words = [
  ...[': ', '- ', '\n', '\n  ', '\t', '{', '}', '[', ']', ', ', '&a ', '*a', '!!str ', '"', "'"],
  ...['|\n', '>-\n', '#', '---\n', '...\n', '<<: ', '__proto__: x', '~', 'null', 'yes', '0x10'],
  ...['.nan', '\u0000', '\u001b[2J', '\u00e2\u0080\u00ae', '\u00ef\u00bb\u00bf', '"\\ud800"', '? '],
];

const recipeText = `name: widget
from:
  static:
    toolchain: gcc-musl
    archive: { url: "https://example.org/w.tar.gz", sha256: ${'a'.repeat(64)} }
    defines: { A: 1, B: true, C: text }
    build: [[make, -j2]]
    programs: { src/w: /w, src/x: { path: /x, mode: "0700" } }
files:
  - { path: /a, content: hi }
  - path: /b
    symlink: /a
accounts:
  users: [{ name: app, uid: 1 }]
slim:
  - { drop: /usr/share/doc/**, reason: because }
image: { cmd: [/w], env: { A: b }, expose: ["80"] }
test:
  - run: []
    stdout: |
      hello
`;

export const recipe: Reader = {
  name: 'recipe',
  form: 'text',
  seeds: async () =>
    inputsOf(
      recipeText,
      'name: x\nfrom:\n  debs: { packages: [libc6, "tzdata"], suite: trixie }\n',
      'name: x\nfrom: { apk: { packages: [busybox], release: "3.20" } }\n',
      'name: y\nextends: debian-slim\npackages: [curl]\nrun:\n  - [sh, -c, "true"]\n',
    ),
  read: async (input) => checked(recipeSchema(kinds), 'recipe.yaml', textOf(input)),
  words,
};

export const policy: Reader = {
  name: 'policy',
  form: 'text',
  seeds: async () => [
    readFileSync(join(packageRoot, 'policies/strict.yaml')),
    ...inputsOf('name: mine\nextends: strict\nrules:\n  setuid: false\n'),
  ],
  read: async (input) => checked(policySchema, 'policy.yaml', textOf(input)),
  words,
};
