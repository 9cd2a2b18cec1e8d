import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mkbase } from './mkbase.ts';

/** Programs that know nothing of mkbase, out of a newer Debian than the machine's; mkbase fetches them. */
export interface Oracles {
  /** Checks bundles: its exit code and all that it says. */
  readonly cosign: (args: readonly string[]) => { readonly code: number; readonly said: string };
  /** Reads a statement by its published definitions; throws what is wrong with it. */
  readonly parseStatement: (file: string) => ParsedStatement;
}

/** As support/parse-statement.py prints it. */
export interface ParsedStatement {
  readonly type: string;
  readonly predicateType: string;
  readonly subjects: readonly Readonly<Record<string, string>>[];
  readonly buildType: string;
  readonly dependencies: readonly string[];
  readonly builder: string;
  readonly byproducts: readonly string[];
}

const recipe = `
name: oracles
from:
  debs:
    suite: trixie
    packages: [cosign, golang-github-in-toto-attestation-dev]
    exclude:
      golang-github-stretchr-testify-dev: only the definitions are read
      golang-google-protobuf-dev: only the definitions are read
`;

const protos = 'usr/share/gocode/src/github.com/in-toto/attestation/protos';
const definitions = [
  'in_toto_attestation/v1/resource_descriptor.proto',
  'in_toto_attestation/v1/statement.proto',
  'in_toto_attestation/predicates/provenance/v1/provenance.proto',
];

/** No certificate authority and no log: nothing but the key that it is given counts. */
const trustedRoot = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' };

async function unpack(folder: string): Promise<string> {
  const [rootfs, tar] = [join(folder, 'rootfs'), join(folder, 'oracles.tar')];
  mkdirSync(rootfs, { recursive: true });
  writeFileSync(join(folder, 'recipe.yaml'), recipe);
  const args = ['./', '--engine', 'docker', '--output', `type=rootfs,dest=${tar}`];
  const { code, stderr } = await mkbase(args, { cwd: folder });
  if (code !== 0) throw new Error(stderr);
  execFileSync('tar', ['-xf', tar, '-C', rootfs]);
  return rootfs;
}

/** Brings the oracles into a folder. */
export async function attestationOracles(folder: string): Promise<Oracles> {
  const rootfs = await unpack(folder);
  const [root, python] = [join(folder, 'trusted-root.json'), join(folder, 'python')];
  writeFileSync(root, JSON.stringify(trustedRoot));
  mkdirSync(python);
  execFileSync('protoc', ['-I', join(rootfs, protos), `--python_out=${python}`, ...definitions]);
  const parser = join(import.meta.dirname, 'parse-statement.py');
  return {
    cosign: (args) => {
      const offline = ['--new-bundle-format', '--insecure-ignore-tlog', '--trusted-root', root];
      const file = join(rootfs, 'usr/bin/cosign');
      const [verb = '', ...rest] = args;
      const env = { HOME: folder, PATH: '' };
      const run = spawnSync(file, [verb, ...offline, ...rest], { env, encoding: 'utf8' });
      return { code: run.status ?? -1, said: run.stdout + run.stderr };
    },
    // The system's own Python is the one that Debian's protobuf module is for.
    parseStatement: (file) =>
      JSON.parse(
        execFileSync('/usr/bin/python3', [parser, python, file], { stdio: 'pipe' }).toString(),
      ),
  };
}
