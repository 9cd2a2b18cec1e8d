import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { entriesOf, tarOf } from '../../support/tar.ts';
import { missing } from './engines.ts';

/** A program that builds Dockerfiles, and what it is run with. */
export interface Builder {
  readonly engine: 'docker' | 'podman';
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a builder's CLI and returns what it prints. */
export function ask({ file, env }: Builder, args: readonly string[], input = ''): string {
  const options = { env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1e9 } as const;
  return execFileSync(file, args, { ...options, input, stdio: 'pipe' }).trim();
}

function canBuild(by: Builder): boolean {
  try {
    const image = ask(by, ['build', '-q', '-'], 'FROM scratch\nLABEL mkbase.probe=""\n');
    ask(by, ['rmi', '-f', image]);
    return true;
  } catch {
    return false;
  }
}

const docker = (file: string, buildKit: '0' | '1'): Builder => ({
  ...{ engine: 'docker', file, env: { DOCKER_BUILDKIT: buildKit } },
});

const candidates: Readonly<Record<string, readonly Builder[]>> = {
  "docker's classic builder": [docker('docker', '0')],
  // A client without buildx cannot ask for it; Debian's can, also where another comes first.
  BuildKit: [docker('docker', '1'), docker('/usr/bin/docker', '1')],
  podman: [{ engine: 'podman', file: 'podman', env: {} }],
};

/** Everything that builds Dockerfiles, as far as this machine has it. */
export const builders = Object.entries(candidates).map(([name, known]) => {
  const found = known.find(canBuild);
  const reason = missing(`${name} does not build here`, found !== undefined);
  return { name: reason ? `${name}: left out, ${reason}` : name, builder: found, missing: reason };
});

/** The tars of an image's layers, base first. */
export function layersOf(by: Builder, image: string, folder: string): Buffer[] {
  mkdirSync(folder);
  const archive = join(folder, 'saved.tar');
  ask(by, ['save', '--output', archive, image]);
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    Layers: string[];
  }[];
  return (manifest?.Layers ?? []).map((path) => {
    const bytes = readFileSync(join(folder, path));
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  });
}

/**
 * The diffID that a layer's files have in mkbase's form: what a builder writes of its own into the
 * headers, user names and the type of a file among its mode, is left out; everything else counts.
 */
export async function canonicalDiffId(layer: Buffer): Promise<string> {
  const tar = await tarOf(await entriesOf(layer));
  return `sha256:${createHash('sha256').update(tar).digest('hex')}`;
}
