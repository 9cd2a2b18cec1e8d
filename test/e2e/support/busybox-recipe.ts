import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a recipe is asked for beyond the least that works. */
export interface BusyboxOptions {
  /** A shell script that the builder runs in the unpacked archive, before it takes its busybox. */
  readonly build?: string;
  /** Bytes of zeros behind the program in its own file. */
  readonly programBytes?: number;
  /** Lines of a Makefile's worth of files in the archive, by name. */
  readonly archive?: Readonly<Record<string, string>>;
  /** Bytes of zeros beside the program, so that packaging takes a while. */
  readonly imageBytes?: number;
  /** The same in the builder. */
  readonly toolchainBytes?: number;
  /** Makes the builder one that no engine has yet. */
  readonly toolchainMark?: string;
  /** Arguments of the smoke test; the program is busybox itself. */
  readonly test?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Further lines of the recipe. */
  readonly more?: string;
}

const applets = 'cat cp dd env false id kill ls mkdir mknod ln sh sleep tar test true wget yes';

const toolchain = ({ toolchainBytes, toolchainMark = '' }: BusyboxOptions) => `name: busybox
description: A builder of one small package, which compiles nothing.
from:
  debs: { packages: [busybox-static] }
files:
${applets
  .split(' ')
  .map((applet) => `  - { path: /usr/bin/${applet}, symlink: busybox }`)
  .join('\n')}
  - { path: /mark, content: ${JSON.stringify(toolchainMark)} }
${toolchainBytes === undefined ? '' : '  - { path: /zeros, source: zeros }'}
toolchain: { libc: none, cc: ["false"], cxx: ["false"], strip: ["true"] }
`;

function zeros(file: string, bytes: number): void {
  writeFileSync(file, '');
  truncateSync(file, bytes);
}

function archiveInto(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(folder, 'upstream'), { recursive: true });
  for (const [name, text] of Object.entries({ README: 'nothing\n', ...files })) {
    writeFileSync(join(folder, 'upstream', name), text);
  }
  const file = join(folder, 'upstream-1.tar');
  const still = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--format=ustar'];
  execFileSync('tar', ['-cf', file, ...still, '-C', folder, 'upstream']);
  return file;
}

/**
 * Writes a recipe with its own toolchain of one package, so that a whole build takes about a second
 * on any engine, and each of its stages can be made to last. Its image holds busybox. Writing it
 * again with other options changes the recipe in place. Resolves to its folder, for the command line.
 */
export function busyboxRecipe(folder: string, options: BusyboxOptions = {}): string {
  const {
    build = 'true',
    imageBytes,
    toolchainBytes,
    programBytes = 0,
    env = {},
    more = '',
  } = options;
  mkdirSync(join(folder, 'toolchains'), { recursive: true });
  if (imageBytes !== undefined) zeros(join(folder, 'zeros'), imageBytes);
  if (toolchainBytes !== undefined) zeros(join(folder, 'toolchains', 'zeros'), toolchainBytes);
  writeFileSync(join(folder, 'toolchains', 'busybox.yaml'), toolchain(options));
  const archive = archiveInto(folder, options.archive ?? {});
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
  const grow = `dd if=/dev/zero of=zeros bs=1000000 count=${programBytes / 1e6}\ncat zeros >>busybox`;
  const script = `${build}\ncp /usr/bin/busybox busybox\n${programBytes > 0 ? grow : ''}`;
  writeFileSync(
    join(folder, 'recipe.yaml'),
    `name: abuse
from:
  static:
    toolchain: busybox
    archive: { url: "file://${archive}", sha256: ${sha256} }
    env: ${JSON.stringify(env)}
    build: [[sh, -euc, ${JSON.stringify(script)}]]
    programs: { busybox: /busybox }
    strip: false
${imageBytes === undefined ? '' : 'files: [{ path: /zeros, source: zeros }]'}
image: { cmd: [/busybox, echo, hello] }
test:
  - { run: ${JSON.stringify(['/busybox', ...(options.test ?? ['true'])])} }
${more}
`,
  );
  return folder;
}
