import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { buildSync } from 'esbuild';
import type { EngineName } from '../../src/engines/engine.ts';
import { hierarchiesHere } from '../../src/engines/namespace/cgroups/hierarchies.ts';
import { findParents } from '../../src/engines/namespace/cgroups/parents.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { temporaryFolder } from './folder.ts';
import { rootfsToolsTar } from './toolchain.ts';

/** One step as plain data, so that another process can run it; see engine-child.ts. */
export interface StepRequest {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly memoryMiB?: number;
  readonly processes?: number;
  readonly seconds?: number;
  readonly outputBytes?: number;
  readonly capabilities?: readonly string[];
  readonly ids?: 'root' | 'range';
  readonly root?: 'builder' | 'own';
  /** Bytes on stdin. */
  readonly input?: Uint8Array;
  /** What goes wrong, besides the step itself. */
  readonly fault?: 'input' | 'consumer' | 'abort-at-first-line';
}

/** What the step printed, or the error. */
export interface StepOutcome {
  readonly stdout?: string;
  readonly log: readonly string[];
  readonly code?: string;
  readonly message?: string;
}

export interface ImageRequest {
  readonly config: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Runs it so often, each run with nothing of the one before; the last one's result counts. */
  readonly times?: number;
}

/** What engine-child.ts reads from its first argument. */
export interface ChildRequest {
  readonly engine: EngineName;
  readonly cacheFolder: string;
  /** A toolchain, and the sha256 of its bytes. */
  readonly tar: string;
  readonly key: string;
  /** What goes into the step. */
  readonly input: string;
  readonly action:
    | { readonly step: Omit<StepRequest, 'input'> }
    | { readonly image: ImageRequest }
    | { readonly sweep: true };
}

/** An engine under test, each of whose actions runs in a process like mkbase's own. */
export interface Subject {
  readonly cacheFolder: string;
  step(request: StepRequest): Promise<StepOutcome>;
  runImage(request: ImageRequest): Promise<Record<string, unknown>>;
  /** What of this subject's own was left and is now removed. */
  removeLeftovers(): Promise<{ kind: string; id: string }[]>;
  /** Names of this subject's containers: others may work with the same engine meanwhile. */
  containers(): string[];
  /** Paths of this subject's own control groups on the namespace engine, the empty ones, too. */
  controlGroups(): Promise<string[]>;
  /** Runs a step, kills mkbase's process with SIGKILL at its first line and waits for its end. */
  killDuring(request: StepRequest): Promise<void>;
  dispose(): Promise<void>;
}

/** Ordinary users, each with a group of the same number. */
export const users = {
  /** Is in no file of the machine. */
  nameless: 60123,
  /** Has an account, and a range of ids from test/machine/prepare. */
  nobody: 65534,
} as const;

function bundleChild(folder: string): string {
  const outfile = join(folder, 'engine-child.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'engine-child.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

interface SubjectSettings {
  /** The user that it runs as; whoever runs the tests when left out. */
  readonly uid?: number | undefined;
  /** What its toolchain has beside the tools. */
  readonly programs?: readonly Entry[];
  /** Command that starts the command. */
  readonly through?: readonly string[];
}

/** Prepares an engine's subject. */
export async function engineSubject(
  engine: EngineName,
  { uid, programs = [], through = [] }: SubjectSettings = {},
): Promise<Subject> {
  const folder = temporaryFolder();
  await chmod(folder, 0o755);
  const cacheFolder = join(folder, 'cache');
  await mkdir(cacheFolder, { mode: 0o700 });
  const home = join(folder, 'home');
  await mkdir(home, { mode: 0o700 });
  if (uid !== undefined) {
    await Promise.all([cacheFolder, home].map((each) => chown(each, uid, uid)));
  }
  const tar = join(folder, 'toolchain.tar');
  const hash = createHash('sha256');
  for await (const chunk of rootfsToolsTar(programs)) {
    hash.update(chunk);
    await appendFile(tar, chunk);
  }
  const key = hash.digest('hex');
  const child = bundleChild(folder);
  const input = join(folder, 'input');
  const common = { engine, cacheFolder, tar, key, input };

  const pids = new Set<string>();
  const isOwn = (name: string) => pids.has(name.split('-')[3] ?? '');

  // As terminals and editors do, it is started with a descriptor too many: one of a folder.
  const forgotten = await open('/', 'r');
  const stray = [...Array<'ignore'>(30).fill('ignore'), forgotten.fd];

  function start(action: ChildRequest['action']) {
    const [file = '', ...before] = [...through, process.execPath, child];
    const started = spawn(file, [...before, JSON.stringify({ ...common, action })], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit', ...stray],
      ...(uid !== undefined && { uid, gid: uid }),
      env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: tmpdir() },
    });
    pids.add(String(started.pid));
    return started as ChildProcessByStdio<null, Readable, null>;
  }

  async function run<T>(action: ChildRequest['action']): Promise<T> {
    const process = start(action);
    let last = '{}';
    for await (const line of createInterface({ input: process.stdout })) last = line;
    return JSON.parse(last) as T;
  }

  return {
    cacheFolder,
    async step({ input: bytes = Buffer.alloc(0), ...step }) {
      await writeFile(input, bytes);
      return run({ step });
    },
    runImage: (image) => run({ image }),
    async removeLeftovers() {
      const removed = await run<{ kind: string; id: string }[]>({ sweep: true });
      return removed.filter(({ id }) => isOwn(id));
    },
    containers() {
      if (engine === 'namespace') return [];
      const args = ['ps', '--all', '--filter', 'label=org.mkbase.run', '--format', '{{.Names}}'];
      return execFileSync(engine, args, { encoding: 'utf8' }).split('\n').filter(isOwn);
    },
    async controlGroups() {
      const parents = await findParents(await hierarchiesHere());
      return parents
        .flatMap(({ folder }) => readdirSync(folder).map((name) => join(folder, name)))
        .filter((path) => isOwn(basename(path)));
    },
    async killDuring({ input: bytes = Buffer.alloc(0), ...step }) {
      await writeFile(input, bytes);
      const process = start({ step });
      const ended = new Promise((resolve) => process.once('exit', resolve));
      for await (const line of createInterface({ input: process.stdout })) {
        if (line.includes('started')) break;
      }
      process.kill('SIGKILL');
      await ended;
    },
    dispose: () => forgotten.close(),
  };
}

/** Whether some process on this machine has that word on its command line. */
export function isRunning(word: string): boolean {
  return readdirSync('/proc').some((name) => {
    const file = `/proc/${name}/cmdline`;
    if (!/^\d+$/.test(name) || !existsSync(file)) return false;
    try {
      return readFileSync(file, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}
