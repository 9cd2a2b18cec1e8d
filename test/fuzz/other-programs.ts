import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../src/base/package-root.ts';

/** Programs that read the same formats: they are asked through one process of Python. */
export type Program = 'tarfile' | 'gnu-tar' | 'gz' | 'xz';

export interface OtherPrograms {
  /** Resolves to what a program reads, or to a text that says why it refuses. */
  ask(program: Program, input: Uint8Array): Promise<unknown>;
  close(): void;
}

let running: OtherPrograms | undefined;

function start(): OtherPrograms {
  const script = join(packageRoot, 'test/fuzz/other-programs.py');
  const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  return {
    async ask(program, input) {
      child.stdin.write(`${program} ${input.length}\n`);
      child.stdin.write(input);
      const [line] = (await once(lines, 'line')) as [string];
      return JSON.parse(line) as unknown;
    },
    close() {
      child.stdin.end();
      running = undefined;
    },
  };
}

/** The running process; started at the first call. */
export function otherPrograms(): OtherPrograms {
  running ??= start();
  return running;
}
